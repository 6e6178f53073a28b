//! The body of a request in the spelling of exports.
//!
//! Requests are logged as the messages inside Google name their fields: `alloweds` of a rule, `tags.tags` of an instance.
//! Knows no operation.

use std::borrow::Cow;

use cloud::json::{Node, Tree};

use super::envelope::TYPES;

/// A request as exports would spell it, apart from its record.
pub(super) fn spelled(node: &Node<'_>) -> Node<'static> {
    let entries = node.entries().iter().filter(|(key, _)| !is_left_out(key));
    let entries = entries.map(|(key, value)| {
        let value = match value {
            // G: `{"tags": {"tags": ["web"]}}` of an instance; of a route it is a list.
            Tree::Object(inner) if key.eq_ignore_ascii_case("tags") => Tree::Object(tags(spelled(inner))),
            value => spelled_tree(value),
        };
        (name(key), value)
    });
    Node::new(entries.collect(), None)
}

fn spelled_tree(tree: &Tree<'_>) -> Tree<'static> {
    match tree {
        Tree::Object(node) => Tree::Object(spelled(node)),
        Tree::List(items) => Tree::List(items.iter().map(spelled_tree).collect()),
        other @ (Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_)) => other.to_owned_tree(),
    }
}

fn tags(mut node: Node<'static>) -> Node<'static> {
    node.rename("tags", "items");
    node
}

/// The type of a message, and bytes that only say which version was edited.
fn is_left_out(key: &str) -> bool {
    TYPES.contains(&key) || key.eq_ignore_ascii_case("fingerprint")
}

fn name(key: &str) -> Cow<'static, str> {
    match key {
        "alloweds" => "allowed".into(),
        "denieds" => "denied".into(),
        _ if key.contains('_') && !key.contains(['/', '.', '-']) => Cow::Owned(camel(key)),
        _ => Cow::Owned(key.to_owned()),
    }
}

/// `source_ranges` is `sourceRanges`.
fn camel(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    let mut is_first = false;
    for letter in key.chars() {
        match letter {
            '_' => is_first = !name.is_empty(),
            _ if is_first => {
                name.push(letter.to_ascii_uppercase());
                is_first = false;
            }
            _ => name.push(letter),
        }
    }
    name
}

/// Sets a key, in place of what it had.
pub(super) fn set(node: &mut Node<'static>, key: &'static str, value: Tree<'static>) {
    node.take_out(key);
    node.push(Cow::Borrowed(key), value);
}

/// Sets a key that is not there.
pub(super) fn set_default(node: &mut Node<'static>, key: &'static str, value: Tree<'static>) {
    if matches!(node.own(key), None | Some(Tree::Null)) {
        set(node, key, value);
    }
}

/// Whether a key has a value that says something.
pub(super) fn has(node: &Node<'_>, key: &str) -> bool {
    match node.own(key) {
        None | Some(Tree::Null) => false,
        Some(Tree::List(items)) => !items.is_empty(),
        Some(Tree::Text(text)) => !text.trim().is_empty(),
        Some(Tree::Flag(_) | Tree::Object(_) | Tree::Unknown(_)) => true,
    }
}

/// A text as a value.
pub(super) fn word(text: impl Into<String>) -> Tree<'static> {
    Tree::Text(Cow::Owned(text.into()))
}

/// An object of these keys.
pub(super) fn node_of(entries: Vec<(&'static str, Tree<'static>)>) -> Node<'static> {
    Node::new(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect(), None)
}

/// One object with what another says over it: keys of objects one by one, everything else whole.
pub(super) fn over(mut node: Node<'static>, delta: &Node<'static>) -> Node<'static> {
    for (key, value) in delta.entries() {
        let merged = match (node.own(key), value) {
            (_, Tree::Null) => None,
            (Some(Tree::Object(own)), Tree::Object(delta)) => Some(Tree::Object(over(own.clone(), delta))),
            (_, value) => Some(value.clone()),
        };
        node.take_out(key);
        if let Some(merged) = merged {
            node.push(key.clone(), merged);
        }
    }
    node
}

#[cfg(test)]
mod tests {
    use cloud::json::tree_in;

    use super::*;

    fn node(text: &str) -> Node<'static> {
        match tree_in(text) {
            Some(Tree::Object(node)) => node,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn requests_are_spelled_as_exports() {
        let request = r#"{"@type": "t", "alloweds": [{"IPProtocol": "tcp", "ports": ["22"]}], "source_ranges": ["a"],
            "tags": {"fingerprint": "x", "tags": ["web"]}, "priority": 7}"#;
        let expected = r#"{"allowed": [{"IPProtocol": "tcp", "ports": ["22"]}], "sourceRanges": ["a"],
            "tags": {"items": ["web"]}, "priority": 7}"#;
        assert_eq!(spelled(&node(request)), node_without_place(expected));
        let route = r#"{"tags": ["web"], "destRange": "0.0.0.0/0"}"#;
        assert_eq!(spelled(&node(route)), node_without_place(route));
    }

    fn node_without_place(text: &str) -> Node<'static> {
        node(text).to_owned_node()
    }

    #[test]
    fn a_delta_changes_what_it_says() {
        let before = node(r#"{"a": {"x": 1, "y": [1, 2]}, "b": 2, "c": 3}"#).to_owned_node();
        let delta = node(r#"{"a": {"y": [3]}, "c": null, "d": 4}"#).to_owned_node();
        let after = over(before, &delta);
        assert_eq!(after, node_without_place(r#"{"b": 2, "a": {"x": 1, "y": [3]}, "d": 4}"#));
    }
}
