//! What stands in for its clients: application gateways (AP8), firewalls that translate (AP9), and the gateways that
//! serve the Internet by design.
//!
//! The doors they make are found once, before anybody asks; an address or an ip-configuration asks by look-up.

mod application_gateway;
mod coverage;
mod door;
mod firewall;
mod firewall_network;
mod firewall_order;
mod firewall_rules;
mod firewall_target;
mod front;
mod ip_group;
mod listener;
mod seen;
mod service_gateway;

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{LookupMap, LookupSet};
use model::{Gap, Name, Reach, Target};
use packet::{AddressSet, Family};

use crate::resource::{Interface, IpConfiguration, Sku};

use super::Lowering;
use super::index::network_of;
use super::way::Way;
pub(super) use coverage::is_of_gateway;
use door::{Distance, Door, Neighbourhood};

/// A door of a firewall, and the address it leads to; `None` where that is not known.
type Lead = (Option<IpAddr>, Arc<Door>);

/// Doors by what they lead to.
#[derive(Debug, Default)]
pub(super) struct Proxies {
    by_address: BTreeMap<IpAddr, Vec<Arc<Door>>>,
    /// Doors to public addresses: what is there is looked for by its public address.
    by_public: BTreeMap<IpAddr, Vec<Arc<Door>>>,
    by_configuration: LookupMap<Name, Vec<Arc<Door>>>,
    by_pool: LookupMap<Name, Vec<Arc<Door>>>,
    /// The networks of those that have an address a door leads to, each as often as it has one.
    holders: LookupMap<IpAddr, Vec<Option<Name>>>,
    /// Addresses that doors lead to and nobody in the input has, sorted.
    unheld: Vec<IpAddr>,
    /// Addresses of private endpoints that doors lead to.
    endpoints: LookupSet<IpAddr>,
    /// Doors of firewalls, and where they lead.
    of_firewalls: LookupMap<Name, Vec<Lead>>,
    /// Private addresses at which gateways listen.
    listened: LookupSet<IpAddr>,
}

