//! One pass that decides every cell of protocol × port × source for a fixed destination.
//!
//! Rules become *lines* over *ordinals*: the elementary intervals of sources, in rank space, followed by one ordinal
//! for each pool whose members are not known. Ports are cut where the set of lines over them changes; all ports with
//! the same lines are one *column*, evaluated once. A column paints its lines in order over the ordinals that are
//! still undecided, which a union-find skips past, so a column costs its ordinals plus its intervals and not their
//! product. Destinations and source ports that rules tell apart are classes: a column is painted once for each
//! combination, and a source counts as let in when any of them lets it in, because the caller chooses.
//!
//! Knows no target, no front, no measure.
#![expect(
    clippy::indexing_slicing,
    reason = "ordinals and line numbers are made here and bounded by the tables they index"
)]

use std::sync::Arc;

use model::{Action, Filter, Name, Rule, RuleList, Tag};
use packet::{AddressSet, Family, PortSet, Protocol, ProtocolSet};
use rustc_hash::FxHashMap;

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
    lines: Vec<Line>,
    // Lines of list `i` are `starts[i]..starts[i + 1]`.
    starts: Vec<usize>,
    tags: Vec<Arc<Tag>>,
    raw: Vec<(u128, u128)>,
    boundaries: Vec<u128>,
    runs: Vec<(u32, u32)>,
    // Per list, per ordinal.
    outcomes: Vec<Vec<Outcomes>>,
    winners: Vec<Vec<u32>>,
    // Union-find: the next undecided ordinal at or after each.
    undecided: Vec<u32>,
    // Per ordinal: what was found, and the combination of classes that found it.
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
    // Ranges of `raw` first, of `runs` when the ordinals are known.
    may: (usize, usize),
    must: (usize, usize),
}

const MUST: u8 = 1;
const MAY: u8 = 2;
const NOBODY: u32 = u32::MAX;

impl Sweep {
    pub(crate) fn run(&mut self, question: &Question<'_>) -> Answer {
        self.collect_lines(question);
        self.number_ordinals(question.ranks.size(), question.lists);
        let rules: Vec<&Rule> =
            self.lines.iter().map(|line| &question.lists[line.list].rules[line.rule]).collect();
        let destinations = classes::of_destinations(&rules, question.destinations, question.family);
        let source_ports = classes::of_source_ports(&rules);
        let mut columns = Columns { known: FxHashMap::default(), keys: Vec::new() };
        let slices =
            question.protocols.iter().map(|protocol| (protocol, columns.cut(&rules, protocol))).collect();
        let classes = Classes { destinations: &destinations, source_ports: &source_ports };
        let columns = columns.keys.iter().map(|key| self.column(question, key, &classes)).collect();
        Answer { slices, columns, destinations, source_ports }
    }

    /// Keeps the rules that can match something of the question, with their sources as spans of ranks.
    fn collect_lines(&mut self, question: &Question<'_>) {
        self.lines.clear();
        self.starts.clear();
        self.raw.clear();
        self.tags.clear();
        for (list, rules) in question.lists.iter().enumerate() {
            self.starts.push(self.lines.len());
            for (position, rule) in rules.rules.iter().enumerate() {
                let matches = &rule.matches;
                if matches.protocols.may.intersection(question.protocols).is_empty()
                    || matches.ports.may.is_empty()
                    || matches.source_ports.may.is_empty()
                    || matches.destinations.may.is_disjoint(question.destinations)
                {
                    continue;
                }
                let may = self.spans_of(question.ranks, &matches.sources.may);
                if may.0 == may.1 && matches.tags.is_empty() {
                    continue;
                }
                let exact = Arc::ptr_eq(&matches.sources.may, &matches.sources.must);
                let must = if exact { may } else { self.spans_of(question.ranks, &matches.sources.must) };
                self.tags.extend(matches.tags.iter().cloned());
                self.lines.push(line(list, position, rule, may, must));
            }
        }
        self.starts.push(self.lines.len());
        self.tags.sort_unstable();
        self.tags.dedup();
    }

    fn spans_of(&mut self, ranks: &RankSpace, set: &AddressSet) -> (usize, usize) {
        let start = self.raw.len();
        ranks.each_rank_span(set, |from, to| self.raw.push((from, to)));
        (start, self.raw.len())
    }

