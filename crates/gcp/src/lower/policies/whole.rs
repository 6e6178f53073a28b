//! All rules of each policy as one list, where each rule says as its destinations for whom it is.
//!
//! Asked for rules that never decide; what a machine meets is in the lists of its class.

use std::sync::Arc;

use cloud::LookupMap;
use model::{Name, Rule};
use packet::{AddressSet, Bounds};

use crate::lower::Lowering;
use crate::lower::class::{Class, Fits, Viewpoint};
use crate::lower::network_index::Seat;
use crate::resource::Link;

use super::book::Known;
use super::list::list_of;
use super::prepared::{Entry, Sheet};

/// The machines of the input, by class.
#[derive(Debug, Default)]
struct Machines {
    classes: Vec<(Arc<Class>, Vec<AddressSet>)>,
    /// The addresses of several classes, by their positions: many rules are for the same.
    known: LookupMap<Vec<usize>, Arc<AddressSet>>,
}

impl Machines {
    /// The addresses of the machines of some classes.
    fn of(&mut self, positions: Vec<usize>) -> Arc<AddressSet> {
        if let Some(known) = self.known.get(&positions) {
            return Arc::clone(known);
        }
        let classes = positions.iter().filter_map(|position| self.classes.get(*position));
        let all = Arc::new(union(classes.flat_map(|(_, sets)| sets)));
        self.known.insert(positions, Arc::clone(&all));
        all
    }
}

impl<'e> Lowering<'e> {
    /// Adds a list for each policy whose rules are in the input.
    pub(in crate::lower) fn lower_policy_lists(&mut self) {
        let book = Arc::clone(&self.policies.book);
        let mut machines = None;
        for known in &book.policies {
            let Some(rules) = known.rules else { continue };
            let sheet =
                Sheet { owner: &known.identity, scope: known.scope.as_ref(), rules, are_chosen: false };
            let prepared = self.prepared(sheet);
            let are_told = self.are_machines_told(known);
            let mut all: Vec<Rule> = Vec::new();
            for entry in &prepared.entries {
                let receivers = match entry.is_for_everybody() {
                    true => Bounds::exactly(Arc::clone(&self.common.everything)),
                    false => {
                        let machines = machines.get_or_insert_with(|| self.machines());
                        self.receivers_of(entry, known, machines, are_told)
                    }
                };
                all.extend(
                    entry.rules.iter().map(|rule| self.for_receivers(rule, entry.has_members, &receivers)),
                );
            }
            let list = Arc::new(list_of(&known.identity, known.scope.as_ref(), all));
            self.lists.insert(Arc::clone(&known.identity.key), list);
        }
    }

    /// Where a rule names destinations itself, these stand.
    fn for_receivers(&self, rule: &Rule, has_members: bool, receivers: &Bounds<Arc<AddressSet>>) -> Rule {
        let mut rule = self.seen(rule, has_members, &Viewpoint::Client, true);
        if rule.matches.destinations.must == self.common.everything {
            rule.matches.destinations = receivers.clone();
        }
        rule
    }

    fn machines(&mut self) -> Machines {
        let mut positions: LookupMap<Arc<Class>, usize> = LookupMap::default();
        let mut machines = Machines::default();
        for instance in self.estate.resources.instances.values() {
            for interface in &instance.interfaces {
                let class = self.class_of(instance, interface);
                let position = *positions.entry(Arc::clone(&class)).or_insert(machines.classes.len());
                match machines.classes.get_mut(position) {
                    Some((_, sets)) => sets.push(interface.addresses()),
                    None => machines.classes.push((class, vec![interface.addresses()])),
                }
            }
        }
        machines
    }

    /// The machines that a rule is for. Those of which the input has nothing may be anywhere.
    fn receivers_of(
        &self,
        entry: &Entry<'_>,
        known: &Known<'_>,
        machines: &mut Machines,
        are_told: bool,
    ) -> Bounds<Arc<AddressSet>> {
        let (mut certain, mut possible) = (Vec::new(), Vec::new());
        for (position, (class, _)) in machines.classes.iter().enumerate() {
            let fits = match known.may_act_on(class.network.as_ref()) {
                true => entry.fits(class, &self.estate.resources.networks),
                false => Fits::No,
            };
            match fits {
                Fits::Yes => certain.push(position),
                Fits::Maybe => {}
                Fits::No => continue,
            }
            possible.push(position);
        }
        let must = machines.of(certain);
        let may = if are_told { machines.of(possible) } else { Arc::clone(&self.common.everything) };
        Bounds { must, may }
    }

    /// Whether the input has every machine that a policy may be for: those of the projects of its networks. What else an
    /// organisation has is not known, nor what else is in a network that other projects share.
    fn are_machines_told(&mut self, known: &Known<'_>) -> bool {
        let is_placed = !known.is_hierarchical() && !known.may_act_elsewhere && !known.targets.is_empty();
        let index = Arc::clone(&self.network.index);
        is_placed
            && known.targets.iter().all(|target| {
                let link = Link::from(target);
                let is_own = |seat: &Seat<'_>| seat.project() == link.project();
                index.of_network(target).iter().all(is_own)
                    && self.tells_networks(link.project()) == Some(true)
            })
    }
}

impl Known<'_> {
    /// Whether the policy may act on a network.
    fn may_act_on(&self, network: Option<&Name>) -> bool {
        let is_target = |network: &Name| self.targets.contains(network);
        self.is_hierarchical() || self.may_act_elsewhere || network.is_none_or(is_target)
    }
}

/// All of many sets, without adding them one to the other.
fn union<'s>(sets: impl Iterator<Item = &'s AddressSet>) -> AddressSet {
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for set in sets {
        v4.extend_from_slice(set.v4_spans());
        v6.extend_from_slice(set.v6_spans());
    }
    AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6))
}
