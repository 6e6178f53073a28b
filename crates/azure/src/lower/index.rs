//! References turned round: who carries a group, who is in a subnet, who is a member.
//!
//! Holds keys only. Look-ups by key; what comes out of a list here is sorted.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{LookupMap, LookupSet};
use model::Name;
use packet::AddressSet;

use super::admin::KnownAdmins;
use crate::estate::Estate;
use crate::resource::{
    Absence, Group, Interface, IpConfiguration, Seat, UNREADABLE_KEY, name_of, segment_after,
};

use super::scale_set::stands_for_instances;

/// References of an estate, turned round.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// Groups that interfaces carry, by group.
    pub(super) interfaces_of_group: LookupMap<Name, Vec<Name>>,
    /// The groups of an interface, as groups say it: one, unless they contradict each other.
    pub(super) groups_of_interface: LookupMap<Name, Vec<Name>>,
    pub(super) subnets_of_group: LookupMap<Name, Vec<Name>>,
    /// The groups of a subnet, as groups say it.
    pub(super) groups_of_subnet: LookupMap<Name, Vec<Name>>,
    /// The route tables of a subnet, as route tables say it.
    pub(super) tables_of_subnet: LookupMap<Name, Vec<Name>>,
    pub(super) interfaces_of_subnet: LookupMap<Name, Vec<Name>>,
    pub(super) members: LookupMap<Name, Vec<Member>>,
    /// Those that may be a member of any application group: projections leave membership out.
    pub(super) possible_members: Vec<Member>,
    /// Subnets with an interface behind a load balancer, or with one that is not in the input.
    pub(super) fronted_subnets: LookupSet<Name>,
    /// Subnets that name interfaces which are not in the input.
    pub(super) unseen_subnets: LookupSet<Name>,
    pub(super) power: LookupMap<Name, Name>,
    /// Peerings by the network they belong to.
    pub(super) peerings_of_network: LookupMap<Name, Vec<Name>>,
    /// Public addresses by the ip-configuration that they say uses them.
    pub(super) public_address_of: LookupMap<Name, Name>,
    /// Public addresses that say they are where another one says it is.
    pub(super) contested_addresses: Vec<Name>,
    /// Interfaces that refer to each public address.
    pub(super) interfaces_of_public_address: LookupMap<Name, Vec<Name>>,
    /// What services keep beside them, by service.
    pub(super) parts_of_service: BTreeMap<Name, Vec<Name>>,
    /// Resource groups all of whose groups in the input are full exports: what those are attached to, they say.
    pub(super) told_scopes: LookupSet<Name>,
    /// Whether something carries a group and it is not known which.
    pub(super) has_unknown_attachment: bool,
    /// What is known of network managers.
    pub(super) admins: KnownAdmins,
    /// Members of perimeters by the resource they are.
    pub(super) perimeter_members: LookupMap<Name, Vec<Name>>,
    /// Access rules of perimeters by their profile.
    pub(super) perimeter_rules: LookupMap<Name, Vec<Name>>,
    // Subscriptions of what is in the input: names mean something in one of them only.
    subscriptions: LookupSet<Name>,
    // Groups without an id, by what their document calls them; `None` when several are called so.
    by_name: BTreeMap<String, Option<Name>>,
}

/// One ip-configuration that is a member of an application group.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) network: Option<Name>,
    pub(super) addresses: Option<Arc<AddressSet>>,
}

impl Index {
    pub(super) fn new(estate: &Estate) -> Self {
        let mut index = Self::default();
        index.add_names(estate);
        index.add_groups(estate);
        index.add_subnets(estate);
        index.add_peerings(estate);
        index.add_interfaces(estate);
        index.add_public_addresses(estate);
        index.add_route_tables(estate);
        index.add_machines(estate);
        index.add_scale_sets(estate);
        index.add_perimeters(estate);
        index.admins = KnownAdmins::new(estate);
        index.add_service_parts(estate);
        index.sort();
        index
    }

    /// The key of the group that a reference names, if it is in the input. A projection names its groups by
    /// resource group and name, or by name alone.
    pub(super) fn group_key(&self, estate: &Estate, reference: &Name) -> Option<Name> {
        if estate.groups.contains_key(reference) {
            return Some(Arc::clone(reference));
        }
        if self.subscriptions.len() > 1 {
            return None;
        }
        let name = name_of(reference);
        let qualified = segment_after(reference, "resourcegroups")
            .and_then(|group| self.by_name.get(&format!("{group}/{name}")));
        qualified.or_else(|| self.by_name.get(name)).cloned().flatten()
    }

