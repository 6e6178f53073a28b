//! What a listener does with packets that come to it: the groups of its load balancer judge them, and it hands them on,
//! perhaps to another load balancer.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, all_of, grammar};
use model::{Action, Carries, Effect, Filter, Front, Gap, Hop, Name, Path, Reach, Rule, RuleList};
use packet::{AddressSet, Bounds, PortSet, ProtocolSet};

use crate::resource::{Registered, TargetGroup, TargetKind};

use super::super::Lowering;
use super::super::rewritten::Met;
use super::arrival::{Arrival, at_ports, only_from};
use super::device::{Device, Stance};
use super::ear::{Ear, Route, To};
use super::world::World;
use super::{BALANCER_KIND, Book, Lead};

/// A listener of a load balancer, as packets come to it.
#[derive(Clone, Copy)]
struct Stop<'w, 'e> {
    world: &'w World<'e>,
    device: &'w Device<'e>,
    ear: &'w Ear,
}

impl<'e> Lowering<'e> {
    pub(super) fn made_book(&mut self) -> Book {
        let mut world = self.made_world();
        let owned = core::mem::take(&mut world.owned);
        let interfaces_of = core::mem::take(&mut world.interfaces_of);
        let mut book = Book { owned, interfaces_of, ..Book::default() };
        for device in world.devices.values() {
            for ear in &device.ears {
                for arrival in self.arrivals(device, ear) {
                    self.enter(Stop { world: &world, device, ear }, &arrival, &mut book);
                }
            }
        }
        self.add_accelerated(&mut book);
        book
    }

    fn enter(&mut self, stop: Stop<'_, 'e>, arrival: &Arrival, book: &mut Book) {
        let mut before = arrival.before.clone();
        before.push(self.judged(stop, arrival));
        if let Some(doubt) = stop.ear.doubt {
            before.push(self.doubted(Filter::Always(Action::Allow), doubt));
        }
        for route in &stop.ear.routes {
            let mut before = before.clone();
            before.extend(self.only_led(stop, route, arrival));
            if let Some(doubt) = route.doubt {
                before.push(self.doubted(Filter::Always(Action::Allow), doubt));
            }
            let arrival = Arrival { before, ..arrival.clone() };
            match &route.to {
                To::Itself => self.end(stop, &arrival, book),
                To::Instance(id, port) => {
                    let target = Registered { id: Arc::clone(id), port: *port, is_in_use: true };
                    self.hand_on(stop, &arrival, (None, &target), book);
                }
                To::Group(group) => self.enter_group(stop, &arrival, group, book),
            }
        }
    }

    /// W19, W20, W21: what the groups of a load balancer say of those who come to its listener.
    fn judged(&mut self, stop: Stop<'_, 'e>, arrival: &Arrival) -> Filter {
        let filter = self.groups_of(stop, arrival);
        let judged = at_ports(&filter, &stop.ear.ports, &self.common);
        for list in judged.lists() {
            let met = Met { seen: arrival.seen.clone(), ports: Some(Arc::clone(&stop.ear.ports)) };
            self.note_derived(list, met);
        }
        judged
    }

    /// What the groups of the load balancer say of the clients, port by port.
    fn groups_of(&mut self, stop: Stop<'_, 'e>, arrival: &Arrival) -> Filter {
        let device = stop.device;
        if device.takes_everybody() {
            return Filter::Always(Action::Allow);
        }
        match &arrival.seen {
            Some(seen) => self.groups_filter_behind(&device.groups, device.identity, seen),
            None => self.groups_filter(&device.groups, device.identity),
        }
    }

    /// Of the ports at which it may listen, those that its groups let anybody to: wherever it listens, nobody gets to
    /// another.
    fn open_ports(&mut self, stop: Stop<'_, 'e>, arrival: &Arrival) -> Arc<PortSet> {
        let filter = self.groups_of(stop, arrival);
        let lists = filter.lists();
        if lists.is_empty() {
            return Arc::clone(&stop.ear.ports);
        }
        lists.iter().for_each(|list| self.note_listening(list));
        let rules = lists.into_iter().flat_map(|list| &list.rules);
        let lets_in = rules.filter(|rule| rule.action == Action::Allow);
        let open = lets_in.fold(PortSet::empty(), |open, rule| open.union(&rule.matches.ports.may));
        Arc::new(open.intersection(&stop.ear.ports))
    }

