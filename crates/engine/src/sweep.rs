//! One pass that decides every cell of protocol × port × source for a fixed destination.
//!
//! Rules become [`lines`]: rows of bits over elementary intervals of sources. Ports are cut into [`columns`], those
//! with the same lines. Each column is [`paint`]ed once, on a [`canvas`]. What it lets in is measured at once, equal sets once; past
//! a budget of cells the sets are measured and not kept, and made again one by one when they are told.
//!
//! Knows no target, no front.

use std::sync::Arc;

use model::{Filter, Rule, RuleList};
use packet::{AddressSet, Family, PortSet, Protocol, ProtocolSet};

use crate::bits::Bits;
use crate::classes::{self, Class};
use crate::measure::{Measured, Measurer};
use crate::rank::RankSpace;

mod canvas;
mod columns;
mod cuts;
mod distinct;
mod lines;
mod paint;
mod taken;

use canvas::{Canvas, Scene};
use columns::Cutting;
pub(crate) use columns::{Columns, Slice as PortSlice};
use distinct::Distinct;
pub(crate) use lines::Lines;
pub(crate) use taken::{Close, Takings};

/// What is asked: everything but protocol, port and source.
pub(crate) struct Question<'a> {
    pub(crate) filter: &'a Filter,
    pub(crate) lists: &'a [&'a Arc<RuleList>],
    pub(crate) family: Family,
    /// Of that family.
    pub(crate) destinations: &'a AddressSet,
    pub(crate) protocols: ProtocolSet,
    /// The same, one by one.
    pub(crate) each_protocol: &'a [Protocol],
    /// The ports of protocols that have them; `None` for all.
    pub(crate) ports: Option<&'a PortSet>,
    pub(crate) ranks: &'a RankSpace,
}

/// The answer: which column every port of every protocol has, and what the columns let in.
pub(crate) struct Answer<'a> {
    pub(crate) ports: &'a Columns,
    pub(crate) columns: &'a [Column],
    pub(crate) lines: &'a Lines,
    pub(crate) classes: Classes,
    /// Whether the addresses of what was measured are kept.
    pub(crate) is_kept: bool,
}

/// Destinations and source ports that rules tell apart.
pub(crate) struct Classes {
    pub(crate) destinations: Vec<Class<AddressSet>>,
    pub(crate) source_ports: Vec<Class<PortSet>>,
    /// Whether there is one of each, which every rule holds for certain.
    are_one: bool,
    /// Whether destinations are one class although rules tell them apart.
    pub(crate) are_bounds: bool,
}

/// What the ports of one column let in.
pub(crate) struct Column {
    pub(crate) must: Side,
    /// What only possibly gets in.
    pub(crate) may: Side,
}

/// One certainty of a column.
#[derive(Default)]
pub(crate) struct Side {
    /// `None` where nobody gets in.
    pub(crate) sources: Option<Arc<Measured>>,
    /// Lines that admit it. Of the possible side: only those that name a pool.
    pub(crate) admitted_by: Bits,
    /// Classes of destinations that some of it reaches.
    pub(crate) reached: Bits,
    /// Ranks of which each gets in, with the classes of destinations and source ports it does so with.
    pub(crate) witness: Option<Seed>,
    /// Of the possible side: where its first intervals start.
    pub(crate) starts: Vec<u128>,
}

/// Sources that get in, and how.
#[derive(Clone, Copy)]
pub(crate) struct Seed {
    pub(crate) ranks: (u128, u128),
    pub(crate) destination: usize,
    pub(crate) source_port: usize,
}

/// Past this many cells, columns × ordinals, the sets of an answer are not kept: 4 MiB of bits, and at worst
/// 128 MiB of intervals of IPv4.
pub(crate) const CELLS_MAX: usize = 1 << 25;

/// Past this many intervals, rules that possibly admit are looked for in the first ones only.
const INTERVALS_ATTRIBUTED_MAX: usize = 64;

/// The working memory of sweeps, kept between them.
pub(crate) struct Sweep {
    cells_max: usize,
    lines: Lines,
    ports: Columns,
    columns: Vec<Column>,
    canvas: Canvas,
    distinct: Distinct,
}

