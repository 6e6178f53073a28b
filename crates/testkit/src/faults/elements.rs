//! Mistakes about the elements of a path and about services, put into what was lowered of a generated estate.
//!
//! The evaluator on the JSON is asked about the estate as it is, the engine about the faulted snapshot. A fault matters
//! when the engine's exposures differ in what they hold; then some packet must be decided differently.

use std::sync::Arc;

use model::{Action, Carries, Filter, Path, Rule, RuleList, Snapshot, Target};
use packet::{AddressSet, Bounds, PortRange, PortSet, Prefix};

use super::Caught;
use crate::estates::{Told, duel};
use crate::generate::Element;
use crate::pipeline::lower_values;
use crate::random::{Random, mix};

/// One kind of mistake about an element. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ElementFault {
    /// Ports outside are one too high.
    FrontPortOffByOne,
    /// The port outside is taken for that of the target.
    TranslationDropped,
    /// What passes packets on is taken for passing on everything.
    HopIgnored,
    /// A range for a pool is cut to its first port.
    RangeCut,
    /// Admin rules are not asked.
    AdminListIgnored,
    /// An admin Allow skips the groups.
    AllowReadAsAlwaysAllow,
    /// What is only drafted is taken for being in force.
    DraftedReadAsInForce,
    /// The translating rules of a firewall are read from the end.
    DnatOrderSwapped,
    /// Routes of the reply are not looked at.
    ReplyRouteIgnored,
    /// A service's default action is the other one.
    DefaultActionFlipped,
    /// `0.0.0.0` is an address.
    ZeroReadAsOneAddress,
    /// `0.0.0.0` is everybody.
    ZeroReadAsEveryone,
    /// A condition on headers always holds.
    HeadersIgnored,
    /// What stands in for clients is not seen by the groups: nobody is.
    ProxyIgnored,
}

