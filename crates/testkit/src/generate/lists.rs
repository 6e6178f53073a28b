//! Rules and lists of the kinds a firewall meets, and of those it should survive.

use std::sync::Arc;

use model::{Action, Matches, Rule, RuleList, Tag, every_type};
use packet::{AddressSet, Bounds, Family, PortSet, Prefix, Protocol, ProtocolSet};

use super::fields::{addresses, ports, prefix, range, span, types};
use crate::random::Random;

/// What a list is like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What an account has: single ports, a few prefixes, mostly allows.
    Account,
    /// Many narrow prefix pairs and port ranges, every fifth a deny.
    ClassBench,
    /// Random port and source ranges, half deny: every rule cuts every other.
    Hostile,
    /// Like an account's, with fields that are known by bounds only.
    Uncertain,
    /// Like an account's, with rules of equal rank.
    Ties,
    /// Like an account's, with pools of sources whose members are not known.
    Tags,
    /// Like an account's, with source ports in many rules.
    SourcePorts,
    /// Mostly rules for types of ICMP and ICMPv6, some known by bounds only.
    Types,
}

/// A list of a kind, with that many rules before the three that a provider puts at the end.
#[must_use]
pub fn list(random: &mut Random, kind: Kind, rules: usize) -> RuleList {
    let mut rank = 0;
    let mut all: Vec<Rule> = Vec::with_capacity(rules + 3);
    for number in 0..rules {
        let tied = kind == Kind::Ties && number > 0 && random.chance(40);
        rank += if tied { 0 } else { 1 + random.below(20) as u32 };
        let mut rule = rule(random, kind);
        rule.name = format!("rule-{number}").into();
        rule.rank = rank;
        rule.priority = Some(rank);
        all.push(rule);
    }
    all.extend(ending(rank));
    RuleList {
        id: "list".into(),
        name: "list".into(),
        kind: "list",
        scope: None,
        rules: all,
        behind: None,
        provenance: None,
    }
}

fn rule(random: &mut Random, kind: Kind) -> Rule {
    let denies = match kind {
        Kind::Hostile => 50,
        Kind::ClassBench => 20,
        Kind::Account | Kind::Uncertain | Kind::Ties | Kind::Tags => 30,
        Kind::SourcePorts | Kind::Types => 40,
    };
    let action = if random.chance(denies) { Action::Deny } else { Action::Allow };
    let matches = match kind {
        Kind::Account | Kind::Ties => account(random),
        Kind::ClassBench => classbench(random),
        Kind::Hostile => hostile(random),
        Kind::Uncertain => uncertain(random),
        Kind::Tags => tagged(random),
        Kind::SourcePorts => with_source_ports(random),
        Kind::Types => with_types(random),
    };
    bare(action, matches)
}

fn account(random: &mut Random) -> Matches {
    let destinations = match random.below(10) {
        0..6 => AddressSet::everything(),
        6 => set(&["10.0.0.0/16", "2001:db8::/64"]),
        7 => set(&["10.0.0.4/32"]),
        8 => set(&["10.0.1.0/24"]),
        _ => set(&["10.0.0.4/30", "2001:db8::4/127"]),
    };
    let source_ports = if random.chance(3) { ports(random) } else { PortSet::everything() };
    exact(protocols(random), addresses(random), source_ports, destinations, ports(random))
}

fn classbench(random: &mut Random) -> Matches {
    let source: AddressSet = prefix(random, Family::V4).into();
    let destination = match random.below(4) {
        0 => AddressSet::everything(),
        1 => set(&["10.0.0.0/8"]),
        2 => set(&["10.0.0.4/32"]),
        _ => prefix(random, Family::V4).into(),
    };
    let ports = if random.chance(70) { [range(random)].into_iter().collect() } else { PortSet::everything() };
    exact(protocols(random), source, PortSet::everything(), destination, ports)
}

fn hostile(random: &mut Random) -> Matches {
    let family = if random.chance(60) { Family::V4 } else { Family::V6 };
    let source = span(random, family);
    let ports = [range(random)].into_iter().collect();
    exact(protocols(random), source, PortSet::everything(), AddressSet::everything(), ports)
}

fn uncertain(random: &mut Random) -> Matches {
    let mut matches = account(random);
    if random.chance(35) {
        return matches;
    }
    match random.below(6) {
        0 | 1 => matches.sources = wider(&matches.sources.must, &addresses(random)),
        2 => matches.sources = Bounds::between(Arc::new(AddressSet::empty()), matches.sources.may),
        3 => matches.destinations = wider(&matches.destinations.must, &AddressSet::everything()),
        4 => {
            let may = matches.ports.must.union(&ports(random));
            matches.ports = Bounds::between(matches.ports.must, Arc::new(may));
        }
        _ => {
            let may = matches.protocols.must.union(protocols(random));
            matches.protocols = Bounds::between(matches.protocols.must, may);
        }
    }
    matches
}

