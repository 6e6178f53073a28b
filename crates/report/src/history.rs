//! Who opened what a finding speaks of, when, until when: in words, for every format that has sentences.
//!
//! Knows no column and no colour; names are as they are, and whoever writes them makes them visible.

use std::collections::BTreeMap;
use std::sync::Arc;

use check::{Finding, lasted};
use engine::{Cause, ChangeEffect, Fingerprint, Opening, Step};
use model::Moment;

use crate::Outcome;

/// The openings of an outcome, to be found.
pub(crate) struct Openings<'a> {
    by_fingerprint: BTreeMap<Fingerprint, &'a Opening>,
    /// When the log ends.
    last: Option<Moment>,
}

impl<'a> Openings<'a> {
    pub(crate) fn of(outcome: &Outcome<'a>) -> Self {
        let Some(detected) = outcome.detected else {
            return Self { by_fingerprint: BTreeMap::new(), last: None };
        };
        // Of equal ones the first.
        let openings = detected.openings.iter().rev();
        let by_fingerprint = openings.map(|opening| (opening.exposure.fingerprint, opening)).collect();
        Self { by_fingerprint, last: detected.log.last }
    }

    pub(crate) fn get(&self, fingerprint: &Fingerprint) -> Option<&'a Opening> {
        self.by_fingerprint.get(fingerprint).copied()
    }

    /// Those that a finding rests on: the one that its message speaks of, then the others in order of time.
    pub(crate) fn rested_on(&self, finding: &Finding) -> Vec<&'a Opening> {
        let mut all: Vec<_> = finding.exposures.iter().filter_map(|of| self.get(of)).collect();
        let leading = finding.detected.as_ref().and_then(|detected| detected.leading);
        all.sort_by_key(|opening| {
            (Some(opening.exposure.fingerprint) != leading, opening.opened.as_ref().map(|cause| cause.at))
        });
        all
    }

    /// When the log ends, of something that is open then.
    pub(crate) const fn last(&self) -> Option<Moment> {
        self.last
    }

    /// The message of a finding with who did it, when, and until when; of a scan the message alone.
    pub(crate) fn said(&self, finding: &Finding) -> String {
        match self.done(finding) {
            Some(done) => format!("{}; {done}", finding.message),
            None => finding.message.clone(),
        }
    }

    /// Who did it, when, until when, and who expected it; `None` of a scan.
    pub(crate) fn done(&self, finding: &Finding) -> Option<String> {
        let detected = finding.detected.as_ref()?;
        let rested = self.rested_on(finding);
        let when = match rested.first() {
            Some(leading) => self.when(leading),
            None => over(&detected.causes),
        };
        let more = match rested.len().saturating_sub(1) {
            0 => String::new(),
            1 => ", and 1 opening more".to_owned(),
            number => format!(", and {number} openings more"),
        };
        let expected = detected.accepted.as_ref();
        let expected =
            expected.map(|expected| format!("; expected by `{}`: {}", expected.owner, expected.reason));
        Some(format!("{when}{more}{}", expected.unwrap_or_default()))
    }

    /// `opened 2026-01-10T09:12:44Z by alice, widened 2026-01-10T12:03:10Z by bob, still open when the log ends`.
    fn when(&self, opening: &Opening) -> String {
        let mut told: Vec<String> = Vec::new();
        if opening.opened.is_none() {
            told.push("open already when the log begins".to_owned());
        }
        let steps = opening.steps.iter().filter(|step| lets_in(step.effect));
        let all: Vec<_> = steps.collect();
        told.extend(all.iter().take(STEPS_MAX).map(|step| by(did(step), &step.cause)));
        match all.len().saturating_sub(STEPS_MAX) {
            0 => {}
            cut => told.push(format!("{cut} steps more")),
        }
        match (&opening.closed, self.last) {
            (Some(closed), _) => told.push(by("closed", closed)),
            (None, Some(last)) => told.push(format!("still open when the log ends, {last}")),
            (None, None) => told.push("still open".to_owned()),
        }
        told.join(", ")
    }

    /// How long it was open, or is when the log ends; `None` where that is not known.
    pub(crate) fn lasted(&self, opening: &Opening) -> Option<String> {
        let opened = opening.opened.as_ref()?.at;
        let closed = opening.closed.as_ref().map(|cause| cause.at).or(self.last)?;
        Some(lasted(opened, closed))
    }
}

/// `2026-01-10T09:12:44Z to 2026-01-10T12:03:10Z`; the first alone where there is one.
fn over(causes: &[Arc<Cause>]) -> String {
    match (causes.first(), causes.last()) {
        (Some(first), Some(last)) if first.at < last.at => format!("{} to {}", first.at, last.at),
        (Some(first), _) => format!("at {}", first.at),
        (None, _) => "when is not known".to_owned(),
    }
}

/// `opened 2026-01-10T09:12:44Z by alice from 198.51.100.7`.
fn by(did: &str, cause: &Cause) -> String {
    let address = cause.address.as_ref().map(|address| format!(" from {address}")).unwrap_or_default();
    format!("{did} {} by `{}`{address}", cause.at, cause.actor)
}

/// Whether a step let more in.
pub(crate) const fn lets_in(effect: ChangeEffect) -> bool {
    matches!(effect, ChangeEffect::Opens | ChangeEffect::Attaches | ChangeEffect::Widens)
}

/// What somebody did with a step, told later.
pub(crate) const fn did(step: &Step) -> &'static str {
    match step.effect {
        ChangeEffect::Denied => "attempted",
        ChangeEffect::Opens => "opened",
        ChangeEffect::Attaches => "attached",
        ChangeEffect::Widens => "widened",
        ChangeEffect::Closes => "closed",
        ChangeEffect::Narrows => "narrowed",
        ChangeEffect::Impairs => "weakened",
        ChangeEffect::None => "changed",
    }
}

const STEPS_MAX: usize = 3;
