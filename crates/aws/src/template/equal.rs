//! Whether two values are equal, as `Fn::Equals` compares them.

use cloud::json::{Node, Tree};

use super::evaluate::has_unknown;

/// Whether two values are equal; `None`: not known.
pub(super) fn equal(one: &Tree<'_>, other: &Tree<'_>) -> Option<bool> {
    match (one, other) {
        (Tree::Unknown(_), _) | (_, Tree::Unknown(_)) => None,
        (Tree::List(ones), Tree::List(others)) => {
            if ones.len() != others.len() && !has_unknown(one) && !has_unknown(other) {
                return Some(false);
            }
            every(ones.len() == others.len(), ones.iter().zip(others).map(|(one, other)| equal(one, other)))
        }
        (Tree::Object(ones), Tree::Object(others)) => objects(ones, others),
        (Tree::List(_) | Tree::Object(_), _) | (_, Tree::List(_) | Tree::Object(_)) => {
            (!has_unknown(one) && !has_unknown(other)).then_some(false)
        }
        (one, other) => {
            let (one_text, other_text) = (spelled(one), spelled(other));
            // A placeholder is equal to itself; to anything else it may be.
            match one_text == other_text {
                true => Some(true),
                false => (!has_unknown(one) && !has_unknown(other)).then_some(false),
            }
        }
    }
}

fn objects(ones: &Node<'_>, others: &Node<'_>) -> Option<bool> {
    let has_open = |node: &Node<'_>| node.entries().iter().any(|(_, value)| has_unknown(value));
    let same_keys = ones.entries().len() == others.entries().len()
        && ones.keys().all(|key| super::text::exact(others, key).is_some());
    if !same_keys {
        return (!has_open(ones) && !has_open(others)).then_some(false);
    }
    let pairs = ones.entries().iter().filter_map(|(key, one)| Some((one, super::text::exact(others, key)?)));
    every(true, pairs.map(|(one, other)| equal(one, other)))
}

fn every(is_possible: bool, truths: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut all = is_possible.then_some(true);
    for truth in truths {
        match truth {
            Some(false) => return Some(false),
            Some(true) => {}
            None => all = None,
        }
    }
    all
}

/// A boolean is compared as its word.
fn spelled<'t>(tree: &'t Tree<'_>) -> Option<&'t str> {
    match tree {
        Tree::Text(text) => Some(text),
        Tree::Flag(true) => Some("true"),
        Tree::Flag(false) => Some("false"),
        Tree::Null | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}
