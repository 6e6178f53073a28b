//! Network interfaces: their addresses, the group they carry, what is in front of them.
//!
//! Knows no subnet and no public address beyond their keys.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::json::{Cause, Json};
use cloud::{Quoted, ReadAt, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Family, Prefix};

use crate::intake::Intake;
use crate::wire::{self, Element, Fields as _, Object, Text};

use super::identity::{Absence, Identity, objects, reference_key, reference_keys, tell_twice};

/// A network interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Interface {
    pub(crate) identity: Identity,
    /// Whether the document is a projection, in which what is absent says nothing.
    pub(crate) is_projected: bool,
    /// The key of the group it carries.
    pub(crate) group: Option<Name>,
    /// What it says when it names no group.
    pub(crate) without_group: Absence,
    pub(crate) configurations: Vec<IpConfiguration>,
    /// Whether it may have others, of which nothing can be read.
    pub(crate) has_unread: bool,
    pub(crate) machine: Option<Name>,
    /// Whether it belongs to a private endpoint.
    pub(crate) is_private_endpoint: bool,
}

/// One address of an interface and what leads to it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct IpConfiguration {
    /// What public addresses name it by.
    pub(crate) key: Option<Name>,
    /// Its private address, or the block it owns; `None` when the document does not say.
    pub(crate) addresses: Option<Arc<AddressSet>>,
    pub(crate) family: Family,
    pub(crate) public_address: Option<Name>,
    pub(crate) subnet: Option<Name>,
    pub(crate) application_groups: Vec<Name>,
    /// Whether it is a member of no other application group; a projection may leave them out.
    pub(crate) tells_membership: bool,
    /// Whether its document says all of `public_address`: without one, that there is none.
    pub(crate) tells_public_address: bool,
    /// What says that a load balancer or an application gateway leads to it; `None` when it says nothing of it.
    pub(crate) balancing: Option<Box<Balancing>>,
    /// Whether its document speaks of `loadBalancerBackendAddressPools`.
    pub(crate) tells_pools: bool,
    /// Whether its document speaks of `loadBalancerInboundNatRules`.
    pub(crate) tells_nat_rules: bool,
    /// Whether a gateway load balancer stands before its public address (semantics AP6).
    pub(crate) is_chained: bool,
    pub(crate) read_at: ReadAt,
}

/// What an ip-configuration says of what leads to it.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Balancing {
    /// The keys of pools of load balancers.
    pub(crate) pools: Vec<Name>,
    /// The keys of inbound NAT rules of load balancers.
    pub(crate) nat_rules: Vec<Name>,
    /// The keys of what load balancers translate for all instances of a scale set.
    pub(crate) nat_pools: Vec<Name>,
    /// The keys of pools of application gateways.
    pub(crate) gateway_pools: Vec<Name>,
    /// Whether something of it cannot be read.
    pub(crate) is_unreadable: bool,
}

impl Balancing {
    /// What it takes of load balancers, one after the other.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Name> {
        self.pools.iter().chain(&self.nat_rules)
    }

    /// Takes no more of load balancers what is gone.
    pub(crate) fn forget(&mut self, is_gone: &dyn Fn(&Name) -> bool) {
        self.pools.retain(|part| !is_gone(part));
        self.nat_rules.retain(|part| !is_gone(part));
    }
}

impl Interface {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed interface", intake);
        let is_projected = element.ip_configurations.is_absent()
            || (element.etag.is_absent() && element.provisioning_state.is_absent());
        let stated = objects(("ipConfigurations", &element.ip_configurations), identity.owner(), intake);
        let has_unread = stated.len() != element.ip_configurations.items().len()
            || element.ip_configurations.strange().is_some();
        let configurations = stated
            .into_iter()
            .map(|stated| IpConfiguration::read(stated, (&identity, is_projected), intake))
            .collect();
        let private_endpoint =
            reference_key(("privateEndpoint", &element.private_endpoint), identity.owner(), intake);
        Self {
            is_projected,
            without_group: Absence::of::<Element<'_>>(element.seen, "networkSecurityGroup", is_projected),
            group: reference_key(("networkSecurityGroup", &element.group), identity.owner(), intake),
            configurations,
            has_unread,
            machine: reference_key(("virtualMachine", &element.machine), identity.owner(), intake),
            // One that cannot be read does not take the interface out of the answer.
            is_private_endpoint: private_endpoint.is_some()
                && element.private_endpoint.get().is_some_and(|endpoint| endpoint.id.get().is_some()),
            identity,
        }
    }
}

