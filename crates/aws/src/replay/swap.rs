//! An edit of the rules of one group, without lowering everything: its list is made anew and takes the place of the old one
//! in all targets that have it.
//!
//! Holds as long as nothing else of the group changed and nobody sees its rules but through its list. Whom a prefix list or
//! another group stands for is taken from the old list: an edit that names one which the group did not name lowers everything.

use std::sync::Arc;

use cloud::audit::{Standing, Swap};
use cloud::{Common, LookupMap, Said};
use model::{Name, Target};

use crate::lower::{Carried, Made, RuleChange, Sourced, changed, rewritten};
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
        let mut swap = Swap::default();
        if let Some(before) = self.made.lists.get(key) {
            swap.put(&before.list, &made.list);
        }
        let mut derived = Vec::new();
        for one in self.made.derived.get(key).into_iter().flatten() {
            let after = one.again(&made, common);
            swap.put(&one.list, &after.list);
            derived.push(after);
        }
        let mut after: Vec<Arc<Target>> = Vec::with_capacity(touched.len());
        for target in &touched {
            let mut swapped = swap.target(standing.get(target)?);
            // The group itself, where nothing carries it.
            if swapped.key == *key {
                swapped.provenance = Some(now.identity.read_at.0);
            }
            after.push(Arc::new(swapped));
        }
        self.made.take(key, made, derived);
        for target in after {
            standing.set(target);
        }
        Some(touched)
    }

    /// The targets that have the list of each group.
    fn holders(&mut self, standing: &Standing) -> &LookupMap<Name, Vec<Name>> {
        self.holders.get_or_insert_with(|| standing.holders(&self.made.keys()))
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
