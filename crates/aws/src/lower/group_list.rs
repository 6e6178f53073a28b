//! The rules of a group as one list, in no order: there is only allow (W1).
//!
//! Permissions are the truth of a group; rules that are listed one by one give them their ids, and are all there is
//! where the permissions are not in the input. Knows nothing of who carries the group.

use std::sync::Arc;

use cloud::{Common, LookupMap, Quoted, Said};
use model::{Action, Effect, Gap, Matches, Name, Rule, RuleList, Tag, every_type};
use packet::{AddressSet, Bounds, Family, ProtocolSet};

use crate::resource::{GroupRule, Identity, ListedRule, Numbers, Source};

use super::Lowering;
use super::groups::{Carried, GROUP_KIND, Known};
use super::rewritten::Sourced;

impl Lowering<'_> {
    /// The list of a group, made once.
    pub(super) fn carried(&mut self, key: &Name) -> Option<Carried> {
        if let Some(made) = self.groups.made.get(key) {
            return Some(made.clone());
        }
        let known = self.groups.known.get(key)?.clone();
        let (entries, is_unknown) = self.entries(&known);
        let mut rules = Vec::with_capacity(entries.len() + usize::from(is_unknown));
        let mut references = Vec::with_capacity(entries.len());
        for entry in entries {
            references.push(match &entry.rule.source {
                Source::Group(group) if !self.is_stale(group) => group.id.clone(),
                Source::Group(_) | Source::Addresses(_) | Source::PrefixList(_) => None,
            });
            rules.push(self.lowered(&entry, &known.identity));
        }
        if is_unknown {
            rules.push(self.unknown_rule());
        }
        let identity = &known.identity;
        let list = Arc::new(RuleList {
            id: Arc::clone(&identity.id),
            name: Arc::clone(&identity.name),
            kind: GROUP_KIND,
            scope: identity.account.clone(),
            rules,
            behind: None,
            provenance: Some(identity.read_at.0),
        });
        self.lists.insert(Arc::clone(key), Arc::clone(&list));
        let carried = Carried { list, references: references.into() };
        self.groups.made.insert(Arc::clone(key), carried.clone());
        Some(carried)
    }

    /// What a group lets in, and whether that may be more than the input tells.
    fn entries<'k>(&mut self, known: &Known<'k>) -> (Vec<Entry<'k>>, bool) {
        let listed = || known.listed.iter().flat_map(|one| one.inbound.iter().map(move |rule| (*one, rule)));
        let alone = || {
            let entry = |(one, rule): (&'k ListedRule, &'k GroupRule)| Entry {
                rule,
                name: if one.has_id { Arc::clone(&one.identity.id) } else { Arc::clone(&rule.says) },
                is_certain: one.is_certain,
            };
            listed().map(entry).collect::<Vec<_>>()
        };
        match known.group.map(|group| &group.rules) {
            None => (alone(), false),
            Some(Said::This(rules)) if known.listed.is_empty() => {
                (rules.iter().map(Entry::of).collect(), false)
            }
            Some(Said::This(rules)) => (self.joined(known, rules, alone()), false),
            Some(Said::Nothing) if !known.listed.is_empty() => (alone(), false),
            Some(Said::Nothing) => {
                self.tell_unpermitted(&known.identity);
                (Vec::new(), true)
            }
            // It has been told.
            Some(Said::Unreadable) => (alone(), true),
        }
    }

    /// The permissions of a group, with the ids that listed rules give them. What only a listed rule says is possible:
    /// one of the two is older than the other.
    fn joined<'k>(
        &mut self,
        known: &Known<'k>,
        rules: &'k [GroupRule],
        listed: Vec<Entry<'k>>,
    ) -> Vec<Entry<'k>> {
        let mut by_content: LookupMap<_, &Entry<'k>> = LookupMap::default();
        for entry in &listed {
            by_content.entry(content(entry.rule)).or_insert(entry);
        }
        let mut entries: Vec<Entry<'k>> = rules.iter().map(Entry::of).collect();
        let mut unlisted = None;
        let mut stated: cloud::LookupSet<_> = Default::default();
        for entry in &mut entries {
            let content = content(entry.rule);
            match by_content.get(&content) {
                Some(one) => entry.name = Arc::clone(&one.name),
                None => unlisted = unlisted.or(Some(Arc::clone(&entry.rule.says))),
            }
            stated.insert(content);
        }
        let extra: Vec<&Entry<'k>> =
            listed.iter().filter(|entry| !stated.contains(&content(entry.rule))).collect();
        if let Some(first) = extra.first() {
            self.tell_contradiction(
                &known.identity,
                &first.rule.says,
                "listed as a rule and in no permission",
            );
        } else if let Some(says) = unlisted {
            self.tell_contradiction(&known.identity, &says, "in a permission and not listed as a rule");
        }
        entries.extend(extra.into_iter().map(|entry| Entry { is_certain: false, ..entry.clone() }));
        entries
    }

    fn lowered(&mut self, entry: &Entry<'_>, owner: &Identity) -> Rule {
        let GroupRule { source, written, .. } = entry.rule;
        let (sources, tags, written) = self.sources(source, written, owner);
        let sourced = Sourced::of(sources, tags, written);
        rule_of(entry.rule, &entry.name, entry.is_certain, sourced, owner, &self.common)
    }

    /// Who an entry lets in, and how that is told.
    fn sources(
        &mut self,
        source: &Source,
        written: &Name,
        owner: &Identity,
    ) -> (Bounds<Arc<AddressSet>>, Vec<Arc<Tag>>, Name) {
        match source {
            Source::Addresses(addresses) => (addresses.clone(), Vec::new(), Arc::clone(written)),
            Source::PrefixList(id) => {
                let listed = self.prefix_list(id, owner);
                (listed.addresses, listed.tags, listed.written)
            }
            Source::Group(group) => (self.referenced(group, owner), Vec::new(), Arc::clone(written)),
        }
    }

    /// C4: a group without permissions is not a group that lets nobody in.
    fn tell_unpermitted(&mut self, group: &Identity) {
        let message = format!(
            "{}: `IpPermissions` is missing: the group may let in everybody; export it without `--query`, or add \
             `aws ec2 describe-security-group-rules`",
            Quoted(&group.name)
        );
        self.gaps.push(Gap::at(group.read_at.0, "missing-field", Effect::Undecided, message));
    }

    fn tell_contradiction(&mut self, group: &Identity, says: &str, what: &str) {
        let message = format!(
            "{}: {} is {what}: what either of them lets in is told, what only a listed rule says as possible",
            Quoted(&group.name),
            Quoted(says)
        );
        self.gaps.push(Gap::at(group.read_at.0, "contradicting-rules", Effect::Undecided, message));
    }
}

