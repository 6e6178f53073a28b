//! What the engine says of a snapshot, ready to be asked packet by packet.
//!
//! Only an index over its exposures: it decides nothing.

use core::net::IpAddr;
use std::collections::BTreeMap;

use engine::{Certainty, Exposure};
use model::{Name, Reach, Snapshot};
use packet::{AddressSet, Protocol, ProtocolSet};

/// One question: who, with what, to which port. The target is said beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The protocol.
    pub protocol: Protocol,
    /// The address it comes from.
    pub source: IpAddr,
    /// The port at the target; zero where the protocol has none.
    pub port: u16,
}

/// What the exposures say of one question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// A proved exposure has it.
    pub proved: bool,
    /// A possible exposure has it.
    pub possible: bool,
    /// An exposure to a pool whose members are not known covers its protocol and port.
    pub pooled: bool,
}

impl Answer {
    /// No exposure has it.
    pub const CLOSED: Self = Self { proved: false, possible: false, pooled: false };
}

/// The exposures of a snapshot by target and reach.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answers {
    layers: BTreeMap<(Name, Reach), Layer>,
    protocols: Option<ProtocolSet>,
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Layer {
    proved: Index,
    possible: Index,
    pooled: Index,
}

/// Blocks by protocol and port.
#[derive(Debug, Default, PartialEq, Eq)]
struct Index {
    blocks: Vec<(Vec<Protocol>, Vec<(u16, u16)>, AddressSet)>,
    tables: Vec<(Protocol, Table)>,
}

/// Elementary intervals of ports, each with the blocks that hold it.
#[derive(Debug, PartialEq, Eq)]
struct Table {
    starts: Vec<u16>,
    blocks: Vec<Vec<usize>>,
}

impl Answers {
    /// The engine's answer.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut answers = Self { layers: BTreeMap::new(), protocols: Some(snapshot.protocols) };
        let _ = (snapshot, &mut |exposure: Exposure, sources: &AddressSet| answers.add(&exposure, sources));
        answers.layers.values_mut().flat_map(Layer::indexes).for_each(Index::build);
        answers
    }

    /// What the exposures of a target at a reach say.
    #[must_use]
    pub fn ask(&self, target: &Name, reach: Reach, question: &Question) -> Answer {
        let Some(layer) = self.layers.get(&(target.clone(), reach)) else { return Answer::CLOSED };
        Answer {
            proved: layer.proved.holds(question),
            possible: layer.possible.holds(question),
            pooled: layer.pooled.covers(question),
        }
    }

    /// The answers of one target at one reach, found once and asked often.
    #[must_use]
    pub fn facing(&self, target: &Name, reach: Reach) -> Facing<'_> {
        Facing { layer: self.layers.get(&(target.clone(), reach)) }
    }

    fn add(&mut self, exposure: &Exposure, sources: &AddressSet) {
        let key = (exposure.target.key.clone(), exposure.reach);
        let layer = self.layers.entry(key).or_default();
        let protocols = match exposure.protocol {
            Some(protocol) => vec![protocol],
            None => self.protocols.into_iter().flat_map(ProtocolSet::iter).collect(),
        };
        let every_port = exposure.ports.is_empty();
        let ports = if every_port { vec![(0, u16::MAX)] } else { exposure.ports.spans().to_vec() };
        if !exposure.sources.tags.is_empty() {
            layer.pooled.blocks.push((protocols.clone(), ports.clone(), AddressSet::empty()));
        }
        let index = match exposure.certainty {
            Certainty::Proved => &mut layer.proved,
            Certainty::Possible => &mut layer.possible,
        };
        index.blocks.push((protocols, ports, sources.clone()));
    }
}

/// The answers of one target at one reach.
#[derive(Clone, Copy, Debug)]
pub struct Facing<'a> {
    layer: Option<&'a Layer>,
}

impl Facing<'_> {
    /// What the exposures say.
    #[must_use]
    pub fn ask(&self, question: &Question) -> Answer {
        let Some(layer) = self.layer else { return Answer::CLOSED };
        Answer {
            proved: layer.proved.holds(question),
            possible: layer.possible.holds(question),
            pooled: layer.pooled.covers(question),
        }
    }
}

impl Layer {
    fn indexes(&mut self) -> [&mut Index; 3] {
        [&mut self.proved, &mut self.possible, &mut self.pooled]
    }
}

impl Index {
    fn build(&mut self) {
        self.blocks.sort_unstable();
        let mut protocols: Vec<Protocol> = self.blocks.iter().flat_map(|block| block.0.clone()).collect();
        protocols.sort_unstable();
        protocols.dedup();
        self.tables = protocols.into_iter().map(|protocol| (protocol, self.table(protocol))).collect();
    }

    fn table(&self, protocol: Protocol) -> Table {
        let blocks = || self.blocks.iter().enumerate().filter(|(_, block)| block.0.contains(&protocol));
        let spans = || blocks().flat_map(|(number, block)| block.1.iter().map(move |span| (number, *span)));
        let mut starts = vec![0];
        for (_, (first, last)) in spans() {
            starts.push(first);
            starts.extend(last.checked_add(1));
        }
        starts.sort_unstable();
        starts.dedup();
        let mut table = Table { blocks: vec![Vec::new(); starts.len()], starts };
        for (number, (first, last)) in spans() {
            let from = table.interval(first);
            let to = table.interval(last);
            table.blocks[from..=to].iter_mut().for_each(|held| held.push(number));
        }
        table
    }

    fn at(&self, question: &Question) -> &[usize] {
        let table = self.tables.iter().find(|(protocol, _)| *protocol == question.protocol);
        table.map_or(&[], |(_, table)| &table.blocks[table.interval(question.port)])
    }

    fn holds(&self, question: &Question) -> bool {
        self.at(question).iter().any(|block| self.blocks[*block].2.contains(question.source))
    }

    fn covers(&self, question: &Question) -> bool {
        !self.at(question).is_empty()
    }
}

impl Table {
    fn interval(&self, port: u16) -> usize {
        self.starts.partition_point(|start| *start <= port) - 1
    }
}
