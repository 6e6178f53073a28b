//! Whole estates: the crates against an evaluator that reads the same JSON, and the same estate written otherwise.

use std::collections::BTreeMap;

use testkit::estates::{differing_packet, exposures, exposures_of};
use testkit::generate::estate;
use testkit::random::Random;
use testkit::rewrite::{NearMiss, Rewrite};

/// Sets of rules that are rewritten in every way.
const ESTATES: u64 = 50;
/// Near-misses that must differ.
const NEAR_MISSES: usize = 500;
/// More of one kind are not counted.
const OF_ONE_KIND_MAX: usize = 100;

#[test]
fn equivalent_rewrites_leave_every_exposure_as_it_was() {
    let mut changed = [0_usize; Rewrite::ALL.len()];
    let mut exact = 0;
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
        let mut documents = original.documents();
        random.shuffle(&mut documents);
        assert_eq!(exposures_of(&documents), expected, "seed {seed}: documents in another order");
        // Unknowns are independent of each other, so a rule that is written twice around an unknown tag may widen
        // bounds: the rewrites together are held to the letter where nothing is only possible.
        if !expected.iter().any(|told| told.contains(" Possible ")) {
            assert_eq!(exposures(&all), expected, "seed {seed}: all of them\n{original:#?}\n{all:#?}");
            exact += 1;
        }
    }
    assert!(exact >= 20, "only {exact} estates have nothing that is only possible");
    println!("estates changed by each rewrite: {changed:?}");
    assert!(changed.iter().all(|count| *count * 2 > ESTATES as usize), "{changed:?}");
}

#[test]
fn near_misses_differ() {
    let mut differing = BTreeMap::<NearMiss, usize>::new();
    for seed in 0.. {
        let mut random = Random::new(seed);
        let original = estate(&mut random);
        let expected = exposures(&original);
        for kind in NearMiss::ALL {
            if differing.get(&kind).is_some_and(|count| *count >= OF_ONE_KIND_MAX) {
                continue;
            }
            let Some(missed) = kind.apply(&original, &mut random) else { continue };
            // Whether it means something else is for the oracle to say.
            let Some(packet) = differing_packet(&original, &missed, &mut random) else { continue };
            assert_ne!(exposures(&missed), expected, "seed {seed}: {kind:?}: {packet}\n{original:#?}");
            *differing.entry(kind).or_default() += 1;
        }
        if differing.values().map(|count| (*count).min(OF_ONE_KIND_MAX)).sum::<usize>() >= NEAR_MISSES {
            break;
        }
    }
    println!("near-misses that differ: {differing:?}");
    assert_eq!(differing.len(), NearMiss::ALL.len(), "a kind never differs: {differing:?}");
}
