//! Clusters of Aurora, Neptune and DocumentDB, and Multi-AZ clusters of RDS (P20).
//!
//! The endpoints of an Aurora cluster are those of its instances, each of which says whether it is public. A Multi-AZ
//! cluster says it itself.

use cloud::{Said, Stated};
use model::Name;
use packet::PortSet;

use crate::intake::Intake;
use crate::resource::{Identity, Origin, attached};

use super::database::{self, Database, Public, Seat, Standby};
use super::line::power;

/// A cluster.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RdsCluster {
    pub(crate) identity: Identity,
    /// What it is by itself; `None` where its instances are what is reached.
    pub(crate) database: Option<Database>,
    /// The identifiers of its instances.
    pub(crate) members: Vec<Name>,
}

impl RdsCluster {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        if ["DBClusterSnapshotIdentifier", "DBClusterAutomatedBackupsArn"].iter().any(|key| stated.has(key)) {
            return None;
        }
        let name = super::name_of(stated, "DBClusterIdentifier", intake)?;
        let arn = stated.text("DBClusterArn", intake).this();
        let mut identity = super::identity(stated, (arn, "rds:cluster:", name), origin, intake);
        let mut members = Vec::new();
        for member in stated.listed("DBClusterMembers", intake) {
            if let Said::This(id) = member.text("DBInstanceIdentifier", intake) {
                members.push(intake.name(id));
            }
        }
        members.sort_unstable();
        let database = has_own_endpoint(stated, &members, intake).then(|| own(stated, intake));
        if let Some(database) = &database {
            database::in_region(&mut identity, &database.seat, intake);
        }
        Some(Self { identity, database, members })
    }
}

/// Whether the cluster is public by itself, or says so, or has no instances that could say it. What Aurora and Neptune
/// say of a cluster is nothing about its instances. One without servers never has a public address: the first
/// serverless Aurora.
fn has_own_endpoint<'a>(stated: &Stated<'_, 'a>, members: &[Name], intake: &mut Intake<'_, 'a>) -> bool {
    let is =
        |said: Said<&str>, word: &str| matches!(said, Said::This(said) if said.eq_ignore_ascii_case(word));
    let engine = stated.text("Engine", intake);
    if is(stated.text("EngineMode", intake), "serverless") || is(engine.clone(), "docdb") {
        return false;
    }
    let by_instances =
        matches!(engine, Said::This(engine) if engine.starts_with("aurora") || engine == "neptune");
    match stated.flag(PUBLIC, intake) {
        Said::This(true) | Said::Unreadable => true,
        Said::This(false) => !by_instances,
        Said::Nothing => members.is_empty() && !stated.has("DBClusterMembers"),
    }
}

fn own<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Database {
    let mut seat = Seat::read(stated, intake);
    for zone in stated.listed_texts("AvailabilityZones", intake) {
        seat.zones.push(intake.name(zone));
    }
    // Its instances are in different zones, and one endpoint or another leads to each.
    seat.is_everywhere = true;
    seat.standby = Standby::Nowhere;
    let port = database::port(stated, "Port", intake).map_or_else(PortSet::empty, PortSet::only);
    Database {
        is_public: Public::read(stated, intake),
        ports: database::ports_or_any(port, stated, intake),
        groups: attached(stated, "VpcSecurityGroups", intake),
        seat,
        faces: database::faces(stated, intake),
        front: None,
        power: power(stated, "Status", intake),
    }
}

const PUBLIC: &str = "PubliclyAccessible";
