//! All of Azure: what its exports look like, what its resources mean, and what they come to as paths and filters.
//!
//! ```
//! use cloud::{Document, Inventory as _};
//! use model::{DocumentId, Thresholds};
//!
//! let text = r#"[{"name": "nsg-web", "securityRules": []}]"#;
//! let mut inventory = azure::Inventory::new();
//! let reading = inventory.read(&Document { id: DocumentId(0), path: "nsgs.json", text });
//! assert_eq!(reading.format, Some("azure/cli"));
//! assert_eq!(inventory.snapshot(Thresholds::STANDARD).targets.len(), 1);
//! ```
//!
//! Rooms: `wire` (spelling), `template` and `declared` (what is about to be, written as exports spell it), `resource` (meaning), `lower` (paths), `trail` (what audit logs say) and `replay` (edits applied). Numbers like A15 in comments are those of
//! `semantics.md`. Knows no other cloud, no check, no report; opens no file.

mod catalogue;
mod declared;
mod estate;
mod format;
mod intake;
mod inventory;
mod lower;
mod pool;
mod reader;
mod replay;
mod resource;
mod template;
mod trail;
mod wire;

pub use inventory::Inventory;
pub use resource::{
    ActiveAdminRule, AdminCollection, AdminConfiguration, AdminDeployment, AdminRule, AdminSnapshot,
    ApplicationGateway, ApplicationGroup, BackendPool, BalancerFrontend, BalancingRule, Bastion,
    CircuitGateway, CollectionGroup, Device, EffectiveAdminNetwork, EffectiveView, Firewall, FirewallPolicy,
    Group, Interface, IpGroup, LoadBalancer, Machine, NatGateway, NatRule, NetworkGroup, NetworkGroupMember,
    NetworkManager, NetworkParts, Peering, Perimeter, PerimeterMember, PerimeterMode, PerimeterProfile,
    PerimeterRule, PrivateEndpoint, PrivateLinkService, PublicAddress, PublicPrefix, Resource, RouteTable,
    ScaleSet, Service, ServicePart, Subnet, TunnelGateway, VirtualNetwork, WafPolicy,
};

/// Azure, for the binary's list of clouds.
pub static CLOUD: cloud::Cloud = cloud::Cloud {
    name: lower::CLOUD_NAME,
    signs: &[],
    waits: template::is_template,
    inventory: || Box::new(Inventory::new()),
    trail: trail::TRAIL,
};

/// Parses a text into the structs of `wire` and drops them; returns how many resources there were. Benchmarks measure
/// reading and scanning against this.
#[must_use]
pub fn parsed_resources(text: &str) -> u64 {
    let mut resources = 0;
    wire::read_stream(text, &mut |item| resources += u64::from(matches!(item, wire::Item::Resource(_))));
    resources
}
