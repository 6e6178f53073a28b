//! What stands where for load balancers: their listeners and rules, who holds an address, who is an instance.

use core::net::IpAddr;
use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::{LookupMap, LookupSet, Quoted};
use model::{Effect, Gap, Name};
use packet::{AddressSet, Prefix, Protocol, ProtocolSet};

use crate::resource::{BalancerKind, Identity, Interface, Listener, ListenerRule, PrivateAddress, Purpose};

use super::super::Lowering;
use super::device::{Device, Stance};
use super::ear::{Ear, Route, To, either};

/// Load balancers, and what may be behind them.
#[derive(Debug, Default)]
pub(super) struct World<'e> {
    /// By key.
    pub(super) devices: BTreeMap<Name, Device<'e>>,
    /// The key of a load balancer by its ARN.
    pub(super) by_arn: LookupMap<Name, Name>,
    /// The keys of load balancers by the addresses of their interfaces.
    pub(super) at_address: BTreeMap<IpAddr, Vec<Name>>,
    /// Interfaces that are no load balancer's, by their addresses.
    holders: LookupMap<IpAddr, Vec<&'e Interface>>,
    /// Prefixes that are delegated to interfaces, by their first address.
    delegated: BTreeMap<IpAddr, Vec<(Prefix, &'e Interface)>>,
    /// How many interfaces an instance has, and whether one says that it is the first.
    pub(super) interfaces_of: LookupMap<Name, (usize, bool)>,
    /// The ARNs of target groups by that of a load balancer that they say uses them, sorted.
    groups_of: LookupMap<&'e str, Vec<Name>>,
    /// The keys of interfaces of load balancers.
    pub(super) owned: LookupSet<Name>,
}

