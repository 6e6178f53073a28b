//! The history of a cell, cut where nobody gets in.

use std::collections::BTreeSet;
use std::sync::Arc;

use model::Reach;
use packet::Family;

use crate::exposure::Certainty;

use super::cells::{Cell, Here};
use super::family::Side;
use super::past::At;
use super::reached::Reached;

/// A stretch of a history in which somebody gets in: for each state of it, where something moves, the digests of who.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Run {
    pub(super) reach: Reach,
    pub(super) certainty: Certainty,
    /// The states in which the source set changes, and to whom; the first is where it begins.
    pub(super) marks: Vec<(usize, Vec<[u8; 32]>)>,
    /// The state that ends it.
    pub(super) end: Option<usize>,
    /// The state in which it is widest first, and the exposure there.
    pub(super) widest: (usize, At),
}

impl Run {
    /// Whether a change moved it. What was open before, and is open to the same by one rule more, was not moved.
    pub(super) fn is_moved(&self) -> bool {
        let later = self.marks.iter().skip(1);
        self.end.is_some()
            || self.marks.first().is_some_and(|(state, _)| *state > 0)
            || self.marks.iter().zip(later).any(|((_, before), (_, after))| before != after)
    }
}

/// The runs of a cell.
pub(super) fn runs_of(cell: &Cell<'_>) -> Vec<Run> {
    let (reach, certainty, front) = &cell.column;
    let (reach, certainty) = (*reach, *certainty);
    let side = Side::of(front.as_ref());
    let mut runs = Vec::new();
    let mut current: Option<Run> = None;
    let mut best = Size::default();
    // What is marked is all who are let in, so that fronts of both families that one change opens are one run; a mark is
    // set where who is seen at this front is others.
    let mut seen = Vec::new();
    let mut before: &Here<'_> = &Vec::new();
    for (number, here) in &cell.leading {
        let number = *number;
        let before = std::mem::replace(&mut before, here);
        let Some((size, widest)) = Size::of(here, side) else {
            runs.extend(current.take().map(|run| Run { end: Some(number), ..run }));
            continue;
        };
        let last = std::mem::replace(&mut seen, digests(here, side));
        match &mut current {
            None => {
                best = size;
                let marks = vec![(number, digests(here, Side::Whole))];
                current = Some(Run { reach, certainty, marks, end: None, widest: (number, widest) });
            }
            Some(run) => {
                if last != seen || joins(cell, before, here) {
                    run.marks.push((number, digests(here, Side::Whole)));
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

/// Whether a rule came that lets in who got in already: whoever wrote it keeps open what is open.
fn joins(cell: &Cell<'_>, before: &Here<'_>, now: &Here<'_>) -> bool {
    // What is as it was is kept once.
    if now.iter().all(|one| before.iter().any(|was| Arc::ptr_eq(one, was))) {
        return false;
    }
    !rules(cell, now).is_subset(&rules(cell, before))
}

/// The rules that let into a cell in a state.
fn rules<'s>(cell: &Cell<'_>, here: &Here<'s>) -> BTreeSet<(&'s str, &'s str)> {
    let side = Side::of(cell.column.2.as_ref());
    let mut rules = BTreeSet::new();
    for one in here {
        one.rules(side.family(one), cell.protocols, &cell.ports, &mut rules);
    }
    rules
}

fn digests(here: &Here<'_>, side: Side<'_>) -> Vec<[u8; 32]> {
    // Who alone is there is the same as when others come in elsewhere.
    let alone = |one: &Reached| match side {
        Side::Whole | Side::At(_) => None,
        Side::Unseen => one.family(),
    };
    let digest = |one: &&Arc<Reached>| one.digest(side.family(one).or_else(|| alone(one)));
    let mut digests: Vec<[u8; 32]> = here.iter().map(digest).collect();
    digests.sort_unstable();
    digests.dedup();
    digests
}

/// How many get in: addresses of either family, then pools.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    v4: u128,
    v6: u128,
    tags: usize,
}

impl Size {
    /// Of what leads to a cell the largest, and the first that has it.
    fn of(here: &Here<'_>, side: Side<'_>) -> Option<(Self, At)> {
        let mut most: Option<(Self, At)> = None;
        for one in here {
            let family = side.family(one);
            let is_seen = |own: Family| family.is_none_or(|family| family == own);
            let count =
                |own: Family| if is_seen(own) { one.set.addresses.count(own).saturating() } else { 0 };
            let [v4, v6] = Family::BOTH.map(count);
            let size = Self { v4, v6, tags: one.set.sources.tags.len() };
            if most.is_none_or(|(most, _)| size > most) {
                most = Some((size, one.at));
            }
        }
        most
    }
}
