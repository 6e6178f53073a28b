//! Parts of networks: subnets, peerings, address spaces, routes.

use serde::de::{IgnoredAny, MapAccess};

use super::fields::{Fields, Level, List, Object, Reference, Seen};
use super::leaf::{Flag, Text, Texts};

/// A subnet, inside its virtual network or on its own.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Subnet<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) prefix: Texts<'a>,
    pub(crate) prefixes: Texts<'a>,
    pub(crate) group: Object<Reference<'a>>,
    pub(crate) route_table: Object<Reference<'a>>,
    pub(crate) delegations: List<Object<Delegation<'a>>>,
    /// The ip-configurations of application gateways in it.
    pub(crate) gateways: List<Object<Reference<'a>>>,
    /// The ip-configurations in it, of whatever resource.
    pub(crate) users: List<Object<Reference<'a>>>,
    pub(crate) etag: Text<'a>,
    pub(crate) provisioning_state: Text<'a>,
    pub(crate) seen: Seen,
    pub(crate) at: Option<&'a str>,
}

impl<'de> Fields<'de> for Subnet<'de> {
    const KEYS: &'static [&'static str] = &[
        "id",
        "name",
        "addressPrefix",
        "addressPrefixes",
        "networkSecurityGroup",
        "routeTable",
        "ipConfigurations",
        "delegations",
        "applicationGatewayIPConfigurations",
        "etag",
        "provisioningState",
    ];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "id" | "name" if level == Level::Properties => map.next_value::<IgnoredAny>().map(drop)?,
            "id" => self.id = map.next_value()?,
            "name" => self.name = map.next_value()?,
            "addressPrefix" => self.prefix = map.next_value()?,
            "addressPrefixes" => self.prefixes = map.next_value()?,
            "networkSecurityGroup" => self.group = map.next_value()?,
            "routeTable" => self.route_table = map.next_value()?,
            "ipConfigurations" => self.users = map.next_value()?,
            "delegations" => self.delegations = map.next_value()?,
            "applicationGatewayIPConfigurations" => self.gateways = map.next_value()?,
            "etag" => self.etag = map.next_value()?,
            "provisioningState" => self.provisioning_state = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn mark(&mut self, key: &'de str) {
        self.at.get_or_insert(key);
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }
}

/// A service that a subnet is given to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Delegation<'a> {
    pub(crate) service: Text<'a>,
}

impl<'de> Fields<'de> for Delegation<'de> {
    const KEYS: &'static [&'static str] = &["serviceName"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        if key != "serviceName" {
            return Ok(false);
        }
        self.service = map.next_value()?;
        Ok(true)
    }
}

/// The address space of a virtual network.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AddressSpace<'a> {
    pub(crate) prefixes: Texts<'a>,
    pub(crate) seen: Seen,
}

impl<'de> Fields<'de> for AddressSpace<'de> {
    const KEYS: &'static [&'static str] = &["addressPrefixes"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        if key != "addressPrefixes" {
            return Ok(false);
        }
        self.prefixes = map.next_value()?;
        Ok(true)
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }
}

/// One side of a peering, as its own virtual network states it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Peering<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) remote_network: Object<Reference<'a>>,
    pub(crate) remote_space: Object<AddressSpace<'a>>,
    pub(crate) remote_network_space: Object<AddressSpace<'a>>,
    pub(crate) allow_access: Flag,
    pub(crate) complete: Flag,
    pub(crate) state: Text<'a>,
    pub(crate) seen: Seen,
    pub(crate) at: Option<&'a str>,
}

impl<'de> Fields<'de> for Peering<'de> {
    const KEYS: &'static [&'static str] = &[
        "id",
        "name",
        "remoteVirtualNetwork",
        "remoteAddressSpace",
        "remoteVirtualNetworkAddressSpace",
        "allowVirtualNetworkAccess",
        "peerCompleteVnets",
        "peeringState",
    ];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "id" | "name" if level == Level::Properties => map.next_value::<IgnoredAny>().map(drop)?,
            "id" => self.id = map.next_value()?,
            "name" => self.name = map.next_value()?,
            "remoteVirtualNetwork" => self.remote_network = map.next_value()?,
            "remoteAddressSpace" => self.remote_space = map.next_value()?,
            "remoteVirtualNetworkAddressSpace" => self.remote_network_space = map.next_value()?,
            "allowVirtualNetworkAccess" => self.allow_access = map.next_value()?,
            "peerCompleteVnets" => self.complete = map.next_value()?,
            "peeringState" => self.state = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn mark(&mut self, key: &'de str) {
        self.at.get_or_insert(key);
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }
}

/// One route of a route table.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Route<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) prefix: Text<'a>,
    pub(crate) next_hop_type: Text<'a>,
    pub(crate) seen: Seen,
    pub(crate) at: Option<&'a str>,
}

impl<'de> Fields<'de> for Route<'de> {
    const KEYS: &'static [&'static str] = &["name", "addressPrefix", "nextHopType"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "name" => self.name = map.next_value()?,
            "addressPrefix" => self.prefix = map.next_value()?,
            "nextHopType" => self.next_hop_type = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn mark(&mut self, key: &'de str) {
        self.at.get_or_insert(key);
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }
}
