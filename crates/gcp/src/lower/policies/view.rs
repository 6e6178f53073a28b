//! Effective firewalls: where the input has an answer about a network or an interface, it is the truth of it.
//!
//! An answer about a network has the rules of the network, its global policy and those above it; policies of regions are
//! in answers about a region only, and else computed. An answer about an interface has all, and only what is for it.

use std::sync::Arc;

use cloud::{LookupMap, LookupSet, Quoted, Said};
use model::{Effect, Filter, Gap, Name, RuleList};

use crate::estate::Estate;
use crate::lower::Lowering;
use crate::lower::class::{Class, Viewpoint};
use crate::lower::network_index::{Seat, network_key};
use crate::lower::rulebook::{Entry, Page, Selection};
use crate::resource::{
    EffectiveFirewalls, EffectivePolicy, Firewall, HIERARCHY, Identity, Link, PolicyStanding, Subject,
};

use super::prepared::Sheet;
use super::{Orders, Stages};

/// The answers of the input.
#[derive(Debug, Default)]
pub(super) struct Views<'e> {
    /// By the key of the network.
    of_network: LookupMap<Name, &'e EffectiveFirewalls>,
    /// By the key of the network and the region.
    of_region: LookupMap<(Name, Name), &'e EffectiveFirewalls>,
    /// By the key of the instance, with the interface that is asked about.
    of_instance: LookupMap<Name, Vec<&'e EffectiveFirewalls>>,
}

/// What tells lists of rules of answers apart: the answer, which of its rules are for somebody, whom they see.
pub(super) type ViewKey = (Name, Selection, Viewpoint);

impl<'e> Views<'e> {
    pub(super) fn of(estate: &'e Estate) -> Self {
        let mut views = Self::default();
        for view in estate.resources.effective_firewalls.values() {
            match &view.subject {
                Subject::Network { network, region } => {
                    let Some(key) = network_key(estate, network.project(), Some(network), None) else {
                        continue;
                    };
                    match region {
                        None => views.of_network.insert(key, view),
                        Some(region) => views.of_region.insert((key, Arc::clone(region)), view),
                    };
                }
                Subject::Interface { instance, .. } => {
                    let found = estate.resources.instances.find(instance.project(), instance).one();
                    let key = found.map_or(&instance.path, |found| &found.identity.key);
                    views.of_instance.entry(Arc::clone(key)).or_default().push(view);
                }
            }
        }
        views
    }

    /// The secure tags that rules ask for in answers about networks.
    pub(super) fn tags(&self) -> Vec<Name> {
        let views = self.of_network.values().chain(self.of_region.values());
        let policies = views.filter_map(|view| view.policies.this_ref());
        let rules = policies.flatten().filter_map(|policy| policy.rules.this_ref());
        let tags = rules.flatten().filter_map(|rule| rule.audience.tags.this_ref());
        let all: LookupSet<Name> = tags.flatten().map(|tag| Arc::clone(&tag.value)).collect();
        all.into_iter().collect()
    }

