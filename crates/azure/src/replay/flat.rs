//! One form for what edits are made to: what the REST interface nests under `properties` stands in the object itself, as
//! `az` prints it. Readers read both forms alike, so an edit in either spelling finds what it is about.
//!
//! Knows the one key that nests, and which keys say who a resource is.

use std::borrow::Cow;

use cloud::audit::{Act, Leg, Spot};
use cloud::json::{Node, Tree};

/// An object without its `properties` level, at any depth, apart from its document. Where both levels have a key, readers
/// take that of the properties; who a resource is stands outside of them.
pub(crate) fn flat(node: &Node<'_>) -> Node<'static> {
    let mut flattened = Node::default();
    for (key, value) in node.entries() {
        match value {
            Tree::Object(_) if is_nesting(key) => {}
            value if key.eq_ignore_ascii_case("tags") => push(&mut flattened, key, value.to_owned_tree()),
            value => push(&mut flattened, key, flat_tree(value)),
        }
    }
    let levels = node.entries().iter().filter(|(key, _)| is_nesting(key));
    for (_, level) in levels {
        let Tree::Object(inner) = level else { continue };
        for (key, value) in flat(inner).into_entries() {
            if IDENTITY.iter().any(|who| who.eq_ignore_ascii_case(&key)) {
                continue;
            }
            match flattened.own_mut(&key) {
                Some(known) => *known = value,
                None => flattened.push(key, value),
            }
        }
    }
    flattened
}

/// The same for what an edit does.
pub(crate) fn flat_act(act: &Act) -> Act {
    let all = |items: &[Tree<'static>]| items.iter().map(flat_tree).collect();
    match act {
        Act::Put(node) => Act::Put(flat(node)),
        Act::Drop => Act::Drop,
        Act::Merge(node) => Act::Merge(flat(node)),
        Act::Set { at, value } => match (flat_spot(at), flat_tree(value)) {
            // All of the properties at once.
            (at, Tree::Object(node)) if at.0.is_empty() => Act::Merge(flat(&node)),
            (at, value) => Act::Set { at, value },
        },
        Act::Insert { into, items, by } => {
            Act::Insert { into: flat_spot(into), items: all(items), by: by.clone() }
        }
        Act::Remove { from, items } => Act::Remove { from: flat_spot(from), items: all(items) },
    }
}

fn flat_tree(tree: &Tree<'_>) -> Tree<'static> {
    match tree {
        Tree::Object(node) => Tree::Object(flat(node)),
        Tree::List(items) => Tree::List(items.iter().map(flat_tree).collect()),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => tree.to_owned_tree(),
    }
}

fn flat_spot(spot: &Spot) -> Spot {
    let stays = |leg: &&Leg| !matches!(leg, Leg::Key(key) if is_nesting(key));
    Spot(spot.0.iter().filter(stays).cloned().collect())
}

fn push(node: &mut Node<'static>, key: &str, value: Tree<'static>) {
    node.push(Cow::Owned(key.to_owned()), value);
}

fn is_nesting(key: &str) -> bool {
    key.eq_ignore_ascii_case("properties")
}

/// Keys by which a resource says who it is: properties that are called so are others.
const IDENTITY: [&str; 3] = ["id", "name", "type"];

#[cfg(test)]
mod tests {
    use cloud::json::tree_in;

    use super::*;

    fn node(text: &str) -> Node<'static> {
        match tree_in(text).map(|tree| tree.to_owned_tree()) {
            Some(Tree::Object(node)) => node,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn both_forms_come_to_one() {
        let nested = r#"{"id": "a", "sku": {"name": "x"}, "tags": {"properties": "mine"}, "properties":
            {"type": "other", "securityRules": [{"name": "r", "properties": {"priority": 100}}]}}"#;
        let flattened = r#"{"id": "a", "sku": {"name": "x"}, "tags": {"properties": "mine"},
            "securityRules": [{"name": "r", "priority": 100}]}"#;
        assert_eq!(flat(&node(nested)), node(flattened));
        assert_eq!(flat(&node(flattened)), node(flattened));
    }

    #[test]
    fn spots_of_both_forms_are_one() {
        let spot =
            Spot::of(&["properties", "securityRules"]).item("name", "r").key("properties").key("access");
        let act = flat_act(&Act::Set { at: spot, value: Tree::Text("Deny".into()) });
        let expected = Spot::of(&["securityRules"]).item("name", "r").key("access");
        assert_eq!(act, Act::Set { at: expected, value: Tree::Text("Deny".into()) });
    }
}
