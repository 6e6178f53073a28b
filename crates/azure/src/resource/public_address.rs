//! Public addresses: the address, its SKU, who uses it.

use core::net::IpAddr;

use model::Name;
use packet::Family;

use crate::intake::Intake;
use crate::wire::{Element, Sku as WireSku};

use super::identity::{Identity, reference_key, tell_twice};
use super::interface::read_address;

/// A public address.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicAddress {
    pub(crate) identity: Identity,
    /// `None` when none is allocated: a dynamic one goes when its machine stops.
    pub(crate) address: Option<IpAddr>,
    /// The family it says it has.
    pub(crate) family: Option<Family>,
    pub(crate) sku: Sku,
    /// The key of the ip-configuration that uses it, of whatever resource.
    pub(crate) used_by: Option<Name>,
}

/// What a public address lets in where no group is attached (semantics AP1). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sku {
    /// Everything.
    Basic,
    /// Nothing. `StandardV2` is one.
    Standard,
    /// The document does not say: azurerm and old templates leave it out, with either meaning.
    Unknown,
}

impl PublicAddress {
    pub(crate) fn read<'a>(element: &Element<'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let identity = Identity::read(element, "unnamed public address", intake);
        if let Some(sku) = element.sku.get() {
            tell_twice::<WireSku<'_>>(sku.seen, identity.owner(), intake);
        }
        let sku = element.sku.get().and_then(|sku| sku.name.get()).map(str::to_ascii_lowercase);
        let family = match element.address_version.get() {
            Some(version) if version.eq_ignore_ascii_case("ipv6") => Some(Family::V6),
            Some(version) if version.eq_ignore_ascii_case("ipv4") => Some(Family::V4),
            Some(_) | None => None,
        };
        Self {
            family,
            address: read_address(&element.address, &identity.name, identity.read_at, intake),
            sku: match sku.as_deref() {
                Some("basic") => Sku::Basic,
                Some("standard" | "standardv2") => Sku::Standard,
                Some(_) | None => Sku::Unknown,
            },
            used_by: reference_key(("ipConfiguration", &element.used_by), identity.owner(), intake),
            identity,
        }
    }
}
