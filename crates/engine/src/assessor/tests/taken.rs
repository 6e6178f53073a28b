//! The matrix of random lists against the plain first-match loop.

use super::*;
use crate::{Closer, Matrix, Verdict, matrix, trace};

fn filter(random: &mut Random, rules: u32) -> Arc<Filter> {
    let mut list = RuleList::clone(&list(random, rules));
    for rule in &mut list.rules {
        rule.matches.tags.clear();
        rule.matches.source_ports = Bounds::exactly(Arc::new(PortSet::everything()));
    }
    Arc::new(Filter::Chain(vec![Filter::FirstMatch(Arc::new(list)), Filter::Always(Action::Deny)]))
}

fn snapshot(internet: &Arc<Internet>) -> Snapshot {
    Snapshot {
        cloud: "test",
        internet: Arc::clone(internet),
        inside: None,
        protocols: universe(),
        rentable: Vec::new(),
        targets: Vec::new(),
        lists: Vec::new(),
        gaps: Vec::new(),
        coverage: BTreeMap::new(),
        missing: Vec::new(),
    }
}

/// Whether ports are told as none because they are all that there is.
fn is_whole(protocol: Protocol, told: &PortSet) -> bool {
    !protocol.has_ports() && told.is_empty()
}

/// Rules that take a packet, by the matrix.
fn taking(matrix: &Matrix, packet: &Packet) -> Vec<usize> {
    let takes = |taken: &crate::Taken| {
        let measure = match packet.family() {
            Family::V4 => &taken.sources.ipv4,
            Family::V6 => &taken.sources.ipv6,
        };
        let cidrs = &measure.as_ref().unwrap().cidrs;
        let holds = |prefix: &Prefix| [*prefix].into_iter().collect::<AddressSet>().contains(packet.source);
        taken.protocols.contains(packet.protocol)
            && (is_whole(packet.protocol, &taken.ports) || taken.ports.contains(packet.destination_port))
            && cidrs.prefixes.iter().any(holds)
    };
    let rows = matrix.rows.iter().filter(|row| row.takes.iter().any(takes));
    rows.map(|row| row.rule).collect()
}

#[test]
fn a_packet_is_taken_by_the_rules_that_may_decide_it() {
    let mut random = Random(41);
    let internet = Arc::new(model::Internet::less(&AddressSet::empty(), Thresholds::STANDARD));
    let (mut packets, mut closed_ports) = (0, 0);
    for number in 0..300 {
        let filter = filter(&mut random, 1 + number % 9);
        let own = *["10.0.0.4", "fd00::4"].get(random.below(2) as usize).unwrap();
        let target = target(&mut random, own);
        let mut path = target.paths.first().unwrap().clone();
        path.filter = Arc::clone(&filter);
        let snapshot = snapshot(&internet);
        let destination: core::net::IpAddr = own.parse().unwrap();
        let family = Family::of(destination).0;
        let found = matrix(&snapshot, &path, family);
        assert!(found.is_whole);
        // A set that is told in part cannot be asked.
        let sources = || found.rows.iter().flat_map(|row| &row.takes).map(|taken| &taken.sources);
        if sources().any(|sources| {
            [&sources.ipv4, &sources.ipv6].into_iter().flatten().any(|measure| measure.cidrs.more > 0)
        }) {
            continue;
        }
        let lists = filter.lists();
        for _ in 0..200 {
            let rules = &lists.first().unwrap().rules;
            let rule = rules.get(random.below(rules.len() as u64) as usize).unwrap();
            let source = rule.matches.sources.may.lowest(family).unwrap_or_else(|| family.address(1 << 125));
            if !internet.addresses().contains(source) {
                continue;
            }
            let protocol =
                *[Protocol::TCP, Protocol::UDP, Protocol::ICMP].get(random.below(3) as usize).unwrap();
            let (port, source_port) = (random.below(300) as u16, 50_000);
            let ported = |port: u16| if protocol.has_ports() { port } else { 0 };
            let packet = Packet {
                protocol,
                source,
                source_port: ported(source_port),
                destination,
                destination_port: if protocol.is_numbered() { port } else { 0 },
            };
            if !protocol.is_of(family) {
                continue;
            }
            let traced = trace(&path, &packet);
            let layer = traced.layers.first().unwrap();
            assert_eq!(taking(&found, &packet), layer.rules, "{number}: {packet:?}");
            let closed = found.closed.iter().find(|closed| {
                closed.protocol == protocol
                    && (is_whole(protocol, &closed.ports) || closed.ports.contains(packet.destination_port))
            });
            if let Some(closed) = closed {
                assert_eq!(traced.verdict, Verdict::Deny, "{number}: {packet:?}");
                let names = |closer: &Closer| match closer {
                    Closer::Rule { rule, .. } => layer.rules.contains(rule),
                    Closer::End { .. } => layer.rules.is_empty() || traced.verdict == Verdict::Deny,
                    Closer::Carries | Closer::Always => false,
                };
                assert!(closed.by.iter().any(names), "{number}: {packet:?} {closed:?}");
                closed_ports += 1;
            }
            packets += 1;
        }
    }
    assert!(packets > 20_000 && closed_ports > 2_000, "{packets} {closed_ports}");
}
