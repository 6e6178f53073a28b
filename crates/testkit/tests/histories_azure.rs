//! What holds of every history of a subscription, as its Activity Log tells it in triplets, by one export or several.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use azure::CLOUD;
use testkit::histories::azure::{Told, history};
use testkit::histories::laws::{
    advance, all_lines, assert_same, end_is_export, first_difference, hear, intervals_are_exact, over,
    replayed, resumed, standing_is_lowered, told,
};
use testkit::histories::{delivered, late};
use testkit::random::{Random, mix};

/// TCP and UDP, at the ends of the ports that rules name, and beside them.
const POINTS: [(u8, u16); 7] = [(6, 22), (6, 23), (6, 80), (6, 443), (6, 1433), (17, 53), (17, 443)];

#[test]
fn an_export_of_the_end_says_what_a_replay_comes_to() {
    let (mut compared, mut changes) = (0, 0);
    for (seed, length, how) in
        [(1, 1000, Told::Whole), (2, 1000, Told::Begun), (3, 60, Told::Whole), (4, 60, Told::Begun)]
    {
        let history = history(seed, length, how, false);
        let found = std::panic::catch_unwind(|| end_is_export(&CLOUD, &history));
        match found {
            Ok(count) => compared += count,
            Err(reason) => {
                let watched = testkit::histories::azure::history(seed, length, how, true);
                println!("{}", first_difference(&CLOUD, &watched).unwrap_or_default());
                std::panic::resume_unwind(reason);
            }
        }
        changes += history.events.len();
    }
    println!("{changes} changes, {compared} exposures compared");
    assert!(compared > 20, "{compared}");
}

#[test]
fn every_change_is_listed_once_and_nothing_is_not_understood() {
    let history = history(1, 1000, Told::Whole, false);
    let told = replayed(&CLOUD, &history.before, &history.records());
    let mut actors: Vec<_> = told
        .judged
        .iter()
        .map(|judged| &*judged.cause.actor)
        .filter(|actor| !actor.starts_with("mallory"))
        .collect();
    let mut minutes: std::collections::BTreeMap<i64, Vec<String>> = std::collections::BTreeMap::new();
    for judged in told.judged.iter().filter(|judged| !judged.cause.actor.starts_with("mallory")) {
        let said = format!(
            "{} {} {} {:?}",
            judged.cause.event, judged.cause.operation, judged.cause.actor, judged.effect
        );
        minutes.entry(judged.cause.at.0 / 60_000).or_default().push(said);
    }
    let twice: Vec<_> = minutes.values().filter(|all| all.len() > 1).take(3).collect();
    assert!(twice.is_empty(), "{twice:#?}");
    assert_eq!(actors.len(), 1000);
    actors.sort_unstable();
    actors.dedup();
    assert_eq!(actors.len(), 4, "{actors:?}");
    let unseen: Vec<_> = told
        .gaps
        .iter()
        .filter(|gap| gap.code.starts_with("event") || gap.code == "state-not-seen")
        .collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
}

#[test]
fn the_order_and_number_of_deliveries_say_nothing() {
    let mut lines = 0;
    for (seed, length, how) in
        [(5, 1000, Told::Begun), (6, 50, Told::Whole), (7, 50, Told::Begun), (8, 50, Told::Begun)]
    {
        let history = history(seed, length, how, false);
        let records = history.records();
        for export in [history.before.clone(), Vec::new()] {
            let expected = all_lines(&replayed(&CLOUD, &export, &records));
            for number in 0..if length > 100 { 1 } else { 4 } {
                let mut random = Random::new(mix(seed ^ mix(number)));
                let records = delivered(&records, &mut random);
                assert_same(&all_lines(&replayed(&CLOUD, &export, &records)), &expected, &history.name);
                lines += expected.len();
            }
        }
    }
    println!("{lines} lines compared");
}

#[test]
fn a_state_that_is_saved_and_resumed_says_nothing_either() {
    let (mut cuts, mut lines) = (0, 0);
    for seed in 0..3 {
        let history = history(seed + 9, 25, Told::Begun, false);
        let mut random = Random::new(mix(seed));
        let records = late(&history.records(), &mut random);
        for export in [history.before.clone(), Vec::new()] {
            let expected = all_lines(&replayed(&CLOUD, &export, &records));
            for cut in (0..=records.len()).step_by(1 + random.below(3)) {
                assert_same(&all_lines(&resumed(&CLOUD, &export, &records, cut)), &expected, &history.name);
                (cuts, lines) = (cuts + 1, lines + expected.len());
            }
        }
    }
    println!("{cuts} places to resume at, {lines} lines compared");
}

#[test]
fn what_is_followed_comes_to_what_is_read_at_once() {
    let mut lines = 0;
    for seed in 0..3 {
        let history = history(seed + 20, 40, Told::Begun, false);
        let mut random = Random::new(mix(seed));
        let records = late(&history.records(), &mut random);
        for export in [history.before.clone(), Vec::new()] {
            let mut replay = over(&CLOUD, &export);
            for (number, record) in records.iter().enumerate() {
                hear(&mut replay, std::slice::from_ref(record));
                advance(&mut replay);
                if number % 16 == 0 || number + 1 == records.len() {
                    let expected = all_lines(&replayed(&CLOUD, &export, &records[..=number]));
                    assert_same(&all_lines(&told(&mut replay)), &expected, &history.name);
                    lines += expected.len();
                }
            }
        }
    }
    println!("{lines} lines compared");
}

#[test]
fn intervals_end_where_a_scan_after_each_event_changes() {
    let (mut openings, mut changes) = (0, 0);
    for seed in 0..6 {
        let history = history(seed + 30, 50, Told::Whole, true);
        let (own, moved) = intervals_are_exact(&CLOUD, &history, &POINTS);
        (openings, changes) = (openings + own, changes + moved);
    }
    println!("{openings} openings at a port, {changes} changes there");
    assert!(openings > 50 && changes > 100, "{openings} {changes}");
}

#[test]
fn what_stands_after_every_edit_is_what_lowering_everything_comes_to() {
    let seeds = 40..52;
    let edits: usize =
        seeds.map(|seed| standing_is_lowered(&CLOUD, &history(seed, 60, Told::Whole, false))).sum();
    println!("{edits} edits compared");
    assert!(edits > 500, "{edits}");
}
