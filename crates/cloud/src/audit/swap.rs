//! Lists in the place of others in targets, and nothing else of them moved.
//!
//! Lists are known by where they are kept; whoever swaps keeps those alive that are replaced. Knows no edit.

use std::sync::Arc;

use model::{Filter, Name, Path, RuleList, Target};

use crate::hash::LookupMap;

use super::standing::Standing;

/// Lists that take the place of others.
#[derive(Debug, Default)]
pub struct Swap {
    lists: LookupMap<usize, Arc<RuleList>>,
    filters: LookupMap<usize, Arc<Filter>>,
}

impl Swap {
    /// A list takes the place of another.
    pub fn put(&mut self, before: &Arc<RuleList>, now: &Arc<RuleList>) {
        self.lists.insert(Arc::as_ptr(before).addr(), Arc::clone(now));
    }

    /// A target with these lists. Those who had one filter have one.
    pub fn target(&mut self, target: &Target) -> Target {
        let path = |path: &Path| Path { filter: self.shared(&path.filter), ..path.clone() };
        let paths = target.paths.iter().map(path).collect();
        Target {
            cloud: target.cloud,
            id: Arc::clone(&target.id),
            key: Arc::clone(&target.key),
            kind: target.kind,
            name: Arc::clone(&target.name),
            scope: target.scope.clone(),
            power: target.power.clone(),
            attributes: target.attributes.clone(),
            paths,
            provenance: target.provenance,
        }
    }

    fn shared(&mut self, filter: &Arc<Filter>) -> Arc<Filter> {
        let place = Arc::as_ptr(filter).addr();
        if let Some(known) = self.filters.get(&place) {
            return Arc::clone(known);
        }
        let made = match self.has(filter) {
            true => Arc::new(self.filter(filter)),
            false => Arc::clone(filter),
        };
        self.filters.insert(place, Arc::clone(&made));
        made
    }

    fn has(&self, filter: &Filter) -> bool {
        match filter {
            Filter::Always(_) => false,
            Filter::FirstMatch(list) => self.lists.contains_key(&Arc::as_ptr(list).addr()),
            Filter::Chain(parts) | Filter::AllOf(parts) | Filter::AnyOf(parts) => {
                parts.iter().any(|part| self.has(part))
            }
        }
    }

    fn filter(&self, filter: &Filter) -> Filter {
        let all = |parts: &[Filter]| parts.iter().map(|part| self.filter(part)).collect();
        match filter {
            Filter::Always(action) => Filter::Always(*action),
            Filter::FirstMatch(list) => {
                let now = self.lists.get(&Arc::as_ptr(list).addr());
                Filter::FirstMatch(Arc::clone(now.unwrap_or(list)))
            }
            Filter::Chain(parts) => Filter::Chain(all(parts)),
            Filter::AllOf(parts) => Filter::AllOf(all(parts)),
            Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
        }
    }
}

impl Standing {
    /// The keys of the targets that have a list of each owner, in their order. `owners`: who owns a list, by where that is
    /// kept.
    #[must_use]
    pub fn holders<O: Clone + Eq + core::hash::Hash>(
        &self,
        owners: &LookupMap<usize, O>,
    ) -> LookupMap<O, Vec<Name>> {
        let mut holders: LookupMap<O, Vec<Name>> = LookupMap::default();
        for target in self.targets() {
            let lists = target.paths.iter().flat_map(|path| path.filter.lists());
            for owner in lists.filter_map(|list| owners.get(&Arc::as_ptr(list).addr())) {
                let keys = holders.entry(owner.clone()).or_default();
                if keys.last() != Some(&target.key) {
                    keys.push(Arc::clone(&target.key));
                }
            }
        }
        holders
    }
}
