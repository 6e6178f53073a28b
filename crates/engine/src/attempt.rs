//! One packet sent at a target from outside: which of the target's ways lets it in, and what keeps it out on the others.
//!
//! Reads rules one by one; a scan's sweeps have no part in it. Knows no severity and no wording.

use core::net::IpAddr;
use std::sync::Arc;

use model::{Action, Bound, Filter, Path, Reach, Rule, Snapshot, Target};
use packet::{AddressSet, Family, Packet, Protocol};

use crate::decide::decide;
use crate::trace::{Trace, Verdict, trace};

/// A packet somebody would send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The protocol.
    pub protocol: Protocol,
    /// Where it comes from.
    pub source: IpAddr,
    /// The port it comes from; `None` where the caller takes whichever gets furthest.
    pub source_port: Option<u16>,
    /// Where it is sent.
    pub aim: Aim,
}

/// Where a packet is sent. Ports are zero where the protocol has none; type × 256 + code where it has types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aim {
    /// To an address and port as seen from outside.
    Front(IpAddr, u16),
    /// To a port of the target, by whatever way leads there.
    Port(u16),
}

/// A packet on one way to a target.
#[derive(Clone, Debug)]
pub struct Attempt {
    /// What comes of it, the reach of the way considered: by a way that is known to be missing nobody gets in, and by
    /// one that is not known to be there it is open whether anybody does.
    pub verdict: Verdict,
    /// The position of the way in `target.paths`.
    pub way: usize,
    /// The port of the front it is sent to.
    pub outside: u16,
    /// The packet as filters see it: to the destination, and from the port, with which it gets furthest.
    pub packet: Packet,
    /// What every list on the way says.
    pub trace: Trace,
}

/// Why an answer is what it is. Complete: results name these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The filters of the ways say so.
    Filters,
    /// It rests on what was not understood: some value of the unknowns lets it in.
    Unknowns,
    /// The filters let it in; whether a path leads there is not in the input.
    PathUnknown,
    /// No path from outside leads there.
    NoPath,
    /// There are paths, none of which carries such packets to that port.
    NotCarried,
    /// There are paths, none of which is of the family of the source.
    NoFamily,
    /// The cloud has no such protocol.
    NoProtocol,
    /// It is kept out on the ways from outside; its source may send from inside, where less stands in the way.
    Inside,
    /// It is kept out on the ways that are known; part of the input was not read, and may hold another.
    Unread,
}

impl Reason {
    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Filters => "filters",
            Self::Unknowns => "unknowns",
            Self::PathUnknown => "path-unknown",
            Self::NoPath => "no-path",
            Self::NotCarried => "not-carried",
            Self::NoFamily => "no-family",
            Self::NoProtocol => "no-protocol",
            Self::Inside => "inside",
            Self::Unread => "unread",
        }
    }
}

/// What becomes of a packet that is sent at one target, or at a front with several behind it.
#[derive(Clone, Debug)]
pub struct Answer<'a> {
    /// Whether it gets in.
    pub verdict: Verdict,
    /// Why.
    pub reason: Reason,
    /// Every way it can take, the one it gets furthest by first.
    pub attempts: Vec<(&'a Arc<Target>, Attempt)>,
}

impl Answer<'_> {
    /// The same, where part of the input was not read. What the filters of a way deny, they deny for certain; but a
    /// document that was not read may hold another way, or a rule that overrules them. Only what the cloud does not
    /// carry stays out whatever it holds. What gets in gets in.
    #[must_use]
    pub fn in_unread(self) -> Self {
        match (self.verdict, self.reason) {
            (Verdict::Deny, Reason::NoProtocol) | (Verdict::Allow | Verdict::Undecided, _) => self,
            (Verdict::Deny, _) => Self { verdict: Verdict::Undecided, reason: Reason::Unread, ..self },
        }
    }
}

