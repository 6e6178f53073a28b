//! The walk through a value: objects, lists, and the functions in them.
//!
//! `None` is what `AWS::NoValue` makes of a property or an item: it is not there. What is not known never is.

use std::borrow::Cow;

use cloud::LookupMap;
use cloud::json::{Cause, Node, Tree, Unknown};

use super::functions::FUNCTIONS;
use super::run::BYTES_OF_STEP;
use super::stack::Stack;

impl<'a> Stack<'_, 'a> {
    /// The value of an expression; `None`: it is not there.
    pub(super) fn value(&self, tree: &Tree<'a>) -> Option<Tree<'a>> {
        let value = self.run.step(|| match tree {
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => Some(tree.clone()),
            Tree::List(items) => Some(Tree::List(items.iter().filter_map(|item| self.value(item)).collect())),
            Tree::Object(node) => self.object(node),
        });
        value.unwrap_or_else(|| Some(Tree::unknown(Cause::TooLarge, "")))
    }

    fn object(&self, node: &Node<'a>) -> Option<Tree<'a>> {
        if let [(key, argument)] = node.entries()
            && let Some((_, function)) = FUNCTIONS.iter().find(|(name, _)| name == key)
        {
            let made = function(self, argument);
            // What is made of large texts and lists, over and over, is as much as many steps.
            return match made.as_ref().map_or(0, weight) {
                0 => made,
                weight if self.run.charge(weight) => made,
                _ => Some(Tree::unknown(Cause::TooLarge, key.clone())),
            };
        }
        if let Some(key) = node.keys().find(|key| is_function(key)) {
            // A function that is not known, and one with something beside it, which a macro may make anything of.
            return Some(Tree::unknown(Cause::Unsupported, key.to_owned()));
        }
        Some(Tree::Object(self.entries(node)))
    }

    /// The entries of an object that is no function.
    pub(super) fn entries(&self, node: &Node<'a>) -> Node<'a> {
        let mut made = Vec::with_capacity(node.entries().len());
        for (key, value) in self.each(node) {
            if let Some(value) = self.value(value) {
                made.push((key.clone(), value));
            }
        }
        Node::new(made, node.at)
    }

    /// Each key of an object with its value, the later one where it is given twice; that is told.
    pub(super) fn each<'n>(&self, node: &'n Node<'a>) -> Vec<&'n (Cow<'a, str>, Tree<'a>)> {
        let entries = node.entries();
        let mut latest = LookupMap::default();
        for (position, (key, _)) in entries.iter().enumerate() {
            latest.insert(&**key, position);
        }
        let mut each = Vec::with_capacity(entries.len());
        for (position, entry) in entries.iter().enumerate() {
            match latest.get(&*entry.0).filter(|last| **last != position).and_then(|last| entries.get(*last))
            {
                Some((_, later)) => self.tell_twice(node, &entry.0, *later != entry.1),
                None => each.push(entry),
            }
        }
        each
    }

    /// The items of a list that an expression comes to.
    ///
    /// # Errors
    /// The value where it is no list: what is not known stays so.
    pub(super) fn items(&self, tree: &Tree<'a>) -> Result<Vec<Tree<'a>>, Tree<'a>> {
        match self.value(tree) {
            Some(Tree::List(items)) => Ok(items),
            Some(unknown @ Tree::Unknown(_)) => Err(unknown),
            Some(Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Object(_)) | None => Err(wrong("a list")),
        }
    }

    /// The text that an expression comes to.
    ///
    /// # Errors
    /// The value where it is no text.
    pub(super) fn text(&self, tree: &Tree<'a>) -> Result<Cow<'a, str>, Tree<'a>> {
        self.value(tree).map_or_else(|| Err(wrong("a text")), text_of)
    }
}

/// How many steps making a value is.
fn weight(tree: &Tree<'_>) -> usize {
    match tree {
        Tree::Text(Cow::Owned(text)) => text.len() / BYTES_OF_STEP,
        Tree::List(items) => items.len(),
        Tree::Object(node) => node.entries().len(),
        Tree::Text(Cow::Borrowed(_)) | Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => 0,
    }
}

/// A value as text.
///
/// # Errors
/// The value where it is none: what is not known stays so.
pub(super) fn text_of(value: Tree<'_>) -> Result<Cow<'_, str>, Tree<'_>> {
    match value {
        Tree::Text(text) => Ok(text),
        Tree::Flag(flag) => Ok(Cow::Borrowed(if flag { "true" } else { "false" })),
        unknown @ Tree::Unknown(_) => Err(unknown),
        Tree::Null | Tree::List(_) | Tree::Object(_) => Err(wrong("a text")),
    }
}

/// The value of an expression that is wrong.
pub(super) fn wrong<'a>(expected: &str) -> Tree<'a> {
    Tree::unknown(Cause::Wrong, format!("expected {expected}"))
}

/// What a choice comes to when it is not known which.
pub(super) fn undecided<'a>(condition: &str) -> Tree<'a> {
    Tree::unknown(Cause::Unset, format!("{MAY_LACK}{condition}"))
}

/// Whether an item of a list may not be there: then what stands behind it may stand elsewhere.
pub(super) fn may_lack(item: &Tree<'_>) -> bool {
    matches!(item, Tree::Unknown(unknown) if unknown.text.starts_with(MAY_LACK))
}

/// Whether something in a value is not known.
pub(super) fn has_unknown(tree: &Tree<'_>) -> bool {
    match tree {
        Tree::Unknown(_) => true,
        Tree::Text(text) => super::pseudo::is_open(text),
        Tree::List(items) => items.iter().any(has_unknown),
        Tree::Object(node) => node.entries().iter().any(|(_, value)| has_unknown(value)),
        Tree::Null | Tree::Flag(_) => false,
    }
}

/// What is not known for the same reason as this, said of another expression.
pub(super) fn because<'a>(of: &Tree<'a>, text: impl Into<Cow<'a, str>>) -> Tree<'a> {
    let (cause, own) = match of {
        Tree::Unknown(unknown) => (unknown.cause, Some(&unknown.text).filter(|text| !text.is_empty())),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Object(_) => (Cause::Unset, None),
    };
    let text = own.cloned().unwrap_or_else(|| text.into());
    Tree::Unknown(Box::new(Unknown { cause, text, refers: None }))
}

/// Whether a key is a function.
pub(super) fn is_function(key: &str) -> bool {
    key == "Ref" || key.starts_with("Fn::")
}

const MAY_LACK: &str = "!If ";
