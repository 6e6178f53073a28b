//! From resources to what the engine decides on: lists, filters, paths, targets, gaps.
//!
//! References are resolved here, so documents may come in any order. Knows no document and no spelling.

mod addressed;
mod balancer;
mod class;
mod coverage;
mod disputed;
mod firewall;
mod inside;
mod interface;
mod members;
mod named;
mod network_index;
mod network_target;
mod policies;
mod relisted;
mod route_list;
mod routes;
mod rulebook;
mod secure_tags;
mod service;
mod stray_addresses;
mod switched_off;
mod tag_bindings;
mod vpc_rules;
mod way;

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Common, Pool};
use model::{Gap, Internet, Name, RuleList, Snapshot, Target, Thresholds};
use packet::{AddressSet, Prefix, Protocol, ProtocolSet};

use crate::estate::Estate;

/// Lowers the resources of an estate.
pub(crate) struct Lowering<'e> {
    estate: &'e Estate,
    common: Common,
    gaps: Vec<Gap>,
    network: network_index::Network<'e>,
    rules: rulebook::Rules<'e>,
    policies: policies::Policies<'e>,
    balancers: balancer::Balancers<'e>,
    // Every list, by key; each once.
    lists: BTreeMap<Name, Arc<RuleList>>,
}

impl<'e> Lowering<'e> {
    pub(crate) fn new(estate: &'e Estate, pool: &Pool) -> Self {
        Self {
            estate,
            common: pool.common.clone(),
            gaps: Vec::new(),
            network: network_index::Network::of(estate),
            rules: rulebook::Rules::of(estate),
            policies: policies::Policies::of(estate),
            balancers: balancer::Balancers::default(),
            lists: BTreeMap::new(),
        }
    }

    /// Everything, at once.
    pub(crate) fn snapshot(mut self, thresholds: Thresholds) -> Snapshot {
        let targets = self.targets();
        self.lower_vpc_lists();
        self.lower_policy_lists();
        self.tell_unplaced_views();
        self.tell_contradicted_views();
        self.lower_security_policies();
        self.tell_stray_addresses();
        self.tell_disputed();
        self.tell_switched_off_elsewhere();
        let coverage = self.coverage();
        let missing = self.missing();
        let internet = Arc::new(Internet::less(&infrastructure(), thresholds));
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
            protocols: protocols(),
            rentable: self
                .estate
                .catalogue
                .as_ref()
                .map_or_else(Vec::new, crate::ranges::Catalogue::rentable),
            targets,
            lists,
            gaps,
            coverage,
            missing,
        }
    }

    /// Every target, in the order of their keys.
    pub(crate) fn targets(&mut self) -> Vec<Arc<Target>> {
        self.target_keys().iter().filter_map(|key| self.target(key)).map(Arc::new).collect()
    }

    /// The target of a key, if it is one.
    fn target(&mut self, key: &Name) -> Option<Target> {
        self.interface_target(key)
            .or_else(|| self.network_target(key))
            .or_else(|| self.view_target(key))
            .or_else(|| self.service_target(key))
            .or_else(|| self.balancer_target(key))
    }

    /// The keys of all that may be a target, sorted.
    fn target_keys(&self) -> Vec<Name> {
        let mut keys: Vec<Name> = self.interface_keys().collect();
        keys.extend(self.network_keys());
        keys.extend(self.view_keys());
        keys.extend(self.service_keys());
        keys.extend(self.balancer_keys());
        keys.sort_unstable();
        keys.dedup();
        keys
    }
}

pub(crate) use relisted::{Made, Turned};

pub(crate) const CLOUD_NAME: &str = "gcp";

/// I10: health checks and the Identity-Aware Proxy are public by number, and no attacker sits behind them.
fn infrastructure() -> AddressSet {
    INFRASTRUCTURE.iter().filter_map(|text| text.parse::<Prefix>().ok()).collect()
}

/// Front ends and health checks of either family, then the Identity-Aware Proxy.
const INFRASTRUCTURE: [&str; 9] = [
    "35.191.0.0/16",
    "130.211.0.0/22",
    "209.85.152.0/22",
    "209.85.204.0/22",
    "2600:2d00:1:b029::/64",
    "2600:2d00:1:1::/64",
    "2600:1901:8001::/48",
    "35.235.240.0/20",
    "2600:2d00:1:7::/64",
];

/// G15: what comes to an external address at all: ICMP, TCP, UDP, GRE, ESP, AH, ICMPv6, SCTP.
fn protocols() -> ProtocolSet {
    [1, 6, 17, 47, 50, 51, 58, 132].map(Protocol).into_iter().collect()
}
