//! One packet from the Internet to an interface or to an address outside, decided on what `aws … describe-*` prints.
//!
//! Written from the numbered statements of the semantics only, on [`serde_json::Value`], with no code of the crates
//! it judges: no sets, no lowering, no inventory. What the documents hold and none of the rooms knows makes it
//! abstain: other kinds, and the other forms of the same kinds.

mod access;
mod fields;
mod groups;
mod interfaces;
mod line;
mod lists;
mod policies;
mod routes;
mod services;
mod way;

#[cfg(test)]
mod tests;

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use fields::text;
use groups::Groups;
use services::Service;
use way::Way;

pub use super::verdict::Reached;
use super::verdict::{Packet, Verdict};

/// The resources of all documents of a case.
#[derive(Debug, Default)]
pub struct Estate {
    /// By the key they stand under.
    resources: BTreeMap<&'static str, Vec<Value>>,
    /// Keys that no room knows.
    strange: BTreeSet<String>,
}

/// Who decides: every way of a case, or those that concern what is asked, read once.
#[derive(Debug)]
pub struct Judge {
    ways: Vec<Arc<Way>>,
    front: Option<IpAddr>,
    /// X3: a group that nothing is known behind, and how far its packets get.
    group: Option<(Groups, Verdict)>,
    services: Vec<Service>,
}

impl Estate {
    /// Whether a document may be one of this cloud.
    #[must_use]
    pub fn knows(document: &Value) -> bool {
        match document {
            // Azure's PowerShell prints some of these keys inside a resource.
            Value::Object(members) if members.contains_key("Id") => false,
            Value::Object(members) => {
                let own = |key: &String| KINDS.contains(&key.as_str()) || OTHERWISE.contains(&key.as_str());
                members.keys().any(own) || members.values().any(is_of_aws)
            }
            Value::Array(documents) => documents.iter().any(Self::knows),
            _ => false,
        }
    }

    /// Takes in a document: what one command prints, or several of these merged.
    pub fn read(&mut self, document: &Value) {
        match document {
            Value::Array(members) => members.iter().for_each(|member| self.read(member)),
            Value::Object(members) => {
                for (key, value) in members {
                    self.member(key, value, document);
                }
            }
            _ => drop(self.strange.insert("no resource".to_owned())),
        }
    }

    fn member(&mut self, key: &str, value: &Value, document: &Value) {
        let Some(kind) = KINDS.into_iter().find(|kind| *kind == key) else {
            if !BESIDE.contains(&key) {
                self.strange.insert(key.to_owned());
            }
            return;
        };
        let own = self.resources.entry(kind).or_default();
        match value {
            // W6, P23: some stand beside the id of what they are of.
            Value::Array(_) if ["Entries", "portStates"].contains(&kind) => own.push(document.clone()),
            Value::Array(members) => own.extend(members.iter().cloned()),
            Value::Object(_) => own.push(value.clone()),
            _ => drop(self.strange.insert(format!("{key} without content"))),
        }
    }

    /// Who decides for a target, by its id or its name; `None` when there is no such target, or when the documents
    /// hold something this evaluator does not know.
    #[must_use]
    pub fn judge(&self, target: &str) -> Option<Judge> {
        let ways = self.known_ways()?.into_iter().filter(|it| it.target == target || it.name == target);
        let ways: Vec<Arc<Way>> = ways.collect();
        let services: Vec<Service> =
            self.services().filter(|it| it.names.iter().any(|name| name == target)).collect();
        if !ways.is_empty() || !services.is_empty() {
            return Some(Judge { ways, front: None, group: None, services });
        }
        self.lone_group(target).map(|group| Judge { ways, front: None, group: Some(group), services })
    }

    /// The same for an address as seen from outside.
    #[must_use]
    pub fn judge_front(&self, address: IpAddr) -> Option<Judge> {
        let ways = self.known_ways()?.into_iter().filter(|it| it.fronts.contains(&address)).collect();
        let services = self.services().filter(|it| it.fronts.contains(&address)).collect();
        Some(Judge { ways, front: Some(address), group: None, services })
    }