impl Lowering<'_> {
    /// The ways that gateways and firewalls make to an address.
    pub(super) fn proxied_ways(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
    ) -> Vec<Way> {
        let devices = &self.estate.devices;
        if (devices.application_gateways.is_empty() && devices.firewalls.is_empty())
            || interface.is_private_endpoint
        {
            return Vec::new();
        }
        let proxies = self.proxies();
        let mut doors: Vec<(Arc<Door>, bool)> = Vec::new();
        let mut some_door = None;
        let mut add = |door: &Arc<Door>, is_certain: bool| match doors
            .iter_mut()
            .find(|(known, _)| Arc::ptr_eq(known, door))
        {
            Some((_, certain)) => *certain |= is_certain,
            None => doors.push((Arc::clone(door), is_certain)),
        };
        let named = configuration.key.as_ref().and_then(|key| proxies.by_configuration.get(key));
        let pools = configuration.balancing.iter().flat_map(|balancing| &balancing.gateway_pools);
        let pooled = pools.filter_map(|pool| proxies.by_pool.get(pool));
        named.into_iter().chain(pooled).flatten().for_each(|door| add(door, true));
        self.tell_unseen_gateway(interface, configuration);
        let network = configuration.subnet.as_deref().and_then(network_of);
        for (address, found) in proxies.at(configuration.addresses.as_deref()) {
            for door in found {
                if let Some(is_certain) = proxies.leads(door, address, network.as_ref()) {
                    add(door, is_certain);
                }
            }
        }
        if configuration.addresses.is_none() && configuration.family == Family::V4 {
            let subnet = configuration.subnet.as_ref().and_then(|subnet| self.estate.subnets.get(subnet));
            let somewhere = subnet.and_then(|subnet| subnet.addresses.as_deref());
            let unheld = proxies.unheld(somewhere);
            let near = unheld.filter(|door| door.place.distance(network.as_ref()) != Distance::Far);
            let near: Vec<&Arc<Door>> = near.take(DOORS_MAX + 1).collect();
            if near.len() > DOORS_MAX {
                // Any of them, to any port: more is not told of whose address nobody tells.
                some_door = Some(Way {
                    seen_as: Some(self.memo.share(AddressSet::empty())),
                    doubt: Some(UNCERTAIN),
                    without_group: Sku::Basic,
                    ..Way::of(Reach::Admitted)
                });
            } else {
                near.into_iter().for_each(|door| add(door, false));
            }
        }
        let mut ways: Vec<Way> =
            doors.iter().map(|(door, is_certain)| self.way_through(door, *is_certain)).collect();
        ways.extend(some_door);
        ways.extend(self.ways_to_public_address(&proxies, configuration));
        ways
    }

    /// The ways that lead to a private address which is no interface's: the frontend of a load balancer.
    pub(super) fn ways_to_address(&mut self, address: IpAddr, subnet: Option<&Name>) -> Vec<Way> {
        let devices = &self.estate.devices;
        if devices.application_gateways.is_empty() && devices.firewalls.is_empty() {
            return Vec::new();
        }
        let proxies = self.proxies();
        let network = subnet.and_then(|subnet| network_of(subnet));
        let doors = proxies.by_address.get(&address).into_iter().flatten();
        let led = doors.filter_map(|door| Some((door, proxies.leads(door, address, network.as_ref())?)));
        led.map(|(door, is_certain)| self.way_through(door, is_certain)).collect()
    }

    fn way_through(&self, door: &Door, is_certain: bool) -> Way {
        let mut way = door.way(&self.memo.common.every_port);
        if !(is_certain && door.is_certain) {
            way.doubt = Some(UNCERTAIN);
        }
        way
    }

    /// AP8: a backend given by its public address is reached from outside, by the gateway.
    fn ways_to_public_address(&mut self, proxies: &Proxies, configuration: &IpConfiguration) -> Vec<Way> {
        if proxies.by_public.is_empty() {
            return Vec::new();
        }
        let index = Arc::clone(&self.index);
        let told = configuration.key.as_ref().and_then(|key| index.public_address_of.get(key));
        let key = configuration.public_address.as_ref().or(told);
        let Some(public) = key.and_then(|key| self.estate.public_addresses.get(key)) else {
            return Vec::new();
        };
        let doors = public.address.and_then(|address| proxies.by_public.get(&address));
        let ways = doors
            .into_iter()
            .flatten()
            .map(|door| Way { without_group: public.sku, ..self.way_through(door, true) });
        ways.collect()
    }

    /// All doors, found once.
    pub(super) fn proxies(&mut self) -> Arc<Proxies> {
        if let Some(known) = &self.memo.proxies {
            return Arc::clone(known);
        }
        let told_before = self.gaps.len();
        let mut proxies = Proxies::default();
        self.add_firewalls(&mut proxies);
        self.add_gateways(&mut proxies);
        self.add_holders(&mut proxies);
        let is_held =
            |address: &IpAddr| proxies.holders.contains_key(address) || proxies.listened.contains(address);
        proxies.unheld = proxies.by_address.keys().copied().filter(|address| !is_held(address)).collect();
        self.tell_lost_translations(&proxies);
        let told: Vec<Gap> = self.gaps.split_off(told_before);
        self.memo.gaps.extend(told);
        let proxies = Arc::new(proxies);
        self.memo.proxies = Some(Arc::clone(&proxies));
        proxies
    }

    /// Who in the input has the addresses that doors lead to.
    fn add_holders(&self, proxies: &mut Proxies) {
        if proxies.by_address.is_empty() {
            return;
        }
        let devices = &self.estate.devices;
        let apart = devices.balancer_frontends.values();
        let frontends = devices.load_balancers.values().flat_map(|balancer| &balancer.frontends).chain(apart);
        let mut known = LookupSet::default();
        for frontend in frontends.filter(|frontend| known.insert(&frontend.identity.key)) {
            let Some(address) = frontend.private.filter(|address| proxies.by_address.contains_key(address))
            else {
                continue;
            };
            let network = frontend.subnet.as_deref().and_then(network_of);
            proxies.holders.entry(address).or_default().push(network);
        }
        for interface in self.estate.interfaces.values() {
            for configuration in &interface.configurations {
                let network = configuration.subnet.as_deref().and_then(network_of);
                let held: Vec<IpAddr> =
                    proxies.at(configuration.addresses.as_deref()).map(|(address, _)| address).collect();
                for address in held {
                    if interface.is_private_endpoint {
                        proxies.endpoints.insert(address);
                    } else {
                        proxies.holders.entry(address).or_default().push(network.clone());
                    }
                }
            }
        }
    }

    /// What is near something in a subnet.
    fn neighbourhood(&self, subnet: Option<&Name>) -> Arc<Neighbourhood> {
        let network = subnet.and_then(|subnet| network_of(subnet));
        let mut peers = LookupSet::default();
        for peering in self.estate.peerings.values().filter(|peering| peering.is_connected) {
            let sides = (peering.network.as_ref(), peering.remote.as_ref());
            match (sides, &network) {
                ((Some(own), Some(other)) | (Some(other), Some(own)), Some(network)) if own == network => {
                    peers.insert(Arc::clone(other));
                }
                _ => {}
            }
        }
        Arc::new(Neighbourhood { network, peers, is_hub: false })
    }

    /// The target that a gateway or a firewall is.
    pub(super) fn gateway_target(&mut self, key: &Name) -> Option<Target> {
        let devices = &self.estate.devices;
        if let Some(gateway) = devices.application_gateways.get(key) {
            return Some(self.application_gateway_target(gateway));
        }
        if let Some(firewall) = devices.firewalls.get(key) {
            return Some(self.firewall_target(firewall));
        }
        if let Some(bastion) = devices.bastions.get(key) {
            return Some(self.bastion_target(bastion));
        }
        devices.tunnel_gateways.get(key).map(|gateway| self.tunnel_target(gateway))
    }

    /// The keys of gateways and firewalls.
    pub(super) fn gateway_keys(&self) -> impl Iterator<Item = &Name> {
        let devices = &self.estate.devices;
        let keys = devices.application_gateways.keys().chain(devices.firewalls.keys());
        keys.chain(devices.bastions.keys()).chain(devices.tunnel_gateways.keys())
    }
}

