//! The inventory of Azure: documents in, snapshots out, one change at a time where that is asked.
//!
//! Of two statements of one resource the later counts, whatever document it is in, and a gap tells when they differ:
//! a scan is a replay of changes, and the last change is the truth. Knows no meaning of any resource.

use std::cell::RefCell;

use cloud::audit::{Act, Applied, Edit, Edited, Ledger};
use cloud::{Declarations, Desk, Document, LookupSet, Reading};
use model::{Gap, Name, Provenance, Snapshot, Target, Thresholds};

use crate::catalogue::Catalogue;
use crate::declared;
use crate::estate::Estate;
use crate::lower::{Lowering, Memo, Stir};
use crate::pool::Pool;
use crate::reader::{Spelled, Statement, read_document, read_made};
use crate::replay::{Plan, Replay};
use crate::resource::Resource;
use crate::template;

/// The resources of Azure, as far as the input has them.
#[derive(Debug)]
pub struct Inventory {
    estate: Estate,
    pool: Pool,
    // What was lowered before and still holds.
    memo: RefCell<Memo>,
    /// The objects as documents spell them, once somebody wants to edit them.
    ledger: Option<Ledger>,
    /// What was told of edited objects: an object is read anew with each edit of it, and what is odd in it told once.
    told: LookupSet<String>,
}

impl Inventory {
    /// An inventory with nothing in it.
    #[must_use]
    pub fn new() -> Self {
        Self {
            estate: Estate::default(),
            pool: Pool::new(),
            memo: RefCell::new(Memo::new()),
            ledger: None,
            told: LookupSet::default(),
        }
    }

