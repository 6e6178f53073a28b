//! Groups as targets of their own: where nothing behind them is known (semantics X3, X4, A28).

use std::sync::Arc;

use model::{Carries, Destinations, Filter, Name, Path, Reach, Target};
use packet::AddressSet;

use crate::estate::Estate;
use crate::resource::{Group, Identity};

use super::index::{Attachments, is_answered_by_set};
use super::list::{GROUP_KIND, closed_list};
use super::scale_set::subnets_of;
use super::surroundings::Place;
use super::{CLOUD_NAME, Lowering};

impl Lowering<'_> {
    /// The target that a group is; `None` when interfaces of the input explain it.
    pub(super) fn group_target(&mut self, group: &Group) -> Option<Target> {
        let attached = Attachments::of(group, &self.index);
        let mut paths = if attached.is_empty() {
            self.unattached_path(group)
        } else {
            self.paths_to_unseen(group, &attached)
        };
        paths.dedup();
        (!paths.is_empty()).then(|| Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&group.identity.id),
            key: Arc::clone(&group.identity.key),
            kind: GROUP_KIND,
            name: Arc::clone(&group.identity.name),
            scope: group.identity.scope.clone(),
            power: None,
            attributes: Vec::new(),
            paths,
            provenance: Some(group.identity.read_at.0),
        })
    }

    /// Where the list of a group reads when one place has to be chosen: where it is attached first.
    pub(super) fn home_of(&mut self, group: &Group) -> Place {
        let attached = Attachments::of(group, &self.index);
        let estate = self.estate;
        let interface = attached.interfaces.iter().find_map(|key| estate.interfaces.get(key));
        if let Some(interface) = interface {
            let subnet =
                interface.configurations.first().and_then(|configuration| configuration.subnet.as_ref());
            return self.place_in(subnet);
        }
        let set = attached.interfaces.iter().find_map(|key| estate.devices.scale_sets.get(key));
        if let Some(set) = set {
            return self.place_in(subnets_of(set).next());
        }
        match attached.subnets.first() {
            Some(subnet) => self.place_in(Some(subnet)),
            None if self.is_told_everywhere(group) => self.place_nowhere(),
            None => self.place_somewhere(),
        }
    }

    /// X3: a full export that names nothing is attached to nothing; a projection says nothing.
    fn unattached_path(&mut self, group: &Group) -> Vec<Path> {
        let (reach, place) = if self.is_told_everywhere(group) {
            (Reach::Latent, self.place_nowhere())
        } else {
            (Reach::Admitted, self.place_somewhere())
        };
        let list = self.list(group, &place);
        vec![path_to(reach, closed_list(list), super::anywhere(self.memo))]
    }

    /// Whether the input would show what the group is attached to.
    fn is_told_everywhere(&self, group: &Group) -> bool {
        // What is declared without a network is attached where others declare it.
        let has_network = !self.estate.subnets.is_empty()
            || !self.estate.interfaces.is_empty()
            || !self.estate.devices.scale_sets.is_empty();
        let is_told = has_network && !self.index.has_unknown_attachment;
        !group.is_projected && (is_told || !group.is_declared)
    }

    /// Paths to subnets and interfaces behind the group that have no target of their own. A subnet that names
    /// interfaces which are not in the input, those of scale sets say, is one of them.
    fn paths_to_unseen(&mut self, group: &Group, attached: &Attachments) -> Vec<Path> {
        let index = Arc::clone(&self.index);
        let mut unseen: Vec<Unseen> = Vec::new();
        for key in &attached.subnets {
            let is_seen = index.interfaces_of_subnet.contains_key(key) || self.estate.views.contains_key(key);
            // Nothing else may be in the subnet of a gateway, which answers for the group itself.
            let is_explained = is_seen || self.has_gateway_in(core::slice::from_ref(key));
            if is_explained && !index.unseen_subnets.contains(key) {
                continue;
            }
            let place = Place { is_complete: false, ..self.place_in(Some(key)) };
            let list = self.list(group, &place);
            let subnet = self.estate.subnets.get(key).and_then(|subnet| subnet.addresses.as_deref());
            let addresses = subnet.cloned().unwrap_or_else(AddressSet::everything);
            // AP3: no load balancer leads into a subnet whose interfaces are all known, and none to one of them.
            let is_fronted = index.fronted_subnets.contains(key) || self.estate.interfaces.is_empty();
            let filter = self.behind_admin_rules(key, closed_list(list));
            add(&mut unseen, Unseen { filter, addresses, is_fronted });
        }
        if self.has_unseen_interface(group, attached) {
            let place = self.place_somewhere();
            let list = self.list(group, &place);
            let addresses = AddressSet::everything();
            add(&mut unseen, Unseen { filter: closed_list(list), addresses, is_fronted: false });
        }
        let mut paths = Vec::with_capacity(unseen.len());
        for Unseen { filter, addresses, is_fronted } in unseen {
            if is_fronted {
                let mut rest = AddressSet::everything().difference(&addresses);
                if let Some(known) = self.floating_frontends() {
                    rest = rest.intersection(&known);
                }
                paths.extend(self.floating_path(&filter, &rest));
            }
            paths.push(path_to(Reach::Admitted, filter, self.memo.share(addresses)));
        }
        paths
    }

    /// Tells of interfaces that are named and not in the input, although their kind is. Those of a subnet with a group
    /// are answered for by the group.
    pub(super) fn tell_unseen_interfaces(&mut self) {
        let estate = self.estate;
        if estate.interfaces.is_empty() {
            return;
        }
        let index = Arc::clone(&self.index);
        for machine in estate.machines.values() {
            let is_seen = |key: &&Name| is_answered(estate, key);
            if let Some(unseen) = machine.interfaces.iter().find(|key| !is_seen(key)) {
                self.tell_unseen(&machine.identity, unseen);
            }
        }
        for address in estate.public_addresses.values() {
            let user = address.used_by.as_deref().and_then(|user| user.split_once("/ipconfigurations/"));
            let interface = user.map(|(user, _)| user).filter(|user| user.contains("/networkinterfaces/"));
            if let Some(unseen) = interface
                .filter(|key| !estate.interfaces.contains_key(*key) && !is_answered_by_set(estate, key))
            {
                self.tell_unseen(&address.identity, unseen);
            }
        }
        for (key, subnet) in &estate.subnets {
            let by_group = subnet.group.is_some() || index.groups_of_subnet.contains_key(key);
            let is_seen = |key: &&Name| is_answered(estate, key);
            if let Some(unseen) = subnet.interfaces.iter().find(|key| !by_group && !is_seen(key)) {
                self.tell_unseen(&subnet.identity, unseen);
            }
        }
    }

    fn tell_unseen(&mut self, owner: &Identity, interface: &str) {
        let what = if interface.contains("/virtualmachinescalesets/") {
            "the scale-set interface (`az vmss nic list`)"
        } else {
            "the interface"
        };
        self.tell_dangling(owner, owner.read_at, what, interface);
    }

    fn has_unseen_interface(&mut self, group: &Group, attached: &Attachments) -> bool {
        let estate = self.estate;
        let unseen = attached
            .interfaces
            .iter()
            .filter(|key| !is_answered(estate, key) && !estate.devices.scale_sets.contains_key(*key));
        let mut found = false;
        for key in unseen {
            found = true;
            if !estate.interfaces.is_empty() {
                self.tell_unseen(&group.identity, key);
            }
        }
        found
    }
}

