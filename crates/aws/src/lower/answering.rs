//! Who gets a reply from some source port, exactly, protocol by protocol (W13).
//!
//! Ports are cut where the outbound entries change; each slice is decided once. Knows no route.

use std::sync::Arc;

use cloud::{Common, REQUESTS, answered_rule};
use model::{Action, Rule, every_type};
use packet::{AddressSet, Bounds, Family, PortSet, Protocol, ProtocolSet, TypeRange};

/// To whom packets of these protocols and types are answered from some source port.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) protocols: ProtocolSet,
    /// The types and codes of ICMP it is about; `None`: all.
    pub(super) types: Option<PortSet>,
    /// Clients of one family.
    pub(super) clients: Bounds<AddressSet>,
}

/// What a list answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answers {
    pub(super) each: Vec<Answer>,
    /// Whether it answers every client of the Internet from every port, for certain.
    pub(super) is_total: bool,
}

impl Answer {
    /// What denies its packets from these clients.
    pub(super) fn rule(&self, clients: Bounds<Arc<AddressSet>>, common: &Common) -> Rule {
        let types = self.types.as_ref();
        let types = types.map_or_else(every_type, |types| Bounds::exactly(Arc::new(types.clone())));
        answered_rule(self.protocols, types, clients, common)
    }
}

impl Answers {
    /// The same for every packet.
    pub(super) fn the_same(clients: Bounds<AddressSet>, is_total: bool) -> Self {
        Self { each: vec![Answer { protocols: ProtocolSet::EVERYTHING, types: None, clients }], is_total }
    }

    /// What outbound rules, ascending by rank, answer to clients of a family that send from a port or a higher one.
    pub(super) fn of(rules: &[Rule], family: Family, internet: &AddressSet, first_port: u16) -> Self {
        let mut answers = Self { each: Vec::new(), is_total: true };
        for (protocols, protocol) in questions(rules, family) {
            for probe in probes(rules, protocol, first_port) {
                answers.ask(rules, (protocols, protocol), probe, (family, internet));
            }
        }
        answers
    }

    fn ask(
        &mut self,
        rules: &[Rule],
        (protocols, protocol): (ProtocolSet, Protocol),
        probe: Probe,
        (family, internet): (Family, &AddressSet),
    ) {
        let mut clients = Bounds { must: AddressSet::empty(), may: AddressSet::empty() };
        for number in &probe.numbers {
            let passed = decided(rules, protocol, *number, family);
            self.is_total &= internet.is_subset(&passed.must);
            clients.must = clients.must.union(&passed.must);
            clients.may = clients.may.union(&passed.may);
        }
        if probe.is_cut_short {
            self.is_total = false;
            clients.may = AddressSet::whole(family);
        }
        let same = self.each.iter_mut().find(|one| one.types == probe.types && one.clients == clients);
        match same {
            Some(one) => one.protocols = one.protocols.union(protocols),
            None => self.each.push(Answer { protocols, types: probe.types, clients }),
        }
    }
}

/// The protocols that the rules tell apart, each by itself, and all others by one that stands for them.
fn questions(rules: &[Rule], family: Family) -> Vec<(ProtocolSet, Protocol)> {
    let told = |set: ProtocolSet| if set == ProtocolSet::EVERYTHING { ProtocolSet::EMPTY } else { set };
    let own = |rule: &Rule| told(rule.matches.protocols.must).union(told(rule.matches.protocols.may));
    let named = rules.iter().fold(ASKED.into_iter().collect(), |all: ProtocolSet, rule| all.union(own(rule)));
    let others = ProtocolSet::EVERYTHING.difference(named);
    let each = named.iter().filter(|protocol| protocol.is_of(family));
    let mut questions: Vec<_> = each.map(|protocol| (ProtocolSet::only(protocol), protocol)).collect();
    questions.extend(others.iter().next().map(|stands| (others, stands)));
    questions
}

/// What is asked of one protocol.
struct Probe {
    types: Option<PortSet>,
    /// One number of each slice that the rules cut: the port of the client, or type and code of the reply.
    numbers: Vec<Option<u16>>,
    /// Whether there are more slices than are looked at.
    is_cut_short: bool,
}

fn probes(rules: &[Rule], protocol: Protocol, first_port: u16) -> Vec<Probe> {
    if protocol.has_types() {
        let own = REQUESTS.iter().filter(|request| request.protocol == protocol);
        return own
            .map(|request| Probe {
                types: Some(
                    TypeRange::Types(request.of_type, request.of_type).numbers().into_iter().collect(),
                ),
                numbers: vec![Some(packet::number(request.reply, 0))],
                is_cut_short: false,
            })
            .collect();
    }
    let mut numbers = vec![None];
    if protocol.has_ports() {
        numbers = cuts(rules, protocol, first_port).into_iter().map(Some).collect();
    }
    // Deciding a slice reads every rule.
    let slices_max = (DECISIONS_MAX / rules.len().max(1)).max(1);
    let is_cut_short = numbers.len() > slices_max;
    numbers.truncate(slices_max);
    vec![Probe { types: None, numbers, is_cut_short }]
}

/// The first port of each slice in which the same rules match.
fn cuts(rules: &[Rule], protocol: Protocol, first_port: u16) -> Vec<u16> {
    let mut cuts = vec![first_port];
    for rule in rules.iter().filter(|rule| rule.matches.protocols.may.contains(protocol)) {
        for ports in [&rule.matches.ports.must, &rule.matches.ports.may] {
            for &(first, last) in ports.spans() {
                cuts.push(first);
                cuts.extend(last.checked_add(1));
            }
        }
    }
    cuts.retain(|port| *port >= first_port);
    cuts.sort_unstable();
    cuts.dedup();
    cuts
}

/// To which clients of a family a reply leaves: the first rule that matches decides, of equal numbers either.
fn decided(rules: &[Rule], protocol: Protocol, number: Option<u16>, family: Family) -> Bounds<AddressSet> {
    let mut open = AddressSet::whole(family);
    let (mut allowed, mut denied) = (AddressSet::empty(), AddressSet::empty());
    for tied in rules.chunk_by(|one, other| one.rank == other.rank) {
        let mut closed = AddressSet::empty();
        for rule in tied {
            let numbers = rule.matches.numbers(protocol).zip(number);
            let has = |number: (&Bounds<Arc<PortSet>>, u16)| Bounds {
                must: number.0.must.contains(number.1),
                may: number.0.may.contains(number.1),
            };
            // What has no numbers is matched whatever they are.
            let held = numbers.map_or(Bounds { must: true, may: true }, has);
            let protocols = rule.matches.protocols;
            if !protocols.may.contains(protocol) || !held.may {
                continue;
            }
            let hit = open.intersection(&rule.matches.sources.may);
            match rule.action {
                Action::Allow => allowed = allowed.union(&hit),
                Action::Deny | Action::Pass => denied = denied.union(&hit),
            }
            if protocols.must.contains(protocol) && held.must {
                closed = closed.union(&rule.matches.sources.must);
            }
        }
        open = open.difference(&closed);
        if open.is_empty() {
            break;
        }
    }
    denied = denied.union(&open);
    Bounds { must: allowed.difference(&denied), may: allowed }
}

/// Protocols that are asked about by themselves, named or not: those with ports or types.
const ASKED: [Protocol; 4] = [Protocol::ICMP, Protocol::TCP, Protocol::UDP, Protocol::ICMPV6];
/// Rules read for one protocol; past it what is not looked at is possible.
const DECISIONS_MAX: usize = 1 << 18;
