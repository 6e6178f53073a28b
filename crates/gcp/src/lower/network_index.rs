//! Who stands where: interfaces by network and by address, reserved addresses, routes and routers by network.
//!
//! Only look-ups: whoever resolves twenty thousand interfaces walks no register again.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Filters, LookupMap};
use model::{Filter, Internet, Name, Thresholds};
use packet::{AddressSet, Prefix};

use crate::estate::Estate;
use crate::resource::{
    Address, Identity, Instance, Interface, Link, Network as Vpc, PolicyRoute, Route, is_number,
};

use super::routes::{Back, BackKey};
use super::{Lowering, infrastructure};

/// Who stands where, and what was already made of it.
#[derive(Debug)]
pub(super) struct Network<'e> {
    pub(super) index: Arc<Index<'e>>,
    /// Every address that counts as the Internet.
    pub(super) internet: Arc<AddressSet>,
    /// The filters of paths.
    pub(super) filters: Filters,
    /// The destinations that the rules of a filter tell apart, by the filter, which is kept beside them.
    pub(super) destined: LookupMap<usize, Destined>,
    /// What the routes of a network lead back for instances with the same tags.
    pub(super) backs: LookupMap<BackKey, Option<Arc<Back>>>,
    /// Whether a way goes through a network of which no route is in the input.
    pub(super) has_unrouted: bool,
}

/// The destinations that the rules of a filter tell apart, and the filter.
pub(super) type Destined = (Arc<Filter>, Arc<[Arc<AddressSet>]>);

/// An interface of an instance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seat<'e> {
    pub(super) instance: &'e Instance,
    pub(super) interface: &'e Interface,
}

/// Who stands where.
#[derive(Debug, Default)]
pub(super) struct Index<'e> {
    of_network: LookupMap<Name, Vec<Seat<'e>>>,
    reserved: LookupMap<IpAddr, &'e Address>,
    /// Reserved addresses by the key of the instance that they say uses them.
    reserved_for: LookupMap<Name, Vec<&'e Address>>,
    routes: LookupMap<Name, Vec<&'e Route>>,
    policy_routes: LookupMap<Name, Vec<&'e PolicyRoute>>,
    /// The ranges of IPv4 of the subnetworks of a network.
    ranges: LookupMap<Name, Vec<Prefix>>,
    /// Routes that do not say of which network they are.
    pub(super) loose_routes: Vec<&'e Route>,
    pub(super) loose_policy_routes: Vec<&'e PolicyRoute>,
}

impl<'e> Network<'e> {
    pub(super) fn of(estate: &'e Estate) -> Self {
        let internet = Internet::less(&infrastructure(), Thresholds::STANDARD);
        Self {
            index: Arc::new(Index::of(estate)),
            internet: Arc::new(internet.addresses().clone()),
            filters: Filters::default(),
            destined: LookupMap::default(),
            backs: LookupMap::default(),
            has_unrouted: false,
        }
    }
}

impl<'e> Index<'e> {
    fn of(estate: &'e Estate) -> Self {
        let mut index = Self::default();
        for instance in estate.resources.instances.values() {
            for interface in &instance.interfaces {
                index.add(estate, Seat { instance, interface });
            }
        }
        for address in estate.resources.addresses.values() {
            let Some(own) = address.address.filter(|_| address.is_external != Some(false)) else { continue };
            index.reserved.entry(own).or_insert(address);
            for user in address.users.iter().filter(|user| user.after("instances").is_some()) {
                let project = address.identity.project.as_deref();
                if let Some(instance) = estate.resources.instances.find(project, user).one() {
                    index.reserved_for.entry(Arc::clone(&instance.identity.key)).or_default().push(address);
                }
            }
        }
        index.add_routes(estate);
        index
    }

    fn add_routes(&mut self, estate: &'e Estate) {
        let key = |identity: &Identity, network: &Option<Link>| {
            network_key(estate, identity.project.as_deref(), Some(network.as_ref()?), None)
        };
        for route in estate.resources.routes.values() {
            match key(&route.identity, &route.network) {
                Some(key) => self.routes.entry(key).or_default().push(route),
                None => self.loose_routes.push(route),
            }
        }
        for route in estate.resources.policy_routes.values().filter(|route| route.diverts) {
            match key(&route.identity, &route.network) {
                Some(key) => self.policy_routes.entry(key).or_default().push(route),
                None => self.loose_policy_routes.push(route),
            }
        }
        for subnetwork in estate.resources.subnetworks.values() {
            if let Some(key) = key(&subnetwork.identity, &subnetwork.network) {
                self.ranges.entry(key).or_default().extend(subnetwork.ranges());
            }
        }
    }

    fn add(&mut self, estate: &Estate, seat: Seat<'e>) {
        let Interface { network, subnetwork, .. } = seat.interface;
        let project = seat.instance.identity.project.as_deref();
        if let Some(key) = network_key(estate, project, network.as_ref(), subnetwork.as_ref()) {
            self.of_network.entry(key).or_default().push(seat);
        }
    }

    /// The interfaces in a network, by its key, in the order of their instances.
    pub(super) fn of_network(&self, key: &str) -> &[Seat<'e>] {
        self.of_network.get(key).map_or(&[], Vec::as_slice)
    }

