//! Openings: what changes did, in order of time.

use std::sync::Arc;

use engine::{Assessor, Cause, ChangeEffect, Moved, Now, Opening, Timeline, exposures, would_open};
use model::{Action, Moment, Name, Rule};
use packet::{AddressSet, Family, Protocol};
use proptest::prelude::*;

use crate::fixture::{rule, snapshot, with_fronts};

fn allow(sources: &[&str], ports: &[&str]) -> Vec<Rule> {
    vec![rule(100, Action::Allow, sources, ports)]
}

fn cause(number: usize) -> Arc<Cause> {
    Arc::new(Cause {
        at: Moment(i64::try_from(number).unwrap() * 1000),
        event: format!("e{number}").into(),
        actor: if number.is_multiple_of(2) { "bob".into() } else { "alice".into() },
        address: None,
        client: None,
        operation: "Edit".into(),
        edited: "nsg".into(),
        provenance: None,
    })
}

/// What is told where the first list is there before anything happens, and each other comes with an event.
fn told(lists: Vec<Vec<Rule>>) -> Vec<Opening> {
    replayed(lists.into_iter().map(snapshot).collect())
}

fn replayed(snapshots: Vec<model::Snapshot>) -> Vec<Opening> {
    let mut timeline = Timeline::new(&snapshots[0]);
    let key: Name = "nic".into();
    for (number, snapshot) in snapshots.iter().enumerate() {
        let now = Now { key: &key, target: Some(&snapshot.targets[0]), is_partial: false };
        if number == 0 {
            timeline.begin(now).unwrap();
        } else {
            let cause = cause(number);
            let moved = Moved { cause: &cause, attaches: false, is_doubtful: false };
            timeline.step(moved, now).unwrap();
        }
    }
    timeline.openings().unwrap()
}

fn line(opening: &Opening) -> String {
    let exposure = &opening.exposure;
    let protocol = exposure.protocol.map_or_else(|| "any".to_owned(), |protocol| protocol.to_string());
    let event = |cause: &Option<Arc<Cause>>| cause.as_ref().map_or("-".into(), |cause| cause.event.clone());
    let steps: Vec<String> =
        opening.steps.iter().map(|step| format!("{} {}", step.cause.event, step.effect.word())).collect();
    let (opened, closed) = (event(&opening.opened), event(&opening.closed));
    format!("{protocol}/{} {opened}..{closed}: {}", exposure.ports, steps.join(", "))
}

#[test]
fn two_halves_by_two_actors_are_one_opening_with_two_steps() {
    let openings = told(vec![
        Vec::new(),
        allow(&["0.0.0.0/1"], &["22"]),
        allow(&["0.0.0.0/1", "128.0.0.0/1"], &["22"]),
        allow(&["128.0.0.0/1"], &["22"]),
        Vec::new(),
    ]);
    let lines: Vec<String> = openings.iter().map(line).collect();
    assert_eq!(lines, ["tcp/22 e1..e4: e1 opens, e2 widens, e3 narrows, e4 closes"]);
    let widest = openings[0].exposure.sources.ipv4.as_ref().unwrap();
    assert_eq!(widest.grade, model::Grade::Any);
    assert_eq!(openings[0].fingerprint, openings[0].exposure.fingerprint);
    assert_eq!(&*openings[0].steps[1].cause.actor, "bob");
}

/// Whoever sends with IPv6 comes in by another address: what happens to one family is no news of the other.
#[test]
fn each_front_has_the_history_of_its_family() {
    let v6 = || rule(90, Action::Allow, &["::/0"], &["22"]);
    let with = |sources: &[&str]| vec![v6(), rule(100, Action::Allow, sources, &["22"])];
    let lists = vec![vec![v6()], with(&["0.0.0.0/1"]), with(&["0.0.0.0/0"]), vec![v6()]];
    let openings = replayed(lists.into_iter().map(with_fronts).collect());
    let lines: Vec<String> = openings.iter().map(line).collect();
    assert_eq!(lines, ["tcp/22 e1..e3: e1 opens, e2 widens, e3 closes"]);
    let Opening { exposure, addresses, .. } = &openings[0];
    assert!(exposure.sources.ipv6.is_none() && addresses.is_empty_in(Family::V6));
    let fronts: Vec<&str> = exposure.fronts.iter().map(|entrance| &*entrance.front.id).collect();
    assert_eq!(fronts, ["four"]);
    let rules: Vec<&str> =
        exposure.opened_by.iter().filter_map(|admission| Some(&*admission.stated()?.name)).collect();
    assert_eq!(rules, ["r100"]);

    // The other way round, with a packet of IPv6.
    let v4 = || rule(100, Action::Allow, &["0.0.0.0/0"], &["22"]);
    let openings = replayed([vec![v4()], vec![v6(), v4()]].map(with_fronts).into());
    assert_eq!(openings.iter().map(line).collect::<Vec<_>>(), ["tcp/22 e1..-: e1 opens"]);
    let witness = openings[0].exposure.witness.as_ref().unwrap();
    assert_eq!(witness.packet.family(), Family::V6);
    assert_eq!(witness.front.unwrap().to_string(), "[2001:db8::10]:22");
    assert_eq!(
        openings[0].exposure.target.paths[openings[0].exposure.way]
            .destinations
            .addresses()
            .lowest(Family::V6),
        Some(witness.packet.destination)
    );

    // What opens both at once is one opening.
    let openings = replayed([vec![], vec![v6(), v4()], vec![]].map(with_fronts).into());
    assert_eq!(openings.iter().map(line).collect::<Vec<_>>(), ["tcp/22 e1..e2: e1 opens, e2 closes"]);
    assert_eq!(openings[0].exposure.fronts.len(), 2);
}

