//! Estates that are nearly the same, and must not be told as the same.

use std::collections::BTreeMap;

use super::{differing_packet, exposures};
use crate::generate::estate;
use crate::random::Random;
use crate::rewrite::NearMiss;

/// Near-misses of which the oracle says that they mean something else.
#[derive(Debug, Default)]
pub struct Found {
    /// How many of each kind.
    pub differing: BTreeMap<NearMiss, usize>,
    /// Those of which the crates say the same all the same.
    pub unnoticed: Vec<String>,
}

/// Looks for that many and one of each kind at least, and at most so many of one kind.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn near_misses(wanted: usize, of_one_kind_max: usize) -> Found {
    let mut found = Found::default();
    for seed in 0.. {
        let mut random = Random::new(seed);
        let original = estate(&mut random);
        let mut expected = None;
        let enough = found.differing.values().sum::<usize>() >= wanted;
        if enough && found.differing.len() == NearMiss::ALL.len() {
            break;
        }
        let most = if enough { 1 } else { of_one_kind_max };
        for kind in NearMiss::ALL {
            if found.differing.get(&kind).is_some_and(|count| *count >= most) {
                continue;
            }
            let Some(missed) = kind.apply(&original, &mut random) else { continue };
            // Whether it means something else is for the oracle to say.
            let Some(packet) = differing_packet(&original, &missed, &mut random) else { continue };
            if exposures(&missed) == *expected.get_or_insert_with(|| exposures(&original)) {
                found.unnoticed.push(format!("seed {seed}: {kind:?}: {packet}"));
            }
            *found.differing.entry(kind).or_default() += 1;
        }
    }
    found
}
