//! The fronts of gateways: the public addresses that they name, or that name them.
//!
//! Either side is enough. Where neither speaks, and the document leaves out what it could have said, a front of which
//! nothing is known stands for it, so nothing behind it is told closed.

use std::sync::Arc;

use cloud::{Quoted, ReadAt};
use model::{Effect, Front, Gap, Name, Reach};

use crate::resource::{Identity, Seat, Seats};

use super::super::Lowering;

/// How far one gets that is sent to a front, and the front where it is known.
pub(super) type Facing = (Reach, Option<Front>);

impl Lowering<'_> {
    /// The fronts of a gateway.
    pub(super) fn fronts(&mut self, seats: &Seats, owner: &Identity) -> Vec<Facing> {
        let mut fronts: Vec<Facing> = Vec::with_capacity(seats.all.len());
        for seat in &seats.all {
            fronts.extend(self.fronts_of_seat(seat, (owner, owner.read_at)));
        }
        if !seats.are_known {
            self.tell_unknown_front(owner, "`ipConfigurations`");
            fronts.push(UNKNOWN);
        }
        fronts
    }

    /// The fronts of one configuration; none where it says that it has none.
    pub(super) fn fronts_of_seat(
        &mut self,
        seat: &Seat,
        (owner, read_at): (&Identity, ReadAt),
    ) -> Vec<Facing> {
        let index = Arc::clone(&self.index);
        let told = index.public_address_of.get(&seat.key);
        let contradicts = told.filter(|told| match &seat.public {
            Some(stated) => stated != *told,
            None => seat.tells_public,
        });
        if let Some(other) = contradicts {
            self.tell_contradiction((&owner.name, read_at), "the public address", other);
        }
        let mut keys: Vec<&Name> = seat.public.iter().chain(told).collect();
        keys.dedup();
        if keys.is_empty() && !seat.tells_public {
            self.tell_unknown_front(owner, "`publicIPAddress` of an ip-configuration");
            return vec![UNKNOWN];
        }
        let mut fronts = Vec::with_capacity(keys.len());
        for key in keys {
            let (reach, front) = self.public_front(key, (owner, read_at));
            let reach = if contradicts.is_some() { Reach::Admitted } else { reach };
            fronts.push((reach, front));
        }
        fronts
    }

    /// The front that a public address is, and how far one gets that is sent to it.
    fn public_front(&mut self, key: &Name, (owner, read_at): (&Identity, ReadAt)) -> Facing {
        if let Some(public) = self.estate.public_addresses.get(key) {
            let front = Front { id: Arc::clone(&public.identity.id), address: public.address };
            return (Reach::Exposed, Some(front));
        }
        if !self.estate.public_addresses.is_empty() {
            self.tell_dangling(owner, read_at, "the public address", key);
        }
        UNKNOWN
    }

    pub(super) fn tell_unknown_front(&mut self, owner: &Identity, what: &str) {
        let message = format!(
            "{}: {what} is not in its document: at which addresses it is reached is not known",
            Quoted(&owner.name)
        );
        self.gaps.push(Gap::at(owner.read_at.0, "missing-field", Effect::Undecided, message));
    }
}

/// A front of which nothing is known.
pub(super) const UNKNOWN: Facing = (Reach::Admitted, None);
