//! What one filter shows one family of sources: the answer of a sweep, grouped into ports that the same sources
//! reach, measured and attributed.
//!
//! Knows no target: equal lists in front of equal destinations have one face, shared by all their targets.

use core::net::IpAddr;
use std::sync::Arc;

use model::Filter;
use packet::{AddressSet, Family, Packet, PortRange, PortSet, Protocol};

use crate::bits::Bits;
use crate::callers::usual_caller;
use crate::classes::Class;
use crate::decide::decide;
use crate::exposure::Certainty;
use crate::measure::Measured;
use crate::rank::RankSpace;
use crate::sweep::{Answer, PortSlice, Seed, Side};

/// Ports of one protocol that the same sources of one family reach with the same certainty.
pub(crate) struct Face {
    pub(crate) protocol: Protocol,
    /// Ports, or types, of which there is every one where no rule tells them apart.
    pub(crate) ports: PortSet,
    pub(crate) certainty: Certainty,
    pub(crate) sources: Arc<Measured>,
    /// The destinations reached; `None` for all that were asked for.
    pub(crate) reached: Option<AddressSet>,
    /// Positions of list and rule, ascending, each once.
    pub(crate) admitted_by: Vec<(usize, usize)>,
    /// A column of the answer with these sources.
    pub(crate) column: usize,
    // Ascending.
    slices: Vec<Slice>,
}

/// Ports of a face, with a packet for them, to be sent to the target's own address.
struct Slice {
    first: u16,
    last: u16,
    witness: Option<Packet>,
}

impl Face {
    /// A packet of it to one of `ports`, which are some of its own; to no port where the protocol has none. An echo
    /// request where that is one.
    pub(crate) fn witness(&self, ports: &PortSet) -> Option<Packet> {
        let echo = self.protocol.echo_request().filter(|echo| ports.contains(*echo));
        if let Some(echo) = echo {
            let mut slices = self.slices.iter();
            let slice = slices.find(|slice| (slice.first..=slice.last).contains(&echo));
            if let Some(witness) = slice.and_then(|slice| slice.witness) {
                return Some(Packet { destination_port: echo, ..witness });
            }
        }
        let in_slice = |slice: &Slice| {
            let &(first, last) = ports.spans().iter().find(|(_, last)| *last >= slice.first)?;
            let (first, last) = (first.max(slice.first), last.min(slice.last));
            let port = (first <= last).then(|| first.max(1).min(last))?;
            Some(Packet { destination_port: port, ..slice.witness? })
        };
        if self.protocol.is_numbered() {
            self.slices.iter().find_map(in_slice)
        } else {
            self.slices.iter().find_map(|slice| slice.witness)
        }
    }
}

/// What is needed to read an answer.
pub(crate) struct Reading<'a> {
    pub(crate) filter: &'a Filter,
    pub(crate) family: Family,
    pub(crate) ranks: &'a RankSpace,
    pub(crate) answer: &'a Answer<'a>,
}

