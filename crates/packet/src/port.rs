//! Sets of ports and their one spelling: `22`, `3380-3400`.
//!
//! Knows no service and no provider's word for "every port".

use core::fmt;
use core::str::FromStr;

use crate::ranges::Ranges;

/// A non-empty, inclusive range of ports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortRange {
    // INVARIANT: first <= last
    first: u16,
    last: u16,
}

impl PortRange {
    /// The range from `first` to `last`, both included; `None` when `first` comes after `last`.
    #[must_use]
    pub const fn new(first: u16, last: u16) -> Option<Self> {
        if first <= last { Some(Self { first, last }) } else { None }
    }

    /// The lowest port.
    #[must_use]
    pub const fn first(self) -> u16 {
        self.first
    }

    /// The highest port.
    #[must_use]
    pub const fn last(self) -> u16 {
        self.last
    }
}

impl fmt::Display for PortRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

/// Text that is not one port or one range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortRangeError {
    text: String,
}

impl fmt::Display for PortRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not one port or a range like `22-25`", self.text)
    }
}

impl core::error::Error for PortRangeError {}

impl FromStr for PortRange {
    type Err = PortRangeError;

    /// Reads `22` or `22-25`, blank space around numbers allowed, signs not.
    fn from_str(text: &str) -> Result<Self, PortRangeError> {
        let error = || PortRangeError { text: text.to_owned() };
        // `u16::from_str` takes `+22`; no provider does.
        let port = |number: &str| {
            let number = number.trim();
            let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| number.parse::<u16>().ok()).flatten().ok_or_else(error)
        };
        let (first, last) = text.split_once('-').unwrap_or((text, text));
        Self::new(port(first)?, port(last)?).ok_or_else(error)
    }
}

/// A canonical set of ports, 0 to 65535.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PortSet {
    ranges: Ranges<u16>,
}

impl PortSet {
    /// No port.
    #[must_use]
    pub const fn empty() -> Self {
        Self { ranges: Ranges::empty() }
    }

    /// Every port, 0 included.
    #[must_use]
    pub fn everything() -> Self {
        Self { ranges: Ranges::everything() }
    }

    /// One port.
    #[must_use]
    pub fn only(port: u16) -> Self {
        Self { ranges: Ranges::from_spans(vec![(port, port)]) }
    }

    /// The sorted, disjoint ranges.
    pub fn ranges(&self) -> impl DoubleEndedIterator<Item = PortRange> + ExactSizeIterator + '_ {
        self.spans().iter().map(|&(first, last)| PortRange { first, last })
    }

    /// The sorted, disjoint, closed intervals.
    #[must_use]
    pub fn spans(&self) -> &[(u16, u16)] {
        self.ranges.spans()
    }

    /// Whether it has no port.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Whether it has every port.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        self.spans() == [(0, u16::MAX)]
    }

    /// Whether the port is a member.
    #[must_use]
    pub fn contains(&self, port: u16) -> bool {
        self.ranges.contains(port)
    }

    /// The number of ports, up to 65536.
    #[must_use]
    pub fn count(&self) -> u32 {
        self.spans().iter().map(|&(first, last)| u32::from(last) - u32::from(first) + 1).sum()
    }

    /// Ports of either.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        Self { ranges: self.ranges.union(&other.ranges) }
    }

    /// Ports of both.
    #[must_use]
    pub fn intersection(&self, other: &Self) -> Self {
        Self { ranges: self.ranges.intersection(&other.ranges) }
    }

    /// Ports of this set that are not in the other.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Self {
        Self { ranges: self.ranges.difference(&other.ranges) }
    }

    /// Every port that is not a member.
    #[must_use]
    pub fn complement(&self) -> Self {
        Self { ranges: self.ranges.complement() }
    }

    /// Whether every port is in the other set.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.ranges.is_subset(&other.ranges)
    }

    /// Whether no port is in the other set.
    #[must_use]
    pub fn is_disjoint(&self, other: &Self) -> bool {
        self.ranges.is_disjoint(&other.ranges)
    }
}

impl FromIterator<PortRange> for PortSet {
    fn from_iter<I: IntoIterator<Item = PortRange>>(ranges: I) -> Self {
        let spans = ranges.into_iter().map(|range| (range.first, range.last)).collect();
        Self { ranges: Ranges::from_spans(spans) }
    }
}

impl fmt::Display for PortSet {
    /// `22,3380-3400`; nothing for the empty set.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, range) in self.ranges().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{range}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_read_as_written() {
        for (text, expected) in [("22", "22"), (" 22 - 25 ", "22-25"), ("0-65535", "0-65535"), ("7-7", "7")] {
            assert_eq!(text.parse::<PortRange>().unwrap().to_string(), expected);
        }
        for text in ["", "22-", "-22", "70000", "25-22", "+22", "22,23", "1-2-3", "*", "0x16"] {
            assert!(text.parse::<PortRange>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_that_covers_everything_is_everything() {
        let set: PortSet =
            ["0-21", "22", "23-65535"].iter().map(|t| t.parse::<PortRange>().unwrap()).collect();
        assert!(set.is_everything());
        assert_eq!(set.count(), 65536);
    }
}
