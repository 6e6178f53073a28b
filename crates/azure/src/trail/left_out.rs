//! What a request takes away by leaving it out: `PUT` says what a resource is, all of it.
//!
//! Only of what is a choice of whoever asks. What the provider makes stays, and so do lists of parts that a request may
//! leave out; who applies an edit knows which. Knows keys, no meaning of any.

use std::borrow::Cow;

use cloud::json::{Node, Tree};

/// Keys under the `properties` of a type.
struct Keys {
    kind: &'static str,
    /// Lists that are empty where they are left out.
    lists: &'static [&'static str],
    /// References that there are none of.
    references: &'static [&'static str],
    /// A list of parts that are stated with their owner, and their type.
    parts: Option<(&'static str, &'static str)>,
}

const KEYS: &[Keys] = &[
    Keys {
        kind: "microsoft.network/networksecuritygroups",
        lists: &["securityRules"],
        references: &[],
        parts: None,
    },
    Keys { kind: "microsoft.network/routetables", lists: &["routes"], references: &[], parts: None },
    Keys {
        kind: "microsoft.network/networkinterfaces",
        lists: &[],
        references: &["networkSecurityGroup"],
        parts: None,
    },
    Keys {
        kind: SUBNETS,
        lists: &[],
        references: &["networkSecurityGroup", "routeTable", "natGateway"],
        parts: None,
    },
    Keys {
        kind: "microsoft.network/virtualnetworks",
        lists: &[],
        references: &[],
        parts: Some(("subnets", SUBNETS)),
    },
    Keys { kind: "microsoft.network/ipgroups", lists: &["ipAddresses"], references: &[], parts: None },
];

const SUBNETS: &str = "microsoft.network/virtualnetworks/subnets";

/// A request with what it leaves out said in so many words.
pub(super) fn said(kind: &str, mut node: Node<'static>) -> Node<'static> {
    say(kind, &mut node);
    node
}

fn say(kind: &str, node: &mut Node<'static>) {
    let Some(keys) = KEYS.iter().find(|keys| keys.kind == kind) else { return };
    let Some(Tree::Object(properties)) = node.own_mut("properties") else { return };
    let lists = keys.lists.iter().map(|key| (key, Tree::List(Vec::new())));
    let references = keys.references.iter().map(|key| (key, Tree::Null));
    for (key, none) in lists.chain(references) {
        if properties.own(key).is_none() {
            properties.push(Cow::Borrowed(key), none);
        }
    }
    if let Some((list, kind)) = keys.parts
        && let Some(Tree::List(parts)) = properties.own_mut(list)
    {
        for part in parts {
            if let Tree::Object(part) = part {
                say(kind, part);
            }
        }
    }
}