    /// The reserved addresses that say an instance uses them, by its key.
    pub(super) fn reserved_for(&self, key: &str) -> &[&'e Address] {
        self.reserved_for.get(key).map_or(&[], Vec::as_slice)
    }

    /// The routes of a network, by its key.
    pub(super) fn routes_of(&self, key: &str) -> &[&'e Route] {
        self.routes.get(key).map_or(&[], Vec::as_slice)
    }

    /// The policy-based routes of a network that lead packets of instances elsewhere, by its key.
    pub(super) fn policy_routes_of(&self, key: &str) -> &[&'e PolicyRoute] {
        self.policy_routes.get(key).map_or(&[], Vec::as_slice)
    }

    /// The addresses of IPv4 in the subnetworks of a network, by its key.
    pub(super) fn ranges_of(&self, key: &str) -> &[Prefix] {
        self.ranges.get(key).map_or(&[], Vec::as_slice)
    }

    /// The reserved address of this number.
    pub(super) fn reserved(&self, address: IpAddr) -> Option<&'e Address> {
        self.reserved.get(&address).copied()
    }
}

impl<'e> Seat<'e> {
    pub(super) fn project(self) -> Option<&'e str> {
        self.instance.identity.project.as_deref()
    }

    /// The id of the interface.
    pub(super) fn id(self) -> Name {
        interface_id(&self.instance.identity.id, self.interface)
    }
}

/// An interface is known by the path of its instance and its own name there.
pub(super) fn interface_id(instance: &str, interface: &Interface) -> Name {
    format!("{instance}{INTERFACES}{}", interface.name).into()
}

impl<'e> Lowering<'e> {
    /// The key of the network that somebody of a project refers to, by itself or by a subnetwork of it: the same one for
    /// every spelling, whether the network is in the input or not.
    pub(super) fn network_key(
        &self,
        project: Option<&str>,
        network: Option<&Link>,
        subnetwork: Option<&Link>,
    ) -> Option<Name> {
        network_key(self.estate, project, network, subnetwork)
    }

    /// The key of the network of an interface.
    pub(super) fn network_of(&self, seat: Seat<'e>) -> Option<Name> {
        let Interface { network, subnetwork, .. } = seat.interface;
        let told = self.network_key(seat.project(), network.as_ref(), subnetwork.as_ref());
        let is_untold = network.is_none() && subnetwork.is_none();
        told.or_else(|| self.only_network_told(seat.project()?).filter(|_| is_untold))
    }

    /// The network of an instance of which only edits told, and not that: the one of its project whose rules edits told.
    fn only_network_told(&self, project: &str) -> Option<Name> {
        if self.estate.states_instances_of(Some(project)) || self.estate.states_rules_of(Some(project)) {
            return None;
        }
        let networks = self.rules.book.networks();
        let mut own = networks.filter(|network| Link::from(*network).project() == Some(project));
        let one = own.next()?;
        own.next().is_none().then(|| Arc::clone(one))
    }

    /// The interface of a key.
    pub(super) fn seat(&self, key: &str) -> Option<Seat<'e>> {
        let (instance, name) = key.rsplit_once(INTERFACES)?;
        let instance = self.estate.resources.instances.get(instance)?;
        let interface = instance.interfaces.iter().find(|interface| *interface.name == *name)?;
        Some(Seat { instance, interface })
    }
}

pub(super) fn network_key(
    estate: &Estate,
    project: Option<&str>,
    network: Option<&Link>,
    subnetwork: Option<&Link>,
) -> Option<Name> {
    let resources = &estate.resources;
    if let Some(link) = network {
        // A bare name beside a subnetwork is one of its project: a network that is shared is of another.
        let project = match link.is_whole() {
            true => project,
            false => subnetwork.and_then(Link::project).or(project),
        };
        if let Some(found) = resources.networks.find(project, link).one() {
            return Some(Arc::clone(&found.identity.key));
        }
        // `selfLinkWithId` has the number of the network, and names begin with a letter.
        if is_number(link.name())
            && let Some(found) = by_number(estate, project, link)
        {
            return Some(found);
        }
        let path = match project {
            _ if link.is_whole() => Link::clone(link),
            Some(project) => Link::of(&format!("projects/{project}/global/networks/{}", link.name())),
            None => Link::of(&format!("global/networks/{}", link.name())),
        };
        // A project may be named by its number.
        return Some(resources.networks.with_id(&path).unwrap_or(path).path);
    }
    let found = resources.subnetworks.find(project, subnetwork?).one()?;
    let own = found.identity.project.as_deref();
    network_key(estate, own, Some(found.network.as_ref()?), None)
}

/// The network of a number, of the project of the link or of who gives it.
fn by_number(estate: &Estate, project: Option<&str>, link: &Link) -> Option<Name> {
    let networks = &estate.resources.networks;
    let project = link.project().or(project).map(|project| networks.id_of(project));
    let is_it = |network: &&Vpc| {
        let own = network.identity.project.as_deref().map(|own| networks.id_of(own));
        network.number.as_deref() == Some(link.name()) && (project.is_none() || own == project)
    };
    networks.values().find(is_it).map(|network| Arc::clone(&network.identity.key))
}

const INTERFACES: &str = "/networkInterfaces/";
