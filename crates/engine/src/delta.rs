//! What opened and what closed between two snapshots, as exact sets.
//!
//! Knows no time and no actor; says what differs, not who did it.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Name, Reach, Snapshot, Target};
use packet::{AddressSet, Family, PortSet, Protocol};

use crate::assessor::{Contradiction, exposures};
use crate::exposure::{Certainty, Exposure};

/// What differs for one target, reach, certainty and protocol, at ports where the same differs.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The target, as it is after; as it was, where it is gone.
    pub target: Arc<Target>,
    /// How far packets get.
    pub reach: Reach,
    /// How sure that is.
    pub certainty: Certainty,
    /// The protocol.
    pub protocol: Protocol,
    /// The ports, or types; empty where the protocol has neither, and where it is every type.
    pub ports: PortSet,
    /// Sources that get in now and did not.
    pub opened: AddressSet,
    /// Sources that got in and do not now.
    pub closed: AddressSet,
    /// Pools of unknown members that get in now and did not.
    pub opened_tags: Vec<Name>,
    /// Pools of unknown members that got in and do not now.
    pub closed_tags: Vec<Name>,
}

/// Compares what the Internet reaches in two snapshots of one cloud. Empty exactly when nothing differs.
///
/// # Errors
/// A [`Contradiction`] when a witness does not hold.
pub fn delta(before: &Snapshot, after: &Snapshot) -> Result<Vec<Difference>, Contradiction> {
    let mut places: BTreeMap<Place, [Vec<Piece>; 2]> = BTreeMap::new();
    let mut targets: BTreeMap<Name, Arc<Target>> = BTreeMap::new();
    for (side, snapshot) in [before, after].into_iter().enumerate() {
        exposures(snapshot, &mut |exposure, addresses| {
            targets.insert(Arc::clone(&exposure.target.key), Arc::clone(&exposure.target));
            for (place, piece) in pieces(&exposure, addresses) {
                if let Some(side) = places.entry(place).or_default().get_mut(side) {
                    side.push(piece);
                }
            }
        })?;
    }
    let mut differences = Vec::new();
    for ((target, reach, certainty, protocol), [before, after]) in places {
        let Some(target) = targets.get(&target) else { continue };
        let found = compare(&before, &after, protocol).into_iter().map(|change| Difference {
            target: Arc::clone(target),
            reach,
            certainty,
            protocol,
            ports: told(protocol, change.ports),
            opened: change.opened.0,
            closed: change.closed.0,
            opened_tags: change.opened.1,
            closed_tags: change.closed.1,
        });
        differences.extend(found);
    }
    Ok(differences)
}

/// The ports as they are told: none of a protocol without any, and of types none where it is every one.
pub(crate) fn told(protocol: Protocol, ports: PortSet) -> PortSet {
    let is_told = protocol.has_ports() || (protocol.has_types() && !ports.is_everything());
    if is_told { ports } else { PortSet::empty() }
}

type Place = (Name, Reach, Certainty, Protocol);
type Who = (AddressSet, Vec<Name>);

/// Ports that the same sources reach.
struct Piece {
    ports: PortSet,
    who: Who,
}

struct Change {
    ports: PortSet,
    opened: Who,
    closed: Who,
}

fn pieces(exposure: &Exposure, addresses: &AddressSet) -> Vec<(Place, Piece)> {
    // A protocol with ports has one, and of types every one is told as none.
    let whole = exposure.ports.is_empty();
    let ports = if whole { PortSet::everything() } else { exposure.ports.clone() };
    let piece = |protocol: Protocol| {
        // `any` over a family is every protocol that it carries.
        let carried = Family::BOTH.into_iter().filter(|family| protocol.is_of(*family));
        let sources = carried.fold(AddressSet::empty(), |all, family| all.union(&addresses.only(family)));
        let who = (sources, exposure.sources.tags.clone());
        let place = (Arc::clone(&exposure.target.key), exposure.reach, exposure.certainty, protocol);
        (place, Piece { ports: ports.clone(), who })
    };
    exposure.protocols.iter().map(piece).collect()
}

fn compare(before: &[Piece], after: &[Piece], protocol: Protocol) -> Vec<Change> {
    let mut starts: Vec<u16> = vec![0];
    if protocol.is_numbered() {
        let spans = || before.iter().chain(after).flat_map(|piece| piece.ports.spans());
        starts.extend(spans().flat_map(|&(first, last)| [Some(first), last.checked_add(1)]).flatten());
        starts.sort_unstable();
        starts.dedup();
    }
    let mut changes: Vec<Change> = Vec::new();
    for (number, &start) in starts.iter().enumerate() {
        let end = starts.get(number + 1).map_or(u16::MAX, |next| next - 1);
        let (old, new) = (at(before, start), at(after, start));
        let (opened, closed) = (less(&new, &old), less(&old, &new));
        if is_nobody(&opened) && is_nobody(&closed) {
            continue;
        }
        let ports: PortSet = packet::PortRange::new(start, end).into_iter().collect();
        match changes.iter_mut().find(|change| change.opened == opened && change.closed == closed) {
            Some(change) => change.ports = change.ports.union(&ports),
            None => changes.push(Change { ports, opened, closed }),
        }
    }
    changes
}

fn at(pieces: &[Piece], port: u16) -> Who {
    let here = pieces.iter().filter(|piece| piece.ports.contains(port));
    here.fold((AddressSet::empty(), Vec::new()), |(all, mut tags), piece| {
        tags.extend(piece.who.1.iter().cloned());
        tags.sort_unstable();
        tags.dedup();
        (all.union(&piece.who.0), tags)
    })
}

fn less(from: &Who, other: &Who) -> Who {
    let tags = from.1.iter().filter(|tag| !other.1.contains(tag)).cloned().collect();
    (from.0.difference(&other.0), tags)
}

fn is_nobody(who: &Who) -> bool {
    who.0.is_empty() && who.1.is_empty()
}
