//! Accounts of AWS: the crates against the evaluator that reads the same JSON, seeded faults, the same account written
//! otherwise. The long run is `--example oracle -- --only aws`.

use std::collections::BTreeSet;

use testkit::estates::{aws_near_misses, differing_account_packet, fingerprints, run_account};
use testkit::faults::AwsFault;
use testkit::generate::AwsElement;
use testkit::random::{Random, mix};
use testkit::rewrite::{AwsNearMiss, AwsRewrite, merged, reversed_keys};

#[test]
fn crates_and_oracle_agree_on_every_element() {
    let mut failed = Vec::new();
    for element in AwsElement::ALL {
        let tally = run_account(element, PACKETS, 0x5eed);
        println!(
            "{:<18}{:>5} accounts {:?} packets {:>7} exposed {:>7} one-way {:>7} undecided {:>7} wider {:>7} disagree {:?}",
            element.word(),
            tally.estates,
            tally.packets,
            tally.exposed,
            tally.one_way,
            tally.undecided,
            tally.wider,
            tally.disagreed,
            tally.strangers
        );
        tally.disagreements.iter().chain(&tally.widest).for_each(|said| println!("    {said}"));
        if tally.disagreed > 0 || tally.exposed == 0 {
            failed.push(element.word());
        }
    }
    assert!(failed.is_empty(), "{failed:?}");
}

#[test]
fn every_seeded_fault_is_caught() {
    let mut missed = Vec::new();
    for fault in AwsFault::ALL {
        let caught = fault.run(FAULTY, 20_000, 0x5eed);
        println!("{:<34}{caught:?}", fault.word());
        if caught.caught != caught.mattered || caught.mattered == 0 {
            missed.push(fault.word());
        }
    }
    assert!(missed.is_empty(), "{missed:?}");
}

/// 50 accounts, each in every rewriting, and each with its documents in other files and its keys in another order.
#[test]
fn equivalent_rewrites_leave_every_exposure_as_it_was() {
    let mut changed = [0_usize; AwsRewrite::ALL.len()];
    let mut differing = Vec::new();
    for number in 0..ACCOUNTS {
        let mut random = Random::new(mix(number));
        let element = AwsElement::ALL[number as usize % AwsElement::ALL.len()];
        let original = element.account(&mut random);
        let expected = told(&original.texts());
        for (place, rewrite) in AwsRewrite::ALL.into_iter().enumerate() {
            let rewritten = rewrite.apply(&original, &mut random);
            changed[place] += usize::from(rewritten != original);
            if told(&rewritten.texts()) != expected {
                differing.push(format!("{} {number}: {rewrite:?}", element.word()));
            }
            if let Some(packet) = differing_account_packet(&original, &rewritten, &mut random) {
                differing.push(format!("{} {number}: {rewrite:?}: the oracle: {packet}", element.word()));
            }
        }
        let mut documents = original.documents();
        random.shuffle(&mut documents);
        for (word, texts) in [("keys", reversed_keys(&documents)), ("one object", merged(&original))] {
            if told(&texts) != expected {
                differing.push(format!("{} {number}: {word}", element.word()));
            }
        }
    }
    println!("accounts changed by each rewrite: {changed:?}");
    assert!(differing.is_empty(), "{differing:#?}");
    assert!(changed.iter().all(|count| *count > 10), "{changed:?}");
}

fn told(texts: &[(String, String)]) -> BTreeSet<String> {
    fingerprints(texts.iter().map(|(name, text)| (name.as_str(), text.as_str())))
}

#[test]
fn near_misses_differ() {
    let found = aws_near_misses(NEAR_MISSES, OF_ONE_KIND_MAX);
    println!("near-misses that differ: {:?}", found.differing);
    assert!(found.unnoticed.is_empty(), "{:#?}", found.unnoticed);
    assert_eq!(found.differing.len(), AwsNearMiss::ALL.len(), "a kind never differs: {:?}", found.differing);
}

const PACKETS: usize = 300_000;
const FAULTY: u64 = 3;
const ACCOUNTS: u64 = 50;
const NEAR_MISSES: usize = 500;
const OF_ONE_KIND_MAX: usize = 40;
