//! What changes did to exposures, in order of time: openings with their steps.
//!
//! A track keeps what was reached at one target after each change that moved something, and what the target was then as
//! differences. Openings are read off it when they are told: every port, protocol and front has a history of its own, and those with equal histories are one opening. Knows no
//! cloud, no clock and no log: its caller says what changed when, and hands over the targets as they are then.

mod attempted;
mod cells;
mod family;
mod histories;
mod judged;
mod opening;
mod past;
mod reached;
mod restricted;
mod runs;
mod track;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Name, Snapshot, Target};

use crate::assessor::{Assessor, Contradiction};

pub use attempted::would_open;
pub use judged::{Expected, Judged, Touches};
pub use opening::{Cause, ChangeEffect, Opening, Step};
use track::{Kept, Track};

/// Exposures over time, target by target.
pub struct Timeline {
    assessor: Assessor,
    tracks: BTreeMap<Name, Track>,
    kept: Kept,
    /// The change that was told last.
    last: Option<Arc<Cause>>,
    /// What was moved since somebody asked.
    moved: BTreeSet<Name>,
}

/// A target as a change left it.
#[derive(Clone, Copy, Debug)]
pub struct Now<'a> {
    /// Its key.
    pub key: &'a Name,
    /// What it is; `None` where there is none.
    pub target: Option<&'a Arc<Target>>,
    /// Whether earlier state of something that decides about it is not known.
    pub is_partial: bool,
}

/// What moved a target.
#[derive(Clone, Copy, Debug)]
pub struct Moved<'a> {
    /// Who and when.
    pub cause: &'a Arc<Cause>,
    /// Whether a way or an attachment was changed, and no rule.
    pub attaches: bool,
    /// Whether another order of simultaneous events would have left something else: what it did is possible only.
    pub is_doubtful: bool,
}

impl Timeline {
    /// A timeline of targets of a snapshot's cloud: of the snapshot only the Internet counts.
    #[must_use]
    pub fn new(snapshot: &Snapshot) -> Self {
        Self {
            assessor: Assessor::new(snapshot),
            tracks: BTreeMap::new(),
            kept: Kept::default(),
            last: None,
            moved: BTreeSet::new(),
        }
    }

    /// Whether something was said of a target.
    #[must_use]
    pub fn knows(&self, key: &str) -> bool {
        self.tracks.contains_key(key)
    }

    /// The keys of all targets of which something was said, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<Name> {
        self.tracks.keys().cloned().collect()
    }

    /// Says what a target was before the first change that may move it. Later changes are told by [`Timeline::step`].
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn begin(&mut self, now: Now<'_>) -> Result<(), Contradiction> {
        let mut track = Track::default();
        track.go_on(now, None, &mut self.assessor, &mut self.kept)?;
        self.tracks.insert(Arc::clone(now.key), track);
        Ok(())
    }

    /// Says what a change may have moved; the target has begun. Tells whether it did.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn step(&mut self, moved: Moved<'_>, now: Now<'_>) -> Result<bool, Contradiction> {
        if self.last.as_ref().is_none_or(|last| !Arc::ptr_eq(last, moved.cause)) {
            self.kept.edits.forget();
            self.last = Some(Arc::clone(moved.cause));
        }
        let Some(track) = self.tracks.get_mut(now.key) else { return Ok(false) };
        if (track.target.as_ref(), track.is_partial()) == (now.target, now.is_partial) {
            return Ok(false);
        }
        let states = track.states.len();
        let is_moved = track.go_on(now, Some(moved), &mut self.assessor, &mut self.kept)?;
        if track.states.len() > states {
            self.moved.insert(Arc::clone(now.key));
        }
        Ok(is_moved)
    }

    /// The keys of the targets whose openings may be others than when this was asked last.
    pub fn take_moved(&mut self) -> BTreeSet<Name> {
        core::mem::take(&mut self.moved)
    }

    /// The keys of the targets of which some changes, by their ids, left another state.
    #[must_use]
    pub fn moved_by(&self, events: &BTreeSet<Name>) -> BTreeSet<Name> {
        let is_one = |cause: &Arc<Cause>| events.contains(&cause.event);
        let is_moved =
            |track: &Track| track.states.iter().filter_map(|state| state.cause.as_ref()).any(is_one);
        self.tracks.iter().filter(|(_, track)| is_moved(track)).map(|(key, _)| Arc::clone(key)).collect()
    }

    /// The openings of all targets, by target, time and what they are.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn openings(&mut self) -> Result<Vec<Opening>, Contradiction> {
        let mut all = Vec::new();
        for (key, track) in &self.tracks {
            all.append(&mut track.openings(key, &mut self.assessor)?);
        }
        Ok(all)
    }

    /// The openings of some targets, by their keys.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn openings_of(&mut self, keys: &BTreeSet<Name>) -> Result<Vec<Opening>, Contradiction> {
        let mut all = Vec::new();
        for key in keys {
            if let Some(track) = self.tracks.get(key) {
                all.append(&mut track.openings(key, &mut self.assessor)?);
            }
        }
        Ok(all)
    }
}
