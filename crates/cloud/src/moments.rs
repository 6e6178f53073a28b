//! Since when statements hold, as far as two of one resource have to be put in order: items of AWS Config, assets of
//! Google Cloud.

use std::collections::hash_map::Entry;
use std::sync::Arc;

use model::{Moment, Name};

use crate::hash::LookupMap;

/// Since when the latest statement of a resource holds, by kind and key, where statements say so.
#[derive(Clone, Debug, Default)]
pub struct Moments(LookupMap<(&'static str, Name), Moment>);

/// How a statement stands to the latest one of the same resource. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timing {
    /// No other says since when it holds.
    First,
    /// A later one is known.
    Past,
    /// Of the same time.
    Same,
    /// The latest so far.
    Later,
}

impl Moments {
    /// Takes in that something is said of a resource since then.
    pub fn place(&mut self, kind: &'static str, key: &Name, since: Moment) -> Timing {
        match self.0.entry((kind, Arc::clone(key))) {
            Entry::Occupied(known) if *known.get() > since => Timing::Past,
            Entry::Occupied(known) if *known.get() == since => Timing::Same,
            Entry::Occupied(mut known) => {
                known.insert(since);
                Timing::Later
            }
            Entry::Vacant(unknown) => {
                unknown.insert(since);
                Timing::First
            }
        }
    }
}
