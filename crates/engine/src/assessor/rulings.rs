//! Witnesses decided again: what each passes, rule by rule.
//!
//! A filter of which no rule looks at the destination decides a packet in the same way whoever stands behind it, so it
//! reads its rules once for all of these. Another filter reads them itself, be it equal.

use core::cell::RefCell;
use std::sync::{Arc, Weak};

use model::Filter;
use packet::Packet;
use rustc_hash::FxHashMap;

use super::telling::View;
use crate::blocks::Block;
use crate::decide::{Ruling, ruling};
use crate::exposure::Passage;
use crate::trace::trace;

/// What the plain first-match loop says of a witness.
pub(super) struct Ruled {
    /// Whether it gets in whatever the unknowns are.
    pub(super) allowed: bool,
    /// Whether some value of the unknowns lets it in.
    pub(super) possible: bool,
    // What it passes: the list's position in the filter, and the rule's in the list.
    passages: Vec<(usize, Option<usize>)>,
}

/// Rulings that hold for every target behind a filter.
#[derive(Default)]
pub(super) struct Rulings {
    // By the addresses of the filter and of the block. The weak reference keeps the address from being given to another
    // filter and lets go of its lists; blocks are forgotten together with these.
    known: RefCell<FxHashMap<[usize; 2], Known>>,
}

type Known = (Weak<Filter>, Arc<Ruled>);

/// What one of them takes, roughly.
const RULED_BYTES: usize = 256;

impl Rulings {
    /// How much memory is held, roughly.
    pub(super) fn bytes(&self) -> usize {
        self.known.borrow().len() * RULED_BYTES
    }

    /// What the filter of a way says of the witness of a block.
    pub(super) fn of(&self, view: &View<'_>, block: &Block, packet: &Packet) -> Arc<Ruled> {
        if view.tells_destinations {
            return Arc::new(Ruled::of(view, packet));
        }
        let filter = &view.path.filter;
        let key = [Arc::as_ptr(filter).addr(), core::ptr::from_ref(block).addr()];
        if let Some((_, known)) = self.known.borrow().get(&key) {
            return Arc::clone(known);
        }
        let ruled = Arc::new(Ruled::of(view, packet));
        self.known.borrow_mut().insert(key, (Arc::downgrade(filter), Arc::clone(&ruled)));
        ruled
    }
}

impl Ruled {
    fn of(view: &View<'_>, packet: &Packet) -> Self {
        let Ruling { allowed, possible, deciding } = ruling(&view.path.filter, &view.lists, packet);
        let met = deciding.into_iter().enumerate();
        // What lists say that are not asked is no part of the way.
        let passages = match view.path.filter.has_stages() {
            true => {
                let asked = trace(view.path, packet).layers;
                met.zip(asked).filter(|(_, layer)| layer.is_reached).map(|(passage, _)| passage).collect()
            }
            false => met.collect(),
        };
        Self { allowed, possible, passages }
    }

    /// What it passes on a way with the filter.
    pub(super) fn passages(&self, view: &View<'_>) -> Vec<Passage> {
        let passage = |&(list, rule): &(usize, Option<usize>)| {
            view.lists.get(list).map(|list| Passage { list: Arc::clone(list), rule })
        };
        self.passages.iter().filter_map(passage).collect()
    }
}