impl Sweep {
    pub(crate) fn new(cells_max: usize) -> Self {
        Self {
            cells_max,
            lines: Lines::default(),
            ports: Columns::default(),
            columns: Vec::new(),
            canvas: Canvas::default(),
            distinct: Distinct::default(),
        }
    }

    /// Gives back the working memory: after a question whose sets were not kept it is as large as the lists.
    pub(crate) fn release(&mut self) {
        *self = Self::new(self.cells_max);
    }

    /// Decides every cell of a question and measures what gets in.
    pub(crate) fn run(&mut self, question: &Question<'_>, measurer: &mut Measurer) -> Answer<'_> {
        let classes = self.prepare(question);
        let words = self.lines.words();
        let is_kept = self.ports.keys.len().saturating_mul(words * 64) <= self.cells_max;
        self.distinct.start(words, is_kept);
        self.columns.clear();
        for number in 0..self.ports.keys.len() {
            let column = self.column(question, &classes, number, measurer);
            self.columns.extend(column);
        }
        Answer { ports: &self.ports, columns: &self.columns, lines: &self.lines, classes, is_kept }
    }

    /// Turns rules into lines and ports into columns.
    pub(crate) fn prepare(&mut self, question: &Question<'_>) -> Classes {
        self.lines.collect(question);
        let lines = &self.lines.lines;
        let rules: Vec<&Rule> = lines.iter().filter_map(|line| line.of(question.lists)).collect();
        let classes = Classes::new(&rules, question);
        let closing = self.lines.closing(&classes);
        self.ports.cut(&Cutting {
            rules: &rules,
            protocols: question.each_protocol,
            ports: question.ports,
            closing: &closing,
            starts: &self.lines.starts,
            source_ports_matter: classes.source_ports.len() > 1,
        });
        classes
    }

    /// The addresses that a column of the question prepared last lets in.
    pub(crate) fn addresses(
        &mut self,
        question: &Question<'_>,
        classes: &Classes,
        column: usize,
        certain: bool,
    ) -> AddressSet {
        let Some(key) = self.ports.keys.get_index(column) else { return AddressSet::empty() };
        let scene = Scene { lines: &self.lines, filter: question.filter, classes };
        self.canvas.column(scene, key);
        self.lines.addresses(self.canvas.side(certain), question.ranks)
    }

    fn column(
        &mut self,
        question: &Question<'_>,
        classes: &Classes,
        number: usize,
        measurer: &mut Measurer,
    ) -> Option<Column> {
        let key = self.ports.keys.get_index(number)?;
        let scene = Scene { lines: &self.lines, filter: question.filter, classes };
        let credit = self.canvas.column(scene, key);
        let mut side = |certain| {
            let found = self.canvas.side(certain);
            if found.iter().all(|word| *word == 0) {
                return Side::default();
            }
            let sources = self.distinct.find(found, |is_kept| {
                let addresses = self.lines.addresses(found, question.ranks);
                measurer.measured(addresses, question.family, self.lines.pools(found), is_kept)
            });
            let starts = match certain {
                true => Vec::new(),
                false => self.lines.starts_of(found, INTERVALS_ATTRIBUTED_MAX),
            };
            let witness = self.canvas.seed(scene, key, certain);
            Side { sources: Some(sources), witness, starts, ..Side::default() }
        };
        let (must, may) = (side(true), side(false));
        Some(Column {
            must: Side { admitted_by: credit.admitting, reached: credit.must_reached, ..must },
            may: Side { admitted_by: credit.naming, reached: credit.may_reached, ..may },
        })
    }
}

impl Classes {
    fn new(rules: &[&Rule], question: &Question<'_>) -> Self {
        let (destinations, are_bounds) =
            classes::of_destinations(rules, question.destinations, question.family);
        let source_ports = classes::of_source_ports(rules);
        let are_one = match (destinations.as_slice(), source_ports.as_slice()) {
            ([destination], [source_port]) => {
                destination.is_everybody(rules.len()) && source_port.is_everybody(rules.len())
            }
            _ => false,
        };
        Self { destinations, source_ports, are_one, are_bounds }
    }

    /// Whether a line matches every destination and every source port for certain.
    fn hold(&self, line: usize) -> bool {
        self.are_one
            || (self.destinations.iter().all(|class| class.must.contains(line))
                && self.source_ports.iter().all(|class| class.must.contains(line)))
    }
}
