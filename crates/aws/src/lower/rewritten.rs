//! Lists of groups once more, when only their rules were edited: what was made of them before, and what is made anew.

use std::sync::Arc;

use cloud::{Common, LookupMap, LookupSet};
use model::{Name, Rule, RuleList, Tag};
use packet::{AddressSet, Bounds, PortSet};

use crate::resource::{Group, GroupRule, Source};

use super::Lowering;
use super::balancer::list_at;
use super::group_list::rule_of;
use super::groups::{Carried, GROUP_KIND, Seen};

/// What was made of groups.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    /// The list of each group, by its key.
    pub(crate) lists: LookupMap<Name, Carried>,
    /// What stands for them where somebody in front is seen, or where all packets come to some ports.
    pub(crate) derived: LookupMap<Name, Vec<Rewritten>>,
    /// Groups whose rules are seen by more than their list: rules that documents list one by one stand in it too, or they
    /// say at which ports something listens.
    pub(crate) joined: LookupSet<Name>,
}

/// The list of a group as it is met from somewhere.
#[derive(Clone, Debug)]
pub(crate) struct Rewritten {
    pub(crate) list: Arc<RuleList>,
    met: Met,
}

/// How the packets come that meet the list of a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Met {
    /// Whom the list sees; `None`: the clients themselves.
    pub(super) seen: Option<Arc<Seen>>,
    /// The ports that all of them are sent to before they come to whatever port; `None`: they come to these.
    pub(super) ports: Option<Arc<PortSet>>,
}

impl Met {
    /// The list of a group as packets meet it that come so.
    pub(super) fn list(&self, carried: &Carried, common: &Common) -> RuleList {
        let list = match &self.seen {
            Some(seen) => carried.behind(seen, common),
            None => RuleList::clone(&carried.list),
        };
        match &self.ports {
            Some(ports) => list_at(&list, ports, common),
            None => list,
        }
    }
}

impl Rewritten {
    pub(super) const fn of(list: Arc<RuleList>, met: Met) -> Self {
        Self { list, met }
    }

    /// The same of another list of the group.
    pub(crate) fn again(&self, carried: &Carried, common: &Common) -> Self {
        Self { list: Arc::new(self.met.list(carried, common)), met: self.met.clone() }
    }
}

impl Made {
    /// The key of the group of each list, by where the list is kept.
    pub(crate) fn keys(&self) -> LookupMap<usize, Name> {
        let own = self.lists.iter().map(|(key, carried)| (&carried.list, key));
        let derived = self.derived.iter().flat_map(|(key, all)| all.iter().map(move |one| (&one.list, key)));
        own.chain(derived).map(|(list, key)| (Arc::as_ptr(list).addr(), Arc::clone(key))).collect()
    }

    /// Whether lists of a group are the same although they are met otherwise: filters are kept once, so one of them may
    /// stand where the other does, and one list cannot take the place of both.
    pub(crate) fn is_ambiguous(&self, key: &Name) -> bool {
        let (Some(carried), Some(derived)) = (self.lists.get(key), self.derived.get(key)) else {
            return false;
        };
        let plain = Met::default();
        let own = core::iter::once((&carried.list, &plain));
        let all: Vec<_> = own.chain(derived.iter().map(|one| (&one.list, &one.met))).collect();
        let mut pairs = all
            .iter()
            .enumerate()
            .flat_map(|(at, one)| all.iter().skip(at + 1).map(move |other| (one, other)));
        pairs.any(|(one, other)| one.1 != other.1 && one.0 == other.0)
    }

    /// A group has another list now.
    pub(crate) fn take(&mut self, key: &Name, carried: Carried, derived: Vec<Rewritten>) {
        self.lists.insert(Arc::clone(key), carried);
        if !derived.is_empty() {
            self.derived.insert(Arc::clone(key), derived);
        }
    }
}

