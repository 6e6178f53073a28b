//! The side of a load balancer that faces the Internet: what address a frontend has, and what that says.

use std::sync::Arc;

use model::{Front, Name, Reach};
use packet::{AddressSet, Family, Prefix};

use crate::resource::{BalancerFrontend, Fronted, Identity, PublicAddress, Sku};

use super::super::Lowering;
use super::super::way::Way;
use super::assembly::Assembly;

/// One address of a frontend.
#[derive(Clone, Debug)]
pub(super) struct Facing {
    pub(super) family: Family,
    /// The way to the load balancer.
    pub(super) way: Way,
    /// The addresses that packets are sent to, one of them; `None` when they are not known.
    pub(super) addresses: Option<Arc<AddressSet>>,
}

impl Lowering<'_> {
    /// The addresses of a frontend that the Internet can send to, none where it is private. `owner` names it.
    pub(super) fn facing(&mut self, assembly: &Assembly<'_>, key: &Name, owner: &Identity) -> Vec<Facing> {
        let stated: Vec<_> = assembly.frontends.iter().filter(|part| part.key() == key).collect();
        let index = Arc::clone(&self.index);
        let told = index.public_address_of.get(key);
        if stated.is_empty() {
            if assembly.is_complete {
                self.tell_dangling(owner, owner.read_at, "the frontend", key);
            }
            return match told {
                Some(address) => self.facing_address(assembly, address, owner, None),
                None => unknown(assembly, None),
            };
        }
        let mut found = Vec::new();
        for part in stated {
            let mut facing = self.facing_frontend(assembly, part.stated, told);
            for one in &mut facing {
                one.way.is_chained |= part.stated.is_chained;
                if part.is_doubted {
                    one.way.doubt = Some(CONTRADICTED);
                }
            }
            found.extend(facing);
        }
        found
    }

    fn facing_frontend(
        &mut self,
        assembly: &Assembly<'_>,
        frontend: &BalancerFrontend,
        told: Option<&Name>,
    ) -> Vec<Facing> {
        let owner = &frontend.identity;
        let family = frontend.family;
        let other = match (&frontend.fronted, told) {
            (Fronted::Address(address), Some(told)) if address != told => Some(told),
            (Fronted::Private | Fronted::Prefix(_), Some(told)) => Some(told),
            (_, _) => None,
        };
        let mut found = match (&frontend.fronted, told) {
            (Fronted::Address(address), _) | (Fronted::Untold, Some(address)) => {
                self.facing_address(assembly, address, owner, family)
            }
            (Fronted::Prefix(prefix), _) => self.facing_prefix(assembly, prefix, owner, family),
            (Fronted::Private, _) => Vec::new(),
            (Fronted::Untold, None) => unknown(assembly, family),
        };
        if let Some(other) = other {
            self.tell_contradiction((&owner.name, owner.read_at), "the public address", other);
            found.extend(self.facing_address(assembly, other, owner, family));
            for one in &mut found {
                one.way.doubt = Some(CONTRADICTED);
            }
        }
        found
    }

    fn facing_address(
        &mut self,
        assembly: &Assembly<'_>,
        key: &Name,
        owner: &Identity,
        family: Option<Family>,
    ) -> Vec<Facing> {
        let Some(address) = self.estate.public_addresses.get(key) else {
            if !self.estate.public_addresses.is_empty() {
                self.tell_dangling(owner, owner.read_at, "the public address", key);
            }
            return unknown(assembly, family);
        };
        let without_group = sku_of(assembly, Some(address));
        let known = address.address.map(|address| self.memo.share(Prefix::host(address).into()));
        let own = address.address.map(|address| Family::of(address).0).or(address.family);
        let way = Way { without_group, without_sku: untold_sku(assembly, without_group), ..Way::to(address) };
        // Addresses are of IPv4 where nothing else is said of them.
        vec![Facing { family: own.or(family).unwrap_or(Family::V4), way, addresses: known }]
    }

    /// One address of a prefix: which one, nobody tells.
    fn facing_prefix(
        &mut self,
        assembly: &Assembly<'_>,
        key: &Name,
        owner: &Identity,
        family: Option<Family>,
    ) -> Vec<Facing> {
        let prefixes = &self.estate.devices.public_prefixes;
        let known = prefixes.get(key);
        if known.is_none() && !prefixes.is_empty() {
            self.tell_dangling(owner, owner.read_at, "the public prefix", key);
        }
        let addresses = known.and_then(|known| known.prefix);
        let id = known.map_or(key, |known| &known.identity.id);
        let way = Way {
            front: Some(Front { id: Arc::clone(id), address: None }),
            without_group: assembly.sku,
            without_sku: untold_sku(assembly, assembly.sku),
            ..Way::of(Reach::Exposed)
        };
        let addresses_of = addresses.map(|prefix| self.memo.share(prefix.into()));
        let facing =
            |family| Facing { family, way: way.clone(), addresses: addresses_of.as_ref().map(Arc::clone) };
        match addresses.map(Prefix::family).or(family) {
            Some(family) => vec![facing(family)],
            // It is of one of them.
            None => {
                let mut either = Family::BOTH.map(facing);
                either.iter_mut().for_each(|one| one.way.doubt = Some(UNKNOWN_FAMILY));
                either.into()
            }
        }
    }
}

/// A frontend of which the input does not say what address it has: without a family of its own it may be of either.
fn unknown(assembly: &Assembly<'_>, family: Option<Family>) -> Vec<Facing> {
    let way = Way { without_group: assembly.sku, ..Way::of(Reach::Admitted) };
    let families = Family::BOTH.into_iter().filter(|one| family.is_none_or(|family| family == *one));
    families.map(|family| Facing { family, way: way.clone(), addresses: None }).collect()
}

/// AP1, AP7: what is let in without a group: both SKUs are one, or it is not known.
fn sku_of(assembly: &Assembly<'_>, address: Option<&PublicAddress>) -> Sku {
    match (assembly.sku, address.map_or(Sku::Unknown, |address| address.sku)) {
        (sku, Sku::Unknown) | (Sku::Unknown, sku) => sku,
        (one, other) if one == other => one,
        (Sku::Basic | Sku::Standard, Sku::Basic | Sku::Standard) => Sku::Unknown,
    }
}

fn untold_sku(assembly: &Assembly<'_>, sku: Sku) -> Option<(Name, cloud::ReadAt)> {
    (sku == Sku::Unknown).then(|| (Arc::clone(&assembly.name), assembly.read_at))
}

pub(super) const CONTRADICTED: &str = "contradicting documents";

/// The name under which doubts of prefixes that the input does not have stand in a path.
const UNKNOWN_FAMILY: &str = "unknown public prefix";
