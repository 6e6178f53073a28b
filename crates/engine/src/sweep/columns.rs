//! The ports of every protocol, cut where the set of lines over them changes; the types of ICMP likewise.
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
use model::{Matches, Rule};
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
    // Ascending within a cut. A protocol whose packets nothing tells apart has `0..=65535`.
    slices: Vec<Slice>,
    /// Each protocol with its number of a cut.
    pub(crate) protocols: Vec<(Protocol, usize)>,
    cuts: Vec<Cut>,
    kinds: Vec<Kind>,
    ports: Ends,
    types: Ends,
}

/// Where lines start and end over ports, or over types.
#[derive(Default)]
struct Ends {
    // Lines over every port.
    always_may: Bits,
    always_must: Bits,
    // Where the others start and end: port, line, which of `may` and `must` change. In one integer, so that sorting
    // compares one integer.
    events: Vec<u64>,
}

/// What tells packets of a protocol apart, beside their addresses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Ports,
    Types,
    /// Nothing: it has neither, or it has types and no rule tells them apart.
    Nothing,
}

/// The ports of protocols that every rule treats alike, cut once.
struct Cut {
    told: Told,
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
        self.ports.find(cutting, |matches| &matches.ports);
        // Hardly a list tells types apart.
        let are_types_told = cutting.rules.iter().any(|rule| !rule.matches.types.must.is_everything());
        if are_types_told {
            self.types.find(cutting, |matches| &matches.types);
        }
        for &protocol in cutting.protocols {
            let told = match (protocol.has_ports(), protocol.has_types() && are_types_told) {
                (true, _) => Told::Ports,
                (false, true) => Told::Types,
                (false, false) => Told::Nothing,
            };
            let (may, must) = self.lines_of(cutting, protocol);
            let alike = |cut: &Cut| (cut.told, &cut.may, &cut.must) == (told, &may, &must);
            let number = self.cuts.iter().position(alike).unwrap_or_else(|| {
                let start = self.slices.len();
                match told {
                    Told::Ports => self.cut_ports(cutting, &may, &must),
                    Told::Types => self.cut_types(cutting, &may, &must),
                    Told::Nothing => {
                        let column = self.number(cutting, &may, &must, true);
                        self.slices.push((0, u16::MAX, column));
                    }
                }
                self.cuts.push(Cut { told, may, must, slices: start..self.slices.len() });
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

    fn cut_ports(&mut self, cutting: &Cutting<'_>, may: &Bits, must: &Bits) {
        let first = self.slices.len();
        let ports = core::mem::take(&mut self.ports);
        ports.each_interval(may, must, |interval, lines| self.add_ports(cutting, first, interval, lines));
        self.ports = ports;
    }

    /// What a way carries of ports has no part in it: types are carried whole.
    fn cut_types(&mut self, cutting: &Cutting<'_>, may: &Bits, must: &Bits) {
        let start = self.slices.len();
        let types = core::mem::take(&mut self.types);
        types.each_interval(may, must, |(first, last), [may, must]| {
            let column = self.number(cutting, may, must, true);
            self.add_slice(start, (first, last, column));
        });
        self.types = types;
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

impl Ends {
    fn find(&mut self, cutting: &Cutting<'_>, of: impl Fn(&Matches) -> &Bounds<Arc<PortSet>>) {
        self.events.clear();
        self.always_may = Bits::new(cutting.rules.len());
        self.always_must = Bits::new(cutting.rules.len());
        for (line, rule) in cutting.rules.iter().enumerate() {
            let Bounds { must, may } = of(&rule.matches);
            let exact = Arc::ptr_eq(must, may);
            if must.is_everything() {
                self.always_must.insert(line);
            } else {
                self.add(line, must, if exact { MAY | MUST } else { MUST });
            }
            if may.is_everything() {
                self.always_may.insert(line);
            } else if !exact {
                self.add(line, may, MAY);
            }
        }
        self.events.sort_unstable();
    }

    fn add(&mut self, line: usize, ports: &PortSet, changed: u64) {
        for &(first, last) in ports.spans() {
            let event = |port: u64| port << 40 | (line as u64) << 2 | changed;
            self.events.extend([event(u64::from(first)), event(u64::from(last) + 1)]);
        }
    }

    /// Every interval over which these lines are the same, with those of them that match it: possibly, for certain.
    fn each_interval(&self, may: &Bits, must: &Bits, mut call: impl FnMut((u16, u16), [&Bits; 2])) {
        let (mut now_may, mut now_must) = (self.always_may.clone(), self.always_must.clone());
        now_may.keep(may);
        now_must.keep(must);
        let mut start = 0;
        for &event in &self.events {
            let (port, line) = ((event >> 40) as u32, (event >> 2) as u32 as usize);
            let changes_may = event & MAY != 0 && may.contains(line);
            let changes_must = event & MUST != 0 && must.contains(line);
            if port > u32::from(u16::MAX) || !(changes_may || changes_must) {
                continue;
            }
            if port > start {
                call((start as u16, (port - 1) as u16), [&now_may, &now_must]);
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
        call((start as u16, u16::MAX), [&now_may, &now_must]);
    }
}
