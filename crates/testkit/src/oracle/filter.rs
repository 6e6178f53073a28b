//! One packet against a [`Filter`], in one [`World`]: a resolution of everything the filter leaves open.
//!
//! The engine computes sets and bounds; here there are neither. A world says for every uncertain match whether it
//! matches, for every unknown pool who is in it, and for every tie who comes first, so a packet has one answer.
//! For a filter that leaves nothing open all worlds are the same. Knows no Internet, no path and no cloud.

use core::net::IpAddr;
use std::collections::BTreeMap;

use model::{Action, Filter, Matches, Name, Rule, RuleList};
use packet::{AddressSet, Bounds, Packet, PortSet, ProtocolSet};

use crate::random::Random;

/// How everything that is open turns out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum World {
    /// Against the packet: uncertain allows do not match, everything else does, ties go to the deny.
    Lower,
    /// For the packet: uncertain allows match, nothing else does, ties go to the allow.
    Upper,
    /// Nothing uncertain matches; ties in the order of the file.
    Least,
    /// Everything uncertain matches; ties against the order of the file.
    Most,
    /// Something between, determined by the seed.
    Seeded(u64),
}

impl World {
    /// The four extreme worlds and as many seeded ones as wanted.
    pub fn several(seeded: u64, seed: u64) -> impl Iterator<Item = Self> {
        let seeds = (0..seeded).map(move |number| Self::Seeded(seed.wrapping_mul(31).wrapping_add(number)));
        [Self::Lower, Self::Upper, Self::Least, Self::Most].into_iter().chain(seeds)
    }
}

/// A filter in one world, ready to decide packets one after the other.
#[derive(Clone, Debug)]
pub struct Oracle {
    root: Node,
}

#[derive(Clone, Debug)]
enum Node {
    Always(Action),
    List(Vec<Line>),
    Chain(Vec<Node>),
    AllOf(Vec<Node>),
    AnyOf(Vec<Node>),
}

/// A rule whose every field is known. Spans may overlap and come in any order: `any` does not mind.
#[derive(Clone, Debug)]
struct Line {
    action: Action,
    protocols: ProtocolSet,
    ports: Vec<(u16, u16)>,
    types: Vec<(u16, u16)>,
    source_ports: Vec<(u16, u16)>,
    sources: Addresses,
    destinations: Addresses,
}

#[derive(Clone, Debug, Default)]
struct Addresses {
    v4: Vec<(u32, u32)>,
    v6: Vec<(u128, u128)>,
}

impl Oracle {
    /// The filter in a world. Pools whose members are not known take them from `internet`.
    #[must_use]
    pub fn new(filter: &Filter, world: World, internet: &AddressSet) -> Self {
        let seed = match world {
            World::Seeded(seed) => seed,
            World::Lower | World::Upper | World::Least | World::Most => 0,
        };
        let mut resolution = Resolution { world, random: Random::new(seed), pools: BTreeMap::new() };
        resolution.fill_pools(filter, internet);
        Self { root: resolution.node(filter) }
    }

    /// What the filter does to a packet in this world.
    #[must_use]
    pub fn decide(&self, packet: &Packet) -> Action {
        self.root.decide(packet)
    }

    /// Whether some packet that differs in its source port only gets in: the caller chooses it. What passes a
    /// whole filter was kept out by nothing, so it is in (semantics A7).
    #[must_use]
    pub fn admits(&self, packet: &Packet, source_ports: &[u16]) -> bool {
        source_ports.iter().any(|&source_port| {
            let packet = Packet { source_port, ..*packet };
            self.root.decide(&packet) != Action::Deny
        })
    }
}

impl Node {
    fn decide(&self, packet: &Packet) -> Action {
        match self {
            Self::Always(action) => *action,
            Self::List(lines) => {
                for line in lines {
                    if line.matches(packet) {
                        return line.action;
                    }
                }
                Action::Pass
            }
            Self::Chain(stages) => {
                for stage in stages {
                    let action = stage.decide(packet);
                    if action != Action::Pass {
                        return action;
                    }
                }
                Action::Pass
            }
            Self::AllOf(parts) => strongest(parts, packet, [Action::Deny, Action::Pass, Action::Allow]),
            Self::AnyOf(parts) => strongest(parts, packet, [Action::Allow, Action::Deny, Action::Pass]),
        }
    }
}

