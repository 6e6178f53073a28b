//! Network ACLs: numbered, first match, then `*`; both ways, because they keep no flows (W9, W10, W12, W13).

use core::net::IpAddr;

use serde_json::Value;

use super::Estate;
use super::fields::{field, members, number, text};
use super::line::{From, Line, Ports, Protocols};
use crate::oracle::verdict::{Match, Verdict};

/// The entries of one way, in the order they are read.
#[derive(Clone, Debug)]
pub(super) struct List {
    entries: Vec<(Line, Verdict)>,
}

impl List {
    pub(super) fn decide(&self, protocol: u8, address: IpAddr, port: u16) -> Verdict {
        // What an uncertain entry would have done, and what those behind it do.
        let mut doubted: Option<Verdict> = None;
        for (line, action) in &self.entries {
            match line.matches(protocol, address, port) {
                Match::No => {}
                Match::Maybe => doubted = Some(doubted.map_or(*action, |before| before.or(*action))),
                Match::Yes => return doubted.map_or(*action, |before| before.or(*action)),
            }
        }
        doubted.map_or(Verdict::Deny, |before| before.or(Verdict::Deny))
    }

    /// The ports that its entries tell apart, as far as a caller chooses among them.
    pub(super) fn ports(&self) -> Vec<u16> {
        let mut ports = vec![0];
        for (line, _) in &self.entries {
            if let (
                Protocols::All | Protocols::One(6 | 17) | Protocols::Unreadable,
                Ports::Range(first, last),
            ) = (line.protocol, line.ports)
            {
                ports.push(first);
                ports.extend(last.checked_add(1));
            }
        }
        ports.sort_unstable();
        ports.dedup();
        ports
    }
}

impl Estate {
    /// The two lists of a subnet, inbound first; `None` where the input does not have them.
    pub(super) fn lists(&self, subnet: &str) -> Option<[List; 2]> {
        let stands = |acl: &&Value| {
            members(acl, "Associations").any(|association| text(association, "SubnetId") == Some(subnet))
        };
        let acl = self.all("NetworkAcls").iter().find(stands)?;
        Some([list(acl, false), list(acl, true)])
    }
}

fn list(acl: &Value, egress: bool) -> List {
    let own = members(acl, "Entries").filter(|entry| field(entry, "Egress") == Some(&Value::Bool(egress)));
    let mut numbered: Vec<(i64, &Value)> =
        own.map(|entry| (number(entry, "RuleNumber").unwrap_or_default(), entry)).collect();
    numbered.sort_by_key(|(number, _)| *number);
    List { entries: numbered.into_iter().map(|(_, entry)| (line(entry), action(entry))).collect() }
}

fn action(entry: &Value) -> Verdict {
    match text(entry, "RuleAction") {
        Some("allow") => Verdict::Allow,
        Some("deny") => Verdict::Deny,
        _ => Verdict::Undecided,
    }
}

fn line(entry: &Value) -> Line {
    let protocol = Protocols::read(entry, "Protocol");
    let ports = match protocol {
        Protocols::One(6 | 17) => field(entry, "PortRange")
            .map_or(Ports::All, |range| Ports::range(number(range, "From"), number(range, "To"))),
        Protocols::One(1 | 58) => field(entry, "IcmpTypeCode")
            .map_or(Ports::All, |types| Ports::types(number(types, "Type"), number(types, "Code"))),
        Protocols::One(_) | Protocols::All | Protocols::Unreadable => Ports::All,
    };
    let from = match (text(entry, "CidrBlock"), text(entry, "Ipv6CidrBlock")) {
        (Some(cidr), _) => From::of_cidr(cidr, false),
        (None, Some(cidr)) => From::of_cidr(cidr, true),
        (None, None) => From::Nobody,
    };
    Line { protocol, ports, from }
}
