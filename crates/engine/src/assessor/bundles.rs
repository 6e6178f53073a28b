//! Which ways to a target are told together, and which blocks of different ways are one exposure.
//!
//! Knows no sweep.

use std::sync::Arc;

use packet::{PortSet, Protocol};
use rustc_hash::FxHashMap;

use super::telling::{Part, View};
use crate::blocks::Block;
use crate::exposure::Certainty;

/// The ways of each family that show the same.
pub(super) type Bundle<'a> = [Vec<View<'a>>; 2];

/// Ways that show the same are one bundle; the two families go together where each has one view of what is carried.
pub(super) fn bundles<'a>(v4: Vec<View<'a>>, v6: Vec<View<'a>>) -> Vec<Bundle<'a>> {
    let (v4, mut v6) = (alike(v4), alike(v6));
    let carried = |views: &Vec<View<'a>>| views.first().map(|view| view.carried.clone());
    let is_kept = |views: &Vec<View<'a>>| views.iter().all(|view| view.shown.is_kept);
    let is_lonely = |views: &Vec<View<'a>>, among: &[Vec<View<'a>>]| {
        among.iter().filter(|other| carried(other) == carried(views)).count() == 1
    };
    let mate = |views: &Vec<View<'a>>, v6: &[Vec<View<'a>>]| {
        let position = v6.iter().position(|other| carried(other) == carried(views))?;
        let other = v6.get(position)?;
        (is_lonely(other, v6) && is_kept(other) && is_kept(views)).then_some(position)
    };
    let mates: Vec<Option<usize>> =
        v4.iter().map(|views| mate(views, &v6).filter(|_| is_lonely(views, &v4))).collect();
    let mut bundles: Vec<Bundle<'a>> = Vec::with_capacity(v4.len() + v6.len());
    for (views, mate) in v4.into_iter().zip(mates) {
        let other = mate.and_then(|position| v6.get_mut(position)).map(core::mem::take);
        bundles.push([views, other.unwrap_or_default()]);
    }
    bundles.extend(v6.into_iter().filter(|views| !views.is_empty()).map(|views| [Vec::new(), views]));
    bundles
}

fn alike(views: Vec<View<'_>>) -> Vec<Vec<View<'_>>> {
    let mut groups: Vec<Vec<View<'_>>> = Vec::new();
    for view in views {
        let same = |group: &&mut Vec<View<'_>>| {
            group.first().is_some_and(|known| Arc::ptr_eq(&known.shown, &view.shown))
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(view),
            None => groups.push(vec![view]),
        }
    }
    groups
}

/// Blocks of different bundles by what they tell.
#[derive(Default)]
pub(super) struct Twins<'a> {
    by_place: FxHashMap<Place<'a>, Vec<Part<'a>>>,
}

/// What one exposure of a target and a reach is told by.
type Place<'a> = (Certainty, Option<Protocol>, &'a PortSet, &'a [u8; 32]);

fn place(block: &Block, certainty: Certainty) -> Place<'_> {
    (certainty, block.protocol, &block.ports, &block.sources.digest)
}

impl<'a> Twins<'a> {
    pub(super) fn of(bundles: &'a [Bundle<'a>], found: &'a [Arc<Vec<Block>>]) -> Self {
        let mut by_place: FxHashMap<Place<'a>, Vec<Part<'a>>> = FxHashMap::default();
        // One bundle tells nothing twice.
        if bundles.len() > 1 {
            for (views, blocks) in bundles.iter().zip(found) {
                for block in blocks.iter() {
                    by_place.entry(place(block, block.certainty)).or_default().push(Part { views, block });
                }
            }
        }
        Self { by_place }
    }

    /// The parts that are told with a block; `None` where it has been told with an earlier one.
    pub(super) fn others(&self, block: &'a Block) -> Option<&[Part<'a>]> {
        match self.by_place.get(&place(block, block.certainty)).map(Vec::as_slice) {
            Some([first, others @ ..]) => core::ptr::eq(first.block, block).then_some(others),
            Some([]) | None => Some(&[]),
        }
    }

    /// Whether another way proves what a block only possibly shows. Both are told, so their fingerprints must differ.
    pub(super) fn are_proved(&self, block: &'a Block) -> bool {
        block.certainty == Certainty::Possible && self.by_place.contains_key(&place(block, Certainty::Proved))
    }
}
