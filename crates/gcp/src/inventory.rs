//! The inventory of Google Cloud: documents in, snapshots out.
//!
//! Of two statements of one resource the later counts, whatever document it is in, and a gap tells when they differ.
//! Knows no meaning of any resource.

use cloud::audit::{Applied, Edit, Standing};
use cloud::{Declarations, Desk, Document, Pool, Reading};
use model::{Effect, Gap, Name, Provenance, Snapshot, Target, Thresholds};

use crate::declared;
use crate::estate::Estate;
use crate::lower::Lowering;
use crate::ranges::Catalogue;
use crate::replay::{self, Memory};
use crate::wire::{read_document, read_made};

/// The resources of Google Cloud, as far as the input has them.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    estate: Estate,
    pool: Pool,
    /// What edits need; `None` where none will come.
    memory: Option<Box<Memory>>,
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
        let Self { estate, pool, memory } = self;
        let mut remainder = read_document(document, pool, &mut |statement, gaps| {
            replay::take(estate, memory.as_deref_mut(), statement, gaps)
        });
        let catalogue = remainder.catalogue.take();
        let mut reading = match remainder.reading.format {
            Some(_) => estate.complete(remainder),
            None => remainder.reading,
        };
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

    fn read_together(&mut self, documents: &[Document<'_>]) -> Vec<Reading> {
        documents.iter().map(|_| Reading::default()).collect()
    }

    fn declare(&mut self, declarations: &Declarations<'_, '_>) -> Reading {
        let Self { estate, pool, memory } = self;
        let mut gaps = Vec::new();
        let Some(mut desk) = Desk::beside(declarations.documents, &mut gaps) else {
            return Reading::default();
        };
        declared::tell_unknown(declarations, &mut desk);
        let declared::Lowered { made, beside } = declared::lowered(declarations, &mut desk);
        let remainder = read_made(desk, made, &beside, pool, &mut |statement, gaps| {
            replay::take(estate, memory.as_deref_mut(), statement, gaps)
        });
        let reading = estate.complete(remainder);
        Reading { format: None, gaps, ..reading }
    }

    fn snapshot(&self, thresholds: Thresholds) -> Snapshot {
        Lowering::new(&self.estate, &self.pool).snapshot(thresholds)
    }

    fn remember(&mut self) {
        self.memory.get_or_insert_with(|| Box::new(Memory::begin(&mut self.estate)));
    }

    fn knows(&self, edit: &Edit) -> bool {
        self.memory.as_ref().is_none_or(|memory| memory.knows(edit, &self.estate))
    }

    fn apply(&mut self, edit: &Edit, place: Provenance) -> Applied {
        let Self { estate, pool, memory } = self;
        let Some(memory) = memory else {
            let message = "an edit of what is not remembered, expected `remember` before: it is not applied";
            let gap = Gap::at(place, "not-remembered", Effect::Narrowed, message.to_owned());
            return Applied { gaps: vec![gap], ..Applied::default() };
        };
        replay::apply(estate, pool, memory, edit, place)
    }

    fn lower(&self, touched: &[Name]) -> Vec<Target> {
        let Self { estate, pool, memory } = self;
        if touched.is_empty() {
            return Vec::new();
        }
        let of = |standing: &Standing| {
            touched.iter().filter_map(|key| standing.get(key)).map(|target| Target::clone(target)).collect()
        };
        match memory {
            Some(memory) => of(memory.standing(estate, pool)),
            None => of(&Standing::of(Lowering::new(estate, pool).targets())),
        }
    }

    fn is_partial(&self, target: &Target) -> bool {
        self.memory.as_ref().is_some_and(|memory| memory.is_partial(target, &self.estate))
    }

    fn fork(&self) -> Box<dyn cloud::Inventory> {
        // Once for all forks.
        if let Some(memory) = &self.memory {
            memory.standing(&self.estate, &self.pool);
        }
        Box::new(self.clone())
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