    /// Who decides for each target by its id, and for each address outside; nobody when it abstains.
    #[must_use]
    pub fn judges(&self) -> (BTreeMap<String, Judge>, BTreeMap<IpAddr, Judge>) {
        let (mut targets, mut fronts) = (BTreeMap::new(), BTreeMap::new());
        for way in self.known_ways().into_iter().flatten() {
            let of = |front| Judge { ways: Vec::new(), front, group: None, services: Vec::new() };
            targets.entry(way.target.clone()).or_insert_with(|| of(None)).ways.push(Arc::clone(&way));
            for front in &way.fronts {
                fronts.entry(*front).or_insert_with(|| of(Some(*front))).ways.push(Arc::clone(&way));
            }
        }
        (targets, fronts)
    }

    fn known_ways(&self) -> Option<Vec<Arc<Way>>> {
        self.strange.is_empty().then(|| self.interface_ways().into_iter().map(Arc::new).collect())
    }

    /// What it does not know, which makes it abstain.
    pub fn strange(&self) -> impl Iterator<Item = &str> {
        self.strange.iter().map(String::as_str)
    }

    fn all(&self, kind: &str) -> &[Value] {
        self.resources.get(kind).map_or(&[], Vec::as_slice)
    }

    /// Whether the input has the kind at all, be it an empty list.
    fn has(&self, kind: &str) -> bool {
        self.resources.contains_key(kind)
    }

    fn find(&self, kind: &str, key: &str, id: &str) -> Option<&Value> {
        self.all(kind).iter().find(|resource| text(resource, key) == Some(id))
    }
}

impl Judge {
    /// How far a packet gets.
    #[must_use]
    pub fn reached(&self, packet: &Packet) -> Reached {
        let mut reached = Reached::NOT;
        if self.front.is_some_and(|front| front.is_ipv6() != packet.source.is_ipv6()) {
            return reached;
        }
        for way in &self.ways {
            let own = way.decide(packet);
            reached.exposed = reached.exposed.better(own.exposed);
            reached.one_way = reached.one_way.better(own.one_way);
        }
        if let Some((group, cap)) = &self.group {
            let admitted =
                way::is_sent(packet).and(group.decide(packet.protocol, packet.source, packet.port));
            reached.exposed = admitted.and(*cap);
        }
        for service in &self.services {
            let admitted = way::is_sent(packet).and(service.decide(packet));
            reached.exposed = reached.exposed.better(admitted);
        }
        reached
    }

    /// Whether it arrives.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Verdict {
        self.reached(packet).arrives()
    }
}

/// A type of CloudFormation, an ARN: documents of this cloud that hold no answer of a command.
fn is_of_aws(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.starts_with("AWS::") || text.starts_with("arn:aws"))
}

/// Keys of answers and of forms of AWS that it does not read.
const OTHERWISE: [&str; 14] = [
    "configurationItems",
    "ConfigurationItems",
    "baseConfigurationItems",
    "BaseConfigurationItems",
    "resourceIdentifiers",
    "DBInstances",
    "DBClusters",
    "DBSubnetGroups",
    "Clusters",
    "ClusterSubnetGroups",
    "LoadBalancers",
    "LoadBalancerDescriptions",
    "TargetGroups",
    "relationalDatabases",
];

/// What it knows.
const KINDS: [&str; 24] = [
    "SecurityGroups",
    "SecurityGroupRules",
    "NetworkAcls",
    "NetworkInterfaces",
    "Reservations",
    "Subnets",
    "Vpcs",
    "RouteTables",
    "InternetGateways",
    "EgressOnlyInternetGateways",
    "NatGateways",
    "Addresses",
    "PrefixLists",
    "Entries",
    "VpcBlockPublicAccessOptions",
    "VpcBlockPublicAccessExclusions",
    "SecurityGroupVpcAssociations",
    "Regions",
    "cluster",
    "DomainStatus",
    "DomainStatusList",
    "instances",
    "instance",
    "portStates",
];

/// What says nothing of itself.
const BESIDE: [&str; 3] = ["PrefixListId", "ResponseMetadata", "instanceName"];