impl<'e> Lowering<'e> {
    pub(super) fn made_world(&mut self) -> World<'e> {
        let mut world = World::default();
        let known = &self.estate.resources;
        let modern = known.load_balancers.iter();
        let modern = modern.filter_map(|(key, balancer)| Some((key, Device::modern(balancer)?)));
        let classic = known.classic_balancers.iter().map(|(key, one)| (key, Device::classic(one)));
        for (key, device) in modern.chain(classic) {
            world.by_arn.insert(Arc::clone(&device.identity.id), Arc::clone(key));
            world.devices.insert(Arc::clone(key), device);
        }
        for group in known.target_groups.values() {
            for balancer in &group.balancers {
                world.groups_of.entry(balancer).or_default().push(Arc::clone(&group.identity.id));
            }
        }
        self.add_interfaces(&mut world);
        self.add_listeners(&mut world);
        world
    }

    fn add_interfaces(&mut self, world: &mut World<'e>) {
        let mut described: LookupMap<String, Vec<&'e Interface>> = LookupMap::default();
        let index = Arc::clone(&self.network.index);
        let bare = index.bare.values().filter_map(|instance| instance.bare.as_deref());
        let inline = index.inline.values().copied().chain(bare);
        let all: Vec<&Interface> = self.estate.resources.interfaces.values().chain(inline).collect();
        for interface in &all {
            if let (Purpose::Balancer, Some(description)) = (interface.purpose, &interface.description) {
                described.entry(description.to_string()).or_default().push(interface);
            }
            if let Some(instance) = index.instance_of(interface) {
                let (count, has_first) = world.interfaces_of.entry(Arc::clone(instance)).or_default();
                *count += 1;
                *has_first |= interface.device == Some(0);
            }
        }
        for (key, device) in &mut world.devices {
            let own = described.get(&description_of(device.identity)).into_iter().flatten();
            let own: Vec<&Interface> = own.copied().filter(|interface| is_near(device, interface)).collect();
            for interface in own {
                device.interfaces.push(interface);
                world.owned.insert(Arc::clone(&interface.identity.key));
                for address in addresses(interface) {
                    world.at_address.entry(address).or_default().push(Arc::clone(key));
                }
            }
        }
        // Those of gateway load balancers, which are no way in.
        for balancer in self.estate.resources.load_balancers.values() {
            if balancer.kind == BalancerKind::Gateway {
                let own = described.get(&description_of(&balancer.identity)).into_iter().flatten();
                world.owned.extend(own.map(|interface| Arc::clone(&interface.identity.key)));
            }
        }
        for interface in described.into_values().filter_map(|own| own.first().copied()) {
            if !world.owned.contains(&interface.identity.key) {
                self.tell_unowned(interface);
            }
        }
        for interface in all.into_iter().filter(|one| !world.owned.contains(&one.identity.key)) {
            for address in addresses(interface) {
                world.holders.entry(address).or_default().push(interface);
            }
            for prefix in &interface.delegated {
                let first = prefix.family().address(prefix.first());
                world.delegated.entry(first).or_default().push((*prefix, interface));
            }
        }
    }

    fn add_listeners(&mut self, world: &mut World<'e>) {
        let known = &self.estate.resources;
        let mut rules: LookupMap<&str, Vec<&ListenerRule>> = LookupMap::default();
        for rule in known.listener_rules.values() {
            rules.entry(&rule.listener).or_default().push(rule);
        }
        for rules in rules.values_mut() {
            rules.sort_by(|one, other| {
                (one.priority, &one.identity.id).cmp(&(other.priority, &other.identity.id))
            });
        }
        let mut stray: Vec<&Listener> = Vec::new();
        for listener in known.listeners.values() {
            let key = world.by_arn.get(&listener.balancer);
            let Some(device) = key.and_then(|key| world.devices.get_mut(key)) else {
                stray.push(listener);
                continue;
            };
            let own = rules.get(&*listener.identity.id).map_or(&[][..], Vec::as_slice);
            let mut ear = Ear::of(listener, own, &self.common);
            if ear.is_unread || (own.is_empty() && device.stance != Stance::PassesOn) {
                // What its rules are is not known, and they may lead to any group of the load balancer.
                for group in world.groups_of.get(&*device.identity.id).into_iter().flatten() {
                    if ear.is_unread || !ear.names(group) {
                        ear.add_possible(Arc::clone(group), &self.common);
                    }
                }
            }
            device.ears.push(ear);
        }
        for listener in stray {
            self.tell_stray(listener);
        }
        for balancer in known.classic_balancers.values() {
            let Some(device) = world.devices.get_mut(&balancer.identity.key) else { continue };
            let instances = balancer.instances.as_deref();
            let ears = balancer.listeners.iter().flatten();
            device.ears.extend(ears.map(|one| Ear::classic(one, instances, &self.common)));
        }
        let mut lost: Vec<&Identity> = Vec::new();
        for device in world.devices.values_mut() {
            let groups = world.groups_of.get(&*device.identity.id).map_or(&[][..], Vec::as_slice);
            lost.extend(self.add_unknown_listener(device, groups));
        }
        if self.has_kind("listener") {
            lost.into_iter().for_each(|identity| self.tell_lost(identity));
        }
    }

    /// A load balancer of which no listener is in the input, or a group of which no listener names, listens somewhere.
    fn add_unknown_listener(&self, device: &mut Device<'e>, groups: &[Name]) -> Option<&'e Identity> {
        let known = &self.estate.resources;
        let classic = known.classic_balancers.get(&device.identity.key);
        if classic.is_some_and(|classic| classic.listeners.is_some()) {
            return None;
        }
        let modern = known.load_balancers.get(&device.identity.key);
        if modern.is_some_and(|balancer| balancer.has_all_listeners) {
            return None;
        }
        let is_named = |group: &Name| device.ears.iter().any(|ear| ear.names(group));
        let unnamed: Vec<Name> = groups.iter().filter(|group| !is_named(group)).cloned().collect();
        if !device.ears.is_empty() && unnamed.is_empty() {
            return None;
        }
        let mut routes: Vec<Route> =
            unnamed.into_iter().map(|group| Route::of(To::Group(group), &self.common)).collect();
        for id in classic.and_then(|classic| classic.instances.as_ref()).into_iter().flatten() {
            routes.push(Route::of(To::Instance(Arc::clone(id), None), &self.common));
        }
        if device.ears.is_empty() {
            routes.push(Route::of(To::Itself, &self.common));
        }
        let protocols = match device.stance {
            Stance::StandsIn => ProtocolSet::only(Protocol::TCP),
            Stance::PassesOn | Stance::Unknown => either(),
        };
        device.ears.push(Ear::unknown(routes, protocols, &self.common));
        let is_led_to = device.may_be_public() || !known.endpoint_groups.is_empty();
        is_led_to.then_some(device.identity)
    }

    fn tell_stray(&mut self, listener: &Listener) {
        let known = &self.estate.resources;
        let is_gateway = known.load_balancers.find(None, &listener.balancer).one().is_some();
        if is_gateway || !self.has_kind("load-balancer") {
            return;
        }
        let message = format!(
            "{}: its load balancer is not in the input: what it leads to may be exposed and is not assessed; add `aws \
             elbv2 describe-load-balancers` of its region",
            Quoted(&listener.identity.id)
        );
        let place = listener.identity.read_at.0;
        self.gaps.push(Gap::at(place, "dangling-reference", Effect::Narrowed, message));
    }

    /// Something is behind it, and may be exposed through it.
    fn tell_unowned(&mut self, interface: &Interface) {
        let is_classic = interface.description.as_ref().is_some_and(|text| !text.contains('/'));
        let (kind, service) =
            if is_classic { ("classic-load-balancer", "elb") } else { ("load-balancer", "elbv2") };
        let is_public = |one: &PrivateAddress| !one.public.is_nothing();
        let may_be_public = interface.v4.iter().flatten().any(is_public) || interface.v6 != Some(Vec::new());
        if !may_be_public || !self.has_kind(kind) {
            return;
        }
        let message = format!(
            "{}: the load balancer that it is of is not in the input: what is behind may be exposed and is not told; add \
             `aws {service} describe-load-balancers` of its region",
            Quoted(&interface.identity.name)
        );
        let place = interface.identity.read_at.0;
        self.gaps.push(Gap::at(place, "dangling-reference", Effect::Narrowed, message));
    }

    fn tell_lost(&mut self, identity: &Identity) {
        let message = format!(
            "{}: not all of its listeners are in the input: what is behind it is possible at every port; add `aws elbv2 \
             describe-listeners`",
            Quoted(&identity.name)
        );
        self.gaps.push(Gap::at(identity.read_at.0, "missing-listeners", Effect::Undecided, message));
    }
}

