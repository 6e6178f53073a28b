//! What a resource is: by its `type`, else by its id, else by the keys only its kind has.

use crate::wire::Element;

use super::device::DEVICE_KINDS;
use super::id::type_of;

/// The kind of a resource. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Group,
    Interface,
    Network,
    Subnet,
    Peering,
    RouteTable,
    PublicAddress,
    Machine,
    ApplicationGroup,
    Effective,
    /// A rule without its group.
    LoneRule,
    /// A kind of which an estate has few, read whole; its position in [`DEVICE_KINDS`].
    Device(usize),
    /// A kind with a firewall or an Internet path of its own that is not assessed, by its name in results.
    Unsupported(&'static str),
    /// Any other resource of Azure.
    Other,
}

impl Kind {
    /// The kind of a resource; `None` when nothing says that it is one of Azure.
    pub(crate) fn of(element: &Element<'_>) -> Option<Self> {
        if !element.effective_rules.is_absent() {
            return Some(Self::Effective);
        }
        if element.kind.get().is_some_and(|kind| kind.starts_with("azurerm_")) {
            // What Terraform remembers is no export, though it knows ids.
            return None;
        }
        let stated = element.kind.get().filter(|kind| is_type(kind)).map(str::to_ascii_lowercase);
        match stated.or_else(|| element.id.get().and_then(type_of)) {
            Some(kind) => {
                Some(Self::of_type(&kind).or_its_rule(element)).filter(|_| kind.starts_with("microsoft."))
            }
            None => Self::of_shape(element),
        }
    }

    /// Whether a resource of a type, in lower case, is read, or told as one that is not assessed.
    pub(crate) fn is_read(kind: &str) -> bool {
        Self::of_type(kind) != Self::Other
    }

    /// Whether a resource of this kind says nothing when it says only who it is.
    pub(crate) const fn has_body(self) -> bool {
        match self {
            Self::Group
            | Self::Interface
            | Self::Network
            | Self::Subnet
            | Self::Peering
            | Self::RouteTable
            | Self::PublicAddress
            | Self::Machine
            | Self::Device(_) => true,
            // An application group is its name.
            Self::ApplicationGroup
            | Self::Effective
            | Self::LoneRule
            | Self::Unsupported(_)
            | Self::Other => false,
        }
    }

    /// A row of a query that takes groups apart into rules has the id of the group and is none.
    fn or_its_rule(self, element: &Element<'_>) -> Self {
        let is_rule = !element.access.is_absent() || !element.direction.is_absent();
        if self == Self::Group && element.rules.is_absent() && is_rule { Self::LoneRule } else { self }
    }

    fn of_type(kind: &str) -> Self {
        match kind {
            "microsoft.network/networksecuritygroups" => Self::Group,
            "microsoft.network/networksecuritygroups/securityrules"
            | "microsoft.network/networksecuritygroups/defaultsecurityrules" => Self::LoneRule,
            "microsoft.network/virtualnetworks" => Self::Network,
            "microsoft.network/virtualnetworks/subnets" => Self::Subnet,
            "microsoft.network/virtualnetworks/virtualnetworkpeerings" => Self::Peering,
            "microsoft.network/routetables" => Self::RouteTable,
            "microsoft.network/publicipaddresses" => Self::PublicAddress,
            "microsoft.network/applicationsecuritygroups" => Self::ApplicationGroup,
            "microsoft.compute/virtualmachines"
            | "microsoft.compute/virtualmachinescalesets/virtualmachines" => Self::Machine,
            // Those of scale sets too: `az vmss nic list`.
            interface if interface.ends_with("/networkinterfaces") => Self::Interface,
            // `az vmss list-instance-public-ips`.
            address if address.ends_with("/ipconfigurations/publicipaddresses") => Self::PublicAddress,
            other => match DEVICE_KINDS.iter().position(|(kind, _)| *kind == other) {
                Some(position) => Self::Device(position),
                None => Self::of_rest(other),
            },
        }
    }

