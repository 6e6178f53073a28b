//! What is declared by itself and read with what it is part of: rules of groups, subnets, routes.
//!
//! Adding a kind: a line in [`PARTS`], or in [`DECIDING`].

use std::borrow::Cow;
use std::collections::BTreeMap;

use cloud::json::{Cause, Node, Tree};

use crate::wire::CONDITION;

use super::made::{Made, declare, key_of_ours, set, with_properties};

/// How resources of a type are parts of others.
struct Part {
    kind: &'static str,
    /// The type of what they are part of, and the list of it that they stand in.
    of: &'static str,
    list: &'static str,
    without_owner: WithoutOwner,
}

/// What becomes of parts whose owner nobody declares. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
enum WithoutOwner {
    /// They are read by themselves.
    Alone,
    /// There is one that has other parts too, which nobody knows.
    Made,
}

const PARTS: &[Part] = &[
    Part {
        kind: "microsoft.network/networksecuritygroups/securityrules",
        of: "Microsoft.Network/networkSecurityGroups",
        list: "securityRules",
        without_owner: WithoutOwner::Made,
    },
    Part {
        kind: "microsoft.network/routetables/routes",
        of: "Microsoft.Network/routeTables",
        list: "routes",
        without_owner: WithoutOwner::Made,
    },
    Part {
        kind: "microsoft.network/virtualnetworks/subnets",
        of: "Microsoft.Network/virtualNetworks",
        list: "subnets",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/virtualnetworks/virtualnetworkpeerings",
        of: "Microsoft.Network/virtualNetworks",
        list: "virtualNetworkPeerings",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/frontendipconfigurations",
        of: "Microsoft.Network/loadBalancers",
        list: "frontendIPConfigurations",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/backendaddresspools",
        of: "Microsoft.Network/loadBalancers",
        list: "backendAddressPools",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/loadbalancingrules",
        of: "Microsoft.Network/loadBalancers",
        list: "loadBalancingRules",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/inboundnatrules",
        of: "Microsoft.Network/loadBalancers",
        list: "inboundNatRules",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/inboundnatpools",
        of: "Microsoft.Network/loadBalancers",
        list: "inboundNatPools",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/firewallpolicies/rulecollectiongroups",
        of: "Microsoft.Network/firewallPolicies",
        list: "ruleCollectionGroups",
        without_owner: WithoutOwner::Alone,
    },
];

/// What decides in a part: it is not known where it is not known whether the part is there. Others are taken as there.
const DECIDING: &[(&str, &[&str])] = &[
    // Readers take it as possible, whatever it says.
    ("microsoft.network/networksecuritygroups/securityrules", &[CONDITION]),
    ("microsoft.network/routetables/routes", &["addressPrefix"]),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", &["allowVirtualNetworkAccess"]),
    ("microsoft.network/firewallpolicies/rulecollectiongroups", &["ruleCollections"]),
    ("microsoft.network/loadbalancers/inboundnatrules", &["protocol"]),
    ("microsoft.network/loadbalancers/loadbalancingrules", &["protocol"]),
    ("microsoft.sql/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbforpostgresql/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbforpostgresql/flexibleservers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbformysql/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbformysql/flexibleservers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbformariadb/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.synapse/workspaces/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.cache/redis/firewallrules", &["startIP", "endIP"]),
];

/// Puts parts into what they are part of.
pub(super) fn merge<'a>(made: Vec<Made<'a>>) -> Vec<Made<'a>> {
    let mut merged: Vec<Made<'a>> = Vec::with_capacity(made.len());
    let mut parts = Vec::new();
    for mut made in made {
        unsettle(&mut made);
        match PARTS.iter().find(|part| part.kind == made.kind) {
            Some(part) => parts.push((part, made)),
            None => merged.push(made),
        }
    }
    let mut owners: BTreeMap<String, usize> = BTreeMap::new();
    for (position, owner) in merged.iter().enumerate() {
        owners.insert(owner.key.clone(), position);
    }
    for (part, child) in parts {
        let owner_id = parent_of(&child.id);
        let key = super::identity::key_of(owner_id);
        let position = match (owners.get(&key), part.without_owner) {
            (Some(position), _) => *position,
            (None, WithoutOwner::Alone) => {
                merged.push(child);
                continue;
            }
            (None, WithoutOwner::Made) => {
                merged.push(unseen_owner(part, &child));
                owners.insert(key, merged.len() - 1);
                merged.len() - 1
            }
        };
        let kept = merged.get_mut(position).and_then(|owner| put_into(owner, part, child));
        merged.extend(kept);
    }
    merged
}

