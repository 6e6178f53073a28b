//! What objects of Terraform's own documents have under a key, where it is of the type that it should be.

use cloud::json::{Node, Tree};

/// A text, or the digits of a number.
pub(crate) fn text<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    match node.own(key)? {
        Tree::Text(text) => Some(text),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// An object.
pub(crate) fn object<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    node.own(key).and_then(as_object)
}

/// The items of a list; none where there is no list.
pub(crate) fn items<'n, 'a>(node: &'n Node<'a>, key: &str) -> &'n [Tree<'a>] {
    match node.own(key) {
        Some(Tree::List(items)) => items,
        _ => &[],
    }
}

/// The objects in a list.
pub(crate) fn objects<'n, 'a>(node: &'n Node<'a>, key: &str) -> impl Iterator<Item = &'n Node<'a>> {
    items(node, key).iter().filter_map(as_object)
}

/// The object that a value is.
pub(crate) const fn as_object<'n, 'a>(value: &'n Tree<'a>) -> Option<&'n Node<'a>> {
    match value {
        Tree::Object(node) => Some(node),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

/// The objects of these values, and those that are put around others by who hands them on, that are what is asked for.
pub(crate) fn unwrapped<'n, 'a>(values: &'n [Tree<'a>], is_it: fn(&Node<'a>) -> bool) -> Vec<&'n Node<'a>> {
    let mut found = Vec::new();
    for value in values {
        unwrap(value, is_it, WRAPPED_MAX, &mut found);
    }
    found
}

fn unwrap<'n, 'a>(
    value: &'n Tree<'a>,
    is_it: fn(&Node<'a>) -> bool,
    depth: usize,
    found: &mut Vec<&'n Node<'a>>,
) {
    match value {
        Tree::Object(node) if is_it(node) => found.push(node),
        Tree::Object(node) if depth > 0 => {
            node.entries().iter().for_each(|(_, value)| unwrap(value, is_it, depth - 1, found));
        }
        Tree::List(items) if depth > 0 => items.iter().for_each(|item| unwrap(item, is_it, depth - 1, found)),
        _ => {}
    }
}

/// Whether a text has a word as a key of JSON.
pub(crate) fn has_key(text: &str, word: &str) -> bool {
    let quoted = format!("\"{word}\"");
    memchr::memmem::find_iter(text.as_bytes(), quoted.as_bytes()).any(|start| {
        let behind = text.get(start + quoted.len()..).unwrap_or_default();
        behind.trim_start().starts_with(':')
    })
}

/// Whether a text is JSON by its beginning, or that of a line behind a warning.
pub(crate) fn is_json(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim_start();
    text.starts_with(['{', '[']) || text.lines().take(LINES_BEFORE_MAX).any(|line| line.starts_with('{'))
}

/// How many things others put around a plan or a state.
const WRAPPED_MAX: usize = 3;
/// How many lines of warnings may stand before the JSON.
const LINES_BEFORE_MAX: usize = 20;
