//! Who opened it, when, until when, each step with what got in before and after it; and what else they did that day.
//!
//! Made from what a result says, so that a saved one tells the same.

use check::lasted;
use model::Moment;
use serde::Serialize;

use super::saved::{self, Cause, Expected, Sources};

/// What it is made from.
pub(super) struct Told<'a> {
    pub(super) opening: Option<&'a saved::Opening>,
    pub(super) finding: Option<&'a saved::Finding>,
    /// All changes of the log.
    pub(super) changes: &'a [saved::Change],
    /// When the log ends.
    pub(super) last: Option<&'a str>,
}

/// The time of what is explained.
#[derive(Debug, Serialize)]
pub(super) struct History {
    /// The cloud, in one lower-case word.
    pub(super) cloud: Option<String>,
    pub(super) scope: Option<String>,
    /// Whether it was open before the first event that is known.
    pub(super) open_before: bool,
    pub(super) steps: Vec<Step>,
    /// Whether it is open when the log ends; of something that was done, and not opened, `None`.
    pub(super) is_open: Option<bool>,
    /// From the first step to the last, or to the end of the log; in words.
    pub(super) lasted: Option<String>,
    pub(super) log_ends: Option<String>,
    /// `complete` or `partial`.
    pub(super) baseline: Option<String>,
    pub(super) expected: Option<Expected>,
    /// What the same actors did within a day of it.
    pub(super) beside: Vec<Beside>,
    pub(super) beside_more: u64,
}

#[derive(Debug, Serialize)]
pub(super) struct Step {
    #[serde(flatten)]
    pub(super) cause: Cause,
    pub(super) effect: String,
    /// Who got in before it, as far as steps say it; `None` where nobody did, or nothing was opened.
    pub(super) before: Option<Sources>,
    pub(super) after: Option<Sources>,
    pub(super) note: Option<String>,
}

/// Another change.
#[derive(Debug, Serialize)]
pub(super) struct Beside {
    #[serde(flatten)]
    pub(super) cause: Cause,
    pub(super) kind: String,
    pub(super) effect: String,
    pub(super) weakened: Option<String>,
}

impl History {
    /// `None` where nothing says a time.
    pub(super) fn of(told: &Told<'_>) -> Option<Self> {
        let events = told.finding.and_then(|finding| finding.changes.as_deref()).unwrap_or_default();
        let steps = match told.opening {
            Some(opening) => of_opening(opening),
            None => of_events(events, told.changes),
        };
        let first = told.opening.and_then(|opening| opening.opened.as_ref()).map(|cause| cause.at.as_str());
        let closed = told.opening.and_then(|opening| opening.closed.as_ref()).map(|cause| cause.at.as_str());
        let is_open = told.opening.map(|opening| opening.closed.is_none());
        let span = first.and_then(Moment::of).zip(closed.or(told.last).and_then(Moment::of));
        let (beside, beside_more) = beside(&steps, told.changes);
        let of_change = told.changes.iter().find(|change| steps.iter().any(|step| step.is(&change.cause)));
        let cloud = told.opening.map(|opening| opening.exposure.cloud.clone());
        let scope = told.opening.and_then(|opening| opening.exposure.scope.clone());
        (!steps.is_empty()).then(|| Self {
            cloud: cloud.or_else(|| Some(of_change?.cloud.clone())),
            // An event is logged where the resource is that was edited; the target may be in another project.
            scope: of_change.and_then(|change| change.scope.clone()).or(scope),
            open_before: told.opening.is_some_and(|opening| opening.opened.is_none()),
            steps,
            is_open,
            lasted: span.map(|(first, last)| lasted(first, last)),
            log_ends: told.last.map(str::to_owned),
            baseline: told.opening.map(|opening| opening.baseline.clone()),
            expected: expected(told).cloned(),
            beside,
            beside_more,
        })
    }

    /// The first and the last moment of it.
    pub(super) fn span(&self) -> Option<(Moment, Moment)> {
        let at = |step: &Step| Moment::of(&step.cause.at);
        let first = self.steps.first().and_then(at)?;
        let last = if self.is_open == Some(true) { self.log_ends.as_deref() } else { None };
        let last = last.and_then(Moment::of).or_else(|| self.steps.last().and_then(at))?;
        Some((first, last.max(first)))
    }
}

impl Step {
    fn is(&self, cause: &Cause) -> bool {
        (&self.cause.event, &self.cause.at) == (&cause.event, &cause.at)
    }
}

fn expected<'a>(told: &Told<'a>) -> Option<&'a Expected> {
    let of_finding = told.finding.and_then(|finding| finding.accepted.as_ref());
    told.opening.and_then(|opening| opening.expected.as_ref()).or(of_finding)
}

/// Each step with what the one before it left.
fn of_opening(opening: &saved::Opening) -> Vec<Step> {
    let mut before: Option<Sources> = None;
    let steps = opening.steps.iter().map(|step| {
        let after = step.sources.clone();
        let before = core::mem::replace(&mut before, after.clone());
        Step { cause: step.cause.clone(), effect: step.effect.clone(), before, after, note: None }
    });
    steps.collect()
}

fn of_events(events: &[String], changes: &[saved::Change]) -> Vec<Step> {
    let own = changes.iter().filter(|change| events.contains(&change.cause.event));
    let steps = own.map(|change| Step {
        cause: change.cause.clone(),
        effect: change.effect.clone(),
        before: None,
        after: None,
        note: change.note.clone(),
    });
    steps.collect()
}

/// What the same actors did within a day of a step of theirs, and how much more.
fn beside(steps: &[Step], changes: &[saved::Change]) -> (Vec<Beside>, u64) {
    let near = |change: &&saved::Change| {
        let Some(at) = Moment::of(&change.cause.at) else { return false };
        let by_same = steps.iter().filter(|step| step.cause.actor == change.cause.actor);
        let mut moments = by_same.filter_map(|step| Moment::of(&step.cause.at));
        moments.any(|moment| at.0.abs_diff(moment.0) <= DAY_MILLIS)
    };
    let others = changes.iter().filter(|change| !steps.iter().any(|step| step.is(&change.cause)));
    let near: Vec<_> = others.filter(near).collect();
    let more = near.len().saturating_sub(BESIDE_MAX) as u64;
    let told = near.into_iter().take(BESIDE_MAX).map(|change| Beside {
        cause: change.cause.clone(),
        kind: change.kind.clone(),
        effect: change.effect.clone(),
        weakened: change.weakened.clone(),
    });
    (told.collect(), more)
}

pub(super) const DAY_MILLIS: u64 = 86_400_000;
const BESIDE_MAX: usize = 20;
