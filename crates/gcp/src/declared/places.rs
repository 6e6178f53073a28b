//! Where resources of each type stand in Google's paths.

/// What a path has before the word of the collection. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `projects/p/global/networks/n`.
    Global,
    /// `projects/p/regions/r/subnetworks/n`.
    Region,
    /// `projects/p/zones/z/instances/n`.
    Zone,
    /// `projects/p/instances/n`.
    Project,
    /// `projects/p/locations/l/clusters/n`.
    Location,
    /// `folders/1`.
    Nowhere,
}

impl Place {
    /// Whether ids in Terraform are such paths.
    pub(super) const fn tells_paths(self) -> bool {
        match self {
            Self::Global | Self::Region | Self::Zone | Self::Location => true,
            Self::Project | Self::Nowhere => false,
        }
    }
}

/// The place of a type and the word of its collection.
pub(super) fn place_of(kind: &str) -> Option<(Place, &'static str)> {
    let row = PLACES.iter().find(|(types, ..)| types.contains(&kind))?;
    Some((row.1, row.2))
}

const PLACES: &[(&[&str], Place, &str)] = &[
    (&["google_compute_network"], Place::Global, "networks"),
    (&["google_compute_subnetwork"], Place::Region, "subnetworks"),
    (&["google_compute_firewall"], Place::Global, "firewalls"),
    (&["google_compute_instance", "google_compute_instance_from_template"], Place::Zone, "instances"),
    (&["google_compute_instance_template"], Place::Global, "instanceTemplates"),
    (&["google_compute_region_instance_template"], Place::Region, "instanceTemplates"),
    (&["google_compute_instance_group"], Place::Zone, "instanceGroups"),
    (&["google_compute_region_instance_group"], Place::Region, "instanceGroups"),
    (&["google_compute_instance_group_manager"], Place::Zone, "instanceGroupManagers"),
    (&["google_compute_region_instance_group_manager"], Place::Region, "instanceGroupManagers"),
    (&["google_compute_address"], Place::Region, "addresses"),
    (&["google_compute_global_address"], Place::Global, "addresses"),
    (&["google_compute_route"], Place::Global, "routes"),
    (&["google_compute_router"], Place::Region, "routers"),
    (&["google_compute_forwarding_rule"], Place::Region, "forwardingRules"),
    (&["google_compute_global_forwarding_rule"], Place::Global, "forwardingRules"),
    (&["google_compute_target_http_proxy"], Place::Global, "targetHttpProxies"),
    (&["google_compute_region_target_http_proxy"], Place::Region, "targetHttpProxies"),
    (&["google_compute_target_https_proxy"], Place::Global, "targetHttpsProxies"),
    (&["google_compute_region_target_https_proxy"], Place::Region, "targetHttpsProxies"),
    (&["google_compute_target_tcp_proxy"], Place::Global, "targetTcpProxies"),
    (&["google_compute_region_target_tcp_proxy"], Place::Region, "targetTcpProxies"),
    (&["google_compute_target_ssl_proxy"], Place::Global, "targetSslProxies"),
    (&["google_compute_target_grpc_proxy"], Place::Global, "targetGrpcProxies"),
    (&["google_compute_url_map"], Place::Global, "urlMaps"),
    (&["google_compute_region_url_map"], Place::Region, "urlMaps"),
    (&["google_compute_backend_service"], Place::Global, "backendServices"),
    (&["google_compute_region_backend_service"], Place::Region, "backendServices"),
    (&["google_compute_backend_bucket"], Place::Global, "backendBuckets"),
    (&["google_compute_target_pool"], Place::Region, "targetPools"),
    (&["google_compute_target_instance"], Place::Zone, "targetInstances"),
    (&["google_compute_vpn_gateway"], Place::Region, "targetVpnGateways"),
    (&["google_compute_network_endpoint_group"], Place::Zone, "networkEndpointGroups"),
    (&["google_compute_region_network_endpoint_group"], Place::Region, "networkEndpointGroups"),
    (&["google_compute_global_network_endpoint_group"], Place::Global, "networkEndpointGroups"),
    (&["google_compute_security_policy"], Place::Global, "securityPolicies"),
    (&["google_compute_region_security_policy"], Place::Region, "securityPolicies"),
    (
        &["google_compute_network_firewall_policy", "google_compute_network_firewall_policy_with_rules"],
        Place::Global,
        "firewallPolicies",
    ),
    (
        &[
            "google_compute_region_network_firewall_policy",
            "google_compute_region_network_firewall_policy_with_rules",
        ],
        Place::Region,
        "firewallPolicies",
    ),
    (
        &["google_compute_firewall_policy", "google_compute_firewall_policy_with_rules"],
        Place::Nowhere,
        "locations/global/firewallPolicies",
    ),
    (&["google_network_security_address_group"], Place::Location, "addressGroups"),
    (&["google_network_connectivity_policy_based_route"], Place::Location, "policyBasedRoutes"),
    (&["google_sql_database_instance"], Place::Project, "instances"),
    (&["google_container_cluster"], Place::Location, "clusters"),
    (&["google_project"], Place::Nowhere, "projects"),
    (&["google_folder"], Place::Nowhere, "folders"),
    (&["google_organization"], Place::Nowhere, "organizations"),
    (&["google_tags_tag_key"], Place::Nowhere, "tagKeys"),
    (&["google_tags_tag_value"], Place::Nowhere, "tagValues"),
];
