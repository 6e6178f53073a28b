//! Target pools: instances that take packets of forwarding rules, as they are (G16).

use cloud::{Said, Stated};

use crate::intake::Intake;

use super::super::{Identity, Link, Origin};
use super::{Guard, is_told, link, links, or_empty};

/// A target pool.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetPool {
    pub(crate) identity: Identity,
    /// Nothing: not told.
    pub(crate) instances: Said<Vec<Link>>,
    /// The pool that takes packets where too few of its own instances are well.
    pub(crate) backup: Said<Link>,
    pub(crate) security_policy: Guard,
}

impl TargetPool {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "targetPools", origin, intake)?;
        let instances = links(stated, "instances", intake);
        Some(Self {
            identity,
            instances: or_empty(instances, is_told(stated, "instances", origin)),
            backup: link(stated, "backupPool", intake),
            security_policy: Guard::read(stated, "securityPolicy", origin, intake),
        })
    }
}
