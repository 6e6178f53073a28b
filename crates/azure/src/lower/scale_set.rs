//! Scale sets as targets: some instance of one is reached at some address of its subnet.
//!
//! Where interfaces of instances are in the input, those are the targets and their set is none.

use std::sync::Arc;

use model::{Filter, Front, Name, Path, Reach, RuleList, Target};
use packet::{AddressSet, Bounds};

use crate::estate::Estate;
use crate::resource::{Absence, Interface, ScaleSet, SetInterface};

use super::way::{Way, rewritten};
use super::{CLOUD_NAME, Lowering};

impl Lowering<'_> {
    /// The target that a scale set is; `None` where its instances are targets, and where nothing is known of the
    /// groups.
    pub(super) fn scale_set_target(&mut self, set: &ScaleSet) -> Option<Target> {
        if !stands_for_instances(self.estate, set) {
            return None;
        }
        let mut paths = Vec::new();
        for one in &set.interfaces {
            if self.is_assessed(&one.interface) {
                paths.extend(self.paths_to_instances(set, one));
            }
        }
        if !set.is_told {
            let unknown = unknown_interface(set);
            if self.is_assessed(&unknown) {
                paths.push(self.path_without_configuration(&unknown));
            }
        }
        (!paths.is_empty()).then(|| Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&set.identity.id),
            key: Arc::clone(&set.identity.key),
            kind: SCALE_SET_KIND,
            name: Arc::clone(&set.identity.name),
            scope: set.identity.scope.clone(),
            power: None,
            attributes: Vec::new(),
            paths,
            provenance: Some(set.identity.read_at.0),
        })
    }

    fn paths_to_instances(&mut self, set: &ScaleSet, one: &SetInterface) -> Vec<Path> {
        let interface = &one.interface;
        if interface.configurations.is_empty() {
            return vec![self.path_without_configuration(interface)];
        }
        let mut paths = Vec::new();
        for (configuration, address) in interface.configurations.iter().zip(&one.addresses) {
            let led = self.balanced_ways(interface, configuration);
            let own = match address {
                // Each instance has one; which, only the instances tell.
                Some(sku) => Way {
                    front: Some(Front { id: Arc::clone(&set.identity.id), address: None }),
                    without_group: *sku,
                    ..Way::of(Reach::Exposed)
                },
                None if led.is_unknown => Way::of(Reach::Admitted),
                None => Way::of(Reach::Latent),
            };
            paths.extend(self.paths_with(interface, configuration, own, led));
        }
        for path in &mut paths {
            path.filter = Arc::new(somewhere_in(&path.filter, path.destinations.addresses()));
        }
        paths
    }
}

/// Whether a scale set is the target for its instances: none of their interfaces is in the input.
pub(super) fn stands_for_instances(estate: &Estate, set: &ScaleSet) -> bool {
    if set.is_flexible && !estate.interfaces.is_empty() {
        return false;
    }
    let first = format!("{}/virtualmachines/", set.identity.key);
    estate.interfaces.first_from(&first).is_none_or(|(key, _)| !key.starts_with(&first))
}

/// X4 asks whether some destination is reached. Of a scale set nobody tells which addresses its instances have, and of an
/// interface to come which it will get: a rule for some of them is possible, not certain.
pub(super) fn somewhere_in(filter: &Filter, addresses: &AddressSet) -> Filter {
    rewritten(filter, &|list| {
        let is_partial = |named: &Bounds<Arc<AddressSet>>| {
            !addresses.is_subset(&named.must) && !addresses.is_disjoint(&named.may)
        };
        if !list.rules.iter().any(|rule| is_partial(&rule.matches.destinations)) {
            return RuleList::clone(list);
        }
        let mut list = list.clone();
        for named in list.rules.iter_mut().map(|rule| &mut rule.matches.destinations) {
            if is_partial(named) {
                named.must = Arc::new(named.must.difference(addresses));
                named.may = Arc::new(named.may.union(addresses));
            }
        }
        list
    })
}

/// An interface of which only the set is known.
fn unknown_interface(set: &ScaleSet) -> Interface {
    Interface {
        identity: set.identity.clone(),
        is_projected: true,
        group: None,
        without_group: Absence::Untold,
        configurations: Vec::new(),
        has_unread: false,
        machine: None,
        is_private_endpoint: false,
    }
}

/// The keys of the subnets that the instances of a set are in.
pub(super) fn subnets_of(set: &ScaleSet) -> impl Iterator<Item = &Name> {
    let configurations = set.interfaces.iter().flat_map(|one| &one.interface.configurations);
    configurations.filter_map(|configuration| configuration.subnet.as_ref())
}

pub(super) const SCALE_SET_KIND: &str = "virtual-machine-scale-set";
