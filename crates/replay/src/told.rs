//! What a replay tells.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::{ChangeEffect, Expected, Exposure, Fingerprint, Judged, Opening, Step};
use model::{Gap, Name, Reach, Snapshot};

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
pub(crate) fn with_effects(judged: impl Iterator<Item = Judged>, openings: &[Opening]) -> Vec<Judged> {
    let mut effects: BTreeMap<&Name, Vec<Moved>> = BTreeMap::new();
    for opening in openings {
        let nearness = nearness(opening.exposure.reach);
        for step in &opening.steps {
            let moved = Moved { nearness, effect: step.effect, opening: opening.fingerprint };
            effects.entry(&step.cause.event).or_default().push(moved);
        }
    }
    let expected = expected(openings);
    let told = |judged: Judged| {
        let own = effects.get(&judged.cause.event).map(Vec::as_slice).unwrap_or_default();
        let moved = own.iter().filter(|moved| moved.effect != ChangeEffect::None);
        let first = moved.min_by_key(|moved| (moved.nearness, moved.effect)).map(|moved| moved.effect);
        let mut effects: Vec<_> = own.iter().map(|moved| (moved.opening, moved.effect)).collect();
        effects.sort_unstable();
        effects.dedup();
        let expected = expected.get(&judged.cause.event).copied().flatten().cloned();
        let effect = first.map_or(judged.effect, |first| first.min(judged.effect));
        Judged { effect, effects, expected, ..judged }
    };
    judged.map(told).collect()
}

/// What an event did to one opening.
struct Moved {
    nearness: u8,
    effect: ChangeEffect,
    opening: Fingerprint,
}

/// What is reached comes before what could be: an address that is taken away closes what was exposed, though it leaves
/// a rule that now lets in somebody who has no way.
const fn nearness(reach: Reach) -> u8 {
    match reach {
        Reach::Exposed | Reach::ViaProxy | Reach::Admitted => 0,
        Reach::OneWay => 1,
        Reach::Latent => 2,
    }
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
