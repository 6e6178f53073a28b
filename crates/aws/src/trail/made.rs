//! Making objects as exports spell them.
//!
//! Knows no kind.

use cloud::json::{Node, Tree};
use model::Name;

use super::body::{Body, items_of};

/// An object of these entries; those that are null are left out.
pub(crate) fn object<const N: usize>(entries: [(&'static str, Tree<'static>); N]) -> Node<'static> {
    let stated = entries.into_iter().filter(|(_, value)| *value != Tree::Null);
    Node::new(stated.map(|(key, value)| (key.into(), value)).collect(), None)
}

/// The same, as a value.
pub(crate) fn tree<const N: usize>(entries: [(&'static str, Tree<'static>); N]) -> Tree<'static> {
    Tree::Object(object(entries))
}

/// A text.
pub(crate) fn text(text: &str) -> Tree<'static> {
    Tree::Text(text.to_owned().into())
}

/// A text, or null where there is none.
pub(crate) fn perhaps(stated: Option<&str>) -> Tree<'static> {
    stated.map_or(Tree::Null, text)
}

/// `true` or `false`, or null where nothing is said.
pub(crate) fn flag(stated: Option<bool>) -> Tree<'static> {
    stated.map_or(Tree::Null, Tree::Flag)
}

/// Keys by which items of a list are the same.
pub(crate) fn names(keys: &[&str]) -> Vec<Name> {
    keys.iter().map(|key| Name::from(*key)).collect()
}

/// An object of a response as `describe-…` would answer it: `{"items": […]}` and `…Set` are lists, `{"tag": …,
/// "content": …}` is its content, and a key of EC2's XML has the name that the command line has for it. Letter case of
/// keys does not matter to readers.
pub(crate) fn described(body: Body<'_>, names: &[(&str, &'static str)]) -> Node<'static> {
    let entries = body.node().map(Node::entries).unwrap_or_default();
    let own = |(key, value): &(std::borrow::Cow<'_, str>, Tree<'_>)| {
        let name = names.iter().find(|(xml, _)| xml.eq_ignore_ascii_case(key)).map(|(_, name)| *name);
        let is_list =
            key.ends_with("Set") || matches!(value, Tree::Object(node) if node.own("items").is_some());
        let value = match value {
            value if is_list => {
                Tree::List(items_of(value).into_iter().map(|item| plain(item, names)).collect())
            }
            value => plain(value, names),
        };
        (name.map_or_else(|| key.to_string().into(), Into::into), value)
    };
    Node::new(entries.iter().map(own).collect(), None)
}

fn plain(value: &Tree<'_>, names: &[(&str, &'static str)]) -> Tree<'static> {
    match value {
        Tree::Object(node) => match node.own("content") {
            Some(content) if node.own("tag").is_some() => plain(content, names),
            _ => Tree::Object(described(Body::of(node), names)),
        },
        Tree::List(items) => Tree::List(items.iter().map(|item| plain(item, names)).collect()),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => value.to_owned_tree(),
    }
}
