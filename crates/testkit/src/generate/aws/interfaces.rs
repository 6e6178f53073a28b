//! Networks, subnets, and the interfaces in them.

use serde_json::{Value, json};

use super::groups::GROUPS;
use super::{Account, AwsElement, OWNER, REGION};
use crate::random::Random;

/// A network with two or three subnets.
pub(super) fn network(account: &mut Account, network: usize, _: AwsElement, random: &mut Random) {
    let vpc = format!("vpc-{network}");
    account.all("Vpcs").push(json!({
        "VpcId": vpc,
        "OwnerId": OWNER,
        "CidrBlock": format!("10.{network}.0.0/16"),
        "State": "available",
        "IsDefault": false,
    }));
    for number in 0..random.between(1, 3) {
        account.all("Subnets").push(json!({
            "SubnetId": format!("subnet-{network}{number}"),
            "SubnetArn": format!("arn:aws:ec2:{REGION}:{OWNER}:subnet/subnet-{network}{number}"),
            "VpcId": vpc,
            "OwnerId": OWNER,
            "AvailabilityZone": format!("{REGION}a"),
            "CidrBlock": format!("10.{network}.{number}.0/24"),
            "State": "available",
        }));
    }
}

/// Some interfaces, by themselves or in instances.
pub(super) fn add(account: &mut Account, _: usize, element: AwsElement, random: &mut Random) {
    let subnets: Vec<Value> = account.each("Subnets").cloned().collect();
    for number in 0..random.between(2, 5) {
        let subnet = random.pick(&subnets);
        let interface = interface(number, subnet, element, random);
        // An instance tells its interfaces as well; now and then only it does.
        match random.below(10) {
            0..5 => account.all("NetworkInterfaces").push(interface),
            5..8 => {
                let instance = instance(number, &interface);
                account.all("Reservations").push(instance);
                account.all("NetworkInterfaces").push(interface);
            }
            _ => {
                let instance = instance(number, &interface);
                account.all("Reservations").push(instance);
            }
        }
    }
}

fn interface(number: usize, subnet: &Value, element: AwsElement, random: &mut Random) -> Value {
    let block = subnet["CidrBlock"].as_str().unwrap_or_default();
    let stem = block.trim_end_matches("0/24");
    let private = format!("{stem}{}", number + 10);
    let mut carried: Vec<usize> = (0..GROUPS).collect();
    random.shuffle(&mut carried);
    carried.truncate(random.between(1, 3));
    let mut groups: Vec<Value> = carried
        .into_iter()
        .map(|group| json!({"GroupId": format!("sg-{group}"), "GroupName": format!("group-{group}")}))
        .collect();
    if element.varies(AwsElement::Groups) && random.chance(5) {
        groups.push(json!({"GroupId": "sg-elsewhere", "GroupName": "elsewhere"}));
    }
    let mut address = json!({"Primary": true, "PrivateIpAddress": private});
    let mut interface = json!({
        "NetworkInterfaceId": format!("eni-{number}"),
        "Description": "",
        "OwnerId": OWNER,
        "Status": if random.chance(4) { "available" } else { "in-use" },
        "InterfaceType": "interface",
        "SourceDestCheck": true,
        "AvailabilityZone": format!("{REGION}a"),
        "SubnetId": subnet["SubnetId"],
        "VpcId": subnet["VpcId"],
        "PrivateIpAddress": private,
        "Groups": groups,
        "Ipv6Addresses": [],
    });
    if random.chance(88) {
        let association = json!({"IpOwnerId": "amazon", "PublicIp": format!("203.0.113.{}", number + 10)});
        interface["Association"] = association.clone();
        address["Association"] = association;
    }
    interface["PrivateIpAddresses"] = json!([address]);
    if random.chance(65) {
        let network = subnet["VpcId"].as_str().unwrap_or_default().trim_start_matches("vpc-");
        interface["Ipv6Addresses"] = json!([{"Ipv6Address": format!("2001:db8:{network}::{}", number + 10)}]);
    }
    interface
}

fn instance(number: usize, interface: &Value) -> Value {
    let mut own = interface.clone();
    own["Attachment"] =
        json!({"AttachmentId": format!("eni-attach-{number}"), "DeviceIndex": 0, "Status": "attached"});
    own.as_object_mut().into_iter().for_each(|own| drop(own.remove("AvailabilityZone")));
    let mut instance = json!({
        "InstanceId": format!("i-{number}"),
        "State": {"Code": 16, "Name": "running"},
        "Placement": {"AvailabilityZone": format!("{REGION}a")},
        "PrivateIpAddress": interface["PrivateIpAddress"],
        "SubnetId": interface["SubnetId"],
        "VpcId": interface["VpcId"],
        "SecurityGroups": interface["Groups"],
        "NetworkInterfaces": [own],
        "Tags": [{"Key": "Name", "Value": format!("vm-{number}")}],
    });
    if let Some(public) = interface.pointer("/Association/PublicIp") {
        instance["PublicIpAddress"] = public.clone();
    }
    json!({"ReservationId": format!("r-{number}"), "OwnerId": OWNER, "Groups": [], "Instances": [instance]})
}
