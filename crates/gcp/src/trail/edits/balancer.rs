//! Load balancers: forwarding rules, targets, backends, groups.

use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::{Cause, Node, Tree};
use model::Effect;

use super::super::body::{has, node_of, set, set_default, word};
use super::super::call::{Call, Told};
use super::super::part::{items, text};
use super::plain::{Edits, one};

/// A forwarding rule is given its address when it is made; one that names a reserved address by its path has that one's.
pub(in super::super) fn insert_rule(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    set_default(&mut node, "loadBalancingScheme", word("EXTERNAL"));
    if text(&node, "target").is_some_and(|target| !target.contains("/serviceAttachments/"))
        || has(&node, "backendService")
    {
        set_default(&mut node, "IPProtocol", word("TCP"));
    }
    let is_address = text(&node, "IPAddress").is_some_and(|address| cloud::grammar::prefix(address).is_ok());
    if !is_address {
        set(&mut node, "IPAddress", Tree::unknown(Cause::Computed, ""));
    }
    vec![call.edit(Act::Put(node))]
}

pub(in super::super) fn set_target(call: &Call, _told: &mut Told<'_>) -> Edits {
    one(call, "target")
}

pub(in super::super) fn set_url_map(call: &Call, _told: &mut Told<'_>) -> Edits {
    one(call, "urlMap")
}

/// A proxy calls its backend service otherwise than the rule that has one.
pub(in super::super) fn set_backend_service(call: &Call, _told: &mut Told<'_>) -> Edits {
    one(call, "service")
}

pub(in super::super) fn set_security_policy(call: &Call, _told: &mut Told<'_>) -> Edits {
    let edits = one(call, "securityPolicy").into_iter();
    edits.map(|edit| Edit { nature: Nature::Rule, ..edit }).collect()
}

/// Entries have the key of the request, which is not that of the service.
pub(in super::super) fn set_edge_policy(call: &Call, _told: &mut Told<'_>) -> Edits {
    let value =
        ["securityPolicy", "edgeSecurityPolicy"].iter().find_map(|key| call.request.own(key)).cloned();
    let node = node_of(vec![("edgeSecurityPolicy", value.unwrap_or(Tree::Null))]);
    vec![Edit { nature: Nature::Rule, ..call.edit(Act::Merge(node)) }]
}

pub(in super::super) fn set_named_ports(call: &Call, _told: &mut Told<'_>) -> Edits {
    one(call, "namedPorts")
}

pub(in super::super) fn set_backup(call: &Call, _told: &mut Told<'_>) -> Edits {
    let value = ["backupPool", "target"].iter().find_map(|key| call.request.own(key)).cloned();
    vec![call.edit(Act::Merge(node_of(vec![("backupPool", value.unwrap_or(Tree::Null))])))]
}

/// The links of a list of objects with one key.
fn links(request: &Node<'static>, key: &str) -> Vec<Tree<'static>> {
    let of = |item: &Tree<'static>| match item {
        Tree::Object(node) => node.own(key).cloned(),
        Tree::Text(_) => Some(item.clone()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    };
    items(request, "instances").iter().filter_map(of).collect()
}

pub(in super::super) fn add_to_pool(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = named(links(&call.request, "instance"), told);
    vec![call.edit(Act::Insert { into: Spot::of(&["instances"]), items, by: Vec::new() })]
}

pub(in super::super) fn remove_from_pool(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = named(links(&call.request, "instance"), told);
    vec![call.edit(Act::Remove { from: Spot::of(&["instances"]), items })]
}

fn named(items: Vec<Tree<'static>>, told: &mut Told<'_>) -> Vec<Tree<'static>> {
    if items.is_empty() {
        told.missing("instances", "which instances are in it is not known");
    }
    items
}

/// A group has no member when it is made.
pub(in super::super) fn insert_group(call: &Call, _told: &mut Told<'_>) -> Edits {
    let members =
        node_of(vec![("instanceGroup", word(call.path.clone())), ("items", Tree::List(Vec::new()))]);
    vec![call.edit(Act::Put(call.whole())), of_members(call, MEMBERS, Act::Put(members))]
}

pub(in super::super) fn delete_group(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![of_members(call, MEMBERS, Act::Drop), call.edit(Act::Drop)]
}

fn of_members(call: &Call, (kind, suffix): (&str, &str), act: Act) -> Edit {
    call.edit_of(kind, &format!("{}/{suffix}", call.path), Nature::Attachment, act)
}

fn members(links: Vec<Tree<'static>>) -> Vec<Tree<'static>> {
    links.into_iter().map(|link| Tree::Object(node_of(vec![("instance", link)]))).collect()
}

pub(in super::super) fn add_members(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = members(named(links(&call.request, "instance"), told));
    let by = vec!["instance".into()];
    vec![of_members(call, MEMBERS, Act::Insert { into: Spot::of(&["items"]), items, by })]
}

pub(in super::super) fn remove_members(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = members(named(links(&call.request, "instance"), told));
    vec![of_members(call, MEMBERS, Act::Remove { from: Spot::of(&["items"]), items })]
}

pub(in super::super) fn insert_endpoint_group(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    set_default(&mut node, "networkEndpointType", word("GCE_VM_IP_PORT"));
    let endpoints =
        node_of(vec![("networkEndpointGroup", word(call.path.clone())), ("items", Tree::List(Vec::new()))]);
    vec![call.edit(Act::Put(node)), of_members(call, ENDPOINTS, Act::Put(endpoints))]
}

pub(in super::super) fn delete_endpoint_group(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![of_members(call, ENDPOINTS, Act::Drop), call.edit(Act::Drop)]
}

fn endpoints(call: &Call, told: &mut Told<'_>) -> Vec<Tree<'static>> {
    let listed = items(&call.request, "networkEndpoints").iter();
    let found: Vec<_> =
        listed.map(|one| Tree::Object(node_of(vec![("networkEndpoint", one.clone())]))).collect();
    if found.is_empty() {
        told.missing("networkEndpoints", "who is in the group is not known");
    }
    found
}

pub(in super::super) fn attach_endpoints(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = endpoints(call, told);
    let by = vec!["networkEndpoint".into()];
    vec![of_members(call, ENDPOINTS, Act::Insert { into: Spot::of(&["items"]), items, by })]
}

pub(in super::super) fn detach_endpoints(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = endpoints(call, told);
    vec![of_members(call, ENDPOINTS, Act::Remove { from: Spot::of(&["items"]), items })]
}

/// A manager's group is named as it is.
pub(in super::super) fn insert_manager(call: &Call, told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    let group = call.path.replacen("/instanceGroupManagers/", "/instanceGroups/", 1);
    set_default(&mut node, "instanceGroup", word(group));
    let sentence = "which instances the manager makes is not in the entry: an export of today has them";
    told.tell("unsaid-change", Effect::Undecided, sentence);
    vec![call.edit(Act::Put(node))]
}

const MEMBERS: (&str, &str) = ("instance-group-members", "listInstances");
const ENDPOINTS: (&str, &str) = ("network-endpoints", "listNetworkEndpoints");