/// The first action of `order` that some part gives; the last one when there is no part.
fn strongest(parts: &[Node], packet: &Packet, order: [Action; 3]) -> Action {
    let mut given = [false; 3];
    for part in parts {
        let action = part.decide(packet);
        for (place, candidate) in order.iter().enumerate() {
            given[place] |= action == *candidate;
        }
    }
    for (place, candidate) in order.iter().enumerate() {
        if given[place] {
            return *candidate;
        }
    }
    order[2]
}

impl Line {
    fn matches(&self, packet: &Packet) -> bool {
        self.protocols.contains(packet.protocol)
            && match packet.protocol.0 {
                // ICMP, ICMPv6: type and code.
                1 | 58 => holds(&self.types, packet.destination_port),
                // TCP, UDP, DCCP, SCTP, UDP-Lite.
                6 | 17 | 33 | 132 | 136 => {
                    holds(&self.ports, packet.destination_port)
                        && holds(&self.source_ports, packet.source_port)
                }
                _ => true,
            }
            && self.sources.holds(packet.source)
            && self.destinations.holds(packet.destination)
    }
}

impl Addresses {
    fn holds(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => holds(&self.v4, address.to_bits()),
            IpAddr::V6(address) => holds(&self.v6, address.to_bits()),
        }
    }

    fn of(set: &AddressSet) -> Self {
        Self { v4: set.v4_spans().to_vec(), v6: set.v6_spans().to_vec() }
    }

    fn extend(&mut self, other: &Self) {
        self.v4.extend_from_slice(&other.v4);
        self.v6.extend_from_slice(&other.v6);
    }
}

fn holds<T: Copy + PartialOrd>(spans: &[(T, T)], member: T) -> bool {
    for &(first, last) in spans {
        if first <= member && member <= last {
            return true;
        }
    }
    false
}

/// The world while it is made: what has been decided so far.
struct Resolution {
    world: World,
    random: Random,
    pools: BTreeMap<Name, Addresses>,
}

/// How one rule's uncertain fields turn out.
#[derive(Clone, Copy)]
enum Turn {
    Must,
    May,
    Between,
}

impl Resolution {
    fn turn(&mut self, action: Action) -> Turn {
        match (self.world, action) {
            (World::Least, _)
            | (World::Lower, Action::Allow)
            | (World::Upper, Action::Deny | Action::Pass) => Turn::Must,
            (World::Most, _)
            | (World::Upper, Action::Allow)
            | (World::Lower, Action::Deny | Action::Pass) => Turn::May,
            (World::Seeded(_), _) => {
                *self.random.pick(&[Turn::Must, Turn::May, Turn::Between, Turn::Between])
            }
        }
    }

    fn node(&mut self, filter: &Filter) -> Node {
        match filter {
            Filter::Always(action) => Node::Always(*action),
            Filter::FirstMatch(list) => Node::List(self.lines(list)),
            Filter::Chain(parts) => Node::Chain(self.nodes(parts)),
            Filter::AllOf(parts) => Node::AllOf(self.nodes(parts)),
            Filter::AnyOf(parts) => Node::AnyOf(self.nodes(parts)),
        }
    }

    fn nodes(&mut self, filters: &[Filter]) -> Vec<Node> {
        filters.iter().map(|filter| self.node(filter)).collect()
    }

    fn lines(&mut self, list: &RuleList) -> Vec<Line> {
        let mut order: Vec<(u32, u64, &Rule)> = Vec::new();
        for (position, rule) in list.rules.iter().enumerate() {
            order.push((rule.rank, self.place(rule.action, position as u64), rule));
        }
        order.sort_by_key(|(rank, place, _)| (*rank, *place));
        order.into_iter().map(|(_, _, rule)| self.line(rule)).collect()
    }

    /// The place of a rule among those of its rank.
    fn place(&mut self, action: Action, position: u64) -> u64 {
        match self.world {
            World::Lower => u64::from(action == Action::Allow),
            World::Upper => u64::from(action != Action::Allow),
            World::Least => position,
            World::Most => u64::MAX - position,
            World::Seeded(_) => self.random.bits(),
        }
    }

