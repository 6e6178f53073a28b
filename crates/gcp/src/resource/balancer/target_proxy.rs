//! Target proxies of all kinds: what ends connections for a load balancer, and whom it asks (G17).

use cloud::{Said, Stated};

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::link;

/// A target proxy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetProxy {
    pub(crate) identity: Identity,
    /// Of HTTP, HTTPS and gRPC.
    pub(crate) url_map: Said<Link>,
    /// Of TCP and SSL: a backend service.
    pub(crate) service: Said<Link>,
}

/// The kinds of which a register is kept. They say the same things.
pub(crate) type TargetHttpProxy = TargetProxy;
pub(crate) type TargetHttpsProxy = TargetProxy;
pub(crate) type TargetSslProxy = TargetProxy;
pub(crate) type TargetTcpProxy = TargetProxy;
pub(crate) type TargetGrpcProxy = TargetProxy;

impl TargetProxy {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        // Where its path is not stated, its kind is: nothing else tells it.
        let collection = match stated.text("kind", intake).this() {
            Some("compute#targetHttpProxy") => "targetHttpProxies",
            Some("compute#targetSslProxy") => "targetSslProxies",
            Some("compute#targetTcpProxy") => "targetTcpProxies",
            Some("compute#targetGrpcProxy") => "targetGrpcProxies",
            _ => "targetHttpsProxies",
        };
        Some(Self {
            identity: Identity::read(stated, collection, origin, intake)?,
            url_map: link(stated, "urlMap", intake),
            service: link(stated, "service", intake),
        })
    }
}
