//! Whole estates: the crates against an evaluator that reads the same JSON, and the same estate written otherwise.

use std::collections::BTreeSet;

use testkit::estates::{Compared, compare, differing_packet, exposures};
use testkit::generate::estate;
use testkit::random::Random;
use testkit::rewrite::{NearMiss, Rewrite};

/// Sets of rules that are rewritten in every way.
const ESTATES: u64 = 50;
/// Near-misses that must differ.
const NEAR_MISSES: usize = 500;

#[test]
fn crates_and_oracle_agree_on_every_packet_to_every_interface() {
    let mut total = Compared::default();
    for seed in 0..60 {
        let mut random = Random::new(seed);
        let estate = estate(&mut random);
        let compared = compare(&estate, 2_000, &mut random);
        assert!(compared.disagreements.is_empty(), "seed {seed}: {:#?}\n{estate:#?}", compared.disagreements);
        total.packets += compared.packets;
        total.admitted += compared.admitted;
    }
    println!("{} packets, {} let in", total.packets, total.admitted);
    assert!(total.admitted * 20 > total.packets, "too few are let in to mean anything");
}

#[test]
fn equivalent_rewrites_leave_every_exposure_as_it_was() {
    let mut changed = [0_usize; Rewrite::ALL.len()];
    for seed in 0..ESTATES {
        let mut random = Random::new(seed);
        let original = estate(&mut random);
        let expected = exposures(&original);
        let mut all = original.clone();
        for (place, rewrite) in Rewrite::ALL.into_iter().enumerate() {
            let rewritten = rewrite.apply(&original, &mut random);
            changed[place] += usize::from(rewritten.documents() != original.documents());
            assert_eq!(
                exposures(&rewritten),
                expected,
                "seed {seed}: {rewrite:?}\n{original:#?}\n{rewritten:#?}"
            );
            all = rewrite.apply(&all, &mut random);
        }
        assert_eq!(exposures(&all), expected, "seed {seed}: all of them\n{original:#?}\n{all:#?}");
    }
    println!("estates changed by each rewrite: {changed:?}");
    assert!(changed.iter().all(|count| *count * 2 > ESTATES as usize), "{changed:?}");
}

#[test]
fn near_misses_differ() {
    let mut differing = 0;
    let mut kinds = BTreeSet::new();
    for seed in 0.. {
        let mut random = Random::new(seed);
        let original = estate(&mut random);
        let kind = *random.pick(&NearMiss::ALL);
        let Some(missed) = kind.apply(&original, &mut random) else { continue };
        // Whether it means something else is for the oracle to say.
        let Some(packet) = differing_packet(&original, &missed, &mut random) else { continue };
        assert_ne!(
            exposures(&missed),
            exposures(&original),
            "seed {seed}: {kind:?}: {packet}\n{original:#?}"
        );
        differing += 1;
        kinds.insert(kind);
        if differing == NEAR_MISSES {
            break;
        }
    }
    assert_eq!(kinds.len(), NearMiss::ALL.len(), "kinds that never differed are missing: {kinds:?}");
}
