//! Sets of small integers, in words of 64.

/// A set of small integers of a fixed capacity.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub(crate) struct Bits {
    words: Vec<u64>,
}

impl Bits {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { words: vec![0; capacity.div_ceil(64)] }
    }

    pub(crate) fn words(&self) -> &[u64] {
        &self.words
    }

    pub(crate) fn insert(&mut self, member: usize) {
        if let Some(word) = self.words.get_mut(member / 64) {
            *word |= 1 << (member % 64);
        }
    }

    pub(crate) fn remove(&mut self, member: usize) {
        if let Some(word) = self.words.get_mut(member / 64) {
            *word &= !(1 << (member % 64));
        }
    }

    /// Takes out a range of members.
    pub(crate) fn clear(&mut self, range: core::ops::Range<usize>) {
        for (at, word) in
            self.words.iter_mut().enumerate().skip(range.start / 64).take_while(|w| w.0 * 64 < range.end)
        {
            let from = range.start.saturating_sub(at * 64).min(64);
            let to = (range.end - at * 64).min(64);
            let below = |bits: usize| if bits == 64 { u64::MAX } else { (1 << bits) - 1 };
            *word &= !(below(to) & !below(from));
        }
    }

    pub(crate) fn contains(&self, member: usize) -> bool {
        self.words.get(member / 64).is_some_and(|word| word >> (member % 64) & 1 == 1)
    }

    pub(crate) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| each_bit(at, *word))
    }
}

/// The members of both of two lists of words, of the same length, ascending.
pub(crate) fn members_of_both<'a>(left: &'a [u64], right: &'a [u64]) -> impl Iterator<Item = usize> + 'a {
    left.iter().zip(right).enumerate().flat_map(|(at, (a, b))| each_bit(at, a & b))
}

fn each_bit(at: usize, mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        (word != 0).then(|| {
            let bit = word.trailing_zeros() as usize;
            word &= word - 1;
            at * 64 + bit
        })
    })
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
}
