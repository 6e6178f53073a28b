//! What operations edit: a resource that is written or deleted, a part of one.
//!
//! Knows no type; which operation edits what is the table of `operation`.

use std::borrow::Cow;

use cloud::audit::{Act, Bears, Edit, Nature, Spot};
use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::{name_of, parent_of, type_of};

use super::body::Content;
use super::envelope::{Call, is_of};
use super::field::text;
use super::left_out;

/// What is known of what a resource is to be. Complete.
pub(super) enum Said<'c> {
    /// It was answered: what the resource is.
    Answered(&'c Node<'static>),
    /// It was asked for.
    Asked(&'c Node<'static>),
    /// Nothing, and why.
    Unseen(&'static str),
}

/// What a record says that its resource is to be. An answer is the whole resource, a request what somebody wants of it.
pub(super) fn said<'c>(call: &'c Call<'_, '_>) -> Said<'c> {
    match (call.response(), call.request()) {
        (Content::Is(node), _) if is_resource(node) => Said::Answered(node),
        (_, Content::Is(node)) => Said::Asked(node),
        (Content::Unreadable(why), _) | (_, Content::Unreadable(why)) => Said::Unseen(why),
        (Content::Nothing | Content::Is(_), Content::Nothing) => Said::Unseen("is not in the log"),
    }
}

/// Whether an answer is a resource, and not the state of an operation.
fn is_resource(node: &Node<'_>) -> bool {
    matches!(node.own("properties"), Some(Tree::Object(_)))
}

/// A resource was written: PUT says what it is, PATCH what changes.
pub(super) fn write(call: &Call<'_, '_>) -> Vec<Bears> {
    let kind = call.kind();
    if !call.names_its_resource() {
        return strange(call);
    }
    let act = match said(call) {
        Said::Answered(node) => Act::Put(stated(node, kind, call.id())),
        // Tags, an identity: nothing of the network. In another tier a firewall may not act.
        Said::Asked(node) if ["properties", "location", "sku"].iter().all(|key| node.own(key).is_none()) => {
            return vec![nothing()];
        }
        Said::Asked(node) if is_patch(call, node) => Act::Merge(with_tier(node.clone())),
        // What was deleted comes back as it was.
        Said::Asked(node) if is_recovery(node) => recovered(call),
        Said::Asked(node) => Act::Put(left_out::said(kind, stated(node, kind, call.id()))),
        Said::Unseen(why) => unseen(call, why),
    };
    vec![edit(call, kind, call.id(), act)]
}

/// The rule set of a namespace, which permissions and paths name in the singular too.
pub(super) fn write_rule_set(call: &Call<'_, '_>) -> Vec<Bears> {
    in_the_plural(write(call))
}

/// The same, gone.
pub(super) fn delete_rule_set(call: &Call<'_, '_>) -> Vec<Bears> {
    in_the_plural(delete(call))
}

fn in_the_plural(told: Vec<Bears>) -> Vec<Bears> {
    let plural = |edit: Edit| {
        let renamed = edit.id.to_ascii_lowercase().find(RULE_SET).and_then(|at| {
            Some(format!("{}{RULE_SETS}{}", edit.id.get(..at)?, edit.id.get(at + RULE_SET.len()..)?))
        });
        let kind = edit.kind.strip_suffix("/networkruleset").map(|of| format!("{of}/networkrulesets"));
        let id = renamed.map_or_else(|| Name::clone(&edit.id), Name::from);
        let act = match edit.act {
            Act::Put(mut node) => {
                for (key, value) in [("id", own(&id)), ("type", own(kind.as_deref().unwrap_or(&edit.kind)))] {
                    node.take_out(key);
                    node.push(Cow::Borrowed(key), value);
                }
                Act::Put(node)
            }
            act => act,
        };
        Edit { kind: kind.map_or(edit.kind, Name::from), id, act, ..edit }
    };
    let all = |bears| match bears {
        Bears::Edits(edits) => Bears::Edits(edits.into_iter().map(plural).collect()),
        other => other,
    };
    told.into_iter().map(all).collect()
}

const RULE_SET: &str = "/networkruleset/";
const RULE_SETS: &str = "/networkRuleSets/";

/// The configuration of an app: it merges whatever is sent, by PUT too. Settings and secrets of apps stand beside it.
pub(super) fn write_site(call: &Call<'_, '_>) -> Vec<Bears> {
    let kind = call.kind();
    if !name_of(call.id()).eq_ignore_ascii_case("web") {
        return Vec::new();
    }
    let act = match said(call) {
        Said::Answered(node) => Act::Put(stated(node, kind, call.id())),
        Said::Asked(node) => Act::Merge(node.clone()),
        Said::Unseen(why) => unseen(call, why),
    };
    vec![edit(call, kind, call.id(), act)]
}

