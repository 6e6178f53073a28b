//! Load balancers: the ways they lead to what is behind them, and what ends at them (W18–W21).
//!
//! All ways are found once, before anybody asks; an interface asks by look-up. A load balancer is a target only where
//! requests end at it, or where the input does not have what is behind it.
//!
//! Zones are not told apart: whatever is registered is taken to be reached from every node.

mod accelerated;
mod arrival;
mod behind;
mod device;
mod ear;
mod entering;
mod missing;
mod world;

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{LookupMap, all_of};
use model::{Carries, Destinations, Name, Path, Target};
use packet::{Family, PortSet, Prefix};

use crate::resource::{Identity, Interface};

use super::approach::Place;
use super::way::Way;
use super::{CLOUD_NAME, Lowering};
use arrival::Arrival;
pub(super) use arrival::list_at;

/// What load balancers and accelerators lead to.
#[derive(Debug, Default)]
pub(super) struct Book {
    by_instance: LookupMap<Name, Vec<Lead>>,
    by_address: BTreeMap<IpAddr, Vec<Lead>>,
    /// Leads of accelerators, by instance, allocation of an address, or subnet.
    accelerated: LookupMap<Name, Vec<Lead>>,
    /// What ends at load balancers, by their key.
    ends: BTreeMap<Name, Vec<Path>>,
    /// How many interfaces an instance has, and whether one says that it is the first.
    interfaces_of: LookupMap<Name, (usize, bool)>,
    /// The keys of interfaces that are of a load balancer of the input.
    owned: cloud::LookupSet<Name>,
}

/// A way to something behind a load balancer, before it is known which interface that is.
#[derive(Clone, Debug)]
struct Lead {
    arrival: Arc<Arrival>,
    /// The port of the target; `None`: not known.
    to: Option<u16>,
    /// The VPC in which an address is meant.
    vpc: Option<Name>,
    /// Whether the address is one of that VPC, and nobody elsewhere is meant.
    is_inside: bool,
}

impl Book {
    /// The leads to the addresses of an interface, those of prefixes that are delegated to it among them: pods have these.
    fn leads_to(&self, interface: &Interface) -> Vec<(IpAddr, &Lead)> {
        let own = &interface.private;
        let four = own.v4_spans().iter().map(|&(a, b)| (Family::V4, u128::from(a), u128::from(b)));
        let six = own.v6_spans().iter().map(|&(a, b)| (Family::V6, a, b));
        let found = four.chain(six).flat_map(|(family, first, last)| {
            self.by_address.range(family.address(first)..=family.address(last))
        });
        found.flat_map(|(address, leads)| leads.iter().map(|lead| (*address, lead))).collect()
    }
}

impl<'e> Lowering<'e> {
    /// The ways by which load balancers lead to an interface.
    pub(super) fn balanced_ways(&mut self, interface: &'e Interface) -> Vec<Way> {
        if !self.has_balancers() {
            return Vec::new();
        }
        let book = self.book();
        let mut ways = Vec::new();
        let index = Arc::clone(&self.network.index);
        if let Some(id) = index.instance_of(interface) {
            let leads = book.by_instance.get(id).into_iter().flatten();
            if let Some(is_certain) = self.is_first_interface(interface, id) {
                ways.extend(leads.map(|lead| self.way_of(lead, interface, None, is_certain)));
            }
        }
        for (address, lead) in book.leads_to(interface) {
            let is_same = lead.vpc.is_none() || interface.vpc.is_none() || lead.vpc == interface.vpc;
            if is_same || !lead.is_inside {
                ways.push(self.way_of(lead, interface, Some(address), is_same));
            }
        }
        ways
    }

