//! Doors: ways from outside to whatever is behind something that stands in for its clients.
//!
//! Knows no interface: which of them a door leads to is decided where it is asked for.

use std::sync::Arc;

use cloud::LookupSet;
use model::{Carries, Filter, Front, Hop, Name, Reach};
use packet::{AddressSet, Family, PortSet, ProtocolSet};

use crate::resource::Sku;

use super::super::Lowering;
use super::super::surroundings::assumed_prefixes;
use super::super::way::Way;

/// A way from outside to something behind a gateway or a firewall; or to the gateway itself.
#[derive(Clone, Debug)]
pub(super) struct Door {
    pub(super) reach: Reach,
    pub(super) front: Option<Front>,
    pub(super) hops: Vec<Hop>,
    pub(super) protocols: ProtocolSet,
    /// The ports outside.
    pub(super) from: Arc<PortSet>,
    /// The port behind; `None` when it is not known.
    pub(super) to: Option<u16>,
    /// Who stands in for the clients behind the door; `None` where they come themselves.
    pub(super) seen_as: Option<Arc<AddressSet>>,
    /// What decides on the clients before, stated for every address and port behind the door.
    pub(super) before: Option<Filter>,
    /// Whether it is there for certain.
    pub(super) is_certain: bool,
    /// From where its packets go on.
    pub(super) place: Arc<Neighbourhood>,
}

impl Door {
    /// Which packets it carries.
    pub(super) fn carries(&self, every_port: &Arc<PortSet>) -> Carries {
        match self.to {
            Some(to) => Carries::Translated { protocols: self.protocols, from: Arc::clone(&self.from), to },
            None => Carries::Only { protocols: self.protocols, ports: Arc::clone(every_port) },
        }
    }

    /// The way through it to an ip-configuration. A7: between machines of a network AP1 does not hold.
    pub(super) fn way(&self, every_port: &Arc<PortSet>) -> Way {
        Way {
            front: self.front.clone(),
            hops: self.hops.clone(),
            carries: self.carries(every_port),
            seen_as: self.seen_as.clone(),
            before: self.before.clone(),
            without_group: Sku::Basic,
            ..Way::of(self.reach)
        }
    }
}

/// Where something stands, for what is near.
#[derive(Clone, Debug, Default)]
pub(super) struct Neighbourhood {
    /// The key of its virtual network; `None` in a virtual hub, to which any may be connected.
    pub(super) network: Option<Name>,
    /// The keys of networks peered with it.
    pub(super) peers: LookupSet<Name>,
    pub(super) is_hub: bool,
}

/// How near an address is. Complete; nearer is less.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Distance {
    /// In the same network.
    Here,
    /// In a network that is connected with it.
    Near,
    /// In one that is not known to be connected.
    Far,
}

impl Neighbourhood {
    /// How near something in a network is.
    pub(super) fn distance(&self, network: Option<&Name>) -> Distance {
        match network {
            Some(_) if self.is_hub => Distance::Near,
            Some(network) if self.network.as_ref() == Some(network) => Distance::Here,
            Some(network) if self.peers.contains(network) => Distance::Near,
            Some(_) | None => Distance::Far,
        }
    }
}

impl Lowering<'_> {
    /// The addresses of instances in a subnet, one of which stands in for the clients. Five addresses of a subnet
    /// nobody has.
    pub(super) fn instances(&mut self, subnet: Option<&Name>, family: Family) -> Arc<AddressSet> {
        let subnet = subnet.and_then(|key| self.estate.subnets.get(key));
        let known = subnet.and_then(|subnet| subnet.addresses.as_ref());
        let addresses = match known.map(|known| known.only(family)).filter(|known| !known.is_empty()) {
            Some(known) if family == Family::V4 => {
                let usable = |&(first, last): &(u32, u32)| match last - first {
                    7.. => (first + 4, last - 1),
                    _ => (first, last),
                };
                AddressSet::from_v4_spans(known.v4_spans().iter().map(usable).collect())
            }
            Some(known) => known,
            None => assumed_prefixes().only(family),
        };
        self.memo.share(addresses)
    }
}
