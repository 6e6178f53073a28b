//! Lists without order, and replies: what must hold whatever the rules are.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code: a broken invariant is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use engine::{Certainty, Exposure, Idle, exposures, idle_rules};
use model::{Action, Filter, Reach, RuleList, Snapshot};
use packet::{AddressSet, Family, Packet, PortSet, Protocol, ProtocolSet};
use testkit::generate::{any_of_groups, paths, replied, snapshot, target, unordered};
use testkit::oracle::filter::{Oracle, World};
use testkit::random::Random;

fn told(snapshot: &Snapshot) -> Vec<(Exposure, AddressSet)> {
    let mut found = Vec::new();
    exposures(snapshot, &mut |exposure, sources| found.push((exposure, sources.clone()))).unwrap();
    found
}

fn behind(filter: Filter) -> Snapshot {
    let snapshot = snapshot(vec![target("vm", paths(filter))]);
    Snapshot { protocols: ProtocolSet::EVERYTHING, ..snapshot }
}

fn closed(lists: Vec<RuleList>) -> Filter {
    let groups = lists.into_iter().map(|list| Filter::FirstMatch(Arc::new(list)));
    Filter::Chain(vec![Filter::AnyOf(groups.collect()), Filter::Always(Action::Deny)])
}

/// What an exposure is and which rules are named for it, as far as no order can change it.
fn summary(snapshot: &Snapshot, is_named: bool) -> BTreeMap<String, BTreeSet<String>> {
    let named = |exposure: &Exposure| {
        let rules = exposure.opened_by.iter().map(|by| by.list.rules[by.rule].name.to_string());
        if is_named { rules.collect() } else { BTreeSet::new() }
    };
    let key = |exposure: &Exposure| format!("{} {}", exposure.fingerprint, exposure.certainty.word());
    told(snapshot).iter().map(|(exposure, _)| (key(exposure), named(exposure))).collect()
}

/// The order of rules that all allow changes nothing, not even who is named; nor whether they are one group or several.
#[test]
fn rules_without_order_are_a_set() {
    let mut found = 0;
    for seed in 0..150 {
        let mut random = Random::new(seed);
        let rules = random.between(2, 9);
        let list = unordered(&mut random, "group", rules);
        let mut turned = list.clone();
        turned.rules.reverse();
        let one_by_one = list.rules.iter().map(|rule| RuleList {
            id: rule.name.clone(),
            rules: vec![rule.clone()],
            ..list.clone()
        });
        let [forth, back, apart] =
            [vec![list.clone()], vec![turned], one_by_one.collect()].map(|lists| behind(closed(lists)));
        let expected = summary(&forth, true);
        assert_eq!(expected, summary(&back, true), "seed {seed}: turned round");
        assert_eq!(expected, summary(&apart, true), "seed {seed}: one group for each rule");
        found += expected.len();
        let idle = idle_rules(&Arc::new(list));
        let shadowed = idle.iter().find(|idle| matches!(idle.why, Idle::Shadowed(_)));
        assert!(shadowed.is_none(), "seed {seed}: without order no rule comes before another");
    }
    assert!(found > 1_000, "{found} exposures");
}

/// A packet comes in with a reply or without one, never both; together they are what the lists on the way in let in.
#[test]
fn one_way_is_what_is_not_replied_to() {
    let (mut replied_to, mut one_way) = (0, 0);
    for seed in 0..150 {
        let mut random = Random::new(seed);
        let both = replied(&mut random);
        // Bounds may overlap: what is possible either way is told both ways.
        let found: Vec<_> =
            told(&both).into_iter().filter(|it| it.0.certainty == Certainty::Proved).collect();
        for (exposure, sources) in found.iter().filter(|it| it.0.reach == Reach::Exposed) {
            replied_to += 1;
            for (other, others) in found.iter().filter(|it| it.0.reach == Reach::OneWay) {
                let same = !exposure.protocols.intersection(other.protocols).is_empty();
                let apart = !exposure.ports.is_empty()
                    && !other.ports.is_empty()
                    && exposure.ports.is_disjoint(&other.ports);
                assert!(!same || apart || sources.is_disjoint(others), "seed {seed}: {exposure:?} {other:?}");
            }
        }
        one_way += found.iter().filter(|it| it.0.reach == Reach::OneWay).count();
    }
    assert!(replied_to > 200 && one_way > 200, "{replied_to} replied to, {one_way} one way");
}

