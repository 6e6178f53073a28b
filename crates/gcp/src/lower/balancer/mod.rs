//! Forwarding rules: the ways they lead to what is behind them, and what ends at them (G16, G17).
//!
//! All ways are found once, before anybody asks; an interface asks by look-up. A load balancer is a target only where
//! requests end at it, or where the input does not have what is behind it. Health is not asked: what is ill today takes
//! packets tomorrow.

mod armor;
mod arrival;
mod end;
mod entering;
mod missing;
mod proxied;
mod restated;
mod roster;
mod steering;

use core::net::IpAddr;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use cloud::{LookupMap, all_of};
use model::{Carries, Destinations, Filter, Name, Reach};
use packet::{AddressSet, Family, PortSet, Prefix};

use crate::resource::Selection;

use super::Lowering;
use super::network_index::Seat;
use super::way::{Returns, Way};
use armor::Armor;
use arrival::Arrival;
use end::End;
use roster::Rosters;

pub(super) use armor::POLICY_KIND as ARMOR_KIND;

/// What is known of load balancers so far.
#[derive(Debug, Default)]
pub(super) struct Balancers<'e> {
    book: Option<Arc<Book>>,
    armor: Armor,
    rosters: Rosters<'e>,
    restated: restated::Restated,
    /// Kinds of which the input has nothing, and that were looked for.
    wanted: BTreeSet<&'static str>,
}

impl Balancers<'_> {
    /// Whether lists were made for clients of another family than what they are asked by.
    pub(super) fn has_restated(&self) -> bool {
        !self.restated.is_empty()
    }
}

/// What forwarding rules lead to.
#[derive(Debug, Default)]
struct Book {
    /// By the key of an instance.
    leads: LookupMap<Name, Vec<Lead>>,
    /// What ends at load balancers and gateways, by their key.
    ends: BTreeMap<Name, End>,
}

/// A way to an instance, before it is known which of its interfaces takes it.
#[derive(Clone, Debug)]
struct Lead {
    arrival: Arc<Arrival>,
    at: At,
    /// The port that a proxy asks; `None`: not known, or no proxy.
    port: Option<u16>,
    /// The addresses that a proxy asks where these are not the interface's own.
    v4: Option<IpAddr>,
    v6: Option<IpAddr>,
}

/// Which interface of an instance takes packets. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
enum At {
    /// `nic0`.
    First,
    /// The one in the network of this key; perhaps `nic0` where none is.
    Network(Name),
    /// The one that has this address; `nic0` where none says that it has it.
    Address(IpAddr),
}

impl Lead {
    fn is_same(&self, other: &Self) -> bool {
        let same = Arc::ptr_eq(&self.arrival, &other.arrival);
        same && (&self.at, self.port, self.v4, self.v6) == (&other.at, other.port, other.v4, other.v6)
    }
}

impl Book {
    fn add(&mut self, instance: &Name, lead: Lead) {
        let leads = self.leads.entry(Arc::clone(instance)).or_default();
        if !leads.iter().any(|known| known.is_same(&lead)) {
            leads.push(lead);
        }
    }
}

impl<'e> Lowering<'e> {
    /// The ways by which forwarding rules lead to an interface.
    pub(super) fn balanced_ways(&mut self, seat: Seat<'e>) -> Vec<Way> {
        let book = self.book();
        let leads = book.leads.get(&*seat.instance.identity.key).map_or(&[][..], Vec::as_slice);
        let mut ways = Vec::with_capacity(leads.len());
        for lead in leads {
            let Some(is_certain) = self.takes(&lead.at, seat) else { continue };
            let first = ways.len();
            match lead.arrival.proxy {
                None => ways.push(self.passed_way(lead)),
                Some(_) => ways.extend(self.proxied_ways(lead, seat)),
            }
            if !is_certain {
                ways.iter_mut().skip(first).for_each(|way: &mut Way| way.doubt = Some(INTERFACE));
            }
        }
        ways
    }

    /// What forwarding rules lead to, found once.
    fn book(&mut self) -> Arc<Book> {
        if let Some(known) = &self.balancers.book {
            return Arc::clone(known);
        }
        let book = Arc::new(self.made_book());
        self.balancers.book = Some(Arc::clone(&book));
        book
    }

