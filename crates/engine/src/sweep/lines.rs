//! Rules as *lines*: those that can match something of a question, with their sources as rows of bits over ordinals.
//!
//! A row is kept as strokes, so a rule of a few prefixes costs a few words however many ordinals the question has,
//! and one of a wide range costs three. Sets that several rules share are laid out once.
//!
//! Knows no port and no order of painting.
#![expect(
    clippy::indexing_slicing,
    reason = "numbers of sets and lines are made here, with the tables they index"
)]

use core::ops::Range;
use std::sync::Arc;

use model::{Action, Name, Rule, RuleList, Tag};
use packet::AddressSet;
use rustc_hash::FxHashMap;

use super::cuts::{Cuts, runs};
use super::{Classes, Question};
use crate::bits::{Bits, low};
use crate::classes::Aim;
use crate::outcome::Outcomes;
use crate::rank::RankSpace;

/// A rule that can decide something here.
pub(crate) struct Line {
    pub(crate) list: usize,
    pub(crate) rule: usize,
    pub(super) rank: u32,
    pub(super) certain: Outcomes,
    pub(super) possible: Outcomes,
    pub(super) names_pool: bool,
    // What it matches for certain, and what it only possibly matches: numbers of sets.
    must: usize,
    extra: Option<usize>,
    // The same of pools whose members are not known.
    pools_must: Row,
    pools_extra: Row,
    // The pools it names, where it allows them.
    pools_named: Row,
    /// Whether it holds every ordinal and every pool for certain.
    pub(super) is_whole: bool,
}

/// Strokes, by position in [`Lines::strokes`]. Ordinals ascend.
pub(super) type Row = Range<usize>;

/// The same bits in each of several words in a row: one partial word, or a run of full ones.
#[derive(Clone, Copy)]
pub(super) struct Stroke {
    // A hostile list has millions of strokes.
    word: u32,
    words: u32,
    pub(super) mask: u64,
}

impl Stroke {
    pub(super) const fn word(self) -> usize {
        self.word as usize
    }

    pub(super) const fn words(self) -> Range<usize> {
        self.word as usize..(self.word + self.words) as usize
    }
}

/// The lines of a question.
#[derive(Default)]
pub(crate) struct Lines {
    pub(super) lines: Vec<Line>,
    /// Lines of list `i` are `starts[i]..starts[i + 1]`.
    pub(super) starts: Vec<usize>,
    /// Pools whose members are not known. Their ordinals come after all others, from a new word on.
    pub(super) tags: Vec<Arc<Tag>>,
    pub(super) cuts: Cuts,
    strokes: Vec<Stroke>,
    sets: Vec<Set>,
    // By address. The question keeps them alive, and the map is emptied before the next.
    known: FxHashMap<(usize, usize), usize>,
}

/// The sources of one or more rules.
struct Set {
    sources: Arc<AddressSet>,
    row: Row,
    // Whether it holds the whole Internet, and whether as one interval of addresses.
    is_whole: bool,
    is_one: bool,
    intervals: usize,
}

impl Lines {
    /// Positions of list and rule of lines.
    pub(crate) fn rules_of(&self, lines: &Bits) -> Vec<(usize, usize)> {
        let rule = |line: usize| self.lines.get(line).map(|line| (line.list, line.rule));
        lines.iter().filter_map(rule).collect()
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.lines.len()
    }

    /// Keeps the rules that can match something of the question.
    pub(super) fn collect(&mut self, question: &Question<'_>) {
        self.lines.clear();
        self.starts.clear();
        self.strokes.clear();
        self.tags.clear();
        self.sets.clear();
        self.known.clear();
        self.cuts.start(question.ranks.size());
        let mut aim = Aim::at(question.destinations);
        for (list, rules) in question.lists.iter().enumerate() {
            self.starts.push(self.lines.len());
            for (position, rule) in rules.rules.iter().enumerate() {
                if matches_some(rule, question, &mut aim) {
                    self.collect_line(question, list, position, rule);
                }
            }
        }
        self.starts.push(self.lines.len());
        self.tags.sort_unstable();
        self.tags.dedup();
        self.cuts.sort();
        self.lay_out(question);
    }

