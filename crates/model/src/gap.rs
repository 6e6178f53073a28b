//! What was not understood, or is not in the input, and what that does to the answer.

use crate::{DocumentId, Provenance};

/// What a gap does to the answer. Complete: results name these four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Effect {
    /// The answer may hold more than the truth.
    Widened,
    /// The answer may hold less than the truth.
    Narrowed,
    /// The answer has bounds instead of a value.
    Undecided,
    /// Something was not assessed at all.
    Skipped,
}

impl Effect {
    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Widened => "widened",
            Self::Narrowed => "narrowed",
            Self::Undecided => "undecided",
            Self::Skipped => "skipped",
        }
    }
}

/// One thing that was not understood. A run with a gap is incomplete.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Gap {
    /// The document it is about; `None` when it is about no document.
    pub document: Option<DocumentId>,
    /// The place in the document.
    pub provenance: Option<Provenance>,
    /// A stable kebab-case name, e.g. `unknown-service-tag`.
    pub code: &'static str,
    /// What it does to the answer.
    pub effect: Effect,
    /// One sentence: what was read, what was expected, what to do.
    pub message: String,
}

impl Gap {
    /// A gap at a place.
    #[must_use]
    pub const fn at(provenance: Provenance, code: &'static str, effect: Effect, message: String) -> Self {
        Self { document: Some(provenance.document), provenance: Some(provenance), code, effect, message }
    }
}