    /// Cuts rank space at every end of a span and rewrites spans as runs of ordinals.
    fn number_ordinals(&mut self, size: u128, lists: &[&Arc<RuleList>]) {
        self.boundaries.clear();
        self.boundaries.extend([0, size]);
        let partial = self.raw.iter().filter(|&&span| span != (0, size));
        self.boundaries.extend(partial.flat_map(|&(from, to)| [from, to]));
        self.boundaries.sort_unstable();
        self.boundaries.dedup();
        self.runs.clear();
        let (boundaries, tags, raw, runs) = (&self.boundaries, &self.tags, &self.raw, &mut self.runs);
        let concrete = (boundaries.len() - 1) as u32;
        let numbering = Numbering { boundaries, size, concrete, total: concrete + tags.len() as u32 };
        for line in &mut self.lines {
            let named = &lists[line.list].rules[line.rule].matches.tags;
            let (may, must) = (line.may, line.must);
            let start = runs.len();
            numbering.rewrite(&raw[may.0..may.1], runs);
            numbering.add_pools(tags, runs, |tag| may.0 < may.1 || holds(named, tag));
            line.may = (start, runs.len());
            line.must = line.may;
            if may != must || !tags.is_empty() {
                let start = runs.len();
                numbering.rewrite(&raw[must.0..must.1], runs);
                numbering.add_pools(tags, runs, |tag| holds(named, tag));
                line.must = (start, runs.len());
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
    fn column(&mut self, question: &Question<'_>, key: &Key, classes: &Classes<'_>) -> Column {
        let total = self.total();
        self.certain.clear();
        self.certain.resize(total, 0);
        self.found_by.clear();
        self.found_by.resize(total, (0, 0));
        let mut column = Column::default();
        let mut admitting = Bits::new(self.lines.len());
        column.must.reached = Bits::new(classes.destinations.len());
        column.may.reached = Bits::new(classes.destinations.len());
        let mut pools = Pools::default();
        for (d, destination) in classes.destinations.iter().enumerate() {
            for (s, source_port) in classes.source_ports.iter().enumerate() {
                let narrowed = key.narrowed(destination, source_port);
                self.paint(question.lists.len(), &narrowed);
                pools.note(self, question.lists, &narrowed);
                self.unite(question.filter, (d, s), &mut column, &mut admitting, &pools);
                if key.portless {
                    break;
                }
            }
        }
        self.collect_spans(&mut column);
        let by_line = |line: usize| (self.lines[line].list, self.lines[line].rule);
        column.must.admitted_by = admitting.iter().map(by_line).collect();
        column.may.admitted_by = pools.naming.iter().copied().map(by_line).collect();
        column
    }

    /// Fills `outcomes` and `winners` of every list from the lines that are active.
    fn paint(&mut self, lists: usize, active: &Key) {
        let total = self.total();
        self.outcomes.resize_with(lists.max(self.outcomes.len()), Vec::new);
        self.winners.resize_with(lists.max(self.winners.len()), Vec::new);
        for list in 0..lists {
            self.outcomes[list].clear();
            self.outcomes[list].resize(total, Outcomes::NONE);
            self.winners[list].clear();
            self.winners[list].resize(total, NOBODY);
            self.undecided.clear();
            self.undecided.extend(0..=total as u32);
            let within = self.starts[list]..self.starts[list + 1];
            let mut lines = active
                .may
                .iter()
                .skip_while(|i| *i < within.start)
                .take_while(|i| *i < within.end)
                .peekable();
            let mut tied: Vec<usize> = Vec::new();
            while let Some(line) = lines.next() {
                tied.push(line);
                let rank = self.lines[line].rank;
                if lines.peek().is_some_and(|next| self.lines[*next].rank == rank) {
                    continue;
                }
                self.paint_tied(list, &tied, active);
                tied.clear();
                if find(&mut self.undecided, 0) as usize == total {
                    break;
                }
            }
            self.pass_the_rest(list);
        }
    }

    /// Paints the lines of one rank: each may come first, so all of them add before any decides.
    fn paint_tied(&mut self, list: usize, tied: &[usize], active: &Key) {
        for &line in tied {
            let certain = active.must.contains(line);
            let inexact = self.lines[line].may != self.lines[line].must;
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
        let (undecided, outcomes) = (&mut self.undecided, &mut self.outcomes[list]);
        let mut add = |runs: &[(u32, u32)], added: Outcomes| {
            for &(from, to) in runs {
                let mut at = find(undecided, from);
                while at < to {
                    outcomes[at as usize] = outcomes[at as usize].or(added);
                    at = find(undecided, at + 1);
                }
            }
        };
        add(&self.runs[may.0..may.1], possible);
        if certain {
            add(&self.runs[must.0..must.1], outcome);
        }
    }

    fn decide(&mut self, list: usize, line: usize) {
        let Line { must, certain, .. } = self.lines[line];
        for &(from, to) in &self.runs[must.0..must.1] {
            let mut at = find(&mut self.undecided, from);
            while at < to {
                self.outcomes[list][at as usize] = self.outcomes[list][at as usize].or(certain);
                self.winners[list][at as usize] = line as u32;
                self.undecided[at as usize] = at + 1;
                at = find(&mut self.undecided, at + 1);
            }
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
        filter: &Filter,
        class: (usize, usize),
        column: &mut Column,
        admitting: &mut Bits,
        pools: &Pools,
    ) {
        let lists = self.starts.len() - 1;
        let (total, concrete) = (self.total(), self.concrete());
        let mut last: Option<(Vec<Outcomes>, Outcomes)> = None;
        for at in 0..total {
            let is_pool = at >= concrete;
            if is_pool && !pools.named.contains(at - concrete) {
                continue;
            }
            let same = last.as_ref().is_some_and(|(leaves, _)| {
                leaves.iter().enumerate().all(|(list, leaf)| *leaf == self.outcomes[list][at])
            });
            if !same {
                let leaves: Vec<Outcomes> = (0..lists).map(|list| self.outcomes[list][at]).collect();
                let outcome = evaluate(filter, &mut leaves.iter().copied());
                last = Some((leaves, outcome));
            }
            let Some((_, outcome)) = last else { continue };
            let possible = if is_pool { outcome.may_be_allowed_by_pool() } else { outcome.may_be_allowed() };
            if outcome.is_allowed() {
                self.found(at, MUST, class);
                column.must.reached.insert(class.0);
                self.credit(at, admitting);
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

fn line(list: usize, position: usize, rule: &Rule, may: (usize, usize), must: (usize, usize)) -> Line {
    let certain = Outcomes::of(rule.action);
    let names_pool = rule.action == Action::Allow && !rule.matches.tags.is_empty();
    let possible = if names_pool { Outcomes::POOL } else { certain };
    Line { list, rule: position, rank: rule.rank, certain, possible, names_pool, may, must }
}

/// Whether sources that name these pools certainly hold every member of `tag`.
fn holds(named: &[Arc<Tag>], tag: &Tag) -> bool {
    named.iter().any(|known| known.name == tag.name || tag.within.contains(&known.name))
}

/// From ranks to ordinals.
struct Numbering<'a> {
    boundaries: &'a [u128],
    size: u128,
    concrete: u32,
    total: u32,
}

impl Numbering<'_> {
    fn rewrite(&self, spans: &[(u128, u128)], runs: &mut Vec<(u32, u32)>) {
        for &(from, to) in spans {
            // The whole Internet holds every pool too: pools are made of Internet addresses.
            if (from, to) == (0, self.size) {
                runs.push((0, self.total));
                return;
            }
            let ordinal = |rank: u128| self.boundaries.partition_point(|boundary| *boundary < rank) as u32;
            runs.push((ordinal(from), ordinal(to)));
        }
    }

    fn add_pools(&self, tags: &[Arc<Tag>], runs: &mut Vec<(u32, u32)>, is_in: impl Fn(&Tag) -> bool) {
        for (position, tag) in tags.iter().enumerate() {
            let ordinal = self.concrete + position as u32;
            if is_in(tag) {
                runs.push((ordinal, ordinal + 1));
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
struct Columns {
    known: FxHashMap<Key, usize>,
    keys: Vec<Key>,
}

impl Columns {
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

    fn number(&mut self, key: &Key) -> usize {
        if let Some(known) = self.known.get(key) {
            return *known;
        }
        let number = self.keys.len();
        self.keys.push(key.clone());
        self.known.insert(key.clone(), number);
        number
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
