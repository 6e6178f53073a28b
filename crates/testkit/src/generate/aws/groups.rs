//! Security groups, in the form of `describe-security-groups` or of `describe-security-group-rules`.

use serde_json::{Value, json};

use super::fields::{cidr4, cidr6, ports, types};
use super::{Account, AwsElement, OWNER};
use crate::random::Random;

/// Some groups, and some permissions in each.
pub(super) fn add(account: &mut Account, element: AwsElement, random: &mut Random) {
    let lists: Vec<String> =
        account.each("PrefixLists").filter_map(|it| Some(it["PrefixListId"].as_str()?.to_owned())).collect();
    for number in 0..GROUPS {
        let most = if element.varies(AwsElement::Groups) { 8 } else { 4 };
        let permissions: Vec<Value> =
            (0..random.between(0, most)).map(|_| permission(element, &lists, random)).collect();
        let mut permissions = permissions;
        if random.chance(45) {
            permissions.push(open(random));
        }
        let group = json!({
            "GroupId": format!("sg-{number}"),
            "GroupName": format!("group-{number}"),
            "Description": "",
            "OwnerId": OWNER,
            "VpcId": "vpc-0",
            "IpPermissions": permissions,
            "IpPermissionsEgress": [anything()],
        });
        // A group is of one network, and may be associated with others.
        account.all("SecurityGroupVpcAssociations").push(json!({
            "GroupId": group["GroupId"],
            "GroupOwnerId": OWNER,
            "VpcId": "vpc-1",
            "VpcOwnerId": OWNER,
            "State": "associated",
        }));
        if random.chance(20) {
            as_rules(account, &group);
        } else {
            account.all("SecurityGroups").push(group);
        }
    }
}

/// The groups that interfaces carry.
pub(super) const GROUPS: usize = 5;

/// Everything from everybody of both families.
fn anything() -> Value {
    json!({"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": [], "UserIdGroupPairs": []})
}

fn open(random: &mut Random) -> Value {
    let mut permission = anything();
    if random.chance(60) {
        permission["IpProtocol"] = (*random.pick(&["tcp", "udp", "6"])).into();
        permission["FromPort"] = 0.into();
        permission["ToPort"] = 65535.into();
    }
    permission
}

fn permission(element: AwsElement, lists: &[String], random: &mut Random) -> Value {
    let v4 = (0..random.between(0, 3)).map(|_| json!({"CidrIp": cidr4(random)})).collect::<Vec<_>>();
    let v6 = (0..random.below(3)).map(|_| json!({"CidrIpv6": cidr6(random)})).collect::<Vec<_>>();
    let mut permission =
        json!({"IpRanges": v4, "Ipv6Ranges": v6, "PrefixListIds": [], "UserIdGroupPairs": []});
    protocol(&mut permission, element, random);
    let listed = if element == AwsElement::PrefixLists { 70 } else { 15 };
    if !lists.is_empty() && random.chance(listed) {
        permission["PrefixListIds"] = json!([{"PrefixListId": random.pick(lists)}]);
    }
    // W4, W5: members of a group never come from the Internet.
    if random.chance(15) {
        let group = format!("sg-{}", random.below(GROUPS));
        permission["UserIdGroupPairs"] = json!([{"GroupId": group, "UserId": OWNER}]);
    }
    permission
}

/// Protocol and ports, which W7 says are not always looked at.
fn protocol(permission: &mut Value, element: AwsElement, random: &mut Random) {
    let icmp = if element.varies(AwsElement::Icmp) { 45 } else { 8 };
    let set = |permission: &mut Value, protocol: &str, ends: Option<(i64, i64)>| {
        permission["IpProtocol"] = protocol.into();
        if let Some((first, last)) = ends {
            permission["FromPort"] = first.into();
            permission["ToPort"] = last.into();
        }
    };
    if random.chance(icmp) {
        let (v6, word) = *random.pick(&[(false, "icmp"), (false, "1"), (true, "icmpv6"), (true, "58")]);
        // ICMPv6 without a range is every type.
        let ends = (!v6 || random.chance(80)).then(|| types(random, v6));
        return set(permission, word, ends);
    }
    let (first, last) = ports(random);
    let ends = Some((i64::from(first), i64::from(last)));
    match random.below(12) {
        0 => set(permission, "-1", None),
        1 => set(permission, "-1", ends),
        2 => set(permission, random.pick::<&str>(&["47", "50", "132"]), None),
        3 => set(permission, random.pick::<&str>(&["51", "132", "136"]), ends),
        4 => set(permission, "6", ends),
        5 => set(permission, "17", ends),
        6 | 7 => set(permission, "udp", ends),
        _ => set(permission, "tcp", ends),
    }
}

/// The same group as `describe-security-group-rules` prints it: one rule for each source.
pub(crate) fn as_rules(account: &mut Account, group: &Value) {
    let id = group["GroupId"].as_str().unwrap_or_default();
    let mut rules = Vec::new();
    for (key, egress) in [("IpPermissions", false), ("IpPermissionsEgress", true)] {
        for permission in group[key].as_array().into_iter().flatten() {
            for source in sources(permission) {
                let mut rule = json!({
                    "SecurityGroupRuleId": format!("sgr-{id}-{}", rules.len()),
                    "GroupId": id,
                    "GroupOwnerId": OWNER,
                    "IsEgress": egress,
                    "IpProtocol": permission["IpProtocol"],
                    "FromPort": permission.get("FromPort").cloned().unwrap_or_else(|| json!(-1)),
                    "ToPort": permission.get("ToPort").cloned().unwrap_or_else(|| json!(-1)),
                });
                rule.as_object_mut().into_iter().for_each(|own| own.extend([source.clone()]));
                rules.push(rule);
            }
        }
    }
    account.all("SecurityGroupRules").extend(rules);
}

/// The sources of a permission, each as the member of a rule.
fn sources(permission: &Value) -> Vec<(String, Value)> {
    let of = |list: &str, key: &str, to: &'static str| -> Vec<(String, Value)> {
        let members = permission[list].as_array().into_iter().flatten();
        members.map(|it| (to.to_owned(), if key.is_empty() { it.clone() } else { it[key].clone() })).collect()
    };
    [
        of("IpRanges", "CidrIp", "CidrIpv4"),
        of("Ipv6Ranges", "CidrIpv6", "CidrIpv6"),
        of("PrefixListIds", "PrefixListId", "PrefixListId"),
        of("UserIdGroupPairs", "", "ReferencedGroupInfo"),
    ]
    .concat()
}
