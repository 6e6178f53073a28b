//! One way from the Internet to a target: which packets it carries to which port, and what stands in it.

use core::net::IpAddr;

use super::firewall::Translation;
use super::replies::Replies;
use super::services::Clients;
use super::station::Station;
use super::verdict::{Packet, Verdict};

/// One way from the Internet to a target.
#[derive(Debug)]
pub(super) struct Way {
    /// The name of the target.
    pub(super) target: String,
    /// Whether it is one of IPv4, and of IPv6.
    pub(super) families: [bool; 2],
    /// The address outside, where it is known.
    pub(super) front: Option<IpAddr>,
    pub(super) carries: Carries,
    pub(super) gates: Vec<Gate>,
    /// The most that is known to get in.
    pub(super) cap: Verdict,
    /// The callers' ports that something in it tells apart.
    source_ports: Vec<u16>,
    /// Ports that something in it tells apart, where nobody says which port of the target a port outside leads to.
    edges: Vec<u16>,
}

/// What it carries.
#[derive(Clone, Debug)]
pub(super) struct Carries {
    pub(super) protocols: Vec<u8>,
    /// The ports outside.
    pub(super) ports: Vec<(u16, u16)>,
    /// The port of the target; `None` when it is the one outside.
    pub(super) to: Option<u16>,
}

/// Something that must let a packet in.
#[derive(Debug)]
pub(super) enum Gate {
    /// It sees the port outside.
    AtFront(Station),
    /// It sees the port of the target.
    AtTarget(Station),
    Translation(Translation),
    Clients(Clients),
    Replies(Replies),
}

impl Carries {
    /// A12: every packet there is.
    pub(super) fn everything() -> Self {
        Self { protocols: vec![1, 6, 17, 50, 51], ports: vec![(0, u16::MAX)], to: None }
    }

    pub(super) fn one(protocol: u8, port: u16) -> Self {
        Self { protocols: vec![protocol], ports: vec![(port, port)], to: None }
    }

    fn takes(&self, protocol: u8, port: u16) -> bool {
        self.protocols.contains(&protocol)
            && (![6, 17].contains(&protocol)
                || self.ports.iter().any(|(first, last)| (*first..=*last).contains(&port)))
    }
}

impl Way {
    pub(super) fn new(
        target: &str,
        families: [bool; 2],
        front: Option<IpAddr>,
        carries: Carries,
        gates: Vec<Gate>,
        cap: Verdict,
    ) -> Self {
        let mut source_ports = vec![0];
        for gate in &gates {
            if let Gate::AtFront(station) | Gate::AtTarget(station) = gate {
                source_ports.extend(station.source_ports());
            }
        }
        source_ports.sort_unstable();
        source_ports.dedup();
        Self {
            target: target.to_owned(),
            families,
            front,
            carries,
            gates,
            cap,
            source_ports,
            edges: Vec::new(),
        }
    }

    /// The same, and something of which nothing is known may hold it back.
    pub(super) fn doubted(mut self) -> Self {
        self.cap = self.cap.doubted();
        self
    }

    /// The same, to whatever port of the target.
    pub(super) fn at_any_port(mut self) -> Self {
        self.edges = self.carries.ports.iter().map(|(first, _)| *first).collect();
        for gate in &self.gates {
            if let Gate::AtFront(station) | Gate::AtTarget(station) = gate {
                self.edges.extend(station.ports());
            }
        }
        self.edges.sort_unstable();
        self.edges.dedup();
        self
    }

    /// Asked by the port outside.
    pub(super) fn front(&self, packet: &Packet) -> Verdict {
        if !self.families[usize::from(packet.source.is_ipv6())]
            || !self.carries.takes(packet.protocol, packet.port)
        {
            return Verdict::Deny;
        }
        if !self.edges.is_empty() {
            let verdicts = self.edges.iter().map(|inside| self.passes(packet, packet.port, *inside));
            return verdicts.fold(Verdict::Deny, Verdict::better);
        }
        self.passes(packet, packet.port, self.carries.to.unwrap_or(packet.port))
    }

    /// Asked by the port of the target: the caller chooses among the ports outside that lead there.
    pub(super) fn target(&self, packet: &Packet) -> Verdict {
        if !self.edges.is_empty() {
            return self.target_of_any_port(packet);
        }
        match self.carries.to {
            None => self.front(packet),
            Some(to) if to != packet.port => Verdict::Deny,
            Some(_) => {
                let ports = self.carries.ports.iter().flat_map(|(first, last)| self.samples(*first, *last));
                let verdicts = ports.map(|port| self.front(&Packet { port, ..*packet }));
                verdicts.fold(Verdict::Deny, Verdict::better)
            }
        }
    }

    /// Some port outside may lead to the port asked.
    fn target_of_any_port(&self, packet: &Packet) -> Verdict {
        if !self.families[usize::from(packet.source.is_ipv6())] {
            return Verdict::Deny;
        }
        let outside = self.edges.iter().filter(|port| self.carries.takes(packet.protocol, **port));
        let verdicts = outside.map(|outside| self.passes(packet, *outside, packet.port));
        verdicts.fold(Verdict::Deny, Verdict::better)
    }

    /// Ports outside that something in the way tells apart; without anything that sees them one is like the other.
    fn samples(&self, first: u16, last: u16) -> impl Iterator<Item = u16> {
        let told = self.gates.iter().any(|it| matches!(it, Gate::AtFront(_) | Gate::Translation(_)));
        first..=(if told { last } else { first })
    }

    fn passes(&self, packet: &Packet, outside: u16, inside: u16) -> Verdict {
        let Packet { protocol, source, .. } = *packet;
        let mut best = Verdict::Deny;
        for caller in &self.source_ports {
            let mut verdict = self.cap;
            for gate in &self.gates {
                if verdict == Verdict::Deny {
                    break;
                }
                verdict = verdict.and(match gate {
                    Gate::AtFront(station) => station.decide(protocol, source, outside, *caller),
                    Gate::AtTarget(station) => station.decide(protocol, source, inside, *caller),
                    Gate::Translation(translation) => translation.decide(protocol, source, outside, inside),
                    Gate::Clients(clients) => clients.decide(source),
                    Gate::Replies(replies) => replies.decide(protocol, source),
                });
            }
            best = best.better(verdict);
        }
        best
    }
}
