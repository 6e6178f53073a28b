//! What a change that is kept takes: the memory of this process as relevant records are heard and replayed.

use std::fs;

use bench::trail::Trail;
use cloud::Document;
use cloud::audit::Element;
use model::{DocumentId, Provenance, Thresholds};
use replay::{Basis, Expectations, Replay};

use crate::estate;

const GROUPS: usize = 400;

pub(crate) fn run(changes: usize) {
    println!(
        "what a change takes that is kept; log of relevant records alone, {GROUPS} groups with one interface each"
    );
    for changes in [changes / 10, changes] {
        let mut replay = over(&aws::CLOUD, &[estate::aws(GROUPS, 0, GROUPS)]);
        let mut trail = Trail::dense(7, GROUPS);
        let start = resident();
        for number in 0..changes as u64 {
            let text = trail.record();
            let at = Provenance { document: DocumentId(9), offset: number << 11 };
            let element = Element { at, text: &text };
            replay.history.take((aws::CLOUD.trail.hear)(&element), &element, number);
        }
        let heard = resident();
        let time = bench::clock::cpu_now();
        replay.advance().expect("the engine agrees with itself");
        let advanced = bench::clock::cpu_now();
        let replayed = resident();
        let told = replay.told(&Expectations::default()).expect("the engine agrees with itself");
        let told_all = bench::clock::cpu_now();
        let openings = told.openings.len();
        let all = resident();
        drop(told);
        replay.take_moved();
        let start_of_one = bench::clock::cpu_now();
        one_more(&mut replay, &trail.record(), changes as u64);
        let one = bench::clock::cpu_now() - start_of_one;
        let each = |bytes: u64| bytes.saturating_sub(start) / changes as u64;
        println!(
            "{changes:>9} changes, {openings:>7} openings: {:>6} B heard, {:>6} B replayed, {:>6} B told each; replay {:.1} µs each, told {:.1} µs each; one more: {:.1} ms",
            each(heard),
            each(replayed),
            each(all),
            bench::clock::micros(advanced - time) / changes as f64,
            bench::clock::micros(told_all - advanced) / changes as f64,
            bench::clock::micros(one) / 1e3,
        );
    }
}

/// One more record, replayed, and told with what it moved.
fn one_more(replay: &mut Replay, text: &str, number: u64) {
    let at = Provenance { document: DocumentId(9), offset: number << 11 };
    let element = Element { at, text };
    replay.history.take((aws::CLOUD.trail.hear)(&element), &element, number);
    replay.advance().expect("the engine agrees with itself");
    let moved = replay.take_moved();
    let told = replay.told_of(&moved, &Expectations::default()).expect("the engine agrees with itself");
    std::hint::black_box(told);
}

/// A replay over exports.
pub(crate) fn over(cloud: &'static cloud::Cloud, exports: &[String]) -> Replay {
    let mut inventory = (cloud.inventory)();
    inventory.remember();
    for (number, text) in exports.iter().enumerate() {
        let reading = inventory.read(&Document { id: DocumentId(number as u32), path: "export.json", text });
        assert!(reading.format.is_some(), "the export is known");
    }
    Replay::new(Basis { cloud, inventory, at: None, thresholds: Thresholds::STANDARD })
}

/// The memory of this process now, in bytes.
fn resident() -> u64 {
    let text = fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = text.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or_default();
    pages * 4096
}
