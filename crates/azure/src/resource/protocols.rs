//! The protocols an Azure rule can match: a universe of five (semantics A12), in one byte.

use packet::{Protocol, ProtocolSet};

/// The universe (semantics A12).
pub(crate) const PROTOCOLS: [Protocol; 5] =
    [Protocol::ICMP, Protocol::TCP, Protocol::UDP, Protocol::ESP, Protocol::AH];

/// A set of protocols of the universe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Protocols {
    // INVARIANT: the bit of the position in `PROTOCOLS`; no other bit.
    bits: u8,
}

impl Protocols {
    pub(crate) const NONE: Self = Self { bits: 0 };
    pub(crate) const ICMP: Self = Self { bits: 1 };
    pub(crate) const TCP: Self = Self { bits: 2 };
    pub(crate) const UDP: Self = Self { bits: 4 };
    pub(crate) const ESP: Self = Self { bits: 8 };
    pub(crate) const AH: Self = Self { bits: 16 };
    /// Those with ports.
    pub(crate) const PORTED: Self = Self { bits: 6 };
    pub(crate) const ALL: Self = Self { bits: 31 };

    pub(crate) const fn is_subset(self, other: Self) -> bool {
        self.bits & !other.bits == 0
    }

    /// The protocols a word of a rule names, in any letter case, or by number.
    pub(crate) fn named(word: &str) -> Option<Self> {
        let is = |name: &str, number: &str| word.eq_ignore_ascii_case(name) || word == number;
        Some(match word {
            _ if is("tcp", "6") => Self::TCP,
            _ if is("udp", "17") => Self::UDP,
            _ if is("any", "*") || is("all", "*") => Self::ALL,
            _ if is("icmp", "1") => Self::ICMP,
            _ if is("esp", "50") => Self::ESP,
            _ if is("ah", "51") => Self::AH,
            _ => return None,
        })
    }

    pub(crate) fn set(self) -> ProtocolSet {
        let members =
            PROTOCOLS.into_iter().enumerate().filter(|(position, _)| self.bits >> position & 1 == 1);
        members.map(|(_, protocol)| protocol).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_positions_in_the_universe() {
        let named = [Protocols::ICMP, Protocols::TCP, Protocols::UDP, Protocols::ESP, Protocols::AH];
        for (protocols, protocol) in named.into_iter().zip(PROTOCOLS) {
            assert_eq!(protocols.set(), ProtocolSet::only(protocol));
            assert_eq!(protocols.is_subset(Protocols::PORTED), protocol.has_ports());
        }
        assert_eq!(Protocols::ALL.set(), PROTOCOLS.into_iter().collect());
    }

    #[test]
    fn words_and_numbers_name_them() {
        assert_eq!(Protocols::named("TCP"), Protocols::named("6"));
        assert_eq!(Protocols::named("*"), Some(Protocols::ALL));
        for word in ["", "58", "icmpv6", "tcp/udp", "0"] {
            assert_eq!(Protocols::named(word), None, "{word}");
        }
    }
}
