//! What one filter shows one family of sources: the answer of a sweep, grouped into ports that the same sources
//! reach, measured and attributed.
//!
//! Knows no target: equal lists in front of equal destinations have one face, shared by all their targets.

use core::net::IpAddr;
use std::sync::Arc;

use model::Filter;
use packet::{AddressSet, Family, Packet, PortRange, PortSet, Protocol};

use crate::bits::Bits;
use crate::classes::Class;
use crate::decide::decide;
use crate::exposure::Certainty;
use crate::measure::{Measured, Measurer};
use crate::rank::RankSpace;
use crate::sweep::{Answer, Seed, Side};

/// Ports of one protocol that the same sources of one family reach with the same certainty.
pub(crate) struct Face {
    pub(crate) protocol: Protocol,
    pub(crate) ports: PortSet,
    pub(crate) certainty: Certainty,
    pub(crate) sources: Arc<Measured>,
    /// The destinations reached; `None` for all that were asked for.
    pub(crate) reached: Option<AddressSet>,
    /// Positions of list and rule, ascending, each once.
    pub(crate) admitted_by: Vec<(usize, usize)>,
    // Packets of it, to be sent to the target's own address, and the ports each is good for.
    witnesses: Vec<Option<Packet>>,
    slices: Vec<Slice>,
}

/// Ports of a face that one of its witnesses is good for.
struct Slice {
    first: u16,
    last: u16,
    witness: usize,
}

impl Face {
    /// A packet of it to one of `ports`, which are some of its own; to no port where the protocol has none.
    pub(crate) fn witness(&self, ports: &PortSet) -> Option<Packet> {
        let in_slice = |slice: &Slice| {
            let own: PortSet = PortRange::new(slice.first, slice.last).into_iter().collect();
            let port =
                own.intersection(ports).spans().first().map(|&(first, last)| first.max(1).min(last))?;
            let packet = (*self.witnesses.get(slice.witness)?)?;
            Some(Packet { destination_port: port, ..packet })
        };
        if self.protocol.has_ports() {
            self.slices.iter().find_map(in_slice)
        } else {
            self.witnesses.iter().flatten().next().copied()
        }
    }
}

/// What is needed to read an answer.
pub(crate) struct Reading<'a> {
    pub(crate) filter: &'a Filter,
    pub(crate) family: Family,
    pub(crate) ranks: &'a RankSpace,
    pub(crate) answer: &'a Answer,
}

/// Past this many intervals, rules that possibly admit are looked for in the first ones only.
const INTERVALS_ATTRIBUTED_MAX: usize = 64;

