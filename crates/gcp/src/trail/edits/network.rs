//! Networks, subnetworks and routes.

use cloud::audit::{Act, Nature};
use cloud::json::{Cause, Node, Tree};
use model::Effect;

use super::super::body::{node_of, set, set_default, word};
use super::super::call::{Call, Told};
use super::super::part::{flag, part, text};
use super::plain::Edits;

/// A new network has a route to the Internet, which nobody asks for.
pub(in super::super) fn insert(call: &Call, told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    set_default(&mut node, "networkFirewallPolicyEnforcementOrder", word("AFTER_CLASSIC_FIREWALL"));
    if flag(&call.request, "autoCreateSubnetworks") == Some(true) {
        let sentence = "the network makes its subnetworks itself, one in each region, and their ranges are not in the \
                        entry: add an export of today";
        told.tell("unsaid-change", Effect::Undecided, sentence);
    }
    let network = call.edit(Act::Put(node));
    let Some(project) = call.project() else { return vec![network] };
    let id = format!("projects/{project}/global/routes/default-route-{}", call.name());
    let route = node_of(vec![
        ("kind", word("compute#route")),
        ("selfLink", word(format!("https://www.googleapis.com/compute/v1/{id}"))),
        ("name", word(format!("default-route-{}", call.name()))),
        ("network", word(call.path.clone())),
        ("destRange", word("0.0.0.0/0")),
        ("priority", word("1000")),
        ("nextHopGateway", word(format!("projects/{project}/global/gateways/default-internet-gateway"))),
    ]);
    vec![network, call.edit_of("route", &id, Nature::Attachment, Act::Put(route))]
}

/// An address of IPv6 that the API takes for a subnetwork is not in its request.
pub(in super::super) fn insert_subnetwork(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    set_default(&mut node, "stackType", word("IPV4_ONLY"));
    if text(&node, "ipv6AccessType").is_some_and(|access| access == "EXTERNAL") {
        set_default(&mut node, "externalIpv6Prefix", Tree::unknown(Cause::Computed, ""));
    }
    vec![call.edit(Act::Put(node))]
}

/// Only what says where packets go; the rest of a patch is of the log, or of access to Google's APIs.
pub(in super::super) fn patch_subnetwork(call: &Call, _told: &mut Told<'_>) -> Edits {
    let entries = call.request.entries().iter().filter(|(key, _)| SUBNETWORK.contains(&&**key)).cloned();
    let delta = Node::new(entries.collect(), None);
    if delta.entries().is_empty() { Vec::new() } else { vec![call.edit(Act::Merge(delta))] }
}

/// A route that is made without a priority has 1000 (an export of one without has none: it is of a subnet).
pub(in super::super) fn insert_route(call: &Call, _told: &mut Told<'_>) -> Edits {
    let mut node = call.whole();
    set_default(&mut node, "priority", word("1000"));
    vec![call.edit(Act::Put(node))]
}

/// Whether a request switches a log on or off, in either of its forms.
pub(in super::super) fn logs(request: &Node<'_>) -> Option<bool> {
    let enabled = part(request, "logConfig").and_then(|log| flag(log, "enable"));
    enabled.or_else(|| flag(request, "enableFlowLogs")).or_else(|| flag(request, "enableLogging"))
}

const SUBNETWORK: [&str; 9] = [
    "ipCidrRange",
    "secondaryIpRanges",
    "network",
    "stackType",
    "ipv6AccessType",
    "externalIpv6Prefix",
    "purpose",
    "role",
    "state",
];

/// A policy-based route stands inside its request, which names it beside.
pub(in super::super) fn insert_policy_route(call: &Call, told: &mut Told<'_>) -> Edits {
    let Some(mut node) = part(&call.request, "policyBasedRoute").cloned() else {
        told.missing("policyBasedRoute", "where packets go is not known");
        return Vec::new();
    };
    let name = call.text("policyBasedRouteId").map(str::to_owned);
    let path = match name.or_else(|| text(&node, "name").map(str::to_owned)) {
        Some(name) if !call.path.contains("/policyBasedRoutes/") => {
            let name = name.rsplit('/').next().unwrap_or(&name).to_owned();
            let holder = call.text("parent").unwrap_or(&call.path).to_owned();
            format!("{holder}/policyBasedRoutes/{name}")
        }
        _ => call.path.clone(),
    };
    set(&mut node, "name", word(path.clone()));
    set_default(&mut node, "kind", word(call.collection.word));
    vec![call.edit_of(call.collection.kind, &path, call.collection.nature, Act::Put(node))]
}
