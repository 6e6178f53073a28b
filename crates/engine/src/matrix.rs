//! A path rule by rule: what each rule takes of the Internet's packets, and what closes each port that is closed.
//!
//! For one path somebody asks about. Each list is read on its own: a rule takes what it matches and no rule before it
//! in its list has decided for certain, whatever the other lists of the path say.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Path, RuleList, Snapshot};
use packet::{Family, PortRange, PortSet, Protocol, ProtocolSet};

use crate::carried::{Carried, Scope};
use crate::delta::told;
use crate::exposure::{Certainty, Sources};
use crate::measure::{Measured, Measurer};
use crate::rank::RankSpace;
use crate::sweep::{CELLS_MAX, Close, Columns, Question, Sweep, Takings};

/// What every rule of a path takes from one family of sources.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// Every rule of every list of the path, in the order they are read.
    pub rows: Vec<Row>,
    /// Ports of the target at which nobody of the Internet gets in, by protocol.
    pub closed: Vec<Closed>,
    /// Whether it says anything: of rules with too many cells to list it does not. No row takes anything then, and
    /// nothing is told as closed.
    pub is_whole: bool,
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Row {
    /// The list it is in.
    pub list: Arc<RuleList>,
    /// Its position in `list.rules`.
    pub rule: usize,
    /// What it takes; nothing where rules before it do, and where it matches nothing of the Internet.
    pub takes: Vec<Taken>,
}

/// A block of what a rule takes: all of these sources at all of these ports by each of these protocols.
#[derive(Clone, Debug)]
pub struct Taken {
    /// Possible: it decides under some value of the unknowns only, or ties with a rule that does something else.
    pub certainty: Certainty,
    /// The protocols.
    pub protocols: ProtocolSet,
    /// Ports of the target, for the protocols that have them; none where no protocol does. Of protocols with types, the
    /// types where that is not every one: no protocol with ports is among them then.
    pub ports: PortSet,
    /// The sources.
    pub sources: Arc<Sources>,
}

/// Ports of a protocol that the same things close.
#[derive(Clone, Debug)]
pub struct Closed {
    /// The protocol.
    pub protocol: Protocol,
    /// Ports of the target, or types; none where the protocol has neither, and where it is every type.
    pub ports: PortSet,
    /// What keeps the Internet out, in the order a packet meets it: of the lists that keep everybody out, or of all
    /// lists together where none does so alone.
    pub by: Vec<Closer>,
}

/// Something that closes a port.
#[derive(Clone, Debug)]
pub enum Closer {
    /// A rule that denies.
    Rule {
        /// The list it is in.
        list: Arc<RuleList>,
        /// Its position in `list.rules`.
        rule: usize,
    },
    /// No rule of the list decides, and what follows it is a denial.
    End {
        /// The list.
        list: Arc<RuleList>,
    },
    /// The path does not carry such packets.
    Carries,
    /// A denial that stands in no list.
    Always,
}

/// What every rule of a path of a snapshot takes from one family of Internet sources.
#[must_use]
pub fn matrix(snapshot: &Snapshot, path: &Path, family: Family) -> Matrix {
    let lists = path.filter.lists();
    let destinations = path.destinations.addresses().only(family);
    let universe: Vec<Protocol> = snapshot.protocols.iter().filter(|one| one.is_of(family)).collect();
    let carried = Carried::by(&path.carries, snapshot.protocols);
    let scope = Scope::of(carried.as_ref(), snapshot.protocols, &universe);
    let question = Question {
        filter: &path.filter,
        lists: &lists,
        family,
        destinations: &destinations,
        protocols: scope.protocols,
        each_protocol: &scope.each_protocol,
        ports: scope.ports,
        ranks: &RankSpace::new(snapshot.internet.addresses(), family),
    };
    let mut sweep = Sweep::new(CELLS_MAX);
    let mut rows: Vec<Row> = lists.iter().flat_map(|list| rows(list)).collect();
    let Some((takings, columns)) = sweep.takings(&question) else {
        return Matrix { rows, closed: Vec::new(), is_whole: false };
    };
    let firsts: Vec<usize> = lists
        .iter()
        .scan(0, |next, list| {
            let first = *next;
            *next += list.rules.len();
            Some(first)
        })
        .collect();
    let sources = measured(snapshot, family, &takings);
    for ((list, rule, certainty, set), by_protocol) in ports_taken(&takings, columns) {
        let Some(row) = firsts.get(list).and_then(|first| rows.get_mut(first + rule)) else { continue };
        let Some(sources) = sources.get(set) else { continue };
        row.takes.extend(alike(by_protocol).into_iter().map(|((ports, are_types), protocols)| Taken {
            certainty,
            protocols,
            ports: match are_types || protocols.iter().any(Protocol::has_ports) {
                true => ports,
                false => PortSet::empty(),
            },
            sources: Arc::clone(sources),
        }));
    }
    let mut closed = closed(&takings, columns, &lists);
    closed.extend(universe.iter().filter_map(|protocol| not_carried(*protocol, &scope)));
    closed.sort_by_key(|closed| (closed.protocol, closed.ports.spans().first().copied()));
    Matrix { rows, closed, is_whole: true }
}

