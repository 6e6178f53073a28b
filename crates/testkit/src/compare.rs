//! Engine against oracle, packet by packet, boundaries first.
//!
//! The engine says what is proved and what is possible; the oracle decides in several worlds. For a filter that
//! leaves nothing open they must say the same of every packet. Otherwise what is proved is let in by every world,
//! and what some world lets in is proved or possible. Where one world is the worst and another the best for every
//! packet at once, which is so for a list of allows and denies, the bounds must be exact as well.

use core::fmt;
use core::net::IpAddr;
use core::ops::AddAssign;
use std::sync::Arc;

use model::{Action, Destinations, Filter, Matches, Path, Rule, RuleList, Snapshot, Target};
use packet::{AddressSet, Family, Packet, Protocol};

use crate::answers::{Answer, Answers, Layer, Question, Way};
use crate::oracle::filter::{Oracle, World};
use crate::random::Random;

/// How many packets were compared, and how they went.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Filters, or targets with several paths.
    pub filters: u64,
    /// Packets by family: IPv4, IPv6.
    pub packets: [u64; 2],
    /// Packets that were let in, in some world, by family.
    pub admitted: [u64; 2],
    /// Decisions of the oracle.
    pub decisions: u64,
    /// The disagreements, the first few of them.
    pub disagreements: Vec<Disagreement>,
    /// How many disagreements there were.
    pub disagreed: u64,
    /// Snapshots of which the engine contradicted itself.
    pub contradicted: u64,
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.filters += other.filters;
        for family in 0..2 {
            self.packets[family] += other.packets[family];
            self.admitted[family] += other.admitted[family];
        }
        self.decisions += other.decisions;
        self.disagreed += other.disagreed;
        self.contradicted += other.contradicted;
        self.disagreements.extend(other.disagreements);
        self.disagreements.truncate(DISAGREEMENTS_MAX);
    }
}

/// A packet of which engine and oracle say different things.
#[derive(Clone, Debug)]
pub struct Disagreement {
    /// The target.
    pub target: String,
    /// The ways it was asked at, by family.
    pub ways: [Option<Way>; 2],
    /// The packet.
    pub question: Question,
    /// What the engine says.
    pub answer: Answer,
    /// In how many worlds the oracle lets it in, and of how many.
    pub worlds: (usize, usize),
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Question { protocol, source, port } = self.question;
        let Answer { proved, possible, pooled } = self.answer;
        let (admitting, worlds) = self.worlds;
        let way = self.ways[usize::from(source.is_ipv6())];
        let reach = way.map_or("no way", |(reach, _)| reach.word());
        write!(f, "{protocol} {source} > {}:{port} ({reach}): ", self.target)?;
        write!(f, "engine proved={proved} possible={possible} pooled={pooled}, ")?;
        write!(f, "oracle lets it in in {admitting} of {worlds} worlds")
    }
}

/// Asks engine and oracle about that many packets for each target and reach of a snapshot.
#[must_use]
pub fn compare(snapshot: &Snapshot, answers: &Answers, packets: u64, random: &mut Random) -> Tally {
    let mut tally = Tally::default();
    for target in &snapshot.targets {
        for judge in Judge::all(snapshot, target) {
            tally += judge.compare(answers, packets, random);
        }
    }
    tally
}

/// One way for each family to one target, resolved in several worlds.
struct Judge<'a> {
    snapshot: &'a Snapshot,
    target: &'a Target,
    ways: [Option<Way>; 2],
    strands: [Vec<Strand>; 2],
    worlds: usize,
    law: Law,
}

/// What must hold between bounds and worlds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Law {
    /// Nothing is open: one world.
    Exact,
    /// The first world is the worst for every packet, the second the best.
    Tight,
    /// Bounds hold every world, and may be wider.
    Sound,
}

struct Strand {
    oracles: Vec<Oracle>,
    destinations: [Vec<IpAddr>; 2],
    source_ports: Vec<u16>,
}

impl<'a> Judge<'a> {
    fn all(snapshot: &'a Snapshot, target: &'a Target) -> Vec<Self> {
        let [v4, v6] = Family::BOTH.map(|family| ways(target, family));
        let pairs = (0..v4.len().max(v6.len())).map(|place| [v4.get(place).copied(), v6.get(place).copied()]);
        pairs.map(|pair| Self::new(snapshot, target, pair)).collect()
    }

