//! One packet from the Internet to an interface or to an address outside, decided on what Google's APIs print.
//!
//! Written from the numbered statements of the semantics only, on [`serde_json::Value`], with no code of the crates
//! it judges: no sets, no lowering, no inventory. What the documents hold and none of the rooms knows makes it
//! abstain: proxies, services, and what is only told of by effective firewalls.

mod balancers;
mod effective;
mod fields;
mod interfaces;
mod line;
mod lone;
mod places;
mod policies;
mod routes;
mod rules;
mod way;

#[cfg(test)]
mod tests;

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use fields::{after, members, path, text};
use lone::Lone;
use places::ASSET;
use way::Door;

pub use super::verdict::Reached;
use super::verdict::{Packet, Verdict};

/// The resources of all documents of a case.
#[derive(Debug, Default)]
pub struct Estate {
    /// By the collection they stand in.
    resources: BTreeMap<&'static str, Vec<Value>>,
    /// What holds a project, the nearest first, where assets tell it.
    ancestries: BTreeMap<String, Vec<String>>,
    /// What no room knows.
    strange: BTreeSet<String>,
}

/// Who decides: every door of a case, or those that concern what is asked, read once.
#[derive(Debug)]
pub struct Judge {
    doors: Vec<Arc<Door>>,
    front: Option<IpAddr>,
    /// A network that no machine is in.
    lone: Option<Lone>,
}

impl Estate {
    /// Whether a document may be one of this cloud.
    #[must_use]
    pub fn knows(document: &Value) -> bool {
        match document {
            Value::Object(members) => {
                let says =
                    |key: &str, start: &str| text(document, key).is_some_and(|it| it.starts_with(start));
                let starts = [
                    ("kind", "compute#"),
                    ("kind", "sql#"),
                    ("selfLink", "https://"),
                    ("name", "folders/"),
                    ("name", "organizations/"),
                    ("name", "projects/"),
                    ("name", "apps/"),
                    ("name", "//"),
                    ("parent", "//"),
                ];
                let keys = [
                    "projectId",
                    "assetType",
                    "resourceType",
                    "effectiveFirewalls",
                    "masterAuthorizedNetworksConfig",
                ];
                starts.iter().any(|(key, start)| says(key, start))
                    || keys.iter().any(|key| members.contains_key(*key))
                    || ["items", "assets", "results", "resource", "asset"].iter().any(|key| {
                        members.get(*key).is_some_and(|it| match it {
                            Value::Object(scopes) => {
                                Self::knows(it)
                                    || scopes
                                        .values()
                                        .flat_map(Value::as_object)
                                        .any(|scope| scope.values().any(Self::knows))
                            }
                            _ => Self::knows(it),
                        })
                    })
            }
            Value::Array(documents) => documents.iter().any(Self::knows),
            _ => false,
        }
    }

    /// Takes in a document: a list of resources, an answer of the API, an asset.
    pub fn read(&mut self, document: &Value) {
        match document {
            Value::Array(members) => members.iter().for_each(|member| self.read(member)),
            Value::Object(_) => self.object(document),
            _ => drop(self.strange.insert("no resource".to_owned())),
        }
    }

    fn object(&mut self, object: &Value) {
        if let Some(token) =
            ["nextPageToken", "warning", "unreachables"].iter().find(|it| object.get(**it).is_some())
        {
            self.strange.insert(format!("an answer with {token}"));
        }
        if let Some(listed) = object.get("resource").and_then(|it| it.get("data")) {
            return self.asset(object, listed);
        }
        if object.get("assetType").is_some() {
            self.strange.insert("an asset without what it says".to_owned());
            return;
        }
        if object.get("instanceGroup").is_some() && object.get("items").is_some() {
            self.resources.entry("instanceGroupMembers").or_default().push(object.clone());
            return;
        }
        match object.get("items") {
            Some(Value::Array(_))
                if after(text(object, "name").unwrap_or_default(), "addressGroups").is_none() =>
            {
                return members(object, "items").for_each(|it| self.read(it));
            }
            Some(Value::Object(scopes)) => {
                let lists = scopes.values().filter_map(Value::as_object);
                return lists
                    .flat_map(|it| it.values())
                    .filter(|it| it.is_array())
                    .for_each(|it| self.read(it));
            }
            _ => {}
        }
        self.resource(object.clone());
    }

    /// An asset: who holds it stands beside what it says.
    fn asset(&mut self, asset: &Value, data: &Value) {
        let name = text(asset, "name").unwrap_or_default();
        let mut resource = data.clone();
        resource[ASSET] = name.into();
        let above: Vec<String> =
            members(asset, "ancestors").filter_map(Value::as_str).map(str::to_owned).collect();
        if let Some(project) = after(&path(name), "projects").filter(|_| !above.is_empty()) {
            let number = above.iter().find_map(|it| it.strip_prefix("projects/"));
            if let Some(number) = number.filter(|number| *number != project) {
                let alias = serde_json::json!({"projectId": project, "projectNumber": number});
                self.resources.entry("projects").or_default().push(alias);
            }
            self.ancestries.insert(project.to_owned(), above);
        }
        self.resource(resource);
    }

    fn resource(&mut self, resource: Value) {
        match kind(&resource) {
            // Proxies it does not follow.
            Some("forwardingRules") if is_proxied(&resource) => {
                self.strange.insert("a proxy".to_owned());
            }
            Some(kind) => {
                let own = self.resources.entry(kind).or_default();
                own.retain(|known| {
                    text(known, "selfLink").is_none_or(|it| Some(it) != text(&resource, "selfLink"))
                });
                own.push(resource);
            }
            None => {
                let word =
                    ["kind", "assetType", "selfLink", "name"].iter().find_map(|key| text(&resource, key));
                self.strange.insert(word.unwrap_or("an object").to_owned());
            }
        }
    }

