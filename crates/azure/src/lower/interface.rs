//! Interfaces as targets: one path for each ip-configuration, through subnet and interface groups.
//!
//! Who leads to an address from outside says a [`Way`]; this file says what stands in it.

use std::sync::Arc;

use cloud::Quoted;
use model::{Action, Carries, Destinations, Effect, Filter, Gap, Name, Path, Reach, Target};
use packet::{AddressSet, Family};

use crate::resource::{Interface, IpConfiguration, PublicAddress, Sku, name_of};

use super::balancer::{Led, left_by};
use super::layer::Layer;
use super::list::closed_list;
use super::scale_set::somewhere_in;
use super::surroundings::Place;
use super::way::Way;
use super::{CLOUD_NAME, Lowering};

impl Lowering<'_> {
    /// The target that an interface is; `None` for those of private endpoints, and where nothing is known of the
    /// groups.
    pub(super) fn interface_target(&mut self, interface: &Interface) -> Option<Target> {
        if !self.is_assessed(interface) {
            return None;
        }
        // An interface has a configuration, whether its document says it or not.
        let configurations = interface.configurations.iter();
        let mut paths: Vec<Path> =
            configurations.flat_map(|configuration| self.paths(interface, configuration)).collect();
        if interface.configurations.is_empty() || interface.has_unread {
            paths.push(self.path_without_configuration(interface));
        }
        Some(Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&interface.identity.id),
            key: Arc::clone(&interface.identity.key),
            kind: INTERFACE_KIND,
            name: Arc::clone(&interface.identity.name),
            scope: interface.identity.scope.clone(),
            power: self.index.power.get(&interface.identity.key).cloned(),
            attributes: self.machine_of(interface).map(|name| ("machine", name)).into_iter().collect(),
            paths,
            provenance: Some(interface.identity.read_at.0),
        })
    }

    /// The name of the machine that has it, by which people call it, where the input has the machine.
    fn machine_of(&self, interface: &Interface) -> Option<Name> {
        let machine = self.estate.machines.get(interface.machine.as_ref()?)?;
        Some(Arc::clone(&machine.identity.name))
    }

    /// Whether the input has what an answer needs: groups, or the knowledge that there are none.
    pub(super) fn is_assessed(&self, interface: &Interface) -> bool {
        // A27: what leads to a private endpoint is not its interface's business.
        if interface.is_private_endpoint {
            return false;
        }
        if !self.estate.groups.is_empty() || self.estate.is_declared || self.view_of(interface).is_some() {
            return true;
        }
        let bare = |configuration: &IpConfiguration| {
            let subnet = configuration.subnet.as_ref().and_then(|subnet| self.estate.subnets.get(subnet));
            subnet.is_some_and(|subnet| subnet.group.is_none())
        };
        interface.group.is_none()
            && interface.without_group.is_told()
            && interface.configurations.iter().all(bare)
    }

    /// The paths to one address: to itself, through what balances, and through what stands in for its clients.
    fn paths(&mut self, interface: &Interface, configuration: &IpConfiguration) -> Vec<Path> {
        let led = self.balanced_ways(interface, configuration);
        let own = self.own_way(interface, configuration, led.is_unknown);
        self.paths_with(interface, configuration, own, led)
    }

    /// The paths to one address: its own way, what load balancers lead there, and proxies.
    pub(super) fn paths_with(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
        own: Way,
        led: Led,
    ) -> Vec<Path> {
        let (is_unknown, without_group) = (led.is_unknown, led.sku());
        let is_led = !led.ways.is_empty();
        let mut ways = led.ways;
        ways.extend(self.proxied_ways(interface, configuration));
        let own = match own.reach {
            // What balancers lead in is told there: this is what else the groups would let in.
            Reach::Latent | Reach::Admitted => {
                let is_bare = is_led && own.front.is_none();
                let without_group = if is_bare { without_group } else { own.without_group };
                let left = left_by(&ways, own.reach).into_iter();
                left.map(|carries| Way { carries, without_group, ..own.clone() }).collect()
            }
            Reach::Exposed | Reach::ViaProxy | Reach::OneWay => vec![own],
        };
        let mut paths = Vec::with_capacity(own.len() + ways.len());
        for way in own {
            let path = self.path(interface, configuration, way);
            if is_unknown {
                let family = AddressSet::whole(configuration.family);
                paths.extend(self.floating_path(&path.filter, &family));
            }
            paths.push(path);
        }
        for way in ways {
            paths.push(self.path(interface, configuration, way));
        }
        paths
    }

    /// The path of a way: what stands in it, as it sees the packets that come this way.
    fn path(&mut self, interface: &Interface, configuration: &IpConfiguration, way: Way) -> Path {
        let place = self.place_in(configuration.subnet.as_ref());
        let (filter, told) = match self.view_of(interface) {
            Some(view) => {
                (self.view_filter(view, configuration.subnet.as_ref(), &place, way.without_group), true)
            }
            None => self.group_filter(interface, configuration, &place, &way),
        };
        let view = self.view_of(interface);
        let filter = self.under_admin_rules(configuration.subnet.as_ref(), view, filter, way.without_group);
        let destinations = match &way.floats_to {
            Some(frontend) if frontend.count(configuration.family).get() == Some(1) => {
                Destinations::These(Arc::clone(frontend))
            }
            Some(frontends) => Destinations::SomeOf(Arc::clone(frontends)),
            None => self.destinations(configuration),
        };
        let own = self.destinations(configuration);
        // It has one of these addresses: a rule that tells them apart may match it or not. A set has many instances.
        let is_set = self.estate.devices.scale_sets.contains_key(&interface.identity.key);
        let filter = match &own {
            Destinations::SomeOf(somewhere) if !is_set => somewhere_in(&filter, somewhere),
            Destinations::SomeOf(_) | Destinations::These(_) | Destinations::Endpoint(_) => filter,
        };
        let filter = way.as_seen(filter, own.addresses());
        let filter = self.replied(configuration, filter, &way);
        let filter = match way.doubt {
            Some(doubt) => self.doubted(filter, doubt),
            None => filter,
        };
        // AP6: what a gateway load balancer lets through is not known; it may deny anything.
        let filter = if way.is_chained { self.doubted(filter, GATEWAY) } else { filter };
        let known_path = told || way.reach != Reach::Exposed;
        Path {
            reach: if known_path { way.reach } else { Reach::Admitted },
            front: way.front,
            destinations,
            carries: way.carries,
            hops: way.hops,
            filter: Arc::new(filter),
        }
    }

    /// What the groups of an address let in, and whether the input tells of all of them.
    fn group_filter(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
        place: &Place,
        way: &Way,
    ) -> (Filter, bool) {
        let layers =
            [self.subnet_layer(interface, configuration, place), self.interface_layer(interface, place)];
        let mut told = !layers.iter().any(|layer| matches!(layer, Layer::Untold));
        if layers.iter().all(|layer| matches!(layer, Layer::Open)) {
            self.tell_unknown_sku(way);
        } else if layers.iter().all(|layer| matches!(layer, Layer::Open | Layer::Presumed)) {
            // AP1: only a group that nobody told of would let anything in.
            told &= way.without_group == Sku::Basic;
        }
        (self.filter(&layers, way.without_group, &interface.identity.name), told)
    }

    /// AP1: without a group the SKU decides, so a document that leaves it out leaves the answer open.
    fn tell_unknown_sku(&mut self, way: &Way) {
        if let Some((name, read_at)) = &way.without_sku {
            let message = format!(
                "{}: its `sku` is missing and no group is attached: `Basic` would let everything in, `Standard` nothing",
                Quoted(name)
            );
            self.gaps.push(Gap::at(read_at.0, "unknown-sku", Effect::Undecided, message));
        }
    }

    /// The one path of an interface whose projection leaves its configurations out.
    pub(super) fn path_without_configuration(&mut self, interface: &Interface) -> Path {
        let place = self.place_in(None);
        let layers = [Layer::Untold, self.interface_layer(interface, &place)];
        let filter = self.filter(&layers, Sku::Unknown, &interface.identity.name);
        let filter = self.under_admin_rules(None, None, filter, Sku::Unknown);
        Path {
            reach: Reach::Admitted,
            front: None,
            destinations: Destinations::SomeOf(super::anywhere(self.memo)),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(filter),
        }
    }

    /// AP2, AP12, A28: what leads to an address from outside by itself.
    fn own_way(&mut self, interface: &Interface, configuration: &IpConfiguration, is_unknown: bool) -> Way {
        let way = self.way_to_own_address(interface, configuration, is_unknown);
        Way { is_chained: configuration.is_chained, ..way }
    }

    fn way_to_own_address(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
        is_unknown: bool,
    ) -> Way {
        let index = Arc::clone(&self.index);
        let told = configuration.key.as_ref().and_then(|key| index.public_address_of.get(key));
        let stated = configuration.public_address.as_ref();
        let contradicted = stated.zip(told).filter(|(stated, told)| stated != told);
        if let Some((_, other)) = contradicted {
            let owner = (&interface.identity.name, configuration.read_at);
            self.tell_contradiction(owner, "the public address", other);
        }
        let Some(key) = stated.or(told) else {
            // What is projected does not say that there is no public address.
            let untold = is_unknown || !configuration.tells_public_address;
            let reach = if untold { Reach::Admitted } else { Reach::Latent };
            return Way::of(reach);
        };
        if let Some(address) = self.estate.public_addresses.get(key) {
            if self.is_of_other_family(address, configuration) {
                return Way::of(Reach::Admitted);
            }
            let way = Way::to(address);
            return match contradicted {
                Some(_) => Way { without_group: Sku::Unknown, ..way },
                None => way,
            };
        }
        if !self.estate.public_addresses.is_empty() {
            self.tell_dangling(&interface.identity, configuration.read_at, "the public address", key);
        }
        Way::of(Reach::Admitted)
    }

    /// Whether a public address is of another family than the configuration it is said to lead to, which no provider's
    /// interface takes: one of both is not what it says.
    fn is_of_other_family(&mut self, address: &PublicAddress, configuration: &IpConfiguration) -> bool {
        let family = address.address.map(|address| Family::of(address).0).or(address.family);
        // Without an address of its own a configuration does not say what it is.
        let differs =
            configuration.addresses.is_some() && family.is_some_and(|one| one != configuration.family);
        if differs {
            let message = format!(
                "{}: it leads to an address of the other family, expected one of the same: whether anything is reached through it is not known",
                Quoted(&address.identity.name)
            );
            self.gaps.push(Gap::at(configuration.read_at.0, "other-family", Effect::Undecided, message));
        }
        differs
    }

    /// A6: every group must allow. A7, AP1: without a group the public address decides.
    pub(super) fn filter(&self, layers: &[Layer], without_group: Sku, owner: &Name) -> Filter {
        let mut stages: Vec<Filter> = Vec::with_capacity(layers.len());
        for layer in layers {
            match layer {
                Layer::List(list) => stages.push(closed_list(Arc::clone(list))),
                Layer::Missing(key) => {
                    stages.push(self.unknown_filter(key, &name_of(key).into()));
                }
                Layer::OneOf(lists) => {
                    let any = Filter::AnyOf(lists.iter().map(Arc::clone).map(closed_list).collect());
                    stages.push(self.doubted(any, CONTRADICTED));
                }
                Layer::Open | Layer::Presumed | Layer::Untold => {}
            }
        }
        let untold = layers.iter().any(|layer| matches!(layer, Layer::Untold));
        let presumed = layers.iter().any(|layer| matches!(layer, Layer::Presumed));
        match (stages.len(), without_group) {
            (0, Sku::Basic) if !untold => Filter::Always(Action::Allow),
            (0, Sku::Standard) if !untold && !presumed => Filter::Always(Action::Deny),
            (0, Sku::Basic | Sku::Standard | Sku::Unknown) => self.unknown_filter(owner, owner),
            (1, _) => stages.swap_remove(0),
            (_, _) => Filter::AllOf(stages),
        }
    }

    /// The filter with a possible denial of everything before it.
    pub(super) fn doubted(&self, filter: Filter, what: &str) -> Filter {
        let name: Name = what.into();
        let Filter::Chain(mut stages) = self.unknown_filter(&name, &name) else {
            return filter;
        };
        // A list whose one rule may deny; what it passes goes on.
        if let Some(Filter::FirstMatch(list)) = stages.first_mut() {
            for rule in &mut Arc::make_mut(list).rules {
                rule.action = Action::Deny;
            }
        }
        stages.truncate(1);
        stages.push(filter);
        Filter::Chain(stages)
    }

    fn destinations(&mut self, configuration: &IpConfiguration) -> Destinations {
        if let Some(addresses) = &configuration.addresses {
            return Destinations::These(Arc::clone(addresses));
        }
        let subnet = configuration.subnet.as_ref().and_then(|subnet| self.estate.subnets.get(subnet));
        let family = AddressSet::whole(configuration.family);
        let somewhere = match subnet.and_then(|subnet| subnet.addresses.as_ref()) {
            Some(addresses) => addresses.intersection(&family),
            None => family,
        };
        Destinations::SomeOf(self.memo.share(somewhere))
    }
}

/// The names under which doubts stand in a path.
const GATEWAY: &str = "gateway load balancer";
const CONTRADICTED: &str = "contradicting documents";

pub(super) const INTERFACE_KIND: &str = "network-interface";
