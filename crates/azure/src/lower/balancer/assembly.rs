//! A load balancer put together: what it states of its parts, and what stands of them on its own.
//!
//! Two statements that differ are both possible. Knows nothing of where packets go.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Quoted, ReadAt};
use model::{Effect, Gap, Name};

use crate::estate::Estate;
use crate::resource::{
    BackendPool, BalancerFrontend, BalancingRule, Identity, LoadBalancer, NatRule, Sku, name_of, parent_of,
};

/// A load balancer and its parts.
pub(super) struct Assembly<'e> {
    pub(super) id: Name,
    pub(super) name: Name,
    pub(super) sku: Sku,
    pub(super) read_at: ReadAt,
    /// Whether all of its parts are known.
    pub(super) is_complete: bool,
    pub(super) frontends: Vec<Part<'e, BalancerFrontend>>,
    pub(super) pools: Vec<Part<'e, BackendPool>>,
    pub(super) rules: Vec<Part<'e, BalancingRule>>,
    pub(super) nat_rules: Vec<Part<'e, NatRule>>,
}

/// A part of a load balancer.
pub(super) struct Part<'e, T> {
    pub(super) stated: &'e T,
    /// Whether another document says otherwise.
    pub(super) is_doubted: bool,
}

impl<T: Stating> Part<'_, T> {
    pub(super) fn key(&self) -> &Name {
        &self.stated.identity().key
    }
}

/// All load balancers of an estate, those of which it has parts alone among them, by key. What is odd is told.
pub(super) fn assemblies<'e>(estate: &'e Estate, gaps: &mut Vec<Gap>) -> BTreeMap<Name, Assembly<'e>> {
    let devices = &estate.devices;
    let alone = Alone {
        frontends: by_owner(devices.balancer_frontends.values()),
        pools: by_owner(devices.backend_pools.values()),
        rules: by_owner(devices.balancing_rules.values()),
        nat_rules: by_owner(devices.nat_rules.values()),
    };
    let keys = devices.load_balancers.keys().cloned();
    let owners = alone.frontends.keys().chain(alone.pools.keys()).chain(alone.rules.keys());
    let mut keys: Vec<Name> = keys.chain(owners.chain(alone.nat_rules.keys()).cloned()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter()
        .map(|key| {
            let assembly = alone.assembly(&key, devices.load_balancers.get(&key), gaps);
            (key, assembly)
        })
        .collect()
}

/// Parts that stand on their own, by the key of their load balancer.
struct Alone<'e> {
    frontends: BTreeMap<Name, Vec<&'e BalancerFrontend>>,
    pools: BTreeMap<Name, Vec<&'e BackendPool>>,
    rules: BTreeMap<Name, Vec<&'e BalancingRule>>,
    nat_rules: BTreeMap<Name, Vec<&'e NatRule>>,
}

