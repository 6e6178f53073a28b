//! Generated estates: what the crates say of them, and what the evaluator on their JSON says.

use core::net::IpAddr;
use std::collections::BTreeSet;

use engine::Certainty;
use model::Reach;
use packet::{Family, Prefix, Protocol};
use serde_json::Value;

use crate::generate::{Estate, estate, texts};
use crate::oracle::azure::{self, Judge, Packet, Verdict};
use crate::pipeline::lower_values;
use crate::random::{Random, mix};

/// How a comparison went.
#[derive(Clone, Debug, Default)]
pub struct Compared {
    /// Estates that were compared.
    pub estates: usize,
    /// Packets that were decided twice.
    pub packets: usize,
    /// Packets that were let in.
    pub admitted: usize,
    /// The first few on which both disagree.
    pub disagreements: Vec<String>,
}

/// Compares generated estates, each over some thousand packets, until that many packets are done.
#[must_use]
pub fn run(packets: usize, seed: u64) -> Compared {
    let mut total = Compared::default();
    for number in 0.. {
        if total.packets >= packets {
            break;
        }
        let mut random = Random::new(mix(seed ^ number));
        let estate = estate(&mut random);
        let compared = compare(&estate, PACKETS, &mut random);
        total.estates += 1;
        total.packets += compared.packets;
        total.admitted += compared.admitted;
        let said = compared.disagreements.iter().map(|it| format!("estate {number} of seed {seed:#x}: {it}"));
        total.disagreements.extend(said);
    }
    total
}

/// Everything that must stay when an estate is only written otherwise: each exposure without the names of rules.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn exposures(estate: &Estate) -> BTreeSet<String> {
    exposures_of(&estate.documents())
}

/// The same of documents in the order they are read.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn exposures_of(documents: &[(String, Value)]) -> BTreeSet<String> {
    let (snapshot, _) = lower_values(documents);
    let mut told = BTreeSet::new();
    let sink = &mut |exposure: engine::Exposure, addresses: &packet::AddressSet| {
        let engine::Exposure {
            fingerprint, target, reach, certainty, fronts, protocol, ports, sources, ..
        } = exposure;
        told.insert(format!(
            "{fingerprint} {} {reach:?} {certainty:?} {fronts:?} {protocol:?} {ports} {sources:?} {addresses:?}",
            target.id
        ));
    };
    engine::exposures(&snapshot, sink).unwrap_or_else(|contradiction| panic!("{contradiction}"));
    told
}

/// Decides packets to every interface by the crates and by the oracle.
///
/// # Panics
/// When the engine contradicts itself.
#[must_use]
pub fn compare(estate: &Estate, packets: usize, random: &mut Random) -> Compared {
    let (snapshot, gaps) = lower_values(&estate.documents());
    let mut compared = Compared { estates: 1, ..Compared::default() };
    compared.disagreements.extend(gaps.iter().map(|gap| format!("a gap: {}", gap.message)));
    let mut told = Vec::new();
    engine::exposures(&snapshot, &mut |exposure, sources| told.push((exposure, sources.clone())))
        .unwrap_or_else(|contradiction| panic!("{contradiction}"));
    let draw = Draw::new(rules(estate));
    let targets: Vec<(&str, Judge)> = judges(estate).collect();
    for _ in 0..packets {
        let (target, judge) = random.pick(&targets);
        let packet = draw.packet(random);
        let admitted = told.iter().any(|(exposure, sources)| {
            snapshot.protocols.contains(Protocol(packet.protocol))
                && *exposure.target.name == **target
                && exposure.reach == Reach::Exposed
                && exposure.certainty == Certainty::Proved
                && exposure.protocol.is_none_or(|protocol| protocol == Protocol(packet.protocol))
                && (exposure.ports.is_empty() || exposure.ports.contains(packet.port))
                && sources.contains(packet.source)
        });
        let verdict = judge.decide(&packet);
        compared.packets += 1;
        compared.admitted += usize::from(admitted);
        let expected = if admitted { Verdict::Allow } else { Verdict::Deny };
        if verdict != expected && compared.disagreements.len() < DISAGREEMENTS_MAX {
            compared
                .disagreements
                .push(format!("{packet:?} to {target}: {expected:?}, the oracle says {verdict:?}"));
        }
    }
    compared
}

