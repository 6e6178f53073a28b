//! Resources of the `azapi` provider, which are spelled as the interface spells them.

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Cause, Node, Tree, object_in};

use super::network::attached;
use super::one::{One, doubtful};
use super::row::{Parent, Slot};
use super::scene::argument;
use super::written::{Written, text};

/// The resource in which another stands, or its resource group.
pub(super) static PARENT: Parent =
    Parent { ids: &["parent_id"], names: &[], kinds: &[], path: "Microsoft.Resources/deployments" };

/// Its type, as ids spell it: `Microsoft.Network/networkSecurityGroups`.
pub(super) fn path<'d>(declared: &'d Declared<'_>) -> Option<&'d str> {
    match argument(declared, &["type"])? {
        Tree::Text(kind) => Some(kind.split('@').next().unwrap_or(kind)),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The list of another resource to which it adds, as some types are declared inside and on their own.
pub(super) fn slot(declared: &Declared<'_>) -> Option<Slot> {
    let path = path(declared)?;
    ITEMS.iter().find(|(kind, _)| kind.eq_ignore_ascii_case(path)).map(|(_, slot)| *slot)
}

const ITEMS: &[(&str, Slot)] = &[
    ("Microsoft.Network/networkSecurityGroups/securityRules", Slot::GroupRules),
    ("Microsoft.Network/routeTables/routes", Slot::TableRoutes),
    ("Microsoft.Network/loadBalancers/backendAddressPools", Slot::BalancerPools),
    ("Microsoft.Network/loadBalancers/inboundNatRules", Slot::BalancerNatRules),
];

/// What it adds.
pub(super) fn item<'a>(one: One<'_, 'a>) -> Tree<'a> {
    if !(one.is_certain() && one.scene.has_owner(one.index)) {
        return doubtful(None);
    }
    let written = Written::at(one.at())
        .with("id", text(one.who().id.to_owned()))
        .with("name", text(one.who().name.to_owned()));
    written.with("properties", properties(one)).tree()
}

/// It as a resource of its own.
pub(super) fn resources<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let kind = match argument(one.declared, &["type"]) {
        Some(Tree::Text(kind)) => text(kind.split('@').next().unwrap_or(kind).to_owned()),
        _ => text("Microsoft.Resources/unknown"),
    };
    let mut written = Written::at(one.at())
        .with("id", text(one.who().id.to_owned()))
        .with("name", text(one.who().name.to_owned()))
        .with("type", kind)
        .with("location", one.block().value(&["location"]));
    for (key, value) in body(one).map(Node::into_entries).unwrap_or_default() {
        if !ENVELOPE.iter().any(|known| key.eq_ignore_ascii_case(known)) {
            written.put_stated(key, value);
        }
    }
    let properties = with_additions(one, declared(properties(one)));
    vec![written.with("properties", properties).node()]
}

/// Properties with what resources of the other provider add to them.
fn with_additions<'a>(one: One<'_, 'a>, properties: Tree<'a>) -> Tree<'a> {
    let Tree::Object(mut node) = properties else { return properties };
    let path = path(one.declared).unwrap_or_default();
    for (_, slot, key, room) in ADDITIONS.iter().filter(|(kind, ..)| kind.eq_ignore_ascii_case(path)) {
        let added = one.added(*slot);
        if added.is_empty() {
            continue;
        }
        let own = node.own(key).cloned();
        let all = match (room, own) {
            (Room::One, own) => attached(own, added),
            (Room::Many, Some(Tree::List(mut items))) => {
                items.extend(added);
                Some(Tree::List(items))
            }
            (Room::Many, None | Some(Tree::Null)) => Some(Tree::List(added)),
            (Room::Many, Some(other)) => Some(other),
        };
        let Some(all) = all else { continue };
        if node.own(key).is_some() {
            node.edit(key, |known| *known = all);
        } else {
            node.push(Cow::Borrowed(key), all);
        }
    }
    Tree::Object(node)
}

/// Whether what resources of the other provider add to such a list of it is told.
pub(super) fn has_room(declared: &Declared<'_>, slot: Slot) -> bool {
    let path = path(declared).unwrap_or_default();
    ADDITIONS.iter().any(|(kind, known, ..)| *known == slot && kind.eq_ignore_ascii_case(path))
}

