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
/// The cover of disjoint intervals is linear in its own length; a set of n intervals has at most
/// `2 · width · (n + universe intervals)` prefixes.
#[must_use]
pub fn cover(set: &AddressSet, universe: &AddressSet, family: Family, limit: usize) -> Cover {
    let inside = set.intersection(universe);
    let mut walk = Walk {
        set: Tally::new(&inside, family),
        universe: Tally::new(universe, family),
        limit,
        prefixes: Vec::new(),
        more: 0,
    };
    walk.descend(Prefix::whole(family));
    Cover { prefixes: walk.prefixes, more: walk.more }
}

struct Walk {
    set: Tally,
    universe: Tally,
    limit: usize,
    prefixes: Vec<Prefix>,
    more: u64,
}

impl Walk {
    /// Depth is bounded by the width of the family.
    fn descend(&mut self, prefix: Prefix) {
        let inside = self.set.members(prefix);
        if inside == 0 {
            return;
        }
        if inside == self.universe.members(prefix) {
            if self.prefixes.len() < self.limit {
                self.prefixes.push(prefix);
            } else {
                self.more += 1;
            }
            return;
        }
        if let Some((low, high)) = prefix.halves() {
            self.descend(low);
            self.descend(high);
        }
    }
}

/// Intervals with a running count, to say how many members lie below a point in logarithmic time.
struct Tally {
    // Intervals with the number of members before each. IPv6 counts wrap at 2^128, which still tells any two
    // counts apart except none from all of it: `whole` keeps that one.
    spans: Vec<(u128, u128, u128)>,
    whole: bool,
}

impl Tally {
    fn new(set: &AddressSet, family: Family) -> Self {
        let mut before = 0_u128;
        let mut tally = |first: u128, last: u128| {
            let span = (first, last, before);
            before = before.wrapping_add(last - first).wrapping_add(1);
            span
        };
        let spans: Vec<_> = match family {
            Family::V4 => set.v4_spans().iter().map(|&(a, b)| tally(u128::from(a), u128::from(b))).collect(),
            Family::V6 => set.v6_spans().iter().map(|&(a, b)| tally(a, b)).collect(),
        };
        let whole = matches!(spans.as_slice(), [(0, u128::MAX, _)]);
        Self { spans, whole }
    }

    /// The number of members in a prefix; `u128::MAX` when all 2^128 are.
    fn members(&self, prefix: Prefix) -> u128 {
        if self.whole && prefix.length() == 0 {
            return u128::MAX;
        }
        let upto = match prefix.last().checked_add(1) {
            Some(end) => self.below(end),
            None => self.total(),
        };
        upto.wrapping_sub(self.below(prefix.first()))
    }

    fn below(&self, point: u128) -> u128 {
        let after = self.spans.partition_point(|&(first, _, _)| first < point);
        match after.checked_sub(1).and_then(|i| self.spans.get(i)) {
            Some(&(first, last, before)) => {
                before.wrapping_add((point - 1).min(last) - first).wrapping_add(1)
            }
            None => 0,
        }
    }

    fn total(&self) -> u128 {
        self.spans
            .last()
            .map_or(0, |&(first, last, before)| before.wrapping_add(last - first).wrapping_add(1))
    }
}
