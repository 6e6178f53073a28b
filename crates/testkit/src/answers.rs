//! What the engine says of a snapshot, ready to be asked packet by packet.
//!
//! Only an index over its exposures: it decides nothing.

use core::net::IpAddr;
use std::collections::BTreeMap;

use engine::{Certainty, Contradiction, Exposure};
use model::{Name, Reach, Snapshot};
use packet::{AddressSet, Family, Protocol};

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

/// A way to a target: how far, and the address it is sent to from outside.
pub type Way = (Reach, Option<IpAddr>);

/// The exposures of a snapshot by target, family and way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answers {
    layers: BTreeMap<(Name, Family, Way), Layer>,
}

/// What is told of one way.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Layer {
    proved: Index,
    possible: Index,
    pooled: Index,
}

/// Blocks by protocol and port.
#[derive(Debug, Default, PartialEq, Eq)]
struct Index {
    blocks: Vec<Block>,
    tables: Vec<(Protocol, Table)>,
}

/// One exposure, one family of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    protocols: Vec<Protocol>,
    ports: Vec<(u16, u16)>,
    sources: AddressSet,
}

/// Elementary intervals of ports, each with the blocks that hold it.
#[derive(Debug, PartialEq, Eq)]
struct Table {
    starts: Vec<u16>,
    blocks: Vec<Vec<usize>>,
}

impl Answers {
    /// The engine's answer.
    ///
    /// # Errors
    /// When the engine contradicts itself.
    pub fn of(snapshot: &Snapshot) -> Result<Self, Contradiction> {
        let mut answers = Self::default();
        let sink = &mut |exposure: Exposure, sources: &AddressSet| {
            answers.add(&exposure, sources);
        };
        engine::exposures(snapshot, sink)?;
        answers.layers.values_mut().flat_map(Layer::indexes).for_each(Index::build);
        Ok(answers)
    }

    /// What is told of one family's way to a target; `None` where nothing gets in.
    #[must_use]
    pub fn layer(&self, target: &Name, family: Family, way: Way) -> Option<&Layer> {
        self.layers.get(&(target.clone(), family, way))
    }

    /// The sources and port intervals of everything that is told of a target.
    pub fn blocks_of<'a>(
        &'a self,
        target: &'a Name,
    ) -> impl Iterator<Item = (&'a AddressSet, &'a [(u16, u16)])> {
        let layers = self.layers.iter().filter(move |((name, _, _), _)| name == target);
        let blocks =
            layers.flat_map(|(_, layer)| [&layer.proved, &layer.possible]).flat_map(|index| &index.blocks);
        blocks.map(|block| (&block.sources, block.ports.as_slice()))
    }

    fn add(&mut self, exposure: &Exposure, sources: &AddressSet) {
        let protocols: Vec<Protocol> = exposure.protocols.iter().collect();
        let every_port = exposure.ports.is_empty();
        let ports = if every_port { vec![(0, u16::MAX)] } else { exposure.ports.spans().to_vec() };
        for family in Family::BOTH {
            let carried: Vec<Protocol> = protocols.iter().copied().filter(|one| one.is_of(family)).collect();
            let block = |sources| Block { protocols: carried.clone(), ports: ports.clone(), sources };
            for front in fronts(exposure, family) {
                let key = (exposure.target.key.clone(), family, (exposure.reach, front));
                let layer = self.layers.entry(key).or_default();
                if !exposure.sources.tags.is_empty() {
                    layer.pooled.blocks.push(block(AddressSet::empty()));
                }
                let index = match exposure.certainty {
                    Certainty::Proved => &mut layer.proved,
                    Certainty::Possible => &mut layer.possible,
                };
                index.blocks.push(block(sources.only(family)));
            }
        }
    }
}

/// The addresses of a family that an exposure is seen at; one `None` where it says none.
fn fronts(exposure: &Exposure, family: Family) -> Vec<Option<IpAddr>> {
    let addresses = exposure.fronts.iter().filter_map(|entrance| entrance.front.address);
    let own: Vec<_> = addresses.filter(|it| Family::of(*it).0 == family).map(Some).collect();
    if own.is_empty() { vec![None] } else { own }
}

impl Layer {
    /// What the exposures of the way say.
    #[must_use]
    pub fn ask(&self, question: &Question) -> Answer {
        Answer {
            proved: self.proved.holds(question),
            possible: self.possible.holds(question),
            pooled: self.pooled.covers(question),
        }
    }

    fn indexes(&mut self) -> [&mut Index; 3] {
        [&mut self.proved, &mut self.possible, &mut self.pooled]
    }
}

impl Index {
    fn build(&mut self) {
        self.blocks.sort_unstable();
        let mut protocols: Vec<Protocol> =
            self.blocks.iter().flat_map(|block| block.protocols.clone()).collect();
        protocols.sort_unstable();
        protocols.dedup();
        self.tables = protocols.into_iter().map(|protocol| (protocol, self.table(protocol))).collect();
    }

    fn table(&self, protocol: Protocol) -> Table {
        let blocks = || self.blocks.iter().enumerate().filter(|(_, it)| it.protocols.contains(&protocol));
        let spans = || blocks().flat_map(|(number, it)| it.ports.iter().map(move |span| (number, *span)));
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
        self.at(question).iter().any(|block| self.blocks[*block].sources.contains(question.source))
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
