//! Instances: made, started, tagged, given a service account or an external address.
//!
//! An external address that Google picks stands in no entry: the interface has a front without an address.

use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::{Cause, Node, Tree};
use model::Effect;

use crate::replay::EVERY;

use super::super::body::{has, node_of, set, set_default, word};
use super::super::call::{Call, Told};
use super::super::part::{object, part, text};
use super::plain::Edits;

pub(in super::super) fn insert(call: &Call, told: &mut Told<'_>) -> Edits {
    if !has(&call.request, INTERFACES) {
        let sentence = "the instance is made of a template, and the entry does not have its interfaces: add an export of \
                        today";
        told.tell("unsaid-change", Effect::Narrowed, sentence);
    }
    let mut node = call.whole();
    set_default(&mut node, "status", word("RUNNING"));
    if let Some(Tree::List(interfaces)) = node.own_mut(INTERFACES) {
        for (number, one) in interfaces.iter_mut().enumerate() {
            if let Tree::Object(one) = one {
                interface(one, number, call);
            }
        }
    }
    let mut edits = vec![call.edit(Act::Put(node))];
    edits.extend(bindings(call));
    edits
}

/// An interface as exports have it: with its name, and an address that is told when it is made.
fn interface(node: &mut Node<'static>, number: usize, call: &Call) {
    set(node, "kind", word("compute#networkInterface"));
    set_default(node, "name", word(format!("nic{number}")));
    set_default(node, "networkIP", Tree::unknown(Cause::Computed, ""));
    if !has(node, "network") && !has(node, "subnetwork") {
        let project = call.project().unwrap_or_default();
        set(node, "network", word(format!("projects/{project}/global/networks/default")));
    }
    if let Some(Tree::List(configs)) = node.own_mut("accessConfigs") {
        for config in configs {
            if let Tree::Object(config) = config {
                set_default(config, "name", word(DEFAULT_NAME));
            }
        }
    }
}

