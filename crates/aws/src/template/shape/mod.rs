//! What differs between a type and its twin beside names: one function for each.
//!
//! Each takes the arguments with the twin's names and gives what is declared; most give one resource.

pub(super) mod balancers;
pub(super) mod groups;
pub(super) mod machines;
pub(super) mod network;
pub(super) mod services;

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Cause, Node, Reference, Tree, Unknown};

use super::twin::{Resource, declare};

/// One resource, as it is.
pub(super) fn whole<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    vec![declare(resource, arguments)]
}

/// A resource beside the first: at its place, of another type.
fn beside<'a>(
    resource: &Resource<'a>,
    suffix: &str,
    kind: &'static str,
    arguments: Node<'a>,
) -> Declared<'a> {
    let address = format!("{}{suffix}", resource.id);
    Declared { kind: Cow::Borrowed(kind), address, ..declare(resource, arguments) }
}

/// The value of an attribute of what is declared at an address.
fn refers<'a>(address: &str, attribute: &str) -> Tree<'a> {
    let refers = Reference { address: address.to_owned(), attribute: attribute.to_owned() };
    let text = format!("!Ref {address}");
    Tree::Unknown(Box::new(Unknown { cause: Cause::Computed, text: text.into(), refers: Some(refers) }))
}

/// An object without some keys.
fn without<'a>(node: Node<'a>, keys: &[&str]) -> Node<'a> {
    let at = node.at;
    let entries = node.into_entries().into_iter().filter(|(key, _)| !keys.contains(&&**key)).collect();
    Node::new(entries, at)
}

/// Gives an object a value under a key, in place of the one that it has.
fn set<'a>(node: &mut Node<'a>, key: &'static str, value: Tree<'a>) {
    let own = core::mem::take(node);
    *node = without(own, &[key]);
    node.push(Cow::Borrowed(key), value);
}

/// The items of a value that is a list; what is no list is an item.
fn items_of<'t, 'a>(value: Option<&'t Tree<'a>>) -> &'t [Tree<'a>] {
    match value {
        None | Some(Tree::Null) => &[],
        Some(Tree::List(items)) => items,
        Some(alone) => core::slice::from_ref(alone),
    }
}

/// A value under a key of an object, or of the only object of a list.
fn inner<'a>(value: Option<&Tree<'a>>, key: &str) -> Option<Tree<'a>> {
    match value? {
        Tree::Object(node) => node.own(key).cloned(),
        Tree::List(items) => match items.as_slice() {
            [alone] => inner(Some(alone), key),
            _ => None,
        },
        unknown @ Tree::Unknown(_) => Some(unknown.clone()),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) => None,
    }
}

/// What is missing although it has to be there.
fn missing<'a>(key: &str) -> Tree<'a> {
    Tree::unknown(Cause::Wrong, format!("`{key}` is missing"))
}
