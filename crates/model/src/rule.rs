//! One rule: what it matches and what it then does.
//!
//! Knows no order: a list has that.

use std::sync::{Arc, LazyLock};

use packet::{AddressSet, Bounds, PortSet, Protocol, ProtocolSet};

use crate::{Name, Provenance};

/// What a rule or a whole filter says of a packet. Complete: a decision is one of these three.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Let it in.
    Allow,
    /// Keep it out.
    Deny,
    /// No decision here.
    Pass,
}

/// A named pool of Internet addresses whose members are not known, only that there are some and that an attacker
/// can rent one (semantics A20, I11). `AzureCloud` without a catalogue of prefixes is one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag {
    /// Its name, in the spelling results use.
    pub name: Name,
    /// The pools that hold all of its members as well, by name.
    pub within: Vec<Name>,
}

/// The packets a rule matches: the product of its fields.
///
/// A packet matches for certain when every field's `must` holds it, and possibly when every field's `may` does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matches {
    /// Protocols. Those without ports are matched whatever `ports` and `source_ports` say, those without types
    /// whatever `types` says: a cloud whose rule does not match them leaves them out here.
    pub protocols: Bounds<ProtocolSet>,
    /// Source addresses.
    pub sources: Bounds<Arc<AddressSet>>,
    /// Unknown pools that the sources hold entirely, beside `sources`. Sorted by name.
    pub tags: Vec<Arc<Tag>>,
    /// Source ports.
    pub source_ports: Bounds<Arc<PortSet>>,
    /// Destination addresses, as the filter sees them.
    pub destinations: Bounds<Arc<AddressSet>>,
    /// Destination ports, as the filter sees them.
    pub ports: Bounds<Arc<PortSet>>,
    /// Types and codes of ICMP and ICMPv6, each as the number type × 256 + code ([`packet::number`]). Beside `ports`
    /// and not in them, so that one rule can speak of TCP port 22 and of every type of ICMP, as rules of clouds do that
    /// cannot tell types apart: [`every_type`] there.
    pub types: Bounds<Arc<PortSet>>,
}

/// Every type and code of ICMP, shared: what a rule says that does not tell them apart.
#[must_use]
pub fn every_type() -> Bounds<Arc<PortSet>> {
    static EVERY_TYPE: LazyLock<Arc<PortSet>> = LazyLock::new(|| Arc::new(PortSet::everything()));
    Bounds::exactly(Arc::clone(&EVERY_TYPE))
}

impl Matches {
    /// Whether no packet can match.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.protocols.may.is_empty()
            || (self.sources.may.is_empty() && self.tags.is_empty())
            || self.source_ports.may.is_empty()
            || self.destinations.may.is_empty()
            || self.ports.may.is_empty()
            || (self.types.may.is_empty() && self.protocols.may.iter().all(Protocol::has_types))
    }

    /// Whether every field is known.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.protocols.is_exact()
            && self.sources.is_exact()
            && self.source_ports.is_exact()
            && self.destinations.is_exact()
            && self.ports.is_exact()
            && self.types.is_exact()
    }

    /// What the destination's number has to be in packets of a protocol: the ports, the types, or nothing where its
    /// packets have neither.
    #[must_use]
    pub const fn numbers(&self, protocol: Protocol) -> Option<&Bounds<Arc<PortSet>>> {
        match (protocol.has_ports(), protocol.has_types()) {
            (true, _) => Some(&self.ports),
            (false, true) => Some(&self.types),
            (false, false) => None,
        }
    }
}

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The name its owner gave it.
    pub name: Name,
    /// The number its owner gave it, for people.
    pub priority: Option<u32>,
    /// Its place in the list. Rules of equal rank are tied: either may come first (semantics X1).
    pub rank: u32,
    /// What happens to the packets it matches.
    pub action: Action,
    /// The packets it matches.
    pub matches: Matches,
    /// Its sources as its owner wrote them, for people: `Internet`, `0.0.0.0/1`. Nothing is decided on it.
    pub written: Name,
    /// Whether the provider put it there rather than a person.
    pub built_in: bool,
    /// Where it was read; `None` for a rule that no document states.
    pub provenance: Option<Provenance>,
}
