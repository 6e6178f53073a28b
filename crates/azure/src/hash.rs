//! A fast hash for look-ups by content, keyed at random so that nobody can choose names that collide.
//!
//! Measured: with the hash of the standard library, look-ups were a fifth of reading an export. Only for maps that
//! are looked up in: no order of such a map reaches a result.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hasher, RandomState};

/// A map that is only looked up in.
pub(crate) type LookupMap<K, V> = HashMap<K, V, Keyed>;
/// A set that is only looked up in.
pub(crate) type LookupSet<T> = HashSet<T, Keyed>;

/// The key of a hash.
#[derive(Clone, Debug)]
pub(crate) struct Keyed(u64);

impl Default for Keyed {
    fn default() -> Self {
        Self(RandomState::new().hash_one(0_u64))
    }
}

impl BuildHasher for Keyed {
    type Hasher = Folding;

    fn build_hasher(&self) -> Folding {
        Folding { state: self.0 }
    }
}

/// Folds eight bytes at a time into its state, with a full multiplication each.
pub(crate) struct Folding {
    state: u64,
}

impl Folding {
    fn fold(&mut self, word: u64) {
        let product = u128::from(self.state ^ word) * u128::from(MULTIPLIER);
        self.state = (product as u64) ^ ((product >> 64) as u64);
    }
}

impl Hasher for Folding {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.fold(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (place, byte) in last.iter_mut().zip(rest) {
            *place = *byte;
        }
        // The length tells a zero byte from none.
        self.fold(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, byte: u8) {
        self.fold(u64::from(byte));
    }

    fn write_u32(&mut self, word: u32) {
        self.fold(u64::from(word));
    }

    fn write_u64(&mut self, word: u64) {
        self.fold(word);
    }

    fn write_usize(&mut self, word: usize) {
        self.fold(word as u64);
    }

    fn finish(&self) -> u64 {
        self.state
    }
}

/// Odd, with half of its bits set, in no pattern: of the fraction of the golden ratio.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_texts_hash_apart() {
        let key = Keyed::default();
        let texts = ["", "a", "b", "a\0", "aaaaaaaa", "aaaaaaaa\0", "aaaaaaab", "10.0.0.0/8", "10.0.0.0/9"];
        let hashes: HashSet<u64> = texts.iter().map(|text| key.hash_one(text)).collect();
        assert_eq!(hashes.len(), texts.len());
        assert_eq!(key.hash_one("nsg"), key.hash_one(String::from("nsg")));
    }
}
