//! Ways to the addresses of an interface: through an external one of IPv4, straight to those of IPv6 (G8, G21).
//!
//! Instances and reserved addresses tell of them; where they differ, each is possible. Knows no forwarding rule.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Action, Destinations, Effect, Filter, Front, Gap, Reach};
use packet::{AddressSet, Family, Prefix};

use crate::resource::{Access, AccessV6, Address, Interface, Link, Subnetwork};

use super::Lowering;
use super::class::Class;
use super::network_index::Seat;
use super::way::Way;

impl<'e> Lowering<'e> {
    /// G8: a way through each external address of IPv4, all of which lead to the one internal address.
    pub(super) fn v4_ways(&mut self, seat: Seat<'e>) -> Vec<Way> {
        let inside = match seat.interface.internal {
            Some(address) => Destinations::These(Arc::new(Prefix::host(address).into())),
            None => self.somewhere(seat, Family::V4),
        };
        let mut claims = self.claims(seat).into_iter();
        let mut ways = Vec::new();
        let configs = match &seat.interface.access {
            Said::This(configs) => configs.as_slice(),
            Said::Nothing | Said::Unreadable => &[],
        };
        for Access { address, is_known, policy } in configs {
            // A projection leaves out what a reserved address says.
            let address = address.or_else(|| claims.next()?.address);
            let front = self.front(seat, address);
            let way = Way::straight(Reach::Exposed, Some(front), inside.clone());
            ways.push(self.judged(way, *is_known, policy, seat));
        }
        for claim in claims {
            let front = self.front(seat, claim.address);
            let mut way = Way::straight(Reach::Exposed, Some(front), inside.clone());
            if matches!(seat.interface.access, Said::This(_)) {
                self.tell_disagreement(seat, claim);
                way.doubt = Some(CONTRADICTED);
            }
            ways.push(way);
        }
        if ways.is_empty() && !matches!(seat.interface.access, Said::This(_)) {
            ways.push(Way::straight(Reach::Admitted, None, inside));
        }
        ways
    }

    /// G21: external addresses of IPv6 are the interface's own.
    pub(super) fn v6_ways(&mut self, seat: Seat<'e>, class: &Arc<Class>) -> Vec<Way> {
        match &seat.interface.access_v6 {
            Said::This(configs) => {
                configs.iter().flat_map(|access| self.v6_way(seat, class, access)).collect()
            }
            Said::Nothing | Said::Unreadable => {
                let has_none =
                    self.subnetwork_of(seat).is_some_and(|subnetwork| subnetwork.has_no_external_v6);
                let somewhere = || Way::straight(Reach::Admitted, None, self.somewhere(seat, Family::V6));
                (!has_none).then(somewhere).into_iter().collect()
            }
        }
    }

    /// The ways to a range of IPv6. The machine takes the first address as its own, and gets what is sent to the others
    /// too: where rules tell them apart, they are a way of their own.
    fn v6_way(&mut self, seat: Seat<'e>, class: &Arc<Class>, access: &AccessV6) -> Vec<Way> {
        let AccessV6 { addresses, is_known, policy } = access;
        let Some((first, range)) = *addresses else {
            let somewhere = self.somewhere(seat, Family::V6);
            let way = Way::straight(Reach::Exposed, Some(self.front(seat, None)), somewhere);
            return vec![self.judged(way, *is_known, policy, seat)];
        };
        let own = AddressSet::from(Prefix::host(first));
        let others = AddressSet::from(range).difference(&own);
        let firewall = self.firewall(class);
        let is_told_apart = self.tells_apart(&firewall, &range.into());
        let others = is_told_apart.then_some((None, others));
        let each = [(Some(first), own)].into_iter().chain(others);
        each.map(|(address, addresses)| {
            let destinations = Destinations::These(Arc::new(addresses));
            let way = Way::straight(Reach::Exposed, Some(self.front(seat, address)), destinations);
            self.judged(way, *is_known, policy, seat)
        })
        .collect()
    }

    /// A way through an external address, with what filters packets that are sent to it.
    fn judged(&mut self, way: Way, is_known: bool, policy: &Said<Link>, seat: Seat<'e>) -> Way {
        let before = match policy {
            Said::Nothing => None,
            Said::This(policy) => Some(self.armor(policy, &seat.instance.identity)),
            Said::Unreadable => Some(self.doubted(Filter::Always(Action::Allow), UNKNOWN_POLICY)),
        };
        let doubt = (!is_known).then_some(UNKNOWN_ACCESS);
        Way { before, doubt, ..way }
    }

    /// An address outside, as the input names it.
    fn front(&self, seat: Seat<'e>, address: Option<IpAddr>) -> Front {
        let reserved = address.and_then(|address| self.network.index.reserved(address));
        let id = reserved.map_or(&seat.instance.identity.id, |reserved| &reserved.identity.id);
        Front { id: Arc::clone(id), address }
    }

    /// Reserved addresses of IPv4 that say the instance uses them, which it does not say of any of its interfaces. They do
    /// not tell by which: it is taken to be one that may lack an address, else the first.
    fn claims(&self, seat: Seat<'e>) -> Vec<&'e Address> {
        let interfaces = &seat.instance.interfaces;
        let lacks_some = |interface: &&Interface| match &interface.access {
            Said::This(configs) => configs.iter().any(|config| config.address.is_none()),
            Said::Nothing | Said::Unreadable => true,
        };
        let taker = interfaces.iter().find(lacks_some).or(interfaces.first());
        if taker.is_none_or(|taker| taker.name != seat.interface.name) {
            return Vec::new();
        }
        let stated =
            interfaces.iter().flat_map(|interface| interface.external_v4().chain(interface.internal));
        let stated: Vec<IpAddr> = stated.collect();
        let claims = self.network.index.reserved_for(&seat.instance.identity.key).iter().copied();
        claims.filter(|one| one.address.is_some_and(|own| own.is_ipv4() && !stated.contains(&own))).collect()
    }

    /// Some address of a subnetwork, nobody knows which.
    pub(super) fn somewhere(&self, seat: Seat<'e>, family: Family) -> Destinations {
        let subnetwork = self.subnetwork_of(seat);
        let range = subnetwork.and_then(|subnetwork| match family {
            Family::V4 => subnetwork.primary,
            Family::V6 => subnetwork.external_v6,
        });
        let addresses = range.map_or_else(|| AddressSet::whole(family), AddressSet::from);
        Destinations::SomeOf(Arc::new(addresses))
    }

    /// The subnetwork of an interface, where the input has it. A shared one is of another project.
    pub(super) fn subnetwork_of(&self, seat: Seat<'e>) -> Option<&'e Subnetwork> {
        let link = seat.interface.subnetwork.as_ref()?;
        self.estate.resources.subnetworks.find(seat.project(), link).one()
    }

    fn tell_disagreement(&mut self, seat: Seat<'_>, address: &Address) {
        let message = format!(
            "{}: the address {} says that it is used there, and no interface says so: it is taken as possible",
            Quoted(&seat.instance.identity.name),
            Quoted(&address.identity.name)
        );
        let place = seat.instance.identity.read_at.0;
        self.gaps.push(Gap::at(place, "contradicting-attachments", Effect::Undecided, message));
    }
}

/// The names under which doubts stand in a path.
const UNKNOWN_ACCESS: &str = "unknown access configuration";
const UNKNOWN_POLICY: &str = "unknown security policy";
const CONTRADICTED: &str = "contradicting documents";
