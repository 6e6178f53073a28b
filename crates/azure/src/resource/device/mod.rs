//! Resources of which an estate has few: what leads to interfaces, what stands before groups, what has a firewall of
//! its own. One file for each; all are read whole.
//!
//! Adding one: its file, a line in `devices!`, a line in [`DEVICE_KINDS`].

mod admin_body;
mod admin_rule;
mod application_gateway;
mod balancer;
mod firewall;
mod firewall_policy;
mod firewall_rule;
mod firewall_words;
mod gateway_part;
mod ip_group;
mod nat_gateway;
mod network_group;
mod perimeter;
mod private_endpoint;
mod public_prefix;
mod scale_set;
mod service;
mod service_gateway;
mod waf_policy;

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::json::Node;
use cloud::{Arrival, put};
use model::Name;

use crate::intake::Intake;

use super::identity::Identity;

pub(crate) use admin_body::{AdminAction, AdminBody};
pub use admin_rule::{ActiveAdminRule, AdminRule, AdminSnapshot};
pub use application_gateway::ApplicationGateway;
pub use balancer::{BackendPool, BalancerFrontend, BalancingRule, LoadBalancer, NatRule};
pub use firewall::Firewall;
pub use firewall_policy::{CollectionGroup, FirewallPolicy};
pub use ip_group::IpGroup;
pub use nat_gateway::NatGateway;
pub use network_group::{
    AdminCollection, AdminConfiguration, AdminDeployment, EffectiveAdminNetwork, NetworkGroup,
    NetworkGroupMember, NetworkManager,
};
pub(crate) use network_group::{BesideIntentPolicies, ManagerScope, region_of};
pub use perimeter::{Perimeter, PerimeterMember, PerimeterMode, PerimeterProfile, PerimeterRule};
pub use private_endpoint::{PrivateEndpoint, PrivateLinkService};
pub use public_prefix::PublicPrefix;
use service::put_service;
pub(crate) use service::{
    Entry, Firewall as ServiceFirewall, Kept, MANAGEMENT_SITE, OF_EDITS, Otherwise, PartContent,
    PublicAccess, Ranges, SiteRules,
};
pub use service::{Service, ServicePart};
pub use service_gateway::{Bastion, CircuitGateway, TunnelGateway};
pub use waf_policy::WafPolicy;

pub(crate) use application_gateway::{Frontend, Listener, Route};
pub(crate) use firewall_rule::{CollectionKind, FirewallRule, FirewallSide, RuleCollection};
pub(crate) use gateway_part::{Seat, Seats};
pub use scale_set::ScaleSet;
pub(crate) use service_gateway::TunnelKind;
pub(crate) use waf_policy::Waf;

pub(crate) use balancer::{Carried, Fronted, Translated};
pub(crate) use scale_set::SetInterface;