    fn collect_line(&mut self, question: &Question<'_>, list: usize, position: usize, rule: &Rule) {
        let matches = &rule.matches;
        let (must, extra) = (&matches.sources.must, &matches.sources.may);
        let must = self.set(question.ranks, must, || Arc::clone(must), 0);
        let extra = if Arc::ptr_eq(extra, &matches.sources.must) {
            None
        } else {
            let rest = || Arc::new(extra.difference(&matches.sources.must));
            Some(self.set(question.ranks, extra, rest, Arc::as_ptr(&matches.sources.must).addr()))
        };
        let nobody =
            self.sets[must].intervals == 0 && extra.is_none_or(|extra| self.sets[extra].intervals == 0);
        if nobody && matches.tags.is_empty() {
            return;
        }
        self.tags.extend(matches.tags.iter().cloned());
        let certain = Outcomes::of(rule.action);
        let names_pool = rule.action == Action::Allow && !matches.tags.is_empty();
        self.lines.push(Line {
            list,
            rule: position,
            rank: rule.rank,
            certain,
            possible: if names_pool { Outcomes::POOL } else { certain },
            names_pool,
            must,
            extra,
            pools_must: 0..0,
            pools_extra: 0..0,
            pools_named: 0..0,
            is_whole: false,
        });
    }

    /// The number of a set of sources, known by the addresses of what it is made of.
    fn set(
        &mut self,
        ranks: &RankSpace,
        own: &Arc<AddressSet>,
        sources: impl FnOnce() -> Arc<AddressSet>,
        less: usize,
    ) -> usize {
        let (sets, cuts) = (&mut self.sets, &mut self.cuts);
        *self.known.entry((Arc::as_ptr(own).addr(), less)).or_insert_with(|| {
            let sources = sources();
            let mut is_whole = false;
            let intervals = ranks.each_merged_span(&sources, |from, to| {
                cuts.push(from);
                cuts.push(to);
                is_whole = (from, to) == (0, ranks.size());
            });
            sets.push(Set { sources, row: 0..0, is_whole, is_one: is_whole && intervals == 1, intervals });
            sets.len() - 1
        })
    }

    /// Draws the row of every set, and of every line's pools.
    fn lay_out(&mut self, question: &Question<'_>) {
        // Hardly more than one stroke for each interval: growing millions of them would hold them twice.
        let intervals: usize = self.sets.iter().map(|set| set.intervals).sum();
        self.strokes.reserve(intervals + intervals / 32);
        for set in &mut self.sets {
            let start = self.strokes.len();
            let (cuts, strokes) = (&self.cuts, &mut self.strokes);
            question.ranks.each_merged_span(&set.sources, |from, to| {
                draw(strokes, start, cuts.ordinal(from), cuts.ordinal(to));
            });
            set.row = start..self.strokes.len();
        }
        let mut lines = core::mem::take(&mut self.lines);
        for line in &mut lines {
            let must = &self.sets[line.must];
            line.is_whole = must.is_whole && (must.is_one || self.tags.is_empty());
            if !self.tags.is_empty() {
                self.lay_out_pools(line, question);
            }
        }
        self.lines = lines;
    }

    /// Which pools a line holds for certain: those it names, and all of them where it holds the whole Internet,
    /// because pools are made of Internet addresses. Where it holds anybody else, it may hold any pool.
    fn lay_out_pools(&mut self, line: &mut Line, question: &Question<'_>) {
        let is_somebody = |set: usize| self.sets[set].intervals > 0;
        let someone = is_somebody(line.must) || line.extra.is_some_and(is_somebody);
        let named = &question.lists[line.list].rules[line.rule].matches.tags;
        let base = self.concrete_words() * 64;
        let tags = self.tags.iter().enumerate();
        let strokes = &mut self.strokes;
        let mut row = |wanted: &dyn Fn(&Tag) -> bool| {
            let start = strokes.len();
            for (position, _) in tags.clone().filter(|(_, tag)| wanted(tag)) {
                draw(strokes, start, base + position, base + position + 1);
            }
            start..strokes.len()
        };
        let held = |tag: &Tag| line.is_whole || holds(named, tag);
        line.pools_must = row(&held);
        line.pools_extra = row(&|tag| someone && !held(tag));
        line.pools_named = row(&|tag| named.iter().any(|named| **named == *tag));
    }

