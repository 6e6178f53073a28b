//! Paints lines in order over the ordinals that no line has decided yet, 64 ordinals at a time.
//!
//! Knows no filter and no class: it says what each list does, not what comes of it.
#![expect(
    clippy::indexing_slicing,
    reason = "words, lists and lines are numbered by `Lines` and bounded by it"
)]

use core::ops::Range;

use super::columns::Key;
use super::lines::{Line, Lines, Stroke};
use crate::bits::low;
use crate::outcome::{Outcomes, Planes};

/// What every list does to the ordinals of one window of words.
#[derive(Default)]
pub(super) struct Paint {
    window: Range<usize>,
    is_everything: bool,
    // Per list, per word of the window: what can happen.
    planes: Vec<Planes>,
    // Ordinals that a line which allows has decided, or that one tied with it has.
    wins: Vec<Win>,
    // Of the list at hand: ordinals that no line has decided yet; which words have one; how many words that are.
    undecided: Vec<u64>,
    open: Vec<u64>,
    open_words: usize,
    tied: Vec<usize>,
}

/// Ordinals of a word of the window, decided by a line.
pub(super) struct Win {
    pub(super) line: u32,
    pub(super) word: u32,
    pub(super) bits: u64,
}

impl Paint {
    /// Paints the lines that are active over a window of words.
    pub(super) fn paint(&mut self, lines: &Lines, active: &Key, window: Range<usize>) {
        let (words, lists) = (window.len(), lines.starts.len() - 1);
        self.is_everything = words == lines.words();
        self.window = window;
        self.planes.clear();
        self.planes.resize(lists * words, Planes::default());
        self.wins.clear();
        let mut members = active.may.iter().peekable();
        let mut tied = core::mem::take(&mut self.tied);
        for list in 0..lists {
            self.start_list(lines);
            let end = lines.starts[list + 1];
            while let Some(line) = members.next_if(|line| *line < end) {
                if self.open_words == 0 {
                    continue;
                }
                tied.push(line);
                let rank = lines.lines[line].rank;
                if members.peek().is_some_and(|next| *next < end && lines.lines[*next].rank == rank) {
                    continue;
                }
                self.paint_tied(lines, list * words, &tied, active);
                tied.clear();
            }
            self.pass_the_rest(list * words);
        }
        self.tied = tied;
    }

    /// What each list does to the ordinals of a word of the window.
    pub(super) fn leaves(&self, word: usize) -> impl Iterator<Item = Planes> + '_ {
        self.planes.iter().skip(word).step_by(self.window.len().max(1)).copied()
    }

    /// What lines that allow have decided.
    pub(super) fn wins(&self) -> &[Win] {
        &self.wins
    }

    fn start_list(&mut self, lines: &Lines) {
        self.undecided.clear();
        self.undecided.extend(self.window.clone().map(|word| lines.valid(word)));
        self.open_words = self.undecided.len();
        self.open.clear();
        self.open.extend((0..self.open_words).step_by(64).map(|word| low(self.open_words - word)));
    }

    /// Paints the lines of one rank: each may come first, so all of them add before any decides.
    fn paint_tied(&mut self, lines: &Lines, base: usize, tied: &[usize], active: &Key) {
        for &number in tied {
            let line = &lines.lines[number];
            lines.extra(line).into_iter().for_each(|row| self.add(base, row, line.possible));
            let certain = active.must.contains(number);
            if !certain {
                lines.must(line).into_iter().for_each(|row| self.add(base, row, line.possible));
            } else if tied.len() > 1 {
                lines.must(line).into_iter().for_each(|row| self.add(base, row, line.certain));
                // In a list without order all rules that let a packet in have to go to keep it out: none is first.
                if line.certain == Outcomes::ALLOW {
                    lines.must(line).into_iter().for_each(|row| self.credit(row, number));
                }
            }
        }
        for &number in tied {
            if active.must.contains(number) {
                let line = &lines.lines[number];
                lines.must(line).into_iter().for_each(|row| self.decide(base, row, number, line));
            }
        }
    }

    fn add(&mut self, base: usize, row: &[Stroke], outcomes: Outcomes) {
        for stroke in self.seen(row) {
            for word in self.words_of(stroke) {
                self.planes[base + word].add(outcomes, self.undecided[word] & stroke.mask);
            }
        }
    }

    fn decide(&mut self, base: usize, row: &[Stroke], number: usize, line: &Line) {
        for stroke in self.seen(row) {
            let Range { start, end } = self.words_of(stroke);
            if end - start == 1 {
                self.decide_word(base, start, stroke.mask, number, line);
                continue;
            }
            // Long runs go from one open word to the next: in a hostile list few are left after some lines.
            let mut at = start;
            while let Some(open) = self.next_open(at, end) {
                self.decide_word(base, open, stroke.mask, number, line);
                at = open + 1;
            }
        }
    }

    /// Notes a line for what it would decide.
    fn credit(&mut self, row: &[Stroke], number: usize) {
        for stroke in self.seen(row) {
            let Range { start, end } = self.words_of(stroke);
            let mut at = start;
            while let Some(word) = self.next_open(at, end) {
                let bits = self.undecided[word] & stroke.mask;
                if bits != 0 {
                    self.wins.push(Win { line: number as u32, word: word as u32, bits });
                }
                at = word + 1;
            }
        }
    }

    #[inline]
    fn decide_word(&mut self, base: usize, word: usize, mask: u64, number: usize, line: &Line) {
        let bits = self.undecided[word] & mask;
        if bits == 0 {
            return;
        }
        self.planes[base + word].add(line.certain, bits);
        if line.certain == Outcomes::ALLOW {
            self.wins.push(Win { line: number as u32, word: word as u32, bits });
        }
        self.undecided[word] ^= bits;
        if self.undecided[word] == 0 {
            self.open[word / 64] &= !(1 << (word % 64));
            self.open_words -= 1;
        }
    }

    /// The strokes of a row that meet the window.
    fn seen<'a>(&self, row: &'a [Stroke]) -> &'a [Stroke] {
        if self.is_everything {
            return row;
        }
        let start = row.partition_point(|stroke| stroke.words().end <= self.window.start);
        let end = row.partition_point(|stroke| stroke.words().start < self.window.end);
        &row[start..end]
    }

    /// The words of the window that a stroke has.
    fn words_of(&self, stroke: &Stroke) -> Range<usize> {
        let Range { start, end } = stroke.words();
        start.max(self.window.start) - self.window.start..end.min(self.window.end) - self.window.start
    }

    /// The first word in `from..to` with an undecided ordinal.
    fn next_open(&self, from: usize, to: usize) -> Option<usize> {
        let mut mask = u64::MAX << (from % 64);
        for at in from / 64..to.div_ceil(64) {
            let open = self.open[at] & mask;
            if open != 0 {
                return Some(at * 64 + open.trailing_zeros() as usize).filter(|word| *word < to);
            }
            mask = u64::MAX;
        }
        None
    }

    fn pass_the_rest(&mut self, base: usize) {
        if self.open_words > 0 {
            for (word, undecided) in self.undecided.iter().enumerate() {
                self.planes[base + word].pass |= undecided;
            }
        }
    }
}
