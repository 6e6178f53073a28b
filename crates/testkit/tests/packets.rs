//! What `wideopen test` answers is what the oracle says, packet by packet.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "test code: a broken invariant is a failed test"
)]

use core::net::IpAddr;
use std::sync::Arc;

use engine::{Aim, Reason, Sent, Verdict, send};
use model::{Carries, Filter, Path, Reach, Rule, Snapshot, Target};
use packet::{AddressSet, Family, Packet, PortRange, PortSet, Protocol, ProtocolSet};
use testkit::generate::{Kind, group, list, snapshot, tangle, target};
use testkit::oracle::filter::{Oracle, World};
use testkit::random::Random;

const SNAPSHOTS: u64 = 600;
const PACKETS: u64 = 250;

/// Random ways that carry, translate, are missing or unknown; packets to fronts and to targets, with and without a
/// source port.
#[test]
fn what_test_answers_is_what_the_oracle_says() {
    let mut counts = [0_u64; 3];
    for seed in 0..SNAPSHOTS {
        let mut random = Random::new(seed);
        let mut paths = tangle(&mut random);
        for path in &mut paths {
            path.carries = carries(&mut random);
            let other = [Kind::Types, Kind::SourcePorts][random.below(2)];
            if random.chance(30) {
                path.filter = Arc::new(group(list(&mut random, other, 6)));
            }
        }
        let mut snapshot = snapshot(vec![target("vm", paths)]);
        if random.chance(50) {
            snapshot.protocols = ProtocolSet::EVERYTHING;
        }
        let judge = Judge::new(&snapshot);
        for _ in 0..PACKETS {
            let sent = judge.sent(&mut random);
            let answer = send(&snapshot, &[&snapshot.targets[0]], &sent);
            judge.check(&sent, answer.verdict, &format!("seed {seed}: {sent:?} {:?}", answer.reason));
            assert!(answer.verdict != Verdict::Allow || answer.reason == Reason::Filters);
            counts[answer.verdict as usize] += 1;
        }
    }
    let [allowed, undecided, denied] = counts;
    println!("{} packets: {allowed} allowed, {undecided} undecided, {denied} denied", SNAPSHOTS * PACKETS);
    assert!(SNAPSHOTS * PACKETS >= 100_000 && counts.iter().all(|count| *count > 3_000), "{counts:?}");
}

fn carries(random: &mut Random) -> Carries {
    let (first, tcp) = (random.below(400) as u16, ProtocolSet::only(Protocol::TCP));
    let ports = |last: u16| Arc::new(PortRange::new(first, last).into_iter().collect::<PortSet>());
    match random.below(5) {
        0 | 1 => Carries::Everything,
        2 => Carries::Only { protocols: ProtocolSet::EVERYTHING, ports: ports(first + 3_000) },
        3 => Carries::Only { protocols: tcp, ports: ports(u16::MAX) },
        _ => Carries::Translated {
            protocols: tcp,
            from: ports(first + 20),
            to: [22, 80, 443, 3389][random.below(4)],
        },
    }
}

struct Judge<'a> {
    snapshot: &'a Snapshot,
    target: &'a Arc<Target>,
    ways: Vec<Way<'a>>,
    sources: Vec<IpAddr>,
    ports: Vec<u16>,
}

struct Way<'a> {
    path: &'a Path,
    worlds: Vec<Oracle>,
    destinations: Vec<IpAddr>,
    source_ports: Vec<u16>,
    is_exact: bool,
}

impl<'a> Judge<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        let target = &snapshot.targets[0];
        let rules = || target.paths.iter().flat_map(|path| rules(&path.filter));
        let sources = rules().flat_map(|rule| ends(&rule.matches.sources.may));
        let spans = rules().flat_map(|rule| [&rule.matches.ports.may, &rule.matches.types.may]);
        let spans = spans.flat_map(|set| set.spans());
        let ports =
            spans.flat_map(|&(first, last)| [first.saturating_sub(1), first, last, last.saturating_add(1)]);
        Self {
            snapshot,
            target,
            ways: target.paths.iter().map(|path| Way::new(path, snapshot)).collect(),
            sources: sources.chain(["8.8.8.8".parse().unwrap(), "2600::1".parse().unwrap()]).collect(),
            ports: ports.chain([0, 22, 80, 443, 3389, 50_001]).collect(),
        }
    }

    fn sent(&self, random: &mut Random) -> Sent {
        let protocols: Vec<Protocol> = self.snapshot.protocols.iter().chain([Protocol::GRE]).collect();
        let protocol = match random.below(10) {
            0..6 => Protocol::TCP,
            6 => Protocol::ICMP,
            7 => Protocol::ICMPV6,
            _ => *random.pick(&protocols),
        };
        let (source, mut port) = (*random.pick(&self.sources), *random.pick(&self.ports));
        if !protocol.is_numbered() {
            port = 0;
        }
        let fronts: Vec<IpAddr> =
            self.target.paths.iter().filter_map(|path| path.front.as_ref()?.address).collect();
        let aim = match fronts.is_empty() || random.chance(50) {
            true => Aim::Port(port),
            false => Aim::Front(*random.pick(&fronts), port),
        };
        let source_port = (protocol.has_ports() && random.chance(30)).then(|| random.bits() as u16);
        Sent { protocol, source, source_port, aim }
    }

    /// What holds in every world must be answered, and nothing that does not hold in one.
    fn check(&self, sent: &Sent, verdict: Verdict, question: &str) {
        let mine = || self.ways.iter().filter(|way| way.path.reach != Reach::Latent);
        let worlds = self.ways.first().map_or(0, |way| way.worlds.len());
        let is_known = self.snapshot.protocols.contains(sent.protocol);
        let admits = |way: &Way<'_>, world: usize| is_known && way.admits(sent, world);
        let arrives = |way: &&Way<'_>| way.path.reach != Reach::Admitted;
        let is_in = |world: usize| mine().filter(arrives).any(|way| admits(way, world));
        let may_be_in = |world: usize| mine().any(|way| admits(way, world));
        let every = (0..worlds).all(is_in);
        let some = (0..worlds).any(may_be_in);
        match verdict {
            Verdict::Allow => assert!(every, "{question}: kept out in a world"),
            Verdict::Deny => assert!(!some, "{question}: let in in a world"),
            Verdict::Undecided => {
                let is_exact = mine().filter(arrives).all(|way| way.is_exact);
                let is_led = mine().any(|way| !arrives(&way) && (admits(way, 0) || !way.is_exact));
                assert!(!is_exact || is_led, "{question}: nothing is open");
            }
        }
    }
}