    fn of_rest(kind: &str) -> Self {
        match UNSUPPORTED.iter().rfind(|(known, _)| is_part(kind, known)) {
            Some((_, name)) => Self::Unsupported(name),
            None => Self::Other,
        }
    }

    fn of_shape(element: &Element<'_>) -> Option<Self> {
        let has_routes = element
            .routes
            .items()
            .iter()
            .any(|route| route.get().is_some_and(|route| !route.next_hop_type.is_absent()));
        let is_address = !element.address.is_absent() || !element.address_version.is_absent();
        let uses_address = element.sku.get().is_some() || element.used_by.get().is_some();
        let of_group = !element.resource_group.is_absent();
        Some(match element {
            e if !e.rules.is_absent() || !e.default_rules.is_absent() => Self::Group,
            e if !e.ip_configurations.is_absent() => Self::Interface,
            e if e.address_space.get().is_some() => Self::Network,
            _ if has_routes => Self::RouteTable,
            _ if is_address && (uses_address || of_group) => Self::PublicAddress,
            e if e.network_profile.get().is_some() || (!e.power.is_absent() && of_group) => Self::Machine,
            e if e.peering.remote_network.get().is_some() => Self::Peering,
            e if !e.committed.is_empty() && !e.deployment.is_absent() => {
                Self::Device(DEVICE_KINDS.iter().position(|(kind, _)| *kind == DEPLOYMENT)?)
            }
            e if !e.access.is_absent() && !e.direction.is_absent() => Self::LoneRule,
            e if e.id.get().is_some_and(|id| id.starts_with("/subscriptions/")) => Self::Other,
            _ => return None,
        })
    }
}

/// Whether a type is one of the table, or that of its parts where the parts alone say something: admin rules (AA0),
/// rules of load balancers, instances of scale sets.
fn is_part(kind: &str, whole: &str) -> bool {
    let has_parts = whole.starts_with("microsoft.network/") || whole.ends_with("/virtualmachinescalesets");
    kind.strip_prefix(whole).is_some_and(|rest| rest.is_empty() || (has_parts && rest.starts_with('/')))
}

fn is_type(text: &str) -> bool {
    text.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("microsoft.")) && text.contains('/')
}

/// What a network manager committed has no type of its own.
const DEPLOYMENT: &str = "microsoft.network/networkmanagers/deployments";

