//! Objects as the REST interface prints them, while they are put together.
//!
//! Knows no type of resource.

use std::borrow::Cow;

use cloud::json::{Node, Tree};

use crate::wire::DECLARED;

/// An object that is being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Written<'a> {
    entries: Vec<(Cow<'a, str>, Tree<'a>)>,
    at: Option<&'a str>,
}

impl<'a> Written<'a> {
    /// An object that is declared where this piece of a document stands.
    pub(super) fn at(at: Option<&'a str>) -> Self {
        // Readers of text know the place of an object by a key of it, and the keys to come stand in no document.
        let place = at.and_then(|at| at.get(..0)).map(|place| (Cow::Borrowed(place), Tree::Null));
        Self { entries: place.into_iter().collect(), at }
    }

    /// An object inside of one that is read whole: it says itself where it stands.
    pub(super) fn within(at: Option<&'a str>) -> Self {
        Self { entries: Vec::new(), at }
    }

    /// A resource.
    pub(super) fn resource(kind: &'static str, who: &Who<'_>, at: Option<&'a str>, own: Self) -> Self {
        Self::at(at)
            .with("id", text(who.id.to_owned()))
            .with("name", text(who.name.to_owned()))
            .with("type", text(kind))
            .with("properties", own.with("provisioningState", text(DECLARED)).tree())
    }

    /// The object with a key.
    pub(super) fn with(mut self, key: &'static str, value: impl Into<Option<Tree<'a>>>) -> Self {
        self.put(key, value);
        self
    }

    /// Gives it a key, where there is a value.
    pub(super) fn put(&mut self, key: &'static str, value: impl Into<Option<Tree<'a>>>) {
        self.entries.extend(value.into().map(|value| (Cow::Borrowed(key), value)));
    }

    /// Gives it a key that its document spells.
    pub(super) fn put_stated(&mut self, key: Cow<'a, str>, value: Tree<'a>) {
        self.entries.push((key, value));
    }

    pub(super) fn node(self) -> Node<'a> {
        Node::new(self.entries, self.at)
    }

    pub(super) fn tree(self) -> Tree<'a> {
        Tree::Object(self.node())
    }
}

/// Who a resource is.
pub(super) struct Who<'w> {
    pub(super) id: &'w str,
    pub(super) name: &'w str,
}

/// A text.
pub(super) fn text<'a>(text: impl Into<Cow<'a, str>>) -> Tree<'a> {
    Tree::Text(text.into())
}

/// `{"id": …}`; what is not known is no reference to nothing.
pub(super) fn reference(id: Tree<'_>) -> Tree<'_> {
    match id {
        Tree::Unknown(unknown) => Tree::Unknown(unknown),
        id => Tree::Object(Node::new(vec![(Cow::Borrowed("id"), id)], None)),
    }
}
