//! What every line of a column takes: the sources it matches that no line before it in its list has decided.
//!
//! For people who ask about one path: a row of bits is kept for each line and column, which a sweep of many targets
//! never does. Knows no protocol and no port.
#![expect(clippy::indexing_slicing, reason = "words and lines are numbered by `Lines` and bounded by it")]

use std::collections::BTreeMap;

use model::{Action, Filter, Name};
use packet::AddressSet;
use rustc_hash::FxHashMap;

use super::canvas::{Scene, active};
use super::columns::{Columns, Key};
use super::lines::{Line, Lines, Stroke};
use super::{Classes, Question, Sweep};
use crate::exposure::Certainty;
use crate::outcome::Outcomes;

/// What the lines of every column take.
pub(crate) struct Takings {
    /// By number of the column.
    pub(crate) columns: Vec<Column>,
    /// Sets of sources: known addresses, and names of pools.
    pub(crate) sets: Vec<(AddressSet, Vec<Name>)>,
}

/// One column.
#[derive(Default)]
pub(crate) struct Column {
    /// In the order of reading.
    pub(crate) takes: Vec<Take>,
    /// What keeps everybody out; `None` where somebody gets in.
    pub(crate) closed_by: Option<Vec<Close>>,
}

/// Sources that one rule takes.
pub(crate) struct Take {
    pub(crate) list: usize,
    pub(crate) rule: usize,
    pub(crate) certainty: Certainty,
    /// A number of [`Takings::sets`].
    pub(crate) set: usize,
}

/// What keeps sources out. In the order of reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Close {
    /// A rule of a list.
    Rule(usize, usize),
    /// What follows a list of which no rule matches.
    End(usize),
}

/// Past this many words of bits nothing is said: 128 MiB, where nothing is equal.
const WORDS_MAX: usize = 1 << 24;

impl Sweep {
    /// What every line takes; `None` when that would be too much to hold.
    pub(crate) fn takings(&mut self, question: &Question<'_>) -> Option<(Takings, &Columns)> {
        let classes = self.prepare(question);
        let places = classes.destinations.len() * classes.source_ports.len();
        let rows = self.ports.keys.len().saturating_mul(self.lines.count()).saturating_mul(places);
        if rows.saturating_mul(self.lines.words()) > WORDS_MAX {
            return None;
        }
        let ends = ends(question.filter);
        let mut found = Takings { columns: Vec::new(), sets: Vec::new() };
        let mut known: FxHashMap<Vec<u64>, usize> = FxHashMap::default();
        for key in &self.ports.keys {
            self.canvas.column(Scene { lines: &self.lines, filter: question.filter, classes: &classes }, key);
            let is_closed =
                [true, false].iter().all(|side| self.canvas.side(*side).iter().all(|word| *word == 0));
            let taker = Taker { lines: &self.lines, classes: &classes, ends: &ends };
            let (rows, closers) = taker.column(key);
            let mut column = Column { takes: Vec::new(), closed_by: is_closed.then_some(closers) };
            for ((line, certainty), words) in rows {
                let Line { list, rule, .. } = self.lines.lines[line];
                let set = *known.entry(words).or_insert_with_key(|words| {
                    let addresses = self.lines.addresses(words, question.ranks);
                    found.sets.push((addresses, self.lines.pools(words)));
                    found.sets.len() - 1
                });
                column.takes.push(Take { list, rule, certainty, set });
            }
            found.columns.push(column);
        }
        Some((found, &self.ports))
    }
}

/// Rows of bits by line and certainty.
type Rows = BTreeMap<(usize, Certainty), Vec<u64>>;

struct Taker<'a> {
    lines: &'a Lines,
    classes: &'a Classes,
    ends: &'a [bool],
}

/// What is found of one list for one combination of classes.
#[derive(Default)]
struct Told {
    closers: Vec<Close>,
    /// Whether the list alone keeps everybody out.
    is_closing: bool,
}

