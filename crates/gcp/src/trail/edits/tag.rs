//! Secure tags: keys, values, and what they are bound to.

use cloud::audit::{Act, Edit, Nature};
use cloud::json::Node;

use crate::resource::path_of;

use super::super::body::{node_of, set, word};
use super::super::call::{Call, Told};
use super::super::part::{object, text};
use super::plain::Edits;

/// A value bound to something; its id is what the binding binds.
pub(super) fn bound(call: &Call, target: &str, value: &str) -> Edit {
    let target = path_of(target);
    let node = node_of(vec![
        ("parent", word(format!("//compute.googleapis.com/{target}"))),
        ("tagValue", word(value)),
    ]);
    call.edit_of("tag-binding", &id(target, value), Nature::Attachment, Act::Put(node))
}

fn id(target: &str, value: &str) -> String {
    format!("tagBindings/{target}/{value}")
}

pub(in super::super) fn create_binding(call: &Call, told: &mut Told<'_>) -> Edits {
    let inner = object(&call.request, "tagBinding").unwrap_or_else(|| call.request.clone());
    let value = text(&inner, "tagValue").or_else(|| text(&inner, "tagValueNamespacedName"));
    let (Some(parent), Some(value)) = (text(&inner, "parent"), value) else {
        told.missing("tagBinding", "what is tagged is not known");
        return Vec::new();
    };
    // Other services' resources take part in no rule.
    if !parent.contains("compute.googleapis.com") {
        return Vec::new();
    }
    vec![bound(call, parent, value)]
}

/// The name of a binding has the full name of what it binds, with slashes in escapes.
pub(in super::super) fn delete_binding(call: &Call, told: &mut Told<'_>) -> Edits {
    let name = call.text("name").unwrap_or(&call.path);
    let behind = name.split_once("tagBindings/").map_or(name, |(_, behind)| behind);
    let Some((target, value)) = behind.split_once("/tagValues/") else {
        told.missing("name", "what is not tagged any more is not known");
        return Vec::new();
    };
    let target = target.replace("%2F", "/").replace("%2f", "/");
    let target = path_of(&target);
    let id = id(target, &format!("tagValues/{value}"));
    vec![call.edit_of("tag-binding", &id, Nature::Attachment, Act::Drop)]
}

/// A key or value that is made: its number is in the answer.
pub(in super::super) fn create(call: &Call, _told: &mut Told<'_>) -> Edits {
    let inner = ["tagKey", "tagValue"].iter().find_map(|key| object(&call.request, key));
    let mut node: Node<'static> = inner.unwrap_or_else(|| call.request.clone());
    let answered =
        call.response.as_ref().and_then(|response| text(response, "name")).filter(|name| is_made(name));
    let name = answered.map(str::to_owned).or_else(|| is_made(&call.path).then(|| call.path.clone()));
    // Nothing names it yet but by a number that is in no entry: rules that do are bounds.
    let Some(name) = name else { return Vec::new() };
    set(&mut node, "name", word(name.clone()));
    vec![call.edit_of(call.collection.kind, &name, Nature::Attachment, Act::Put(node))]
}

fn is_made(name: &str) -> bool {
    name.starts_with("tagKeys/") || name.starts_with("tagValues/")
}

pub(in super::super) fn delete(call: &Call, _told: &mut Told<'_>) -> Edits {
    let name = call.text("name").filter(|name| is_made(name)).unwrap_or(&call.path);
    vec![call.edit_of(call.collection.kind, name, Nature::Attachment, Act::Drop)]
}