macro_rules! devices {
    ($($(#[$doc:meta])* $device:ident on $shelf:ident as $name:literal),* $(,)?) => {
        /// A resource that is read whole.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Device { $($(#[$doc])* $device(Box<$device>)),* }

        impl Device {
            pub(crate) fn identity(&self) -> &Identity {
                match self { $(Self::$device(device) => &device.identity),* }
            }
        }

        $(impl From<$device> for Device {
            fn from(device: $device) -> Self {
                Self::$device(Box::new(device))
            }
        })*

        /// The devices of the input, by key.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Devices { $(pub(crate) $shelf: BTreeMap<Name, $device>),* }

        impl Devices {
            /// Takes one in. The later of two statements counts.
            pub(crate) fn put(&mut self, device: Device) -> Arrival {
                let device = match device {
                    Device::Service(service) => return put_service(&mut self.services, *service),
                    other => other,
                };
                match device {
                    $(Device::$device(device) => {
                        put(&mut self.$shelf, &Arc::clone(&device.identity.key), *device)
                    }),*
                }
            }

            pub(crate) fn contains(&self, key: &str) -> bool {
                false $(|| self.$shelf.contains_key(key))*
            }

            pub(crate) fn remove(&mut self, key: &str) {
                $(self.$shelf.remove(key);)*
            }

            /// Whether one has a key.
            pub(crate) fn has(&self, key: &str) -> bool {
                false $(|| self.$shelf.contains_key(key))*
            }

            pub(crate) fn is_empty(&self) -> bool {
                true $(&& self.$shelf.is_empty())*
            }

            /// How many of each kind there are, by its name in results.
            pub(crate) fn counts(&self) -> Vec<(&'static str, usize)> {
                vec![$(($name, self.$shelf.len())),*]
            }
        }
    };
}

devices! {
    /// An application gateway.
    ApplicationGateway on application_gateways as "application-gateway",
    /// A policy of a web application firewall.
    WafPolicy on waf_policies as "web-application-firewall-policy",
    /// An Azure Firewall.
    Firewall on firewalls as "azure-firewall",
    /// A policy of Azure Firewall.
    FirewallPolicy on firewall_policies as "firewall-policy",
    /// A group of rule collections of a policy.
    CollectionGroup on collection_groups as "firewall-policy-rules",
    /// A group of addresses.
    IpGroup on ip_groups as "ip-group",
    /// A Bastion host.
    Bastion on bastions as "bastion-host",
    /// A gateway that tunnels end at.
    TunnelGateway on tunnel_gateways as "vpn-gateway",
    /// A gateway for private circuits.
    CircuitGateway on circuit_gateways as "express-route-gateway",
    /// A load balancer.
    LoadBalancer on load_balancers as "load-balancer",
    /// A frontend of a load balancer.
    BalancerFrontend on balancer_frontends as "load-balancer-frontend",
    /// A backend pool of a load balancer.
    BackendPool on backend_pools as "load-balancer-backend-pool",
    /// A rule of a load balancer.
    BalancingRule on balancing_rules as "load-balancer-rule",
    /// An inbound NAT rule of a load balancer.
    NatRule on nat_rules as "load-balancer-nat-rule",
    /// A NAT gateway.
    NatGateway on nat_gateways as "nat-gateway",
    /// A virtual machine scale set.
    ScaleSet on scale_sets as "virtual-machine-scale-set",
    /// A network manager.
    NetworkManager on network_managers as "network-manager",
    /// A group of networks.
    NetworkGroup on network_groups as "network-group",
    /// A member of a group of networks.
    NetworkGroupMember on network_group_members as "network-group-member",
    /// A configuration of a network manager.
    AdminConfiguration on admin_configurations as "security-admin-configuration",
    /// A collection of rules of a configuration.
    AdminCollection on admin_collections as "security-admin-collection",
    /// A rule of a network manager as it is drafted.
    AdminRule on admin_rules as "security-admin-rule",
    /// A rule of a network manager as it is in force.
    ActiveAdminRule on active_admin_rules as "effective-admin-rule",
    /// A rule of a network manager as it was committed.
    AdminSnapshot on admin_snapshots as "security-admin-rule-snapshot",
    /// What a network manager committed to a region.
    AdminDeployment on admin_deployments as "admin-deployment",
    /// The configurations in force in a network.
    EffectiveAdminNetwork on effective_admin_networks as "effective-admin-network",
    /// A private endpoint.
    PrivateEndpoint on private_endpoints as "private-endpoint",
    /// A service that private endpoints lead to.
    PrivateLinkService on private_link_services as "private-link-service",
    /// A network security perimeter.
    Perimeter on perimeters as "network-security-perimeter",
    /// A profile of a perimeter.
    PerimeterProfile on perimeter_profiles as "perimeter-profile",
    /// An access rule of a perimeter.
    PerimeterRule on perimeter_rules as "perimeter-access-rule",
    /// A resource inside a perimeter.
    PerimeterMember on perimeter_members as "perimeter-association",
    /// A prefix of public addresses.
    PublicPrefix on public_prefixes as "public-ip-prefix",
    /// A service with a firewall of its own.
    Service on services as "service",
    /// A resource that says something of the firewall of a service.
    ServicePart on service_parts as "service-part",
}

/// Reads a device; `position` is that of its type in [`DEVICE_KINDS`].
pub(crate) fn read_device<'a>(
    position: usize,
    node: &Node<'a>,
    intake: &mut Intake<'_, 'a>,
) -> Option<Device> {
    DEVICE_KINDS.get(position).map(|(_, read)| read(node, intake))
}

/// How a device is read from its document.
pub(crate) type ReadDevice = for<'n, 'a> fn(&'n Node<'a>, &mut Intake<'_, 'a>) -> Device;

/// The types of devices, in lower case, sorted, and how they are read.
pub(crate) const DEVICE_KINDS: &[(&str, ReadDevice)] = &[
    ("microsoft.cache/redis", service::redis_cache),
    ("microsoft.cache/redis/firewallrules", service::redis_rule),
    ("microsoft.cognitiveservices/accounts", service::cognitive_account),
    ("microsoft.compute/virtualmachinescalesets", scale_set::read),
    ("microsoft.containerregistry/registries", service::registry),
    ("microsoft.containerservice/managedclusters", service::kubernetes_cluster),
    ("microsoft.dbformariadb/servers", service::mariadb_server),
    ("microsoft.dbformariadb/servers/firewallrules", service::mariadb_rule),
    ("microsoft.dbformariadb/servers/virtualnetworkrules", service::mariadb_network_rule),
    ("microsoft.dbformysql/flexibleservers", service::mysql_flexible_server),
    ("microsoft.dbformysql/flexibleservers/firewallrules", service::mysql_flexible_rule),
    ("microsoft.dbformysql/servers", service::mysql_server),
    ("microsoft.dbformysql/servers/firewallrules", service::mysql_rule),
    ("microsoft.dbformysql/servers/virtualnetworkrules", service::mysql_network_rule),
    ("microsoft.dbforpostgresql/flexibleservers", service::postgresql_flexible_server),
    ("microsoft.dbforpostgresql/flexibleservers/firewallrules", service::postgresql_flexible_rule),
    ("microsoft.dbforpostgresql/servers", service::postgresql_server),
    ("microsoft.dbforpostgresql/servers/firewallrules", service::postgresql_rule),
    ("microsoft.dbforpostgresql/servers/virtualnetworkrules", service::postgresql_network_rule),
    ("microsoft.documentdb/databaseaccounts", service::cosmos_account),
    ("microsoft.eventhub/namespaces", service::event_hubs),
    ("microsoft.eventhub/namespaces/networkruleset", service::event_hubs_rules),
    ("microsoft.eventhub/namespaces/networkrulesets", service::event_hubs_rules),
    ("microsoft.keyvault/vaults", service::key_vault),
    ("microsoft.network/applicationgateways", application_gateway::read),
    ("microsoft.network/applicationgatewaywebapplicationfirewallpolicies", waf_policy::read),
    ("microsoft.network/azurefirewalls", firewall::read),
    ("microsoft.network/bastionhosts", service_gateway::read_bastion),
    ("microsoft.network/expressroutegateways", service_gateway::read_circuit_gateway),
    ("microsoft.network/effectivesecurityadminrules", network_group::read_effective_network),
    ("microsoft.network/firewallpolicies", firewall_policy::read),
    ("microsoft.network/firewallpolicies/rulecollectiongroups", firewall_policy::read_group),
    ("microsoft.network/ipgroups", ip_group::read),
    ("microsoft.network/loadbalancers", balancer::read),
    ("microsoft.network/loadbalancers/backendaddresspools", balancer::read_pool),
    ("microsoft.network/loadbalancers/frontendipconfigurations", balancer::read_frontend),
    ("microsoft.network/loadbalancers/inboundnatpools", balancer::read_nat_pool),
    ("microsoft.network/loadbalancers/inboundnatrules", balancer::read_nat_rule),
    ("microsoft.network/loadbalancers/loadbalancingrules", balancer::read_rule),
    ("microsoft.network/natgateways", nat_gateway::read),
    ("microsoft.network/networkmanagers", network_group::read_manager),
    ("microsoft.network/networkmanagers/deployments", network_group::read_deployment),
    ("microsoft.network/networkmanagers/networkgroups", network_group::read_group),
    ("microsoft.network/networkmanagers/networkgroups/members", network_group::read_listed_member),
    ("microsoft.network/networkmanagers/networkgroups/staticmembers", network_group::read_static_member),
    ("microsoft.network/networkmanagers/securityadminconfigurations", network_group::read_configuration),
    (
        "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections",
        network_group::read_collection,
    ),
    ("microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules", admin_rule::read),
    (
        "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/rules/snapshots",
        admin_rule::read_snapshot,
    ),
    (
        "microsoft.network/networkmanagers/securityadminconfigurations/rulecollections/snapshots",
        network_group::read_collection,
    ),
    ("microsoft.network/networkmanagers/securityadminregionalgoalstates", network_group::read_goal),
    ("microsoft.network/networksecurityperimeters", perimeter::read),
    ("microsoft.network/networksecurityperimeters/profiles", perimeter::read_profile),
    ("microsoft.network/networksecurityperimeters/profiles/accessrules", perimeter::read_rule),
    ("microsoft.network/networksecurityperimeters/resourceassociations", perimeter::read_member),
    ("microsoft.network/p2svpngateways", service_gateway::read_client_gateway),
    ("microsoft.network/privateendpoints", private_endpoint::read),
    ("microsoft.network/privatelinkservices", private_endpoint::read_service),
    ("microsoft.network/publicipprefixes", public_prefix::read),
    ("microsoft.network/virtualnetworkgateways", service_gateway::read_network_gateway),
    ("microsoft.network/vpngateways", service_gateway::read_hub_gateway),
    ("microsoft.servicebus/namespaces", service::service_bus),
    ("microsoft.servicebus/namespaces/networkruleset", service::service_bus_rules),
    ("microsoft.servicebus/namespaces/networkrulesets", service::service_bus_rules),
    ("microsoft.sql/managedinstances", service::managed_instance),
    ("microsoft.sql/servers", service::sql_server),
    ("microsoft.sql/servers/firewallrules", service::sql_rule),
    ("microsoft.sql/servers/ipv6firewallrules", service::sql_ipv6_rule),
    ("microsoft.sql/servers/virtualnetworkrules", service::sql_network_rule),
    ("microsoft.storage/storageaccounts", service::storage_account),
    ("microsoft.synapse/workspaces", service::synapse_workspace),
    ("microsoft.synapse/workspaces/firewallrules", service::synapse_rule),
    ("microsoft.web/sites", service::site),
    ("microsoft.web/sites/config", service::site_configuration),
    ("microsoft.web/sites/slots", service::site),
    ("microsoft.web/sites/slots/config", service::site_configuration),
];
