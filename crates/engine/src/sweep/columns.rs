//! The ports of every protocol, cut where the set of lines over them changes.
//!
//! All ports with the same lines are one column, whatever the protocol: few are left of many ports.
//!
//! Knows no source.
#![expect(
    clippy::indexing_slicing,
    reason = "line numbers are made by `lines` and bounded by the tables they index"
)]

use core::ops::Range;
use std::sync::Arc;

use indexmap::IndexSet;
use model::Rule;
use packet::{Bounds, PortSet, Protocol, ProtocolSet};
use rustc_hash::FxBuildHasher;

use crate::bits::Bits;

/// A closed interval of ports with the number of its column.
pub(crate) type Slice = (u16, u16, usize);

/// Which lines a column has: those that possibly match its ports, and those that do for certain.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Key {
    pub(super) may: Bits,
    pub(super) must: Bits,
    /// Whether source ports do not matter, where rules tell them apart.
    pub(super) portless: bool,
}

/// The columns of a question, with the working memory of cutting, kept between questions.
#[derive(Default)]
pub(crate) struct Columns {
    /// Each set of lines once.
    pub(crate) keys: IndexSet<Key, FxBuildHasher>,
    // Ascending within a cut. A protocol without ports has `0..=65535`.
    slices: Vec<Slice>,
    /// Each protocol with its number of a cut.
    pub(crate) protocols: Vec<(Protocol, usize)>,
    cuts: Vec<Cut>,
    kinds: Vec<Kind>,
    // Lines over every port.
    always_may: Bits,
    always_must: Bits,
    // Where the others start and end: port, line, which of `may` and `must` change. In one integer, so that sorting
    // compares one integer.
    events: Vec<u64>,
}

/// The ports of protocols that every rule treats alike, cut once.
struct Cut {
    has_ports: bool,
    may: Bits,
    must: Bits,
    slices: Range<usize>,
}

/// What is needed to cut.
pub(super) struct Cutting<'a> {
    pub(super) rules: &'a [&'a Rule],
    pub(super) protocols: &'a [Protocol],
    /// The ports asked for; `None` for all.
    pub(super) ports: Option<&'a PortSet>,
    /// Lines after which nothing of their list matters, where they match the port for certain.
    pub(super) closing: &'a Bits,
    pub(super) starts: &'a [usize],
    /// Whether rules tell source ports apart.
    pub(super) source_ports_matter: bool,
}

/// Lines whose rules have the same protocols.
struct Kind {
    protocols: Bounds<ProtocolSet>,
    lines: Bits,
}

const MAY: u64 = 1;
const MUST: u64 = 2;

impl Columns {
    /// Cuts the ports of a question.
    pub(super) fn cut(&mut self, cutting: &Cutting<'_>) {
        self.keys.clear();
        self.slices.clear();
        self.protocols.clear();
        self.cuts.clear();
        self.find_kinds(cutting);
        self.find_events(cutting);
        for &protocol in cutting.protocols {
            let (has_ports, (may, must)) = (protocol.has_ports(), self.lines_of(cutting, protocol));
            let alike = |cut: &Cut| (cut.has_ports, &cut.may, &cut.must) == (has_ports, &may, &must);
            let number = self.cuts.iter().position(alike).unwrap_or_else(|| {
                let start = self.slices.len();
                if has_ports {
                    self.cut_ports(cutting, &may, &must);
                } else {
                    let column = self.number(cutting, &may, &must, true);
                    self.slices.push((0, u16::MAX, column));
                }
                self.cuts.push(Cut { has_ports, may, must, slices: start..self.slices.len() });
                self.cuts.len() - 1
            });
            self.protocols.push((protocol, number));
        }
    }

    /// The slices of every cut.
    pub(crate) fn cuts(&self) -> impl Iterator<Item = &[Slice]> {
        self.cuts.iter().map(|cut| &self.slices[cut.slices.clone()])
    }

    fn find_kinds(&mut self, cutting: &Cutting<'_>) {
        self.kinds.clear();
        for (line, rule) in cutting.rules.iter().enumerate() {
            let protocols = rule.matches.protocols;
            let known = self.kinds.iter().position(|kind| kind.protocols == protocols);
            let number = known.unwrap_or_else(|| {
                self.kinds.push(Kind { protocols, lines: Bits::new(cutting.rules.len()) });
                self.kinds.len() - 1
            });
            self.kinds[number].lines.insert(line);
        }
    }

