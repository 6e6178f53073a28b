//! What was reached at one target, after each change that moved something.

use std::sync::Arc;

use model::{Name, Target};
use rustc_hash::FxHashMap;

use crate::assessor::{Assessor, Contradiction};

use super::cells::cells;
use super::histories::told;
use super::opening::{Cause, Opening};
use super::past::{At, Edits, Past};
use super::reached::{Marks, Reached, Set, Sets, Shape};
use super::{ChangeEffect, Moved, Now};

/// The states of one target, in order of time.
#[derive(Default)]
pub(super) struct Track {
    pub(super) states: Vec<State>,
    /// What it is now.
    pub(super) target: Option<Arc<Target>>,
    /// What it was when something came to be reached that is still told.
    past: Past,
}

/// What is reached after a change, or before the first.
pub(super) struct State {
    /// Who made it so; `None` of what was before the first change.
    pub(super) cause: Option<Arc<Cause>>,
    /// How it opens what it opens.
    pub(super) opens: ChangeEffect,
    pub(super) is_doubtful: bool,
    pub(super) is_partial: bool,
    /// What was reached before in the same way is kept as it was then: nobody asks for more of it.
    pub(super) reached: Box<[Arc<Reached>]>,
}

impl State {
    fn new(moved: Option<Moved<'_>>, is_partial: bool) -> Self {
        let attaches = moved.is_some_and(|moved| moved.attaches);
        Self {
            cause: moved.map(|moved| Arc::clone(moved.cause)),
            opens: if attaches { ChangeEffect::Attaches } else { ChangeEffect::Opens },
            is_doubtful: moved.is_some_and(|moved| moved.is_doubtful),
            is_partial,
            reached: Box::default(),
        }
    }
}

/// What tells a state from another: rules may differ, as long as they let in the same.
fn is_same(one: &Reached, other: &Reached) -> bool {
    Arc::ptr_eq(&one.shape, &other.shape) && Arc::ptr_eq(&one.set, &other.set)
}

impl Track {
    /// Whether earlier state of it is not known, as of now.
    pub(super) fn is_partial(&self) -> bool {
        self.states.last().is_some_and(|last| last.is_partial)
    }

    /// Assesses what it is now, and adds that, if it is another state than that before; says whether other packets get in.
    /// Where only the rules are others, whoever wrote these keeps open what is open.
    pub(super) fn go_on(
        &mut self,
        now: Now<'_>,
        moved: Option<Moved<'_>>,
        assessor: &mut Assessor,
        kept: &mut Kept,
    ) -> Result<bool, Contradiction> {
        let before = self.states.last().map_or(&[][..], |last| &last.reached);
        let marks = Marks::of(before);
        let mut reached: Vec<Reached> = Vec::with_capacity(before.len());
        if let Some(target) = now.target {
            assessor.assess(target, &mut |exposure, addresses| {
                let place = u32::try_from(reached.len()).unwrap_or(u32::MAX);
                let at = At { version: 0, place };
                reached.push(kept.sets.reached(&exposure, addresses, at, &marks));
            })?;
        }
        let is_other = |differs: &dyn Fn(&Reached, &Reached) -> bool| {
            before.len() != reached.len()
                || before.iter().zip(&reached).any(|(one, other)| differs(one, other))
        };
        let is_moved = is_other(&|one, other| !is_same(one, other));
        let is_joined = is_other(&|one, other| !one.every_rule().eq(other.every_rule()));
        drop(marks);
        let is_first = self.states.is_empty();
        if is_first || is_moved || is_joined {
            let mut state = State::new(moved, now.is_partial);
            // In whichever order: the same get in.
            state.is_doubtful &= is_moved;
            state.reached = self.shared(reached, now.target, kept);
            self.states.push(state);
        }
        self.target = now.target.cloned();
        Ok(is_moved)
    }

    /// What is alike is kept as it was before; of what is not it is kept what the target is now.
    ///
    /// Of a history the exposure is told where somebody gets in first, and where more do than ever before in it. What was
    /// there in the state before is neither.
    fn shared(
        &mut self,
        reached: Vec<Reached>,
        target: Option<&Arc<Target>>,
        kept: &mut Kept,
    ) -> Box<[Arc<Reached>]> {
        let before = self.states.last().map_or(&[][..], |last| &last.reached);
        let mark = |reached: &Reached| (Arc::as_ptr(&reached.shape), Arc::as_ptr(&reached.set));
        let known: FxHashMap<(*const Shape, *const Set), &Arc<Reached>> =
            before.iter().map(|reached| (mark(reached), reached)).collect();
        let mut version = None;
        let past = &mut self.past;
        let all = reached.into_iter().map(|reached| match known.get(&mark(&reached)) {
            Some(known) if known.rules == reached.rules => Arc::clone(known),
            Some(_) | None => {
                let keep = || target.map_or(0, |target| past.keep(target, &mut kept.edits));
                let version = *version.get_or_insert_with(keep);
                Arc::new(Reached { at: At { version, ..reached.at }, ..reached })
            }
        });
        all.collect()
    }

    /// What it tells, by time and what it is.
    pub(super) fn openings(
        &self,
        key: &Name,
        assessor: &mut Assessor,
    ) -> Result<Vec<Opening>, Contradiction> {
        if self.states.len() < 2 {
            return Ok(Vec::new());
        }
        let mut openings = told(&self.states, cells(&self.states), key, &self.past, assessor)?;
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
        Ok(openings)
    }
}

/// What all tracks have in common.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) sets: Sets,
    pub(super) edits: Edits,
}
