//! Both sides of an attachment in step: who carries something says so, and what is carried lists who carries it.
//!
//! Requests state one side alone, and the provider answers for the other. Exports have both, and where they differ each is
//! taken as possible: a list of yesterday must not keep attached what an event detached. Knows no operation.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::LookupMap;
use cloud::audit::{Act, Ledger, Leg, Spot};
use cloud::json::{Node, Tree};
use model::{Name, Provenance};

use crate::estate::Estate;
use crate::resource::{Interface, name_of, parent_of};

/// The lists of those that are referred to, brought in step.
pub(super) struct Step<'s> {
    pub(super) estate: &'s mut Estate,
    pub(super) ledger: &'s mut Ledger,
    pub(super) place: Provenance,
}

impl Step<'_> {
    /// After an edit of an interface: its group, its subnets, its public addresses.
    pub(super) fn interface(&mut self, key: &Name) {
        let now = self.estate.interfaces.get(key).cloned();
        self.group_of_interface(key, now.as_ref());
        self.subnets_of_interface(key, now.as_ref());
        self.pools_of_interface(key, now.as_ref());
    }

    fn group_of_interface(&mut self, key: &Name, now: Option<&Interface>) {
        if now.is_some_and(|now| now.group.is_none() && !now.without_group.is_told()) {
            return;
        }
        let carried = now.and_then(|now| now.group.as_ref());
        let groups = self.estate.groups.iter();
        let moved =
            groups.filter(|(group, known)| known.interfaces.contains(key) != (carried == Some(group)));
        let moved: Vec<Name> = moved.map(|(group, _)| Arc::clone(group)).collect();
        for group in moved {
            let is_there = carried == Some(&group);
            if let Some(known) = self.estate.groups.get_mut(&group) {
                turn(&mut known.interfaces, key, is_there);
            }
            let id = now.map_or(key, |now| &now.identity.id);
            self.list(GROUP, &group, &Spot::of(&["networkInterfaces"]), id, is_there);
        }
    }

    /// After an edit of subnets: their groups and route tables.
    pub(super) fn subnet(&mut self, key: &Name) {
        let now = self.estate.subnets.get(key).cloned();
        let id = now.as_ref().map_or(key, |now| &now.identity.id);
        if now.as_ref().is_none_or(|now| now.group.is_some() || now.without_group.is_told()) {
            let carried = now.as_ref().and_then(|now| now.group.as_ref());
            let groups = self.estate.groups.iter();
            let moved =
                groups.filter(|(group, known)| known.subnets.contains(key) != (carried == Some(group)));
            let moved: Vec<Name> = moved.map(|(group, _)| Arc::clone(group)).collect();
            for group in moved {
                let is_there = carried == Some(&group);
                if let Some(known) = self.estate.groups.get_mut(&group) {
                    turn(&mut known.subnets, key, is_there);
                }
                self.list(GROUP, &group, &Spot::of(&["subnets"]), id, is_there);
            }
        }
        if now.as_ref().is_none_or(|now| now.route_table.is_some() || now.tells_route_table) {
            let used = now.as_ref().and_then(|now| now.route_table.as_ref());
            let tables = self.estate.route_tables.iter();
            let moved = tables.filter(|(table, known)| known.subnets.contains(key) != (used == Some(table)));
            let moved: Vec<Name> = moved.map(|(table, _)| Arc::clone(table)).collect();
            for table in moved {
                let is_there = used == Some(&table);
                if let Some(known) = self.estate.route_tables.get_mut(&table) {
                    turn(&mut known.subnets, key, is_there);
                }
                self.list(ROUTE_TABLE, &table, &Spot::of(&["subnets"]), id, is_there);
            }
        }
    }

    /// The interfaces that a subnet says are in it.
    fn subnets_of_interface(&mut self, key: &Name, now: Option<&Interface>) {
        let configurations = now.map_or(&[][..], |now| now.configurations.as_slice());
        let is_in = |subnet: &Name| configurations.iter().any(|one| one.subnet.as_ref() == Some(subnet));
        let subnets = self.estate.subnets.iter();
        let moved = subnets.filter(|(subnet, known)| known.interfaces.contains(key) != is_in(subnet));
        let moved: Vec<Name> = moved.map(|(subnet, _)| Arc::clone(subnet)).collect();
        for subnet in moved {
            let is_there = is_in(&subnet);
            if let Some(known) = self.estate.subnets.get_mut(&subnet) {
                turn(&mut known.interfaces, key, is_there);
            }
            let users = configurations.iter().filter(|one| one.subnet.as_ref() == Some(&subnet));
            let users: Vec<Name> = users.filter_map(|one| one.key.clone()).collect();
            let Some((kind, owner, spot)) = self.place_of_subnet(&subnet) else { continue };
            self.rewrite(&kind, &owner, &spot.key("ipConfigurations"), key, &users);
        }
    }

    /// Where the ledger has a subnet: in its network, or by itself.
    fn place_of_subnet(&self, subnet: &Name) -> Option<(Name, Name, Spot)> {
        let network: Name = parent_of(subnet)?.into();
        let spot = Spot::of(&["subnets"]).item("name", name_of(subnet));
        let within = self.ledger.get(NETWORK, &network).is_some_and(|own| spot.find(&own.node).is_some());
        if within {
            return Some((NETWORK.into(), network, spot));
        }
        self.ledger.get(SUBNET, subnet)?;
        Some((SUBNET.into(), Arc::clone(subnet), Spot::default()))
    }

    /// The configurations that pools and rules of load balancers say are theirs. Returns nothing: who reads the balancers
    /// again finds them by [`Step::balancers_of`].
    fn pools_of_interface(&mut self, key: &Name, now: Option<&Interface>) {
        let configurations = now.map_or(&[][..], |now| now.configurations.as_slice());
        for balancer in self.balancers_of(key) {
            let kind = Name::from(BALANCER);
            let Some(object) = self.ledger.get(&kind, &balancer) else { continue };
            let mut node = object.node.clone();
            let mut led = |list: &str, of: &dyn Fn(&Name) -> Vec<Name>, back: &'static str, is_list: bool| {
                let Some(Tree::List(items)) = node.own_mut(list) else { return };
                for item in items {
                    let Tree::Object(item) = item else { continue };
                    let Some(Tree::Text(name)) = item.own("name") else { continue };
                    let part: Name = format!("{balancer}/{list}/{name}").to_ascii_lowercase().into();
                    let members = of(&part);
                    if is_list {
                        rewrite_list(item, back, key, &members);
                    } else {
                        rewrite_one(item, back, key, members.first());
                    }
                }
            };
            let in_pool = |part: &Name| {
                let ours = configurations.iter().filter(|one| {
                    one.balancing.as_ref().is_some_and(|balancing| balancing.pools.contains(part))
                });
                ours.filter_map(|one| one.key.clone()).collect()
            };
            let in_rule = |part: &Name| {
                let ours = configurations.iter().filter(|one| {
                    one.balancing.as_ref().is_some_and(|balancing| balancing.nat_rules.contains(part))
                });
                ours.filter_map(|one| one.key.clone()).collect()
            };
            led("backendAddressPools", &in_pool, "backendIPConfigurations", true);
            led("inboundNatRules", &in_rule, "backendIPConfiguration", false);
            for list in ["backendAddressPools", "inboundNatRules"] {
                if let Some(value) = node.own(list) {
                    self.set(BALANCER, &balancer, list, value.clone());
                }
            }
        }
    }

    /// The load balancers whose pools or rules name an interface, or are named by it.
    pub(super) fn balancers_of(&self, key: &Name) -> Vec<Name> {
        let mut found = Vec::new();
        let configurations =
            self.estate.interfaces.get(key).map_or(&[][..], |own| own.configurations.as_slice());
        for balancing in configurations.iter().filter_map(|one| one.balancing.as_ref()) {
            let parts = balancing.pools.iter().chain(&balancing.nat_rules);
            found.extend(parts.filter_map(|part| parent_of(part)).map(Name::from));
        }
        for (balancer, object) in self.ledger.of_kind(BALANCER) {
            if mentions(&object.node, key) {
                found.push(Arc::clone(balancer));
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// After an edit of a machine: its interfaces say that they are its.
    pub(super) fn machine(&mut self, key: &Name) {
        let now = self.estate.machines.get(key).cloned();
        let interfaces = now.as_ref().map_or(&[][..], |now| now.interfaces.as_slice());
        let all = self.estate.interfaces.iter();
        let moved = all.filter(|(interface, known)| {
            (known.machine.as_ref() == Some(key)) != interfaces.contains(interface)
        });
        let moved: Vec<Name> = moved.map(|(interface, _)| Arc::clone(interface)).collect();
        for interface in moved {
            let owner = interfaces.contains(&interface).then(|| Arc::clone(key));
            if let Some(known) = self.estate.interfaces.get_mut(&interface) {
                known.machine.clone_from(&owner);
            }
            let id = now.as_ref().filter(|_| owner.is_some()).map(|now| &now.identity.id);
            self.refer(INTERFACE, &interface, "virtualMachine", id);
        }
    }

    /// After an edit of whatever may use public addresses: which of its configurations they belong to.
    pub(super) fn addresses(&mut self, key: &Name, node: Option<&Node<'static>>) {
        let mut used: LookupMap<Name, Name> = LookupMap::default();
        if let Some(node) = node {
            find_addresses(node, key, &mut used);
        }
        let start = format!("{key}/");
        let of_it = |user: &Option<Name>| user.as_ref().is_some_and(|user| user.starts_with(&start));
        let all = self.estate.public_addresses.iter();
        let moved = all.filter(|(address, known)| match used.get(*address) {
            Some(user) => known.used_by.as_ref() != Some(user),
            None => of_it(&known.used_by),
        });
        let moved: Vec<Name> = moved.map(|(address, _)| Arc::clone(address)).collect();
        for address in moved {
            let user = used.get(&address).cloned();
            let is_gone = user.is_none() && self.is_dynamic(&address);
            if let Some(known) = self.estate.public_addresses.get_mut(&address) {
                known.used_by.clone_from(&user);
                known.address = known.address.filter(|_| !is_gone);
            }
            self.refer(ADDRESS, &address, "ipConfiguration", user.as_ref());
            if is_gone {
                self.set(ADDRESS, &address, "ipAddress", Tree::Null);
            }
        }
    }

    /// Whether an address is given back when nothing uses it.
    fn is_dynamic(&self, address: &Name) -> bool {
        let object = self.ledger.get(ADDRESS, address);
        object.is_some_and(|object| {
            matches!(object.node.own("publicIPAllocationMethod"), Some(Tree::Text(word)) if word.eq_ignore_ascii_case("dynamic"))
        })
    }

    pub(super) fn list(&mut self, kind: &str, key: &Name, list: &Spot, id: &Name, is_there: bool) {
        let item = || vec![Tree::Object(reference(id))];
        let act = match is_there {
            true => Act::Insert { into: list.clone(), items: item(), by: vec!["id".into()] },
            false => Act::Remove { from: list.clone(), items: item() },
        };
        self.act(&kind.into(), key, &act);
    }

    fn refer(&mut self, kind: &str, key: &Name, field: &str, id: Option<&Name>) {
        let value = id.map_or(Tree::Null, |id| Tree::Object(reference(id)));
        self.set(kind, key, field, value);
    }

    pub(super) fn set(&mut self, kind: &str, key: &Name, field: &str, value: Tree<'static>) {
        self.act(&kind.into(), key, &Act::Set { at: Spot(vec![Leg::Key(field.into())]), value });
    }

    /// What a list of references has of one owner is this.
    fn rewrite(&mut self, kind: &Name, key: &Name, list: &Spot, owner: &Name, members: &[Name]) {
        let Some(object) = self.ledger.get(kind, key) else { return };
        let mut items = match list.find(&object.node) {
            Some(Tree::List(items)) => items.clone(),
            _ => Vec::new(),
        };
        items.retain(|item| !is_of(item, owner));
        items.extend(members.iter().map(|id| Tree::Object(reference(id))));
        self.act(kind, key, &Act::Set { at: list.clone(), value: Tree::List(items) });
    }

    fn act(&mut self, kind: &Name, key: &Name, act: &Act) {
        if self.ledger.get(kind, key).is_some() {
            self.ledger.act([kind, key], act, self.place, &Node::default);
        }
    }
}

fn turn(list: &mut Vec<Name>, key: &Name, is_there: bool) {
    list.retain(|known| known != key);
    if is_there {
        list.push(Arc::clone(key));
        list.sort_unstable();
    }
}

fn reference(id: &Name) -> Node<'static> {
    Node::new(vec![(Cow::Borrowed("id"), Tree::Text(Cow::Owned(id.to_string())))], None)
}

/// Whether an item refers to a part of an owner.
fn is_of(item: &Tree<'_>, owner: &str) -> bool {
    let Tree::Object(item) = item else { return false };
    let Some(Tree::Text(id)) = item.own("id") else { return false };
    let start = id.get(..owner.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(owner))
        && id.as_bytes().get(owner.len()) == Some(&b'/')
}

fn rewrite_list(item: &mut Node<'static>, field: &'static str, owner: &Name, members: &[Name]) {
    let mut items = match item.own(field) {
        Some(Tree::List(items)) => items.clone(),
        _ => Vec::new(),
    };
    if members.is_empty() && !items.iter().any(|known| is_of(known, owner)) {
        return;
    }
    items.retain(|known| !is_of(known, owner));
    items.extend(members.iter().map(|id| Tree::Object(reference(id))));
    item.take_out(field);
    item.push(Cow::Borrowed(field), Tree::List(items));
}

fn rewrite_one(item: &mut Node<'static>, field: &'static str, owner: &Name, member: Option<&Name>) {
    let is_ours = item.own(field).is_some_and(|known| is_of(known, owner));
    if member.is_some() || is_ours {
        item.take_out(field);
        item.push(Cow::Borrowed(field), member.map_or(Tree::Null, |id| Tree::Object(reference(id))));
    }
}

/// Whether an object refers to a part of an owner anywhere.
fn mentions(node: &Node<'_>, owner: &str) -> bool {
    node.entries().iter().any(|(_, value)| mentions_in(value, owner))
}

fn mentions_in(tree: &Tree<'_>, owner: &str) -> bool {
    match tree {
        Tree::Object(node) => is_of(tree, owner) || mentions(node, owner),
        Tree::List(items) => items.iter().any(|item| mentions_in(item, owner)),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => false,
    }
}

/// The public addresses that configurations of an object name, with the configurations.
fn find_addresses(node: &Node<'static>, owner: &str, found: &mut LookupMap<Name, Name>) {
    for (list, value) in node.entries() {
        let Tree::List(items) = value else { continue };
        for item in items {
            let Tree::Object(item) = item else { continue };
            let own = match (item.own("id"), item.own("name")) {
                (Some(Tree::Text(id)), _) => id.to_ascii_lowercase(),
                (_, Some(Tree::Text(name))) => format!("{owner}/{list}/{name}").to_ascii_lowercase(),
                _ => continue,
            };
            if let Some(Tree::Object(address)) = item.own("publicIPAddress")
                && let Some(Tree::Text(address)) = address.own("id")
            {
                found.insert(address.to_ascii_lowercase().into(), own.as_str().into());
            }
        }
    }
}

pub(super) const GROUP: &str = "microsoft.network/networksecuritygroups";
pub(super) const INTERFACE: &str = "microsoft.network/networkinterfaces";
pub(super) const NETWORK: &str = "microsoft.network/virtualnetworks";
pub(super) const SUBNET: &str = "microsoft.network/virtualnetworks/subnets";
pub(super) const PEERING: &str = "microsoft.network/virtualnetworks/virtualnetworkpeerings";
pub(super) const ROUTE_TABLE: &str = "microsoft.network/routetables";
pub(super) const ADDRESS: &str = "microsoft.network/publicipaddresses";
pub(super) const MACHINE: &str = "microsoft.compute/virtualmachines";
pub(super) const POLICY: &str = "microsoft.network/firewallpolicies";
pub(super) const COLLECTIONS: &str = "microsoft.network/firewallpolicies/rulecollectiongroups";
pub(super) const BALANCER: &str = "microsoft.network/loadbalancers";
