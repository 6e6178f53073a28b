//! One resource that is declared, or a block of it: what its arguments say, with what they refer to found.
//!
//! Knows how arguments are read, and no type of resource.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree, Unknown};
use cloud::{Declared, Presence};

use super::row::Slot;
use super::scene::Scene;
use super::written::{Who, reference, text};

/// A resource that is declared.
#[derive(Clone, Copy)]
pub(super) struct One<'s, 'a> {
    pub(super) scene: &'s Scene<'s, 'a>,
    pub(super) index: usize,
    pub(super) declared: &'s Declared<'a>,
}

/// A block, or all arguments of a resource.
#[derive(Clone, Copy)]
pub(super) struct Block<'s, 'a> {
    pub(super) scene: &'s Scene<'s, 'a>,
    pub(super) node: &'s Node<'a>,
}

/// What stands in a list of blocks. Complete.
pub(super) enum Listed<'s, 'a> {
    /// A block.
    This(Block<'s, 'a>),
    /// A block, or any number of them, of which nothing is known.
    Unknown(Tree<'a>),
}

impl<'s, 'a> One<'s, 'a> {
    /// Its arguments.
    pub(super) fn block(self) -> Block<'s, 'a> {
        Block { scene: self.scene, node: &self.declared.attributes }
    }

    pub(super) fn who(self) -> Who<'s> {
        Who { id: self.scene.id(self.index), name: self.scene.name(self.index) }
    }

    pub(super) fn at(self) -> Option<&'a str> {
        self.declared.attributes.at
    }

    /// Its type.
    pub(super) fn kind(self) -> &'s str {
        &self.declared.kind
    }

    pub(super) fn is_certain(self) -> bool {
        self.declared.presence == Presence::Certain
    }

    /// What others add to a list of it.
    pub(super) fn added(self, slot: Slot) -> Vec<Tree<'a>> {
        self.scene.added(self.who().id, slot)
    }
}

