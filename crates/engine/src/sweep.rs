//! One pass that decides every cell of protocol × port × source for a fixed destination.
//!
//! Rules become *lines*: spans of ranks. Ports are cut where the set of lines over them changes; all ports with the
//! same lines are one *column*, evaluated once. A column numbers the elementary intervals of its own lines, its
//! *ordinals*, followed by one ordinal for each pool whose members are not known; the ends of all spans are sorted
//! once, so this is one walk. Then it paints its lines in order over the ordinals that are still undecided, which a
//! union-find skips past: a column costs its ordinals plus its spans and not their product. Destinations and source ports that rules tell apart are classes: a column is painted once for each
//! combination, and a source counts as let in when any of them lets it in, because the caller chooses.
//!
//! Knows no target, no front, no measure.
#![expect(
    clippy::indexing_slicing,
    reason = "ordinals and line numbers are made here and bounded by the tables they index"
)]

use std::sync::Arc;

use indexmap::IndexSet;
use model::{Action, Filter, Name, Rule, RuleList, Tag};
use packet::{AddressSet, Bounds, Family, PortSet, Protocol, ProtocolSet};
use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::bits::{Bits, members_of_both};
use crate::classes::{self, Class};
use crate::outcome::{Outcomes, evaluate};
use crate::rank::{RankSpace, Spans};

/// What is asked: everything but protocol, port and source.
pub(crate) struct Question<'a> {
    pub(crate) filter: &'a Filter,
    pub(crate) lists: &'a [&'a Arc<RuleList>],
    pub(crate) family: Family,
    pub(crate) destinations: &'a AddressSet,
    pub(crate) protocols: ProtocolSet,
    pub(crate) ranks: &'a RankSpace,
}

/// Closed port intervals, ascending, each with the number of its column.
pub(crate) type Slices = Vec<(u16, u16, usize)>;

/// The answer: which column every port of every protocol has, and what the columns hold.
pub(crate) struct Answer {
    /// Per protocol. A protocol without ports has `0..=65535`.
    pub(crate) slices: Vec<(Protocol, Slices)>,
    /// What each column lets in.
    pub(crate) columns: Vec<Column>,
    /// The classes of destinations that columns refer to.
    pub(crate) destinations: Vec<Class<AddressSet>>,
    /// The classes of source ports that columns refer to.
    pub(crate) source_ports: Vec<Class<PortSet>>,
}

/// What the ports of one column let in.
#[derive(Default)]
pub(crate) struct Column {
    pub(crate) must: Side,
    /// What only possibly gets in.
    pub(crate) may: Side,
}

/// One certainty of a column.
#[derive(Default)]
pub(crate) struct Side {
    pub(crate) spans: Spans,
    pub(crate) tags: Vec<Name>,
    /// Rules that admit it, as positions of list and rule. Of the possible side: only those that name a pool.
    pub(crate) admitted_by: Vec<(usize, usize)>,
    /// Classes of destinations that some of it reaches.
    pub(crate) reached: Bits,
    /// Ranks of which each gets in, with the classes of destinations and source ports it does so with.
    pub(crate) witness: Option<Seed>,
}

/// Sources that get in, and how.
#[derive(Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) ranks: (u128, u128),
    pub(crate) destination: usize,
    pub(crate) source_port: usize,
}

impl Side {
    pub(crate) fn is_empty(&self) -> bool {
        self.spans.is_empty() && self.tags.is_empty()
    }
}

/// The working memory of sweeps, kept between them.
#[derive(Default)]
pub(crate) struct Sweep {
    size: u128,
    lines: Vec<Line>,
    // Lines of list `i` are `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
    tags: Vec<Arc<Tag>>,
    spans: Vec<(u128, u128)>,
    // Both ends of every span that is not the whole Internet, sorted.
    ends: Vec<End>,
    // Of the column at hand: where its ordinals start, and for every span of its lines the ordinals it covers.
    boundaries: Vec<u128>,
    runs: Vec<(u32, u32)>,
    // Of the column at hand, per list, per ordinal.
    outcomes: Vec<Vec<Outcomes>>,
    winners: Vec<Vec<u32>>,
    // Union-find: the next undecided ordinal at or after each.
    undecided: Vec<u32>,
    // Of the column at hand, per ordinal: what was found, and the combination of classes that found it.
    certain: Vec<u8>,
    found_by: Vec<(usize, usize)>,
}

