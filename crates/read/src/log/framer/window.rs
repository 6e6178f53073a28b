//! The part of a text that is at hand: offsets, lines and indentation of places in it.
//!
//! Knows nothing of JSON. What was read is dropped, but for enough to know how the line of a place is indented.

use memchr::{memchr_iter, memrchr};

/// A part of a text.
pub(super) struct Window {
    pub(super) bytes: Vec<u8>,
    /// How many bytes of the text stand before these.
    base: u64,
    /// How many of these are read.
    pub(super) scan: usize,
    /// A place in these, and its line.
    counted: usize,
    line: u64,
}

impl Window {
    /// Nothing yet, at a place of the text.
    pub(super) fn at(offset: u64, line: u64) -> Self {
        Self { bytes: Vec::new(), base: offset, scan: 0, counted: 0, line }
    }

    /// Drops what stands before a place, if that is most of what there is, and returns how much.
    pub(super) fn drop_before(&mut self, needed: usize) -> usize {
        let drop = needed.saturating_sub(BEHIND_BYTES);
        if drop == 0 || drop < self.bytes.len() / 2 { 0 } else { self.drop(drop) }
    }

    /// Drops what stands before a place, and gives back the memory that is not needed.
    pub(super) fn shrink(&mut self, needed: usize) -> usize {
        let dropped = self.drop(needed.saturating_sub(BEHIND_BYTES));
        self.bytes.shrink_to_fit();
        dropped
    }

    fn drop(&mut self, drop: usize) -> usize {
        self.count_to(drop.max(self.counted));
        self.bytes.drain(..drop);
        self.base += length(drop);
        self.scan -= drop;
        self.counted -= drop;
        drop
    }

    /// What is not read.
    pub(super) fn rest(&self) -> &[u8] {
        self.bytes.get(self.scan..).unwrap_or_default()
    }

    /// Counted from the start of the text.
    pub(super) fn offset(&self, index: usize) -> u64 {
        self.base + length(index)
    }

    /// The place in the buffer, if it is at hand.
    pub(super) fn index(&self, offset: u64) -> Option<usize> {
        usize::try_from(offset.checked_sub(self.base)?).ok()
    }

    /// The line of a place in the buffer.
    pub(super) fn line_at(&self, index: usize) -> u64 {
        let between = |from: usize, to: usize| {
            length(memchr_iter(b'\n', self.bytes.get(from..to).unwrap_or_default()).count())
        };
        if index >= self.counted {
            self.line + between(self.counted, index)
        } else {
            self.line - between(index, self.counted)
        }
    }

    /// The line of a place in the buffer, from which the next is counted on.
    pub(super) fn count_to(&mut self, index: usize) -> u64 {
        self.line = self.line_at(index);
        self.counted = index;
        self.line
    }

    /// Where the line of a place begins, if it begins close by.
    pub(super) fn line_start(&self, index: usize) -> Option<usize> {
        let from = index.saturating_sub(INDENT_MAX);
        let before = self.bytes.get(from..index).unwrap_or_default();
        match memrchr(b'\n', before) {
            Some(length) => Some(from + length + 1),
            None if from == 0 && self.base == 0 => Some(0),
            None => None,
        }
    }

    pub(super) fn is_blank(&self, from: usize, to: usize) -> bool {
        self.bytes.get(from..to).unwrap_or_default().iter().all(|byte| matches!(byte, b' ' | b'\t'))
    }

    /// By how much the line of a place is indented; by nothing if it begins far away.
    pub(super) fn indent(&self, index: usize) -> usize {
        let Some(start) = self.line_start(index) else { return 0 };
        let before = self.bytes.get(start..index).unwrap_or_default();
        before.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
    }
}

/// Sizes in memory fit.
pub(super) fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// The deepest indentation that is told apart.
pub(super) const INDENT_MAX: usize = 128;
/// How much of what was read is kept.
const BEHIND_BYTES: usize = INDENT_MAX + 32;
