//! From cells to openings: a cell's history is cut where nobody gets in, and cells with equal histories are one opening.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::{Name, Reach, Rule};
use packet::{AddressSet, Family};
use sha2::{Digest, Sha256};

use crate::exposure::{Certainty, Exposure, Fingerprint, Sources};

use super::cells::Cell;
use super::family::{self, Side};
use super::opening::{ChangeEffect, Opening, Step};
use super::restricted::{Part, meets, restricted};
use super::track::{Reached, State};

/// A stretch of a history in which somebody gets in: for each state of it, where something moves, the digests of who.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Run {
    reach: Reach,
    certainty: Certainty,
    /// The states in which the source set changes, and to whom; the first is where it begins.
    marks: Vec<(usize, Vec<[u8; 32]>)>,
    /// The state that ends it.
    end: Option<usize>,
    /// The state in which it is widest first, and the exposure there.
    widest: (usize, usize),
}

/// What cells come to.
pub(super) fn told(states: &[State], cells: Vec<Cell>, key: &Name) -> Vec<Opening> {
    let mut runs: BTreeMap<Run, Vec<Arc<Cell>>> = BTreeMap::new();
    for cell in cells {
        let cell = Arc::new(cell);
        for run in runs_of(states, &cell) {
            runs.entry(run).or_default().push(Arc::clone(&cell));
        }
    }
    // What was open before, and is open to the same by one rule more, was not moved.
    let is_moved = |run: &Run| {
        let later = run.marks.iter().skip(1);
        run.end.is_some()
            || run.marks.first().is_some_and(|(state, _)| *state > 0)
            || run.marks.iter().zip(later).any(|((_, before), (_, after))| before != after)
    };
    runs.into_iter()
        .filter(|(run, _)| is_moved(run))
        .flat_map(|(run, cells)| openings(states, &run, &cells, key))
        .collect()
}

fn runs_of(states: &[State], cell: &Cell) -> Vec<Run> {
    let (reach, certainty, front) = &cell.column;
    let (reach, certainty) = (*reach, *certainty);
    let side = Side::of(front.as_ref());
    let mut runs = Vec::new();
    let mut current: Option<Run> = None;
    let mut best = Size::default();
    // What is marked is all who are let in, so that fronts of both families that one change opens are one run; a mark is
    // set where who is seen at this front is others.
    let mut seen = Vec::new();
    for (number, positions) in cell.by_state.iter().enumerate() {
        let Some(state) = states.get(number) else { continue };
        let Some((size, widest)) = Size::of(state, positions, side) else {
            runs.extend(current.take().map(|run| Run { end: Some(number), ..run }));
            continue;
        };
        let all = digests(state, positions, Side::Whole);
        let last = std::mem::replace(&mut seen, digests(state, positions, side));
        match &mut current {
            None => {
                best = size;
                current = Some(Run {
                    reach,
                    certainty,
                    marks: vec![(number, all)],
                    end: None,
                    widest: (number, widest),
                });
            }
            Some(run) => {
                if last != seen || joins(states, cell, number) {
                    run.marks.push((number, all));
                }
                if size > best {
                    best = size;
                    run.widest = (number, widest);
                }
            }
        }
    }
    runs.extend(current);
    runs
}

fn reached<'s>(state: &'s State, positions: &[usize]) -> impl Iterator<Item = &'s Reached> {
    positions.iter().filter_map(|position| state.reached.get(*position).map(|reached| &**reached))
}

/// Whether a rule came that lets in who got in already: whoever wrote it keeps open what is open.
fn joins(states: &[State], cell: &Cell, number: usize) -> bool {
    let Some(before) = number.checked_sub(1) else { return false };
    let at = |number: usize| {
        let positions = cell.by_state.get(number).map_or(&[][..], Vec::as_slice);
        let state = states.get(number);
        positions.iter().filter_map(move |position| state?.reached.get(*position))
    };
    // What is as it was is kept once.
    if at(number).all(|now| at(before).any(|was| Arc::ptr_eq(now, was))) {
        return false;
    }
    !rules(states, cell, number).is_subset(&rules(states, cell, before))
}