impl<'s, 'a> Block<'s, 'a> {
    /// What an argument says, under the first of its spellings that says anything.
    pub(super) fn value(self, names: &[&str]) -> Option<Tree<'a>> {
        let stated = names.iter().filter_map(|name| self.node.own(name));
        stated.filter(|value| says_something(value)).map(|value| self.scene.resolved(value)).next()
    }

    /// What an argument says where leaving it out, or empty, means this.
    pub(super) fn value_or(self, names: &[&str], otherwise: &'static str) -> Tree<'a> {
        self.value(names).unwrap_or_else(|| text(otherwise))
    }

    /// A text that is known.
    pub(super) fn text(self, names: &[&str]) -> Option<Cow<'a, str>> {
        match self.value(names)? {
            Tree::Text(text) => Some(text),
            Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
        }
    }

    /// What a flag says, as another word for each of both; `otherwise` where it says nothing.
    pub(super) fn word(self, names: &[&str], [yes, no]: [&'static str; 2], otherwise: bool) -> Tree<'a> {
        let word = |flag: bool| text(if flag { yes } else { no });
        match self.value(names) {
            None => word(otherwise),
            Some(Tree::Flag(flag)) => word(flag),
            Some(Tree::Text(flag)) if flag.eq_ignore_ascii_case("true") => word(true),
            Some(Tree::Text(flag)) if flag.eq_ignore_ascii_case("false") => word(false),
            Some(other) => other,
        }
    }

    /// What a flag says.
    pub(super) fn flag(self, names: &[&str], otherwise: bool) -> Tree<'a> {
        self.value(names).unwrap_or(Tree::Flag(otherwise))
    }

    /// `{"id": …}` of what an argument refers to.
    pub(super) fn reference(self, names: &[&str]) -> Option<Tree<'a>> {
        self.value(names).map(reference)
    }

    /// A list of `{"id": …}` of what an argument refers to.
    pub(super) fn references(self, names: &[&str]) -> Option<Tree<'a>> {
        Some(match self.value(names)? {
            Tree::List(ids) => Tree::List(ids.into_iter().map(reference).collect()),
            Tree::Unknown(unknown) => Tree::Unknown(unknown),
            id => Tree::List(vec![reference(id)]),
        })
    }

    /// The blocks under a name, in their order.
    pub(super) fn blocks(self, names: &[&str]) -> Vec<Listed<'s, 'a>> {
        let mut found = Vec::new();
        for value in names.iter().filter_map(|name| self.node.own(name)) {
            match value {
                Tree::List(items) => found.extend(items.iter().filter_map(|item| self.listed(item))),
                other => found.extend(self.listed(other)),
            }
        }
        found
    }

    /// The same, where what nobody wrote means that there is none, though a provider may fill it in.
    pub(super) fn written_blocks(self, names: &[&str]) -> Vec<Listed<'s, 'a>> {
        let is_written = |listed: &Listed<'_, 'a>| match listed {
            Listed::This(_) => true,
            Listed::Unknown(value) => !is_filled_in(value),
        };
        self.blocks(names).into_iter().filter(is_written).collect()
    }

    fn listed(self, item: &'s Tree<'a>) -> Option<Listed<'s, 'a>> {
        match item {
            Tree::Null => None,
            Tree::Object(node) => Some(Listed::This(Block { scene: self.scene, node })),
            other => Some(Listed::Unknown(unknown_of(other))),
        }
    }

    /// Each block under a name, written as an object; what is not known stays so. Nothing where there is no block.
    pub(super) fn list(self, names: &[&str], write: impl Fn(Block<'s, 'a>) -> Tree<'a>) -> Option<Tree<'a>> {
        let blocks = self.blocks(names);
        (!blocks.is_empty()).then(|| written(blocks, write))
    }

    /// The one block under a name, written as an object.
    pub(super) fn only(
        self,
        names: &[&str],
        write: impl FnOnce(Block<'s, 'a>) -> Tree<'a>,
    ) -> Option<Tree<'a>> {
        self.written_blocks(names).into_iter().next().map(|listed| match listed {
            Listed::This(block) => write(block),
            Listed::Unknown(value) => value,
        })
    }

    pub(super) fn at(self) -> Option<&'a str> {
        self.node.at
    }
}

/// Blocks written as objects.
pub(super) fn written<'s, 'a>(
    blocks: Vec<Listed<'s, 'a>>,
    write: impl Fn(Block<'s, 'a>) -> Tree<'a>,
) -> Tree<'a> {
    let written = blocks.into_iter().map(|listed| match listed {
        Listed::This(block) => write(block),
        Listed::Unknown(value) => value,
    });
    Tree::List(written.collect())
}

/// Whether a value is one that an argument has: null, blank and empty are nothing, and so is what a provider fills in.
pub(super) fn says_something(value: &Tree<'_>) -> bool {
    match value {
        Tree::Null => false,
        Tree::Text(text) => !text.trim().is_empty(),
        Tree::List(items) => !items.is_empty(),
        Tree::Flag(_) | Tree::Object(_) => true,
        Tree::Unknown(_) => !is_filled_in(value),
    }
}

/// Whether nobody wrote a value and a provider fills it in, as plans print it.
pub(super) fn is_filled_in(value: &Tree<'_>) -> bool {
    matches!(value, Tree::Unknown(unknown)
        if unknown.cause == Cause::Computed && unknown.text.is_empty() && unknown.refers.is_none())
}

/// What is no object where one should be.
fn unknown_of<'a>(value: &Tree<'a>) -> Tree<'a> {
    match value {
        Tree::Unknown(unknown) => Tree::Unknown(unknown.clone()),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Object(_) => {
            Tree::unknown(Cause::Wrong, "")
        }
    }
}

/// A value that may be another, or not be at all.
pub(super) fn doubtful<'a>(because: Option<&Unknown<'a>>) -> Tree<'a> {
    match because {
        Some(unknown) => Tree::Unknown(Box::new(Unknown { refers: None, ..unknown.clone() })),
        None => Tree::unknown(Cause::Unset, "count"),
    }
}
