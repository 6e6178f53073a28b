//! Elastic IP addresses: allocated, associated, released.
//!
//! What an association does to the interface it is with is found where both are known.

use cloud::audit::{Act, Nature};
use cloud::json::{Node, Tree};

use super::Does;
use super::Does::Read as By;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{object, perhaps, text};

/// What is done to addresses.
pub(super) const OPERATIONS: &[(&str, Does)] = &[
    ("AllocateAddress", By(allocate)),
    ("AcceptAddressTransfer", By(accept)),
    ("AssociateAddress", By(associate)),
    ("DisassociateAddress", By(disassociate)),
    ("ReleaseAddress", By(release)),
];

fn allocate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let made = call.response;
    let Some(id) = made.first_text(&["allocationId", "publicIp", "carrierIp"]) else {
        return told.no_id("allocationId");
    };
    let address = object([
        ("AllocationId", perhaps(made.text("allocationId"))),
        ("PublicIp", perhaps(made.first_text(&["publicIp", "carrierIp"]))),
        ("Domain", perhaps(made.text("domain"))),
    ]);
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Put(address))])
}

fn accept(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let made = call.response.part("addressTransfer");
    let Some(id) = made.text("allocationId") else {
        return told.no_id("allocationId");
    };
    let address = object([("AllocationId", text(id)), ("PublicIp", perhaps(made.text("publicIp")))]);
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Put(address))])
}

/// It leads where the call says, and nowhere else any more, wherever it led before.
fn associate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let Some((edited, id)) = address_of(call) else { return told.no_id("allocationId") };
    let association = call.response.text("associationId");
    // An association that no response names is one all the same.
    let association = association.map_or_else(|| format!("of {edited}"), str::to_owned);
    let now = [
        ("AssociationId", Some(association.as_str())),
        ("InstanceId", request.text("instanceId")),
        ("NetworkInterfaceId", request.text("networkInterfaceId")),
        ("PrivateIpAddress", request.text("privateIpAddress")),
    ];
    if request.text("instanceId").is_none() && request.text("networkInterfaceId").is_none() {
        return told.no_id("networkInterfaceId");
    }
    let now = Node::new(now.iter().map(|(key, value)| ((*key).into(), perhaps(*value))).collect(), None);
    Meaning::edits_of(edited, vec![call.edit(KIND, &id, Nature::Attachment, Act::Merge(now))])
}

fn disassociate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let request = call.request;
    let (edited, id) = match (request.text("associationId"), request.text("publicIp")) {
        (Some(association), _) => (association, format!("AssociationId={association}")),
        (None, Some(public)) => (public, format!("PublicIp={public}")),
        (None, None) => return told.no_id("associationId"),
    };
    let gone = LED_BY.iter().map(|key| ((*key).into(), Tree::Null)).collect();
    let now = Act::Merge(Node::new(gone, None));
    Meaning::edits_of(edited, vec![call.edit(KIND, &id, Nature::Attachment, now)])
}

fn release(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some((edited, id)) = address_of(call) else { return told.no_id("allocationId") };
    Meaning::edits_of(edited, vec![call.edit(KIND, &id, Nature::Attachment, Act::Drop)])
}

/// An address by its allocation, or by itself: what it is called, and how it is found.
fn address_of<'n>(call: &Call<'n>) -> Option<(&'n str, String)> {
    let request = call.request;
    if let Some(id) = request.text("allocationId") {
        return Some((id, id.to_owned()));
    }
    let public = request.text("publicIp")?;
    Some((public, format!("PublicIp={public}")))
}

pub(crate) const KIND: &str = "address";
/// What an address says of where it leads.
pub(crate) const LED_BY: [&str; 5] =
    ["AssociationId", "InstanceId", "NetworkInterfaceId", "NetworkInterfaceOwnerId", "PrivateIpAddress"];
