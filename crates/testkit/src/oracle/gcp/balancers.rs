//! Forwarding rules that pass packets on as they are (G16): to an instance, to a pool, to the groups of a service.

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{From, hold, members, text, texts};
use super::interfaces::Interface;
use super::line::range;
use super::way::{EXTERNAL, Way};
use crate::oracle::verdict::{Match, Packet};

/// Which packets a rule takes of those that come to its address.
#[derive(Clone, Debug)]
pub(super) struct Taken {
    protocols: Vec<u8>,
    /// None: all of them.
    ports: Vec<(u16, u16)>,
    /// Whether it takes what rules that name a protocol leave.
    is_rest: bool,
    /// Whom it is for; none: everybody.
    clients: Vec<From>,
}

impl Taken {
    pub(super) fn carries(&self, packet: &Packet) -> bool {
        let ported = [6, 17, 132].contains(&packet.protocol);
        let inside = self.ports.iter().any(|(first, last)| (*first..=*last).contains(&packet.port));
        self.protocols.contains(&packet.protocol) && (!ported || self.ports.is_empty() || inside)
    }

    /// Whether it is for a client.
    pub(super) fn is_for(&self, client: IpAddr) -> Match {
        if self.clients.is_empty() { Match::Yes } else { hold(&self.clients, client) }
    }

    /// Whether another rule of the address takes a packet from it: one that names the protocol comes before the rest,
    /// one for some clients before the one for everybody. Which of two for some clients comes first is not documented.
    pub(super) fn loses(&self, other: &Self, packet: &Packet) -> Match {
        let comes_first = self.is_rest && !other.is_rest;
        if !other.carries(packet) || other.is_rest && !self.is_rest {
            return Match::No;
        }
        match (comes_first, self.clients.is_empty(), other.clients.is_empty()) {
            (true, ..) | (false, true, false) => other.is_for(packet.source),
            (false, false, false) => other.is_for(packet.source).min(Match::Maybe),
            (false, _, true) => Match::No,
        }
    }
}

impl Estate {
    /// The ways of forwarding rules to an interface: the first one of an instance takes part.
    pub(super) fn forwarded(&self, interface: &Interface) -> Vec<Way> {
        let first = interface.id.ends_with("/nic0");
        let rules = self.all("forwardingRules").iter().filter(|rule| first && self.leads(rule, interface));
        rules.map(|rule| self.way(rule)).collect()
    }

    fn leads(&self, rule: &Value, interface: &Interface) -> bool {
        let link = |key| text(rule, key).unwrap_or_default();
        let to_instance = self.find("targetInstances", link("target")).and_then(|it| text(it, "instance"));
        let pool = self.find("targetPools", link("target")).into_iter().flat_map(|it| texts(it, "instances"));
        let service = self.find("backendServices", link("backendService"));
        let groups =
            service.into_iter().flat_map(|it| members(it, "backends")).filter_map(|it| text(it, "group"));
        let grouped = groups.flat_map(|group| {
            let own = |it: &&Value| text(it, "instanceGroup").is_some_and(|it| self.same(it, group));
            let answers = self.all("instanceGroupMembers").iter().filter(own);
            answers.flat_map(|it| members(it, "items")).filter_map(|it| text(it, "instance"))
        });
        let mut all = to_instance.into_iter().chain(pool).chain(grouped);
        is_external(rule) && all.any(|it| self.same(it, &interface.instance))
    }

    fn way(&self, rule: &Value) -> Way {
        let address = address(rule);
        let v6 = is_v6(rule);
        let others = self.all("forwardingRules").iter().filter(|other| {
            let same = address.is_some() && self::address(other) == address;
            same && is_external(other) && self.id(other) != self.id(rule)
        });
        Way {
            fronts: address.into_iter().collect(),
            lets_in: [!v6, v6],
            destinations: [false, true].map(|own| address.filter(|_| v6 == own).into_iter().collect()),
            taken: Some(taken(rule)),
            rivals: others.map(taken).collect(),
            returns: true,
        }
    }
}

fn is_external(rule: &Value) -> bool {
    text(rule, "loadBalancingScheme").is_none_or(|it| it == "EXTERNAL")
}

fn address(rule: &Value) -> Option<IpAddr> {
    text(rule, "IPAddress")?.split('/').next()?.parse().ok()
}

fn is_v6(rule: &Value) -> bool {
    text(rule, "ipVersion") == Some("IPV6") || address(rule).is_some_and(|it| it.is_ipv6())
}

fn taken(rule: &Value) -> Taken {
    let word = text(rule, "IPProtocol").unwrap_or("TCP").to_ascii_uppercase();
    let is_rest = word == "L3_DEFAULT";
    let protocols = match word.as_str() {
        "TCP" => vec![6],
        "UDP" => vec![17],
        "ICMP" if is_v6(rule) => vec![58],
        "ICMP" => vec![1],
        "ESP" => vec![50],
        "AH" => vec![51],
        "SCTP" => vec![132],
        // A load balancer takes fewer than an instance does.
        _ if text(rule, "target").is_none() => vec![1, 6, 17, 47, 50, 58],
        _ => EXTERNAL.to_vec(),
    };
    let ports = texts(rule, "ports").into_iter().chain(text(rule, "portRange")).filter_map(range);
    let clients = texts(rule, "sourceIpRanges").into_iter().map(From::of);
    Taken { protocols, ports: ports.collect(), is_rest, clients: clients.collect() }
}
