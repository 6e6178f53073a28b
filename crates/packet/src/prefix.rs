//! Network prefixes: an address and a length, of one family.
//!
//! Knows no provider's spelling of a prefix; `cloud` has those.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use core::str::FromStr;

use crate::Family;

/// A network prefix with no host bits set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Prefix {
    // INVARIANT: length <= width of the family; bits beyond length are zero. IPv4 sits in the low 32 bits.
    family: Family,
    first: u128,
    length: u8,
}

impl Prefix {
    /// The prefix that covers `address` with `length` leading bits; host bits are cut off (semantics A22).
    /// `None` when the family has fewer bits than `length`.
    #[must_use]
    pub fn covering(address: IpAddr, length: u8) -> Option<Self> {
        let (family, value) = Family::of(address);
        (length <= family.width()).then(|| Self { family, first: value & mask(family, length), length })
    }

    /// The prefix of one address.
    #[must_use]
    pub fn host(address: IpAddr) -> Self {
        let (family, first) = Family::of(address);
        Self { family, first, length: family.width() }
    }

    /// The prefix of length zero of a family.
    #[must_use]
    pub const fn whole(family: Family) -> Self {
        Self { family, first: 0, length: 0 }
    }

    /// The family of its addresses.
    #[must_use]
    pub const fn family(self) -> Family {
        self.family
    }

    /// The number of leading bits that are fixed.
    #[must_use]
    pub const fn length(self) -> u8 {
        self.length
    }

    /// The first address, as an integer.
    #[must_use]
    pub const fn first(self) -> u128 {
        self.first
    }

    /// The last address, as an integer.
    #[must_use]
    pub fn last(self) -> u128 {
        self.first | (!mask(self.family, self.length) & self.family.highest())
    }

    /// The two prefixes one bit longer, or `None` for a single address.
    #[must_use]
    pub fn halves(self) -> Option<(Self, Self)> {
        (self.length < self.family.width()).then(|| {
            let length = self.length + 1;
            let upper = self.first | (1_u128 << (self.family.width() - length));
            (Self { length, ..self }, Self { first: upper, length, ..self })
        })
    }
}

fn mask(family: Family, length: u8) -> u128 {
    let host_bits = u32::from(family.width() - length);
    family.highest() & u128::MAX.checked_shl(host_bits).unwrap_or(0)
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.family.address(self.first), self.length)
    }
}

/// Text that is not a prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PrefixError {
    text: String,
}

impl fmt::Display for PrefixError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not an address or a prefix like `10.0.0.0/24`", self.text)
    }
}

impl core::error::Error for PrefixError {}

impl FromStr for Prefix {
    type Err = PrefixError;

    /// Reads `address` or `address/length`; host bits are cut off. Lengths are plain decimal without a sign.
    fn from_str(text: &str) -> Result<Self, PrefixError> {
        let error = || PrefixError { text: text.to_owned() };
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address = parse_address(address).ok_or_else(error)?;
        let Some(length) = length else { return Ok(Self::host(address)) };
        // `u8::from_str` takes `+8`, no provider does.
        if length.is_empty() || !length.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        let length = length.parse().map_err(|_| error())?;
        Self::covering(address, length).ok_or_else(error)
    }
}

fn parse_address(text: &str) -> Option<IpAddr> {
    if text.contains(':') {
        text.parse::<Ipv6Addr>().ok().map(IpAddr::V6)
    } else {
        text.parse::<Ipv4Addr>().ok().map(IpAddr::V4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        text.parse::<Prefix>().map_or_else(|e| e.to_string(), |p| p.to_string())
    }

    #[test]
    fn host_bits_are_cut_off() {
        assert_eq!(read("1.2.3.4/0"), "0.0.0.0/0");
        assert_eq!(read("10.0.0.5/24"), "10.0.0.0/24");
        assert_eq!(read("2001:db8::5/32"), "2001:db8::/32");
        assert_eq!(read("::1"), "::1/128");
    }

    #[test]
    fn what_is_not_a_prefix_is_refused() {
        for text in [
            "",
            "0.0.0.0/33",
            "::/129",
            "1.2.3/8",
            "1.2.3.4/+8",
            "1.2.3.4/",
            "01.2.3.4",
            "1.2.3.4/8 ",
            "*",
            "fe80::1%eth0",
        ] {
            assert!(text.parse::<Prefix>().is_err(), "{text}");
        }
    }

    #[test]
    fn last_and_halves() {
        let p: Prefix = "10.0.0.0/30".parse().unwrap();
        assert_eq!(p.last() - p.first(), 3);
        let (low, high) = p.halves().unwrap();
        assert_eq!((low.to_string(), high.to_string()), ("10.0.0.0/31".into(), "10.0.0.2/31".into()));
        assert!("10.0.0.1".parse::<Prefix>().unwrap().halves().is_none());
        let six: Prefix = "::/0".parse().unwrap();
        assert_eq!(six.last(), u128::MAX);
    }
}