    fn add_names(&mut self, estate: &Estate) {
        let references = estate.interfaces.values().filter_map(|interface| interface.group.as_ref());
        let attached = estate.subnets.values().filter_map(|subnet| subnet.group.as_ref());
        let ids = estate.interfaces.keys().chain(estate.subnets.keys()).chain(references).chain(attached);
        self.subscriptions.extend(ids.filter_map(|id| segment_after(id, "subscriptions")).map(Name::from));
        for (key, group) in &estate.groups {
            if !group.identity.named_by_id {
                let called = key.split('#').next().unwrap_or(key).to_owned();
                self.by_name.entry(called).and_modify(|known| *known = None).or_insert(Some(Arc::clone(key)));
            }
        }
    }

    fn add_groups(&mut self, estate: &Estate) {
        let mut untold = LookupSet::default();
        let mut told_anywhere = true;
        for (key, group) in &estate.groups {
            for interface in &group.interfaces {
                push(&mut self.groups_of_interface, interface, key);
                push(&mut self.interfaces_of_group, key, interface);
            }
            for subnet in &group.subnets {
                push(&mut self.groups_of_subnet, subnet, key);
                push(&mut self.subnets_of_group, key, subnet);
            }
            match scope_key(&group.identity.key) {
                Some(scope) if group.is_projected || group.is_declared => drop(untold.insert(scope)),
                Some(scope) => drop(self.told_scopes.insert(scope)),
                None => told_anywhere &= !group.is_projected,
            }
        }
        self.told_scopes.retain(|scope| told_anywhere && !untold.contains(scope));
    }

    fn add_subnets(&mut self, estate: &Estate) {
        for (key, subnet) in &estate.subnets {
            self.note_attachment(subnet.group.as_deref());
            if let Some(group) = subnet.group.as_ref().and_then(|group| self.group_key(estate, group)) {
                push(&mut self.subnets_of_group, &group, key);
            }
            let is_seen = |key: &Name| {
                estate.interfaces.contains_key(key)
                    || estate.views.contains_key(key)
                    || is_answered_by_set(estate, key)
            };
            if !subnet.interfaces.iter().all(is_seen) {
                self.unseen_subnets.insert(Arc::clone(key));
                self.fronted_subnets.insert(Arc::clone(key));
            }
        }
    }

    fn note_attachment(&mut self, group: Option<&str>) {
        self.has_unknown_attachment |= group == Some(UNREADABLE_KEY);
    }

    fn add_peerings(&mut self, estate: &Estate) {
        for (key, peering) in &estate.peerings {
            if let Some(network) = &peering.network {
                push(&mut self.peerings_of_network, network, key);
            }
        }
    }

    fn add_interfaces(&mut self, estate: &Estate) {
        for (key, interface) in &estate.interfaces {
            self.note_attachment(interface.group.as_deref());
            if let Some(group) = interface.group.as_ref().and_then(|group| self.group_key(estate, group)) {
                push(&mut self.interfaces_of_group, &group, key);
            }
            for configuration in &interface.configurations {
                if let Some(subnet) = &configuration.subnet {
                    push(&mut self.interfaces_of_subnet, subnet, key);
                }
                if let Some(address) = &configuration.public_address {
                    push(&mut self.interfaces_of_public_address, address, key);
                }
                self.add_member(interface, configuration);
            }
        }
    }

    fn add_member(&mut self, interface: &Interface, configuration: &IpConfiguration) {
        let network = configuration.subnet.as_deref().and_then(network_of);
        let member = Member { network, addresses: configuration.addresses.clone() };
        for group in &configuration.application_groups {
            self.members.entry(Arc::clone(group)).or_default().push(member.clone());
        }
        if !configuration.tells_membership {
            self.possible_members.push(member);
        }
        if configuration.is_balanced()
            && !interface.is_private_endpoint
            && let Some(subnet) = &configuration.subnet
        {
            self.fronted_subnets.insert(Arc::clone(subnet));
        }
    }

