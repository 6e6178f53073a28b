//! Who counts as the Internet, and how much of it a set of sources is (semantics section 5).
//!
//! One documented, dated constant: IANA's special-purpose registries and IPv6 global unicast assignments as of
//! 2026-11. A cloud subtracts its own infrastructure from it (I9, I10).

use packet::{AddressSet, Family, Prefix};

/// How large a set of sources is, after removing what is not Internet (semantics I5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grade {
    /// One address or more, less than wide.
    Narrow,
    /// The size is not known.
    Unknown,
    /// 2^16 addresses; one /32 of IPv6.
    Wide,
    /// One /8's worth; one /12's worth of IPv6.
    Broad,
    /// Half.
    AlmostAny,
    /// All of it but for at most 2^16 addresses.
    Any,
}

impl Grade {
    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Narrow => "narrow",
            Self::Unknown => "unknown",
            Self::Wide => "wide",
            Self::Broad => "broad",
            Self::AlmostAny => "almost-any",
            Self::Any => "any",
        }
    }
}

/// From how many addresses on a grade is given. Numbers of addresses, except where a field says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// `any` may miss at most this many addresses of IPv4.
    pub any_missing_v4: u64,
    /// `broad` from this many addresses of IPv4.
    pub broad_v4: u64,
    /// `wide` from this many addresses of IPv4.
    pub wide_v4: u64,
    /// `any` may miss at most one in 2^this of the allocated IPv6 space.
    pub any_missing_v6_shift: u32,
    /// `broad` from one prefix of this length of IPv6.
    pub broad_v6_length: u8,
    /// `wide` from one prefix of this length of IPv6.
    pub wide_v6_length: u8,
}

impl Thresholds {
    /// The thresholds of semantics I5.
    pub const STANDARD: Self = Self {
        any_missing_v4: 1 << 16,
        broad_v4: 1 << 24,
        wide_v4: 1 << 16,
        any_missing_v6_shift: 16,
        broad_v6_length: 12,
        wide_v6_length: 32,
    };
}

/// The Internet as one cloud sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Internet {
    addresses: AddressSet,
    allocated: AddressSet,
    thresholds: Thresholds,
}

impl Internet {
    /// INTERNET4 and INTERNET6 (semantics I1, I2) less a provider's own infrastructure (I9, I10).
    #[must_use]
    pub fn less(infrastructure: &AddressSet, thresholds: Thresholds) -> Self {
        let special: AddressSet = prefixes(&SPECIAL_V4).chain(prefixes(&SPECIAL_V6)).collect();
        let global: AddressSet = prefixes(&["0.0.0.0/0", "2000::/3"]).collect();
        let addresses = global.difference(&special).difference(infrastructure);
        let allocated = prefixes(&ALLOCATED_V6).collect::<AddressSet>().intersection(&addresses);
        Self { addresses, allocated, thresholds }
    }

    /// Every address that counts.
    #[must_use]
    pub const fn addresses(&self) -> &AddressSet {
        &self.addresses
    }

    /// The IPv6 space handed to registries, which shares and grades of IPv6 are measured on (semantics I3, I12).
    #[must_use]
    pub const fn allocated(&self) -> &AddressSet {
        &self.allocated
    }

    /// The grade of a set of one family; `None` when it has no Internet address of it.
    #[must_use]
    pub fn grade(&self, sources: &AddressSet, family: Family) -> Option<Grade> {
        let inside = sources.intersection(&self.addresses);
        if inside.is_empty_in(family) {
            return None;
        }
        Some(match family {
            Family::V4 => self.grade_v4(inside.count(family).saturating()),
            Family::V6 => self.grade_v6(inside.intersection(&self.allocated).count(family).saturating()),
        })
    }

    /// The share of a set of one family: of INTERNET4, or of the allocated IPv6 space. For reading only (I4).
    #[must_use]
    pub fn share(&self, sources: &AddressSet, family: Family) -> f64 {
        let measured = self.measured(family);
        let part = sources.intersection(measured).count(family).saturating() as f64;
        part / measured.count(family).saturating() as f64
    }

