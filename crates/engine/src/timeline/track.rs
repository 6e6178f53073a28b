//! What was reached at one target, after each change that moved something.

use std::sync::Arc;

use model::{Name, Rule, Target};
use packet::{AddressSet, Family};
use rustc_hash::FxHashMap;

use crate::exposure::{Admission, Certainty, Entrance, Exposure, Fingerprint, Sources};

use super::cells::cells;
use super::family;
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
    /// What was reached before in the same way is kept as it was then: nobody asks for more of it.
    pub(super) reached: Vec<Arc<Reached>>,
}

/// One exposure with its exact sources.
pub(super) struct Reached {
    pub(super) exposure: Exposure,
    pub(super) addresses: Arc<AddressSet>,
    /// Of each family of these.
    digests: [[u8; 32]; 2],
}

/// Every set of sources that was met, once, by its digest.
#[derive(Default)]
pub(super) struct Sets(FxHashMap<[u8; 32], Set>);

struct Set {
    sources: Arc<Sources>,
    addresses: Arc<AddressSet>,
    digests: [[u8; 32]; 2],
}

impl Sets {
    /// An exposure that shares its sources with others.
    pub(super) fn reached(&mut self, exposure: Exposure, addresses: &AddressSet) -> Reached {
        let set = self.0.entry(exposure.sources.digest).or_insert_with(|| Set {
            sources: Arc::clone(&exposure.sources),
            addresses: Arc::new(addresses.clone()),
            digests: family::digests(addresses, &exposure.sources.tags),
        });
        let Set { sources, addresses, digests } = set;
        let exposure = Exposure { sources: Arc::clone(sources), ..exposure };
        Reached { exposure, addresses: Arc::clone(addresses), digests: *digests }
    }
}

impl Reached {
    /// Whether both let in the same in the same way, by the same rules.
    fn is_alike(&self, other: &Self) -> bool {
        let (one, other) = (&self.exposure, &other.exposure);
        one.reach == other.reach
            && one.certainty == other.certainty
            && one.protocols == other.protocols
            && one.ports == other.ports
            && one.fronts == other.fronts
            && one.sources.digest == other.sources.digest
            && one.opened_by.len() == other.opened_by.len()
            && one.opened_by.iter().zip(&other.opened_by).all(|(one, other)| is_same_rule(one, other))
    }

    /// A digest of who sends with a family; of all without one.
    pub(super) fn digest(&self, family: Option<Family>) -> [u8; 32] {
        match family {
            Some(Family::V4) => self.digests[0],
            Some(Family::V6) => self.digests[1],
            None => self.exposure.sources.digest,
        }
    }

    /// The one family that all send with who are known by address; `None` where there are both, or none.
    pub(super) fn family(&self) -> Option<Family> {
        let is_empty = Family::BOTH.map(|family| self.addresses.is_empty_in(family));
        match is_empty {
            [false, true] => Some(Family::V4),
            [true, false] => Some(Family::V6),
            _ => None,
        }
    }
}

impl Reached {
    /// The rules of some kind that let some of it in: the list of each, and its name.
    pub(super) fn rules<'r>(
        &'r self,
        is_it: &dyn Fn(&Rule) -> bool,
    ) -> impl Iterator<Item = (&'r str, &'r str)> {
        self.exposure.opened_by.iter().filter_map(|admission| {
            let rule = admission.stated().filter(|rule| is_it(rule))?;
            Some((&*admission.list.id, &*rule.name))
        })
    }
}

/// Whether both are one rule that says the same, wherever it stands.
fn is_same_rule(one: &Admission, other: &Admission) -> bool {
    let (Some(own), Some(others)) = (one.stated(), other.stated()) else { return false };
    one.list.id == other.list.id && own.name == others.name && own.matches == others.matches
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

    pub(super) fn add(&mut self, reached: Reached) {
        self.reached.push(Arc::new(reached));
    }

    /// Keeps what was reached before in the place of what is alike.
    ///
    /// Of a history the exposure is told where somebody gets in first, and where more do than ever before in it. What was
    /// there in the state before is neither.
    fn share(&mut self, before: &Self) {
        let mark = |reached: &Reached| (reached.exposure.fingerprint, reached.exposure.certainty);
        let known: FxHashMap<(Fingerprint, Certainty), &Arc<Reached>> =
            before.reached.iter().map(|reached| (mark(reached), reached)).collect();
        for reached in &mut self.reached {
            if let Some(known) = known.get(&mark(reached)).filter(|known| known.is_alike(reached)) {
                *reached = Arc::clone(known);
            }
        }
    }

    /// What tells it from another state: rules may differ, as long as they let in the same.
    fn signs(&self) -> impl Iterator<Item = (Fingerprint, Certainty, &[Entrance])> {
        self.reached.iter().map(|reached| {
            let exposure = &reached.exposure;
            (exposure.fingerprint, exposure.certainty, exposure.fronts.as_slice())
        })
    }
}

impl State {
    /// The rules that let in, exposure by exposure.
    fn rules(&self) -> impl Iterator<Item = Vec<(&str, &str)>> {
        self.reached.iter().map(|reached| reached.rules(&|_| true).collect())
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

    /// Adds a state, if it is another one than that before; says whether other packets get in. Where only the rules are
    /// others, whoever wrote these keeps open what is open.
    pub(super) fn add(&mut self, mut state: State, target: Option<Arc<Target>>) -> bool {
        self.target = target;
        let moved = self.states.last().is_none_or(|last| !last.signs().eq(state.signs()));
        if let Some(last) = self.states.last() {
            state.share(last);
        }
        if moved {
            self.states.push(state);
        } else if self.states.last().is_some_and(|last| !last.rules().eq(state.rules())) {
            // In whichever order: the same get in.
            state.is_doubtful = false;
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
