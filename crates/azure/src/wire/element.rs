//! One resource of a document, of any kind.
//!
//! One struct for all kinds: what a resource is, its `type` or `id`, often stands after its content, and reading
//! it twice or into a tree would cost more than the keys of all kinds together.

use std::borrow::Cow;

use cloud::json::{Json, Node};
use serde::de::{IgnoredAny, MapAccess};

use super::fields::{Fields, Level, List, Object, Reference, Seen};
use super::interface::{Association, IpConfiguration, NetworkProfile, Sku};
use super::leaf::{Text, Texts};
use super::network::{AddressSpace, Delegation, Peering, Route, Subnet};
use super::properties::ENVELOPE;
use super::rule::Rule;

/// A resource, flattened or with its `properties`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Element<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) kind: Text<'a>,
    pub(crate) resource_group: Text<'a>,
    pub(crate) etag: Text<'a>,
    pub(crate) location: Text<'a>,
    pub(crate) provisioning_state: Text<'a>,
    /// Whether it has a `properties` level.
    pub(crate) nested: bool,
    /// What its `properties` are, when they are no object.
    pub(crate) strange_properties: Option<Json>,
    pub(crate) seen: Seen,
    /// A piece of the document inside its object.
    pub(crate) at: Option<&'a str>,
    /// Whether keys begin with a capital, as PowerShell writes them.
    pub(crate) is_pascal: bool,
    /// What it is a sign of, when it is no resource.
    pub(crate) sign: Option<Sign>,
    /// The object itself, where it does not stand in the document as it was read.
    pub(crate) whole: Option<Box<Node<'a>>>,

    // Groups.
    pub(crate) rules: List<Object<Rule<'a>>>,
    pub(crate) default_rules: List<Object<Rule<'a>>>,
    pub(crate) interfaces: List<Object<Reference<'a>>>,
    // Interfaces and subnets; effective views name their group with it.
    pub(crate) group: Object<Reference<'a>>,
    // Interfaces.
    pub(crate) ip_configurations: List<Object<IpConfiguration<'a>>>,
    pub(crate) machine: Object<Reference<'a>>,
    pub(crate) private_endpoint: Object<Reference<'a>>,
    // Virtual networks; groups name theirs with `subnets`.
    pub(crate) address_space: Object<AddressSpace<'a>>,
    pub(crate) subnets: List<Object<Subnet<'a>>>,
    pub(crate) peerings: List<Object<Peering<'a>>>,
    // Subnets.
    pub(crate) prefix: Texts<'a>,
    pub(crate) prefixes: Texts<'a>,
    pub(crate) route_table: Object<Reference<'a>>,
    pub(crate) delegations: List<Object<Delegation<'a>>>,
    pub(crate) gateways: List<Object<Reference<'a>>>,
    // Peerings.
    pub(crate) peering: Peering<'a>,
    // Route tables.
    pub(crate) routes: List<Object<Route<'a>>>,
    // Public addresses.
    pub(crate) address: Text<'a>,
    pub(crate) address_version: Text<'a>,
    pub(crate) sku: Object<Sku<'a>>,
    pub(crate) used_by: Object<Reference<'a>>,
    // Machines.
    pub(crate) power: Text<'a>,
    pub(crate) network_profile: Object<NetworkProfile<'a>>,
    // Effective views.
    pub(crate) association: Object<Association<'a>>,
    pub(crate) effective_rules: List<Object<Rule<'a>>>,
    // Rules outside of a group.
    pub(crate) access: Text<'a>,
    pub(crate) direction: Text<'a>,
    // What a network manager committed: `az network manager list-deploy-status`.
    pub(crate) committed: Texts<'a>,
    pub(crate) deployment: Text<'a>,
}

/// Things that are asked of Azure and say nothing of what is configured. Complete: those that are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A state of compliance of Azure Policy.
    PolicyState,
    /// An event, of Event Grid or an activity log.
    Event,
}

impl Element<'_> {
    /// Whether it says more than who it is and how it is called.
    pub(crate) fn has_body(&self) -> bool {
        self.nested || self.seen.keys(Self::KEYS).any(|key| !ENVELOPE.contains(&key))
    }
}

