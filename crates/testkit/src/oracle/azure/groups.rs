//! Lists of rules at one place: what one line matches, groups in ascending priority (A1 to A28).
//!
//! Knows no load balancer and no gateway: those say which destination packets carry, and whose source.

use core::net::IpAddr;

use serde_json::{Value, json};

use super::addresses::{Prefix, bits, is_host, parse, range};
use super::fields::{either, members, number, same, text};
use super::verdict::{Match, Verdict};

/// What `VirtualNetwork` is at one subnet.
#[derive(Clone, Debug)]
pub(super) struct Network {
    pub(super) own: Vec<Prefix>,
    pub(super) peers: Vec<Prefix>,
    /// Each with whether it is certain to join.
    pub(super) routes: Vec<(Prefix, bool)>,
}

/// The destination that packets carry when the groups see them.
#[derive(Clone, Debug)]
pub(super) enum Aim {
    /// This one; `None` where the input does not have it.
    Address { address: Option<IpAddr>, v6: bool },
    /// AP3: a frontend's, of an ip-configuration that has an address of its own.
    Floating { front: Option<IpAddr>, own: Box<Self>, v6: bool },
    /// One in these prefixes, not known which.
    Within(Vec<Prefix>),
}

/// One rule at one place, whose destination it has already been asked about.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) priority: u64,
    pub(super) action: Verdict,
    pub(super) certain: Match,
    pub(super) protocol: Spoken,
    pub(super) restricted: bool,
    pub(super) ports: Vec<Option<(u16, u16)>>,
    pub(super) source_ports: Vec<Option<(u16, u16)>>,
    pub(super) sources: Vec<Term>,
    pub(super) destination: Match,
}

/// The protocol of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Spoken {
    Every,
    One(u8),
    Unknown,
}

/// One text of a side.
#[derive(Debug)]
pub(super) enum Term {
    Everything,
    Prefix(Prefix),
    VirtualNetwork,
    Internet,
    Host,
    Unknown,
}

impl Line {
    /// Whether it matches a packet as it is seen at its place.
    pub(super) fn matches(
        &self,
        network: Option<&Network>,
        protocol: u8,
        source: IpAddr,
        port: u16,
        source_port: u16,
    ) -> Match {
        let spoken = match self.protocol {
            Spoken::Every => Match::Yes,
            Spoken::One(number) => Match::from(number == protocol),
            Spoken::Unknown => Match::Maybe,
        };
        let ports = match ([6, 17].contains(&protocol), self.restricted, self.protocol) {
            (true, _, _) => within(&self.ports, port).min(within(&self.source_ports, source_port)),
            (false, false, _) => Match::Yes,
            // A12: Any with ports matches nothing portless. A protocol named with ports: not documented.
            (false, true, Spoken::Every) => Match::No,
            (false, true, Spoken::One(_) | Spoken::Unknown) => Match::Maybe,
        };
        let early = spoken.min(ports).min(self.destination).min(self.certain);
        if early == Match::No {
            return Match::No;
        }
        let sources = self.sources.iter().map(|it| it.holds(network, source)).max();
        early.min(sources.unwrap_or(Match::No))
    }
}

impl Term {
    pub(super) fn holds(&self, network: Option<&Network>, address: IpAddr) -> Match {
        match self {
            Self::Everything => Match::Yes,
            Self::Prefix(prefix) => Match::from(prefix.holds(address)),
            Self::VirtualNetwork => in_network(network, address),
            Self::Internet => in_internet_tag(network, address),
            Self::Host => Match::from(is_host(address)),
            // A20, C8: a tag whose members are not in the input, or something not understood.
            Self::Unknown => Match::Maybe,
        }
    }
}

fn in_network(network: Option<&Network>, address: IpAddr) -> Match {
    if is_host(address) {
        return Match::Yes;
    }
    let Some(network) = network else { return Match::Maybe };
    let inside = network.own.iter().chain(&network.peers).any(|prefix| prefix.holds(address));
    let routed = network.routes.iter().filter(|(prefix, _)| prefix.holds(address));
    let routed = routed.map(|(_, certain)| if *certain { Match::Yes } else { Match::Maybe }).max();
    Match::from(inside).max(routed.unwrap_or(Match::No))
}

