//! What is seen at fronts of one family: whoever sends with the other comes in by another front, which has a history of
//! its own.
//!
//! Knows no time.

use std::sync::Arc;

use core::net::SocketAddr;

use model::{Front, Name, Rule};
use packet::{AddressSet, Family, Packet};
use sha2::{Digest, Sha256};

use crate::decide::decide;
use crate::exposure::{Certainty, Entrance, Exposure, Passage, Sources, Witness};

use super::reached::Reached;

/// The family of a front; `None` where it is not known.
pub(super) fn of_front(front: Option<&Front>) -> Option<Family> {
    front.and_then(|front| front.address).map(|address| Family::of(address).0)
}

/// From where an exposure is looked at.
#[derive(Clone, Copy)]
pub(super) enum Side<'f> {
    /// From everywhere.
    Whole,
    /// From one front.
    At(&'f Front),
    /// From where no front is seen.
    Unseen,
}

impl<'f> Side<'f> {
    pub(super) fn of(front: Option<&'f Front>) -> Self {
        front.map_or(Self::Unseen, Self::At)
    }

    /// The side of all these fronts.
    pub(super) fn of_all(mut fronts: impl Iterator<Item = Option<&'f Front>>) -> Self {
        let Some(first) = fronts.next() else { return Self::Whole };
        let family = of_front(first);
        let is_alike = |front: Option<&Front>| match first {
            None => front.is_none(),
            Some(_) => family.is_some() && of_front(front) == family,
        };
        // An exposure has each of its fronts once.
        if fronts.all(is_alike) { Self::of(first) } else { Self::Whole }
    }

    /// The family of those of an exposure who are seen from here; `None`: all of them.
    pub(super) fn family(self, reached: &Reached) -> Option<Family> {
        match self {
            Self::Whole => None,
            Self::At(front) => of_front(Some(front)),
            Self::Unseen => unseen(reached),
        }
    }
}

/// The family that comes in by none of the fronts of an exposure which has some.
pub(super) fn unseen(reached: &Reached) -> Option<Family> {
    let fronts = &reached.shape.fronts;
    let leads = |own: Family| {
        fronts.iter().any(|entrance| of_front(Some(&entrance.front)).is_none_or(|family| family == own))
    };
    let mut left =
        Family::BOTH.into_iter().filter(|own| !reached.set.addresses.is_empty_in(*own) && !leads(*own));
    left.next().filter(|_| !fronts.is_empty())
}

/// A digest of each family of a source set, in the order of [`Family::BOTH`].
pub(super) fn digests(addresses: &AddressSet, tags: &[Name]) -> [[u8; 32]; 2] {
    let mut hashes = [Sha256::new(), Sha256::new()];
    for &(first, last) in addresses.v4_spans() {
        hashes[0].update(first.to_be_bytes());
        hashes[0].update(last.to_be_bytes());
    }
    for &(first, last) in addresses.v6_spans() {
        hashes[1].update(first.to_be_bytes());
        hashes[1].update(last.to_be_bytes());
    }
    for hash in &mut hashes {
        for tag in tags {
            hash.update(tag.as_bytes());
            hash.update([0]);
        }
    }
    hashes.map(|hash| hash.finalize().into())
}

/// Who of them sends with a family; all of them without one.
pub(super) fn sources(reached: &Reached, family: Option<Family>) -> Arc<Sources> {
    let sources = &reached.set.sources;
    let Some(family) = family else { return Arc::clone(sources) };
    let of = |own: Family, measure: &Option<_>| measure.clone().filter(|_| own == family);
    Arc::new(Sources {
        ipv4: of(Family::V4, &sources.ipv4),
        ipv6: of(Family::V6, &sources.ipv6),
        digest: reached.digest(Some(family)),
        ..Sources::clone(sources)
    })
}

/// Whether a rule may let in who sends with a family. What names pools alone, whose members are not known, may.
pub(super) fn lets_in(rule: &Rule, family: Family) -> bool {
    let sources = &rule.matches.sources.may;
    sources.is_empty() || !sources.is_empty_in(family)
}

/// The exposure as it is seen with a family alone, whole without one: its sources, the rules that let these in, and a
/// packet of theirs.
pub(super) fn exposure(whole: &Exposure, reached: &Reached, family: Option<Family>) -> Exposure {
    let Some(family) = family else {
        return Exposure { sources: Arc::clone(&reached.set.sources), ..whole.clone() };
    };
    let is_own = |entrance: &&Entrance| of_front(Some(&entrance.front)).is_none_or(|own| own == family);
    let mut exposure = Exposure {
        fronts: whole.fronts.iter().filter(is_own).cloned().collect(),
        sources: sources(reached, Some(family)),
        ..whole.clone()
    };
    exposure.opened_by.retain(|admission| admission.stated().is_none_or(|rule| lets_in(rule, family)));
    let fits = |witness: &Witness| witness.packet.family() == family;
    if !whole.witness.as_ref().is_none_or(fits) {
        (exposure.way, exposure.witness, exposure.passages) = witness(&exposure, reached, family);
    }
    exposure
}

/// A packet of the other family than the one that is known, decided rule by rule.
fn witness(exposure: &Exposure, reached: &Reached, family: Family) -> (usize, Option<Witness>, Vec<Passage>) {
    let none = (exposure.way, None, Vec::new());
    let Some(known) = &exposure.witness else { return none };
    let Some(source) = source(&reached.set.addresses, family) else { return none };
    for (way, path) in exposure.target.paths.iter().enumerate() {
        let front = path.front.as_ref();
        let Some(destination) = path.destinations.addresses().lowest(family) else { continue };
        let is_seen_here = match front {
            None => exposure.fronts.is_empty(),
            Some(front) => exposure.fronts.iter().any(|own| own.front == *front),
        };
        if path.reach != exposure.reach || !is_seen_here {
            continue;
        }
        let packet = Packet { source, destination, ..known.packet };
        let decision = decide(&path.filter, &packet);
        let holds = match exposure.certainty {
            Certainty::Proved => decision.allowed,
            Certainty::Possible => decision.possible && !decision.allowed,
        };
        let outside = path.carries.outside(packet.protocol, packet.destination_port);
        let Some(outside) = outside.filter(|_| holds) else { continue };
        let lists = path.filter.lists();
        let passages = lists.iter().zip(&decision.deciding);
        let passages = passages.map(|(list, rule)| Passage { list: (*list).clone(), rule: *rule }).collect();
        let witness = Witness {
            packet,
            front: front.and_then(|front| front.address).map(|address| SocketAddr::new(address, outside)),
            target: known.target.map(|_| destination),
            source_ports: crate::callers::callers(&path.filter, &packet, exposure.certainty),
        };
        return (way, Some(witness), passages);
    }
    none
}

/// An address of a family: one that people know, where it is among them.
fn source(addresses: &AddressSet, family: Family) -> Option<core::net::IpAddr> {
    let known = crate::faces::known(family);
    if addresses.contains(known) { Some(known) } else { addresses.lowest(family) }
}
