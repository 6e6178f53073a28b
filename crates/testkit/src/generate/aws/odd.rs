//! What is odd in an export: pieces that are missing, words that nobody knows, sides that tell different things.

use serde_json::{Value, json};

use super::{Account, OWNER, REGION};
use crate::random::Random;

/// Makes some things of an account odd. The answer then has bounds.
pub(super) fn add(account: &mut Account, random: &mut Random) {
    for odd in ODDITIES {
        if random.chance(12) {
            odd(account, random);
        }
    }
}

const ODDITIES: [fn(&mut Account, &mut Random); 16] = [
    unknown_list,
    unknown_table,
    turned_range,
    rangeless,
    strange_protocol,
    strange_prefix,
    strange_action,
    portless_entry,
    same_number,
    elastic,
    second_address,
    untold_groups,
    elsewhere,
    edge_table,
    shared_subnet,
    unlisted_kind,
];

fn one<'a>(from: Vec<&'a mut Value>, random: &mut Random) -> Option<&'a mut Value> {
    let count = from.len();
    from.into_iter().nth(if count == 0 { 0 } else { random.below(count) })
}

fn members<'a>(account: &'a mut Account, kind: &str, key: &'a str) -> Vec<&'a mut Value> {
    account.all(kind).iter_mut().filter_map(|it| it[key].as_array_mut()).flatten().collect()
}

/// A subnet whose list is not in the input.
fn unknown_list(account: &mut Account, random: &mut Random) {
    if let Some(acl) = one(account.all("NetworkAcls").iter_mut().collect(), random) {
        acl["Associations"] = json!([]);
    }
}

/// A table is not in the input.
fn unknown_table(account: &mut Account, random: &mut Random) {
    let tables = account.all("RouteTables");
    if !tables.is_empty() {
        tables.remove(random.below(tables.len()));
    }
}

/// Nobody exported the kind.
fn unlisted_kind(account: &mut Account, random: &mut Random) {
    let kinds =
        ["NetworkAcls", "RouteTables", "InternetGateways", "VpcBlockPublicAccessOptions", "Subnets", "Vpcs"];
    account.kinds.remove(*random.pick(&kinds));
}

/// W22.
fn turned_range(account: &mut Account, random: &mut Random) {
    if let Some(permission) = one(members(account, "SecurityGroups", "IpPermissions"), random) {
        permission["IpProtocol"] = "tcp".into();
        permission["FromPort"] = 443.into();
        permission["ToPort"] = 22.into();
    }
}

/// W7: TCP without a range.
fn rangeless(account: &mut Account, random: &mut Random) {
    if let Some(permission) = one(members(account, "SecurityGroups", "IpPermissions"), random) {
        permission["IpProtocol"] = (*random.pick(&["tcp", "udp", "icmp", "icmpv6"])).into();
        permission.as_object_mut().into_iter().for_each(|it| it.retain(|key, _| !key.ends_with("Port")));
    }
}

fn strange_protocol(account: &mut Account, random: &mut Random) {
    if let Some(permission) = one(members(account, "SecurityGroups", "IpPermissions"), random) {
        permission["IpProtocol"] = (*random.pick(&["any", "256", "gre"])).into();
    }
}

fn strange_prefix(account: &mut Account, random: &mut Random) {
    if let Some(permission) = one(members(account, "SecurityGroups", "IpPermissions"), random) {
        permission["IpRanges"] = json!([{"CidrIp": *random.pick(&["10.0.0.0/33", "office", "::/0"])}]);
    }
}

fn strange_action(account: &mut Account, random: &mut Random) {
    let entries = members(account, "NetworkAcls", "Entries");
    let own = entries.into_iter().filter(|it| it["RuleNumber"].as_i64() < Some(32767)).collect();
    if let Some(entry) = one(own, random) {
        entry["RuleAction"] = "permit".into();
    }
}

fn portless_entry(account: &mut Account, random: &mut Random) {
    let entries = members(account, "NetworkAcls", "Entries");
    let own = entries.into_iter().filter(|it| it.get("PortRange").is_some()).collect();
    if let Some(entry) = one(own, random) {
        entry.as_object_mut().into_iter().for_each(|it| drop(it.remove("PortRange")));
    }
}

/// X1: two entries of one number.
fn same_number(account: &mut Account, random: &mut Random) {
    let Some(acl) = one(account.all("NetworkAcls").iter_mut().collect(), random) else { return };
    let entries = acl["Entries"].as_array_mut().expect("entries of a list");
    let mut copy = entries[random.below(entries.len())].clone();
    if copy["RuleNumber"].as_i64() < Some(32767) {
        let other = if copy["RuleAction"] == "allow" { "deny" } else { "allow" };
        copy["RuleAction"] = other.into();
        entries.push(copy);
    }
}