/// What is open already is no part of what a refused attempt would have opened.
#[test]
fn an_attempt_would_open_what_is_not_open() {
    let [is, would] = [allow(&["8.0.0.0/8"], &["443"]), allow(&["8.0.0.0/8"], &["22", "443"])].map(snapshot);
    let mut assessor = Assessor::new(&is);
    let new = would_open(&mut assessor, Some(&is.targets[0]), &would.targets[0]).unwrap();
    assert_eq!(new.iter().map(|exposure| exposure.ports.to_string()).collect::<Vec<_>>(), ["22"]);
    assert!(would_open(&mut assessor, Some(&would.targets[0]), &is.targets[0]).unwrap().is_empty());
    let ports: Vec<String> = would_open(&mut assessor, None, &would.targets[0])
        .unwrap()
        .iter()
        .map(|exposure| exposure.ports.to_string())
        .collect();
    assert_eq!(ports, ["22,443"]);
}

#[test]
fn ports_with_histories_of_their_own_are_openings_of_their_own() {
    let openings = told(vec![
        allow(&["8.0.0.0/8"], &["443"]),
        allow(&["8.0.0.0/8"], &["20-25", "443"]),
        allow(&["8.0.0.0/8"], &["20-21", "23-25", "443"]),
    ]);
    let lines: Vec<String> = openings.iter().map(line).collect();
    assert_eq!(lines, ["tcp/20-21,23-25 e1..-: e1 opens", "tcp/22 e1..e2: e1 opens, e2 closes"]);
    for opening in &openings {
        let witness = opening.exposure.witness.as_ref().unwrap();
        assert!(opening.exposure.ports.contains(witness.packet.destination_port), "{}", line(opening));
    }
}

#[test]
fn what_was_open_before_is_told_once_somebody_moves_it() {
    let openings = told(vec![
        allow(&["8.0.0.0/8"], &["22", "80"]),
        allow(&["0.0.0.0/0"], &["22", "80"]),
        allow(&["0.0.0.0/0"], &["80"]),
        allow(&["0.0.0.0/0"], &["22", "80"]),
    ]);
    let lines: Vec<String> = openings.iter().map(line).collect();
    assert_eq!(
        lines,
        ["tcp/22 -..e2: e1 widens, e2 closes", "tcp/80 -..-: e1 widens", "tcp/22 e3..-: e3 opens"]
    );
}

#[test]
fn rules_that_let_in_the_same_are_no_step() {
    let openings =
        told(vec![Vec::new(), allow(&["0.0.0.0/0"], &["22"]), allow(&["0.0.0.0/1", "128.0.0.0/1"], &["22"])]);
    assert_eq!(openings.iter().map(line).collect::<Vec<_>>(), ["tcp/22 e1..-: e1 opens"]);
}

/// What the first rule let in stays open by the second when the first goes: whoever wrote that one is told.
#[test]
fn a_rule_that_lets_in_the_same_beside_another_is_a_step_that_does_nothing() {
    let own = || rule(100, Action::Allow, &["0.0.0.0/0"], &["22"]);
    let others = || rule(200, Action::Allow, &["0.0.0.0/1"], &["20-25"]);
    let openings = told(vec![vec![], vec![own()], vec![own(), others()], vec![others()]]);
    let mut lines: Vec<String> = openings.iter().map(line).collect();
    lines.sort_unstable();
    assert_eq!(lines, ["tcp/20-21,23-25 e2..-: e2 opens", "tcp/22 e1..-: e1 opens, e3 narrows"]);

    // In a cloud whose lists have no order both let in: here the one that is behind the other does once that goes.
    let behind = || rule(200, Action::Allow, &["0.0.0.0/0"], &["22"]);
    let openings = told(vec![vec![], vec![own()], vec![own(), behind()], vec![behind()]]);
    assert_eq!(openings.iter().map(line).collect::<Vec<_>>(), ["tcp/22 e1..-: e1 opens, e3 none"]);

    // Of what was open before the first event and is open to the same nothing is told.
    assert!(told(vec![vec![own()], vec![behind()]]).is_empty());
}

