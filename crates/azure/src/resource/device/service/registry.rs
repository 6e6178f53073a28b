//! Container registries (semantics P7): a list in the Premium tier only.

use cloud::Stated;
use cloud::json::Node;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::acls::read_acls;
use super::namespace::tier;
use super::{Firewall, Kept, Otherwise, PublicAccess, Service, ServiceKind, is_full, says_any};

pub(crate) static REGISTRY: ServiceKind = ServiceKind::new(
    ["container-registry", "container-registry-firewall", "container registries", "az acr list"],
    &[443],
);

pub(crate) fn read<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed container registry", intake);
    let is_full = is_full(&stated, MARKS);
    let access = PublicAccess::read(&stated, is_full, intake);
    let list = read_acls(&stated, LISTS, is_full, intake);
    let is_premium = tier(&stated, intake).map(|tier| tier.eq_ignore_ascii_case("premium"));
    let list = match is_premium {
        Some(true) => list,
        Some(false) => Firewall::open(),
        None if list.otherwise == Otherwise::Allow => list,
        None => Firewall { otherwise: Otherwise::Either, ..list },
    };
    let [says_access, says_list] = [&["publicNetworkAccess"], LISTS].map(|keys| says_any(&stated, keys));
    let is_told = is_full || says_access || says_list;
    let is_whole =
        is_premium.is_some() && (is_full || (says_access && (says_list || is_premium == Some(false))));
    let service = Service::new(identity, &REGISTRY, access, Kept::Here(list));
    Service { is_told, is_whole, ..service }.into()
}

/// The list, and its name where PowerShell is read as REST.
const LISTS: &[&str] = &["networkRuleSet", "networkAcls"];

/// Keys that a full export has, and a list of names has not.
const MARKS: &[&str] = &["loginServer", "adminUserEnabled"];
