//! What an expression may ask for, and how much of it.

use crate::value::{Text, Value};

/// How much evaluation a configuration may take: beyond it everything is too large.
#[derive(Debug)]
pub(crate) struct Budget {
    steps: usize,
    depth: usize,
}

impl Budget {
    /// So many steps: one is a part of an expression, an item of a result, 64 bytes of a text.
    pub(crate) const fn new(steps: usize) -> Self {
        Self { steps, depth: 0 }
    }

    /// Takes steps; `false` where there are not so many left.
    pub(crate) const fn spend(&mut self, steps: usize) -> bool {
        match self.steps.checked_sub(steps) {
            Some(left) => {
                self.steps = left;
                true
            }
            None => {
                self.steps = 0;
                false
            }
        }
    }

    /// One evaluation inside another; `false` where that is too deep. [`Self::leave`] follows either way.
    pub(crate) const fn enter(&mut self) -> bool {
        self.depth += 1;
        self.depth <= DEPTH_MAX && self.spend(1)
    }

    /// The evaluation is done.
    pub(crate) const fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

/// What the names of an expression mean.
pub(crate) trait Scope<'a> {
    /// What a name is with the steps that directly follow it, up to a splat.
    fn find(&mut self, root: &str, steps: &[Step<'a>]) -> Found<'a>;

    /// What is left of the configuration's evaluation.
    fn budget(&mut self) -> &mut Budget;

    /// The text of a file, by its path as an expression says it; `None` where that is not known.
    fn file(&mut self, path: &str) -> Option<&'a str>;

    /// The files below a folder, relative to it; `None` where they are not known.
    fn folder(&mut self, path: &str) -> Option<Vec<String>> {
        let _ = path;
        None
    }
}

/// One step into a value. Complete.
#[derive(Clone, Debug)]
pub(crate) enum Step<'a> {
    /// `.name`, and `.0`.
    Attribute(Text<'a>),
    /// `[key]`; the key may not be known.
    Index(Value<'a>),
}

/// What a scope says of a name. Complete.
#[derive(Clone, Debug)]
pub(crate) enum Found<'a> {
    /// A value.
    This {
        /// What the name is with its first steps.
        value: Value<'a>,
        /// How many steps that are.
        used: usize,
    },
    /// There is no such thing, said in a few words.
    Wrong(String),
}

/// Evaluations inside evaluations, those of the scope among them. Without optimisation each takes about 10 KB of the stack;
/// configurations are evaluated on one of 64 MB.
const DEPTH_MAX: usize = 1000;