/// A rule that can decide something here.
struct Line {
    list: usize,
    rule: usize,
    rank: u32,
    certain: Outcomes,
    possible: Outcomes,
    names_pool: bool,
    // Ranges of `spans` and of `runs`.
    may: (usize, usize),
    must: (usize, usize),
    // Tags, by position, that the line holds for certain, and those it possibly does.
    pools: Bits,
    is_whole: bool,
}

/// One end of a span.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct End {
    rank: u128,
    line: u32,
    span: u32,
    is_last: bool,
}

const MUST: u8 = 1;
const MAY: u8 = 2;
const NOBODY: u32 = u32::MAX;

impl Sweep {
    pub(crate) fn run(&mut self, question: &Question<'_>) -> Answer {
        self.collect_lines(question);
        let rules: Vec<&Rule> =
            self.lines.iter().map(|line| &question.lists[line.list].rules[line.rule]).collect();
        let destinations = classes::of_destinations(&rules, question.destinations, question.family);
        let source_ports = classes::of_source_ports(&rules);
        let closing = self.closing(&destinations, &source_ports);
        let mut columns = Columns { known: IndexSet::default(), closing, starts: &self.starts };
        let slices = columns.cut_all(&rules, question.protocols);
        let columns = columns.known;
        let classes = Classes { destinations: &destinations, source_ports: &source_ports };
        let mut combine = Combine::new(question.filter, question.lists);
        let columns = columns.iter().map(|key| self.column(key, &classes, &mut combine)).collect();
        Answer { slices, columns, destinations, source_ports }
    }

    /// Keeps the rules that can match something of the question, with their sources as spans of ranks.
    fn collect_lines(&mut self, question: &Question<'_>) {
        self.size = question.ranks.size();
        self.lines.clear();
        self.starts.clear();
        self.spans.clear();
        self.tags.clear();
        for (list, rules) in question.lists.iter().enumerate() {
            self.starts.push(self.lines.len());
            for (position, rule) in rules.rules.iter().enumerate() {
                self.collect_line(question, list, position, rule);
            }
        }
        self.starts.push(self.lines.len());
        self.tags.sort_unstable();
        self.tags.dedup();
        self.runs.clear();
        self.runs.resize(self.spans.len(), (0, 0));
        self.sort_ends();
        if !self.tags.is_empty() {
            self.find_pools(question.lists);
        }
    }