    /// How many ordinals stand for addresses.
    pub(super) fn intervals(&self) -> usize {
        self.cuts.intervals()
    }

    /// Words of ordinals that stand for addresses.
    pub(super) fn concrete_words(&self) -> usize {
        self.cuts.intervals().div_ceil(64)
    }

    /// Words of all ordinals.
    pub(super) fn words(&self) -> usize {
        self.concrete_words() + self.tags.len().div_ceil(64)
    }

    /// The ordinals of a word that exist.
    pub(super) fn valid(&self, word: usize) -> u64 {
        match word.checked_sub(self.concrete_words()) {
            None => low(self.cuts.intervals() - word * 64),
            Some(word) => low(self.tags.len() - word * 64),
        }
    }

    /// What a line matches for certain: addresses, then pools.
    pub(super) fn must(&self, line: &Line) -> [&[Stroke]; 2] {
        [&self.strokes[self.sets[line.must].row.clone()], &self.strokes[line.pools_must.clone()]]
    }

    /// The pools a line names.
    pub(super) fn named(&self, line: &Line) -> &[Stroke] {
        &self.strokes[line.pools_named.clone()]
    }

    /// What a line only possibly matches: addresses, then pools.
    pub(super) fn extra(&self, line: &Line) -> [&[Stroke]; 2] {
        let row = line.extra.map_or(0..0, |extra| self.sets[extra].row.clone());
        [&self.strokes[row], &self.strokes[line.pools_extra.clone()]]
    }
}

/// The first ordinal after `at` at which a row starts or ends.
pub(super) fn next_change(strokes: &[Stroke], at: usize) -> Option<usize> {
    let first = strokes.partition_point(|stroke| stroke.words().end <= at / 64);
    let here = strokes.get(first).filter(|stroke| stroke.word() <= at / 64).map_or(0, |stroke| stroke.mask);
    let inside = here >> (at % 64) & 1 == 1;
    let later = (here ^ u64::from(inside).wrapping_neg()) & !low(at % 64 + 1);
    if later != 0 {
        return Some(at / 64 * 64 + later.trailing_zeros() as usize);
    }
    let mut word = at / 64 + 1;
    for stroke in strokes[first..].iter().filter(|stroke| stroke.words().end > at / 64 + 1) {
        if stroke.word() > word && inside {
            break;
        }
        word = word.max(stroke.word());
        let change = if inside { !stroke.mask } else { stroke.mask };
        if change != 0 {
            return Some(word * 64 + change.trailing_zeros() as usize);
        }
        word = stroke.words().end;
    }
    inside.then_some(word * 64)
}

impl Line {
    /// The rule of the line.
    pub(super) fn of<'a>(&self, lists: &[&'a Arc<RuleList>]) -> Option<&'a Rule> {
        lists.get(self.list)?.rules.get(self.rule)
    }
}

/// What ordinals stand for.
impl Lines {
    pub(super) fn addresses(&self, words: &[u64], ranks: &RankSpace) -> AddressSet {
        let words = &words[..self.concrete_words()];
        ranks.addresses(self.cuts.spans(words), runs(words).count())
    }

    /// Where the first intervals start.
    pub(super) fn starts_of(&self, words: &[u64], limit: usize) -> Vec<u128> {
        runs(&words[..self.concrete_words()]).take(limit).map(|(from, _)| self.cuts.rank(from)).collect()
    }