    fn lowering<T>(&self, work: impl FnOnce(&mut Lowering<'_>) -> T) -> T {
        let mut memo = self.memo.borrow_mut();
        work(&mut Lowering::new(&self.estate, &mut memo))
    }

    /// Hands the resources that `read` finds to the estate, and their spelling to the ledger, if there is one.
    fn taking<T>(&mut self, read: impl FnOnce(&mut Pool, crate::reader::Take<'_>) -> T) -> T {
        let Self { estate, pool, memo, ledger, .. } = self;
        *memo.get_mut() = Memo::new();
        let mut take = |resource: Resource, statement, spelled: Spelled<'_>, gaps: &mut Vec<Gap>| {
            if let Some(ledger) = ledger.as_mut().filter(|_| statement == Statement::Content) {
                note(ledger, estate, &resource, spelled);
            }
            estate.take(resource, statement, gaps);
        };
        read(pool, &mut take)
    }

    /// The later catalogue counts; clouds of governments have other addresses under the same names.
    fn take_catalogue(&mut self, catalogue: Catalogue, document: &Document<'_>) -> Option<Gap> {
        let version = catalogue.version.clone();
        let before = self.estate.catalogue.replace(catalogue)?;
        Some(document.second_catalogue("service tags", [&before.version, &version]))
    }

    /// Applies an edit: what it came to, and the keys of the targets that it may have moved.
    fn edit(&mut self, edit: &Edit, place: Provenance, gaps: &mut Vec<Gap>) -> (Edited, Vec<Name>) {
        let mut ledger = self.ledger.take().unwrap_or_default();
        let plan = Plan::of(edit, &ledger, &mut self.pool);
        if plan.is_of_scope() {
            self.ledger = Some(ledger);
            return (Edited::Gone, self.drop_scope(&plan, place, gaps));
        }
        let mut replay =
            Replay { estate: &mut self.estate, ledger: &mut ledger, pool: &mut self.pool, place, gaps };
        let changed = replay.edit(&plan);
        let lacks = replay.lacks(&plan);
        let edited = changed.edited.clone();
        let edited = match plan.unseen() {
            // The operation is told beside.
            Some(what) => Edited::Missing(what.split_once(": ").map_or(what, |(_, said)| said).to_owned()),
            None => edited,
        };
        let is_settled = match &edited {
            Edited::Same => true,
            // What was not there is still not there.
            Edited::Missing(_) => changed.resources.is_empty(),
            Edited::Changed | Edited::Gone => false,
        };
        if is_settled {
            self.ledger = Some(ledger);
            return (edited, Vec::new());
        }
        let edited = lacks.map_or(edited, |what| Edited::Missing(what.to_owned()));
        let stir = Stir::of(&self.estate, &plan.key, &changed.resources, plan.is_of_rules());
        let absent = self.estate.absent_kinds();
        let before = self.lowering(|lowering| match lowering.stirred(&stir) {
            Some(near) => (near, false),
            None => (lowering.everything(), true),
        });
        let is_partial = self.estate.is_partial(&plan.key);
        let mut replay =
            Replay { estate: &mut self.estate, ledger: &mut ledger, pool: &mut self.pool, place, gaps };
        let beside = replay.put(&plan, changed);
        let reaches_far = beside.reaches_far || absent != self.estate.absent_kinds();
        let edited = beside.untold.map_or(edited, Edited::Missing);
        self.ledger = Some(ledger);
        match stir {
            Stir::Rules(key) if is_partial == self.estate.is_partial(&key) => {
                self.memo.get_mut().forget_group(&key);
                return (edited, before.0);
            }
            _ => *self.memo.get_mut() = Memo::new(),
        }
        let (mut touched, was_far) = before;
        touched.extend(self.lowering(|lowering| match lowering.stirred(&stir) {
            Some(near) if !was_far && !reaches_far => near,
            Some(_) | None => lowering.everything(),
        }));
        touched.sort_unstable();
        touched.dedup();
        (edited, touched)
    }
}

impl Inventory {
    /// A group of resources is gone, with all that was in it.
    fn drop_scope(&mut self, plan: &Plan, place: Provenance, gaps: &mut Vec<Gap>) -> Vec<Name> {
        let mut touched = self.lowering(|lowering| lowering.everything());
        let mut ledger = self.ledger.take().unwrap_or_default();
        let mut replay =
            Replay { estate: &mut self.estate, ledger: &mut ledger, pool: &mut self.pool, place, gaps };
        replay.drop_scope(plan);
        self.ledger = Some(ledger);
        *self.memo.get_mut() = Memo::new();
        touched.extend(self.lowering(|lowering| lowering.everything()));
        touched.sort_unstable();
        touched.dedup();
        touched
    }
}

/// Notes in the ledger how a document spells what it states of a resource.
fn note(ledger: &mut Ledger, estate: &Estate, resource: &Resource, spelled: Spelled<'_>) {
    let identity = resource.identity();
    if !identity.named_by_id {
        return;
    }
    // A full export stays where a projection follows that says the same.
    let is_less = match resource {
        Resource::Group(group) => {
            let known = estate.groups.get(&identity.key);
            group.is_projected && known.is_some_and(|known| !known.is_projected && known.rules == group.rules)
        }
        _ => false,
    };
    let Some(kind) = crate::resource::type_of(&identity.id).map(Name::from).filter(|_| !is_less) else {
        return;
    };
    if let Some(node) = spelled() {
        ledger.note(&kind, &identity.key, &node, identity.read_at.0);
    }
}

impl Default for Inventory {
    fn default() -> Self {
        Self::new()
    }
}

/// Parts of the types of what may keep somebody out: without one, or an item of it, more may be open than with it. A group, a
/// policy or a table that something uses cannot be deleted: what goes of them are items.
const STANDS_IN_THE_WAY: [&str; 9] = [
    "applicationfirewallpolic",
    "azurefirewalls",
    "firewallpolicies",
    "ipgroups",
    "networkmanagers",
    "networksecuritygroups",
    "networksecurityperimeters",
    "routetables",
    "securityrules",
];
const GROUPS: [&str; 4] = [
    "microsoft.network/firewallpolicies",
    "microsoft.network/ipgroups",
    "microsoft.network/networksecuritygroups",
    "microsoft.network/routetables",
];

impl cloud::Inventory for Inventory {
    fn read(&mut self, document: &Document<'_>) -> Reading {
        let mut remainder = self.taking(|pool, take| read_document(document, pool, take));
        let catalogue = remainder.catalogue.take();
        let mut reading = match remainder.reading.format {
            Some(_) => self.estate.complete(remainder),
            None => remainder.reading,
        };
        if let Some(catalogue) = catalogue {
            reading.gaps.extend(self.take_catalogue(catalogue, document));
        }
        reading
    }

