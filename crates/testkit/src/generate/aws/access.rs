//! VPC Block Public Access: its mode and its exclusions.

use serde_json::{Value, json};

use super::{Account, AwsElement, OWNER, REGION};
use crate::random::Random;

/// A mode and some exclusions, of networks and of subnets.
pub(super) fn add(account: &mut Account, element: AwsElement, random: &mut Random) {
    let varied = element.varies(AwsElement::Access);
    let modes = ["off", "block-bidirectional", "block-bidirectional", "block-ingress", "block-ingress"];
    let mode = if varied { *random.pick(&modes) } else { "off" };
    account.kinds.insert(
        "VpcBlockPublicAccessOptions",
        json!({
            "AwsAccountId": OWNER,
            "AwsRegion": REGION,
            "State": if mode == "off" { "default-state" } else { "update-complete" },
            "InternetGatewayBlockMode": mode,
            "ManagedBy": "account",
            "ExclusionsAllowed": "allowed",
        }),
    );
    let mut exclusions: Vec<Value> = Vec::new();
    let networks = account.each("Vpcs").map(|it| format!("vpc/{}", it["VpcId"].as_str().unwrap_or_default()));
    let subnets =
        account.each("Subnets").map(|it| format!("subnet/{}", it["SubnetId"].as_str().unwrap_or_default()));
    for place in networks.chain(subnets).collect::<Vec<_>>() {
        if !varied || random.chance(55) {
            continue;
        }
        let deleted = random.chance(12);
        exclusions.push(json!({
            "ExclusionId": format!("vpcbpa-exclude-{}", exclusions.len()),
            "InternetGatewayExclusionMode": *random.pick(&["allow-bidirectional", "allow-bidirectional", "allow-egress"]),
            "ResourceArn": format!("arn:aws:ec2:{REGION}:{OWNER}:{place}"),
            "State": if deleted { "delete-complete" } else { "create-complete" },
        }));
    }
    account.kinds.insert("VpcBlockPublicAccessExclusions", exclusions.into());
}
