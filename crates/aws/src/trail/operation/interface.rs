//! Network interfaces: made, attached, given groups and addresses.
//!
//! Public addresses of others than these themselves are in `address`.

use cloud::audit::{Act, Nature, Spot};
use cloud::json::{Node, Tree};
use model::Effect;

use super::Does;
use super::Does::Read as By;
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, flag, names, object, perhaps, text, tree};

/// What is done to interfaces.
pub(super) const OPERATIONS: &[(&str, Does)] = &[
    ("CreateNetworkInterface", By(create)),
    ("DeleteNetworkInterface", By(delete)),
    ("AttachNetworkInterface", By(attach)),
    ("DetachNetworkInterface", By(detach)),
    ("ModifyNetworkInterfaceAttribute", By(modify)),
    ("AssignPrivateIpAddresses", By(assign)),
    ("UnassignPrivateIpAddresses", By(unassign)),
    ("AssignIpv6Addresses", By(assign)),
    ("UnassignIpv6Addresses", By(unassign)),
];

/// An interface of a response, as `describe-network-interfaces` answers it.
pub(super) fn interface(stated: Body<'_>) -> Node<'static> {
    let mut node = described(stated, &NAMES);
    // What is being made is there a moment later.
    node.edit("Status", |status| {
        if matches!(status, Tree::Text(word) if word.eq_ignore_ascii_case("pending")) {
            *status = text("available");
        }
    });
    node
}

/// The groups that a request names, as objects say what they carry.
pub(super) fn groups(stated: Body<'_>) -> Tree<'static> {
    let group = |item: Body<'_>| {
        tree([("GroupId", perhaps(item.text("groupId"))), ("GroupName", perhaps(item.text("groupName")))])
    };
    Tree::List(stated.parts("groupSet").into_iter().map(group).collect())
}

/// An interface that was asked for: what an attempt that was refused would have made.
pub(super) fn wanted(asked: Body<'_>, around: Body<'_>, id: &str) -> Node<'static> {
    let is_public = asked.flag("associatePublicIpAddress") == Some(true);
    let public = if is_public { automatic() } else { Tree::Null };
    let private = tree([("Primary", Tree::Flag(true)), ("Association", public)]);
    let own = if asked.has("groupSet") { asked } else { around };
    object([
        ("NetworkInterfaceId", text(id)),
        ("SubnetId", perhaps(asked.text("subnetId").or_else(|| around.text("subnetId")))),
        ("Groups", groups(own)),
        ("PrivateIpAddresses", Tree::List(vec![private])),
        ("Ipv6Addresses", Tree::List(Vec::new())),
        ("Status", text("in-use")),
    ])
}

/// The association of an address that AWS gives by itself. Which one it is, no event says.
pub(crate) fn automatic() -> Tree<'static> {
    tree([("IpOwnerId", text("amazon"))])
}

fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let made = call.response.part("networkInterface");
    let (id, node) = match made.text("networkInterfaceId") {
        Some(id) => (id, interface(made)),
        None if call.is_done() => return told.no_id("networkInterfaceId"),
        None => (SOME_INTERFACE, wanted(call.request, call.request, SOME_INTERFACE)),
    };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Put(node))])
}

fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text(ID) else { return told.no_id(ID) };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Drop)])
}

fn attach(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text(ID) else { return told.no_id(ID) };
    let Some(instance) = call.request.text("instanceId") else { return told.no_id("instanceId") };
    let attachment = tree([
        ("AttachmentId", perhaps(call.response.text("attachmentId"))),
        ("InstanceId", text(instance)),
        ("DeviceIndex", perhaps(call.request.text("deviceIndex"))),
        ("Status", text("attached")),
        // "By default … not deleted": what is attached to an instance that is there outlives it.
        ("DeleteOnTermination", Tree::Flag(false)),
    ]);
    let now = object([("Attachment", attachment), ("Status", text("in-use"))]);
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Merge(now))])
}

/// It names the attachment, and never the interface.
fn detach(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(attachment) = call.request.text("attachmentId") else { return told.no_id("attachmentId") };
    let id = format!("AttachmentId={attachment}");
    let entries = vec![("Attachment".into(), Tree::Null), ("Status".into(), text("available"))];
    let now = Act::Merge(Node::new(entries, None));
    Meaning::edits_of(attachment, vec![call.edit(KIND, &id, Nature::Attachment, now)])
}

