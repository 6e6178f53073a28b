//! The smallest things that have a history of their own: one reach, one certainty, one front, protocols and ports that no
//! state of a target tells apart.
//!
//! Only what comes and goes is looked at: a thousand ports that open one after the other are a thousand changes, and not a
//! thousand ports in each of a thousand states.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::{Front, Reach};
use packet::{PortRange, PortSet, ProtocolSet};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::exposure::Certainty;

use super::family;
use super::reached::Reached;
use super::track::State;

/// Ways that are told apart. `None`: not seen from outside, or not known where; of an exposure with fronts of one family the
/// other may be.
pub(super) type Column = (Reach, Certainty, Option<Front>);

/// A cell with who reached it, state by state.
pub(super) struct Cell<'s> {
    pub(super) column: Column,
    pub(super) protocols: ProtocolSet,
    /// Everything where no state tells ports apart.
    pub(super) ports: PortSet,
    /// What leads here from a state on, until the next.
    pub(super) leading: Vec<(usize, Here<'s>)>,
}

/// What of one state leads to one cell.
pub(super) type Here<'s> = Vec<&'s Arc<Reached>>;

impl<'s> Cell<'s> {
    /// What leads here from a state on in which that changed.
    pub(super) fn at(&self, state: usize) -> &[&'s Arc<Reached>] {
        let found = self.leading.binary_search_by_key(&state, |(number, _)| *number);
        found.ok().and_then(|found| self.leading.get(found)).map_or(&[], |(_, here)| here)
    }
}

/// All cells of a target.
pub(super) fn cells(states: &[State]) -> Vec<Cell<'_>> {
    let turns = Turn::all(states);
    let come = || turns.iter().flat_map(|turn| &turn.come).copied();
    let columns: BTreeSet<Column> = come().flat_map(|reached| columns_of(reached)).collect();
    let mut all = Vec::new();
    for column in columns {
        let here: Vec<&Arc<Reached>> = come().filter(|reached| is_in(reached, &column)).collect();
        for protocols in classes(&here) {
            all.extend(cells_of(states, &turns, &here, &column, protocols));
        }
    }
    all
}

/// What came and went with one state.
struct Turn<'s> {
    come: Here<'s>,
    gone: Here<'s>,
}

impl<'s> Turn<'s> {
    fn all(states: &'s [State]) -> Vec<Self> {
        let mut before: &[Arc<Reached>] = &[];
        let turn =
            |state: &'s State| Self::between(std::mem::replace(&mut before, &state.reached), &state.reached);
        states.iter().map(turn).collect()
    }

    fn between(before: &'s [Arc<Reached>], now: &'s [Arc<Reached>]) -> Self {
        let is_one = |(one, other): &(&Arc<Reached>, &Arc<Reached>)| Arc::ptr_eq(one, other);
        let start = before.iter().zip(now).take_while(is_one).count();
        let (before, now) = (before.get(start..).unwrap_or_default(), now.get(start..).unwrap_or_default());
        let end = before.iter().rev().zip(now.iter().rev()).take_while(is_one).count();
        let [before, now] = [before, now].map(|all| all.get(..all.len() - end).unwrap_or_default());
        let [known, own] = [before, now].map(|all| all.iter().map(Arc::as_ptr).collect::<FxHashSet<_>>());
        Self {
            come: now.iter().filter(|one| !known.contains(&Arc::as_ptr(one))).collect(),
            gone: before.iter().filter(|one| !own.contains(&Arc::as_ptr(one))).collect(),
        }
    }
}

fn columns_of(reached: &Reached) -> Vec<Column> {
    let shape = &reached.shape;
    let at = |front: Option<Front>| (shape.reach, shape.certainty, front);
    match shape.fronts.as_slice() {
        [] => vec![at(None)],
        fronts => {
            let unseen = family::unseen(reached).map(|_| at(None));
            fronts.iter().map(|entrance| at(Some(entrance.front.clone()))).chain(unseen).collect()
        }
    }
}

fn is_in(reached: &Reached, (reach, certainty, front): &Column) -> bool {
    let shape = &reached.shape;
    shape.reach == *reach
        && shape.certainty == *certainty
        && match front {
            None => shape.fronts.is_empty() || family::unseen(reached).is_some(),
            Some(front) => shape.fronts.iter().any(|entrance| entrance.front == *front),
        }
}

