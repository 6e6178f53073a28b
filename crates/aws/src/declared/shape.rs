//! Objects as answers spell them, written key by key; and what may be said of a value that is not known yet.
//!
//! Knows no kind.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree};

/// An object that is written.
#[derive(Clone, Debug)]
pub(super) struct Shape<'a>(Node<'a>);

impl<'a> Shape<'a> {
    /// An object that stands at a piece of the configuration.
    pub(super) fn at(at: Option<&'a str>) -> Self {
        Self(Node::new(Vec::new(), at))
    }

    /// The same with a key.
    pub(super) fn with(mut self, key: &'static str, value: impl Into<Written<'a>>) -> Self {
        self.0.push(Cow::Borrowed(key), value.into().0);
        self
    }

    /// The same with a key, where there is a value.
    pub(super) fn with_some(self, key: &'static str, value: Option<impl Into<Written<'a>>>) -> Self {
        match value {
            Some(value) => self.with(key, value),
            None => self,
        }
    }

    pub(super) fn node(self) -> Node<'a> {
        self.0
    }

    pub(super) fn tree(self) -> Tree<'a> {
        Tree::Object(self.0)
    }
}

/// A value that is written: whatever a tree is easily made of.
pub(super) struct Written<'a>(Tree<'a>);

impl<'a> From<Tree<'a>> for Written<'a> {
    fn from(tree: Tree<'a>) -> Self {
        Self(tree)
    }
}

impl<'a> From<Shape<'a>> for Written<'a> {
    fn from(shape: Shape<'a>) -> Self {
        Self(shape.tree())
    }
}

impl From<String> for Written<'_> {
    fn from(text: String) -> Self {
        Self(Tree::Text(Cow::Owned(text)))
    }
}

impl From<&str> for Written<'_> {
    fn from(text: &str) -> Self {
        Self(Tree::Text(Cow::Owned(text.to_owned())))
    }
}

impl From<bool> for Written<'_> {
    fn from(flag: bool) -> Self {
        Self(Tree::Flag(flag))
    }
}

impl<'a> From<Vec<Tree<'a>>> for Written<'a> {
    fn from(items: Vec<Tree<'a>>) -> Self {
        Self(Tree::List(items))
    }
}

/// A text.
pub(super) fn text<'a>(text: impl Into<String>) -> Tree<'a> {
    Tree::Text(Cow::Owned(text.into()))
}

/// A value that is told at creation, which nobody misses.
pub(super) fn computed<'a>() -> Tree<'a> {
    Tree::unknown(Cause::Computed, "")
}

/// A value of something that is not declared here.
pub(super) fn elsewhere<'a>(what: &str) -> Tree<'a> {
    Tree::unknown(Cause::Existing, what.to_owned())
}

/// What stands under the key that says whether a part is there, where that is not known.
pub(super) fn perhaps<'a>(address: &str) -> Tree<'a> {
    Tree::unknown(Cause::Unset, format!("whether {address} is there"))
}

/// Each item of a list under a key of an object of its own; of a list that is not known one such object.
pub(super) fn each_under<'a>(list: &Tree<'a>, key: &'static str, at: Option<&'a str>) -> Vec<Tree<'a>> {
    let one = |item: &Tree<'a>| Shape::at(at).with(key, item.clone()).tree();
    match list {
        Tree::Null => Vec::new(),
        Tree::List(items) => items.iter().filter(|item| **item != Tree::Null).map(one).collect(),
        alone => vec![one(alone)],
    }
}
