//! Effective views: where the input has one, it is the truth of its interface.

use std::sync::Arc;

use model::{Carries, Destinations, Filter, Name, Path, Reach, RuleList, Target};

use crate::resource::{Attached, EffectiveList, EffectiveView, Interface, Sku};

use super::interface::INTERFACE_KIND;
use super::layer::Layer;
use super::surroundings::Place;
use super::{CLOUD_NAME, Lowering};

impl<'e> Lowering<'e> {
    /// The view of an interface: one that names it; else one that names only its subnet, if the interface carries no
    /// group of its own, for then the view would name the interface.
    pub(super) fn view_of(&self, interface: &Interface) -> Option<&'e EffectiveView> {
        let estate = self.estate;
        if let Some(view) = estate.views.get(&interface.identity.key) {
            return Some(view);
        }
        if interface.group.is_some() || interface.is_projected {
            return None;
        }
        let mut subnets =
            interface.configurations.iter().filter_map(|configuration| configuration.subnet.as_ref());
        subnets.find_map(|subnet| estate.views.get(subnet)).filter(|view| !view.names_interface)
    }

    /// What a view lets in: rules of network managers first, then every group must allow.
    pub(super) fn view_filter(
        &mut self,
        view: &EffectiveView,
        subnet: Option<&Name>,
        place: &Place,
        without_group: Sku,
    ) -> Filter {
        let knows_admin_rules = self.knows_admin_rules(subnet);
        let mut stages: Vec<Filter> = Vec::new();
        let mut layers: Vec<Layer> = Vec::new();
        for list in &view.lists {
            let lowered = Arc::new(self.list_of_view(list, place));
            match list.attached {
                Attached::NetworkManager if knows_admin_rules => {}
                Attached::NetworkManager => stages.push(Filter::FirstMatch(lowered)),
                Attached::Subnet | Attached::Interface => layers.push(Layer::List(lowered)),
            }
        }
        stages.push(self.filter(&layers, without_group, &view.identity.name));
        if stages.len() == 1 { stages.swap_remove(0) } else { Filter::Chain(stages) }
    }

    /// The target of a view whose interface is not in the input.
    pub(super) fn view_target(&mut self, view: &EffectiveView) -> Option<Target> {
        let seen = self.index.interfaces_of_subnet.get(&view.identity.key);
        if !view.names_interface && seen.is_some() {
            return None;
        }
        let place = Place { is_complete: false, ..self.place_in(view.subnet.as_ref()) };
        let subnet = view.subnet.as_ref();
        let filter = self.view_filter(view, subnet, &place, Sku::Unknown);
        let filter = self.under_admin_rules(subnet, Some(view), filter, Sku::Unknown);
        let addresses =
            view.subnet.as_ref().and_then(|subnet| self.estate.subnets.get(subnet)?.addresses.clone());
        let path = Path {
            reach: Reach::Admitted,
            front: None,
            destinations: Destinations::SomeOf(addresses.unwrap_or_else(|| super::anywhere(self.memo))),
            carries: Carries::Everything,
            hops: Vec::new(),
            filter: Arc::new(filter),
        };
        Some(Target {
            cloud: CLOUD_NAME,
            id: Arc::clone(&view.identity.id),
            key: Arc::clone(&view.identity.key),
            kind: if view.names_interface { INTERFACE_KIND } else { "subnet" },
            name: Arc::clone(&view.identity.name),
            scope: view.identity.scope.clone(),
            power: None,
            attributes: Vec::new(),
            paths: vec![path],
            provenance: Some(view.identity.read_at.0),
        })
    }

    /// The lists of views whose groups are not in the input by themselves, each once.
    pub(super) fn lists_of_views(&mut self) -> Vec<Arc<RuleList>> {
        let estate = self.estate;
        let mut lists: Vec<Arc<RuleList>> = Vec::new();
        for view in estate.views.values() {
            for list in &view.lists {
                let known = estate.groups.contains_key(&list.identity.key)
                    || lists.iter().any(|known| known.id.eq_ignore_ascii_case(&list.identity.id));
                if !known {
                    let place = self.place_in(view.subnet.as_ref());
                    lists.push(Arc::new(self.list_of_view(list, &place)));
                }
            }
        }
        lists
    }

    fn list_of_view(&mut self, list: &EffectiveList, place: &Place) -> RuleList {
        self.rule_list(&list.identity, &list.rules, place, None)
    }
}