/// The cells of a column and a class of protocols; `here` is all that ever led to the column.
fn cells_of<'s>(
    states: &'s [State],
    turns: &[Turn<'s>],
    here: &[&'s Arc<Reached>],
    column: &Column,
    protocols: ProtocolSet,
) -> Vec<Cell<'s>> {
    let is_own = |reached: &&&Arc<Reached>| protocols.is_subset(reached.shape.protocols);
    let starts = starts(here.iter().filter(is_own).copied());
    let own: FxHashSet<*const Reached> = here.iter().filter(is_own).map(|one| Arc::as_ptr(one)).collect();
    let mut stretches: Vec<Stretch<'s>> = starts.iter().map(|_| Stretch::default()).collect();
    for (number, (turn, state)) in turns.iter().zip(states).enumerate() {
        let mut moved: BTreeSet<usize> = BTreeSet::new();
        for (reached, comes) in
            turn.gone.iter().map(|gone| (*gone, false)).chain(turn.come.iter().map(|come| (*come, true)))
        {
            if !own.contains(&Arc::as_ptr(reached)) {
                continue;
            }
            for covered in covered(reached, &starts) {
                for (place, stretch) in covered.clone().zip(stretches.get_mut(covered).unwrap_or_default()) {
                    stretch.turn(reached, comes);
                    moved.insert(place);
                }
            }
        }
        let mut places = Places { state, known: None };
        for place in moved {
            if let Some(stretch) = stretches.get_mut(place) {
                stretch.note(number, &mut places);
            }
        }
    }
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([u16::MAX]);
    let cells = starts.iter().zip(ends).zip(stretches).filter(|(_, stretch)| !stretch.leading.is_empty());
    let cell = |((start, end), stretch): ((&u16, u16), Stretch<'s>)| Cell {
        column: column.clone(),
        protocols,
        ports: PortRange::new(*start, end).into_iter().collect(),
        leading: stretch.leading,
    };
    cells.map(cell).collect()
}

/// A stretch of ports, as the states go by.
#[derive(Default)]
struct Stretch<'s> {
    now: Here<'s>,
    leading: Vec<(usize, Here<'s>)>,
}

impl<'s> Stretch<'s> {
    fn turn(&mut self, reached: &'s Arc<Reached>, comes: bool) {
        match comes {
            true => self.now.push(reached),
            false => self.now.retain(|one| !Arc::ptr_eq(one, reached)),
        }
    }

    /// Notes what leads here in a state, in the order of that state.
    fn note(&mut self, number: usize, places: &mut Places<'s>) {
        if self.now.len() > 1 {
            self.now.sort_by_key(|reached| places.of(reached));
        }
        self.leading.push((number, self.now.clone()));
    }
}

/// Where things stand in a state.
struct Places<'s> {
    state: &'s State,
    known: Option<FxHashMap<*const Reached, usize>>,
}

impl Places<'_> {
    fn of(&mut self, reached: &Arc<Reached>) -> Option<usize> {
        let state = self.state;
        let known = self.known.get_or_insert_with(|| {
            state.reached.iter().enumerate().map(|(place, one)| (Arc::as_ptr(one), place)).collect()
        });
        known.get(&Arc::as_ptr(reached)).copied()
    }
}

/// The stretches that the ports of an exposure cover.
fn covered(reached: &Reached, starts: &[u16]) -> Vec<core::ops::Range<usize>> {
    let ports = &reached.shape.ports;
    let whole = [(0, u16::MAX)];
    let spans = if ports.is_empty() { &whole[..] } else { ports.spans() };
    let range = |&(first, last): &(u16, u16)| {
        starts.partition_point(|start| *start < first)..starts.partition_point(|start| *start <= last)
    };
    spans.iter().map(range).collect()
}

/// Protocols that no exposure tells apart.
fn classes(reached: &[&Arc<Reached>]) -> Vec<ProtocolSet> {
    let met: BTreeSet<ProtocolSet> = reached.iter().map(|reached| reached.shape.protocols).collect();
    let mut classes: Vec<ProtocolSet> = Vec::new();
    for mut left in met {
        let mut next = Vec::with_capacity(classes.len() + 2);
        for class in classes {
            let both = class.intersection(left);
            left = left.difference(class);
            next.extend([both, class.difference(both)].into_iter().filter(|part| !part.is_empty()));
        }
        next.extend(Some(left).filter(|left| !left.is_empty()));
        classes = next;
    }
    classes
}

/// Where ports are cut.
fn starts<'s>(reached: impl Iterator<Item = &'s Arc<Reached>>) -> Vec<u16> {
    let mut starts = vec![0];
    for reached in reached {
        let spans = reached.shape.ports.spans().iter();
        starts.extend(spans.flat_map(|&(first, last)| [Some(first), last.checked_add(1)]).flatten());
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}
