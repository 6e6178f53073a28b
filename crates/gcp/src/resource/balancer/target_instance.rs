//! Target instances: one instance that takes packets of forwarding rules, as they are (G16).

use cloud::{Said, Stated};

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::{Guard, link};

/// A target instance.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetInstance {
    pub(crate) identity: Identity,
    /// Nothing: not told.
    pub(crate) instance: Said<Link>,
    /// The network whose interface takes packets; Nothing: the first interface.
    pub(crate) network: Said<Link>,
    pub(crate) security_policy: Guard,
}

impl TargetInstance {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        Some(Self {
            identity: Identity::read(stated, "targetInstances", origin, intake)?,
            instance: link(stated, "instance", intake),
            network: link(stated, "network", intake),
            security_policy: Guard::read(stated, "securityPolicy", origin, intake),
        })
    }
}
