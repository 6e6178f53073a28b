//! The engine on small lists, read by hand.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a broken fixture is a failed test")]

use std::sync::Arc;

use engine::{Certainty, Exposure, exposures};
use model::{
    Action, Destinations, Filter, Internet, Matches, Path, Reach, Rule, RuleList, Snapshot, Target,
    Thresholds,
};
use packet::{AddressSet, Bounds, PortRange, PortSet, Prefix, Protocol, ProtocolSet};

fn addresses(texts: &[&str]) -> Arc<AddressSet> {
    Arc::new(texts.iter().map(|text| text.parse::<Prefix>().unwrap()).collect())
}

fn ports(texts: &[&str]) -> Arc<PortSet> {
    Arc::new(texts.iter().map(|text| text.parse::<PortRange>().unwrap()).collect())
}

fn exact<T: Clone + PartialEq>(value: T) -> Bounds<T> {
    Bounds::exactly(value)
}

fn rule(rank: u32, action: Action, sources: &[&str], dports: &[&str]) -> Rule {
    Rule {
        name: format!("r{rank}").into(),
        priority: Some(rank),
        rank,
        action,
        matches: Matches {
            protocols: exact(ProtocolSet::only(Protocol::TCP)),
            sources: exact(addresses(sources)),
            tags: Vec::new(),
            source_ports: exact(Arc::new(PortSet::everything())),
            destinations: exact(Arc::new(AddressSet::everything())),
            ports: exact(ports(dports)),
        },
        built_in: false,
        provenance: None,
    }
}

fn snapshot(rules: Vec<Rule>) -> Snapshot {
    let list = Arc::new(RuleList {
        id: "nsg".into(),
        name: "nsg".into(),
        kind: "network-security-group",
        scope: None,
        rules,
        behind: None,
        provenance: None,
    });
    let filter = Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(Action::Deny)]);
    let path = Path {
        reach: Reach::Exposed,
        front: None,
        destinations: Destinations::These(addresses(&["10.0.0.4"])),
        filter: Arc::new(filter),
    };
    let target = Target {
        cloud: "test",
        id: "nic".into(),
        key: "nic".into(),
        kind: "network-interface",
        name: "nic".into(),
        scope: None,
        power: None,
        paths: vec![path],
        provenance: None,
    };
    Snapshot {
        cloud: "test",
        internet: Arc::new(Internet::less(&addresses(&["168.63.129.16"]), Thresholds::STANDARD)),
        protocols: [1, 6, 17, 50, 51].into_iter().map(Protocol).collect(),
        rentable: Vec::new(),
        targets: vec![Arc::new(target)],
        lists: Vec::new(),
        gaps: Vec::new(),
        coverage: Default::default(),
        missing: Vec::new(),
    }
}

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
