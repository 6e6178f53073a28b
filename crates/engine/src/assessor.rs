//! From targets to exposures: sweeps are shared between targets, families put together, witnesses decided again.
//!
//! Knows no severity; says what is reached, not whether it matters.

use core::fmt;
use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Destinations, Front, Internet, Path, Reach, Snapshot, Target};
use packet::{AddressSet, Family, Packet, ProtocolSet};
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::blocks::{Block, blocks};
use crate::decide::decide;
use crate::exposure::{Admission, Certainty, Exposure, Fingerprint, Passage, Witness};
use crate::faces::{Face, Reading};
use crate::measure::Measurer;
use crate::rank::RankSpace;
use crate::shapes::{FilterKey, Shapes};
use crate::sweep::{Question, Sweep};

/// The engine contradicts itself: a witness it found is not let in by the plain first-match loop. A fault of ours,
/// never of the input.
#[derive(Clone, Debug)]
pub struct Contradiction {
    /// The packet.
    pub packet: Packet,
    /// The id of the target.
    pub target: model::Name,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Packet { protocol, source, source_port, destination, destination_port } = self.packet;
        write!(
            f,
            "`{}`: the sweep lets in {protocol} {source}:{source_port} -> {destination}:{destination_port}, reading the rules one by one does not",
            self.target
        )
    }
}

impl core::error::Error for Contradiction {}

/// Decides targets one by one, sharing work between those with equal lists and destinations.
pub struct Assessor {
    protocols: ProtocolSet,
    ranks: [RankSpace; 2],
    measurer: Measurer,
    sweep: Sweep,
    shapes: Shapes,
    faces: FxHashMap<(FilterKey, Family), Arc<Vec<Face>>>,
    blocks: FxHashMap<[usize; 2], Arc<Vec<Block>>>,
}

/// What one way to a target shows one family.
struct View<'a> {
    path: &'a Path,
    faces: Arc<Vec<Face>>,
}

impl Assessor {
    /// An assessor for targets of a snapshot, or of later ones with the same Internet.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        Self::of(&snapshot.internet, &snapshot.rentable, snapshot.protocols)
    }

    /// An assessor for an Internet, pools to rent from, and a universe of protocols.
    #[must_use]
    pub fn of(internet: &Arc<Internet>, rentable: &[Arc<AddressSet>], protocols: ProtocolSet) -> Self {
        Self {
            protocols,
            ranks: Family::BOTH.map(|family| RankSpace::new(internet.addresses(), family)),
            measurer: Measurer::new(Arc::clone(internet), rentable),
            sweep: Sweep::default(),
            shapes: Shapes::default(),
            faces: FxHashMap::default(),
            blocks: FxHashMap::default(),
        }
    }

    /// Streams what the Internet reaches at one target, with the exact set of sources of each exposure.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn assess(
        &mut self,
        target: &Arc<Target>,
        sink: &mut dyn FnMut(Exposure, &AddressSet),
    ) -> Result<(), Contradiction> {
        let mut by_reach: BTreeMap<Reach, [Vec<View<'_>>; 2]> = BTreeMap::new();
        for path in &target.paths {
            let (Destinations::These(destinations) | Destinations::SomeOf(destinations)) = &path.destinations;
            for (family, views) in Family::BOTH.into_iter().zip(by_reach.entry(path.reach).or_default()) {
                if !destinations.is_empty_in(family) {
                    let faces = self.faces(path, destinations, family);
                    views.push(View { path, faces });
                }
            }
        }
        for (reach, [v4, v6]) in by_reach {
            for views in bundles(v4, v6) {
                self.tell(target, reach, &views, sink)?;
            }
        }
        Ok(())
    }

    fn faces(&mut self, path: &Path, destinations: &Arc<AddressSet>, family: Family) -> Arc<Vec<Face>> {
        let key = self.shapes.key(&path.filter, destinations, family);
        if let Some(known) = self.faces.get(&(key.clone(), family)) {
            return Arc::clone(known);
        }
        let lists = path.filter.lists();
        let ranks = match family {
            Family::V4 => &self.ranks[0],
            Family::V6 => &self.ranks[1],
        };
        let (filter, lists, protocols) = (path.filter.as_ref(), lists.as_slice(), self.protocols);
        let answer = self.sweep.run(&Question { filter, lists, family, destinations, protocols, ranks });
        let reading = Reading { filter, family, ranks, answer: &answer };
        let faces = Arc::new(reading.faces(&mut self.measurer));
        self.faces.insert((key, family), Arc::clone(&faces));
        faces
    }

    /// Tells the exposures of ways that show the same.
    fn tell(
        &mut self,
        target: &Arc<Target>,
        reach: Reach,
        views: &[Vec<View<'_>>; 2],
        sink: &mut dyn FnMut(Exposure, &AddressSet),
    ) -> Result<(), Contradiction> {
        let [v4, v6] = views.each_ref().map(|views| views.first().map(|view| &view.faces));
        let key = [v4, v6].map(|faces| faces.map_or(0, |faces| Arc::as_ptr(faces).addr()));
        let found = match self.blocks.get(&key) {
            Some(known) => Arc::clone(known),
            None => {
                let [v4, v6] = [v4, v6].map(|faces| faces.map_or(&[][..], |faces| faces.as_slice()));
                let found = Arc::new(blocks(v4, v6, self.protocols, &mut self.measurer));
                self.blocks.insert(key, Arc::clone(&found));
                found
            }
        };
        for block in found.iter() {
            sink(exposure(target, reach, views, block)?, &block.addresses);
        }
        Ok(())
    }
}

/// Streams what the Internet reaches at every target of a snapshot, in the order of its targets.
///
/// # Errors
/// A [`Contradiction`] when a witness does not hold; nothing of that target has been told then.
pub fn exposures(
    snapshot: &Snapshot,
    sink: &mut dyn FnMut(Exposure, &AddressSet),
) -> Result<(), Contradiction> {
    let mut assessor = Assessor::new(snapshot);
    snapshot.targets.iter().try_for_each(|target| assessor.assess(target, sink))
}

/// Ways that show the same are one bundle; one way of each family that stands alone goes together.
fn bundles<'a>(v4: Vec<View<'a>>, v6: Vec<View<'a>>) -> Vec<[Vec<View<'a>>; 2]> {
    let (mut v4, mut v6) = (alike(v4), alike(v6));
    if v4.len() <= 1 && v6.len() <= 1 {
        return vec![[v4.pop().unwrap_or_default(), v6.pop().unwrap_or_default()]];
    }
    let v4 = v4.into_iter().map(|views| [views, Vec::new()]);
    v4.chain(v6.into_iter().map(|views| [Vec::new(), views])).collect()
}