fn wider(must: &Arc<AddressSet>, beside: &AddressSet) -> Bounds<Arc<AddressSet>> {
    Bounds::between(must.clone(), Arc::new(must.union(beside)))
}

fn tagged(random: &mut Random) -> Matches {
    let mut matches = account(random);
    if random.chance(30) {
        let region = Tag { name: "Cloud.region".into(), within: vec!["Cloud".into()] };
        let all = Tag { name: "Cloud".into(), within: Vec::new() };
        let other = Tag { name: "Service".into(), within: Vec::new() };
        matches.tags = vec![Arc::new(random.pick(&[region, all, other]).clone())];
        // Nobody is known to be in it, anybody can be.
        let nobody = Arc::new(AddressSet::empty());
        matches.sources = Bounds::between(nobody, Arc::new(AddressSet::everything()));
    }
    matches
}

fn with_source_ports(random: &mut Random) -> Matches {
    let mut matches = account(random);
    if random.chance(50) {
        matches.source_ports = Bounds::exactly(Arc::new(ports(random)));
    }
    matches
}

fn with_types(random: &mut Random) -> Matches {
    let mut matches = account(random);
    if random.chance(20) {
        return matches;
    }
    matches.protocols = Bounds::exactly(match random.below(6) {
        0..3 => ProtocolSet::only(Protocol::ICMP),
        3 => ProtocolSet::only(Protocol::ICMPV6),
        4 => [Protocol::TCP, Protocol::ICMP].into_iter().collect(),
        _ => ProtocolSet::EVERYTHING,
    });
    let must = Arc::new(types(random));
    let may = if random.chance(10) { Arc::new(must.union(&types(random))) } else { Arc::clone(&must) };
    matches.types = Bounds::between(must, may);
    matches
}

/// What a provider puts at the end: its own network in, its probes in, everything else out.
fn ending(rank: u32) -> [Rule; 3] {
    let (everywhere, every_port) = (AddressSet::everything, PortSet::everything);
    let inside = set(&["10.0.0.0/16", "2001:db8::/64", "168.63.129.16/32"]);
    let rules = [
        (Action::Allow, inside.clone(), inside),
        (Action::Allow, set(&["168.63.129.16/32"]), everywhere()),
        (Action::Deny, everywhere(), everywhere()),
    ];
    let mut next = rank;
    rules.map(|(action, sources, destinations)| {
        next += 1;
        let matches = exact(AZURE, sources, every_port(), destinations, every_port());
        Rule { name: format!("built-in-{next}").into(), rank: next, built_in: true, ..bare(action, matches) }
    })
}

fn protocols(random: &mut Random) -> ProtocolSet {
    match random.below(10) {
        0..4 => ProtocolSet::only(Protocol::TCP),
        4 | 5 => ProtocolSet::only(Protocol::UDP),
        6 => ProtocolSet::only(Protocol::ICMP),
        7 => [Protocol::TCP, Protocol::UDP].into_iter().collect(),
        _ => AZURE,
    }
}

fn bare(action: Action, matches: Matches) -> Rule {
    Rule {
        name: "".into(),
        priority: None,
        rank: 0,
        action,
        matches,
        written: "".into(),
        built_in: false,
        provenance: None,
    }
}

fn exact(
    protocols: ProtocolSet,
    sources: AddressSet,
    source_ports: PortSet,
    destinations: AddressSet,
    ports: PortSet,
) -> Matches {
    Matches {
        protocols: Bounds::exactly(protocols),
        sources: Bounds::exactly(Arc::new(sources)),
        tags: Vec::new(),
        source_ports: Bounds::exactly(Arc::new(source_ports)),
        destinations: Bounds::exactly(Arc::new(destinations)),
        ports: Bounds::exactly(Arc::new(ports)),
        types: every_type(),
    }
}

pub(crate) fn set(texts: &[&str]) -> AddressSet {
    texts.iter().map(|text| text.parse::<Prefix>().unwrap()).collect()
}

/// The protocols of a cloud whose `any` means these five.
pub(crate) const AZURE: ProtocolSet = ProtocolSet::only(Protocol::ICMP)
    .union(ProtocolSet::only(Protocol::TCP))
    .union(ProtocolSet::only(Protocol::UDP))
    .union(ProtocolSet::only(Protocol::ESP))
    .union(ProtocolSet::only(Protocol::AH));
