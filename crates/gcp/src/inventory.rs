//! The inventory of Google Cloud: documents in, snapshots out.
//!
//! Of two statements of one resource the later counts, whatever document it is in, and a gap tells when they differ.
//! Knows no meaning of any resource.

use cloud::{Document, Pool, Reading};
use model::{Gap, Snapshot, Thresholds};

use crate::estate::Estate;
use crate::lower::Lowering;
use crate::ranges::Catalogue;
use crate::wire::{Remainder, Statement, read_document};

/// The resources of Google Cloud, as far as the input has them.
#[derive(Debug, Default)]
pub struct Inventory {
    estate: Estate,
    pool: Pool,
}

impl Inventory {
    /// An inventory with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl cloud::Inventory for Inventory {
    fn read(&mut self, document: &Document<'_>) -> Reading {
        let Self { estate, pool } = self;
        let mut take = |statement: Statement, gaps: &mut Vec<Gap>| match statement {
            Statement::Is { kind, resource, since, ancestors } => {
                let identity = resource.identity().clone();
                estate.learn(&resource, &ancestors);
                let arrival = estate.put(kind, resource, since);
                gaps.extend(arrival.and_then(|arrival| arrival.told(&identity.id, identity.read_at)));
                arrival.is_some()
            }
            Statement::Gone { kind, key, since } => estate.remove(kind, &key, since),
            Statement::Ancestry(ancestors) => {
                estate.hierarchy.learn(None, &ancestors);
                true
            }
        };
        let Remainder { mut reading, listed, listed_in, described, not_assessed, disabled, catalogue } =
            read_document(document, pool, &mut take);
        if reading.format.is_some() {
            estate.listed.extend(listed);
            estate.listed_in.extend(listed_in);
            estate.described.extend(described);
            estate.disabled.extend(disabled);
            for (kind, count) in not_assessed {
                *estate.not_assessed.entry(kind).or_default() += count;
            }
        }
        if let Some(catalogue) = catalogue {
            reading.gaps.extend(self.take_catalogue(catalogue, document));
        }
        reading
    }

    fn read_catalogue(&mut self, document: &Document<'_>) -> Reading {
        let remainder = read_document(document, &mut self.pool, &mut |_, _| true);
        let Some(catalogue) = remainder.catalogue else { return Reading::default() };
        let mut reading = remainder.reading;
        reading.gaps.extend(self.take_catalogue(catalogue, document));
        reading
    }

    fn snapshot(&self, thresholds: Thresholds) -> Snapshot {
        Lowering::new(&self.estate, &self.pool).snapshot(thresholds)
    }
}

impl Inventory {
    /// The later catalogue counts. One of Google's own addresses says nothing of those of customers.
    fn take_catalogue(&mut self, catalogue: Catalogue, document: &Document<'_>) -> Option<Gap> {
        if !catalogue.is_of_customers() {
            return None;
        }
        let created = catalogue.created.clone();
        let before = self.estate.catalogue.replace(catalogue)?;
        Some(document.second_catalogue("the addresses of Google Cloud", [&before.created, &created]))
    }
}
