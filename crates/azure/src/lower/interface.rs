//! Interfaces as targets: one path for each ip-configuration, through subnet and interface groups.
//!
//! Load balancers and application gateways are not assessed: an address behind one is at least `admitted`.

use std::sync::Arc;

use model::{Action, Destinations, Effect, Filter, Front, Gap, Name, Path, Reach, RuleList, Target};
use packet::AddressSet;

use crate::intake::Quoted;
use crate::resource::{Interface, IpConfiguration, PublicAddress, ReadAt, Sku, name_of};

use super::index::scope_key;
use super::list::closed_list;
use super::surroundings::Place;
use super::{CLOUD_NAME, Lowering};

/// What stands at one level, subnet or interface, of a path. Complete.
#[derive(Clone, Debug)]
pub(super) enum Layer {
    /// No group.
    Open,
    /// A group.
    List(Arc<RuleList>),
    /// A group that is not in the input, although groups are; by its key.
    Missing(Name),
    /// The input does not say whether there is a group.
    Untold,
}

/// What leads to an address from outside.
struct Approach {
    reach: Reach,
    front: Option<Front>,
    /// What is let in where no group is attached.
    without_group: Sku,
    /// The public address, when its document does not say its SKU.
    without_sku: Option<(Name, ReadAt)>,
}