impl<'a> Way<'a> {
    fn new(path: &'a Path, snapshot: &Snapshot) -> Self {
        let internet = snapshot.internet.addresses();
        let within = path.destinations.addresses();
        let own = rules(&path.filter).flat_map(|rule| {
            [&rule.matches.destinations.must, &rule.matches.destinations.may]
                .into_iter()
                .flat_map(|set| ends(set))
        });
        let mut destinations: Vec<IpAddr> =
            own.chain(ends(within)).filter(|address| within.contains(*address)).collect();
        destinations.sort_unstable();
        destinations.dedup();
        let spans = rules(&path.filter).flat_map(|rule| {
            [&rule.matches.source_ports.must, &rule.matches.source_ports.may]
                .into_iter()
                .flat_map(|set| set.spans())
        });
        let mut source_ports: Vec<u16> =
            spans.flat_map(|&(first, last)| [first, last.saturating_add(1)]).chain([0, u16::MAX]).collect();
        source_ports.sort_unstable();
        source_ports.dedup();
        Self {
            path,
            worlds: World::several(4, 7).map(|world| Oracle::new(&path.filter, world, internet)).collect(),
            destinations,
            source_ports,
            is_exact: is_exact(&path.filter),
        }
    }

    fn admits(&self, sent: &Sent, world: usize) -> bool {
        let Some(port) = self.port(sent) else { return false };
        let family = Family::of(sent.source).0;
        let is_of = |address: &&IpAddr| Family::of(**address).0 == family && sent.protocol.is_of(family);
        self.destinations.iter().filter(is_of).any(|&destination| {
            let packet = Packet {
                protocol: sent.protocol,
                source: sent.source,
                source_port: 0,
                destination,
                destination_port: port,
            };
            match sent.source_port {
                Some(source_port) => self.worlds[world].admits(&packet, &[source_port]),
                None => self.worlds[world].admits(&packet, &self.source_ports),
            }
        })
    }

    /// The port of the target it comes to on this way, said once more and in other words.
    fn port(&self, sent: &Sent) -> Option<u16> {
        let ported = sent.protocol.has_ports();
        match (sent.aim, &self.path.carries) {
            (Aim::Front(address, port), carries) => {
                (self.path.front.as_ref()?.address == Some(address)).then_some(())?;
                match carries {
                    Carries::Everything => Some(port),
                    Carries::Only { protocols, ports } => {
                        let is_in = protocols.contains(sent.protocol) && (!ported || ports.contains(port));
                        if is_in { Some(port) } else { None }
                    }
                    Carries::Translated { protocols, from, to } => {
                        let is_in = ported && protocols.contains(sent.protocol) && from.contains(port);
                        if is_in { Some(*to) } else { None }
                    }
                }
            }
            (Aim::Port(port), Carries::Everything) => Some(port),
            (Aim::Port(port), Carries::Only { protocols, ports }) => {
                (protocols.contains(sent.protocol) && (!ported || ports.contains(port))).then_some(port)
            }
            (Aim::Port(port), Carries::Translated { protocols, to, .. }) => {
                (ported && protocols.contains(sent.protocol) && port == *to).then_some(port)
            }
        }
    }
}

fn rules(filter: &Filter) -> impl Iterator<Item = &Rule> {
    filter.lists().into_iter().flat_map(|list| list.rules.iter())
}

/// Whether nothing is open: one world is all there is.
fn is_exact(filter: &Filter) -> bool {
    let tied = |list: &&Arc<model::RuleList>| list.rules.windows(2).any(|pair| pair[0].rank == pair[1].rank);
    rules(filter).all(|rule| rule.matches.is_exact() && rule.matches.tags.is_empty())
        && !filter.lists().iter().any(tied)
}

/// The ends of every span of a set and the addresses beside them.
fn ends(set: &AddressSet) -> Vec<IpAddr> {
    let v4 = set.v4_spans().iter().flat_map(|&(first, last)| {
        [first.saturating_sub(1), first, last, last.saturating_add(1)]
            .map(|it| Family::V4.address(u128::from(it)))
    });
    let v6 = set.v6_spans().iter().flat_map(|&(first, last)| {
        [first.saturating_sub(1), first, last, last.saturating_add(1)].map(|it| Family::V6.address(it))
    });
    v4.chain(v6).collect()
}
