//! The arguments that types of resources are known to have. What a declaration says beyond them may open something, and
//! is told: a provider adds arguments, and people misspell them.
//!
//! Knows no type: it is given tables.

use model::Effect;

use crate::Quoted;
use crate::declared::{Declarations, Declared};
use crate::desk::Desk;
use crate::json::{Cause, Node, Tree};

/// What is known of some types that decide what is let in.
#[derive(Clone, Copy, Debug)]
pub struct Arguments {
    /// The types.
    pub kinds: &'static [&'static str],
    /// Their arguments and attributes.
    pub known: &'static [&'static str],
    /// Blocks in them, with the arguments of these.
    pub blocks: &'static [(&'static str, &'static [&'static str])],
}

/// Tells what resources say that no table knows.
pub fn tell_unknown_arguments<'a>(
    declarations: &Declarations<'_, 'a>,
    tables: &[Arguments],
    desk: &mut Desk<'_, 'a>,
) {
    for declared in declarations.resources.iter().filter(|declared| !declared.is_looked_up) {
        let Some(table) = tables.iter().find(|table| table.kinds.contains(&&*declared.kind)) else {
            continue;
        };
        let node = &declared.attributes;
        let is_known =
            |key: &str| table.known.contains(&key) || table.blocks.iter().any(|(block, _)| *block == key);
        tell(declared, node, "", is_known, desk);
        for (block, known) in table.blocks {
            let items: &[Tree<'a>] = match node.own(block) {
                Some(Tree::List(items)) => items,
                Some(alone) => core::slice::from_ref(alone),
                None => &[],
            };
            for item in items {
                if let Tree::Object(inner) = item {
                    tell(declared, inner, block, |key| known.contains(&key), desk);
                }
            }
        }
    }
}

fn tell<'a>(
    declared: &Declared<'a>,
    node: &Node<'a>,
    block: &str,
    is_known: impl Fn(&str) -> bool,
    desk: &mut Desk<'_, 'a>,
) {
    for (key, value) in node.entries() {
        if is_known(key) || !says_something(value) {
            continue;
        }
        let of = if block.is_empty() { String::new() } else { format!(" of {}", Quoted(block)) };
        let message = format!(
            "{}: {}{of} is not known: what it lets in or keeps out is not in the answer",
            Quoted(&declared.address),
            Quoted(key)
        );
        let place = desk.place(node.at.or(declared.attributes.at));
        desk.note(place, "unknown-argument", Effect::Narrowed, message);
    }
}

/// Whether somebody wrote a value: plans and states print nulls, and what providers fill in.
fn says_something(value: &Tree<'_>) -> bool {
    match value {
        Tree::Null => false,
        Tree::Text(text) => !text.is_empty(),
        Tree::List(items) => !items.is_empty(),
        Tree::Flag(_) | Tree::Object(_) => true,
        Tree::Unknown(unknown) => {
            unknown.cause != Cause::Computed || !unknown.text.is_empty() || unknown.refers.is_some()
        }
    }
}
