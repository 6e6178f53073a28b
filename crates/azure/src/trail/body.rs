//! What a request said and what was answered: JSON, JSON in a text, JSON in a text in a text, cut off, starred, or nothing.
//!
//! Knows no kind of resource.

use cloud::json::{Cause, Node, Tree, tree_in};

/// One of the two bodies of a record. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Content {
    /// None that says anything.
    Nothing,
    /// An object.
    Is(Node<'static>),
    /// Something else, in words what.
    Unreadable(&'static str),
}

impl Content {
    /// What stands under a key of a record.
    pub(super) fn of(value: Option<&Tree<'_>>) -> Self {
        match value {
            None | Some(Tree::Null | Tree::Flag(_)) => Self::Nothing,
            Some(Tree::Object(node)) => Self::of_object(node),
            Some(Tree::Text(text)) => Self::of_text(text, TEXTS_MAX),
            Some(Tree::List(items)) if items.is_empty() => Self::Nothing,
            Some(Tree::List(_)) => Self::Unreadable("is a list"),
            Some(Tree::Unknown(_)) => Self::Unreadable("is not known"),
        }
    }

    fn of_text(text: &str, depth: usize) -> Self {
        let text = text.trim();
        if text.is_empty() || text == "null" || text == "\"\"" {
            return Self::Nothing;
        }
        if is_starred(text) {
            return Self::Unreadable("is starred");
        }
        match tree_in(text) {
            Some(Tree::Object(node)) => return Self::of_object(&node),
            Some(Tree::List(items)) if items.is_empty() => return Self::Nothing,
            Some(_) => return Self::Unreadable("is a list"),
            None => {}
        }
        // Escaped once more, with or without the quotes around it.
        let within = serde_json::from_str::<String>(text)
            .or_else(|_| serde_json::from_str::<String>(&format!("\"{text}\"")));
        match (within, depth.checked_sub(1)) {
            (Ok(within), Some(depth)) if within != text => Self::of_text(&within, depth),
            _ if text.starts_with('{') => Self::Unreadable("is cut off"),
            _ => Self::Unreadable("is no JSON"),
        }
    }

    fn of_object(node: &Node<'_>) -> Self {
        // What went wrong is no resource.
        let is_refusal = node.own("error").is_some() && node.own("properties").is_none();
        if node.entries().is_empty() || is_refusal {
            return Self::Nothing;
        }
        Self::Is(unstarred(node.to_owned_node()))
    }
}

/// How often a body is escaped at most.
const TEXTS_MAX: usize = 3;

/// The same with every starred value as one that is not known: readers give it bounds where it matters.
fn unstarred(node: Node<'static>) -> Node<'static> {
    let at = node.at;
    let entries = node.into_entries();
    Node::new(entries.into_iter().map(|(key, value)| (key, shown(value))).collect(), at)
}

fn shown(value: Tree<'static>) -> Tree<'static> {
    match value {
        Tree::Text(text) if is_starred(&text) => Tree::unknown(Cause::Existing, text),
        Tree::Object(node) => Tree::Object(unstarred(node)),
        Tree::List(items) => Tree::List(items.into_iter().map(shown).collect()),
        other @ (Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_)) => other,
    }
}

/// Whether a text is stars and nothing else. One star is what rules say of everybody.
fn is_starred(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|byte| byte == b'*')
}
