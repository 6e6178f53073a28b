//! The admin rules of one place, put in order and lowered (AA1–AA3, AA5).

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::Quoted;
use model::{Action, Effect, Gap, Matches, Name, Provenance, Rule, RuleList, every_type};
use packet::{Bounds, ProtocolSet};

use crate::lower::Lowering;
use crate::lower::surroundings::Place;
use crate::resource::{
    AdminAction, BesideIntentPolicies, ManagerScope, SecurityRule, name_of, segment_after,
};

use super::ADMIN_KIND;
use super::force::{Doubt, Force, Spot};
use super::known::{KnownAdmins, KnownRule};

/// A rule that is or may be in force at a place.
pub(super) struct Entry<'e> {
    pub(super) known: &'e KnownRule,
    pub(super) scope: ManagerScope,
    pub(super) force: Force,
    pub(super) action: AdminAction,
    /// `None` where the input does not have the rule.
    pub(super) rule: Option<&'e SecurityRule>,
    pub(super) is_told_here: bool,
}

impl Entry<'_> {
    pub(super) fn priority(&self) -> Option<u32> {
        self.rule.and_then(|rule| rule.priority)
    }

    pub(super) fn place(&self) -> Option<Provenance> {
        self.rule.and_then(|rule| rule.read_at).map(|read_at| read_at.0)
    }
}

impl<'e> Lowering<'e> {
    /// The list of the rules that are or may be in force at a place.
    pub(super) fn admin_list(
        &mut self,
        admins: &KnownAdmins,
        network: Option<&Name>,
        subnet: Option<&Name>,
    ) -> Option<RuleList> {
        let spot = Spot::of(network, subnet, self.estate);
        let mut entries: Vec<Entry<'_>> = Vec::new();
        for known in &admins.rules {
            let standing = admins.standing(known, &spot, self.estate);
            let rule = standing.body.and_then(|body| body.rule.as_ref());
            // An outbound rule is no rule here.
            if standing.force == Force::Absent || (standing.body.is_some() && rule.is_none()) {
                continue;
            }
            entries.push(Entry {
                known,
                scope: self.scope_of(known),
                force: standing.force,
                action: standing.body.map_or(AdminAction::Unreadable, |body| body.action),
                rule,
                is_told_here: standing.is_told_here,
            });
        }
        self.heed_intent_policies(&mut entries, admins, network);
        let unread = self.unread_configurations(admins, &spot);
        if entries.is_empty() && unread.is_empty() {
            return None;
        }
        self.tell_doubts(&entries);
        entries.sort_by_key(|entry| (entry.scope, entry.priority()));
        let place = self.place_in(subnet);
        let mut rules: Vec<Rule> = Vec::new();
        for configuration in &unread {
            rules.extend(self.unknown_rules(name_of(configuration), 0));
        }
        let ranks = self.ranks(&entries);
        for (entry, rank) in entries.iter().zip(ranks) {
            rules.extend(self.admin_rule(entry, rank, &place));
        }
        Some(self.as_list(&entries, &unread, rules))
    }

    fn scope_of(&self, known: &KnownRule) -> ManagerScope {
        let manager = known.manager.as_ref().and_then(|key| self.estate.devices.network_managers.get(key));
        manager.map_or(ManagerScope::Unknown, |manager| manager.scope)
    }

