//! The policies of the input, and where each acts: what is told of one in several places, put together (G14).
//!
//! Knows no interface.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{LookupMap, LookupSet, Said};
use model::Name;

use crate::estate::Estate;
use crate::lower::network_index::network_key;
use crate::resource::{HIERARCHY, Identity, Level, Link, PolicyRule};

/// The policies, and what each is associated with.
#[derive(Debug, Default)]
pub(super) struct Book<'e> {
    /// In the order of their keys.
    pub(super) policies: Vec<Known<'e>>,
    /// Hierarchical policies by organisation and folder, others by the key of the network.
    of_target: LookupMap<Name, Vec<usize>>,
}

/// What is known of a policy.
#[derive(Debug)]
pub(super) struct Known<'e> {
    pub(super) identity: Identity,
    pub(super) level: Level,
    /// Whose it is: a project, an organisation, a folder.
    pub(super) scope: Option<Name>,
    /// Its rules; `None` where the input does not have them.
    pub(super) rules: Option<&'e [PolicyRule]>,
    /// Why they are not there: the policy itself is not.
    pub(super) is_named_only: bool,
    /// What it is associated with for certain, by key. Sorted.
    pub(super) targets: Vec<Name>,
    /// Whether it may be associated with something else.
    pub(super) may_act_elsewhere: bool,
}

impl<'e> Book<'e> {
    pub(super) fn of(estate: &'e Estate) -> Self {
        let mut known = BTreeMap::new();
        for policy in estate.resources.firewall_policies.values() {
            let mut one = Known::new(policy.identity.clone(), policy.level.clone());
            one.is_named_only = false;
            one.scope = one.scope.or_else(|| policy.parent.clone());
            if let Said::This(rules) = &policy.rules {
                one.rules = Some(rules);
            }
            if let Said::This(targets) = &policy.targets {
                one.may_act_elsewhere = false;
                let keys = targets.iter().filter_map(|target| one.target_key(estate, target));
                one.targets = keys.collect();
            }
            known.insert(Arc::clone(&policy.identity.key), one);
        }
        for part in estate.resources.policy_rules.values() {
            let one = entry(&mut known, estate, &part.policy, &part.identity);
            if let (None, Said::This(rules)) = (one.rules, &part.rules) {
                one.rules = Some(rules);
                one.is_named_only = false;
            }
        }
        for association in estate.resources.policy_associations.values() {
            let one = entry(&mut known, estate, &association.policy, &association.identity);
            one.targets.extend(one.target_key(estate, &association.target));
        }
        for network in estate.resources.networks.values() {
            if let Some(policy) = &network.policy {
                let one = entry(&mut known, estate, policy, &network.identity);
                one.targets.push(Arc::clone(&network.identity.key));
            }
        }
        let mut book = Self { policies: known.into_values().collect(), of_target: LookupMap::default() };
        for (position, policy) in book.policies.iter_mut().enumerate() {
            policy.targets.sort_unstable();
            policy.targets.dedup();
            if policy.is_hierarchical() && policy.scope.is_none() {
                policy.scope = policy.targets.first().cloned();
            }
            for target in &policy.targets {
                book.of_target.entry(Arc::clone(target)).or_default().push(position);
            }
        }
        book
    }

    /// The policies that act at a target for certain: an organisation, a folder, a network.
    pub(super) fn at(&self, target: &str) -> &[usize] {
        self.of_target.get(target).map_or(&[], Vec::as_slice)
    }

    /// What policies of networks act at for certain.
    pub(super) fn networks(&self) -> impl Iterator<Item = &Name> {
        self.policies.iter().filter(|known| !known.is_hierarchical()).flat_map(|known| &known.targets)
    }

    /// Positions of policies that pass a test.
    pub(super) fn which<'b>(
        &'b self,
        test: impl Fn(&Known<'e>) -> bool + 'b,
    ) -> impl Iterator<Item = usize> + 'b {
        self.policies.iter().enumerate().filter(move |(_, known)| test(known)).map(|(position, _)| position)
    }

    /// The secure tags that rules ask for, as they are written.
    pub(super) fn tags(&self) -> LookupSet<Name> {
        let rules = self.policies.iter().filter_map(|policy| policy.rules).flatten();
        let tags = rules.filter_map(|rule| rule.audience.tags.this_ref());
        tags.flatten().map(|tag| Arc::clone(&tag.value)).collect()
    }
}

impl Known<'_> {
    fn new(identity: Identity, level: Level) -> Self {
        let (rules, targets, scope) = (None, Vec::new(), identity.project.clone());
        Self { identity, level, scope, rules, is_named_only: true, targets, may_act_elsewhere: true }
    }

    /// Whether organisations and folders are what it can act at.
    pub(super) fn is_hierarchical(&self) -> bool {
        self.level == Level::Hierarchy
    }

    /// The key of what it is associated with.
    fn target_key(&self, estate: &Estate, target: &Link) -> Option<Name> {
        match self.level {
            Level::Hierarchy => Some(Arc::clone(&target.path)),
            Level::Global | Level::Regional(_) => {
                network_key(estate, self.identity.project.as_deref(), Some(target), None)
            }
        }
    }
}

/// What is known of the policy that something refers to.
fn entry<'k, 'e>(
    known: &'k mut BTreeMap<Name, Known<'e>>,
    estate: &Estate,
    policy: &Link,
    by: &Identity,
) -> &'k mut Known<'e> {
    let project = by.project.as_deref();
    let policies = &estate.resources.firewall_policies;
    let by_number = || {
        let number = policy.path.strip_prefix("firewallPolicies/")?;
        policies.values().find(|known| known.number.as_deref() == Some(number))
    };
    let found = policies.find(project, policy).one().or_else(by_number);
    let key = found.map_or_else(|| Arc::clone(&policy.path), |found| Arc::clone(&found.identity.key));
    known.entry(Arc::clone(&key)).or_insert_with(|| {
        let level = match policy.after("regions") {
            Some(region) => Level::Regional(region.into()),
            None if key.starts_with(HIERARCHY) => Level::Hierarchy,
            None => Level::Global,
        };
        let identity = Identity {
            name: policy.name().into(),
            id: Arc::clone(&key),
            project: policy.project().map(Name::from),
            key,
            read_at: by.read_at,
        };
        Known::new(identity, level)
    })
}