impl Reading<'_> {
    /// Groups the answer into faces, in the order of protocol, certainty, first port.
    pub(crate) fn faces(&self) -> Vec<Face> {
        let certainties = [Certainty::Proved, Certainty::Possible];
        let groups: Vec<[Vec<Group<'_>>; 2]> = self
            .answer
            .ports
            .cuts()
            .map(|cut| certainties.map(|certainty| self.groups(cut, certainty)))
            .collect();
        let count = |cut: usize| groups.get(cut).into_iter().flatten().map(Vec::len).sum::<usize>();
        let mut faces =
            Vec::with_capacity(self.answer.ports.protocols.iter().map(|(_, cut)| count(*cut)).sum());
        for &(protocol, cut) in &self.answer.ports.protocols {
            for (certainty, groups) in certainties.into_iter().zip(groups.get(cut).into_iter().flatten()) {
                faces.extend(groups.iter().map(|group| self.face(protocol, certainty, group)));
            }
        }
        faces
    }

    fn groups(&self, cut: &[PortSlice], certainty: Certainty) -> Vec<Group<'_>> {
        let mut groups: Vec<Group<'_>> = Vec::new();
        for &(first, last, number) in cut {
            let Some(column) = self.answer.columns.get(number) else { continue };
            let side = if certainty == Certainty::Proved { &column.must } else { &column.may };
            let Some(sources) = &side.sources else { continue };
            let same = |group: &&mut Group<'_>| {
                Arc::ptr_eq(group.sources, sources) && group.reached == &side.reached
            };
            match groups.iter_mut().find(same) {
                Some(group) => group.slices.push((first, last, side)),
                None => {
                    let slices = vec![(first, last, side)];
                    groups.push(Group { sources, reached: &side.reached, column: number, slices });
                }
            }
        }
        groups
    }

    fn face(&self, protocol: Protocol, certainty: Certainty, group: &Group<'_>) -> Face {
        let range = |&(first, last, _): &(u16, u16, &Side)| PortRange::new(first, last);
        let ports: PortSet = match protocol.is_numbered() {
            true => group.slices.iter().filter_map(range).collect(),
            false => PortSet::empty(),
        };
        let slice = |&(first, last, side): &(u16, u16, &Side)| {
            let witness = side.witness.as_ref().map(|seed| self.packet(protocol, seed));
            Slice { first, last, witness }
        };
        let mut face = Face {
            protocol,
            ports,
            certainty,
            reached: self.reached(group),
            admitted_by: self.admitted_by(group),
            sources: Arc::clone(group.sources),
            column: group.column,
            slices: group.slices.iter().map(slice).collect(),
        };
        if let (Certainty::Possible, Some(witness)) = (certainty, face.witness(&face.ports)) {
            let found = self.possibly_admitting(group, &witness);
            face.admitted_by.extend(found);
            face.admitted_by.sort_unstable();
            face.admitted_by.dedup();
        }
        face
    }

    fn admitted_by(&self, group: &Group<'_>) -> Vec<(usize, usize)> {
        let mut lines = Bits::new(self.answer.lines.count());
        group.slices.iter().for_each(|(_, _, side)| lines.add(&side.admitted_by));
        self.answer.lines.rules_of(&lines)
    }

    /// Rules that let the first address of each interval in under some value of the unknowns, slice by slice: ports of
    /// one face may have rules of their own.
    fn possibly_admitting(&self, group: &Group<'_>, witness: &Packet) -> Vec<(usize, usize)> {
        let is_numbered = witness.protocol.is_numbered();
        let asked = group.slices.iter().flat_map(|&(first, last, side)| {
            let port = if is_numbered { first.max(1).min(last) } else { 0 };
            side.starts.iter().map(move |&start| (port, start))
        });
        let mut found = Vec::new();
        for (destination_port, start) in asked.take(POSSIBLE_DECISIONS_MAX) {
            let Some(source) = self.ranks.address(start) else { continue };
            let decision = decide(self.filter, &Packet { source, destination_port, ..*witness });
            for (list, rules) in decision.admitting.into_iter().enumerate() {
                found.extend(rules.into_iter().map(|rule| (list, rule)));
            }
        }
        found
    }

    fn reached(&self, group: &Group<'_>) -> Option<AddressSet> {
        let classes = &self.answer.classes.destinations;
        if group.reached.count() == classes.len() {
            return None;
        }
        let members = |(number, class): (usize, &Class<AddressSet>)| {
            group.reached.contains(number).then(|| class.members.clone())
        };
        let sets = classes.iter().enumerate().filter_map(members);
        Some(sets.fold(AddressSet::empty(), |all, set| all.union(&set)))
    }

    /// A packet of a seed; its destination port is still to be chosen.
    fn packet(&self, protocol: Protocol, seed: &Seed) -> Packet {
        let ports = self.answer.classes.source_ports.get(seed.source_port).map(|class| &class.members);
        let destination = self.answer.classes.destinations.get(seed.destination);
        let destination = destination.and_then(|class| self.destination(&class.members));
        let has_ports = protocol.has_ports();
        Packet {
            protocol,
            source: self.witness_address(seed.ranks),
            source_port: if has_ports { ports.map_or(0, usual_caller) } else { 0 },
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
        self.ranks.address(rank).unwrap_or_else(|| self.family.address(0))
    }
}

/// Slices of ports that are one face.
struct Group<'a> {
    sources: &'a Arc<Measured>,
    reached: &'a Bits,
    column: usize,
    slices: Vec<(u16, u16, &'a Side)>,
}

/// Past so many packets no more are decided to name the rules of a face that is only possible.
const POSSIBLE_DECISIONS_MAX: usize = 1024;

/// Resolvers everybody has seen.
const KNOWN_ADDRESS_V4: IpAddr = IpAddr::V4(core::net::Ipv4Addr::new(8, 8, 8, 8));
const KNOWN_ADDRESS_V6: IpAddr =
    IpAddr::V6(core::net::Ipv6Addr::new(0x2001, 0x4860, 0x4860, 0, 0, 0, 0, 0x8888));

/// One that everybody has seen.
pub(crate) const fn known(family: Family) -> IpAddr {
    match family {
        Family::V4 => KNOWN_ADDRESS_V4,
        Family::V6 => KNOWN_ADDRESS_V6,
    }
}

/// The first addresses a cloud hands out in a network of the usual blocks.
const USUAL_TARGET_V4: IpAddr = IpAddr::V4(core::net::Ipv4Addr::new(10, 0, 0, 4));
const USUAL_TARGET_V6: IpAddr = IpAddr::V6(core::net::Ipv6Addr::new(0xfd00, 0, 0, 0, 0, 0, 0, 4));
