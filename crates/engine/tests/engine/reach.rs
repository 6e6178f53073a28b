//! What lists of a few rules let in, read by hand.

use engine::{Certainty, Exposure, exposures};
use model::{Action, Rule};
use packet::AddressSet;

use crate::fixture::{rule, snapshot};

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
