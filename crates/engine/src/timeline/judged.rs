//! A change with what it did, all openings together.

use std::sync::Arc;

use model::{Name, Weakened};

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
    /// What it did to a detector, a log or a protection.
    pub weakened: Option<Weakened>,
    /// What else is to be said of it, in one sentence without a final period: what a denied attempt would have opened, which
    /// list was trusted, that its effect is not modelled.
    pub note: Option<String>,
    /// Who expected it, and why: it is listed and counted, and no alarm.
    pub expected: Option<Expected>,
}

/// Why a change was expected.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Expected {
    /// Who answers for it.
    pub owner: Name,
    /// Why.
    pub reason: Name,
}
