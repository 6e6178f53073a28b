//! Seeded faults: proof that the comparison bites.
//!
//! The engine is given a snapshot with one mistake in it, the oracle the true one. The mistakes are those an engine
//! makes: a rule lost, a bound off by one, the families mixed up. A fault matters when the engine's exposures of
//! the two snapshots differ; then the comparison must notice.

mod aws;
mod elements;
mod gcp;

use std::sync::Arc;

use model::{Action, Filter, Path, Rule, RuleList, Snapshot, Target};
use packet::{AddressSet, Bounds, PortRange, PortSet};

use crate::answers::Answers;
use crate::compare::compare;
use crate::estates::seeded;
use crate::generate::{Kind, group, list, paths, snapshot, target};
use crate::random::Random;

pub use aws::AwsFault;
pub(crate) use aws::{entries, interfaces, permissions};
pub use elements::ElementFault;
pub use gcp::GcpFault;

/// One kind of mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// A rule is not there.
    DroppedRule,
    /// A range of ports ends one port later.
    PortOffByOne,
    /// The IPv4 part of a rule's sources is taken for IPv6 and the other way round.
    FamiliesSwapped,
    /// One of two lists on the path is not asked.
    ListIgnored,
    /// What may be is taken for what is.
    BoundInverted,
    /// The last rule is read first.
    OrderReversed,
    /// A rule for some source ports is taken for one of all of them.
    SourcePortIgnored,
    /// The type of ICMP is taken for its code and the other way round.
    TypeAndCodeSwapped,
}

/// How often a fault was put in, mattered and was caught.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Caught {
    /// Snapshots with the fault.
    pub seeded: u64,
    /// Of these, those where the exposures differ.
    pub mattered: u64,
    /// Of these, those where engine and oracle disagreed.
    pub caught: u64,
    /// The number of one that mattered and was not caught.
    pub missed: Option<u64>,
}

/// Puts a fault into estates until it matters in that many; `fought` says whether the comparison noticed it, and nothing
/// where it did not matter.
fn hunt<E: Clone + PartialEq>(
    wanted: u64,
    seed: u64,
    draw: impl Fn(&mut Random) -> E,
    inject: impl Fn(&mut E, &mut Random),
    fought: impl Fn([&E; 2], &mut Random) -> Option<bool>,
) -> Caught {
    let mut caught = Caught::default();
    for number in 0..wanted * PATIENCE {
        if caught.mattered == wanted {
            break;
        }
        let mut random = seeded(seed, number);
        let estate = draw(&mut random);
        let mut faulted = estate.clone();
        inject(&mut faulted, &mut random);
        if faulted == estate {
            continue;
        }
        caught.seeded += 1;
        let Some(noticed) = fought([&estate, &faulted], &mut random) else { continue };
        caught.mattered += 1;
        match noticed {
            true => caught.caught += 1,
            false => caught.missed = Some(number),
        }
    }
    caught
}

/// Where it rarely matters, that many estates are tried for one in which it does.
const PATIENCE: u64 = 40;

