//! Protocols and ports of rules (G9), of networks and of policies alike.
//!
//! Knows no rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::json::{Tree, is_cut};
use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{Bounds, PortRange, PortSet, Protocol, ProtocolSet};

use crate::intake::Intake;

/// Protocols with the ports of those that have ports: what one rule of a list can match.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Layer4 {
    pub(crate) protocols: Bounds<ProtocolSet>,
    pub(crate) ports: Bounds<Arc<PortSet>>,
    /// The same for people, as the command line takes it: `tcp:22,udp:53`, `all`.
    pub(crate) says: Name,
}

impl Layer4 {
    /// Some packets, and nobody knows which.
    pub(crate) fn unknown(intake: &mut Intake<'_, '_>) -> Self {
        let protocols = Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING);
        Self::whole(protocols, "unknown", intake)
    }

    fn whole(protocols: Bounds<ProtocolSet>, says: &str, intake: &mut Intake<'_, '_>) -> Self {
        let ports = Bounds::exactly(Arc::clone(&intake.pool.common.every_port));
        Self { protocols, ports, says: intake.name(says) }
    }
}

/// What a list of entries such as `{"IPProtocol": "tcp", "ports": ["22"]}` comes to: as few products of protocols and
/// ports as say it. Nothing: there is no list, or it is empty. What the API would have refused is told, and bounds.
pub(crate) fn layer4<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Said<Vec<Layer4>> {
    let items = match stated.value(key) {
        None | Some(Tree::Null) => return Said::Nothing,
        Some(Tree::List(items)) => items.as_slice(),
        Some(alone @ Tree::Object(_)) => core::slice::from_ref(alone),
        Some(other) => return stated.strange(key, other.json(), "a list of protocols and ports", intake),
    };
    if items.is_empty() {
        return Said::Nothing;
    }
    let mut joined = Joined::default();
    for item in items {
        match item {
            Tree::Object(entry) => {
                let entry = stated.part(entry, intake);
                joined.add(&entry, intake);
            }
            other => {
                stated.strange::<()>(key, other.json(), "a list of protocols and ports", intake);
                joined.unknown.push(Layer4::unknown(intake));
            }
        }
    }
    Said::This(joined.finish(intake))
}

/// Entries so far.
#[derive(Debug)]
struct Joined {
    /// Protocols all of whose packets are matched.
    whole: ProtocolSet,
    /// Ports of protocols of which only some are matched.
    ported: BTreeMap<Protocol, PortSet>,
    /// Entries that cannot be read, each for itself.
    unknown: Vec<Layer4>,
}

impl Joined {
    fn add<'a>(&mut self, entry: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        let protocols = match protocol(entry, intake) {
            Some(protocols) => protocols,
            None => return self.unknown.push(Layer4::unknown(intake)),
        };
        // Inventories of 2019 have keys in the singular, too.
        let ports = match entry.value("ports").or_else(|| entry.value("port")) {
            // An empty list is none: every port.
            None | Some(Tree::Null) => &[],
            Some(Tree::List(items)) => items.as_slice(),
            Some(alone) => core::slice::from_ref(alone),
        };
        if ports.is_empty() {
            self.whole = self.whole.union(protocols);
            return;
        }
        let mut ranges = Vec::with_capacity(ports.len());
        let mut odd = None;
        for port in ports {
            match port {
                Tree::Text(text) if !is_cut(text) => match grammar::port_range(text) {
                    Ok(range) => ranges.push(range),
                    Err(_) => odd = Some(format!("the port {} is none, and no range of ports", Quoted(text))),
                },
                other => {
                    odd = Some(format!("a port is {}, expected one or a range like `22-25`", other.json()))
                }
            }
        }
        let mut members = protocols.iter();
        match (members.next(), members.next()) {
            // G9.
            (Some(one), None) if PORTED.contains(&one) => {
                let read: PortSet = ranges.into_iter().collect();
                let known = self.ported.entry(one).or_insert_with(PortSet::empty);
                *known = known.union(&read);
            }
            _ => odd = odd.or_else(|| Some(NO_PORTS.to_owned())),
        }
        if let Some(odd) = odd {
            let sentence = format!("{odd}: every packet of the protocol is possible");
            entry.tell("unreadable-ports", Effect::Undecided, &sentence, intake);
            let possible = Bounds::between(ProtocolSet::EMPTY, protocols);
            self.unknown.push(Layer4::whole(possible, "unknown ports", intake));
        }
    }

    fn finish(self, intake: &mut Intake<'_, '_>) -> Vec<Layer4> {
        let mut products: Vec<(ProtocolSet, PortSet)> = Vec::new();
        for (protocol, ports) in self.ported {
            let only = ProtocolSet::only(protocol);
            if self.whole.contains(protocol) || ports.is_empty() {
                continue;
            }
            match products.iter_mut().find(|(_, known)| *known == ports) {
                Some((protocols, _)) => *protocols = protocols.union(only),
                None => products.push((only, ports)),
            }
        }
        // Ports say nothing of protocols that have none, so these go with any.
        let is_portless = !self.whole.is_empty() && !self.whole.iter().any(Protocol::has_ports);
        match products.first_mut() {
            Some((protocols, _)) if is_portless => *protocols = protocols.union(self.whole),
            Some(_) | None if self.whole.is_empty() => {}
            Some(_) | None => products.insert(0, (self.whole, PortSet::everything())),
        }
        let told = |(protocols, ports): (ProtocolSet, PortSet)| Layer4 {
            says: intake.name(&says(protocols, &ports)),
            protocols: Bounds::exactly(protocols),
            ports: Bounds::exactly(intake.pool.port_set(ports)),
        };
        let mut products: Vec<Layer4> = products.into_iter().map(told).collect();
        products.extend(self.unknown);
        products
    }
}

