//! One access restriction of an app (semantics P10): addresses, service tags or a subnet, and headers beside them.

use std::sync::Arc;

use cloud::{Quoted, Said, Stated};
use model::{Effect, Name};
use packet::Bounds;

use crate::intake::Intake;
use crate::resource::rule_intake::Access;
use crate::resource::side::Side;

use super::Entry;
use super::kinds::Zero;
use super::ranges::{addresses, side};

/// The restrictions of a list.
pub(super) fn read_entries<'a>(rules: &[Stated<'_, 'a>], intake: &mut Intake<'_, 'a>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = rules.iter().map(|rule| read_entry(rule, intake)).collect();
    // Without a priority it may stand anywhere; where nothing is denied that makes no difference.
    if entries.iter().any(|entry| entry.access != Access::Allow) {
        for (entry, rule) in entries.iter_mut().zip(rules).filter(|(entry, _)| entry.priority.is_none()) {
            entry.certain = false;
            let sentence =
                format!("rule {}: `priority` is missing: where it stands is not known", Quoted(&entry.name));
            rule.tell("missing-field", Effect::Undecided, &sentence, intake);
        }
    }
    entries
}

fn read_entry<'a>(rule: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Entry {
    let priority = match rule.number("priority", intake) {
        Said::This(priority) => Some(priority),
        Said::Nothing | Said::Unreadable => None,
    };
    let name = match (rule.text("name", intake).this(), priority) {
        (Some(name), _) => intake.name(name),
        (None, Some(priority)) => intake.name(&format!("priority-{priority}")),
        (None, None) => intake.name("unnamed-rule"),
    };
    let access = read_access(rule, &name, intake);
    let (sources, is_whole) = read_sources(rule, &name, intake);
    let has_headers = has_headers(rule, intake);
    let is_whole = is_whole && knows_all_keys(rule, &name, intake);
    let written = if has_headers {
        intake.name(&format!("{} with headers", sources.written))
    } else {
        Arc::clone(&sources.written)
    };
    let sources = Side { written, ..sources };
    Entry {
        name,
        priority,
        access,
        sources,
        certain: is_whole && !has_headers,
        built_in: false,
        read_at: rule.read_at,
    }
}

/// Whether every key of a restriction is a known one: another may narrow it.
fn knows_all_keys<'a>(rule: &Stated<'_, 'a>, name: &Name, intake: &mut Intake<'_, 'a>) -> bool {
    let is_known = |key: &str| KEYS.iter().any(|known| known.eq_ignore_ascii_case(key));
    let strange: Vec<&str> = rule.keys().filter(|key| !is_known(key)).collect();
    for key in &strange {
        let sentence =
            format!("rule {}: the key {} is not known: the rule is possible", Quoted(name), Quoted(key));
        rule.tell("unknown-rule-key", Effect::Undecided, &sentence, intake);
    }
    strange.is_empty()
}

const KEYS: [&str; 11] = [
    "action",
    "description",
    "headers",
    "ipAddress",
    "name",
    "priority",
    "subnetMask",
    "subnetTrafficTag",
    "tag",
    "vnetSubnetResourceId",
    "vnetTrafficTag",
];

fn read_access<'a>(rule: &Stated<'_, 'a>, name: &Name, intake: &mut Intake<'_, 'a>) -> Access {
    match rule.text("action", intake) {
        Said::Nothing => Access::Allow,
        Said::This(word) if word.eq_ignore_ascii_case("allow") => Access::Allow,
        Said::This(word) if word.eq_ignore_ascii_case("deny") => Access::Deny,
        Said::This(word) => {
            let sentence =
                format!("rule {}: `action` is {}, expected `Allow` or `Deny`", Quoted(name), Quoted(word));
            rule.tell("unknown-value", Effect::Undecided, &sentence, intake);
            Access::Unreadable
        }
        Said::Unreadable => Access::Unreadable,
    }
}

