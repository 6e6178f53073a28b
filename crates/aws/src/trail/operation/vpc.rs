//! VPCs and subnets: their address blocks.
//!
//! What AWS makes with a VPC, its default group, list and main table, no event names: `besides` has them; what goes with it,
//! `aftermath` finds.

use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, text, tree};
use cloud::audit::{Act, Nature, Spot};
use cloud::json::Tree;

const VPC: &str = "vpc";
const SUBNET: &str = "subnet";
const V4_SET: &str = "CidrBlockAssociationSet";
const V6_SET: &str = "Ipv6CidrBlockAssociationSet";

pub(super) fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    made(call, told, VPC, ["vpc", "vpcId"], &[(BESIDES, "list and table")])
}

/// AWS makes subnets, a gateway and a route to it with it, which have no events.
pub(super) fn create_default(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    made(call, told, VPC, ["vpc", "vpcId"], &[(BESIDES, WITH_GATEWAY)])
}

pub(super) fn create_subnet(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    made(call, told, SUBNET, ["subnet", "subnetId"], &[])
}

fn made(
    call: &Call<'_>,
    told: &mut Told<'_>,
    kind: &str,
    [part, key]: [&str; 2],
    memory: &[(&'static str, &str)],
) -> Meaning {
    let stated = call.response.part(part);
    let Some(id) = stated.text(key) else {
        return match call.is_done() {
            true => told.no_id(&format!("responseElements.{part}.{key}")),
            false => {
                let asked = call.request.first_text(&["vpcId", "cidrBlock"]);
                Meaning::recorded(asked.unwrap_or_default())
            }
        };
    };
    let mut node = described(stated, &NAMES);
    memory.iter().for_each(|(key, value)| node.push((*key).into(), text(value)));
    Meaning::edits(vec![call.edit(kind, id, Nature::Attachment, Act::Put(node))])
}

pub(super) fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    gone(call, told, VPC, "vpcId")
}

pub(super) fn delete_subnet(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    gone(call, told, SUBNET, "subnetId")
}

fn gone(call: &Call<'_>, told: &mut Told<'_>, kind: &str, key: &str) -> Meaning {
    let Some(id) = call.request.text(key) else { return told.no_id(key) };
    Meaning::edits(vec![call.edit(kind, id, Nature::Attachment, Act::Drop)])
}

pub(super) fn associate_vpc_block(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    associate(call, told, VPC, "vpcId")
}

pub(super) fn associate_subnet_block(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    associate(call, told, SUBNET, "subnetId")
}

/// A further block: the answer says under which id, and, of one that AWS chose, nothing else.
fn associate(call: &Call<'_>, told: &mut Told<'_>, kind: &str, key: &str) -> Meaning {
    let Some(id) = call.request.text(key).or_else(|| call.response.text(key)) else {
        return told.no_id(key);
    };
    let Some((set, answered)) = association(call.response) else {
        return match call.is_done() {
            true => told.no_id("responseElements.cidrBlockAssociation"),
            false => Meaning::recorded(id),
        };
    };
    let (block, state) = match set {
        V6_SET => ("Ipv6CidrBlock", "Ipv6CidrBlockState"),
        _ => ("CidrBlock", "CidrBlockState"),
    };
    let said = answered.text(block).or_else(|| call.request.text(block));
    let mut item = vec![(state.into(), tree([("State", text("associated"))]))];
    for (key, said) in [
        ("AssociationId", answered.text("associationId")),
        (block, said),
        ("Ipv6AddressAttribute", answered.text("ipv6AddressAttribute")),
    ] {
        item.extend(said.map(|said| (key.into(), text(said))));
    }
    let items = vec![Tree::Object(cloud::json::Node::new(item, None))];
    let by = names(&[if answered.has("associationId") { "AssociationId" } else { block }]);
    let act = Act::Insert { into: Spot::of(&[set]), items, by };
    Meaning::edits(vec![call.edit(kind, id, Nature::Attachment, act)])
}

pub(super) fn disassociate_vpc_block(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    disassociate(call, told, VPC, "vpcId")
}

pub(super) fn disassociate_subnet_block(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    disassociate(call, told, SUBNET, "subnetId")
}

/// The request has only the id of the association; the answer says whose it was.
fn disassociate(call: &Call<'_>, told: &mut Told<'_>, kind: &str, key: &str) -> Meaning {
    let Some(association_id) = call.request.text("associationId") else {
        return told.no_id("associationId");
    };
    let selector = format!("AssociationId={association_id}");
    let id = call.response.text(key).unwrap_or(&selector);
    let set = association(call.response).map_or(V6_SET, |(set, _)| set);
    let items = vec![tree([("AssociationId", text(association_id))])];
    let act = Act::Remove { from: Spot::of(&[set]), items };
    Meaning::edits_of(
        call.response.text(key).unwrap_or(association_id),
        vec![call.edit(kind, id, Nature::Attachment, act)],
    )
}

/// The association that an answer is about, and the set it is of.
fn association(response: Body<'_>) -> Option<(&'static str, Body<'_>)> {
    let sets = [("ipv6CidrBlockAssociation", V6_SET), ("cidrBlockAssociation", V4_SET)];
    sets.into_iter().map(|(key, set)| (set, response.part(key))).find(|(_, part)| !part.is_empty())
}

/// What EC2 calls things in answers that its command line calls otherwise.
const NAMES: [(&str, &str); 1] = [("tagSet", "Tags")];
/// A memory of the ledger: what AWS makes with a VPC.
pub(crate) const BESIDES: &str = "#besides";
/// The list, the main table, a gateway, and a route to it.
pub(crate) const WITH_GATEWAY: &str = "list, table and gateway";
