//! Network ACLs: entries by number and direction, and the subnets they stand at (W9).

use cloud::audit::{Act, Nature, Spot};
use cloud::grammar;
use cloud::json::Tree;
use model::Effect;

use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, flag, names, object, perhaps, text, tree};

const KIND: &str = "network-acl";

/// A new list denies everything, in both directions: that it says itself, as the entries that have no number.
pub(super) fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let list = call.response.part("networkAcl");
    let Some(id) = list.text("networkAclId") else {
        return match call.is_done() {
            true => told.no_id("responseElements.networkAcl.networkAclId"),
            false => Meaning::recorded(call.request.text("vpcId").unwrap_or_default()),
        };
    };
    let mut node = described(list, &NAMES);
    if list.parts("entrySet").is_empty() {
        let deny = |egress| {
            tree([
                ("RuleNumber", text("32767")),
                ("Egress", Tree::Flag(egress)),
                ("RuleAction", text("deny")),
                ("Protocol", text("-1")),
                ("CidrBlock", text("0.0.0.0/0")),
            ])
        };
        node.take_out("Entries");
        node.push("Entries".into(), Tree::List(vec![deny(true), deny(false)]));
    }
    for (key, value) in [
        ("VpcId", perhaps(call.request.text("vpcId"))),
        ("OwnerId", perhaps(call.account)),
        ("Associations", Tree::List(Vec::new())),
    ] {
        if node.own(key).is_none() && value != Tree::Null {
            node.push(key.into(), value);
        }
    }
    Meaning::edits(vec![call.edit(KIND, id, Nature::Rule, Act::Put(node))])
}

pub(super) fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("networkAclId") else { return told.no_id("networkAclId") };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Rule, Act::Drop)])
}

/// An entry is created or replaced whole: the event says all of it.
pub(super) fn put_entry(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(id) = request.text("networkAclId") else { return told.no_id("networkAclId") };
    let (Some(number), Some(action)) = (request.number("ruleNumber"), request.text("ruleAction")) else {
        return unread(id, told);
    };
    let range = |key: &str, names: [(&'static str, &'static str); 2]| {
        let said = request.part(key);
        let stated = names.map(|(key, sent)| (key, perhaps(said.text(sent))));
        let is_empty = stated.iter().all(|(_, value)| *value == Tree::Null);
        if is_empty { Tree::Null } else { tree(stated) }
    };
    let entry = tree([
        ("RuleNumber", text(&number.to_string())),
        // What is not said is of the way in: the API asks for it, old callers leave it out.
        ("Egress", Tree::Flag(request.flag("egress").unwrap_or(false))),
        ("RuleAction", text(action)),
        ("Protocol", perhaps(request.first_text(&["aclProtocol", "protocol"]))),
        ("CidrBlock", block(request, "cidrBlock")),
        ("Ipv6CidrBlock", block(request, "ipv6CidrBlock")),
        ("PortRange", range("portRange", [("From", "from"), ("To", "to")])),
        ("IcmpTypeCode", range("icmpTypeCode", [("Type", "type"), ("Code", "code")])),
    ]);
    let act = Act::Insert { into: Spot::of(&["Entries"]), items: vec![entry], by: names(&BY) };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Rule, act)])
}

pub(super) fn delete_entry(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("networkAclId") else { return told.no_id("networkAclId") };
    let Some(number) = call.request.number("ruleNumber") else { return unread(id, told) };
    let egress = call.request.flag("egress").unwrap_or(false);
    let entry = tree([("RuleNumber", text(&number.to_string())), ("Egress", flag(Some(egress)))]);
    let act = Act::Remove { from: Spot::of(&["Entries"]), items: vec![entry] };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Rule, act)])
}

/// The event says neither the subnet nor the list it had: the association that moves has both.
pub(super) fn replace_association(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("networkAclId") else { return told.no_id("networkAclId") };
    let Some(old) = call.request.text("associationId") else { return told.no_id("associationId") };
    let association = object([
        ("NetworkAclAssociationId", text(call.response.text("newAssociationId").unwrap_or(old))),
        ("NetworkAclId", text(id)),
        ("#moves", text(old)),
    ]);
    let act = Act::Insert {
        into: Spot::of(&["Associations"]),
        items: vec![Tree::Object(association)],
        by: names(&["NetworkAclAssociationId"]),
    };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, act)])
}

/// W12: AWS cuts host bits off.
fn block(request: Body<'_>, key: &str) -> Tree<'static> {
    let cidr = request.text(key);
    cidr.map_or(Tree::Null, |cidr| {
        grammar::prefix(cidr).map_or_else(|_| text(cidr), |prefix| text(&prefix.to_string()))
    })
}

fn unread(id: &str, told: &mut Told<'_>) -> Meaning {
    let sentence = "the entry has no `ruleNumber` or no `ruleAction`: what the list lets through is not known; an export of now has it";
    told.tell("unreadable-event", Effect::Undecided, sentence);
    Meaning::recorded(id)
}

/// By what entries are the same.
const BY: [&str; 2] = ["RuleNumber", "Egress"];
/// What EC2 calls things in answers that its command line calls otherwise.
const NAMES: [(&str, &str); 5] = [
    ("entrySet", "Entries"),
    ("associationSet", "Associations"),
    ("aclProtocol", "Protocol"),
    ("default", "IsDefault"),
    ("tagSet", "Tags"),
];