    /// What grades and shares of a family are measured on.
    #[must_use]
    pub const fn measured(&self, family: Family) -> &AddressSet {
        match family {
            Family::V4 => &self.addresses,
            Family::V6 => &self.allocated,
        }
    }

    fn grade_v4(&self, count: u128) -> Grade {
        let total = self.addresses.count(Family::V4).saturating();
        if total - count <= u128::from(self.thresholds.any_missing_v4) {
            Grade::Any
        } else if count >= total.div_ceil(2) {
            Grade::AlmostAny
        } else if count >= u128::from(self.thresholds.broad_v4) {
            Grade::Broad
        } else if count >= u128::from(self.thresholds.wide_v4) {
            Grade::Wide
        } else {
            Grade::Narrow
        }
    }

    fn grade_v6(&self, count: u128) -> Grade {
        let total = self.allocated.count(Family::V6).saturating();
        let of_length = |length: u8| 1_u128 << (128 - u32::from(length));
        if total - count <= total >> self.thresholds.any_missing_v6_shift {
            Grade::Any
        } else if count >= total.div_ceil(2) {
            Grade::AlmostAny
        } else if count >= of_length(self.thresholds.broad_v6_length) {
            Grade::Broad
        } else if count >= of_length(self.thresholds.wide_v6_length) {
            Grade::Wide
        } else {
            Grade::Narrow
        }
    }
}