/// Puts a part into its owner's list; hands it back where it is read by itself too.
fn put_into<'a>(owner: &mut Made<'a>, part: &Part, mut child: Made<'a>) -> Option<Made<'a>> {
    let stands_alone = part.list == "ruleCollectionGroups";
    let mut node = match stands_alone {
        true => Node::new(vec![text_of("id", &child.id)], child.node.at),
        false => core::mem::take(&mut child.node),
    };
    with_properties(&mut owner.node, |properties| {
        if properties.own(part.list).is_none() {
            properties.push(key_of_ours(part.list), Tree::List(Vec::new()));
        }
        properties.edit(part.list, |list| {
            let Tree::List(items) = list else { return };
            let same = items.iter().position(|item| is_called(item, &child.name));
            let Some(same) = same.filter(|_| !stands_alone) else {
                items.push(Tree::Object(node));
                return;
            };
            // Deployed behind its owner, it takes the place of what its owner says.
            if child.doubt.is_some()
                && let Some(Tree::Object(before)) = items.get(same)
            {
                either(&mut node, before);
            }
            if let Some(item) = items.get_mut(same) {
                *item = Tree::Object(node);
            }
        });
    });
    stands_alone.then_some(child)
}

/// Where it is not known which of two statements holds, what they do not agree on is not known.
fn either<'a>(later: &mut Node<'a>, before: &Node<'a>) {
    let Some(Tree::Object(before)) = before.own("properties") else { return };
    with_properties(later, |later| {
        let keys: Vec<Cow<'a, str>> =
            before.entries().iter().chain(later.entries()).map(|(key, _)| key.clone()).collect();
        for key in keys {
            if later.own(&key) == before.own(&key) {
                continue;
            }
            let unknown = Tree::unknown(Cause::Unset, "");
            match later.own(&key).is_some() {
                true => later.edit(&key, |own| *own = unknown),
                false => later.push(key, unknown),
            }
        }
    });
}

/// Makes what decides in a part unknown where it is not known whether it is there.
fn unsettle(made: &mut Made<'_>) {
    let Some(doubt) = &made.doubt else { return };
    let Some((_, keys)) = DECIDING.iter().find(|(kind, _)| *kind == made.kind) else { return };
    let (cause, text) = (doubt.cause, doubt.text.clone());
    with_properties(&mut made.node, |properties| {
        for key in *keys {
            set(properties, key, Tree::unknown(cause, text.clone()));
        }
    });
}

/// The owner of a part that nobody declares: it has others beside, of which nothing is known.
fn unseen_owner<'a>(part: &Part, child: &Made<'a>) -> Made<'a> {
    let id = parent_of(&child.id).to_owned();
    let name = id.rsplit_once('/').map_or(id.as_str(), |(_, name)| name).to_owned();
    let others = Tree::List(vec![Tree::unknown(Cause::Existing, "what it has beside")]);
    let properties = Node::new(vec![(key_of_ours(part.list), others)], child.node.at);
    let mut node = Node::new(
        vec![
            text_of("id", &id),
            text_of("name", &name),
            text_of("type", part.of),
            (key_of_ours("properties"), Tree::Object(properties)),
        ],
        child.node.at,
    );
    declare(&mut node);
    let kind = part.of.to_ascii_lowercase();
    super::complete::properties(&kind, &mut node);
    Made { key: super::identity::key_of(&id), id, kind, name, node, doubt: None, root: child.root }
}

fn text_of<'a>(key: &'static str, text: &str) -> (Cow<'a, str>, Tree<'a>) {
    (key_of_ours(key), Tree::Text(Cow::Owned(text.to_owned())))
}

fn is_called(item: &Tree<'_>, name: &str) -> bool {
    let Tree::Object(node) = item else { return false };
    matches!(node.own("name"), Some(Tree::Text(own)) if own.eq_ignore_ascii_case(name))
}

/// The id of what a part belongs to.
fn parent_of(id: &str) -> &str {
    let parent = id.rsplit_once('/').and_then(|(rest, _)| rest.rsplit_once('/'));
    parent.map_or(id, |(parent, _)| parent)
}
