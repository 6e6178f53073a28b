//! Backend buckets: what a load balancer serves from storage.

use cloud::Stated;

use crate::intake::Intake;

use super::super::{Identity, Origin};
use super::Guard;

/// A backend bucket.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct BackendBucket {
    pub(crate) identity: Identity,
    pub(crate) edge_policy: Guard,
}

impl BackendBucket {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "backendBuckets", origin, intake)?;
        let edge_policy = Guard::read(stated, "edgeSecurityPolicy", origin, intake);
        Some(Self { identity, edge_policy })
    }
}