impl Default for Joined {
    fn default() -> Self {
        Self { whole: ProtocolSet::EMPTY, ported: BTreeMap::new(), unknown: Vec::new() }
    }
}

/// The protocols of an entry; `None` where they are not known, which has been told.
fn protocol<'a>(entry: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Option<ProtocolSet> {
    let odd = match entry.text("IPProtocol", intake) {
        Said::This(word) => match named(word) {
            Some(protocols) => return Some(protocols),
            None => format!("{} is no protocol", Quoted(word)),
        },
        Said::Nothing => "an entry is without its `IPProtocol`".to_owned(),
        Said::Unreadable => return None,
    };
    let sentence = format!("{odd}: every packet is possible");
    entry.tell("unknown-protocol", Effect::Undecided, &sentence, intake);
    None
}

/// G9: a name, a number, or every protocol.
fn named(word: &str) -> Option<ProtocolSet> {
    if word.eq_ignore_ascii_case("all") {
        return Some(ProtocolSet::EVERYTHING);
    }
    let known = NAMES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name)).map(|(_, number)| *number);
    // `u8::from_str` takes `+6`.
    let number = || word.parse().ok().filter(|_| word.bytes().all(|byte| byte.is_ascii_digit()));
    known.or_else(number).map(|number| ProtocolSet::only(Protocol(number)))
}

/// `tcp:22,tcp:80-90,icmp`, as the command line takes it.
fn says(protocols: ProtocolSet, ports: &PortSet) -> String {
    if protocols == ProtocolSet::EVERYTHING {
        return "all".to_owned();
    }
    let mut told: Vec<String> = Vec::new();
    for protocol in protocols.iter() {
        let name = NAMES.iter().find(|(_, number)| Protocol(*number) == protocol);
        let name = name.map_or_else(|| protocol.0.to_string(), |(name, _)| (*name).to_owned());
        match protocol.has_ports() && !ports.is_everything() {
            true => told.extend(ports.ranges().map(|range: PortRange| format!("{name}:{range}"))),
            false => told.push(name),
        }
    }
    told.join(",")
}

/// The names the API takes; other protocols are numbers there.
const NAMES: [(&str, u8); 7] =
    [("icmp", 1), ("ipip", 4), ("tcp", 6), ("udp", 17), ("esp", 50), ("ah", 51), ("sctp", 132)];

/// The protocols whose ports rules can name.
const PORTED: [Protocol; 3] = [Protocol::TCP, Protocol::UDP, Protocol::SCTP];

const NO_PORTS: &str = "ports are given for a protocol other than TCP, UDP and SCTP";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_are_the_same_protocols() {
        for (word, number) in
            [("tcp", 6), ("TCP", 6), ("6", 6), ("Udp", 17), ("ipip", 4), ("58", 58), ("132", 132)]
        {
            assert_eq!(named(word), Some(ProtocolSet::only(Protocol(number))), "{word}");
        }
        assert_eq!(named("ALL"), Some(ProtocolSet::EVERYTHING));
        for word in ["", "+6", "256", "-1", "tcp,udp", "6.0", "any", "*", "icmpv6"] {
            assert_eq!(named(word), None, "{word}");
        }
    }

    #[test]
    fn what_a_product_says_is_what_the_command_line_takes() {
        let ports: PortSet = ["22", "80-90"].iter().map(|text| text.parse::<PortRange>().unwrap()).collect();
        let both: ProtocolSet = [Protocol::TCP, Protocol::ICMP].into_iter().collect();
        assert_eq!(says(both, &ports), "icmp,tcp:22,tcp:80-90");
        assert_eq!(says(ProtocolSet::only(Protocol::GRE), &ports), "47");
        assert_eq!(says(ProtocolSet::only(Protocol::TCP), &PortSet::everything()), "tcp");
    }
}
