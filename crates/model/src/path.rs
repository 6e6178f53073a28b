//! Targets and the paths on which the Internet comes to them.

use core::net::IpAddr;
use std::sync::Arc;

use packet::AddressSet;

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
    /// The ways to it.
    pub paths: Vec<Path>,
    /// Where it was read.
    pub provenance: Option<Provenance>,
}
