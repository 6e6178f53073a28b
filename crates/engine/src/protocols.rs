//! Which protocols of a cloud are asked about one by one.
//!
//! A cloud whose `any` is every protocol has some 250 without ports and types, and hardly a rule names one of them.
//! Those that no rule of a target tells apart are one question and one answer: one of them stands for all. Exact,
//! because what decides is whether a rule's protocols hold a packet's, and every rule holds all of them or none.

use model::{Carries, Target};
use packet::{Family, Protocol, ProtocolSet};

use crate::shapes::Shapes;

/// The protocols of one target.
pub(crate) struct Protocols {
    /// Those that are asked about.
    pub(crate) asked: ProtocolSet,
    /// The same of each family, one by one.
    pub(crate) each: [Vec<Protocol>; 2],
    every: ProtocolSet,
    // One that is asked about and all it stands for.
    others: Option<(Protocol, ProtocolSet)>,
}

impl Protocols {
    /// Every one by itself, but for some that are alike.
    pub(crate) fn of(every: ProtocolSet, alike: ProtocolSet) -> Self {
        let others = standing(alike).filter(|_| alike.count() >= ALIKE_MIN).map(|one| (one, alike));
        let asked = match others {
            Some((one, alike)) => every.difference(alike).union(ProtocolSet::only(one)),
            None => every,
        };
        let each = Family::BOTH.map(|family| asked.iter().filter(|one| one.is_of(family)).collect());
        Self { asked, each, every, others }
    }

    /// All that an exposure of a protocol is about; of none, every one.
    pub(crate) fn told(&self, protocol: Option<Protocol>) -> ProtocolSet {
        match (protocol, self.others) {
            (None, _) => self.every,
            (Some(protocol), Some((one, alike))) if one == protocol => alike,
            (Some(protocol), _) => ProtocolSet::only(protocol),
        }
    }
}

/// The sets of protocols that something on the ways to a target names, sorted; none in a universe of few.
pub(crate) fn told_apart(every: ProtocolSet, target: &Target, shapes: &mut Shapes) -> Vec<ProtocolSet> {
    let mut sets: Vec<ProtocolSet> = Vec::new();
    // A loop over all lists, for a universe that hardly a cloud has.
    if every.count() < ALIKE_MIN {
        return sets;
    }
    let mut note = |set: ProtocolSet| {
        if !sets.contains(&set) {
            sets.push(set);
        }
    };
    for path in &target.paths {
        match &path.carries {
            Carries::Everything => {}
            Carries::Only { protocols, .. } | Carries::Translated { protocols, .. } => note(*protocols),
        }
        for list in path.filter.lists() {
            shapes.protocols(list).iter().copied().for_each(&mut note);
        }
    }
    // What comes of them must not hang on the order of rules.
    sets.sort_unstable();
    sets
}

/// The protocols of a universe that have neither ports nor types and that none of these sets tells apart; empty where
/// they are few.
pub(crate) fn alike(every: ProtocolSet, sets: &[ProtocolSet]) -> ProtocolSet {
    if every.count() < ALIKE_MIN {
        return ProtocolSet::EMPTY;
    }
    let mut alike = every.iter().filter(|protocol| !protocol.is_numbered()).collect::<ProtocolSet>();
    for set in sets {
        let (inside, outside) = (alike.intersection(*set), alike.difference(*set));
        alike = if inside.count() > outside.count() { inside } else { outside };
    }
    alike
}

/// The one that people know best, else the lowest.
fn standing(alike: ProtocolSet) -> Option<Protocol> {
    let known = [Protocol::ESP, Protocol::AH, Protocol::GRE];
    known.into_iter().find(|protocol| alike.contains(*protocol)).or_else(|| alike.iter().next())
}

/// Fewer are told one by one.
const ALIKE_MIN: u32 = 8;
