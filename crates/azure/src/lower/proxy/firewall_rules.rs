//! The rules of a firewall in the order they are read: its own, or those of its policy and of the policy's parents
//! (semantics AP9).

use std::collections::BTreeMap;

use model::Name;

use crate::resource::{
    CollectionGroup, CollectionKind, Firewall, FirewallPolicy, FirewallRule, Identity, RuleCollection,
};

use super::super::Lowering;

/// Rules that translate, in the order they are read.
#[derive(Default)]
pub(super) struct Translations<'e> {
    pub(super) rules: Vec<Ordered<'e>>,
    /// Whether these are all, and their order is known.
    pub(super) are_known: bool,
}

/// A rule and where it stands.
pub(super) struct Ordered<'e> {
    pub(super) rule: &'e FirewallRule,
    pub(super) priority: Option<u32>,
    /// What it belongs to, for what is told of it.
    pub(super) owner: &'e Identity,
    /// Whether it is asked at all.
    pub(super) is_certain: bool,
}

impl<'e> Lowering<'e> {
    /// What a firewall translates.
    pub(super) fn translations(&mut self, firewall: &'e Firewall) -> Translations<'e> {
        let Some(policy) = &firewall.policy else {
            let mut found = Translations { rules: Vec::new(), are_known: firewall.translations.is_some() };
            let own = firewall.translations.iter().flatten();
            add(&mut found, &firewall.identity, own.map(|collection| (collection.priority, collection)));
            return found;
        };
        let mut found = Translations { rules: Vec::new(), are_known: true };
        let chain = self.policies(firewall, policy, &mut found.are_known);
        for (depth, policy) in chain.iter().enumerate().rev() {
            self.add_policy(policy, depth == 0, &mut found);
        }
        found
    }

    /// A policy and its parents, the nearest first.
    fn policies(
        &mut self,
        firewall: &'e Firewall,
        first: &'e Name,
        are_known: &mut bool,
    ) -> Vec<&'e FirewallPolicy> {
        let estate = self.estate;
        let policies = &estate.devices.firewall_policies;
        let mut chain: Vec<&'e FirewallPolicy> = Vec::new();
        let mut next = Some(first);
        while let Some(key) = next {
            let Some(policy) = policies.get(key) else {
                // AP9: a parent's translations are inherited or not, so without it nothing of them is certain.
                *are_known = false;
                if !policies.is_empty() {
                    let identity = chain.last().map_or(&firewall.identity, |child| &child.identity);
                    self.tell_dangling(identity, identity.read_at, "the firewall policy", key);
                }
                break;
            };
            if chain.iter().any(|known| known.identity.key == policy.identity.key) {
                break;
            }
            chain.push(policy);
            next = policy.base.as_ref();
        }
        chain
    }

    /// The groups of one policy. Documentation contradicts itself on whether those of a parent are inherited.
    fn add_policy(&mut self, policy: &'e FirewallPolicy, is_own: bool, found: &mut Translations<'e>) {
        let estate = self.estate;
        let mut groups: BTreeMap<&Name, &'e CollectionGroup> =
            policy.nested.iter().map(|group| (&group.identity.key, group)).collect();
        let apart = &estate.devices.collection_groups;
        let own = apart.values().filter(|group| group.policy() == Some(&*policy.identity.key));
        groups.extend(own.map(|group| (&group.identity.key, group)));
        for key in policy.groups.iter().flatten().filter(|key| !groups.contains_key(key)) {
            found.are_known = false;
            if !apart.is_empty() {
                self.tell_dangling(
                    &policy.identity,
                    policy.identity.read_at,
                    "the rule collection group",
                    key,
                );
            }
        }
        // A projection that leaves them out says nothing of others.
        found.are_known &= policy.groups.is_some();
        let mut groups: Vec<&CollectionGroup> = groups.into_values().collect();
        groups.sort_by_key(|group| group.priority);
        let ties = groups.windows(2).any(|pair| match pair {
            [one, other] => one.priority == other.priority,
            _ => false,
        });
        found.are_known &= !ties && groups.iter().all(|group| group.priority.is_some() || groups.len() == 1);
        for group in groups {
            found.are_known &= group.collections.is_some();
            let collections = group.collections.iter().flatten();
            let from = found.rules.len();
            add(found, &group.identity, collections.map(|collection| (collection.priority, collection)));
            found.rules.iter_mut().skip(from).for_each(|rule| rule.is_certain = is_own);
        }
    }
}

/// Adds the rules of collections that translate, by the priority of the collections.
fn add<'e>(
    found: &mut Translations<'e>,
    owner: &'e Identity,
    collections: impl Iterator<Item = (Option<u32>, &'e RuleCollection)>,
) {
    let kinds = |kind: CollectionKind| kind == CollectionKind::Translate;
    let mut collections: Vec<_> = collections.filter(|(_, collection)| kinds(collection.kind)).collect();
    collections.sort_by_key(|(priority, _)| *priority);
    let ties = collections.windows(2).any(|pair| match pair {
        [(one, _), (other, _)] => one == other,
        _ => false,
    });
    found.are_known &=
        !ties && collections.iter().all(|(priority, _)| priority.is_some() || collections.len() == 1);
    for (priority, collection) in collections {
        let ordered = |rule| Ordered { rule, priority, owner, is_certain: true };
        found.rules.extend(collection.rules.iter().map(ordered));
    }
}

/// The network rules of a firewall without a policy, in order: whether one lets through what another would hold back.
pub(super) fn network_rules(firewall: &Firewall) -> Vec<(CollectionKind, Option<u32>, &FirewallRule)> {
    let mut collections: Vec<&RuleCollection> = firewall.network_rules.iter().flatten().collect();
    collections.sort_by_key(|collection| collection.priority);
    let rules = collections.into_iter().flat_map(|collection| {
        collection.rules.iter().map(move |rule| (collection.kind, collection.priority, rule))
    });
    rules.collect()
}
