//! Every element of a path and every service: the crates against the evaluator that reads the same JSON. The long run
//! is `--example oracle`.

use testkit::estates::{exposures, run};
use testkit::faults::ElementFault;
use testkit::generate::Element;
use testkit::random::{Random, mix};
use testkit::rewrite::ElementRewrite;

#[test]
fn crates_and_oracle_agree_on_every_element() {
    let mut failed = Vec::new();
    for element in Element::ALL {
        let tally = run(element, 32_000, 0x5eed);
        println!(
            "{:<34}{:>5} estates {:>8} packets {:>7} in {:>7} undecided {:>7} wider {:>7} disagree {:?}",
            element.word(),
            tally.estates,
            tally.packets,
            tally.admitted,
            tally.undecided,
            tally.wider,
            tally.disagreed,
            tally.strangers
        );
        for said in tally.disagreements.iter().chain(&tally.widest) {
            println!("    {said}");
        }
        if tally.disagreed > 0 {
            failed.push(element.word());
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn every_seeded_fault_of_an_element_is_caught() {
    let mut missed = Vec::new();
    for fault in ElementFault::ALL {
        let caught = fault.run(12, 12_000, 0x5eed);
        println!("{:<34}{caught:?}", fault.word());
        assert!(caught.mattered > 0, "{}: never matters", fault.word());
        if caught.caught != caught.mattered {
            missed.push(fault.word());
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

/// The same estate written otherwise has the same exposures, and the evaluator on the JSON decides the same of both.
#[test]
fn equivalent_rewrites_of_elements_leave_every_exposure_as_it_was() {
    let mut changed = [0_usize; ElementRewrite::ALL.len()];
    let mut differing = Vec::new();
    for element in Element::ALL {
        for seed in 0..ESTATES {
            let mut random = Random::new(mix(seed));
            let original = element.estate(&mut random);
            let expected = exposures(&original);
            for (place, rewrite) in ElementRewrite::ALL.into_iter().enumerate() {
                let rewritten = rewrite.apply(&original, &mut random);
                changed[place] += usize::from(rewritten.documents() != original.documents());
                if exposures(&rewritten) != expected {
                    differing.push(format!("{} {seed}: {rewrite:?}", element.word()));
                }
            }
        }
    }
    println!("estates changed by each rewrite: {changed:?}");
    assert!(changed.iter().all(|count| *count > 4), "{changed:?}");
    assert!(differing.is_empty(), "{differing:#?}");
}

/// Estates of each element that are rewritten in every way.
const ESTATES: u64 = 5;
