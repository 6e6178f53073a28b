//! Everything that decides on packets to an interface: policies and the rules of its network, in their order (G10, G12).
//!
//! Knows no path: what stands before the interface, and whether a reply gets back, is asked elsewhere.

use std::sync::Arc;

use model::{Action, Filter};
use packet::AddressSet;

use crate::resource::Link;

use super::Lowering;
use super::class::{Class, Viewpoint};
use super::policies::{Orders, Stages};

impl Lowering<'_> {
    /// What decides on packets to interfaces of a class.
    pub(super) fn firewall(&mut self, class: &Arc<Class>) -> Arc<Filter> {
        self.firewall_from(class, Viewpoint::Client)
    }

    /// The same where clients come with one of these addresses: what holds for all of them lets all clients in.
    pub(super) fn firewall_behind(&mut self, class: &Arc<Class>, seen: &Arc<AddressSet>) -> Arc<Filter> {
        self.firewall_from(class, Viewpoint::Behind(Arc::clone(seen)))
    }

    fn firewall_from(&mut self, class: &Arc<Class>, viewpoint: Viewpoint) -> Arc<Filter> {
        let key = (Arc::clone(class), viewpoint);
        if let Some(known) = self.rules.firewalls.get(&key) {
            return Arc::clone(known);
        }
        let stages = self.policy_stages(class, &key.1);
        let rules = self.vpc_rules(class, &key.1).map(Filter::FirstMatch);
        let unseen = self.unseen_before(class, &stages);
        let chain = self.chained(unseen, stages, rules);
        let filter = self.network.filters.shared(chain);
        self.rules.firewalls.insert(key, Arc::clone(&filter));
        filter
    }

    /// Where only edits told of policies, what nobody saw may deny before them.
    fn unseen_before(&self, class: &Class, Stages { before, network, .. }: &Stages) -> Option<Filter> {
        let has_stages = !before.is_empty() || !network.is_empty();
        let project = class.network.as_ref().map(Link::from);
        let is_told = self.estate.stated.is_none()
            || self.estate.has_kind("firewall-policy")
            || self.estate.states_rules_of(project.as_ref().and_then(Link::project));
        (has_stages && !is_told).then(|| Filter::FirstMatch(self.unseen_list(class.network.as_ref())))
    }

    /// G10: the stages in the order of the network; what none decides is denied (G2).
    fn chained(&self, unseen: Option<Filter>, stages: Stages, rules: Option<Filter>) -> Filter {
        let Stages { before, network, order } = stages;
        let mut chain: Vec<Filter> = unseen.into_iter().chain(before).collect();
        match (order, rules) {
            (Orders::Either, Some(rules)) if !network.is_empty() => {
                chain.push(self.either_order(rules, network))
            }
            (Orders::Before, rules) => chain.extend(network.into_iter().chain(rules)),
            (Orders::After | Orders::Either, rules) => chain.extend(rules.into_iter().chain(network)),
        }
        chain.push(Filter::Always(Action::Deny));
        Filter::Chain(chain)
    }

    /// What both orders say; where they differ, either.
    fn either_order(&self, rules: Filter, network: Vec<Filter>) -> Filter {
        let closed = |stages: Vec<Filter>| {
            Filter::Chain(stages.into_iter().chain([Filter::Always(Action::Deny)]).collect())
        };
        let after = closed([rules.clone()].into_iter().chain(network.clone()).collect());
        let before = closed(network.into_iter().chain([rules]).collect());
        let orders = vec![after, before];
        let one_of_them = self.doubted(Filter::AnyOf(orders.clone()), "unknown order");
        Filter::AnyOf(vec![Filter::AllOf(orders), one_of_them])
    }
}
