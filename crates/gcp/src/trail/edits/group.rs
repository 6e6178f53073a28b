//! Address groups: `networksecurity.…AddressGroupService.*`.

use cloud::audit::{Act, Edit, Spot};
use cloud::json::{Cause, Node, Tree};
use model::Effect;

use crate::resource::path_of;

use super::super::body::{node_of, set, set_default, word};
use super::super::call::{Call, Told};
use super::super::envelope::with_project;
use super::super::part::{items, object, text};
use super::plain::Edits;

/// The group that a request is about: an item of the collection below its parent where it is being made.
fn path(call: &Call, inner: Option<&Node<'_>>) -> String {
    let own = ["addressGroup", "name"].iter().find_map(|key| call.text(key));
    let own = own.or_else(|| inner.and_then(|inner| text(inner, "name"))).map(path_of);
    let own = own.filter(|own| own.contains("/addressGroups/")).map(str::to_owned);
    let made = || {
        let (parent, id) = (call.text("parent")?, call.text("addressGroupId")?);
        Some(format!("{}/addressGroups/{id}", path_of(parent)))
    };
    let found = own.or_else(made).unwrap_or_else(|| call.path.clone());
    with_project(&found, call.scope.as_deref())
}

fn edit(call: &Call, inner: Option<&Node<'_>>, act: Act) -> Edit {
    call.edit_of(call.collection.kind, &path(call, inner), call.collection.nature, act)
}

pub(in super::super) fn create(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(inner) = object(&call.request, "addressGroup") else {
        told.missing("addressGroup", "what is in the group is not known");
        return Vec::new();
    };
    let mut node = inner.to_owned_node();
    set(&mut node, "name", word(path(call, Some(&inner))));
    set_default(&mut node, "items", Tree::List(Vec::new()));
    vec![edit(call, Some(&inner), Act::Put(node))]
}

pub(in super::super) fn update(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(inner) = object(&call.request, "addressGroup") else {
        told.missing("addressGroup", "what is in the group is not known");
        return Vec::new();
    };
    let masked =
        mask(call.request.own("updateMask")).is_none_or(|mask| mask.contains("items") || mask.contains('*'));
    if !masked {
        return Vec::new();
    }
    let items = Tree::List(items(&inner, "items").to_vec()).to_owned_tree();
    vec![edit(call, Some(&inner), Act::Merge(node_of(vec![("items", items)])))]
}

/// The mask of an update: a text, or a list of paths.
fn mask(value: Option<&Tree<'_>>) -> Option<String> {
    match value? {
        Tree::Text(mask) => Some(mask.to_string()),
        Tree::Object(node) => Some(format!("{:?}", items(node, "paths"))),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

fn listed(call: &Call, told: &mut Told<'_>) -> Vec<Tree<'static>> {
    let listed = items(&call.request, "items").to_vec();
    if listed.is_empty() {
        told.missing("items", "what is in the group is not known");
    }
    listed
}

pub(in super::super) fn add_items(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = listed(call, told);
    vec![edit(call, None, Act::Insert { into: Spot::of(&["items"]), items, by: Vec::new() })]
}

pub(in super::super) fn remove_items(call: &Call, told: &mut Told<'_>) -> Edits {
    let items = listed(call, told);
    vec![edit(call, None, Act::Remove { from: Spot::of(&["items"]), items })]
}

/// The items of another group come in: the entry does not have them.
pub(in super::super) fn clone_items(call: &Call, told: &mut Told<'_>) -> Edits {
    let source = call.text("sourceAddressGroup").unwrap_or("another group");
    let sentence =
        format!("the items of {source} come in, which are not in the entry: add an export of today");
    told.tell("unsaid-change", Effect::Undecided, &sentence);
    // An export without the key has none of them.
    vec![edit(
        call,
        None,
        Act::Merge(node_of(vec![("items", Tree::unknown(Cause::Existing, source.to_owned()))])),
    )]
}

pub(in super::super) fn delete(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![edit(call, None, Act::Drop)]
}
