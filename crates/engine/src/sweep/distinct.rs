//! The distinct sets of sources of one answer: each is measured once.

use std::sync::Arc;

use core::hash::BuildHasher;
use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use sha2::{Digest, Sha256};

use crate::measure::Measured;

/// Sets of ordinals, with what was measured of them.
#[derive(Default)]
pub(super) struct Distinct {
    // What stands for a set: its words, or their SHA-256 where the words of all sets are too many to keep.
    stride: usize,
    is_kept: bool,
    names: Vec<u64>,
    measured: Vec<Arc<Measured>>,
    table: HashTable<usize>,
}

/// Words of a SHA-256.
const DIGEST_WORDS: usize = 4;

impl Distinct {
    /// Forgets all sets. Those to come have so many words.
    pub(super) fn start(&mut self, words: usize, is_kept: bool) {
        (self.stride, self.is_kept) = (if is_kept { words } else { DIGEST_WORDS }, is_kept);
        self.names.clear();
        self.measured.clear();
        self.table.clear();
    }

    /// What was measured of a set; measured now if it is new, to be kept or not.
    pub(super) fn find(
        &mut self,
        words: &[u64],
        measure: impl FnOnce(bool) -> Arc<Measured>,
    ) -> Arc<Measured> {
        let digest = (!self.is_kept).then(|| digest(words));
        let name = digest.as_ref().map_or(words, <[u64; DIGEST_WORDS]>::as_slice);
        let (names, stride) = (&self.names, self.stride);
        let known = |number: usize| names.get(number * stride..(number + 1) * stride).unwrap_or(&[]);
        let own = FxBuildHasher.hash_one(name);
        if let Some(number) = self.table.find(own, |number| known(*number) == name) {
            return self.measured.get(*number).map_or_else(|| measure(self.is_kept), Arc::clone);
        }
        let measured = measure(self.is_kept);
        self.table.insert_unique(own, self.measured.len(), |number| FxBuildHasher.hash_one(known(*number)));
        self.names.extend_from_slice(name);
        self.measured.push(Arc::clone(&measured));
        measured
    }
}

fn digest(words: &[u64]) -> [u64; DIGEST_WORDS] {
    let mut hash = Sha256::new();
    words.iter().for_each(|word| hash.update(word.to_le_bytes()));
    let bytes: [u8; 32] = hash.finalize().into();
    let mut name = [0; DIGEST_WORDS];
    let parts = bytes.as_chunks::<8>().0;
    name.iter_mut().zip(parts).for_each(|(word, part)| *word = u64::from_le_bytes(*part));
    name
}