/// A resource is gone, and what is part of it.
pub(super) fn delete(call: &Call<'_, '_>) -> Vec<Bears> {
    if !call.names_its_resource() {
        return strange(call);
    }
    vec![edit(call, call.kind(), call.id(), Act::Drop)]
}

/// A group of resources is gone, and all that is in it.
pub(super) fn delete_group(call: &Call<'_, '_>) -> Vec<Bears> {
    vec![edit(call, "microsoft.resources/resourcegroups", call.id(), Act::Drop)]
}

/// A rule of a group was written.
pub(super) fn write_rule(call: &Call<'_, '_>) -> Vec<Bears> {
    write_item(call, "securityRules")
}

/// A rule of a group is gone.
pub(super) fn delete_rule(call: &Call<'_, '_>) -> Vec<Bears> {
    delete_item(call, "securityRules")
}

/// A route of a table was written.
pub(super) fn write_route(call: &Call<'_, '_>) -> Vec<Bears> {
    write_item(call, "routes")
}

/// A route of a table is gone.
pub(super) fn delete_route(call: &Call<'_, '_>) -> Vec<Bears> {
    delete_item(call, "routes")
}

fn write_item(call: &Call<'_, '_>, list: &str) -> Vec<Bears> {
    let Some((kind, owner)) = owner(call) else { return strange(call) };
    let act = match said(call) {
        Said::Answered(node) | Said::Asked(node) => {
            let item = named(node, call.id());
            Act::Insert {
                into: Spot::of(&["properties", list]),
                items: vec![Tree::Object(item)],
                by: vec!["name".into()],
            }
        }
        Said::Unseen(why) => unseen(call, why),
    };
    vec![edit(call, &kind, &owner, act)]
}

fn delete_item(call: &Call<'_, '_>, list: &str) -> Vec<Bears> {
    let Some((kind, owner)) = owner(call) else { return strange(call) };
    let pattern = Node::new(vec![(Cow::Borrowed("name"), own(name_of(call.id())))], None);
    let act = Act::Remove { from: Spot::of(&["properties", list]), items: vec![Tree::Object(pattern)] };
    vec![edit(call, &kind, &owner, act)]
}

/// The type and the id of what holds the resource of a record.
fn owner(call: &Call<'_, '_>) -> Option<(String, Name)> {
    let (kind, _) = call.kind().rsplit_once('/')?;
    let owner = parent_of(call.id()).filter(|_| call.names_its_resource())?;
    Some((kind.to_owned(), owner.into()))
}

/// A record whose id is none of what its operation is about: all ranges of a server replaced at once. What it names was
/// changed, nobody sees how.
fn strange(call: &Call<'_, '_>) -> Vec<Bears> {
    let id = call.id();
    let whole = [Some(&**id), id.rsplit_once('/').map(|(owner, _)| owner)].into_iter().flatten();
    let Some((named, kind)) =
        whole.filter_map(|id| Some((id, type_of(id)?))).find(|(id, kind)| is_of(id, kind))
    else {
        return Vec::new();
    };
    let named = Name::from(named);
    vec![edit(call, &kind, &named, unseen(call, "names no resource of its own"))]
}

/// What is known to change nothing: a phase that says so is worth more than one that says nothing.
pub(super) const fn nothing() -> Bears {
    Bears::Edits(Vec::new())
}

/// An edit of one resource.
pub(super) fn edit(call: &Call<'_, '_>, kind: &str, id: &Name, act: Act) -> Bears {
    let nature = if ATTACHMENTS.contains(&kind) { Nature::Attachment } else { Nature::Rule };
    let edit =
        Edit { kind: kind.into(), id: Name::clone(id), scope: call.scope(), region: None, nature, act };
    Bears::Edits(vec![edit])
}

/// What is done to a resource of which nobody says what it is now.
pub(super) fn unseen(call: &Call<'_, '_>, why: &str) -> Act {
    let words = format!("{}: what was written {why}", call.operation());
    Act::Set { at: Spot::of(&[UNSEEN]), value: Tree::Text(Cow::Owned(words)) }
}

