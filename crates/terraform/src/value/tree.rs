//! Values as readers of resources take them.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree};

use super::{Kind, Shape, Value};

impl<'a> Value<'a> {
    /// The tree of a value: numbers are their digits, what is not known stays so. Of an object with more keys than are
    /// known those that are.
    pub(crate) fn tree(&self) -> Tree<'a> {
        match &self.kind {
            Kind::Null => Tree::Null,
            Kind::Flag(flag) => Tree::Flag(*flag),
            Kind::Number(number) => match number.digits() {
                Some(digits) => Tree::Text(Cow::Owned(digits)),
                None => Tree::unknown(Cause::Unsupported, "the digits of a fraction"),
            },
            Kind::Text(text) => Tree::Text(text.cow()),
            Kind::Sequence(sequence) => {
                let mut items: Vec<Tree<'a>> = sequence.items().iter().map(Self::tree).collect();
                // That there may be more is an item that is not known, if none says so yet.
                if sequence.shape() == Shape::Partial && !sequence.items().iter().any(Self::is_unknown) {
                    items.push(Tree::unknown(Cause::Unsupported, "how many there are"));
                }
                Tree::List(items)
            }
            Kind::Object(object) => {
                let entries = object.entries().iter().map(|(key, value)| (key.cow(), value.tree()));
                Tree::Object(Node::new(entries.collect(), self.at))
            }
            Kind::Unknown(unknown) => Tree::Unknown(Box::new((**unknown).clone())),
        }
    }
}
