//! The replay: changes by time, each applied to the inventory, what it moved handed to the timeline.
//!
//! Says what is replayed anew and what goes on; how one moment and one event go is in the files beside.

mod before;
mod event;
mod live;
mod moment;
mod noted;
mod unseen;

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::audit::Event;
use cloud::{Cloud, Inventory, LookupSet};
use engine::{Contradiction, Opening};
use model::{Gap, Moment, Name, Thresholds};

use crate::announced::announced;
use crate::denied::untried;
use crate::expected::Expectations;
use crate::history::History;
use crate::told::{Told, with_effects};

use before::told_before;
use live::Live;
use noted::Noted;

/// What a replay starts from.
pub struct Basis {
    /// The cloud.
    pub cloud: &'static Cloud,
    /// Its inventory, which remembers: what the snapshot states, or nothing.
    pub inventory: Box<dyn Inventory>,
    /// When that was so; `None`: just before the first event.
    pub at: Option<Moment>,
    /// What grades are measured on.
    pub thresholds: Thresholds,
}

/// The replay of one cloud's events.
pub struct Replay {
    basis: Basis,
    /// The events.
    pub history: History,
    live: Live,
}
impl Replay {
    /// A replay of nothing so far.
    #[must_use]
    pub fn new(basis: Basis) -> Self {
        let live = Live::new(&basis);
        Self { basis, history: History::default(), live }
    }

    /// The cloud.
    #[must_use]
    pub const fn cloud(&self) -> &'static Cloud {
        self.basis.cloud
    }

    /// Replays what came since the last time: only that, where all of it is later than everything before; else all.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn advance(&mut self) -> Result<(), Contradiction> {
        let fresh = self.history.take_fresh(&self.basis.cloud.trail);
        let is_same = self.live.revision == self.history.revision();
        let is_same = is_same && !self.live.ends_with_basis;
        if let Some(fresh) = fresh.filter(|fresh| is_same && self.live.goes_on_with(fresh, &self.basis)) {
            return self.go_on(&fresh);
        }
        let changes = self.history.changes(&self.basis.cloud.trail);
        let known = self.live.applied.len();
        let before = told_before(&changes, &self.basis);
        let is_same_start = before.iter().map(|(event, _)| &event.id).eq(&self.live.before);
        let is_prefix = changes.len() >= known
            && (changes.len() == known || !self.live.ends_with_basis)
            && changes.iter().zip(&self.live.applied).all(|(change, (at, id))| change.at == *at && change.id == *id)
            // Events of one moment are judged together.
            && changes.get(known).is_none_or(|next| self.live.applied.last().is_none_or(|(at, _)| *at < next.at))
            && is_same_start
            && self.live.revision == self.history.revision();
        if !is_prefix {
            self.live = Live::new(&self.basis);
            self.live.begin_with(&before);
        }
        self.live.revision = self.history.revision();
        let from = self.live.applied.len();
        self.go_on(changes.get(from..).unwrap_or_default())
    }

    /// Replays what is later than everything before.
    fn go_on(&mut self, rest: &[Arc<Event>]) -> Result<(), Contradiction> {
        let last = self.history.times().map_or(Moment(0), |(_, last)| last);
        let timed = |event: &Arc<Event>| event.at.unwrap_or(last);
        for moment in rest.chunk_by(|one, other| one.at == other.at) {
            let Some(at) = moment.first().map(timed) else { continue };
            self.live.reach(&self.basis, at)?;
            self.live.moment(moment, at)?;
        }
        if let Some(taken) = self.basis.at.filter(|_| !self.live.is_past_basis) {
            self.live.ends_with_basis = true;
            self.live.reach(&self.basis, taken)?;
        }
        Ok(())
    }

    /// What came of it. `expectations` are those of the user.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn told(&mut self, expectations: &Expectations) -> Result<Told, Contradiction> {
        let openings = self.live.timeline.openings()?;
        Ok(self.told_with(openings, expectations, &|_| true))
    }

    /// The same of some targets alone, by their keys: their openings, what they rest on, and every change that is told
    /// whatever it opened.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn told_of(
        &mut self,
        targets: &BTreeSet<Name>,
        expectations: &Expectations,
    ) -> Result<Told, Contradiction> {
        let openings = self.live.timeline.openings_of(targets)?;
        let steps = openings.iter().flat_map(|opening| &opening.steps);
        let causes: LookupSet<Name> = steps.map(|step| Arc::clone(&step.cause.event)).collect();
        let is_told = |noted: &Noted| noted.said.is_some() || causes.contains(&noted.cause.event);
        Ok(self.told_with(openings, expectations, &is_told))
    }

    /// The keys of the targets of which something else may be told than when this was asked last.
    pub fn take_moved(&mut self) -> BTreeSet<Name> {
        self.live.timeline.take_moved()
    }

    /// The keys of the targets that some events moved, by their ids.
    #[must_use]
    pub fn moved_by(&self, events: &BTreeSet<Name>) -> BTreeSet<Name> {
        self.live.timeline.moved_by(events)
    }

    fn told_with(
        &self,
        mut openings: Vec<Opening>,
        expectations: &Expectations,
        is_told: &dyn Fn(&Noted) -> bool,
    ) -> Told {
        let mut snapshot = self.live.inventory.snapshot(self.basis.thresholds);
        let last = self.history.times().map_or(Moment(0), |(_, last)| last);
        for opening in &mut openings {
            let asked = || announced(&self.live.announced, opening, last, &snapshot.internet);
            opening.expected = expectations.of(opening, last).or_else(asked);
        }
        let noted = self.live.noted.iter().filter(|noted| is_told(noted));
        let judged = with_effects(noted.map(|noted| noted.judged(self.live.cloud)), &openings);
        let mut gaps: Vec<Gap> = self.history.gaps().to_vec();
        gaps.extend(self.live.gaps.iter().cloned());
        gaps.extend(self.live.untried.map(untried));
        gaps.append(&mut snapshot.gaps);
        gaps.sort_unstable();
        gaps.dedup();
        Told { snapshot, openings, judged, attempts: self.live.attempts.clone(), gaps }
    }
}