impl Taker<'_> {
    /// What each line takes, united over destinations and source ports, and what keeps sources out.
    fn column(&self, key: &Key) -> (Rows, Vec<Close>) {
        let mut rows = Rows::new();
        let lists = self.lines.starts.len() - 1;
        let mut closers: Vec<Vec<Close>> = vec![Vec::new(); lists];
        let mut closing = vec![true; lists];
        for destinations in &self.classes.destinations {
            for source_ports in &self.classes.source_ports {
                let active = active(key, self.classes.are_one, destinations, source_ports);
                for list in 0..lists {
                    let told = self.list(list, &active, &mut rows);
                    closers[list].extend(told.closers);
                    closing[list] &= told.is_closing;
                }
            }
        }
        self.tell_once(&mut rows);
        // Where one list keeps everybody out, what the others keep out as well says nothing.
        let is_one_closing = closing.contains(&true);
        let told = closers.into_iter().zip(closing).filter(|(_, closing)| *closing || !is_one_closing);
        let mut closers: Vec<Close> = told.flat_map(|(closers, _)| closers).collect();
        closers.sort_unstable();
        closers.dedup();
        (rows, closers)
    }

    fn list(&self, list: usize, active: &Key, rows: &mut Rows) -> Told {
        let lines = self.lines;
        let mut undecided: Vec<u64> = (0..lines.words()).map(|word| lines.valid(word)).collect();
        let mut open: Vec<u64> = undecided.clone();
        let mut told = Told::default();
        let range = lines.starts[list]..lines.starts[list + 1];
        let members: Vec<usize> = active.may.iter().filter(|line| range.contains(line)).collect();
        for tied in members.chunk_by(|a, b| lines.lines[*a].rank == lines.lines[*b].rank) {
            self.tied(tied, active, &mut undecided, rows, |line, taken| {
                if self.closes(line) && taken.iter().any(|word| *word != 0) {
                    open.iter_mut().zip(taken).for_each(|(open, taken)| *open &= !taken);
                    let is_denied = line.certain == Outcomes::of(Action::Deny);
                    let rule = Close::Rule(line.list, line.rule);
                    told.closers.push(if is_denied { rule } else { Close::End(list) });
                }
            });
        }
        if self.ends[list] && undecided.iter().any(|word| *word != 0) {
            open.iter_mut().zip(&undecided).for_each(|(open, ended)| *open &= !ended);
            told.closers.push(Close::End(list));
        }
        told.is_closing = open[..lines.concrete_words()].iter().all(|word| *word == 0);
        told
    }

    /// Whether what a line decides stays out: denied by it, or passed on to a denial.
    fn closes(&self, line: &Line) -> bool {
        line.certain == Outcomes::of(Action::Deny)
            || (line.certain == Outcomes::of(Action::Pass) && self.ends[line.list])
    }

    /// Lines of one rank: each may come first, so one takes for certain only what no other of them can that does
    /// something else. Those that do the same take it together: that is how lists without order are read.
    fn tied(
        &self,
        tied: &[usize],
        active: &Key,
        undecided: &mut [u64],
        rows: &mut Rows,
        mut takes: impl FnMut(&Line, &[u64]),
    ) {
        let words = undecided.len();
        let held = |number: usize| {
            let line = &self.lines.lines[number];
            let (mut must, mut may) = (vec![0; words], vec![0; words]);
            let is_certain = active.must.contains(number);
            for row in self.lines.must(line) {
                draw(&mut may, row);
                if is_certain {
                    draw(&mut must, row);
                }
            }
            self.lines.extra(line).into_iter().for_each(|row| draw(&mut may, row));
            [must, may]
        };
        let all: Vec<[Vec<u64>; 2]> = tied.iter().map(|number| held(*number)).collect();
        // What lines that do the same can take, by what that is: lists without order have thousands of them.
        let mut kinds: Vec<(Outcomes, bool, Vec<u64>)> = Vec::new();
        for (number, [_, may]) in tied.iter().zip(&all) {
            let line = &self.lines.lines[*number];
            let (own, closes) = (line.certain, self.closes(line));
            let known = kinds.iter().position(|kind| (kind.0, kind.1) == (own, closes));
            let kind = known.unwrap_or_else(|| {
                kinds.push((own, closes, vec![0; words]));
                kinds.len() - 1
            });
            kinds[kind].2.iter_mut().zip(may).for_each(|(held, may)| *held |= may);
        }
        let held_by = |is_one: &dyn Fn(Outcomes, bool) -> bool| {
            let mut held = vec![0; words];
            for (_, _, own) in kinds.iter().filter(|kind| is_one(kind.0, kind.1)) {
                held.iter_mut().zip(own).for_each(|(held, own)| *held |= own);
            }
            held
        };
        for (number, [must, may]) in tied.iter().zip(&all) {
            let line = &self.lines.lines[*number];
            let (own, own_closes) = (line.certain, self.closes(line));
            let contested = held_by(&|other, _| other != own);
            let opposed = held_by(&|_, closes| closes != own_closes);
            let less = |sets: &[u64], minus: &[u64]| -> Vec<u64> {
                (0..words).map(|word| sets[word] & undecided[word] & !minus[word]).collect()
            };
            let proved = less(must, &contested);
            let possible = less(may, &proved);
            // What comes of it is certain where others of its rank would do the same.
            takes(line, &less(must, &opposed));
            add(rows, (*number, Certainty::Proved), &proved);
            add(rows, (*number, Certainty::Possible), &possible);
        }
        for [must, _] in &all {
            undecided.iter_mut().zip(must).for_each(|(undecided, must)| *undecided &= !must);
        }
    }

    /// Takes away what is told otherwise: what is certain from what is possible, and of pools all but those that the
    /// rule names. A rule that names one is told to take it, and not possibly everybody (semantics I11).
    fn tell_once(&self, rows: &mut Rows) {
        let concrete = self.lines.concrete_words();
        let mut certain: Option<(usize, Vec<u64>)> = None;
        for (&(number, certainty), words) in rows.iter_mut() {
            let mut named = vec![0; words.len()];
            draw(&mut named, self.lines.named(&self.lines.lines[number]));
            words.iter_mut().zip(&named).skip(concrete).for_each(|(word, named)| *word &= named);
            match certainty {
                Certainty::Proved => {
                    self.lines.name_no_pool_of_everybody(words);
                    certain = Some((number, words.clone()));
                }
                Certainty::Possible => {
                    if let Some((_, certain)) = certain.as_ref().filter(|(line, _)| *line == number) {
                        words.iter_mut().zip(certain).for_each(|(word, certain)| *word &= !certain);
                    }
                    if named.iter().any(|word| *word != 0) {
                        words[..concrete].fill(0);
                    }
                }
            }
        }
        rows.retain(|_, words| words.iter().any(|word| *word != 0));
    }
}

