//! What was reached at one target, after each change that moved something.

use std::sync::Arc;

use model::{Name, Target};
use packet::AddressSet;

use crate::exposure::{Entrance, Exposure, Fingerprint};

use super::cells::cells;
use super::histories::told;
use super::opening::{Cause, Opening};
use super::{ChangeEffect, Moved};

/// The states of one target, in order of time.
pub(super) struct Track {
    pub(super) states: Vec<State>,
    /// What it is now.
    pub(super) target: Option<Arc<Target>>,
}

/// What is reached after a change, or before the first.
pub(super) struct State {
    /// Who made it so; `None` of what was before the first change.
    pub(super) cause: Option<Arc<Cause>>,
    /// How it opens what it opens.
    pub(super) opens: ChangeEffect,
    pub(super) is_doubtful: bool,
    pub(super) is_partial: bool,
    pub(super) reached: Vec<Reached>,
}

/// One exposure with its exact sources.
pub(super) struct Reached {
    pub(super) exposure: Exposure,
    pub(super) addresses: Arc<AddressSet>,
}

impl State {
    pub(super) fn new(moved: Option<Moved<'_>>, is_partial: bool) -> Self {
        let attaches = moved.is_some_and(|moved| moved.attaches);
        Self {
            cause: moved.map(|moved| Arc::clone(moved.cause)),
            opens: if attaches { ChangeEffect::Attaches } else { ChangeEffect::Opens },
            is_doubtful: moved.is_some_and(|moved| moved.is_doubtful),
            is_partial,
            reached: Vec::new(),
        }
    }

    pub(super) fn add(&mut self, exposure: Exposure, addresses: &AddressSet) {
        self.reached.push(Reached { exposure, addresses: Arc::new(addresses.clone()) });
    }

    /// What tells it from another state: rules may differ, as long as they let in the same.
    fn signs(&self) -> impl Iterator<Item = (Fingerprint, crate::Certainty, &[Entrance])> {
        self.reached.iter().map(|reached| {
            let exposure = &reached.exposure;
            (exposure.fingerprint, exposure.certainty, exposure.fronts.as_slice())
        })
    }
}

impl Track {
    pub(super) fn new(first: State, target: Option<Arc<Target>>) -> Self {
        Self { states: vec![first], target }
    }

    /// Whether earlier state of it is not known, as of now.
    pub(super) fn is_partial(&self) -> bool {
        self.states.last().is_some_and(|last| last.is_partial)
    }

    /// Adds a state, if it is another one than that before; says whether it is.
    pub(super) fn add(&mut self, state: State, target: Option<Arc<Target>>) -> bool {
        self.target = target;
        let moved = self.states.last().is_none_or(|last| !last.signs().eq(state.signs()));
        if moved {
            self.states.push(state);
        }
        moved
    }

    /// What it tells, by time and what it is.
    pub(super) fn openings(&self, key: &Name) -> Vec<Opening> {
        if self.states.len() < 2 {
            return Vec::new();
        }
        let mut openings = told(&self.states, cells(&self.states), key);
        openings.sort_by(|one, other| {
            let since =
                |opening: &Opening| opening.opened.as_ref().map(|cause| (cause.at, Arc::clone(&cause.event)));
            let what = |opening: &Opening| {
                let exposure = &opening.exposure;
                let ports = exposure.ports.spans().to_vec();
                (exposure.reach, exposure.certainty, exposure.protocol, ports, opening.fingerprint)
            };
            since(one).cmp(&since(other)).then_with(|| what(one).cmp(&what(other)))
        });
        openings
    }
}