/// The type that declares them.
pub(super) const KIND: &str = "azapi_resource";

/// How much of a kind there is room for. Complete.
#[derive(Clone, Copy)]
enum Room {
    One,
    Many,
}

/// What may be added to which type, and under which key.
const ADDITIONS: &[(&str, Slot, &str, Room)] = &[
    ("Microsoft.Network/networkSecurityGroups", Slot::GroupRules, "securityRules", Room::Many),
    ("Microsoft.Network/routeTables", Slot::TableRoutes, "routes", Room::Many),
    ("Microsoft.Network/virtualNetworks/subnets", Slot::SubnetGroup, "networkSecurityGroup", Room::One),
    ("Microsoft.Network/virtualNetworks/subnets", Slot::SubnetTable, "routeTable", Room::One),
    ("Microsoft.Network/networkInterfaces", Slot::InterfaceGroup, "networkSecurityGroup", Room::One),
    ("Microsoft.Network/loadBalancers", Slot::BalancerPools, "backendAddressPools", Room::Many),
    ("Microsoft.Network/loadBalancers", Slot::BalancerRules, "loadBalancingRules", Room::Many),
    ("Microsoft.Network/loadBalancers", Slot::BalancerNatRules, "inboundNatRules", Room::Many),
    ("Microsoft.Network/loadBalancers", Slot::BalancerNatPools, "inboundNatPools", Room::Many),
    ("Microsoft.Network/azureFirewalls", Slot::FirewallNat, "natRuleCollections", Room::Many),
    ("Microsoft.Network/azureFirewalls", Slot::FirewallNetwork, "networkRuleCollections", Room::Many),
    ("Microsoft.Network/ipGroups", Slot::IpGroupAddresses, "ipAddresses", Room::Many),
    ("Microsoft.Storage/storageAccounts", Slot::StorageRules, "networkAcls", Room::One),
    ("Microsoft.Sql/servers", Slot::ServerRanges, "firewallRules", Room::Many),
    ("Microsoft.DBforPostgreSQL/servers", Slot::ServerRanges, "firewallRules", Room::Many),
    ("Microsoft.DBforPostgreSQL/flexibleServers", Slot::ServerRanges, "firewallRules", Room::Many),
    ("Microsoft.DBforMySQL/servers", Slot::ServerRanges, "firewallRules", Room::Many),
    ("Microsoft.DBforMySQL/flexibleServers", Slot::ServerRanges, "firewallRules", Room::Many),
    ("Microsoft.DBforMariaDB/servers", Slot::ServerRanges, "firewallRules", Room::Many),
    ("Microsoft.Cache/Redis", Slot::ServerRanges, "firewallRules", Room::Many),
    ("Microsoft.Synapse/workspaces", Slot::ServerRanges, "firewallRules", Room::Many),
];

/// Properties that say that they are all.
fn declared(properties: Tree<'_>) -> Tree<'_> {
    match properties {
        Tree::Object(mut node) => {
            node.push(Cow::Borrowed("provisioningState"), text(crate::wire::DECLARED));
            // Azure adds the default rules (A2).
            if node.own("securityRules").is_some() && node.own("defaultSecurityRules").is_none() {
                node.push(Cow::Borrowed("defaultSecurityRules"), Tree::List(Vec::new()));
            }
            Tree::Object(node)
        }
        other => other,
    }
}

/// Its properties; not known where its body is not.
pub(super) fn properties<'a>(one: One<'_, 'a>) -> Tree<'a> {
    match (one.block().value(&["body"]), body(one)) {
        (_, Some(body)) => match body.own("properties") {
            Some(properties) => properties.clone(),
            None => Written::default().tree(),
        },
        (None, None) => Written::default().tree(),
        (Some(Tree::Unknown(unknown)), None) => doubtful(Some(&unknown)),
        (Some(_), None) => Tree::unknown(Cause::Wrong, "body"),
    }
}

/// Its body: an object, or in older versions the text of one.
fn body<'a>(one: One<'_, 'a>) -> Option<Node<'a>> {
    object_in(&one.block().value(&["body"])?)
}

/// What stands beside the body.
const ENVELOPE: [&str; 5] = ["id", "name", "type", "location", "properties"];
