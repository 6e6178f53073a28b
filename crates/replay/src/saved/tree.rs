//! Trees as JSON: order and repeated keys are kept, numbers are texts, as they are in trees.

use cloud::json::{Cause, Node, Tree};
use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A tree that is written and read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Saved(pub(super) Tree<'static>);

/// The key under which a value that is not known says why.
const UNKNOWN: &str = "#unknown";

struct Written<'a>(&'a Tree<'static>);

impl Serialize for Saved {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Written(&self.0).serialize(serializer)
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Tree::Null => serializer.serialize_unit(),
            Tree::Flag(flag) => serializer.serialize_bool(*flag),
            Tree::Text(text) => serializer.serialize_str(text),
            Tree::List(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Written(item))?;
                }
                list.end()
            }
            Tree::Object(node) => {
                let mut map = serializer.serialize_map(Some(node.entries().len()))?;
                for (key, value) in node.entries() {
                    map.serialize_entry(&**key, &Written(value))?;
                }
                map.end()
            }
            Tree::Unknown(unknown) => {
                let mut map = serializer.serialize_map(Some(1))?;
                map.serialize_entry(UNKNOWN, &[word(unknown.cause), &*unknown.text])?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Saved {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Tree::deserialize(deserializer)?;
        Ok(Self(known_again(tree.to_owned_tree())))
    }
}

fn known_again(tree: Tree<'static>) -> Tree<'static> {
    match tree {
        Tree::List(items) => Tree::List(items.into_iter().map(known_again).collect()),
        Tree::Object(node) => {
            if let ([(key, Tree::List(why))], true) = (node.entries(), node.own(UNKNOWN).is_some())
                && key == UNKNOWN
                && let [Tree::Text(cause), Tree::Text(text)] = why.as_slice()
                && let Some(cause) = Cause::ALL.into_iter().find(|known| word(*known) == cause)
            {
                return Tree::unknown(cause, text.clone());
            }
            let entries = node.into_entries().into_iter().map(|(key, value)| (key, known_again(value)));
            Tree::Object(Node::new(entries.collect(), None))
        }
        other => other,
    }
}

const fn word(cause: Cause) -> &'static str {
    match cause {
        Cause::Unset => "unset",
        Cause::Existing => "existing",
        Cause::Computed => "computed",
        Cause::Changing => "changing",
        Cause::Unsupported => "unsupported",
        Cause::Wrong => "wrong",
        Cause::TooLarge => "too-large",
    }
}
