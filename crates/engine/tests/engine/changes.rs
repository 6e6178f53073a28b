//! Differences of two snapshots, and keeping an assessment up to date.

use std::sync::Arc;

use engine::{Assessment, delta};
use model::{Action, Rule};
use packet::{AddressSet, Family};

use crate::fixture::{addresses, rule, snapshot};

fn allow(sources: &[&str], ports: &[&str]) -> Vec<Rule> {
    vec![rule(100, Action::Allow, sources, ports)]
}

#[test]
fn what_opened_and_closed_is_exact_both_ways() {
    let (before, after) =
        (snapshot(allow(&["8.0.0.0/8"], &["22", "80"])), snapshot(allow(&["8.0.0.0/9", "9.9.9.9"], &["22"])));
    let found = delta(&before, &after).unwrap();
    let told: Vec<(String, AddressSet, AddressSet)> = found
        .into_iter()
        .map(|one| (format!("{}/{}", one.protocol, one.ports), one.opened, one.closed))
        .collect();
    let set = |texts: &[&str]| addresses(texts).as_ref().clone();
    assert_eq!(
        told,
        [
            ("tcp/22".to_owned(), set(&["9.9.9.9"]), set(&["8.128.0.0/9"])),
            ("tcp/80".to_owned(), AddressSet::empty(), set(&["8.0.0.0/8"])),
        ]
    );
}

#[test]
fn equal_encodings_differ_in_nothing() {
    let halves = snapshot(vec![
        rule(7, Action::Allow, &["128.0.0.0/1"], &["22"]),
        rule(9, Action::Deny, &["10.0.0.0/8"], &["22"]),
        rule(11, Action::Allow, &["0.0.0.0/1"], &["20-21", "22"]),
        rule(12, Action::Allow, &["128.0.0.0/1"], &["20-22"]),
    ]);
    let whole = snapshot(allow(&["0.0.0.0/0"], &["20-22"]));
    assert!(delta(&halves, &whole).unwrap().is_empty());
    assert!(delta(&whole, &halves).unwrap().is_empty());
}

#[test]
fn an_assessment_follows_its_targets() {
    let before = snapshot(allow(&["8.0.0.0/8"], &["22"]));
    let mut assessment = Assessment::new(&before).unwrap();
    let count = |assessment: &Assessment| -> Vec<String> {
        assessment.iter().map(|(_, addresses)| addresses.count(Family::V4).to_string()).collect()
    };
    assert_eq!(count(&assessment), ["16777216"]);
    assert_eq!(assessment.of("nic").len(), 1);
    let after = snapshot(allow(&["8.8.8.8"], &["22"]));
    assessment.put(&Arc::clone(&after.targets[0])).unwrap();
    assert_eq!(count(&assessment), ["1"]);
    assessment.remove("nic");
    assert_eq!(count(&assessment), [""; 0]);
}
