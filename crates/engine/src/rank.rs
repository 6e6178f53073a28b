//! The Internet laid end to end: the n-th Internet address has rank n.
//!
//! Sets of sources are compared, merged and counted in this space. What is not Internet is simply not in it, so two
//! lists that differ only in private or reserved addresses become equal, and intervals that touch across a reserved
//! block become one.

use packet::{AddressSet, Family};

/// Half-open intervals of ranks, sorted and apart.
pub(crate) type Spans = Vec<(u128, u128)>;

/// The ranks of one family.
pub(crate) struct RankSpace {
    family: Family,
    // Each interval of the Internet, closed, with the number of Internet addresses below it.
    intervals: Vec<(u128, u128, u128)>,
    size: u128,
}

impl RankSpace {
    pub(crate) fn new(internet: &AddressSet, family: Family) -> Self {
        let mut size = 0;
        let mut intervals = Vec::new();
        each_span(internet, family, |first, last| {
            intervals.push((first, last, size));
            size += last - first + 1;
        });
        Self { family, intervals, size }
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
        let whole = self.family.highest();
        each_span(set, self.family, |first, last| {
            let from = if first == 0 { 0 } else { self.below(first) };
            let to = if last == whole { self.size } else { self.below(last + 1) };
            if from < to {
                call(from, to);
            }
        });
    }

    /// The addresses of sorted spans of ranks.
    pub(crate) fn addresses(&self, spans: &[(u128, u128)]) -> AddressSet {
        let mut found = Vec::new();
        for &(from, to) in spans {
            let start =
                self.intervals.partition_point(|&(first, last, before)| before + (last - first) < from);
            for &(first, last, before) in self.intervals.iter().skip(start).take_while(|i| i.2 < to) {
                found.push((first + from.saturating_sub(before), last.min(first + (to - 1 - before))));
            }
        }
        match self.family {
            Family::V4 => {
                let narrow = |(a, b): (u128, u128)| (a as u32, b as u32);
                AddressSet::from_v4_spans(found.into_iter().map(narrow).collect())
            }
            Family::V6 => AddressSet::from_v6_spans(found),
        }
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
        assert_eq!(ranks.addresses(&spans), set(texts).intersection(internet).only(family), "{texts:?}");
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
