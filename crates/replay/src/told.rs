//! What a replay tells.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{ChangeEffect, Exposure, Fingerprint, Judged, Opening};
use model::{Gap, Name, Snapshot};

/// What the replay of one cloud's events tells.
#[derive(Debug)]
pub struct Told {
    /// The cloud as the last event left it.
    pub snapshot: Snapshot,
    /// What was open, with its time.
    pub openings: Vec<Opening>,
    /// What each event did, in order of time.
    pub judged: Vec<Judged>,
    /// What denied events would have opened, by the id of the event.
    pub attempts: BTreeMap<Name, Vec<Exposure>>,
    /// What was not understood.
    pub gaps: Vec<Gap>,
}

/// Says of each change what it did to which opening.
pub(crate) fn with_effects(judged: &[Judged], openings: &[Opening]) -> Vec<Judged> {
    let mut effects: BTreeMap<&Name, Vec<(Fingerprint, ChangeEffect)>> = BTreeMap::new();
    for opening in openings {
        for step in &opening.steps {
            effects.entry(&step.cause.event).or_default().push((opening.fingerprint, step.effect));
        }
    }
    let told = |judged: &Judged| {
        let mut own = effects.get(&judged.cause.event).cloned().unwrap_or_default();
        own.sort_unstable();
        own.dedup();
        let first = own.iter().map(|(_, effect)| *effect).chain([judged.effect]).min();
        let expected = expected_by_all(&judged.cause.event, openings);
        Judged { effect: first.unwrap_or(judged.effect), effects: own, expected, ..judged.clone() }
    };
    judged.iter().map(told).collect()
}

/// A change is expected where everything that it opened or widened is.
fn expected_by_all(event: &Name, openings: &[Opening]) -> Option<engine::Expected> {
    let opens = |effect: ChangeEffect| {
        matches!(effect, ChangeEffect::Opens | ChangeEffect::Attaches | ChangeEffect::Widens)
    };
    let mut own = openings
        .iter()
        .filter(|opening| opening.steps.iter().any(|step| step.cause.event == *event && opens(step.effect)));
    let first = own.next()?.expected.clone()?;
    own.all(|opening| opening.expected.is_some()).then_some(first)
}

/// A word, shared.
pub(crate) fn word(text: &str) -> Name {
    Arc::from(text)
}
