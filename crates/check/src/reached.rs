//! The ports of an exposure as one check speaks of them, and how they are told.
//!
//! Knows no severity.

use core::fmt;

use packet::{PortRange, PortSet, Protocol, ProtocolSet};

use crate::services::{self, SERVICES};
use crate::{Class, Service, type_named};

/// Ports by protocol, types of one that has these; a protocol without either has none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reached {
    /// Every protocol on every port.
    everything: bool,
    // Sorted, each once. Nearly always one, of which there may be millions.
    by_protocol: Vec<(Protocol, PortSet)>,
    /// How many protocols beside these, for which one of them stands.
    others: u32,
}

impl Reached {
    /// The part of some ports that is in a class; `None` where none of it is. Without a protocol it is about every
    /// protocol on every port.
    pub(crate) fn of(protocol: Option<Protocol>, ports: &PortSet, class: Class) -> Option<Self> {
        match (class, protocol) {
            // Who reaches every port reaches these as well, and is told so.
            (Class::Administration | Class::Database | Class::Amplifier, None) => {
                let ports = services::ports(class).iter().map(|(protocol, ports)| (*protocol, ports.clone()));
                Some(Self { everything: false, by_protocol: ports.collect(), others: 0 })
            }
            (Class::AllPorts, None) => Some(Self { everything: true, by_protocol: Vec::new(), others: 0 }),
            (Class::Other | Class::Web | Class::Portless | Class::Endpoint, None) => None,
            (Class::Portless, Some(protocol)) => {
                (!protocol.has_ports()).then(|| Self::only(protocol, types(protocol, ports)))
            }
            (_, Some(protocol)) if !protocol.has_ports() => None,
            (Class::Administration | Class::Database | Class::Amplifier, Some(protocol)) => {
                Self::some(protocol, of_class(class, protocol, ports))
            }
            (Class::AllPorts, Some(protocol)) => is_all(ports).then(|| Self::only(protocol, ports.clone())),
            (Class::Web | Class::Other | Class::Endpoint, Some(_)) if is_all(ports) => None,
            (Class::Web | Class::Endpoint, Some(protocol)) => {
                Self::some(protocol, of_class(Class::Web, protocol, ports))
            }
            (Class::Other, Some(protocol)) => Self::some(protocol, unclaimed(protocol, ports)),
        }
    }

    /// The same of a database, whose every port is one.
    pub(crate) fn of_database(protocol: Protocol, ports: &PortSet, class: Class) -> Option<Self> {
        (class == Class::Database).then(|| Self::some(protocol, ports.clone())).flatten()
    }

    fn only(protocol: Protocol, ports: PortSet) -> Self {
        Self { everything: false, by_protocol: vec![(protocol, ports)], others: 0 }
    }

    fn some(protocol: Protocol, ports: PortSet) -> Option<Self> {
        (!ports.is_empty()).then(|| Self::only(protocol, ports))
    }

    /// The same with the protocols that one of these stands for.
    pub(crate) fn standing_for(self, protocols: ProtocolSet) -> Self {
        let others = if self.everything { 0 } else { protocols.count().saturating_sub(1) };
        Self { others, ..self }
    }

    /// What this reaches and the other does not; `None` without any.
    pub(crate) fn difference(mut self, other: &Self) -> Option<Self> {
        if other.everything {
            return None;
        }
        self.by_protocol.retain_mut(|(protocol, ports)| match other.ports_of(*protocol) {
            Some(known) => {
                *ports = ports.difference(known);
                !ports.is_empty()
            }
            None => true,
        });
        (self.everything || !self.by_protocol.is_empty()).then_some(self)
    }

    fn ports_of(&self, protocol: Protocol) -> Option<&PortSet> {
        self.by_protocol.iter().find(|(known, _)| *known == protocol).map(|(_, ports)| ports)
    }

    /// Whether it is every protocol on every port.
    pub(crate) const fn is_everything(&self) -> bool {
        self.everything
    }

    /// The ports or types of each protocol; none where the protocol has neither.
    pub(crate) fn each(&self) -> impl Iterator<Item = (Protocol, &PortSet)> {
        self.by_protocol.iter().map(|(protocol, ports)| (*protocol, ports))
    }

    /// The port that people know best, else the lowest; 0 of a protocol without ports or types. `None` for everything.
    pub(crate) fn best_known(&self) -> Option<(Protocol, u16)> {
        let is_here = |service: &&Service| {
            self.ports_of(service.protocol).is_some_and(|ports| ports.contains(service.port))
        };
        let known = SERVICES.iter().find(is_here).map(|service| (service.protocol, service.port));
        let lowest = |(protocol, ports): (Protocol, &PortSet)| {
            (protocol, ports.spans().first().map_or(0, |&(first, last)| first.max(1).min(last)))
        };
        known.or_else(|| self.each().map(lowest).next())
    }

