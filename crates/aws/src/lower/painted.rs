//! The routes of one table as sets of clients: to whom replies return (W16).
//!
//! The longest prefix wins, the entries of a prefix list among the others. Of a list whose entries are not known for
//! certain only the addresses count: where it crosses a narrower route, either may win. Knows no subnet.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Name;
use packet::{AddressSet, Bounds, Family, Prefix};

/// What becomes of a reply. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Outcome {
    /// Out by an Internet gateway, as it came.
    Returns,
    /// Elsewhere, and lost.
    Lost,
    /// To what may lead it on.
    Unknown,
}

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
    /// The clients whose replies return. Routes of one length are apart from each other, so lengths are painted one
    /// after the other, the shortest first.
    pub(super) fn clients(&self, family: Family) -> Bounds<AddressSet> {
        let mut by_length: BTreeMap<u8, Vec<(Prefix, Outcome)>> = BTreeMap::new();
        for (prefix, plain) in &self.plain {
            by_length.entry(prefix.length()).or_default().push((*prefix, plain.outcome));
        }
        let mut clients = Bounds { must: AddressSet::empty(), may: AddressSet::empty() };
        for routes in by_length.into_values() {
            let of = |wanted: &[Outcome]| -> AddressSet {
                routes
                    .iter()
                    .filter(|(_, outcome)| wanted.contains(outcome))
                    .map(|(prefix, _)| *prefix)
                    .collect()
            };
            let all = of(&[Outcome::Returns, Outcome::Lost, Outcome::Unknown]);
            clients.must = clients.must.difference(&all).union(&of(&[Outcome::Returns]));
            clients.may = clients.may.difference(&all).union(&of(&[Outcome::Returns, Outcome::Unknown]));
        }
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

impl Outcome {
    fn paint(self, clients: &mut Bounds<AddressSet>, over: &AddressSet, is_certain: bool) {
        match (self, is_certain) {
            (Self::Returns, true) => {
                clients.must = clients.must.union(over);
                clients.may = clients.may.union(over);
            }
            (Self::Returns, false) => clients.may = clients.may.union(over),
            (Self::Lost, true) => {
                clients.must = clients.must.difference(over);
                clients.may = clients.may.difference(over);
            }
            (Self::Lost, false) => clients.must = clients.must.difference(over),
            (Self::Unknown, _) => {
                clients.must = clients.must.difference(over);
                clients.may = clients.may.union(over);
            }
        }
    }
}