    fn line(&mut self, rule: &Rule) -> Line {
        let turn = self.turn(rule.action);
        let Matches { protocols, sources, tags, source_ports, destinations, ports, types } = &rule.matches;
        // A world knows who is in a pool, so the rest of what may be is nothing.
        let mut from = self.addresses(if tags.is_empty() { turn } else { Turn::Must }, sources);
        for tag in tags {
            if let Some(pool) = self.pools.get(&tag.name) {
                from.extend(pool);
            }
        }
        Line {
            action: rule.action,
            protocols: match turn {
                Turn::Must => protocols.must,
                Turn::May | Turn::Between => protocols.may,
            },
            ports: self.ports(turn, ports),
            types: self.ports(turn, types),
            source_ports: self.ports(turn, source_ports),
            sources: from,
            destinations: self.addresses(turn, destinations),
        }
    }

    fn addresses<S: AsRef<AddressSet>>(&mut self, turn: Turn, bounds: &Bounds<S>) -> Addresses {
        let (must, may) = (Addresses::of(bounds.must.as_ref()), Addresses::of(bounds.may.as_ref()));
        match turn {
            Turn::Must => must,
            Turn::May => may,
            Turn::Between => {
                let mut some = must;
                some.v4.extend(may.v4.iter().filter_map(|span| self.part(*span, |a, b| a + (b - a) / 2)));
                some.v6.extend(may.v6.iter().filter_map(|span| self.part(*span, |a, b| a + (b - a) / 2)));
                some
            }
        }
    }

    fn ports<S: AsRef<PortSet>>(&mut self, turn: Turn, bounds: &Bounds<S>) -> Vec<(u16, u16)> {
        match turn {
            Turn::Must => bounds.must.as_ref().spans().to_vec(),
            Turn::May => bounds.may.as_ref().spans().to_vec(),
            Turn::Between => {
                let mut some = bounds.must.as_ref().spans().to_vec();
                let may = bounds.may.as_ref().spans();
                some.extend(may.iter().filter_map(|span| self.part(*span, |a, b| a + (b - a) / 2)));
                some
            }
        }
    }

    /// Nothing of a span, all of it, or one of its halves.
    fn part<T: Copy>(&mut self, (first, last): (T, T), middle: impl Fn(T, T) -> T) -> Option<(T, T)> {
        match self.random.below(4) {
            0 => None,
            1 => Some((first, last)),
            2 => Some((first, middle(first, last))),
            _ => Some((middle(first, last), last)),
        }
    }

    /// Decides who is in each pool: somebody of the Internet, and everybody of the pools within it.
    fn fill_pools(&mut self, filter: &Filter, internet: &AddressSet) {
        let rules = || filter.lists().into_iter().flat_map(|list| list.rules.iter());
        let tags: Vec<_> = rules().flat_map(|rule| rule.matches.tags.iter()).collect();
        for tag in &tags {
            if !self.pools.contains_key(&tag.name) {
                let members = self.members(internet);
                self.pools.insert(tag.name.clone(), members);
            }
        }
        for tag in &tags {
            let members = self.pools[&tag.name].clone();
            for outer in &tag.within {
                if let Some(pool) = self.pools.get_mut(outer) {
                    pool.extend(&members);
                }
            }
        }
    }

    fn members(&mut self, internet: &AddressSet) -> Addresses {
        match self.world {
            World::Least | World::Lower => Addresses { v4: vec![(0x0808_0808, 0x0808_0808)], v6: Vec::new() },
            World::Most | World::Upper => Addresses::of(internet),
            World::Seeded(_) => {
                let whole = Addresses::of(internet);
                let mut some = Addresses::default();
                some.v4.push(*self.random.pick(&whole.v4));
                some.v4.extend(whole.v4.iter().filter_map(|span| self.part(*span, |a, b| a + (b - a) / 2)));
                some.v6.extend(whole.v6.iter().filter_map(|span| self.part(*span, |a, b| a + (b - a) / 2)));
                some
            }
        }
    }
}