/// A patch of which the tier of a SKU is the one that its name says: the old one does not stay.
fn with_tier(mut patch: Node<'static>) -> Node<'static> {
    if let Some(Tree::Object(sku)) = patch.own_mut("sku")
        && sku.own("name").is_some()
        && sku.own("tier").is_none()
    {
        sku.push(Cow::Borrowed("tier"), Tree::Null);
    }
    patch
}

/// What was deleted is there again, as it was.
fn recovered(call: &Call<'_, '_>) -> Act {
    let words = format!("{}: what was written is what was deleted before", call.operation());
    Act::Set { at: Spot::of(&[RECOVERED]), value: Tree::Text(Cow::Owned(words)) }
}

/// The memory of an object that it was written, and how is not known.
pub(super) const UNSEEN: &str = "#unseen";
/// The memory of an object that it was deleted, and is there again.
const RECOVERED: &str = "#recovered";

/// Whether an edit says no more than that one was made.
pub(super) fn is_unseen(edit: &Edit) -> bool {
    matches!(&edit.act, Act::Set { at, .. } if [UNSEEN, RECOVERED].iter().any(|mark| *at == Spot::of(&[mark])))
}

/// Whether a request says what changes, and not what is: by its method; where the record has none, a resource of its own
/// is made with a location, and its parts with PUT.
fn is_patch(call: &Call<'_, '_>, node: &Node<'_>) -> bool {
    match call.method().as_deref() {
        Some(method) => method == "PATCH",
        None => call.kind().matches('/').count() == 1 && node.own("location").is_none(),
    }
}

fn is_recovery(node: &Node<'_>) -> bool {
    match node.own("properties") {
        Some(Tree::Object(properties)) => {
            let is_restored = properties.own("restore") == Some(&Tree::Flag(true));
            is_restored
                || text(properties, &["createMode"]).is_some_and(|mode| mode.eq_ignore_ascii_case("recover"))
        }
        _ => false,
    }
}

/// A body with the id, the name and the type of its resource, which requests leave out.
fn stated(node: &Node<'static>, kind: &str, id: &Name) -> Node<'static> {
    let mut node = named(node, id);
    node.take_out("type");
    node.push(Cow::Borrowed("type"), own(kind));
    if node.own("properties").is_none() {
        node.push(Cow::Borrowed("properties"), Tree::Object(Node::default()));
    }
    node
}

fn named(node: &Node<'static>, id: &Name) -> Node<'static> {
    let mut named =
        Node::new(vec![(Cow::Borrowed("id"), own(id)), (Cow::Borrowed("name"), own(name_of(id)))], None);
    for (key, value) in node.entries() {
        if !["id", "name"].iter().any(|who| who.eq_ignore_ascii_case(key)) {
            named.push(key.clone(), value.clone());
        }
    }
    named
}

fn own(text: &str) -> Tree<'static> {
    Tree::Text(Cow::Owned(text.to_owned()))
}

/// Types that say what stands where; all others say who is let in.
const ATTACHMENTS: &[&str] = &[
    "microsoft.compute/virtualmachines",
    "microsoft.compute/virtualmachinescalesets",
    "microsoft.compute/virtualmachinescalesets/virtualmachines",
    "microsoft.network/applicationgateways",
    "microsoft.network/applicationsecuritygroups",
    "microsoft.network/bastionhosts",
    "microsoft.network/expressroutegateways",
    "microsoft.network/loadbalancers",
    "microsoft.network/loadbalancers/backendaddresspools",
    "microsoft.network/loadbalancers/frontendipconfigurations",
    "microsoft.network/loadbalancers/inboundnatpools",
    "microsoft.network/loadbalancers/inboundnatrules",
    "microsoft.network/loadbalancers/loadbalancingrules",
    "microsoft.network/natgateways",
    "microsoft.network/networkinterfaces",
    "microsoft.network/networkmanagers/networkgroups",
    "microsoft.network/networkmanagers/networkgroups/staticmembers",
    "microsoft.network/networksecurityperimeters/resourceassociations",
    "microsoft.network/p2svpngateways",
    "microsoft.network/privateendpoints",
    "microsoft.network/privatelinkservices",
    "microsoft.network/publicipaddresses",
    "microsoft.network/publicipprefixes",
    "microsoft.network/routetables",
    "microsoft.network/virtualnetworkgateways",
    "microsoft.network/virtualnetworks",
    "microsoft.network/virtualnetworks/subnets",
    "microsoft.network/virtualnetworks/virtualnetworkpeerings",
    "microsoft.network/vpngateways",
    "microsoft.resources/resourcegroups",
];
