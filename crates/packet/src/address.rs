//! Sets of addresses of both families, with exact counts.
//!
//! Knows no special range: what is private, documentation or Internet is said elsewhere.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::Prefix;
use crate::ranges::Ranges;

/// One of the two disjoint universes of addresses (semantics C5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// IPv4, 32 bits.
    V4,
    /// IPv6, 128 bits.
    V6,
}

impl Family {
    /// Both families, in the order results list them.
    pub const BOTH: [Self; 2] = [Self::V4, Self::V6];

    /// The number of bits of an address.
    #[must_use]
    pub const fn width(self) -> u8 {
        match self {
            Self::V4 => 32,
            Self::V6 => 128,
        }
    }

    /// The highest address, as an integer.
    #[must_use]
    pub const fn highest(self) -> u128 {
        match self {
            Self::V4 => u32::MAX as u128,
            Self::V6 => u128::MAX,
        }
    }

    /// The family of an address and its integer.
    #[must_use]
    pub fn of(address: IpAddr) -> (Self, u128) {
        match address {
            IpAddr::V4(a) => (Self::V4, u128::from(a.to_bits())),
            IpAddr::V6(a) => (Self::V6, a.to_bits()),
        }
    }

    /// The address of an integer; bits beyond the family's width are cut off.
    #[must_use]
    pub fn address(self, value: u128) -> IpAddr {
        match self {
            Self::V4 => IpAddr::V4(Ipv4Addr::from_bits((value & 0xffff_ffff) as u32)),
            Self::V6 => IpAddr::V6(Ipv6Addr::from_bits(value)),
        }
    }
}

/// An exact number of addresses: up to and including 2^128.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Count {
    // INVARIANT: `all_of_v6` only with `below` zero. Field order makes the derived ordering right.
    all_of_v6: bool,
    below: u128,
}

impl Count {
    /// No address.
    pub const ZERO: Self = Self { all_of_v6: false, below: 0 };

    /// A number of addresses.
    #[must_use]
    pub const fn new(number: u128) -> Self {
        Self { all_of_v6: false, below: number }
    }

    /// The number, or `None` for 2^128, which has no place in a `u128`.
    #[must_use]
    pub const fn get(self) -> Option<u128> {
        if self.all_of_v6 { None } else { Some(self.below) }
    }

    /// The number, one short when it is 2^128. For shares and thresholds, where one address is nothing.
    #[must_use]
    pub const fn saturating(self) -> u128 {
        if self.all_of_v6 { u128::MAX } else { self.below }
    }
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.get() {
            Some(number) => write!(f, "{number}"),
            None => f.write_str("340282366920938463463374607431768211456"),
        }
    }
}

/// A canonical set of addresses of both families.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressSet {
    v4: Ranges<u32>,
    v6: Ranges<u128>,
}

impl AddressSet {
    /// No address.
    #[must_use]
    pub const fn empty() -> Self {
        Self { v4: Ranges::empty(), v6: Ranges::empty() }
    }

    /// Every address of both families.
    #[must_use]
    pub fn everything() -> Self {
        Self { v4: Ranges::everything(), v6: Ranges::everything() }
    }

    /// Every address of one family.
    #[must_use]
    pub fn whole(family: Family) -> Self {
        Prefix::whole(family).into()
    }

    /// IPv4 addresses from closed intervals in any order.
    #[must_use]
    pub fn from_v4_spans(spans: Vec<(u32, u32)>) -> Self {
        Self { v4: Ranges::from_spans(spans), v6: Ranges::empty() }
    }

    /// IPv6 addresses from closed intervals in any order.
    #[must_use]
    pub fn from_v6_spans(spans: Vec<(u128, u128)>) -> Self {
        Self { v4: Ranges::empty(), v6: Ranges::from_spans(spans) }
    }

    /// The sorted, disjoint, closed intervals of IPv4.
    #[must_use]
    pub fn v4_spans(&self) -> &[(u32, u32)] {
        self.v4.spans()
    }

    /// The sorted, disjoint, closed intervals of IPv6.
    #[must_use]
    pub fn v6_spans(&self) -> &[(u128, u128)] {
        self.v6.spans()
    }

    /// Whether it has no address.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.v4.is_empty() && self.v6.is_empty()
    }

    /// Whether it has no address of that family.
    #[must_use]
    pub fn is_empty_in(&self, family: Family) -> bool {
        match family {
            Family::V4 => self.v4.is_empty(),
            Family::V6 => self.v6.is_empty(),
        }
    }

    /// Whether the address is a member.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(a) => self.v4.contains(a.to_bits()),
            IpAddr::V6(a) => self.v6.contains(a.to_bits()),
        }
    }

    /// The members of one family.
    #[must_use]
    pub fn only(&self, family: Family) -> Self {
        match family {
            Family::V4 => Self { v4: self.v4.clone(), v6: Ranges::empty() },
            Family::V6 => Self { v4: Ranges::empty(), v6: self.v6.clone() },
        }
    }

    /// Members of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { v4: self.v4.union(&other.v4), v6: self.v6.union(&other.v6) }
    }

    /// Members of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { v4: self.v4.intersection(&other.v4), v6: self.v6.intersection(&other.v6) }
    }

    /// Members of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self { v4: self.v4.difference(&other.v4), v6: self.v6.difference(&other.v6) }
    }

    /// Every address that is not a member, of both families.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self { v4: self.v4.complement(), v6: self.v6.complement() }
    }

    /// Whether every member is in the other set.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.v4.is_subset(&other.v4) && self.v6.is_subset(&other.v6)
    }

    /// Whether no member is in the other set.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.v4.is_disjoint(&other.v4) && self.v6.is_disjoint(&other.v6)
    }

    /// The exact number of members of one family.
    #[must_use]
    pub fn count(&self, family: Family) -> Count {
        match family {
            Family::V4 => {
                let size = |&(first, last): &(u32, u32)| u128::from(last) - u128::from(first) + 1;
                Count::new(self.v4_spans().iter().map(size).sum())
            }
            Family::V6 if matches!(self.v6_spans(), [(0, u128::MAX)]) => Count { all_of_v6: true, below: 0 },
            Family::V6 => Count::new(self.v6_spans().iter().map(|(first, last)| last - first + 1).sum()),
        }
    }

    /// The lowest member of a family.
    #[must_use]
    pub fn lowest(&self, family: Family) -> Option<IpAddr> {
        match family {
            Family::V4 => self.v4_spans().first().map(|span| family.address(u128::from(span.0))),
            Family::V6 => self.v6_spans().first().map(|span| family.address(span.0)),
        }
    }
}

impl From<Prefix> for AddressSet {
    fn from(prefix: Prefix) -> Self {
        [prefix].into_iter().collect()
    }
}

impl FromIterator<Prefix> for AddressSet {
    fn from_iter<I: IntoIterator<Item = Prefix>>(prefixes: I) -> Self {
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for prefix in prefixes {
            match prefix.family() {
                Family::V4 => v4.push((prefix.first() as u32, prefix.last() as u32)),
                Family::V6 => v6.push((prefix.first(), prefix.last())),
            }
        }
        Self { v4: Ranges::from_spans(v4), v6: Ranges::from_spans(v6) }
    }
}
