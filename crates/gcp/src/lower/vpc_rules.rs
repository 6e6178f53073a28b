//! The rules of a network as lists: one for each class of machine, and one with all of them.
//!
//! Knows no policy and no path.

use std::sync::Arc;

use cloud::{Common, Quoted};
use model::{Action, Effect, Gap, Matches, Name, Rule, RuleList, every_type};
use packet::{AddressSet, Bounds, ProtocolSet};

use crate::resource::{Firewall, Inbound, Layer4, Link, Sources, Targets, command_of};

use super::Lowering;
use super::class::{Class, Viewpoint};
use super::rulebook::{Entry, Page};

/// What `kind` of list the rules of a network are.
pub(super) const RULES_KIND: &str = "vpc-firewall";

impl<'e> Lowering<'e> {
    /// The rules of the network for a class; `None` where it has none for it.
    pub(super) fn vpc_rules(&mut self, class: &Class, viewpoint: &Viewpoint) -> Option<Arc<RuleList>> {
        if let Some(list) = self.vpc_rules_of_view(class, viewpoint) {
            return list;
        }
        let Some(network) = &class.network else { return Some(self.unknown_rules(None)) };
        let book = Arc::clone(&self.rules.book);
        let page = match book.page(network) {
            Some(page) => page,
            None => &book.page_of_unplaced(network),
        };
        self.selected(network, page, class, viewpoint)
    }

    fn selected(
        &mut self,
        network: &Name,
        page: &Page<'e>,
        class: &Class,
        viewpoint: &Viewpoint,
    ) -> Option<Arc<RuleList>> {
        if !self.knows_rules_of(network) {
            return Some(self.unknown_rules(Some(network)));
        }
        let selection = page.select(class);
        if selection.is_empty() {
            self.rules.with_none.insert(Arc::clone(network));
            return None;
        }
        let key = (Arc::clone(network), selection, viewpoint.clone());
        if let Some(known) = self.rules.lists.get(&key) {
            return Some(Arc::clone(known));
        }
        let mut list = self.listed(network, page, &key.1, viewpoint);
        if !self.estate.states_rules_of(Link::from(network).project()) {
            // Only edits told of rules: one that nobody saw may deny before them.
            list.rules.insert(0, self.unseen_rule());
        }
        let list = Arc::new(list);
        self.rules.lists.insert(key, Arc::clone(&list));
        Some(list)
    }

    /// These rules of a page as a list of a network.
    pub(super) fn listed(
        &mut self,
        network: &Name,
        page: &Page<'e>,
        selection: &[(usize, bool)],
        viewpoint: &Viewpoint,
    ) -> RuleList {
        let mut rules = Vec::with_capacity(selection.len());
        for (position, is_certain) in selection {
            let Some(entry) = page.entries.get(*position) else { continue };
            let destinations = entry.inbound.destinations.clone();
            self.add_rules(*entry, network, *is_certain, &destinations, viewpoint, &mut rules);
        }
        self.list_of(network, rules)
    }

    /// Lists with all rules of each network, where each rule says for whom it is as its destinations.
    pub(super) fn lower_vpc_lists(&mut self) {
        let book = Arc::clone(&self.rules.book);
        for network in book.networks() {
            let entries = book.page(network).map(|page| page.entries.as_slice()).unwrap_or_default();
            let placed: Vec<Entry<'e>> = entries.iter().filter(|entry| entry.is_placed).copied().collect();
            self.lower_vpc_list(network, &placed);
        }
        for network in self.unplaced_networks() {
            let entries = book.unplaced().iter().filter(|entry| entry.unplaced_network() == network);
            let entries: Vec<Entry<'e>> = entries.copied().collect();
            self.lower_vpc_list(&network, &entries);
        }
    }