/// The rules that let into a cell in a state.
fn rules<'s>(states: &'s [State], cell: &Cell, number: usize) -> BTreeSet<(&'s str, &'s str)> {
    let (Some(state), Some(positions)) = (states.get(number), cell.by_state.get(number)) else {
        return BTreeSet::new();
    };
    let side = Side::of(cell.column.2.as_ref());
    let rules = |one: &'s Reached| {
        let family = side.family(one);
        let meets = |rule: &Rule| {
            family.is_none_or(|family| family::lets_in(rule, family))
                && meets(rule, cell.protocols, &cell.ports)
        };
        one.rules(&meets).collect::<Vec<_>>()
    };
    reached(state, positions).flat_map(rules).collect()
}

fn digests(state: &State, positions: &[usize], side: Side<'_>) -> Vec<[u8; 32]> {
    // Who alone is there is the same as when others come in elsewhere.
    let alone = |one: &Reached| match side {
        Side::Whole | Side::At(_) => None,
        Side::Unseen => one.family(),
    };
    let digest = |one: &Reached| one.digest(side.family(one).or_else(|| alone(one)));
    let mut digests: Vec<[u8; 32]> = reached(state, positions).map(digest).collect();
    digests.sort_unstable();
    digests.dedup();
    digests
}

/// Who gets in, as one set.
struct Who {
    addresses: AddressSet,
    tags: Vec<Name>,
}

impl Who {
    fn of(state: &State, positions: &[usize], side: Side<'_>) -> Self {
        let mut who = Self { addresses: AddressSet::empty(), tags: Vec::new() };
        for one in reached(state, positions) {
            let seen = match side.family(one) {
                None => AddressSet::clone(&one.addresses),
                Some(family) => one.addresses.only(family),
            };
            who.addresses = if who.addresses.is_empty() { seen } else { who.addresses.union(&seen) };
            who.tags.extend(one.exposure.sources.tags.iter().cloned());
        }
        who
    }

    fn is_within(&self, other: &Self) -> bool {
        self.addresses.is_subset(&other.addresses) && self.tags.iter().all(|tag| other.tags.contains(tag))
    }
}

/// How many get in: addresses of either family, then pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    v4: u128,
    v6: u128,
    tags: usize,
}

impl Size {
    /// Of the exposures at these positions the largest, and the first position that has it.
    fn of(state: &State, positions: &[usize], side: Side<'_>) -> Option<(Self, usize)> {
        let mut most: Option<(Self, usize)> = None;
        for (position, one) in positions.iter().zip(reached(state, positions)) {
            let family = side.family(one);
            let is_seen = |own: Family| family.is_none_or(|family| family == own);
            let count = |own: Family| if is_seen(own) { one.addresses.count(own).saturating() } else { 0 };
            let [v4, v6] = Family::BOTH.map(count);
            let size = Self { v4, v6, tags: one.exposure.sources.tags.len() };
            if most.is_none_or(|(most, _)| size > most) {
                most = Some((size, *position));
            }
        }
        most
    }
}