    fn collect_line(&mut self, question: &Question<'_>, list: usize, position: usize, rule: &Rule) {
        let matches = &rule.matches;
        if matches.protocols.may.intersection(question.protocols).is_empty()
            || matches.ports.may.is_empty()
            || matches.source_ports.may.is_empty()
            || matches.destinations.may.is_disjoint(question.destinations)
        {
            return;
        }
        let may = self.spans_of(question.ranks, &matches.sources.may);
        if may.0 == may.1 && matches.tags.is_empty() {
            return;
        }
        let exact = Arc::ptr_eq(&matches.sources.may, &matches.sources.must);
        let must = if exact { may } else { self.spans_of(question.ranks, &matches.sources.must) };
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
            may,
            must,
            pools: Bits::new(0),
            is_whole: self.spans[must.0..must.1] == [(0, self.size)],
        });
    }

    fn spans_of(&mut self, ranks: &RankSpace, set: &AddressSet) -> (usize, usize) {
        let start = self.spans.len();
        ranks.each_rank_span(set, |from, to| self.spans.push((from, to)));
        (start, self.spans.len())
    }

    fn sort_ends(&mut self) {
        self.ends.clear();
        for (number, line) in self.lines.iter().enumerate() {
            let must = if line.must == line.may { 0..0 } else { line.must.0..line.must.1 };
            for span in (line.may.0..line.may.1).chain(must) {
                let (from, to) = self.spans[span];
                if (from, to) != (0, self.size) {
                    let end = |rank, is_last| End { rank, line: number as u32, span: span as u32, is_last };
                    self.ends.extend([end(from, false), end(to, true)]);
                }
            }
        }
        self.ends.sort_unstable_by_key(|end| end.rank);
    }

    /// Which pools each line holds: those it names, and all of them where it holds the whole Internet, because pools
    /// are made of Internet addresses.
    fn find_pools(&mut self, lists: &[&Arc<RuleList>]) {
        for line in &mut self.lines {
            let named = &lists[line.list].rules[line.rule].matches.tags;
            line.pools = Bits::new(self.tags.len());
            for (position, tag) in self.tags.iter().enumerate() {
                if line.is_whole || holds(named, tag) {
                    line.pools.insert(position);
                }
            }
        }
    }

    /// The lines after which nothing of their list matters, where they match the port for certain: they hold every
    /// source, every destination that was asked for, every source port, and are not tied.
    fn closing(&self, destinations: &[Class<AddressSet>], source_ports: &[Class<PortSet>]) -> Bits {
        let mut closing = Bits::new(self.lines.len());
        for (number, line) in self.lines.iter().enumerate() {
            let rank = |at: usize| {
                self.lines.get(at).is_some_and(|other| (other.list, other.rank) == (line.list, line.rank))
            };
            let tied = rank(number + 1) || number.checked_sub(1).is_some_and(rank);
            let everywhere = destinations.iter().all(|class| class.must.contains(number));
            let from_any_port = source_ports.iter().all(|class| class.must.contains(number));
            if line.is_whole && everywhere && from_any_port && !tied {
                closing.insert(number);
            }
        }
        closing
    }

    /// Numbers the ordinals of the lines of a column and rewrites their spans.
    fn number_ordinals(&mut self, key: &Key) {
        self.boundaries.clear();
        self.boundaries.push(0);
        let mut last = 0;
        for end in &self.ends {
            if !key.may.contains(end.line as usize) {
                continue;
            }
            if end.rank != last && end.rank != self.size {
                self.boundaries.push(end.rank);
                last = end.rank;
            }
            let ordinal = self.boundaries.len() as u32 - u32::from(end.rank != self.size);
            let run = &mut self.runs[end.span as usize];
            if end.is_last {
                run.1 = ordinal;
            } else {
                run.0 = ordinal;
            }
        }
        let total = self.boundaries.len() as u32;
        self.boundaries.push(self.size);
        for line in key.may.iter() {
            let line = &self.lines[line];
            for (start, end) in [line.may, line.must] {
                if self.spans[start..end] == [(0, self.size)] {
                    self.runs[start] = (0, total);
                }
            }
        }
    }

    fn concrete(&self) -> usize {
        self.boundaries.len() - 1
    }

    fn total(&self) -> usize {
        self.concrete() + self.tags.len()
    }

    /// Evaluates one column: every combination of classes, united.
    fn column(&mut self, key: &Key, classes: &Classes<'_>, combine: &mut Combine<'_>) -> Column {
        self.number_ordinals(key);
        let total = self.total();
        self.certain.clear();
        self.certain.resize(total, 0);
        self.found_by.clear();
        self.found_by.resize(total, (0, 0));
        let mut column = Column::default();
        let mut credit = Credit { admitting: Bits::new(self.lines.len()), pools: Pools::default() };
        column.must.reached = Bits::new(classes.destinations.len());
        column.may.reached = Bits::new(classes.destinations.len());
        if let ([destination], [source_port]) = (classes.destinations, classes.source_ports)
            && destination.is_everybody(self.lines.len())
            && source_port.is_everybody(self.lines.len())
        {
            self.combination(key, (0, 0), combine, &mut column, &mut credit);
        } else {
            self.combinations(key, classes, combine, &mut column, &mut credit);
        }
        self.collect_spans(&mut column);
        let by_line = |line: usize| (self.lines[line].list, self.lines[line].rule);
        column.must.admitted_by = credit.admitting.iter().map(by_line).collect();
        column.may.admitted_by = credit.pools.naming.iter().copied().map(by_line).collect();
        column
    }

    fn combinations(
        &mut self,
        key: &Key,
        classes: &Classes<'_>,
        combine: &mut Combine<'_>,
        column: &mut Column,
        credit: &mut Credit,
    ) {
        for (d, destination) in classes.destinations.iter().enumerate() {
            for (s, source_port) in classes.source_ports.iter().enumerate() {
                let narrowed = key.narrowed(destination, source_port);
                self.combination(&narrowed, (d, s), combine, column, credit);
                if key.portless {
                    break;
                }
            }
        }
    }

    fn combination(
        &mut self,
        active: &Key,
        class: (usize, usize),
        combine: &mut Combine<'_>,
        column: &mut Column,
        credit: &mut Credit,
    ) {
        self.paint(combine.lists.len(), active);
        credit.pools.note(self, &combine.lists, active);
        self.unite(combine, class, column, credit);
    }

    /// Fills `outcomes` and `winners` of every list from the lines that are active.
    fn paint(&mut self, lists: usize, active: &Key) {
        let total = self.total();
        self.outcomes.resize_with(lists.max(self.outcomes.len()), Vec::new);
        self.winners.resize_with(lists.max(self.winners.len()), Vec::new);
        let mut lines = active.may.iter().peekable();
        let mut tied: Vec<usize> = Vec::new();
        for list in 0..lists {
            self.outcomes[list].clear();
            self.outcomes[list].resize(total, Outcomes::NONE);
            self.winners[list].clear();
            self.winners[list].resize(total, NOBODY);
            self.undecided.clear();
            self.undecided.extend(0..=total as u32);
            let end = self.starts[list + 1];
            let mut settled = false;
            while let Some(line) = lines.next_if(|line| *line < end) {
                if settled {
                    continue;
                }
                let rank = self.lines[line].rank;
                tied.push(line);
                if lines.peek().is_some_and(|next| *next < end && self.lines[*next].rank == rank) {
                    continue;
                }
                self.paint_tied(list, &tied, active);
                tied.clear();
                settled = find(&mut self.undecided, 0) as usize == total;
            }
            self.pass_the_rest(list);
        }
    }

    /// Paints the lines of one rank: each may come first, so all of them add before any decides.
    fn paint_tied(&mut self, list: usize, tied: &[usize], active: &Key) {
        for &line in tied {
            let certain = active.must.contains(line);
            let inexact = self.lines[line].may != self.lines[line].must || !self.tags.is_empty();
            if !certain || inexact || tied.len() > 1 {
                self.add(list, line, certain);
            }
        }
        for &line in tied {
            if active.must.contains(line) {
                self.decide(list, line);
            }
        }
    }

    fn add(&mut self, list: usize, line: usize, certain: bool) {
        let Line { may, must, possible, certain: outcome, .. } = self.lines[line];
        for run in may.0..may.1 {
            self.add_run(list, self.runs[run], possible);
        }
        let concrete = self.concrete() as u32;
        for position in 0..self.tags.len() {
            let pool = concrete + position as u32;
            if self.lines[line].pools.contains(position) {
                self.add_run(list, (pool, pool + 1), if certain { outcome } else { possible });
            } else if may.0 < may.1 {
                self.add_run(list, (pool, pool + 1), possible);
            }
        }
        if certain {
            for run in must.0..must.1 {
                self.add_run(list, self.runs[run], outcome);
            }
        }
    }

    fn add_run(&mut self, list: usize, (from, to): (u32, u32), added: Outcomes) {
        let mut at = find(&mut self.undecided, from);
        while at < to {
            self.outcomes[list][at as usize] = self.outcomes[list][at as usize].or(added);
            at = find(&mut self.undecided, at + 1);
        }
    }

    fn decide(&mut self, list: usize, line: usize) {
        let must = self.lines[line].must;
        for run in must.0..must.1 {
            self.decide_run(list, line, self.runs[run]);
        }
        let concrete = self.concrete() as u32;
        for position in 0..self.tags.len() {
            if self.lines[line].pools.contains(position) {
                let pool = concrete + position as u32;
                self.decide_run(list, line, (pool, pool + 1));
            }
        }
    }

    fn decide_run(&mut self, list: usize, line: usize, (from, to): (u32, u32)) {
        let certain = self.lines[line].certain;
        let mut at = find(&mut self.undecided, from);
        while at < to {
            self.outcomes[list][at as usize] = self.outcomes[list][at as usize].or(certain);
            self.winners[list][at as usize] = line as u32;
            self.undecided[at as usize] = at + 1;
            at = find(&mut self.undecided, at + 1);
        }
    }

    fn pass_the_rest(&mut self, list: usize) {
        let total = self.total() as u32;
        let mut at = find(&mut self.undecided, 0);
        while at < total {
            self.outcomes[list][at as usize] = self.outcomes[list][at as usize].or(Outcomes::PASS);
            at = find(&mut self.undecided, at + 1);
        }
    }

    /// Adds what this combination of classes lets in to the column.
    fn unite(
        &mut self,
        combine: &mut Combine<'_>,
        class: (usize, usize),
        column: &mut Column,
        credit: &mut Credit,
    ) {
        let concrete = self.concrete();
        for at in 0..self.total() {
            let is_pool = at >= concrete;
            if is_pool && !credit.pools.named.contains(at - concrete) {
                continue;
            }
            let outcome = combine.outcome(&self.outcomes, at);
            let possible = if is_pool { outcome.may_be_allowed_by_pool() } else { outcome.may_be_allowed() };
            if outcome.is_allowed() {
                self.found(at, MUST, class);
                column.must.reached.insert(class.0);
                self.credit(at, &mut credit.admitting);
            } else if possible {
                self.found(at, MAY, class);
                column.may.reached.insert(class.0);
            }
        }
    }

    fn found(&mut self, at: usize, certain: u8, class: (usize, usize)) {
        let known = self.certain[at];
        if known & MUST == 0 && known != certain {
            self.found_by[at] = class;
        }
        self.certain[at] = known | certain;
    }

    /// Notes which lines let an ordinal in.
    fn credit(&self, at: usize, admitting: &mut Bits) {
        for list in 0..self.starts.len() - 1 {
            let line = self.winners[list][at];
            if line != NOBODY && self.lines[line as usize].certain == Outcomes::ALLOW {
                admitting.insert(line as usize);
            }
        }
    }

    fn collect_spans(&self, column: &mut Column) {
        let concrete = self.concrete();
        for (at, &certain) in self.certain.iter().enumerate() {
            let side = match certain {
                0 => continue,
                MAY => &mut column.may,
                _ => &mut column.must,
            };
            if at >= concrete {
                side.tags.push(Arc::clone(&self.tags[at - concrete].name));
                continue;
            }
            let (from, to) = (self.boundaries[at], self.boundaries[at + 1]);
            let (destination, source_port) = self.found_by[at];
            side.witness = side.witness.or(Some(Seed { ranks: (from, to), destination, source_port }));
            match side.spans.last_mut() {
                Some(previous) if previous.1 == from => previous.1 = to,
                Some(_) | None => side.spans.push((from, to)),
            }
        }
    }
}