    fn lower_vpc_list(&mut self, network: &Name, entries: &[Entry<'e>]) {
        let mut rules = Vec::with_capacity(entries.len());
        for entry in entries {
            let destinations = self.destinations_of(network, entry);
            self.add_rules(*entry, network, true, &destinations, &Viewpoint::Client, &mut rules);
        }
        let list = self.list_of(network, rules);
        self.lists.insert(Arc::clone(network), Arc::new(list));
    }

    /// The machines a rule is for. Where it names destinations itself it may be for these: an address of a forwarding rule
    /// is no machine's own (G7, G16).
    fn destinations_of(&mut self, network: &Name, entry: &Entry<'e>) -> Bounds<Arc<AddressSet>> {
        let own = &entry.inbound.destinations;
        let receivers = self.receivers(network, &entry.inbound.targets);
        if own.must == self.common.everything || receivers.may.is_empty() {
            receivers
        } else if entry.inbound.targets == Targets::Everyone {
            own.clone()
        } else {
            Bounds::between(Arc::clone(&self.common.nothing), Arc::clone(&own.may))
        }
    }

    /// A list of these rules, in the order in which they are asked (G1).
    fn list_of(&self, network: &Name, mut rules: Vec<Rule>) -> RuleList {
        rules.sort_by(|one, other| (one.rank, &one.name).cmp(&(other.rank, &other.name)));
        let found = self.estate.resources.networks.get(network);
        let link = Link::from(network);
        let name = match link.name() {
            UNKNOWN_NETWORK => "unknown network",
            name => name,
        };
        RuleList {
            id: Arc::clone(network),
            name: name.into(),
            kind: RULES_KIND,
            scope: link.project().map(Name::from),
            rules,
            behind: None,
            provenance: found.map(|found| found.identity.read_at.0),
        }
    }

    /// Adds what a rule says, in as few rules of a list as say it.
    fn add_rules(
        &mut self,
        entry: Entry<'e>,
        network: &Name,
        is_for_certain: bool,
        destinations: &Bounds<Arc<AddressSet>>,
        viewpoint: &Viewpoint,
        rules: &mut Vec<Rule>,
    ) {
        let Entry { firewall, inbound, is_placed } = entry;
        let is_certain = inbound.is_certain && is_placed && is_for_certain && inbound.priority.is_some();
        let addresses = viewpoint.sources(&inbound.sources.addresses, &self.common);
        let sources = match viewpoint {
            Viewpoint::Client => self.with_senders(network, addresses, &inbound.sources),
            // A proxy is no machine with a tag.
            Viewpoint::Behind(_) => addresses,
        };
        rules_of(firewall, inbound, is_certain, &sources, destinations, &self.common, rules);
    }

    fn with_senders(
        &mut self,
        network: &Name,
        addresses: Bounds<Arc<AddressSet>>,
        sources: &Sources,
    ) -> Bounds<Arc<AddressSet>> {
        let senders = self.senders(network, sources);
        if senders.may.is_empty() {
            return addresses;
        }
        let with = |own: &Arc<AddressSet>, more: &Arc<AddressSet>| Arc::new(own.union(more));
        Bounds { must: with(&addresses.must, &senders.must), may: with(&addresses.may, &senders.may) }
    }

    /// Whether the input says which rules a network has, be they none.
    fn knows_rules_of(&mut self, network: &Name) -> bool {
        if self.rules.book.knows(network) || self.estate.is_made(network) {
            return true;
        }
        let link = Link::from(network);
        let project = link.project();
        // Whose rules documents state has none where edits deleted the last.
        if self.estate.stated.is_some() && self.estate.states_rules_of(project) {
            return true;
        }
        // An empty list of one project says nothing of another.
        let project = project.map(|project| format!("projects/{project}").into());
        project.is_some_and(|project| self.estate.listed_in.contains(&("firewall-rule", project)))
    }

    /// What stands in for rules that are not in the input: it may allow and deny anything.
    pub(super) fn unknown_rules(&mut self, network: Option<&Name>) -> Arc<RuleList> {
        if let Some(known) = self.rules.unknown.get(&network.cloned()) {
            return Arc::clone(known);
        }
        if let Some(network) = network
            && self.has_kind("firewall-rule")
        {
            let link = Link::from(network);
            let message = format!(
                "{}: the rules of the network are not in the input: they may let in everybody; add `{}{}`",
                Quoted(network),
                command_of("firewall-rule"),
                link.project().map(|project| format!(" --project {project}")).unwrap_or_default()
            );
            let gap = Gap {
                document: None,
                provenance: None,
                code: "rules-not-in-input",
                effect: Effect::Undecided,
                message,
            };
            self.gaps.push(gap);
        }
        let rules = match self.estate.stated.is_some() && !self.has_kind("firewall-rule") {
            // Only edits tell of anything: what an edit did not let in nobody is presumed to let in.
            true => vec![self.unseen_rule()],
            false => [Action::Allow, Action::Deny]
                .map(|action| Rule { name: "unknown rules".into(), action, ..self.unknown_rule() })
                .into(),
        };
        let unknown: Name = UNKNOWN_NETWORK.into();
        let list = Arc::new(self.list_of(network.unwrap_or(&unknown), rules));
        self.rules.unknown.insert(network.cloned(), Arc::clone(&list));
        list
    }
}

impl Lowering<'_> {
    /// A list of only what stands in for rules that nobody saw.
    pub(super) fn unseen_list(&self, network: Option<&Name>) -> Arc<RuleList> {
        let unknown: Name = UNKNOWN_NETWORK.into();
        Arc::new(self.list_of(network.unwrap_or(&unknown), vec![self.unseen_rule()]))
    }

