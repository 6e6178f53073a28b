//! Lists of networks once more, when one rule was edited: what was made of them before, and what is made anew.
//!
//! Only where the rule says by addresses who sends, and is for the same machines as before, or for all: then it stands in the
//! same lists, and no machine is of another class. Everything else lowers the estate.

use std::sync::Arc;

use cloud::{Common, LookupMap, LookupSet};
use model::{Name, Rule, RuleList};

use crate::estate::Estate;
use crate::resource::{Firewall, Inbound, Link, Targets};

use super::Lowering;
use super::class::Viewpoint;
use super::network_index::network_key;
use super::vpc_rules::rules_of;

/// The lists of the rules of networks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Made {
    lists: Vec<Listed>,
    of_network: LookupMap<Name, Vec<usize>>,
    /// Networks with machines that no rule is for: one more rule is one more list.
    with_none: LookupSet<Name>,
    /// Whether lists stand somewhere as packets of another family meet them.
    are_restated: bool,
}

/// The rules of a network for some of its machines.
#[derive(Clone, Debug)]
struct Listed {
    viewpoint: Viewpoint,
    list: Arc<RuleList>,
}

/// A rule before and after an edit of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Turned<'r> {
    pub(crate) before: Option<&'r Firewall>,
    pub(crate) now: Option<&'r Firewall>,
}

impl Lowering<'_> {
    /// What was made of the rules of networks, once everything is lowered.
    pub(crate) fn made(self) -> Made {
        let are_restated = self.balancers.has_restated();
        let mut made = Made { with_none: self.rules.with_none, are_restated, ..Made::default() };
        for ((network, _, viewpoint), list) in self.rules.lists {
            made.of_network.entry(network).or_default().push(made.lists.len());
            made.lists.push(Listed { viewpoint, list });
        }
        made
    }
}

impl Made {
    /// The number of each list, by where it is kept.
    pub(crate) fn owners(&self) -> LookupMap<usize, usize> {
        let place = |(number, listed): (usize, &Listed)| (Arc::as_ptr(&listed.list).addr(), number);
        self.lists.iter().enumerate().map(place).collect()
    }

    /// The list of a number.
    pub(crate) fn list(&self, number: usize) -> Option<&Arc<RuleList>> {
        self.lists.get(number).map(|listed| &listed.list)
    }

    /// A list is another one now.
    pub(crate) fn put(&mut self, number: usize, list: Arc<RuleList>) {
        if let Some(listed) = self.lists.get_mut(number) {
            listed.list = list;
        }
    }

    /// The lists that an edit of a rule changes, as they are after it; `None` where more may have changed than these. The
    /// estate has the rule as it is now.
    pub(crate) fn relisted(
        &self,
        turned: Turned<'_>,
        estate: &Estate,
        common: &Common,
    ) -> Option<Vec<(usize, Arc<RuleList>)>> {
        let network = turned.network(estate)?;
        let own = self.of_network.get(&network)?;
        if self.are_restated || !turned.is_plain(common) || !turned.is_for_the_same() {
            return None;
        }
        let [before, now] = turned.inbound();
        if before.is_some() != now.is_some() {
            let is_listed = !self.with_none.contains(&network) && turned.has_others(&network, estate);
            if !is_listed {
                return None;
            }
        }
        let mut changed = Vec::with_capacity(own.len());
        for number in own {
            let listed = self.lists.get(*number)?;
            if let Rules::These(rules) = relisted(listed, turned, common)? {
                let list = RuleList { rules, ..bare(&listed.list) };
                changed.push((*number, Arc::new(list)));
            }
        }
        Some(changed)
    }
}

/// A list without its rules.
fn bare(list: &RuleList) -> RuleList {
    RuleList {
        id: Arc::clone(&list.id),
        name: Arc::clone(&list.name),
        kind: list.kind,
        scope: list.scope.clone(),
        rules: Vec::new(),
        behind: list.behind.clone(),
        provenance: list.provenance,
    }
}

/// The rules of a list after an edit of one. Complete.
enum Rules {
    /// The edited rule does not stand in it.
    Untouched,
    These(Vec<Rule>),
}

