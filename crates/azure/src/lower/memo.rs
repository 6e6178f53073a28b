//! What was lowered before and still holds: indexes, surroundings of subnets, lists of groups.
//!
//! An edit that may move anything forgets all of it; an edit of the rules of one group forgets that group's lists.

use std::sync::Arc;

use cloud::{Common, LookupMap, LookupSet};
use model::{Gap, Internet, Name, RuleList, Thresholds};
use packet::AddressSet;

use crate::estate::Estate;

use super::balancer::BalancerBook;
use super::index::Index;
use super::proxy::Proxies;
use super::surroundings::{Sum, Surroundings};

/// What was lowered before and still holds.
#[derive(Debug)]
pub(crate) struct Memo {
    pub(super) common: Common,
    /// Every address that is not Internet.
    pub(super) private: Arc<AddressSet>,
    /// Gaps found while the rest was lowered.
    pub(super) gaps: Vec<Gap>,
    pub(super) surroundings: LookupMap<Name, Arc<Surroundings>>,
    pub(super) own_prefixes: LookupMap<Name, Arc<Sum>>,
    pub(super) assumed: Option<Arc<Surroundings>>,
    pub(super) somewhere: Option<Arc<Surroundings>>,
    pub(super) lists: LookupMap<Name, Vec<(ListPlace, Arc<RuleList>)>>,
    pub(super) balancers: Option<Arc<BalancerBook>>,
    /// AP13: what the routes of each subnet may take from TCP.
    pub(super) lost_replies: LookupMap<Name, Arc<[Arc<RuleList>]>>,
    pub(super) proxies: Option<Arc<Proxies>>,
    /// The admin rules of each subnet, and where it is not known which.
    pub(super) admin_rules: LookupMap<Option<Name>, Option<Arc<RuleList>>>,
    /// Those of all subnets of a network with the same surroundings, by where these are kept.
    pub(super) admin_lists: LookupMap<(Name, usize), Option<Arc<RuleList>>>,
    sets: LookupSet<Arc<AddressSet>>,
    known_surroundings: LookupSet<Arc<Surroundings>>,
    index: Option<Arc<Index>>,
}

/// All that the list of a group depends on beside the group. Lists with equal places are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ListPlace {
    pub(super) surroundings: Arc<Surroundings>,
    /// Only for groups with application groups in their rules: the virtual network, and whether all members in it
    /// are known.
    pub(super) network: Option<(Option<Name>, bool)>,
}

impl Memo {
    pub(crate) fn new() -> Self {
        let internet = Internet::less(&AddressSet::empty(), Thresholds::STANDARD);
        Self {
            common: Common::new(),
            private: Arc::new(internet.addresses().complement()),
            gaps: Vec::new(),
            surroundings: LookupMap::default(),
            own_prefixes: LookupMap::default(),
            assumed: None,
            somewhere: None,
            lists: LookupMap::default(),
            balancers: None,
            lost_replies: LookupMap::default(),
            proxies: None,
            admin_rules: LookupMap::default(),
            admin_lists: LookupMap::default(),
            sets: LookupSet::default(),
            known_surroundings: LookupSet::default(),
            index: None,
        }
    }

    pub(super) fn index(&mut self, estate: &Estate) -> Arc<Index> {
        Arc::clone(self.index.get_or_insert_with(|| Arc::new(Index::new(estate))))
    }

    /// Forgets what depends on the rules of a group.
    pub(crate) fn forget_group(&mut self, key: &Name) {
        self.lists.remove(key);
        // The groups of gateways are on the ways to what is behind them.
        self.proxies = None;
    }

    /// The set, shared with equal ones.
    pub(super) fn share(&mut self, set: AddressSet) -> Arc<AddressSet> {
        if let Some(known) = self.sets.get(&set) {
            return Arc::clone(known);
        }
        let shared = Arc::new(set);
        self.sets.insert(Arc::clone(&shared));
        shared
    }

    /// The union, without work where one holds the other for plain reasons.
    pub(super) fn union(&mut self, one: &Arc<AddressSet>, other: &Arc<AddressSet>) -> Arc<AddressSet> {
        if Arc::ptr_eq(one, other) || other.is_empty() {
            Arc::clone(one)
        } else if one.is_empty() {
            Arc::clone(other)
        } else {
            self.share(one.union(other))
        }
    }

    pub(super) fn share_surroundings(&mut self, surroundings: Surroundings) -> Arc<Surroundings> {
        if let Some(known) = self.known_surroundings.get(&surroundings) {
            return Arc::clone(known);
        }
        let shared = Arc::new(surroundings);
        self.known_surroundings.insert(Arc::clone(&shared));
        shared
    }
}
