//! What lists of a few rules let in, read by hand.

use std::sync::Arc;

use engine::{Assessor, Certainty, Exposure, exposures};
use model::{Action, Destinations, Rule};
use packet::{AddressSet, Bounds};

use crate::fixture::{addresses, rule, snapshot};

fn told(rules: Vec<Rule>) -> Vec<String> {
    let mut found = Vec::new();
    let mut tell = |exposure: Exposure, _: &AddressSet| {
        let measure = exposure.sources.ipv4.as_ref().unwrap();
        let cidrs: Vec<String> = measure.cidrs.prefixes.iter().map(ToString::to_string).collect();
        assert_eq!(exposure.certainty, Certainty::Proved);
        let by: Vec<&str> = exposure.opened_by.iter().map(|a| &*a.list.rules[a.rule].name).collect();
        found.push(format!(
            "{} {} {} {} by {}",
            exposure.protocol.map_or("any".into(), |p| p.to_string()),
            exposure.ports,
            measure.addresses.unwrap(),
            cidrs.join(","),
            by.join("+"),
        ));
    };
    exposures(&snapshot(rules), &mut tell).unwrap();
    found
}

#[test]
fn two_halves_are_everything() {
    let halves = vec![
        rule(100, Action::Allow, &["0.0.0.0/1"], &["22"]),
        rule(110, Action::Allow, &["128.0.0.0/1"], &["20-30"]),
    ];
    assert_eq!(
        told(halves),
        ["tcp 20-21,23-30 1609300735 128.0.0.0/1 by r110", "tcp 22 3702258431 0.0.0.0/0 by r100+r110"]
    );
}

#[test]
fn a_deny_before_takes_its_part() {
    let rules = vec![
        rule(100, Action::Deny, &["0.0.0.0/1"], &["3389"]),
        rule(200, Action::Allow, &["0.0.0.0/0"], &["3389", "22"]),
    ];
    assert_eq!(
        told(rules),
        ["tcp 22 3702258431 0.0.0.0/0 by r200", "tcp 3389 1609300735 128.0.0.0/1 by r200"]
    );
}

#[test]
fn nothing_allowed_is_no_exposure() {
    assert!(told(vec![rule(100, Action::Allow, &["10.0.0.0/8", "203.0.113.0/24"], &["0-65535"])]).is_empty());
}

/// A group whose targets are not known, with one rule of many destinations: two classes, however many prefixes.
#[test]
fn many_destinations_of_one_rule_are_two_classes() {
    let prefixes: Vec<String> = (0..4_000_u32).map(|n| format!("10.{}.{}.0/25", n / 250, n % 250)).collect();
    let prefixes: Vec<&str> = prefixes.iter().map(String::as_str).collect();
    let mut some = rule(100, Action::Allow, &["0.0.0.0/0"], &["22"]);
    some.matches.destinations = Bounds::exactly(addresses(&prefixes));
    let (found, bounds) = assessed_somewhere(vec![some]);
    assert!(!bounds);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].certainty, Certainty::Proved);
    assert_eq!(found[0].destinations.as_deref(), Some(addresses(&prefixes).as_ref()));
}

/// Past the budget the answer is bounds: nothing is lost, nothing contradicts itself, and the caller is told.
#[test]
fn too_many_destinations_are_bounds_and_said() {
    let rules: Vec<Rule> = (0..200_u32)
        .map(|number| {
            let prefixes: Vec<String> =
                (0..2_000_u32).map(|n| format!("10.{}.{}.{}/32", n / 250, n % 250, number)).collect();
            let prefixes: Vec<&str> = prefixes.iter().map(String::as_str).collect();
            let mut rule = rule(number, Action::Allow, &["0.0.0.0/0"], &["22"]);
            rule.matches.destinations = Bounds::exactly(addresses(&prefixes));
            rule
        })
        .collect();
    let (found, bounds) = assessed_somewhere(rules);
    assert!(bounds);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].certainty, Certainty::Possible);
}

fn assessed_somewhere(rules: Vec<Rule>) -> (Vec<Exposure>, bool) {
    let snapshot = snapshot(rules);
    let mut target = snapshot.targets[0].as_ref().clone();
    target.paths[0].destinations = Destinations::SomeOf(addresses(&["10.0.0.0/8"]));
    let mut assessor = Assessor::new(&snapshot);
    let mut found = Vec::new();
    assessor.assess(&Arc::new(target), &mut |exposure, _| found.push(exposure)).unwrap();
    (found, assessor.took_bounds())
}