/// Whether sources that name these pools certainly hold every member of `tag`.
fn holds(named: &[Arc<Tag>], tag: &Tag) -> bool {
    named.iter().any(|known| known.name == tag.name || tag.within.contains(&known.name))
}

/// The filter expression over the outcomes of its lists, remembered for the ones met before.
struct Combine<'a> {
    filter: &'a Filter,
    lists: Vec<&'a Arc<RuleList>>,
    known: FxHashMap<u64, Outcomes>,
    last: Option<(u64, Outcomes)>,
}

impl<'a> Combine<'a> {
    fn new(filter: &'a Filter, lists: &[&'a Arc<RuleList>]) -> Self {
        Self { filter, lists: lists.to_vec(), known: FxHashMap::default(), last: None }
    }

    fn outcome(&mut self, leaves: &[Vec<Outcomes>], at: usize) -> Outcomes {
        let lists = self.lists.len();
        let mut leaf = leaves[..lists].iter().map(|list| list[at]);
        // Four bits for each list; paths of more lists than fit are evaluated every time.
        if lists > 16 {
            return evaluate(self.filter, &mut leaf);
        }
        let key = leaf.clone().fold(0, |key, outcome| key << 4 | u64::from(outcome.bits()));
        match self.last {
            Some((last, outcome)) if last == key => outcome,
            Some(_) | None => {
                let outcome = *self.known.entry(key).or_insert_with(|| evaluate(self.filter, &mut leaf));
                self.last = Some((key, outcome));
                outcome
            }
        }
    }
}