impl IpConfiguration {
    fn read<'a>(
        stated: &wire::IpConfiguration<'a>,
        (interface, is_projected): (&Identity, bool),
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let read_at = ReadAt(intake.place(stated.at));
        let owner = (&*interface.name, read_at);
        tell_twice::<wire::IpConfiguration<'_>>(stated.seen, owner, intake);
        let tells =
            |key: &str| Absence::of::<wire::IpConfiguration<'_>>(stated.seen, key, is_projected).is_told();
        let address = read_address(&stated.private_address, &interface.name, read_at, intake);
        let six = stated.version.get().is_some_and(|version| version.eq_ignore_ascii_case("ipv6"));
        if let Text::Not(json) = &stated.version {
            let message = format!(
                "{}: `privateIPAddressVersion` is {json}, expected `IPv4` or `IPv6`: it is taken to be the one of its address, else `IPv4`",
                Quoted(&interface.name)
            );
            intake.note(read_at.0, json.code(), Effect::Narrowed, message);
        }
        let family = match address {
            Some(IpAddr::V4(_)) => Family::V4,
            Some(IpAddr::V6(_)) => Family::V6,
            None if six => Family::V6,
            None => Family::V4,
        };
        let block =
            address.and_then(|address| block_of(address, &stated.private_address_length, owner, intake));
        let balancing = Balancing::read(stated, owner, intake);
        let (application_groups, all_read) =
            reference_keys(("applicationSecurityGroups", &stated.application_groups), owner, intake);
        let name = stated.name.get();
        Self {
            key: stated.id.get().map(|id| intake.pool.key(id)).or_else(|| {
                name.map(|name| intake.pool.key(&format!("{}/ipConfigurations/{name}", interface.key)))
            }),
            addresses: block.map(|block| intake.pool.set(block.into())),
            family,
            public_address: reference_key(("publicIPAddress", &stated.public_address), owner, intake),
            subnet: reference_key(("subnet", &stated.subnet), owner, intake),
            application_groups,
            tells_membership: all_read && tells("applicationSecurityGroups"),
            tells_public_address: tells("publicIPAddress"),
            balancing,
            tells_pools: stated.seen.has(wire::IpConfiguration::KEYS, "loadBalancerBackendAddressPools"),
            tells_nat_rules: stated.seen.has(wire::IpConfiguration::KEYS, "loadBalancerInboundNatRules"),
            is_chained: !matches!(stated.gateway_balancer, Object::Absent),
            read_at,
        }
    }
}

/// The addresses of a configuration that owns a block of them; `None` when its length cannot be read.
fn block_of(
    address: IpAddr,
    length: &Text<'_>,
    (owner, read_at): (&str, ReadAt),
    intake: &mut Intake<'_, '_>,
) -> Option<Prefix> {
    if length.is_absent() {
        return Some(Prefix::host(address));
    }
    let digits = length.get().and_then(|length| length.parse::<u8>().ok());
    let block = digits.and_then(|length| Prefix::covering(address, length));
    if block.is_none() {
        let message = format!("{}: `privateIPAddressPrefixLength` is no length of a prefix", Quoted(owner));
        intake.note(read_at.0, "unreadable-address", Effect::Undecided, message);
    }
    block
}

impl Balancing {
    fn read(
        stated: &wire::IpConfiguration<'_>,
        owner: (&str, ReadAt),
        intake: &mut Intake<'_, '_>,
    ) -> Option<Box<Self>> {
        let lists = [
            ("loadBalancerBackendAddressPools", &stated.backend_pools),
            ("loadBalancerInboundNatRules", &stated.nat_rules),
            ("applicationGatewayBackendAddressPools", &stated.gateway_pools),
        ];
        if lists.iter().all(|(_, list)| list.items().is_empty() && list.strange().is_none()) {
            return None;
        }
        let [pools, nat_rules, gateway_pools] = lists.map(|list| reference_keys(list, owner, intake));
        Some(Box::new(Self {
            // A list that is none may name one.
            is_unreadable: !(pools.1 && nat_rules.1 && gateway_pools.1),
            pools: pools.0,
            nat_rules: nat_rules.0,
            nat_pools: Vec::new(),
            gateway_pools: gateway_pools.0,
        }))
    }
}

impl IpConfiguration {
    /// Whether it says that a load balancer or a gateway leads to it, or may say it.
    pub(crate) const fn is_balanced(&self) -> bool {
        self.balancing.is_some()
    }
}

/// Reads one address; what is none is told.
pub(super) fn read_address(
    text: &Text<'_>,
    owner: &str,
    read_at: ReadAt,
    intake: &mut Intake<'_, '_>,
) -> Option<IpAddr> {
    let address = text.get().and_then(grammar::address);
    let message = match (text, text.get(), address) {
        // Azure gives it one when it is made: that is what an address is before.
        (Text::Not(Json::Unknown(Cause::Computed)), _, _) => return None,
        (Text::Not(json), _, _) => format!("{}: an address is {json}, expected a string", Quoted(owner)),
        (_, Some(stated), None) => format!("{}: {} is not an address", Quoted(owner), Quoted(stated)),
        (_, _, _) => return address,
    };
    let code = match text {
        Text::Not(json @ Json::Unknown(_)) => json.code(),
        Text::Not(_) | Text::Is(_) | Text::Absent => "unreadable-address",
    };
    intake.note(read_at.0, code, Effect::Undecided, message);
    None
}
