//! Rules of Azure Firewall: what they match, and what they translate it to (semantics AP9).
//!
//! Classic collections and those of policies, which say the same in other words. Application rules are not read: they
//! are not applied to what comes in. Knows no order beyond that of one collection.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::json::Tree;
use cloud::{Quoted, ReadAt, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, PortSet, ProtocolSet};

use crate::intake::Intake;
use crate::resource::stated::OfAzure as _;

use super::firewall_words::{addresses_of, ports_of, protocols_of};

/// Rules that stand together, with one action.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct RuleCollection {
    pub(crate) priority: Option<u32>,
    pub(crate) kind: CollectionKind,
    pub(crate) rules: Vec<FirewallRule>,
}

/// What a collection does with what its rules match. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CollectionKind {
    /// Translates it and lets it in.
    Translate,
    /// Lets it through.
    Allow,
    /// Holds it back.
    Deny,
    /// One of the last two: its action cannot be read.
    Unreadable,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FirewallRule {
    pub(crate) name: Name,
    pub(crate) protocols: Bounds<ProtocolSet>,
    pub(crate) sources: FirewallSide,
    pub(crate) destinations: FirewallSide,
    pub(crate) ports: Bounds<Arc<PortSet>>,
    /// Where it sends what it matches; `None` when it says nothing that can be read.
    pub(crate) translated_address: Option<IpAddr>,
    /// Whether it sends it to a name.
    pub(crate) to_name: bool,
    pub(crate) translated_port: Option<u16>,
    pub(crate) read_at: ReadAt,
}

/// Addresses of one side of a rule.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct FirewallSide {
    pub(crate) addresses: Bounds<Arc<AddressSet>>,
    /// Keys of IP groups.
    pub(crate) groups: Vec<Name>,
    /// As its owner wrote it.
    pub(crate) written: Name,
}

/// The collections under a key, all of one kind; `None` when they cannot be read, or are absent where that says
/// nothing.
pub(super) fn read_classic<'a>(
    stated: &Stated<'_, 'a>,
    key: &str,
    tells_rules: bool,
    intake: &mut Intake<'_, 'a>,
) -> Option<Vec<RuleCollection>> {
    let read = match stated.objects(key, intake) {
        Said::This(read) => read,
        Said::Nothing if tells_rules || stated.has(key) => return Some(Vec::new()),
        Said::Nothing => {
            let sentence = format!("it names no policy and `{key}` is missing: what it holds is not known");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            return None;
        }
        Said::Unreadable => {
            tell_unread(stated, key, intake);
            return None;
        }
    };
    let is_nat = key == NAT;
    read.iter().map(|collection| read_collection(collection, is_nat, intake)).collect()
}

/// The collections of a group of them; those that only concern requests from inside are left out. `None` when they
/// cannot be read.
pub(super) fn read_grouped<'a>(
    stated: &Stated<'_, 'a>,
    intake: &mut Intake<'_, 'a>,
) -> Option<Vec<RuleCollection>> {
    let read = match stated.objects("ruleCollections", intake) {
        Said::This(read) => read,
        Said::Nothing => return Some(Vec::new()),
        Said::Unreadable => {
            tell_unread(stated, "ruleCollections", intake);
            return None;
        }
    };
    // With a policy no network rule is asked about what is translated.
    let mut found = Vec::new();
    for collection in &read {
        let kind = collection.text("ruleCollectionType", intake);
        if kind.is_nothing() && !collection.has("action") {
            let sentence =
                "a collection of rules has neither a type nor an action: what it does is not known";
            collection.tell("missing-field", Effect::Undecided, sentence, intake);
            return None;
        }
        let is_nat = kind.this().is_some_and(|kind| kind.to_ascii_lowercase().contains("natrule"));
        if is_nat || is_translating(collection, intake) {
            found.push(read_collection(collection, true, intake)?);
        }
    }
    Some(found)
}

/// Whom rules that cannot be read lead to is not in the answer.
fn tell_unread<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) {
    let sentence = format!("`{key}` is not read: whom it leads to is not in the answer");
    stated.tell("unread-list", Effect::Narrowed, &sentence, intake);
}

fn is_translating<'a>(collection: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let action = collection.object("action", intake).this();
    let action = action.and_then(|action| action.text("type", intake).this());
    action.is_some_and(|action| action.eq_ignore_ascii_case("dnat"))
}

