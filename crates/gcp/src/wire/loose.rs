//! Pieces of answers: they say nothing without what they are of, which nobody named.

use cloud::json::Node;

use super::told::has_all;
use super::words::text;

/// A piece of an answer that says nothing without its subject.
pub(super) struct Loose {
    word: &'static str,
    signs: &'static [&'static str],
    /// What it is, of several.
    pub(super) what: &'static str,
    /// How it is read.
    pub(super) advice: &'static str,
}

/// What an object is a piece of that nobody named.
pub(super) fn loose(node: &Node<'_>) -> Option<&'static Loose> {
    if is_step(node) {
        return Some(&STEP);
    }
    let word = text(node, "kind").unwrap_or_default();
    let is_it =
        |loose: &&Loose| if word.is_empty() { has_all(node, loose.signs) } else { loose.word == word };
    LOOSE.iter().filter(|loose| !loose.signs.is_empty() || !word.is_empty()).find(is_it)
}

/// Whether a piece is a rule of App Engine: a list of them is one resource.
pub(super) fn is_ingress_rule(node: &Node<'_>) -> bool {
    has_all(node, INGRESS_RULE)
}

const STEP: Loose = Loose {
    word: "",
    signs: &[],
    what: "steps of what holds a project, without the project",
    advice: "expected all of them, as `gcloud projects get-ancestors` prints them",
};
const INGRESS_RULE: &[&str] = &["action", "priority", "sourceRange"];

/// Whether a piece is a step of what holds a project, as `gcloud projects get-ancestors` prints it: a list of them is one
/// statement.
pub(super) fn is_step(node: &Node<'_>) -> bool {
    let words = ["project", "folder", "organization"];
    node.keys().all(|key| ["id", "type"].contains(&key))
        && text(node, "type").is_some_and(|word| words.contains(&word))
        && text(node, "id").is_some()
}

/// Pieces, the more telling first.
const LOOSE: [Loose; 5] = [
    Loose {
        word: "compute#firewallPolicyRule",
        signs: &["direction", "match", "action", "priority"],
        what: "rules of a firewall policy that do not say of which",
        advice: "expected the policy as `gcloud compute firewall-policies describe` prints it",
    },
    Loose {
        word: "compute#managedInstance",
        signs: &["instance", "currentAction"],
        what: "members of an instance group that do not say of which",
        advice: "put them under `managedInstances`, with `instanceGroupManager` beside them",
    },
    Loose {
        word: "compute#instanceWithNamedPorts",
        signs: &["instance", "status"],
        what: "members of an instance group that do not say of which",
        advice: "put them under `items`, with `instanceGroup` beside them",
    },
    Loose {
        word: "compute#networkEndpointWithHealthStatus",
        signs: &["networkEndpoint"],
        what: "network endpoints that do not say of which group",
        advice: "put them under `items`, with `networkEndpointGroup` beside them",
    },
    Loose {
        word: "",
        signs: INGRESS_RULE,
        what: "rules of an App Engine firewall without the others",
        advice: "expected all of them, as `gcloud app firewall-rules list` prints them",
    },
];
