//! The rules of each network by whom they are for, and what was already made of them.
//!
//! Only look-ups: five thousand rules are not read again for each of twenty thousand instances.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::{LookupMap, LookupSet};
use model::{Filter, Name, RuleList};

use crate::estate::Estate;
use crate::resource::{Firewall, Inbound, Link, Targets};

use super::class::{Class, Viewpoint};
use super::members::{Members, StandIns};
use super::named::Named;
use super::network_index::network_key;

/// What rules of networks say, and what was already made of them.
#[derive(Debug)]
pub(super) struct Rules<'e> {
    pub(super) named: Named,
    pub(super) book: Arc<Rulebook<'e>>,
    classes: LookupSet<Arc<Class>>,
    /// Lists by network, selection and viewpoint.
    pub(super) lists: LookupMap<(Name, Selection, Viewpoint), Arc<RuleList>>,
    /// Networks with machines that none of its rules is for.
    pub(super) with_none: LookupSet<Name>,
    /// What stands in for rules that are not in the input, by network.
    pub(super) unknown: LookupMap<Option<Name>, Arc<RuleList>>,
    pub(super) firewalls: LookupMap<(Arc<Class>, Viewpoint), Arc<Filter>>,
    pub(super) members: LookupMap<Name, Arc<Members>>,
    pub(super) stand_ins: StandIns,
    /// Projects whose instances are in the input, and whether all of these tell their networks.
    pub(super) instance_projects: Option<LookupMap<Option<Name>, bool>>,
}

/// The rules of networks.
#[derive(Debug, Default)]
pub(super) struct Rulebook<'e> {
    of_network: LookupMap<Name, Page<'e>>,
    /// Rules that do not say which network they are of.
    unplaced: Vec<Entry<'e>>,
    /// Projects of which the input has rules.
    projects: BTreeSet<Name>,
}

/// The rules of one network that decide on packets that come in.
#[derive(Debug, Default)]
pub(super) struct Page<'e> {
    /// In the order of their keys.
    pub(super) entries: Vec<Entry<'e>>,
    for_everyone: Vec<usize>,
    for_unknown: Vec<usize>,
    by_tag: LookupMap<Name, Vec<usize>>,
    by_account: LookupMap<Name, Vec<usize>>,
}

/// A rule with what it does to packets that come in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'e> {
    pub(super) firewall: &'e Firewall,
    pub(super) inbound: &'e Inbound,
    /// Whether it is a rule of the network for certain.
    pub(super) is_placed: bool,
}

/// Which rules of a page are for a class: their positions, and whether for certain. Sorted.
pub(super) type Selection = Vec<(usize, bool)>;

impl<'e> Rules<'e> {
    pub(super) fn of(estate: &'e Estate) -> Self {
        Self {
            named: Named::of(estate),
            book: Arc::new(Rulebook::of(estate)),
            classes: LookupSet::default(),
            lists: LookupMap::default(),
            with_none: LookupSet::default(),
            unknown: LookupMap::default(),
            firewalls: LookupMap::default(),
            members: LookupMap::default(),
            stand_ins: StandIns::default(),
            instance_projects: None,
        }
    }

    /// The one of all equal classes.
    pub(super) fn class(&mut self, class: Class) -> Arc<Class> {
        if let Some(known) = self.classes.get(&class) {
            return Arc::clone(known);
        }
        let class = Arc::new(class);
        self.classes.insert(Arc::clone(&class));
        class
    }
}

