//! Which policies act on an interface, in which order (G10, G12, G14).
//!
//! A policy that may act or not stands before all that do: whatever it decides or leaves is then in the answer.

use std::sync::Arc;

use cloud::Said;
use model::{Filter, Name};

use crate::estate::Estate;
use crate::lower::Lowering;
use crate::lower::class::{Class, Viewpoint};
use crate::resource::{Level, Link, Order, is_number};

use super::book::{Book, Known};
use super::prepared::Sheet;
use super::{Ancestry, Orders, Stages};

impl<'e> Lowering<'e> {
    /// What policies say of packets to an interface.
    pub(in crate::lower) fn policy_stages(&mut self, class: &Arc<Class>, viewpoint: &Viewpoint) -> Stages {
        if let Some(stages) = self.stages_of_view(class, viewpoint) {
            return stages;
        }
        let before = self.hierarchical_stages(class, viewpoint);
        let mut network = self.network_stages(class, viewpoint, false);
        network.extend(self.network_stages(class, viewpoint, true));
        let order = if network.is_empty() { Orders::After } else { self.order_of(class.network.as_ref()) };
        Stages { before, network, order }
    }

    /// Of the organisation and of folders, the organisation first.
    fn hierarchical_stages(&mut self, class: &Class, viewpoint: &Viewpoint) -> Vec<Filter> {
        let book = Arc::clone(&self.policies.book);
        if book.which(Known::is_hierarchical).next().is_none() {
            return Vec::new();
        }
        let project =
            class.network.as_ref().and_then(|network| Link::from(network).project().map(str::to_owned));
        let ancestry = Ancestry::of(self.estate, project.as_deref());
        let acts_here =
            |known: &Known<'_>| known.targets.iter().any(|target| ancestry.nodes.contains(target));
        let mut stages = Vec::new();
        for position in book.which(Known::is_hierarchical) {
            let Some(known) = book.policies.get(position).filter(|known| !acts_here(known)) else { continue };
            if known.may_act_elsewhere {
                self.tell_unknown_association(known);
            } else if ancestry.is_whole || known.targets.is_empty() {
                continue;
            } else {
                self.tell_unknown_ancestry(project.as_deref());
            }
            stages.extend(self.stage(known, class, viewpoint, false));
        }
        for node in &ancestry.nodes {
            stages.extend(self.stages_at(&book, book.at(node), node, class, viewpoint));
        }
        stages
    }

    /// Of the network itself: global, or of the region of the interface.
    fn network_stages(&mut self, class: &Class, viewpoint: &Viewpoint, is_regional: bool) -> Vec<Filter> {
        let book = Arc::clone(&self.policies.book);
        let is_level = |known: &Known<'_>| match &known.level {
            Level::Hierarchy => false,
            Level::Global => !is_regional,
            Level::Regional(region) => is_regional && class.region.as_ref().is_none_or(|own| own == region),
        };
        if book.which(is_level).next().is_none() {
            return Vec::new();
        }
        let network = class.network.as_ref();
        let own = network.map_or(&[][..], |network| book.at(network));
        let is_known =
            |known: &Known<'_>| !is_regional || class.region.is_some() || known.level == Level::Global;
        let at = |position: &usize| book.policies.get(*position);
        let certain: Vec<usize> = own
            .iter()
            .copied()
            .filter(|position| at(position).is_some_and(|known| is_level(known) && is_known(known)))
            .collect();
        let mut stages = Vec::new();
        for position in book.which(is_level).filter(|position| !certain.contains(position)) {
            let Some(known) = book.policies.get(position) else { continue };
            let is_of_network = own.contains(&position) || (network.is_none() && !known.targets.is_empty());
            // A network has one policy of a level.
            let may_be =
                known.may_act_elsewhere && certain.is_empty() && may_be_of(self.estate, known, network);
            if may_be && !is_of_network {
                self.tell_unknown_association(known);
            }
            if may_be || is_of_network {
                stages.extend(self.stage(known, class, viewpoint, false));
            }
        }
        if let Some(network) = network {
            stages.extend(self.stages_at(&book, &certain, network, class, viewpoint));
        }
        stages
    }

    /// Those of the region of the interface alone.
    pub(super) fn regional_stages(&mut self, class: &Class, viewpoint: &Viewpoint) -> Vec<Filter> {
        self.network_stages(class, viewpoint, true)
    }

    /// The policies that act at an organisation, a folder, a network: one. Of several, each may be it.
    fn stages_at(
        &mut self,
        book: &Book<'e>,
        positions: &[usize],
        target: &Name,
        class: &Class,
        viewpoint: &Viewpoint,
    ) -> Vec<Filter> {
        let own = positions.iter().filter_map(|position| book.policies.get(*position));
        let own: Vec<&Known<'e>> = own.collect();
        if own.len() > 1 {
            self.tell_several(&own, target);
        }
        own.iter().filter_map(|known| self.stage(known, class, viewpoint, own.len() == 1)).collect()
    }

    /// What one policy says.
    fn stage(
        &mut self,
        known: &Known<'e>,
        class: &Class,
        viewpoint: &Viewpoint,
        is_in_force: bool,
    ) -> Option<Filter> {
        let Some(rules) = known.rules else {
            self.tell_unknown_rules(known);
            return Some(Filter::FirstMatch(self.unknown_list(&known.identity, known.scope.as_ref())));
        };
        let sheet = Sheet { owner: &known.identity, scope: known.scope.as_ref(), rules, are_chosen: false };
        self.list_for(sheet, class, viewpoint, is_in_force).map(Filter::FirstMatch)
    }

    /// When policies of a network are asked (G10).
    pub(super) fn order_of(&mut self, network: Option<&Name>) -> Orders {
        let found = network.and_then(|network| self.estate.resources.networks.get(network));
        match found.map(|found| &found.order) {
            Some(Said::This(Order::AfterClassic)) => Orders::After,
            Some(Said::This(Order::BeforeClassic)) => Orders::Before,
            // It has been told.
            Some(Said::Unreadable) => Orders::Either,
            Some(Said::Nothing) | None => {
                self.tell_unknown_order(network);
                Orders::Either
            }
        }
    }
}

/// Whether a policy may be associated with a network: one of its project is.
fn may_be_of(estate: &Estate, known: &Known<'_>, network: Option<&Name>) -> bool {
    let networks = &estate.resources.networks;
    let link = network.map(Link::from);
    let project = link.as_ref().and_then(Link::project).map(|project| networks.id_of(project));
    let own = known.identity.project.as_deref().map(|project| networks.id_of(project));
    // Of a number and an id nobody knows whether they are one project.
    let are_named_alike = |one: &str, other: &str| is_number(one) == is_number(other);
    match (own, project) {
        (Some(own), Some(project)) => own == project || !are_named_alike(own, project),
        _ => true,
    }
}