    /// AA3: in a network with a service that has a network intent policy the configuration says what acts.
    fn heed_intent_policies(
        &mut self,
        entries: &mut Vec<Entry<'_>>,
        admins: &KnownAdmins,
        network: Option<&Name>,
    ) {
        let has_policy = network.is_some_and(|network| admins.with_intent_policy.contains(network));
        let is_untold = network.is_none_or(|network| admins.untold_intent_policy.contains(network));
        if !has_policy && !is_untold {
            return;
        }
        let word = self.beside_intent_policies(entries);
        for entry in entries.iter_mut().filter(|entry| !entry.is_told_here) {
            let acts = match (word, entry.action) {
                (BesideIntentPolicies::All, _)
                | (BesideIntentPolicies::AllowRulesOnly, AdminAction::Allow) => entry.force,
                (BesideIntentPolicies::Nothing, _)
                | (BesideIntentPolicies::AllowRulesOnly, AdminAction::Deny) => Force::Absent,
                // Whether `Allow` rules are those with `AlwaysAllow` too is not documented.
                (
                    BesideIntentPolicies::AllowRulesOnly,
                    AdminAction::AlwaysAllow | AdminAction::Unreadable,
                )
                | (BesideIntentPolicies::Unreadable, _) => doubted(entry.force),
            };
            // Without a word on its delegations a network may have such a service, or none.
            entry.force = if has_policy || acts == entry.force { acts } else { doubted(entry.force) };
        }
        if !has_policy && let Some(network) = network.and_then(|key| self.estate.networks.get(key)) {
            let changed = entries.iter().any(|entry| entry.force == Force::Possible(Doubt::Delegations));
            if changed {
                let identity = &network.identity;
                let message = format!(
                    "{}: a subnet does not say whom it is delegated to: whether admin rules are applied there is not known; add `az network vnet list`",
                    Quoted(&identity.name)
                );
                let gap = Gap::at(identity.read_at.0, "untold-delegations", Effect::Undecided, message);
                self.gaps.push(gap);
            }
        }
        entries.retain(|entry| entry.force != Force::Absent);
    }

