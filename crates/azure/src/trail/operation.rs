//! Which operation is what: the one table of them.
//!
//! Names in small letters, sorted; they are compared without letter case.

use core::cmp::Ordering;
use std::collections::BTreeSet;

use cloud::audit::Bears;

use super::envelope::Call;
use super::{commit, edits, elsewhere, impairments, just_in_time};

/// What an operation bears on; nothing where it turns out to bear on none. More than one where parts of it were
/// announced apart.
pub(super) type Judge = fn(&Call<'_, '_>) -> Vec<Bears>;

/// How an operation is judged; `None` where it bears on nothing that is modelled.
pub(super) fn judge(operation: &str) -> Option<Judge> {
    if let Ok(found) = OPERATIONS.binary_search_by(|(known, _)| compare(known, operation)) {
        return OPERATIONS.get(found).map(|(_, judge)| *judge);
    }
    if impairments::knows(operation) {
        return Some(impairments::alone);
    }
    elsewhere::kind_of(operation).map(|_| not_modelled as Judge)
}

/// The names of all operations that are understood, sorted, each once.
pub(super) fn names() -> Vec<&'static str> {
    let edits = OPERATIONS.iter().map(|(name, _)| *name);
    let names: BTreeSet<&str> = edits.chain(impairments::names()).collect();
    names.into_iter().collect()
}

/// Whether an operation edits something, whatever it bears on beside.
pub(super) fn is_edit(operation: &str) -> bool {
    OPERATIONS.binary_search_by(|(known, _)| compare(known, operation)).is_ok()
}

/// A kind that is not modelled.
fn not_modelled(call: &Call<'_, '_>) -> Vec<Bears> {
    let kind = elsewhere::kind_of(call.operation());
    kind.map(|kind| Bears::NotModelled { kind: kind.into() }).into_iter().collect()
}

/// The order of a name of the table and one in any letter case.
pub(super) fn compare(known: &str, operation: &str) -> Ordering {
    known.bytes().cmp(operation.bytes().map(|byte| byte.to_ascii_lowercase()))
}

