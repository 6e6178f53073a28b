//! Meaning: what each kind of resource says, whichever form its document has. One file for each kind.
//!
//! Adding one: its file, a line in `kinds!`.

mod address;
mod address_group;
mod balancer;
mod effective;
mod firewall;
mod firewall_policy;
mod identity;
mod instance;
mod interface;
mod layer4;
mod link;
mod names;
mod network;
mod policy_audience;
mod policy_route;
mod policy_rule;
mod policy_source;
mod project;
mod ranges;
mod route;
mod router;
mod service;
mod subnetwork;
mod tag;
mod unknown_keys;
mod whole;

use cloud::{Arrival, Stated};
use model::Name;

use crate::intake::Intake;
use crate::register::Register;

pub(crate) use address::Address;
pub(crate) use address_group::AddressGroup;
pub(crate) use balancer::{
    BackendBucket, BackendService, Carried, EndpointGroup, EndpointKind, Endpoints, ForwardingRule, Guard,
    InstanceGroup, InstanceGroupManager, ManagedInstances, Members, Outcome, Scheme, SecurityPolicy,
    SecurityRule, Selection, TargetGrpcProxy, TargetHttpProxy, TargetHttpsProxy, TargetInstance, TargetPool,
    TargetProxy, TargetSslProxy, TargetTcpProxy, TargetVpnGateway, UrlMap,
};
pub(crate) use effective::{EffectiveFirewalls, EffectivePolicy, PolicyStanding, Subject};
pub(crate) use firewall::{Firewall, Inbound, Sources, Targets};
pub(crate) use firewall_policy::{FirewallPolicy, HIERARCHY, Level, PolicyAssociation, PolicyRules};
pub(crate) use identity::{Identity, Origin};
pub(crate) use instance::Instance;
pub(crate) use interface::{Access, AccessV6, Interface};
pub(crate) use layer4::Layer4;
pub(crate) use link::{Link, path_of};
pub(crate) use network::{Network, Order};
pub(crate) use policy_audience::{Audience, Standing};
pub(crate) use policy_route::PolicyRoute;
pub(crate) use policy_rule::{PolicyRule, Verdict};
pub(crate) use policy_source::{CLOUDS, PolicySource, Scope};
pub(crate) use project::{Folder, Organization, Project, is_number};
pub(crate) use ranges::{Ranges, ranges};
pub(crate) use route::{NextHop, Route};
pub(crate) use router::Router;
pub(crate) use service::{
    AppEngineApplication, AppEngineFirewall, AppEngineService, CloudSqlInstance, DnsEndpoint, GkeCluster,
    Ingress, Line, Whom,
};
pub(crate) use subnetwork::Subnetwork;
pub(crate) use tag::{TagBinding, TagKey, TagValue};
pub(crate) use whole::{is_whole, is_whole_node};

/// A kind of resource: how documents name it, and who reads it.
pub(crate) struct Kind {
    /// What results call it.
    pub(crate) name: &'static str,
    /// What it says under `kind`.
    pub(crate) kinds: &'static [&'static str],
    /// Its types in the asset inventory.
    pub(crate) assets: &'static [&'static str],
    /// The word before its name in paths, which is the key of its lists too: `firewalls`.
    pub(crate) collection: &'static str,
    /// Keys that every one of it has and no other kind: they tell it where nothing else does. Empty: nothing tells it.
    pub(crate) signs: &'static [&'static str],
    /// The command that exports it.
    pub(crate) command: &'static str,
    /// Reads one; `None` where it is not of this kind after all, which has been told if it loses anything.
    pub(crate) read: for<'n, 'a, 's, 'o, 'i, 'r> fn(
        &'s Stated<'n, 'a>,
        &'o Origin,
        &'i mut Intake<'r, 'a>,
    ) -> Option<Resource>,
}

/// The command that exports a kind.
pub(crate) fn command_of(kind: &str) -> &'static str {
    KINDS.iter().find(|known| known.name == kind).map_or("gcloud", |known| known.command)
}

