//! The way back: which packets that come in get a reply, as rules over packets that come in.
//!
//! A reply takes the route with the longest prefix that holds its client. Rules of replies take away and open nothing: who
//! is told as having opened something is who let it in. Knows no rule of any provider.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Action, Matches, Name, Rule, every_type};
use packet::{AddressSet, Bounds, PortSet, Prefix, Protocol, ProtocolSet, TypeRange};

use crate::pool::Common;

/// What becomes of a reply. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Out to the Internet, as it came.
    Returns,
    /// Elsewhere, and lost.
    Lost,
    /// To what may lead it on.
    Unknown,
}

impl Outcome {
    /// Lays it over what is known of clients so far.
    pub fn paint(self, clients: &mut Bounds<AddressSet>, over: &AddressSet, is_certain: bool) {
        match (self, is_certain) {
            (Self::Returns, true) => {
                clients.must = clients.must.union(over);
                clients.may = clients.may.union(over);
            }
            (Self::Returns, false) => clients.may = clients.may.union(over),
            (Self::Lost, true) => {
                clients.must = clients.must.difference(over);
                clients.may = clients.may.difference(over);
            }
            (Self::Lost, false) => clients.must = clients.must.difference(over),
            (Self::Unknown, _) => {
                clients.must = clients.must.difference(over);
                clients.may = clients.may.union(over);
            }
        }
    }
}

/// One route, before others of the same prefix are left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leading {
    /// For which clients.
    pub towards: Prefix,
    /// What becomes of replies to them.
    pub outcome: Outcome,
    /// Whether it is there for certain; if not, a shorter one may count.
    pub is_certain: bool,
}

/// The clients whose replies return by routes, each prefix given once. Routes of one length are apart from each other, so
/// lengths are painted one after the other, the shortest first.
#[must_use]
pub fn answered_by(routes: impl Iterator<Item = Leading>) -> Bounds<AddressSet> {
    let mut by_length: BTreeMap<u8, Vec<Leading>> = BTreeMap::new();
    for route in routes {
        by_length.entry(route.towards.length()).or_default().push(route);
    }
    let mut clients = Bounds { must: AddressSet::empty(), may: AddressSet::empty() };
    for routes in by_length.into_values() {
        for outcome in [Outcome::Returns, Outcome::Lost, Outcome::Unknown] {
            for is_certain in [true, false] {
                let fitting =
                    routes.iter().filter(|one| one.outcome == outcome && one.is_certain == is_certain);
                let over: AddressSet = fitting.map(|route| route.towards).collect();
                outcome.paint(&mut clients, &over, is_certain);
            }
        }
    }
    clients
}

/// The rules of one route: of one that may lead on, both answers, neither before the other.
#[must_use]
pub fn route_rules(
    name: Name,
    rank: u32,
    outcome: Outcome,
    sources: &Bounds<Arc<AddressSet>>,
    common: &Common,
) -> Vec<Rule> {
    let actions: &[Action] = match outcome {
        // It takes nothing away, and opens nothing either.
        Outcome::Returns => &[Action::Pass],
        Outcome::Lost => &[Action::Deny],
        Outcome::Unknown => &[Action::Pass, Action::Deny],
    };
    actions.iter().map(|action| rule(Arc::clone(&name), rank, *action, sources.clone(), common)).collect()
}

/// What denies all that no route before it holds.
#[must_use]
pub fn no_route(rank: u32, common: &Common) -> Rule {
    let everybody = Bounds::exactly(Arc::clone(&common.everything));
    Rule { built_in: true, ..rule("no route".into(), rank, Action::Deny, everybody, common) }
}

fn rule(name: Name, rank: u32, action: Action, sources: Bounds<Arc<AddressSet>>, common: &Common) -> Rule {
    let every_port = Bounds::exactly(Arc::clone(&common.every_port));
    Rule {
        written: Arc::clone(&name),
        name,
        priority: None,
        rank,
        action,
        matches: Matches {
            protocols: Bounds::exactly(ProtocolSet::EVERYTHING),
            sources,
            tags: Vec::new(),
            source_ports: every_port.clone(),
            destinations: Bounds::exactly(Arc::clone(&common.everything)),
            ports: every_port,
            types: every_type(),
        },
        built_in: false,
        provenance: None,
    }
}

/// What denies the packets of clients that are answered.
#[must_use]
pub fn answered_rule(
    protocols: ProtocolSet,
    types: Bounds<Arc<PortSet>>,
    sources: Bounds<Arc<AddressSet>>,
    common: &Common,
) -> Rule {
    let rule = rule("answered".into(), 1, Action::Deny, sources, common);
    let matches = Matches { protocols: Bounds::exactly(protocols), types, ..rule.matches };
    Rule { matches, written: "".into(), built_in: true, ..rule }
}

/// What leaves alone all that needs no reply: every type of ICMP that is no request.
#[must_use]
pub fn without_reply(common: &Common) -> Vec<Rule> {
    let without = |protocol: Protocol| {
        let own = REQUESTS.iter().filter(|request| request.protocol == protocol);
        let asked: PortSet = own.filter_map(|request| whole_type(request.of_type)).collect();
        let everybody = Bounds::exactly(Arc::clone(&common.everything));
        let rule = rule("needs no reply".into(), 0, Action::Pass, everybody, common);
        let types = Bounds::exactly(Arc::new(asked.complement()));
        let protocols = Bounds::exactly(ProtocolSet::only(protocol));
        let matches = Matches { protocols, types, ..rule.matches };
        Rule { matches, written: "".into(), built_in: true, ..rule }
    };
    vec![without(Protocol::ICMP), without(Protocol::ICMPV6)]
}

/// A type of ICMP that somebody answers.
#[derive(Clone, Copy, Debug)]
pub struct Request {
    /// ICMP or ICMPv6.
    pub protocol: Protocol,
    /// The type of the question.
    pub of_type: u8,
    /// The type of the answer.
    pub reply: u8,
}

/// Echo, timestamp, information and address mask (RFC 792, RFC 950); echo of ICMPv6 (RFC 4443).
pub const REQUESTS: [Request; 5] = [
    Request { protocol: Protocol::ICMP, of_type: 8, reply: 0 },
    Request { protocol: Protocol::ICMP, of_type: 13, reply: 14 },
    Request { protocol: Protocol::ICMP, of_type: 15, reply: 16 },
    Request { protocol: Protocol::ICMP, of_type: 17, reply: 18 },
    Request { protocol: Protocol::ICMPV6, of_type: 128, reply: 129 },
];

/// All codes of a type.
#[must_use]
pub fn whole_type(of_type: u8) -> Option<packet::PortRange> {
    TypeRange::Types(of_type, of_type).numbers()
}