    /// The names of the pools.
    pub(super) fn pools(&self, words: &[u64]) -> Vec<Name> {
        let tags = runs(&words[self.concrete_words()..]).flat_map(|(from, to)| &self.tags[from..to]);
        tags.map(|tag| Arc::clone(&tag.name)).collect()
    }

    /// The whole Internet holds every pool: none is named beside it.
    pub(super) fn name_no_pool_of_everybody(&self, words: &mut [u64]) {
        let concrete = self.concrete_words();
        if !self.tags.is_empty() && (0..concrete).all(|word| words[word] == self.valid(word)) {
            words[concrete..].fill(0);
        }
    }

    /// The lines after which nothing of their list matters, where they match the port for certain: they hold every
    /// source, every destination that was asked for, every source port, and are not tied.
    pub(super) fn closing(&self, classes: &Classes) -> Bits {
        let mut closing = Bits::new(self.lines.len());
        for (number, line) in self.lines.iter().enumerate().filter(|(_, line)| line.is_whole) {
            let is_equal = |at: usize| {
                self.lines.get(at).is_some_and(|other| (other.list, other.rank) == (line.list, line.rank))
            };
            let tied = is_equal(number + 1) || number.checked_sub(1).is_some_and(is_equal);
            if !tied && classes.hold(number) {
                closing.insert(number);
            }
        }
        closing
    }
}

/// Whether a rule has every field but the sources in common with the question.
fn matches_some<'a>(rule: &'a Rule, question: &Question<'_>, aim: &mut Aim<'a>) -> bool {
    let matches = &rule.matches;
    !(matches.protocols.may.intersection(question.protocols).is_empty()
        || matches.ports.may.is_empty()
        || matches.source_ports.may.is_empty()
        || !aim.held(rule).possible)
}

/// Adds ordinals `from..to` to a row that starts at `start`, as one partial word, full words, one partial word.
fn draw(strokes: &mut Vec<Stroke>, start: usize, from: usize, to: usize) {
    let mut at = from;
    while at < to {
        let (word, bit) = (at / 64, at % 64);
        let full = if bit == 0 { (to - at) / 64 } else { 0 };
        let end = if full > 0 { at + full * 64 } else { to.min((word + 1) * 64) };
        let mask = low(end.min((word + 1) * 64) - word * 64) & !low(bit);
        match strokes[start..].last_mut() {
            Some(last) if last.word() == word && last.words == 1 && full == 0 => last.mask |= mask,
            Some(_) | None => strokes.push(Stroke { word: word as u32, words: full.max(1) as u32, mask }),
        }
        at = end;
    }
}

/// Whether sources that name these pools certainly hold every member of `tag`.
fn holds(named: &[Arc<Tag>], tag: &Tag) -> bool {
    named.iter().any(|known| known.name == tag.name || tag.within.contains(&known.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of every pair of spans, bit by bit.
    #[test]
    fn rows_hold_what_was_drawn_and_know_where_they_change() {
        let ends = [0, 1, 63, 64, 65, 127, 128, 130, 191, 192, 256, 300];
        let spans = || ends.iter().flat_map(|from| ends.iter().map(move |to| (*from, *to)));
        for (a, b) in spans().filter(|(from, to)| from < to) {
            for (c, d) in spans().filter(|(from, to)| from < to && *from > b) {
                let mut strokes = Vec::new();
                draw(&mut strokes, 0, a, b);
                draw(&mut strokes, 0, c, d);
                let mut bits = [0_u64; 6];
                for stroke in &strokes {
                    stroke.words().for_each(|word| bits[word] |= stroke.mask);
                }
                let has = |at: usize| bits[at / 64] >> (at % 64) & 1 == 1;
                for at in 0..320 {
                    assert_eq!(
                        has(at),
                        (a..b).contains(&at) || (c..d).contains(&at),
                        "{a}..{b} {c}..{d}: {at}"
                    );
                    let slow = (at + 1..=d).find(|next| has(*next) != has(at));
                    assert_eq!(next_change(&strokes, at), slow, "{a}..{b} {c}..{d} after {at}");
                }
            }
        }
    }
}
