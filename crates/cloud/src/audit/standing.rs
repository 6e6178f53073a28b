//! The targets of now, so that an edit tells which of them it moved.
//!
//! Knows no edit: whoever lowers after one hands in what is there then, and what differs is what moved. Compared list by
//! list, each pair of lists once: thousands of targets share a few.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Filter, Name, Path, RuleList, Target};

use crate::hash::LookupMap;

/// The targets of now, by key. Cloning shares them.
#[derive(Clone, Debug, Default)]
pub struct Standing(BTreeMap<Name, Arc<Target>>);

impl Standing {
    /// These targets.
    #[must_use]
    pub fn of(targets: impl IntoIterator<Item = Arc<Target>>) -> Self {
        Self(targets.into_iter().map(|target| (Arc::clone(&target.key), target)).collect())
    }

    /// The target of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Arc<Target>> {
        self.0.get(key)
    }

    /// All targets, in the order of their keys.
    pub fn targets(&self) -> impl Iterator<Item = &Arc<Target>> {
        self.0.values()
    }

    /// All targets are these now; the keys of those that differ, came or went, sorted.
    pub fn replace(&mut self, now: impl IntoIterator<Item = Arc<Target>>) -> Vec<Name> {
        let mut seen = Sameness::default();
        let mut touched = Vec::new();
        let mut before = core::mem::take(&mut self.0);
        for target in now {
            let known = before.remove(&target.key);
            match known {
                Some(known) if seen.is_same(&known, &target) => {}
                Some(_) | None => touched.push(Arc::clone(&target.key)),
            }
            self.0.insert(Arc::clone(&target.key), target);
        }
        touched.extend(before.into_keys());
        touched.sort_unstable();
        touched
    }

    /// The target of its key is this now.
    pub fn set(&mut self, now: Arc<Target>) {
        self.0.insert(Arc::clone(&now.key), now);
    }

    /// The target of a key is this now; says whether it is another one than before.
    pub fn put(&mut self, key: &Name, now: Option<Arc<Target>>) -> bool {
        let known = self.0.get(key);
        let is_same = match (known, &now) {
            (None, None) => true,
            (Some(known), Some(now)) => Sameness::default().is_same(known, now),
            (Some(_), None) | (None, Some(_)) => false,
        };
        match now {
            _ if is_same => {}
            Some(now) => {
                self.0.insert(Arc::clone(key), now);
            }
            None => {
                self.0.remove(key);
            }
        }
        !is_same
    }
}

/// Which pairs of lists and filters say the same, by where they are kept.
#[derive(Debug, Default)]
struct Sameness {
    lists: LookupMap<(usize, usize), bool>,
    filters: LookupMap<(usize, usize), bool>,
}

impl Sameness {
    fn is_same(&mut self, one: &Arc<Target>, other: &Arc<Target>) -> bool {
        if Arc::ptr_eq(one, other) {
            return true;
        }
        let Target { cloud, id, key, kind, name, scope, power, attributes, paths, provenance } = &**other;
        one.cloud == *cloud
            && one.id == *id
            && one.key == *key
            && one.kind == *kind
            && one.name == *name
            && one.scope == *scope
            && one.power == *power
            && one.attributes == *attributes
            && one.provenance == *provenance
            && one.paths.len() == paths.len()
            && one.paths.iter().zip(paths).all(|(one, other)| self.is_same_path(one, other))
    }

    fn is_same_path(&mut self, one: &Path, other: &Path) -> bool {
        let Path { reach, front, destinations, carries, hops, filter } = other;
        one.reach == *reach
            && one.front == *front
            && one.destinations == *destinations
            && one.carries == *carries
            && one.hops == *hops
            && self.is_same_whole(&one.filter, filter)
    }

    fn is_same_whole(&mut self, one: &Arc<Filter>, other: &Arc<Filter>) -> bool {
        if Arc::ptr_eq(one, other) {
            return true;
        }
        let pair = (Arc::as_ptr(one).addr(), Arc::as_ptr(other).addr());
        if let Some(known) = self.filters.get(&pair) {
            return *known;
        }
        let is_same = self.is_same_filter(one, other);
        self.filters.insert(pair, is_same);
        is_same
    }

    fn is_same_filter(&mut self, one: &Filter, other: &Filter) -> bool {
        match (one, other) {
            (Filter::Always(one), Filter::Always(other)) => one == other,
            (Filter::FirstMatch(one), Filter::FirstMatch(other)) => self.is_same_list(one, other),
            (Filter::Chain(ones), Filter::Chain(others))
            | (Filter::AllOf(ones), Filter::AllOf(others))
            | (Filter::AnyOf(ones), Filter::AnyOf(others)) => {
                ones.len() == others.len()
                    && ones.iter().zip(others).all(|(one, other)| self.is_same_filter(one, other))
            }
            (
                Filter::Always(_)
                | Filter::FirstMatch(_)
                | Filter::Chain(_)
                | Filter::AllOf(_)
                | Filter::AnyOf(_),
                _,
            ) => false,
        }
    }

    fn is_same_list(&mut self, one: &Arc<RuleList>, other: &Arc<RuleList>) -> bool {
        if Arc::ptr_eq(one, other) {
            return true;
        }
        let pair = (Arc::as_ptr(one).addr(), Arc::as_ptr(other).addr());
        *self.lists.entry(pair).or_insert_with(|| one == other)
    }
}