    /// The setting of the highest manager; unreadable where that is not one.
    fn beside_intent_policies(&self, entries: &[Entry<'_>]) -> BesideIntentPolicies {
        let highest = entries.iter().map(|entry| entry.scope).min();
        let unknown = entries.iter().any(|entry| entry.scope == ManagerScope::Unknown);
        let mut words = entries.iter().filter(|entry| unknown || Some(entry.scope) == highest).map(|entry| {
            let configuration = entry.known.configuration.as_ref();
            let configuration =
                configuration.and_then(|key| self.estate.devices.admin_configurations.get(key));
            configuration.map_or(BesideIntentPolicies::Unreadable, |one| one.beside_intent_policies)
        });
        match words.next() {
            Some(first) if words.all(|word| word == first) => first,
            Some(_) => BesideIntentPolicies::Unreadable,
            None => BesideIntentPolicies::Nothing,
        }
    }

    /// Configurations that are said to be in force here and of which the input has no rule.
    fn unread_configurations(&mut self, admins: &KnownAdmins, spot: &Spot<'_>) -> BTreeSet<Name> {
        let estate = self.estate;
        let stated =
            [spot.subnet, spot.network].into_iter().flatten().filter_map(|key| admins.effective_of.get(key));
        let stated = stated.flatten().filter_map(|key| estate.devices.effective_admin_networks.get(key));
        let mut unread = BTreeSet::new();
        for view in stated {
            let has_rule =
                |key: &Name| admins.rules.iter().any(|rule| rule.configuration.as_ref() == Some(key));
            for key in view.configurations.iter().flatten().filter(|key| !has_rule(key)) {
                unread.insert(Arc::clone(key));
                self.tell_dangling(&view.identity, view.identity.read_at, "the configuration", key);
            }
        }
        unread
    }

    /// AA5: the place of each rule. Equal priorities of one configuration, and managers of which it is not known which
    /// is the higher one, may come in either order.
    fn ranks(&mut self, entries: &[Entry<'_>]) -> Vec<u32> {
        let managers: BTreeSet<_> = entries.iter().map(|entry| (entry.scope, &entry.known.manager)).collect();
        let is_untold =
            managers.len() > 1 && entries.iter().any(|entry| entry.scope == ManagerScope::Unknown);
        let is_alone_at = |scope| !is_untold && managers.iter().filter(|(at, _)| *at == scope).count() == 1;
        let mut ranks = Vec::with_capacity(entries.len());
        let mut rank = 1;
        let mut before: Option<&Entry<'_>> = None;
        for entry in entries {
            let is_alone = is_alone_at(entry.scope);
            if let Some(before) = before {
                let is_tied = if is_alone {
                    // AA5: what stands at another scope goes before it, whatever the numbers.
                    before.scope == entry.scope
                        && before.priority().is_some()
                        && before.priority() == entry.priority()
                } else {
                    is_untold || before.scope == entry.scope
                };
                if !is_tied {
                    rank += 1;
                } else if is_alone && before.known.configuration == entry.known.configuration {
                    self.tell_equal_priorities(before, entry);
                }
            }
            if !is_alone && before.is_some_and(|before| before.known.manager != entry.known.manager) {
                self.tell_order(entry);
            }
            ranks.push(rank);
            before = Some(entry);
        }
        ranks
    }

    /// One rule; three tied ones where it is not known what it does.
    fn admin_rule(&mut self, entry: &Entry<'_>, rank: u32, place: &Place) -> Vec<Rule> {
        let Some(rule) = entry.rule else {
            return self.unknown_rules(name_of(&entry.known.key), rank);
        };
        let mut matches = self.matches(rule, place);
        let actions: &[Action] = match entry.action {
            AdminAction::Allow => &[Action::Pass],
            AdminAction::AlwaysAllow => &[Action::Allow],
            AdminAction::Deny => &[Action::Deny],
            AdminAction::Unreadable => &ANYTHING,
        };
        if entry.force != Force::Certain || entry.action == AdminAction::Unreadable {
            matches.protocols.must = ProtocolSet::EMPTY;
        }
        let lowered = |action: &Action| Rule {
            name: Arc::clone(&rule.name),
            priority: rule.priority,
            rank,
            action: *action,
            matches: matches.clone(),
            written: Arc::clone(&rule.sources.written),
            built_in: false,
            provenance: rule.read_at.map(|read_at| read_at.0),
        };
        actions.iter().map(lowered).collect()
    }

    /// Rules that may do anything.
    fn unknown_rules(&self, name: &str, rank: u32) -> Vec<Rule> {
        let common = &self.memo.common;
        let everywhere = Bounds::exactly(Arc::clone(&common.everything));
        let every_port = Bounds::exactly(Arc::clone(&common.every_port));
        let protocols = crate::resource::PROTOCOLS.into_iter().collect();
        let matches = Matches {
            protocols: Bounds::between(ProtocolSet::EMPTY, protocols),
            sources: everywhere.clone(),
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: everywhere,
            ports: every_port,
            types: every_type(),
        };
        let rule = |action: &Action| Rule {
            name: name.into(),
            priority: None,
            rank,
            action: *action,
            matches: matches.clone(),
            written: "".into(),
            built_in: false,
            provenance: None,
        };
        ANYTHING.iter().map(rule).collect()
    }

    /// The list, named by its configurations.
    fn as_list(&self, entries: &[Entry<'_>], unread: &BTreeSet<Name>, rules: Vec<Rule>) -> RuleList {
        let devices = &self.estate.devices;
        let mut keys: Vec<&Name> = Vec::new();
        for key in entries.iter().filter_map(|entry| entry.known.configuration.as_ref()).chain(unread) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let stated = |key: &Name| devices.admin_configurations.get(key).map(|stated| &stated.identity);
        let name = |key: &&Name| stated(key).map_or_else(|| name_of(key).into(), |one| Arc::clone(&one.name));
        let names: Vec<Name> = keys.iter().map(name).collect();
        let first = keys.first().copied();
        let identity = first.and_then(stated);
        RuleList {
            id: identity.map(|one| &one.id).or(first).map_or_else(|| ADMIN_KIND.into(), Arc::clone),
            name: if names.is_empty() { ADMIN_KIND.into() } else { names.join(" + ").into() },
            kind: ADMIN_KIND,
            scope: first.and_then(|key| segment_after(key, "subscriptions")).map(Name::from),
            rules,
            behind: None,
            provenance: identity.map(|one| one.read_at.0).or(entries.first().and_then(Entry::place)),
        }
    }
}

const fn doubted(force: Force) -> Force {
    match force {
        Force::Certain => Force::Possible(Doubt::Delegations),
        Force::Possible(_) | Force::Absent => force,
    }
}

const ANYTHING: [Action; 3] = [Action::Allow, Action::Deny, Action::Pass];
