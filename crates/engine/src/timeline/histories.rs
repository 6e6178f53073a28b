//! From cells to openings: a cell's history is cut where nobody gets in, and cells with equal histories are one opening.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Name, Reach};
use packet::{AddressSet, Family};
use sha2::{Digest, Sha256};

use crate::exposure::{Certainty, Exposure, Fingerprint, Sources};

use super::cells::Cell;
use super::opening::{ChangeEffect, Opening, Step};
use super::restricted::{Part, restricted};
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
    let mut runs: BTreeMap<Run, Vec<Cell>> = BTreeMap::new();
    for cell in cells {
        for run in runs_of(states, &cell) {
            let Cell { column, protocols, ports, .. } = &cell;
            let part = Cell {
                column: column.clone(),
                protocols: *protocols,
                ports: ports.clone(),
                by_state: cell.by_state.clone(),
            };
            runs.entry(run).or_default().push(part);
        }
    }
    let is_moved = |run: &Run| run.marks.iter().any(|(state, _)| *state > 0) || run.end.is_some();
    runs.into_iter()
        .filter(|(run, _)| is_moved(run))
        .flat_map(|(run, cells)| openings(states, &run, &cells, key))
        .collect()
}

fn runs_of(states: &[State], cell: &Cell) -> Vec<Run> {
    let (reach, certainty, _) = cell.column;
    let mut runs = Vec::new();
    let mut current: Option<Run> = None;
    let mut best = Size::default();
    for (number, positions) in cell.by_state.iter().enumerate() {
        let Some(state) = states.get(number) else { continue };
        let Some(&first) = positions.first() else {
            runs.extend(current.take().map(|run| Run { end: Some(number), ..run }));
            continue;
        };
        let digests = digests(state, positions);
        let size = Size::of(state, positions);
        match &mut current {
            None => {
                best = size;
                current = Some(Run {
                    reach,
                    certainty,
                    marks: vec![(number, digests)],
                    end: None,
                    widest: (number, first),
                });
            }
            Some(run) => {
                if run.marks.last().is_none_or(|(_, last)| *last != digests) {
                    run.marks.push((number, digests));
                }
                if size > best {
                    best = size;
                    run.widest = (number, first);
                }
            }
        }
    }
    runs.extend(current);
    runs
}

fn reached<'s>(state: &'s State, positions: &[usize]) -> impl Iterator<Item = &'s Reached> {
    positions.iter().filter_map(|position| state.reached.get(*position))
}

fn digests(state: &State, positions: &[usize]) -> Vec<[u8; 32]> {
    let mut digests: Vec<[u8; 32]> =
        reached(state, positions).map(|one| one.exposure.sources.digest).collect();
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
    fn of(state: &State, positions: &[usize]) -> Self {
        let mut who = Self { addresses: AddressSet::empty(), tags: Vec::new() };
        for one in reached(state, positions) {
            who.addresses = match who.addresses.is_empty() {
                true => AddressSet::clone(&one.addresses),
                false => who.addresses.union(&one.addresses),
            };
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
    fn of(state: &State, positions: &[usize]) -> Self {
        let mut most = Self::default();
        for one in reached(state, positions) {
            let [v4, v6] = Family::BOTH.map(|family| one.addresses.count(family).saturating());
            most = most.max(Self { v4, v6, tags: one.exposure.sources.tags.len() });
        }
        most
    }
}

/// The openings of one run: several where one exposure was told of more than what shares this history.
fn openings(states: &[State], run: &Run, cells: &[Cell], key: &Name) -> Vec<Opening> {
    let (state, position) = run.widest;
    let Some(widest) = states.get(state).and_then(|state| state.reached.get(position)) else {
        return Vec::new();
    };
    let Some(first) = cells.first() else { return Vec::new() };
    let steps = steps(states, run, first);
    let at = |number: usize| states.get(number).and_then(|state| state.cause.clone());
    let begin = run.marks.first().map_or(0, |(number, _)| *number);
    let opened = at(begin);
    let last = run.end.unwrap_or(states.len());
    let lived = || states.iter().take(last.saturating_add(1)).skip(begin);
    let is_doubtful = lived().any(|state| state.is_doubtful);
    let parts = cells.iter().map(|cell| Part {
        front: cell.column.2.as_ref(),
        protocols: cell.protocols,
        ports: &cell.ports,
    });
    let parts: Vec<Part<'_>> = parts.collect();
    let shown = restricted(&widest.exposure, &parts);
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
                addresses: Arc::clone(&widest.addresses),
                latest: latest(states, run, first),
            }
        })
        .collect()
}

fn sources_at(states: &[State], cell: &Cell, number: usize) -> Option<Arc<Sources>> {
    let positions = cell.by_state.get(number)?;
    let sources = reached(states.get(number)?, positions).map(|one| &one.exposure.sources);
    // Several ways to one cell are told one by one: the widest is shown.
    sources.max_by_key(|sources| sources.grade()).cloned()
}

fn latest(states: &[State], run: &Run, cell: &Cell) -> Option<Arc<Sources>> {
    run.marks.last().and_then(|(number, _)| sources_at(states, cell, *number))
}

fn steps(states: &[State], run: &Run, cell: &Cell) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before: Option<Who> = None;
    for (number, _) in &run.marks {
        let (Some(state), Some(positions)) = (states.get(*number), cell.by_state.get(*number)) else {
            continue;
        };
        let who = Who::of(state, positions);
        let effect = match &before {
            None => state.opens,
            // Where some came and others went, it is wider than it was for those who came.
            Some(before) if who.is_within(before) => ChangeEffect::Narrows,
            Some(_) => ChangeEffect::Widens,
        };
        if let Some(cause) = &state.cause {
            steps.push(Step { cause: Arc::clone(cause), effect, sources: sources_at(states, cell, *number) });
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
