//! Where a replay stands: the inventory as the last event left it, what that opened, and the time of the snapshot.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::audit::{Edit, Event};
use cloud::{Cloud, Inventory, LookupSet};
use engine::{Assessor, Cause, Contradiction, Exposure, Moved, Now, Timeline};
use model::{Gap, Moment, Name, Provenance, Target};

use crate::announced::Announced;
use crate::retold::without;
use crate::told::word;

use super::Basis;
use super::noted::Noted;
use super::unseen::unseen;

/// Where the replay stands.
pub(super) struct Live {
    pub(super) cloud: &'static str,
    /// The revision of the history that was replayed.
    pub(super) revision: u64,
    pub(super) inventory: Box<dyn Inventory>,
    /// The inventory before the first event that was applied to it: what targets were that nothing has moved yet.
    pub(super) origin: Box<dyn Inventory>,
    pub(super) is_past_basis: bool,
    /// Whether the snapshot is later than every event so far.
    pub(super) ends_with_basis: bool,
    /// What was applied before the snapshot.
    pub(super) past: Vec<(Edit, Provenance)>,
    /// The events that say what resources were before the first event.
    pub(super) before: Vec<Name>,
    pub(super) timeline: Timeline,
    pub(super) assessor: Assessor,
    pub(super) announced: Vec<Announced>,
    /// The changes.
    pub(super) noted: Vec<Noted>,
    /// What refused attempts would have opened, by their events.
    pub(super) attempts: BTreeMap<Name, Vec<Exposure>>,
    /// Those that were not played through: where the first stands, and how many.
    pub(super) untried: Option<(Provenance, u64)>,
    pub(super) gaps: Vec<Gap>,
    pub(super) unseen: BTreeSet<Name>,
    /// Time and id of what was applied.
    pub(super) applied: Vec<(Option<Moment>, Name)>,
    /// Kind and id of what events spoke of.
    pub(super) seen: LookupSet<[Name; 2]>,
}

impl Live {
    pub(super) fn new(basis: &Basis) -> Self {
        let begins_before = basis.at.is_some();
        let start = |basis: &Basis| if begins_before { nothing(basis.cloud) } else { basis.inventory.fork() };
        let snapshot = basis.inventory.snapshot(basis.thresholds);
        Self {
            cloud: basis.cloud.name,
            revision: 0,
            inventory: start(basis),
            origin: start(basis),
            is_past_basis: !begins_before,
            ends_with_basis: false,
            past: Vec::new(),
            before: Vec::new(),
            timeline: Timeline::new(&snapshot),
            assessor: Assessor::new(&snapshot),
            announced: Vec::new(),
            noted: Vec::new(),
            attempts: BTreeMap::new(),
            untried: None,
            gaps: Vec::new(),
            unseen: BTreeSet::new(),
            applied: Vec::new(),
            seen: LookupSet::default(),
        }
    }

    /// Where the time of the snapshot has come, what it says counts.
    pub(super) fn reach(&mut self, basis: &Basis, at: Moment) -> Result<(), Contradiction> {
        let Some(taken) = basis.at.filter(|taken| !self.is_past_basis && *taken <= at) else { return Ok(()) };
        self.is_past_basis = true;
        let told = without(&*basis.inventory, &std::mem::take(&mut self.past));
        let mut keys: BTreeSet<Name> = told.moved.union(&told.restated).cloned().collect();
        let fresh: Vec<Name> = keys.iter().filter(|key| !self.timeline.knows(key)).cloned().collect();
        let before = by_key(told.inventory.lower(&fresh));
        for key in &fresh {
            let target = before.get(key).filter(|_| !told.restated.contains(key));
            let is_partial = target.is_some_and(|target| told.inventory.is_partial(target));
            self.timeline.begin(Now { key, target, is_partial })?;
        }
        (self.inventory, self.origin) = (basis.inventory.fork(), basis.inventory.fork());
        let cause = Arc::new(Cause {
            at: taken,
            event: word("snapshot"),
            actor: word("not known: the snapshot says so"),
            address: None,
            client: None,
            operation: word("snapshot"),
            edited: word(""),
            provenance: None,
        });
        keys.extend(self.timeline.keys());
        let keys: Vec<Name> = keys.into_iter().collect();
        self.step(Moved { cause: &cause, attaches: false, is_doubtful: false }, &keys)
    }

    /// Applies edits; says what they may have moved.
    pub(super) fn apply(&mut self, edits: &[Edit], event: &Event) -> Vec<Name> {
        let mut touched = Vec::new();
        if !self.is_past_basis {
            self.past.extend(edits.iter().map(|edit| (edit.clone(), event.place)));
        }
        for edit in edits {
            let applied = self.inventory.apply(edit, event.place);
            touched.extend(applied.touched);
            self.gaps.extend(applied.gaps);
            let is_new = |what: &String| self.unseen.insert(format!("{} {what}", edit.id).into());
            if let Some(what) = applied.unseen.filter(is_new) {
                self.gaps.push(unseen(event, edit, &what));
            }
        }
        touched.sort_unstable();
        touched.dedup();
        touched
    }

    /// Hands over to the timeline what may have moved.
    pub(super) fn step(&mut self, moved: Moved<'_>, touched: &[Name]) -> Result<(), Contradiction> {
        let fresh: Vec<Name> = touched.iter().filter(|key| !self.timeline.knows(key)).cloned().collect();
        let before = by_key(self.origin.lower(&fresh));
        for key in &fresh {
            let target = before.get(key);
            let is_partial = target.is_some_and(|target| self.origin.is_partial(target));
            self.timeline.begin(Now { key, target, is_partial })?;
        }
        let now = by_key(self.inventory.lower(touched));
        for key in touched {
            let target = now.get(key);
            let is_partial = target.is_some_and(|target| self.inventory.is_partial(target));
            self.timeline.step(moved, Now { key, target, is_partial })?;
        }
        Ok(())
    }
}

/// An inventory of a cloud that remembers, and has nothing yet.
fn nothing(cloud: &Cloud) -> Box<dyn Inventory> {
    let mut inventory = (cloud.inventory)();
    inventory.remember();
    inventory
}

fn by_key(targets: Vec<Target>) -> BTreeMap<Name, Arc<Target>> {
    targets.into_iter().map(|target| (Arc::clone(&target.key), Arc::new(target))).collect()
}
