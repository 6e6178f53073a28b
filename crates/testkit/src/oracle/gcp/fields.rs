//! Members of the objects that Google's APIs print, and how these name each other.

use core::net::IpAddr;

use serde_json::Value;

pub(super) use crate::oracle::prefix::Prefix;
use crate::oracle::verdict::Match;

/// A member that is there and not null.
pub(super) fn field<'a>(object: &'a Value, name: &str) -> Option<&'a Value> {
    object.get(name).filter(|value| !value.is_null())
}

pub(super) fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    field(object, name).and_then(Value::as_str)
}

pub(super) fn members<'a>(object: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    field(object, name).and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn texts<'a>(object: &'a Value, name: &str) -> Vec<&'a str> {
    members(object, name).filter_map(Value::as_str).collect()
}

/// A number, be it written as one or as text.
pub(super) fn number(object: &Value, name: &str) -> Option<i64> {
    let value = field(object, name)?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// G3: absent is false.
pub(super) fn flag(object: &Value, name: &str) -> bool {
    field(object, name) == Some(&Value::Bool(true))
}

/// What a reference names, without host, API and version: from project, folder or organisation on.
pub(super) fn path(reference: &str) -> String {
    let behind_host = reference.split_once("//").map_or(reference, |(_, rest)| rest);
    let words: Vec<&str> = behind_host.split('/').filter(|word| !word.is_empty()).collect();
    let roots = ["projects", "folders", "organizations", "locations"];
    let start = words.iter().position(|word| roots.contains(word)).unwrap_or(0);
    words[start..].join("/")
}

/// The word behind another one of a path.
pub(super) fn after<'a>(path: &'a str, word: &str) -> Option<&'a str> {
    let mut words = path.split('/');
    words.find(|it| *it == word)?;
    words.next()
}

pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Which addresses something names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Prefix(Prefix),
    /// Addresses that nobody knows.
    Some,
}

impl From {
    /// A prefix; a bare address is one of its own.
    pub(super) fn of(text: &str) -> Self {
        let text = text.trim();
        let width = if text.contains(':') { 128 } else { 32 };
        let whole = if text.contains('/') { text.to_owned() } else { format!("{text}/{width}") };
        Prefix::parse(&whole).map_or(Self::Some, Self::Prefix)
    }

    pub(super) fn holds(&self, address: IpAddr) -> Match {
        match self {
            Self::Prefix(prefix) => Match::from(prefix.holds(address)),
            Self::Some => Match::Maybe,
        }
    }
}

pub(super) fn hold(from: &[From], address: IpAddr) -> Match {
    from.iter().map(|it| it.holds(address)).max().unwrap_or(Match::No)
}

/// Section 5 and I10: health checks and the Identity-Aware Proxy are nobody's on the Internet.
pub(super) fn is_internet(address: IpAddr) -> bool {
    thread_local! {
        static PARSED: Vec<Prefix> = OWN.iter().filter_map(|text| Prefix::parse(text)).collect();
    }
    crate::oracle::prefix::is_internet(address)
        && !PARSED.with(|own| own.iter().any(|prefix| prefix.holds(address)))
}

const OWN: [&str; 9] = [
    "35.191.0.0/16",
    "130.211.0.0/22",
    "209.85.152.0/22",
    "209.85.204.0/22",
    "35.235.240.0/20",
    "2600:1901:8001::/48",
    "2600:2d00:1:1::/64",
    "2600:2d00:1:7::/64",
    "2600:2d00:1:b029::/64",
];
