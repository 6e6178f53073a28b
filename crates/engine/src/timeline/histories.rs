//! From cells to openings: cells with equal histories are one opening.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use model::Name;
use packet::AddressSet;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256};

use crate::assessor::{Assessor, Contradiction};
use crate::exposure::{Certainty, Exposure, Fingerprint, Sources};

use super::cells::Cell;
use super::family::{self, Side};
use super::opening::{Cause, ChangeEffect, Opening, Step};
use super::past::{At, Past};
use super::reached::Reached;
use super::restricted::{Part, restricted};
use super::runs::{Run, runs_of};
use super::track::State;

/// What cells come to.
pub(super) fn told(
    states: &[State],
    cells: Vec<Cell<'_>>,
    key: &Name,
    past: &Past,
    assessor: &mut Assessor,
) -> Result<Vec<Opening>, Contradiction> {
    let mut runs: BTreeMap<Run, Vec<Arc<Cell<'_>>>> = BTreeMap::new();
    for cell in cells {
        let cell = Arc::new(cell);
        for run in runs_of(&cell).into_iter().filter(Run::is_moved) {
            runs.entry(run).or_default().push(Arc::clone(&cell));
        }
    }
    let exposures = again(past, runs.keys().map(|run| run.widest.1).collect(), assessor)?;
    let all = runs.iter().filter_map(|(run, cells)| {
        let whole = exposures.get(&run.widest.1)?;
        Some(openings(states, run, cells, whole, key))
    });
    Ok(all.flatten().collect())
}

/// Exposures of the past, made again from the target as it was.
fn again(
    past: &Past,
    wanted: BTreeSet<At>,
    assessor: &mut Assessor,
) -> Result<FxHashMap<At, Exposure>, Contradiction> {
    let mut versions: Vec<u32> = wanted.iter().map(|at| at.version).collect();
    versions.dedup();
    let mut exposures = FxHashMap::default();
    past.tell(versions.into_iter(), |version, target| {
        let mut place = 0;
        assessor.assess(target, &mut |exposure, _| {
            let at = At { version, place };
            if wanted.contains(&at) {
                exposures.insert(at, exposure);
            }
            place += 1;
        })
    })?;
    Ok(exposures)
}

/// The openings of one run: several where one exposure was told of more than what shares this history.
fn openings(
    states: &[State],
    run: &Run,
    cells: &[Arc<Cell<'_>>],
    whole: &Exposure,
    key: &Name,
) -> Vec<Opening> {
    let Some(first) = cells.first() else { return Vec::new() };
    let (state, widest) = run.widest;
    let Some(widest) = first.at(state).iter().find(|one| one.at == widest) else { return Vec::new() };
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
    let shown = restricted(&family::exposure(whole, widest, family), &parts);
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
                    || Arc::clone(&widest.set.addresses),
                    |family| Arc::new(widest.set.addresses.only(family)),
                ),
                latest: latest(run, first, side),
            }
        })
        .collect()
}

fn sources_at(cell: &Cell<'_>, number: usize, side: Side<'_>) -> Option<Arc<Sources>> {
    let sources = cell.at(number).iter().map(|one| family::sources(one, side.family(one)));
    // Several ways to one cell are told one by one: the widest is shown.
    sources.max_by_key(|sources| sources.grade())
}

fn latest(run: &Run, cell: &Cell<'_>, side: Side<'_>) -> Option<Arc<Sources>> {
    run.marks.last().and_then(|(number, _)| sources_at(cell, *number, side))
}

fn steps(states: &[State], run: &Run, cell: &Cell<'_>, side: Side<'_>) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut before: Option<Who> = None;
    for (number, _) in &run.marks {
        let Some(state) = states.get(*number) else { continue };
        let who = Who::of(cell.at(*number), side);
        let effect = match &before {
            None => state.opens,
            // Others keep it open as well.
            Some(before) if who.is_within(before) && before.is_within(&who) => ChangeEffect::None,
            // Where some came and others went, it is wider than it was for those who came.
            Some(before) if who.is_within(before) => ChangeEffect::Narrows,
            Some(_) => ChangeEffect::Widens,
        };
        if let Some(cause) = &state.cause {
            steps.push(Step { cause: Arc::clone(cause), effect, sources: sources_at(cell, *number, side) });
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

/// Who gets in, as one set.
struct Who {
    addresses: AddressSet,
    tags: Vec<Name>,
}

impl Who {
    fn of(here: &[&Arc<Reached>], side: Side<'_>) -> Self {
        let mut who = Self { addresses: AddressSet::empty(), tags: Vec::new() };
        for one in here {
            let seen = match side.family(one) {
                None => AddressSet::clone(&one.set.addresses),
                Some(family) => one.set.addresses.only(family),
            };
            who.addresses = if who.addresses.is_empty() { seen } else { who.addresses.union(&seen) };
            who.tags.extend(one.set.sources.tags.iter().cloned());
        }
        who
    }

    fn is_within(&self, other: &Self) -> bool {
        self.addresses.is_subset(&other.addresses) && self.tags.iter().all(|tag| other.tags.contains(tag))
    }
}

fn fingerprint(exposure: &Exposure, run: &Run, opened: Option<&Cause>, key: &Name) -> Fingerprint {
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