    fn new(snapshot: &'a Snapshot, target: &'a Target, ways: [Option<Way>; 2]) -> Self {
        let paths = Family::BOTH.map(|family| {
            let way = ways[family as usize];
            let taken = |path: &&Path| way == Some(way_of(path)) && has(path, family);
            target.paths.iter().filter(taken).collect::<Vec<_>>()
        });
        let law = paths.iter().flatten().map(|path| law(&path.filter)).max().unwrap_or(Law::Exact);
        let worlds: Vec<World> = match law {
            Law::Exact => vec![World::Least],
            Law::Tight => vec![World::Lower, World::Upper],
            Law::Sound => World::several(4, target.paths.len() as u64).collect(),
        };
        let strands = paths.map(|paths| {
            paths.into_iter().map(|path| Strand::new(path, &worlds, snapshot.internet.addresses())).collect()
        });
        Self { snapshot, target, ways, strands, worlds: worlds.len(), law }
    }

    fn compare(&self, answers: &Answers, packets: u64, random: &mut Random) -> Tally {
        let mut tally = Tally { filters: 1, ..Tally::default() };
        let layers = self.layers(answers);
        let draw = Draw::new(self.snapshot, self.target, answers);
        for number in 0..packets {
            let question = draw.question(number, packets, random);
            let answer = ask(layers, &question);
            let admitting = self.admitting(&question);
            let family = usize::from(question.source.is_ipv6());
            tally.packets[family] += 1;
            tally.admitted[family] += u64::from(admitting.some());
            if !self.agrees(answer, &admitting) {
                tally.disagreed += 1;
                if tally.disagreements.len() < DISAGREEMENTS_MAX {
                    tally.disagreements.push(self.disagreement(question, answer, &admitting));
                }
            }
        }
        tally.decisions = packets * self.worlds as u64;
        tally
    }

    fn layers<'b>(&self, answers: &'b Answers) -> [Option<&'b Layer>; 2] {
        Family::BOTH.map(|family| answers.layer(&self.target.key, family, self.ways[family as usize]?))
    }

    fn disagreement(&self, question: Question, answer: Answer, admitting: &Admitting) -> Disagreement {
        let target = self.target.name.to_string();
        let admitted = (0..self.worlds).filter(|world| admitting.holds(*world)).count();
        Disagreement { target, ways: self.ways, question, answer, worlds: (admitted, self.worlds) }
    }

    fn admitting(&self, question: &Question) -> Admitting {
        let mut admitting = Admitting { worlds: 0, of: self.worlds };
        let inside = self.snapshot.internet.addresses().contains(question.source)
            && self.snapshot.protocols.contains(question.protocol)
            && question.protocol.is_of(Family::of(question.source).0);
        if inside {
            for world in 0..self.worlds {
                let strands = &self.strands[usize::from(question.source.is_ipv6())];
                let admits = strands.iter().any(|strand| strand.admits(world, question));
                admitting.worlds |= u32::from(admits) << world;
            }
        }
        admitting
    }

    fn agrees(&self, answer: Answer, admitting: &Admitting) -> bool {
        let Answer { proved, possible, pooled } = answer;
        let bounded = !(proved && possible);
        bounded
            && match self.law {
                Law::Exact => proved == admitting.some() && !possible && !pooled,
                Law::Tight => proved == admitting.holds(0) && (proved || possible) == admitting.holds(1),
                Law::Sound => {
                    (!proved || admitting.every()) && (!admitting.some() || proved || possible || pooled)
                }
            }
    }
}

/// The worlds that let a packet in, one bit each.
struct Admitting {
    worlds: u32,
    of: usize,
}

impl Admitting {
    const fn holds(&self, world: usize) -> bool {
        self.worlds >> world & 1 == 1
    }

    const fn some(&self) -> bool {
        self.worlds != 0
    }

    const fn every(&self) -> bool {
        self.worlds.count_ones() as usize == self.of
    }
}

impl Strand {
    fn new(path: &Path, worlds: &[World], internet: &AddressSet) -> Self {
        Self {
            oracles: worlds.iter().map(|world| Oracle::new(&path.filter, *world, internet)).collect(),
            destinations: destinations(&path.destinations, &path.filter),
            source_ports: source_ports(&path.filter),
        }
    }

    fn admits(&self, world: usize, question: &Question) -> bool {
        self.destinations[usize::from(question.source.is_ipv6())].iter().any(|&destination| {
            let packet = Packet {
                protocol: question.protocol,
                source: question.source,
                source_port: 0,
                destination,
                destination_port: question.port,
            };
            self.oracles[world].admits(&packet, &self.source_ports)
        })
    }
}

fn ask(layers: [Option<&Layer>; 2], question: &Question) -> Answer {
    layers[usize::from(question.source.is_ipv6())].map_or(Answer::CLOSED, |layer| layer.ask(question))
}

/// The ways of a family to a target, each once.
fn ways(target: &Target, family: Family) -> Vec<Way> {
    let mut ways: Vec<Way> = target.paths.iter().filter(|path| has(path, family)).map(way_of).collect();
    ways.sort_unstable();
    ways.dedup();
    ways
}

fn way_of(path: &Path) -> Way {
    (path.reach, path.front.as_ref().and_then(|front| front.address))
}

