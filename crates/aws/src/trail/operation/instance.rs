//! Instances: launched, stopped, started, ended; their groups are those of their first interface.
//!
//! That a stop takes automatic addresses away is a consequence of it, and not said here.

use cloud::audit::{Act, Edit, Nature};
use cloud::json::{Cause, Node, Tree};

use super::Does;
use super::Does::Read as By;
use super::interface::{self, AUTO_PUBLIC};
use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{object, perhaps, text, tree};

/// What is done to instances.
pub(super) const OPERATIONS: &[(&str, Does)] = &[
    ("RunInstances", By(run)),
    ("StartInstances", By(start)),
    ("StopInstances", By(stop)),
    ("TerminateInstances", By(terminate)),
    ("ModifyInstanceAttribute", By(modify)),
    ("ModifySubnetAttribute", By(subnet)),
];

fn run(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let mut edits = Vec::new();
    for one in call.response.parts("instancesSet") {
        let Some(id) = one.text("instanceId") else { return told.no_id("instanceId") };
        let placement = one.part("placement");
        let zone = placement.text("availabilityZone");
        let instance = object([
            ("InstanceId", text(id)),
            // Pending for some seconds.
            ("State", tree([("Name", text("running"))])),
            ("VpcId", perhaps(one.text("vpcId"))),
            ("SubnetId", perhaps(one.text("subnetId"))),
            ("Placement", tree([("AvailabilityZone", perhaps(zone))])),
            ("Tags", Tree::List(one.items("tagSet").into_iter().map(Tree::to_owned_tree).collect())),
        ]);
        edits.push(call.edit(KIND, id, Nature::Attachment, Act::Put(instance)));
        edits.extend(
            one.parts("networkInterfaceSet").into_iter().filter_map(|own| launched(call, own, (id, zone))),
        );
    }
    match edits.is_empty() {
        false => Meaning::edits(edits),
        true if call.is_done() => told.no_id("instancesSet"),
        true => refused(call),
    }
}

/// What a launch that was refused would have made.
fn refused(call: &Call<'_>) -> Meaning {
    let request = call.request;
    let asked = request.parts("networkInterfaceSet");
    let asked = if asked.is_empty() { vec![request] } else { asked };
    let node = |own: Body<'_>| interface::wanted(own, request, SOME_INSTANCE);
    let edit = |own| call.edit(interface::KIND, SOME_INSTANCE, Nature::Attachment, Act::Put(node(own)));
    // One that exists is not made by it.
    let edits: Vec<Edit> = asked.into_iter().filter(|own| !own.has("networkInterfaceId")).map(edit).collect();
    if edits.is_empty() { Meaning::recorded("") } else { Meaning::edits(edits) }
}

/// An interface of an instance that was launched.
fn launched(call: &Call<'_>, own: Body<'_>, (instance, zone): (&str, Option<&str>)) -> Option<Edit> {
    let id = own.text("networkInterfaceId")?;
    let device = own.part("attachment").text("deviceIndex").unwrap_or("0");
    let asked = call.request.parts("networkInterfaceSet");
    let asked = asked.into_iter().find(|one| one.text("deviceIndex").unwrap_or("0") == device);
    let mut node = interface::interface(own);
    node.edit("Attachment", |attachment| {
        if let Tree::Object(attachment) = attachment {
            attachment.push("InstanceId".into(), text(instance));
        }
    });
    if asked.is_some_and(|asked| asked.text("networkInterfaceId").is_some()) {
        // It was there before, with addresses that this response does not tell.
        for list in ["PrivateIpAddresses", "Ipv6Addresses", "Association"] {
            node.take_out(list);
        }
        return Some(call.edit(interface::KIND, id, Nature::Attachment, Act::Merge(node)));
    }
    if let Some(zone) = zone {
        node.push("AvailabilityZone".into(), text(zone));
    }
    let is_stated = own.has("association");
    match asked.and_then(|asked| asked.flag("associatePublicIpAddress")) {
        _ if is_stated => {}
        Some(true) => public(&mut node, &interface::automatic(), Tree::Flag(true)),
        Some(false) => node.push(AUTO_PUBLIC.into(), Tree::Flag(false)),
        None if device != "0" => {}
        // The template may say it, and the event does not hold the template.
        None if call.request.has("launchTemplate") => {
            let unknown = Tree::unknown(Cause::Existing, "launchTemplate");
            public(&mut node, &unknown, Tree::Null);
        }
        None => node.push(AUTO_PUBLIC.into(), text(BY_SUBNET)),
    }
    Some(call.edit(interface::KIND, id, Nature::Attachment, Act::Put(node)))
}

/// Gives an interface a public address, which leads to its first private one.
pub(crate) fn public(node: &mut Node<'static>, association: &Tree<'static>, auto: Tree<'static>) {
    if auto != Tree::Null {
        node.take_out(AUTO_PUBLIC);
        node.push(AUTO_PUBLIC.into(), auto);
    }
    let Some(Tree::List(addresses)) = node.own_mut("PrivateIpAddresses") else {
        node.push("Association".into(), association.clone());
        return;
    };
    if let Some(Tree::Object(first)) = addresses.first_mut() {
        first.take_out("Association");
        first.push("Association".into(), association.clone());
    }
}

fn start(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    power(call, told, "running")
}

fn stop(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    power(call, told, "stopped")
}

/// The state that it comes to a moment later.
fn power(call: &Call<'_>, told: &mut Told<'_>, state: &str) -> Meaning {
    let now = object([("State", tree([("Name", text(state))]))]);
    each(call, told, &Act::Merge(now))
}

fn terminate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    each(call, told, &Act::Drop)
}

fn each(call: &Call<'_>, told: &mut Told<'_>, act: &Act) -> Meaning {
    let ids = call.request.texts_of("instancesSet", "instanceId");
    if ids.is_empty() {
        return told.no_id("instancesSet");
    }
    let edit = |id: &str| call.edit(KIND, id, Nature::Attachment, act.clone());
    Meaning::edits(ids.into_iter().map(edit).collect())
}

/// Most of what is modified is nothing that packets meet.
fn modify(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("instanceId") else { return told.no_id("instanceId") };
    if call.request.items("groupSet").is_empty() {
        return Meaning::nothing(id);
    }
    let first = format!("InstanceId={id},DeviceIndex=0");
    let now = object([("Groups", interface::groups(call.request))]);
    let edit = call.edit(interface::KIND, &first, Nature::Attachment, Act::Merge(now));
    Meaning::edits_of(id, vec![edit])
}

/// What a subnet gives to what is launched in it from now on.
fn subnet(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some(id) = request.text("subnetId") else { return told.no_id("subnetId") };
    let stated = |key| crate::trail::made::flag(request.flag(key));
    let now = object([
        (MAPS, stated("mapPublicIpOnLaunch")),
        ("AssignIpv6AddressOnCreation", stated("assignIpv6AddressOnCreation")),
    ]);
    if now.entries().is_empty() {
        return Meaning::nothing(id);
    }
    Meaning::edits(vec![call.edit("subnet", id, Nature::Attachment, Act::Merge(now))])
}

pub(crate) const KIND: &str = "instance";
/// What the memory of the ledger says where the subnet decides whether there is a public address.
pub(crate) const BY_SUBNET: &str = "subnet";
/// The attribute of a subnet that decides it.
pub(crate) const MAPS: &str = "MapPublicIpOnLaunch";
const SOME_INSTANCE: &str = "an instance that was not launched";