/// The next undecided ordinal at or after `at`.
fn find(undecided: &mut [u32], at: u32) -> u32 {
    let mut root = at;
    while undecided[root as usize] != root {
        root = undecided[root as usize];
    }
    let mut walk = at;
    while undecided[walk as usize] != root {
        let next = undecided[walk as usize];
        undecided[walk as usize] = root;
        walk = next;
    }
    root
}

/// Who is to be named for what a column lets in.
struct Credit {
    admitting: Bits,
    pools: Pools,
}

/// The pools that a rule of the column lets in by name. A pool that only `*` lets in is not worth telling.
#[derive(Default)]
struct Pools {
    named: Bits,
    naming: Vec<usize>,
}

impl Pools {
    fn note(&mut self, sweep: &Sweep, lists: &[&Arc<RuleList>], active: &Key) {
        if sweep.tags.is_empty() {
            return;
        }
        self.named = Bits::new(sweep.tags.len());
        for number in active.may.iter() {
            let line = &sweep.lines[number];
            if !line.names_pool {
                continue;
            }
            if !self.naming.contains(&number) {
                self.naming.push(number);
            }
            for tag in &lists[line.list].rules[line.rule].matches.tags {
                if let Ok(position) = sweep.tags.binary_search(tag) {
                    self.named.insert(position);
                }
            }
        }
    }
}

