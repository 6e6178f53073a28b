//! Forwarding rules: an address, what is sent to it, and who takes that (G16, G17).

use std::sync::Arc;

use cloud::{Quoted, Said, Stated, grammar};
use model::Effect;
use packet::{PortSet, Prefix, Protocol, ProtocolSet};

use crate::intake::Intake;

use super::super::{Identity, Link, Origin, Ranges, is_whole, ranges};
use super::{Scheme, link};

/// A forwarding rule, of one region or of none.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ForwardingRule {
    pub(crate) identity: Identity,
    /// The address packets are sent to; of IPv6 the range.
    pub(crate) address: Said<Prefix>,
    /// Whether it has one that is told when it is made.
    pub(crate) is_given_address: bool,
    /// Nothing: not told.
    pub(crate) carried: Said<Carried>,
    /// The ports packets are sent to. Nothing: not told.
    pub(crate) ports: Said<Arc<PortSet>>,
    pub(crate) scheme: Said<Scheme>,
    /// A proxy, a pool, an instance, a gateway; or an address of a service inside (`all-apis`).
    pub(crate) target: Said<Link>,
    pub(crate) backend_service: Said<Link>,
    /// The clients it is for; Nothing: for all that no other rule of its address takes.
    pub(crate) sources: Said<Ranges>,
    pub(crate) network: Option<Link>,
}

/// What is sent to a forwarding rule. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    These(ProtocolSet),
    /// What no rule of the same address takes that names its protocol (`L3_DEFAULT`).
    Rest,
}

impl ForwardingRule {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "forwardingRules", origin, intake)?;
        let is_given_address = stated.is_computed("IPAddress");
        Some(Self {
            identity,
            address: if is_given_address { Said::Nothing } else { address(stated, intake) },
            is_given_address,
            carried: carried(stated, intake),
            ports: ports(stated, origin, intake),
            scheme: Scheme::read(stated, intake),
            target: link(stated, "target", intake),
            backend_service: link(stated, "backendService", intake),
            sources: ranges(stated, "sourceIpRanges", intake),
            network: link(stated, "network", intake).this(),
        })
    }

    /// Whether it leads to a service of Google or of another network, for clients inside (Private Service Connect).
    pub(crate) fn is_private_connection(&self) -> bool {
        let Said::This(target) = &self.target else { return false };
        target.after("serviceAttachments").is_some()
            || matches!(target.name(), "all-apis" | "vpc-sc" | "all-google-apis")
    }
}

fn address<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Prefix> {
    let text = match stated.text("IPAddress", intake) {
        Said::This(text) => text,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    match grammar::prefix(text) {
        Ok(prefix) => Said::This(prefix),
        Err(_) => {
            let sentence = format!("`IPAddress` is {}, expected an address: it may be any", Quoted(text));
            stated.tell("unreadable-address", Effect::Undecided, &sentence, intake);
            Said::Unreadable
        }
    }
}

fn carried<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Said<Carried> {
    let word = match stated.text("IPProtocol", intake) {
        Said::This(word) => word,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    let protocol = match word.to_ascii_uppercase().as_str() {
        "TCP" => Protocol::TCP,
        "UDP" => Protocol::UDP,
        "ESP" => Protocol::ESP,
        "AH" => Protocol::AH,
        "SCTP" => Protocol::SCTP,
        "GRE" => Protocol::GRE,
        // One word for both families.
        "ICMP" => {
            let both = [Protocol::ICMP, Protocol::ICMPV6].into_iter().collect();
            return Said::This(Carried::These(both));
        }
        "L3_DEFAULT" => return Said::This(Carried::Rest),
        _ => {
            let sentence =
                format!("`IPProtocol` is {}, expected TCP, UDP, L3_DEFAULT …: any is possible", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            return Said::Unreadable;
        }
    };
    Said::This(Carried::These(ProtocolSet::only(protocol)))
}

/// The ports of `ports`, `portRange` or `allPorts`. A whole rule that has none of them takes every port.
fn ports<'a>(stated: &Stated<'_, 'a>, origin: &Origin, intake: &mut Intake<'_, 'a>) -> Said<Arc<PortSet>> {
    let every = Arc::clone(&intake.pool.common.every_port);
    let all = stated.flag("allPorts", intake);
    let (list, range) = (stated.texts("ports", intake), stated.texts("portRange", intake));
    if all == Said::This(true) {
        return Said::This(every);
    }
    let is_unread = all == Said::Unreadable || list == Said::Unreadable || range == Said::Unreadable;
    let texts: Vec<&str> =
        list.this().into_iter().flatten().chain(range.this().into_iter().flatten()).collect();
    if is_unread {
        return Said::Unreadable;
    }
    if texts.is_empty() {
        return if is_whole(stated, origin) { Said::This(every) } else { Said::Nothing };
    }
    let mut ranges = Vec::with_capacity(texts.len());
    for text in texts {
        match grammar::port_range(text) {
            Ok(range) => ranges.push(range),
            Err(error) => {
                let sentence = format!("{error}: every port is possible");
                stated.tell("unreadable-port", Effect::Undecided, &sentence, intake);
                return Said::Unreadable;
            }
        }
    }
    Said::This(intake.pool.port_set(ranges.into_iter().collect()))
}
