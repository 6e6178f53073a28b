//! An edit of the rules of one group, without lowering everything: its list is made anew and takes the place of the old one
//! in all targets that have it.
//!
//! Holds as long as nothing else of the group changed and nobody sees its rules but through its list. Whom a prefix list or
//! another group stands for is taken from the old list: an edit that names one which the group did not name lowers everything.

use std::sync::Arc;

use cloud::audit::Standing;
use cloud::{Common, LookupMap, LookupSet, Said};
use model::{Filter, Name, Path, RuleList, Target};

use crate::lower::{Carried, Made, Rewritten, RuleChange, Sourced, changed, rewritten};
use crate::resource::Group;

/// What was made when everything was lowered last.
#[derive(Clone, Debug, Default)]
pub(super) struct Swaps {
    /// The list of each group, and what was made of it for packets that come otherwise.
    made: Made,
    /// The targets that have the list of a group, by the key of the group; `None` until somebody asks.
    holders: Option<LookupMap<Name, Vec<Name>>>,
}

impl Swaps {
    pub(super) fn of(made: Made) -> Self {
        Self { made, holders: None }
    }

    /// Swaps the list of a group in the targets; says which these are. `None`: everything has to be lowered.
    pub(super) fn swap(
        &mut self,
        key: &Name,
        [before, now]: [&Group; 2],
        common: &Common,
        standing: &mut Standing,
    ) -> Option<Vec<Name>> {
        if !is_alike(before, now) {
            return None;
        }
        let (Said::This(old), Said::This(new)) = (&before.rules, &now.rules) else { return None };
        let carried = self.its_own(key, old.len())?;
        let known =
            |position: usize| carried.list.rules.get(position).zip(Some(carried.references.get(position)));
        let mut sourced: Vec<Sourced> = Vec::with_capacity(new.len());
        for rule in new.iter() {
            sourced.push(match Sourced::plain(rule) {
                Some(plain) => plain,
                None => {
                    let position = old.iter().position(|one| one.source == rule.source)?;
                    let (lowered, reference) = known(position)?;
                    Sourced::known(lowered, reference.cloned().flatten())
                }
            });
        }
        let made = rewritten(carried, now, new, sourced, common);
        self.put(key, now, made, common, standing)
    }

    /// The same where some rules of a group were changed and the others are what they were. `now` has them already.
    pub(super) fn change(
        &mut self,
        key: &Name,
        now: &Group,
        changes: &[RuleChange],
        common: &Common,
        standing: &mut Standing,
    ) -> Option<Vec<Name>> {
        let rules = now.rules.this_ref()?.len();
        let [came, gone] = [true, false].map(|comes| {
            changes.iter().filter(|change| matches!(change, RuleChange::In(..)) == comes).count()
        });
        let carried = self.its_own(key, (rules + gone).checked_sub(came)?)?;
        let made = changed(carried, now, changes, common)?;
        self.put(key, now, made, common, standing)
    }

    /// The list of a group, where it stands for so many rules of the group and for nothing else.
    fn its_own(&self, key: &Name, rules: usize) -> Option<&Carried> {
        let carried = self.made.lists.get(key)?;
        let is_its_own = carried.list.rules.len() == rules && !self.made.joined.contains(key);
        (is_its_own && !self.made.is_ambiguous(key)).then_some(carried)
    }

    /// Puts a list in the place of what a group had before.
    fn put(
        &mut self,
        key: &Name,
        now: &Group,
        made: Carried,
        common: &Common,
        standing: &mut Standing,
    ) -> Option<Vec<Name>> {
        let touched = self.holders(standing).get(key).cloned().unwrap_or_default();
        let mut swap = Swap::of(key, &self.made, &made, common);
        let mut after: Vec<Arc<Target>> = Vec::with_capacity(touched.len());
        for target in &touched {
            after.push(Arc::new(swap.target(standing.get(target)?, key, now)));
        }
        let Swap { derived, .. } = swap;
        self.made.take(key, made, derived);
        for target in after {
            standing.set(target);
        }
        Some(touched)
    }

    /// The targets that have the list of each group.
    fn holders(&mut self, standing: &Standing) -> &LookupMap<Name, Vec<Name>> {
        self.holders.get_or_insert_with(|| {
            let key_of = self.made.keys();
            let mut holders: LookupMap<Name, Vec<Name>> = LookupMap::default();
            for target in standing.targets() {
                let lists = target.paths.iter().flat_map(|path| path.filter.lists());
                let keys: LookupSet<&Name> =
                    lists.filter_map(|list| key_of.get(&Arc::as_ptr(list).addr())).collect();
                for key in keys {
                    holders.entry(Arc::clone(key)).or_default().push(Arc::clone(&target.key));
                }
            }
            holders
        })
    }
}

/// Whether two statements of a group differ in its rules and where they were read, if in anything.
fn is_alike(before: &Group, now: &Group) -> bool {
    before.identity == now.identity
        && before.identity.key == now.identity.key
        && before.identity.account == now.identity.account
        && before.identity.region == now.identity.region
        && before.vpc == now.vpc
        && before.is_carried_elsewhere == now.is_carried_elsewhere
}

/// One list in the place of another.
struct Swap {
    /// What takes the place of a list, by where that is kept.
    lists: LookupMap<usize, Arc<RuleList>>,
    filters: LookupMap<usize, Arc<Filter>>,
    derived: Vec<Rewritten>,
}

impl Swap {
    fn of(key: &Name, made: &Made, now: &Carried, common: &Common) -> Self {
        let mut lists = LookupMap::default();
        if let Some(before) = made.lists.get(key) {
            lists.insert(Arc::as_ptr(&before.list).addr(), Arc::clone(&now.list));
        }
        let mut derived = Vec::new();
        for one in made.derived.get(key).into_iter().flatten() {
            let after = one.again(now, common);
            lists.insert(Arc::as_ptr(&one.list).addr(), Arc::clone(&after.list));
            derived.push(after);
        }
        Self { lists, filters: LookupMap::default(), derived }
    }

    fn target(&mut self, target: &Target, key: &Name, group: &Group) -> Target {
        let path = |path: &Path| Path { filter: self.shared(&path.filter), ..path.clone() };
        let paths = target.paths.iter().map(path).collect();
        // The group itself, where nothing carries it.
        let is_own = target.key == *key;
        let provenance = if is_own { Some(group.identity.read_at.0) } else { target.provenance };
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
            provenance,
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
