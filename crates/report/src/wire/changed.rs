//! The objects of a result that a log was read for: openings, changes, who and when.

use serde::Serialize;

use super::Where;
use super::exposure::{Exposure, Sources};
use crate::{Detected, Places};

#[derive(Serialize)]
pub(crate) struct Opening<'a> {
    #[serde(flatten)]
    exposure: Exposure<'a>,
    opened: Option<Cause<'a>>,
    closed: Option<Cause<'a>>,
    steps: Vec<Step<'a>>,
    latest: Option<Sources<'a>>,
    baseline: &'static str,
    expected: Option<Expected<'a>>,
}

#[derive(Serialize)]
struct Cause<'a> {
    at: String,
    actor: &'a str,
    address: Option<&'a str>,
    client: Option<&'a str>,
    event: &'a str,
    operation: &'a str,
    edited: &'a str,
    provenance: Option<Where<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    #[serde(flatten)]
    cause: Cause<'a>,
    effect: &'static str,
    sources: Option<Sources<'a>>,
}

#[derive(Serialize)]
pub(crate) struct Expected<'a> {
    owner: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Change<'a> {
    #[serde(flatten)]
    cause: Cause<'a>,
    cloud: &'static str,
    scope: Option<&'a str>,
    kind: &'a str,
    effect: &'static str,
    effects: Vec<Effect>,
    weakened: Option<&'static str>,
    note: Option<&'a str>,
    expected: Option<Expected<'a>>,
}

#[derive(Serialize)]
struct Effect {
    opening: String,
    effect: &'static str,
}

#[derive(Serialize)]
pub(super) struct Log {
    records: u64,
    first: Option<String>,
    last: Option<String>,
}

impl<'a> Opening<'a> {
    pub(crate) fn of(opening: &'a engine::Opening, places: &'a Places) -> Self {
        let cause = |cause: &'a std::sync::Arc<engine::Cause>| Cause::of(cause, places);
        Self {
            exposure: Exposure::of(&opening.exposure, places),
            opened: opening.opened.as_ref().map(cause),
            closed: opening.closed.as_ref().map(cause),
            steps: opening.steps.iter().map(|step| Step::of(step, places)).collect(),
            latest: opening.latest.as_deref().map(Sources::of),
            baseline: if opening.is_partial { "partial" } else { "complete" },
            expected: opening.expected.as_ref().map(Expected::of),
        }
    }
}

impl<'a> Cause<'a> {
    fn of(cause: &'a engine::Cause, places: &'a Places) -> Self {
        Self {
            at: cause.at.to_string(),
            actor: &cause.actor,
            address: cause.address.as_deref(),
            client: cause.client.as_deref(),
            event: &cause.event,
            operation: &cause.operation,
            edited: &cause.edited,
            provenance: Where::of(None, cause.provenance, places),
        }
    }
}

impl<'a> Step<'a> {
    fn of(step: &'a engine::Step, places: &'a Places) -> Self {
        Self {
            cause: Cause::of(&step.cause, places),
            effect: step.effect.word(),
            sources: step.sources.as_deref().map(Sources::of),
        }
    }
}

impl<'a> Expected<'a> {
    pub(super) fn of(expected: &'a engine::Expected) -> Self {
        Self { owner: &expected.owner, reason: &expected.reason }
    }
}

impl<'a> Change<'a> {
    pub(crate) fn of(change: &'a engine::Judged, places: &'a Places) -> Self {
        let effect = |(opening, effect): &(engine::Fingerprint, engine::ChangeEffect)| Effect {
            opening: opening.to_string(),
            effect: effect.word(),
        };
        Self {
            cause: Cause::of(&change.cause, places),
            cloud: change.cloud,
            scope: change.scope.as_deref(),
            kind: &change.kind,
            effect: change.effect.word(),
            effects: change.effects.iter().map(effect).collect(),
            weakened: change.weakened().map(|(_, how)| weakened(how)),
            note: change.note.as_deref(),
            expected: change.expected.as_ref().map(Expected::of),
        }
    }
}

impl Log {
    pub(super) fn of(detected: &Detected<'_>) -> Self {
        let told = |moment: Option<model::Moment>| moment.map(|moment| moment.to_string());
        let log = detected.log;
        Self { records: log.records, first: told(log.first), last: told(log.last) }
    }
}

/// The events that made a finding so.
pub(super) fn events(detected: &check::Detected) -> Vec<&str> {
    detected.causes.iter().map(|cause| &*cause.event).collect()
}

const fn weakened(weakened: model::Weakened) -> &'static str {
    match weakened {
        model::Weakened::Off => "off",
        model::Weakened::Less => "less",
        model::Weakened::Perhaps => "perhaps",
        model::Weakened::Restored => "restored",
    }
}
