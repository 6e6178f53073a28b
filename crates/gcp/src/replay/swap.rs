//! An edit of one rule of a network, without lowering everything: the lists it stands in are made anew and take the place of
//! the old ones in all targets that have them.

use std::sync::Arc;

use cloud::audit::{Standing, Swap};
use cloud::{Common, LookupMap};
use model::{Name, Target};

use crate::estate::Estate;
use crate::lower::{Made, Turned};

/// What was made when everything was lowered last.
#[derive(Clone, Debug, Default)]
pub(super) struct Swaps {
    made: Made,
    /// The targets that have a list, by its number; `None` until somebody asks.
    holders: Option<LookupMap<usize, Vec<Name>>>,
}

impl Swaps {
    pub(super) fn of(made: Made) -> Self {
        Self { made, holders: None }
    }

    /// Swaps the lists that a rule stands in; says which targets have them. `None`: everything has to be lowered.
    pub(super) fn swap(
        &mut self,
        turned: Turned<'_>,
        estate: &Estate,
        common: &Common,
        standing: &mut Standing,
    ) -> Option<Vec<Name>> {
        let changed = self.made.relisted(turned, estate, common)?;
        let made = &self.made;
        let holders = self.holders.get_or_insert_with(|| standing.holders(&made.owners()));
        let mut swap = Swap::default();
        for (number, list) in &changed {
            swap.put(made.list(*number)?, list);
        }
        let mut touched: Vec<Name> =
            changed.iter().filter_map(|(number, _)| holders.get(number)).flatten().cloned().collect();
        touched.sort_unstable();
        touched.dedup();
        let mut after: Vec<Arc<Target>> = Vec::with_capacity(touched.len());
        for target in &touched {
            after.push(Arc::new(swap.target(standing.get(target)?)));
        }
        for (number, list) in changed {
            self.made.put(number, list);
        }
        for target in after {
            standing.set(target);
        }
        Some(touched)
    }
}
