//! Caches that are reached from their own network only, whatever their groups let in (P20): ElastiCache and MemoryDB.
//!
//! They are read to be counted: none is a target.

use cloud::Stated;

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

/// A cluster of ElastiCache, one of a replication group or alone.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct CacheCluster {
    pub(crate) identity: Identity,
}

/// A serverless cache of ElastiCache.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ServerlessCache {
    pub(crate) identity: Identity,
}

/// A cluster of MemoryDB.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct MemoryCluster {
    pub(crate) identity: Identity,
}

impl CacheCluster {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        Some(Self { identity: identity(stated, "CacheClusterId", origin, intake)? })
    }
}

impl ServerlessCache {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        Some(Self { identity: identity(stated, "ServerlessCacheName", origin, intake)? })
    }
}

impl MemoryCluster {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        Some(Self { identity: identity(stated, "Name", origin, intake)? })
    }
}

fn identity<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    origin: &Origin,
    intake: &mut Intake<'_, 'a>,
) -> Option<Identity> {
    let name = stated.text(key, intake).this();
    let id = stated.text("ARN", intake).this().or(origin.arn.as_deref()).or(name)?;
    Some(Identity::read(stated, id, name, origin, intake))
}