/// A14: what is outside of the network; A15: with a default route that is not certain of anything.
fn in_internet_tag(network: Option<&Network>, address: IpAddr) -> Match {
    let Some(known) = network else { return Match::Maybe };
    let own = known.own.iter().any(|prefix| prefix.holds(address));
    if has_default_route(known, address.is_ipv6()) {
        return if own { Match::No } else { Match::Maybe };
    }
    match in_network(network, address) {
        Match::No => Match::Yes,
        Match::Maybe => Match::Maybe,
        Match::Yes => Match::No,
    }
}

/// Whether the routes of a family cover all of it, be it in pieces (C3).
fn has_default_route(network: &Network, v6: bool) -> bool {
    let mut routes: Vec<_> =
        network.routes.iter().map(|(prefix, _)| prefix).filter(|it| it.v6 == v6).collect();
    routes.sort_by_key(|prefix| prefix.first());
    let mut next = Some(0);
    for route in routes {
        let ((_, first), (_, last)) = (bits(route.first()), bits(route.last()));
        if next.is_some_and(|next| first <= next && last >= next) {
            let end = if v6 { u128::MAX } else { u128::from(u32::MAX) };
            next = (last < end).then(|| last + 1);
        }
    }
    next.is_none()
}

impl Aim {
    /// Whether a destination of a rule holds what packets carry.
    pub(super) fn is_in(&self, term: &Term, network: Option<&Network>) -> Match {
        let one = |address: &Option<IpAddr>, v6: bool| match (term, address) {
            (Term::Everything, _) => Match::Yes,
            (term, Some(address)) => term.holds(network, *address),
            (Term::Prefix(prefix), None) => Match::from(prefix.v6 == v6).min(Match::Maybe),
            (Term::VirtualNetwork | Term::Internet | Term::Host | Term::Unknown, None) => Match::Maybe,
        };
        match self {
            Self::Address { address, v6 } => one(address, *v6),
            // AP3: where only the private address is named, it is not known whether it matches.
            Self::Floating { front, own, v6 } => {
                // A public address that is not known is no private one.
                let private = match (front, term) {
                    (None, Term::Prefix(prefix)) => is_private(prefix),
                    _ => false,
                };
                let outside = if private { Match::No } else { one(front, *v6) };
                outside.max(own.is_in(term, network).min(Match::Maybe))
            }
            Self::Within(prefixes) => within_some(term, prefixes, network),
        }
    }
}

fn is_private(prefix: &Prefix) -> bool {
    let private = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"];
    private.into_iter().filter_map(parse).any(|outer| outer.covers(prefix))
}

fn within_some(term: &Term, prefixes: &[Prefix], network: Option<&Network>) -> Match {
    let one = |inner: &Prefix| match term {
        Term::Everything => Match::Yes,
        Term::Prefix(outer) if outer.covers(inner) => Match::Yes,
        Term::Prefix(outer) => Match::from(inner.covers(outer)).min(Match::Maybe),
        Term::VirtualNetwork | Term::Internet | Term::Host | Term::Unknown => {
            term.holds(network, inner.first())
        }
    };
    let all: Vec<Match> = prefixes.iter().map(one).collect();
    match (all.iter().min(), all.iter().max()) {
        (Some(low), Some(high)) if low == high => *low,
        (Some(_), Some(Match::No)) => Match::No,
        (Some(_), Some(_)) | (None, _) | (_, None) => Match::Maybe,
    }
}

/// The inbound rules of a group in ascending priority, the provider's own included (A2).
pub(super) fn lines(group: &Value, aim: &Aim, member_of: &[&str], network: Option<&Network>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for rule in members(group, "securityRules") {
        lines.extend(line(rule, false, aim, member_of, network));
    }
    let defaults = defaults();
    let stated: Vec<&Value> = members(group, "defaultSecurityRules").collect();
    let left_out = defaults.iter().filter(|rule| !stated.iter().any(|it| number(it) == number(rule)));
    for rule in stated.iter().copied().chain(left_out) {
        lines.extend(line(rule, true, aim, member_of, network));
    }
    lines.sort_by_key(|line| line.priority);
    lines
}

/// A2.
fn defaults() -> [Value; 3] {
    let rule = |priority: u64, access: &str, source: &str, destination: &str| {
        json!({
            "priority": priority, "access": access, "direction": "Inbound", "protocol": "*",
            "sourceAddressPrefix": source, "destinationAddressPrefix": destination,
            "sourcePortRange": "*", "destinationPortRange": "*",
        })
    };
    [
        rule(65000, "Allow", "VirtualNetwork", "VirtualNetwork"),
        rule(65001, "Allow", "AzureLoadBalancer", "*"),
        rule(65500, "Deny", "*", "*"),
    ]
}

