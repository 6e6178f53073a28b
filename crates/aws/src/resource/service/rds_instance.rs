//! Instances of RDS, Aurora, Neptune and DocumentDB (P20), which one command lists together.

use cloud::{Said, Stated};
use packet::PortSet;

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::database::{self, Database, Public, Seat};
use super::line::power;

/// An instance of RDS.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RdsInstance {
    pub(crate) identity: Identity,
    pub(crate) database: Database,
}

impl RdsInstance {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        // Snapshots and backups name the instance they are of.
        if ["DBSnapshotIdentifier", "DBInstanceAutomatedBackupsArn"].iter().any(|key| stated.has(key)) {
            return None;
        }
        let name = super::name_of(stated, "DBInstanceIdentifier", intake)?;
        let arn = stated.text("DBInstanceArn", intake).this();
        let mut identity = super::identity(stated, (arn, "rds:db:", name), origin, intake);
        let seat = Seat::read(stated, intake);
        database::in_region(&mut identity, &seat, intake);
        let database = Database {
            is_public: is_public(stated, intake),
            ports: database::ports_or_any(ports(stated, intake), stated, intake),
            groups: database::groups(stated, "DBSecurityGroups", intake),
            seat,
            faces: database::faces(stated, intake),
            front: None,
            power: power(stated, "DBInstanceStatus", intake),
        };
        Some(Self { identity, database })
    }
}

/// DocumentDB has no public endpoints, whatever is set.
fn is_public<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Public {
    match stated.text("Engine", intake) {
        Said::This(engine) if engine.eq_ignore_ascii_case("docdb") => Public::Private,
        Said::This(_) | Said::Nothing | Said::Unreadable => Public::read(stated, intake),
    }
}

/// The port of its endpoint, and that of an availability group of SQL Server. `DbInstancePort` is 0 where the endpoint
/// says it.
fn ports<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> PortSet {
    let endpoints = ["Endpoint", "ListenerEndpoint"].map(|key| database::endpoint_port(stated, key, intake));
    let ports = endpoints.into_iter().flatten().map(PortSet::only);
    let ports = ports.fold(PortSet::empty(), |sum, port| sum.union(&port));
    match ports.is_empty() {
        true => database::port(stated, "DbInstancePort", intake).map_or(ports, PortSet::only),
        false => ports,
    }
}
