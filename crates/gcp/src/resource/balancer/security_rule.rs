//! One rule of a security policy of Cloud Armor: whom it is for and what becomes of them.

use std::sync::Arc;

use cloud::json::Tree;
use cloud::{Quoted, ReadAt, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, PortSet, Protocol, ProtocolSet};

use crate::intake::Intake;

use super::super::ranges;
use super::condition::Condition;

/// A rule of a security policy.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct SecurityRule {
    /// `None`: not told, or not read: it may come anywhere.
    pub(crate) priority: Option<u32>,
    pub(crate) outcome: Outcome,
    pub(crate) sources: Bounds<Arc<AddressSet>>,
    /// Whom it is for as it is written.
    pub(crate) written: Name,
    /// What else packets have to be, in a policy for addresses; everything in one for load balancers.
    pub(crate) destinations: Bounds<Arc<AddressSet>>,
    pub(crate) protocols: Bounds<ProtocolSet>,
    pub(crate) source_ports: Bounds<Arc<PortSet>>,
    pub(crate) ports: Bounds<Arc<PortSet>>,
    /// Whether it tells what it would do and does nothing.
    pub(crate) is_preview: bool,
    /// Whether it knows attacks by their content.
    pub(crate) has_signature: bool,
    pub(crate) read_at: ReadAt,
}

/// What becomes of whom a rule is for. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Let in, be it at a limited rate.
    Allow,
    Deny,
    /// Another policy decides.
    Pass,
    /// Let in or not: a test for people, or a word that is not known.
    Either,
}

impl SecurityRule {
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Self {
        let common = intake.pool.common.clone();
        let every_port = Bounds::exactly(Arc::clone(&common.every_port));
        let outcome = outcome(stated, intake);
        let preview = stated.flag("preview", intake);
        let mut rule = Self {
            priority: stated.number("priority", intake).this(),
            outcome,
            sources: common.unknown(),
            written: intake.name(""),
            destinations: Bounds::exactly(Arc::clone(&common.everything)),
            protocols: Bounds::exactly(ProtocolSet::EVERYTHING),
            source_ports: every_port.clone(),
            ports: every_port,
            is_preview: preview == Said::This(true),
            has_signature: false,
            read_at: stated.read_at,
        };
        if rule.priority.is_none() && !stated.has("priority") {
            // The API prints a zero too.
            let sentence = "a rule has no `priority`: it may come before or behind any other";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let (matched, in_network) = (stated.object("match", intake), stated.object("networkMatch", intake));
        match (&matched, &in_network) {
            (Said::This(matched), _) => rule.read_match(matched, intake),
            (_, Said::This(matched)) => rule.read_network_match(matched, intake),
            (Said::Unreadable, _) | (_, Said::Unreadable) => {}
            (Said::Nothing, Said::Nothing) => {
                let sentence = "a rule has neither `match` nor `networkMatch`: whom it is for is not known";
                stated.tell("missing-field", Effect::Undecided, sentence, intake);
            }
        }
        if preview == Said::Unreadable {
            rule.sources.must = common.nothing;
        }
        rule
    }

    fn read_match<'a>(&mut self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        if let Said::This(config) = stated.object("config", intake) {
            if let Some((sources, written)) = clients(&config, intake) {
                (self.sources, self.written) = (sources, written);
            }
            return;
        }
        let expression = match stated.object("expr", intake) {
            Said::This(expression) => expression.text("expression", intake),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => return,
        };
        let Said::This(text) = expression else {
            let sentence = "a rule has neither `srcIpRanges` nor an expression: whom it is for is not known";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            return;
        };
        let condition = Condition::of(text);
        let Bounds { must, may } = condition.clients(self.outcome == Outcome::Deny);
        self.sources = Bounds { must: intake.pool.set(must), may: intake.pool.set(may) };
        self.has_signature = condition.has_signature();
        self.written = intake.name(text);
    }

    /// All of its fields have to hold; one that is not there holds for all.
    fn read_network_match<'a>(&mut self, stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
        self.sources = Bounds::exactly(Arc::clone(&intake.pool.common.everything));
        if let Some((sources, written)) = clients(stated, intake) {
            (self.sources, self.written) = (sources, written);
        }
        match every_or(stated, "destIpRanges", intake) {
            Said::This((addresses, _)) => self.destinations = addresses,
            Said::Unreadable => self.destinations = intake.pool.common.unknown(),
            Said::Nothing => {}
        }
        if stated.has("ipProtocols") {
            self.protocols = protocols(stated, intake);
        }
        for key in ["srcPorts", "destPorts"] {
            let Some(ports) = ports(stated, key, intake) else { continue };
            // Packets without ports do not have the field.
            let with_ports: ProtocolSet =
                ProtocolSet::EVERYTHING.iter().filter(|protocol| protocol.has_ports()).collect();
            self.protocols = Bounds {
                must: self.protocols.must.intersection(with_ports),
                may: self.protocols.may.intersection(with_ports),
            };
            *(if key == "srcPorts" { &mut self.source_ports } else { &mut self.ports }) = ports;
        }
        let is_said = |key: &str| match stated.value(key) {
            None | Some(Tree::Null) => false,
            Some(Tree::List(items)) => !items.is_empty(),
            Some(_) => true,
        };
        if ["srcAsns", "srcRegionCodes", "userDefinedFields"].into_iter().any(is_said) {
            self.sources.must = Arc::clone(&intake.pool.common.nothing);
        }
    }
}

