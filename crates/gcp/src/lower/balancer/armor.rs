//! Cloud Armor: what a security policy says of clients before anything is handed on.
//!
//! Policies that an organisation or a folder puts before all of its projects are not read.

use std::sync::Arc;

use cloud::{LookupMap, Quoted, Said};
use model::{Action, Effect, Filter, Gap, Matches, Name, Rule, RuleList, every_type};
use packet::Bounds;

use crate::resource::{Guard, Identity, Link, Outcome, SecurityPolicy, SecurityRule, command_of};

use super::super::Lowering;

/// Filters of policies that were already asked for, by their key.
#[derive(Debug, Default)]
pub(super) struct Armor {
    known: LookupMap<Name, Filter>,
}

/// How the content of requests is filtered, the weakest first. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ContentFilter {
    /// Nobody looks at it.
    None,
    /// There is a policy, and what it says is not known.
    Unknown,
    /// Attacks are told of and let through.
    Detection,
    /// Attacks are held back.
    Prevention,
}

impl<'e> Lowering<'e> {
    /// What a policy says of those who come to an interface's own external addresses.
    pub(in crate::lower) fn armor(&mut self, policy: &Link, owner: &Identity) -> Filter {
        let filter = self.policy_filter(policy, owner);
        self.anywhere(filter)
    }

    /// What a policy says of those who come to something, if there is one.
    pub(super) fn guard(&mut self, guard: &Guard, owner: &Identity) -> Option<Filter> {
        match guard {
            Guard::None => None,
            Guard::Unknown => Some(self.unknown_policy()),
            Guard::Policy(policy) => Some(self.policy_filter(policy, owner)),
        }
    }

    /// How the content of requests is filtered that pass these one after the other: the strongest counts.
    pub(super) fn content_filter(&self, guards: &[&Guard], project: Option<&str>) -> ContentFilter {
        let filters = guards.iter().map(|guard| match guard {
            Guard::None => ContentFilter::None,
            Guard::Unknown => ContentFilter::Unknown,
            Guard::Policy(policy) => {
                let found = self.estate.resources.security_policies.find(project, policy).one();
                found.map_or(ContentFilter::Unknown, ContentFilter::of)
            }
        });
        filters.max().unwrap_or(ContentFilter::None)
    }

    /// Lowers every policy, be it used or not.
    pub(in crate::lower) fn lower_security_policies(&mut self) {
        for policy in self.estate.resources.security_policies.values() {
            self.filter_of(policy);
        }
    }

    fn policy_filter(&mut self, link: &Link, owner: &Identity) -> Filter {
        let policies = &self.estate.resources.security_policies;
        if let Some(policy) = policies.find(owner.project.as_deref(), link).one() {
            return self.filter_of(policy);
        }
        if self.is_lost(&["security-policy"]) {
            let message = format!(
                "{}: the security policy {} is not in the input: it may keep anybody out; add `{}`",
                Quoted(&owner.name),
                Quoted(&link.path),
                command_of("security-policy")
            );
            self.gaps.push(Gap::at(owner.read_at.0, "dangling-reference", Effect::Undecided, message));
        }
        self.unknown_policy()
    }

    pub(super) fn unknown_policy(&self) -> Filter {
        self.doubted(Filter::Always(Action::Allow), POLICY)
    }

    fn filter_of(&mut self, policy: &'e SecurityPolicy) -> Filter {
        let key = &policy.identity.key;
        if let Some(known) = self.balancers.armor.known.get(key) {
            return known.clone();
        }
        let filter = self.made_filter(policy);
        self.balancers.armor.known.insert(Arc::clone(key), filter.clone());
        filter
    }

    fn made_filter(&mut self, policy: &'e SecurityPolicy) -> Filter {
        let Said::This(stated) = &policy.rules else {
            if policy.rules == Said::Nothing {
                self.tell_policy(policy, "`rules` is not told: it may keep everybody out");
            }
            return self.unknown_policy();
        };
        let mut rules: Vec<Rule> = Vec::with_capacity(stated.len() + 1);
        let mut rank = 0;
        let mut before = None;
        for rule in stated.iter().filter(|rule| !rule.is_preview) {
            // Two rules of one priority cannot be; in an input that has them, either may come first (X1).
            if before != Some(rule.priority) {
                rank += RANKS;
            }
            before = Some(rule.priority);
            self.lower_rule(rule, rank, &mut rules);
        }
        let everybody = self.every_packet();
        let ends = rules.iter().any(|rule| rule.action != Action::Pass && rule.matches == everybody);
        let identity = &policy.identity;
        let list = Arc::new(RuleList {
            id: Arc::clone(&identity.id),
            name: Arc::clone(&identity.name),
            kind: POLICY_KIND,
            scope: identity.project.clone(),
            rules,
            behind: None,
            provenance: Some(identity.read_at.0),
        });
        self.lists.insert(Arc::clone(&identity.key), Arc::clone(&list));
        if ends {
            return Filter::Chain(vec![Filter::FirstMatch(list), Filter::Always(Action::Allow)]);
        }
        // Every policy has a rule for everybody else.
        self.tell_policy(policy, "it has no default rule: what it does with everybody else is not known");
        Filter::Chain(vec![Filter::FirstMatch(list), self.unknown_policy()])
    }

