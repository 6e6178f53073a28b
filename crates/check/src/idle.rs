//! Findings about one rule that never decides.
//!
//! Knows no reason why it does not; the checks have those.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::IdleRule;
use model::Rule;

use crate::finding::Found;
use crate::{Check, Finding, Severity, Subject};

/// One finding for each rule of which there is something to say, in their order. Rules of one list that share a name
/// would share an id, so they are one finding.
pub(crate) fn findings<'a>(
    check: &'static Check,
    idle: &'a [IdleRule],
    say: impl Fn(&'a IdleRule, &'a Rule) -> Option<(Severity, String)>,
) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut places: BTreeMap<_, usize> = BTreeMap::new();
    for idle in idle {
        let Some(rule) = idle.list.rules.get(idle.rule) else { continue };
        let Some((severity, message)) = say(idle, rule) else { continue };
        let place = *places.entry(key(idle, rule)).or_insert(found.len());
        match found.get_mut(place) {
            Some(Found { finding: known, .. }) => {
                known.severity = known.severity.max(severity);
                known.message = format!("{}, and {message}", known.message);
            }
            None => found.push(about(check, idle, rule, severity, message)),
        }
    }
    found
}

/// `rule-100` and its number, as messages name a rule; the number alone where that is the name.
pub(crate) fn named(rule: &Rule) -> String {
    match rule.priority.filter(|priority| rule.name.parse() != Ok(*priority)) {
        Some(priority) => format!("`{}` ({priority})", rule.name),
        None => format!("`{}`", rule.name),
    }
}

fn key(idle: &IdleRule, rule: &Rule) -> (Option<String>, String, String) {
    let scope = idle.list.scope.as_ref().map(|scope| scope.to_ascii_lowercase());
    (scope, idle.list.id.to_ascii_lowercase(), rule.name.to_ascii_lowercase())
}

fn about(check: &'static Check, idle: &IdleRule, rule: &Rule, severity: Severity, message: String) -> Found {
    let list = &idle.list;
    let subject = Subject { id: Arc::clone(&list.id), kind: list.kind, name: Arc::clone(&list.name) };
    let finding = Finding {
        id: String::new(),
        check,
        severity,
        // Given with the id.
        cloud: "",
        subject,
        scope: list.scope.clone(),
        protocol: None,
        packets: BTreeMap::new(),
        grades: BTreeMap::new(),
        opened_by: Vec::new(),
        witness: None,
        exposures: Vec::new(),
        targets: Vec::new(),
        message,
        provenance: rule.provenance.or(list.provenance),
        detected: None,
    };
    Found { finding, rule: Some(Arc::clone(&rule.name)), apart: None, leading: None }
}
