//! What the rules before a rule of a firewall take from it (semantics AP9: the first match ends).
//!
//! A rule is cut into pieces of ports that all earlier rules treat alike. Each earlier rule is found by its ports, so
//! thousands of rules for a port each cost no more than they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::LookupMap;
use packet::{AddressSet, Bounds, PortRange, PortSet};

use crate::resource::FirewallRule;

use super::firewall_rules::Ordered;

/// A rule that translates, as far as it acts on what is sent to one public address.
pub(super) struct Translating<'o, 'e> {
    pub(super) ordered: &'o Ordered<'e>,
    pub(super) sources: Bounds<Arc<AddressSet>>,
    /// Whether its destinations hold the address for certain.
    pub(super) is_aimed: bool,
}

impl<'e> Translating<'_, 'e> {
    pub(super) const fn rule(&self) -> &'e FirewallRule {
        self.ordered.rule
    }

    /// Whether it is asked for certain about what it matches for certain.
    pub(super) const fn is_certain(&self) -> bool {
        self.ordered.is_certain && self.is_aimed
    }

    /// Whether it may take some of the packets of a later rule.
    fn may_take(&self, later: &Self) -> bool {
        !self.rule().protocols.may.intersection(later.rule().protocols.may).is_empty()
            && !self.sources.may.is_disjoint(&later.sources.may)
    }

    /// Whether it takes all packets of a later rule to some ports.
    fn takes_all(&self, later: &Self, ports: &PortSet) -> bool {
        self.is_certain()
            && later.rule().protocols.may.difference(self.rule().protocols.must).is_empty()
            && later.sources.may.is_subset(&self.sources.must)
            && ports.is_subset(&self.rule().ports.must)
    }
}

/// Rules that come before another, by position, as their ports find them.
#[derive(Default)]
pub(super) struct Earlier {
    of_one_port: LookupMap<u16, Vec<usize>>,
    of_several: Vec<usize>,
    cuts: BTreeSet<u32>,
}

/// A piece of the ports of a rule, with the positions of the earlier rules that may take some of it.
pub(super) struct Piece {
    pub(super) ports: PortSet,
    pub(super) taken_by: Vec<usize>,
}

impl Earlier {
    /// Adds the next rule.
    pub(super) fn add(&mut self, position: usize, rule: &FirewallRule) {
        match one_port(&rule.ports.may) {
            Some(port) => self.of_one_port.entry(port).or_default().push(position),
            None => self.of_several.push(position),
        }
        for set in [&rule.ports.may, &rule.ports.must] {
            self.cuts.extend(
                set.spans().iter().flat_map(|&(first, last)| [u32::from(first), u32::from(last) + 1]),
            );
        }
    }

    /// The pieces of a rule that are left for it, as far as that is certain; `None` where they are too many to tell
    /// one by one.
    pub(super) fn pieces(
        &self,
        own: &Translating<'_, '_>,
        all: &[Translating<'_, '_>],
    ) -> Option<Vec<Piece>> {
        let cut = self.cut(own.rule())?;
        Some(cut.into_iter().filter_map(|ports| self.piece(ports, own, all)).collect())
    }

    /// All ports of a rule as one piece: an earlier rule that takes some of them may take any.
    pub(super) fn whole(&self, own: &Translating<'_, '_>, all: &[Translating<'_, '_>]) -> Option<Piece> {
        let ports = PortSet::clone(&own.rule().ports.may);
        let mut positions: Vec<usize> = self.of_one_port.values().flatten().copied().collect();
        positions.extend(&self.of_several);
        positions.sort_unstable();
        taken(ports, positions.into_iter(), own, all)
    }

    fn piece(&self, ports: PortSet, own: &Translating<'_, '_>, all: &[Translating<'_, '_>]) -> Option<Piece> {
        // Rules of one port stand in no piece of several: it was cut there.
        let same =
            one_port(&ports).and_then(|port| self.of_one_port.get(&port)).map_or(&[][..], Vec::as_slice);
        let mut positions: Vec<usize> = same.iter().chain(&self.of_several).copied().collect();
        positions.sort_unstable();
        taken(ports, positions.into_iter(), own, all)
    }

    fn cut(&self, rule: &FirewallRule) -> Option<Vec<PortSet>> {
        let mut own: BTreeSet<u32> = BTreeSet::new();
        own.extend(
            rule.ports.must.spans().iter().flat_map(|&(first, last)| [u32::from(first), u32::from(last) + 1]),
        );
        let mut pieces: Vec<PortSet> = Vec::new();
        for &(first, last) in rule.ports.may.spans() {
            let (first, end) = (u32::from(first), u32::from(last) + 1);
            let inside = || (first + 1)..end;
            let mut cuts: BTreeSet<u32> = own.range(inside()).copied().collect();
            cuts.extend(self.cuts.range(inside()).take(PIECES_MAX).copied());
            if pieces.len() + cuts.len() >= PIECES_MAX {
                return None;
            }
            let mut start = first;
            for cut in cuts.into_iter().chain([end]) {
                let bounds = u16::try_from(start).ok().zip(u16::try_from(cut - 1).ok());
                let range = bounds.and_then(|(first, last)| PortRange::new(first, last));
                pieces.extend(range.map(|range| [range].into_iter().collect::<PortSet>()));
                start = cut;
            }
        }
        Some(pieces)
    }
}

/// A piece with those that may take some of it; `None` where one of them takes all.
fn taken(
    ports: PortSet,
    positions: impl Iterator<Item = usize>,
    own: &Translating<'_, '_>,
    all: &[Translating<'_, '_>],
) -> Option<Piece> {
    let mut taken_by = Vec::new();
    for position in positions {
        let Some(earlier) = all.get(position) else { continue };
        if ports.is_disjoint(&earlier.rule().ports.may) || !earlier.may_take(own) {
            continue;
        }
        if earlier.takes_all(own, &ports) {
            return None;
        }
        taken_by.push(position);
    }
    Some(Piece { ports, taken_by })
}

fn one_port(ports: &PortSet) -> Option<u16> {
    match ports.spans() {
        &[(first, last)] if first == last => Some(first),
        _ => None,
    }
}

/// Pieces of one rule that are told one by one.
const PIECES_MAX: usize = 256;
