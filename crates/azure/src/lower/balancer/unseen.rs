//! Backends and frontends that are named and not in the input, although their kind is.

use core::net::IpAddr;
use std::collections::BTreeMap;

use cloud::LookupSet;
use model::Name;

use crate::resource::{Identity, Translated};

use super::super::Lowering;
use super::super::coverage::owner_of;
use super::super::index::{is_answered_by_set, network_of};
use super::assembly::Assembly;
use super::book::Balancers;

impl Lowering<'_> {
    /// Tells of backends to which the Internet is led and that are not in the input: one of each pool.
    pub(super) fn tell_unseen_backends(&mut self, all: &BTreeMap<Name, Assembly<'_>>, book: &Balancers) {
        let estate = self.estate;
        if estate.interfaces.is_empty() {
            return;
        }
        let seen = self.addresses_in_use(book);
        for assembly in all.values() {
            for pool in &assembly.pools {
                if book.of_pool.get(pool.key()).is_none_or(Vec::is_empty) {
                    continue;
                }
                let owner = &pool.stated.identity;
                if let Some(unseen) = pool.stated.configurations.iter().find(|key| !self.is_backend_seen(key))
                {
                    self.tell_unseen_backend(owner, unseen);
                }
                let is_seen = |network: &Option<Name>, address: IpAddr| {
                    seen.contains(&(network.clone(), address))
                        || self.is_in_scale_set(network.as_ref(), address)
                };
                let unseen = pool.stated.addresses.iter().find(|one| !is_seen(&one.network, one.address));
                if let Some(unseen) = unseen.map(|one| one.address.to_string()) {
                    self.tell_dangling(owner, owner.read_at, "the backend address", &unseen);
                }
            }
            for rule in &assembly.nat_rules {
                let Translated::Configuration(Some(configuration)) = &rule.stated.to else { continue };
                let leads = book.of_rule.get(rule.key()).is_some_and(|ways| !ways.is_empty());
                if leads && !self.is_backend_seen(configuration) {
                    self.tell_unseen_backend(&rule.stated.identity, configuration);
                }
            }
        }
    }

    /// Tells of frontends that public addresses say they belong to and that no load balancer has, although there are
    /// load balancers.
    pub(in crate::lower) fn tell_unseen_frontends(&mut self) {
        let estate = self.estate;
        let known = &estate.devices.load_balancers;
        if known.is_empty() {
            return;
        }
        for address in estate.public_addresses.values() {
            let Some(user) = address.used_by.as_ref().filter(|user| user.contains("/loadbalancers/")) else {
                continue;
            };
            let is_apart = estate.devices.balancer_frontends.contains_key(user);
            let is_seen = known.get(owner_of(user)).is_some_and(|balancer| {
                !balancer.is_complete || balancer.frontends.iter().any(|one| one.identity.key == *user)
            });
            if !is_apart && !is_seen {
                self.tell_dangling(&address.identity, address.identity.read_at, "the frontend", user);
            }
        }
    }

    fn tell_unseen_backend(&mut self, owner: &Identity, key: &str) {
        let what = if key.contains("/virtualmachinescalesets/") {
            "the backend of a scale set (`az vmss list`, `az vmss nic list`)"
        } else {
            "the backend"
        };
        self.tell_dangling(owner, owner.read_at, what, key);
    }

    /// Whether an ip-configuration is in the input, by itself or as that of a scale set.
    pub(in crate::lower) fn is_backend_seen(&self, configuration: &Name) -> bool {
        let Some((interface, _)) = configuration.split_once("/ipconfigurations/") else { return false };
        let of_interface = self.estate.interfaces.get(interface).is_some_and(|interface| {
            let mut keys = interface.configurations.iter().filter_map(|one| one.key.as_ref());
            interface.configurations.iter().any(|one| one.key.is_none())
                || keys.any(|key| key == configuration)
        });
        of_interface || is_answered_by_set(self.estate, interface)
    }

    /// The addresses of interfaces that pools name, each with its network and without.
    fn addresses_in_use(&self, book: &Balancers) -> LookupSet<(Option<Name>, IpAddr)> {
        let mut seen = LookupSet::default();
        if book.at.is_empty() {
            return seen;
        }
        let interfaces = self.estate.interfaces.values();
        for configuration in interfaces.flat_map(|interface| &interface.configurations) {
            let address = configuration.addresses.as_ref().and_then(|own| own.lowest(configuration.family));
            let Some(address) = address.filter(|address| book.at.contains_key(address)) else { continue };
            seen.insert((configuration.subnet.as_deref().and_then(network_of), address));
            seen.insert((None, address));
        }
        seen
    }

    /// Whether an address may be that of an instance of a scale set of the input.
    fn is_in_scale_set(&self, network: Option<&Name>, address: IpAddr) -> bool {
        let sets = self.estate.devices.scale_sets.values();
        let configurations =
            sets.flat_map(|set| &set.interfaces).flat_map(|one| &one.interface.configurations);
        let mut subnets = configurations.filter_map(|configuration| configuration.subnet.as_ref());
        subnets.any(|key| {
            let is_here = network.is_none_or(|network| network_of(key).as_ref() == Some(network));
            let subnet = self.estate.subnets.get(key).and_then(|subnet| subnet.addresses.as_ref());
            is_here && subnet.is_none_or(|addresses| addresses.contains(address))
        })
    }
}