impl Lowering<'_> {
    /// The target that an interface is; `None` for those of private endpoints, and where nothing is known of the
    /// groups.
    pub(super) fn interface_target(&mut self, interface: &Interface) -> Option<Target> {
        if !self.is_assessed(interface) {
            return None;
        }
        let paths = if interface.configurations.is_empty() && interface.is_projected {
            vec![self.path_without_configuration(interface)]
        } else {
            let configurations = interface.configurations.iter();
            configurations.map(|configuration| self.path(interface, configuration)).collect()
        };
        Some(Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&interface.identity.id),
            key: Arc::clone(&interface.identity.key),
            kind: INTERFACE_KIND,
            name: Arc::clone(&interface.identity.name),
            scope: interface.identity.scope.clone(),
            power: self.index.power.get(&interface.identity.key).cloned(),
            paths,
            provenance: Some(interface.identity.read_at.0),
        })
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
        interface.group.is_none() && !interface.is_projected && interface.configurations.iter().all(bare)
    }

    fn path(&mut self, interface: &Interface, configuration: &IpConfiguration) -> Path {
        let approach = self.approach(interface, configuration);
        let place = self.place_in(configuration.subnet.as_ref());
        let (filter, told) = match self.view_of(interface) {
            Some(view) => (self.view_filter(view, &place, approach.without_group), true),
            None => {
                let layers = [
                    self.subnet_layer(interface, configuration, &place),
                    self.interface_layer(interface, &place),
                ];
                let told = !layers.iter().any(|layer| matches!(layer, Layer::Untold));
                if layers.iter().all(|layer| matches!(layer, Layer::Open)) {
                    self.tell_unknown_sku(&approach);
                }
                (self.filter(&layers, approach.without_group, &interface.identity.name), told)
            }
        };
        // AP6: what a gateway load balancer lets through is not known; it may deny anything.
        let filter = if configuration.is_chained { self.doubted(filter) } else { filter };
        let known_path = told || approach.reach != Reach::Exposed;
        Path {
            reach: if known_path { approach.reach } else { Reach::Admitted },
            front: approach.front,
            destinations: self.destinations(configuration),
            filter: Arc::new(filter),
        }
    }

    /// AP1: without a group the SKU decides, so a document that leaves it out leaves the answer open.
    fn tell_unknown_sku(&mut self, approach: &Approach) {
        if let Some((name, read_at)) = &approach.without_sku {
            let message = format!(
                "{}: its `sku` is missing and no group is attached: `Basic` would let everything in, `Standard` nothing",
                Quoted(name)
            );
            self.gaps.push(Gap::at(read_at.0, "unknown-sku", Effect::Undecided, message));
        }
    }

    /// The one path of an interface whose projection leaves its configurations out.
    fn path_without_configuration(&mut self, interface: &Interface) -> Path {
        let place = self.place_in(None);
        let layers = [Layer::Untold, self.interface_layer(interface, &place)];
        Path {
            reach: Reach::Admitted,
            front: None,
            destinations: Destinations::SomeOf(super::anywhere(self.memo)),
            filter: Arc::new(self.filter(&layers, Sku::Unknown, &interface.identity.name)),
        }
    }

    /// AP2, AP12, A28: what leads to an address from outside.
    fn approach(&mut self, interface: &Interface, configuration: &IpConfiguration) -> Approach {
        let index = Arc::clone(&self.index);
        let told = configuration.key.as_ref().and_then(|key| index.public_address_of.get(key));
        let Some(key) = configuration.public_address.as_ref().or(told) else {
            // What is projected does not say that there is no public address.
            let untold = configuration.is_balanced || interface.is_projected;
            let reach = if untold { Reach::Admitted } else { Reach::Latent };
            return Approach { reach, front: None, without_group: Sku::Unknown, without_sku: None };
        };
        if let Some(address) = self.estate.public_addresses.get(key) {
            return exposed(address);
        }
        if !self.estate.public_addresses.is_empty() {
            self.tell_dangling(&interface.identity, configuration.read_at, "the public address", key);
        }
        Approach { reach: Reach::Admitted, front: None, without_group: Sku::Unknown, without_sku: None }
    }

    fn subnet_layer(
        &mut self,
        interface: &Interface,
        configuration: &IpConfiguration,
        place: &Place,
    ) -> Layer {
        let index = Arc::clone(&self.index);
        let Some(key) = &configuration.subnet else { return Layer::Untold };
        if let Some(subnet) = self.estate.subnets.get(key)
            && let Some(group) = &subnet.group
        {
            return self.group_layer(group, subnet.identity.read_at, &subnet.identity.name, place);
        }
        if let Some(group) = index.group_of_subnet.get(key).and_then(|group| self.estate.groups.get(group)) {
            return Layer::List(self.list(group, place));
        }
        if self.estate.subnets.contains_key(key) {
            return Layer::Open;
        }
        if !self.estate.networks.is_empty() || !self.estate.subnets.is_empty() {
            self.tell_dangling(&interface.identity, configuration.read_at, "the subnet", key);
        }
        // Groups that nobody projected say which subnets they are attached to.
        let told = scope_key(&interface.identity).is_some_and(|scope| index.told_scopes.contains(&scope));
        if told { Layer::Open } else { Layer::Untold }
    }

    fn interface_layer(&mut self, interface: &Interface, place: &Place) -> Layer {
        let index = Arc::clone(&self.index);
        if let Some(group) = &interface.group {
            return self.group_layer(group, interface.identity.read_at, &interface.identity.name, place);
        }
        let told = index.group_of_interface.get(&interface.identity.key);
        match told.and_then(|group| self.estate.groups.get(group)) {
            Some(group) => Layer::List(self.list(group, place)),
            None if interface.is_projected => Layer::Untold,
            None => Layer::Open,
        }
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
                Layer::Open | Layer::Untold => {}
            }
        }
        let untold = layers.iter().any(|layer| matches!(layer, Layer::Untold));
        match (stages.len(), without_group) {
            (0, Sku::Basic) if !untold => Filter::Always(Action::Allow),
            (0, Sku::Standard) if !untold => Filter::Always(Action::Deny),
            (0, Sku::Basic | Sku::Standard | Sku::Unknown) => self.unknown_filter(owner, owner),
            (1, _) => stages.swap_remove(0),
            (_, _) => Filter::AllOf(stages),
        }
    }

    /// The filter with a possible denial of everything before it.
    fn doubted(&self, filter: Filter) -> Filter {
        let Filter::Chain(mut stages) =
            self.unknown_filter(&"gateway".into(), &"gateway load balancer".into())
        else {
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

/// AP2: a machine that is stopped, and its dynamic address with it, is one click from running: the reach stays.
fn exposed(address: &PublicAddress) -> Approach {
    let front = Front { id: Arc::clone(&address.identity.id), address: address.address };
    let identity = &address.identity;
    let without_sku = (address.sku == Sku::Unknown).then(|| (Arc::clone(&identity.name), identity.read_at));
    Approach { reach: Reach::Exposed, front: Some(front), without_group: address.sku, without_sku }
}

pub(super) const INTERFACE_KIND: &str = "network-interface";