impl ElementFault {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::FrontPortOffByOne,
        Self::TranslationDropped,
        Self::HopIgnored,
        Self::RangeCut,
        Self::AdminListIgnored,
        Self::AllowReadAsAlwaysAllow,
        Self::DraftedReadAsInForce,
        Self::DnatOrderSwapped,
        Self::ReplyRouteIgnored,
        Self::DefaultActionFlipped,
        Self::ZeroReadAsOneAddress,
        Self::ZeroReadAsEveryone,
        Self::HeadersIgnored,
        Self::ProxyIgnored,
    ];

    /// What it is called in the printed counts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::FrontPortOffByOne => "front port off by one",
            Self::TranslationDropped => "translation dropped",
            Self::HopIgnored => "hop ignored",
            Self::RangeCut => "NAT range cut to one port",
            Self::AdminListIgnored => "admin list ignored",
            Self::AllowReadAsAlwaysAllow => "admin Allow read as AlwaysAllow",
            Self::DraftedReadAsInForce => "drafted read as in force",
            Self::DnatOrderSwapped => "DNAT order swapped",
            Self::ReplyRouteIgnored => "reply route ignored",
            Self::DefaultActionFlipped => "service default action flipped",
            Self::ZeroReadAsOneAddress => "0.0.0.0 read as one address",
            Self::ZeroReadAsEveryone => "0.0.0.0 read as everyone",
            Self::HeadersIgnored => "headers ignored",
            Self::ProxyIgnored => "proxy ignored",
        }
    }

    /// What it can be made about.
    const fn elements(self) -> &'static [Element] {
        match self {
            Self::FrontPortOffByOne | Self::TranslationDropped => {
                &[Element::LoadBalancerRule, Element::NatRule, Element::NatPool, Element::ScaleSet]
            }
            Self::HopIgnored => &[
                Element::LoadBalancerRule,
                Element::NatRule,
                Element::FloatingIp,
                Element::ApplicationGateway,
                Element::FirewallDnat,
            ],
            Self::RangeCut => &[Element::NatPool, Element::ScaleSet],
            Self::AdminListIgnored => &[Element::AdminInForce, Element::AdminDrafted],
            Self::AllowReadAsAlwaysAllow => &[Element::AdminInForce],
            Self::DraftedReadAsInForce => &[Element::AdminDrafted],
            Self::DnatOrderSwapped => &[Element::FirewallDnat],
            Self::ReplyRouteIgnored => &[Element::ReplyRoutes],
            Self::DefaultActionFlipped => &[
                Element::Storage,
                Element::KeyVaultAndOthers,
                Element::EventHubsAndServiceBus,
                Element::CosmosDb,
                Element::Kubernetes,
                Element::AppService,
            ],
            Self::ZeroReadAsOneAddress | Self::ZeroReadAsEveryone => {
                &[Element::SqlServer, Element::PostgresAndMysql, Element::Synapse, Element::CosmosDb]
            }
            Self::HeadersIgnored => &[Element::AppService],
            Self::ProxyIgnored => &[Element::ApplicationGateway, Element::FirewallDnat],
        }
    }

    /// Puts the fault into that many estates and compares each over that many packets, or ten times as many where
    /// none of them is decided otherwise.
    #[must_use]
    pub fn run(self, estates: u64, packets: usize, seed: u64) -> Caught {
        let mut caught = Caught::default();
        for number in 0..estates {
            let mut random = Random::new(mix(seed ^ number));
            let estate = random.pick(self.elements()).estate(&mut random);
            let (truth, _) = lower_values(&estate.documents());
            let faulted = self.inject(&truth);
            let wrong = Told::of(&faulted);
            caught.seeded += 1;
            let right = Told::of(&truth);
            if right.differs_from(&wrong) {
                caught.mattered += 1;
                // Bounds where the truth has none are no contradiction, but no answer either.
                let mut is_caught = |packets| {
                    let tally = duel(&estate, &faulted, [&wrong, &right], packets, &mut random);
                    tally.disagreed > 0 || tally.wider > 0
                };
                // What only few packets tell apart takes more of them.
                match is_caught(packets) || is_caught(packets * PATIENCE) {
                    true => caught.caught += 1,
                    false => caught.missed = Some(number),
                }
            }
        }
        caught
    }

    fn inject(self, truth: &Snapshot) -> Snapshot {
        let targets = truth.targets.iter().map(|target| {
            let paths = target.paths.iter().map(|path| self.path(path)).collect();
            Arc::new(Target { paths, ..Target::clone(target) })
        });
        let targets = targets.collect();
        Snapshot { targets, ..truth.clone() }
    }

    fn path(self, path: &Path) -> Path {
        let carries = self.carries(path);
        Path { carries, filter: Arc::new(self.filter(&path.filter, path)), ..path.clone() }
    }

    fn carries(self, path: &Path) -> Carries {
        match (self, &path.carries) {
            (Self::FrontPortOffByOne, Carries::Only { protocols, ports }) if !path.hops.is_empty() => {
                Carries::Only { protocols: *protocols, ports: Arc::new(shifted(ports)) }
            }
            (Self::FrontPortOffByOne, Carries::Translated { protocols, from, to }) => {
                Carries::Translated { protocols: *protocols, from: Arc::new(shifted(from)), to: *to }
            }
            (Self::TranslationDropped, Carries::Translated { protocols, from, .. }) => {
                Carries::Only { protocols: *protocols, ports: Arc::clone(from) }
            }
            (Self::HopIgnored, _) if !path.hops.is_empty() => Carries::Everything,
            (Self::RangeCut, Carries::Translated { protocols, from, to }) => {
                let first = from.spans().first().map_or(0, |(first, _)| *first);
                Carries::Translated { protocols: *protocols, from: Arc::new(PortSet::only(first)), to: *to }
            }
            (_, carries) => carries.clone(),
        }
    }

    fn filter(self, filter: &Filter, path: &Path) -> Filter {
        let all = |parts: &[Filter]| parts.iter().map(|part| self.filter(part, path)).collect();
        match filter {
            Filter::Always(action) => Filter::Always(*action),
            Filter::FirstMatch(list) => Filter::FirstMatch(Arc::new(self.list(list, path))),
            Filter::Chain(stages) if self == Self::DefaultActionFlipped => match stages.as_slice() {
                [Filter::FirstMatch(list), Filter::Always(Action::Deny)] if is_service(list) => {
                    let opened = is_open(list);
                    let list = Filter::FirstMatch(Arc::new(self.list(list, path)));
                    let rest = if opened { Action::Deny } else { Action::Allow };
                    Filter::Chain(vec![list, Filter::Always(rest)])
                }
                _ => Filter::Chain(all(stages)),
            },
            Filter::Chain(stages) => Filter::Chain(all(stages)),
            Filter::AllOf(parts) => Filter::AllOf(all(parts)),
            Filter::AnyOf(parts) => Filter::AnyOf(all(parts)),
        }
    }

    fn list(self, list: &RuleList, path: &Path) -> RuleList {
        let mut rules = list.rules.clone();
        match self {
            Self::AdminListIgnored if list.kind == ADMIN => rules.clear(),
            Self::ReplyRouteIgnored if list.kind == ROUTES => rules.clear(),
            Self::AllowReadAsAlwaysAllow if list.kind == ADMIN => {
                for rule in rules.iter_mut().filter(|rule| rule.action == Action::Pass) {
                    rule.action = Action::Allow;
                }
            }
            Self::DraftedReadAsInForce if list.kind == ADMIN => rules.iter_mut().for_each(certain),
            Self::HeadersIgnored => rules.iter_mut().for_each(certain),
            Self::DnatOrderSwapped if list.kind == FIREWALL => {
                let ranks: Vec<u32> = rules.iter().map(|rule| rule.rank).collect();
                rules.reverse();
                rules.iter_mut().zip(ranks).for_each(|(rule, rank)| rule.rank = rank);
            }
            Self::DefaultActionFlipped => rules.retain(|rule| &*rule.name != DEFAULT),
            Self::ZeroReadAsOneAddress | Self::ZeroReadAsEveryone => {
                for rule in rules.iter_mut().filter(|rule| !rule.matches.tags.is_empty()) {
                    self.zero(rule);
                }
            }
            Self::ProxyIgnored if list.kind == GROUP && !path.hops.is_empty() => {
                for rule in rules.iter_mut().filter(|rule| rule.built_in && rule.action == Action::Allow) {
                    rule.matches.sources = Bounds::exactly(Arc::new(AddressSet::empty()));
                }
            }
            _ => {}
        }
        RuleList { rules, ..list.clone() }
    }

    fn zero(self, rule: &mut Rule) {
        rule.matches.tags.clear();
        let sources = match self {
            Self::ZeroReadAsOneAddress => {
                [Prefix::host([0, 0, 0, 0].into())].into_iter().collect::<AddressSet>()
            }
            _ => AddressSet::everything(),
        };
        rule.matches.sources = Bounds::exactly(Arc::new(sources));
    }
}

fn certain(rule: &mut Rule) {
    let matches = &mut rule.matches;
    matches.protocols = Bounds::exactly(matches.protocols.may);
    matches.sources = Bounds::exactly(matches.sources.may.clone());
    matches.destinations = Bounds::exactly(matches.destinations.may.clone());
    matches.ports = Bounds::exactly(matches.ports.may.clone());
}

fn shifted(ports: &PortSet) -> PortSet {
    let up = |port: u16| port.saturating_add(1);
    ports.ranges().filter_map(|range| PortRange::new(up(range.first()), up(range.last()))).collect()
}

/// A list that a service has of its own.
fn is_service(list: &RuleList) -> bool {
    list.kind.ends_with("-firewall") && list.kind != FIREWALL || list.kind.ends_with("-restrictions")
}

fn is_open(list: &RuleList) -> bool {
    list.rules.iter().any(|rule| &*rule.name == DEFAULT && rule.action == Action::Allow)
}

const PATIENCE: usize = 10;
const ADMIN: &str = "security-admin-rules";
const ROUTES: &str = "route-table";
const FIREWALL: &str = "azure-firewall";
const GROUP: &str = "network-security-group";
const DEFAULT: &str = "default-action";