/// All kinds, their registers, and how a resource comes into its own.
macro_rules! kinds {
    ($($register:ident: $kind:ident, $name:literal, $kinds:expr, $assets:expr, $collection:literal, $signs:expr,
       $command:literal;)*) => {
        /// A resource of the input.
        #[derive(Debug)]
        pub(crate) enum Resource {
            $($kind(Box<$kind>),)*
        }

        /// All resources of the input, by kind.
        #[derive(Clone, Debug, Default)]
        pub(crate) struct Registers {
            $(pub(crate) $register: Register<$kind>,)*
        }

        impl Registers {
            /// Takes in a resource; the later of two statements counts.
            pub(crate) fn put(&mut self, resource: Resource) -> Arrival {
                match resource {
                    $(Resource::$kind(resource) => {
                        let identity = resource.identity.clone();
                        self.$register.put(&identity, *resource)
                    })*
                }
            }

            /// Removes the resource of a kind and a key.
            pub(crate) fn remove(&mut self, kind: &str, key: &str) {
                match kind {
                    $($name => self.$register.remove(key),)*
                    _ => {}
                }
            }

            /// The key of the resource of a kind that a path leads to, as a resource of a project gives it.
            pub(crate) fn key_of(&self, kind: &str, project: Option<&str>, path: &str) -> Option<Name> {
                let link = Link::of(path);
                match kind {
                    $($name => {
                        let found = self.$register.find(project, &link).one();
                        found.map(|resource| resource.identity.key.clone())
                    })*
                    _ => None,
                }
            }

            /// Who the resource of a kind and a key is.
            pub(crate) fn identity(&self, kind: &str, key: &str) -> Option<&Identity> {
                match kind {
                    $($name => self.$register.get(key).map(|resource| &resource.identity),)*
                    _ => None,
                }
            }

            /// Whether two words name one project: its id, its number.
            pub(crate) fn projects_alike(&self, one: &str, other: Option<&str>) -> bool {
                other.is_none_or(|other| self.networks.id_of(one) == self.networks.id_of(other))
            }

            /// Learns that a number and an id name one project.
            pub(crate) fn alias(&mut self, number: &Name, id: &Name) {
                $(self.$register.alias(number, id);)*
            }

            /// How many there are of each kind, by its name.
            pub(crate) fn counts(&self) -> Vec<(&'static str, usize)> {
                vec![$(($name, self.$register.len()),)*]
            }
        }

        impl Resource {
            pub(crate) const fn identity(&self) -> &Identity {
                match self {
                    $(Self::$kind(resource) => &resource.identity,)*
                }
            }
        }

        /// Every kind.
        pub(crate) const KINDS: &[Kind] = &[
            $(Kind {
                name: $name,
                kinds: &$kinds,
                assets: &$assets,
                collection: $collection,
                signs: &$signs,
                command: concat!($command, " --format json"),
                read: |stated, origin, intake| {
                    $kind::read(stated, origin, intake).map(|resource| Resource::$kind(Box::new(resource)))
                },
            },)*
        ];
    };
}