    /// What keeps out whom a rule of the listener does not lead there.
    fn only_led(&self, stop: Stop<'_, 'e>, route: &Route, arrival: &Arrival) -> Option<Filter> {
        let device = stop.device;
        let denied = |sources: Bounds<Arc<AddressSet>>| {
            let mut rule: Rule = self.unknown_rule();
            rule.matches.protocols = Bounds::exactly(ProtocolSet::EVERYTHING);
            rule.matches.sources = sources;
            let rule = Rule { name: SOURCES.into(), action: Action::Deny, built_in: true, ..rule };
            Filter::FirstMatch(Arc::new(RuleList {
                id: Arc::clone(&device.identity.id),
                name: Arc::clone(&device.identity.name),
                kind: "listener",
                scope: device.identity.account.clone(),
                rules: vec![rule],
                behind: None,
                provenance: stop.ear.provenance,
            }))
        };
        only_from(&route.sources, arrival.seen.as_deref(), denied, &self.common)
    }

    fn enter_group(&mut self, stop: Stop<'_, 'e>, arrival: &Arrival, id: &Name, book: &mut Book) {
        let known = &self.estate.resources;
        let account = stop.device.identity.account.as_deref();
        let Some(group) = known.target_groups.find(account, id).one() else {
            if self.has_kind("target-group") {
                self.tell_group(stop, id, "is not in the input", "describe-target-groups");
            }
            return self.end(stop, arrival, book);
        };
        if group.kind == TargetKind::Function {
            return self.end(stop, arrival, book);
        }
        let health = known.target_healths.find(group.identity.account.as_deref(), id).one();
        let targets = match health {
            Some(health) => health.targets.as_ref(),
            None => group.targets.as_ref(),
        };
        let Some(targets) = targets else {
            if health.is_none() && self.has_kind("target-health") {
                self.tell_group(
                    stop,
                    &group.identity.name,
                    "has targets that are not in the input",
                    "describe-target-health",
                );
            }
            return self.end(stop, arrival, book);
        };
        for target in targets {
            self.hand_on(stop, arrival, (Some(group), target), book);
        }
    }

    /// Hands packets to a target: an interface, another load balancer, or something that the input has not.
    fn hand_on(
        &mut self,
        stop: Stop<'_, 'e>,
        arrival: &Arrival,
        (group, target): (Option<&'e TargetGroup>, &Registered),
        book: &mut Book,
    ) {
        let is_cut_off = arrival.reach == Reach::OneWay
            && (stop.device.stance == Stance::StandsIn || stop.ear.ends_connections);
        if is_cut_off {
            // Who gets no reply makes no connection, and nothing is handed on.
            return;
        }
        let port = target.port.or_else(|| group.and_then(|group| group.port.clone().this()));
        let mut behind = self.behind(stop, arrival, group);
        if !target.is_in_use {
            behind.before.push(self.doubted(Filter::Always(Action::Allow), UNUSED));
        }
        let vpc = group.and_then(|group| group.vpc.clone()).or_else(|| stop.device.vpc.clone());
        let address = grammar::address(&target.id);
        let is_inside = address.is_some_and(|address| self.is_in_vpc(address, vpc.as_ref()));
        let lead =
            |to: Option<u16>| Lead { arrival: Arc::new(behind.clone()), to, vpc: vpc.clone(), is_inside };
        if let Some(next) = self.next_device(stop.world, &target.id, address) {
            if behind.hops.len() <= HOPS_MAX && self.pass_to(stop.world, next, &behind, port, book) {
                return;
            }
        } else if let Some(address) = address {
            let holders = stop.world.holders(address);
            let mut vpcs = holders.iter().map(|holder| &holder.vpc).peekable();
            let is_held = vpcs.peek().is_some();
            let is_held_here = vpcs.any(|own| own.is_none() || vpc.is_none() || *own == vpc);
            if is_held {
                book.by_address.entry(address).or_default().push(lead(port));
            }
            if is_held_here {
                return;
            }
        } else if book.interfaces_of.contains_key(&target.id) {
            book.by_instance.entry(Arc::clone(&target.id)).or_default().push(lead(port));
            return;
        }
        self.end(stop, arrival, book);
    }

    fn is_in_vpc(&self, address: IpAddr, vpc: Option<&Name>) -> bool {
        let known = vpc.and_then(|id| self.estate.resources.vpcs.find(None, id).one());
        known.is_some_and(|vpc| vpc.blocks.iter().any(|block| AddressSet::from(*block).contains(address)))
    }

    fn next_device<'w>(
        &self,
        world: &'w World<'e>,
        id: &Name,
        address: Option<IpAddr>,
    ) -> Option<&'w Device<'e>> {
        let key = match address {
            Some(address) => world.at_address.get(&address).and_then(|keys| keys.first()),
            None => world.by_arn.get(id),
        };
        world.devices.get(key?)
    }

