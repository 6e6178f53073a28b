//! Canonical covers: a set of addresses written in the fewest, highest prefixes, relative to a universe.
//!
//! A prefix stands at the highest place where all of its addresses *of the universe* are in the set and it has
//! at least one. So everything the universe has reads `0.0.0.0/0`, although the universe has holes.

use crate::ranges::Ordinal;
use crate::{AddressSet, Family, Prefix};

/// A canonical cover, cut at a number of prefixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cover {
    /// The first prefixes, in ascending order.
    pub prefixes: Vec<Prefix>,
    /// How many more there are.
    pub more: u64,
}

/// Covers the part of `set` that lies in `universe`, one family of it, with at most `limit` prefixes listed.
///
/// What is outside the universe is free to be covered, so only what the universe has and the set has not stands in
/// the way: the cover is the plain decomposition of the gaps between, less the prefixes that hold no member. Linear in
/// the intervals and the prefixes, in integers of the family's own width.
#[must_use]
pub fn cover(set: &AddressSet, universe: &AddressSet, family: Family, limit: usize) -> Cover {
    let members = set.intersection(universe);
    let barred = universe.only(family).difference(set);
    match family {
        Family::V4 => covered(members.v4_spans(), barred.v4_spans(), family, limit),
        Family::V6 => covered(members.v6_spans(), barred.v6_spans(), family, limit),
    }
}

fn covered<T: Ordinal + Into<u128>>(
    members: &[(T, T)],
    barred: &[(T, T)],
    family: Family,
    limit: usize,
) -> Cover {
    let mut cover = Cover { prefixes: Vec::with_capacity(limit.min(PREFIXES_USUAL)), more: 0 };
    each_prefix(members, barred, |first, bits| {
        if cover.prefixes.len() < limit {
            let length = u32::from(family.width()).saturating_sub(bits);
            cover.prefixes.extend(Prefix::covering(family.address(first.into()), length as u8));
        } else {
            cover.more += 1;
        }
    });
    cover
}

/// Most covers have fewer: a whole family less one prefix has about as many as the prefix is long.
const PREFIXES_USUAL: usize = 24;

/// Calls with the first address and the number of host bits of each prefix that has a member and no barred address.
fn each_prefix<T: Ordinal>(members: &[(T, T)], barred: &[(T, T)], mut call: impl FnMut(T, u32)) {
    let mut members = members.iter().peekable();
    let mut start = Some(T::MIN);
    let gap_ends = barred.iter().map(|span| (span.0.previous(), span.1.next())).chain([(Some(T::MAX), None)]);
    for (end, after) in gap_ends {
        let mut next = start;
        while let (Some(first), Some(last), Some(&&(member, _))) = (next, end, members.peek())
            && first <= last
            && member <= last
        {
            let (bits, prefix_last) = first.block(last);
            if member <= prefix_last {
                call(first, bits);
                while members.next_if(|&&(_, end)| end <= prefix_last).is_some() {}
            }
            next = prefix_last.next();
        }
        start = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(texts: &[&str]) -> AddressSet {
        texts.iter().map(|text| text.parse::<Prefix>().unwrap()).collect()
    }

    fn covered(texts: &[&str], universe: &AddressSet, family: Family) -> Vec<String> {
        cover(&set(texts), universe, family, 64).prefixes.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_universe_with_holes_is_covered_at_the_top() {
        let universe = set(&["0.0.0.0/0"]).difference(&set(&["10.0.0.0/8", "224.0.0.0/3"]));
        assert_eq!(covered(&["0.0.0.0/0"], &universe, Family::V4), ["0.0.0.0/0"]);
        assert_eq!(
            covered(&["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3"], &universe, Family::V4),
            ["0.0.0.0/0"]
        );
        assert_eq!(covered(&["10.0.0.0/8"], &universe, Family::V4), [""; 0]);
        assert_eq!(covered(&["11.0.0.0/8"], &universe, Family::V4), ["10.0.0.0/7"]);
        assert_eq!(
            covered(&["8.8.8.8", "8.8.8.9", "9.0.0.0/8"], &universe, Family::V4),
            ["8.8.8.8/31", "9.0.0.0/8"]
        );
    }

    #[test]
    fn both_ends_of_both_families_are_covered() {
        let everything = AddressSet::everything();
        assert_eq!(covered(&["0.0.0.0/0", "::/0"], &everything, Family::V4), ["0.0.0.0/0"]);
        assert_eq!(covered(&["0.0.0.0/0", "::/0"], &everything, Family::V6), ["::/0"]);
        assert_eq!(covered(&["255.255.255.255"], &everything, Family::V4), ["255.255.255.255/32"]);
        let last = "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
        assert_eq!(covered(&[last], &everything, Family::V6), [format!("{last}/128")]);
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let apart: Vec<String> = (0..100).map(|n| format!("8.8.{n}.1")).collect();
        let apart: Vec<&str> = apart.iter().map(String::as_str).collect();
        let cover = cover(&set(&apart), &AddressSet::everything(), Family::V4, 64);
        assert_eq!((cover.prefixes.len(), cover.more), (64, 36));
    }
}
