//! A packet that was tried as one JSON document, `wideopen.test/1`.

use core::net::IpAddr;
use std::io;

use engine::{Aim, Attempt, Layer, Sent};
use model::{Destinations, Target};
use serde::Serialize;

use super::{Tried, WAYS_MAX, path, why};
use crate::wire::{self, endpoint};
use crate::{Places, SCOPE, Style, careful};

/// The name and version of the document.
pub const TEST_SCHEMA_NAME: &str = "wideopen.test/1";

/// Its JSON Schema (draft 2020-12). It is strict: every field is required, no other is allowed.
pub const TEST_SCHEMA: &str = include_str!("../test.schema.json");

pub(super) fn write(tried: &Tried<'_>, _: &Style, mut out: &mut dyn io::Write) -> io::Result<()> {
    careful::write_pretty(&mut out, &Document::of(tried))?;
    out.write_all(b"\n")
}

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    verdict: &'static str,
    reason: &'static str,
    message: String,
    scope_note: &'static str,
    to: &'a str,
    internet: bool,
    gaps: u64,
    unread: &'a [String],
    missing: &'a [String],
    packet: Packet,
    // Of the way the packet gets furthest by.
    layers: Vec<Filter<'a>>,
    ways: Vec<Way<'a>>,
    ways_more: u64,
}

#[derive(Serialize)]
struct Way<'a> {
    verdict: &'static str,
    target: wire::Target<'a>,
    reach: Option<&'static str>,
    packet: Packet,
    path: Vec<wire::Hop<'a>>,
    layers: Vec<Filter<'a>>,
}

#[derive(Serialize)]
struct Packet {
    protocol: String,
    source: IpAddr,
    source_port: Option<u16>,
    front: Option<String>,
    target: Option<IpAddr>,
    target_port: Option<u16>,
    icmp: Option<String>,
}

#[derive(Serialize)]
struct Filter<'a> {
    id: &'a str,
    name: &'a str,
    kind: &'static str,
    verdict: &'static str,
    reached: bool,
    /// The rule that decides; `null` where none matches, and where it is open which.
    rule: Option<&'a str>,
    rules: Vec<Rule<'a>>,
}

#[derive(Serialize)]
struct Rule<'a> {
    rule: &'a str,
    priority: Option<u32>,
    provenance: Option<wire::Where<'a>>,
}

impl<'a> Document<'a> {
    fn of(tried: &'a Tried<'_>) -> Self {
        let attempts = &tried.answer.attempts;
        let ways: Vec<_> = attempts
            .iter()
            .take(WAYS_MAX)
            .map(|(target, attempt)| Way::of(target, attempt, tried.places))
            .collect();
        let best = attempts.first();
        Self {
            schema: TEST_SCHEMA_NAME,
            verdict: tried.answer.verdict.word(),
            reason: tried.answer.reason.word(),
            message: why(tried),
            scope_note: SCOPE,
            to: tried.to,
            internet: tried.is_internet,
            gaps: tried.gaps,
            unread: tried.unread,
            missing: tried.missing,
            packet: best
                .map_or_else(|| Packet::sent(tried.sent), |(target, attempt)| Packet::of(target, attempt)),
            layers: best.map_or_else(Vec::new, |(_, attempt)| layers(attempt, tried.places)),
            ways_more: attempts.len().saturating_sub(WAYS_MAX) as u64,
            ways,
        }
    }
}

impl<'a> Way<'a> {
    fn of(target: &'a Target, attempt: &'a Attempt, places: &'a Places) -> Self {
        let way = path(target, attempt);
        let layers = layers(attempt, places);
        let filters = layers.iter().map(|layer| wire::Hop::Filter {
            id: layer.id,
            verdict: Some(layer.verdict),
            rule: layer.rule,
        });
        Self {
            verdict: attempt.verdict.word(),
            target: wire::Target::of(target),
            reach: way.map(|way| way.reach.word()),
            packet: Packet::of(target, attempt),
            path: way.map_or_else(Vec::new, |way| wire::hops(way, filters, &target.id)),
            layers,
        }
    }
}

impl Packet {
    fn of(target: &Target, attempt: &Attempt) -> Self {
        let packet = &attempt.packet;
        let port = |port| packet.protocol.has_ports().then_some(port);
        let way = path(target, attempt);
        let front = way.and_then(|way| way.front.as_ref()?.address);
        let own = way.and_then(|way| match way.destinations {
            Destinations::These(_) | Destinations::SomeOf(_) => Some(packet.destination),
            Destinations::Endpoint(_) => None,
        });
        Self {
            protocol: packet.protocol.to_string(),
            source: packet.source,
            source_port: port(packet.source_port),
            front: front.map(|front| endpoint(front, port(attempt.outside))),
            target: own,
            target_port: port(packet.destination_port),
            icmp: wire::type_and_code(packet.protocol, packet.destination_port),
        }
    }

    /// A packet that no way takes, as far as it is known.
    fn sent(sent: &Sent) -> Self {
        let port = |port| sent.protocol.has_ports().then_some(port);
        let (front, target_port, number) = match sent.aim {
            Aim::Front(address, number) => (Some(endpoint(address, port(number))), None, number),
            Aim::Port(number) => (None, port(number), number),
        };
        Self {
            protocol: sent.protocol.to_string(),
            source: sent.source,
            source_port: sent.source_port.and_then(port),
            front,
            target: None,
            target_port,
            icmp: wire::type_and_code(sent.protocol, number),
        }
    }
}

fn layers<'a>(attempt: &'a Attempt, places: &'a Places) -> Vec<Filter<'a>> {
    attempt.trace.layers.iter().map(|layer| Filter::of(layer, places)).collect()
}

impl<'a> Filter<'a> {
    fn of(layer: &'a Layer, places: &'a Places) -> Self {
        let named = layer.rules.iter().filter_map(|rule| layer.list.rules.get(*rule));
        let rules: Vec<Rule<'_>> = named
            .map(|rule| Rule {
                rule: &rule.name,
                priority: rule.priority,
                provenance: wire::Where::of(None, rule.provenance, places),
            })
            .collect();
        Self {
            id: &layer.list.id,
            name: &layer.list.name,
            kind: layer.list.kind,
            verdict: layer.word(),
            reached: layer.is_reached,
            rule: match rules.as_slice() {
                [only] => Some(only.rule),
                _ => None,
            },
            rules,
        }
    }
}