/// Which lines a column has: those that possibly match its ports, and those that do for certain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    may: Bits,
    must: Bits,
    portless: bool,
}

impl Key {
    fn narrowed(&self, destination: &Class<AddressSet>, source_port: &Class<PortSet>) -> Self {
        let all = |own: &Bits, d: &Bits, s: &Bits| {
            let mut kept = Bits::new(own.words().len() * 64);
            members_of_both(own.words(), d.words())
                .filter(|line| self.portless || s.contains(*line))
                .for_each(|line| kept.insert(line));
            kept
        };
        let may = all(&self.may, &destination.may, &source_port.may);
        let must = all(&self.must, &destination.must, &source_port.must);
        Self { may, must, portless: self.portless }
    }
}

/// The classes of a question.
struct Classes<'a> {
    destinations: &'a [Class<AddressSet>],
    source_ports: &'a [Class<PortSet>],
}

/// Columns found so far: equal sets of lines are one column, whatever protocol and port.
struct Columns<'a> {
    known: IndexSet<Key, FxBuildHasher>,
    closing: Bits,
    starts: &'a [usize],
}

impl Columns<'_> {
    /// Cuts the ports of every protocol; protocols that every rule treats alike are cut once.
    fn cut_all(&mut self, rules: &[&Rule], protocols: ProtocolSet) -> Vec<(Protocol, Slices)> {
        let alike = |a: Protocol, b: Protocol| {
            a.has_ports() == b.has_ports()
                && rules.iter().all(|rule| {
                    let Bounds { must, may } = rule.matches.protocols;
                    must.contains(a) == must.contains(b) && may.contains(a) == may.contains(b)
                })
        };
        let mut cut: Vec<(Protocol, Slices)> = Vec::new();
        for protocol in protocols.iter() {
            let slices = match cut.iter().find(|(known, _)| alike(*known, protocol)) {
                Some((_, slices)) => slices.clone(),
                None => self.cut(rules, protocol),
            };
            cut.push((protocol, slices));
        }
        cut
    }

    /// Cuts the ports of a protocol where the set of lines changes.
    fn cut(&mut self, rules: &[&Rule], protocol: Protocol) -> Slices {
        let mut active = Key {
            may: Bits::new(rules.len()),
            must: Bits::new(rules.len()),
            portless: !protocol.has_ports(),
        };
        let mut events: Vec<(u32, usize, Event)> = Vec::new();
        for (line, rule) in rules.iter().enumerate() {
            if !rule.matches.protocols.may.contains(protocol) {
                continue;
            }
            let certain = rule.matches.protocols.must.contains(protocol);
            let always = active.portless || rule.matches.ports.may.is_everything();
            if always {
                active.may.insert(line);
            } else {
                push_events(&mut events, line, &rule.matches.ports.may, [Event::Enter, Event::Leave]);
            }
            let exact = Arc::ptr_eq(&rule.matches.ports.may, &rule.matches.ports.must);
            if certain && (active.portless || rule.matches.ports.must.is_everything()) {
                active.must.insert(line);
            } else if certain && exact {
                push_events(
                    &mut events,
                    line,
                    &rule.matches.ports.may,
                    [Event::EnterCertain, Event::LeaveCertain],
                );
            } else if certain {
                push_events(
                    &mut events,
                    line,
                    &rule.matches.ports.must,
                    [Event::EnterCertain, Event::LeaveCertain],
                );
            }
        }
        events.sort_unstable();
        self.slices(active, &events)
    }

    fn slices(&mut self, mut active: Key, events: &[(u32, usize, Event)]) -> Slices {
        let mut slices = Slices::new();
        let mut start = 0_u32;
        let mut rest = events;
        while start <= u32::from(u16::MAX) {
            let due = rest.partition_point(|event| event.0 <= start);
            for (_, line, event) in &rest[..due] {
                match event {
                    Event::Enter => active.may.insert(*line),
                    Event::EnterCertain => active.must.insert(*line),
                    Event::Leave => active.may.remove(*line),
                    Event::LeaveCertain => active.must.remove(*line),
                }
            }
            rest = &rest[due..];
            let end = rest.first().map_or(u32::from(u16::MAX), |event| event.0 - 1).min(u32::from(u16::MAX));
            let column = self.number(&active);
            match slices.last_mut() {
                Some(previous) if previous.2 == column => previous.1 = end as u16,
                Some(_) | None => slices.push((start as u16, end as u16, column)),
            }
            start = end + 1;
        }
        slices
    }

    fn number(&mut self, active: &Key) -> usize {
        let mut key = active.clone();
        for list in self.starts.windows(2) {
            let [start, end] = *list else { continue };
            let closing = members_of_both(key.must.words(), self.closing.words());
            let last = closing.skip_while(|line| *line < start).find(|line| *line < end);
            if let Some(last) = last {
                key.may.clear(last + 1..end);
                key.must.clear(last + 1..end);
            }
        }
        self.known.insert_full(key).0
    }
}

/// What happens to a line at a port. `Leave` sorts after `Enter`: a line of touching ranges stays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Leave,
    LeaveCertain,
    Enter,
    EnterCertain,
}

fn push_events(
    events: &mut Vec<(u32, usize, Event)>,
    line: usize,
    ports: &PortSet,
    [enter, leave]: [Event; 2],
) {
    for &(first, last) in ports.spans() {
        events.push((u32::from(first), line, enter));
        events.push((u32::from(last) + 1, line, leave));
    }
}
