//! What a way carries, as far as its answer depends on it.
//!
//! Two ways with equal filters, destinations and this are one question, wherever they are seen from outside.

use std::borrow::Cow;
use std::sync::Arc;

use model::Carries;
use packet::{PortSet, Protocol, ProtocolSet};

/// The packets that come to the target's filters, where that is not everything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct Carried {
    protocols: ProtocolSet,
    /// Of protocols that have them, at the target.
    ports: Arc<PortSet>,
}

impl Carried {
    /// `None` where every packet of a universe of protocols comes.
    pub(crate) fn by(carries: &Carries, universe: ProtocolSet) -> Option<Self> {
        match carries {
            Carries::Everything => None,
            Carries::Only { protocols, ports } => {
                let carried = Self { protocols: protocols.intersection(universe), ports: Arc::clone(ports) };
                let is_everything = carried.protocols == universe && ports.is_everything();
                (!is_everything).then_some(carried)
            }
            Carries::Translated { protocols, from, to } => {
                let ports = if from.is_empty() { PortSet::empty() } else { PortSet::only(*to) };
                let ported = protocols.intersection(universe).iter().filter(|protocol| protocol.has_ports());
                Some(Self { protocols: ported.collect(), ports: Arc::new(ports) })
            }
        }
    }
}

/// The protocols and ports a question is about.
pub(crate) struct Scope<'a> {
    pub(crate) protocols: ProtocolSet,
    /// Of one family, one by one.
    pub(crate) each_protocol: Cow<'a, [Protocol]>,
    /// `None` for all.
    pub(crate) ports: Option<&'a PortSet>,
}

impl<'a> Scope<'a> {
    pub(crate) fn of(
        carried: Option<&'a Carried>,
        universe: ProtocolSet,
        each_protocol: &'a [Protocol],
    ) -> Self {
        let Some(Carried { protocols, ports }) = carried else {
            return Self { protocols: universe, each_protocol: Cow::Borrowed(each_protocol), ports: None };
        };
        let each = each_protocol.iter().copied().filter(|protocol| protocols.contains(*protocol));
        Self { protocols: *protocols, each_protocol: Cow::Owned(each.collect()), ports: Some(ports) }
    }
}
