//! Operations on kinds that are not modelled and may let somebody in: the one list of them.
//!
//! Adding an operation: a line in [`OPERATIONS`], or in [`WRITTEN`] where all that is written of a type counts.

use super::operation::compare;

/// What an operation is about, in words; `None` where it opens nothing that is known.
pub(super) fn kind_of(operation: &str) -> Option<&'static str> {
    if let Ok(found) = OPERATIONS.binary_search_by(|(known, _)| compare(known, operation)) {
        return OPERATIONS.get(found).map(|(_, kind)| *kind);
    }
    let (kind, verb) = operation.rsplit_once('/')?;
    if !["write", "delete"].iter().any(|known| verb.eq_ignore_ascii_case(known)) {
        return None;
    }
    let found = WRITTEN.binary_search_by(|(known, _)| compare(known, kind)).ok()?;
    WRITTEN.get(found).map(|(_, kind)| *kind)
}

/// Operations that are neither writing nor deleting, in small letters, sorted.
const OPERATIONS: &[(&str, &str)] = &[
    ("microsoft.network/bastionhosts/createshareablelinks/action", "shareable link of a Bastion host"),
    ("microsoft.network/bastionhosts/getshareablelinks/action", "shareable link of a Bastion host"),
    (
        "microsoft.network/locations/setloadbalancerfrontendpublicipaddresses/action",
        "swap of public addresses between load balancers",
    ),
    ("microsoft.resources/subscriptions/resourcegroups/moveresources/action", "move of resources"),
    ("microsoft.serialconsole/serialports/connect/action", "serial console of a virtual machine"),
];

/// Types of which whatever is written or deleted counts, in small letters, sorted.
const WRITTEN: &[(&str, &str)] = &[
    ("microsoft.analysisservices/servers", "analysis server"),
    ("microsoft.apimanagement/service", "API management service"),
    ("microsoft.app/containerapps", "container app"),
    ("microsoft.app/managedenvironments", "environment of container apps"),
    ("microsoft.appconfiguration/configurationstores", "configuration store"),
    ("microsoft.appplatform/spring/apps", "Spring app"),
    ("microsoft.batch/batchaccounts", "batch account"),
    ("microsoft.cache/redisenterprise", "enterprise Redis cache"),
    ("microsoft.cdn/profiles/afdendpoints", "Front Door endpoint"),
    ("microsoft.cdn/profiles/afdendpoints/routes", "Front Door route"),
    ("microsoft.cdn/profiles/securitypolicies", "Front Door security policy"),
    ("microsoft.classiccompute/virtualmachines", "classic virtual machine"),
    ("microsoft.classicnetwork/networksecuritygroups", "classic network security group"),
    ("microsoft.classicnetwork/networksecuritygroups/securityrules", "classic security rule"),
    ("microsoft.compute/cloudservices", "cloud service"),
    ("microsoft.containerinstance/containergroups", "container group"),
    ("microsoft.databricks/workspaces", "Databricks workspace"),
    ("microsoft.datafactory/factories", "data factory"),
    ("microsoft.datalakestore/accounts", "data lake"),
    ("microsoft.datalakestore/accounts/firewallrules", "firewall rule of a data lake"),
    ("microsoft.dbforpostgresql/servergroupsv2", "PostgreSQL cluster"),
    ("microsoft.dbforpostgresql/servergroupsv2/firewallrules", "firewall rule of a PostgreSQL cluster"),
    ("microsoft.devices/iothubs", "IoT hub"),
    ("microsoft.documentdb/cassandraclusters", "Cassandra cluster"),
    ("microsoft.documentdb/mongoclusters", "Mongo cluster"),
    ("microsoft.documentdb/mongoclusters/firewallrules", "firewall rule of a Mongo cluster"),
    ("microsoft.eventgrid/domains", "Event Grid domain"),
    ("microsoft.eventgrid/topics", "Event Grid topic"),
    ("microsoft.hdinsight/clusters", "HDInsight cluster"),
    ("microsoft.horizondb/clusters/firewallrules", "firewall rule of a database cluster"),
    ("microsoft.hybridcompute/machines/hybridconnectivityendpoints", "connection to a connected machine"),
    ("microsoft.keyvault/managedhsms", "managed HSM"),
    ("microsoft.kusto/clusters", "Data Explorer cluster"),
    ("microsoft.logic/workflows", "logic app"),
    ("microsoft.machinelearningservices/workspaces", "machine learning workspace"),
    ("microsoft.network/firewallpolicies/rulegroups", "older rules of a firewall policy"),
    ("microsoft.network/frontdoors", "classic Front Door"),
    ("microsoft.network/networkmanagers/connectivityconfigurations", "connectivity configuration"),
    ("microsoft.network/networkvirtualappliances", "network virtual appliance"),
    (
        "microsoft.network/networkvirtualappliances/inboundsecurityrules",
        "inbound rule of a network appliance",
    ),
    ("microsoft.network/virtualhubs", "virtual hub"),
    ("microsoft.network/virtualhubs/hubroutetables", "route table of a virtual hub"),
    ("microsoft.network/virtualhubs/hubvirtualnetworkconnections", "connection of a virtual hub"),
    ("microsoft.network/virtualhubs/routingintent", "routing of a virtual hub"),
    ("microsoft.redhatopenshift/openshiftclusters", "OpenShift cluster"),
    ("microsoft.relay/namespaces/hybridconnections", "hybrid connection"),
    ("microsoft.relay/namespaces/networkrulesets", "network rules of a relay"),
    ("microsoft.search/searchservices", "search service"),
    ("microsoft.security/locations/jitnetworkaccesspolicies", "policy of just-in-time access"),
    ("microsoft.signalrservice/signalr", "SignalR service"),
    ("microsoft.signalrservice/webpubsub", "Web PubSub service"),
    ("microsoft.web/hostingenvironments", "App Service environment"),
    ("microsoft.web/staticsites", "static site"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_found_in_any_letter_case() {
        assert!(WRITTEN.is_sorted_by(|(one, _), (other, _)| one < other));
        assert!(OPERATIONS.is_sorted_by(|(one, _), (other, _)| one < other));
        assert_eq!(kind_of("MICROSOFT.NETWORK/VIRTUALHUBS/WRITE"), Some("virtual hub"));
        assert_eq!(
            kind_of("Microsoft.Network/bastionHosts/createShareableLinks/action"),
            Some("shareable link of a Bastion host")
        );
        assert_eq!(kind_of("Microsoft.Network/virtualHubs/read"), None);
        assert_eq!(kind_of("Microsoft.Compute/disks/write"), None);
    }
}
