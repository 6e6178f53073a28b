//! Services that nobody stated and edits are made to: what they say of whom they let in, and what they leave out.
//!
//! As everywhere, what was never seen is taken as absent, and it is said what that was. Knows the keys under which services
//! keep lists of addresses.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::audit::Act;
use cloud::json::{Node, Tree};
use model::Name;

use crate::estate::Estate;
use crate::resource::{Device, Kept, OF_EDITS, Otherwise, PartContent, Resource};

use super::Plan;

/// A service as edits alone have made it, for its reader: it is told that there is no more, and a list that keeps out
/// everybody it does not name names nobody where it names nobody.
pub(super) fn read_as(node: &mut Node<'static>) {
    node.push(Cow::Borrowed(OF_EDITS), Tree::Flag(true));
    for key in LISTS {
        let Some(Tree::Object(list)) = node.own_mut(key) else { continue };
        if keeps_out(list) && !names_addresses(list) {
            list.push(Cow::Borrowed(ADDRESSES[0]), Tree::List(Vec::new()));
        }
    }
}

/// Before an edit comes into the estate: the service, or the profile of a perimeter, of which all that it keeps beside itself is known with it. One that an
/// edit makes has nothing; who takes something away leaves what is known.
pub(super) fn ranged(estate: &Estate, plan: &Plan, now: &[Resource]) -> Option<Name> {
    let services = &estate.devices.services;
    if let (Act::Drop, Some(part)) = (&plan.act, estate.devices.service_parts.get(&plan.key)) {
        let owner = part.owner.as_ref().map(|owner| Arc::clone(&owner.key))?;
        let is_stated = services.contains_key(&owner) && !estate.is_partial(&owner);
        let is_list = matches!(part.content, PartContent::Range(..) | PartContent::NetworkRules(_));
        return (is_stated && is_list).then_some(owner);
    }
    if let (Act::Drop, Some(rule)) = (&plan.act, estate.devices.perimeter_rules.get(&plan.key)) {
        return rule.profile.clone();
    }
    let service = match now {
        [Resource::Device(Device::Service(service))] => service,
        [Resource::Device(Device::PerimeterProfile(_))] => {
            let is_made = matches!(plan.act, Act::Put(_)) && !estate.contains(&plan.key);
            return is_made.then(|| Arc::clone(&plan.key));
        }
        _ => return None,
    };
    // Without a range, one that begins open would be told open: ranges that nobody saw may close it.
    let begins_closed = matches!(&service.kept, Kept::Ranges(ranges) if ranges.without == Otherwise::Deny);
    let is_made = matches!(plan.act, Act::Put(_)) && !services.contains_key(&plan.key);
    (is_made && begins_closed).then(|| Arc::clone(&plan.key))
}

/// What an edit leaves out that decides what it did; nothing where it says all of it.
pub(super) fn lacks(act: &Act, now: &Node<'static>) -> Option<&'static str> {
    let Act::Merge(said) = act else { return None };
    let is_said = |key: &&&str| said.own(key).is_some();
    let list = LISTS.iter().find(is_said).and_then(|key| match now.own(key) {
        Some(Tree::Object(list)) => Some(list),
        _ => None,
    });
    if list.is_some_and(|list| keeps_out(list) && !names_addresses(list)) {
        return Some(ADDRESSES[0]);
    }
    // Another port, for whoever is let in.
    let opens_port = PORTS.iter().any(|(key, opens)| match said.own(key) {
        Some(Tree::Flag(flag)) => flag == opens,
        Some(Tree::Text(word)) => word.eq_ignore_ascii_case(if *opens { "true" } else { "false" }),
        _ => false,
    });
    let says_whom = LISTS.iter().chain(&[ACCESS]).any(|key| now.own(key).is_some());
    (opens_port && !says_whom).then_some(WHOM)
}

fn keeps_out(list: &Node<'static>) -> bool {
    matches!(list.own("defaultAction"), Some(Tree::Text(word)) if word.eq_ignore_ascii_case("deny"))
}

fn names_addresses(list: &Node<'static>) -> bool {
    ADDRESSES.iter().any(|key| list.own(key).is_some_and(|value| *value != Tree::Null))
}

/// Where services of several kinds keep their lists.
const LISTS: [&str; 2] = ["networkAcls", "networkRuleSet"];
/// Where a list keeps addresses.
const ADDRESSES: [&str; 2] = ["ipRules", "ipAddressRanges"];
/// Flags that open a port beside the usual one, and how.
const PORTS: [(&str, bool); 3] =
    [("supportsHttpsTrafficOnly", false), ("enableHttpsTrafficOnly", false), ("enableNonSslPort", true)];
const ACCESS: &str = "publicNetworkAccess";
const WHOM: &str = "whom it lets in";
