//! The Internet laid end to end: the n-th Internet address has rank n.
//!
//! Sets of sources are compared, merged and counted in this space. What is not Internet is simply not in it, so two
//! lists that differ only in private or reserved addresses become equal, and intervals that touch across a reserved
//! block become one.

use core::net::IpAddr;

use packet::{AddressSet, Family};

/// The ranks of one family.
pub(crate) struct RankSpace {
    family: Family,
    // Each interval of the Internet, closed, with the number of Internet addresses below it.
    intervals: Vec<(u128, u128, u128)>,
    size: u128,
    // The same in 32 bits, for IPv4.
    narrow: Vec<(u32, u32, u32)>,
    // By the first byte of an IPv4 address: the first interval that is not below all such addresses.
    by_byte: Vec<u32>,
}

impl RankSpace {
    pub(crate) fn new(internet: &AddressSet, family: Family) -> Self {
        let mut size = 0;
        let mut intervals = Vec::new();
        each_span(internet, family, |first, last| {
            intervals.push((first, last, size));
            size += last - first + 1;
        });
        let narrow: Vec<(u32, u32, u32)> = match family {
            Family::V4 => {
                intervals.iter().map(|&(a, b, before)| (a as u32, b as u32, before as u32)).collect()
            }
            Family::V6 => Vec::new(),
        };
        let below = |byte: u32| narrow.partition_point(|interval| interval.1 < byte << 24) as u32;
        let by_byte = (0..=u32::from(u8::MAX)).map(below).collect();
        Self { family, intervals, size, narrow, by_byte }
    }

    /// How many addresses there are.
    pub(crate) const fn size(&self) -> u128 {
        self.size
    }

    /// The number of Internet addresses below an address: its rank, if it is one.
    pub(crate) fn below(&self, address: u128) -> u128 {
        let after = self.intervals.partition_point(|&(first, _, _)| first < address);
        match after.checked_sub(1).and_then(|i| self.intervals.get(i)) {
            Some(&(first, last, before)) => before + (address - 1).min(last) - first + 1,
            None => 0,
        }
    }

    /// Calls with the ranks of every interval of a set that has an Internet address. Neighbours may touch.
    pub(crate) fn each_rank_span(&self, set: &AddressSet, mut call: impl FnMut(u128, u128)) {
        match self.family {
            Family::V4 => self.each_narrow_span(set.v4_spans(), call),
            Family::V6 => set.v6_spans().iter().for_each(|&(first, last)| {
                let from = self.below(first);
                let to = last.checked_add(1).map_or(self.size, |next| self.below(next));
                if from < to {
                    call(from, to);
                }
            }),
        }
    }

    /// A walk along the intervals, from where the first byte says: most spans are short, and in the interval they
    /// start in.
    fn each_narrow_span(&self, spans: &[(u32, u32)], mut call: impl FnMut(u128, u128)) {
        for &(first, last) in spans {
            let start = self.by_byte.get((first >> 24) as usize).map_or(0, |start| *start as usize);
            let mut rest = self.narrow.get(start..).unwrap_or(&[]);
            while let [(_, high, _), later @ ..] = rest
                && *high < first
            {
                rest = later;
            }
            let [(low, _, before), ..] = rest else { break };
            if *low > last {
                continue;
            }
            let from = before + first.saturating_sub(*low);
            // On to the last interval that starts before the span ends.
            while let [_, later @ ..] = rest
                && let [(low, ..), ..] = later
                && *low <= last
            {
                rest = later;
            }
            let [(low, high, before), ..] = rest else { break };
            call(u128::from(from), u128::from(*before) + u128::from(last.min(*high) - low) + 1);
        }
    }

    /// As [`RankSpace::each_rank_span`], with neighbours that touch made one. Gives how many there were before.
    pub(crate) fn each_merged_span(&self, set: &AddressSet, mut call: impl FnMut(u128, u128)) -> usize {
        let mut count = 0;
        let mut open: Option<(u128, u128)> = None;
        self.each_rank_span(set, |from, to| {
            count += 1;
            open = match open {
                Some((start, end)) if end == from => Some((start, to)),
                Some((start, end)) => {
                    call(start, end);
                    Some((from, to))
                }
                None => Some((from, to)),
            };
        });
        if let Some((start, end)) = open {
            call(start, end);
        }
        count
    }