/// The sources, and whether the rule acts on what they are and not on what a proxy says of them.
fn read_sources<'a>(rule: &Stated<'_, 'a>, name: &Name, intake: &mut Intake<'_, 'a>) -> (Side, bool) {
    match rule.text("vnetSubnetResourceId", intake) {
        // A service endpoint: no Internet address comes through one.
        Said::This(subnet) => {
            let written = intake.name(subnet);
            return (Side::of(written, Bounds::exactly(Arc::clone(&intake.pool.common.nothing))), true);
        }
        Said::Unreadable => return (side("", None, Zero::Address, intake), true),
        Said::Nothing => {}
    }
    let text = match rule.text("ipAddress", intake) {
        Said::This(text) => text,
        Said::Unreadable => return (side("", None, Zero::Address, intake), true),
        Said::Nothing => {
            let sentence = format!("rule {}: neither an address nor a subnet is named", Quoted(name));
            rule.tell("missing-field", Effect::Undecided, &sentence, intake);
            return (side("", None, Zero::Address, intake), true);
        }
    };
    match rule.text("tag", intake) {
        Said::Nothing => (read_addresses(rule, (name, text), intake), true),
        Said::This(tag) if tag.eq_ignore_ascii_case("default") => {
            (read_addresses(rule, (name, text), intake), true)
        }
        Said::This(tag) if tag.eq_ignore_ascii_case("serviceTag") => (read_tags(text, intake), true),
        // The address that a proxy forwards, which the sender of a packet chooses.
        Said::This(tag) if tag.eq_ignore_ascii_case("xffProxy") => {
            let everything = Bounds::exactly(Arc::clone(&intake.pool.common.everything));
            (Side::of(intake.name(&format!("{text} as forwarded")), everything), false)
        }
        Said::This(tag) => {
            let sentence = format!("rule {}: `tag` is {}, expected `Default`", Quoted(name), Quoted(tag));
            rule.tell("unknown-value", Effect::Undecided, &sentence, intake);
            (side(text, None, Zero::Address, intake), true)
        }
        Said::Unreadable => (side(text, None, Zero::Address, intake), true),
    }
}

/// Up to eight prefixes with commas, or `Any`; older versions write a mask beside one address.
fn read_addresses<'a>(
    rule: &Stated<'_, 'a>,
    (name, text): (&Name, &str),
    intake: &mut Intake<'_, 'a>,
) -> Side {
    if text.eq_ignore_ascii_case("any") || text == "*" {
        let everything = Bounds::exactly(Arc::clone(&intake.pool.common.everything));
        return Side::of(intake.name(text), everything);
    }
    let mask = match rule.text("subnetMask", intake) {
        Said::Nothing => "",
        Said::This(mask) => mask,
        Said::Unreadable => return side(text, None, Zero::Address, intake),
    };
    let parts = text.split(',').map(|part| match length_of(mask) {
        Some(length) if !part.contains('/') => addresses(&format!("{}/{length}", part.trim())),
        Some(_) => None,
        None if mask.is_empty() => addresses(part),
        None => None,
    });
    let sum = parts.reduce(|sum, part| Some(sum?.union(&part?))).flatten();
    if sum.is_none() {
        let sentence = format!("rule {}: `ipAddress` is {}, expected prefixes", Quoted(name), Quoted(text));
        rule.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
    }
    side(text, sum, Zero::Address, intake)
}

/// The length of the prefix that a mask like `255.255.255.0` makes.
fn length_of(mask: &str) -> Option<u32> {
    let bits: u32 = mask.parse::<core::net::Ipv4Addr>().ok()?.into();
    (bits.leading_ones() + bits.trailing_zeros().min(32) == 32).then(|| bits.leading_ones())
}

/// Names of service tags with commas.
fn read_tags(text: &str, intake: &mut Intake<'_, '_>) -> Side {
    let nothing = Bounds::exactly(Arc::clone(&intake.pool.common.nothing));
    let mut side = Side::of(intake.name(text), nothing);
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        match tag.to_ascii_lowercase().as_str() {
            "internet" => side.internet = true,
            "virtualnetwork" => side.virtual_network = true,
            // A17: no clients.
            "azureloadbalancer" => {}
            _ => side.tags.push(intake.pool.tag(tag)),
        }
    }
    side
}

/// Whether headers decide too. A list of values that is empty says nothing.
fn has_headers<'a>(rule: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> bool {
    let headers = match rule.object("headers", intake) {
        Said::Nothing => return false,
        Said::Unreadable => return true,
        Said::This(headers) => headers,
    };
    let names: Vec<&str> = headers.keys().collect();
    names.into_iter().any(|name| match headers.texts(name, intake) {
        Said::Nothing => false,
        Said::This(values) => !values.is_empty(),
        Said::Unreadable => true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_is_a_length_or_none() {
        for (mask, expected) in [
            ("255.255.255.0", Some(24)),
            ("0.0.0.0", Some(0)),
            ("255.255.255.255", Some(32)),
            ("255.0.255.0", None),
            ("24", None),
            ("", None),
        ] {
            assert_eq!(length_of(mask), expected, "{mask}");
        }
    }
}