    /// The answer about an interface.
    fn of_interface(&self, seat: Seat<'e>) -> Option<&'e EffectiveFirewalls> {
        let views = self.of_instance.get(&seat.instance.identity.key)?;
        let is_only_one = seat.instance.interfaces.len() == 1;
        let is_its = |view: &&&EffectiveFirewalls| match &view.subject {
            Subject::Interface { interface: Some(interface), .. } => *interface == seat.interface.name,
            Subject::Interface { interface: None, .. } => is_only_one,
            Subject::Network { .. } => false,
        };
        views.iter().find(is_its).copied()
    }

    /// The answer about what a class is of: an interface, else its region of the network, else the network.
    fn of_class(&self, estate: &'e Estate, class: &Class) -> Option<&'e EffectiveFirewalls> {
        if let Some(key) = &class.view {
            return estate.resources.effective_firewalls.get(key);
        }
        let network = class.network.as_ref()?;
        let of_region = class
            .region
            .as_ref()
            .and_then(|region| self.of_region.get(&(Arc::clone(network), Arc::clone(region))));
        of_region.or_else(|| self.of_network.get(network)).copied()
    }
}

impl<'e> Lowering<'e> {
    /// The key of the answer about an interface.
    pub(in crate::lower) fn view_key_of(&self, seat: Seat<'e>) -> Option<Name> {
        self.policies.views.of_interface(seat).map(|view| Arc::clone(&view.identity.key))
    }

    /// The tags and accounts that rules of a network are for in an answer about it, sorted; `None` without an answer.
    pub(in crate::lower) fn targets_of_view(&self, network: &str) -> Option<[Vec<Name>; 2]> {
        let views = &self.policies.views;
        let of_region =
            views.of_region.iter().filter(|((own, _), _)| **own == *network).map(|(_, view)| view);
        let mut all = views.of_network.get(network).into_iter().chain(of_region).peekable();
        all.peek()?;
        let firewalls = all.filter_map(|view| view.firewalls.this_ref()).flatten();
        Some(page_of(firewalls).targets())
    }

    /// The networks that answers are about, in no order.
    pub(in crate::lower) fn networks_of_views(&self) -> Vec<Name> {
        let views = &self.policies.views;
        views
            .of_network
            .keys()
            .cloned()
            .chain(views.of_region.keys().map(|(network, _)| Arc::clone(network)))
            .collect()
    }

    /// What an answer says of policies, where there is one about the class.
    pub(super) fn stages_of_view(&mut self, class: &Arc<Class>, viewpoint: &Viewpoint) -> Option<Stages> {
        let view = Arc::clone(&self.policies.views).of_class(self.estate, class)?;
        let is_of_interface = matches!(view.subject, Subject::Interface { .. });
        let mut stages = Stages { before: Vec::new(), network: Vec::new(), order: Orders::After };
        let Said::This(policies) = &view.policies else {
            stages
                .before
                .push(Filter::FirstMatch(self.unknown_list(&view.identity, view.identity.project.as_ref())));
            return Some(stages);
        };
        let mut in_order: Vec<(usize, &'e EffectivePolicy)> = policies.iter().enumerate().collect();
        in_order.sort_by_key(|(position, policy)| (policy.standing, *position));
        for (position, policy) in in_order {
            let Some(filter) = self.stage_of_view(view, position, policy, class, viewpoint) else { continue };
            match policy.standing {
                PolicyStanding::Unknown | PolicyStanding::Hierarchy | PolicyStanding::System => {
                    stages.before.push(filter)
                }
                PolicyStanding::Network | PolicyStanding::Regional => stages.network.push(filter),
            }
        }
        let has_regions = is_of_interface || matches!(view.subject, Subject::Network { region: Some(_), .. });
        if !has_regions && policies.iter().all(|policy| policy.standing != PolicyStanding::Regional) {
            stages.network.extend(self.regional_stages(class, viewpoint));
        }
        if !stages.network.is_empty() {
            stages.order = self.order_of(class.network.as_ref());
        }
        Some(stages)
    }

    fn stage_of_view(
        &mut self,
        view: &'e EffectiveFirewalls,
        position: usize,
        policy: &'e EffectivePolicy,
        class: &Class,
        viewpoint: &Viewpoint,
    ) -> Option<Filter> {
        let id = id_of(policy, class);
        // A policy of one answer is one sheet.
        let owner = Identity {
            key: format!("{}#{position}", view.identity.key).into(),
            name: Arc::clone(&policy.name),
            project: Link::from(&id).project().map(Name::from),
            id,
            read_at: view.identity.read_at,
        };
        // Of a hierarchical one only its own export says it.
        let known = self.policies.book.policies.iter().find(|known| known.identity.key == owner.id);
        let scope = owner.project.clone().or_else(|| known.and_then(|known| known.scope.clone()));
        let Said::This(rules) = &policy.rules else {
            return Some(Filter::FirstMatch(self.unknown_list(&owner, scope.as_ref())));
        };
        let are_chosen = matches!(view.subject, Subject::Interface { .. });
        let sheet = Sheet { owner: &owner, scope: scope.as_ref(), rules, are_chosen };
        let is_in_force = policy.standing != PolicyStanding::Unknown;
        self.list_for(sheet, class, viewpoint, is_in_force).map(Filter::FirstMatch)
    }

    /// Answers about an interface that its instance does not have.
    pub(in crate::lower) fn tell_unplaced_views(&mut self) {
        for view in self.estate.resources.effective_firewalls.values() {
            let Subject::Interface { instance, interface } = &view.subject else { continue };
            let found = self.estate.resources.instances.find(instance.project(), instance).one();
            let Some(found) = found else { continue };
            let is_there = match interface {
                Some(name) => found.interfaces.iter().any(|own| own.name == *name),
                None => found.interfaces.len() == 1,
            };
            if !is_there {
                let message = format!(
                    "{}: effective firewalls of no interface that it has: they are not used; name the interface as \
                     `networkInterface` beside them",
                    Quoted(&found.identity.name)
                );
                let place = view.identity.read_at.0;
                self.gaps.push(Gap::at(place, "dangling-reference", Effect::Undecided, message));
            }
        }
    }

    /// The rules of the network that an answer has, where there is one about the class: `Some(None)` where it has none.
    pub(in crate::lower) fn vpc_rules_of_view(
        &mut self,
        class: &Class,
        viewpoint: &Viewpoint,
    ) -> Option<Option<Arc<RuleList>>> {
        let view = Arc::clone(&self.policies.views).of_class(self.estate, class)?;
        let network = class.network.clone().unwrap_or_else(|| Arc::clone(&view.identity.id));
        let Said::This(firewalls) = &view.firewalls else {
            return Some(Some(self.unknown_rules(Some(&network))));
        };
        let page = page_of(firewalls.iter());
        let selection = match &view.subject {
            Subject::Interface { .. } => (0..page.entries.len()).map(|position| (position, true)).collect(),
            Subject::Network { .. } => page.select(class),
        };
        if selection.is_empty() {
            return Some(None);
        }
        let key = (Arc::clone(&view.identity.key), selection, viewpoint.clone());
        if let Some(known) = self.policies.view_lists.get(&key) {
            return Some(Some(Arc::clone(known)));
        }
        let list = Arc::new(self.listed(&network, &page, &key.1, viewpoint));
        self.policies.view_lists.insert(key, Arc::clone(&list));
        Some(Some(list))
    }
}

/// Rules of an answer by whom they are for.
fn page_of<'e>(firewalls: impl Iterator<Item = &'e Firewall>) -> Page<'e> {
    let inbound = firewalls.filter_map(|firewall| Some((firewall, firewall.inbound.as_ref()?)));
    let entries = inbound.map(|(firewall, inbound)| Entry { firewall, inbound, is_placed: true });
    Page::of(entries.collect())
}

/// The path of a policy: an answer has its last name only.
fn id_of(policy: &EffectivePolicy, class: &Class) -> Name {
    let link = Link::of(&policy.id);
    let project = class.network.as_ref().and_then(|network| Link::from(network).project().map(str::to_owned));
    let place = match (policy.standing, project, &class.region) {
        _ if link.is_whole() => return link.path,
        (PolicyStanding::Hierarchy, ..) => HIERARCHY.to_owned(),
        (PolicyStanding::Network, Some(project), _) => format!("projects/{project}/global/firewallPolicies/"),
        (PolicyStanding::Regional, Some(project), Some(region)) => {
            format!("projects/{project}/regions/{region}/firewallPolicies/")
        }
        _ => return link.path,
    };
    format!("{place}{}", link.path).into()
}
