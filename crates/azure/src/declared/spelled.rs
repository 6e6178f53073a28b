//! Resources of the `azapi` provider, which are spelled as the interface spells them.

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Cause, Node, Tree, object_in};

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
    vec![written.with("properties", declared(properties(one))).node()]
}

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
