//! What leads out of a VPC and back: Internet gateways, egress-only ones, NAT gateways, peerings (W5, W14, W15).
//!
//! Routes to what is gone become black holes, and back: `aftermath` sees to it.

use cloud::audit::{Act, Nature, Spot};
use cloud::json::Tree;

use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, object, text, tree};

const INTERNET: &str = "internet-gateway";
const EGRESS: &str = "egress-only-internet-gateway";
const NAT: &str = "nat-gateway";
const PEERING: &str = "vpc-peering";

/// A gateway that a call made: what it says of it, and the key of its id.
fn made(call: &Call<'_>, told: &mut Told<'_>, kind: &str, [part, key]: [&str; 2]) -> Meaning {
    let gateway = call.response.part(part);
    let Some(id) = gateway.text(key) else {
        return match call.is_done() {
            true => told.no_id(&format!("responseElements.{part}.{key}")),
            false => {
                let asked = call.request.first_text(&["vpcId", "subnetId"]);
                Meaning::recorded(asked.unwrap_or_default())
            }
        };
    };
    Meaning::edits(vec![call.edit(kind, id, Nature::Attachment, Act::Put(described(gateway, &NAMES)))])
}

fn gone(call: &Call<'_>, told: &mut Told<'_>, kind: &str, key: &str) -> Meaning {
    let Some(id) = call.request.text(key) else { return told.no_id(key) };
    Meaning::edits(vec![call.edit(kind, id, Nature::Attachment, Act::Drop)])
}

pub(super) fn create(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    made(call, told, INTERNET, ["internetGateway", "internetGatewayId"])
}

pub(super) fn delete(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    gone(call, told, INTERNET, "internetGatewayId")
}

pub(super) fn attach(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("internetGatewayId") else { return told.no_id("internetGatewayId") };
    let Some(vpc) = call.request.text("vpcId") else { return told.no_id("vpcId") };
    let attachment = tree([("State", text("available")), ("VpcId", text(vpc))]);
    let act =
        Act::Insert { into: Spot::of(&["Attachments"]), items: vec![attachment], by: names(&["VpcId"]) };
    Meaning::edits(vec![call.edit(INTERNET, id, Nature::Attachment, act)])
}

pub(super) fn detach(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("internetGatewayId") else { return told.no_id("internetGatewayId") };
    let Some(vpc) = call.request.text("vpcId") else { return told.no_id("vpcId") };
    let items = vec![tree([("VpcId", text(vpc))])];
    let act = Act::Remove { from: Spot::of(&["Attachments"]), items };
    Meaning::edits(vec![call.edit(INTERNET, id, Nature::Attachment, act)])
}

pub(super) fn create_egress_only(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    made(call, told, EGRESS, ["egressOnlyInternetGateway", "egressOnlyInternetGatewayId"])
}

pub(super) fn delete_egress_only(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    gone(call, told, EGRESS, "egressOnlyInternetGatewayId")
}

pub(super) fn create_nat(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    made(call, told, NAT, ["natGateway", "natGatewayId"])
}

pub(super) fn delete_nat(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    gone(call, told, NAT, "natGatewayId")
}

pub(super) fn create_peering(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    made(call, told, PEERING, ["vpcPeeringConnection", "vpcPeeringConnectionId"])
}

/// It is provisioned when the call returns, and nothing tells when it is active.
pub(super) fn accept_peering(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    peering_is(call, told, "active")
}

pub(super) fn reject_peering(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    peering_is(call, told, "rejected")
}

/// AWS lists a deleted one for a while.
pub(super) fn delete_peering(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    peering_is(call, told, "deleted")
}

fn peering_is(call: &Call<'_>, told: &mut Told<'_>, code: &str) -> Meaning {
    let key = "vpcPeeringConnectionId";
    let Some(id) = call.request.text(key) else { return told.no_id(key) };
    let act = Act::Merge(object([("Status", tree([("Code", text(code))]))]));
    Meaning::edits(vec![call.edit(PEERING, id, Nature::Attachment, act)])
}

/// What a pair of account and region blocks, whatever its gateways lead in (W17).
pub(super) fn modify_public_access(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let (Some(mode), Some(region)) = (call.request.text("internetGatewayBlockMode"), call.region) else {
        return told.no_id("InternetGatewayBlockMode` or `awsRegion");
    };
    let answered = call.response.part("vpcBlockPublicAccessOptions");
    let options = object([
        ("AwsRegion", text(region)),
        ("AwsAccountId", call.account.map_or(Tree::Null, text)),
        ("InternetGatewayBlockMode", text(mode)),
        // Only an organisation's policy takes exclusions away.
        ("ExclusionsAllowed", answered.text("exclusionsAllowed").map_or(Tree::Null, text)),
        // It is on its way when the call returns, and nothing tells when it is there.
        ("State", text("update-complete")),
    ]);
    let id = format!("vpc-block-public-access/{region}");
    let act = Act::Put(options);
    Meaning::edits(vec![call.edit("vpc-block-public-access-options", &id, Nature::Rule, act)])
}

const EXCLUSION: &str = "vpc-block-public-access-exclusion";

pub(super) fn create_exclusion(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let answered = call.response.part("vpcBlockPublicAccessExclusion");
    let place = call.request.first_text(&["subnetId", "vpcId"]);
    let Some(id) = answered.text("exclusionId") else {
        return match call.is_done() {
            true => told.no_id("responseElements.vpcBlockPublicAccessExclusion.exclusionId"),
            false => Meaning::recorded(place.unwrap_or_default()),
        };
    };
    let mut exclusion = described(answered, &NAMES);
    let asked = [("InternetGatewayExclusionMode", "internetGatewayExclusionMode")];
    for (key, sent) in asked {
        if let (None, Some(said)) = (answered.text(sent), call.request.text(sent)) {
            exclusion.push(key.into(), text(said));
        }
    }
    exclusion.take_out("State");
    exclusion.push("State".into(), text("create-complete"));
    Meaning::edits(vec![call.edit(EXCLUSION, id, Nature::Rule, Act::Put(exclusion))])
}

pub(super) fn modify_exclusion(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("exclusionId") else { return told.no_id("ExclusionId") };
    let Some(mode) = call.request.text("internetGatewayExclusionMode") else {
        return told.no_id("InternetGatewayExclusionMode");
    };
    let act = Act::Merge(object([
        ("ExclusionId", text(id)),
        // What was not seen being made says here what it excludes.
        ("ResourceArn", {
            let answered = call.response.part("vpcBlockPublicAccessExclusion");
            answered.text("resourceArn").map_or(Tree::Null, text)
        }),
        ("InternetGatewayExclusionMode", text(mode)),
        ("State", text("update-complete")),
    ]));
    Meaning::edits(vec![call.edit(EXCLUSION, id, Nature::Rule, act)])
}

pub(super) fn delete_exclusion(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("exclusionId") else { return told.no_id("ExclusionId") };
    Meaning::edits(vec![call.edit(EXCLUSION, id, Nature::Rule, Act::Drop)])
}

/// What EC2 calls things in answers that its command line calls otherwise.
const NAMES: [(&str, &str); 3] =
    [("attachmentSet", "Attachments"), ("natGatewayAddressSet", "NatGatewayAddresses"), ("tagSet", "Tags")];
