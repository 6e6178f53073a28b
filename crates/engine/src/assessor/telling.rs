//! One exposure: a block, or equal blocks of several ways, told of a target, with its witness decided again.
//!
//! Knows no sweep.

use core::net::{IpAddr, SocketAddr};
use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Destinations, Name, Path, Provenance, Reach, Rule, RuleList, Target};
use packet::{AddressSet, Family, Packet, PortSet};
use sha2::{Digest, Sha256};

use crate::assessor::Contradiction;
use crate::assessor::rulings::Rulings;
use crate::blocks::Block;
use crate::callers::{are_callers, callers, every_port, usual_caller};
use crate::carried::Carried;
use crate::exposure::{Admission, Certainty, Entrance, Exposure, Fingerprint, Passage, Witness};
use crate::faces::Face;
use crate::protocols::Protocols;

/// What a filter shows one family.
pub(crate) struct Shown {
    pub(crate) faces: Vec<Face>,
    /// Whether the addresses of their sources are kept.
    pub(crate) is_kept: bool,
    /// Whether it is bounds, because rules tell too many destinations apart.
    pub(crate) are_bounds: bool,
    /// Whether rules tell source ports apart.
    pub(crate) tells_callers: bool,
}

/// What one way to a target shows one family.
pub(crate) struct View<'a> {
    pub(crate) path: &'a Path,
    /// Its position in the target's paths.
    pub(crate) way: usize,
    /// `None` for everything.
    pub(super) carried: Option<Carried>,
    pub(crate) lists: Vec<&'a Arc<RuleList>>,
    /// Whether some rule looks at the destination.
    pub(crate) tells_destinations: bool,
    pub(crate) shown: Arc<Shown>,
}

/// A block with the ways that show it, by family.
#[derive(Clone, Copy)]
pub(crate) struct Part<'a> {
    pub(crate) views: &'a [Vec<View<'a>>; 2],
    pub(crate) block: &'a Block,
}

impl<'a> Part<'a> {
    /// The ways of the families that reach it.
    fn told(self) -> impl Iterator<Item = &'a View<'a>> {
        let families = self.block.families.iter().zip(self.views);
        families.filter(|(sources, _)| sources.is_some()).flat_map(|(_, views)| views)
    }

    /// The destinations that are asked for.
    fn asked(self) -> AddressSet {
        let families = Family::BOTH.into_iter().zip(self.block.families.iter().zip(self.views));
        let sets = families.filter(|(_, (sources, _))| sources.is_some()).flat_map(|(family, (_, views))| {
            views.iter().map(move |view| view.path.destinations.addresses().only(family))
        });
        sets.fold(AddressSet::empty(), |all, set| all.union(&set))
    }
}