fn add(rows: &mut Rows, key: (usize, Certainty), words: &[u64]) {
    if words.iter().any(|word| *word != 0) {
        let row = rows.entry(key).or_insert_with(|| vec![0; words.len()]);
        row.iter_mut().zip(words).for_each(|(row, word)| *row |= word);
    }
}

fn draw(words: &mut [u64], row: &[Stroke]) {
    for stroke in row {
        words[stroke.words()].iter_mut().for_each(|word| *word |= stroke.mask);
    }
}

/// Of every list, in order: whether a denial follows at once where none of its rules matches.
fn ends(filter: &Filter) -> Vec<bool> {
    match filter {
        Filter::Always(_) => Vec::new(),
        Filter::FirstMatch(_) => vec![false],
        Filter::AllOf(parts) | Filter::AnyOf(parts) => parts.iter().flat_map(ends).collect(),
        Filter::Chain(stages) => {
            let mut found = Vec::new();
            for (position, stage) in stages.iter().enumerate() {
                let is_last = matches!(stages.get(position + 1), Some(Filter::Always(Action::Deny)));
                match stage {
                    Filter::FirstMatch(_) => found.push(is_last),
                    Filter::Always(_) | Filter::Chain(_) | Filter::AllOf(_) | Filter::AnyOf(_) => {
                        found.extend(ends(stage));
                    }
                }
            }
            found
        }
    }
}