/// Kinds that let the Internet in past every group, or have a firewall of their own (semantics section 6, AP3–AP10,
/// AA0), and their names in results. Not assessed yet.
const UNSUPPORTED: &[(&str, &str)] = &[
    ("microsoft.analysisservices/servers", "analysis-services-server"),
    ("microsoft.apimanagement/service", "api-management"),
    ("microsoft.app/containerapps", "container-app"),
    ("microsoft.app/managedenvironments", "container-app-environment"),
    ("microsoft.appconfiguration/configurationstores", "app-configuration-store"),
    ("microsoft.appplatform/spring", "spring-apps-service"),
    ("microsoft.batch/batchaccounts", "batch-account"),
    ("microsoft.cache/redisenterprise", "redis-enterprise"),
    ("microsoft.cdn/profiles", "cdn-profile"),
    ("microsoft.classiccompute/virtualmachines", "classic-virtual-machine"),
    ("microsoft.classicnetwork/networksecuritygroups", "classic-network-security-group"),
    ("microsoft.compute/cloudservices", "cloud-service"),
    ("microsoft.containerinstance/containergroups", "container-group"),
    ("microsoft.databricks/workspaces", "databricks-workspace"),
    ("microsoft.datafactory/factories", "data-factory"),
    ("microsoft.datalakestore/accounts", "data-lake-store"),
    ("microsoft.dbforpostgresql/servergroupsv2", "postgresql-cluster"),
    ("microsoft.devices/iothubs", "iot-hub"),
    ("microsoft.documentdb/cassandraclusters", "cassandra-cluster"),
    ("microsoft.documentdb/mongoclusters", "mongo-cluster"),
    ("microsoft.eventgrid/domains", "event-grid-domain"),
    ("microsoft.eventgrid/namespaces", "event-grid-namespace"),
    ("microsoft.eventgrid/topics", "event-grid-topic"),
    ("microsoft.hdinsight/clusters", "hdinsight-cluster"),
    ("microsoft.keyvault/managedhsms", "managed-hsm"),
    ("microsoft.kusto/clusters", "data-explorer-cluster"),
    ("microsoft.logic/workflows", "logic-app"),
    ("microsoft.machinelearningservices/workspaces", "machine-learning-workspace"),
    // What groups of rule collections were in policies of 2019.
    ("microsoft.network/firewallpolicies/rulegroups", "firewall-policy-rules"),
    ("microsoft.network/frontdoors", "front-door"),
    ("microsoft.network/networkvirtualappliances", "network-virtual-appliance"),
    ("microsoft.network/virtualhubs", "virtual-hub"),
    // Templates that another language deploys, whatever they hold.
    ("microsoft.other/templatedeployments", "template-deployment"),
    ("microsoft.redhatopenshift/openshiftclusters", "openshift-cluster"),
    ("microsoft.relay/namespaces", "relay-namespace"),
    ("microsoft.search/searchservices", "search-service"),
    ("microsoft.signalrservice/signalr", "signalr-service"),
    ("microsoft.signalrservice/webpubsub", "web-pubsub"),
    ("microsoft.web/staticsites", "static-web-app"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::Object;

    fn kind(json: &str) -> Option<Kind> {
        match serde_json::from_str::<Object<Element<'_>>>(json).unwrap() {
            Object::Is(element) => Kind::of(&element),
            Object::Absent | Object::Not(_) => None,
        }
    }

    #[test]
    fn the_type_decides_in_any_letter_case() {
        assert_eq!(kind(r#"{"type":"microsoft.network/NetworkSecurityGroups"}"#), Some(Kind::Group));
        assert_eq!(
            kind(r#"{"type":"Microsoft.Network/virtualHubs"}"#),
            Some(Kind::Unsupported("virtual-hub"))
        );
        assert_eq!(
            kind(
                r#"{"type":"Microsoft.Network/networkManagers/securityAdminConfigurations/ruleCollections/rules"}"#
            ),
            DEVICE_KINDS
                .iter()
                .position(|(kind, _)| kind.ends_with("/rulecollections/rules"))
                .map(Kind::Device)
        );
        assert_eq!(kind(r#"{"type":"Microsoft.Compute/disks"}"#), Some(Kind::Other));
    }

    #[test]
    fn an_id_stands_for_the_type() {
        let id = "/subscriptions/s/resourceGroups/r/providers/Microsoft.Network/networkInterfaces/n";
        assert_eq!(kind(&format!(r#"{{"id":"{id}"}}"#)), Some(Kind::Interface));
        assert_eq!(
            kind(&format!(r#"{{"id":"{id}","type":"Microsoft.Network/publicIPAddresses"}}"#)),
            Some(Kind::PublicAddress)
        );
    }

    #[test]
    fn the_shape_stands_for_both() {
        assert_eq!(kind(r#"{"name":"a","securityRules":[]}"#), Some(Kind::Group));
        assert_eq!(kind(r#"{"ipAddress":"20.1.2.3","sku":{"name":"Basic"}}"#), Some(Kind::PublicAddress));
        assert_eq!(kind(r#"{"routes":[{"nextHopType":"Internet"}]}"#), Some(Kind::RouteTable));
    }

    #[test]
    fn other_clouds_are_no_business_of_this_one() {
        for json in [
            r#"{"Routes":[{"DestinationCidrBlock":"0.0.0.0/0"}],"RouteTableId":"rtb-1"}"#,
            r#"{"IPAddress":"20.1.2.3","kind":"compute#forwardingRule","name":"f"}"#,
            r#"{"direction":"INGRESS","allowed":[],"name":"fw"}"#,
            r#"{"type":"compute.v1.instance","id":"7"}"#,
            r#"{"name":"a","id":"b"}"#,
            r#"{}"#,
        ] {
            assert_eq!(kind(json), None, "{json}");
        }
    }
}
