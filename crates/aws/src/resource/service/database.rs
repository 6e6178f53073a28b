//! What RDS, Aurora and Redshift have in common (P20): whether a database is public, at which ports it listens, who
//! filters in front of it, and in which subnets it may be.
//!
//! Knows no gateway and no group: it has their ids.

use cloud::{Said, Stated};
use model::{Effect, Name};
use packet::{Bounds, PortSet};

use crate::intake::Intake;
use crate::resource::place::region_of_zone;
use crate::resource::{Attached, Identity, attached};

use super::line::Face;

/// A database that is reached through the network it is in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Database {
    pub(crate) is_public: Public,
    /// The TCP ports of its endpoints.
    pub(crate) ports: Bounds<PortSet>,
    pub(crate) groups: Attached,
    pub(crate) seat: Seat,
    pub(crate) faces: Vec<Face>,
    /// An address by which it is known to be reached from outside.
    pub(crate) front: Option<core::net::IpAddr>,
    pub(crate) power: Option<Name>,
}

/// Whether a database has a public address. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Public {
    Accessible,
    Private,
    /// Not known. It has been told as a gap.
    Unknown,
}

/// Where in a network a database is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Seat {
    pub(crate) vpc: Option<Name>,
    /// The subnets it may be in, as far as its own document lists them.
    pub(crate) subnets: Option<Vec<Site>>,
    /// The group of subnets it may be in, where that is listed elsewhere.
    pub(crate) subnet_group: Option<Name>,
    /// The zones it is in; none: not said.
    pub(crate) zones: Vec<Name>,
    /// Whether it is in all of these at once, or in one of them.
    pub(crate) is_everywhere: bool,
    /// Where it is when its zone fails.
    pub(crate) standby: Standby,
}

/// Where a database is when its own zone fails. Complete.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Standby {
    /// It has none.
    #[default]
    Nowhere,
    /// In this zone.
    In(Name),
    /// In another zone, which is not said.
    Somewhere,
}

/// A subnet of a group of subnets.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Site {
    pub(crate) subnet: Name,
    pub(crate) zone: Option<Name>,
}

impl Public {
    /// `PubliclyAccessible`: what is not said is not known.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        match stated.flag(PUBLIC, intake) {
            Said::This(true) => Self::Accessible,
            Said::This(false) => Self::Private,
            Said::Unreadable => Self::Unknown,
            Said::Nothing => {
                let sentence = format!("`{PUBLIC}` is missing: whether it has a public address is not known");
                stated.tell("missing-field", Effect::Undecided, &sentence, intake);
                Self::Unknown
            }
        }
    }
}

impl Seat {
    /// The place that an RDS instance or a Redshift cluster states of itself.
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let zone = stated.text("AvailabilityZone", intake).this();
        let mut seat = Self {
            vpc: stated.text("VpcId", intake).this().map(|vpc| intake.name(vpc)),
            zones: zone.map(|zone| intake.name(zone)).into_iter().collect(),
            standby: standby(stated, intake),
            ..Self::default()
        };
        match stated.value("DBSubnetGroup") {
            Some(cloud::json::Tree::Text(name)) if !name.trim().is_empty() => {
                seat.subnet_group = Some(intake.name(name.trim()));
            }
            _ => {
                if let Said::This(group) = stated.object("DBSubnetGroup", intake) {
                    let (vpc, sites) = subnet_group(&group, intake);
                    seat.vpc = vpc.or(seat.vpc);
                    seat.subnets = sites;
                    let name = group.text("DBSubnetGroupName", intake).this();
                    seat.subnet_group = name.map(|name| intake.name(name));
                }
            }
        }
        seat
    }
}

/// `MultiAZ` of an RDS instance. Clusters of Redshift have a word there, and are in both of their zones.
fn standby<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Standby {
    if let Said::This(zone) = stated.text("SecondaryAvailabilityZone", intake) {
        return Standby::In(intake.name(zone));
    }
    match stated.value("MultiAZ") {
        // One that may have a standby may be there.
        Some(cloud::json::Tree::Flag(true) | cloud::json::Tree::Unknown(_)) => Standby::Somewhere,
        _ => Standby::Nowhere,
    }
}