fn read_collection<'a>(
    stated: &Stated<'_, 'a>,
    is_nat: bool,
    intake: &mut Intake<'_, 'a>,
) -> Option<RuleCollection> {
    let action = stated.object("action", intake).this();
    let action = action.and_then(|action| action.text("type", intake).this());
    let kind = match action.map(str::to_ascii_lowercase).as_deref() {
        _ if is_nat => CollectionKind::Translate,
        Some("allow") => CollectionKind::Allow,
        Some("deny") => CollectionKind::Deny,
        Some(_) | None => CollectionKind::Unreadable,
    };
    let priority = stated.number("priority", intake);
    if priority.is_nothing() {
        let sentence = "a collection of rules has no `priority`: where it stands is not known";
        stated.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    let rules = match stated.objects("rules", intake) {
        Said::This(rules) => rules,
        Said::Nothing => Vec::new(),
        Said::Unreadable => {
            tell_unread(stated, "rules", intake);
            return None;
        }
    };
    let rules = rules.iter().map(|rule| FirewallRule::read(rule, is_nat, intake)).collect();
    Some(RuleCollection { priority: priority.this(), kind, rules })
}

impl FirewallRule {
    fn read<'a>(stated: &Stated<'_, 'a>, is_nat: bool, intake: &mut Intake<'_, 'a>) -> Self {
        let name = stated.text("name", intake).this().unwrap_or("unnamed rule");
        let address = stated.text("translatedAddress", intake).this();
        let translated_address = address.and_then(grammar::address);
        let to_name = !stated.text("translatedFqdn", intake).is_nothing();
        if is_nat && translated_address.is_none() && !to_name {
            let sentence = match address {
                Some(text) => format!("`translatedAddress` is {}, expected an address", Quoted(text)),
                None => "`translatedAddress` is missing: where a rule leads is not known".to_owned(),
            };
            // What is not known yet leads somewhere all the same.
            let is_to_come = matches!(stated.value("translatedAddress"), Some(Tree::Unknown(_)));
            let effect = if is_to_come { Effect::Narrowed } else { Effect::Undecided };
            stated.tell("unreadable-address", effect, &sentence, intake);
        }
        let port = stated.text("translatedPort", intake).this().and_then(|text| text.parse().ok());
        if is_nat && port.is_none() {
            let sentence = "`translatedPort` is no port: which one a rule leads to is not known";
            stated.tell("unreadable-port-range", Effect::Undecided, sentence, intake);
        }
        Self {
            name: intake.name(name),
            protocols: read_protocols(stated, intake),
            sources: read_side(stated, SOURCES, is_nat, intake),
            destinations: read_side(stated, DESTINATIONS, is_nat, intake),
            ports: read_ports(stated, intake),
            translated_address,
            to_name,
            translated_port: port,
            read_at: stated.read_at,
        }
    }
}

fn read_protocols<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Bounds<ProtocolSet> {
    let key = if stated.has("ipProtocols") { "ipProtocols" } else { "protocols" };
    let words = match stated.texts(key, intake) {
        Said::This(words) => words,
        Said::Nothing => {
            let sentence = format!("`{key}` is missing: which protocols a rule matches is not known");
            stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            return Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING);
        }
        Said::Unreadable => return Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING),
    };
    let mut known = ProtocolSet::EMPTY;
    for word in words {
        match protocols_of(word) {
            Some(protocols) => known = known.union(protocols),
            None => {
                let sentence = format!("`{key}` has {}, expected `TCP` or `UDP`", Quoted(word));
                stated.tell("unknown-protocol", Effect::Undecided, &sentence, intake);
                return Bounds::between(known, ProtocolSet::EVERYTHING);
            }
        }
    }
    Bounds::exactly(known)
}

/// The keys of one side of a rule.
#[derive(Clone, Copy)]
struct SideKeys {
    addresses: &'static str,
    groups: &'static str,
    names: Option<&'static str>,
}

const SOURCES: SideKeys = SideKeys { addresses: "sourceAddresses", groups: "sourceIpGroups", names: None };
const DESTINATIONS: SideKeys = SideKeys {
    addresses: "destinationAddresses",
    groups: "destinationIpGroups",
    names: Some("destinationFqdns"),
};
pub(super) const NAT: &str = "natRuleCollections";

fn read_side<'a>(
    stated: &Stated<'_, 'a>,
    keys: SideKeys,
    is_nat: bool,
    intake: &mut Intake<'_, 'a>,
) -> FirewallSide {
    let texts = stated.texts(keys.addresses, intake);
    let groups = stated.references(keys.groups, intake);
    let mut is_read = texts != Said::Unreadable && groups != Said::Unreadable;
    is_read &= keys
        .names
        .is_none_or(|names| stated.texts(names, intake).this().is_none_or(|names| names.is_empty()));
    let texts = texts.this().unwrap_or_default();
    let groups = groups.this().unwrap_or_default();
    if texts.is_empty() && groups.is_empty() && is_read {
        let sentence = format!("`{}` is missing: which packets a rule matches is not known", keys.addresses);
        stated.tell("missing-field", Effect::Undecided, &sentence, intake);
        is_read = false;
    }
    let mut known = AddressSet::empty();
    for text in &texts {
        match addresses_of(text) {
            Some(addresses) => known = known.union(&addresses),
            None => {
                is_read = false;
                // Network rules have service tags; they only matter where they may hold back.
                if is_nat {
                    let sentence = format!("`{}` has {}, expected addresses", keys.addresses, Quoted(text));
                    stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
                }
            }
        }
    }
    let must = intake.pool.set(known);
    let may = if is_read { Arc::clone(&must) } else { Arc::clone(&intake.pool.common.everything) };
    let shown: Vec<&str> = texts.iter().copied().take(WRITTEN_MAX).collect();
    FirewallSide { addresses: Bounds { must, may }, groups, written: intake.name(&shown.join(" + ")) }
}

fn read_ports<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Bounds<Arc<PortSet>> {
    let none = Arc::clone(&intake.pool.common.no_port);
    let every = Arc::clone(&intake.pool.common.every_port);
    let texts = match stated.texts("destinationPorts", intake) {
        Said::This(texts) if !texts.is_empty() => texts,
        Said::This(_) | Said::Nothing => {
            let sentence = "`destinationPorts` is missing: which packets a rule matches is not known";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
            return Bounds::between(none, every);
        }
        Said::Unreadable => return Bounds::between(none, every),
    };
    let mut known = PortSet::empty();
    let mut is_read = true;
    for text in texts {
        match ports_of(text) {
            Some(ports) => known = known.union(&ports),
            None => {
                let sentence = format!("`destinationPorts` has {}, expected ports", Quoted(text));
                stated.tell("unreadable-port-range", Effect::Undecided, &sentence, intake);
                is_read = false;
            }
        }
    }
    let must = intake.pool.port_set(known);
    let may = if is_read { Arc::clone(&must) } else { every };
    Bounds { must, may }
}

/// Words of a side that people are shown.
const WRITTEN_MAX: usize = 4;
