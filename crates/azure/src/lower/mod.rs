//! From resources to what the engine decides on: lists, filters, paths, targets, gaps.
//!
//! References are resolved here, so documents may come in any order. Knows no document and no spelling.

mod admin;
mod balancer;
mod coverage;
mod group;
mod index;
mod interface;
mod layer;
mod list;
mod memo;
mod partial;
mod perimeter;
mod proxy;
mod reply;
mod scale_set;
mod service;
mod surroundings;
mod tags;
mod touched;
mod view;
mod way;

use std::sync::Arc;

use cloud::{Quoted, ReadAt};
use model::{Effect, Gap, Internet, Name, RuleList, Snapshot, Target, Thresholds};
use packet::AddressSet;

use crate::estate::Estate;
use crate::resource::{Identity, PROTOCOLS, host_addresses};

use index::Index;
pub(crate) use memo::Memo;
pub(crate) use touched::Stir;

/// Lowers the resources of an estate.
pub(crate) struct Lowering<'e> {
    estate: &'e Estate,
    memo: &'e mut Memo,
    index: Arc<Index>,
    gaps: Vec<Gap>,
}

impl<'e> Lowering<'e> {
    pub(crate) fn new(estate: &'e Estate, memo: &'e mut Memo) -> Self {
        let index = memo.index(estate);
        Self { estate, memo, index, gaps: Vec::new() }
    }

    /// Everything, at once.
    pub(crate) fn snapshot(&mut self, thresholds: Thresholds) -> Snapshot {
        let targets: Vec<Arc<Target>> =
            self.target_keys().iter().filter_map(|key| self.target(key)).map(Arc::new).collect();
        let lists = self.lists();
        self.tell_tags();
        self.tell_unseen_interfaces();
        self.tell_unseen_gateways();
        self.tell_unseen_frontends();
        self.tell_contested_addresses();
        let coverage = self.coverage(&targets);
        let mut gaps = core::mem::take(&mut self.gaps);
        gaps.extend(self.memo.gaps.iter().cloned());
        gaps.sort_unstable();
        gaps.dedup();
        Snapshot {
            cloud: CLOUD_NAME,
            // I9: the host address is public by number and never a client.
            internet: Arc::new(Internet::less(&host_addresses(), thresholds)),
            inside: None,
            protocols: PROTOCOLS.into_iter().collect(),
            rentable: self.rentable(),
            targets,
            lists,
            gaps,
            coverage,
            missing: self.missing(),
        }
    }

    /// The target of a key, if it is one.
    pub(crate) fn target(&mut self, key: &Name) -> Option<Target> {
        if let Some(interface) = self.estate.interfaces.get(key) {
            return self.interface_target(interface);
        }
        if let Some(set) = self.estate.devices.scale_sets.get(key) {
            return self.scale_set_target(set);
        }
        if let Some(group) = self.estate.groups.get(key) {
            return self.group_target(group);
        }
        if let Some(view) = self.estate.views.get(key) {
            return self.view_target(view);
        }
        self.gateway_target(key).or_else(|| self.service_target(key))
    }

    /// The keys of all that may be a target, sorted.
    fn target_keys(&self) -> Vec<Name> {
        let estate = self.estate;
        let keys = estate.interfaces.keys().chain(estate.groups.keys()).chain(estate.views.keys());
        let keys = keys.chain(estate.devices.scale_sets.keys()).chain(self.gateway_keys());
        let mut keys: Vec<Name> = keys.cloned().chain(self.service_keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// Every group's list once, as it reads where the group is attached first.
    fn lists(&mut self) -> Vec<Arc<RuleList>> {
        let estate = self.estate;
        let mut lists: Vec<Arc<RuleList>> = Vec::with_capacity(estate.groups.len());
        for group in estate.groups.values() {
            let place = self.home_of(group);
            lists.push(self.list(group, &place));
        }
        lists.extend(self.lists_of_views());
        lists.extend(self.admin_lists());
        lists.sort_by(|one, other| one.id.cmp(&other.id));
        lists
    }

    /// Tells of a reference to something that is not in the input, although its kind is.
    fn tell_dangling(&mut self, owner: &Identity, read_at: ReadAt, what: &str, key: &str) {
        let message = format!(
            "{}: {what} {} is not in the input: what it does here is not known",
            Quoted(&owner.name),
            Quoted(key)
        );
        self.gaps.push(Gap::at(read_at.0, "dangling-reference", Effect::Undecided, message));
    }
}

/// Every address of both families: where something may be, when nothing says where it is.
fn anywhere(memo: &Memo) -> Arc<AddressSet> {
    Arc::clone(&memo.common.everything)
}

pub(crate) const CLOUD_NAME: &str = "azure";