/// The VPC and the subnets of a group of subnets; `None` where it does not list them, or not so that they can be read.
pub(super) fn subnet_group<'a>(
    group: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> (Option<Name>, Option<Vec<Site>>) {
    let vpc = group.text("VpcId", intake).this().map(|vpc| intake.name(vpc));
    let Said::This(listed) = group.objects("Subnets", intake) else { return (vpc, None) };
    let mut sites = Vec::with_capacity(listed.len());
    for entry in listed {
        let Said::This(subnet) = entry.text("SubnetIdentifier", intake) else { return (vpc, None) };
        let zone = entry.object("SubnetAvailabilityZone", intake).this();
        let zone = zone.and_then(|zone| zone.text("Name", intake).this()).map(|zone| intake.name(zone));
        sites.push(Site { subnet: intake.name(subnet), zone });
    }
    sites.sort_by(|one, other| one.subnet.cmp(&other.subnet));
    (vpc, Some(sites))
}

/// The region of a database whose document has no ARN: that of its zone.
pub(super) fn in_region(identity: &mut Identity, seat: &Seat, intake: &mut Intake<'_, '_>) {
    if identity.region.is_none() {
        let region = seat.zones.first().and_then(|zone| region_of_zone(zone));
        identity.region = region.map(|region| intake.name(region));
    }
}

/// `NetworkType` of RDS. What was exported before there was a choice does not have it; IPv6 is possible there.
pub(super) fn faces<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Face> {
    match stated.text("NetworkType", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("IPV4") => vec![Face::V4],
        Said::This(word) if word.eq_ignore_ascii_case("DUAL") => vec![Face::V4, Face::V6],
        Said::This(word) if word.eq_ignore_ascii_case("IPV6") => vec![Face::V6],
        Said::Nothing => vec![Face::V4, Face::MAYBE_V6],
        Said::This(_) | Said::Unreadable => vec![Face::MAYBE_V4, Face::MAYBE_V6],
    }
}

/// Its groups. What is in EC2-Classic has others in their place, with lists of their own: not known.
pub(super) fn groups<'a>(stated: &Stated<'_, 'a>, classic: &str, intake: &mut Intake<'_, 'a>) -> Attached {
    let groups = attached(stated, "VpcSecurityGroups", intake);
    let has_none = groups.is_nothing() || matches!(&groups, Said::This(groups) if groups.is_empty());
    let is_classic = matches!(stated.objects(classic, intake), Said::This(classic) if !classic.is_empty());
    if has_none && is_classic {
        let sentence =
            format!("it is in EC2-Classic, whose `{classic}` are not read: whom they let in is not known");
        stated.tell("classic-groups", Effect::Undecided, &sentence, intake);
        return Said::Unreadable;
    }
    groups
}

/// The port under a key; zero is how RDS says none.
pub(super) fn port<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Option<u16> {
    let number = stated.number(key, intake).this()?;
    u16::try_from(number).ok().filter(|port| *port > 0)
}

/// The port of an endpoint under a key.
pub(super) fn endpoint_port<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Option<u16> {
    // Clusters of RDS have a name there.
    let Some(cloud::json::Tree::Object(_)) = stated.value(key) else { return None };
    let endpoint = stated.object(key, intake).this()?;
    port(&endpoint, "Port", intake)
}

/// These ports, or, where none is said, any.
pub(super) fn ports_or_any<'a>(
    ports: PortSet,
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Bounds<PortSet> {
    if !ports.is_empty() {
        return Bounds::exactly(ports);
    }
    let sentence = "its document does not say its port: every port is possible";
    stated.tell("missing-field", Effect::Undecided, sentence, intake);
    Bounds::between(PortSet::empty(), PortSet::everything())
}

const PUBLIC: &str = "PubliclyAccessible";
