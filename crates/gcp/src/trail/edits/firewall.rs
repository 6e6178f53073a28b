//! Rules of VPC networks: `compute.firewalls.*`.

use cloud::audit::{Act, Edit};
use cloud::json::{Node, Tree};
use model::Effect;

use super::super::body::{has, node_of, over, set_default, word};
use super::super::call::{Call, Told};
use super::plain::Edits;

pub(in super::super) fn insert(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![call.edit(Act::Put(complete(call, call.whole())))]
}

/// A PUT: what it does not say has its default, but the network, which no rule can change.
pub(in super::super) fn update(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    let network = call.original.as_ref().and_then(|original| original.own("network")).cloned();
    if let Some(network) = network {
        set_default(&mut node, "network", network);
    }
    if has(&node, "network") {
        return vec![call.edit(Act::Put(complete(call, node)))];
    }
    let mut node = complete(call, node);
    node.take_out("network");
    for key in DECIDING {
        set_default(&mut node, key, Tree::Null);
    }
    vec![call.edit(Act::Merge(node))]
}

/// The request of a patch is a delta. The entry has the whole rule as it was before, so the rule is known exactly.
pub(in super::super) fn patch(call: &Call, told: &mut Told<'_>) -> Edits {
    let says_something = call.request.keys().any(|key| !IDENTIFYING.contains(&key));
    if !says_something {
        told.tell(
            "unsaid-change",
            Effect::Undecided,
            "the request names no field: what it takes away is not logged",
        );
    }
    let original = call.original.as_ref().filter(|node| is_whole(node));
    match original {
        Some(original) => {
            let mut node = over(original.clone(), &call.request);
            call.identify(&mut node);
            vec![call.edit(Act::Put(complete(call, node)))]
        }
        None if says_something => {
            let delta =
                call.original.clone().map_or_else(|| call.request.clone(), |node| over(node, &call.request));
            vec![call.edit(Act::Merge(delta))]
        }
        None => Vec::new(),
    }
}

/// The rule as it was before, where the entry has all of it: nothing else may ever have said so.
pub(in super::super) fn before(call: &Call) -> Option<Edit> {
    let original =
        call.original.clone().filter(|node| call.collection.kind == "firewall-rule" && is_whole(node))?;
    // When it was made is not when this was asked.
    let call = Call { at: None, response: None, ..call.clone() };
    let mut node = original;
    call.identify(&mut node);
    Some(call.edit(Act::Put(complete(&call, node))))
}

/// Whether the state before is that of a whole rule.
fn is_whole(node: &Node<'_>) -> bool {
    has(node, "network") && (has(node, "allowed") || has(node, "denied"))
}

/// G1, G5: what the API writes where a request does not say it. Exports have it, and a later patch counts on it.
fn complete(call: &Call, mut node: Node<'static>) -> Node<'static> {
    set_default(&mut node, "priority", word("1000"));
    set_default(&mut node, "direction", word("INGRESS"));
    set_default(&mut node, "disabled", Tree::Flag(false));
    if let Some(project) = call.project() {
        set_default(&mut node, "network", word(format!("projects/{project}/global/networks/default")));
    }
    let is_inbound =
        !matches!(node.own("direction"), Some(Tree::Text(word)) if word.eq_ignore_ascii_case("EGRESS"));
    let everyone = || Tree::List(vec![word("0.0.0.0/0")]);
    match is_inbound {
        true if !SOURCES.iter().any(|key| has(&node, key)) => {
            set_default(&mut node, "sourceRanges", everyone())
        }
        false if !has(&node, "destinationRanges") => set_default(&mut node, "destinationRanges", everyone()),
        true | false => {}
    }
    node
}

const SOURCES: [&str; 3] = ["sourceRanges", "sourceTags", "sourceServiceAccounts"];
const IDENTIFYING: [&str; 6] = ["name", "network", "kind", "selfLink", "id", "creationTimestamp"];
const DECIDING: [&str; 9] = [
    "allowed",
    "denied",
    "sourceRanges",
    "sourceTags",
    "sourceServiceAccounts",
    "destinationRanges",
    "targetTags",
    "targetServiceAccounts",
    "logConfig",
];

/// A rule that a policy has when it is made.
pub(in super::super) fn default_rule(priority: &str, action: &str, matched: Node<'static>) -> Tree<'static> {
    Tree::Object(node_of(vec![
        ("priority", word(priority)),
        ("action", word(action)),
        ("direction", word("INGRESS")),
        ("match", Tree::Object(matched)),
    ]))
}
