//! Puts the faces of both families together into maximal blocks, and names a block of everything `any`.

use std::sync::Arc;

use packet::{AddressSet, Family, Packet, PortSet, Protocol, ProtocolSet};

use crate::exposure::{Certainty, Sources};
use crate::faces::Face;
use crate::measure::Measurer;

/// What becomes an exposure at every target that shows it.
pub(crate) struct Block {
    /// `None` for every protocol on every port.
    pub(crate) protocol: Option<Protocol>,
    /// Ports, or types; none where the protocol has neither, and of types where it is every one.
    pub(crate) ports: PortSet,
    pub(crate) certainty: Certainty,
    pub(crate) sources: Arc<Sources>,
    /// The exact known sources of both families; `None` where they are made again when they are told.
    pub(crate) addresses: Option<Arc<AddressSet>>,
    pub(crate) reached: Option<Arc<AddressSet>>,
    pub(crate) admitted_by: Vec<(usize, usize)>,
    pub(crate) witness: Option<Packet>,
    /// The source ports from which the witness gets in as surely; `None` for every one.
    pub(crate) source_ports: Option<Arc<PortSet>>,
    /// The digest of its sources of IPv4, of IPv6; `None` without any.
    pub(crate) families: [Option<[u8; 32]>; 2],
    /// Of one family alone: a column of the answer with its sources.
    pub(crate) column: usize,
}

/// The maximal blocks of two families, in the order of protocol, first port, certainty; `any` first.
pub(crate) fn blocks(v4: &[Face], v6: &[Face], universe: ProtocolSet, measurer: &mut Measurer) -> Vec<Block> {
    let part = |face: &Face, faces| Part { faces, ports: face.ports.clone() };
    let mut found: Vec<Block> = match (v4, v6) {
        (v4, []) => v4.iter().map(|face| part(face, [Some(face), None]).block(measurer)).collect(),
        ([], v6) => v6.iter().map(|face| part(face, [None, Some(face)]).block(measurer)).collect(),
        (v4, v6) => parts(v4, v6).into_iter().map(|part| part.block(measurer)).collect(),
    };
    merge(&mut found, |a, b| a.protocol == b.protocol && a.holds_same(b));
    name_everything(&mut found, universe);
    found.iter_mut().for_each(Block::tell_types);
    let place = |block: &Block| {
        let first = block.ports.spans().first().map(|span| span.0);
        (block.protocol, first, block.certainty)
    };
    found.sort_by_key(place);
    found
}

/// Cuts the faces of both families where the ports of one end and those of the other do not.
fn parts<'a>(v4: &'a [Face], v6: &'a [Face]) -> Vec<Part<'a>> {
    let mut parts: Vec<Part<'_>> = Vec::new();
    for face in v4 {
        let mut rest = face.ports.clone();
        for other in
            v6.iter().filter(|other| other.protocol == face.protocol && other.certainty == face.certainty)
        {
            let shared = face.ports.intersection(&other.ports);
            if !shared.is_empty() || !face.protocol.is_numbered() {
                rest = rest.difference(&shared);
                parts.push(Part { faces: [Some(face), Some(other)], ports: shared });
            }
        }
        let alone = face.protocol.is_numbered() || !parts.iter().any(|part| part.is(0, face));
        if alone && (!rest.is_empty() || !face.protocol.is_numbered()) {
            parts.push(Part { faces: [Some(face), None], ports: rest });
        }
    }
    for face in v6 {
        let taken = parts.iter().filter(|part| part.is(1, face));
        let rest = taken.clone().fold(face.ports.clone(), |rest, part| rest.difference(&part.ports));
        if !rest.is_empty() || (!face.protocol.is_numbered() && taken.count() == 0) {
            parts.push(Part { faces: [None, Some(face)], ports: rest });
        }
    }
    parts
}

/// Ports at which one face of each family, or of one, is seen.
struct Part<'a> {
    faces: [Option<&'a Face>; 2],
    ports: PortSet,
}

impl Part<'_> {
    fn is(&self, family: usize, face: &Face) -> bool {
        self.faces.get(family).copied().flatten().is_some_and(|own| core::ptr::eq(own, face))
    }

    fn block(self, measurer: &mut Measurer) -> Block {
        let [v4, v6] = self.faces;
        let faces = || [v4, v6].into_iter().flatten();
        let admitted_by = match (v4, v6) {
            (Some(v4), Some(v6)) => {
                let mut both = [v4.admitted_by.as_slice(), v6.admitted_by.as_slice()].concat();
                both.sort_unstable();
                both.dedup();
                both
            }
            (only, None) | (None, only) => only.map_or_else(Vec::new, |only| only.admitted_by.clone()),
        };
        let witness = faces().find_map(|face| face.witness(&self.ports));
        let addresses = match (v4, v6) {
            (Some(only), None) | (None, Some(only)) => only.sources.addresses.clone(),
            (Some(v4), Some(v6)) => {
                let both = v4.sources.addresses.as_ref().zip(v6.sources.addresses.as_ref());
                both.map(|(v4, v6)| Arc::new(v4.union(v6)))
            }
            (None, None) => None,
        };
        Block {
            protocol: faces().next().map(|face| face.protocol),
            ports: self.ports,
            certainty: faces().next().map_or(Certainty::Possible, |face| face.certainty),
            sources: measurer.joined(v4.map(|face| &face.sources), v6.map(|face| &face.sources)),
            addresses,
            reached: reached(v4, v6),
            admitted_by,
            witness,
            source_ports: None,
            families: [v4, v6].map(|face| face.map(|face| face.sources.digest)),
            column: faces().next().map_or(0, |face| face.column),
        }
    }
}

