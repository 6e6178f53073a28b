//! Interfaces as targets: one path for each ip-configuration, through subnet and interface groups.
//!
//! Who leads to an address from outside says a [`Way`]; this file says what stands in it.

use std::sync::Arc;

use model::{Action, Carries, Destinations, Effect, Filter, Gap, Name, Path, Reach, Rule, RuleList, Target};
use packet::{AddressSet, Family};

use crate::intake::Quoted;
use crate::resource::{Absence, Identity, Interface, IpConfiguration, PublicAddress, ReadAt, Sku, name_of};

use super::balancer::{Led, left_by};
use super::index::scope_key;
use super::list::closed_list;
use super::surroundings::{Place, assumed_prefixes};
use super::way::Way;
use super::{CLOUD_NAME, Lowering};

/// What stands at one level, subnet or interface, of a path. Complete.
#[derive(Clone, Debug)]
pub(super) enum Layer {
    /// No group.
    Open,
    /// No group, as far as lists of groups and projections of networks say.
    Presumed,
    /// A group.
    List(Arc<RuleList>),
    /// One of these groups: documents contradict each other.
    OneOf(Vec<Arc<RuleList>>),
    /// A group that is not in the input, although groups are; by its key.
    Missing(Name),
    /// The input does not say whether there is a group.
    Untold,
}

/// What is said of the group at one level.
struct Level<'l> {
    /// The group it names itself.
    stated: Option<&'l Name>,
    /// The groups that say they are there.
    told: &'l [Name],
    /// Whether it says in so many words that it has none.
    is_denied: bool,
    /// What stands there if nobody names a group.
    absent: Layer,
}

