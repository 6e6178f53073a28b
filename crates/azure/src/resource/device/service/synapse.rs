//! Synapse workspaces (semantics P4): ranges of IPv4 for all of their public endpoints.

use cloud::Stated;
use cloud::json::Node;
use packet::Family;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::databases::nested_ranges;
use super::{Kept, Otherwise, PublicAccess, Ranges, Service, ServiceKind, has_any, is_full, part, says_any};

pub(crate) static SYNAPSE: ServiceKind = ServiceKind::new(
    ["synapse-workspace", "synapse-workspace-firewall", "Synapse workspaces", "az synapse workspace list"],
    &[443, 1433],
)
.beside("firewall rules", "az synapse workspace firewall-rule list")
.with_azure();

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed Synapse workspace", intake);
    let is_full = is_full(&stated, MARKS);
    let access = PublicAccess::read(&stated, is_full, intake);
    let ranges = Ranges {
        ipv4: nested_ranges(&stated, ("firewallRules", Family::V4), &SYNAPSE, intake),
        ipv6: Some(Vec::new()),
        without: Otherwise::Deny,
    };
    let is_told = is_full || has_any(&stated, &["publicNetworkAccess", "firewallRules"]);
    let service = Service::new(identity, &SYNAPSE, access, Kept::Ranges(ranges));
    let is_whole = is_full || says_any(&stated, &["publicNetworkAccess"]);
    Service { is_told, is_whole, ..service }.into()
}

pub(crate) fn read_rule<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    part::range((&SYNAPSE, "synapse-firewall-rule"), Family::V4, node, intake)
}

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["connectivityEndpoints", "defaultDataLakeStorage", "sqlAdministratorLogin"];
