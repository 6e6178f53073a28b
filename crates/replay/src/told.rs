//! What a replay tells.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{ChangeEffect, Expected, Exposure, Fingerprint, Judged, Opening, Step};
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
    let expected = expected(openings);
    let told = |judged: &Judged| {
        let mut own = effects.get(&judged.cause.event).cloned().unwrap_or_default();
        own.sort_unstable();
        own.dedup();
        let first = own.iter().map(|(_, effect)| *effect).chain([judged.effect]).min();
        let expected = expected.get(&judged.cause.event).copied().flatten().cloned();
        Judged { effect: first.unwrap_or(judged.effect), effects: own, expected, ..judged.clone() }
    };
    judged.iter().map(told).collect()
}

/// Why changes were expected, by their events: a change is where everything that it opened or widened is.
fn expected(openings: &[Opening]) -> BTreeMap<&Name, Option<&Expected>> {
    let opens = |step: &&Step| {
        matches!(step.effect, ChangeEffect::Opens | ChangeEffect::Attaches | ChangeEffect::Widens)
    };
    let mut known: BTreeMap<&Name, Option<&Expected>> = BTreeMap::new();
    for opening in openings {
        let expected = opening.expected.as_ref();
        for step in opening.steps.iter().filter(opens) {
            let known = known.entry(&step.cause.event).or_insert(expected);
            *known = known.filter(|_| expected.is_some());
        }
    }
    known
}

/// A word, shared.
pub(crate) fn word(text: &str) -> Name {
    Arc::from(text)
}