fn line(
    rule: &Value,
    built_in: bool,
    aim: &Aim,
    member_of: &[&str],
    network: Option<&Network>,
) -> Option<Line> {
    let inbound = match text(rule, "direction") {
        Some(direction) if same(direction, "Outbound") => return None,
        Some(direction) if same(direction, "Inbound") => Match::Yes,
        Some(_) | None => Match::Maybe,
    };
    let reached = side(rule, "destination", built_in).iter().map(|term| aim.is_in(term, network)).max();
    // A21: a destination holds the configurations that are in it, by their own addresses (AP3).
    let floats = matches!(aim, Aim::Floating { .. });
    let member = members(rule, "destinationApplicationSecurityGroups")
        .any(|group| text(group, "id").is_some_and(|id| member_of.iter().any(|member| same(member, id))));
    let member = Match::from(member).min(if floats { Match::Maybe } else { Match::Yes });
    let ports = either(rule, "destinationPortRange", "destinationPortRanges");
    let source_ports = either(rule, "sourcePortRange", "sourcePortRanges");
    let priority = number(rule);
    Some(Line {
        // Without a place in the order it may come first.
        priority: priority.unwrap_or_default(),
        certain: inbound.min(if priority.is_some() { Match::Yes } else { Match::Maybe }),
        action: access(rule),
        protocol: protocol(rule),
        restricted: !covers_all(&ports) || !covers_all(&source_ports),
        ports: ports.iter().map(|text| range(text)).collect(),
        source_ports: source_ports.iter().map(|text| range(text)).collect(),
        sources: side(rule, "source", built_in),
        destination: reached.unwrap_or(Match::No).max(member),
    })
}

/// The texts of a side (A9, A10). As a source an application security group never holds the Internet (A21).
fn side(rule: &Value, side: &str, built_in: bool) -> Vec<Term> {
    let texts = either(rule, &format!("{side}AddressPrefix"), &format!("{side}AddressPrefixes"));
    let groups = members(rule, &format!("{side}ApplicationSecurityGroups")).count();
    if texts.is_empty() && groups == 0 {
        // C4: nothing given is not known to mean nothing.
        return vec![Term::Unknown];
    }
    texts.into_iter().map(|text| term(text.trim(), built_in)).collect()
}

pub(super) fn term(text: &str, built_in: bool) -> Term {
    match text.to_ascii_lowercase().as_str() {
        "*" | "any" => Term::Everything,
        // A24: in the defaults it stands for both families.
        "0.0.0.0/0" if built_in => Term::Everything,
        "virtualnetwork" | "virtual_network" => Term::VirtualNetwork,
        "internet" => Term::Internet,
        "azureloadbalancer" | "azure_loadbalancer" => Term::Host,
        _ => parse(text).map_or(Term::Unknown, Term::Prefix),
    }
}

/// A text that cannot be read may be any port, and so may no text at all.
pub(super) fn within(ranges: &[Option<(u16, u16)>], port: u16) -> Match {
    let held = |range: &Option<(u16, u16)>| match range {
        Some((first, last)) => Match::from((*first..=*last).contains(&port)),
        None => Match::Maybe,
    };
    ranges.iter().map(held).max().unwrap_or(Match::Maybe)
}

fn access(rule: &Value) -> Verdict {
    match text(rule, "access") {
        Some(access) if same(access, "Allow") => Verdict::Allow,
        Some(access) if same(access, "Deny") => Verdict::Deny,
        Some(_) | None => Verdict::Undecided,
    }
}

/// A11, A12.
pub(super) fn protocol(rule: &Value) -> Spoken {
    let Some(name) = text(rule, "protocol") else { return Spoken::Unknown };
    match name.trim().to_ascii_lowercase().as_str() {
        "*" | "any" | "all" => Spoken::Every,
        "icmp" => Spoken::One(1),
        "tcp" => Spoken::One(6),
        "udp" => Spoken::One(17),
        "esp" => Spoken::One(50),
        "ah" => Spoken::One(51),
        other => other.parse().map_or(Spoken::Unknown, Spoken::One),
    }
}

pub(super) fn covers_all(texts: &[&str]) -> bool {
    let mut ranges: Vec<(u16, u16)> = texts.iter().filter_map(|text| range(text)).collect();
    ranges.sort_unstable();
    let mut next = 0_u32;
    for (first, last) in ranges {
        if u32::from(first) <= next {
            next = next.max(u32::from(last) + 1);
        }
    }
    next > u32::from(u16::MAX)
}