fn alike(views: Vec<View<'_>>) -> Vec<Vec<View<'_>>> {
    let mut groups: Vec<Vec<View<'_>>> = Vec::new();
    for view in views {
        let same = |group: &&mut Vec<View<'_>>| {
            group.first().is_some_and(|known| Arc::ptr_eq(&known.faces, &view.faces))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(view),
            None => groups.push(vec![view]),
        }
    }
    groups
}

fn exposure(
    target: &Arc<Target>,
    reach: Reach,
    views: &[Vec<View<'_>>; 2],
    block: &Block,
) -> Result<Exposure, Contradiction> {
    let told = || block.families.into_iter().zip(views).filter(|(has, _)| *has).flat_map(|(_, views)| views);
    let mut fronts: Vec<Front> = told().filter_map(|view| view.path.front.clone()).collect();
    fronts.sort_unstable();
    fronts.dedup();
    let mut opened_by: Vec<Admission> = Vec::new();
    for view in told() {
        add_admissions(&mut opened_by, view.path, &block.admitted_by);
    }
    let mut exposure = Exposure {
        fingerprint: fingerprint(target, reach, block),
        target: Arc::clone(target),
        reach,
        certainty: block.certainty,
        fronts,
        protocol: block.protocol,
        ports: block.ports.clone(),
        sources: Arc::clone(&block.sources),
        destinations: block.reached.clone(),
        opened_by,
        passages: Vec::new(),
        witness: None,
    };
    if let Some(packet) = block.witness {
        prove(&mut exposure, views, packet)?;
    }
    Ok(exposure)
}

fn add_admissions(opened_by: &mut Vec<Admission>, path: &Path, admitted_by: &[(usize, usize)]) {
    let lists = path.filter.lists();
    for &(list, rule) in admitted_by {
        let Some(list) = lists.get(list) else { continue };
        let known = |admission: &Admission| admission.rule == rule && admission.list.id == list.id;
        if !opened_by.iter().any(known) {
            opened_by.push(Admission { list: Arc::clone(list), rule });
        }
    }
}

/// Decides the witness once more, rule by rule, and notes what it passes.
fn prove(exposure: &mut Exposure, views: &[Vec<View<'_>>; 2], packet: Packet) -> Result<(), Contradiction> {
    let view = match packet.family() {
        Family::V4 => views[0].first(),
        Family::V6 => views[1].first(),
    };
    let Some(view) = view else { return Ok(()) };
    let packet = Packet { destination: destination(view.path, packet), ..packet };
    let decision = decide(&view.path.filter, &packet);
    let holds = match exposure.certainty {
        Certainty::Proved => decision.allowed,
        Certainty::Possible => decision.possible && !decision.allowed,
    };
    if !holds {
        return Err(Contradiction { packet, target: Arc::clone(&exposure.target.id) });
    }
    let lists = view.path.filter.lists();
    exposure.passages = lists
        .into_iter()
        .zip(decision.deciding)
        .map(|(list, rule)| Passage { list: Arc::clone(list), rule })
        .collect();
    let front = view.path.front.as_ref().and_then(|front| front.address);
    exposure.witness = Some(Witness { packet, front });
    Ok(())
}

/// Faces are shared, so a witness may have been found for another target: it is sent to this one.
fn destination(path: &Path, packet: Packet) -> IpAddr {
    let (Destinations::These(set) | Destinations::SomeOf(set)) = &path.destinations;
    if set.contains(packet.destination) {
        return packet.destination;
    }
    set.lowest(packet.family()).unwrap_or(packet.destination)
}

fn fingerprint(target: &Target, reach: Reach, block: &Block) -> Fingerprint {
    let mut hash = Sha256::new();
    hash.update(target.cloud);
    hash.update([0]);
    hash.update(target.key.as_bytes());
    hash.update([0]);
    hash.update(reach.word());
    hash.update([0]);
    hash.update(block.protocol.map_or([1, 0], |protocol| [0, protocol.0]));
    for &(first, last) in block.ports.spans() {
        hash.update(first.to_be_bytes());
        hash.update(last.to_be_bytes());
    }
    hash.update([0]);
    hash.update(block.sources.digest);
    Fingerprint(hash.finalize().into())
}