    /// The addresses of so many sorted spans of ranks.
    pub(crate) fn addresses(&self, spans: impl Iterator<Item = (u128, u128)>, count: usize) -> AddressSet {
        // A span is more than one interval of addresses only where it crosses what is not Internet.
        let most = count + self.intervals.len();
        match self.family {
            Family::V4 => {
                let mut found = Vec::with_capacity(most);
                self.each_narrow_address_span(spans, |first, last| found.push((first, last)));
                AddressSet::from_v4_spans(found)
            }
            Family::V6 => {
                let mut found = Vec::with_capacity(most);
                self.each_address_span(spans, |first, last| found.push((first, last)));
                AddressSet::from_v6_spans(found)
            }
        }
    }

    /// Walks the spans and the Internet side by side: both are sorted.
    fn each_address_span(&self, spans: impl Iterator<Item = (u128, u128)>, mut call: impl FnMut(u128, u128)) {
        let mut rest = self.intervals.as_slice();
        for (from, to) in spans {
            while let [(first, last, before), later @ ..] = rest {
                if before + (last - first) >= from {
                    break;
                }
                rest = later;
            }
            for &(first, last, before) in rest.iter().take_while(|interval| interval.2 < to) {
                call(first + from.saturating_sub(before), last.min(first + (to - 1 - before)));
            }
        }
    }

    /// The same in 64 bits: hostile lists tell hundreds of millions of spans.
    fn each_narrow_address_span(
        &self,
        spans: impl Iterator<Item = (u128, u128)>,
        mut call: impl FnMut(u32, u32),
    ) {
        let mut rest = self.narrow.as_slice();
        for (from, to) in spans.map(|(from, to)| (from as u64, to as u64)) {
            while let [(first, last, before), later @ ..] = rest {
                if u64::from(*before) + u64::from(last - first) >= from {
                    break;
                }
                rest = later;
            }
            for &(first, last, before) in rest.iter().take_while(|interval| u64::from(interval.2) < to) {
                let before = u64::from(before);
                let end = u64::from(last).min(u64::from(first) + (to - 1 - before));
                call(first + from.saturating_sub(before) as u32, end as u32);
            }
        }
    }

    /// The address of a rank; `None` past the last.
    pub(crate) fn address(&self, rank: u128) -> Option<IpAddr> {
        let after = self.intervals.partition_point(|&(_, _, before)| before <= rank);
        let &(first, last, before) = self.intervals.get(after.checked_sub(1)?)?;
        let address = first + (rank - before);
        (address <= last).then(|| self.family.address(address))
    }
}

fn each_span(set: &AddressSet, family: Family, mut call: impl FnMut(u128, u128)) {
    match family {
        Family::V4 => set.v4_spans().iter().for_each(|&(a, b)| call(u128::from(a), u128::from(b))),
        Family::V6 => set.v6_spans().iter().for_each(|&(a, b)| call(a, b)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use packet::Prefix;

    fn set(texts: &[&str]) -> AddressSet {
        texts.iter().map(|text| text.parse::<Prefix>().unwrap()).collect()
    }

    fn there_and_back(internet: &AddressSet, texts: &[&str], family: Family) {
        let ranks = RankSpace::new(internet, family);
        let mut spans = Vec::new();
        ranks.each_rank_span(&set(texts), |from, to| spans.push((from, to)));
        assert_eq!(
            ranks.addresses(spans.iter().copied(), spans.len()),
            set(texts).intersection(internet).only(family),
            "{texts:?}"
        );
    }

    #[test]
    fn ranks_name_the_internet_part_of_a_set() {
        let internet = set(&["0.0.0.0/0", "2000::/3"]).difference(&set(&[
            "0.0.0.0/8",
            "10.0.0.0/8",
            "224.0.0.0/3",
            "2001:db8::/32",
        ]));
        for texts in [
            &["0.0.0.0/0"][..],
            &["0.0.0.0/1"],
            &["10.0.0.0/8"],
            &["8.8.8.8"],
            &["9.0.0.0/8", "11.0.0.0/8"],
            &["1.0.0.0", "223.255.255.255"],
            &["10.255.255.255", "11.0.0.0"],
            &["::/0"],
            &["2001:db8::/31"],
            &["fe80::/10"],
        ] {
            there_and_back(&internet, texts, Family::V4);
            there_and_back(&internet, texts, Family::V6);
        }
    }

    #[test]
    fn intervals_touch_across_what_is_not_internet() {
        let internet = set(&["0.0.0.0/0"]).difference(&set(&["10.0.0.0/8"]));
        let ranks = RankSpace::new(&internet, Family::V4);
        let mut spans = Vec::new();
        ranks.each_rank_span(&set(&["9.0.0.0/8", "11.0.0.0/8"]), |from, to| spans.push((from, to)));
        assert_eq!(spans.first().unwrap().1, spans.last().unwrap().0);
        assert_eq!(ranks.size(), (1 << 32) - (1 << 24));
    }
}