    /// Whether an interface takes what is sent there, and for certain; `None` if another one does.
    fn takes(&self, at: &At, seat: Seat<'e>) -> Option<bool> {
        let holds = |seat: Seat<'e>| match at {
            At::First => is_first(seat),
            At::Network(network) => self.network_of(seat).as_ref() == Some(network),
            At::Address(address) => seat.interface.addresses().contains(*address),
        };
        if holds(seat) {
            return Some(true);
        }
        let Seat { instance, .. } = seat;
        let is_told = instance.interfaces.iter().any(|interface| holds(Seat { instance, interface }));
        // An address that no interface tells is one of theirs all the same.
        let is_certain = matches!(at, At::Address(_)) && instance.interfaces.len() == 1;
        (!is_told && is_first(seat)).then_some(is_certain)
    }

    /// G16: packets come as they were sent, to the address of the rule.
    fn passed_way(&self, lead: &Lead) -> Way {
        let arrival = &lead.arrival;
        let carries = Carries::Only { protocols: arrival.protocols, ports: Arc::clone(&arrival.ports) };
        Way {
            reach: Reach::Exposed,
            front: Some(arrival.front.clone()),
            destinations: arrival.destinations.clone(),
            carries,
            hops: arrival.hops.clone(),
            before: before(arrival),
            seen_as: None,
            doubt: None,
            returns: Returns::ByItself,
            restated: None,
        }
    }

    /// G17: a proxy asks in its own name, at its own port, perhaps in another family than its client.
    fn proxied_ways(&self, lead: &Lead, seat: Seat<'e>) -> Vec<Way> {
        let Some(proxy) = &lead.arrival.proxy else { return Vec::new() };
        let families: &[Family] = match proxy.selection {
            Selection::OnlyV4 => &[Family::V4],
            Selection::OnlyV6 => &[Family::V6],
            Selection::Either => &Family::BOTH,
        };
        families.iter().filter_map(|family| self.proxied_way(lead, seat, *family)).collect()
    }

    fn proxied_way(&self, lead: &Lead, seat: Seat<'e>, family: Family) -> Option<Way> {
        let arrival = &lead.arrival;
        let proxy = arrival.proxy.as_ref()?;
        let (stated, seen) = match family {
            Family::V4 => (lead.v4.or(seat.interface.internal), &proxy.seen_v4),
            Family::V6 => (lead.v6.or_else(|| own_v6(seat)), &proxy.seen_v6),
        };
        if stated.is_none() && family == Family::V6 {
            return None;
        }
        let inside: Arc<AddressSet> = match stated {
            Some(address) => Arc::new(Prefix::host(address).into()),
            None => Arc::clone(self.somewhere(seat, family).addresses()),
        };
        let is_same = arrival.family == family;
        Some(Way {
            reach: Reach::ViaProxy,
            // At which port outside a port behind is reached is not known where that one is not.
            front: lead.port.map(|_| arrival.front.clone()),
            destinations: match (is_same, stated) {
                (true, Some(_)) => Destinations::These(Arc::clone(&inside)),
                (true, None) => Destinations::SomeOf(Arc::clone(&inside)),
                (false, _) => Destinations::endpoint(&[arrival.family]),
            },
            carries: self.carries(arrival, lead.port),
            hops: arrival.hops.clone(),
            before: before(arrival),
            seen_as: Some(Arc::clone(seen)),
            doubt: lead.port.is_none().then_some(PORT),
            returns: Returns::ByItself,
            restated: (!is_same).then_some(inside),
        })
    }

    /// Which packets come to a port behind; to every port where that is not known.
    fn carries(&self, arrival: &Arrival, to: Option<u16>) -> Carries {
        let protocols = arrival.protocols;
        let from = Arc::clone(&arrival.ports);
        match to {
            Some(to) if *from == PortSet::only(to) => Carries::Only { protocols, ports: from },
            Some(to) => Carries::Translated { protocols, from, to },
            None => Carries::Only { protocols, ports: Arc::clone(&self.common.every_port) },
        }
    }
}

fn before(arrival: &Arrival) -> Option<Filter> {
    (!arrival.before.is_empty()).then(|| all_of(arrival.before.clone()))
}

/// Whether it is the first interface of its instance: the one called `nic0`, else the one that is listed first.
fn is_first(seat: Seat<'_>) -> bool {
    let all = &seat.instance.interfaces;
    let first = all.iter().find(|interface| &*interface.name == "nic0").or_else(|| all.first());
    first.is_some_and(|first| first.name == seat.interface.name)
}

/// An address of IPv6 of an interface.
fn own_v6(seat: Seat<'_>) -> Option<IpAddr> {
    let external = seat.interface.stated_v6().iter().find_map(|config| config.addresses);
    let internal = seat.interface.internal_v6;
    external.map(|(first, _)| first).or_else(|| internal.map(|prefix| Family::V6.address(prefix.first())))
}

/// What results call what takes packets for others.
const BALANCER_KIND: &str = "load-balancer";
/// The names under which doubts stand in a path.
const INTERFACE: &str = "uncertain interface";
const PORT: &str = "port";
