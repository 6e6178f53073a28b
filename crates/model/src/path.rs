//! Targets and the paths on which the Internet comes to them.

use core::net::IpAddr;
use std::sync::Arc;

use packet::{AddressSet, Family, PortSet, Prefix, Protocol, ProtocolSet};

use crate::{Filter, Name, Provenance};

/// How far a packet gets that the filters of a path let in. Complete: results name these five.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reach {
    /// The path is complete.
    Exposed,
    /// The target's own filter sees a proxy's address and not the client's.
    ViaProxy,
    /// The packet arrives, the reply does not leave.
    OneWay,
    /// The input lacks what is needed to know the path.
    Admitted,
    /// The path is known to be missing: not attached, no public address.
    Latent,
}

impl Reach {
    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Exposed => "exposed",
            Self::ViaProxy => "via-proxy",
            Self::OneWay => "one-way",
            Self::Admitted => "admitted",
            Self::Latent => "latent",
        }
    }
}

/// An address the Internet can send to.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Front {
    /// The id of the resource that has the address.
    pub id: Name,
    /// The address; `None` when the input does not have it.
    pub address: Option<IpAddr>,
}

/// Where packets of a path are addressed to when the filters see them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destinations {
    /// To these addresses, each of which is a destination of its own: usually one.
    These(Arc<AddressSet>),
    /// To some of these: which ones have something behind them is not known (semantics X4).
    SomeOf(Arc<AddressSet>),
    /// To the endpoint of a service, whose addresses are the provider's and which no rule looks at. The set holds one
    /// address for each family it has, which stands for it and is never told.
    Endpoint(Arc<AddressSet>),
}

impl Destinations {
    /// The endpoint of a service that is reached over these families.
    #[must_use]
    pub fn endpoint(families: &[Family]) -> Self {
        let hosts = families.iter().map(|family| Prefix::host(family.address(0)));
        Self::Endpoint(Arc::new(hosts.collect()))
    }

    /// The addresses that filters see.
    #[must_use]
    pub const fn addresses(&self) -> &Arc<AddressSet> {
        let (Self::These(set) | Self::SomeOf(set) | Self::Endpoint(set)) = self;
        set
    }
}

/// What a path carries of the packets that are sent to its front, and to which ports it brings them. All rules on the
/// path are stated in the ports of the target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Carries {
    /// Every packet, to the port it was sent to.
    #[default]
    Everything,
    /// Packets of these protocols to these ports, which they keep. Protocols without ports are carried whole.
    Only {
        /// The protocols.
        protocols: ProtocolSet,
        /// The ports, outside and at the target.
        ports: Arc<PortSet>,
    },
    /// Packets of these protocols that are sent to any of these ports, all to one port of the target.
    Translated {
        /// The protocols, each of which has ports.
        protocols: ProtocolSet,
        /// The ports outside.
        from: Arc<PortSet>,
        /// The port of the target.
        to: u16,
    },
}

impl Carries {
    /// The port of the target that a packet reaches which is sent to `port` of the front; `None` where the path does
    /// not carry it. A protocol without ports has port zero on both sides, and types are kept.
    #[must_use]
    pub fn inside(&self, protocol: Protocol, port: u16) -> Option<u16> {
        match self {
            Self::Everything => Some(port),
            Self::Only { protocols, ports } => {
                let is_carried = !protocol.has_ports() || ports.contains(port);
                (protocols.contains(protocol) && is_carried).then_some(port)
            }
            Self::Translated { protocols, from, to } => {
                let is_carried = protocol.has_ports() && from.contains(port);
                (protocols.contains(protocol) && is_carried).then_some(*to)
            }
        }
    }

    /// A port of the front by which a packet reaches `port` of the target, the lowest one but zero where there are
    /// several; `None` where the path does not lead there.
    #[must_use]
    pub fn outside(&self, protocol: Protocol, port: u16) -> Option<u16> {
        match self {
            Self::Everything | Self::Only { .. } => self.inside(protocol, port),
            Self::Translated { protocols, from, to } => {
                let &(first, last) = from.spans().first()?;
                let leads = protocol.has_ports() && protocols.contains(protocol) && *to == port;
                leads.then(|| first.max(1).min(last))
            }
        }
    }

    /// The ports of the front by which packets of a protocol reach these ports of the target. None for a protocol
    /// without ports; types are what they are at the target.
    #[must_use]
    pub fn fronts_of(&self, protocol: Protocol, ports: &PortSet) -> PortSet {
        match self {
            Self::Everything => ports.clone(),
            Self::Only { .. } if !protocol.has_ports() => ports.clone(),
            Self::Only { ports: carried, .. } => carried.intersection(ports),
            Self::Translated { from, to, .. } => match ports.contains(*to) && protocol.has_ports() {
                true => PortSet::clone(from),
                false => PortSet::empty(),
            },
        }
    }
}

/// Something on a path that passes packets on and keeps none: a load balancer, a gateway, a firewall that translates.
/// What it denies is in the path's filter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Hop {
    /// What kind of resource it is.
    pub kind: &'static str,
    /// Its id.
    pub id: Name,
    /// Its name.
    pub name: Name,
    /// What of it leads on: the name of a balancing rule, of an inbound translation, of a listener.
    pub rule: Option<Name>,
    /// Where that was read.
    pub provenance: Option<Provenance>,
}

/// One way from the Internet to a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// What an admitted packet reaches.
    pub reach: Reach,
    /// The address it is sent to from outside; `None` when there is none or the input does not have it.
    pub front: Option<Front>,
    /// The addresses it carries when the filters see it.
    pub destinations: Destinations,
    /// Which packets it carries, and from which ports outside.
    pub carries: Carries,
    /// What passes them on between the front and the target, in this order.
    pub hops: Vec<Hop>,
    /// What stands in between.
    pub filter: Arc<Filter>,
}

/// Something the Internet may reach: an interface, a group with nothing known behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The cloud it is in, in one lower-case word.
    pub cloud: &'static str,
    /// Its id, in the spelling of its document.
    pub id: Name,
    /// Its id as compared: two spellings of one id have one key.
    pub key: Name,
    /// What kind of resource it is.
    pub kind: &'static str,
    /// Its name.
    pub name: Name,
    /// Subscription, account or project; `None` when the input does not say.
    pub scope: Option<Name>,
    /// Running, stopped and so on, where the input says it.
    pub power: Option<Name>,
    /// What else is known of it that bears on the answer, by name: the state of its web application firewall, say.
    /// The engine decides nothing on it; checks ask for `service` and `waf` to say what a reached target means. Sorted.
    pub attributes: Vec<(&'static str, Name)>,
    /// The ways to it.
    pub paths: Vec<Path>,
    /// Where it was read.
    pub provenance: Option<Provenance>,
}
