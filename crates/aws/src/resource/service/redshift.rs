//! Clusters of Redshift, and workgroups of its serverless form (P20).

use cloud::{Said, Stated, grammar};
use packet::PortSet;

use crate::intake::Intake;
use crate::resource::{Arn, Identity, Origin, attached};

use super::database::{self, Database, Public, Seat, Site};
use super::line::{Face, power};

/// A cluster of Redshift.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RedshiftCluster {
    pub(crate) identity: Identity,
    pub(crate) database: Database,
}

/// A workgroup of Redshift Serverless.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RedshiftWorkgroup {
    pub(crate) identity: Identity,
    pub(crate) database: Database,
}

impl RedshiftCluster {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        if stated.has("SnapshotIdentifier") {
            return None;
        }
        let name = super::name_of(stated, "ClusterIdentifier", intake)?;
        let arn = arn(stated, name, origin, intake);
        let known = (arn.as_deref(), "redshift:cluster:", name);
        let mut identity = super::identity(stated, known, origin, intake);
        let mut seat = Seat::read(stated, intake);
        seat.subnet_group =
            stated.text("ClusterSubnetGroupName", intake).this().map(|group| intake.name(group));
        database::in_region(&mut identity, &seat, intake);
        if let Said::This(second) = stated.object("MultiAZSecondary", intake) {
            let zone = second.text("AvailabilityZone", intake).this();
            seat.zones.extend(zone.map(|zone| intake.name(zone)));
            seat.is_everywhere = true;
        }
        let port = database::endpoint_port(stated, "Endpoint", intake);
        let database = Database {
            is_public: Public::read(stated, intake),
            ports: ports(port, stated, intake),
            groups: database::groups(stated, "ClusterSecurityGroups", intake),
            seat,
            faces: faces(stated, "IpAddressType", intake),
            front: front(stated, intake),
            power: power(stated, "ClusterStatus", intake),
        };
        Some(Self { identity, database })
    }
}

/// The ARN of a cluster: it prints that of its namespace only.
fn arn<'a>(
    stated: &Stated<'_, 'a>,
    name: &str,
    origin: &Origin,
    intake: &mut Intake<'_, 'a>,
) -> Option<String> {
    let of_item = origin.arn.as_deref().filter(|arn| Arn::of(arn).resource.starts_with("cluster:"));
    let of_item = of_item.map(str::to_owned);
    of_item.or_else(|| {
        let namespace = stated.text("ClusterNamespaceArn", intake).this()?;
        let (before, _) = namespace.split_once("namespace:")?;
        Some(format!("{before}cluster:{name}"))
    })
}

impl RedshiftWorkgroup {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let name = super::name_of(stated, "workgroupName", intake)?;
        let arn = stated.text("workgroupArn", intake).this();
        let identity = super::identity(stated, (arn, "redshift-serverless:workgroup/", name), origin, intake);
        let endpoint = database::endpoint_port(stated, "endpoint", intake);
        let port = endpoint.or_else(|| database::port(stated, "port", intake));
        let subnets = match stated.texts("subnetIds", intake) {
            Said::This(subnets) => {
                Some(subnets.into_iter().map(|id| Site { subnet: intake.name(id), zone: None }).collect())
            }
            Said::Nothing | Said::Unreadable => None,
        };
        let database = Database {
            is_public: Public::read(stated, intake),
            ports: ports(port, stated, intake),
            groups: attached(stated, "securityGroupIds", intake),
            seat: Seat { subnets, ..Seat::default() },
            faces: faces(stated, "ipAddressType", intake),
            front: None,
            power: power(stated, "status", intake),
        };
        Some(Self { identity, database })
    }
}

fn ports<'a>(
    port: Option<u16>,
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> packet::Bounds<PortSet> {
    database::ports_or_any(port.map_or_else(PortSet::empty, PortSet::only), stated, intake)
}

fn faces<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Vec<Face> {
    match stated.text(key, intake) {
        Said::Nothing => vec![Face::V4],
        Said::This(word) if word.eq_ignore_ascii_case("ipv4") => vec![Face::V4],
        Said::This(word) if word.eq_ignore_ascii_case("dualstack") => vec![Face::V4, Face::V6],
        Said::This(_) | Said::Unreadable => vec![Face::V4, Face::MAYBE_V6],
    }
}

/// The Elastic IP of the cluster, else the public address of the node that clients talk to.
fn front<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<core::net::IpAddr> {
    let elastic = stated.object("ElasticIpStatus", intake).this();
    let elastic = elastic.and_then(|status| status.text("ElasticIp", intake).this());
    if let Some(address) = elastic.and_then(grammar::address) {
        return Some(address);
    }
    let nodes = stated.objects("ClusterNodes", intake).this().unwrap_or_default();
    nodes.iter().find_map(|node| {
        let role = node.text("NodeRole", intake).this()?;
        let leads = ["LEADER", "SHARED"].iter().any(|word| role.eq_ignore_ascii_case(word));
        let address = node.text("PublicIPAddress", intake).this().and_then(grammar::address);
        address.filter(|_| leads)
    })
}
