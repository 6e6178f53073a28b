//! SQL servers (semantics P1): ranges of both families, each a resource of its own.

use cloud::Stated;
use cloud::json::Node;
use packet::Family;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::databases::nested_ranges;
use super::{Kept, Otherwise, PublicAccess, Ranges, Service, ServiceKind, has_any, is_full, part, says_any};

pub(crate) static SQL_SERVER: ServiceKind =
    ServiceKind::new(["sql-server", "sql-server-firewall", "SQL servers", "az sql server list"], &[1433])
        .beside("firewall rules", "az sql server firewall-rule list")
        .with_azure()
        .dual();

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed SQL server", intake);
    let is_full = is_full(&stated, MARKS);
    let access = PublicAccess::read(&stated, is_full, intake);
    let ranges = Ranges {
        ipv4: nested_ranges(&stated, ("firewallRules", Family::V4), &SQL_SERVER, intake),
        ipv6: nested_ranges(&stated, ("ipv6FirewallRules", Family::V6), &SQL_SERVER, intake),
        without: Otherwise::Deny,
    };
    let is_told = is_full || has_any(&stated, &["publicNetworkAccess", "firewallRules"]);
    let service = Service::new(identity, &SQL_SERVER, access, Kept::Ranges(ranges));
    let is_whole = is_full || says_any(&stated, &["publicNetworkAccess"]);
    Service { is_told, is_whole, ..service }.into()
}

pub(crate) fn read_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    part::range((&SQL_SERVER, "sql-firewall-rule"), Family::V4, node, intake)
}

pub(crate) fn read_ipv6_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    part::range((&SQL_SERVER, "sql-firewall-rule"), Family::V6, node, intake)
}

/// P1: rules of virtual networks let in no Internet address.
pub(crate) fn read_network_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    part::unrelated((&SQL_SERVER, "sql-virtual-network-rule"), node, intake)
}

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["fullyQualifiedDomainName", "administratorLogin"];
