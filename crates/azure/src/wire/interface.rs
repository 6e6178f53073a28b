//! Parts of interfaces, machines and public addresses.

use std::borrow::Cow;

use serde::de::{IgnoredAny, MapAccess};

use super::fields::{Fields, Level, List, Object, Reference, Seen};
use super::leaf::Text;

/// One ip-configuration of an interface.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct IpConfiguration<'a> {
    pub(crate) id: Text<'a>,
    pub(crate) name: Text<'a>,
    pub(crate) private_address: Text<'a>,
    pub(crate) private_address_length: Text<'a>,
    pub(crate) version: Text<'a>,
    pub(crate) public_address: Object<Reference<'a>>,
    pub(crate) subnet: Object<Reference<'a>>,
    pub(crate) application_groups: List<Object<Reference<'a>>>,
    pub(crate) backend_pools: List<Object<Reference<'a>>>,
    pub(crate) nat_rules: List<Object<Reference<'a>>>,
    pub(crate) gateway_pools: List<Object<Reference<'a>>>,
    pub(crate) gateway_balancer: Object<Reference<'a>>,
    pub(crate) seen: Seen,
    pub(crate) at: Option<&'a str>,
}

impl<'de> Fields<'de> for IpConfiguration<'de> {
    const KEYS: &'static [&'static str] = &[
        "id",
        "name",
        "privateIPAddress",
        "privateIPAddressPrefixLength",
        "privateIPAddressVersion",
        "publicIPAddress",
        "subnet",
        "applicationSecurityGroups",
        "loadBalancerBackendAddressPools",
        "loadBalancerInboundNatRules",
        "applicationGatewayBackendAddressPools",
        "gatewayLoadBalancer",
    ];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "id" | "name" if level == Level::Properties => map.next_value::<IgnoredAny>().map(drop)?,
            "id" => self.id = map.next_value()?,
            "name" => self.name = map.next_value()?,
            "privateIPAddress" => self.private_address = map.next_value()?,
            "privateIPAddressPrefixLength" => self.private_address_length = map.next_value()?,
            "privateIPAddressVersion" => self.version = map.next_value()?,
            "publicIPAddress" => self.public_address = map.next_value()?,
            "subnet" => self.subnet = map.next_value()?,
            "applicationSecurityGroups" => self.application_groups = map.next_value()?,
            "loadBalancerBackendAddressPools" => self.backend_pools = map.next_value()?,
            "loadBalancerInboundNatRules" => self.nat_rules = map.next_value()?,
            "applicationGatewayBackendAddressPools" => self.gateway_pools = map.next_value()?,
            "gatewayLoadBalancer" => self.gateway_balancer = map.next_value()?,
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

/// The interfaces of a machine.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct NetworkProfile<'a> {
    pub(crate) interfaces: List<Object<Reference<'a>>>,
}

impl<'de> Fields<'de> for NetworkProfile<'de> {
    const KEYS: &'static [&'static str] = &["networkInterfaces"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        if key != "networkInterfaces" {
            return Ok(false);
        }
        self.interfaces = map.next_value()?;
        Ok(true)
    }
}

/// The SKU of a public address: `{"name": …}`, or the name alone.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sku<'a> {
    pub(crate) name: Text<'a>,
    pub(crate) seen: Seen,
}

impl<'de> Fields<'de> for Sku<'de> {
    const KEYS: &'static [&'static str] = &["name"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        if key != "name" {
            return Ok(false);
        }
        self.name = map.next_value()?;
        Ok(true)
    }

    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self { name: Text::Is(text), seen: Seen::default() })
    }

    fn seen(&mut self) -> Option<&mut Seen> {
        Some(&mut self.seen)
    }
}

/// What a group of the effective view is attached to.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Association<'a> {
    pub(crate) interface: Object<Reference<'a>>,
    pub(crate) subnet: Object<Reference<'a>>,
    pub(crate) network_manager: Object<Reference<'a>>,
}

impl<'de> Fields<'de> for Association<'de> {
    const KEYS: &'static [&'static str] = &["networkInterface", "subnet", "networkManager"];

    fn take<A: MapAccess<'de>>(&mut self, key: &str, _level: Level, map: &mut A) -> Result<bool, A::Error> {
        match key {
            "networkInterface" => self.interface = map.next_value()?,
            "subnet" => self.subnet = map.next_value()?,
            "networkManager" => self.network_manager = map.next_value()?,
            _ => return Ok(false),
        }
        Ok(true)
    }
}