#[test]
fn of_every_protocol_one_port_may_go_its_own_way() {
    let every = |ports: &[&str]| {
        let mut rule = rule(100, Action::Allow, &["8.0.0.0/8"], ports);
        rule.matches.protocols =
            packet::Bounds::exactly([1, 6, 17, 50, 51].into_iter().map(Protocol).collect());
        rule
    };
    let deny = rule(10, Action::Deny, &["0.0.0.0/0"], &["22"]);
    let openings = told(vec![Vec::new(), vec![every(&["0-65535"])], vec![deny, every(&["0-65535"])]]);
    let mut lines: Vec<String> = openings.iter().map(line).collect();
    lines.sort_unstable();
    assert!(lines.contains(&"tcp/22 e1..e2: e1 opens, e2 closes".to_owned()), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("tcp/0-21,23-65535 e1..-")), "{lines:?}");
    assert!(lines.iter().any(|line| line.starts_with("udp/0-65535 e1..-")), "{lines:?}");
}

/// Of each state, who reaches a port.
fn who(lists: &[Vec<Rule>], port: u16) -> Vec<AddressSet> {
    let at = |rules: &Vec<Rule>| {
        let mut all = AddressSet::empty();
        exposures(&snapshot(rules.clone()), &mut |exposure, addresses| {
            if exposure.protocols.contains(Protocol::TCP) && exposure.ports.contains(port) {
                all = all.union(addresses);
            }
        })
        .unwrap();
        all
    };
    lists.iter().map(at).collect()
}

/// The same, told port by port with nothing shared.
fn plainly(states: &[AddressSet]) -> Vec<String> {
    let mut told = Vec::new();
    let mut current: Option<(Option<usize>, Vec<String>)> = None;
    for (number, now) in states.iter().enumerate() {
        let before = number.checked_sub(1).map_or_else(AddressSet::empty, |last| states[last].clone());
        match (&mut current, now.is_empty()) {
            (None, true) => {}
            (None, false) => {
                let steps = if number == 0 { Vec::new() } else { vec![format!("e{number} opens")] };
                current = Some(((number > 0).then_some(number), steps));
            }
            (Some((since, steps)), true) => {
                steps.push(format!("e{number} closes"));
                let since = since.map_or("-".to_owned(), |since| format!("e{since}"));
                told.push(format!("{since}..e{number}: {}", steps.join(", ")));
                current = None;
            }
            (Some((_, steps)), false) if *now != before => {
                let effect =
                    if now.is_subset(&before) { ChangeEffect::Narrows } else { ChangeEffect::Widens };
                steps.push(format!("e{number} {}", effect.word()));
            }
            (Some(_), false) => {}
        }
    }
    if let Some((since, steps)) = current.filter(|(_, steps)| !steps.is_empty()) {
        let since = since.map_or("-".to_owned(), |since| format!("e{since}"));
        told.push(format!("{since}..-: {}", steps.join(", ")));
    }
    told
}

fn lists() -> impl Strategy<Value = Vec<Vec<Rule>>> {
    let sources = prop::sample::select(vec![
        "0.0.0.0/0",
        "0.0.0.0/1",
        "128.0.0.0/1",
        "8.0.0.0/8",
        "8.8.8.8",
        "10.0.0.0/8",
        "2000::/3",
    ]);
    let ports = prop::sample::select(vec!["22", "20-25", "23-80", "0-65535", "443"]);
    let actions = prop::sample::select(vec![Action::Allow, Action::Allow, Action::Deny]);
    let rule = (1u32..5, actions, sources, ports)
        .prop_map(|(rank, action, source, port)| rule(rank, action, &[source], &[port]));
    prop::collection::vec(prop::collection::vec(rule, 0..4), 2..7).prop_map(|mut lists| {
        for list in &mut lists {
            list.sort_by_key(|rule| rule.rank);
            list.dedup_by_key(|rule| rule.rank);
        }
        lists
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn each_port_has_the_history_that_is_told_of_it(lists in lists()) {
        let openings = told(lists.clone());
        for port in [1, 20, 22, 23, 25, 26, 80, 81, 443, 444, 65535] {
            let mut found: Vec<String> = openings
                .iter()
                .filter(|opening| opening.exposure.ports.contains(port))
                .map(|opening| {
                    let mut opening = opening.clone();
                    opening.steps.retain(|step| step.effect != ChangeEffect::None);
                    line(&opening).split_once(' ').unwrap().1.to_owned()
                })
                .collect();
            let mut expected = plainly(&who(&lists, port));
            found.sort_unstable();
            expected.sort_unstable();
            prop_assert_eq!(found, expected, "port {}", port);
        }
    }
}
