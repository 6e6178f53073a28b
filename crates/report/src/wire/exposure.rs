//! An exposure: its target, the ways to it, its sources, its rules, its packet.

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeMap;

use engine::{Admission, Entrance, Measure};
use model::{Action, Carries, Name, Path};
use packet::{AddressSet, Cover, Family, PortRange, PortSet, Prefix, Protocol, ProtocolSet};
use serde::Serialize;

use super::Where;
use crate::Places;

#[derive(Serialize)]
pub(crate) struct Exposure<'a> {
    fingerprint: String,
    cloud: &'static str,
    scope: Option<&'a str>,
    target: Target<'a>,
    reach: &'static str,
    certainty: &'static str,
    fronts: Vec<Front<'a>>,
    protocol: String,
    protocols: Vec<String>,
    ports: Vec<String>,
    icmp: Vec<String>,
    destinations: Vec<String>,
    destinations_more: u64,
    sources: Sources<'a>,
    rentable: bool,
    power: Option<&'a str>,
    opened_by: Vec<OpenedBy<'a>>,
    path: Vec<Hop<'a>>,
    witness: Option<Witness>,
}

#[derive(Serialize)]
pub(crate) struct Target<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
    attributes: BTreeMap<&'static str, &'a str>,
}

#[derive(Serialize)]
struct Front<'a> {
    id: &'a str,
    address: IpAddr,
    ports: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct Sources<'a> {
    ipv4: Option<Measured>,
    ipv6: Option<Measured>,
    tags: Vec<&'a str>,
}

#[derive(Serialize)]
pub(super) struct Measured {
    grade: &'static str,
    addresses: Option<String>,
    share: Option<f64>,
    cidrs: Vec<String>,
    missing: Vec<String>,
    more: u64,
    missing_more: u64,
}

#[derive(Serialize)]
pub(super) struct OpenedBy<'a> {
    filter: &'a str,
    rule: &'a str,
    priority: Option<u32>,
    provenance: Option<Where<'a>>,
}

#[derive(Serialize)]
#[serde(tag = "hop", rename_all = "lowercase")]
pub(crate) enum Hop<'a> {
    Front { id: &'a str },
    Translate { id: &'a str, rule: Option<&'a str> },
    Forward { id: &'a str, rule: Option<&'a str> },
    Filter { id: &'a str, verdict: Option<&'static str>, rule: Option<&'a str> },
    Deliver { id: &'a str },
}

#[derive(Serialize)]
pub(super) struct Witness {
    protocol: String,
    source: IpAddr,
    source_port: Option<u16>,
    front: Option<String>,
    target: Option<IpAddr>,
    target_port: Option<u16>,
    icmp: Option<String>,
    source_ports: Vec<String>,
}

impl<'a> Exposure<'a> {
    pub(crate) fn of(exposure: &'a engine::Exposure, places: &'a Places) -> Self {
        let target = &exposure.target;
        let (destinations, destinations_more) = destinations(exposure.destinations.as_deref());
        Self {
            fingerprint: exposure.fingerprint.to_string(),
            cloud: target.cloud,
            scope: target.scope.as_deref(),
            target: Target::of(target),
            reach: exposure.reach.word(),
            certainty: exposure.certainty.word(),
            fronts: fronts(exposure),
            protocol: protocol(exposure.protocol),
            protocols: protocols(exposure.protocols),
            ports: ported(exposure.protocol, &exposure.ports),
            icmp: typed(exposure.protocol, &exposure.ports),
            destinations,
            destinations_more,
            sources: Sources::of(&exposure.sources),
            rentable: exposure.sources.rentable,
            power: target.power.as_deref(),
            opened_by: exposure.opened_by.iter().filter_map(|by| OpenedBy::of(by, places)).collect(),
            path: path(exposure),
            witness: exposure.witness.as_ref().map(Witness::of),
        }
    }
}

impl<'a> Target<'a> {
    pub(crate) fn of(target: &'a model::Target) -> Self {
        let attributes = target.attributes.iter().map(|(name, value)| (*name, value.as_ref())).collect();
        Self { id: &target.id, kind: target.kind, name: &target.name, attributes }
    }
}

impl<'a> Sources<'a> {
    pub(super) fn of(sources: &'a engine::Sources) -> Self {
        Self {
            ipv4: sources.ipv4.as_ref().map(Measured::of),
            ipv6: sources.ipv6.as_ref().map(Measured::of),
            tags: sources.tags.iter().map(Name::as_ref).collect(),
        }
    }
}

impl Measured {
    pub(super) fn of(measure: &Measure) -> Self {
        Self {
            grade: measure.grade.word(),
            addresses: measure.addresses.map(|count| count.to_string()),
            share: measure.share,
            cidrs: prefixes(&measure.cidrs),
            missing: prefixes(&measure.missing),
            more: measure.cidrs.more + measure.missing.more,
            missing_more: measure.missing.more,
        }
    }
}

impl<'a> OpenedBy<'a> {
    /// `None` when the list has no such rule, which an engine never says.
    pub(super) fn of(admission: &'a Admission, places: &'a Places) -> Option<Self> {
        let rule = admission.list.rules.get(admission.rule);
        debug_assert!(rule.is_some(), "an admission names a rule of its list");
        let rule = rule?;
        let provenance = Where::of(None, rule.provenance, places);
        Some(Self { filter: &admission.list.name, rule: &rule.name, priority: rule.priority, provenance })
    }
}

impl Witness {
    pub(super) fn of(witness: &engine::Witness) -> Self {
        let packet = &witness.packet;
        let port = |port| packet.protocol.has_ports().then_some(port);
        Self {
            protocol: packet.protocol.to_string(),
            source: packet.source,
            source_port: port(packet.source_port),
            front: witness.front.map(|front| endpoint(front.ip(), port(front.port()))),
            target: witness.target,
            target_port: port(packet.destination_port),
            icmp: type_and_code(packet.protocol, packet.destination_port),
            source_ports: ports(&witness.source_ports),
        }
    }
}

/// `20.50.1.20:3389`, `[2001:db8::1]:22`; the address alone where the protocol has no ports.
pub(crate) fn endpoint(address: IpAddr, port: Option<u16>) -> String {
    match port {
        Some(port) => SocketAddr::new(address, port).to_string(),
        None => address.to_string(),
    }
}

/// `8/0` of a protocol with types.
pub(crate) fn type_and_code(protocol: Protocol, number: u16) -> Option<String> {
    let [of_type, code] = number.to_be_bytes();
    protocol.has_types().then(|| format!("{of_type}/{code}"))
}

/// Only fronts whose address is known: the others are in the path, by id.
fn fronts<'a>(exposure: &'a engine::Exposure) -> Vec<Front<'a>> {
    let known = |entrance: &'a Entrance| {
        let address = entrance.front.address?;
        let ports = ported(exposure.protocol, &entrance.ports);
        Some(Front { id: &entrance.front.id, address, ports })
    };
    exposure.fronts.iter().filter_map(known).collect()
}

