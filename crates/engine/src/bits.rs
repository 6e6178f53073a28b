//! Sets of small integers, in words of 64.

use core::hash::{Hash, Hasher};

/// A set of small integers of a fixed capacity. Up to 64 of them live without heap: most lists are that short, and
/// every column of a sweep has two such sets.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bits {
    One([u64; 1]),
    Many(Vec<u64>),
}

impl Bits {
    pub(crate) fn new(capacity: usize) -> Self {
        if capacity <= 64 { Self::One([0]) } else { Self::Many(vec![0; capacity.div_ceil(64)]) }
    }

    /// All members below a number.
    pub(crate) fn full(count: usize) -> Self {
        let mut full = Self::new(count);
        full.words_mut().iter_mut().enumerate().for_each(|(at, word)| *word = low(count - at * 64));
        full
    }

    pub(crate) fn words(&self) -> &[u64] {
        match self {
            Self::One(word) => word,
            Self::Many(words) => words,
        }
    }

    fn words_mut(&mut self) -> &mut [u64] {
        match self {
            Self::One(word) => word,
            Self::Many(words) => words,
        }
    }

    pub(crate) fn insert(&mut self, member: usize) {
        if let Some(word) = self.words_mut().get_mut(member / 64) {
            *word |= 1 << (member % 64);
        }
    }

    /// Takes a member out, or puts it in when it is not there.
    pub(crate) fn toggle(&mut self, member: usize) {
        if let Some(word) = self.words_mut().get_mut(member / 64) {
            *word ^= 1 << (member % 64);
        }
    }

    /// Takes out a range of members.
    pub(crate) fn clear(&mut self, range: core::ops::Range<usize>) {
        // One word needs no walk: this and `first_of_both` are asked for every slice of ports.
        if let Self::One([word]) = self {
            *word &= !(low(range.end) & !low(range.start));
            return;
        }
        let words = self.words_mut().iter_mut().enumerate().skip(range.start / 64);
        for (at, word) in words.take_while(|word| word.0 * 64 < range.end) {
            let from = range.start.saturating_sub(at * 64).min(64);
            let to = (range.end - at * 64).min(64);
            *word &= !(low(to) & !low(from));
        }
    }

    /// Adds the members of a set of the same capacity.
    pub(crate) fn add(&mut self, other: &Self) {
        self.words_mut().iter_mut().zip(other.words()).for_each(|(own, other)| *own |= other);
    }

    /// Keeps the members of a set of the same capacity.
    pub(crate) fn keep(&mut self, other: &Self) {
        self.words_mut().iter_mut().zip(other.words()).for_each(|(own, other)| *own &= other);
    }

    pub(crate) fn contains(&self, member: usize) -> bool {
        self.words().get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
    }

    pub(crate) fn count(&self) -> usize {
        self.words().iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn iter(&self) -> Members<'_> {
        let mut rest = self.words().iter();
        Members { word: rest.next().copied().unwrap_or(0), rest, base: 0 }
    }

    /// The lowest member in a range that another set has as well.
    pub(crate) fn first_of_both(&self, other: &Self, range: core::ops::Range<usize>) -> Option<usize> {
        if let (Self::One([own]), Self::One([other])) = (self, other) {
            let both = own & other & low(range.end) & !low(range.start);
            return (both != 0).then(|| both.trailing_zeros() as usize);
        }
        let both = self.words().iter().zip(other.words()).enumerate().skip(range.start / 64);
        let mut both = both.map(|(at, (own, other))| {
            let below = range.start.saturating_sub(at * 64).min(64);
            (at, own & other & !low(below))
        });
        let (at, word) = both.find(|(_, word)| *word != 0)?;
        Some(at * 64 + word.trailing_zeros() as usize).filter(|member| *member < range.end)
    }
}

// Word by word: what is derived hashes a slice as bytes, at several times the cost.
impl Hash for Bits {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.words().iter().for_each(|word| state.write_u64(*word));
    }
}

impl Default for Bits {
    fn default() -> Self {
        Self::One([0])
    }
}

/// The lowest so many bits.
pub(crate) const fn low(bits: usize) -> u64 {
    if bits >= 64 { u64::MAX } else { (1 << bits) - 1 }
}

/// The members of a set, ascending.
#[derive(Clone)]
pub(crate) struct Members<'a> {
    word: u64,
    rest: core::slice::Iter<'a, u64>,
    base: usize,
}

impl Iterator for Members<'_> {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        while self.word == 0 {
            self.word = *self.rest.next()?;
            self.base += 64;
        }
        let bit = self.word.trailing_zeros() as usize;
        self.word &= self.word - 1;
        Some(self.base + bit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_cleared_across_words() {
        for (start, end) in [(0, 200), (3, 64), (64, 128), (63, 65), (130, 130), (199, 200)] {
            let mut bits = Bits::new(200);
            (0..200).for_each(|member| bits.insert(member));
            bits.clear(start..end);
            let left: Vec<usize> = (0..200).filter(|member| !(start..end).contains(member)).collect();
            assert_eq!(bits.iter().collect::<Vec<_>>(), left, "{start}..{end}");
            assert_eq!(bits.count(), left.len());
        }
    }

    #[test]
    fn the_first_of_both_is_in_both_and_in_the_range() {
        for capacity in [64, 200] {
            let (mut threes, mut fives) = (Bits::new(capacity), Bits::new(capacity));
            (0..capacity).step_by(3).for_each(|member| threes.insert(member));
            (0..capacity).step_by(5).for_each(|member| fives.insert(member));
            for start in 0..capacity {
                for end in start..=capacity {
                    let slow = (start..end).find(|member| member % 15 == 0);
                    assert_eq!(threes.first_of_both(&fives, start..end), slow, "{start}..{end}");
                }
            }
        }
    }
}
