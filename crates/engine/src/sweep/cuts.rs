//! Where the elementary intervals of a question start.
//!
//! An *ordinal* is the number of an elementary interval. Everything between reading rules and telling addresses is
//! done in ordinals: one code for both families, and words of bits instead of pairs of numbers.

/// The sorted ranks at which some set of sources starts or ends.
#[derive(Default)]
pub(crate) struct Cuts {
    // One of the two is used. Ranks of IPv4 fit 32 bits: a quarter of the memory where a hostile list has millions.
    narrow: Vec<u32>,
    wide: Vec<u128>,
    is_narrow: bool,
    size: u128,
}

impl Cuts {
    /// Forgets all cuts; ranks are below or equal to `size` from now on.
    pub(super) fn start(&mut self, size: u128) {
        (self.is_narrow, self.size) = (size <= u128::from(u32::MAX), size);
        self.narrow.clear();
        self.wide.clear();
    }

    /// Cuts at a rank. The first and the last are cut anyway.
    pub(super) fn push(&mut self, rank: u128) {
        if rank == 0 || rank == self.size {
        } else if self.is_narrow {
            self.narrow.push(rank as u32);
        } else {
            self.wide.push(rank);
        }
    }

    pub(super) fn sort(&mut self) {
        self.narrow.sort_unstable();
        self.narrow.dedup();
        self.wide.sort_unstable();
        self.wide.dedup();
    }

    /// How many elementary intervals there are.
    pub(super) fn intervals(&self) -> usize {
        self.narrow.len() + self.wide.len() + 1
    }

    /// The ordinal that starts at a rank that was cut; one past the last for the end of all ranks.
    pub(super) fn ordinal(&self, rank: u128) -> usize {
        if rank == 0 {
            0
        } else if rank == self.size {
            self.intervals()
        } else if self.is_narrow {
            self.narrow.partition_point(|cut| u128::from(*cut) < rank) + 1
        } else {
            self.wide.partition_point(|cut| *cut < rank) + 1
        }
    }

    /// The rank an ordinal starts at.
    pub(super) fn rank(&self, ordinal: usize) -> u128 {
        let Some(at) = ordinal.checked_sub(1) else { return 0 };
        let wide = || self.wide.get(at).copied();
        self.narrow.get(at).map(|cut| u128::from(*cut)).or_else(wide).unwrap_or(self.size)
    }

    /// The spans of ranks of the ordinals in `words`.
    pub(super) fn spans<'a>(&'a self, words: &'a [u64]) -> impl Iterator<Item = (u128, u128)> + 'a {
        runs(words).map(|(from, to)| (self.rank(from), self.rank(to)))
    }
}

/// The maximal runs of bits, half-open, ascending.
pub(super) fn runs(words: &[u64]) -> Runs<'_> {
    Runs { rest: words.iter(), base: 0, changes: 0, carry: 0, end: words.len() * 64 }
}

/// See [`runs`]. One step for each end of a run, whatever its length.
pub(super) struct Runs<'a> {
    rest: core::slice::Iter<'a, u64>,
    // Of the word at hand: where it ends, the bits where membership changes, its last bit.
    base: usize,
    changes: u64,
    carry: u64,
    end: usize,
}

impl Runs<'_> {
    fn change(&mut self) -> Option<usize> {
        while self.changes == 0 {
            let word = *self.rest.next()?;
            self.changes = word ^ (word << 1 | self.carry);
            self.carry = word >> 63;
            self.base += 64;
        }
        let at = self.base - 64 + self.changes.trailing_zeros() as usize;
        self.changes &= self.changes - 1;
        Some(at)
    }
}

impl Iterator for Runs<'_> {
    type Item = (usize, usize);

    fn next(&mut self) -> Option<(usize, usize)> {
        let from = self.change()?;
        Some((from, self.change().unwrap_or(self.end)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_maximal_across_words() {
        let found: Vec<_> = runs(&[0b1110, 1 << 63, u64::MAX, 1, 0, 1 << 63]).collect();
        assert_eq!(found, [(1, 4), (127, 193), (383, 384)]);
        assert_eq!(runs(&[u64::MAX, u64::MAX]).collect::<Vec<_>>(), [(0, 128)]);
        assert_eq!(runs(&[0, 0]).count(), 0);
    }
}
