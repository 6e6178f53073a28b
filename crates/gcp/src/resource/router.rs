//! Cloud Routers: whether they learn routes, and Cloud NAT, which lets nobody in.
//!
//! Knows no route: what a router learns stands in no export.

use cloud::{Said, Stated};

use crate::intake::Intake;

use super::{Identity, Link, Origin};

/// A Cloud Router.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Router {
    pub(crate) identity: Identity,
    pub(crate) network: Option<Link>,
    /// Whether it has peers from which it learns routes, or says nothing that can be read of them.
    pub(crate) learns: bool,
}

impl Router {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "routers", origin, intake)?;
        let network = stated.text("network", intake).this().map(Link::of);
        let learns = match stated.objects("bgpPeers", intake) {
            Said::This(peers) => !peers.is_empty(),
            Said::Nothing => false,
            Said::Unreadable => true,
        };
        Some(Self { identity, network, learns })
    }
}
