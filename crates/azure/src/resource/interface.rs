//! Network interfaces: their addresses, the group they carry, what is in front of them.
//!
//! Knows no subnet and no public address beyond their keys.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::grammar;
use model::{Effect, Name};
use packet::{AddressSet, Family, Prefix};

use crate::intake::{Intake, Quoted};
use crate::wire::{self, Element, Text};

use super::identity::{Identity, ReadAt, objects, reference_key, reference_keys};

/// A network interface.
#[derive(Clone, Debug, PartialEq)]
pub struct Interface {
    pub(crate) identity: Identity,
    /// Whether the document is a projection, in which what is absent says nothing.
    pub(crate) is_projected: bool,
    /// The key of the group it carries.
    pub(crate) group: Option<Name>,
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
    /// Whether a load balancer or an application gateway leads to it.
    pub(crate) is_balanced: bool,
    /// Whether a gateway load balancer stands before its public address (semantics AP6).
    pub(crate) is_chained: bool,
    pub(crate) read_at: ReadAt,
}

impl Interface {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed interface", intake);
        let stated = objects(("ipConfigurations", &element.ip_configurations), identity.owner(), intake);
        let configurations =
            stated.into_iter().map(|stated| IpConfiguration::read(stated, &identity, intake)).collect();
        Self {
            is_projected: element.ip_configurations.is_absent()
                || (element.etag.is_absent() && element.provisioning_state.is_absent()),
            group: reference_key(("networkSecurityGroup", &element.group), identity.owner(), intake),
            configurations,
            machine: reference_key(("virtualMachine", &element.machine), identity.owner(), intake),
            is_private_endpoint: element.private_endpoint.get().is_some(),
            identity,
        }
    }
}

impl IpConfiguration {
    fn read<'a>(
        stated: &wire::IpConfiguration<'a>,
        interface: &Identity,
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let read_at = ReadAt(intake.place(stated.at));
        let owner = (&*interface.name, read_at);
        let address = read_address(&stated.private_address, &interface.name, read_at, intake);
        let six = stated.version.get().is_some_and(|version| version.eq_ignore_ascii_case("ipv6"));
        let family = match address {
            Some(IpAddr::V4(_)) => Family::V4,
            Some(IpAddr::V6(_)) => Family::V6,
            None if six => Family::V6,
            None => Family::V4,
        };
        let length = stated.private_address_length.get().and_then(|length| length.parse::<u8>().ok());
        let block = address.map(|address| {
            let block = length.and_then(|length| Prefix::covering(address, length));
            block.unwrap_or_else(|| Prefix::host(address))
        });
        let leads_here = [&stated.backend_pools, &stated.nat_rules, &stated.gateway_pools];
        let name = stated.name.get();
        Self {
            key: name.map(|name| intake.pool.key(&format!("{}/ipConfigurations/{name}", interface.key))),
            addresses: block.map(|block| intake.pool.set(block.into())),
            family,
            public_address: reference_key(("publicIPAddress", &stated.public_address), owner, intake),
            subnet: reference_key(("subnet", &stated.subnet), owner, intake),
            application_groups: reference_keys(
                ("applicationSecurityGroups", &stated.application_groups),
                owner,
                intake,
            ),
            is_balanced: leads_here.iter().any(|list| !list.items().is_empty()),
            is_chained: stated.gateway_balancer.get().is_some(),
            read_at,
        }
    }
}

/// Reads one address; text that is none is told.
pub(super) fn read_address(
    text: &Text<'_>,
    owner: &str,
    read_at: ReadAt,
    intake: &mut Intake<'_, '_>,
) -> Option<IpAddr> {
    let stated = text.get()?;
    let address = grammar::address(stated);
    if address.is_none() {
        let message = format!("{}: {} is not an address", Quoted(owner), Quoted(stated));
        intake.note(read_at.0, "unreadable-address", Effect::Undecided, message);
    }
    address
}