/// Secure tags that an instance is made with.
fn bindings(call: &Call) -> Vec<Edit> {
    let number =
        call.number.clone().or_else(|| super::super::envelope::made(call.response.as_ref(), "targetId"));
    let tags = part(&call.request, "params").and_then(|params| object(params, "resourceManagerTags"));
    let (Some(number), Some(tags)) = (number, tags) else { return Vec::new() };
    let zone = call.path.rsplit_once('/').map_or("", |(zone, _)| zone);
    let values = tags.entries().iter().filter_map(|(_, value)| match value {
        Tree::Text(value) => Some(value.to_string()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    });
    values.map(|value| super::tag::bound(call, &format!("{zone}/{number}"), &value)).collect()
}

/// Instances of `bulkInsert` have no entries of their own.
pub(in super::super) fn bulk_insert(_call: &Call, told: &mut Told<'_>) -> Edits {
    let sentence = "it makes instances whose names are not in the entry: add an export of today";
    told.tell("unsaid-change", Effect::Narrowed, sentence);
    Vec::new()
}

/// A full update: what decides is replaced, interfaces only where the request has some.
pub(in super::super) fn update(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut delta = Node::default();
    for key in ["tags", "serviceAccounts", INTERFACES] {
        if let Some(value) = call.request.own(key) {
            delta.push(key.into(), value.clone());
        }
    }
    if delta.entries().is_empty() { Vec::new() } else { vec![call.edit(Act::Merge(delta))] }
}

/// The tags of the request are all the instance has; a request without any takes them away.
pub(in super::super) fn set_tags(call: &Call, _told: &mut Told<'_>) -> Edits {
    let listed = ["tags", "items"].iter().find_map(|key| call.request.own(key));
    let items = match listed {
        Some(Tree::List(items)) => items.clone(),
        Some(Tree::Object(inner)) => match inner.own("items") {
            Some(Tree::List(items)) => items.clone(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    vec![call.sets(Spot::of(&["tags", "items"]), Tree::List(items))]
}

pub(in super::super) fn set_service_account(call: &Call, _told: &mut Told<'_>) -> Edits {
    let own = call.text("email").map(|email| Tree::Object(node_of(vec![("email", word(email))])));
    vec![call.sets(Spot::of(&["serviceAccounts"]), Tree::List(own.into_iter().collect()))]
}

/// The interface that a request is about. A query has its name, which entries may lack.
fn named_interface(call: &Call, told: &mut Told<'_>) -> Spot {
    let name = call.text("networkInterface").unwrap_or_else(|| {
        let sentence = "`networkInterface` is not in the entry: the first interface is taken; where the instance has \
                        several, add an export of today";
        told.tell("missing-field", Effect::Undecided, sentence);
        "nic0"
    });
    Spot::of(&[INTERFACES]).item("name", name)
}

pub(in super::super) fn add_access_config(call: &Call, told: &mut Told<'_>) -> Edits {
    let mut config = config(call);
    set_default(&mut config, "name", word(DEFAULT_NAME));
    let is_v6 = text(&config, "type").is_some_and(|kind| kind == "DIRECT_IPV6");
    set_default(&mut config, "type", word("ONE_TO_ONE_NAT"));
    let list = if is_v6 { "ipv6AccessConfigs" } else { "accessConfigs" };
    let into = named_interface(call, told).key(list);
    vec![call.edit(Act::Insert { into, items: vec![Tree::Object(config)], by: vec!["name".into()] })]
}

fn config(call: &Call) -> Node<'static> {
    let mut config = call.request.clone();
    for key in ["networkInterface", "instance", "zone", "project", "requestId"] {
        config.take_out(key);
    }
    config
}

/// An interface has one external address of IPv4: without a name, that.
pub(in super::super) fn delete_access_config(call: &Call, told: &mut Told<'_>) -> Edits {
    let interface = named_interface(call, told);
    let name = ["accessConfig", "accessConfigName", "name"].iter().find_map(|key| call.text(key));
    match name {
        // The name does not say of which family it is.
        Some(name) => ["accessConfigs", "ipv6AccessConfigs"]
            .map(|list| {
                let from = interface.clone().key(list);
                call.edit(Act::Remove { from, items: vec![Call::pattern("name", name)] })
            })
            .into(),
        None => vec![call.sets(interface.key("accessConfigs"), Tree::List(Vec::new()))],
    }
}

pub(in super::super) fn update_access_config(call: &Call, told: &mut Told<'_>) -> Edits {
    let config = config(call);
    let name = text(&config, "name").unwrap_or(DEFAULT_NAME).to_owned();
    let item = named_interface(call, told).key("accessConfigs").item("name", &name);
    let changed = config.entries().iter().filter(|(key, _)| !key.eq_ignore_ascii_case("name"));
    changed.map(|(key, value)| call.sets(item.clone().key(key), value.clone())).collect()
}

pub(in super::super) fn update_interface(call: &Call, told: &mut Told<'_>) -> Edits {
    let interface = match call.text("name") {
        Some(name) => Spot::of(&[INTERFACES]).item("name", name),
        None => named_interface(call, told),
    };
    let left_out = ["name", "networkInterface", "instance", "zone", "project", "kind", "requestId"];
    let changed = call.request.entries().iter().filter(|(key, _)| !left_out.contains(&&**key));
    changed.map(|(key, value)| call.sets(interface.clone().key(key), value.clone())).collect()
}

/// An interface that is added to an instance which exists.
pub(in super::super) fn add_interface(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.request.clone();
    let name = text(&node, "name").map_or_else(|| "nic1".to_owned(), str::to_owned);
    interface(&mut node, 0, call);
    set(&mut node, "name", word(name));
    let into = Spot::of(&[INTERFACES]);
    vec![call.edit(Act::Insert { into, items: vec![Tree::Object(node)], by: vec!["name".into()] })]
}

/// A dynamic interface goes, with its addresses.
pub(in super::super) fn delete_interface(call: &Call, told: &mut Told<'_>) -> Edits {
    let name = ["networkInterfaceName", "networkInterface", "name"].iter().find_map(|key| call.text(key));
    let Some(name) = name else {
        told.missing("networkInterfaceName", "which interface is gone is not known");
        return Vec::new();
    };
    let from = Spot::of(&[INTERFACES]);
    vec![call.edit(Act::Remove { from, items: vec![Call::pattern("name", name)] })]
}

/// The policy that filters packets to external addresses, for the interfaces that the request names.
pub(in super::super) fn set_security_policy(call: &Call, told: &mut Told<'_>) -> Edits {
    let policy = call.request.own("securityPolicy").cloned().unwrap_or(Tree::Null);
    let named = super::super::part::items(&call.request, INTERFACES);
    let names: Vec<String> = named
        .iter()
        .filter_map(|name| match name {
            Tree::Text(name) => Some(name.to_string()),
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
        })
        .collect();
    if names.is_empty() {
        told.missing(INTERFACES, "which interfaces the policy filters is not known");
    }
    let of = |name: &String, list: &str| {
        let every = Spot::of(&[INTERFACES]).item("name", name).key(list).item("name", EVERY);
        call.sets(every.key("securityPolicy"), policy.clone())
    };
    names.iter().flat_map(|name| ["accessConfigs", "ipv6AccessConfigs"].map(|list| of(name, list))).collect()
}

pub(in super::super) fn started(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![call.sets(Spot::of(&["status"]), word("RUNNING"))]
}

pub(in super::super) fn stopped(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![call.sets(Spot::of(&["status"]), word("TERMINATED"))]
}

pub(in super::super) fn suspended(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![call.sets(Spot::of(&["status"]), word("SUSPENDED"))]
}

/// An address that is reserved. One that the API picks is told when it is made.
pub(in super::super) fn insert_address(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    set_default(&mut node, "addressType", word("EXTERNAL"));
    set_default(&mut node, "address", Tree::unknown(Cause::Computed, ""));
    vec![Edit { nature: Nature::Attachment, ..call.edit(Act::Put(node)) }]
}

const INTERFACES: &str = "networkInterfaces";
/// What the console and the command line call an external address.
const DEFAULT_NAME: &str = "External NAT";