fn rows(list: &Arc<RuleList>) -> impl Iterator<Item = Row> + '_ {
    (0..list.rules.len()).map(|rule| Row { list: Arc::clone(list), rule, takes: Vec::new() })
}

fn measured(snapshot: &Snapshot, family: Family, takings: &Takings) -> Vec<Arc<Sources>> {
    let mut measurer = Measurer::new(Arc::clone(&snapshot.internet), &snapshot.rentable);
    let sets = takings.sets.iter().map(|(addresses, pools)| {
        let part: Arc<Measured> = measurer.measured(addresses.clone(), family, pools.clone(), true);
        match family {
            Family::V4 => measurer.joined(Some(&part), None),
            Family::V6 => measurer.joined(None, Some(&part)),
        }
    });
    sets.collect()
}

/// List, rule, certainty, number of the set of sources.
type Place = (usize, usize, Certainty, usize);

/// The ports at which a rule takes a set of sources, by protocol; of a protocol without ports, all.
fn ports_taken(takings: &Takings, columns: &Columns) -> BTreeMap<Place, BTreeMap<Protocol, Vec<PortRange>>> {
    let cuts: Vec<_> = columns.cuts().collect();
    let mut taken: BTreeMap<Place, BTreeMap<Protocol, Vec<PortRange>>> = BTreeMap::new();
    for &(protocol, cut) in &columns.protocols {
        for &(first, last, number) in cuts.get(cut).copied().unwrap_or(&[]) {
            let takes = takings.columns.get(number).map_or(&[][..], |column| column.takes.as_slice());
            for take in takes {
                let place = (take.list, take.rule, take.certainty, take.set);
                let ports = taken.entry(place).or_default().entry(protocol).or_default();
                ports.extend(PortRange::new(first, last));
            }
        }
    }
    taken
}

/// Protocols with equal ports, together; and those with equal types, where it is not every one.
fn alike(by_protocol: BTreeMap<Protocol, Vec<PortRange>>) -> BTreeMap<(PortSet, bool), ProtocolSet> {
    let mut alike: BTreeMap<(PortSet, bool), ProtocolSet> = BTreeMap::new();
    for (protocol, ports) in by_protocol {
        let ports: PortSet = ports.into_iter().collect();
        let are_types = protocol.has_types() && !ports.is_everything();
        let protocols = alike.entry((ports, are_types)).or_insert(ProtocolSet::EMPTY);
        *protocols = protocols.union(ProtocolSet::only(protocol));
    }
    alike
}

fn closed(takings: &Takings, columns: &Columns, lists: &[&Arc<RuleList>]) -> Vec<Closed> {
    let cuts: Vec<_> = columns.cuts().collect();
    let mut closed = Vec::new();
    for &(protocol, cut) in &columns.protocols {
        let mut by_closers: BTreeMap<&[Close], Vec<PortRange>> = BTreeMap::new();
        for &(first, last, number) in cuts.get(cut).copied().unwrap_or(&[]) {
            if let Some(closers) = takings.columns.get(number).and_then(|column| column.closed_by.as_deref())
            {
                by_closers.entry(closers).or_default().extend(PortRange::new(first, last));
            }
        }
        closed.extend(by_closers.into_iter().map(|(closers, ports)| Closed {
            protocol,
            ports: told(protocol, ports.into_iter().collect()),
            by: named(closers, lists),
        }));
    }
    closed
}

fn named(closers: &[Close], lists: &[&Arc<RuleList>]) -> Vec<Closer> {
    let list = |list: usize| lists.get(list).copied().cloned();
    let closer = |close: &Close| match *close {
        Close::Rule(number, rule) => Some(Closer::Rule { list: list(number)?, rule }),
        Close::End(number) => Some(Closer::End { list: list(number)? }),
    };
    if closers.is_empty() { vec![Closer::Always] } else { closers.iter().filter_map(closer).collect() }
}

/// The ports of a protocol that the path does not carry.
fn not_carried(protocol: Protocol, scope: &Scope<'_>) -> Option<Closed> {
    let by = vec![Closer::Carries];
    let carries = scope.each_protocol.contains(&protocol);
    match (protocol.has_ports(), carries, scope.ports) {
        (true, true, Some(ports)) => {
            let ports = PortSet::everything().difference(ports);
            (!ports.is_empty()).then_some(Closed { protocol, ports, by })
        }
        (_, true, _) => None,
        (true, false, _) => Some(Closed { protocol, ports: PortSet::everything(), by }),
        (false, false, _) => Some(Closed { protocol, ports: PortSet::empty(), by }),
    }
}
