//! Network ACLs: the default one, or numbered entries both ways.

use serde_json::{Value, json};

use super::fields::{cidr4, cidr6, ports, types};
use super::{Account, AwsElement, OWNER};
use crate::random::Random;

/// The lists of a network: the default one, and where it matters others for some of its subnets.
pub(super) fn add(account: &mut Account, network: usize, element: AwsElement, random: &mut Random) {
    let vpc = format!("vpc-{network}");
    let subnets: Vec<String> = account
        .each("Subnets")
        .filter(|it| it["VpcId"] == *vpc)
        .filter_map(|it| Some(it["SubnetId"].as_str()?.to_owned()))
        .collect();
    let varied = element.varies(AwsElement::Lists) || element.varies(AwsElement::Icmp);
    let (own, default): (Vec<String>, Vec<String>) =
        subnets.into_iter().partition(|_| varied && random.chance(85));
    account.all("NetworkAcls").push(acl(&format!("acl-{network}"), &vpc, &default, true, whole()));
    for (number, subnet) in own.into_iter().enumerate() {
        let mut entries = entries(false, element, random);
        entries.extend(self::entries(true, element, random));
        random.shuffle(&mut entries);
        account.all("NetworkAcls").push(acl(
            &format!("acl-{network}{number}"),
            &vpc,
            &[subnet],
            false,
            entries,
        ));
    }
}

fn acl(id: &str, vpc: &str, subnets: &[String], default: bool, mut entries: Vec<Value>) -> Value {
    for egress in [false, true] {
        entries.push(json!({"RuleNumber": 32767, "Protocol": "-1", "RuleAction": "deny", "Egress": egress, "CidrBlock": "0.0.0.0/0"}));
        entries.push(json!({"RuleNumber": 32768, "Protocol": "-1", "RuleAction": "deny", "Egress": egress, "Ipv6CidrBlock": "::/0"}));
    }
    let associations = subnets.iter().enumerate().map(|(number, subnet)| {
        json!({"NetworkAclAssociationId": format!("aclassoc-{id}{number}"), "NetworkAclId": id, "SubnetId": subnet})
    });
    json!({
        "NetworkAclId": id,
        "VpcId": vpc,
        "OwnerId": OWNER,
        "IsDefault": default,
        "Associations": associations.collect::<Vec<_>>(),
        "Entries": entries,
        "Tags": [],
    })
}

/// W9: what a new network has.
fn whole() -> Vec<Value> {
    let both = [false, true].into_iter().flat_map(|egress| {
        [
            json!({"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": egress, "CidrBlock": "0.0.0.0/0"}),
            json!({"RuleNumber": 101, "Protocol": "-1", "RuleAction": "allow", "Egress": egress, "Ipv6CidrBlock": "::/0"}),
        ]
    });
    both.collect()
}

fn entries(egress: bool, element: AwsElement, random: &mut Random) -> Vec<Value> {
    let mut numbers: Vec<usize> = Vec::new();
    let wanted = random.between(1, if element == AwsElement::Lists { 9 } else { 5 });
    while numbers.len() < wanted {
        let number = if random.chance(10) { *random.pick(&[1, 32766]) } else { random.between(1, 32765) };
        if !numbers.contains(&number) {
            numbers.push(number);
        }
    }
    let mut entries: Vec<Value> =
        numbers.into_iter().map(|number| entry(number, egress, element, random)).collect();
    // Often something is let in at the end, so that the denies before it are seen.
    for (number, key, cidr) in [(32764, "CidrBlock", "0.0.0.0/0"), (32763, "Ipv6CidrBlock", "::/0")] {
        let taken = entries.iter().any(|it| it["RuleNumber"] == number);
        if !taken && random.chance(55) {
            entries.push(json!({"RuleNumber": number, "Protocol": "-1", "RuleAction": "allow", "Egress": egress, key: cidr}));
        }
    }
    entries
}

fn entry(number: usize, egress: bool, element: AwsElement, random: &mut Random) -> Value {
    let action = if random.chance(50) { "allow" } else { "deny" };
    let mut entry = json!({"RuleNumber": number, "RuleAction": action, "Egress": egress});
    let v6 = random.chance(35);
    if v6 {
        entry["Ipv6CidrBlock"] = cidr6(random).into();
    } else {
        entry["CidrBlock"] = cidr4(random).into();
    }
    if random.chance(if element.varies(AwsElement::Icmp) { 45 } else { 8 }) {
        entry["Protocol"] = (if v6 { "58" } else { "1" }).into();
        // Now and then the other family's, which no packet of this one carries.
        if random.chance(8) {
            entry["Protocol"] = (if v6 { "1" } else { "58" }).into();
        }
        let (of_type, code) = types(random, v6);
        entry["IcmpTypeCode"] = json!({"Type": of_type, "Code": code});
        return entry;
    }
    entry["Protocol"] = (*random.pick(&["6", "6", "6", "17", "17", "-1", "47", "132"])).into();
    if ["6", "17"].iter().any(|it| entry["Protocol"] == **it) {
        let (first, last) = ports(random);
        entry["PortRange"] = json!({"From": first, "To": last});
    }
    entry
}
