//! Whole estates: the crates against an evaluator that reads the same JSON, and the same estate written otherwise.

use testkit::estates::{exposures, exposures_of, near_misses};
use testkit::generate::estate;
use testkit::random::Random;
use testkit::rewrite::{NearMiss, Rewrite};

/// Sets of rules that are rewritten in every way.
const ESTATES: u64 = 50;
/// Near-misses that must differ; the example `oracle` takes more.
const NEAR_MISSES: usize = 120;
/// More of one kind are not counted.
const OF_ONE_KIND_MAX: usize = 60;

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
    let found = near_misses(NEAR_MISSES, OF_ONE_KIND_MAX);
    println!("near-misses that differ: {:?}", found.differing);
    assert!(found.unnoticed.is_empty(), "{:#?}", found.unnoticed);
    assert_eq!(found.differing.len(), NearMiss::ALL.len(), "a kind never differs: {:?}", found.differing);
}