/// The destinations that are reached: of a family that is not there, none.
fn reached(v4: Option<&Face>, v6: Option<&Face>) -> Option<Arc<AddressSet>> {
    let named: Vec<&AddressSet> =
        [v4, v6].into_iter().flatten().filter_map(|face| face.reached.as_ref()).collect();
    (!named.is_empty())
        .then(|| Arc::new(named.into_iter().fold(AddressSet::empty(), |all, set| all.union(set))))
}

impl Block {
    /// Whether two blocks differ in protocol and ports only.
    fn holds_same(&self, other: &Self) -> bool {
        self.certainty == other.certainty
            && self.sources.digest == other.sources.digest
            && self.reached == other.reached
    }

    fn absorb(&mut self, other: Self) {
        self.ports = self.ports.union(&other.ports);
        self.admitted_by.extend(other.admitted_by);
        self.admitted_by.sort_unstable();
        self.admitted_by.dedup();
        self.witness = self.witness.or(other.witness);
    }

    /// Whether it is one protocol's part of `any`: all of its ports, for the same sources of every family that can
    /// carry the protocol, at the same destinations.
    fn is_part_of(&self, any: &Self) -> bool {
        let Some(protocol) = self.protocol else { return false };
        let carried = |families: &[Option<[u8; 32]>; 2]| {
            let [v4, v6] = *families;
            [v4.filter(|_| protocol.is_of(Family::V4)), v6.filter(|_| protocol.is_of(Family::V6))]
        };
        let destinations = |block: &Self| {
            let reached = block.reached.as_deref()?;
            let carried = Family::BOTH.into_iter().filter(|family| protocol.is_of(*family));
            Some(carried.fold(AddressSet::empty(), |all, family| all.union(&reached.only(family))))
        };
        self.is_whole()
            && carried(&self.families) == carried(&any.families)
            && destinations(self) == destinations(any)
    }

    /// Of types it tells those that get in only where that is not every one.
    fn tell_types(&mut self) {
        if self.ports.is_everything() && self.protocol.is_some_and(Protocol::has_types) {
            self.ports = PortSet::empty();
        }
    }

    /// Whether it is a protocol's everything.
    fn is_whole(&self) -> bool {
        self.protocol.is_some_and(|protocol| !protocol.is_numbered() || self.ports.is_everything())
    }
}

/// Puts blocks that are the same into the first of them. Nearly always there are none.
fn merge(blocks: &mut Vec<Block>, same: impl Fn(&Block, &Block) -> bool) {
    let mut at = 1;
    while let Some((block, before)) = blocks.get(..=at).and_then(<[Block]>::split_last) {
        match before.iter().position(|known| same(known, block)) {
            Some(known) => {
                let block = blocks.remove(at);
                if let Some(known) = blocks.get_mut(known) {
                    known.absorb(block);
                }
            }
            None => at += 1,
        }
    }
}

/// Blocks that together are every protocol on every port become one.
fn name_everything(blocks: &mut Vec<Block>, universe: ProtocolSet) {
    for certainty in [Certainty::Proved, Certainty::Possible] {
        let own = || blocks.iter().filter(|block| block.certainty == certainty);
        // The sources of `any` are those of a protocol that both families carry.
        let by_both = |block: &&Block| {
            block
                .protocol
                .is_some_and(|protocol| Family::BOTH.into_iter().all(|family| protocol.is_of(family)))
        };
        let Some(any) = own().find(by_both) else { continue };
        let protocols: ProtocolSet = own().filter_map(|block| block.protocol).collect();
        let carried = |protocol: &Protocol| {
            let mut families = Family::BOTH.into_iter().zip(any.families);
            families.any(|(family, sources)| sources.is_some() && protocol.is_of(family))
        };
        let expected: ProtocolSet = universe.iter().filter(carried).collect();
        if protocols != expected || !own().all(|block| block.is_part_of(any)) {
            continue;
        }
        let (same, other): (Vec<Block>, Vec<Block>) =
            blocks.drain(..).partition(|block| block.certainty == certainty);
        blocks.extend(other);
        // The witness of TCP is the one people can try.
        let tcp =
            same.iter().find(|block| block.protocol == Some(Protocol::TCP)).and_then(|block| block.witness);
        let (full, part): (Vec<Block>, Vec<Block>) = same.into_iter().partition(|block| by_both(&block));
        let any = full.into_iter().chain(part).reduce(|mut any, block| {
            any.absorb(block);
            any
        });
        if let Some(any) = any {
            let witness = tcp.or(any.witness);
            blocks.push(Block { protocol: None, ports: PortSet::empty(), witness, ..any });
        }
    }
}
