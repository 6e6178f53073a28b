//! Key vaults, Cognitive Services and OpenAI accounts (semantics P7).

use cloud::Stated;
use cloud::json::Node;

use crate::intake::Intake;
use crate::resource::device::Device;
use crate::resource::stated::OfAzure as _;

use super::acls::read_acls;
use super::{Kept, PublicAccess, Service, ServiceKind, is_full, says_any};

pub(crate) static KEY_VAULT: ServiceKind =
    ServiceKind::new(["key-vault", "key-vault-firewall", "key vaults", "az keyvault show"], &[443]);

pub(crate) static COGNITIVE: ServiceKind = ServiceKind::new(
    [
        "cognitive-services-account",
        "cognitive-services-firewall",
        "Cognitive Services accounts",
        "az cognitiveservices account list",
    ],
    &[443],
);

pub(crate) fn read<'a>(
    (kind, marks): (&'static ServiceKind, &[&str]),
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed account", intake);
    let is_full = is_full(&stated, marks);
    let access = PublicAccess::read(&stated, is_full, intake);
    let list = read_acls(&stated, &["networkAcls"], is_full, intake);
    let [says_access, says_list] =
        ["publicNetworkAccess", "networkAcls"].map(|key| says_any(&stated, &[key]));
    let is_told = is_full || says_access || says_list;
    let is_whole = is_full || (says_access && says_list);
    let service = Service::new(identity, kind, access, Kept::Here(list));
    Service { is_told, is_whole, ..service }.into()
}

/// Keys that a full export has; `az keyvault list` prints names alone, and a row of Resource Graph a `tenantId` of its own.
pub(crate) const VAULT_MARKS: &[&str] = &["vaultUri", "accessPolicies"];

/// Keys that a full export has, and a list of names has not.
pub(crate) const COGNITIVE_MARKS: &[&str] = &["endpoint", "customSubDomainName", "capabilities", "endpoints"];
