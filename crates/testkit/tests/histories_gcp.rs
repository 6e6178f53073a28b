//! The laws of histories hold of Google Cloud's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use testkit::histories::gcp::{Made, gcp};
use testkit::histories::laws::{advance, hear, told};
use testkit::histories::laws::{
    all_lines, assert_same, end_is_export, first_difference, intervals_are_exact, over, replayed, resumed,
    standing_is_lowered,
};
use testkit::histories::{History, delivered, late};
use testkit::random::Random;

const CLOUD: &cloud::Cloud = &gcp::CLOUD;

fn small(seed: u64, operations: usize) -> History {
    gcp(Made { seed, operations, has_exports: true, is_dense: false })
}

#[test]
fn an_export_of_the_end_says_what_a_replay_comes_to() {
    let (mut compared, mut events) = (0, 0);
    for seed in 0..6 {
        let history = small(seed, 60);
        if let Some(difference) = first_difference(CLOUD, &history) {
            panic!("{}\n{difference}", history.name);
        }
        events += history.events.len();
    }
    for seed in 0..2 {
        let history = gcp(Made { seed: 100 + seed, operations: 1000, has_exports: false, is_dense: true });
        compared += end_is_export(CLOUD, &history);
        events += history.events.len();
    }
    println!("{compared} exposures at the end, {events} operations");
    assert!(compared > 10);
}

#[test]
fn order_and_number_of_deliveries_say_nothing() {
    let mut compared = 0;
    for seed in 0..4 {
        let history = gcp(Made { seed: 200 + seed, operations: 250, has_exports: false, is_dense: true });
        let records = history.records();
        let expected = all_lines(&replayed(CLOUD, &history.before, &records));
        let mut random = Random::new(seed);
        for arrived in [delivered(&records, &mut random), late(&records, &mut random)] {
            let found = all_lines(&replayed(CLOUD, &history.before, &arrived));
            compared += found.len();
            assert_same(&found, &expected, &history.name);
        }
        // Over nothing too.
        let expected = all_lines(&replayed(CLOUD, &Vec::new(), &records));
        let found = all_lines(&replayed(CLOUD, &Vec::new(), &delivered(&records, &mut random)));
        compared += found.len();
        assert_same(&found, &expected, &format!("{} over nothing", history.name));
    }
    println!("{compared} lines");
    assert!(compared > 1000);
}

#[test]
fn a_run_that_is_interrupted_says_what_one_run_says() {
    let mut compared = 0;
    for seed in 0..3 {
        let history = gcp(Made { seed: 300 + seed, operations: 120, has_exports: false, is_dense: true });
        let records = history.records();
        let mut random = Random::new(seed);
        for export in [&history.before, &Vec::new()] {
            let expected = all_lines(&replayed(CLOUD, export, &records));
            for _ in 0..8 {
                let cut = random.below(records.len());
                let found = all_lines(&resumed(CLOUD, export, &records, cut));
                compared += found.len();
                assert_same(&found, &expected, &format!("{} cut at {cut}", history.name));
            }
            // As a log is followed: the judgement stands at every moment.
            for arrived in [records.clone(), late(&records, &mut random)] {
                let mut replay = over(CLOUD, export);
                for some in arrived.chunks(5) {
                    hear(&mut replay, some);
                    advance(&mut replay);
                }
                let found = all_lines(&told(&mut replay));
                compared += found.len();
                assert_same(&found, &expected, &format!("{} followed", history.name));
            }
        }
    }
    println!("{compared} lines");
    assert!(compared > 1000);
}

#[test]
fn what_stands_after_every_edit_is_what_lowering_everything_comes_to() {
    let edits: usize = (0..12).map(|seed| standing_is_lowered(CLOUD, &small(500 + seed, 90))).sum();
    println!("{edits} edits compared");
    assert!(edits > 500, "{edits}");
}

#[test]
fn intervals_end_at_the_events_that_move_them() {
    let (mut openings, mut changes) = (0, 0);
    for seed in 0..6 {
        let history = small(400 + seed, 90);
        let points = [(6, 22), (6, 80), (6, 443), (6, 3389), (17, 53), (6, 1500), (6, 65000)];
        let (compared, changed) = intervals_are_exact(CLOUD, &history, &points);
        openings += compared;
        changes += changed;
    }
    println!("{openings} openings, {changes} changes of ports");
    assert!(openings > 50 && changes > 50);
}
