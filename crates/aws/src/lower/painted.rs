//! The routes of one table as sets of clients: to whom replies return (W16).
//!
//! The longest prefix wins, the entries of a prefix list among the others. Of a list whose entries are not known for
//! certain only the addresses count: where it crosses a narrower route, either may win. Knows no subnet.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Leading, Outcome, answered_by};
use model::Name;
use packet::{AddressSet, Bounds, Family, Prefix};

/// What is said of one prefix.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub(super) outcome: Outcome,
    /// The prefix list whose entry it is.
    pub(super) list: Option<Name>,
    pub(super) origin: Origin,
}

/// Where a route comes from: of equal prefixes the first wins (W16). Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Origin {
    Static,
    PrefixList,
    Propagated,
}

/// What the routes of a table do to replies, before they are told.
#[derive(Clone, Debug)]
pub(super) struct Painted {
    /// Routes by prefix, those of prefix lists with known entries among them.
    pub(super) plain: BTreeMap<Prefix, Plain>,
    /// Routes by other prefix lists: whom they may hold, and what becomes of these.
    pub(super) listed: Vec<(Name, Bounds<Arc<AddressSet>>, Outcome)>,
    /// Routes of which it is not known whom they are for.
    pub(super) floating: Vec<Outcome>,
    pub(super) is_egress_only: bool,
}

impl Painted {
    /// The clients whose replies return.
    pub(super) fn clients(&self, family: Family) -> Bounds<AddressSet> {
        let leading = |(prefix, plain): (&Prefix, &Plain)| Leading {
            towards: *prefix,
            outcome: plain.outcome,
            is_certain: true,
        };
        let plain = self.plain.iter().map(leading);
        let mut clients = answered_by(plain);
        for (position, (_, held, outcome)) in self.listed.iter().enumerate() {
            let certain = self.certain_of(position, family);
            outcome.paint(&mut clients, &certain, true);
            outcome.paint(&mut clients, &held.may.only(family).difference(&certain), false);
        }
        for outcome in &self.floating {
            outcome.paint(&mut clients, &AddressSet::whole(family), false);
        }
        clients
    }

    /// The clients of a family for whom the route by a prefix list counts for certain: those it holds for certain, and
    /// no narrower route nor another list may. Whether its entries are narrower than a default route is not known where
    /// they are everything together.
    pub(super) fn certain_of(&self, position: usize, family: Family) -> AddressSet {
        let Some((_, held, _)) = self.listed.get(position) else { return AddressSet::empty() };
        let whole = Prefix::whole(family);
        let is_everything = held.may.only(family) == AddressSet::whole(family);
        if is_everything && self.plain.contains_key(&whole) {
            return AddressSet::empty();
        }
        let narrow: AddressSet = self.plain.keys().copied().filter(|prefix| *prefix != whole).collect();
        let others = self.listed.iter().enumerate().filter(|(other, _)| *other != position);
        let crossing = others.fold(narrow, |all, (_, (_, other, _))| all.union(&other.may));
        held.must.only(family).difference(&crossing)
    }
}

impl Plain {
    /// A second route for the same prefix: of equal origin either may be there.
    pub(super) fn beside(&mut self, other: Self) {
        if other.origin < self.origin {
            *self = other;
        } else if other.origin == self.origin {
            if other.outcome != self.outcome {
                self.outcome = Outcome::Unknown;
            }
            // Whichever the document has first.
            self.list = self.list.take().min(other.list);
        }
    }
}