/// An entry of a group as a rule.
pub(super) fn rule_of(
    rule: &GroupRule,
    name: &Name,
    is_certain: bool,
    sourced: Sourced,
    owner: &Identity,
    common: &Common,
) -> Rule {
    let GroupRule { numbers, read_at, .. } = rule;
    let Sourced { addresses: sources, tags, written, .. } = sourced;
    // W25: groups look at no destination. A pool has no family of its own: where its list has one, the destination says
    // which.
    let destinations = match (tags.is_empty(), family_of(&sources)) {
        (false, Some(family)) => Arc::new(AddressSet::whole(family)),
        _ => Arc::clone(&common.everything),
    };
    let Numbers { protocols, ports, types } = Numbers::clone(numbers);
    let must = if is_certain { protocols.must } else { ProtocolSet::EMPTY };
    let matches = Matches {
        protocols: Bounds::between(must, protocols.may),
        sources,
        tags,
        source_ports: Bounds::exactly(Arc::clone(&common.every_port)),
        destinations: Bounds::exactly(destinations),
        ports,
        types: if types.may.is_everything() && types.is_exact() { every_type() } else { types },
    };
    Rule {
        name: Arc::clone(name),
        priority: None,
        rank: 0,
        action: Action::Allow,
        matches,
        written,
        built_in: is_own_of_default(rule, owner),
        provenance: Some(read_at.0),
    }
}

/// The one family that addresses may be of.
fn family_of(addresses: &Bounds<Arc<AddressSet>>) -> Option<Family> {
    match Family::BOTH.map(|family| addresses.may.is_empty_in(family)) {
        [false, true] => Some(Family::V4),
        [true, false] => Some(Family::V6),
        [true, true] | [false, false] => None,
    }
}

/// W23: whether AWS put it there when it made the VPC: all from the default group itself.
fn is_own_of_default(rule: &GroupRule, group: &Identity) -> bool {
    let is_itself = match &rule.source {
        Source::Group(named) => named.id.as_ref() == Some(&group.id),
        Source::Addresses(_) | Source::PrefixList(_) => false,
    };
    is_itself && &*group.name == "default" && rule.numbers.protocols.must == ProtocolSet::EVERYTHING
}

/// An entry of a group, under the name it has in results.
#[derive(Clone, Debug)]
struct Entry<'k> {
    rule: &'k GroupRule,
    name: Name,
    is_certain: bool,
}

impl<'k> Entry<'k> {
    fn of(rule: &'k GroupRule) -> Self {
        Self { rule, name: Arc::clone(rule.rule.as_ref().unwrap_or(&rule.says)), is_certain: true }
    }
}

/// What an entry lets in, whatever form says it.
type Content<'k> = (&'k Numbers, Whom<'k>);

/// The source of an entry as it is compared: both forms name a group, one of them leaves its VPC out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Whom<'k> {
    Addresses(&'k Bounds<Arc<AddressSet>>),
    PrefixList(&'k str),
    Group(Option<&'k str>),
}

fn content(rule: &GroupRule) -> Content<'_> {
    let whom = match &rule.source {
        Source::Addresses(addresses) => Whom::Addresses(addresses),
        Source::PrefixList(id) => Whom::PrefixList(id),
        Source::Group(group) => Whom::Group(group.id.as_deref()),
    };
    (&rule.numbers, whom)
}