impl<'de> Fields<'de> for Element<'de> {
    const KEYS: &'static [&'static str] = &[
        "id",
        "name",
        "type",
        "resourceGroup",
        "etag",
        "provisioningState",
        "securityRules",
        "defaultSecurityRules",
        "networkInterfaces",
        "networkSecurityGroup",
        "ipConfigurations",
        "virtualMachine",
        "privateEndpoint",
        "addressSpace",
        "subnets",
        "virtualNetworkPeerings",
        "addressPrefix",
        "addressPrefixes",
        "routeTable",
        "routes",
        "ipAddress",
        "publicIPAddressVersion",
        "sku",
        "ipConfiguration",
        "powerState",
        "networkProfile",
        "association",
        "effectiveSecurityRules",
        "access",
        "direction",
        "remoteVirtualNetwork",
        "remoteAddressSpace",
        "remoteVirtualNetworkAddressSpace",
        "allowVirtualNetworkAccess",
        "peerCompleteVnets",
        "peeringState",
        "location",
        "delegations",
        "applicationGatewayIPConfigurations",
        "configurationIds",
        "deploymentStatus",
    ];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            // Some kinds have properties called `type` or `name`; who a resource is stands outside of them.
            "id" | "name" | "type" if level == Level::Properties => {
                map.next_value::<IgnoredAny>().map(drop)?
            }
            "id" => self.id = map.next_value()?,
            "name" => self.name = map.next_value()?,
            "type" => self.kind = map.next_value()?,
            "resourceGroup" => self.resource_group = map.next_value()?,
            "etag" => self.etag = map.next_value()?,
            "provisioningState" => self.provisioning_state = map.next_value()?,
            "securityRules" => self.rules = map.next_value()?,
            "defaultSecurityRules" => self.default_rules = map.next_value()?,
            "networkInterfaces" => self.interfaces = map.next_value()?,
            "networkSecurityGroup" => self.group = map.next_value()?,
            "ipConfigurations" => self.ip_configurations = map.next_value()?,
            "virtualMachine" => self.machine = map.next_value()?,
            "privateEndpoint" => self.private_endpoint = map.next_value()?,
            _ => return self.take_network(key, level, map),
        }
        Ok(true)
    }

    fn mark(&mut self, key: &'de str) {
        self.at.get_or_insert(key);
    }

    fn respelled(&mut self, key: &str) {
        self.is_pascal |= key.starts_with(|letter: char| letter.is_ascii_uppercase());
    }

    fn surprise<A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "policyAssignmentId" => self.sign = Some(Sign::PolicyState),
            "eventType" | "eventTimestamp" => self.sign = Some(Sign::Event),
            "ResourceGroupName" | "ResourceId" => self.is_pascal = true,
            _ => {}
        }
        map.next_value::<IgnoredAny>().map(drop)
    }

    fn nested(&mut self) {
        self.nested = true;
    }

    fn nested_not(&mut self, json: Json) {
        self.strange_properties = Some(json);
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }

    fn from_text(_text: Cow<'de, str>) -> Option<Self> {
        None
    }
}

impl<'de> Element<'de> {
    fn take_network<A: MapAccess<'de>>(
        &mut self,
        key: &str,
        level: Level,
        map: &mut A,
    ) -> Result<bool, A::Error> {
        match key {
            "addressSpace" => self.address_space = map.next_value()?,
            "subnets" => self.subnets = map.next_value()?,
            "virtualNetworkPeerings" => self.peerings = map.next_value()?,
            "addressPrefix" => self.prefix = map.next_value()?,
            "addressPrefixes" => self.prefixes = map.next_value()?,
            "routeTable" => self.route_table = map.next_value()?,
            "routes" => self.routes = map.next_value()?,
            "ipAddress" => self.address = map.next_value()?,
            "publicIPAddressVersion" => self.address_version = map.next_value()?,
            "sku" => self.sku = map.next_value()?,
            "ipConfiguration" => self.used_by = map.next_value()?,
            "powerState" => self.power = map.next_value()?,
            "networkProfile" => self.network_profile = map.next_value()?,
            "association" => self.association = map.next_value()?,
            "effectiveSecurityRules" => self.effective_rules = map.next_value()?,
            "access" => self.access = map.next_value()?,
            "direction" => self.direction = map.next_value()?,
            "location" => self.location = map.next_value()?,
            "delegations" => self.delegations = map.next_value()?,
            "applicationGatewayIPConfigurations" => self.gateways = map.next_value()?,
            "configurationIds" => self.committed = map.next_value()?,
            "deploymentStatus" => self.deployment = map.next_value()?,
            _ => return self.peering.take(key, level, map),
        }
        Ok(true)
    }
}
