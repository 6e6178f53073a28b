//! The inventory of Azure: documents in, snapshots out, one change at a time where that is asked.
//!
//! Of two statements of one resource the later counts, whatever document it is in, and a gap tells when they differ:
//! a scan is a replay of changes, and the last change is the truth. Knows no meaning of any resource.

use std::cell::RefCell;
use std::sync::Arc;

use cloud::audit::{Applied, Edit};
use cloud::{Declarations, Desk, Document, Reading};
use model::{Gap, Name, Provenance, Snapshot, Target, Thresholds};

use crate::catalogue::Catalogue;
use crate::declared;
use crate::estate::Estate;
use crate::lower::{Lowering, Memo};
use crate::pool::Pool;
use crate::reader::{Statement, read_document, read_made};
use crate::resource::{Group, Resource};
use crate::template;

/// One edit of the inventory. Complete.
#[derive(Clone, Debug)]
pub enum Change {
    /// A resource as it is now. Boxed: most changes are small.
    Put(Box<Resource>),
    /// The resource with this id is gone.
    Remove(Name),
}

/// The resources of Azure, as far as the input has them.
#[derive(Debug)]
pub struct Inventory {
    estate: Estate,
    pool: Pool,
    // What was lowered before and still holds.
    memo: RefCell<Memo>,
}

impl Inventory {
    /// An inventory with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self { estate: Estate::default(), pool: Pool::new(), memo: RefCell::new(Memo::new()) }
    }

    /// Reads a document into changes, and applies none of them.
    pub fn changes(&mut self, document: &Document<'_>) -> (Vec<Change>, Reading) {
        let mut changes = Vec::new();
        let mut take =
            |resource, _: Statement, _: &mut Vec<Gap>| changes.push(Change::Put(Box::new(resource)));
        let remainder = read_document(document, &mut self.pool, &mut take);
        (changes, remainder.reading)
    }

    /// Applies a change; returns the keys of the targets it may have touched, sorted, those that are gone included.
    pub fn apply(&mut self, change: Change) -> Vec<Name> {
        match change {
            Change::Put(resource) => match *resource {
                Resource::Group(group) if self.is_known_attachment(&group) => {
                    let touched = self.lowering(|lowering| lowering.targets_of_group(&group.identity.key));
                    self.memo.get_mut().forget_group(&group.identity.key);
                    self.estate.put(Resource::Group(group));
                    touched
                }
                other => {
                    let key = Arc::clone(&other.identity().key);
                    self.replay(&key, |estate| {
                        estate.put(other);
                    })
                }
            },
            Change::Remove(id) => {
                let key = self.pool.key(&id);
                self.replay(&key, |estate| estate.remove(&key))
            }
        }
    }

    /// Lowers only these targets; keys of targets that do not exist are passed over.
    #[must_use]
    pub fn lower(&self, touched: &[Name]) -> Vec<Target> {
        self.lowering(|lowering| touched.iter().filter_map(|key| lowering.target(key)).collect())
    }

    /// Applies an edit that may move any target: everything that was and is one is touched.
    fn replay(&mut self, key: &Name, edit: impl FnOnce(&mut Estate)) -> Vec<Name> {
        let mut touched = self.lowering(|lowering| lowering.touched_by(key));
        edit(&mut self.estate);
        *self.memo.get_mut() = Memo::new();
        touched.extend(self.lowering(|lowering| lowering.touched_by(key)));
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// Whether a group is known, and its new statement is attached where the known one is.
    fn is_known_attachment(&self, group: &Group) -> bool {
        self.estate.groups.get(&group.identity.key).is_some_and(|known| {
            known.identity.named_by_id
                && group.identity.named_by_id
                && known.is_projected == group.is_projected
                && known.interfaces == group.interfaces
                && known.subnets == group.subnets
        })
    }

    fn lowering<T>(&self, work: impl FnOnce(&mut Lowering<'_>) -> T) -> T {
        let mut memo = self.memo.borrow_mut();
        work(&mut Lowering::new(&self.estate, &mut memo))
    }
}

impl Default for Inventory {
    fn default() -> Self {
        Self::new()
    }
}

impl cloud::Inventory for Inventory {
    fn read(&mut self, document: &Document<'_>) -> Reading {
        let Self { estate, pool, memo } = self;
        *memo.get_mut() = Memo::new();
        let mut take = |resource, statement, gaps: &mut Vec<Gap>| estate.take(resource, statement, gaps);
        let mut remainder = read_document(document, pool, &mut take);
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
        *self.memo.get_mut() = Memo::new();
        let remainder = read_document(document, &mut self.pool, &mut |_, _, _| {});
        let Some(catalogue) = remainder.catalogue else { return Reading::default() };
        let mut reading = remainder.reading;
        reading.gaps.extend(self.take_catalogue(catalogue, document));
        reading
    }

    fn read_together(&mut self, documents: &[Document<'_>]) -> Vec<Reading> {
        let Self { estate, pool, memo } = self;
        *memo.get_mut() = Memo::new();
        let mut take = |resource, statement, gaps: &mut Vec<Gap>| estate.take(resource, statement, gaps);
        let remainders = template::read_together(documents, pool, &mut take);
        estate.is_declared |= remainders.iter().any(|remainder| remainder.reading.resources > 0);
        remainders.into_iter().map(|remainder| estate.complete(remainder)).collect()
    }

    fn declare(&mut self, declarations: &Declarations<'_, '_>) -> Reading {
        let Self { estate, pool, memo } = self;
        *memo.get_mut() = Memo::new();
        let mut gaps = Vec::new();
        let Some(mut desk) = Desk::beside(declarations.documents, &mut gaps) else {
            return Reading::default();
        };
        declared::tell_unknown(declarations, &mut desk);
        let made = declared::made(declarations, &mut desk);
        estate.is_declared |= !made.is_empty();
        let mut take = |resource, statement, gaps: &mut Vec<Gap>| estate.take(resource, statement, gaps);
        let remainder = read_made(desk, made, pool, &mut take);
        let reading = estate.complete(remainder);
        Reading { format: None, gaps, ..reading }
    }

    fn snapshot(&self, thresholds: Thresholds) -> Snapshot {
        let mut snapshot = self.lowering(|lowering| lowering.snapshot(thresholds));
        snapshot.gaps.extend(self.estate.tell_names());
        snapshot
    }

    fn remember(&mut self) {}

    fn apply(&mut self, _edit: &Edit, _place: Provenance) -> Applied {
        Applied::default()
    }

    fn lower(&self, _touched: &[Name]) -> Vec<Target> {
        Vec::new()
    }

    fn is_partial(&self, _target: &Target) -> bool {
        false
    }

    fn fork(&self) -> Box<dyn cloud::Inventory> {
        Box::new(Self::new())
    }
}

impl Inventory {
    /// The later catalogue counts; clouds of governments have other addresses under the same names.
    fn take_catalogue(&mut self, catalogue: Catalogue, document: &Document<'_>) -> Option<Gap> {
        let version = catalogue.version.clone();
        let before = self.estate.catalogue.replace(catalogue)?;
        Some(document.second_catalogue("service tags", [&before.version, &version]))
    }
}