/// Who an entry lets in.
#[derive(Clone, Debug)]
pub(crate) struct Sourced {
    pub(super) addresses: Bounds<Arc<AddressSet>>,
    pub(super) tags: Vec<Arc<Tag>>,
    pub(super) written: Name,
    reference: Option<Name>,
}

impl Sourced {
    pub(super) const fn of(addresses: Bounds<Arc<AddressSet>>, tags: Vec<Arc<Tag>>, written: Name) -> Self {
        Self { addresses, tags, written, reference: None }
    }

    /// Of an entry that names addresses.
    pub(crate) fn plain(rule: &GroupRule) -> Option<Self> {
        match &rule.source {
            Source::Addresses(addresses) => {
                Some(Self::of(addresses.clone(), Vec::new(), Arc::clone(&rule.written)))
            }
            Source::PrefixList(_) | Source::Group(_) => None,
        }
    }

    /// As a rule has it that was made of the same source.
    pub(crate) fn known(rule: &Rule, reference: Option<Name>) -> Self {
        let (addresses, tags) = (rule.matches.sources.clone(), rule.matches.tags.clone());
        Self { addresses, tags, written: Arc::clone(&rule.written), reference }
    }
}

/// What happened to the rules of a group, one after the other.
#[derive(Clone, Debug)]
pub(crate) enum RuleChange {
    /// The rule at a position is gone.
    Out(usize, GroupRule),
    /// A rule that names addresses stands at a position now.
    In(usize, GroupRule),
}

/// The list of a group whose rules were changed: all others are what they were. `None` where a change is of no rule of the
/// list.
pub(crate) fn changed(
    before: &Carried,
    group: &Group,
    changes: &[RuleChange],
    common: &Common,
) -> Option<Carried> {
    let mut rules = Vec::with_capacity(before.list.rules.len() + changes.len());
    rules.extend_from_slice(&before.list.rules);
    let mut references = before.references.to_vec();
    references.resize(rules.len(), None);
    for change in changes {
        match change {
            RuleChange::Out(at, _) if *at < rules.len() => {
                rules.remove(*at);
                references.remove(*at);
            }
            RuleChange::In(at, rule) if *at <= rules.len() => {
                let name = rule.rule.as_ref().unwrap_or(&rule.says);
                let sourced = Sourced::plain(rule)?;
                rules.insert(*at, rule_of(rule, name, true, sourced, &group.identity, common));
                references.insert(*at, None);
            }
            RuleChange::Out(..) | RuleChange::In(..) => return None,
        }
    }
    Some(listed(before, group, rules, references))
}

/// The list of a group with other rules.
pub(crate) fn rewritten(
    before: &Carried,
    group: &Group,
    rules: &[GroupRule],
    sourced: Vec<Sourced>,
    common: &Common,
) -> Carried {
    let mut references = Vec::with_capacity(rules.len());
    let mut lowered = Vec::with_capacity(rules.len());
    for (rule, mut source) in rules.iter().zip(sourced) {
        references.push(source.reference.take());
        let name = rule.rule.as_ref().unwrap_or(&rule.says);
        lowered.push(rule_of(rule, name, true, source, &group.identity, common));
    }
    listed(before, group, lowered, references)
}

fn listed(before: &Carried, group: &Group, rules: Vec<Rule>, references: Vec<Option<Name>>) -> Carried {
    let list = RuleList {
        id: Arc::clone(&before.list.id),
        name: Arc::clone(&before.list.name),
        kind: GROUP_KIND,
        scope: before.list.scope.clone(),
        rules,
        behind: None,
        provenance: Some(group.identity.read_at.0),
    };
    Carried { list: Arc::new(list), references: references.into() }
}

impl Lowering<'_> {
    /// What was made of groups, once everything is lowered.
    pub(crate) fn made(self) -> Made {
        let known = &self.groups.known;
        let joined =
            known.iter().filter(|(_, known)| !known.listed.is_empty()).map(|(key, _)| Arc::clone(key));
        let joined = joined.chain(self.groups.listening).collect();
        Made { joined, lists: self.groups.made, derived: self.groups.derived }
    }
}
