//! Histories of AWS: what a replay of the log comes to is what an export of the end says, whatever way the log came.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use aws::CLOUD;
use testkit::histories::{self, laws};
use testkit::random::{Random, mix};

#[test]
fn an_export_of_the_end_says_what_a_replay_comes_to() {
    let mut compared = 0;
    for seed in 0..SEEDS {
        let history = histories::aws::history(seed, EVENTS, false);
        compared += laws::end_is_export(&CLOUD, &history);
    }
    println!("{SEEDS} histories of {EVENTS} events, {compared} exposures compared");
    assert!(compared > 40, "{compared}");
}

/// The same in small, with the event named that makes the difference.
#[test]
fn an_export_of_any_moment_says_what_a_replay_comes_to() {
    for seed in 100..100 + SMALL_SEEDS {
        let history = histories::aws::history(seed, SMALL_EVENTS, true);
        if let Some(difference) = laws::first_difference(&CLOUD, &history) {
            panic!("{}: {difference}", history.name);
        }
    }
    println!("{SMALL_SEEDS} histories, {} exports compared", SMALL_SEEDS * SMALL_EVENTS as u64);
}

#[test]
fn the_order_and_the_number_of_deliveries_say_nothing() {
    let mut lines = 0;
    for seed in 200..200 + SMALL_SEEDS {
        let history = histories::aws::history(seed, EVENTS / 4, false);
        let records = history.records();
        let expected = laws::all_lines(&laws::replayed(&CLOUD, &history.before, &records));
        let mut random = Random::new(mix(seed));
        for turn in 0..3 {
            let came = if turn == 0 {
                histories::late(&records, &mut random)
            } else {
                histories::delivered(&records, &mut random)
            };
            let found = laws::all_lines(&laws::replayed(&CLOUD, &history.before, &came));
            laws::assert_same(&found, &expected, &history.name);
        }
        lines += expected.len();
    }
    println!("{SMALL_SEEDS} histories, {lines} lines, 3 ways of delivery each");
}

#[test]
fn a_state_resumed_at_any_event_is_the_run_that_was_not_interrupted() {
    let mut runs = 0;
    for seed in 300..301 {
        let history = histories::aws::history(seed, SMALL_EVENTS, false);
        let records = histories::late(&history.records(), &mut Random::new(mix(seed)));
        let expected = laws::all_lines(&laws::replayed(&CLOUD, &history.before, &records));
        for cut in (0..=records.len()).step_by(30) {
            let found = laws::all_lines(&laws::resumed(&CLOUD, &history.before, &records, cut));
            laws::assert_same(&found, &expected, &format!("{} resumed at {cut}", history.name));
            runs += 1;
        }
        // One by one, as a log is followed.
        let mut replay = laws::over(&CLOUD, &history.before);
        for record in &records {
            laws::hear(&mut replay, std::slice::from_ref(record));
            laws::advance(&mut replay);
        }
        laws::assert_same(
            &laws::all_lines(&laws::told(&mut replay)),
            &expected,
            &format!("{} followed", history.name),
        );
        runs += 1;
    }
    println!("{runs} runs compared");
}

#[test]
fn what_stands_after_every_edit_is_what_lowering_everything_comes_to() {
    let seeds = 400..400 + STANDING_SEEDS;
    let edits: usize = seeds
        .map(|seed| laws::standing_is_lowered(&CLOUD, &histories::aws::history(seed, SMALL_EVENTS, false)))
        .sum();
    println!("{edits} edits compared");
    assert!(edits > 500, "{edits}");
}

#[test]
fn the_ends_of_intervals_are_the_events_that_change_what_is_exposed() {
    let (mut openings, mut changes) = (0, 0);
    for seed in 400..400 + SMALL_SEEDS {
        let history = histories::aws::history(seed, SMALL_EVENTS, true);
        let points = [(6, 22), (6, 443), (17, 53), (6, 3306), (6, 80)];
        let (more, moved) = laws::intervals_are_exact(&CLOUD, &history, &points);
        openings += more;
        changes += moved;
    }
    println!("{openings} openings at ports, {changes} changes compared with scans after each event");
    assert!(openings > 50 && changes > 50, "{openings} {changes}");
}

const SEEDS: u64 = 4;
const EVENTS: usize = 1000;
const SMALL_SEEDS: u64 = 4;
const STANDING_SEEDS: u64 = 12;
const SMALL_EVENTS: usize = 100;
