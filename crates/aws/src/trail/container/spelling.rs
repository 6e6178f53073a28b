//! Bodies that stand in a record as a text or in pieces.

use std::borrow::Cow;

use cloud::json::{Node, Tree, tree_in};

use crate::trail::body::Body;

/// A record whose bodies are objects: some who hand records on make texts of them.
pub(crate) fn plain<'n>(node: &'n Node<'n>) -> Cow<'n, Node<'n>> {
    let is_text = |key: &&str| matches!(node.own(key), Some(Tree::Text(_)));
    if !BODIES.iter().any(is_text) {
        return Cow::Borrowed(node);
    }
    let entry = |(key, value): &(Cow<'n, str>, Tree<'n>)| {
        let is_body = BODIES.iter().any(|body| body.eq_ignore_ascii_case(key));
        let value = if is_body { object(value).unwrap_or_else(|| value.clone()) } else { value.clone() };
        (key.clone(), value)
    };
    Cow::Owned(Node::new(node.entries().iter().map(entry).collect(), node.at))
}

/// The object that a text is; null where it says that there is none. `None`: it is neither.
fn object(value: &Tree<'_>) -> Option<Tree<'static>> {
    let Tree::Text(text) = value else { return None };
    match text.trim() {
        "" | "null" | "-" => Some(Tree::Null),
        text => tree_in(text).map(|tree| tree.to_owned_tree()),
    }
}

/// A body wherever a container has it: an object, a text of one.
pub(super) fn body(value: Option<&Tree<'_>>) -> Tree<'static> {
    value.map_or(Tree::Null, |value| object(value).unwrap_or_else(|| value.to_owned_tree()))
}

/// A body whose values stand apart, each under the whole way to it: `requestParameters.portRange.from`.
pub(super) fn gathered(from: Body<'_>, name: &str) -> Tree<'static> {
    let mut gathered = Tree::Null;
    for (key, value) in from.node().map(Node::entries).unwrap_or_default() {
        let own = key.split_once('.').filter(|(first, _)| first.eq_ignore_ascii_case(name));
        if let Some((_, way)) = own {
            let legs: Vec<&str> = way.split(['.', '[', ']']).filter(|leg| !leg.is_empty()).collect();
            put(&mut gathered, &legs, value.to_owned_tree());
        }
    }
    gathered
}

/// Puts a value at the end of a way, which is made where it is missing; numbers on it are places in lists.
fn put(into: &mut Tree<'static>, legs: &[&str], value: Tree<'static>) {
    let Some((first, rest)) = legs.split_first() else {
        *into = value;
        return;
    };
    if let Ok(place) = first.parse::<usize>() {
        if *into == Tree::Null {
            *into = Tree::List(Vec::new());
        }
        let Tree::List(items) = into else { return };
        // Places come in any order, and few of them.
        if place < PLACES_MAX {
            items.resize(items.len().max(place + 1), Tree::Null);
        }
        if let Some(item) = items.get_mut(place) {
            put(item, rest, value);
        }
        return;
    }
    if *into == Tree::Null {
        *into = Tree::Object(Node::default());
    }
    let Tree::Object(node) = into else { return };
    if node.own(first).is_none() {
        node.push((*first).to_owned().into(), Tree::Null);
    }
    if let Some(own) = node.own_mut(first) {
        put(own, rest, value);
    }
}

/// The objects of a record that hand-overs make texts of.
const BODIES: [&str; 5] =
    ["requestParameters", "responseElements", "userIdentity", "additionalEventData", "serviceEventDetails"];
/// AWS takes fewer rules, entries and prefixes in one call.
const PLACES_MAX: usize = 4096;
