//! Protocols by number, and sets of them.
//!
//! Knows which protocols have ports, and which have types; knows no provider's universe of protocols.

use core::fmt;

use crate::Family;

/// An IP protocol number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Protocol(pub u8);

impl Protocol {
    /// ICMP for IPv4.
    pub const ICMP: Self = Self(1);
    /// TCP.
    pub const TCP: Self = Self(6);
    /// UDP.
    pub const UDP: Self = Self(17);
    /// GRE.
    pub const GRE: Self = Self(47);
    /// IPsec ESP.
    pub const ESP: Self = Self(50);
    /// IPsec AH.
    pub const AH: Self = Self(51);
    /// ICMP for IPv6.
    pub const ICMPV6: Self = Self(58);
    /// SCTP.
    pub const SCTP: Self = Self(132);

    /// Whether its packets carry ports: TCP, UDP, SCTP, DCCP, UDP-Lite (semantics C6).
    #[must_use]
    pub const fn has_ports(self) -> bool {
        matches!(self.0, 6 | 17 | 33 | 132 | 136)
    }

    /// Whether its packets carry a type and a code: ICMP and ICMPv6 (semantics W8).
    #[must_use]
    pub const fn has_types(self) -> bool {
        matches!(self, Self::ICMP | Self::ICMPV6)
    }

    /// Whether the number of the destination tells its packets apart: a port, or type and code.
    #[must_use]
    pub const fn is_numbered(self) -> bool {
        self.has_ports() || self.has_types()
    }

    /// The number of the packet people send to see whether somebody is there, of a protocol with types: echo request.
    #[must_use]
    pub const fn echo_request(self) -> Option<u16> {
        match self {
            Self::ICMP => Some(8 << 8),
            Self::ICMPV6 => Some(128 << 8),
            Self(_) => None,
        }
    }

    /// Whether packets of a family can carry it: ICMP belongs to IPv4, ICMPv6 to IPv6 (semantics A13).
    #[must_use]
    pub const fn is_of(self, family: Family) -> bool {
        match self {
            Self::ICMP => matches!(family, Family::V4),
            Self::ICMPV6 => matches!(family, Family::V6),
            Self(_) => true,
        }
    }
}

impl fmt::Display for Protocol {
    /// The name in lower case where there is a common one, else the number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ICMP => f.write_str("icmp"),
            Self::TCP => f.write_str("tcp"),
            Self::UDP => f.write_str("udp"),
            Self::GRE => f.write_str("gre"),
            Self::ESP => f.write_str("esp"),
            Self::AH => f.write_str("ah"),
            Self::ICMPV6 => f.write_str("icmpv6"),
            Self::SCTP => f.write_str("sctp"),
            Self(number) => write!(f, "{number}"),
        }
    }
}

/// A set of protocol numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProtocolSet {
    // A bit for each number, 64 in a word: every rule has two of these, and wider words would align rules to 16 bytes.
    words: [u64; WORDS],
}

const WORDS: usize = 4;

impl ProtocolSet {
    /// No protocol.
    pub const EMPTY: Self = Self { words: [0; WORDS] };
    /// All 256 numbers.
    pub const EVERYTHING: Self = Self { words: [u64::MAX; WORDS] };

    /// One protocol.
    #[must_use]
    pub const fn only(protocol: Protocol) -> Self {
        let bit = 1_u64 << (protocol.0 & 63);
        let words = match protocol.0 >> 6 {
            0 => [bit, 0, 0, 0],
            1 => [0, bit, 0, 0],
            2 => [0, 0, bit, 0],
            _ => [0, 0, 0, bit],
        };
        Self { words }
    }

    /// Whether it has no protocol.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        let [a, b, c, d] = self.words;
        a | b | c | d == 0
    }

    /// Whether the protocol is a member.
    #[must_use]
    pub const fn contains(self, protocol: Protocol) -> bool {
        !self.intersection(Self::only(protocol)).is_empty()
    }

    /// Protocols of either.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.words, other.words);
        Self { words: [a | e, b | f, c | g, d | h] }
    }

    /// Protocols of both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        let ([a, b, c, d], [e, f, g, h]) = (self.words, other.words);
        Self { words: [a & e, b & f, c & g, d & h] }
    }

    /// Protocols of this set that are not in the other.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        let [a, b, c, d] = other.words;
        self.intersection(Self { words: [!a, !b, !c, !d] })
    }

    /// Whether every protocol is in the other set.
    #[must_use]
    pub const fn is_subset(self, other: Self) -> bool {
        self.difference(other).is_empty()
    }

    /// The number of protocols, up to 256.
    #[must_use]
    pub const fn count(self) -> u32 {
        let [a, b, c, d] = self.words;
        a.count_ones() + b.count_ones() + c.count_ones() + d.count_ones()
    }

    /// The members in ascending order.
    pub fn iter(self) -> impl Iterator<Item = Protocol> {
        let words = self.words.into_iter().zip([0, 64, 128, 192]);
        words.flat_map(|(mut word, first)| {
            core::iter::from_fn(move || {
                let bit = u8::try_from(word.trailing_zeros()).ok().filter(|bit| *bit < 64)?;
                word &= word - 1;
                Some(Protocol(first + bit))
            })
        })
    }
}

impl FromIterator<Protocol> for ProtocolSet {
    fn from_iter<I: IntoIterator<Item = Protocol>>(protocols: I) -> Self {
        protocols.into_iter().fold(Self::EMPTY, |set, protocol| set.union(Self::only(protocol)))
    }
}
