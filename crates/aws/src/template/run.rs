//! What all templates of a run share: their texts, what is told, and how much may be evaluated.

use core::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use cloud::Document;
use cloud::json::{Cause, Node, Tree};
use model::{Effect, Gap, Provenance};

use super::parameter_file::{Given, split};

/// A template of the input.
#[derive(Debug)]
pub(super) struct Source<'a> {
    pub(super) document: Document<'a>,
    pub(super) root: Node<'a>,
    /// What files of parameters say for it.
    pub(super) given: Given<'a>,
}

impl<'a> Source<'a> {
    /// The place of a piece of its text.
    pub(super) fn place(&self, piece: Option<&'a str>) -> Provenance {
        let offset = piece.and_then(|piece| {
            let offset = (piece.as_ptr() as usize).checked_sub(self.document.text.as_ptr() as usize)?;
            (offset <= self.document.text.len()).then_some(offset as u64)
        });
        Provenance { document: self.document.id, offset: offset.unwrap_or(0) }
    }
}

/// What stacks export: the values under each name.
pub(super) type Exports<'a> = BTreeMap<String, Vec<Tree<'a>>>;

/// The templates of a run.
#[derive(Debug, Default)]
pub(super) struct Run<'a> {
    pub(super) sources: Vec<Source<'a>>,
    /// What stacks export, by the names under which others import it.
    exports: RefCell<Exports<'a>>,
    gaps: RefCell<BTreeSet<Gap>>,
    steps: Cell<u64>,
    depth: Cell<u32>,
    is_spent: Cell<bool>,
}

impl<'a> Run<'a> {
    pub(super) fn new(sources: Vec<Source<'a>>) -> Self {
        Self { sources, ..Self::default() }
    }

    /// Notes what stacks export; says whether that is more than before.
    pub(super) fn export(&self, exports: Exports<'a>) -> bool {
        let is_new = *self.exports.borrow() != exports;
        *self.exports.borrow_mut() = exports;
        is_new
    }

    /// What is imported under a name, where one stack of the run exports it: no two of a region can.
    pub(super) fn imported(&self, name: &str) -> Option<Tree<'a>> {
        match self.exports.borrow().get(name)?.as_slice() {
            [alone] => Some(alone.clone()),
            _ => None,
        }
    }

    /// Tells of something in a template, once.
    pub(super) fn tell(
        &self,
        source: &Source<'a>,
        at: Option<&'a str>,
        code: &'static str,
        effect: Effect,
        message: String,
    ) {
        self.gaps.borrow_mut().insert(Gap::at(source.place(at), code, effect, message));
    }

    /// What was told, in the order of its places.
    pub(super) fn into_gaps(self) -> impl Iterator<Item = Gap> {
        self.gaps.into_inner().into_iter()
    }

    /// Makes a step of evaluating; `None` where there were too many or it lies too deep.
    pub(super) fn step<T>(&self, with: impl FnOnce() -> T) -> Option<T> {
        let (steps, depth) = (self.steps.get() + 1, self.depth.get() + 1);
        if steps > STEPS_MAX || depth > DEPTH_MAX {
            self.is_spent.set(true);
            return None;
        }
        self.steps.set(steps);
        self.depth.set(depth);
        let made = with();
        self.depth.set(depth - 1);
        Some(made)
    }

    /// Takes as many steps at once as something is large; says whether there were as many left.
    pub(super) fn charge(&self, size: usize) -> bool {
        let steps = self.steps.get().saturating_add(size as u64);
        self.steps.set(steps.min(STEPS_MAX));
        self.is_spent.set(self.is_spent.get() || steps > STEPS_MAX);
        steps <= STEPS_MAX
    }

    /// Whether something was too large to be evaluated.
    pub(super) fn is_spent(&self) -> bool {
        self.is_spent.get()
    }

    /// The template that a path leads to from the folder of another.
    pub(super) fn find(&self, from: &str, path: &str) -> Option<usize> {
        let wanted = normal(split(from).0, path)?;
        self.sources.iter().position(|source| normal("", source.document.path).as_ref() == Some(&wanted))
    }
}

/// A path without `.` and `..`; `None` where it leads to no file.
fn normal<'p>(folder: &'p str, path: &'p str) -> Option<Vec<&'p str>> {
    if path.contains("://") {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split(['/', '\\']).chain(path.split(['/', '\\'])) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    Some(parts)
}

/// A text, where it is not longer than it may be.
pub(super) fn bounded<'a>(text: String) -> Tree<'a> {
    if text.len() > TEXT_BYTES_MAX { Tree::unknown(Cause::TooLarge, "") } else { Tree::Text(text.into()) }
}

const STEPS_MAX: u64 = 1_000_000;
const DEPTH_MAX: u32 = 120;
pub(super) const TEXT_BYTES_MAX: usize = 1_000_000;
/// So many bytes of a text that is made are as much as a step.
pub(super) const BYTES_OF_STEP: usize = 256;