/// An Elastic IP address that its own command tells as well.
fn elastic(account: &mut Account, random: &mut Random) {
    let with = |it: &&Value| it.get("Association").is_some();
    let own: Vec<Value> = account.each("NetworkInterfaces").filter(with).cloned().collect();
    if own.is_empty() {
        return;
    }
    let interface = random.pick(&own);
    account.all("Addresses").push(json!({
        "PublicIp": interface["Association"]["PublicIp"],
        "AllocationId": "eipalloc-1",
        "AssociationId": "eipassoc-1",
        "Domain": "vpc",
        "NetworkInterfaceId": interface["NetworkInterfaceId"],
        "NetworkInterfaceOwnerId": OWNER,
        "PrivateIpAddress": interface["PrivateIpAddress"],
    }));
}

/// A second private address with an address outside of its own.
fn second_address(account: &mut Account, random: &mut Random) {
    if let Some(interface) = one(account.all("NetworkInterfaces").iter_mut().collect(), random) {
        let second = json!({
            "Primary": false,
            "PrivateIpAddress": "10.0.0.250",
            "Association": {"IpOwnerId": "amazon", "PublicIp": "203.0.113.200"},
        });
        interface["PrivateIpAddresses"].as_array_mut().into_iter().for_each(|it| it.push(second.clone()));
    }
}

/// C4: an interface that does not tell its groups.
fn untold_groups(account: &mut Account, random: &mut Random) {
    let in_instances: Vec<String> = account.each("Reservations").map(ToString::to_string).collect();
    let alone = |it: &&mut Value| {
        let id = it["NetworkInterfaceId"].to_string();
        !in_instances.iter().any(|instance| instance.contains(&id))
    };
    let own = account.all("NetworkInterfaces").iter_mut().filter(alone).collect();
    if let Some(interface) = one(own, random) {
        interface.as_object_mut().into_iter().for_each(|it| drop(it.remove("Groups")));
    }
}

/// W17: what is blocked in another Region or account, or nobody says where.
fn elsewhere(account: &mut Account, random: &mut Random) {
    if let Some(options) = account.kinds.get_mut("VpcBlockPublicAccessOptions") {
        match random.below(3) {
            0 => options["AwsRegion"] = "us-east-1".into(),
            1 => options["AwsAccountId"] = "999988887777".into(),
            _ => options.as_object_mut().into_iter().for_each(|it| drop(it.remove("AwsRegion"))),
        }
    }
}

/// W16: a table at the gateway leads inbound packets of a subnet through something.
fn edge_table(account: &mut Account, random: &mut Random) {
    let subnets: Vec<Value> = account.each("Subnets").cloned().collect();
    if subnets.is_empty() {
        return;
    }
    let subnet = random.pick(&subnets);
    let network = subnet["VpcId"].as_str().unwrap_or_default().trim_start_matches("vpc-").to_owned();
    let mut route =
        json!({"DestinationCidrBlock": subnet["CidrBlock"], "Origin": "CreateRoute", "State": "active"});
    match random.below(3) {
        0 => route["NetworkInterfaceId"] = "eni-appliance".into(),
        1 => route["GatewayId"] = "vpce-1".into(),
        _ => route["GatewayId"] = "local".into(),
    }
    account.all("RouteTables").push(json!({
        "RouteTableId": "rtb-edge",
        "VpcId": subnet["VpcId"],
        "OwnerId": OWNER,
        "Associations": [{"Main": false, "RouteTableId": "rtb-edge", "GatewayId": format!("igw-{network}"), "AssociationState": {"State": "associated"}}],
        "Routes": [{"DestinationCidrBlock": format!("10.{network}.0.0/16"), "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}, route],
    }));
}

/// W24: the subnet is another account's, and so are its list, its table and its gateway.
fn shared_subnet(account: &mut Account, _: &mut Random) {
    for kind in
        ["Vpcs", "Subnets", "NetworkAcls", "RouteTables", "InternetGateways", "EgressOnlyInternetGateways"]
    {
        for resource in account.kinds.get_mut(kind).and_then(Value::as_array_mut).into_iter().flatten() {
            resource["OwnerId"] = "444455556666".into();
            if kind == "Subnets" {
                let id = resource["SubnetId"].as_str().unwrap_or_default();
                resource["SubnetArn"] = format!("arn:aws:ec2:{REGION}:444455556666:subnet/{id}").into();
            }
        }
    }
}