impl Proxies {
    /// The doors to the addresses of a configuration.
    fn at(&self, addresses: Option<&AddressSet>) -> impl Iterator<Item = (IpAddr, &[Arc<Door>])> {
        let spans = addresses.into_iter().flat_map(|addresses| {
            let four = addresses.v4_spans().iter().map(|&(a, b)| (Family::V4, u128::from(a), u128::from(b)));
            let six = addresses.v6_spans().iter().map(|&(a, b)| (Family::V6, a, b));
            four.chain(six)
        });
        spans.flat_map(|(family, first, last)| {
            let found = self.by_address.range(family.address(first)..=family.address(last));
            found.map(|(address, doors)| (*address, doors.as_slice()))
        })
    }

    /// The doors to addresses of a subnet that nobody in the input is known to have; of any without one.
    fn unheld<'p>(&'p self, somewhere: Option<&'p AddressSet>) -> impl Iterator<Item = &'p Arc<Door>> {
        let here = self
            .unheld
            .iter()
            .filter(move |address| somewhere.is_none_or(|somewhere| somewhere.contains(**address)));
        here.filter_map(|address| self.by_address.get(address)).flatten()
    }

    /// Whether a door leads to who has its address in a network: `None` when a nearer one has it too.
    fn leads(&self, door: &Door, address: IpAddr, network: Option<&Name>) -> Option<bool> {
        let own = door.place.distance(network);
        let distances = || {
            let holders = self.holders.get(&address).into_iter().flatten();
            holders.map(|holder| door.place.distance(holder.as_ref()))
        };
        if distances().any(|distance| distance < own) {
            return None;
        }
        Some(own < Distance::Far && distances().filter(|distance| *distance == own).count() == 1)
    }

    /// Whether a door to an address is there already through the same gateways from the same front.
    fn has_alike(&self, address: IpAddr, door: &Door) -> bool {
        let ways = |door: &Door| {
            let hops: Vec<Name> = door.hops.iter().map(|hop| Arc::clone(&hop.id)).collect();
            (door.reach, door.front.clone(), hops, Arc::clone(&door.from), door.to, door.is_certain)
        };
        let own = ways(door);
        self.by_address.get(&address).into_iter().flatten().any(|known| ways(known) == own)
    }

    fn add(&mut self, address: IpAddr, door: &Arc<Door>) {
        self.by_address.entry(address).or_default().push(Arc::clone(door));
    }
}

/// The name under which doubts whether a door is there stand in a path.
const UNCERTAIN: &str = "uncertain translation";

/// Doors to nobody known that are told one by one of each configuration without an address.
const DOORS_MAX: usize = 64;