/// The source ports of every witness are those the oracle lets in, and a caller's usual one is chosen where it is.
#[test]
fn source_ports_of_a_witness_are_all_that_work() {
    let (mut limited, mut asked) = (0, 0);
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let snapshot = replied(&mut random);
        let internet = snapshot.internet.addresses();
        for (exposure, _) in told(&snapshot) {
            let Some(witness) = &exposure.witness else { continue };
            let packet = witness.packet;
            if !packet.protocol.has_ports() {
                assert_eq!(*witness.source_ports, PortSet::empty());
                continue;
            }
            let world = match exposure.certainty {
                Certainty::Proved => World::Lower,
                Certainty::Possible => World::Upper,
            };
            let oracle = Oracle::new(&exposure.target.paths[exposure.way].filter, world, internet);
            let works = |source_port: u16| oracle.decide(&Packet { source_port, ..packet }) != Action::Deny;
            let ends = witness.source_ports.spans().iter();
            let ends =
                ends.flat_map(|&(first, last)| [first, last, first.wrapping_sub(1), last.wrapping_add(1)]);
            let any = (0..40).map(|_| random.bits() as u16).collect::<Vec<_>>();
            for port in ends.chain(any).chain([0, 1_023, 1_024, 50_000, u16::MAX]) {
                assert_eq!(
                    witness.source_ports.contains(port),
                    works(port),
                    "seed {seed}: {packet:?} {port}"
                );
                asked += 1;
            }
            assert!(works(packet.source_port) && (packet.source_port == 50_000 || !works(50_000)));
            limited += u32::from(!witness.source_ports.is_everything());
        }
    }
    assert!(limited > 50 && asked > 10_000, "{limited} limited, {asked} asked");
}

/// Any of several groups lets it in: packet by packet what one of them says.
#[test]
fn any_of_groups_is_their_union() {
    let mut random = Random::new(7);
    let mut admitted = 0;
    for _ in 0..40 {
        let filter = any_of_groups(&mut random);
        let alone: Vec<Snapshot> = match &filter {
            Filter::Chain(stages) => match &stages[0] {
                Filter::AnyOf(groups) => groups
                    .iter()
                    .map(|one| behind(Filter::Chain(vec![one.clone(), Filter::Always(Action::Deny)])))
                    .collect(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        };
        let together = behind(filter);
        let every = |snapshots: &[&Snapshot], protocol: Protocol, port: u16| {
            let found = snapshots.iter().flat_map(|snapshot| told(snapshot));
            let here = found.filter(|(exposure, _)| {
                exposure.certainty == Certainty::Proved
                    && exposure.protocols.contains(protocol)
                    && (exposure.ports.is_empty() || exposure.ports.contains(port))
            });
            here.fold(AddressSet::empty(), |all, (_, sources)| all.union(&sources.only(Family::V4)))
        };
        let alone: Vec<&Snapshot> = alone.iter().collect();
        for (protocol, port) in
            [(Protocol::TCP, 22), (Protocol::TCP, 443), (Protocol::ICMP, 2048), (Protocol::GRE, 0)]
        {
            let expected = every(&alone, protocol, port);
            assert_eq!(every(&[&together], protocol, port), expected, "{protocol} {port}");
            admitted += u32::from(!expected.is_empty());
        }
    }
    assert!(admitted > 20, "{admitted}");
}