fn has(path: &Path, family: Family) -> bool {
    let within = path.destinations.addresses();
    !within.is_empty_in(family)
}

/// What must hold for a filter: the least that is true of its parts.
fn law(filter: &Filter) -> Law {
    let lists = filter.lists();
    let rules = || lists.iter().flat_map(|list| list.rules.iter());
    let tagged = rules().any(|rule| !rule.matches.tags.is_empty());
    let exact = rules().all(|rule| rule.matches.is_exact());
    let tied = lists.iter().any(|list| list.rules.windows(2).any(|pair| pair[0].rank == pair[1].rank));
    let one_list = match filter {
        Filter::Chain(stages) => {
            matches!(stages.as_slice(), [Filter::FirstMatch(_), Filter::Always(Action::Deny)])
        }
        Filter::Always(_) | Filter::FirstMatch(_) | Filter::AllOf(_) | Filter::AnyOf(_) => false,
    };
    let decided = rules().all(|rule| rule.action != Action::Pass);
    match (tagged, exact && !tied, one_list && decided) {
        (false, true, _) => Law::Exact,
        (false, false, true) => Law::Tight,
        (true, ..) | (false, false, false) => Law::Sound,
    }
}

/// One source port of every interval that the rules tell apart.
fn source_ports(filter: &Filter) -> Vec<u16> {
    let mut ports = vec![0];
    for rule in rules(filter) {
        for set in [&rule.matches.source_ports.must, &rule.matches.source_ports.may] {
            for &(first, last) in set.spans() {
                ports.push(first);
                ports.extend(last.checked_add(1));
            }
        }
    }
    ports.sort_unstable();
    ports.dedup();
    ports
}

/// One destination of every interval that the rules tell apart, among those of the path, by family.
fn destinations(destinations: &Destinations, filter: &Filter) -> [Vec<IpAddr>; 2] {
    let within = destinations.addresses();
    let mut ends = ends(within);
    for rule in rules(filter) {
        for set in [&rule.matches.destinations.must, &rule.matches.destinations.may] {
            ends.extend(self::ends(set));
        }
    }
    ends.retain(|address| within.contains(*address));
    ends.sort_unstable();
    ends.dedup();
    Family::BOTH.map(|family| ends.iter().copied().filter(|end| Family::of(*end).0 == family).collect())
}

/// The ends of every span of a set and the addresses beside them.
fn ends(set: &AddressSet) -> Vec<IpAddr> {
    let mut ends = Vec::new();
    for &(first, last) in set.v4_spans() {
        for end in [first.saturating_sub(1), first, last, last.saturating_add(1)] {
            ends.push(Family::V4.address(u128::from(end)));
        }
    }
    for &(first, last) in set.v6_spans() {
        for end in [first.saturating_sub(1), first, last, last.saturating_add(1)] {
            ends.push(Family::V6.address(end));
        }
    }
    ends
}

fn rules(filter: &Filter) -> impl Iterator<Item = &Rule> {
    filter.lists().into_iter().flat_map(|list| list.rules.iter())
}

/// Where packets come from: the boundaries of everything that occurs, then anything.
struct Draw {
    sources: Vec<IpAddr>,
    ports: Vec<u16>,
    protocols: Vec<Protocol>,
    /// Those that most packets are of.
    numbered: Vec<Protocol>,
}

impl Draw {
    fn new(snapshot: &Snapshot, target: &Target, answers: &Answers) -> Self {
        let mut sources = ends(snapshot.internet.addresses());
        let mut ports = vec![0, 1, u16::MAX - 1, u16::MAX];
        let mut are_types_told = false;
        for path in &target.paths {
            for rule in rules(&path.filter) {
                for set in [&rule.matches.sources.must, &rule.matches.sources.may] {
                    sources.extend(ends(set));
                }
                let Matches { ports: own, types, .. } = &rule.matches;
                are_types_told |= !types.must.is_everything();
                for set in [&own.must, &own.may, &types.must, &types.may] {
                    for &(first, last) in set.spans() {
                        ports.extend([first.saturating_sub(1), first, last, last.saturating_add(1)]);
                    }
                }
            }
        }
        // What the engine says has boundaries too: a mistake may lie where no rule ends.
        for (told, told_ports) in answers.blocks_of(&target.key) {
            sources.extend(ends(told));
            ports.extend(
                told_ports.iter().flat_map(|&(first, last)| {
                    [first.saturating_sub(1), first, last, last.saturating_add(1)]
                }),
            );
        }
        sources.sort_unstable();
        sources.dedup();
        ports.sort_unstable();
        ports.dedup();
        let mut protocols: Vec<Protocol> = snapshot.protocols.iter().collect();
        // Two that no rule of these lists speaks of.
        protocols.extend([Protocol::GRE, Protocol::SCTP]);
        let mut numbered = vec![Protocol::TCP, Protocol::TCP, Protocol::UDP];
        if are_types_told {
            numbered.extend([Protocol::ICMP, Protocol::ICMP, Protocol::ICMPV6]);
        }
        Self { sources, ports, protocols, numbered }
    }

