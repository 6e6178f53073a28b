//! Redis caches (semantics P5): ranges, each a resource of its own; without one everybody is let in.

use cloud::json::Node;
use cloud::{Said, Stated};
use packet::Family;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::databases::nested_ranges;
use super::{
    Kept, Otherwise, PublicAccess, Ranges, Service, ServiceKind, flag_or, has_any, is_full, part, says_any,
};

pub(crate) static REDIS: ServiceKind = ServiceKind {
    without: Otherwise::Allow,
    ..ServiceKind::new(["redis-cache", "redis-cache-firewall", "Redis caches", "az redis list"], &[6380])
        .beside("firewall rules", "az redis firewall-rules list")
};

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed Redis cache", intake);
    let is_full = is_full(&stated, MARKS);
    let access = PublicAccess::read(&stated, is_full, intake);
    let access = match stated.text("subnetId", intake) {
        Said::Nothing => access,
        Said::This(_) => PublicAccess::Disabled,
        Said::Unreadable => access.and(PublicAccess::Untold),
    };
    let ranges = Ranges {
        ipv4: nested_ranges(&stated, ("firewallRules", Family::V4), &REDIS, intake),
        ipv6: Some(Vec::new()),
        without: Otherwise::Allow,
    };
    let plain = flag_or(&stated, &["enableNonSslPort"], is_full.then_some(false), intake);
    let is_told = is_full || has_any(&stated, &["publicNetworkAccess", "firewallRules"]);
    let service = Service::new(identity, &REDIS, access, Kept::Ranges(ranges)).with_port(6379, plain);
    let is_whole = is_full || (says_any(&stated, &["publicNetworkAccess"]) && plain.is_some());
    Service { is_told, is_whole, ..service }.into()
}

pub(crate) fn read_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    part::range((&REDIS, "redis-firewall-rule"), Family::V4, node, intake)
}

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["hostName", "redisVersion", "sslPort", "enableNonSslPort"];
