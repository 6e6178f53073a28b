//! All resources that the input has, each kind in a register. Documents may come in any order.
//!
//! Knows no rule of AWS.

use cloud::{Arrival, Moments, Reading, Timing};
use model::{Gap, Moment, Name};

use crate::ranges::Catalogue;
use crate::resource::{Registers, Resource};
use crate::wire::{Remainder, Statement};

/// The resources of the input.
#[derive(Clone, Debug, Default)]
pub(crate) struct Estate {
    pub(crate) resources: Registers,
    /// Kinds of which the input has a list, be it empty.
    pub(crate) listed: std::collections::BTreeSet<&'static str>,
    /// Resources that are seen and not assessed, by kind.
    pub(crate) not_assessed: std::collections::BTreeMap<&'static str, u64>,
    /// Whether some of it is declared, and not exported: what AWS makes beside it is then not in the input.
    pub(crate) is_declared: bool,
    /// The addresses of AWS, where the input has them.
    pub(crate) catalogue: Option<Catalogue>,
    moments: Moments,
    /// What documents stated, once edits may come: what edits make says nothing of what else there is.
    pub(crate) stated: Option<Stated>,
}

/// What documents stated, beside lists that are empty.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stated {
    kinds: std::collections::BTreeSet<&'static str>,
    /// Accounts and regions of interfaces.
    pub(crate) places: Vec<(Option<Name>, Option<Name>)>,
}

impl Stated {
    fn add(&mut self, kind: &'static str, resource: &Resource) {
        self.kinds.insert(kind);
        if let Resource::Interface(interface) = resource {
            let place = (interface.identity.account.clone(), interface.identity.region.clone());
            if !self.places.contains(&place) {
                self.places.push(place);
            }
        }
    }
}

impl Estate {
    /// Takes in what a document says of a resource, and says whether it counts and is not past.
    pub(crate) fn take(&mut self, statement: Statement<'_>, gaps: &mut Vec<Gap>) -> bool {
        match statement {
            Statement::Is { kind, resource, since, .. } => {
                if let Some(stated) = &mut self.stated {
                    stated.add(kind, &resource);
                }
                let identity = resource.identity().clone();
                let arrival = self.put(kind, resource, since);
                gaps.extend(arrival.and_then(|arrival| arrival.told(&identity.id, identity.read_at)));
                arrival.is_some()
            }
            Statement::Gone { kind, key, since } => self.remove(kind, &key, since),
        }
    }

    /// Whether documents have a kind, be it an empty list of it.
    pub(crate) fn has_kind(&self, kind: &str) -> bool {
        self.listed.contains(kind)
            || match &self.stated {
                Some(stated) => stated.kinds.contains(kind),
                None => self.resources.counts().iter().any(|(own, count)| *own == kind && *count > 0),
            }
    }

    /// Takes in what was left when a document was read; what it told is handed back.
    pub(crate) fn complete(&mut self, remainder: Remainder) -> Reading {
        let Remainder { reading, listed, not_assessed, catalogue: _ } = remainder;
        self.listed.extend(listed);
        for (kind, count) in not_assessed {
            *self.not_assessed.entry(kind).or_default() += count;
        }

        reading
    }

    /// Takes in a resource. The later statement counts: the latest, where statements say since when they hold. `None`:
    /// this one is past.
    pub(crate) fn put(
        &mut self,
        kind: &'static str,
        resource: Resource,
        since: Option<Moment>,
    ) -> Option<Arrival> {
        let timing = since.map(|since| self.moments.place(kind, &resource.identity().key, since));
        match timing {
            Some(Timing::Past) => None,
            Some(Timing::Later) => {
                self.resources.put(resource);
                Some(Arrival::New)
            }
            Some(Timing::First | Timing::Same) | None => Some(self.resources.put(resource)),
        }
    }

    /// A resource was deleted: what was said of it before does not hold. Statements that do not say since when they hold
    /// are not judged by it. Says whether it counts.
    pub(crate) fn remove(&mut self, kind: &'static str, key: &Name, since: Moment) -> bool {
        match self.moments.place(kind, key, since) {
            Timing::Past => return false,
            Timing::First => {}
            Timing::Same | Timing::Later => self.resources.remove(kind, key),
        }
        true
    }
}
