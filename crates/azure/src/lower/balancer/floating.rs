//! Floating IP (AP3): packets that still carry the frontend's address when groups see them.
//!
//! Which frontends are before a group, and what is possible where the input does not tell them.

use std::sync::Arc;

use model::{Action, Carries, Destinations, Filter, Name, Path, Reach, Rule};
use packet::{AddressSet, Family};

use crate::resource::Interface;

use super::super::Lowering;
use super::super::index::Attachments;
use super::super::surroundings::assumed_prefixes;

impl Lowering<'_> {
    /// AP3: behind a load balancer with a floating address the groups see the frontend's address, one of `elsewhere`,
    /// which no interface tells. `None` where rules treat such addresses as they treat the private ones.
    pub(in crate::lower) fn floating_path(
        &mut self,
        filter: &Filter,
        elsewhere: &AddressSet,
    ) -> Option<Path> {
        let outside = elsewhere.difference(&assumed_prefixes());
        let mut frontends = AddressSet::empty();
        let rules = filter.lists().into_iter().flat_map(|list| &list.rules);
        for rule in rules.filter(|rule| !rule.built_in) {
            for family in Family::BOTH {
                frontends = frontends.union(&told_apart(rule, &outside.only(family), family));
            }
        }
        (!frontends.is_empty()).then(|| Path {
            reach: Reach::Admitted,
            front: None,
            destinations: Destinations::SomeOf(self.memo.share(frontends)),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(self.doubted(filter.clone(), BALANCER)),
        })
    }

    /// A25, AP3: the frontends whose addresses packets still carry when they come to what a group is attached to;
    /// `None` where the input does not tell them all.
    pub(in crate::lower) fn frontends_before(&mut self, attached: &Attachments) -> Option<AddressSet> {
        let index = Arc::clone(&self.index);
        let is_fronted = |subnet: &Name| index.fronted_subnets.contains(subnet);
        let untold = !attached.subnets.is_empty() && self.estate.interfaces.is_empty();
        if untold || attached.subnets.iter().any(|subnet| index.unseen_subnets.contains(subnet)) {
            return None;
        }
        if self.estate.devices.load_balancers.is_empty() && attached.subnets.iter().any(is_fronted) {
            return None;
        }
        let within = attached.subnets.iter().filter_map(|subnet| index.interfaces_of_subnet.get(subnet));
        let mut before = AddressSet::empty();
        for key in attached.interfaces.iter().chain(within.flatten()) {
            if let Some(interface) = self.estate.interfaces.get(key) {
                self.add_frontends(interface, &mut before)?;
            }
            let set = self.estate.devices.scale_sets.get(key);
            for one in set.into_iter().flat_map(|set| &set.interfaces) {
                self.add_frontends(&one.interface, &mut before)?;
            }
        }
        Some(before)
    }

    /// Adds the floating frontends before an interface; `None` where the input does not tell them all.
    fn add_frontends(&mut self, interface: &Interface, before: &mut AddressSet) -> Option<()> {
        let book = self.balancers();
        let is_quiet = book.floating.as_ref().is_some_and(|floating| floating.is_empty());
        for configuration in &interface.configurations {
            // What floats to nobody floats not here.
            if is_quiet && !configuration.is_balanced() {
                continue;
            }
            let led = self.balanced_ways(interface, configuration);
            if led.is_unknown {
                return None;
            }
            for frontend in led.ways.iter().filter_map(|way| way.floats_to.as_deref()) {
                *before = before.union(frontend);
            }
        }
        Some(())
    }

    /// AP3: the public addresses that packets may still carry when groups see them, as far as nothing tells which of
    /// them come here; `None` where the input does not say.
    pub(in crate::lower) fn floating_frontends(&mut self) -> Option<Arc<AddressSet>> {
        if self.estate.devices.load_balancers.is_empty() {
            return None;
        }
        let book = self.balancers();
        book.floating.as_ref().filter(|_| book.incomplete.is_empty()).map(Arc::clone)
    }
}

/// Public addresses of a family that a rule treats otherwise than private ones.
fn told_apart(rule: &Rule, outside: &AddressSet, family: Family) -> AddressSet {
    let named = &rule.matches.destinations;
    if outside.is_subset(&named.must) || named.may.is_empty_in(family) {
        return AddressSet::empty();
    }
    match rule.action {
        Action::Allow => named.may.intersection(outside),
        // A denial of private addresses holds back nothing that is sent to a frontend.
        Action::Deny | Action::Pass => outside.clone(),
    }
}

/// The name under which doubts of what floats stand in a path.
const BALANCER: &str = "load balancer";