    /// What either reaches.
    pub(crate) fn union(mut self, other: &Self) -> Self {
        self.everything |= other.everything;
        self.others = self.others.max(other.others);
        for (protocol, ports) in &other.by_protocol {
            match self.by_protocol.binary_search_by_key(protocol, |(known, _)| *known) {
                Ok(place) => {
                    if let Some((_, own)) = self.by_protocol.get_mut(place) {
                        *own = own.union(ports);
                    }
                }
                Err(place) => self.by_protocol.insert(place, (*protocol, ports.clone())),
            }
        }
        self
    }
}

/// The types of an exposure, of which it tells every one as none.
fn types(protocol: Protocol, told: &PortSet) -> PortSet {
    let is_every = protocol.has_types() && told.is_empty();
    if is_every { PortSet::everything() } else { told.clone() }
}

/// Every port of a protocol, but for at most 1,024.
fn is_all(ports: &PortSet) -> bool {
    ports.complement().count() <= LEFT_OUT_MAX
}

fn of_class(class: Class, protocol: Protocol, ports: &PortSet) -> PortSet {
    services::ports(class).get(&protocol).map_or_else(PortSet::empty, |of| of.intersection(ports))
}

/// The ports that no other class has.
fn unclaimed(protocol: Protocol, ports: &PortSet) -> PortSet {
    let claimed = [Class::Administration, Class::Database, Class::Amplifier, Class::Web];
    let claimed = claimed.into_iter().filter_map(|class| services::ports(class).get(&protocol));
    claimed.fold(ports.clone(), |ports, claimed| ports.difference(claimed))
}

impl fmt::Display for Reached {
    /// `tcp/22-23 (SSH, Telnet), tcp/3389 (RDP)`, the best known first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.everything {
            return f.write_str("every protocol and port");
        }
        let mut parts: Vec<(usize, String)> = Vec::new();
        for (protocol, ports) in &self.by_protocol {
            let whole = whole(*protocol, ports).map(|told| (0, told));
            match whole {
                Some((fame, told)) if self.others > 0 && !protocol.is_numbered() => {
                    parts.push((fame, format!("{told} and {} other protocols", self.others)));
                }
                Some(whole) => parts.push(whole),
                None if protocol.has_types() => {
                    parts.extend(packet::types(ports).into_iter().map(|range| {
                        (SERVICES.len(), format!("{protocol} {}", type_named(*protocol, range)))
                    }))
                }
                None => parts.extend(ports.ranges().map(|range| told(*protocol, range))),
            }
        }
        // Stable: what has no name stays in the order of ports.
        parts.sort_by_key(|(fame, _)| *fame);
        let listed: Vec<&str> = parts.iter().take(LISTED_MAX).map(|(_, told)| told.as_str()).collect();
        f.write_str(&listed.join(", "))?;
        match parts.len().saturating_sub(LISTED_MAX) {
            0 => Ok(()),
            more => write!(f, " +{more} more"),
        }
    }
}

/// As people call it.
fn named(protocol: Protocol) -> String {
    match protocol.0 {
        33 => "dccp".to_owned(),
        136 => "udp-lite".to_owned(),
        _ => protocol.to_string(),
    }
}

/// Ports that are told by what they leave out, and protocols without any.
fn whole(protocol: Protocol, ports: &PortSet) -> Option<String> {
    if !protocol.has_ports() {
        let is_told = protocol.has_types() && !ports.is_everything();
        return (!is_told).then(|| protocol.to_string());
    }
    if !is_all(ports) {
        return None;
    }
    let left_out = ports.complement();
    let ranges: Vec<String> = left_out.ranges().take(LISTED_MAX).map(|range| range.to_string()).collect();
    let more = left_out.ranges().len().saturating_sub(LISTED_MAX);
    Some(match (ranges.is_empty(), more) {
        (true, _) => format!("every {} port", named(protocol)),
        (false, 0) => format!("every {} port but {}", named(protocol), ranges.join(",")),
        (false, more) => format!("every {} port but {} +{more} more", named(protocol), ranges.join(",")),
    })
}

/// A range with the services in it, and the place of the best known of them.
fn told(protocol: Protocol, range: PortRange) -> (usize, String) {
    let inside = |service: &Service| {
        service.protocol == protocol && (range.first()..=range.last()).contains(&service.port)
    };
    let mut names: Vec<&str> = Vec::new();
    for service in SERVICES.iter().filter(|service| inside(service)) {
        if !names.contains(&service.name) {
            names.push(service.name);
        }
    }
    let fame = SERVICES.iter().position(inside).unwrap_or(SERVICES.len());
    let more = names.len().saturating_sub(LISTED_MAX);
    names.truncate(LISTED_MAX);
    let names = match (names.join(", "), more) {
        (names, _) if names.is_empty() => names,
        (names, 0) => format!(" ({names})"),
        (names, more) => format!(" ({names} +{more} more)"),
    };
    (fame, format!("{protocol}/{range}{names}"))
}

/// Ports that may be missing from all of them.
const LEFT_OUT_MAX: u32 = 1_024;
const LISTED_MAX: usize = 4;
