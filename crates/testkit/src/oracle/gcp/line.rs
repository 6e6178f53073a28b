//! One line of a rule or a policy: which packets it speaks of and what then happens; lines in order.

use core::net::IpAddr;

use serde_json::Value;

use super::fields::{From, hold, text, texts};
use crate::oracle::verdict::{Match, Packet};

/// What may come of a packet: let in, kept out, left to whoever is asked next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Outcomes {
    pub(super) allow: bool,
    pub(super) deny: bool,
    pub(super) next: bool,
}

impl Outcomes {
    pub(super) const ALLOW: Self = Self { allow: true, deny: false, next: false };
    pub(super) const DENY: Self = Self { allow: false, deny: true, next: false };
    pub(super) const NEXT: Self = Self { allow: false, deny: false, next: true };
    /// G11: what an inspection lets through nobody knows.
    pub(super) const INSPECTED: Self = Self { allow: true, deny: true, next: false };
    pub(super) const UNKNOWN: Self = Self { allow: true, deny: true, next: true };

    pub(super) const fn or(self, other: Self) -> Self {
        Self {
            allow: self.allow || other.allow,
            deny: self.deny || other.deny,
            next: self.next || other.next,
        }
    }
}

/// Protocol and ports (G9).
#[derive(Clone, Debug)]
pub(super) struct Layer4 {
    /// Whether the protocol is understood; never `No`.
    protocol: Match,
    /// Nothing: all of them.
    number: Option<u8>,
    /// None: all of them; nothing: they are not understood.
    ports: Option<Vec<(u16, u16)>>,
}

impl Layer4 {
    /// Of `{IPProtocol, ports}` or `{ipProtocol, ports}`.
    pub(super) fn read(object: &Value, key: &str) -> Self {
        let word = text(object, key).unwrap_or_default().to_ascii_lowercase();
        let number = match word.as_str() {
            "tcp" => Some(6),
            "udp" => Some(17),
            "icmp" => Some(1),
            "esp" => Some(50),
            "ah" => Some(51),
            "sctp" => Some(132),
            "ipip" => Some(4),
            number => number.parse().ok(),
        };
        let is_readable = number.is_some() || word == "all";
        let protocol = if is_readable { Match::Yes } else { Match::Maybe };
        Self { protocol, number, ports: texts(object, "ports").into_iter().map(range).collect() }
    }

    fn matches(&self, packet: &Packet) -> Match {
        let ported = [6, 17, 132].contains(&packet.protocol);
        let inside = |(first, last): &(u16, u16)| (*first..=*last).contains(&packet.port);
        let ports = match &self.ports {
            _ if !ported => Match::Yes,
            None => Match::Maybe,
            Some(ports) => Match::from(ports.is_empty() || ports.iter().any(inside)),
        };
        self.protocol.min(self.number.map_or(Match::Yes, |it| Match::from(it == packet.protocol))).min(ports)
    }
}

/// `22` or `80-90`.
pub(super) fn range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.trim().split_once('-').unwrap_or((text.trim(), text.trim()));
    let (first, last) = (first.trim().parse().ok()?, last.trim().parse().ok()?);
    (first <= last).then_some((first, last))
}

/// A rule as it concerns one interface.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) priority: i64,
    /// Whether it is for the interface at all; never `No`.
    pub(super) applies: Match,
    pub(super) action: Outcomes,
    pub(super) layer4: Vec<Layer4>,
    pub(super) sources: Vec<From>,
    /// None: whatever the destination.
    pub(super) destinations: Vec<From>,
}

impl Line {
    fn matches(&self, packet: &Packet, destination: Option<IpAddr>) -> Match {
        let layer4 = self.layer4.iter().map(|it| it.matches(packet)).max().unwrap_or(Match::No);
        if layer4 == Match::No {
            return Match::No;
        }
        let source = hold(&self.sources, packet.source);
        let destination = match destination {
            _ if self.destinations.is_empty() => Match::Yes,
            Some(address) => hold(&self.destinations, address),
            None => Match::Maybe,
        };
        self.applies.min(layer4).min(source).min(destination)
    }
}

/// Lines in the order they are read.
#[derive(Clone, Debug, Default)]
pub(super) struct List {
    lines: Vec<Line>,
    /// Whether of one priority nobody knows which is first.
    is_tied: bool,
}

impl List {
    /// By priority, and of one priority denials first (G1).
    pub(super) fn new(mut lines: Vec<Line>) -> Self {
        lines.sort_by_key(|line| (line.priority, line.action != Outcomes::DENY));
        Self { lines, is_tied: false }
    }

    /// G11: by priority, of which there is one of each; X1.
    pub(super) fn untied(mut lines: Vec<Line>) -> Self {
        lines.sort_by_key(|line| line.priority);
        Self { lines, is_tied: true }
    }

    /// One of which nothing is known.
    pub(super) fn unknown() -> Self {
        let layer4 = Layer4 { protocol: Match::Yes, number: None, ports: Some(Vec::new()) };
        let whole = ["0.0.0.0/0", "::/0"].map(From::of).to_vec();
        let (applies, action) = (Match::Yes, Outcomes::UNKNOWN);
        let line =
            Line { priority: 0, applies, action, layer4: vec![layer4], sources: whole, destinations: vec![] };
        Self { lines: vec![line], is_tied: false }
    }

    /// First match; nothing matched leaves it to the next (G12).
    pub(super) fn decide(&self, packet: &Packet, destination: Option<IpAddr>) -> Outcomes {
        let mut outcomes = Outcomes::default();
        let mut decided: Option<i64> = None;
        for line in &self.lines {
            if decided.is_some_and(|priority| line.priority != priority || !self.is_tied) {
                break;
            }
            let matches = line.matches(packet, destination);
            if matches != Match::No {
                outcomes = outcomes.or(line.action);
            }
            if matches == Match::Yes {
                decided = Some(line.priority);
            }
        }
        if decided.is_none() { outcomes.or(Outcomes::NEXT) } else { outcomes }
    }
}