    fn read_catalogue(&mut self, document: &Document<'_>) -> Reading {
        *self.memo.get_mut() = Memo::new();
        let remainder = read_document(document, &mut self.pool, &mut |_, _, _, _| {});
        let Some(catalogue) = remainder.catalogue else { return Reading::default() };
        let mut reading = remainder.reading;
        reading.gaps.extend(self.take_catalogue(catalogue, document));
        reading
    }

    fn read_together(&mut self, documents: &[Document<'_>]) -> Vec<Reading> {
        let remainders = self.taking(|pool, take| template::read_together(documents, pool, take));
        self.estate.is_declared |= remainders.iter().any(|remainder| remainder.reading.resources > 0);
        remainders.into_iter().map(|remainder| self.estate.complete(remainder)).collect()
    }

    fn declare(&mut self, declarations: &Declarations<'_, '_>) -> Reading {
        let mut gaps = Vec::new();
        let Some(mut desk) = Desk::beside(declarations.documents, &mut gaps) else {
            return Reading::default();
        };
        declared::tell_unknown(declarations, &mut desk);
        let made = declared::made(declarations, &mut desk);
        self.estate.is_declared |= !made.is_empty();
        let remainder = self.taking(|pool, take| read_made(desk, made, pool, take));
        let reading = self.estate.complete(remainder);
        Reading { format: None, gaps, ..reading }
    }

    fn snapshot(&self, thresholds: Thresholds) -> Snapshot {
        let mut snapshot = self.lowering(|lowering| lowering.snapshot(thresholds));
        snapshot.gaps.extend(self.estate.tell_names());
        snapshot
    }

    fn remember(&mut self) {
        self.ledger.get_or_insert_default();
    }

    fn apply(&mut self, edit: &Edit, place: Provenance) -> Applied {
        let mut gaps = Vec::new();
        let (edited, touched) = self.edit(edit, place, &mut gaps);
        // What lacks of something of which nothing is known is told by that alone.
        let is_unknown = matches!(edited, Edited::Missing(_));
        gaps.retain(|gap| !(is_unknown && gap.code == "missing-field"));
        gaps.retain(|gap| self.told.insert(gap.message.clone()));
        // What only lets in, or only leads in, opens nothing when it goes.
        let is_whole_group = edit.act == Act::Drop && GROUPS.contains(&&*edit.kind);
        let stands_in_the_way =
            !is_whole_group && STANDS_IN_THE_WAY.iter().any(|part| edit.kind.contains(part));
        let unseen = match edited {
            Edited::Missing(what) if !edit.takes_away() || stands_in_the_way => Some(what),
            Edited::Missing(_) | Edited::Changed | Edited::Same | Edited::Gone => None,
        };
        Applied { touched, gaps, unseen }
    }

    fn lower(&self, touched: &[Name]) -> Vec<Target> {
        self.lowering(|lowering| touched.iter().filter_map(|key| lowering.target(key)).collect())
    }

    fn is_partial(&self, target: &Target) -> bool {
        self.ledger.is_some() && self.lowering(|lowering| lowering.is_partial(&target.key))
    }

    fn fork(&self) -> Box<dyn cloud::Inventory> {
        Box::new(Self {
            estate: self.estate.clone(),
            // What is shared is equal with and without.
            pool: Pool::new(),
            memo: RefCell::new(Memo::new()),
            ledger: self.ledger.clone(),
            told: self.told.clone(),
        })
    }
}