    /// The lines that possibly match a protocol, and those that do for certain.
    fn lines_of(&self, cutting: &Cutting<'_>, protocol: Protocol) -> (Bits, Bits) {
        let (mut may, mut must) = (Bits::new(cutting.rules.len()), Bits::new(cutting.rules.len()));
        for kind in &self.kinds {
            if kind.protocols.may.contains(protocol) {
                may.add(&kind.lines);
            }
            if kind.protocols.must.contains(protocol) {
                must.add(&kind.lines);
            }
        }
        (may, must)
    }

    fn find_events(&mut self, cutting: &Cutting<'_>) {
        self.events.clear();
        self.always_may = Bits::new(cutting.rules.len());
        self.always_must = Bits::new(cutting.rules.len());
        for (line, rule) in cutting.rules.iter().enumerate() {
            let Bounds { must, may } = &rule.matches.ports;
            let exact = Arc::ptr_eq(must, may);
            if must.is_everything() {
                self.always_must.insert(line);
            } else {
                self.add_events(line, must, if exact { MAY | MUST } else { MUST });
            }
            if may.is_everything() {
                self.always_may.insert(line);
            } else if !exact {
                self.add_events(line, may, MAY);
            }
        }
        self.events.sort_unstable();
    }

    fn add_events(&mut self, line: usize, ports: &PortSet, changed: u64) {
        for &(first, last) in ports.spans() {
            let event = |port: u64| port << 40 | (line as u64) << 2 | changed;
            self.events.extend([event(u64::from(first)), event(u64::from(last) + 1)]);
        }
    }

    fn cut_ports(&mut self, cutting: &Cutting<'_>, may: &Bits, must: &Bits) {
        let (mut now_may, mut now_must) = (self.always_may.clone(), self.always_must.clone());
        now_may.keep(may);
        now_must.keep(must);
        let first = self.slices.len();
        let mut start = 0;
        for at in 0..self.events.len() {
            let event = self.events[at];
            let (port, line) = ((event >> 40) as u32, (event >> 2) as u32 as usize);
            let changes_may = event & MAY != 0 && may.contains(line);
            let changes_must = event & MUST != 0 && must.contains(line);
            if port > u32::from(u16::MAX) || !(changes_may || changes_must) {
                continue;
            }
            if port > start {
                self.add_ports(cutting, first, (start as u16, (port - 1) as u16), [&now_may, &now_must]);
                start = port;
            }
            // Spans of one set neither touch nor overlap, so each of their ends changes what was.
            if changes_may {
                now_may.toggle(line);
            }
            if changes_must {
                now_must.toggle(line);
            }
        }
        self.add_ports(cutting, first, (start as u16, u16::MAX), [&now_may, &now_must]);
    }

    /// Adds the ports asked for of an interval over which the lines are the same.
    fn add_ports(
        &mut self,
        cutting: &Cutting<'_>,
        first: usize,
        (low, high): (u16, u16),
        [may, must]: [&Bits; 2],
    ) {
        let Some(asked) = cutting.ports else {
            let column = self.number(cutting, may, must, false);
            return self.add_slice(first, (low, high, column));
        };
        let asked = asked.spans();
        let from = asked.partition_point(|span| span.1 < low);
        for &(start, end) in asked[from..].iter().take_while(|span| span.0 <= high) {
            let column = self.number(cutting, may, must, false);
            self.add_slice(first, (start.max(low), end.min(high), column));
        }
    }

    /// The number of the column with these lines. Lines that cannot matter are left out: that makes many columns one.
    fn number(&mut self, cutting: &Cutting<'_>, may: &Bits, must: &Bits, portless: bool) -> usize {
        let portless = portless && cutting.source_ports_matter;
        let mut key = Key { may: may.clone(), must: must.clone(), portless };
        for list in cutting.starts.windows(2) {
            let [start, end] = *list else { continue };
            if let Some(last) = must.first_of_both(cutting.closing, start..end) {
                key.may.clear(last + 1..end);
                key.must.clear(last + 1..end);
            }
        }
        self.keys.insert_full(key).0
    }

    fn add_slice(&mut self, first: usize, slice: Slice) {
        match self.slices[first..].last_mut() {
            Some(previous) if previous.2 == slice.2 && previous.1.checked_add(1) == Some(slice.0) => {
                previous.1 = slice.1;
            }
            Some(_) | None => self.slices.push(slice),
        }
    }
}