impl<'e> Rulebook<'e> {
    fn of(estate: &'e Estate) -> Self {
        let mut book = Self::default();
        for firewall in estate.resources.firewalls.values() {
            let project = firewall.identity.project.as_deref();
            let network = network_key(estate, project, firewall.network.as_ref(), None);
            book.projects.extend(firewall.identity.project.clone());
            let page = match &network {
                Some(network) => {
                    book.projects.extend(Link::from(network).project().map(Name::from));
                    Some(book.of_network.entry(Arc::clone(network)).or_default())
                }
                None => None,
            };
            let Some(inbound) = &firewall.inbound else { continue };
            match page {
                Some(page) => page.entries.push(Entry { firewall, inbound, is_placed: true }),
                None => book.unplaced.push(Entry { firewall, inbound, is_placed: false }),
            }
        }
        let Self { of_network, unplaced, .. } = &mut book;
        for (network, page) in of_network.iter_mut() {
            page.entries.extend(unplaced.iter().filter(|entry| entry.may_be_of(network)));
            page.index();
        }
        book
    }

    /// The rules of a network; `None` where no rule says that it is of it.
    pub(super) fn page(&self, network: &str) -> Option<&Page<'e>> {
        self.of_network.get(network)
    }

    /// The rules that may be of a network which no rule names.
    pub(super) fn page_of_unplaced(&self, network: &Name) -> Page<'e> {
        Page::of(self.unplaced.iter().filter(|entry| entry.may_be_of(network)).copied().collect())
    }

    /// The networks that rules say they are of, in no order.
    pub(super) fn networks(&self) -> impl Iterator<Item = &Name> {
        self.of_network.keys()
    }

    /// The rules that do not say which network they are of.
    pub(super) fn unplaced(&self) -> &[Entry<'e>] {
        &self.unplaced
    }

    /// Whether the input has rules of the project of a network, or a rule of the network.
    pub(super) fn knows(&self, network: &Name) -> bool {
        let link = Link::from(network);
        let is_of_project = link.project().is_some_and(|project| self.projects.contains(project));
        let is_unplaced = |entry: &Entry<'e>| entry.unplaced_network() == *network;
        is_of_project || self.of_network.contains_key(network) || self.unplaced.iter().any(is_unplaced)
    }
}

impl<'e> Entry<'e> {
    /// Whether a rule that does not say its network may be one of this network.
    pub(super) fn may_be_of(&self, network: &Name) -> bool {
        let link = Link::from(network);
        let own = self.firewall.identity.project.as_deref();
        own.is_none() || link.project().is_none() || own == link.project()
    }
}

impl<'e> Page<'e> {
    /// A page of these rules.
    pub(super) fn of(entries: Vec<Entry<'e>>) -> Self {
        let mut page = Self { entries, ..Self::default() };
        page.index();
        page
    }

    fn index(&mut self) {
        for (position, entry) in self.entries.iter().enumerate() {
            match &entry.inbound.targets {
                Targets::Everyone => self.for_everyone.push(position),
                Targets::Unknown => self.for_unknown.push(position),
                Targets::Tagged(tags) => add(&mut self.by_tag, tags, position),
                Targets::RunningAs(accounts) => add(&mut self.by_account, accounts, position),
            }
        }
    }

    /// The rules for a class.
    pub(super) fn select(&self, class: &Class) -> Selection {
        let mut selection: Selection = self.for_everyone.iter().map(|position| (*position, true)).collect();
        selection.extend(self.for_unknown.iter().map(|position| (*position, false)));
        for (index, own) in [(&self.by_tag, &class.tags), (&self.by_account, &class.accounts)] {
            match own {
                Some(names) => {
                    let positions = names.iter().filter_map(|name| index.get(name)).flatten();
                    selection.extend(positions.map(|position| (*position, true)));
                }
                None => selection.extend(index.values().flatten().map(|position| (*position, false))),
            }
        }
        selection.sort_unstable();
        selection.dedup();
        selection
    }

    /// The tags and accounts that rules of the page are for, sorted.
    pub(super) fn targets(&self) -> [Vec<Name>; 2] {
        [&self.by_tag, &self.by_account].map(|index| {
            let mut names: Vec<Name> = index.keys().cloned().collect();
            names.sort_unstable();
            names
        })
    }
}

fn add(index: &mut LookupMap<Name, Vec<usize>>, names: &[Name], position: usize) {
    for name in names {
        index.entry(Arc::clone(name)).or_default().push(position);
    }
}
