//! Which operations the logs hold, read without any of the code that hears them; and which of those that change something
//! are not heard.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use serde_json::{Deserializer, Value};

use crate::reasons::NOT_ABOUT_FIREWALLS;
use crate::runs::{Log, Run};

/// Operations by service, with the number of records.
#[derive(Default)]
pub(crate) struct Operations {
    seen: BTreeMap<(String, String), u64>,
    heard: BTreeSet<String>,
    /// Operations of files in which no event has them.
    silent: BTreeMap<(String, String), u64>,
}

impl Operations {
    /// The operations of a log, and those of them that were heard.
    pub(crate) fn take(&mut self, log: &Log, run: &Run) {
        self.heard.extend(run.operations.iter().cloned());
        let mut seen = BTreeMap::new();
        for value in Deserializer::from_slice(&log.bytes).into_iter::<Value>() {
            walk(&value.unwrap(), &mut seen);
        }
        for (operation, count) in seen {
            if !run.operations.contains(own(&operation.1.to_lowercase())) {
                *self.silent.entry(operation.clone()).or_default() += count;
            }
            *self.seen.entry(operation).or_default() += count;
        }
    }

    /// What changes something and is not heard. One whose name speaks of firewalls needs a reason.
    pub(crate) fn written(&self, unexplained: &mut Vec<String>) -> String {
        let mut page = String::from(
            "\n## Operations that change something and are not heard\n\nThey bear neither on what is open nor on who watches. \
             Reads are left out.\n\n| service | operations |\n|---|---|\n",
        );
        let mut services: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut reasons: BTreeSet<&str> = BTreeSet::new();
        for ((service, name), count) in &self.seen {
            let small = name.to_lowercase();
            if self.heard.contains(own(&small)) || is_read(name) {
                continue;
            }
            let known = NOT_ABOUT_FIREWALLS.iter().find(|(known, _)| small.ends_with(&known.to_lowercase()));
            if let Some((known, _)) = known {
                reasons.insert(known);
            } else if WORDS.iter().any(|word| small.contains(word)) {
                unexplained.push(format!("`{name}` of {service} is not heard, {count} records"));
            }
            let times = if *count == 1 { String::new() } else { format!(" ({count})") };
            services.entry(service).or_default().push(format!("{name}{times}"));
        }
        for (service, names) in services {
            writeln!(page, "| {service} | {} |", names.join(", ")).unwrap();
        }
        page.push_str("\nSome of them have names that speak of firewalls or of watchers:\n\n");
        for (name, reason) in NOT_ABOUT_FIREWALLS {
            if !reasons.contains(name) {
                unexplained.push(format!("a reason for `{name}`, which nothing needs"));
            }
            writeln!(page, "- `{name}`: {reason}").unwrap();
        }
        page.push_str("\nHeard in other files; in these no record of the operation bears on anything:\n\n");
        for ((service, name), count) in &self.silent {
            if self.heard.contains(own(&name.to_lowercase())) && !is_read(name) {
                writeln!(page, "- {service} {name} ({count})").unwrap();
            }
        }
        page
    }
}

/// The part of a name in small letters that is its own: what is done to something that belongs to another resource is heard
/// by it.
fn own(small: &str) -> &str {
    small.rsplit("/providers/").next().unwrap_or_default()
}

fn walk(value: &Value, seen: &mut BTreeMap<(String, String), u64>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| walk(item, seen)),
        Value::Object(object) => {
            if let Some(operation) = operation(value) {
                *seen.entry(operation).or_default() += 1;
            }
            object.values().for_each(|inner| walk(inner, seen));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// The service and the operation that an object says it is a record of.
fn operation(value: &Value) -> Option<(String, String)> {
    let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    if let Some(name) = text("eventName").or_else(|| text("eventname")) {
        let source = text("eventSource").or_else(|| text("eventsource"))?;
        return Some((source.trim_end_matches(".amazonaws.com").to_owned(), name));
    }
    if let Some(name) = text("operationName") {
        return Some((name.split('/').next().unwrap_or_default().to_lowercase(), name));
    }
    let name = text("methodName")?;
    let service = text("serviceName").unwrap_or_else(|| "Google Cloud".to_owned());
    Some((service, name))
}

/// Whether the name of an operation says that it only reads.
fn is_read(name: &str) -> bool {
    let last = name.rsplit(['.', '/']).next().unwrap_or_default();
    let small = last.to_lowercase();
    READS.iter().any(|read| small.starts_with(read))
}

const READS: [&str; 17] = [
    "aggregatedlist",
    "assume",
    "batchget",
    "check",
    "decrypt",
    "describe",
    "download",
    "generatedatakey",
    "get",
    "head",
    "list",
    "lookup",
    "query",
    "read",
    "search",
    "select",
    "test",
];

/// Parts of names that speak of what is open, or of who watches.
const WORDS: [&str; 40] = [
    "accesspoint",
    "acl",
    "address",
    "alarm",
    "alert",
    "audit",
    "bastion",
    "cidr",
    "configrule",
    "configurationrecorder",
    "dbcluster",
    "dbinstance",
    "detector",
    "diagnosticsetting",
    "endpoint",
    "firewall",
    "flowlog",
    "forwardingrule",
    "gateway",
    "guardduty",
    "ingress",
    "ipset",
    "listener",
    "loadbalancer",
    "loggroup",
    "networkinterface",
    "networksecuritygroup",
    "networkwatcher",
    "peering",
    "prefixlist",
    "public",
    "route",
    "securitygroup",
    "securityhub",
    "sink",
    "subnet",
    "trail",
    "virtualnetwork",
    "vpc",
    "waf",
];
