//! Routes: to which clients the replies of an interface leave by the Internet gateway.
//!
//! Rules of a network remember what they let in, so its routes alone decide on replies. A route of a subnet comes first, then
//! the longest prefix, then the lowest priority; policy-based routes are asked before all of them. Knows no rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{Leading, Outcome, Said, answered_by};
use model::{Filter, Name};
use packet::{AddressSet, Bounds, Family, Prefix};

use crate::resource::{Link, NextHop, Route};

use super::Lowering;
use super::network_index::Seat;
use super::route_list::{answered, unanswered};

/// What becomes of replies to the Internet, where not all of them leave by its gateway.
#[derive(Debug)]
pub(super) struct Back {
    /// What denies whatever gets no reply.
    pub(super) answered: Filter,
    /// What denies whatever gets one.
    pub(super) unanswered: Filter,
}

/// A network, a family, and which of the routes that are for some instances are for this one.
pub(super) type BackKey = (Name, Family, Box<[Fit]>);

/// Whether a route is for an instance. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Fit {
    Yes,
    No,
    Maybe,
}

/// What the routes of a network say, before they are told.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Routes of which nothing is known but whom they may be for, and those that are asked first: they may lead on.
    pub(super) diverting: Vec<(Name, Bounds<Arc<AddressSet>>)>,
    /// The ranges of its own subnets.
    pub(super) subnets: Vec<Prefix>,
    /// For each prefix what counts.
    pub(super) leading: BTreeMap<Prefix, (Name, Leading)>,
}

impl<'e> Lowering<'e> {
    /// What becomes of the replies of an interface; `None` where all leave, or no route of its network is in the input.
    pub(super) fn back(&mut self, seat: Seat<'e>, family: Family) -> Option<Arc<Back>> {
        let index = Arc::clone(&self.network.index);
        let network = self.network_of(seat);
        let routes = network.as_deref().map_or(&[][..], |network| index.routes_of(network));
        // Where only edits tell of routes, others may lead there: one that is made takes none of them away.
        let is_told = |network: &Name| self.estate.states_routes_of(Link::from(network).project());
        let Some(network) = network.filter(|network| !routes.is_empty() && is_told(network)) else {
            self.network.has_unrouted = true;
            return None;
        };
        let policies = index.policy_routes_of(&network);
        let tags = routes.iter().map(|route| &route.tags).chain(policies.iter().map(|route| &route.tags));
        let fits: Box<[Fit]> = tags.map(|tags| fit(tags, &seat.instance.tags)).collect();
        let key = (network, family, fits);
        if let Some(known) = self.network.backs.get(&key) {
            return known.clone();
        }
        let made = self.make_back(&key).map(Arc::new);
        self.network.backs.insert(key, made.clone());
        made
    }

    fn make_back(&self, (network, family, fits): &BackKey) -> Option<Back> {
        let table = self.table(network, *family, fits);
        let clients = table.clients(*family);
        let internet = self.network.internet.only(*family);
        if internet.is_subset(&clients.must) {
            return None;
        }
        let answered = answered(network, &table, *family, &internet, &self.common);
        Some(Back { answered, unanswered: unanswered(network, &clients, &self.common) })
    }

