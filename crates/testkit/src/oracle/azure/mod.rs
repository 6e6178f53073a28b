//! One packet from the Internet to a target or to an address outside, decided on the JSON that clients print.
//!
//! Written from the numbered statements of the semantics only, on [`serde_json::Value`], with no code of the crates
//! it judges: no sets, no lowering, no inventory. What the documents hold and none of the rooms knows makes it
//! abstain. It knows no service-tag files.

mod addresses;
mod admin;
mod balancers;
mod fields;
mod firewall;
mod gateways;
mod groups;
mod places;
mod replies;
mod services;
mod station;
mod way;

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::verdict;
use fields::{field, same, text};
pub use verdict::{Packet, Verdict};
use way::Way;

/// The resources of all documents of a case.
#[derive(Debug, Default)]
pub struct Estate {
    /// By kind in lower case, that of the network without its provider.
    resources: BTreeMap<String, Vec<Value>>,
    /// Kinds that no room knows.
    strange: BTreeSet<String>,
}

/// Who decides: every way of a case, or those that concern what is asked, read once.
#[derive(Debug)]
pub struct Judge {
    ways: Vec<Way>,
    at_front: bool,
}

impl Estate {
    /// Takes in a document: an array of resources, one resource, or something it has no opinion on.
    pub fn read(&mut self, document: &Value) {
        match document {
            Value::Array(members) => members.iter().for_each(|member| self.read(member)),
            Value::Object(_) if field(document, "value").is_some_and(Value::is_array) => {
                self.read(field(document, "value").unwrap_or(&Value::Null));
            }
            Value::Object(_) => self.resource(document),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                self.strange.insert("no resource".to_owned());
            }
        }
    }

    fn resource(&mut self, resource: &Value) {
        let kind = kind_of(text(resource, "id").unwrap_or_default());
        if is_spelled_otherwise(resource) {
            self.strange.insert("another spelling".to_owned());
        } else if !KINDS.contains(&&*kind) {
            self.strange.insert(kind.clone());
        }
        self.resources.entry(kind).or_default().push(resource.clone());
    }

    /// Who decides for a target, by its name; `None` when there is no such target, or when the documents hold
    /// something this evaluator does not know.
    #[must_use]
    pub fn judge(&self, target: &str) -> Option<Judge> {
        if !self.strange.is_empty() || !self.targets().contains(target) {
            return None;
        }
        let ways = self.ways().into_iter().filter(|way| way.target == target).collect();
        Some(Judge { ways, at_front: false })
    }

    /// The same for an address as seen from outside.
    #[must_use]
    pub fn judge_front(&self, address: IpAddr) -> Option<Judge> {
        if !self.strange.is_empty() {
            return None;
        }
        let ways = self.ways().into_iter().filter(|way| way.front == Some(address)).collect();
        Some(Judge { ways, at_front: true })
    }

    /// The kinds that it does not know, which make it abstain.
    pub fn strange(&self) -> impl Iterator<Item = &str> {
        self.strange.iter().map(String::as_str)
    }

    /// The names of everything that it can be asked about. The management site of a site is a target of its own.
    #[must_use]
    pub fn targets(&self) -> BTreeSet<String> {
        let named = TARGETS.iter().flat_map(|kind| self.all(kind)).filter_map(|it| text(it, "name"));
        let sites = self.all("microsoft.web/sites").iter().filter_map(|site| text(site, "name"));
        let management = sites.map(|name| format!("{name}.scm"));
        named.map(str::to_owned).chain(management).collect()
    }

    fn ways(&self) -> Vec<Way> {
        let mut ways = self.interface_ways();
        ways.extend(self.gateway_ways());
        ways.extend(self.service_ways());
        ways
    }

    /// The resources of a kind.
    fn all(&self, kind: &str) -> &[Value] {
        self.resources.get(kind).map_or(&[], Vec::as_slice)
    }

    fn find(&self, kind: &str, id: &str) -> Option<&Value> {
        self.all(kind).iter().find(|resource| text(resource, "id").is_some_and(|it| same(it, id)))
    }
}

impl Judge {
    /// Decides a packet. It is sent to the port of the target, or to that of the front where a front is asked.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Verdict {
        if !addresses::is_internet(packet.source) || ![1, 6, 17, 50, 51].contains(&packet.protocol) {
            return Verdict::Deny;
        }
        let mut verdict = Verdict::Deny;
        for way in &self.ways {
            verdict = verdict.better(if self.at_front { way.front(packet) } else { way.target(packet) });
        }
        verdict
    }
}

