//! What was reached at one target in one way, kept small: what equal things have in common is kept once.
//!
//! The exposure itself is made again from the target of that time when it is told.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use model::{Reach, Rule};
use packet::{AddressSet, Family, PortSet, Protocol, ProtocolSet};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::exposure::{Admission, Certainty, Entrance, Exposure, Sources};

use super::family;
use super::past::At;

/// One exposure of a state.
pub(super) struct Reached {
    pub(super) shape: Arc<Shape>,
    pub(super) set: Arc<Set>,
    /// The rules that let it in.
    pub(super) rules: Box<[Arc<Mark>]>,
    /// Where it is made from again.
    pub(super) at: At,
}

/// How something is reached, whoever does.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(super) struct Shape {
    pub(super) reach: Reach,
    pub(super) certainty: Certainty,
    pub(super) protocols: ProtocolSet,
    pub(super) ports: PortSet,
    pub(super) fronts: Vec<Entrance>,
}

/// A set of sources.
pub(super) struct Set {
    pub(super) sources: Arc<Sources>,
    pub(super) addresses: Arc<AddressSet>,
    /// Of each family of these.
    digests: [[u8; 32]; 2],
}

/// A rule, as far as histories tell it from others.
#[derive(PartialEq, Eq)]
pub(super) struct Mark {
    list: model::Name,
    rule: model::Name,
    protocols: ProtocolSet,
    ports: Arc<PortSet>,
    types: Arc<PortSet>,
    /// Whether it may let in who sends with IPv4, and with IPv6.
    families: [bool; 2],
}

/// Everything that was met and may be met again, kept once.
#[derive(Default)]
pub(super) struct Sets {
    sets: FxHashMap<[u8; 32], Arc<Set>>,
    shapes: FxHashSet<Arc<Shape>>,
}

impl Sets {
    /// An exposure with its exact sources, made of a place. `known` are the rules of the state before.
    pub(super) fn reached(
        &mut self,
        exposure: &Exposure,
        addresses: &AddressSet,
        at: At,
        known: &Marks<'_>,
    ) -> Reached {
        let set = self.sets.entry(exposure.sources.digest).or_insert_with(|| {
            Arc::new(Set {
                sources: Arc::clone(&exposure.sources),
                addresses: Arc::new(addresses.clone()),
                digests: family::digests(addresses, &exposure.sources.tags),
            })
        });
        let set = Arc::clone(set);
        let rules = exposure.opened_by.iter().filter_map(|admission| known.mark(admission)).collect();
        Reached { shape: self.shape(exposure), set, rules, at }
    }

    fn shape(&mut self, exposure: &Exposure) -> Arc<Shape> {
        let shape = Shape {
            reach: exposure.reach,
            certainty: exposure.certainty,
            protocols: exposure.protocols,
            ports: exposure.ports.clone(),
            fronts: exposure.fronts.clone(),
        };
        match self.shapes.get(&shape) {
            Some(known) => Arc::clone(known),
            None => {
                let shape = Arc::new(shape);
                self.shapes.insert(Arc::clone(&shape));
                shape
            }
        }
    }
}

/// The rules of a state, to be found again.
#[derive(Default)]
pub(super) struct Marks<'r>(FxHashMap<(&'r str, &'r str), &'r Arc<Mark>>);

impl<'r> Marks<'r> {
    pub(super) fn of(reached: &'r [Arc<Reached>]) -> Self {
        let marks = reached.iter().flat_map(|reached| &reached.rules);
        Self(marks.map(|mark| ((&*mark.list, &*mark.rule), mark)).collect())
    }

    fn mark(&self, admission: &Admission) -> Option<Arc<Mark>> {
        let mark = Mark::of(admission)?;
        let known = self.0.get(&(&*mark.list, &*mark.rule)).copied();
        Some(known.filter(|known| ***known == mark).cloned().unwrap_or_else(|| Arc::new(mark)))
    }
}

impl Mark {
    fn of(admission: &Admission) -> Option<Self> {
        let rule = admission.stated()?;
        Some(Self {
            list: Arc::clone(&admission.list.id),
            rule: Arc::clone(&rule.name),
            protocols: rule.matches.protocols.may,
            ports: Arc::clone(&rule.matches.ports.may),
            types: Arc::clone(&rule.matches.types.may),
            families: Family::BOTH.map(|family| family::lets_in(rule, family)),
        })
    }
}

impl Reached {
    /// A digest of who sends with a family; of all without one.
    pub(super) fn digest(&self, family: Option<Family>) -> [u8; 32] {
        match family {
            Some(Family::V4) => self.set.digests[0],
            Some(Family::V6) => self.set.digests[1],
            None => self.set.sources.digest,
        }
    }

    /// The one family that all send with who are known by address; `None` where there are both, or none.
    pub(super) fn family(&self) -> Option<Family> {
        let is_empty = Family::BOTH.map(|family| self.set.addresses.is_empty_in(family));
        match is_empty {
            [false, true] => Some(Family::V4),
            [true, false] => Some(Family::V6),
            _ => None,
        }
    }

    /// The rules that may let in who sends with a family, of these protocols and ports: the list of each, and its name.
    pub(super) fn rules<'r>(
        &'r self,
        family: Option<Family>,
        protocols: ProtocolSet,
        ports: &PortSet,
        all: &mut BTreeSet<(&'r str, &'r str)>,
    ) {
        let lets_in = |mark: &&Arc<Mark>| {
            let [v4, v6] = mark.families;
            let is_seen = match family {
                None => true,
                Some(Family::V4) => v4,
                Some(Family::V6) => v6,
            };
            is_seen && is_met([mark.protocols, protocols], &mark.ports, &mark.types, ports)
        };
        all.extend(self.rules.iter().filter(lets_in).map(|mark| (&*mark.list, &*mark.rule)));
    }

    /// All rules that let it in.
    pub(super) fn every_rule(&self) -> impl Iterator<Item = (&str, &str)> {
        self.rules.iter().map(|mark| (&*mark.list, &*mark.rule))
    }
}

/// Whether a rule may let in some of these protocols and ports, as its filter sees them.
pub(super) fn meets(rule: &Rule, protocols: ProtocolSet, ports: &PortSet) -> bool {
    let matches = &rule.matches;
    is_met([matches.protocols.may, protocols], &matches.ports.may, &matches.types.may, ports)
}

fn is_met([own, others]: [ProtocolSet; 2], own_ports: &PortSet, types: &PortSet, ports: &PortSet) -> bool {
    let both = own.intersection(others);
    let (with_ports, with_types) = (&*WITH_PORTS, &*WITH_TYPES);
    let has = |some: ProtocolSet| !both.intersection(some).is_empty();
    !both.difference(with_ports.union(*with_types)).is_empty()
        || (has(*with_ports) && !own_ports.is_disjoint(ports))
        || (has(*with_types) && !types.is_disjoint(ports))
}

static WITH_PORTS: LazyLock<ProtocolSet> =
    LazyLock::new(|| ProtocolSet::EVERYTHING.iter().filter(|one| one.has_ports()).collect());
/// Numbered, and without ports.
static WITH_TYPES: LazyLock<ProtocolSet> = LazyLock::new(|| {
    let is_one = |one: &Protocol| one.is_numbered() && !one.has_ports();
    ProtocolSet::EVERYTHING.iter().filter(is_one).collect()
});