    fn table(&self, network: &Name, family: Family, fits: &[Fit]) -> Table {
        let index = &self.network.index;
        let is_of = |prefix: Option<Prefix>| prefix.is_none_or(|prefix| prefix.family() == family);
        let (routes, policies) = (index.routes_of(network), index.policy_routes_of(network));
        let mut table = Table::default();
        let mut claims: BTreeMap<Prefix, Vec<Claim<'_>>> = BTreeMap::new();
        for (route, fit) in routes.iter().zip(fits).filter(|(route, _)| is_of(route.towards)) {
            match (route.towards, route.hop) {
                (_, NextHop::Dropped) => {}
                _ if *fit == Fit::No => {}
                // Of IPv6 nobody else has these addresses: who has them is inside, and no client from outside.
                (Some(prefix), NextHop::Subnet) if prefix.family() == Family::V6 => {}
                (Some(prefix), NextHop::Subnet) => table.subnets.push(prefix),
                (Some(prefix), _) => claims.entry(prefix).or_default().push(Claim { route, fit: *fit }),
                (None, _) => table.divert(&route.identity.name, None, family, false),
            }
        }
        if family == Family::V4 {
            table.subnets.extend(index.ranges_of(network));
        }
        let others = fits.get(routes.len()..).unwrap_or_default();
        for (route, fit) in policies.iter().zip(others).filter(|(route, _)| is_of(route.towards)) {
            if *fit != Fit::No {
                table.divert(&route.identity.name, route.towards, family, *fit == Fit::Yes);
            }
        }
        let loose = index.loose_routes.iter().map(|route| (&route.identity.name, route.towards));
        let policies = index.loose_policy_routes.iter().map(|route| (&route.identity.name, route.towards));
        for (name, towards) in loose.chain(policies).filter(|(_, towards)| is_of(*towards)) {
            table.divert(name, towards, family, false);
        }
        table.leading.extend(claims.into_iter().map(|(prefix, claims)| (prefix, leading(prefix, &claims))));
        table
    }
}

impl Table {
    fn divert(&mut self, name: &Name, towards: Option<Prefix>, family: Family, is_certain: bool) {
        let held = Arc::new(towards.map_or_else(|| AddressSet::whole(family), AddressSet::from));
        let bounds = match is_certain && towards.is_some() {
            true => Bounds::exactly(held),
            false => Bounds::between(Arc::new(AddressSet::empty()), held),
        };
        self.diverting.push((Arc::clone(name), bounds));
    }

    /// The clients whose replies leave by the Internet gateway.
    fn clients(&self, family: Family) -> Bounds<AddressSet> {
        let mut clients = answered_by(self.leading.values().map(|(_, leading)| *leading));
        let subnets: AddressSet = self.subnets.iter().copied().collect();
        Outcome::Lost.paint(&mut clients, &subnets.only(family), true);
        for (_, held) in &self.diverting {
            Outcome::Unknown.paint(&mut clients, &held.may.only(family), false);
        }
        clients
    }
}

/// A route that may count for a prefix.
struct Claim<'e> {
    route: &'e Route,
    fit: Fit,
}

impl Claim<'_> {
    /// Whether it comes before another for certain.
    fn is_before(&self, other: &Self) -> bool {
        let priorities = (self.route.priority, other.route.priority);
        self.fit == Fit::Yes && matches!(priorities, (Some(own), Some(other)) if own < other)
    }
}

/// Which of the routes of one prefix counts: of equal priorities any.
fn leading(towards: Prefix, claims: &[Claim<'_>]) -> (Name, Leading) {
    let may_count = |claim: &&Claim<'_>| !claims.iter().any(|other| other.is_before(claim));
    let counting: Vec<&Claim<'_>> = claims.iter().filter(may_count).collect();
    let mut outcomes = counting.iter().map(|claim| match claim.route.hop {
        NextHop::Gateway => Outcome::Returns,
        NextHop::Elsewhere => Outcome::Unknown,
        NextHop::Subnet | NextHop::Dropped => Outcome::Lost,
    });
    let first = outcomes.next().unwrap_or(Outcome::Unknown);
    let outcome = if outcomes.all(|outcome| outcome == first) { first } else { Outcome::Unknown };
    let is_certain = counting.iter().any(|claim| claim.fit == Fit::Yes);
    let mut names: Vec<&str> = counting.iter().map(|claim| &*claim.route.identity.name).collect();
    names.sort_unstable();
    (names.join("+").into(), Leading { towards, outcome, is_certain })
}

/// Whether a route with these tags is for an instance with those.
fn fit(wanted: &Said<Vec<Name>>, own: &Said<Vec<Name>>) -> Fit {
    match (wanted, own) {
        (Said::Nothing, _) => Fit::Yes,
        (Said::This(wanted), _) if wanted.is_empty() => Fit::Yes,
        (Said::This(wanted), Said::This(own)) if own.iter().any(|tag| wanted.contains(tag)) => Fit::Yes,
        (Said::This(_), Said::This(_)) => Fit::No,
        (Said::Unreadable, _) | (_, Said::Nothing | Said::Unreadable) => Fit::Maybe,
    }
}
