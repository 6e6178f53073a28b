//! Access policies of domains (P22): whom their statements let in, as far as packets tell.

use core::net::IpAddr;

use serde_json::Value;

use super::fields::{Prefix, field, text};
use crate::oracle::verdict::{Match, Verdict};

/// What a policy says of a packet to a domain: a denial wins, and what is not allowed is not let in. Whom a statement
/// names is about authentication, so an allow is for everybody.
pub(super) fn decide(policy: &Value, domain: &str, source: IpAddr, port: u16) -> Verdict {
    let (mut allowed, mut denied) = (Match::No, Match::No);
    for statement in listed(policy, "Statement") {
        let held = conditions(statement, source, port).min(concerns(statement, domain));
        match text(statement, "Effect") {
            Some("Deny") => denied = denied.max(held.min(is_whole(statement))),
            Some("Allow") => allowed = allowed.max(held),
            _ => allowed = allowed.max(held.min(Match::Maybe)),
        }
    }
    match (allowed, denied) {
        (_, Match::Yes) | (Match::No, _) => Verdict::Deny,
        (Match::Yes, Match::No) => Verdict::Allow,
        (Match::Yes | Match::Maybe, _) => Verdict::Undecided,
    }
}

/// Whether a statement speaks of what a client asks the endpoint for.
fn concerns(statement: &Value, domain: &str) -> Match {
    let actions: Vec<&str> = texts(statement, "Action");
    let data = actions.iter().any(|it| it.starts_with("es:ESHttp") || WHOLE.contains(it));
    let own = format!(":domain/{domain}/");
    let resources = texts(statement, "Resource");
    let named = resources.iter().any(|it| *it == "*" || it.contains(&own));
    match (data, named) {
        (false, _) => {
            if actions.is_empty() {
                Match::Maybe
            } else {
                Match::No
            }
        }
        (true, true) => Match::Yes,
        (true, false) => Match::Maybe,
    }
}

/// Whether a denial is one of everything for everyone.
fn is_whole(statement: &Value) -> Match {
    let principal = field(statement, "Principal");
    let everyone = principal.is_some_and(|it| it == "*" || texts(it, "AWS").contains(&"*"));
    let actions = texts(statement, "Action").iter().any(|it| WHOLE.contains(it) || *it == "es:ESHttp*");
    if everyone && actions { Match::Yes } else { Match::Maybe }
}

fn conditions(statement: &Value, source: IpAddr, port: u16) -> Match {
    let operators = field(statement, "Condition").and_then(Value::as_object);
    let pairs = operators.into_iter().flatten().flat_map(|(operator, keys)| {
        keys.as_object().into_iter().flatten().map(move |(key, _)| (operator.as_str(), keys, key))
    });
    let mut held = Match::Yes;
    for (operator, keys, key) in pairs {
        let bare = operator.trim_end_matches("IfExists");
        let bare = bare.strip_prefix("ForAnyValue:").unwrap_or(bare);
        let own = match (bare, key.to_ascii_lowercase().as_str()) {
            ("IpAddress", "aws:sourceip") => among(&texts(keys, key), source),
            ("NotIpAddress", "aws:sourceip") => match among(&texts(keys, key), source) {
                Match::Yes => Match::No,
                Match::No => Match::Yes,
                Match::Maybe => Match::Maybe,
            },
            ("Bool", "aws:securetransport") => {
                let wanted = texts(keys, key).contains(&"true") || keys.get(key) == Some(&Value::Bool(true));
                Match::from(wanted == (port == 443))
            }
            _ => Match::Maybe,
        };
        held = held.min(own);
    }
    held
}

fn among(cidrs: &[&str], source: IpAddr) -> Match {
    let one = |text: &&str| {
        let whole = match (text.contains('/'), text.contains(':')) {
            (true, _) => (*text).to_owned(),
            (false, true) => format!("{text}/128"),
            (false, false) => format!("{text}/32"),
        };
        Prefix::parse(&whole).map_or(Match::Maybe, |prefix| Match::from(prefix.holds(source)))
    };
    cidrs.iter().map(one).max().unwrap_or(Match::No)
}

/// A member that is a list of texts or one text.
fn texts<'a>(object: &'a Value, name: &str) -> Vec<&'a str> {
    listed(object, name).filter_map(Value::as_str).collect()
}

/// A member that is a list or the only one of it.
fn listed<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    let member = field(object, name);
    let many = member.and_then(Value::as_array).into_iter().flatten();
    many.chain(member.filter(|it| !it.is_array()))
}

const WHOLE: [&str; 2] = ["es:*", "*"];
