//! Organisations that are nearly the same, and must not be told as the same.

use std::collections::{BTreeMap, BTreeSet};

use super::differing::{differing, judges, values};
use crate::estates::reach::{Boundaries, fingerprints};
use crate::generate::{GcpElement, Organisation};
use crate::random::{Random, mix};
use crate::rewrite::GcpNearMiss;

/// Near-misses of which the oracle says that they mean something else.
#[derive(Debug, Default)]
pub struct GcpFound {
    /// How many of each kind.
    pub differing: BTreeMap<GcpNearMiss, usize>,
    /// Those of which the crates say the same all the same.
    pub unnoticed: Vec<String>,
}

/// Looks for that many and one of each kind at least, and at most so many of one kind.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn gcp_near_misses(wanted: usize, of_one_kind_max: usize) -> GcpFound {
    let mut found = GcpFound::default();
    for number in 0.. {
        let enough = found.differing.values().sum::<usize>() >= wanted;
        if enough && found.differing.len() == GcpNearMiss::ALL.len() {
            break;
        }
        let each = if enough { 1 } else { of_one_kind_max };
        let kind = GcpNearMiss::ALL[number as usize % GcpNearMiss::ALL.len()];
        if found.differing.get(&kind).is_some_and(|count| *count >= each) {
            continue;
        }
        let mut random = Random::new(mix(number));
        let element = if random.chance(30) { *random.pick(&GcpElement::ALL) } else { kind.element() };
        let original = element.organisation(&mut random);
        let (all, judges) = (Boundaries::of(values(&original).iter()), judges(&original));
        // Whether it means something else is for the oracle to say, where it knows what both mean.
        let missed = (0..DRAWS).find_map(|_| {
            let missed = kind.apply(&original, &mut random)?;
            let packet = differing([&original, &missed], &all, &judges, &mut random)?;
            (!packet.contains("Undecided")).then_some((missed, packet))
        });
        let Some((missed, packet)) = missed else { continue };
        if told(&missed) == told(&original) {
            found.unnoticed.push(format!("{} {number}: {kind:?}: {packet}", element.word()));
        }
        *found.differing.entry(kind).or_default() += 1;
    }
    found
}

fn told(organisation: &Organisation) -> BTreeSet<String> {
    let texts = organisation.texts();
    fingerprints(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

/// How often a change is drawn for one organisation.
const DRAWS: usize = 2;
