//! The smallest things that have a history of their own: one reach, one certainty, one front, protocols and ports that no
//! state of a target tells apart.

use std::collections::BTreeSet;

use model::{Front, Reach};
use packet::{PortRange, PortSet, ProtocolSet};

use crate::exposure::Certainty;

use super::family;
use super::track::{Reached, State};

/// Ways that are told apart. `None`: not seen from outside, or not known where; of an exposure with fronts of one family the
/// other may be.
pub(super) type Column = (Reach, Certainty, Option<Front>);

/// A cell with who reached it, state by state.
pub(super) struct Cell {
    pub(super) column: Column,
    pub(super) protocols: ProtocolSet,
    /// Everything where no state tells ports apart.
    pub(super) ports: PortSet,
    /// For each state the positions of its exposures that lead here.
    pub(super) by_state: Vec<Vec<usize>>,
}

/// All cells of a target.
pub(super) fn cells(states: &[State]) -> Vec<Cell> {
    let columns: BTreeSet<Column> =
        states.iter().flat_map(|state| &state.reached).flat_map(|reached| columns_of(reached)).collect();
    columns.into_iter().flat_map(|column| cells_of(states, &column)).collect()
}

fn columns_of(reached: &Reached) -> Vec<Column> {
    let exposure = &reached.exposure;
    let at = |front: Option<Front>| (exposure.reach, exposure.certainty, front);
    match exposure.fronts.as_slice() {
        [] => vec![at(None)],
        fronts => {
            let unseen = family::unseen(reached).map(|_| at(None));
            fronts.iter().map(|entrance| at(Some(entrance.front.clone()))).chain(unseen).collect()
        }
    }
}

fn is_in(reached: &Reached, (reach, certainty, front): &Column) -> bool {
    let exposure = &reached.exposure;
    exposure.reach == *reach
        && exposure.certainty == *certainty
        && match front {
            None => exposure.fronts.is_empty() || family::unseen(reached).is_some(),
            Some(front) => exposure.fronts.iter().any(|entrance| entrance.front == *front),
        }
}

fn cells_of(states: &[State], column: &Column) -> Vec<Cell> {
    let reached = || states.iter().flat_map(|state| &state.reached).map(|reached| &**reached);
    let here = || reached().filter(|reached| is_in(reached, column));
    let mut cells = Vec::new();
    for protocols in classes(here()) {
        let starts = starts(here().filter(|reached| protocols.is_subset(reached.exposure.protocols)));
        let mut all = leading(states, column, protocols, &starts);
        for (number, &start) in starts.iter().enumerate() {
            let end = starts.get(number + 1).map_or(u16::MAX, |next| next - 1);
            let by_state = all.get_mut(number).map(std::mem::take).unwrap_or_default();
            if by_state.iter().any(|positions| !positions.is_empty()) {
                let ports = PortRange::new(start, end).into_iter().collect();
                cells.push(Cell { column: column.clone(), protocols, ports, by_state });
            }
        }
    }
    cells
}

/// For each stretch of ports that begins at one of `starts`, for each state, the positions of the exposures that lead there.
///
/// Every exposure is laid over the stretches it covers: a thousand ports that open one after the other would else be compared
/// each with each in every state.
fn leading(
    states: &[State],
    column: &Column,
    protocols: ProtocolSet,
    starts: &[u16],
) -> Vec<Vec<Vec<usize>>> {
    let mut all = vec![vec![Vec::new(); states.len()]; starts.len()];
    for (number, state) in states.iter().enumerate() {
        for (position, reached) in state.reached.iter().enumerate() {
            let exposure = &reached.exposure;
            if !is_in(reached, column) || !protocols.is_subset(exposure.protocols) {
                continue;
            }
            let whole = [(0, u16::MAX)];
            let spans = if exposure.ports.is_empty() { &whole[..] } else { exposure.ports.spans() };
            for (first, last) in spans {
                let begin = starts.partition_point(|start| start < first);
                let end = starts.partition_point(|start| start <= last);
                let cells = all.get_mut(begin..end).unwrap_or_default();
                cells.iter_mut().filter_map(|states| states.get_mut(number)).for_each(|at| at.push(position));
            }
        }
    }
    all
}

/// Protocols that no exposure tells apart.
fn classes<'s>(reached: impl Iterator<Item = &'s Reached>) -> Vec<ProtocolSet> {
    let mut classes: Vec<ProtocolSet> = Vec::new();
    for reached in reached {
        let mut left = reached.exposure.protocols;
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
fn starts<'s>(reached: impl Iterator<Item = &'s Reached>) -> Vec<u16> {
    let mut starts = vec![0];
    for reached in reached {
        let spans = reached.exposure.ports.spans().iter();
        starts.extend(spans.flat_map(|&(first, last)| [Some(first), last.checked_add(1)]).flatten());
    }
    starts.sort_unstable();
    starts.dedup();
    starts
}