    /// Every combination of boundaries first, where there is room for them all; else the first half are random
    /// combinations of boundaries. Then anything.
    fn question(&self, number: u64, of: u64, random: &mut Random) -> Question {
        let combinations = (self.sources.len() * self.ports.len() * self.protocols.len()) as u64;
        if combinations <= of && number < combinations {
            return self.combination(number as usize);
        }
        let boundary = number < of / 2;
        let source = if boundary || random.chance(40) {
            *random.pick(&self.sources)
        } else if random.chance(75) {
            Family::V4.address(random.wide() >> 96)
        } else {
            Family::V6.address((0x2000_u128 << 112) | (random.wide() >> 3))
        };
        // Most of what rules say is about ports.
        let protocol =
            if random.chance(60) { *random.pick(&self.numbered) } else { *random.pick(&self.protocols) };
        let port =
            if boundary || random.chance(60) { *random.pick(&self.ports) } else { random.bits() as u16 };
        Question { protocol, source, port: if protocol.is_numbered() { port } else { 0 } }
    }

    fn combination(&self, number: usize) -> Question {
        let (rest, source) = (number / self.sources.len(), number % self.sources.len());
        let protocol = self.protocols[rest / self.ports.len()];
        let port = if protocol.is_numbered() { self.ports[rest % self.ports.len()] } else { 0 };
        Question { protocol, source: self.sources[source], port }
    }
}

/// The smallest snapshot found, by dropping targets, paths and rules, of which something still holds.
#[must_use]
pub fn shrink(snapshot: &Snapshot, holds: impl Fn(&Snapshot) -> bool) -> Snapshot {
    let mut smallest = snapshot.clone();
    for target in &snapshot.targets {
        let alone = Snapshot { targets: vec![target.clone()], ..snapshot.clone() };
        if holds(&alone) {
            smallest = alone;
            break;
        }
    }
    while let Some(smaller) = smaller(&smallest).into_iter().find(&holds) {
        smallest = smaller;
    }
    smallest
}

/// Whether engine and oracle say different things of the packet, or the engine of itself.
#[must_use]
pub fn disagrees(snapshot: &Snapshot, disagreement: &Disagreement) -> bool {
    let Ok(answers) = Answers::of(snapshot) else { return true };
    snapshot.targets.iter().any(|target| {
        let judge = Judge::new(snapshot, target, disagreement.ways);
        let answer = ask(judge.layers(&answers), &disagreement.question);
        !judge.agrees(answer, &judge.admitting(&disagreement.question))
    })
}

/// Every snapshot with one path less or one rule less.
fn smaller(snapshot: &Snapshot) -> Vec<Snapshot> {
    let [target] = snapshot.targets.as_slice() else { return Vec::new() };
    let with = |paths: Vec<Path>| Snapshot {
        targets: vec![Arc::new(Target { paths, ..Target::clone(target) })],
        ..snapshot.clone()
    };
    let mut all = Vec::new();
    for (number, path) in target.paths.iter().enumerate() {
        let mut fewer = target.paths.clone();
        fewer.remove(number);
        all.push(with(fewer));
        for filter in fewer_rules(&path.filter) {
            let mut changed = target.paths.clone();
            changed[number].filter = Arc::new(filter);
            all.push(with(changed));
        }
    }
    all
}

fn fewer_rules(filter: &Filter) -> Vec<Filter> {
    let parts = |parts: &[Filter], make: fn(Vec<Filter>) -> Filter| {
        let mut all = Vec::new();
        for (number, part) in parts.iter().enumerate() {
            let mut fewer = parts.to_vec();
            fewer.remove(number);
            all.push(make(fewer));
            for smaller in fewer_rules(part) {
                let mut changed = parts.to_vec();
                changed[number] = smaller;
                all.push(make(changed));
            }
        }
        all
    };
    match filter {
        Filter::Always(_) => Vec::new(),
        Filter::FirstMatch(list) => (0..list.rules.len()).map(|rule| without(list, rule)).collect(),
        Filter::Chain(stages) => parts(stages, Filter::Chain),
        Filter::AllOf(all) => parts(all, Filter::AllOf),
        Filter::AnyOf(any) => parts(any, Filter::AnyOf),
    }
}

fn without(list: &RuleList, rule: usize) -> Filter {
    let mut list = list.clone();
    list.rules.remove(rule);
    Filter::FirstMatch(Arc::new(list))
}

const DISAGREEMENTS_MAX: usize = 8;
