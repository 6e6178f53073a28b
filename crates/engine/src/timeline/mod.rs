//! What changes did to exposures, in order of time: openings with their steps.
//!
//! A track keeps what was reached at one target after each change that moved something. Openings are read off it at the
//! end: every port, protocol and front has a history of its own, and those with equal histories are one opening. Knows no
//! cloud, no clock and no log: its caller says what changed when, and hands over the targets as they are then.

mod attempted;
mod cells;
mod family;
mod histories;
mod judged;
mod opening;
mod restricted;
mod track;

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Name, Snapshot, Target};

use crate::assessor::{Assessor, Contradiction};

pub use attempted::would_open;
pub use judged::{Expected, Judged, Touches};
pub use opening::{Cause, ChangeEffect, Opening, Step};
use track::{Sets, State, Track};

/// Exposures over time, target by target.
pub struct Timeline {
    assessor: Assessor,
    tracks: BTreeMap<Name, Track>,
    sets: Sets,
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
        Self { assessor: Assessor::new(snapshot), tracks: BTreeMap::new(), sets: Sets::default() }
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
        let state = self.state(now, None)?;
        self.tracks.insert(Arc::clone(now.key), Track::new(state, now.target.cloned()));
        Ok(())
    }

    /// Says what a change may have moved; the target has begun. Tells whether it did.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn step(&mut self, moved: Moved<'_>, now: Now<'_>) -> Result<bool, Contradiction> {
        let was = self.tracks.get(now.key).map(|track| (track.target.as_ref(), track.is_partial()));
        if was == Some((now.target, now.is_partial)) {
            return Ok(false);
        }
        let state = self.state(now, Some(moved))?;
        let Some(track) = self.tracks.get_mut(now.key) else { return Ok(false) };
        Ok(track.add(state, now.target.cloned()))
    }

    /// The openings of all targets, by target, time and what they are.
    #[must_use]
    pub fn openings(&self) -> Vec<Opening> {
        self.tracks.iter().flat_map(|(key, track)| track.openings(key)).collect()
    }

    /// The openings of one target.
    #[must_use]
    pub fn openings_of(&self, key: &Name) -> Vec<Opening> {
        self.tracks.get(key).map_or_else(Vec::new, |track| track.openings(key))
    }

    fn state(&mut self, now: Now<'_>, moved: Option<Moved<'_>>) -> Result<State, Contradiction> {
        let mut state = State::new(moved, now.is_partial);
        if let Some(target) = now.target {
            let sets = &mut self.sets;
            self.assessor.assess(target, &mut |exposure, addresses| {
                state.add(sets.reached(exposure, addresses));
            })?;
        }
        Ok(state)
    }
}
