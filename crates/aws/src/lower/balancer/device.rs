//! A load balancer of either generation, with what the input has of it: its nodes, its interfaces, its listeners.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::Said;
use model::Name;
use packet::{AddressSet, Family, Prefix};

use crate::resource::{
    AddressType, Attached, BalancerKind, BalancerNode, ClassicBalancer, Identity, Interface, LoadBalancer,
    Scheme,
};

use super::super::Lowering;
use super::ear::Ear;

/// A load balancer.
#[derive(Debug)]
pub(super) struct Device<'e> {
    pub(super) identity: &'e Identity,
    pub(super) stance: Stance,
    /// `None`: not known.
    pub(super) scheme: Option<Scheme>,
    pub(super) groups: Attached,
    pub(super) vpc: Option<Name>,
    pub(super) nodes: Vec<BalancerNode>,
    pub(super) families: AddressType,
    /// The interfaces of its nodes.
    pub(super) interfaces: Vec<&'e Interface>,
    pub(super) ears: Vec<Ear>,
}

/// Whom targets see. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stance {
    /// It ends the connections of its clients and makes its own (W20).
    StandsIn,
    /// It passes packets on (W18).
    PassesOn,
    /// One of both, not known which.
    Unknown,
}

impl<'e> Device<'e> {
    /// A load balancer of the second generation; `None` for one that is no way in.
    pub(super) fn modern(balancer: &'e LoadBalancer) -> Option<Self> {
        let stance = match balancer.kind {
            BalancerKind::Application => Stance::StandsIn,
            BalancerKind::Network => Stance::PassesOn,
            BalancerKind::Gateway => return None,
            BalancerKind::Other => Stance::Unknown,
        };
        Some(Self {
            identity: &balancer.identity,
            stance,
            scheme: balancer.scheme.clone().this(),
            groups: balancer.groups.clone(),
            vpc: balancer.vpc.clone(),
            nodes: balancer.nodes.clone(),
            families: balancer.families,
            interfaces: Vec::new(),
            ears: Vec::new(),
        })
    }

    /// A classic load balancer. Outside of a VPC they were always public.
    pub(super) fn classic(balancer: &'e ClassicBalancer) -> Self {
        let node = |subnet: &Name| BalancerNode {
            subnet: Some(Arc::clone(subnet)),
            public: Vec::new(),
            private: Vec::new(),
        };
        let scheme = match (&balancer.scheme, &balancer.vpc) {
            (Said::Nothing, None) => Some(Scheme::InternetFacing),
            (scheme, _) => scheme.clone().this(),
        };
        Self {
            identity: &balancer.identity,
            stance: Stance::StandsIn,
            scheme,
            groups: balancer.groups.clone(),
            vpc: balancer.vpc.clone(),
            nodes: balancer.subnets.iter().map(node).collect(),
            families: AddressType::V4,
            interfaces: Vec::new(),
            ears: Vec::new(),
        }
    }

    /// W19: without groups everybody comes to the listeners of a network load balancer, and of a classic one outside of
    /// a VPC.
    pub(super) fn takes_everybody(&self) -> bool {
        matches!(&self.groups, Said::This(groups) if groups.is_empty())
    }

    /// The groups a rule may name to let in what comes through it.
    pub(super) fn group_ids(&self) -> Vec<Name> {
        match &self.groups {
            Said::This(groups) => groups.clone(),
            Said::Nothing | Said::Unreadable => Vec::new(),
        }
    }

    /// The addresses of a family at which the Internet finds a node; `None` where they are not known.
    pub(super) fn fronts(&self, node: &BalancerNode, family: Family) -> Vec<Option<IpAddr>> {
        let is_of = |address: &IpAddr| Family::of(*address).0 == family;
        let mut fronts: Vec<IpAddr> = node.public.iter().copied().filter(is_of).collect();
        if fronts.is_empty() {
            for interface in self.interfaces_at(node) {
                let v4 = interface.v4.iter().flatten().filter_map(|one| match &one.public {
                    Said::This(association) => association.address,
                    Said::Nothing | Said::Unreadable => None,
                });
                let v6 = interface.v6.iter().flatten().copied();
                fronts.extend(v4.chain(v6).filter(is_of));
            }
        }
        fronts.sort_unstable();
        fronts.dedup();
        if fronts.is_empty() { vec![None] } else { fronts.into_iter().map(Some).collect() }
    }

    fn interfaces_at<'d>(&'d self, node: &'d BalancerNode) -> impl Iterator<Item = &'e Interface> + 'd {
        let own = self.interfaces.iter().copied();
        own.filter(move |interface| node.subnet.is_none() || interface.subnet == node.subnet)
    }
}

impl Lowering<'_> {
    /// The addresses of a family that targets see of a load balancer: those of its interfaces; else those it states;
    /// else any of its subnets, else of its VPC. Empty: not known.
    pub(super) fn inner_addresses(&self, device: &Device<'_>, family: Family) -> Arc<AddressSet> {
        let mut all = AddressSet::empty();
        let account = device.identity.account.as_deref();
        for node in &device.nodes {
            let held = device.interfaces_at(node).map(|interface| interface.private.only(family));
            let mut own = held.fold(AddressSet::empty(), |all, held| all.union(&held));
            if own.is_empty() {
                let stated = node.private.iter().filter(|address| Family::of(**address).0 == family);
                own = stated.map(|address| Prefix::host(*address)).collect();
            }
            if own.is_empty() {
                let subnets = &self.estate.resources.subnets;
                let subnet = node.subnet.as_deref().and_then(|id| subnets.find(account, id).one());
                let subnet = subnet.filter(|subnet| subnet.known.has_all(family));
                let blocks = subnet.into_iter().flat_map(|subnet| subnet.blocks.iter().copied());
                own = blocks.filter(|block| block.family() == family).collect();
            }
            if own.is_empty() {
                return self.addresses_of_vpc(device, family);
            }
            all = all.union(&own);
        }
        if device.nodes.is_empty() { self.addresses_of_vpc(device, family) } else { Arc::new(all) }
    }

    fn addresses_of_vpc(&self, device: &Device<'_>, family: Family) -> Arc<AddressSet> {
        let vpcs = &self.estate.resources.vpcs;
        let account = device.identity.account.as_deref();
        let vpc = device.vpc.as_deref().and_then(|id| vpcs.find(account, id).one());
        let vpc = vpc.filter(|vpc| vpc.known.has_all(family));
        let blocks = vpc.into_iter().flat_map(|vpc| vpc.blocks.iter().copied());
        Arc::new(blocks.filter(|block| block.family() == family).collect())
    }

    /// The families in which clients from outside come to a load balancer, and whether they do for certain.
    pub(super) fn outer_families(&self, device: &Device<'_>) -> Vec<(Family, bool)> {
        match device.families {
            AddressType::V4 => vec![(Family::V4, true)],
            AddressType::Dual => vec![(Family::V4, true), (Family::V6, true)],
            AddressType::DualWithoutPublicV4 => vec![(Family::V6, true)],
            AddressType::Unknown => {
                // It takes a block of IPv6 in each of its subnets.
                let subnets = &self.estate.resources.subnets;
                let account = device.identity.account.as_deref();
                let may_be = device.nodes.iter().all(|node| {
                    let subnet = node.subnet.as_deref().and_then(|id| subnets.find(account, id).one());
                    subnet.is_none_or(|subnet| !subnet.lacks_ipv6())
                });
                let v6 = may_be.then_some((Family::V6, false));
                [(Family::V4, true)].into_iter().chain(v6).collect()
            }
        }
    }
}