/// Whether an interface is a target, or a scale set stands for it.
fn is_answered(estate: &Estate, interface: &Name) -> bool {
    estate.interfaces.contains_key(interface)
        || estate.views.contains_key(interface)
        || is_answered_by_set(estate, interface)
}

/// Addresses behind a group that no target of the input has.
struct Unseen {
    filter: Filter,
    addresses: AddressSet,
    /// Whether a load balancer may lead there.
    is_fronted: bool,
}

/// Adds addresses to what the same lists are in front of.
fn add(unseen: &mut Vec<Unseen>, more: Unseen) {
    let is_same = |known: &&mut Unseen| {
        let (ours, theirs) = (known.filter.lists(), more.filter.lists());
        ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(one, other)| Arc::ptr_eq(one, other))
    };
    match unseen.iter_mut().find(is_same) {
        Some(known) => {
            known.addresses = known.addresses.union(&more.addresses);
            known.is_fronted |= more.is_fronted;
        }
        None => unseen.push(more),
    }
}

fn path_to(reach: Reach, filter: Filter, addresses: Arc<AddressSet>) -> Path {
    Path {
        reach,
        front: None,
        destinations: Destinations::SomeOf(addresses),
        carries: Carries::Everything,
        hops: Vec::new(),
        filter: Arc::new(filter),
    }
}