fn outcome<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Outcome {
    let Said::This(word) = stated.text("action", intake) else {
        if !stated.has("action") {
            let sentence = "a rule has no `action`: it may let in or not";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        return Outcome::Either;
    };
    let plain = word.split('(').next().unwrap_or(word).trim();
    match plain {
        // A rate is no filter: below it everybody gets in.
        "allow" | "throttle" | "rate_based_ban" => Outcome::Allow,
        "deny" => Outcome::Deny,
        "goto_next" => Outcome::Pass,
        "redirect" => match stated.object("redirectOptions", intake) {
            Said::This(options) if options.text("type", intake) == Said::This("EXTERNAL_302") => {
                Outcome::Deny
            }
            _ => Outcome::Either,
        },
        _ => {
            let sentence =
                format!("`action` is {}, expected allow or deny: it may let in or not", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            Outcome::Either
        }
    }
}

/// The clients under `srcIpRanges`, if any are named.
fn clients<'a>(
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Option<(Bounds<Arc<AddressSet>>, Name)> {
    match every_or(stated, "srcIpRanges", intake) {
        Said::This(clients) => Some(clients),
        Said::Unreadable => Some((intake.pool.common.unknown(), intake.name(""))),
        Said::Nothing => None,
    }
}

/// Ranges, of which `*` is every address.
fn every_or<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Said<(Bounds<Arc<AddressSet>>, Name)> {
    let is_star = |tree: &Tree<'_>| matches!(tree, Tree::Text(text) if text.trim() == "*");
    let has_star = match stated.value(key) {
        Some(Tree::List(items)) => items.iter().any(is_star),
        Some(tree) => is_star(tree),
        None => false,
    };
    if has_star {
        let everything = Arc::clone(&intake.pool.common.everything);
        return Said::This((Bounds::exactly(everything), intake.name("*")));
    }
    ranges(stated, key, intake).map(|ranges| (ranges.addresses, ranges.written))
}

/// Protocols by name, number or range of numbers.
fn protocols<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Bounds<ProtocolSet> {
    let unknown = Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING);
    let words = match stated.texts("ipProtocols", intake) {
        Said::This(words) if words.is_empty() => return Bounds::exactly(ProtocolSet::EVERYTHING),
        Said::This(words) => words,
        Said::Nothing => return Bounds::exactly(ProtocolSet::EVERYTHING),
        Said::Unreadable => return unknown,
    };
    let mut all = ProtocolSet::EMPTY;
    for word in words {
        let Some(own) = protocols_of(word) else {
            let sentence =
                format!("`ipProtocols` has {}, expected a protocol: any is possible", Quoted(word));
            stated.tell("unknown-word", Effect::Undecided, &sentence, intake);
            return unknown;
        };
        all = all.union(own);
    }
    Bounds::exactly(all)
}

fn protocols_of(word: &str) -> Option<ProtocolSet> {
    let named = match word.to_ascii_lowercase().as_str() {
        "tcp" => Some(Protocol::TCP),
        "udp" => Some(Protocol::UDP),
        "icmp" => Some(Protocol::ICMP),
        "icmpv6" | "ipv6-icmp" => Some(Protocol::ICMPV6),
        "esp" => Some(Protocol::ESP),
        "ah" => Some(Protocol::AH),
        "sctp" => Some(Protocol::SCTP),
        "gre" => Some(Protocol::GRE),
        _ => None,
    };
    if let Some(protocol) = named {
        return Some(ProtocolSet::only(protocol));
    }
    let range = grammar::port_range(word).ok()?;
    let numbers = u8::try_from(range.first()).ok()?..=u8::try_from(range.last()).ok()?;
    Some(numbers.map(Protocol).collect())
}

/// Ports, if a list of them is there; what is none has been told, and may be any.
fn ports<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    intake: &mut Intake<'_, 'a>,
) -> Option<Bounds<Arc<PortSet>>> {
    let common = intake.pool.common.clone();
    let unknown = Bounds::between(common.no_port, common.every_port);
    let words = match stated.texts(key, intake) {
        Said::This(words) if words.is_empty() => return None,
        Said::This(words) => words,
        Said::Nothing => return None,
        Said::Unreadable => return Some(unknown),
    };
    let mut ranges = Vec::with_capacity(words.len());
    for word in words {
        match grammar::port_range(word) {
            Ok(range) => ranges.push(range),
            Err(error) => {
                let sentence = format!("`{key}`: {error}: any is possible");
                stated.tell("unreadable-port", Effect::Undecided, &sentence, intake);
                return Some(unknown);
            }
        }
    }
    Some(Bounds::exactly(intake.pool.port_set(ranges.into_iter().collect())))
}
