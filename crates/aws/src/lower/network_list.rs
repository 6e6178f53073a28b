//! Lists of subnets (W9, W12): what comes in, by number, and what nobody named is denied.
//!
//! What goes out is in `reply`.

use std::sync::Arc;

use cloud::{Common, Quoted};
use model::{Action, Effect, Filter, Gap, Matches, Name, Rule, RuleList};
use packet::{Bounds, ProtocolSet};

use crate::resource::{Entry, NetworkAcl, Verdict};

use super::Lowering;
use super::approach::{Spot, Standing};
use super::network_index::of_account;

/// Which way packets of an entry go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    In,
    Out,
}

impl<'e> Lowering<'e> {
    /// W9: the list of the subnet: exactly one.
    pub(super) fn lists_at(&mut self, spot: &Spot<'e>) -> Standing<&'e NetworkAcl> {
        if !self.has_kind("network-acl") {
            return Standing::Untold;
        }
        // Where nobody says which subnet it is, the way is not known.
        let Some(subnet) = &spot.place.subnet else { return Standing::Untold };
        let index = Arc::clone(&self.network.index);
        let claims = index.lists_of_subnet.get(&**subnet).map_or(&[][..], Vec::as_slice);
        let mut lists = of_account(claims, spot.home.as_ref(), |list: &NetworkAcl| &list.identity);
        if lists.is_empty() {
            let loose = index.loose_lists.iter().copied();
            lists.extend(loose.filter(|list| list.vpc.is_none() || list.vpc == spot.vpc_id));
        }
        match lists.len() {
            0 => {
                let message = format!(
                    "{}: no network ACL of the input stands there: what it lets through is not known",
                    Quoted(spot.name())
                );
                self.tell_at(spot, "dangling-reference", message);
                Standing::Missing
            }
            1 => Standing::These(lists),
            _ => {
                let message = format!(
                    "{}: several network ACLs may stand there: each is taken as possible",
                    Quoted(spot.name())
                );
                self.tell_at(spot, "contradicting-attachments", message);
                Standing::These(lists)
            }
        }
    }

    /// What packets meet that come in.
    pub(super) fn network_filter(
        &mut self,
        spot: &Spot<'e>,
        lists: &Standing<&'e NetworkAcl>,
    ) -> Option<Filter> {
        match lists {
            Standing::Untold => None,
            Standing::Missing => {
                Some(Filter::FirstMatch(Arc::new(self.unknown_rules(spot, NETWORK_LIST_KIND))))
            }
            Standing::These(lists) => {
                let filters: Vec<Filter> =
                    lists.iter().map(|list| Filter::FirstMatch(self.network_list(list))).collect();
                match filters.as_slice() {
                    [only] => Some(only.clone()),
                    _ => Some(self.doubted(Filter::AnyOf(filters), CONTRADICTED)),
                }
            }
        }
    }

    /// The entries of a list for what comes in, once for all subnets.
    pub(super) fn network_list(&mut self, list: &'e NetworkAcl) -> Arc<RuleList> {
        if let Some(known) = self.lists.get(&list.identity.key) {
            return Arc::clone(known);
        }
        self.tell_ties(list);
        let made = Arc::new(RuleList {
            id: Arc::clone(&list.identity.id),
            name: Arc::clone(&list.identity.name),
            kind: NETWORK_LIST_KIND,
            scope: list.identity.account.clone(),
            rules: self.directed_rules(list, Direction::In),
            behind: None,
            provenance: Some(list.identity.read_at.0),
        });
        self.lists.insert(Arc::clone(&list.identity.key), Arc::clone(&made));
        made
    }

    /// Every list once, attached or not.
    pub(super) fn lower_network_lists(&mut self) {
        let estate = self.estate;
        for list in estate.resources.network_acls.values() {
            self.network_list(list);
        }
    }

    /// The rules of one direction, ending in what denies everything.
    pub(super) fn directed_rules(&self, list: &NetworkAcl, direction: Direction) -> Vec<Rule> {
        let mut rules: Vec<Rule> = match &list.entries {
            Some(entries) => {
                let own = entries.iter().filter(|entry| entry.may_be(direction));
                own.flat_map(|entry| entry_rules(entry, direction, &self.common)).collect()
            }
            None => vec![self.unknown_rule()],
        };
        // An export may leave the implied entries out, or have that of one family only.
        rules.push(closing_rule(&self.common));
        rules
    }

    /// X1: no two entries of a direction have one number.
    fn tell_ties(&mut self, list: &NetworkAcl) {
        for direction in [Direction::In, Direction::Out] {
            let own = list.entries.iter().flatten().filter(|entry| entry.egress == Some(direction.is_out()));
            let mut numbers: Vec<u32> = own.filter_map(|entry| entry.number).collect();
            numbers.sort_unstable();
            let mut twice: Vec<u32> = numbers
                .windows(2)
                .filter_map(|pair| (pair.first() == pair.last()).then(|| pair.first().copied())?)
                .collect();
            twice.dedup();
            for number in twice {
                let message = format!(
                    "{}: several entries of one direction have the number {number}: each is taken as possibly the first",
                    Quoted(&list.identity.name)
                );
                self.gaps.push(Gap::at(list.identity.read_at.0, "tied-rules", Effect::Undecided, message));
            }
        }
    }

    /// What stands in for rules that are not in the input: they may let everything through.
    pub(super) fn unknown_rules(&self, spot: &Spot<'_>, kind: &'static str) -> RuleList {
        let id: Name = format!("unknown {kind} of {}", spot.name()).into();
        RuleList {
            name: Arc::clone(&id),
            id,
            kind,
            scope: spot.home.clone(),
            rules: vec![self.unknown_rule(), closing_rule(&self.common)],
            behind: None,
            provenance: None,
        }
    }

    /// What stands in for rules about replies that are not in the input: it opens nothing.
    pub(super) fn unknown_replies(&self, spot: &Spot<'_>, kind: &'static str) -> RuleList {
        let mut list = self.unknown_rules(spot, kind);
        for rule in list.rules.iter_mut().filter(|rule| rule.action == Action::Allow) {
            rule.action = Action::Pass;
        }
        list
    }

    /// The filter with a possible denial of everything before it.
    pub(super) fn doubted(&self, filter: Filter, what: &'static str) -> Filter {
        let rule = Rule { name: what.into(), action: Action::Deny, ..self.unknown_rule() };
        let list = RuleList {
            id: what.into(),
            name: what.into(),
            kind: "doubt",
            scope: None,
            rules: vec![rule],
            behind: None,
            provenance: None,
        };
        Filter::Chain(vec![Filter::FirstMatch(Arc::new(list)), filter])
    }
}

impl Direction {
    const fn is_out(self) -> bool {
        matches!(self, Self::Out)
    }
}

impl Entry {
    fn may_be(&self, direction: Direction) -> bool {
        self.egress.is_none_or(|egress| egress == direction.is_out())
    }
}

/// The rules of an entry: sources are the addresses outside, ports those of the destination.
fn entry_rules(entry: &Entry, direction: Direction, common: &Common) -> Vec<Rule> {
    let actions: &[Action] = match entry.verdict {
        Verdict::Allow => &[Action::Allow],
        Verdict::Deny => &[Action::Deny],
        Verdict::Unreadable => &[Action::Allow, Action::Deny],
    };
    let is_certain = entry.verdict != Verdict::Unreadable && entry.number.is_some() && entry.egress.is_some();
    let must = if is_certain { entry.numbers.protocols.must } else { ProtocolSet::EMPTY };
    let is_implied = entry.number.is_some_and(|number| number >= IMPLIED);
    let number =
        entry.number.map_or_else(|| "entry without a number".to_owned(), |number| number.to_string());
    let name = if is_implied { "*".to_owned() } else { number };
    let name = if direction.is_out() { format!("egress {name}") } else { name };
    let name: Name = name.into();
    let rule = |action: &Action| Rule {
        name: Arc::clone(&name),
        priority: entry.number,
        // One without a number may stand anywhere: first, and only possibly there.
        rank: entry.number.map_or(0, |number| number.saturating_add(1)),
        action: *action,
        matches: Matches {
            protocols: Bounds::between(must, entry.numbers.protocols.may),
            sources: entry.outside.clone(),
            tags: Vec::new(),
            source_ports: Bounds::exactly(Arc::clone(&common.every_port)),
            destinations: Bounds::exactly(Arc::clone(&common.everything)),
            ports: entry.numbers.ports.clone(),
            types: entry.numbers.types.clone(),
        },
        written: Arc::clone(&entry.written),
        built_in: is_implied,
        provenance: Some(entry.read_at.0),
    };
    actions.iter().map(rule).collect()
}

/// W9: what every list ends in.
pub(super) fn closing_rule(common: &Common) -> Rule {
    let every_port = Bounds::exactly(Arc::clone(&common.every_port));
    let everything = Bounds::exactly(Arc::clone(&common.everything));
    Rule {
        name: "*".into(),
        priority: None,
        rank: u32::MAX,
        action: Action::Deny,
        matches: Matches {
            protocols: Bounds::exactly(ProtocolSet::EVERYTHING),
            sources: everything.clone(),
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: everything,
            ports: every_port,
            types: model::every_type(),
        },
        written: "".into(),
        built_in: true,
        provenance: None,
    }
}

pub(super) const NETWORK_LIST_KIND: &str = "network-acl";
/// The first number that the service gives its own entries: 32767 is `*` of IPv4, 32768 that of IPv6.
const IMPLIED: u32 = 32_767;
/// The name under which contradicting documents are told.
const CONTRADICTED: &str = "contradicting documents";