/// What every exposure of one target and one reach has.
pub(crate) struct Telling<'a> {
    target: &'a Arc<Target>,
    reach: Reach,
    protocols: Arc<Protocols>,
    rulings: &'a Rulings,
    // What every fingerprint starts with: hashed once.
    hash: Sha256,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(
        target: &'a Arc<Target>,
        reach: Reach,
        protocols: Arc<Protocols>,
        rulings: &'a Rulings,
    ) -> Self {
        let mut hash = Sha256::new();
        hash.update(target.cloud);
        hash.update([0]);
        hash.update(target.key.as_bytes());
        hash.update([0]);
        hash.update(reach.word());
        hash.update([0]);
        Self { target, reach, protocols, rulings, hash }
    }

    /// The exposure of a block and of equal blocks that other ways show. `is_proved_elsewhere`: another way proves
    /// what these only possibly show.
    ///
    /// # Errors
    /// A [`Contradiction`] when its witness does not hold.
    pub(crate) fn exposure(
        &self,
        part: Part<'_>,
        others: &[Part<'_>],
        is_proved_elsewhere: bool,
    ) -> Result<Exposure, Contradiction> {
        let block = part.block;
        let parts = || core::iter::once(part).chain(others.iter().copied());
        let fronts = entrances(parts());
        let mut admissions = Admissions::with_capacity(block.admitted_by.len());
        for part in parts() {
            part.told().for_each(|view| admissions.add(view, &part.block.admitted_by));
        }
        let opened_by = admissions.told;
        let mut proof = Proof { way: way(parts(), &fronts), passages: Vec::new(), witness: None };
        for part in parts() {
            if let Some(found) = self.prove(part)? {
                proof = found;
                break;
            }
        }
        Ok(Exposure {
            fingerprint: self.fingerprint(block, is_proved_elsewhere),
            target: Arc::clone(self.target),
            reach: self.reach,
            certainty: block.certainty,
            fronts,
            protocol: block.protocol,
            protocols: self.protocols.told(block.protocol),
            ports: block.ports.clone(),
            sources: Arc::clone(&block.sources),
            destinations: if others.is_empty() { block.reached.clone() } else { reached(parts()) },
            opened_by,
            way: proof.way,
            passages: proof.passages,
            witness: proof.witness,
        })
    }

    /// Decides the witness once more, rule by rule, and notes what it passes.
    fn prove(&self, part: Part<'_>) -> Result<Option<Proof>, Contradiction> {
        let Part { views: [v4, v6], block } = part;
        let Some(packet) = block.witness else { return Ok(None) };
        let view = match packet.family() {
            Family::V4 => v4.first(),
            Family::V6 => v6.first(),
        };
        let Some(view) = view else { return Ok(None) };
        let packet = Packet { destination: destination(view.path, packet), ..packet };
        let source_ports = match &block.source_ports {
            Some(source_ports) => Arc::clone(source_ports),
            None if packet.protocol.has_ports() => every_port(),
            None => Arc::new(PortSet::empty()),
        };
        let ruled = self.rulings.of(view, block, &packet);
        let outside = view.path.carries.outside(packet.protocol, packet.destination_port);
        let holds = outside.is_some()
            && match block.certainty {
                Certainty::Proved => ruled.allowed,
                Certainty::Possible => ruled.possible && !ruled.allowed,
            };
        // One of many destinations that were taken together need not be let in.
        if !holds && view.shown.are_bounds && block.certainty == Certainty::Possible {
            return Ok(None);
        }
        // Found by the same loop, once for all targets with these filters.
        debug_assert!(!holds || are_callers(&source_ports, &view.path.filter, &packet, block.certainty));
        let Some(outside) = outside.filter(|_| holds) else {
            return Err(Contradiction { packet, target: Arc::clone(&self.target.id) });
        };
        let front = view.path.front.as_ref().and_then(|front| front.address);
        let target = match view.path.destinations {
            Destinations::These(_) | Destinations::SomeOf(_) => Some(packet.destination),
            Destinations::Endpoint(_) => None,
        };
        let front = front.map(|address| SocketAddr::new(address, outside));
        let witness = Some(Witness { packet, front, target, source_ports });
        Ok(Some(Proof { way: view.way, passages: ruled.passages(view), witness }))
    }

    fn fingerprint(&self, block: &Block, is_proved_elsewhere: bool) -> Fingerprint {
        let mut hash = self.hash.clone();
        // Which of many stands for them says nothing of what they are.
        let is_one = self.protocols.told(block.protocol).count() == 1;
        hash.update(match block.protocol {
            Some(protocol) if is_one => [0, protocol.0],
            Some(_) => [2, 0],
            None => [1, 0],
        });
        for &(first, last) in block.ports.spans() {
            hash.update(first.to_be_bytes());
            hash.update(last.to_be_bytes());
        }
        hash.update([0]);
        hash.update(block.sources.digest);
        if is_proved_elsewhere {
            hash.update(Certainty::Possible.word());
        }
        Fingerprint(hash.finalize().into())
    }
}

/// Finds from where the witness of a block gets in: what one class of source ports lets in another may as well, and
/// people expect a port that a caller comes from.
pub(crate) fn find_callers(block: &mut Block, [v4, v6]: &[Vec<View<'_>>; 2]) {
    let Some(packet) = block.witness.filter(|packet| packet.protocol.has_ports()) else { return };
    let view = match packet.family() {
        Family::V4 => v4.first(),
        Family::V6 => v6.first(),
    };
    let Some(view) = view.filter(|view| view.shown.tells_callers) else { return };
    let packet = Packet { destination: destination(view.path, packet), ..packet };
    let source_ports = callers(&view.path.filter, &packet, block.certainty);
    // Without any the witness does not hold, which whoever tells it finds.
    if !source_ports.is_empty() {
        block.witness = Some(Packet { source_port: usual_caller(&source_ports), ..packet });
        block.source_ports = Some(source_ports);
    }
}

/// A witness, and what it passes on which way.
struct Proof {
    way: usize,
    passages: Vec<Passage>,
    witness: Option<Witness>,
}

/// The way an exposure without a witness is told by: the one through its first front.
fn way<'a>(parts: impl Iterator<Item = Part<'a>> + Clone, fronts: &[Entrance]) -> usize {
    let mut ways = parts.clone().flat_map(Part::told);
    let through = |view: &&View<'_>| {
        view.path.front.is_some()
            && view.path.front.as_ref() == fronts.first().map(|entrance| &entrance.front)
    };
    ways.find(through).or_else(|| parts.flat_map(Part::told).next()).map_or(0, |view| view.way)
}

