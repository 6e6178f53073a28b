//! One value of a record, under whichever name and in whichever wrapping its spelling has it.
//!
//! Knows no name.

use std::borrow::Cow;

use cloud::json::{Node, Tree, object_in};

/// The first of some keys that says a text: itself, or as `{"value": …}` beside what is shown to people.
pub(super) fn text<'n>(node: &'n Node<'_>, keys: &[&str]) -> Option<&'n str> {
    keys.iter().find_map(|key| text_of(node.own(key)?))
}

fn text_of<'n>(value: &'n Tree<'_>) -> Option<&'n str> {
    match value {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Object(node) => match node.own("value") {
            Some(Tree::Text(text)) => Some(text.trim()).filter(|text| !text.is_empty()),
            _ => None,
        },
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

/// The first of some keys that holds an object, or a text with one. What PowerShell keeps under `Content` is it.
pub(super) fn object<'n, 'a>(node: &'n Node<'a>, keys: &[&str]) -> Option<Cow<'n, Node<'a>>> {
    keys.iter().find_map(|key| {
        let found = match node.own(key)? {
            Tree::Object(inner) => Cow::Borrowed(inner),
            text @ Tree::Text(_) => Cow::Owned(object_in(text)?),
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Unknown(_) => return None,
        };
        match found.own("Content") {
            Some(Tree::Object(content)) => Some(Cow::Owned(content.clone())),
            _ => Some(found),
        }
    })
}
