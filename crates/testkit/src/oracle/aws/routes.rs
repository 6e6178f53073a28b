//! The way back of a reply: the longest prefix decides (W14, W15, W16).

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{Prefix, edges, field, is_internet, members, text};
use super::line::From;
use crate::oracle::verdict::Verdict;

/// The routes of a subnet, those that are asked first in front.
#[derive(Clone, Debug)]
pub(super) struct Routes {
    known: Vec<(Prefix, Strength, Verdict)>,
    /// What becomes of replies to clients that a route speaks of whose prefixes nobody knows.
    unknown: Vec<(bool, Verdict)>,
    /// Whether a route leads to an egress-only gateway.
    outbound_only: bool,
}

/// Which route of two equally long ones counts: the lower one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Stated,
    OfList,
    Propagated,
}

impl Routes {
    /// W15: what leaves over IPv6 by an egress-only gateway alone lets no flow in.
    pub(super) fn lets_in(&self, v6: bool) -> bool {
        let ends = self.known.iter().flat_map(|(prefix, ..)| prefix.ends());
        let mut clients = ends.chain(edges()).filter(|client| client.is_ipv6() == v6 && is_internet(*client));
        !(v6 && self.outbound_only) || clients.any(|client| self.decide(client) != Verdict::Deny)
    }

    /// Whether a reply to a client leaves to the Internet.
    pub(super) fn decide(&self, client: IpAddr) -> Verdict {
        // They stand in the order of their rank; which of two equal ones counts nobody says.
        let mut best: Option<(u32, Strength, Verdict)> = None;
        for (prefix, strength, hop) in &self.known {
            match &mut best {
                Some((length, own, _)) if (*length, *own) != (prefix.length, *strength) => break,
                _ if !prefix.holds(client) => {}
                Some((_, _, before)) => *before = before.or(*hop),
                none => *none = Some((prefix.length, *strength, *hop)),
            }
        }
        let mut verdict = best.map_or(Verdict::Deny, |(_, _, hop)| hop);
        for (_, hop) in self.unknown.iter().filter(|(v6, _)| *v6 == client.is_ipv6()) {
            verdict = verdict.or(*hop);
        }
        verdict
    }
}

impl Estate {
    /// W16: the table of a subnet is its own or the main one of its network.
    pub(super) fn routes(&self, subnet: &str, network: &str) -> Option<Routes> {
        let tables = || self.all("RouteTables").iter();
        let own = |table: &&Value| {
            members(table, "Associations").any(|association| text(association, "SubnetId") == Some(subnet))
        };
        let main = |table: &&Value| {
            let is_main = |it: &Value| field(it, "Main") == Some(&Value::Bool(true));
            text(table, "VpcId") == Some(network) && members(table, "Associations").any(is_main)
        };
        let table = tables().find(own).or_else(|| tables().find(main))?;
        let mut routes = Routes { known: Vec::new(), unknown: Vec::new(), outbound_only: false };
        members(table, "Routes").for_each(|route| self.route(route, &mut routes));
        routes.known.sort_by_key(|(prefix, strength, _)| (core::cmp::Reverse(prefix.length), *strength));
        Some(routes)
    }

    fn route(&self, route: &Value, routes: &mut Routes) {
        let hop = self.hop(route);
        let propagated = text(route, "Origin") == Some("EnableVgwRoutePropagation");
        let leaves = text(route, "EgressOnlyInternetGatewayId").is_some();
        routes.outbound_only |= leaves && text(route, "State") != Some("blackhole");
        let strength = if propagated { Strength::Propagated } else { Strength::Stated };
        for key in ["DestinationCidrBlock", "DestinationIpv6CidrBlock"] {
            let prefix = text(route, key).and_then(Prefix::parse);
            routes.known.extend(prefix.map(|prefix| (prefix, strength, hop)));
        }
        if let Some(list) = text(route, "DestinationPrefixListId") {
            for entry in self.prefix_list(list) {
                match entry {
                    From::Prefix(prefix) => routes.known.push((prefix, Strength::OfList, hop)),
                    From::Perhaps(prefix) => routes.unknown.push((prefix.v6, hop)),
                    From::Some { v6 } => routes.unknown.push((v6, hop)),
                    From::Nobody => {}
                }
            }
        }
    }

    /// Whether what follows a route leaves to the Internet, as a reply of the flow it answers.
    fn hop(&self, route: &Value) -> Verdict {
        if text(route, "State") == Some("blackhole") {
            return Verdict::Deny;
        }
        let gateway = text(route, "GatewayId").unwrap_or_default();
        // What these send on has another address than the client spoke to. A transit or private gateway may lead to what
        // sends it out again.
        let lost = LOST.iter().any(|key| text(route, key).is_some());
        match gateway {
            _ if gateway.starts_with("igw-") => Verdict::Allow,
            _ if gateway == "local" || lost => Verdict::Deny,
            _ => Verdict::Undecided,
        }
    }
}

const LOST: [&str; 5] = [
    "NatGatewayId",
    "EgressOnlyInternetGatewayId",
    "CarrierGatewayId",
    "LocalGatewayId",
    "VpcPeeringConnectionId",
];