fn prefixes<'a>(texts: &'a [&'a str]) -> impl Iterator<Item = Prefix> + 'a {
    // The tables below are constants; a test holds that every line of them reads.
    texts.iter().filter_map(|text| text.parse().ok())
}

/// Semantics I1: not Internet, with the document that says so.
const SPECIAL_V4: [&str; 15] = [
    "0.0.0.0/8",       // RFC 791, RFC 1122
    "10.0.0.0/8",      // RFC 1918
    "100.64.0.0/10",   // RFC 6598
    "127.0.0.0/8",     // RFC 1122
    "169.254.0.0/16",  // RFC 3927
    "172.16.0.0/12",   // RFC 1918
    "192.0.0.0/24",    // RFC 6890
    "192.0.2.0/24",    // RFC 5737
    "192.88.99.0/24",  // RFC 7526
    "192.168.0.0/16",  // RFC 1918
    "198.18.0.0/15",   // RFC 2544
    "198.51.100.0/24", // RFC 5737
    "203.0.113.0/24",  // RFC 5737
    "224.0.0.0/4",     // RFC 5771
    "240.0.0.0/4",     // RFC 1112, RFC 919, RFC 8190
];

/// Semantics I2: inside 2000::/3 and not Internet.
const SPECIAL_V6: [&str; 4] = [
    "2001::/23",     // RFC 2928
    "2001:db8::/32", // RFC 3849
    "2002::/16",     // RFC 3056
    "3fff::/20",     // RFC 9637
];

/// Semantics I12: IANA, IPv6 global unicast address assignments, 2026-11.
const ALLOCATED_V6: [&str; 34] = [
    "2001:200::/23",
    "2001:400::/23",
    "2001:600::/23",
    "2001:800::/22",
    "2001:c00::/23",
    "2001:e00::/23",
    "2001:1200::/23",
    "2001:1400::/22",
    "2001:1800::/23",
    "2001:1a00::/23",
    "2001:1c00::/22",
    "2001:2000::/19",
    "2001:4000::/23",
    "2001:4200::/23",
    "2001:4400::/23",
    "2001:4600::/23",
    "2001:4800::/23",
    "2001:4a00::/23",
    "2001:4c00::/23",
    "2001:5000::/20",
    "2001:8000::/19",
    "2001:a000::/20",
    "2001:b000::/20",
    "2003::/18",
    "2400::/12",
    "2410::/12",
    "2600::/12",
    "2610::/23",
    "2620::/23",
    "2630::/12",
    "2800::/12",
    "2a00::/12",
    "2a10::/12",
    "2c00::/12",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn set(texts: &[&str]) -> AddressSet {
        prefixes(texts).collect()
    }

    fn azure() -> Internet {
        Internet::less(&set(&["168.63.129.16"]), Thresholds::STANDARD)
    }

    #[test]
    fn every_line_of_the_tables_reads() {
        for text in SPECIAL_V4.iter().chain(&SPECIAL_V6).chain(&ALLOCATED_V6) {
            assert!(text.parse::<Prefix>().is_ok(), "{text}");
        }
    }

    /// Semantics I1, I2, I9: the computed sizes.
    #[test]
    fn sizes_are_those_of_the_semantics() {
        let whole = Internet::less(&AddressSet::empty(), Thresholds::STANDARD);
        assert_eq!(whole.addresses().count(Family::V4).to_string(), "3702258432");
        assert_eq!(whole.addresses().v4_spans().len(), 13);
        assert_eq!(whole.addresses().count(Family::V6).to_string(), "42529738405657744860961326788574707712");
        assert_eq!(azure().addresses().count(Family::V4).to_string(), "3702258431");
    }

    /// Semantics I4: worked coverages.
    #[test]
    fn coverages_are_those_of_the_semantics() {
        let internet = Internet::less(&AddressSet::empty(), Thresholds::STANDARD);
        let count =
            |text: &str| set(&[text]).intersection(internet.addresses()).count(Family::V4).to_string();
        assert_eq!(count("0.0.0.0/1"), "2092957696");
        assert_eq!(count("128.0.0.0/1"), "1609300736");
        assert_eq!(count("192.0.0.0/2"), "536673024");
        assert_eq!(count("224.0.0.0/3"), "0");
        assert_eq!(count("1.0.0.0/8"), "16777216");
    }

    /// Semantics I5: grades at and beside their thresholds.
    #[test]
    fn grades_turn_at_their_thresholds() {
        let internet = azure();
        let grade = |texts: &[&str], family| internet.grade(&set(texts), family);
        assert_eq!(grade(&["0.0.0.0/0"], Family::V4), Some(Grade::Any));
        assert_eq!(grade(&["0.0.0.0/1"], Family::V4), Some(Grade::AlmostAny));
        assert_eq!(grade(&["128.0.0.0/1"], Family::V4), Some(Grade::Broad));
        assert_eq!(grade(&["8.0.0.0/8"], Family::V4), Some(Grade::Broad));
        assert_eq!(grade(&["8.0.0.0/9"], Family::V4), Some(Grade::Wide));
        assert_eq!(grade(&["8.8.0.0/16"], Family::V4), Some(Grade::Wide));
        assert_eq!(grade(&["8.8.0.0/17"], Family::V4), Some(Grade::Narrow));
        assert_eq!(grade(&["10.0.0.0/8", "168.63.129.16"], Family::V4), None);
        assert_eq!(grade(&["2000::/3"], Family::V6), Some(Grade::Any));
        assert_eq!(grade(&["2600::/12"], Family::V6), Some(Grade::Broad));
        assert_eq!(grade(&["2600::/13"], Family::V6), Some(Grade::Wide));
        assert_eq!(grade(&["2600::/33"], Family::V6), Some(Grade::Narrow));
        assert_eq!(grade(&["::/0"], Family::V4), None);
    }

    /// All eight /12s that hold nearly every host: an evader's list that a naive share calls 2 %.
    #[test]
    fn ipv6_is_measured_on_allocated_space() {
        let twelves = [
            "2400::/12",
            "2410::/12",
            "2600::/12",
            "2630::/12",
            "2800::/12",
            "2a00::/12",
            "2a10::/12",
            "2c00::/12",
        ];
        assert_eq!(azure().grade(&set(&twelves), Family::V6), Some(Grade::AlmostAny));
        assert!(azure().share(&set(&twelves), Family::V6) > 0.9);
    }
}
