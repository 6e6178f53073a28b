//! Rules lowered: tags and application groups resolved for the place where the list is read.
//!
//! Knows nothing of paths. Equal lists at equal places are one list.

use std::sync::Arc;

use model::{Action, Filter, Matches, Name, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, ProtocolSet};

use crate::resource::{Access, Group, Identity, Protocols, SecurityRule};

use super::Lowering;
use super::index::Attachments;
use super::memo::ListPlace;
use super::surroundings::Place;

impl Lowering<'_> {
    /// The list of a group as it reads at a place.
    pub(super) fn list(&mut self, group: &Group, place: &Place) -> Arc<RuleList> {
        let network = group.uses_application_groups().then(|| (place.network.clone(), place.is_complete));
        let key = ListPlace { surroundings: Arc::clone(&place.surroundings), network };
        let known = self.memo.lists.get(&group.identity.key);
        if let Some((_, list)) = known.and_then(|lists| lists.iter().find(|(place, _)| *place == key)) {
            return Arc::clone(list);
        }
        let behind = self.behind(group);
        let mut list = self.rule_list(&group.identity, &group.rules, place, behind);
        if self.estate.is_partial(&group.identity.key) {
            self.doubt_unseen(&mut list);
        }
        let list = Arc::new(list);
        let lists = self.memo.lists.entry(Arc::clone(&group.identity.key)).or_default();
        lists.push((key, Arc::clone(&list)));
        list
    }

    /// A list of rules as it reads at a place.
    pub(super) fn rule_list(
        &mut self,
        owner: &Identity,
        rules: &[SecurityRule],
        place: &Place,
        behind: Option<Arc<AddressSet>>,
    ) -> RuleList {
        let mut lowered = Vec::with_capacity(rules.len());
        for rule in rules {
            let matches = self.matches(rule, place);
            match rule.access {
                Access::Allow => lowered.push(lowered_rule(rule, Action::Allow, matches)),
                Access::Deny => lowered.push(lowered_rule(rule, Action::Deny, matches)),
                // Either, and which is not known: two rules that may match, neither before the other.
                Access::Unreadable => {
                    lowered.push(lowered_rule(rule, Action::Allow, matches.clone()));
                    lowered.push(lowered_rule(rule, Action::Deny, matches));
                }
            }
        }
        RuleList {
            id: Arc::clone(&owner.id),
            name: Arc::clone(&owner.name),
            kind: GROUP_KIND,
            scope: owner.scope.clone(),
            rules: lowered,
            behind,
            provenance: Some(owner.read_at.0),
        }
    }

    pub(super) fn matches(&mut self, rule: &SecurityRule, place: &Place) -> Matches {
        let (sources, tags) = self.resolve_sources(&rule.sources, place);
        let certain = rule.certain && rule.access != Access::Unreadable;
        let must = if certain { rule.protocols.must } else { Protocols::NONE };
        Matches {
            protocols: Bounds::between(must.set(), rule.protocols.may.set()),
            sources,
            tags,
            source_ports: rule.source_ports.clone(),
            destinations: self.resolve_destinations(&rule.destinations, place),
            ports: rule.ports.clone(),
            types: every_type(),
        }
    }

    /// A25: all addresses behind a group, when the input tells them all.
    fn behind(&mut self, group: &Group) -> Option<Arc<AddressSet>> {
        let attached = Attachments::of(group, &self.index);
        if group.is_projected || attached.is_empty() {
            return None;
        }
        // AP3: the frontends of load balancers are behind it too.
        let mut behind = self.frontends_before(&attached)?;
        for key in &attached.interfaces {
            for configuration in &self.estate.interfaces.get(key)?.configurations {
                behind = behind.union(configuration.addresses.as_ref()?);
            }
        }
        for key in &attached.subnets {
            behind = behind.union(self.estate.subnets.get(key)?.addresses.as_ref()?);
        }
        Some(self.memo.share(behind))
    }

    /// What stands in for a group whose rules are not in the input: it may let everything in.
    pub(super) fn unknown_filter(&self, id: &Name, name: &Name) -> Filter {
        let common = &self.memo.common;
        let everywhere = Bounds::exactly(Arc::clone(&common.everything));
        let every_port = Bounds::exactly(Arc::clone(&common.every_port));
        let matches = Matches {
            protocols: Bounds::between(ProtocolSet::EMPTY, super::PROTOCOLS.into_iter().collect()),
            sources: everywhere.clone(),
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: everywhere,
            ports: every_port,
            types: every_type(),
        };
        let rule = Rule {
            name: "unknown rules".into(),
            priority: None,
            rank: 0,
            action: Action::Allow,
            matches,
            written: "".into(),
            built_in: false,
            provenance: None,
        };
        let list = RuleList {
            id: Arc::clone(id),
            name: Arc::clone(name),
            kind: GROUP_KIND,
            scope: None,
            rules: vec![rule],
            behind: None,
            provenance: None,
        };
        closed_list(Arc::new(list))
    }
}

/// A list after whose rules everything is denied, as every group is.
pub(super) fn closed_list(list: Arc<RuleList>) -> Filter {
    Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(Action::Deny)])
}

fn lowered_rule(rule: &SecurityRule, action: Action, matches: Matches) -> Rule {
    Rule {
        name: Arc::clone(&rule.name),
        priority: rule.priority,
        rank: rule.priority.unwrap_or(0),
        action,
        matches,
        written: Arc::clone(&rule.sources.written),
        built_in: rule.built_in,
        provenance: rule.read_at.map(|read_at| read_at.0),
    }
}

pub(super) const GROUP_KIND: &str = "network-security-group";
