//! How packets from outside come to a forwarding rule.
//!
//! Knows nothing of what takes them there.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, Said};
use model::{Action, Destinations, Effect, Filter, Front, Gap, Hop, Name};
use packet::{AddressSet, Family, PortSet, Prefix, Protocol, ProtocolSet};

use crate::resource::{Carried, ForwardingRule, Scheme, Selection};

use super::super::Lowering;
use super::BALANCER_KIND;

/// Packets that come to a forwarding rule.
#[derive(Clone, Debug)]
pub(super) struct Arrival {
    pub(super) front: Front,
    /// The family in which clients come.
    pub(super) family: Family,
    /// Where they are sent to.
    pub(super) destinations: Destinations,
    pub(super) protocols: ProtocolSet,
    pub(super) ports: Arc<PortSet>,
    pub(super) hops: Vec<Hop>,
    /// What decides on clients before they are handed on, at whatever port.
    pub(super) before: Vec<Filter>,
    /// Who asks in the name of clients, if somebody does.
    pub(super) proxy: Option<Proxy>,
}

/// Proxies that ask in the name of clients (G17).
#[derive(Clone, Debug)]
pub(super) struct Proxy {
    /// The addresses they ask from, in each family.
    pub(super) seen_v4: Arc<AddressSet>,
    pub(super) seen_v6: Arc<AddressSet>,
    pub(super) selection: Selection,
}

impl Arrival {
    /// The same, led on by something with a name.
    pub(super) fn led_by(&self, name: &Name) -> Self {
        let mut arrival = self.clone();
        if let Some(hop) = arrival.hops.last_mut() {
            hop.rule = Some(Arc::clone(name));
        }
        arrival
    }
}

impl<'e> Lowering<'e> {
    /// How packets of the Internet come to a forwarding rule; `None` where none do.
    pub(super) fn arrival(&mut self, rule: &'e ForwardingRule) -> Option<Arrival> {
        let address = match &rule.address {
            Said::This(address) => Some(*address),
            Said::Nothing | Said::Unreadable => None,
        };
        let doubtful_scheme = match clients(rule, address) {
            Clients::Inside => return None,
            Clients::Internet => None,
            Clients::Either => Some(SCHEME),
        };
        if rule.address == Said::Nothing && !rule.is_given_address {
            let sentence =
                "its address is not told: rules that speak of it, and others of the same address, may decide";
            self.tell_rule(rule, "missing-field", sentence);
        }
        let (protocols, doubtful_protocol) = match rule.carried {
            Said::This(Carried::These(protocols)) => (protocols, None),
            Said::This(Carried::Rest) => (rest(rule), None),
            Said::Nothing | Said::Unreadable => (every(), Some(PROTOCOL)),
        };
        let (ports, doubtful_ports) = match &rule.ports {
            Said::This(ports) => (Arc::clone(ports), None),
            Said::Nothing | Said::Unreadable => (Arc::clone(&self.common.every_port), Some(PORTS)),
        };
        let mut before: Vec<Filter> = self.steered(rule).into_iter().collect();
        let doubtful_address = self.may_share_address(rule).then_some(ADDRESS);
        let doubts = [doubtful_scheme, doubtful_protocol, doubtful_ports, doubtful_address];
        for doubt in doubts.into_iter().flatten() {
            before.push(self.doubted(Filter::Always(Action::Allow), doubt));
        }
        let family = address.map_or(Family::V4, Prefix::family);
        Some(Arrival {
            front: self.front_of(rule, address),
            family,
            destinations: match address {
                Some(address) => Destinations::These(Arc::new(address.into())),
                None => Destinations::SomeOf(Arc::new(AddressSet::whole(family))),
            },
            protocols,
            ports,
            hops: vec![Hop {
                kind: BALANCER_KIND,
                id: Arc::clone(&rule.identity.id),
                name: Arc::clone(&rule.identity.name),
                rule: None,
                provenance: Some(rule.identity.read_at.0),
            }],
            before,
            proxy: None,
        })
    }

    /// Whether others may take what is sent to the address of a rule, which is told when it is made: what names its protocol
    /// comes before what does not, and what names its clients before what is for all.
    fn may_share_address(&self, rule: &ForwardingRule) -> bool {
        let mut others = self
            .estate
            .resources
            .forwarding_rules
            .values()
            .filter(|other| other.is_given_address && other.identity.key != rule.identity.key);
        let is_rest = matches!(rule.carried, Said::This(Carried::Rest));
        rule.is_given_address
            && others.any(|other| is_rest || (rule.sources.is_nothing() && !other.sources.is_nothing()))
    }

    fn tell_rule(&mut self, rule: &ForwardingRule, code: &'static str, sentence: &str) {
        let message = format!("{}: {sentence}", Quoted(&rule.identity.name));
        self.gaps.push(Gap::at(rule.identity.read_at.0, code, Effect::Undecided, message));
    }

    fn front_of(&self, rule: &ForwardingRule, address: Option<Prefix>) -> Front {
        let address = address.map(|prefix| prefix.family().address(prefix.first()));
        Front { id: Arc::clone(&rule.identity.id), address }
    }
}

/// Whom a forwarding rule serves. Complete.
enum Clients {
    Internet,
    Inside,
    /// Not told, or not read.
    Either,
}

fn clients(rule: &ForwardingRule, address: Option<Prefix>) -> Clients {
    match rule.scheme {
        _ if rule.is_private_connection() => Clients::Inside,
        Said::This(Scheme::External | Scheme::ExternalManaged) => Clients::Internet,
        Said::This(Scheme::Internal) => Clients::Inside,
        // The API's default is EXTERNAL. A projection may have left the word out: then the address tells.
        Said::Nothing => match address {
            Some(address) if is_private(address) => Clients::Inside,
            Some(_) => Clients::Internet,
            None => Clients::Either,
        },
        Said::Unreadable => Clients::Either,
    }
}

/// What a rule takes that names no protocol. What an instance takes through protocol forwarding is more than what a load
/// balancer takes.
fn rest(rule: &ForwardingRule) -> ProtocolSet {
    match &rule.target {
        Said::This(target) if target.after("targetInstances").is_some() => every(),
        Said::This(_) | Said::Nothing | Said::Unreadable => {
            let balanced = [
                Protocol::TCP,
                Protocol::UDP,
                Protocol::ESP,
                Protocol::GRE,
                Protocol::ICMP,
                Protocol::ICMPV6,
            ];
            balanced.into_iter().collect()
        }
    }
}

/// Every protocol that a forwarding rule may take.
fn every() -> ProtocolSet {
    super::super::protocols()
}

/// Whether an address is one inside by its number.
fn is_private(address: Prefix) -> bool {
    match address.family().address(address.first()) {
        IpAddr::V4(address) => address.is_private(),
        IpAddr::V6(address) => address.is_unique_local(),
    }
}

/// The names under which doubts stand in a path.
const SCHEME: &str = "scheme";
const PROTOCOL: &str = "protocol";
const PORTS: &str = "ports";
const ADDRESS: &str = "address";