/// `microsoft.sql/servers/firewallrules`, in lower case; of the network only `loadbalancers`.
fn kind_of(id: &str) -> String {
    let id = id.to_ascii_lowercase();
    let Some((_, below)) = id.rsplit_once("/providers/") else { return String::new() };
    let mut words = below.split('/');
    let provider = words.next().unwrap_or_default();
    let kinds: Vec<&str> = words.step_by(2).collect();
    let kind = format!("{provider}/{}", kinds.join("/"));
    kind.strip_prefix("microsoft.network/").map_or(kind.clone(), str::to_owned)
}

/// What it knows. NAT gateways lead nobody in (AP7), private endpoints and rules of virtual networks neither (AP11, P1).
const KINDS: [&str; 59] = [
    "networksecuritygroups",
    "networkinterfaces",
    "virtualnetworks",
    "publicipaddresses",
    "routetables",
    "applicationsecuritygroups",
    "microsoft.compute/virtualmachines",
    "loadbalancers",
    "microsoft.compute/virtualmachinescalesets",
    "applicationgateways",
    "azurefirewalls",
    "firewallpolicies",
    "firewallpolicies/rulecollectiongroups",
    "ipgroups",
    "bastionhosts",
    "virtualnetworkgateways",
    "natgateways",
    "privateendpoints",
    "publicipprefixes",
    "microsoft.sql/servers/virtualnetworkrules",
    "microsoft.sql/servers/outboundfirewallrules",
    "microsoft.dbformariadb/servers/virtualnetworkrules",
    "applicationgatewaywebapplicationfirewallpolicies",
    "networkmanagers",
    "networkmanagers/networkgroups",
    "networkmanagers/networkgroups/staticmembers",
    "networkmanagers/securityadminconfigurations",
    "networkmanagers/securityadminconfigurations/rulecollections",
    "networkmanagers/securityadminconfigurations/rulecollections/rules",
    "microsoft.sql/servers",
    "microsoft.sql/servers/firewallrules",
    "microsoft.sql/servers/ipv6firewallrules",
    "microsoft.sql/managedinstances",
    "microsoft.dbforpostgresql/servers",
    "microsoft.dbforpostgresql/servers/firewallrules",
    "microsoft.dbforpostgresql/flexibleservers",
    "microsoft.dbforpostgresql/flexibleservers/firewallrules",
    "microsoft.dbformysql/servers",
    "microsoft.dbformysql/servers/firewallrules",
    "microsoft.dbformysql/flexibleservers",
    "microsoft.dbformysql/flexibleservers/firewallrules",
    "microsoft.dbformariadb/servers",
    "microsoft.dbformariadb/servers/firewallrules",
    "microsoft.synapse/workspaces",
    "microsoft.synapse/workspaces/firewallrules",
    "microsoft.cache/redis",
    "microsoft.cache/redis/firewallrules",
    "microsoft.storage/storageaccounts",
    "microsoft.keyvault/vaults",
    "microsoft.cognitiveservices/accounts",
    "microsoft.containerregistry/registries",
    "microsoft.eventhub/namespaces",
    "microsoft.eventhub/namespaces/networkrulesets",
    "microsoft.servicebus/namespaces",
    "microsoft.servicebus/namespaces/networkrulesets",
    "microsoft.documentdb/databaseaccounts",
    "microsoft.containerservice/managedclusters",
    "microsoft.web/sites",
    "microsoft.web/sites/config",
];

/// What can be reached.
const TARGETS: [&str; 23] = [
    "networkinterfaces",
    "microsoft.compute/virtualmachinescalesets",
    "applicationgateways",
    "bastionhosts",
    "virtualnetworkgateways",
    "microsoft.sql/servers",
    "microsoft.sql/managedinstances",
    "microsoft.dbforpostgresql/servers",
    "microsoft.dbforpostgresql/flexibleservers",
    "microsoft.dbformysql/servers",
    "microsoft.dbformysql/flexibleservers",
    "microsoft.dbformariadb/servers",
    "microsoft.synapse/workspaces",
    "microsoft.cache/redis",
    "microsoft.storage/storageaccounts",
    "microsoft.keyvault/vaults",
    "microsoft.cognitiveservices/accounts",
    "microsoft.containerregistry/registries",
    "microsoft.eventhub/namespaces",
    "microsoft.servicebus/namespaces",
    "microsoft.documentdb/databaseaccounts",
    "microsoft.containerservice/managedclusters",
    "microsoft.web/sites",
];

/// PowerShell's spelling, and names without content: this evaluator reads what `az` and REST print.
fn is_spelled_otherwise(resource: &Value) -> bool {
    let has_capitals = resource.get("Id").is_some() || resource.get("ResourceGroupName").is_some();
    has_capitals || resource.get("properties").is_some_and(Value::is_null)
}
