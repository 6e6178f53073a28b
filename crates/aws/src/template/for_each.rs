//! `Fn::ForEach` of `AWS::LanguageExtensions`: loops in objects, expanded before anything is evaluated.
//!
//! A loop over what is not known stays, so that whoever evaluates the object does not know it.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree};

use super::run::{BYTES_OF_STEP, TEXT_BYTES_MAX};
use super::stack::Stack;

/// How the key of a loop begins.
pub(super) const KEY: &str = "Fn::ForEach::";

/// An object with its loops expanded.
pub(super) fn expanded<'a>(stack: &Stack<'_, 'a>, node: &Node<'a>) -> Node<'a> {
    let mut made = Node::new(Vec::with_capacity(node.entries().len()), node.at);
    for (key, value) in node.entries() {
        let looped = key.starts_with(KEY).then(|| iterations(stack, value)).flatten();
        match looped {
            Some(entries) => entries.into_iter().for_each(|(key, value)| made.push(key, value)),
            None => made.push(key.clone(), tree(stack, value)),
        }
    }
    made
}

fn tree<'a>(stack: &Stack<'_, 'a>, value: &Tree<'a>) -> Tree<'a> {
    match value {
        Tree::Object(node) => {
            stack.run.step(|| Tree::Object(expanded(stack, node))).unwrap_or_else(|| value.clone())
        }
        Tree::List(items) => Tree::List(items.iter().map(|item| tree(stack, item)).collect()),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => value.clone(),
    }
}

type Entries<'a> = Vec<(Cow<'a, str>, Tree<'a>)>;

/// What a loop makes; `None` where its collection is not known.
fn iterations<'a>(stack: &Stack<'_, 'a>, value: &Tree<'a>) -> Option<Entries<'a>> {
    let [Tree::Text(identifier), collection, Tree::Object(body)] = super::functions::arguments(value) else {
        return None;
    };
    let mut made = Vec::new();
    for item in stack.items(collection).ok()? {
        let Tree::Text(item) = item else { return None };
        let round = stack.run.step(|| {
            let round = Round { identifier, item: &item };
            expanded(stack, &round.object(stack, body))
        })?;
        made.extend(round.into_entries());
    }
    Some(made)
}

fn too_large<'a>() -> Tree<'a> {
    Tree::unknown(Cause::TooLarge, KEY)
}

/// One round of a loop.
struct Round<'r> {
    identifier: &'r str,
    item: &'r str,
}

impl Round<'_> {
    fn object<'a>(&self, stack: &Stack<'_, 'a>, node: &Node<'a>) -> Node<'a> {
        // A key that is too long stays one that nobody knows.
        let key = |key| self.text(stack, key).unwrap_or(Cow::Borrowed(KEY));
        let entries = node.entries().iter();
        let entries = entries.map(|(own, value)| (key(own), self.tree(stack, value))).collect();
        Node::new(entries, node.at)
    }

    fn tree<'a>(&self, stack: &Stack<'_, 'a>, tree: &Tree<'a>) -> Tree<'a> {
        let made = stack.run.step(|| match tree {
            Tree::Object(node) => match node.entries() {
                [(key, Tree::Text(name))] if key == "Ref" && name == self.identifier => {
                    Tree::Text(Cow::Owned(self.item.to_owned()))
                }
                _ => Tree::Object(self.object(stack, node)),
            },
            Tree::List(items) => Tree::List(items.iter().map(|item| self.tree(stack, item)).collect()),
            Tree::Text(text) => self.text(stack, text).map_or_else(too_large, Tree::Text),
            Tree::Null | Tree::Flag(_) | Tree::Unknown(_) => tree.clone(),
        });
        made.unwrap_or_else(too_large)
    }

    /// `${Name}` is the item, `&{Name}` its letters and figures. `None` where that is too long.
    fn text<'a>(&self, stack: &Stack<'_, 'a>, text: &Cow<'a, str>) -> Option<Cow<'a, str>> {
        let (whole, bare) = (format!("${{{}}}", self.identifier), format!("&{{{}}}", self.identifier));
        if !text.contains(&whole) && !text.contains(&bare) {
            return Some(text.clone());
        }
        let made =
            text.len() + (text.matches(&whole).count() + text.matches(&bare).count()) * self.item.len();
        if made > TEXT_BYTES_MAX || !stack.run.charge(made / BYTES_OF_STEP) {
            return None;
        }
        let letters: String = self.item.chars().filter(char::is_ascii_alphanumeric).collect();
        Some(Cow::Owned(text.replace(&whole, self.item).replace(&bare, &letters)))
    }
}
