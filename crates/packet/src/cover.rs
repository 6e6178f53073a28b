//! Canonical covers: a set of addresses written in the fewest, highest prefixes, relative to a universe.
//!
//! A prefix stands at the highest place where all of its addresses *of the universe* are in the set and it has
//! at least one. So everything the universe has reads `0.0.0.0/0`, although the universe has holes.

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
/// What is outside the universe is free to be covered: added to the set, the cover is the plain decomposition into
/// the largest prefixes, less those that hold no member. Linear in the intervals and the prefixes.
#[must_use]
pub fn cover(set: &AddressSet, universe: &AddressSet, family: Family, limit: usize) -> Cover {
    let inside = spans(&set.intersection(universe), family);
    let free = spans(&set.union(&universe.complement()), family);
    let mut cover = Cover { prefixes: Vec::new(), more: 0 };
    let mut members = inside.into_iter().peekable();
    for (first, last) in free {
        let mut next = Some(first);
        while let (Some(start), Some(&(member, _))) = (next, members.peek()) {
            if last < member {
                break;
            }
            let prefix = largest(family, start, last);
            if member <= prefix.last() && cover.prefixes.len() < limit {
                cover.prefixes.push(prefix);
            } else if member <= prefix.last() {
                cover.more += 1;
            }
            while members.next_if(|&(_, end)| end <= prefix.last()).is_some() {}
            next = prefix.last().checked_add(1).filter(|next| *next <= last);
        }
    }
    cover
}

fn spans(set: &AddressSet, family: Family) -> Vec<(u128, u128)> {
    match family {
        Family::V4 => set.v4_spans().iter().map(|&(a, b)| (u128::from(a), u128::from(b))).collect(),
        Family::V6 => set.v6_spans().to_vec(),
    }
}

/// The largest prefix that starts at `first` and does not go beyond `last`.
fn largest(family: Family, first: u128, last: u128) -> Prefix {
    let width = u32::from(family.width());
    let aligned = first.trailing_zeros().min(width);
    // 2^128 addresses have no place in a u128: the whole of IPv6 is aligned to its width and ends at its end.
    let fitting = (last - first).checked_add(1).map_or(width, u128::ilog2);
    let length = width - aligned.min(fitting);
    let address = family.address(first);
    Prefix::covering(address, length as u8).unwrap_or_else(|| Prefix::host(address))
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