/// The openings of one run: several where one exposure was told of more than what shares this history.
fn openings(states: &[State], run: &Run, cells: &[Arc<Cell>], key: &Name) -> Vec<Opening> {
    let (state, position) = run.widest;
    let Some(widest) = states.get(state).and_then(|state| state.reached.get(position)) else {
        return Vec::new();
    };
    let Some(first) = cells.first() else { return Vec::new() };
    let side = Side::of_all(cells.iter().map(|cell| cell.column.2.as_ref()));
    let family = side.family(widest);
    let steps = steps(states, run, first, side);
    let at = |number: usize| states.get(number).and_then(|state| state.cause.clone());
    let begin = run.marks.first().map_or(0, |(number, _)| *number);
    let opened = at(begin);
    let last = run.end.unwrap_or(states.len());
    let lived = || states.iter().take(last.saturating_add(1)).skip(begin);
    // What is doubtful about another port of the target says nothing of this.
    let moved = run.marks.iter().map(|(number, _)| *number).chain(run.end);
    let is_doubtful = moved.filter_map(|number| states.get(number)).any(|state| state.is_doubtful);
    let parts = cells.iter().map(|cell| Part {
        front: cell.column.2.as_ref(),
        protocols: cell.protocols,
        ports: &cell.ports,
    });
    let parts: Vec<Part<'_>> = parts.collect();
    let shown = restricted(&family::exposure(widest, family), &parts);
    shown
        .into_iter()
        .map(|mut exposure| {
            let fingerprint = fingerprint(&exposure, run, opened.as_deref(), key);
            exposure.fingerprint = fingerprint;
            if is_doubtful {
                exposure.certainty = Certainty::Possible;
            }
            Opening {
                fingerprint,
                exposure,
                opened: opened.clone(),
                closed: run.end.and_then(at),
                steps: steps.clone(),
                is_partial: lived().any(|state| state.is_partial),
                expected: None,
                addresses: family.map_or_else(
                    || Arc::clone(&widest.addresses),
                    |family| Arc::new(widest.addresses.only(family)),
                ),
                latest: latest(states, run, first, side),
            }
        })
        .collect()
}

fn sources_at(states: &[State], cell: &Cell, number: usize, side: Side<'_>) -> Option<Arc<Sources>> {
    let positions = cell.by_state.get(number)?;
    let sources = reached(states.get(number)?, positions).map(|one| family::sources(one, side.family(one)));
    // Several ways to one cell are told one by one: the widest is shown.
    sources.max_by_key(|sources| sources.grade())
}

fn latest(states: &[State], run: &Run, cell: &Cell, side: Side<'_>) -> Option<Arc<Sources>> {
    run.marks.last().and_then(|(number, _)| sources_at(states, cell, *number, side))
}

fn steps(states: &[State], run: &Run, cell: &Cell, side: Side<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before: Option<Who> = None;
    for (number, _) in &run.marks {
        let (Some(state), Some(positions)) = (states.get(*number), cell.by_state.get(*number)) else {
            continue;
        };
        let who = Who::of(state, positions, side);
        let effect = match &before {
            None => state.opens,
            // Others keep it open as well.
            Some(before) if who.is_within(before) && before.is_within(&who) => ChangeEffect::None,
            // Where some came and others went, it is wider than it was for those who came.
            Some(before) if who.is_within(before) => ChangeEffect::Narrows,
            Some(_) => ChangeEffect::Widens,
        };
        if let Some(cause) = &state.cause {
            steps.push(Step {
                cause: Arc::clone(cause),
                effect,
                sources: sources_at(states, cell, *number, side),
            });
        }
        before = Some(who);
    }
    let end = run.end.and_then(|number| states.get(number)).and_then(|state| state.cause.as_ref());
    steps.extend(end.map(|cause| Step {
        cause: Arc::clone(cause),
        effect: ChangeEffect::Closes,
        sources: None,
    }));
    steps
}

fn fingerprint(exposure: &Exposure, run: &Run, opened: Option<&super::Cause>, key: &Name) -> Fingerprint {
    let mut hash = Sha256::new();
    let mut text = |text: &str| {
        hash.update(text.as_bytes());
        hash.update([0]);
    };
    text("opening");
    text(exposure.target.cloud);
    text(key);
    text(run.reach.word());
    text(run.certainty.word());
    text(&exposure.protocol.map_or_else(String::new, |protocol| protocol.0.to_string()));
    for &(first, last) in exposure.ports.spans() {
        text(&format!("{first}-{last}"));
    }
    for entrance in &exposure.fronts {
        text(&entrance.front.id);
        text(&entrance.front.address.map_or_else(String::new, |address| address.to_string()));
    }
    text(&opened.map_or_else(String::new, |cause| format!("{} {}", cause.at, cause.event)));
    Fingerprint(hash.finalize().into())
}
