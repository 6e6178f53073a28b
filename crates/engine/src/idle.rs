//! Rules that never decide: shadowed by earlier ones, or matching nothing.
//!
//! A rule is shadowed when rules before it that match for certain cover every packet it can match, whether from the
//! Internet or not. Its region is cut where those rules cut it, field by field, sources last; past a budget of cells
//! nothing is said of the rule.

use std::sync::Arc;

use model::{Rule, RuleList};
use packet::{AddressSet, Family, PortSet, Protocol};

use crate::bits::Bits;

/// Why a rule never decides. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Every packet it can match is decided before it, by these rules (positions in the list, ascending).
    Shadowed(Vec<usize>),
    /// No packet can match it: a field is empty.
    MatchesNothing,
    /// No address it names as destination is behind the list.
    DestinationElsewhere,
}

/// A rule that never decides.
#[derive(Clone, Debug)]
pub struct IdleRule {
    /// The list it is in.
    pub list: Arc<RuleList>,
    /// Its position in `list.rules`.
    pub rule: usize,
    /// Why.
    pub why: Idle,
}

/// Cells looked at for one rule; past it nothing is said of the rule.
const CELLS_MAX: usize = 20_000;

/// The rules of a list that never decide, ascending. Rules the provider put there are not asked about.
#[must_use]
pub fn idle_rules(list: &Arc<RuleList>) -> Vec<IdleRule> {
    let told = |(rule, why)| IdleRule { list: Arc::clone(list), rule, why };
    let people = list.rules.iter().enumerate().filter(|(_, rule)| !rule.built_in);
    // In lists without order nothing stands before anything, and they may be long.
    let first = list.rules.iter().map(|rule| rule.rank).min().unwrap_or_default();
    people
        .filter_map(|(position, rule)| why_idle(list, position, rule, first).map(|why| (position, why)))
        .map(told)
        .collect()
}

/// Why a rule never decides; `first` is the lowest rank of the list.
fn why_idle(list: &RuleList, position: usize, rule: &Rule, first: u32) -> Option<Idle> {
    let families: Vec<Family> = Family::BOTH.into_iter().filter(|family| speaks_of(rule, *family)).collect();
    if rule.matches.is_empty() || families.is_empty() {
        return Some(Idle::MatchesNothing);
    }
    if list.behind.as_ref().is_some_and(|behind| rule.matches.destinations.may.is_disjoint(behind)) {
        return Some(Idle::DestinationElsewhere);
    }
    if rule.rank <= first {
        return None;
    }
    let before: Vec<(usize, &Rule)> = list
        .rules
        .iter()
        .enumerate()
        .take(position)
        .filter(|(_, earlier)| earlier.rank < rule.rank)
        .collect();
    // Which addresses a pool has is not known, so only rules for every address can cover it.
    let everything = AddressSet::everything();
    let sources = if rule.matches.tags.is_empty() { &rule.matches.sources.may } else { &everything };
    let mut cover = Cover { rule, sources, before: &before, by: Bits::new(list.rules.len()), cells: 0 };
    let covered = !before.is_empty() && families.into_iter().all(|family| cover.covers(family));
    covered.then(|| Idle::Shadowed(cover.by.iter().collect()))
}

/// Whether packets of a family can match: one with sources and destinations of it.
fn speaks_of(rule: &Rule, family: Family) -> bool {
    let matches = &rule.matches;
    let sources = !matches.sources.may.is_empty_in(family) || !matches.tags.is_empty();
    sources && !matches.destinations.may.is_empty_in(family)
}

/// The search for what is left of a rule.
struct Cover<'a> {
    rule: &'a Rule,
    sources: &'a AddressSet,
    before: &'a [(usize, &'a Rule)],
    by: Bits,
    cells: usize,
}

