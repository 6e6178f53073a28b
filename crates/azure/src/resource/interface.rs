//! Network interfaces: their addresses, the group they carry, what is in front of them.
//!
//! Knows no subnet and no public address beyond their keys.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::grammar;
use model::{Effect, Name};
use packet::{AddressSet, Family, Prefix};

use crate::intake::{Intake, Quoted};
use crate::wire::{self, Element, List, Object, Text};

use super::identity::{Absence, Identity, ReadAt, objects, reference_key, reference_keys, tell_twice};

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
    /// Whether a load balancer or an application gateway leads to it.
    pub(crate) is_balanced: bool,
    /// Whether a gateway load balancer stands before its public address (semantics AP6).
    pub(crate) is_chained: bool,
    pub(crate) read_at: ReadAt,
}

impl Interface {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed interface", intake);
        let is_projected = element.ip_configurations.is_absent()
            || (element.etag.is_absent() && element.provisioning_state.is_absent());
        let stated = objects(("ipConfigurations", &element.ip_configurations), identity.owner(), intake);
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
        let family = match address {
            Some(IpAddr::V4(_)) => Family::V4,
            Some(IpAddr::V6(_)) => Family::V6,
            None if six => Family::V6,
            None => Family::V4,
        };
        let block =
            address.and_then(|address| block_of(address, &stated.private_address_length, owner, intake));
        let is_balanced = is_balanced(stated, owner, intake);
        let (application_groups, all_read) =
            reference_keys(("applicationSecurityGroups", &stated.application_groups), owner, intake);
        let name = stated.name.get();
        Self {
            key: name.map(|name| intake.pool.key(&format!("{}/ipConfigurations/{name}", interface.key))),
            addresses: block.map(|block| intake.pool.set(block.into())),
            family,
            public_address: reference_key(("publicIPAddress", &stated.public_address), owner, intake),
            subnet: reference_key(("subnet", &stated.subnet), owner, intake),
            application_groups,
            tells_membership: all_read && tells("applicationSecurityGroups"),
            tells_public_address: tells("publicIPAddress"),
            is_balanced,
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

/// Whether a load balancer or a gateway leads here; a list of them that is none may name one.
fn is_balanced(
    stated: &wire::IpConfiguration<'_>,
    (owner, read_at): (&str, ReadAt),
    intake: &mut Intake<'_, '_>,
) -> bool {
    let lists = [
        ("loadBalancerBackendAddressPools", &stated.backend_pools),
        ("loadBalancerInboundNatRules", &stated.nat_rules),
        ("applicationGatewayBackendAddressPools", &stated.gateway_pools),
    ];
    let mut balanced = false;
    for (field, list) in lists {
        balanced |= !list.items().is_empty();
        if let List::Not(json) = list {
            let message = format!("{}: `{field}` is {json}, expected a list", Quoted(owner));
            intake.note(read_at.0, "unexpected-type", Effect::Undecided, message);
            balanced = true;
        }
    }
    balanced
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
        (Text::Not(json), _, _) => format!("{}: an address is {json}, expected a string", Quoted(owner)),
        (_, Some(stated), None) => format!("{}: {} is not an address", Quoted(owner), Quoted(stated)),
        (_, _, _) => return address,
    };
    intake.note(read_at.0, "unreadable-address", Effect::Undecided, message);
    None
}