impl Answer<'_> {
    /// The same for a source that may be inside the network of its target. Ways are those from outside: what denies on
    /// them need not stand between two machines, but for the lists that are the target's own. Which addresses of the
    /// Internet a list takes for members of something is not known.
    fn for_insiders(self, snapshot: &Snapshot, source: IpAddr) -> Self {
        let Some(inside) = snapshot.inside.as_ref().filter(|inside| inside.addresses.contains(source)) else {
            return self;
        };
        let is_told = snapshot.internet.addresses().contains(source) || !self.is_bound_by(inside.bound_by);
        match (self.verdict, self.reason) {
            (Verdict::Deny, Reason::Filters | Reason::NoPath) if is_told => {
                Self { verdict: Verdict::Undecided, reason: Reason::Inside, ..self }
            }
            _ => self,
        }
    }

    /// Whether the lists that somebody inside meets keep it out, on each way that leads straight to a target.
    fn is_bound_by(&self, bound: Bound) -> bool {
        let straight = self.attempts.iter().filter_map(|(target, attempt)| {
            let path = target.paths.get(attempt.way)?;
            path.hops.is_empty().then_some((path, attempt))
        });
        let mut told = straight.map(|(path, attempt)| attempt.is_bound_by(path, bound)).peekable();
        told.peek().is_some() && told.all(|is_bound| is_bound)
    }
}

impl Attempt {
    fn is_bound_by(&self, path: &Path, bound: Bound) -> bool {
        match bound {
            Bound::Only(kind) => {
                let mut own = self.trace.layers.iter().filter(|layer| layer.list.kind == kind).peekable();
                own.peek().is_some()
                    && own.all(|layer| matches!(layer.verdict, Some(Action::Pass | Action::Deny)))
            }
            Bound::AllBut(kinds) => !decide(&without(&path.filter, kinds), &self.packet).possible,
        }
    }
}

/// A filter in which lists of these kinds decide nothing.
fn without(filter: &Filter, kinds: &[&str]) -> Filter {
    let each = |parts: &[Filter]| parts.iter().map(|part| without(part, kinds)).collect();
    match filter {
        Filter::FirstMatch(list) if kinds.contains(&list.kind) => Filter::Always(Action::Pass),
        Filter::Always(_) | Filter::FirstMatch(_) => filter.clone(),
        Filter::Chain(parts) => Filter::Chain(each(parts)),
        Filter::AllOf(parts) => Filter::AllOf(each(parts)),
        Filter::AnyOf(parts) => Filter::AnyOf(each(parts)),
    }
}

/// Sends a packet at targets of a snapshot, by every way that carries it: it gets in if it does by one.
#[must_use]
pub fn send<'a>(snapshot: &Snapshot, targets: &[&'a Arc<Target>], sent: &Sent) -> Answer<'a> {
    if !snapshot.protocols.contains(sent.protocol) {
        return Answer { verdict: Verdict::Deny, reason: Reason::NoProtocol, attempts: Vec::new() };
    }
    let attempts = targets.iter().flat_map(|&target| {
        let ways = target.paths.iter().enumerate();
        ways.filter_map(move |(way, path)| Some((target, attempt(way, path, sent)?)))
    });
    let mut attempts: Vec<(&Arc<Target>, Attempt)> = attempts.collect();
    // By a way that is there before one that is not.
    attempts
        .sort_by_key(|(target, attempt)| (attempt.verdict, reach(target, attempt) == Some(Reach::Latent)));
    let (verdict, reason) = match attempts.first() {
        None => (Verdict::Deny, none(targets, sent)),
        Some((target, best)) => {
            let reason = match (best.verdict, reach(target, best), best.trace.verdict) {
                (Verdict::Allow, ..) => Reason::Filters,
                (Verdict::Deny, Some(Reach::Latent), _) => Reason::NoPath,
                (Verdict::Deny, ..) => Reason::Filters,
                (Verdict::Undecided, _, Verdict::Allow) => Reason::PathUnknown,
                (Verdict::Undecided, ..) => Reason::Unknowns,
            };
            (best.verdict, reason)
        }
    };
    Answer { verdict, reason, attempts }.for_insiders(snapshot, sent.source)
}

fn reach(target: &Target, attempt: &Attempt) -> Option<Reach> {
    target.paths.get(attempt.way).map(|path| path.reach)
}

/// Why there is no way at all.
fn none(targets: &[&Arc<Target>], sent: &Sent) -> Reason {
    let ways = || targets.iter().flat_map(|target| &target.paths).filter(|path| path.reach != Reach::Latent);
    let family = Family::of(sent.source).0;
    let is_of = |path: &Path| !path.destinations.addresses().is_empty_in(family);
    match (ways().next(), ways().any(is_of) && sent.protocol.is_of(family)) {
        (None, _) => Reason::NoPath,
        (Some(_), true) => Reason::NotCarried,
        (Some(_), false) => Reason::NoFamily,
    }
}