    fn way_of(&self, lead: &Lead, interface: &Interface, address: Option<IpAddr>, is_certain: bool) -> Way {
        let arrival = &lead.arrival;
        let own = address.or_else(|| interface.v4.iter().flatten().find_map(|one| one.address));
        // Where the target is of another family than its client, no rule looks at the address (W18).
        let destinations = match own {
            Some(own) if Family::of(own).0 == arrival.family => {
                Destinations::These(Arc::new(Prefix::host(own).into()))
            }
            _ => Destinations::endpoint(&[arrival.family]),
        };
        Way {
            reach: arrival.reach,
            front: arrival.front.clone(),
            destinations,
            carries: self.carries(arrival, lead.to),
            hops: arrival.hops.clone(),
            before: Some(all_of(arrival.before.clone())),
            seen_as: arrival.seen.clone(),
            doubt: match (is_certain, lead.to) {
                (false, _) => Some(UNCERTAIN),
                (true, None) if !arrival.is_accelerated => Some(PORT),
                (true, _) => None,
            },
        }
    }

    /// Which packets come to a port behind; to the port they were sent to where that is not known.
    fn carries(&self, arrival: &Arrival, to: Option<u16>) -> Carries {
        let protocols = arrival.protocols;
        match to {
            Some(to) if *arrival.from == PortSet::only(to) => {
                Carries::Only { protocols, ports: Arc::clone(&arrival.from) }
            }
            Some(to) => Carries::Translated { protocols, from: Arc::clone(&arrival.from), to },
            None if arrival.is_accelerated => Carries::Only { protocols, ports: Arc::clone(&arrival.from) },
            None => Carries::Only { protocols, ports: Arc::clone(&self.common.every_port) },
        }
    }

    /// Whether the input has the load balancer that an interface is of: then it is part of that, and no target.
    pub(super) fn is_of_balancer(&mut self, interface: &Interface) -> bool {
        self.has_balancers() && self.book().owned.contains(&interface.identity.key)
    }

    /// The keys of load balancers.
    pub(super) fn balancer_keys(&self) -> Vec<Name> {
        let known = &self.estate.resources;
        let keys = known.load_balancers.iter().map(|(key, _)| key);
        keys.chain(known.classic_balancers.iter().map(|(key, _)| key)).cloned().collect()
    }

    /// The target that a load balancer is, where anything ends at it.
    pub(super) fn balancer_target(&mut self, key: &Name) -> Option<Target> {
        let known = &self.estate.resources;
        let modern = known.load_balancers.get(key);
        let identity: &Identity = match modern {
            Some(balancer) => &balancer.identity,
            None => &known.classic_balancers.get(key)?.identity,
        };
        let paths = self.book().ends.get(key)?.clone();
        let region = identity.region.clone().map(|region| ("region", region));
        Some(Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&identity.id),
            key: Arc::clone(key),
            kind: BALANCER_KIND,
            name: Arc::clone(&identity.name),
            scope: identity.account.clone(),
            power: modern.and_then(|balancer| balancer.state.clone()),
            attributes: region.into_iter().collect(),
            paths,
            provenance: Some(identity.read_at.0),
        })
    }

    fn has_balancers(&self) -> bool {
        let known = &self.estate.resources;
        !known.load_balancers.is_empty()
            || !known.classic_balancers.is_empty()
            || !known.endpoint_groups.is_empty()
    }

    /// What load balancers lead to, found once.
    fn book(&mut self) -> Arc<Book> {
        if let Some(known) = &self.balancers {
            return Arc::clone(known);
        }
        let book = Arc::new(self.made_book());
        self.balancers = Some(Arc::clone(&book));
        book
    }

    /// Whether an interface is for certain the first one of its instance, to which requests come; `None` if another is.
    fn is_first_interface(&mut self, interface: &Interface, instance: &Name) -> Option<bool> {
        if interface.device == Some(0) {
            return Some(true);
        }
        let (count, has_first) = self.book().interfaces_of.get(instance).copied()?;
        (count == 1 || !has_first).then_some(count == 1)
    }

    /// Where the node of a load balancer in a subnet is.
    fn place_of_node(identity: &Identity, vpc: Option<&Name>, subnet: Option<&Name>) -> Place {
        Place {
            account: identity.account.clone(),
            region: identity.region.clone(),
            vpc: vpc.cloned(),
            subnet: subnet.cloned(),
        }
    }
}

const BALANCER_KIND: &str = "load-balancer";
/// The names under which doubts stand in a path.
const UNCERTAIN: &str = "uncertain target";
const PORT: &str = "port";
