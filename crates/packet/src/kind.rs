//! Types and codes of ICMP and ICMPv6, as sets of the numbers type × 256 + code.
//!
//! A set of ports holds them as well: both are sixteen bits. Knows no name of a type.

use core::fmt;

use crate::{PortRange, PortSet};

/// Whole types, or codes of one type. Non-empty, inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum TypeRange {
    /// Every code of these types: first, last.
    Types(u8, u8),
    /// Some codes of one type: type, first code, last code.
    Codes(u8, u8, u8),
}

impl TypeRange {
    /// The first type of it.
    #[must_use]
    pub const fn first(self) -> u8 {
        match self {
            Self::Types(first, _) | Self::Codes(first, ..) => first,
        }
    }

    /// Its numbers.
    #[must_use]
    pub fn numbers(self) -> Option<PortRange> {
        match self {
            Self::Types(first, last) => PortRange::new(number(first, 0), number(last, u8::MAX)),
            Self::Codes(one, first, last) => PortRange::new(number(one, first), number(one, last)),
        }
    }
}

impl fmt::Display for TypeRange {
    /// `8`, `0-7`, `3/4`, `3/0-3`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Types(first, last) if first == last => write!(f, "{first}"),
            Self::Types(first, last) => write!(f, "{first}-{last}"),
            Self::Codes(one, first, last) if first == last => write!(f, "{one}/{first}"),
            Self::Codes(one, first, last) => write!(f, "{one}/{first}-{last}"),
        }
    }
}

/// The number of a type and a code.
#[must_use]
pub const fn number(of_type: u8, code: u8) -> u16 {
    u16::from_be_bytes([of_type, code])
}

/// The types and codes of a set of such numbers, ascending: whole types where it has every code of them.
#[must_use]
pub fn types(numbers: &PortSet) -> Vec<TypeRange> {
    let mut found = Vec::new();
    for &(first, last) in numbers.spans() {
        let mut rest = Some(first).filter(|first| *first <= last);
        while let Some(start) = rest {
            let [of_type, code] = start.to_be_bytes();
            let [last_type, last_code] = last.to_be_bytes();
            // The last type of which the span has every code.
            let whole = if last_code == u8::MAX { Some(last_type) } else { last_type.checked_sub(1) };
            let range = match whole.filter(|whole| code == 0 && *whole >= of_type) {
                Some(whole) => TypeRange::Types(of_type, whole),
                None => {
                    TypeRange::Codes(of_type, code, if last_type == of_type { last_code } else { u8::MAX })
                }
            };
            found.push(range);
            let end = range.numbers().map_or(last, PortRange::last);
            rest = end.checked_add(1).filter(|next| *next <= last);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(ranges: &[(u16, u16)]) -> String {
        let set: PortSet = ranges.iter().map(|&(first, last)| PortRange::new(first, last).unwrap()).collect();
        types(&set).iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_are_told_as_types_and_codes() {
        assert_eq!(told(&[(2048, 2303)]), "8");
        assert_eq!(told(&[(2048, 2048)]), "8/0");
        assert_eq!(told(&[(0, 2047)]), "0-7");
        assert_eq!(told(&[(0, 2050)]), "0-7 8/0-2");
        assert_eq!(told(&[(772, 772), (768, 771)]), "3/0-4");
        assert_eq!(told(&[(2047, 2560)]), "7/255 8-9 10/0");
        assert_eq!(told(&[(255, 256)]), "0/255 1/0");
        assert_eq!(told(&[(0, u16::MAX)]), "0-255");
        assert_eq!(told(&[]), "");
    }

    /// Every span of some ends: what is told holds the same numbers.
    #[test]
    fn types_and_codes_are_the_numbers_they_were() {
        let ends = [0, 1, 255, 256, 257, 511, 512, 2047, 2048, 2049, 65_279, 65_280, 65_534, 65_535];
        for first in ends {
            for last in ends.into_iter().filter(|last| *last >= first) {
                let set: PortSet = PortRange::new(first, last).into_iter().collect();
                let again: PortSet = types(&set).into_iter().filter_map(TypeRange::numbers).collect();
                assert_eq!(again, set, "{first}-{last}");
            }
        }
    }
}
