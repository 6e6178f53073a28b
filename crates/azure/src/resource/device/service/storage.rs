//! Storage accounts (semantics P6).

use cloud::json::Node;
use cloud::{Said, Stated};
use packet::Family;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::acls::read_acls;
use super::{Kept, PublicAccess, Service, ServiceKind, flag_or, is_full, says_any};

pub(crate) static STORAGE: ServiceKind = ServiceKind::new(
    ["storage-account", "storage-account-firewall", "storage accounts", "az storage account list"],
    &[443],
);

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed storage account", intake);
    let is_full = is_full(&stated, MARKS);
    let access = PublicAccess::read(&stated, is_full, intake);
    let list = read_acls(&stated, LISTS, is_full, intake);
    let only_https = flag_or(&stated, &["supportsHttpsTrafficOnly", "enableHttpsTrafficOnly"], None, intake);
    let families = families(&stated, intake);
    let says_access = says_any(&stated, &["publicNetworkAccess"]);
    let is_told = is_full || says_any(&stated, LISTS) || says_access;
    let is_whole = is_full || (says_any(&stated, LISTS) && says_access);
    let service = Service::new(identity, &STORAGE, access, Kept::Here(list));
    let service = service.with_port(80, only_https.map(|only| !only));
    Service { is_told, is_whole, families, ..service }.into()
}

/// The endpoints are of IPv4, but where dual-stack ones are published beside them.
fn families<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> &'static [Family] {
    let Said::This(preference) = stated.object("dualStackEndpointPreference", intake) else {
        return STORAGE.families;
    };
    match flag_or(&preference, &["publishIpv6Endpoint"], Some(false), intake) {
        Some(false) => STORAGE.families,
        Some(true) | None => &Family::BOTH,
    }
}

const LISTS: &[&str] = &["networkAcls", "networkRuleSet"];

/// A key that a full export has, a list of names has not, and hardly anybody projects.
const MARKS: &[&str] = &["primaryEndpoints"];
