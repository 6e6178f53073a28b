//! Groups as targets of their own: where nothing of the input carries them (X3, X4).
//!
//! Knows nothing of the path: that it is missing or not in the input is all there is to say of it.

use std::sync::Arc;

use cloud::{LookupMap, Said};
use model::{Action, Carries, Destinations, Filter, Name, Path, Reach, Target};

use crate::estate::Estate;
use crate::resource::{Attached, Purpose};

use super::groups::{GROUP_KIND, Known};
use super::network_index::NetworkIndex;
use super::{CLOUD_NAME, Lowering};

/// Who carries groups, by the id of the group: the accounts of the carriers.
#[derive(Debug, Default)]
pub(super) struct Carriers(LookupMap<Name, Vec<Option<Name>>>);

impl Carriers {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn add(&mut self, attached: &Attached, account: Option<&Name>) {
        let Said::This(groups) = attached else { return };
        for group in groups {
            let accounts = self.0.entry(Arc::clone(group)).or_default();
            if !accounts.iter().any(|known| known.as_ref() == account) {
                accounts.push(account.cloned());
            }
        }
    }
}

impl Lowering<'_> {
    /// The keys of all groups, in no order.
    pub(super) fn group_keys(&self) -> impl Iterator<Item = Name> + '_ {
        self.groups.known.keys().cloned()
    }

    /// The target that a group is; `None` when something of the input carries it and answers for it.
    pub(super) fn group_target(&mut self, key: &Name) -> Option<Target> {
        let list = self.carried(key)?.list;
        let known = self.groups.known.get(key)?.clone();
        if self.is_carried(&known) {
            return None;
        }
        let filter = Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(Action::Deny)]);
        let path = Path {
            reach: self.reach_of_group(&known),
            front: None,
            destinations: Destinations::SomeOf(Arc::clone(&self.common.everything)),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(filter),
        };
        let identity = known.identity;
        let region = identity.region.iter().map(|region| ("region", Arc::clone(region)));
        let vpc = known.group.and_then(|group| group.vpc.clone().this()).map(|vpc| ("vpc", vpc));
        Some(Target {
            cloud: CLOUD_NAME,
            id: identity.id,
            key: identity.key,
            kind: GROUP_KIND,
            name: identity.name,
            scope: identity.account,
            power: None,
            attributes: region.chain(vpc).collect(),
            paths: vec![path],
            provenance: Some(identity.read_at.0),
        })
    }

    /// `latent` where all that could carry it is in the input, and nothing does.
    fn reach_of_group(&mut self, known: &Known<'_>) -> Reach {
        if known.group.is_some_and(|group| group.is_carried_elsewhere) {
            return Reach::Admitted;
        }
        let identity = &known.identity;
        let mut accounts = vec![identity.account.clone()];
        // Associated VPCs may be of other accounts, whose interfaces then carry it.
        for association in self.estate.resources.group_associations.values() {
            let is_own = association.group == identity.id && association.is_associated;
            if is_own && association.vpc_owner.is_some() {
                accounts.push(association.vpc_owner.clone());
            }
        }
        let vpc = known.group.and_then(|group| group.vpc.clone().this());
        let is_listed = self.estate.listed.contains("network-interface");
        let membership = self.membership();
        let is_told = membership.is_told();
        // Exports from before groups had ARNs do not say their region: their VPC may, by what is in it.
        let region = identity.region.as_ref();
        let region = region.or_else(|| vpc.as_deref().and_then(|vpc| membership.region_of(vpc)));
        let is_placed = region.is_some() || !membership.tells_regions();
        let is_seen =
            |account: &Option<Name>| membership.has_interfaces_of(account.as_ref(), region, is_listed);
        if is_told && is_placed && accounts.iter().all(is_seen) { Reach::Latent } else { Reach::Admitted }
    }

    fn is_carried(&self, known: &Known<'_>) -> bool {
        let apart = self.groups.has_several(&known.identity.id);
        let carriers = self.groups.carriers.0.get(&known.identity.id);
        let account = known.identity.account.as_ref();
        let is_its = |own: &Option<Name>| !apart || own.as_ref() == account;
        carriers.is_some_and(|accounts| accounts.iter().any(is_its))
    }
}

impl Carriers {
    /// Everything of the input that carries groups and answers for them. A kind that does adds a line.
    pub(super) fn of(estate: &Estate, network: &NetworkIndex<'_>) -> Self {
        let resources = &estate.resources;
        let mut carriers = Self::default();
        // A function takes no packet that is sent to its interface: its group lets in nobody to anything.
        let taking = network.interfaces(estate).filter(|interface| interface.purpose != Purpose::Outbound);
        for interface in taking {
            carriers.add(&interface.groups, interface.identity.account.as_ref());
        }
        // Where the interfaces are not in the input, other things may carry the groups of a database as well.
        if estate.has_kind("network-interface") {
            for balancer in resources.load_balancers.values() {
                carriers.add(&balancer.groups, balancer.identity.account.as_ref());
            }
            for balancer in resources.classic_balancers.values() {
                carriers.add(&balancer.groups, balancer.identity.account.as_ref());
            }
            for (groups, identity) in resources.database_groups() {
                carriers.add(groups, identity.account.as_ref());
            }
        }
        carriers
    }
}
