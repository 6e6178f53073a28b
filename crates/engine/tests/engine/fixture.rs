//! Small lists, by hand.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{
    Action, Carries, Destinations, Filter, Front, Internet, Matches, Path, Reach, Rule, RuleList, Snapshot,
    Target, Thresholds, every_type,
};
use packet::{AddressSet, Bounds, PortRange, PortSet, Prefix, Protocol, ProtocolSet};

pub(crate) fn addresses(texts: &[&str]) -> Arc<AddressSet> {
    Arc::new(texts.iter().map(|text| text.parse::<Prefix>().unwrap()).collect())
}

pub(crate) fn ports(texts: &[&str]) -> Arc<PortSet> {
    Arc::new(texts.iter().map(|text| text.parse::<PortRange>().unwrap()).collect())
}

pub(crate) fn exact<T: Clone + PartialEq>(value: T) -> Bounds<T> {
    Bounds::exactly(value)
}

pub(crate) fn rule(rank: u32, action: Action, sources: &[&str], dports: &[&str]) -> Rule {
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
            types: every_type(),
        },
        written: sources.join(" + ").into(),
        built_in: false,
        provenance: None,
    }
}

/// The same, reached at an address of each family.
pub(crate) fn with_fronts(rules: Vec<Rule>) -> Snapshot {
    let mut snapshot = snapshot(rules);
    let mut target = Target::clone(&snapshot.targets[0]);
    let path = target.paths.remove(0);
    for (id, front, inside) in [("four", "203.0.113.10", "10.0.0.4"), ("six", "2001:db8::10", "2001:db8::10")]
    {
        target.paths.push(Path {
            front: Some(Front { id: id.into(), address: Some(front.parse().unwrap()) }),
            destinations: Destinations::These(addresses(&[inside])),
            ..path.clone()
        });
    }
    snapshot.targets = vec![Arc::new(target)];
    snapshot
}

pub(crate) fn snapshot(rules: Vec<Rule>) -> Snapshot {
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
        carries: Carries::Everything,
        hops: Vec::new(),
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
        attributes: Vec::new(),
        paths: vec![path],
        provenance: None,
    };
    Snapshot {
        cloud: "test",
        internet: Arc::new(Internet::less(&addresses(&["168.63.129.16"]), Thresholds::STANDARD)),
        inside: None,
        protocols: [1, 6, 17, 50, 51].into_iter().map(Protocol).collect(),
        rentable: Vec::new(),
        targets: vec![Arc::new(target)],
        lists: Vec::new(),
        gaps: Vec::new(),
        coverage: BTreeMap::new(),
        missing: Vec::new(),
    }
}
