//! JSON inside JSON: the texts of documents in which others stand.

use serde::de::Deserialize as _;

use super::tree::{Node, Tree};

/// The tree of a text, if it is JSON. Nothing of it is a piece of the document: its escapes are undone.
#[must_use]
pub fn tree_in<'a>(text: &str) -> Option<Tree<'a>> {
    let json = text.trim_start_matches('\u{feff}').trim_start();
    json.starts_with(['{', '[']).then_some(())?;
    let mut reader = serde_json::Deserializer::from_reader(json.as_bytes());
    let tree = Tree::deserialize(&mut reader).ok()?;
    reader.end().ok()?;
    Some(tree)
}

/// An object that is meant where a text of it may stand.
#[must_use]
pub fn object_in<'a>(value: &Tree<'a>) -> Option<Node<'a>> {
    match value {
        Tree::Object(node) => Some(node.clone()),
        Tree::Text(text) => match tree_in(text)? {
            Tree::Object(node) => Some(node),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
        },
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}
