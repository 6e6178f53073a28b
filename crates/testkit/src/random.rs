//! Seeded numbers: the same seed gives the same lists, packets and estates on every machine.
//!
//! Knows no distribution of anything; `generate` has those.

/// A stream of numbers that its seed determines (SplitMix64).
#[derive(Clone, Debug)]
pub struct Random {
    state: u64,
}

impl Random {
    /// The stream of a seed.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }

    /// The next 64 bits.
    pub const fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// The next 128 bits.
    pub const fn wide(&mut self) -> u128 {
        ((self.bits() as u128) << 64) | self.bits() as u128
    }

    /// A number below `bound`, which is above zero.
    pub const fn below(&mut self, bound: usize) -> usize {
        // Multiply and shift: the bias is below 2^-40 for every bound used here.
        ((self.bits() as u128 * bound as u128) >> 64) as usize
    }

    /// A number from `first` to `last`, both included.
    pub const fn between(&mut self, first: usize, last: usize) -> usize {
        first + self.below(last - first + 1)
    }

    /// True in `percent` of a hundred cases.
    pub const fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// One of the members of a slice that has some.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// Puts a slice into a random order.
    pub fn shuffle<T>(&mut self, slice: &mut [T]) {
        for end in (1..slice.len()).rev() {
            slice.swap(end, self.below(end + 1));
        }
    }
}

/// A number that looks random and that its input determines.
#[must_use]
pub const fn mix(input: u64) -> u64 {
    let mut z = input;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_determines_its_stream_and_bounds_hold() {
        let (mut one, mut two) = (Random::new(7), Random::new(7));
        for _ in 0..1000 {
            let bound = 1 + one.below(10);
            assert_eq!(bound, 1 + two.below(10));
            assert!(one.below(bound) < bound && two.between(3, 5) <= 5);
        }
    }
}