impl Lowering<'_> {
    /// The target that an interface is; `None` for those of private endpoints, and where nothing is known of the
    /// groups.
    pub(super) fn interface_target(&mut self, interface: &Interface) -> Option<Target> {
        if !self.is_assessed(interface) {
            return None;
        }
        // An interface has a configuration, whether its document says it or not.
        let paths = if interface.configurations.is_empty() {
            vec![self.path_without_configuration(interface)]
        } else {
            let configurations = interface.configurations.iter();
            configurations.flat_map(|configuration| self.paths(interface, configuration)).collect()
        };
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
        if !self.estate.groups.is_empty() || self.view_of(interface).is_some() {
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
            Some(view) => (self.view_filter(view, configuration.subnet.as_ref(), &place, way.without_group), true),
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
        let filter = way.as_seen(filter, self.destinations(configuration).addresses());
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

    /// AP3: behind a load balancer with a floating address the groups see the frontend's address, one of `elsewhere`,
    /// which no interface tells. `None` where rules treat such addresses as they treat the private ones.
    pub(super) fn floating_path(&mut self, filter: &Filter, elsewhere: &AddressSet) -> Option<Path> {
        let outside = elsewhere.difference(&assumed_prefixes());
        let mut frontends = AddressSet::empty();
        let rules = filter.lists().into_iter().flat_map(|list| &list.rules);
        for rule in rules.filter(|rule| !rule.built_in) {
            for family in Family::BOTH {
                frontends = frontends.union(&told_apart(rule, &outside.only(family), family));
            }
        }
        (!frontends.is_empty()).then(|| Path {
            reach: Reach::Admitted,
            front: None,
            destinations: Destinations::SomeOf(self.memo.share(frontends)),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(self.doubted(filter.clone(), BALANCER)),
        })
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
        let differs = configuration.addresses.is_some() && family.is_some_and(|one| one != configuration.family);
        if differs {
            let message = format!(
                "{}: it leads to an address of the other family, expected one of the same: whether anything is reached through it is not known",
                Quoted(&address.identity.name)
            );
            self.gaps.push(Gap::at(configuration.read_at.0, "other-family", Effect::Undecided, message));
        }
        differs
    }

    fn subnet_layer(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
        place: &Place,
    ) -> Layer {
        let Some(key) = &configuration.subnet else { return Layer::Untold };
        self.layer_of_subnet(key, (&interface.identity, configuration.read_at), place)
    }

    /// What stands at a subnet, for something of `owner` in it.
    pub(super) fn layer_of_subnet(
        &mut self,
        key: &Name,
        (owner, read_at): (&Identity, ReadAt),
        place: &Place,
    ) -> Layer {
        let index = Arc::clone(&self.index);
        let told = index.groups_of_subnet.get(key).map_or(&[][..], Vec::as_slice);
        if let Some(subnet) = self.estate.subnets.get(key) {
            let owner = (&subnet.identity.name, subnet.identity.read_at);
            let absent = if subnet.without_group.is_told() { Layer::Open } else { Layer::Presumed };
            let is_denied = subnet.group.is_none() && subnet.without_group == Absence::Stated;
            return self.layer(
                Level { stated: subnet.group.as_ref(), told, is_denied, absent },
                owner,
                place,
            );
        }
        if told.is_empty() && !(self.estate.networks.is_empty() && self.estate.subnets.is_empty()) {
            self.tell_dangling(owner, read_at, "the subnet", key);
        }
        let owner = (&owner.name, read_at);
        // Groups that nobody projected say what they are attached to; one of another resource group may be here too.
        let is_told = scope_key(key).is_some_and(|scope| index.told_scopes.contains(&scope));
        let absent = if is_told { Layer::Presumed } else { Layer::Untold };
        self.layer(Level { stated: None, told, is_denied: false, absent }, owner, place)
    }

    fn interface_layer(&mut self, interface: &Interface, place: &Place) -> Layer {
        let index = Arc::clone(&self.index);
        let told = index.groups_of_interface.get(&interface.identity.key).map_or(&[][..], Vec::as_slice);
        let owner = (&interface.identity.name, interface.identity.read_at);
        let absent = if interface.without_group.is_told() { Layer::Open } else { Layer::Untold };
        let is_denied = interface.group.is_none() && interface.without_group == Absence::Stated;
        self.layer(Level { stated: interface.group.as_ref(), told, is_denied, absent }, owner, place)
    }

    /// What stands at one level, by all that is said of it.
    fn layer(&mut self, level: Level<'_>, (owner, read_at): (&Name, ReadAt), place: &Place) -> Layer {
        let Level { stated, told, is_denied, absent } = level;
        let own = stated.map(|reference| {
            let key = self.index.group_key(self.estate, reference);
            key.unwrap_or_else(|| Arc::clone(reference))
        });
        let others = told.iter().filter(|told| own.as_ref() != Some(*told));
        let keys: Vec<&Name> = own.iter().chain(others).collect();
        let Some(other) = keys.last() else { return absent };
        match keys.as_slice() {
            [key] if !is_denied => self.group_layer(key, read_at, owner, place),
            groups => {
                self.tell_contradiction((owner, read_at), "the group", other);
                if is_denied {
                    return Layer::Missing(Arc::clone(other));
                }
                let layers = groups.iter().map(|key| self.group_layer(key, read_at, owner, place));
                one_of(layers.collect())
            }
        }
    }

    pub(super) fn tell_contradiction(&mut self, (owner, read_at): (&Name, ReadAt), what: &str, other: &str) {
        let message = format!(
            "{}: {what} {} says that it belongs here, another document says otherwise: each is taken as possible",
            Quoted(owner),
            Quoted(other)
        );
        self.gaps.push(Gap::at(read_at.0, "contradicting-attachments", Effect::Undecided, message));
    }

    fn group_layer(&mut self, reference: &Name, read_at: ReadAt, owner: &str, place: &Place) -> Layer {
        let key = self.index.group_key(self.estate, reference);
        if let Some(group) = key.and_then(|key| self.estate.groups.get(&key)) {
            return Layer::List(self.list(group, place));
        }
        self.tell_missing(owner, read_at, reference);
        Layer::Missing(Arc::clone(reference))
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

    fn tell_missing(&mut self, owner: &str, read_at: ReadAt, key: &str) {
        let message = format!(
            "{}: the group {} is not in the input: what it lets in is not known",
            Quoted(owner),
            Quoted(key)
        );
        let gap = Gap::at(read_at.0, "dangling-reference", Effect::Undecided, message);
        self.gaps.push(gap);
    }
}

/// Public addresses of a family that a rule treats otherwise than private ones.
fn told_apart(rule: &Rule, outside: &AddressSet, family: Family) -> AddressSet {
    let named = &rule.matches.destinations;
    if outside.is_subset(&named.must) || named.may.is_empty_in(family) {
        return AddressSet::empty();
    }
    match rule.action {
        Action::Allow => named.may.intersection(outside),
        // A denial of private addresses holds back nothing that is sent to a frontend.
        Action::Deny | Action::Pass => outside.clone(),
    }
}

/// One of these layers: where one of them is not known, it is not known.
fn one_of(layers: Vec<Layer>) -> Layer {
    let mut lists: Vec<Arc<RuleList>> = Vec::with_capacity(layers.len());
    for layer in layers {
        match layer {
            Layer::List(list) => lists.push(list),
            unknown @ (Layer::Open
            | Layer::Presumed
            | Layer::OneOf(_)
            | Layer::Missing(_)
            | Layer::Untold) => return unknown,
        }
    }
    Layer::OneOf(lists)
}

/// The names under which doubts stand in a path.
const GATEWAY: &str = "gateway load balancer";
const BALANCER: &str = "load balancer";
const CONTRADICTED: &str = "contradicting documents";

pub(super) const INTERFACE_KIND: &str = "network-interface";