    /// What stands in for rules that nobody saw: it may deny anything.
    fn unseen_rule(&self) -> Rule {
        Rule { name: "unseen rules".into(), action: Action::Deny, ..self.unknown_rule() }
    }
}

/// Adds what a rule says of these sources and destinations.
pub(super) fn rules_of(
    firewall: &Firewall,
    inbound: &Inbound,
    is_certain: bool,
    sources: &Bounds<Arc<AddressSet>>,
    destinations: &Bounds<Arc<AddressSet>>,
    common: &Common,
    rules: &mut Vec<Rule>,
) {
    let allowed = inbound.allowed.iter().map(|layer4| (layer4, Action::Allow));
    let parts: Vec<(&Layer4, Action)> =
        allowed.chain(inbound.denied.iter().map(|layer4| (layer4, Action::Deny))).collect();
    let is_one = parts.len() == 1;
    for (layer4, action) in parts {
        let Layer4 { protocols, ports, says } = layer4.clone();
        let must = if is_certain { protocols.must } else { ProtocolSet::EMPTY };
        let matches = Matches {
            protocols: Bounds::between(must, protocols.may),
            sources: sources.clone(),
            tags: Vec::new(),
            source_ports: Bounds::exactly(Arc::clone(&common.every_port)),
            destinations: destinations.clone(),
            ports,
            types: every_type(),
        };
        let name = &firewall.identity.name;
        rules.push(Rule {
            name: if is_one { Arc::clone(name) } else { format!("{name} {says}").into() },
            priority: inbound.priority,
            rank: rank(inbound.priority, action),
            action,
            matches,
            written: Arc::clone(&inbound.sources.written),
            built_in: false,
            provenance: Some(firewall.identity.read_at.0),
        });
    }
}

/// G1: the lower number is asked first, and at one number what denies before what allows. A rule whose number is not
/// known is asked first, as one that may match and may not.
fn rank(priority: Option<u32>, action: Action) -> u32 {
    let after = match action {
        Action::Deny => 0,
        Action::Allow | Action::Pass => 1,
    };
    priority.map_or(0, |priority| 1 + 2 * priority + after)
}

/// What stands for a network that is not told.
pub(super) const UNKNOWN_NETWORK: &str = "-";
