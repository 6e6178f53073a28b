//! Kinds that are not assessed: what they have to do with the question.
//!
//! Knows no kind.

use crate::json::Tree;

/// What a thing that is not assessed has to do with the question. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// It may open something to the Internet on its own.
    Opens,
    /// It may stand in a path, and is not assessed by itself.
    Counts,
    /// It says what there is or what happened, and not how anything is configured.
    NoInput,
    /// Nothing.
    Nothing,
}

/// How the bearing of a thing is told. Complete.
#[derive(Clone, Copy, Debug)]
pub enum Fate {
    /// By what it is.
    Always(Bearing),
    /// It opens something, unless a value says that it does not: where the value is, and its words.
    Unless(&'static [&'static str], &'static [&'static str]),
    /// It opens something if a value says so: a switch that is off where it is not given.
    If(&'static [&'static str], &'static [&'static str]),
}

impl Fate {
    /// The bearing of a thing.
    #[must_use]
    pub fn bearing(self, thing: &Tree<'_>) -> Bearing {
        match self {
            Self::Always(bearing) => bearing,
            Self::Unless(path, words) if says(thing, path, words) => Bearing::Counts,
            Self::If(path, words) if !says(thing, path, words) && !is_open(thing, path) => Bearing::Counts,
            Self::Unless(..) | Self::If(..) => Bearing::Opens,
        }
    }
}

fn says(thing: &Tree<'_>, path: &[&str], words: &[&str]) -> bool {
    match (path, thing) {
        ([key, rest @ ..], Tree::Object(node)) => node.own(key).is_some_and(|value| says(value, rest, words)),
        ([], Tree::Text(text)) => words.iter().any(|word| word.eq_ignore_ascii_case(text.trim())),
        ([], Tree::Flag(flag)) => words.contains(if *flag { &"true" } else { &"false" }),
        // Of several all have to say so.
        ([], Tree::List(items)) => !items.is_empty() && items.iter().all(|item| says(item, &[], words)),
        _ => false,
    }
}

/// Whether the value at a path is not known.
fn is_open(thing: &Tree<'_>, path: &[&str]) -> bool {
    match (path, thing) {
        (_, Tree::Unknown(_)) => true,
        ([key, rest @ ..], Tree::Object(node)) => node.own(key).is_some_and(|value| is_open(value, rest)),
        ([], Tree::List(items)) => items.iter().any(|item| is_open(item, &[])),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{Cause, Node, tree_in};

    #[test]
    fn a_value_says_what_its_words_say() {
        let of = |text: &str| tree_in(text).unwrap();
        let private: &[&str] = &["PRIVATE"];
        for (text, expected) in [
            (r#"{"a": {"b": ["private", "PRIVATE "]}}"#, true),
            (r#"{"a": {"b": ["PRIVATE", "EDGE"]}}"#, false),
            (r#"{"a": {"b": []}}"#, false),
            (r#"{"a": {"b": "PRIVATE"}}"#, true),
            (r#"{"a": "PRIVATE"}"#, false),
            (r#"{"A": {"B": "Private"}}"#, true),
        ] {
            assert_eq!(says(&of(text), &["a", "b"], private), expected, "{text}");
        }
        let unknown = Tree::Object(Node::new(vec![("a".into(), Tree::unknown(Cause::Unset, "x"))], None));
        assert_eq!(Fate::If(&["a", "b"], &["true"]).bearing(&unknown), Bearing::Opens);
        assert_eq!(Fate::If(&["b"], &["true"]).bearing(&unknown), Bearing::Counts);
        assert!(says(&of(r#"{"a": false}"#), &["a"], &["false"]));
        assert!(!says(&of(r#"{"a": true}"#), &["a"], &["false"]));
    }
}