fn modify(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(id) = request.text(ID) else { return told.no_id(ID) };
    let has_groups = !request.items("groupSet").is_empty();
    let groups = if has_groups { groups(request) } else { Tree::Null };
    let kept = request.part("attachment").flag("deleteOnTermination");
    let attachment = match kept {
        Some(kept) => tree([("DeleteOnTermination", Tree::Flag(kept))]),
        None => Tree::Null,
    };
    // The memory of the ledger; what follows of it is a consequence.
    let public = flag(request.flag("associatePublicIpAddress"));
    let now = object([("Groups", groups), ("Attachment", attachment), (AUTO_PUBLIC, public)]);
    if now.entries().is_empty() {
        return Meaning::nothing(id);
    }
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Merge(now))])
}

/// The lists of addresses that an interface has: where a request and a response have them, where an export has them, and
/// the key of an address there.
const LISTS: [(&[&str], &[&str], &str, &str); 4] = [
    (
        &["privateIpAddressesSet", "privateIpAddress"],
        &["assignedPrivateIpAddressesSet"],
        "PrivateIpAddresses",
        "PrivateIpAddress",
    ),
    (
        &["ipv6Addresses", "ipv6AddressesSet"],
        &["assignedIpv6Addresses", "unassignedIpv6Addresses"],
        "Ipv6Addresses",
        "Ipv6Address",
    ),
    (&["ipv4PrefixSet", "ipv4Prefix"], &["assignedIpv4PrefixSet"], "Ipv4Prefixes", "Ipv4Prefix"),
    (
        &["ipv6PrefixSet", "ipv6Prefix"],
        &["assignedIpv6PrefixSet", "unassignedIpv6PrefixSet"],
        "Ipv6Prefixes",
        "Ipv6Prefix",
    ),
];

/// The addresses of one list that a call names; the response has those that AWS chose.
fn addresses<'n>(call: &Call<'n>, (asked, answered, _, key): (&[&str], &[&str], &str, &str)) -> Vec<&'n str> {
    let in_body = |body: Body<'n>, keys: &[&str]| -> Vec<&'n str> {
        keys.iter().flat_map(|list| body.texts_of(list, key)).collect()
    };
    let answered = in_body(call.response, answered);
    if answered.is_empty() { in_body(call.request, asked) } else { answered }
}

fn assign(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text(ID) else { return told.no_id(ID) };
    let mut edits = Vec::new();
    for list in LISTS {
        let (.., into, key) = list;
        let items: Vec<Tree<'static>> = addresses(call, list)
            .into_iter()
            .map(|one| Tree::Object(Node::new(vec![(key.into(), text(one))], None)))
            .collect();
        if !items.is_empty() {
            let act = Act::Insert { into: Spot::of(&[into]), items, by: names(&[key]) };
            edits.push(call.edit(KIND, id, Nature::Attachment, act));
        }
    }
    if edits.is_empty() {
        if call.is_done() {
            let sentence =
                "it says how many addresses were assigned and not which: what they lead to is not told";
            told.tell("missing-field", Effect::Narrowed, sentence);
        }
        // Who asked for a number of them was refused all the same.
        return Meaning::recorded(id);
    }
    Meaning::edits_of(id, edits)
}

fn unassign(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text(ID) else { return told.no_id(ID) };
    let mut edits = Vec::new();
    for list in LISTS {
        let (.., from, key) = list;
        let items: Vec<Tree<'static>> = addresses(call, list)
            .into_iter()
            .map(|one| Tree::Object(Node::new(vec![(key.into(), text(one))], None)))
            .collect();
        if !items.is_empty() {
            let act = Act::Remove { from: Spot::of(&[from]), items };
            edits.push(call.edit(KIND, id, Nature::Attachment, act));
        }
    }
    Meaning::edits_of(id, edits)
}

pub(crate) const KIND: &str = "network-interface";
/// Whether an interface gets a public address whenever it runs without an elastic one: a memory of the ledger.
pub(crate) const AUTO_PUBLIC: &str = "#AutoPublic";
const ID: &str = "networkInterfaceId";
/// What an interface is called that was never made.
const SOME_INTERFACE: &str = "a network interface that was not made";
/// What EC2's XML calls otherwise than the command line.
const NAMES: [(&str, &str); 6] = [
    ("groupSet", "Groups"),
    ("privateIpAddressesSet", "PrivateIpAddresses"),
    ("ipv6AddressesSet", "Ipv6Addresses"),
    ("ipv4PrefixSet", "Ipv4Prefixes"),
    ("ipv6PrefixSet", "Ipv6Prefixes"),
    ("ipv6Address", "Ipv6Address"),
];
