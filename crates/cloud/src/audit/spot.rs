//! A spot in an object of a document: which value an edit is about.

use core::fmt;

use model::Name;

use crate::json::{Node, Tree};

/// One step into an object. Complete.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Leg {
    /// The value of a key, in any letter case.
    Key(Name),
    /// The item of a list whose key has this value.
    Item {
        /// The key.
        key: Name,
        /// The value, in any letter case.
        is: Name,
    },
}

/// The way from an object to a value inside it; the object itself where there are no legs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot(pub Vec<Leg>);

impl Spot {
    /// A spot by the names of keys: `["properties", "securityRules"]`.
    #[must_use]
    pub fn of(keys: &[&str]) -> Self {
        Self(keys.iter().map(|key| Leg::Key(Name::from(*key))).collect())
    }

    /// The same, and then the item of that list whose `key` is `is`.
    #[must_use]
    pub fn item(mut self, key: &str, is: &str) -> Self {
        self.0.push(Leg::Item { key: key.into(), is: is.into() });
        self
    }

    /// The same, and then the value of a key.
    #[must_use]
    pub fn key(mut self, key: &str) -> Self {
        self.0.push(Leg::Key(key.into()));
        self
    }

    /// The value that stands there.
    #[must_use]
    pub fn find<'t, 'a>(&self, node: &'t Node<'a>) -> Option<&'t Tree<'a>> {
        let (first, rest) = self.0.split_first()?;
        let Leg::Key(key) = first else { return None };
        rest.iter().try_fold(node.own(key)?, |tree, leg| match (leg, tree) {
            (Leg::Key(key), Tree::Object(node)) => node.own(key),
            (Leg::Item { key, is }, Tree::List(items)) => items.iter().find(|item| has(item, key, is)),
            _ => None,
        })
    }
}

/// Whether an item is an object whose key has this text.
pub(super) fn has(item: &Tree<'_>, key: &str, is: &str) -> bool {
    let Tree::Object(node) = item else { return false };
    matches!(node.own(key), Some(Tree::Text(text)) if text.eq_ignore_ascii_case(is))
}

impl fmt::Display for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (number, leg) in self.0.iter().enumerate() {
            match leg {
                Leg::Key(key) if number == 0 => write!(f, "{key}")?,
                Leg::Key(key) => write!(f, ".{key}")?,
                Leg::Item { key, is } => write!(f, "[{key}={is}]")?,
            }
        }
        Ok(())
    }
}