/// The rules of a list after an edit; `None` where what stands in it does not tell them.
fn relisted(listed: &Listed, turned: Turned<'_>, common: &Common) -> Option<Rules> {
    let said = |firewall: Option<&Firewall>, is_certain| {
        firewall.map_or_else(Vec::new, |one| rules_of_firewall(one, is_certain, &listed.viewpoint, common))
    };
    let place = |rules: &[Rule], rule: &Rule| {
        let at = rules.partition_point(|own| (own.rank, &own.name) < (rule.rank, &rule.name));
        let is_there = rules.get(at).is_some_and(|own| (own.rank, &own.name) == (rule.rank, &rule.name));
        (at, is_there)
    };
    let mut rules = Vec::with_capacity(listed.list.rules.len() + 1);
    rules.extend_from_slice(&listed.list.rules);
    let holds = |rule: &Rule| match place(&rules, rule) {
        (at, true) => rules.get(at) == Some(rule),
        (_, false) => false,
    };
    // Whether the rule is for all machines of the list, or only for some of them.
    let is_certain = match turned.before.filter(|one| one.inbound.is_some()) {
        None => true,
        Some(before) if said(Some(before), true).iter().all(holds) => true,
        Some(before) if said(Some(before), false).iter().all(holds) => false,
        Some(before) => {
            let is_elsewhere =
                [true, false].iter().all(|is_certain| !said(Some(before), *is_certain).iter().any(holds));
            return (is_elsewhere && !turned.is_for_everyone()).then_some(Rules::Untouched);
        }
    };
    for rule in said(turned.before, is_certain) {
        match place(&rules, &rule) {
            (at, true) if rules.get(at) == Some(&rule) => rules.remove(at),
            _ => return None,
        };
    }
    for rule in said(turned.now, is_certain) {
        match place(&rules, &rule) {
            (at, false) => rules.insert(at, rule),
            // Which of two rules of one name and number comes first is a matter of the whole list.
            (_, true) => return None,
        }
    }
    // Without any there is no list.
    (!rules.is_empty()).then_some(Rules::These(rules))
}

fn rules_of_firewall(
    firewall: &Firewall,
    is_for_certain: bool,
    viewpoint: &Viewpoint,
    common: &Common,
) -> Vec<Rule> {
    let Some(inbound) = &firewall.inbound else { return Vec::new() };
    let is_certain = inbound.is_certain && is_for_certain && inbound.priority.is_some();
    let sources = viewpoint.sources(&inbound.sources.addresses, common);
    let mut rules = Vec::new();
    rules_of(firewall, inbound, is_certain, &sources, &inbound.destinations, common, &mut rules);
    rules
}

impl<'r> Turned<'r> {
    fn each(self) -> impl Iterator<Item = &'r Firewall> {
        self.before.into_iter().chain(self.now)
    }

    fn inbound(self) -> [Option<&'r Inbound>; 2] {
        [self.before, self.now].map(|one| one.and_then(|one| one.inbound.as_ref()))
    }

    /// The network that it is of before and after, for certain, and which is of its own project.
    fn network(self, estate: &Estate) -> Option<Name> {
        let mut found: Option<Name> = None;
        for firewall in self.each() {
            let (project, link) = (firewall.identity.project.as_deref()?, firewall.network.as_ref()?);
            let network = network_key(estate, Some(project), Some(link), None)?;
            let is_own = Link::from(&network).project() == Some(project);
            if !is_own || found.as_ref().is_some_and(|known| *known != network) {
                return None;
            }
            found = Some(network);
        }
        found
    }

    /// Whether it says by addresses alone who sends, and nothing of who receives.
    fn is_plain(self, common: &Common) -> bool {
        self.inbound().into_iter().flatten().all(|inbound| {
            let is_by_addresses = inbound.sources.tags.is_empty() && inbound.sources.accounts.is_empty();
            let is_anywhere = *inbound.destinations.must == *common.everything;
            is_by_addresses && is_anywhere && inbound.priority.is_some()
        })
    }

    /// Whether it is for the same machines before and after; where it comes or goes, for all.
    fn is_for_the_same(self) -> bool {
        match self.inbound() {
            [Some(before), Some(now)] if before.targets == now.targets => match before.targets {
                Targets::Everyone => true,
                // What is not certain says nothing of whether it is for some machines only.
                Targets::Tagged(_) | Targets::RunningAs(_) => {
                    before.is_certain && !(before.allowed.is_empty() && before.denied.is_empty())
                }
                Targets::Unknown => false,
            },
            [Some(one), None] | [None, Some(one)] => one.targets == Targets::Everyone,
            [Some(_), Some(_)] | [None, None] => false,
        }
    }

    fn is_for_everyone(self) -> bool {
        self.inbound().into_iter().flatten().all(|inbound| inbound.targets == Targets::Everyone)
    }

    /// Whether the network has another rule that decides on what comes in, so that it is known with and without this one.
    fn has_others(self, network: &Name, estate: &Estate) -> bool {
        let is_own = |other: &Firewall| self.each().any(|one| one.identity.key == other.identity.key);
        let is_its = |other: &Firewall| {
            let project = other.identity.project.as_deref();
            network_key(estate, project, other.network.as_ref(), None).as_ref() == Some(network)
        };
        let mut others = estate.resources.firewalls.values().filter(|other| other.inbound.is_some());
        others.any(|other| !is_own(other) && is_its(other))
    }
}