fn attempt(way: usize, path: &Path, sent: &Sent) -> Option<Attempt> {
    let family = Family::of(sent.source).0;
    let destinations = path.destinations.addresses().only(family);
    if destinations.is_empty_in(family) || !sent.protocol.is_of(family) {
        return None;
    }
    let (outside, inside) = match sent.aim {
        Aim::Front(address, port) => {
            let is_there = path.front.as_ref().is_some_and(|front| front.address == Some(address));
            (port, path.carries.inside(sent.protocol, port).filter(|_| is_there)?)
        }
        Aim::Port(port) => (path.carries.outside(sent.protocol, port)?, port),
    };
    let packet = Packet {
        protocol: sent.protocol,
        source: sent.source,
        source_port: 0,
        destination: destinations.lowest(family)?,
        destination_port: inside,
    };
    let (packet, trace) = furthest(path, packet, &destinations, sent.source_port)?;
    let verdict = match (path.reach, trace.verdict) {
        (Reach::Latent, _) | (_, Verdict::Deny) => Verdict::Deny,
        (Reach::Admitted, _) | (_, Verdict::Undecided) => Verdict::Undecided,
        (Reach::Exposed | Reach::ViaProxy | Reach::OneWay, Verdict::Allow) => Verdict::Allow,
    };
    Some(Attempt { verdict, way, outside, packet, trace })
}

/// The destination and source port, of all that rules tell apart, by which a packet gets furthest.
fn furthest(
    path: &Path,
    packet: Packet,
    destinations: &AddressSet,
    source_port: Option<u16>,
) -> Option<(Packet, Trace)> {
    let rules: Vec<&Rule> = rules(&path.filter).filter(|rule| may_match(rule, &packet)).collect();
    let source_ports = match source_port {
        _ if !packet.protocol.has_ports() => vec![0],
        Some(port) => vec![port],
        None => source_ports(&rules),
    };
    let mut best: Option<(Packet, Trace)> = None;
    for destination in ends(&rules, destinations, packet.destination) {
        for &source_port in &source_ports {
            let packet = Packet { destination, source_port, ..packet };
            let traced = trace(path, &packet);
            if traced.verdict == Verdict::Allow {
                return Some((packet, traced));
            }
            if best.as_ref().is_none_or(|(_, known)| traced.verdict < known.verdict) {
                best = Some((packet, traced));
            }
        }
    }
    best
}

fn rules(filter: &Filter) -> impl Iterator<Item = &Rule> {
    filter.lists().into_iter().flat_map(|list| list.rules.iter())
}

/// Whether a rule can match the packet with some destination and some source port.
fn may_match(rule: &Rule, packet: &Packet) -> bool {
    let matches = &rule.matches;
    matches.protocols.may.contains(packet.protocol)
        && matches.sources.may.contains(packet.source)
        && matches
            .numbers(packet.protocol)
            .is_none_or(|numbers| numbers.may.contains(packet.destination_port))
}

/// One source port of every interval that the rules tell apart, the usual one first.
fn source_ports(rules: &[&Rule]) -> Vec<u16> {
    let mut ports = vec![0];
    for rule in rules {
        for set in [&rule.matches.source_ports.must, &rule.matches.source_ports.may] {
            for &(first, last) in set.spans() {
                ports.push(first);
                ports.extend(last.checked_add(1));
            }
        }
    }
    ports.sort_unstable();
    ports.dedup();
    ports.insert(0, USUAL_SOURCE_PORT);
    ports
}

/// One destination of every interval that the rules tell apart, among those there are.
fn ends(rules: &[&Rule], destinations: &AddressSet, lowest: IpAddr) -> Vec<IpAddr> {
    let mut found = vec![lowest];
    let narrowing = rules.iter().filter(|rule| !destinations.is_subset(&rule.matches.destinations.must));
    for rule in narrowing {
        for set in [&rule.matches.destinations.must, &rule.matches.destinations.may] {
            found.extend(starts(set));
        }
    }
    found.extend(starts(destinations));
    found.retain(|address| destinations.contains(*address));
    found.sort_unstable();
    found.dedup();
    found
}

/// Where the spans of a set start, and the addresses after their ends.
fn starts(set: &AddressSet) -> Vec<IpAddr> {
    let v4 = set.v4_spans().iter().flat_map(|&(first, last)| [Some(first), last.checked_add(1)]);
    let v4 = v4.flatten().map(|address| Family::V4.address(u128::from(address)));
    let v6 = set.v6_spans().iter().flat_map(|&(first, last)| [Some(first), last.checked_add(1)]);
    let v6 = v6.flatten().map(|address| Family::V6.address(address));
    v4.chain(v6).collect()
}

const USUAL_SOURCE_PORT: u16 = 50_000;