/// The description that AWS gives interfaces of a load balancer: `ELB app/shop/50dc6c495c0c9188`, `ELB classic`.
fn description_of(identity: &Identity) -> String {
    let own = identity.id.split_once(":loadbalancer/").map_or(&*identity.id, |(_, own)| own);
    format!("ELB {own}")
}

fn is_near(device: &Device<'_>, interface: &Interface) -> bool {
    let is_same = |one: Option<&Name>, other: Option<&Name>| one.zip(other).is_none_or(|(a, b)| a == b);
    is_same(device.identity.region.as_ref(), interface.identity.region.as_ref())
        && is_same(device.vpc.as_ref(), interface.vpc.as_ref())
        && is_same(device.identity.account.as_ref(), interface.identity.account.as_ref())
}

pub(super) fn addresses(interface: &Interface) -> impl Iterator<Item = IpAddr> + '_ {
    let v4 = interface.v4.iter().flatten().filter_map(|one| one.address);
    v4.chain(interface.v6.iter().flatten().copied())
}

impl<'e> World<'e> {
    /// The interfaces that have an address.
    pub(super) fn holders(&self, address: IpAddr) -> Vec<&'e Interface> {
        let mut holders: Vec<&Interface> =
            self.holders.get(&address).into_iter().flatten().copied().collect();
        if let Some((_, near)) = self.delegated.range(..=address).next_back() {
            let holds = |prefix: Prefix| AddressSet::from(prefix).contains(address);
            holders.extend(near.iter().filter(|(prefix, _)| holds(*prefix)).map(|(_, interface)| *interface));
        }
        holders
    }
}

impl Device<'_> {
    /// Whether it may be public.
    pub(super) fn may_be_public(&self) -> bool {
        self.scheme != Some(crate::resource::Scheme::Internal)
    }
}