impl Fault {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::DroppedRule,
        Self::PortOffByOne,
        Self::FamiliesSwapped,
        Self::ListIgnored,
        Self::BoundInverted,
        Self::OrderReversed,
        Self::SourcePortIgnored,
        Self::TypeAndCodeSwapped,
    ];

    /// What it is called in the printed counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DroppedRule => "dropped rule",
            Self::PortOffByOne => "port off by one",
            Self::FamiliesSwapped => "families swapped",
            Self::ListIgnored => "list ignored",
            Self::BoundInverted => "bound inverted",
            Self::OrderReversed => "order reversed",
            Self::SourcePortIgnored => "source port ignored",
            Self::TypeAndCodeSwapped => "type and code swapped",
        }
    }

    /// Puts the fault into that many snapshots and compares each over that many packets.
    #[must_use]
    pub fn run(self, snapshots: u64, packets: u64, seed: u64) -> Caught {
        let mut caught = Caught::default();
        for number in 0..snapshots {
            let mut random = Random::new(seed.wrapping_add(number));
            let truth = self.truth(&mut random);
            let faulted = self.inject(&truth, &mut random);
            let (Ok(right), Ok(wrong)) = (Answers::of(&truth), Answers::of(&faulted)) else { continue };
            caught.seeded += 1;
            if right != wrong {
                caught.mattered += 1;
                caught.caught += u64::from(compare(&truth, &wrong, packets, &mut random).disagreed > 0);
            }
        }
        caught
    }

    /// A snapshot in which the fault has something to bite on.
    fn truth(self, random: &mut Random) -> Snapshot {
        let kind = match self {
            Self::BoundInverted => Kind::Uncertain,
            Self::TypeAndCodeSwapped => Kind::Types,
            Self::DroppedRule
            | Self::PortOffByOne
            | Self::FamiliesSwapped
            | Self::ListIgnored
            | Self::OrderReversed
            | Self::SourcePortIgnored => Kind::Account,
        };
        let mut first = list(random, kind, 6);
        if self == Self::SourcePortIgnored {
            for rule in first.rules.iter_mut().filter(|rule| rule.action == Action::Deny && !rule.built_in) {
                rule.matches.source_ports = Bounds::exactly(Arc::new(PortSet::only(53).complement()));
            }
        }
        let filter = if self == Self::ListIgnored {
            let mut second = list(random, kind, 6);
            second.id = "second".into();
            Filter::AllOf(vec![group(first), group(second)])
        } else {
            group(first)
        };
        snapshot(vec![target("vm", paths(filter))])
    }

    fn inject(self, truth: &Snapshot, random: &mut Random) -> Snapshot {
        let place = random.bits() as usize;
        let targets = truth.targets.iter().map(|target| {
            let paths = target.paths.iter().map(|path| {
                let filter = Arc::new(self.faulted(&path.filter, place));
                Path { filter, ..path.clone() }
            });
            Arc::new(Target { paths: paths.collect(), ..Target::clone(target) })
        });
        let targets = targets.collect();
        Snapshot { targets, ..truth.clone() }
    }

    fn faulted(self, filter: &Filter, place: usize) -> Filter {
        let all = |parts: &[Filter]| parts.iter().map(|part| self.faulted(part, place)).collect();
        match filter {
            Filter::Always(action) => Filter::Always(*action),
            Filter::FirstMatch(list) => Filter::FirstMatch(Arc::new(self.list(list, place))),
            Filter::Chain(stages) => Filter::Chain(all(stages)),
            Filter::AllOf(parts) if self == Self::ListIgnored => {
                Filter::AllOf(vec![parts[place % parts.len()].clone()])
            }
            Filter::AllOf(parts) => Filter::AllOf(all(parts)),
            Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
        }
    }

    fn list(self, list: &RuleList, place: usize) -> RuleList {
        let mut rules = list.rules.clone();
        let custom = rules.iter().filter(|rule| !rule.built_in).count();
        match self {
            Self::DroppedRule => drop(rules.remove(place % custom)),
            Self::OrderReversed => rules = reversed(rules),
            Self::ListIgnored => {}
            Self::PortOffByOne
            | Self::FamiliesSwapped
            | Self::BoundInverted
            | Self::SourcePortIgnored
            | Self::TypeAndCodeSwapped => self.rule(&mut rules[place % custom]),
        }
        RuleList { rules, ..list.clone() }
    }

    fn rule(self, rule: &mut Rule) {
        let matches = &mut rule.matches;
        match self {
            Self::PortOffByOne => matches.ports = longer(&matches.ports),
            Self::FamiliesSwapped => {
                matches.sources = Bounds {
                    must: Arc::new(swapped(&matches.sources.must)),
                    may: Arc::new(swapped(&matches.sources.may)),
                }
            }
            Self::BoundInverted => {
                matches.protocols = Bounds::exactly(matches.protocols.may);
                matches.sources = Bounds::exactly(matches.sources.may.clone());
                matches.destinations = Bounds::exactly(matches.destinations.may.clone());
                matches.ports = Bounds::exactly(matches.ports.may.clone());
            }
            Self::SourcePortIgnored => {
                matches.source_ports = Bounds::exactly(Arc::new(PortSet::everything()))
            }
            Self::TypeAndCodeSwapped => {
                matches.types = Bounds {
                    must: Arc::new(turned(&matches.types.must)),
                    may: Arc::new(turned(&matches.types.may)),
                }
            }
            Self::DroppedRule | Self::OrderReversed | Self::ListIgnored => {}
        }
    }
}

/// Type and code of every number the other way round.
fn turned(types: &PortSet) -> PortSet {
    let numbers = types.spans().iter().flat_map(|&(first, last)| first..=last);
    numbers.filter_map(|number| PortRange::new(number.swap_bytes(), number.swap_bytes())).collect()
}

/// The rules before the provider's own, last first.
fn reversed(mut rules: Vec<Rule>) -> Vec<Rule> {
    let ranks: Vec<u32> = rules.iter().map(|rule| rule.rank).collect();
    let custom = rules.iter().filter(|rule| !rule.built_in).count();
    rules[..custom].reverse();
    for (rule, rank) in rules.iter_mut().zip(ranks) {
        rule.rank = rank;
    }
    rules
}

fn longer(ports: &Bounds<Arc<PortSet>>) -> Bounds<Arc<PortSet>> {
    let longer = |set: &PortSet| {
        let ranges = set.ranges().filter_map(|r| PortRange::new(r.first(), r.last().saturating_add(1)));
        Arc::new(ranges.collect::<PortSet>())
    };
    Bounds { must: longer(&ports.must), may: longer(&ports.may) }
}

fn swapped(set: &AddressSet) -> AddressSet {
    let v4 = set.v6_spans().iter().map(|(first, last)| ((first >> 96) as u32, (last >> 96) as u32)).collect();
    let low = u128::MAX >> 32;
    let v6 =
        set.v4_spans().iter().map(|(first, last)| (u128::from(*first) << 96, u128::from(*last) << 96 | low));
    AddressSet::from_v4_spans(v4).union(&AddressSet::from_v6_spans(v6.collect()))
}