impl Cover<'_> {
    fn covers(&mut self, family: Family) -> bool {
        let own = &self.rule.matches;
        let destinations = own.destinations.may.only(family);
        own.protocols.may.iter().all(|protocol| {
            let active: Vec<(usize, &Rule)> = self
                .before
                .iter()
                .copied()
                .filter(|(_, rule)| rule.matches.protocols.must.contains(protocol))
                .collect();
            self.covers_ports(family, protocol, &active, &destinations)
        })
    }

    fn covers_ports(
        &mut self,
        family: Family,
        protocol: Protocol,
        active: &[(usize, &Rule)],
        destinations: &AddressSet,
    ) -> bool {
        if protocol.has_types() {
            let own = Arc::clone(&self.rule.matches.types.may);
            let types = |rule: &Rule| Arc::clone(&rule.matches.types.must);
            let mut cells = port_cells(&own, active, types).into_iter();
            return cells.all(|active| self.covers_destinations(family, &active, destinations));
        }
        if !protocol.has_ports() {
            return self.covers_destinations(family, active, destinations);
        }
        let (own, ports, source_ports) =
            (&self.rule.matches, |rule: &Rule| Arc::clone(&rule.matches.ports.must), {
                |rule: &Rule| Arc::clone(&rule.matches.source_ports.must)
            });
        let (own_ports, own_source_ports) = (Arc::clone(&own.ports.may), Arc::clone(&own.source_ports.may));
        port_cells(&own_ports, active, ports).into_iter().all(|active| {
            port_cells(&own_source_ports, &active, source_ports)
                .into_iter()
                .all(|active| self.covers_destinations(family, &active, destinations))
        })
    }

    fn covers_destinations(
        &mut self,
        family: Family,
        active: &[(usize, &Rule)],
        region: &AddressSet,
    ) -> bool {
        self.cells += 1;
        if self.cells > CELLS_MAX || active.is_empty() {
            return false;
        }
        // Destinations that only some of the rules hold are cut off and looked at by themselves.
        let cut = active.iter().find(|(_, rule)| {
            let held = &rule.matches.destinations.must;
            !region.is_subset(held) && !region.is_disjoint(held)
        });
        let Some((_, cut)) = cut else {
            let holding = |(_, rule): &&(usize, &Rule)| region.is_subset(&rule.matches.destinations.must);
            let holding: Vec<(usize, &Rule)> = active.iter().filter(holding).copied().collect();
            return self.covers_sources(family, &holding);
        };
        let held = &cut.matches.destinations.must;
        self.covers_destinations(family, active, &region.intersection(held))
            && self.covers_destinations(family, active, &region.difference(held))
    }

    fn covers_sources(&mut self, family: Family, active: &[(usize, &Rule)]) -> bool {
        let mut rest = self.sources.only(family);
        for (position, rule) in active {
            let left = rest.difference(&rule.matches.sources.must);
            if left != rest {
                self.by.insert(*position);
            }
            rest = left;
            if rest.is_empty() {
                return true;
            }
        }
        false
    }
}

/// Cuts ports where the rules cut them; gives the rules over each cell, equal ones once.
fn port_cells<'a>(
    own: &PortSet,
    active: &[(usize, &'a Rule)],
    ports: impl Fn(&Rule) -> Arc<PortSet>,
) -> Vec<Vec<(usize, &'a Rule)>> {
    let sets: Vec<Arc<PortSet>> = active.iter().map(|(_, rule)| ports(rule)).collect();
    let mut starts: Vec<u16> = own.spans().iter().map(|span| span.0).collect();
    for &(first, last) in sets.iter().flat_map(|set| set.spans()) {
        starts.extend(
            [Some(first), last.checked_add(1)].into_iter().flatten().filter(|port| own.contains(*port)),
        );
    }
    starts.sort_unstable();
    starts.dedup();
    let mut cells: Vec<Vec<(usize, &Rule)>> = Vec::new();
    for start in starts {
        let over = active.iter().zip(&sets).filter(|(_, set)| set.contains(start)).map(|(rule, _)| *rule);
        let over: Vec<(usize, &Rule)> = over.collect();
        let positions =
            |cell: &[(usize, &Rule)]| cell.iter().map(|(position, _)| *position).collect::<Vec<_>>();
        if !cells.iter().any(|known| positions(known) == positions(&over)) {
            cells.push(over);
        }
    }
    cells
}
