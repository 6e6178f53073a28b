//! One exposure: a block, told of a target, with its witness decided again.
//!
//! Knows no sweep.

use core::net::IpAddr;
use std::sync::Arc;

use model::{Front, Path, Reach, RuleList, Target};
use packet::{Family, Packet};
use sha2::{Digest, Sha256};

use crate::assessor::Contradiction;
use crate::blocks::Block;
use crate::decide::decide;
use crate::exposure::{Admission, Certainty, Exposure, Fingerprint, Passage, Witness};
use crate::faces::Face;

/// What a filter shows one family.
pub(crate) struct Shown {
    pub(crate) faces: Vec<Face>,
    /// Whether the addresses of their sources are kept.
    pub(crate) is_kept: bool,
    /// Whether it is bounds, because rules tell too many destinations apart.
    pub(crate) are_bounds: bool,
}

/// What one way to a target shows one family.
pub(crate) struct View<'a> {
    pub(crate) path: &'a Path,
    pub(crate) lists: Vec<&'a Arc<RuleList>>,
    pub(crate) shown: Arc<Shown>,
}

/// Ways to a target that show the same.
pub(crate) struct Telling<'a> {
    target: &'a Arc<Target>,
    reach: Reach,
    pub(crate) views: &'a [Vec<View<'a>>; 2],
    // What every fingerprint starts with: hashed once.
    hash: Sha256,
}

impl<'a> Telling<'a> {
    pub(crate) fn new(target: &'a Arc<Target>, reach: Reach, views: &'a [Vec<View<'a>>; 2]) -> Self {
        let mut hash = Sha256::new();
        hash.update(target.cloud);
        hash.update([0]);
        hash.update(target.key.as_bytes());
        hash.update([0]);
        hash.update(reach.word());
        hash.update([0]);
        Self { target, reach, views, hash }
    }

    /// The exposure of a block.
    ///
    /// # Errors
    /// A [`Contradiction`] when its witness does not hold.
    pub(crate) fn exposure(&self, block: &Block) -> Result<Exposure, Contradiction> {
        let told = || {
            block
                .families
                .into_iter()
                .zip(self.views)
                .filter(|(sources, _)| sources.is_some())
                .flat_map(|(_, views)| views)
        };
        let mut fronts: Vec<Front> = told().filter_map(|view| view.path.front.clone()).collect();
        fronts.sort_unstable();
        fronts.dedup();
        let mut opened_by: Vec<Admission> = Vec::with_capacity(block.admitted_by.len());
        told().for_each(|view| add_admissions(&mut opened_by, view, &block.admitted_by));
        let (passages, witness) = match block.witness {
            Some(packet) => self.prove(block, packet)?,
            None => (Vec::new(), None),
        };
        Ok(Exposure {
            fingerprint: self.fingerprint(block),
            target: Arc::clone(self.target),
            reach: self.reach,
            certainty: block.certainty,
            fronts,
            protocol: block.protocol,
            ports: block.ports.clone(),
            sources: Arc::clone(&block.sources),
            destinations: block.reached.clone(),
            opened_by,
            passages,
            witness,
        })
    }

    /// Decides the witness once more, rule by rule, and notes what it passes.
    fn prove(&self, block: &Block, packet: Packet) -> Result<(Vec<Passage>, Option<Witness>), Contradiction> {
        let [v4, v6] = self.views;
        let view = match packet.family() {
            Family::V4 => v4.first(),
            Family::V6 => v6.first(),
        };
        let Some(view) = view else { return Ok((Vec::new(), None)) };
        let packet = Packet { destination: destination(view.path, packet), ..packet };
        let decision = decide(&view.path.filter, &packet);
        let holds = match block.certainty {
            Certainty::Proved => decision.allowed,
            Certainty::Possible => decision.possible && !decision.allowed,
        };
        // One of many destinations that were taken together need not be let in.
        if !holds && view.shown.are_bounds && block.certainty == Certainty::Possible {
            return Ok((Vec::new(), None));
        }
        if !holds {
            return Err(Contradiction { packet, target: Arc::clone(&self.target.id) });
        }
        let passage = |(list, rule): (&&Arc<RuleList>, _)| Passage { list: Arc::clone(list), rule };
        let passages = view.lists.iter().zip(decision.deciding).map(passage).collect();
        let front = view.path.front.as_ref().and_then(|front| front.address);
        Ok((passages, Some(Witness { packet, front })))
    }

    fn fingerprint(&self, block: &Block) -> Fingerprint {
        let mut hash = self.hash.clone();
        hash.update(block.protocol.map_or([1, 0], |protocol| [0, protocol.0]));
        for &(first, last) in block.ports.spans() {
            hash.update(first.to_be_bytes());
            hash.update(last.to_be_bytes());
        }
        hash.update([0]);
        hash.update(block.sources.digest);
        Fingerprint(hash.finalize().into())
    }
}

fn add_admissions(opened_by: &mut Vec<Admission>, view: &View<'_>, admitted_by: &[(usize, usize)]) {
    for &(list, rule) in admitted_by {
        let Some(list) = view.lists.get(list) else { continue };
        let known = |admission: &Admission| admission.rule == rule && admission.list.id == list.id;
        if !opened_by.iter().any(known) {
            opened_by.push(Admission { list: Arc::clone(list), rule });
        }
    }
}

/// Faces are shared, so a witness may have been found for another target: it is sent to this one.
fn destination(path: &Path, packet: Packet) -> IpAddr {
    let set = path.destinations.addresses();
    if set.contains(packet.destination) {
        return packet.destination;
    }
    set.lowest(packet.family()).unwrap_or(packet.destination)
}
