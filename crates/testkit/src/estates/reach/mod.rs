//! What both clouds need whose evaluators say how far a packet gets: what the crates tell, packets to try, the duel.

mod bounds;
mod duel;
mod fingerprints;
mod tally;
mod told;

use core::net::IpAddr;
use std::collections::BTreeSet;

use crate::oracle::aws::Reached;
use crate::oracle::azure::Packet;

pub(in crate::estates) use bounds::Boundaries;
pub(crate) use duel::{Side, duel, says};
pub use fingerprints::fingerprints;
pub use tally::ReachTally;
pub(crate) use told::Place;
pub use told::ReachTold;

/// Who decides packets to a place.
pub(crate) type Decide = Box<dyn Fn(&Packet) -> Reached>;

/// The protocols of a cloud, by what there is to ask about them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked {
    /// Those with ports.
    pub(crate) ported: &'static [u8],
    /// Those with types.
    pub(crate) typed: &'static [u8],
    /// Those with neither.
    pub(crate) others: &'static [u8],
}

impl Asked {
    /// Protocols and ports to ask about.
    pub(in crate::estates) fn pairs(self, boundaries: &Boundaries) -> Vec<(u8, u16)> {
        let few: BTreeSet<u16> = [0, 443].into();
        let of = |protocols: &[u8], numbers: &BTreeSet<u16>| {
            let pairs = protocols.iter().flat_map(|protocol| numbers.iter().map(|port| (*protocol, *port)));
            pairs.collect::<Vec<_>>()
        };
        [of(self.ported, &boundaries.ports), of(self.typed, &boundaries.types), of(self.others, &few)]
            .concat()
    }
}

/// A packet to a place.
pub(crate) type Question = (Place, u8, u16, IpAddr);