impl Reading<'_> {
    /// Groups the answer into faces, in the order of protocol, first port, certainty.
    pub(crate) fn faces(&self, measurer: &mut Measurer) -> Vec<Face> {
        let measured: Vec<[Option<Arc<Measured>>; 2]> = self
            .answer
            .columns
            .iter()
            .map(|column| [&column.must, &column.may].map(|side| self.measured(measurer, side)))
            .collect();
        let mut faces = Vec::new();
        for (protocol, slices) in &self.answer.slices {
            for (side, certainty) in [Certainty::Proved, Certainty::Possible].into_iter().enumerate() {
                let mut groups: Vec<Group<'_>> = Vec::new();
                for &(first, last, column) in slices {
                    let (Some(sources), Some(column)) = (
                        measured.get(column).and_then(|sides| sides.get(side)).and_then(Option::as_ref),
                        self.answer.columns.get(column),
                    ) else {
                        continue;
                    };
                    let answer = if certainty == Certainty::Proved { &column.must } else { &column.may };
                    Group::add(&mut groups, sources, answer, (first, last));
                }
                faces.extend(groups.into_iter().map(|group| self.face(*protocol, certainty, group)));
            }
        }
        faces
    }

    fn measured(&self, measurer: &mut Measurer, side: &Side) -> Option<Arc<Measured>> {
        (!side.is_empty()).then(|| measurer.measured(self.ranks, self.family, &side.spans, &side.tags))
    }

    fn face(&self, protocol: Protocol, certainty: Certainty, group: Group<'_>) -> Face {
        let range = |slice: &Slice| PortRange::new(slice.first, slice.last);
        let ports: PortSet = group.slices.iter().filter_map(range).collect();
        let witness = |side: &&Side| side.witness.as_ref().map(|seed| self.packet(protocol, seed));
        let witnesses: Vec<Option<Packet>> = group.sides.iter().map(witness).collect();
        let mut face = Face {
            protocol,
            ports: if protocol.has_ports() { ports } else { PortSet::empty() },
            certainty,
            reached: self.reached(&group),
            admitted_by: group.sides.iter().flat_map(|side| side.admitted_by.iter().copied()).collect(),
            sources: Arc::clone(&group.sources),
            witnesses,
            slices: group.slices,
        };
        if let (Certainty::Possible, Some(witness)) = (certainty, face.witness(&face.ports)) {
            let found = self.possibly_admitting(&group.sides, &witness);
            face.admitted_by.extend(found);
        }
        face.admitted_by.sort_unstable();
        face.admitted_by.dedup();
        face
    }

    /// Rules that let the first address of each interval in under some value of the unknowns.
    fn possibly_admitting(&self, sides: &[&Side], witness: &Packet) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        for &(from, _) in sides.iter().flat_map(|side| &side.spans).take(INTERVALS_ATTRIBUTED_MAX) {
            let Some(source) = self.address(from) else { continue };
            let decision = decide(self.filter, &Packet { source, ..*witness });
            for (list, rules) in decision.admitting.into_iter().enumerate() {
                found.extend(rules.into_iter().map(|rule| (list, rule)));
            }
        }
        found
    }

    fn reached(&self, group: &Group<'_>) -> Option<AddressSet> {
        let classes = &self.answer.destinations;
        let all = (0..classes.len()).all(|class| group.sides.iter().any(|side| side.reached.contains(class)));
        let members = |(number, class): (usize, &Class<AddressSet>)| {
            let reached = group.sides.iter().any(|side| side.reached.contains(number));
            reached.then(|| class.members.clone())
        };
        (!all).then(|| {
            let sets = classes.iter().enumerate().filter_map(members);
            sets.fold(AddressSet::empty(), |all, set| all.union(&set))
        })
    }

    /// A packet of a seed; its destination port is still to be chosen.
    fn packet(&self, protocol: Protocol, seed: &Seed) -> Packet {
        let ports = self.answer.source_ports.get(seed.source_port).map(|class| &class.members);
        let destination =
            self.answer.destinations.get(seed.destination).and_then(|c| self.destination(&c.members));
        let has_ports = protocol.has_ports();
        Packet {
            protocol,
            source: self.witness_address(seed.ranks),
            source_port: if has_ports { ports.map_or(0, caller_port) } else { 0 },
            destination: destination.unwrap_or_else(|| self.family.address(0)),
            destination_port: 0,
        }
    }

    /// An address a target would have, where the destinations leave the choice.
    fn destination(&self, members: &AddressSet) -> Option<IpAddr> {
        let usual = match self.family {
            Family::V4 => USUAL_TARGET_V4,
            Family::V6 => USUAL_TARGET_V6,
        };
        if members.contains(usual) { Some(usual) } else { members.lowest(self.family) }
    }

    /// An address that people know where there is one, else the first that is no network's own.
    fn witness_address(&self, (from, to): (u128, u128)) -> IpAddr {
        let known = match self.family {
            Family::V4 => KNOWN_ADDRESS_V4,
            Family::V6 => KNOWN_ADDRESS_V6,
        };
        let known = self.ranks.below(Family::of(known).1);
        let rank = if (from..to).contains(&known) { known } else { (from + 1).min(to - 1) };
        self.address(rank).unwrap_or_else(|| self.family.address(0))
    }

    fn address(&self, rank: u128) -> Option<IpAddr> {
        self.ranks.addresses(&[(rank, rank + 1)]).lowest(self.family)
    }
}

/// Slices of ports that are one face.
struct Group<'a> {
    sources: Arc<Measured>,
    reached: &'a Bits,
    sides: Vec<&'a Side>,
    slices: Vec<Slice>,
}

impl<'a> Group<'a> {
    fn add(groups: &mut Vec<Self>, sources: &Arc<Measured>, side: &'a Side, (first, last): (u16, u16)) {
        let same = |group: &Self| Arc::ptr_eq(&group.sources, sources) && *group.reached == side.reached;
        let at = groups.iter().position(same).unwrap_or_else(|| {
            let sources = Arc::clone(sources);
            groups.push(Self { sources, reached: &side.reached, sides: Vec::new(), slices: Vec::new() });
            groups.len() - 1
        });
        let Some(group) = groups.get_mut(at) else { return };
        let witness = group.sides.iter().position(|known| core::ptr::eq(*known, side)).unwrap_or_else(|| {
            group.sides.push(side);
            group.sides.len() - 1
        });
        group.slices.push(Slice { first, last, witness });
    }
}

/// A port a caller would come from: 50000 where the rules leave the choice.
fn caller_port(ports: &PortSet) -> u16 {
    if ports.contains(50000) { 50000 } else { ports.ranges().next_back().map_or(0, PortRange::last) }
}

/// Resolvers everybody has seen.
const KNOWN_ADDRESS_V4: IpAddr = IpAddr::V4(core::net::Ipv4Addr::new(8, 8, 8, 8));
const KNOWN_ADDRESS_V6: IpAddr =
    IpAddr::V6(core::net::Ipv6Addr::new(0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888));

/// The first addresses a cloud hands out in a network of the usual blocks.
const USUAL_TARGET_V4: IpAddr = IpAddr::V4(core::net::Ipv4Addr::new(10, 0, 0, 4));
const USUAL_TARGET_V6: IpAddr = IpAddr::V6(core::net::Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 4));