/// A packet of which the oracle says different things in two estates; `None` when none was found.
#[must_use]
pub fn differing_packet(before: &Estate, after: &Estate, random: &mut Random) -> Option<String> {
    let all = Draw::new(rules(before).chain(rules(after)));
    // Only packets that a changed rule speaks of can differ; a changed attachment concerns all.
    let gone = rules(before).filter(|rule| !rules(after).any(|it| it == *rule));
    let come = rules(after).filter(|rule| !rules(before).any(|it| it == *rule));
    let changed = Draw::new(gone.chain(come));
    let pairs: Vec<_> = judges(before).zip(judges(after)).collect();
    for _ in 0..TRIES {
        let ((target, one), (_, two)) = random.pick(&pairs);
        let packet = if random.chance(70) { &changed } else { &all }.packet(random);
        let (left, right) = (one.decide(&packet), two.decide(&packet));
        if left != right {
            return Some(format!("{packet:?} to {target}: {left:?} before, {right:?} after"));
        }
    }
    None
}

/// The interfaces of an estate, each with who decides for it.
fn judges(estate: &Estate) -> impl Iterator<Item = (&str, Judge)> {
    let mut oracle = azure::Estate::default();
    estate.documents().iter().for_each(|(_, document)| oracle.read(document));
    estate.targets().filter_map(move |target| Some((target, oracle.judge(target)?)))
}

fn rules(estate: &Estate) -> impl Iterator<Item = &Value> {
    estate.groups.iter().filter_map(|group| group["securityRules"].as_array()).flatten()
}

/// Where packets come from: the boundaries of all prefixes and ranges, seldom anything else.
struct Draw {
    sources: Vec<IpAddr>,
    ports: Vec<u16>,
}

impl Draw {
    fn new<'a>(rules: impl Iterator<Item = &'a Value>) -> Self {
        let mut sources: BTreeSet<IpAddr> = EVERYWHERE.iter().filter_map(|text| text.parse().ok()).collect();
        let mut ports: BTreeSet<u16> = [0, 1, 22, 65534, 65535].into();
        for rule in rules {
            for text in texts(rule, "sourceAddressPrefix") {
                sources.extend(text.trim().parse().ok().into_iter().flat_map(ends));
            }
            for text in texts(rule, "destinationPortRange") {
                let numbers = text.split('-').filter_map(|number| number.trim().parse::<u16>().ok());
                ports.extend(numbers.flat_map(|port| [port.saturating_sub(1), port, port.saturating_add(1)]));
            }
        }
        Self { sources: sources.into_iter().collect(), ports: ports.into_iter().collect() }
    }

    fn packet(&self, random: &mut Random) -> Packet {
        let source = match random.below(8) {
            0 => Family::V4.address(random.wide() >> 96),
            1 => Family::V6.address((0x2000_u128 << 112) | (random.wide() >> 3)),
            _ => *random.pick(&self.sources),
        };
        // A13: ICMP of IPv4 does not travel over IPv6, so there is no such packet to ask about.
        let protocols: &[u8] =
            if source.is_ipv6() { &[6, 6, 17, 50, 51] } else { &[6, 6, 6, 17, 17, 1, 50, 51, 47] };
        let protocol = *random.pick(protocols);
        let port = if random.chance(85) { *random.pick(&self.ports) } else { random.bits() as u16 };
        Packet { protocol, source, port: if [6, 17].contains(&protocol) { port } else { 0 } }
    }
}

/// The first and last address of a prefix, and those beside them.
fn ends(prefix: Prefix) -> [IpAddr; 4] {
    let (family, first, last) = (prefix.family(), prefix.first(), prefix.last());
    let above = last.saturating_add(1).min(family.highest());
    [first.saturating_sub(1), first, last, above].map(|value| family.address(value))
}

const EVERYWHERE: [&str; 8] =
    ["8.8.8.8", "9.9.9.9", "100.0.0.1", "200.1.1.1", "168.63.129.16", "10.1.2.3", "2a00:1450::1", "2600::1"];
const TRIES: usize = 400;
const PACKETS: usize = 4_000;
const DISAGREEMENTS_MAX: usize = 5;