kinds! {
    networks: Network, "network", ["compute#network"], ["compute.googleapis.com/Network"], "networks",
        ["autoCreateSubnetworks"], "gcloud compute networks list";
    firewalls: Firewall, "firewall-rule", ["compute#firewall"], ["compute.googleapis.com/Firewall"], "firewalls",
        ["network", "direction", "priority"], "gcloud compute firewall-rules list";
    instances: Instance, "instance", ["compute#instance"], ["compute.googleapis.com/Instance"], "instances",
        ["networkInterfaces", "machineType"], "gcloud compute instances list";
    subnetworks: Subnetwork, "subnetwork", ["compute#subnetwork"], ["compute.googleapis.com/Subnetwork"], "subnetworks",
        ["ipCidrRange", "gatewayAddress"], "gcloud compute networks subnets list";
    addresses: Address, "address", ["compute#address"], ["compute.googleapis.com/Address", "compute.googleapis.com/GlobalAddress"],
        "addresses", ["address", "addressType"], "gcloud compute addresses list";
    routes: Route, "route", ["compute#route"], ["compute.googleapis.com/Route"], "routes", ["destRange"],
        "gcloud compute routes list";
    policy_routes: PolicyRoute, "policy-based-route", ["networkconnectivity#policyBasedRoute"],
        ["networkconnectivity.googleapis.com/PolicyBasedRoute"], "policyBasedRoutes", [],
        "gcloud network-connectivity policy-based-routes list";
    routers: Router, "router", ["compute#router"], ["compute.googleapis.com/Router"], "routers", [],
        "gcloud compute routers list";
    firewall_policies: FirewallPolicy, "firewall-policy", ["compute#firewallPolicy"],
        ["compute.googleapis.com/FirewallPolicy", "compute.googleapis.com/NetworkFirewallPolicy",
         "compute.googleapis.com/RegionNetworkFirewallPolicy"],
        "firewallPolicies", ["associations", "rules"],
        "gcloud compute firewall-policies list --organization ORGANIZATION";
    policy_associations: PolicyAssociation, "firewall-policy-association", ["compute#firewallPolicyAssociation"], [],
        "associations", ["attachmentTarget", "firewallPolicyId"],
        "gcloud compute firewall-policies associations list --organization ORGANIZATION";
    policy_rules: PolicyRules, "firewall-policy-rules", [], [], "rules", ["firewallPolicy", "rules"],
        "gcloud compute firewall-policies describe POLICY";
    effective_firewalls: EffectiveFirewalls, "effective-firewalls", [], [], "getEffectiveFirewalls", [],
        "gcloud compute networks get-effective-firewalls NETWORK";
    address_groups: AddressGroup, "address-group", [], ["networksecurity.googleapis.com/AddressGroup"],
        "addressGroups", [], "gcloud network-security address-groups list --location global";
    tag_keys: TagKey, "tag-key", [], ["cloudresourcemanager.googleapis.com/TagKey"], "tagKeys",
        ["namespacedName", "shortName"],
        "gcloud resource-manager tags keys list --parent organizations/ORGANIZATION";
    tag_values: TagValue, "tag-value", [], ["cloudresourcemanager.googleapis.com/TagValue"], "tagValues",
        ["namespacedName", "shortName", "parent"], "gcloud resource-manager tags values list --parent tagKeys/KEY";
    tag_bindings: TagBinding, "tag-binding", [], ["cloudresourcemanager.googleapis.com/TagBinding"], "tagBindings",
        ["tagValue", "parent"], "gcloud resource-manager tags bindings list --parent INSTANCE --location ZONE";
    projects: Project, "project", [], ["cloudresourcemanager.googleapis.com/Project"], "projects",
        ["projectId", "projectNumber"], "gcloud projects list";
    folders: Folder, "folder", [], ["cloudresourcemanager.googleapis.com/Folder"], "folders", [],
        "gcloud resource-manager folders list --organization ORGANIZATION";
    organizations: Organization, "organization", [], ["cloudresourcemanager.googleapis.com/Organization"],
        "organizations", [], "gcloud organizations list";
    cloud_sql_instances: CloudSqlInstance, "cloud-sql-instance", ["sql#instance"], ["sqladmin.googleapis.com/Instance"],
        "instances", ["databaseVersion", "settings"], "gcloud sql instances list";
    gke_clusters: GkeCluster, "gke-cluster", [], ["container.googleapis.com/Cluster"], "clusters",
        ["currentMasterVersion"], "gcloud container clusters list";
    app_engine_applications: AppEngineApplication, "app-engine-application", [],
        ["appengine.googleapis.com/Application"], "apps", ["servingStatus", "locationId"], "gcloud app describe";
    app_engine_services: AppEngineService, "app-engine-service", [], ["appengine.googleapis.com/Service"], "services",
        ["split"], "gcloud app services list";
    app_engine_firewalls: AppEngineFirewall, "app-engine-firewall", [], [], "firewall", ["ingressRules"],
        "gcloud app firewall-rules list";
    forwarding_rules: ForwardingRule, "forwarding-rule", ["compute#forwardingRule"],
        ["compute.googleapis.com/ForwardingRule", "compute.googleapis.com/GlobalForwardingRule"], "forwardingRules",
        ["IPAddress", "IPProtocol"], "gcloud compute forwarding-rules list";
    backend_services: BackendService, "backend-service", ["compute#backendService"],
        ["compute.googleapis.com/BackendService", "compute.googleapis.com/RegionBackendService"], "backendServices",
        ["backends"], "gcloud compute backend-services list";
    backend_buckets: BackendBucket, "backend-bucket", ["compute#backendBucket"], ["compute.googleapis.com/BackendBucket"],
        "backendBuckets", ["bucketName"], "gcloud compute backend-buckets list";
    target_pools: TargetPool, "target-pool", ["compute#targetPool"], ["compute.googleapis.com/TargetPool"], "targetPools",
        ["instances", "sessionAffinity"], "gcloud compute target-pools list";
    target_instances: TargetInstance, "target-instance", ["compute#targetInstance"],
        ["compute.googleapis.com/TargetInstance"], "targetInstances", ["instance", "natPolicy"],
        "gcloud compute target-instances list";
    target_vpn_gateways: TargetVpnGateway, "target-vpn-gateway", ["compute#targetVpnGateway"],
        ["compute.googleapis.com/TargetVpnGateway"], "targetVpnGateways", [],
        "gcloud compute target-vpn-gateways list";
    target_http_proxies: TargetHttpProxy, "target-http-proxy", ["compute#targetHttpProxy"],
        ["compute.googleapis.com/TargetHttpProxy", "compute.googleapis.com/RegionTargetHttpProxy"], "targetHttpProxies", [],
        "gcloud compute target-http-proxies list";
    target_https_proxies: TargetHttpsProxy, "target-https-proxy", ["compute#targetHttpsProxy"],
        ["compute.googleapis.com/TargetHttpsProxy", "compute.googleapis.com/RegionTargetHttpsProxy"],
        "targetHttpsProxies", ["sslCertificates", "urlMap"], "gcloud compute target-https-proxies list";
    target_ssl_proxies: TargetSslProxy, "target-ssl-proxy", ["compute#targetSslProxy"],
        ["compute.googleapis.com/TargetSslProxy"], "targetSslProxies", [], "gcloud compute target-ssl-proxies list";
    target_tcp_proxies: TargetTcpProxy, "target-tcp-proxy", ["compute#targetTcpProxy"],
        ["compute.googleapis.com/TargetTcpProxy", "compute.googleapis.com/RegionTargetTcpProxy"], "targetTcpProxies", [],
        "gcloud compute target-tcp-proxies list";
    target_grpc_proxies: TargetGrpcProxy, "target-grpc-proxy", ["compute#targetGrpcProxy"],
        ["compute.googleapis.com/TargetGrpcProxy"], "targetGrpcProxies", [], "gcloud compute target-grpc-proxies list";
    url_maps: UrlMap, "url-map", ["compute#urlMap"],
        ["compute.googleapis.com/UrlMap", "compute.googleapis.com/RegionUrlMap"], "urlMaps", ["defaultService"],
        "gcloud compute url-maps list";
    instance_groups: InstanceGroup, "instance-group", ["compute#instanceGroup"],
        ["compute.googleapis.com/InstanceGroup", "compute.googleapis.com/RegionInstanceGroup"], "instanceGroups",
        ["namedPorts", "size"], "gcloud compute instance-groups list";
    group_members: Members, "instance-group-members",
        ["compute#instanceGroupsListInstances", "compute#regionInstanceGroupsListInstances"], [], "listInstances",
        ["instanceGroup", "items"], "gcloud compute instance-groups list-instances";
    group_managers: InstanceGroupManager, "instance-group-manager", ["compute#instanceGroupManager"],
        ["compute.googleapis.com/InstanceGroupManager", "compute.googleapis.com/RegionInstanceGroupManager"],
        "instanceGroupManagers", ["instanceGroup", "baseInstanceName"], "gcloud compute instance-groups managed list";
    managed_instances: ManagedInstances, "managed-instances", [], [], "listManagedInstances", ["managedInstances"],
        "gcloud compute instance-groups managed list-instances";
    endpoint_groups: EndpointGroup, "network-endpoint-group", ["compute#networkEndpointGroup"],
        ["compute.googleapis.com/NetworkEndpointGroup"], "networkEndpointGroups", ["networkEndpointType"],
        "gcloud compute network-endpoint-groups list";
    endpoints: Endpoints, "network-endpoints", ["compute#networkEndpointGroupsListNetworkEndpoints"], [],
        "listNetworkEndpoints", ["networkEndpointGroup", "items"],
        "gcloud compute network-endpoint-groups list-network-endpoints";
    security_policies: SecurityPolicy, "security-policy", ["compute#securityPolicy"],
        ["compute.googleapis.com/SecurityPolicy"], "securityPolicies", [], "gcloud compute security-policies list";
}