    fn lower_rule(&self, stated: &SecurityRule, rank: u32, rules: &mut Vec<Rule>) {
        let mut sources = stated.sources.clone();
        if stated.priority.is_none() {
            sources.must = Arc::clone(&self.common.nothing);
        }
        let matches = Matches {
            protocols: stated.protocols,
            sources,
            tags: Vec::new(),
            source_ports: stated.source_ports.clone(),
            destinations: stated.destinations.clone(),
            ports: stated.ports.clone(),
            types: every_type(),
        };
        let name: Name = match stated.priority {
            // What the console calls it.
            Some(DEFAULT_PRIORITY) => "default".into(),
            Some(priority) => priority.to_string().into(),
            None => "rule".into(),
        };
        let rule = |action: Action, rank: u32, matches: Matches| Rule {
            name: Arc::clone(&name),
            priority: stated.priority,
            rank,
            action,
            matches,
            written: Arc::clone(&stated.written),
            built_in: stated.priority == Some(DEFAULT_PRIORITY),
            provenance: Some(stated.read_at.0),
        };
        let action = match stated.outcome {
            Outcome::Allow => Action::Allow,
            Outcome::Deny => Action::Deny,
            Outcome::Pass => Action::Pass,
            Outcome::Either => {
                let mut possible = matches.clone();
                possible.sources.must = Arc::clone(&self.common.nothing);
                rules.push(rule(Action::Allow, rank, possible));
                return rules.push(rule(Action::Deny, rank + 1, matches));
            }
        };
        rules.push(rule(action, rank, matches));
    }

    /// A filter before an address was translated, as it is asked behind that: what it says of destinations is not known.
    fn anywhere(&self, filter: Filter) -> Filter {
        let Filter::Chain(parts) = filter else { return filter };
        let part = |part: Filter| match part {
            Filter::FirstMatch(list) => Filter::FirstMatch(self.list_anywhere(list)),
            part => part,
        };
        Filter::Chain(parts.into_iter().map(part).collect())
    }

    fn list_anywhere(&self, list: Arc<RuleList>) -> Arc<RuleList> {
        let everything = &self.common.everything;
        let is_plain = |rule: &Rule| *rule.matches.destinations.must == **everything;
        if list.rules.iter().all(is_plain) {
            return list;
        }
        let mut list = RuleList::clone(&list);
        for rule in list.rules.iter_mut().filter(|rule| !is_plain(rule)) {
            rule.matches.destinations =
                Bounds::between(Arc::clone(&self.common.nothing), Arc::clone(everything));
        }
        Arc::new(list)
    }

    fn tell_policy(&mut self, policy: &SecurityPolicy, sentence: &str) {
        let message = format!("{}: {sentence}", Quoted(&policy.identity.name));
        let place = policy.identity.read_at.0;
        self.gaps.push(Gap::at(place, "incomplete-policy", Effect::Undecided, message));
    }
}

impl ContentFilter {
    /// Whether rules of a policy know attacks, and hold them back.
    fn of(policy: &SecurityPolicy) -> Self {
        let Said::This(rules) = &policy.rules else { return Self::Unknown };
        let knowing = rules.iter().filter(|rule| rule.has_signature && rule.outcome != Outcome::Allow);
        knowing
            .map(|rule| if rule.is_preview { Self::Detection } else { Self::Prevention })
            .max()
            .unwrap_or(Self::None)
    }

    /// The word results use.
    pub(super) const fn word(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Unknown => Some("unknown"),
            Self::Detection => Some("detection"),
            Self::Prevention => Some("prevention"),
        }
    }
}

/// What results call a policy of Cloud Armor.
pub(in crate::lower) const POLICY_KIND: &str = "cloud-armor";
/// What a path says of a policy that is not in the input.
const POLICY: &str = "security policy";
/// The priority of the rule for everybody else.
const DEFAULT_PRIORITY: u32 = 2_147_483_647;
/// How far ranks of rules of different priority are apart: one that may let in or not is two rules.
const RANKS: u32 = 2;
