//! Interfaces as targets: what stands in the ways to them (W13, W14).
//!
//! Who leads to an address from outside says a [`Way`] (`addressed`, `balancer`); the subnet's part is an [`Approach`].

use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Action, Effect, Filter, Gap, Name, Path, Reach, Rule, RuleList, Target};
use packet::Family;

use crate::resource::{Interface, Purpose};

use super::addressed::{CARRIER, CONTRADICTED};
use super::approach::{Approach, Gate, Place};
use super::way::Way;
use super::{CLOUD_NAME, Lowering};

impl<'e> Lowering<'e> {
    /// The keys of all interfaces, and of instances that stand for theirs.
    pub(super) fn interface_keys(&self) -> impl Iterator<Item = Name> {
        let index = &self.network.index;
        let known = self.estate.resources.interfaces.iter().map(|(key, _)| key);
        known.chain(index.inline.keys()).chain(index.bare.keys()).cloned()
    }

    /// The target of a key that is an interface's, or that of an instance which lists none.
    pub(super) fn interface_target(&mut self, key: &Name) -> Option<Target> {
        let index = Arc::clone(&self.network.index);
        let stated = self.estate.resources.interfaces.get(key).or_else(|| index.inline.get(key).copied());
        let (interface, kind) = match stated {
            Some(interface) => (interface, INTERFACE_KIND),
            None => (index.bare.get(key)?.bare.as_deref()?, INSTANCE_KIND),
        };
        if self.is_no_target(interface) {
            return None;
        }
        self.network.asker = Some(interface.identity.read_at.0);
        let paths = self.interface_paths(interface);
        self.network.asker = None;
        let account = interface.identity.account.as_deref();
        let instances = &self.estate.resources.instances;
        let holder = index.instance_of(interface);
        let instance = holder.and_then(|id| instances.find(account, id).one());
        let named = instance.filter(|instance| instance.is_named).map(|instance| &instance.identity.name);
        let own = holder.filter(|_| kind == INTERFACE_KIND);
        let mut attributes: Vec<(&'static str, Name)> = Vec::with_capacity(2);
        attributes.extend(own.map(|id| ("instance", Arc::clone(id))));
        attributes.extend(interface.identity.region.as_ref().map(|region| ("region", Arc::clone(region))));
        Some(Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&interface.identity.id),
            key: Arc::clone(key),
            kind,
            name: Arc::clone(named.unwrap_or(&interface.identity.name)),
            scope: interface.identity.account.clone(),
            power: instance.and_then(|instance| instance.power.clone()),
            attributes,
            paths,
            provenance: Some(interface.identity.read_at.0),
        })
    }

    /// Whether nobody outside may start a flow to it whatever stands in between, or it is part of another target.
    pub(super) fn is_no_target(&mut self, interface: &Interface) -> bool {
        match interface.purpose {
            // A NAT gateway lets no outside host start a flow, a function accepts none, and what is attached to a transit
            // gateway takes no packet that is sent to it.
            Purpose::Outbound => true,
            Purpose::Balancer => self.is_of_balancer(interface),
            Purpose::Plain => self.network.index.nat_interfaces.contains(&*interface.identity.id),
        }
    }

    /// Where an interface is.
    pub(super) fn place_of(&self, interface: &Interface) -> Place {
        Place {
            account: interface.identity.account.clone(),
            region: interface.identity.region.clone(),
            vpc: interface.vpc.clone(),
            subnet: interface.subnet.clone(),
        }
    }

    fn interface_paths(&mut self, interface: &'e Interface) -> Vec<Path> {
        self.tell_stray_subnet(interface);
        let own = self.own_filter(interface);
        let place = self.place_of(interface);
        let mut paths = Vec::new();
        for family in Family::BOTH {
            let ways = match family {
                Family::V4 => self.v4_ways(interface),
                Family::V6 => self.v6_ways(interface),
            };
            if ways.is_empty() {
                continue;
            }
            let approach = self.approach(&place, family);
            for way in ways {
                paths.extend(self.own_paths(interface, &way, &approach, &own));
            }
        }
        for way in self.balanced_ways(interface) {
            paths.extend(self.balanced_paths(interface, &place, &way, &own));
        }
        paths.extend(self.accelerated_paths(interface, &place, &own));
        // Most have one path, and there are many interfaces.
        paths.shrink_to_fit();
        paths
    }

    fn own_paths(
        &mut self,
        interface: &Interface,
        way: &Way,
        approach: &Arc<Approach>,
        own: &Filter,
    ) -> Vec<Path> {
        if interface.is_spare && way.reach != Reach::Latent {
            // It has an address, and nobody is there to answer it.
            let way = Way { reach: Reach::Latent, ..way.clone() };
            return self.paths(&way, approach, own.clone());
        }
        if interface.may_be_spare {
            let way = Way { doubt: way.doubt.or(Some(ATTACHMENT)), ..way.clone() };
            return self.paths(&way, approach, own.clone());
        }
        if way.doubt == Some(CARRIER) {
            // No Internet gateway leads there, so the one of the VPC says nothing.
            let approach = Approach { gate: Gate::Unknown, ..Approach::clone(approach) };
            return self.paths(way, &approach, own.clone());
        }
        self.paths(way, approach, own.clone())
    }

    /// W18–W20: what comes through a load balancer comes from inside the VPC: the gateway and the routes are its own.
    fn balanced_paths(&mut self, interface: &Interface, place: &Place, way: &Way, own: &Filter) -> Vec<Path> {
        let own = match &way.seen_as {
            Some(seen) => self.groups_filter_behind(&interface.groups, &interface.identity, seen),
            None => own.clone(),
        };
        let is_v4 = !way.destinations.addresses().only(Family::V4).is_empty();
        let family = if is_v4 { Family::V4 } else { Family::V6 };
        let approach = self.answered_approach(place, way.seen_as.as_deref(), family);
        self.paths(way, &approach, own)
    }

    /// What the groups of an interface let in.
    fn own_filter(&mut self, interface: &Interface) -> Filter {
        let is_bare = interface.groups == Said::This(Vec::new());
        if is_bare && interface.purpose == Purpose::Balancer {
            // W19: a load balancer without groups takes everything that its listeners take, and the input does not
            // have these.
            let identity = &interface.identity;
            let list = RuleList {
                id: Arc::clone(&identity.id),
                name: Arc::clone(&identity.name),
                kind: BALANCER_KIND,
                scope: identity.account.clone(),
                rules: vec![Rule { name: "unknown listeners".into(), ..self.unknown_rule() }],
                behind: None,
                provenance: Some(identity.read_at.0),
            };
            return Filter::Chain(vec![Filter::FirstMatch(Arc::new(list)), Filter::Always(Action::Deny)]);
        }
        let own = self.groups_filter(&interface.groups, &interface.identity);
        let index = Arc::clone(&self.network.index);
        let others = index.disputed.get(&*interface.identity.key).into_iter().flatten();
        let mut others = others
            .filter(|one| matches!(one.groups, Said::This(_)) && one.groups != interface.groups)
            .peekable();
        if others.peek().is_none() {
            return own;
        }
        self.tell_of(
            interface,
            "contradicting-attachments",
            "its instance states other groups: each is possible",
        );
        let theirs = others.map(|one| self.groups_filter(&one.groups, &interface.identity));
        let each = core::iter::once(own).chain(theirs).collect();
        self.doubted(Filter::AnyOf(each), CONTRADICTED)
    }

    /// A subnet that is not in the input although subnets are: what is said of it is not all that there is.
    fn tell_stray_subnet(&mut self, interface: &Interface) {
        let Some(subnet) = &interface.subnet else { return };
        let subnets = &self.estate.resources.subnets;
        let account = interface.identity.account.as_deref();
        let is_there = subnets.find(account, subnet) != crate::register::Found::Nothing;
        if is_there || !self.has_kind("subnet") {
            return;
        }
        let what = "is not in the input: what stands at it is known only as far as others name it";
        self.tell_of(interface, "dangling-reference", &format!("the subnet {} {what}", Quoted(subnet)));
    }

    pub(super) fn tell_of(&mut self, interface: &Interface, code: &'static str, sentence: &str) {
        let message = format!("{}: {sentence}", Quoted(&interface.identity.name));
        self.gaps.push(Gap::at(interface.identity.read_at.0, code, Effect::Undecided, message));
    }
}

/// The name under which it is doubted that an interface is attached to anything.
const ATTACHMENT: &str = "attachment";
pub(super) const INTERFACE_KIND: &str = "network-interface";
/// What the interface of a load balancer stands for that is not in the input.
const BALANCER_KIND: &str = "load-balancer";
/// An instance of which no interface is in the input.
const INSTANCE_KIND: &str = "instance";
