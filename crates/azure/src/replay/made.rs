//! What the provider makes and a request leaves out: it stays as it was known when a resource is stated anew.
//!
//! A `PUT` replaces a resource, but not the address it was given, nor who refers to it. Adding a key: a line in [`MADE`].

use std::borrow::Cow;

use cloud::json::{Node, Tree};
use model::Name;

use crate::resource::name_of;

/// Completes what a request states with what the provider makes: as it is known, or as it is of everything that was just
/// stated whole.
pub(super) fn complete(kind: &str, id: &Name, stated: &mut Node<'static>, known: Option<&Node<'static>>) {
    // What says in which state it is was stated by the provider, whole.
    let is_answer = stated.own("provisioningState").is_some_and(|state| *state != Tree::Null);
    if let Some(known) = known.filter(|_| !is_answer) {
        for key in ENVELOPE {
            keep(stated, known, key);
        }
        for (_, path) in MADE.iter().filter(|(of, _)| *of == kind) {
            keep_path(stated, known, path);
        }
    }
    if !is_answer {
        for (_, list) in NONE_YET.iter().filter(|(of, _)| *of == kind) {
            if stated.own(list).is_none() {
                stated.push(Cow::Borrowed(list), Tree::List(Vec::new()));
            }
        }
    }
    let own =
        [("id", &**id), ("name", name_of(id)), ("provisioningState", "Succeeded"), ("etag", "W/edited")];
    for (key, value) in own {
        if matches!(stated.own(key), None | Some(Tree::Null)) {
            stated.take_out(key);
            stated.push(Cow::Borrowed(key), Tree::Text(Cow::Owned(value.to_owned())));
        }
    }
}

fn keep(stated: &mut Node<'static>, known: &Node<'static>, key: &'static str) {
    if stated.own(key).is_some_and(|value| *value != Tree::Null) {
        return;
    }
    if let Some(value) = known.own(key) {
        stated.take_out(key);
        stated.push(Cow::Borrowed(key), value.clone());
    }
}

/// Keeps what a path leads to; the items of a list are the same where their names are.
fn keep_path(stated: &mut Node<'static>, known: &Node<'static>, path: &'static str) {
    let Some((list, rest)) = path.split_once("[].") else {
        let moved = path == "privateIPAddress" && subnet(stated) != subnet(known);
        // An address is one of its subnet.
        if !moved {
            keep(stated, known, path);
        }
        return;
    };
    let (Some(Tree::List(stated)), Some(Tree::List(known))) = (stated.own_mut(list), known.own(list)) else {
        return;
    };
    for item in stated {
        let Tree::Object(item) = item else { continue };
        let is_it = |other: &&Tree<'static>| match other {
            Tree::Object(other) => matches!((item.own("name"), other.own("name")),
                (Some(Tree::Text(one)), Some(Tree::Text(other))) if one.eq_ignore_ascii_case(other)),
            Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => false,
        };
        if let Some(Tree::Object(other)) = known.iter().find(is_it) {
            keep(item, other, "id");
            keep_path(item, other, rest);
        }
    }
}

fn subnet(configuration: &Node<'static>) -> Option<String> {
    match configuration.own("subnet") {
        Some(Tree::Object(subnet)) => match subnet.own("id") {
            Some(Tree::Text(id)) => Some(id.to_ascii_lowercase()),
            _ => None,
        },
        _ => None,
    }
}

/// What every resource has and no request has to repeat.
const ENVELOPE: [&str; 9] = [
    "etag",
    "provisioningState",
    "resourceGroup",
    "resourceGuid",
    "location",
    "kind",
    "sku",
    "privateEndpointConnections",
    "systemData",
];

/// Lists that requests cannot state, and that begin empty.
const NONE_YET: &[(&str, &str)] = &[("microsoft.network/firewallpolicies", "ruleCollectionGroups")];

/// What is made of each kind. A part has its own lines, and stands in those of its owner too.
const MADE: &[(&str, &str)] = &[
    ("microsoft.network/networksecuritygroups", "networkInterfaces"),
    ("microsoft.network/networksecuritygroups", "subnets"),
    ("microsoft.network/networksecuritygroups", "defaultSecurityRules"),
    ("microsoft.network/networkinterfaces", "virtualMachine"),
    ("microsoft.network/networkinterfaces", "privateEndpoint"),
    ("microsoft.network/networkinterfaces", "ipConfigurations[].privateIPAddress"),
    ("microsoft.network/publicipaddresses", "ipAddress"),
    ("microsoft.network/publicipaddresses", "ipConfiguration"),
    ("microsoft.network/publicipaddresses", "publicIPAddressVersion"),
    ("microsoft.network/publicipaddresses", "publicIPAllocationMethod"),
    ("microsoft.network/publicipprefixes", "ipPrefix"),
    // A list that is left out leaves the parts as they are; an empty one takes them away.
    ("microsoft.network/virtualnetworks", "subnets"),
    ("microsoft.network/virtualnetworks", "virtualNetworkPeerings"),
    ("microsoft.network/virtualnetworks", "subnets[].ipConfigurations"),
    ("microsoft.network/virtualnetworks", "subnets[].applicationGatewayIPConfigurations"),
    ("microsoft.network/virtualnetworks", "virtualNetworkPeerings[].peeringState"),
    ("microsoft.network/virtualnetworks", "virtualNetworkPeerings[].remoteAddressSpace"),
    ("microsoft.network/virtualnetworks", "virtualNetworkPeerings[].remoteVirtualNetworkAddressSpace"),
    ("microsoft.network/virtualnetworks/subnets", "ipConfigurations"),
    ("microsoft.network/virtualnetworks/subnets", "applicationGatewayIPConfigurations"),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", "peeringState"),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", "remoteAddressSpace"),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", "remoteVirtualNetworkAddressSpace"),
    ("microsoft.network/routetables", "subnets"),
    ("microsoft.network/loadbalancers", "frontendIPConfigurations[].privateIPAddress"),
    ("microsoft.network/loadbalancers", "backendAddressPools[].backendIPConfigurations"),
    ("microsoft.network/loadbalancers", "inboundNatRules[].backendIPConfiguration"),
    ("microsoft.network/loadbalancers/backendaddresspools", "backendIPConfigurations"),
    ("microsoft.network/loadbalancers/inboundnatrules", "backendIPConfiguration"),
    ("microsoft.network/azurefirewalls", "ipConfigurations[].privateIPAddress"),
    ("microsoft.network/azurefirewalls", "hubIPAddresses"),
    ("microsoft.network/firewallpolicies", "childPolicies"),
    ("microsoft.network/firewallpolicies", "firewalls"),
    ("microsoft.network/firewallpolicies", "ruleCollectionGroups"),
    ("microsoft.network/applicationgateways", "operationalState"),
    ("microsoft.compute/virtualmachines", "powerState"),
    ("microsoft.sql/servers", "fullyQualifiedDomainName"),
    ("microsoft.web/sites", "state"),
    ("microsoft.web/sites", "defaultHostName"),
];