    /// The public address of a configuration of a gateway, whoever says so.
    pub(super) fn public_of<'i>(&'i self, seat: &'i Seat) -> Option<&'i Name> {
        seat.public.as_ref().or_else(|| self.public_address_of.get(&seat.key))
    }

    fn add_public_addresses(&mut self, estate: &Estate) {
        for (key, address) in &estate.public_addresses {
            if let Some(user) = &address.used_by {
                // The first by its key; the others are told.
                match self.public_address_of.get(user) {
                    Some(_) => self.contested_addresses.push(Arc::clone(key)),
                    None => {
                        self.public_address_of.insert(Arc::clone(user), Arc::clone(key));
                    }
                }
            }
        }
    }

    fn add_route_tables(&mut self, estate: &Estate) {
        for (key, table) in &estate.route_tables {
            for subnet in &table.subnets {
                push(&mut self.tables_of_subnet, subnet, key);
            }
        }
    }

    fn add_machines(&mut self, estate: &Estate) {
        for machine in estate.machines.values() {
            if let Some(power) = &machine.power {
                for interface in &machine.interfaces {
                    self.power.insert(Arc::clone(interface), Arc::clone(power));
                }
            }
        }
        for (key, interface) in &estate.interfaces {
            let machine = interface.machine.as_ref().and_then(|machine| estate.machines.get(machine));
            if let Some(power) = machine.and_then(|machine| machine.power.as_ref()) {
                self.power.insert(Arc::clone(key), Arc::clone(power));
            }
        }
    }

    /// A scale set that stands for its instances is in their subnets, carries their groups, and is a member.
    fn add_scale_sets(&mut self, estate: &Estate) {
        for (key, set) in &estate.devices.scale_sets {
            if !stands_for_instances(estate, set) {
                continue;
            }
            for interface in set.interfaces.iter().map(|one| &one.interface) {
                self.has_unknown_attachment |=
                    interface.group.is_none() && interface.without_group == Absence::Untold;
                if let Some(group) = interface.group.as_ref().and_then(|group| self.group_key(estate, group))
                {
                    push(&mut self.interfaces_of_group, &group, key);
                }
                for configuration in &interface.configurations {
                    if let Some(subnet) = &configuration.subnet {
                        push(&mut self.interfaces_of_subnet, subnet, key);
                    }
                    self.add_member(interface, configuration);
                }
            }
        }
    }

    fn sort(&mut self) {
        let lists = [
            &mut self.interfaces_of_group,
            &mut self.subnets_of_group,
            &mut self.interfaces_of_subnet,
            &mut self.interfaces_of_public_address,
        ];
        for keys in lists.into_iter().flat_map(|map| map.values_mut()) {
            keys.sort_unstable();
            keys.dedup();
        }
    }
}

/// The subscription and resource group that the key of a resource names.
pub(super) fn scope_key(key: &str) -> Option<Name> {
    let (scope, _) = key.split_once("/providers/")?;
    scope.contains("/resourcegroups/").then(|| scope.into())
}

/// The key of the virtual network that the key of a subnet names.
pub(super) fn network_of(subnet: &str) -> Option<Name> {
    subnet.split_once("/subnets/").map(|(network, _)| network.into())
}

pub(super) fn push(map: &mut LookupMap<Name, Vec<Name>>, key: &Name, value: &Name) {
    map.entry(Arc::clone(key)).or_default().push(Arc::clone(value));
}

/// Whether an interface is one of a scale set that stands for all of its instances.
pub(super) fn is_answered_by_set(estate: &Estate, interface: &str) -> bool {
    let set = interface.split_once("/virtualmachines/").map(|(set, _)| set);
    let set = set.and_then(|set| estate.devices.scale_sets.get(set));
    set.is_some_and(|set| stands_for_instances(estate, set))
}

/// The keys of what a group is attached to, as it and its counterparts say.
pub(super) struct Attachments {
    pub(super) interfaces: Vec<Name>,
    pub(super) subnets: Vec<Name>,
}

impl Attachments {
    pub(super) fn of(group: &Group, index: &Index) -> Self {
        let keys =
            |map: &LookupMap<Name, Vec<Name>>| map.get(&group.identity.key).cloned().unwrap_or_default();
        Self { interfaces: keys(&index.interfaces_of_group), subnets: keys(&index.subnets_of_group) }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.interfaces.is_empty() && self.subnets.is_empty()
    }
}