    /// Whether another load balancer listens there; then packets go on through it.
    fn pass_to(
        &mut self,
        world: &World<'e>,
        device: &Device<'e>,
        behind: &Arrival,
        port: Option<u16>,
        book: &mut Book,
    ) -> bool {
        let mut listens = false;
        for ear in &device.ears {
            let protocols = behind.protocols.intersection(ear.protocols);
            if protocols.is_empty() || port.is_some_and(|port| !ear.ports.contains(port)) {
                continue;
            }
            listens = true;
            let mut arrival = Arrival { protocols, ..behind.clone() };
            arrival.before.extend(self.lists_before(device, ear, behind));
            self.enter(Stop { world, device, ear }, &arrival, book);
        }
        listens
    }

    /// The lists of the subnets of a load balancer, as packets meet them that another hands it.
    fn lists_before(&mut self, device: &Device<'_>, ear: &Ear, behind: &Arrival) -> Option<Filter> {
        let mut lists: Vec<Filter> = Vec::new();
        for node in &device.nodes {
            let place = Self::place_of_node(device.identity, device.vpc.as_ref(), node.subnet.as_ref());
            let list = self.inner_approach(&place, behind.seen.as_deref()).inbound;
            if !lists.contains(&list) {
                lists.push(list);
            }
        }
        // Any node will do.
        let filter = if lists.len() > 1 { Filter::AnyOf(lists) } else { lists.pop()? };
        Some(at_ports(&filter, &ear.ports, &self.common))
    }

    /// Packets as they come to what is behind a load balancer.
    fn behind(&mut self, stop: Stop<'_, 'e>, arrival: &Arrival, group: Option<&TargetGroup>) -> Arrival {
        let view = self.view(stop.device, arrival, group);
        let mut hops = arrival.hops.clone();
        hops.push(Hop {
            kind: BALANCER_KIND,
            id: Arc::clone(&stop.device.identity.id),
            name: Arc::clone(&stop.device.identity.name),
            rule: stop.ear.name.clone(),
            provenance: stop.ear.provenance.or(Some(stop.device.identity.read_at.0)),
        });
        Arrival { reach: view.reach, hops, seen: Some(view.seen), is_accelerated: false, ..arrival.clone() }
    }

    /// Packets end at a load balancer: it answers them, or who is behind is not in the input.
    fn end(&mut self, stop: Stop<'_, 'e>, arrival: &Arrival, book: &mut Book) {
        let alone = stop.ear.ports.spans();
        let to = match alone {
            &[(first, last)] if first == last => Some(first),
            _ => None,
        };
        let carries = match self.carries(arrival, to) {
            Carries::Only { protocols, ports } if to.is_none() => {
                let ports = Arc::new(self.open_ports(stop, arrival).intersection(&ports));
                Carries::Only { protocols, ports }
            }
            carries => carries,
        };
        let front = arrival.front.clone().map(|front| Front { address: front.address, ..front });
        let path = Path {
            reach: arrival.reach,
            front,
            destinations: model::Destinations::endpoint(&[arrival.family]),
            carries,
            hops: arrival.hops.clone(),
            filter: Arc::new(all_of(arrival.before.clone())),
        };
        let ends = book.ends.entry(Arc::clone(&stop.device.identity.key)).or_default();
        if !ends.contains(&path) {
            ends.push(path);
        }
    }

    fn tell_group(&mut self, stop: Stop<'_, 'e>, group: &Name, what: &str, command: &str) {
        let message = format!(
            "{}: the target group {} {what}: who is behind it is not known; add `aws elbv2 {command}`",
            Quoted(&stop.device.identity.name),
            Quoted(group)
        );
        let place = stop.device.identity.read_at.0;
        self.gaps.push(Gap::at(place, "dangling-reference", Effect::Narrowed, message));
    }
}

/// How many load balancers and accelerators packets are followed through.
const HOPS_MAX: usize = 4;
/// What keeps out whom no rule of a listener leads somewhere.
const SOURCES: &str = "source-ip";
/// The name under which it is doubted that a target gets packets.
const UNUSED: &str = "unused target";
