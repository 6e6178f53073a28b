//! Objects that nobody stated, of which only edits tell: what they leave unsaid may close, and opens nothing but where the
//! edit itself says that it opens something.
//!
//! Without that, an edit of the size of a database would tell of a database that may be open.

use std::borrow::Cow;

use cloud::audit::{Act, Edit, Nature, Spot};
use cloud::json::{Cause, Node, Tree};

use crate::resource::Kind;

/// An object that nobody saw, before its first edit.
pub(super) fn unseen(kind: &Kind, path: &str) -> Node<'static> {
    let pair = |key: &'static str, value: String| (Cow::Borrowed(key), Tree::Text(value.into()));
    let parent = |word: &str| path.strip_suffix(word).unwrap_or(path).to_owned();
    let entry = match kind.name {
        "app-engine-firewall" => pair("application", parent("/firewall")),
        "instance-group-members" => pair("instanceGroup", parent("/listInstances")),
        "gke-cluster" => pair("selfLink", format!("https://container.googleapis.com/v1/{path}")),
        "network-endpoints" => pair("networkEndpointGroup", parent("/listNetworkEndpoints")),
        _ if kind.kinds.iter().any(|own| own.starts_with("compute#") || own.starts_with("sql#")) => {
            pair("selfLink", format!("https://www.googleapis.com/compute/v1/{path}"))
        }
        _ => pair("name", path.to_owned()),
    };
    Node::new(vec![entry], None)
}

/// Whether nothing that is known of an object decides on anything: it is as if it were not there.
pub(super) fn is_silent(kind: &str, node: &Node<'_>) -> bool {
    match kind {
        "firewall-rule" => !says_who_or_what(node),
        "cloud-sql-instance" => {
            !["authorizedNetworks", "ipv4Enabled"].iter().any(|key| says(node, &SQL, key))
        }
        _ => false,
    }
}

/// Writes down what is not known, where absence would say something.
pub(super) fn fill(kind: &str, node: &mut Node<'static>) {
    match kind {
        "cloud-sql-instance" => fill_database(node),
        "gke-cluster" => fill_cluster(node),
        "app-engine-firewall" => fill_application(node),
        _ => {}
    }
}

/// A database that is given an address has authorised networks that nobody saw.
fn fill_database(node: &mut Node<'static>) {
    let settings = match node.own_mut("settings") {
        Some(Tree::Object(settings)) => settings.own_mut("ipConfiguration"),
        _ => None,
    };
    if let Some(Tree::Object(own)) = settings
        && own.own("authorizedNetworks").is_none()
    {
        own.push(Cow::Borrowed("authorizedNetworks"), unknown());
    }
}

/// Whether the endpoint is public is not known where only its list is told; where not even that is, it is none.
fn fill_cluster(node: &mut Node<'static>) {
    let is_placed = says(node, &["controlPlaneEndpointsConfig", "ipEndpointsConfig"], "enablePublicEndpoint")
        || says(node, &["privateClusterConfig"], "enablePrivateEndpoint");
    if is_placed {
        return;
    }
    let is_listed =
        says(node, &["controlPlaneEndpointsConfig", "ipEndpointsConfig"], "authorizedNetworksConfig")
            || node.own("masterAuthorizedNetworksConfig").is_some();
    let value = if is_listed { unknown() } else { Tree::Flag(true) };
    let private = Node::new(vec![(Cow::Borrowed("enablePrivateEndpoint"), value)], None);
    node.take_out("privateClusterConfig");
    node.push(Cow::Borrowed("privateClusterConfig"), Tree::Object(private));
}

/// Rules that nobody saw may deny before those that are told, and nobody is let in behind them.
fn fill_application(node: &mut Node<'static>) {
    let rule = |priority: &'static str, range: Tree<'static>| {
        let entries = [("priority", word(priority)), ("action", word("DENY")), ("sourceRange", range)];
        Tree::Object(Node::new(entries.map(|(key, value)| (Cow::Borrowed(key), value)).into(), None))
    };
    let Some(Tree::List(rules)) = node.own_mut("ingressRules") else { return };
    let mut has_last = false;
    for own in rules.iter_mut() {
        let Tree::Object(own) = own else { continue };
        let is_last = matches!(own.own("priority"), Some(Tree::Text(priority)) if *priority == *LAST);
        // The last rule is for everybody.
        if is_last && own.own("sourceRange").is_none() {
            own.push(Cow::Borrowed("sourceRange"), word("*"));
        }
        has_last |= is_last;
    }
    rules.push(rule("1", unknown()));
    if !has_last {
        rules.push(rule(LAST, word("*")));
    }
}

/// What decides on an edit of such an object and nobody saw, in words before its id; `None` where it tells all that counts.
pub(super) fn untold(edit: &Edit, node: &Node<'_>, policies_are_stated: bool) -> Option<&'static str> {
    match &*edit.kind {
        "firewall-rule" if !says_who_or_what(node) && !is_idle(edit) => {
            Some("whom is let in, and to what, by")
        }
        "address-group" => Some("which rules name"),
        "project" | "folder" if !policies_are_stated => Some("which policies stand above"),
        "network" if edits_key(edit, "networkFirewallPolicyEnforcementOrder") => {
            Some("which policies are in force in")
        }
        "backend-service" | "backend-bucket" | "target-pool" | "target-instance" | "instance"
            if edit.nature == Nature::Rule =>
        {
            Some("what stands behind, and who was kept out of,")
        }
        _ => None,
    }
}

fn edits_key(edit: &Edit, key: &str) -> bool {
    matches!(&edit.act, Act::Merge(delta) if delta.own(key).is_some())
}

/// Whether an object at the end of keys has one.
fn says(node: &Node<'_>, way: &[&str], key: &str) -> bool {
    matches!(Spot::of(way).find(node), Some(Tree::Object(own)) if own.own(key).is_some())
}

fn unknown() -> Tree<'static> {
    Tree::unknown(Cause::Existing, "")
}

fn word(text: &'static str) -> Tree<'static> {
    Tree::Text(Cow::Borrowed(text))
}

/// Whether a rule says who is let in, or what: the rest of it may be anything. One that is enabled says that it lets in.
fn says_who_or_what(rule: &Node<'_>) -> bool {
    let is_enabled = match rule.own("disabled") {
        Some(Tree::Flag(flag)) => !flag,
        Some(Tree::Text(word)) => word.eq_ignore_ascii_case("false"),
        _ => false,
    };
    is_enabled || SAYING.iter().any(|key| matches!(rule.own(key), Some(value) if *value != Tree::Null))
}

/// Whether an edit moves no packet, whatever it is an edit of.
fn is_idle(edit: &Edit) -> bool {
    matches!(&edit.act, Act::Merge(delta) if delta.keys().all(|key| IDLE.contains(&key)))
}

const IDLE: [&str; 7] = ["description", "enableLogging", "id", "kind", "logConfig", "name", "selfLink"];
const SAYING: [&str; 5] = ["allowed", "denied", "sourceRanges", "sourceTags", "sourceServiceAccounts"];
const SQL: [&str; 2] = ["settings", "ipConfiguration"];
/// The priority of the rule that is asked last.
const LAST: &str = "2147483647";
