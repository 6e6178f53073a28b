//! Meaning: what each resource says, one file for each. Resources know each other by key only.
//!
//! Knows no rule list of the engine and no path; `lower` has those.

mod application_group;
mod device;
mod effective;
mod group;
mod id;
mod identity;
mod interface;
mod kind;
mod machine;
mod network;
mod ports;
mod protocols;
mod public_address;
mod route_table;
mod rule_intake;
mod security_rule;
mod service_tag;
mod side;
mod stated;

pub use application_group::ApplicationGroup;
#[cfg(test)]
pub(crate) use device::DEVICE_KINDS;
pub use device::{
    ActiveAdminRule, AdminCollection, AdminConfiguration, AdminDeployment, AdminRule, AdminSnapshot,
    EffectiveAdminNetwork, NetworkGroup, NetworkGroupMember, NetworkManager, PrivateEndpoint,
    PrivateLinkService,
};
pub use device::{
    ApplicationGateway, Bastion, CircuitGateway, CollectionGroup, Device, Firewall, FirewallPolicy, IpGroup,
    Perimeter, PerimeterMember, PerimeterMode, PerimeterProfile, PerimeterRule, PublicPrefix, TunnelGateway,
    WafPolicy,
};
pub use device::{BackendPool, BalancerFrontend, BalancingRule, LoadBalancer, NatGateway, NatRule, ScaleSet};
pub use device::{Service, ServicePart};
pub use effective::EffectiveView;
pub use group::Group;
pub use interface::Interface;
pub use machine::Machine;
pub use network::{Peering, Subnet, VirtualNetwork};
pub use public_address::PublicAddress;
pub use route_table::RouteTable;

pub(crate) use device::{AdminAction, AdminBody, BesideIntentPolicies, ManagerScope};
pub(crate) use device::{Carried, Fronted, Seat, Seats, SetInterface, Translated};
pub(crate) use device::{
    CollectionKind, Devices, FirewallRule, FirewallSide, Frontend, Listener, Route, RuleCollection,
    TunnelKind, Waf, read_device,
};
pub(crate) use device::{
    Entry, Kept, MANAGEMENT_SITE, OF_EDITS, Otherwise, PartContent, PublicAccess, Ranges, ServiceFirewall,
    SiteRules,
};
pub(crate) use effective::{Attached, EffectiveList, EffectiveParts};
pub(crate) use id::{name_of, parent_of, segment_after, type_of};
pub(crate) use identity::{Absence, Identity, UNREADABLE_KEY, tell_twice};
pub(crate) use interface::{Balancing, IpConfiguration};
pub(crate) use kind::Kind;
pub use network::NetworkParts;
pub(crate) use protocols::{PROTOCOLS, Protocols};
pub(crate) use public_address::Sku;
pub(crate) use route_table::{NextHop, Route as UserRoute, RoutePrefix};
pub(crate) use rule_intake::{Access, Origin};
pub(crate) use security_rule::{SecurityRule, default_rules};
pub(crate) use service_tag::{KNOWN_TAGS, NamedTag};
pub(crate) use side::{Side, host_addresses};

/// A resource of Azure, as one document states it. Complete: the kinds that are assessed.
#[derive(Clone, Debug, PartialEq)]
pub enum Resource {
    /// A network security group.
    Group(Group),
    /// A network interface.
    Interface(Interface),
    /// A virtual network with the subnets and peerings it states.
    Network(Box<NetworkParts>),
    /// A subnet on its own.
    Subnet(Subnet),
    /// A peering on its own.
    Peering(Peering),
    /// A route table.
    RouteTable(RouteTable),
    /// A public address.
    PublicAddress(PublicAddress),
    /// A virtual machine.
    Machine(Machine),
    /// An application security group.
    ApplicationGroup(ApplicationGroup),
    /// The effective rules of an interface.
    Effective(EffectiveView),
    /// A kind of which an estate has few.
    Device(Device),
}

impl Resource {
    pub(crate) fn identity(&self) -> &Identity {
        match self {
            Self::Group(resource) => &resource.identity,
            Self::Interface(resource) => &resource.identity,
            Self::Network(parts) => &parts.network.identity,
            Self::Subnet(resource) => &resource.identity,
            Self::Peering(resource) => &resource.identity,
            Self::RouteTable(resource) => &resource.identity,
            Self::PublicAddress(resource) => &resource.identity,
            Self::Machine(resource) => &resource.identity,
            Self::ApplicationGroup(resource) => &resource.identity,
            Self::Effective(resource) => &resource.identity,
            Self::Device(device) => device.identity(),
        }
    }
}
