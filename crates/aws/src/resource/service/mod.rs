//! Services with a public endpoint of their own (P20 to P23, W26): whom each lets in, as its documents say.
//!
//! Two ways of saying it: a list of its own (`line`), or the groups and the network it is in (`database`). Network reach
//! only: nothing here is about authentication. Knows no path and no target; `lower` has those.

mod access_policy;
mod condition;
mod database;
mod eks_cluster;
mod glob;
mod in_network;
mod lightsail_database;
mod lightsail_instance;
mod lightsail_port_states;
mod line;
mod opensearch_domain;
mod rds_cluster;
mod rds_instance;
mod redshift;
mod subnet_group;

use std::borrow::Cow;

use cloud::Stated;
use model::Effect;

use crate::intake::Intake;

use super::{Attached, Identity, Origin, Registers};

pub(crate) use database::{Database, Public, Seat, Site, Standby};
pub(crate) use eks_cluster::EksCluster;
pub(crate) use in_network::{CacheCluster, MemoryCluster, ServerlessCache};
pub(crate) use lightsail_database::LightsailDatabase;
pub(crate) use lightsail_instance::{FrontAddress, LightsailInstance};
pub(crate) use lightsail_port_states::{LightsailPortStates, PORTS, Ports};
pub(crate) use line::{Face, Line};
pub(crate) use opensearch_domain::OpensearchDomain;
pub(crate) use rds_cluster::RdsCluster;
pub(crate) use rds_instance::RdsInstance;
pub(crate) use redshift::{RedshiftCluster, RedshiftWorkgroup};
pub(crate) use subnet_group::{RdsSubnetGroup, RedshiftSubnetGroup};

/// The identity of a service. Its id is its ARN, or what follows account and region in one, which is no other kind's;
/// people call it by its name, whatever its tags say.
fn identity<'a>(
    stated: &Stated<'_, 'a>,
    (arn, within, name): (Option<&str>, &str, &str),
    origin: &Origin,
    intake: &mut Intake<'_, 'a>,
) -> Identity {
    let arn = arn.or(origin.arn.as_deref());
    let id = arn.map_or_else(|| Cow::Owned(format!("{within}{name}")), Cow::Borrowed);
    let read = Identity::read(stated, &id, None, origin, intake);
    Identity { name: intake.name(name), ..read }
}

/// The text that a service is known by; without one it is not taken in, which is told.
fn name_of<'n, 'a>(stated: &Stated<'n, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<&'n str> {
    let said = stated.text(key, intake);
    if said.is_nothing() {
        let sentence = format!("`{key}` is missing: nothing of it is in the answer");
        stated.tell("missing-field", Effect::Skipped, &sentence, intake);
    }
    said.this()
}

impl Registers {
    /// The groups that databases carry.
    pub(crate) fn database_groups(&self) -> impl Iterator<Item = (&Attached, &Identity)> {
        let instances = self.rds_instances.values().map(|one| (&one.database.groups, &one.identity));
        let clusters = self.rds_clusters.values();
        let clusters = clusters
            .filter_map(|one| one.database.as_ref().map(|database| (&database.groups, &one.identity)));
        let redshift = self.redshift_clusters.values().map(|one| (&one.database.groups, &one.identity));
        let workgroups = self.redshift_workgroups.values().map(|one| (&one.database.groups, &one.identity));
        instances.chain(clusters).chain(redshift).chain(workgroups)
    }
}