/// Where the parts are seen from outside, each front once.
fn entrances<'a>(parts: impl Iterator<Item = Part<'a>>) -> Vec<Entrance> {
    let entrance = |view: &View<'_>, block: &Block| {
        let front = view.path.front.clone()?;
        let ports = match block.protocol {
            Some(protocol) => view.path.carries.fronts_of(protocol, &block.ports),
            None => PortSet::empty(),
        };
        Some(Entrance { front, ports })
    };
    let mut found: Vec<Entrance> =
        parts.flat_map(|part| part.told().filter_map(move |view| entrance(view, part.block))).collect();
    found.sort_unstable();
    found.dedup_by(|later, kept| {
        let is_same = later.front == kept.front;
        if is_same && later.ports != kept.ports {
            kept.ports = kept.ports.union(&later.ports);
        }
        is_same
    });
    found
}

/// The destinations that several ways reach; `None` for all of them.
fn reached<'a>(parts: impl Iterator<Item = Part<'a>> + Clone) -> Option<Arc<AddressSet>> {
    if parts.clone().all(|part| part.block.reached.is_none()) {
        return None;
    }
    let union = |all: AddressSet, set: AddressSet| all.union(&set);
    let asked = parts.clone().map(Part::asked).fold(AddressSet::empty(), union);
    let found = parts.map(|part| match &part.block.reached {
        Some(reached) => AddressSet::clone(reached),
        None => part.asked(),
    });
    let found = found.fold(AddressSet::empty(), union);
    (found != asked).then(|| Arc::new(found))
}

/// Rules that let something in, each once, in the order they were met.
struct Admissions {
    told: Vec<Admission>,
    // The same, to look up; filled once there are many.
    known: BTreeSet<Told>,
}

impl Admissions {
    fn with_capacity(rules: usize) -> Self {
        Self { told: Vec::with_capacity(rules), known: BTreeSet::new() }
    }

    fn add(&mut self, view: &View<'_>, admitted_by: &[(usize, usize)]) {
        for &(list, rule) in admitted_by {
            let Some(list) = view.lists.get(list) else { continue };
            let Some(stated) = list.rules.get(rule) else { continue };
            if self.is_new(list, stated) {
                self.told.push(Admission { list: Arc::clone(list), rule });
            }
        }
    }

    /// Most exposures have few; a list of 100,000 prefixes is not gone through for each of them.
    fn is_new(&mut self, list: &RuleList, rule: &Rule) -> bool {
        let is_it = |known: &Admission| {
            let same = |known: &Rule| known.name == rule.name && known.provenance == rule.provenance;
            known.list.id == list.id && known.list.rules.get(known.rule).is_some_and(same)
        };
        if self.told.len() < FEW {
            return !self.told.iter().any(is_it);
        }
        let key =
            |list: &RuleList, rule: &Rule| (Arc::clone(&list.id), Arc::clone(&rule.name), rule.provenance);
        if self.known.is_empty() {
            let known = self
                .told
                .iter()
                .filter_map(|known| Some(key(&known.list, known.list.rules.get(known.rule)?)));
            self.known.extend(known);
        }
        self.known.insert(key(list, rule))
    }
}

/// A rule as it is told: its list, its name, where it was read. Lists of one resource may have different rules of it, so
/// a position says nothing.
type Told = (Name, Name, Option<Provenance>);

/// Up to so many are compared one by one.
const FEW: usize = 32;

/// Faces are shared, so a witness may have been found for another target: it is sent to this one.
fn destination(path: &Path, packet: Packet) -> IpAddr {
    let set = path.destinations.addresses();
    if set.contains(packet.destination) {
        return packet.destination;
    }
    set.lowest(packet.family()).unwrap_or(packet.destination)
}
