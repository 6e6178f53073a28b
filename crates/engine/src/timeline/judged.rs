//! A change with what it did, all openings together.

use std::sync::Arc;

use model::{Name, Watch, Weakened};

use crate::exposure::Fingerprint;

use super::opening::{Cause, ChangeEffect};

/// A change with what it did.
#[derive(Clone, Debug)]
pub struct Judged {
    /// The cloud, in one lower-case word.
    pub cloud: &'static str,
    /// Account, subscription or project.
    pub scope: Option<Name>,
    /// Who, when, which operation on which resource.
    pub cause: Arc<Cause>,
    /// What kind of resource was edited, in words.
    pub kind: Name,
    /// The first of all that it did, in the order of [`ChangeEffect`].
    pub effect: ChangeEffect,
    /// What it did to each opening, sorted. Empty where it moved none.
    pub effects: Vec<(Fingerprint, ChangeEffect)>,
    /// What it was made to; of a refused one, would have been.
    pub touches: Touches,
    /// What else is to be said of it, in one sentence without a final period: what a denied attempt would have opened, which
    /// list was trusted, that its effect is not modelled.
    pub note: Option<String>,
    /// Who expected it, and why: it is listed and counted, and no alarm.
    pub expected: Option<Expected>,
}

/// What a change is made to. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// What is modelled: its effects are known.
    Modelled,
    /// Somebody who watches or protects: what he is there for, and what is done to him.
    Watcher(Watch, Weakened),
    /// What is not modelled: it may have opened something.
    NotModelled,
}

impl Judged {
    /// What it did to a detector, a log or a protection; a refused one did nothing.
    #[must_use]
    pub const fn weakened(&self) -> Option<(Watch, Weakened)> {
        match (self.touches, self.effect) {
            (_, ChangeEffect::Denied) | (Touches::Modelled | Touches::NotModelled, _) => None,
            (Touches::Watcher(watch, weakened), _) => Some((watch, weakened)),
        }
    }

    /// Whether what it did is not known, since what it was made to is not modelled.
    #[must_use]
    pub const fn is_not_modelled(&self) -> bool {
        matches!((self.touches, self.effect), (Touches::NotModelled, effect) if !matches!(effect, ChangeEffect::Denied))
    }
}

/// Why a change was expected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// Who answers for it.
    pub owner: Name,
    /// Why.
    pub reason: Name,
}
