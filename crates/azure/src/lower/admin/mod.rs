//! Security admin rules of network managers, judged before the groups (AA0–AA6).
//!
//! All rules that may be in force in a subnet are one list: of managers the higher scope first, of one manager by
//! priority. `Allow` ends it and lets the groups decide, `AlwaysAllow` delivers, `Deny` keeps out. Knows no group.

mod entry;
mod force;
mod known;
mod told;

use std::sync::Arc;

use model::{Action, Filter, Name, RuleList};
use packet::ProtocolSet;

use crate::resource::{EffectiveView, Sku, name_of};

use super::Lowering;
use super::index::network_of;

pub(in crate::lower) use known::KnownAdmins;

impl Lowering<'_> {
    /// The filter of something in a subnet with the admin rules of its network in front; `view` is what the effective
    /// view of its interface says.
    pub(super) fn under_admin_rules(
        &mut self,
        subnet: Option<&Name>,
        view: Option<&EffectiveView>,
        filter: Filter,
        without_group: Sku,
    ) -> Filter {
        let rules = match (self.admin_rules(subnet), view) {
            (rules, None) => rules,
            (rules, Some(view)) => self.beside_view(rules, view),
        };
        let Some(rules) = rules else { return filter };
        // AA4: whether an admin rule counts as the group that a Standard address asks for is not documented.
        let may_need_group = without_group != Sku::Basic && !has_known_group(&filter);
        let rules = if may_need_group { possible(&rules, |action| action == Action::Allow) } else { rules };
        in_front(rules, filter)
    }

    /// The filter of something in a subnet, with a group before it, with the admin rules of the network in front.
    pub(super) fn behind_admin_rules(&mut self, subnet: &Name, filter: Filter) -> Filter {
        match self.admin_rules(Some(subnet)) {
            Some(rules) => in_front(rules, filter),
            None => filter,
        }
    }

    /// The lists of admin rules that were lowered, each configuration once.
    pub(super) fn admin_lists(&self) -> Vec<Arc<RuleList>> {
        let mut by_subnet: Vec<_> = self.memo.admin_rules.iter().collect();
        by_subnet.sort_unstable_by_key(|(subnet, _)| *subnet);
        let mut lists: Vec<Arc<RuleList>> = Vec::new();
        for list in by_subnet.into_iter().filter_map(|(_, list)| list.as_ref()) {
            if lists.iter().all(|known| known.id != list.id) {
                lists.push(Arc::clone(list));
            }
        }
        lists
    }

    /// The admin rules in a subnet, or where it is not known which; `None` where there are none.
    fn admin_rules(&mut self, subnet: Option<&Name>) -> Option<Arc<RuleList>> {
        let index = Arc::clone(&self.index);
        if index.admins.is_empty() || subnet.is_some_and(|subnet| is_exempt(subnet, &index.admins)) {
            return None;
        }
        let key = subnet.cloned();
        if let Some(known) = self.memo.admin_rules.get(&key) {
            return known.clone();
        }
        let network = subnet.and_then(|subnet| network_of(subnet));
        let surroundings = self.place_in(subnet).surroundings;
        // Subnets of a network have its rules, as tags read there, but those that are members themselves.
        let is_named = subnet.is_some_and(|subnet| index.admins.named_subnets.contains(subnet));
        let alike = network.clone().filter(|_| !is_named);
        let alike = alike.map(|network| (network, Arc::as_ptr(&surroundings).addr()));
        if let Some(known) = alike.as_ref().and_then(|alike| self.memo.admin_lists.get(alike)) {
            let known = known.clone();
            self.memo.admin_rules.insert(key, known.clone());
            return known;
        }
        let told = self.gaps.len();
        let list = self.admin_list(&index.admins, network.as_ref(), subnet).map(Arc::new);
        // What was told is remembered with the list: it is not told again.
        let told = self.gaps.split_off(told);
        self.memo.gaps.extend(told);
        if let Some(alike) = alike {
            self.memo.admin_lists.insert(alike, list.clone());
        }
        self.memo.admin_rules.insert(key, list.clone());
        list
    }

    /// The rules beside those a view shows. A view shows `Allow` and `AlwaysAllow` alike and the rules tell them apart;
    /// where they are in force for certain, they stand for what it shows.
    fn beside_view(&mut self, rules: Option<Arc<RuleList>>, view: &EffectiveView) -> Option<Arc<RuleList>> {
        let rules = rules?;
        if view.has_manager_rules() {
            return is_in_force(&rules).then_some(rules);
        }
        Some(possible(&rules, |_| true))
    }

    /// Whether admin rules are known so well that those of a view are not needed.
    pub(super) fn knows_admin_rules(&mut self, subnet: Option<&Name>) -> bool {
        self.admin_rules(subnet).is_some_and(|rules| is_in_force(&rules))
    }
}

fn in_front(rules: Arc<RuleList>, filter: Filter) -> Filter {
    Filter::Chain(vec![Filter::FirstMatch(rules), filter])
}

/// Whether every rule of a list is in force for certain.
fn is_in_force(rules: &RuleList) -> bool {
    rules.rules.iter().all(|rule| !rule.matches.protocols.must.is_empty())
}

/// Whether a filter has the list of a group that is told by a document.
fn has_known_group(filter: &Filter) -> bool {
    filter.lists().iter().any(|list| list.provenance.is_some())
}

/// The list with those of its rules as possible that do `which`.
fn possible(rules: &Arc<RuleList>, which: impl Fn(Action) -> bool) -> Arc<RuleList> {
    let is_meant = |rule: &&mut model::Rule| which(rule.action);
    if !rules.rules.iter().any(|rule| which(rule.action)) {
        return Arc::clone(rules);
    }
    let mut list = RuleList::clone(rules);
    for rule in list.rules.iter_mut().filter(is_meant) {
        rule.matches.protocols.must = ProtocolSet::EMPTY;
    }
    Arc::new(list)
}

/// AA3: subnets to which no admin rule is applied. Whether application gateways there have network isolation, for which
/// it would be, no export says.
fn is_exempt(subnet: &Name, admins: &KnownAdmins) -> bool {
    let name = name_of(subnet);
    EXEMPT_SUBNETS.iter().any(|exempt| name.eq_ignore_ascii_case(exempt))
        || admins.gateway_subnets.contains(subnet)
}

const EXEMPT_SUBNETS: [&str; 5] = [
    "AzureBastionSubnet",
    "AzureFirewallSubnet",
    "AzureFirewallManagementSubnet",
    "GatewaySubnet",
    "RouteServerSubnet",
];

pub(super) const ADMIN_KIND: &str = "security-admin-rules";