    /// Who decides for a target, by its id or its name; `None` when there is no such target, or when the documents
    /// hold something this evaluator does not know.
    #[must_use]
    pub fn judge(&self, target: &str) -> Option<Judge> {
        let doors = self.doors()?.into_iter();
        let doors: Vec<_> =
            doors.filter(|it| it.interface.id == target || it.interface.name == target).collect();
        if !doors.is_empty() {
            return Some(Judge { doors, front: None, lone: None });
        }
        let lone = self.lone_networks(&self.interfaces()).into_iter();
        let lone = lone.into_iter().find(|it| it.id == target || it.name == target)?;
        Some(Judge { doors, front: None, lone: Some(lone) })
    }

    /// The same for an address as seen from outside.
    #[must_use]
    pub fn judge_front(&self, address: IpAddr) -> Option<Judge> {
        let doors = self.doors()?.into_iter();
        let leads = |door: &Arc<Door>| door.ways.iter().any(|way| way.fronts.contains(&address));
        Some(Judge { doors: doors.filter(leads).collect(), front: Some(address), lone: None })
    }

    /// Who decides for each target by its id, and for each address outside; nobody when it abstains.
    #[must_use]
    pub fn judges(&self) -> (BTreeMap<String, Judge>, BTreeMap<IpAddr, Judge>) {
        let (mut targets, mut fronts) = (BTreeMap::new(), BTreeMap::new());
        for door in self.doors().into_iter().flatten() {
            for front in door.ways.iter().flat_map(|way| &way.fronts) {
                let judge = fronts.entry(*front).or_insert_with(|| Judge {
                    doors: Vec::new(),
                    front: Some(*front),
                    lone: None,
                });
                judge.doors.push(Arc::clone(&door));
            }
            targets.insert(door.interface.id.clone(), Judge { doors: vec![door], front: None, lone: None });
        }
        (targets, fronts)
    }

    /// The same for each network that no machine is in, by its id.
    #[must_use]
    pub fn network_judges(&self) -> BTreeMap<String, Judge> {
        let lone = if self.strange.is_empty() { self.lone_networks(&self.interfaces()) } else { Vec::new() };
        let judge =
            |lone: Lone| (lone.id.clone(), Judge { doors: Vec::new(), front: None, lone: Some(lone) });
        lone.into_iter().map(judge).collect()
    }

    fn doors(&self) -> Option<Vec<Arc<Door>>> {
        self.strange.is_empty().then(|| {
            let door = |interface| {
                Arc::new(Door {
                    ways: [vec![self.direct(&interface)], self.forwarded(&interface)].concat(),
                    stages: self.stages(&interface),
                    routes: self.routes(&interface),
                    interface,
                })
            };
            self.interfaces().into_iter().map(door).collect()
        })
    }

    /// What it does not know, which makes it abstain.
    pub fn strange(&self) -> impl Iterator<Item = &str> {
        self.strange.iter().map(String::as_str)
    }

    fn all(&self, kind: &str) -> &[Value] {
        self.resources.get(kind).map_or(&[], Vec::as_slice)
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
        let doors = self.doors.iter().map(|door| door.reached(packet, self.front));
        for own in doors.chain(self.lone.as_ref().map(|lone| lone.reached(packet))) {
            reached.exposed = reached.exposed.better(own.exposed);
            reached.one_way = reached.one_way.better(own.one_way);
        }
        reached
    }

    /// Whether it arrives.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Verdict {
        self.reached(packet).arrives()
    }
}

/// Whether a forwarding rule leads to something that speaks to clients itself.
fn is_proxied(rule: &Value) -> bool {
    let link =
        ["target", "backendService"].iter().find_map(|key| text(rule, key)).map(path).unwrap_or_default();
    let passed = ["targetInstances", "targetPools", "backendServices"];
    !passed.iter().any(|word| after(&link, word).is_some())
        || text(rule, "loadBalancingScheme").is_some_and(|it| it != "EXTERNAL" && it != "INTERNAL")
}

/// The collection of a resource: by what it says it is, by its link, by its name, by what it has.
fn kind(resource: &Value) -> Option<&'static str> {
    let named = |collection: &str| KINDS.into_iter().find(|known| *known == collection);
    let of_path = |reference: &str| {
        let path = path(reference);
        named(path.rsplit('/').nth(1)?)
    };
    if let Some(word) = text(resource, "kind").and_then(|it| it.strip_prefix("compute#")) {
        let plural = word.strip_suffix('y').map_or_else(|| format!("{word}s"), |stem| format!("{stem}ies"));
        return named(&plural);
    }
    let by_link = text(resource, "selfLink").and_then(of_path);
    let by_name = || ["name", ASSET].iter().find_map(|key| of_path(text(resource, key)?));
    let by_keys = || match (resource.get("projectId"), resource.get("tagValue")) {
        (Some(_), _) => Some("projects"),
        (_, Some(_)) => Some("tagBindings"),
        (None, None) => None,
    };
    by_keys().or(by_link).or_else(by_name)
}

/// What it knows.
const KINDS: [&str; 17] = [
    "organizations",
    "folders",
    "projects",
    "networks",
    "subnetworks",
    "firewalls",
    "firewallPolicies",
    "addressGroups",
    "tagBindings",
    "instances",
    "routes",
    "forwardingRules",
    "targetInstances",
    "targetPools",
    "backendServices",
    "instanceGroups",
    "instanceGroupMembers",
];