/// The way of the witness.
fn path(exposure: &engine::Exposure) -> Vec<Hop<'_>> {
    let filters = exposure.passages.iter().map(|passage| {
        let rule = passage.rule.and_then(|position| passage.list.rules.get(position));
        let verdict = rule.map(|rule| action(rule.action));
        Hop::Filter { id: &passage.list.id, verdict, rule: rule.map(|rule| rule.name.as_ref()) }
    });
    match exposure.target.paths.get(exposure.way) {
        Some(way) => hops(way, filters, &exposure.target.id),
        None => filters.chain([Hop::Deliver { id: &exposure.target.id }]).collect(),
    }
}

/// A way with its filters, hop by hop.
pub(crate) fn hops<'a>(
    way: &'a Path,
    filters: impl Iterator<Item = Hop<'a>>,
    target: &'a str,
) -> Vec<Hop<'a>> {
    let front = way.front.as_ref().map(|front| Hop::Front { id: &front.id });
    let passed_on = way.hops.iter().map(|hop| Hop::over(hop, &way.carries));
    front.into_iter().chain(passed_on).chain(filters).chain([Hop::Deliver { id: target }]).collect()
}

impl<'a> Hop<'a> {
    /// What passes packets on; where ports change on the way, it is said to translate.
    fn over(hop: &'a model::Hop, carries: &Carries) -> Self {
        let (id, rule) = (hop.id.as_ref(), hop.rule.as_deref());
        match carries {
            Carries::Everything | Carries::Only { .. } => Self::Forward { id, rule },
            Carries::Translated { .. } => Self::Translate { id, rule },
        }
    }
}

const fn action(action: Action) -> &'static str {
    match action {
        Action::Allow => "allow",
        Action::Deny => "deny",
        Action::Pass => "pass",
    }
}

fn protocol(protocol: Option<Protocol>) -> String {
    protocol.map_or_else(|| "any".to_owned(), |protocol| protocol.to_string())
}

/// `6`, `0-255`: protocols by their numbers.
pub(crate) fn protocols(set: ProtocolSet) -> Vec<String> {
    let numbers = set.iter().filter_map(|protocol| PortRange::new(protocol.0.into(), protocol.0.into()));
    ports(&numbers.collect())
}

/// The ports of an exposure: what else may stand there are types.
fn ported(protocol: Option<Protocol>, numbers: &PortSet) -> Vec<String> {
    if protocol.is_some_and(Protocol::has_types) { Vec::new() } else { ports(numbers) }
}

/// `8`, `3/0-3`: the types of an exposure where it is not every one.
pub(crate) fn typed(protocol: Option<Protocol>, numbers: &PortSet) -> Vec<String> {
    let is_typed = protocol.is_some_and(Protocol::has_types);
    let types = if is_typed { packet::types(numbers) } else { Vec::new() };
    types.iter().map(ToString::to_string).collect()
}

fn ports(ports: &PortSet) -> Vec<String> {
    ports.ranges().map(|range| range.to_string()).collect()
}

/// The destinations that are reached, and how many entries more there are; none when it is all of them.
fn destinations(set: Option<&AddressSet>) -> (Vec<String>, u64) {
    let Some(set) = set else { return (Vec::new(), 0) };
    let universe = AddressSet::everything();
    let mut listed: Vec<Prefix> = Vec::new();
    let mut more = 0;
    for family in Family::BOTH {
        let cover = packet::cover(set, &universe, family, ENTRIES_MAX - listed.len());
        listed.extend(cover.prefixes);
        more += cover.more;
    }
    (listed.iter().map(ToString::to_string).collect(), more)
}

fn prefixes(cover: &Cover) -> Vec<String> {
    cover.prefixes.iter().map(ToString::to_string).collect()
}

/// Where `destinations` is cut, as `cidrs` and `missing` are.
const ENTRIES_MAX: usize = 64;