impl<'e> Alone<'e> {
    fn assembly(&self, key: &Name, whole: Option<&'e LoadBalancer>, gaps: &mut Vec<Gap>) -> Assembly<'e> {
        let is_complete = whole.is_some_and(|whole| whole.is_complete);
        let frontends = whole.map_or(&[][..], |whole| &whole.frontends);
        let pools = whole.map_or(&[][..], |whole| &whole.pools);
        let rules = whole.map_or(&[][..], |whole| &whole.rules);
        let nat_rules = whole.map_or(&[][..], |whole| &whole.nat_rules);
        let frontends = merged(frontends, self.frontends.get(key), is_complete, gaps);
        let pools = merged(pools, self.pools.get(key), is_complete, gaps);
        let rules = merged(rules, self.rules.get(key), is_complete, gaps);
        let nat_rules = merged(nat_rules, self.nat_rules.get(key), is_complete, gaps);
        let first = || {
            let identities = frontends.first().map(|part| &part.stated.identity);
            let identities = identities.or_else(|| pools.first().map(|part| &part.stated.identity));
            let identities = identities.or_else(|| rules.first().map(|part| &part.stated.identity));
            identities.or_else(|| nat_rules.first().map(|part| &part.stated.identity))
        };
        let part = match whole {
            Some(_) => None,
            None => first(),
        };
        let id = match (whole, part) {
            (Some(whole), _) => Arc::clone(&whole.identity.id),
            (None, Some(part)) => parent_of(&part.id).map_or_else(|| Arc::clone(key), Name::from),
            (None, None) => Arc::clone(key),
        };
        let read_at = whole.map(|whole| whole.identity.read_at).or(part.map(|part| part.read_at));
        Assembly {
            name: whole.map_or_else(|| name_of(&id).into(), |whole| Arc::clone(&whole.identity.name)),
            id,
            sku: whole.map_or(Sku::Unknown, |whole| whole.sku),
            read_at: read_at.unwrap_or(NOWHERE),
            is_complete,
            frontends,
            pools,
            rules,
            nat_rules,
        }
    }
}

/// Parts of one load balancer, by key, each content once. `is_told`: the load balancer names all of them itself.
fn merged<'e, T: Stating>(
    within: &'e [T],
    alone: Option<&Vec<&'e T>>,
    is_told: bool,
    gaps: &mut Vec<Gap>,
) -> Vec<Part<'e, T>> {
    let mut by_key: BTreeMap<&Name, Vec<(&'e T, bool)>> = BTreeMap::new();
    let alone = alone.into_iter().flatten().map(|part| (*part, false));
    for (part, is_within) in within.iter().map(|part| (part, true)).chain(alone) {
        let known = by_key.entry(&part.identity().key).or_default();
        match known.iter_mut().find(|(other, _)| other.says_what(part)) {
            Some((_, was_within)) => *was_within |= is_within,
            None => known.push((part, is_within)),
        }
    }
    let mut parts = Vec::with_capacity(by_key.len());
    for known in by_key.into_values() {
        let is_doubted = known.len() > 1 || (is_told && known.iter().all(|(_, is_within)| !is_within));
        if let Some((part, _)) = known.last().filter(|_| is_doubted) {
            let identity = part.identity();
            let message = format!(
                "{}: this part of a load balancer is stated in two ways: each is taken as possible",
                Quoted(&identity.name)
            );
            gaps.push(Gap::at(identity.read_at.0, "contradicting-parts", Effect::Undecided, message));
        }
        parts.extend(known.into_iter().map(|(stated, _)| Part { stated, is_doubted }));
    }
    parts
}

fn by_owner<'e, T: Stating + 'e>(parts: impl Iterator<Item = &'e T>) -> BTreeMap<Name, Vec<&'e T>> {
    let mut found: BTreeMap<Name, Vec<&'e T>> = BTreeMap::new();
    for part in parts {
        if let Some(owner) = parent_of(&part.identity().key) {
            found.entry(owner.into()).or_default().push(part);
        }
    }
    found
}

/// A part that says who it is.
pub(super) trait Stating: Clone + PartialEq {
    fn identity(&self) -> &Identity;
    fn identity_mut(&mut self) -> &mut Identity;

    /// Whether two statements of one part say the same, however they spell its id.
    fn says_what(&self, other: &Self) -> bool {
        let mut renamed = other.clone();
        *renamed.identity_mut() = self.identity().clone();
        *self == renamed
    }
}

macro_rules! stating {
    ($($part:ident),*) => {$(
        impl Stating for $part {
            fn identity(&self) -> &Identity {
                &self.identity
            }

            fn identity_mut(&mut self) -> &mut Identity {
                &mut self.identity
            }
        }
    )*};
}

stating!(BalancerFrontend, BackendPool, BalancingRule, NatRule);

/// Where a load balancer without any part would stand; there is none.
const NOWHERE: ReadAt = ReadAt(model::Provenance { document: model::DocumentId(0), offset: 0 });