const OPERATIONS: &[(&str, Judge)] = &[
    ("microsoft.cache/redis/delete", edits::delete),
    ("microsoft.cache/redis/firewallrules/delete", edits::delete),
    ("microsoft.cache/redis/firewallrules/write", edits::write),
    ("microsoft.cache/redis/write", edits::write),
    ("microsoft.cognitiveservices/accounts/delete", edits::delete),
    ("microsoft.cognitiveservices/accounts/write", edits::write),
    ("microsoft.compute/virtualmachines/delete", edits::delete),
    ("microsoft.compute/virtualmachines/write", edits::write),
    ("microsoft.compute/virtualmachinescalesets/delete", edits::delete),
    ("microsoft.compute/virtualmachinescalesets/virtualmachines/delete", edits::delete),
    ("microsoft.compute/virtualmachinescalesets/virtualmachines/write", edits::write),
    ("microsoft.compute/virtualmachinescalesets/write", edits::write),
    ("microsoft.containerregistry/registries/delete", edits::delete),
    ("microsoft.containerregistry/registries/write", edits::write),
    ("microsoft.containerservice/managedclusters/delete", edits::delete),
    ("microsoft.containerservice/managedclusters/write", edits::write),
    ("microsoft.dbformariadb/servers/delete", edits::delete),
    ("microsoft.dbformariadb/servers/firewallrules/delete", edits::delete),
    ("microsoft.dbformariadb/servers/firewallrules/write", edits::write),
    ("microsoft.dbformariadb/servers/virtualnetworkrules/delete", edits::delete),
    ("microsoft.dbformariadb/servers/virtualnetworkrules/write", edits::write),
    ("microsoft.dbformariadb/servers/write", edits::write),
    ("microsoft.dbformysql/flexibleservers/delete", edits::delete),
    ("microsoft.dbformysql/flexibleservers/firewallrules/delete", edits::delete),
    ("microsoft.dbformysql/flexibleservers/firewallrules/write", edits::write),
    ("microsoft.dbformysql/flexibleservers/write", edits::write),
    ("microsoft.dbformysql/servers/delete", edits::delete),
    ("microsoft.dbformysql/servers/firewallrules/delete", edits::delete),
    ("microsoft.dbformysql/servers/firewallrules/write", edits::write),
    ("microsoft.dbformysql/servers/virtualnetworkrules/delete", edits::delete),
    ("microsoft.dbformysql/servers/virtualnetworkrules/write", edits::write),
    ("microsoft.dbformysql/servers/write", edits::write),
    ("microsoft.dbforpostgresql/flexibleservers/delete", edits::delete),
    ("microsoft.dbforpostgresql/flexibleservers/firewallrules/delete", edits::delete),
    ("microsoft.dbforpostgresql/flexibleservers/firewallrules/write", edits::write),
    ("microsoft.dbforpostgresql/flexibleservers/write", edits::write),
    ("microsoft.dbforpostgresql/servers/delete", edits::delete),
    ("microsoft.dbforpostgresql/servers/firewallrules/delete", edits::delete),
    ("microsoft.dbforpostgresql/servers/firewallrules/write", edits::write),
    ("microsoft.dbforpostgresql/servers/virtualnetworkrules/delete", edits::delete),
    ("microsoft.dbforpostgresql/servers/virtualnetworkrules/write", edits::write),
    ("microsoft.dbforpostgresql/servers/write", edits::write),
    ("microsoft.documentdb/databaseaccounts/delete", edits::delete),
    ("microsoft.documentdb/databaseaccounts/write", edits::write),
    ("microsoft.eventhub/namespaces/delete", edits::delete),
    ("microsoft.eventhub/namespaces/networkruleset/delete", edits::delete_rule_set),
    ("microsoft.eventhub/namespaces/networkruleset/write", edits::write_rule_set),
    ("microsoft.eventhub/namespaces/networkrulesets/delete", edits::delete),
    ("microsoft.eventhub/namespaces/networkrulesets/write", edits::write),
    ("microsoft.eventhub/namespaces/write", edits::write),
    ("microsoft.keyvault/vaults/delete", edits::delete),
    ("microsoft.keyvault/vaults/write", edits::write),
    ("microsoft.network/applicationgateways/delete", edits::delete),
    ("microsoft.network/applicationgateways/write", edits::write),
    ("microsoft.network/applicationgatewaywebapplicationfirewallpolicies/delete", edits::delete),
    ("microsoft.network/applicationgatewaywebapplicationfirewallpolicies/write", edits::write),
    ("microsoft.network/applicationsecuritygroups/delete", edits::delete),
    ("microsoft.network/applicationsecuritygroups/write", edits::write),
    ("microsoft.network/azurefirewalls/delete", edits::delete),
    ("microsoft.network/azurefirewalls/write", edits::write),
    ("microsoft.network/bastionhosts/delete", edits::delete),
    ("microsoft.network/bastionhosts/write", edits::write),
    ("microsoft.network/expressroutegateways/delete", edits::delete),
    ("microsoft.network/expressroutegateways/write", edits::write),
    ("microsoft.network/firewallpolicies/delete", edits::delete),
    ("microsoft.network/firewallpolicies/rulecollectiongroups/delete", edits::delete),
    ("microsoft.network/firewallpolicies/rulecollectiongroups/write", edits::write),
    ("microsoft.network/firewallpolicies/write", edits::write),
    ("microsoft.network/ipgroups/delete", edits::delete),
    ("microsoft.network/ipgroups/write", edits::write),
    ("microsoft.network/loadbalancers/backendaddresspools/delete", edits::delete),
    ("microsoft.network/loadbalancers/backendaddresspools/write", edits::write),
    ("microsoft.network/loadbalancers/delete", edits::delete),
    ("microsoft.network/loadbalancers/frontendipconfigurations/delete", edits::delete),
    ("microsoft.network/loadbalancers/frontendipconfigurations/write", edits::write),
    ("microsoft.network/loadbalancers/inboundnatpools/delete", edits::delete),
    ("microsoft.network/loadbalancers/inboundnatpools/write", edits::write),
    ("microsoft.network/loadbalancers/inboundnatrules/delete", edits::delete),
    ("microsoft.network/loadbalancers/inboundnatrules/write", edits::write),
    ("microsoft.network/loadbalancers/loadbalancingrules/delete", edits::delete),
    ("microsoft.network/loadbalancers/loadbalancingrules/write", edits::write),
    ("microsoft.network/loadbalancers/write", edits::write),
    ("microsoft.network/natgateways/delete", edits::delete),
    ("microsoft.network/natgateways/write", edits::write),
    ("microsoft.network/networkinterfaces/delete", edits::delete),
    ("microsoft.network/networkinterfaces/write", edits::write),
    ("microsoft.network/networkmanagers/commit/action", commit::commit),
    ("microsoft.network/networkmanagers/delete", edits::delete),
    ("microsoft.network/networkmanagers/networkgroups/delete", edits::delete),
    ("microsoft.network/networkmanagers/networkgroups/staticmembers/delete", edits::delete),
    ("microsoft.network/networkmanagers/networkgroups/staticmembers/write", edits::write),
    ("microsoft.network/networkmanagers/networkgroups/write", edits::write),
    ("microsoft.network/networkmanagers/securityadminconfigurations/delete", edits::delete),
    ("microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/delete", edits::delete),
    (
        "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules/delete",
        edits::delete,
    ),
    (
        "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules/write",
        edits::write,
    ),
    ("microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/write", edits::write),
    ("microsoft.network/networkmanagers/securityadminconfigurations/write", edits::write),
    ("microsoft.network/networkmanagers/write", edits::write),
    ("microsoft.network/networksecuritygroups/delete", edits::delete),
    ("microsoft.network/networksecuritygroups/securityrules/delete", edits::delete_rule),
    ("microsoft.network/networksecuritygroups/securityrules/write", edits::write_rule),
    ("microsoft.network/networksecuritygroups/write", edits::write),
    ("microsoft.network/networksecurityperimeters/delete", edits::delete),
    ("microsoft.network/networksecurityperimeters/profiles/accessrules/delete", edits::delete),
    ("microsoft.network/networksecurityperimeters/profiles/accessrules/write", edits::write),
    ("microsoft.network/networksecurityperimeters/profiles/delete", edits::delete),
    ("microsoft.network/networksecurityperimeters/profiles/write", edits::write),
    ("microsoft.network/networksecurityperimeters/resourceassociations/delete", edits::delete),
    ("microsoft.network/networksecurityperimeters/resourceassociations/write", edits::write),
    ("microsoft.network/networksecurityperimeters/write", edits::write),
    ("microsoft.network/p2svpngateways/delete", edits::delete),
    ("microsoft.network/p2svpngateways/write", edits::write),
    ("microsoft.network/privateendpoints/delete", edits::delete),
    ("microsoft.network/privateendpoints/write", edits::write),
    ("microsoft.network/privatelinkservices/delete", edits::delete),
    ("microsoft.network/privatelinkservices/write", edits::write),
    ("microsoft.network/publicipaddresses/delete", edits::delete),
    ("microsoft.network/publicipaddresses/write", edits::write),
    ("microsoft.network/publicipprefixes/delete", edits::delete),
    ("microsoft.network/publicipprefixes/write", edits::write),
    ("microsoft.network/routetables/delete", edits::delete),
    ("microsoft.network/routetables/routes/delete", edits::delete_route),
    ("microsoft.network/routetables/routes/write", edits::write_route),
    ("microsoft.network/routetables/write", edits::write),
    ("microsoft.network/virtualnetworkgateways/delete", edits::delete),
    ("microsoft.network/virtualnetworkgateways/write", edits::write),
    ("microsoft.network/virtualnetworks/delete", edits::delete),
    ("microsoft.network/virtualnetworks/subnets/delete", edits::delete),
    ("microsoft.network/virtualnetworks/subnets/write", edits::write),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings/delete", edits::delete),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings/write", edits::write),
    ("microsoft.network/virtualnetworks/write", edits::write),
    ("microsoft.network/vpngateways/delete", edits::delete),
    ("microsoft.network/vpngateways/write", edits::write),
    ("microsoft.resources/subscriptions/resourcegroups/delete", edits::delete_group),
    ("microsoft.security/locations/jitnetworkaccesspolicies/initiate/action", just_in_time::initiate),
    ("microsoft.servicebus/namespaces/delete", edits::delete),
    ("microsoft.servicebus/namespaces/networkruleset/delete", edits::delete_rule_set),
    ("microsoft.servicebus/namespaces/networkruleset/write", edits::write_rule_set),
    ("microsoft.servicebus/namespaces/networkrulesets/delete", edits::delete),
    ("microsoft.servicebus/namespaces/networkrulesets/write", edits::write),
    ("microsoft.servicebus/namespaces/write", edits::write),
    ("microsoft.sql/managedinstances/delete", edits::delete),
    ("microsoft.sql/managedinstances/write", edits::write),
    ("microsoft.sql/servers/delete", edits::delete),
    ("microsoft.sql/servers/firewallrules/delete", edits::delete),
    ("microsoft.sql/servers/firewallrules/write", edits::write),
    ("microsoft.sql/servers/ipv6firewallrules/delete", edits::delete),
    ("microsoft.sql/servers/ipv6firewallrules/write", edits::write),
    ("microsoft.sql/servers/virtualnetworkrules/delete", edits::delete),
    ("microsoft.sql/servers/virtualnetworkrules/write", edits::write),
    ("microsoft.sql/servers/write", edits::write),
    ("microsoft.storage/storageaccounts/delete", edits::delete),
    ("microsoft.storage/storageaccounts/write", edits::write),
    ("microsoft.synapse/workspaces/delete", edits::delete),
    ("microsoft.synapse/workspaces/firewallrules/delete", edits::delete),
    ("microsoft.synapse/workspaces/firewallrules/write", edits::write),
    ("microsoft.synapse/workspaces/write", edits::write),
    ("microsoft.web/sites/config/delete", edits::delete),
    ("microsoft.web/sites/config/write", edits::write_site),
    ("microsoft.web/sites/delete", edits::delete),
    ("microsoft.web/sites/slots/config/delete", edits::delete),
    ("microsoft.web/sites/slots/config/write", edits::write_site),
    ("microsoft.web/sites/slots/delete", edits::delete),
    ("microsoft.web/sites/slots/write", edits::write),
    ("microsoft.web/sites/write", edits::write),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resource::DEVICE_KINDS;

    #[test]
    fn the_table_is_sorted_and_found_in_any_letter_case() {
        assert!(OPERATIONS.is_sorted_by(|(one, _), (other, _)| one < other));
        for (operation, _) in OPERATIONS {
            assert_eq!(*operation, operation.to_ascii_lowercase());
            assert!(is_edit(operation) && is_edit(&operation.to_ascii_uppercase()), "{operation}");
        }
        for operation in [
            "",
            "/",
            "microsoft.sql/servers/read",
            "microsoft.sql/servers/writ",
            "microsoft.sql/servers/write/",
        ] {
            assert!(!is_edit(operation), "{operation}");
        }
    }

    #[test]
    fn every_kind_that_is_read_is_written_and_deleted() {
        for (kind, _) in DEVICE_KINDS {
            let is_of_lists = LISTED.contains(kind) || kind.ends_with("/snapshots");
            for verb in ["write", "delete"] {
                assert!(is_of_lists != is_edit(&format!("{kind}/{verb}")), "{kind}/{verb}");
            }
        }
    }

    /// Types that lists and queries have, and that no request names.
    const LISTED: &[&str] = &[
        "microsoft.network/effectivesecurityadminrules",
        "microsoft.network/networkmanagers/deployments",
        "microsoft.network/networkmanagers/networkgroups/members",
        "microsoft.network/networkmanagers/securityadminregionalgoalstates",
    ];
}
