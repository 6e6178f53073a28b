//! Rules that never decide, and rules next door that do.

use std::sync::Arc;

use engine::{Idle, idle_rules};
use model::{Action, Rule, RuleList, Tag};
use packet::{Bounds, Protocol, ProtocolSet};

use crate::fixture::{addresses, rule, snapshot};

fn told(rules: Vec<Rule>) -> Vec<(usize, Idle)> {
    told_behind(rules, None)
}

fn told_behind(rules: Vec<Rule>, behind: Option<&[&str]>) -> Vec<(usize, Idle)> {
    let snapshot = snapshot(rules);
    let list = Arc::clone(snapshot.targets[0].paths[0].filter.lists()[0]);
    let list = Arc::new(RuleList { behind: behind.map(addresses), ..list.as_ref().clone() });
    idle_rules(&list).into_iter().map(|idle| (idle.rule, idle.why)).collect()
}

#[test]
fn one_rule_or_several_together_shadow() {
    let one = vec![
        rule(1, Action::Deny, &["0.0.0.0/0"], &["20-30"]),
        rule(2, Action::Allow, &["8.0.0.0/8"], &["22"]),
    ];
    assert_eq!(told(one), [(1, Idle::Shadowed(vec![0]))]);
    let several = vec![
        rule(1, Action::Deny, &["0.0.0.0/1"], &["0-65535"]),
        rule(2, Action::Allow, &["9.9.9.9"], &["1"]),
        rule(3, Action::Allow, &["128.0.0.0/1"], &["0-100"]),
        rule(4, Action::Allow, &["0.0.0.0/0"], &["22", "80"]),
    ];
    assert_eq!(told(several), [(1, Idle::Shadowed(vec![0])), (3, Idle::Shadowed(vec![0, 2]))]);
}

#[test]
fn a_rule_with_one_packet_left_is_not_shadowed() {
    let address = vec![
        rule(1, Action::Deny, &["0.0.0.0/1", "128.0.0.0/2"], &["22"]),
        rule(2, Action::Allow, &["0.0.0.0/0"], &["22"]),
    ];
    assert_eq!(told(address), []);
    let port = vec![
        rule(1, Action::Deny, &["0.0.0.0/0"], &["0-21", "23-65535"]),
        rule(2, Action::Allow, &["8.8.8.8"], &["0-65535"]),
    ];
    assert_eq!(told(port), []);
    let family = vec![
        rule(1, Action::Deny, &["0.0.0.0/0"], &["22"]),
        rule(2, Action::Allow, &["0.0.0.0/0", "::/0"], &["22"]),
    ];
    assert_eq!(told(family), []);
    let mut protocol =
        vec![rule(1, Action::Deny, &["0.0.0.0/0"], &["22"]), rule(2, Action::Allow, &["0.0.0.0/0"], &["22"])];
    protocol[0].matches.protocols = Bounds::exactly(ProtocolSet::only(Protocol::UDP));
    assert_eq!(told(protocol), []);
}

#[test]
fn what_may_not_match_shadows_nothing_and_ties_do_not() {
    let mut unsure =
        vec![rule(1, Action::Deny, &["0.0.0.0/0"], &["22"]), rule(2, Action::Allow, &["0.0.0.0/0"], &["22"])];
    unsure[0].matches.sources.must = addresses(&[]);
    assert_eq!(told(unsure), []);
    let tied =
        vec![rule(1, Action::Deny, &["0.0.0.0/0"], &["22"]), rule(1, Action::Allow, &["0.0.0.0/0"], &["22"])];
    assert_eq!(told(tied), []);
}

#[test]
fn rules_that_cannot_match_are_told_apart() {
    let empty = vec![rule(1, Action::Allow, &[], &["22"])];
    assert_eq!(told(empty), [(0, Idle::MatchesNothing)]);
    let mut elsewhere = vec![rule(1, Action::Allow, &["0.0.0.0/0"], &["22"])];
    elsewhere[0].matches.destinations = Bounds::exactly(addresses(&["20.1.2.3"]));
    assert_eq!(told_behind(elsewhere.clone(), Some(&["10.0.0.4"])), [(0, Idle::DestinationElsewhere)]);
    assert_eq!(told_behind(elsewhere, None), []);
}

/// A pool without known members, and a rule whose families never meet.
#[test]
fn nothing_shadows_in_vain() {
    let mut pool = vec![rule(1, Action::Allow, &["9.9.9.9"], &["22"]), rule(2, Action::Allow, &[], &["22"])];
    pool[1].matches.tags = vec![Arc::new(Tag { name: "Cloud".into(), within: Vec::new() })];
    assert_eq!(told(pool.clone()), []);
    pool[0] = rule(1, Action::Deny, &["0.0.0.0/0", "::/0"], &["22"]);
    assert_eq!(told(pool), [(1, Idle::Shadowed(vec![0]))]);
    let mut apart =
        vec![rule(1, Action::Deny, &["0.0.0.0/0"], &["22"]), rule(2, Action::Allow, &["::/0"], &["22"])];
    apart[1].matches.destinations = Bounds::exactly(addresses(&["10.0.0.0/8"]));
    assert_eq!(told(apart), [(1, Idle::MatchesNothing)]);
}

#[test]
fn built_in_rules_are_not_asked_about() {
    let mut rules = vec![
        rule(1, Action::Deny, &["0.0.0.0/0"], &["0-65535"]),
        rule(2, Action::Deny, &["0.0.0.0/0"], &["22"]),
    ];
    rules[1].built_in = true;
    assert_eq!(told(rules), []);
}
