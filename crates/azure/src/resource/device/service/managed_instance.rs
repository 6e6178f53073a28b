//! SQL managed instances (semantics P2): a public endpoint on a port of its own, behind the group of the subnet.

use cloud::json::Node;
use cloud::{Said, Stated};
use model::Effect;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::{Kept, PublicAccess, Service, ServiceKind, flag_or, is_full, says_any};

pub(crate) static MANAGED_INSTANCE: ServiceKind = ServiceKind::new(
    ["sql-managed-instance", "sql-managed-instance-endpoint", "SQL managed instances", "az sql mi list"],
    &[3342],
);

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed SQL managed instance", intake);
    let is_full = is_full(&stated, MARKS);
    // Modules of PowerShell that are older than the endpoint leave the key out: absent is not null.
    let otherwise = (is_full && stated.has(ENDPOINT)).then_some(false);
    let access = match flag_or(&stated, &[ENDPOINT], otherwise, intake) {
        Some(true) => PublicAccess::Enabled,
        Some(false) => PublicAccess::Disabled,
        None => PublicAccess::Untold,
    };
    let subnet = match stated.reference("subnetId", intake) {
        Said::This(key) => Some(key),
        Said::Nothing => {
            if access != PublicAccess::Disabled {
                let sentence =
                    "`subnetId` is missing: which group stands before its public endpoint is not known";
                stated.tell("missing-field", Effect::Undecided, sentence, intake);
            }
            None
        }
        Said::Unreadable => None,
    };
    let service = Service::new(identity, &MANAGED_INSTANCE, access, Kept::Subnet(subnet));
    Service { is_told: is_full || says_any(&stated, &[ENDPOINT]), ..service }.into()
}

const ENDPOINT: &str = "publicDataEndpointEnabled";

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["fullyQualifiedDomainName", "dnsZone", "licenseType"];
