//! All resources that the input has, each kind in a register. Documents may come in any order.
//!
//! Knows no rule of AWS.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use cloud::{Arrival, LookupMap};
use model::Name;

use crate::ranges::Catalogue;
use crate::resource::{Registers, Resource};
use crate::wire::Moment;

/// The resources of the input.
#[derive(Debug, Default)]
pub(crate) struct Estate {
    pub(crate) resources: Registers,
    /// Kinds of which the input has a list, be it empty.
    pub(crate) listed: std::collections::BTreeSet<&'static str>,
    /// Resources that are seen and not assessed, by kind.
    pub(crate) not_assessed: std::collections::BTreeMap<&'static str, u64>,
    /// The addresses of AWS, where the input has them.
    pub(crate) catalogue: Option<Catalogue>,
    // Since when the latest statement of a resource holds, by kind and key, where statements say so.
    moments: LookupMap<(&'static str, Name), Moment>,
}

impl Estate {
    /// Takes in a resource. The later statement counts: the latest, where statements say since when they hold. `None`:
    /// this one is past.
    pub(crate) fn put(
        &mut self,
        kind: &'static str,
        resource: Resource,
        since: Option<Moment>,
    ) -> Option<Arrival> {
        let Some(since) = since else { return Some(self.resources.put(resource)) };
        match self.moments.entry((kind, Arc::clone(&resource.identity().key))) {
            Entry::Occupied(known) if *known.get() > since => None,
            Entry::Occupied(mut known) if *known.get() < since => {
                known.insert(since);
                self.resources.put(resource);
                Some(Arrival::New)
            }
            known => {
                known.or_insert(since);
                Some(self.resources.put(resource))
            }
        }
    }

    /// A resource was deleted: what was said of it before does not hold. Statements that do not say since when they hold
    /// are not judged by it. Says whether it counts.
    pub(crate) fn remove(&mut self, kind: &'static str, key: &Name, since: Moment) -> bool {
        match self.moments.entry((kind, Arc::clone(key))) {
            Entry::Occupied(known) if *known.get() > since => return false,
            Entry::Occupied(mut known) => {
                known.insert(since);
                self.resources.remove(kind, key);
            }
            Entry::Vacant(unknown) => {
                unknown.insert(since);
            }
        }
        true
    }
}
