//! Lists of groups once more, when only their rules were edited: what was made of them before, and what is made anew.

use std::sync::Arc;

use cloud::{Common, LookupMap, LookupSet};
use model::{Name, Rule, RuleList, Tag};
use packet::{AddressSet, Bounds};

use crate::resource::{Group, GroupRule, Source};

use super::Lowering;
use super::group_list::rule_of;
use super::groups::{Carried, GROUP_KIND, Seen};

/// What was made of groups.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    /// The list of each group, by its key.
    pub(crate) lists: LookupMap<Name, Carried>,
    /// What stands for them where somebody in front is seen.
    pub(crate) behinds: LookupMap<Name, Vec<Rewritten>>,
    /// Groups whose list holds rules that documents list one by one.
    pub(crate) joined: LookupSet<Name>,
}

/// The list of a group as somebody in front is seen by it.
#[derive(Clone, Debug)]
pub(crate) struct Rewritten {
    pub(crate) list: Arc<RuleList>,
    seen: Arc<Seen>,
}

impl Rewritten {
    pub(super) const fn of(list: Arc<RuleList>, seen: Arc<Seen>) -> Self {
        Self { list, seen }
    }

    /// The same of another list of the group.
    pub(crate) fn again(&self, carried: &Carried, common: &Common) -> Self {
        Self { list: Arc::new(carried.behind(&self.seen, common)), seen: Arc::clone(&self.seen) }
    }
}

impl Made {
    /// The key of the group of each list, by where the list is kept.
    pub(crate) fn keys(&self) -> LookupMap<usize, Name> {
        let own = self.lists.iter().map(|(key, carried)| (&carried.list, key));
        let behind = self.behinds.iter().flat_map(|(key, all)| all.iter().map(move |one| (&one.list, key)));
        own.chain(behind).map(|(list, key)| (Arc::as_ptr(list).addr(), Arc::clone(key))).collect()
    }

    /// A group has another list now.
    pub(crate) fn take(&mut self, key: &Name, carried: Carried, behinds: Vec<Rewritten>) {
        self.lists.insert(Arc::clone(key), carried);
        if !behinds.is_empty() {
            self.behinds.insert(Arc::clone(key), behinds);
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
    let list = RuleList {
        id: Arc::clone(&before.list.id),
        name: Arc::clone(&before.list.name),
        kind: GROUP_KIND,
        scope: before.list.scope.clone(),
        rules: lowered,
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
        let joined = joined.collect();
        Made { joined, lists: self.groups.made, behinds: self.groups.behinds }
    }
}
