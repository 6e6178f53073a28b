//! Services with a default action and a list of addresses (P6 to P9).

use serde_json::Value;

use super::super::Estate;
use super::super::fields::{field, members, same, text};
use super::super::verdict::Verdict;
use super::super::way::Way;
use super::clients::{Clients, Interval};
use super::{Access, endpoint};

impl Estate {
    pub(super) fn listed_ways(&self) -> Vec<Way> {
        let mut ways = Vec::new();
        for account in self.all("microsoft.storage/storageaccounts") {
            let lists = ["networkAcls", "networkRuleSet"];
            let clients = Access::of(account).over(by_default_action(first_of(account, &lists)));
            let secure = first_of(account, &["supportsHttpsTrafficOnly", "enableHttpsTrafficOnly"]);
            let ports: &[u16] = if secure == Some(&Value::Bool(false)) { &[80, 443] } else { &[443] };
            ways.extend(endpoint(account, ports, clients));
        }
        for kind in ["microsoft.keyvault/vaults", "microsoft.cognitiveservices/accounts"] {
            for resource in self.all(kind) {
                let list = by_default_action(field(resource, "networkAcls"));
                let untold = field(resource, "networkAcls").is_none() && !super::is_full(resource);
                let list = if untold { Clients::Doubted(Box::new(list)) } else { list };
                ways.extend(endpoint(resource, &[443], Access::of(resource).over(list)));
            }
        }
        for registry in self.all("microsoft.containerregistry/registries") {
            let list = match tier(registry) {
                Some(tier) if same(tier, "Premium") => by_default_action(field(registry, "networkRuleSet")),
                Some(_) => Clients::Always(Verdict::Allow),
                None => Clients::Always(Verdict::Undecided),
            };
            ways.extend(endpoint(registry, &[443], Access::of(registry).over(list)));
        }
        for kind in ["microsoft.eventhub/namespaces", "microsoft.servicebus/namespaces"] {
            let namespaces = self.all(kind).iter();
            ways.extend(namespaces.filter_map(|namespace| self.namespace_way(kind, namespace)));
        }
        for account in self.all("microsoft.documentdb/databaseaccounts") {
            ways.extend(endpoint(account, &[443], Access::of(account).over(by_ip_rules(account))));
        }
        let clusters = self.all("microsoft.containerservice/managedclusters").iter();
        ways.extend(clusters.filter_map(|cluster| endpoint(cluster, &[443], authorised(cluster))));
        ways
    }

    /// P7: a default action of Deny acts only when there is a rule.
    fn namespace_way(&self, kind: &str, namespace: &Value) -> Option<Way> {
        let tier = tier(namespace);
        let hubs = kind.starts_with("microsoft.eventhub");
        let without = if hubs {
            tier.is_some_and(|it| same(it, "Basic"))
        } else {
            tier.is_some_and(|it| !same(it, "Premium"))
        };
        let set = self.children(&format!("{kind}/networkrulesets"), namespace).next();
        // A disabled access wins over everything, wherever it is told.
        if set.is_some_and(|set| Access::of(set) == Access::Disabled) {
            return endpoint(namespace, &PORTS, Clients::Always(Verdict::Deny));
        }
        let list = match set {
            _ if without => Clients::Always(Verdict::Allow),
            None => Clients::Always(Verdict::Undecided),
            Some(set) => {
                let rules = ["ipRules", "virtualNetworkRules"];
                let some = rules.iter().any(|list| members(set, list).next().is_some());
                let listed =
                    if some { by_default_action(Some(set)) } else { Clients::Always(Verdict::Allow) };
                if Access::of(set) == Access::Elsewhere {
                    Clients::Always(Verdict::Undecided)
                } else {
                    listed
                }
            }
        };
        let clients = Access::of(namespace).over(list);
        endpoint(namespace, &PORTS, clients)
    }
}

fn first_of<'a>(resource: &'a Value, names: &[&str]) -> Option<&'a Value> {
    names.iter().find_map(|name| field(resource, name))
}

fn tier(resource: &Value) -> Option<&str> {
    let sku = field(resource, "sku")?;
    text(sku, "tier").or_else(|| text(sku, "name"))
}

/// P6: without a list, or with Allow, everybody, whatever the list holds.
fn by_default_action(list: Option<&Value>) -> Clients {
    let Some(list) = list else { return Clients::Always(Verdict::Allow) };
    match field(list, "defaultAction").map(|it| it.as_str().unwrap_or_default()) {
        None => return Clients::Always(Verdict::Allow),
        Some(action) if same(action, "Allow") => return Clients::Always(Verdict::Allow),
        Some(action) if same(action, "Deny") => {}
        Some(_) => return Clients::Always(Verdict::Undecided),
    }
    Clients::union_of(members(list, "ipRules").map(listed))
}

fn listed(rule: &Value) -> Option<Interval> {
    let names = ["value", "ipAddressOrRange", "ipMask", "addressRange"];
    let stated = rule.as_str().or_else(|| names.into_iter().find_map(|name| text(rule, name)));
    Interval::of(stated?)
}

/// P8: nothing given is everybody.
fn by_ip_rules(account: &Value) -> Clients {
    let filter = text(account, "ipRangeFilter").unwrap_or_default();
    let mut stated: Vec<&str> = filter.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
    stated.extend(members(account, "ipRules").filter_map(|rule| text(rule, "ipAddressOrRange")));
    if stated.is_empty() {
        let filtered = match field(account, "isVirtualNetworkFilterEnabled") {
            Some(Value::Bool(true)) => Verdict::Deny,
            Some(Value::Bool(false)) | None => Verdict::Allow,
            Some(_) => Verdict::Undecided,
        };
        return Clients::Always(filtered);
    }
    // Azure's own datacentres, other customers' included, and not one address.
    Clients::union_of(stated.into_iter().map(|it| if it == "0.0.0.0" { None } else { Interval::of(it) }))
}

/// P9.
fn authorised(cluster: &Value) -> Clients {
    let profile = field(cluster, "apiServerAccessProfile");
    let private = profile.and_then(|it| field(it, "enablePrivateCluster"));
    if private == Some(&Value::Bool(true)) {
        return Clients::Always(Verdict::Deny);
    }
    let ranges: Vec<&Value> =
        profile.map(|it| members(it, "authorizedIPRanges").collect()).unwrap_or_default();
    if ranges.is_empty() {
        return Clients::Always(Verdict::Allow);
    }
    Clients::union_of(ranges.into_iter().map(|it| Interval::of(it.as_str()?)))
}

const PORTS: [u16; 4] = [443, 5671, 5672, 9093];
