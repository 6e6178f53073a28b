//! From resources to what the engine decides on: lists, filters, paths, targets, gaps.
//!
//! References are resolved here, so documents may come in any order. Knows no document and no spelling.

mod access;
mod addressed;
mod answering;
mod approach;
mod balancer;
mod coverage;
mod edge;
mod group_list;
mod group_target;
mod groups;
mod inner;
mod interface;
mod members;
mod network_index;
mod network_list;
mod painted;
mod prefix_lists;
mod reply;
mod rewritten;
mod route_list;
mod routes;
mod service;
mod stray_addresses;
mod way;

use std::sync::Arc;

use cloud::{Common, Pool};
use model::{Bound, Gap, Inside, Internet, Name, RuleList, Snapshot, Target, Thresholds};
use packet::{AddressSet, ProtocolSet};

use crate::estate::Estate;
use crate::ranges::Catalogue;

/// Lowers the resources of an estate.
pub(crate) struct Lowering<'e> {
    estate: &'e Estate,
    common: Common,
    gaps: Vec<Gap>,
    groups: groups::Groups<'e>,
    network: network_index::Network<'e>,
    balancers: Option<Arc<balancer::Book>>,
    // Lists that stand somewhere, by key; each once.
    lists: std::collections::BTreeMap<Name, Arc<RuleList>>,
}

impl<'e> Lowering<'e> {
    pub(crate) fn new(estate: &'e Estate, pool: &Pool) -> Self {
        let network = network_index::Network::of(estate);
        let groups = groups::Groups::of(estate, &network.index);
        Self {
            estate,
            common: pool.common.clone(),
            gaps: Vec::new(),
            groups,
            network,
            balancers: None,
            lists: Default::default(),
        }
    }

    /// Everything, at once.
    pub(crate) fn snapshot(mut self, thresholds: Thresholds) -> Snapshot {
        let targets = self.targets();
        self.lower_network_lists();
        self.tell_stray_addresses();
        let coverage = self.coverage(&targets);
        let missing = self.missing();
        let internet = Arc::new(Internet::less(&AddressSet::empty(), thresholds));
        let inside = self.inside(&internet);
        let mut gaps = self.gaps;
        gaps.sort_unstable();
        gaps.dedup();
        let mut lists: Vec<Arc<RuleList>> = self.lists.into_values().collect();
        lists.sort_by(|one, other| one.id.cmp(&other.id));
        Snapshot {
            cloud: CLOUD_NAME,
            internet,
            inside: Some(inside),
            protocols: ProtocolSet::EVERYTHING,
            rentable: self.estate.catalogue.as_ref().map_or_else(Vec::new, Catalogue::rentable),
            targets,
            lists,
            gaps,
            coverage,
            missing,
        }
    }

    /// Who may send from inside: private addresses, and what VPCs and interfaces have of the Internet's numbers. Groups
    /// are asked there too; gateways, routes and, in one subnet, its list are not (W11, W23).
    fn inside(&self, internet: &Internet) -> Inside {
        let resources = &self.estate.resources;
        let vpcs = resources.vpcs.values().flat_map(|vpc| &vpc.blocks);
        let blocks = vpcs.chain(resources.subnets.values().flat_map(|subnet| &subnet.blocks));
        let blocks: AddressSet = blocks.copied().collect();
        let (mut v4, mut v6) = (Vec::new(), Vec::new());
        for interface in self.network.index.interfaces(self.estate) {
            v4.extend_from_slice(interface.private.v4_spans());
            v6.extend_from_slice(interface.private.v6_spans());
        }
        let own = AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6)).union(&blocks);
        let addresses = Arc::new(internet.addresses().complement().union(&own));
        Inside { addresses, bound_by: Bound::Only(groups::GROUP_KIND) }
    }

    /// Every target, in the order of their keys.
    pub(crate) fn targets(&mut self) -> Vec<Arc<Target>> {
        self.target_keys().iter().filter_map(|key| self.target(key)).map(Arc::new).collect()
    }

    /// The target of a key, if it is one.
    fn target(&mut self, key: &Name) -> Option<Target> {
        self.interface_target(key)
            .or_else(|| self.group_target(key))
            .or_else(|| self.service_target(key))
            .or_else(|| self.balancer_target(key))
    }

    /// The keys of all that may be a target, sorted.
    fn target_keys(&self) -> Vec<Name> {
        let mut keys: Vec<Name> = self.group_keys().collect();
        keys.extend(self.interface_keys());
        keys.extend(self.service_keys());
        keys.extend(self.balancer_keys());
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

pub(crate) use groups::Carried;
pub(crate) use rewritten::{Made, RuleChange, Sourced, changed, rewritten};

pub(crate) const CLOUD_NAME: &str = "aws";
