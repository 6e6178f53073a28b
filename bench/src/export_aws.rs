//! Documents as `aws ec2 describe-…` prints them: groups, interfaces, subnets, lists, routes, gateways.
//!
//! Keys, nesting, ids and indentation are those of the command line, so that bytes for each rule are those a user has.
//!
//! Two accounts of the same size. [`Likeness::Services`] is what accounts look like: ten interfaces of a service carry the
//! same three groups (its own, that of five services, that of the VPC), spread over three subnets; four groups in ten are
//! carried by nobody; every subnet has a list of its own, whose entries are one of five templates; the subnets of a VPC
//! share four route tables; one service in ten is public. [`Likeness::None`] is what no account looks like and the input
//! may be: neighbours carry other groups in other subnets, every list has other entries, every subnet has its own routes.
//! Rules of groups are the same in both, and random: no two groups are alike.

use core::net::Ipv4Addr;
use core::ops::Range;

use serde_json::{Value, json};

use crate::random::Random;

/// How large the account is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Security groups, of eight permissions each.
    pub groups: usize,
    /// Interfaces; one in ten with a public address.
    pub interfaces: usize,
    /// Subnets, each with a list of its own.
    pub subnets: usize,
}

/// How much of the account is alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// Services of ten interfaces, lists from templates, shared routes.
    Services,
    /// Nothing.
    None,
}

/// The account of the budget.
pub const ACCOUNT: Size = Size { groups: 10_000, interfaces: 50_000, subnets: 2_000 };

const SUBNETS_OF_NETWORK: usize = 50;
/// The first subnets of a VPC lead to the Internet.
const PUBLIC_SUBNETS: usize = 10;
const INTERFACES_OF_SERVICE: usize = 10;
const SERVICES_OF_APPLICATION: usize = 5;
const OWNER: &str = "111122223333";
/// Ports that groups open, as people do.
const PORTS: [(u16, u16); 8] = [
    (22, 22),
    (80, 80),
    (443, 443),
    (3389, 3389),
    (5432, 5432),
    (8080, 8090),
    (9000, 9100),
    (30_000, 32_767),
];

/// An answer: its list under its key, indented as the command line does.
#[must_use]
pub fn answer(key: &str, items: impl Iterator<Item = Value>) -> String {
    serde_json::to_string_pretty(&json!({ key: items.collect::<Vec<_>>() })).expect("values are JSON")
}

/// Security groups.
pub fn groups(random: &mut Random, size: Size, numbers: Range<usize>) -> impl Iterator<Item = Value> {
    numbers.map(move |number| {
        let permissions: Vec<Value> = (0..8).map(|_| permission(random, number)).collect();
        json!({
            "GroupId": id("sg", number),
            "IpPermissionsEgress": [{
                "IpProtocol": "-1", "UserIdGroupPairs": [], "IpRanges": [{ "CidrIp": "0.0.0.0/0" }],
                "Ipv6Ranges": [], "PrefixListIds": []
            }],
            "VpcId": id("vpc", number % networks(size)),
            "SecurityGroupArn": format!("arn:aws:ec2:eu-west-1:{OWNER}:security-group/{}", id("sg", number)),
            "OwnerId": OWNER,
            "GroupName": format!("service-{number}"),
            "Description": format!("service {number}"),
            "IpPermissions": permissions,
        })
    })
}

fn permission(random: &mut Random, number: usize) -> Value {
    let (from, to) = random.pick(&PORTS);
    let cidr = |random: &mut Random| match random.below(20) {
        0 => "0.0.0.0/0".to_owned(),
        1..12 => format!("10.{}.0.0/16", random.below(256)),
        _ => format!("{}.{}.{}.0/24", random.between(20, 90), random.below(256), random.below(256)),
    };
    let ranges: Vec<Value> = (0..random.between(1, 3))
        .map(|_| json!({ "Description": "an office", "CidrIp": cidr(random) }))
        .collect();
    let pairs = if random.chance(30) {
        vec![json!({ "UserId": OWNER, "GroupId": id("sg", number) })]
    } else {
        Vec::new()
    };
    json!({
        "IpProtocol": "tcp", "FromPort": from, "ToPort": to,
        "UserIdGroupPairs": pairs, "IpRanges": ranges, "Ipv6Ranges": [], "PrefixListIds": []
    })
}

/// Where an interface is and what it carries.
struct Spot {
    subnet: usize,
    groups: [usize; 3],
    is_public: bool,
}

impl Spot {
    /// Nobody is like its neighbours.
    fn lonely(size: Size, number: usize) -> Self {
        let subnet = number % size.subnets;
        let network = subnet / SUBNETS_OF_NETWORK;
        let of_network = size.groups / networks(size);
        let groups = [0, 7, 31].map(|step| network + ((number + step) % of_network) * networks(size));
        Self { subnet, groups, is_public: number.is_multiple_of(10) }
    }

    /// One of the ten of a service.
    fn of_service(size: Size, number: usize) -> Self {
        let service = number / INTERFACES_OF_SERVICE;
        let (network, place) = (service % networks(size), service / networks(size));
        let is_public = place.is_multiple_of(10);
        let (first, subnets) = if is_public {
            (0, PUBLIC_SUBNETS)
        } else {
            (PUBLIC_SUBNETS, SUBNETS_OF_NETWORK - PUBLIC_SUBNETS)
        };
        let subnet = first + (place * 3 + number % 3) % subnets;
        let subnet = (network * SUBNETS_OF_NETWORK + subnet) % size.subnets;
        // Of the groups of a VPC the first is everybody's, then come those of applications, then those of services.
        let of_network = size.groups / networks(size);
        let services = size.interfaces / INTERFACES_OF_SERVICE / networks(size);
        let application = 1 + place / SERVICES_OF_APPLICATION;
        let own = 1 + services / SERVICES_OF_APPLICATION + 1 + place;
        let groups = [0, application, own].map(|group| network + (group % of_network) * networks(size));
        Self { subnet, groups, is_public }
    }
}

/// Interfaces, each attached to an instance, in three groups.
pub fn interfaces(size: Size, likeness: Likeness, numbers: Range<usize>) -> impl Iterator<Item = Value> {
    numbers.map(move |number| {
        let Spot { subnet, groups, is_public } = match likeness {
            Likeness::Services => Spot::of_service(size, number),
            Likeness::None => Spot::lonely(size, number),
        };
        let network = subnet / SUBNETS_OF_NETWORK;
        let private = Ipv4Addr::from(0x0a00_0000 + number as u32);
        let public = Ipv4Addr::from(0x3400_0000 + number as u32);
        let association = json!({
            "AllocationId": id("eipalloc", number), "AssociationId": id("eipassoc", number), "IpOwnerId": OWNER,
            "PublicDnsName": "", "PublicIp": public.to_string()
        });
        let mut address = json!({ "Primary": true, "PrivateIpAddress": private.to_string() });
        if is_public {
            address["Association"] = association;
        }
        json!({
            "Attachment": {
                "AttachTime": "2026-01-10T09:12:44+00:00", "AttachmentId": id("eni-attach", number),
                "DeleteOnTermination": true, "DeviceIndex": 0, "InstanceId": id("i", number),
                "InstanceOwnerId": OWNER, "Status": "attached"
            },
            "AvailabilityZone": "eu-west-1a",
            "Description": "",
            "Groups": groups.map(|group| json!({
                "GroupId": id("sg", group), "GroupName": format!("service-{group}")
            })),
            "InterfaceType": "interface",
            "Ipv6Addresses": [],
            "MacAddress": "02:00:00:00:00:01",
            "NetworkInterfaceId": id("eni", number),
            "OwnerId": OWNER,
            "PrivateIpAddress": private.to_string(),
            "PrivateIpAddresses": [address],
            "RequesterManaged": false,
            "SourceDestCheck": true,
            "Status": "in-use",
            "SubnetId": id("subnet", subnet),
            "TagSet": [{ "Key": "Name", "Value": format!("host-{number}") }],
            "VpcId": id("vpc", network),
        })
    })
}

/// Everything but groups and interfaces, by file name.
#[must_use]
pub fn network(random: &mut Random, size: Size, likeness: Likeness) -> Vec<(&'static str, String)> {
    let subnets = || 0..size.subnets;
    let vpcs = || 0..networks(size);
    let lists: Vec<Value> = match likeness {
        Likeness::None => subnets().map(|number| list(number, &guarded(random))).collect(),
        Likeness::Services => {
            let templates: Vec<Vec<Value>> = (0..4).map(|_| guarded(random)).collect();
            // Half of the subnets have what AWS made.
            let of = |number: usize| templates.get(number % 8);
            subnets().map(|number| list(number, of(number).map_or(&standard(), |entries| entries))).collect()
        }
    };
    let tables: Vec<Value> = match likeness {
        Likeness::None => subnets()
            .map(|number| route_table(number, number / SUBNETS_OF_NETWORK, &[number], true))
            .collect(),
        Likeness::Services => vpcs().flat_map(|network| shared_tables(network, size)).collect(),
    };
    vec![
        ("vpcs.json", answer("Vpcs", vpcs().map(|number| json!({
            "VpcId": id("vpc", number), "OwnerId": OWNER, "CidrBlock": "10.0.0.0/8", "IsDefault": false,
            "State": "available", "CidrBlockAssociationSet": [{
                "AssociationId": id("vpc-cidr-assoc", number), "CidrBlock": "10.0.0.0/8",
                "CidrBlockState": { "State": "associated" }
            }]
        })))),
        ("internet-gateways.json", answer("InternetGateways", vpcs().map(|number| json!({
            "InternetGatewayId": id("igw", number), "OwnerId": OWNER, "Tags": [],
            "Attachments": [{ "State": "available", "VpcId": id("vpc", number) }]
        })))),
        ("subnets.json", answer("Subnets", subnets().map(|number| json!({
            "SubnetId": id("subnet", number), "VpcId": id("vpc", number / SUBNETS_OF_NETWORK),
            "OwnerId": OWNER, "AvailabilityZone": "eu-west-1a", "CidrBlock": "10.0.0.0/8", "State": "available",
            "SubnetArn": format!("arn:aws:ec2:eu-west-1:{OWNER}:subnet/{}", id("subnet", number)),
            "MapPublicIpOnLaunch": false, "Ipv6CidrBlockAssociationSet": [], "Tags": []
        })))),
        ("network-acls.json", answer("NetworkAcls", lists.into_iter())),
        ("route-tables.json", answer("RouteTables", tables.into_iter())),
        ("nat-gateways.json", answer("NatGateways", vpcs().map(|number| json!({
            "NatGatewayId": id("nat", number), "VpcId": id("vpc", number), "State": "available",
            "SubnetId": id("subnet", number * SUBNETS_OF_NETWORK), "NatGatewayAddresses": [], "Tags": []
        })))),
    ]
}

fn entry(egress: bool, rule: usize, action: &str, cidr: &str, ports: Option<(u16, u16)>) -> Value {
    let mut entry = json!({
        "CidrBlock": cidr, "Egress": egress, "Protocol": if ports.is_some() { "6" } else { "-1" },
        "RuleAction": action, "RuleNumber": rule
    });
    if let Some((from, to)) = ports {
        entry["PortRange"] = json!({ "From": from, "To": to });
    }
    entry
}

/// Entries that keep some networks out and let replies of TCP leave.
fn guarded(random: &mut Random) -> Vec<Value> {
    let mut entries = Vec::new();
    for rule in 0..6 {
        let cidr = format!("{}.{}.0.0/16", random.between(20, 90), random.below(256));
        entries.push(entry(false, 10 + rule * 10, "deny", &cidr, Some(random.pick(&PORTS))));
    }
    entries.push(entry(false, 100, "allow", EVERYWHERE, None));
    entries.push(entry(true, 100, "allow", EVERYWHERE, Some((1024, 65_535))));
    entries.extend([false, true].map(|egress| entry(egress, 32_767, "deny", EVERYWHERE, None)));
    entries
}

/// What AWS puts into the list of a new VPC.
fn standard() -> Vec<Value> {
    let both = [false, true].into_iter();
    both.flat_map(|egress| {
        [entry(egress, 100, "allow", EVERYWHERE, None), entry(egress, 32_767, "deny", EVERYWHERE, None)]
    })
    .collect()
}

fn list(number: usize, entries: &[Value]) -> Value {
    json!({
        "NetworkAclId": id("acl", number), "IsDefault": false, "OwnerId": OWNER, "Tags": [],
        "VpcId": id("vpc", number / SUBNETS_OF_NETWORK),
        "Associations": [{
            "NetworkAclAssociationId": id("aclassoc", number), "NetworkAclId": id("acl", number),
            "SubnetId": id("subnet", number)
        }],
        "Entries": entries
    })
}

/// One table for the public subnets of a VPC, three for the others.
fn shared_tables(network: usize, size: Size) -> Vec<Value> {
    let first = network * SUBNETS_OF_NETWORK;
    let own = first..size.subnets.min(first + SUBNETS_OF_NETWORK);
    let (public, private): (Vec<usize>, Vec<usize>) = own.partition(|subnet| subnet - first < PUBLIC_SUBNETS);
    let mut tables = vec![route_table(network * 4, network, &public, true)];
    for zone in 0..3 {
        let subnets: Vec<usize> = private.iter().copied().filter(|subnet| subnet % 3 == zone).collect();
        tables.push(route_table(network * 4 + 1 + zone, network, &subnets, false));
    }
    tables
}

fn route_table(number: usize, network: usize, subnets: &[usize], is_public: bool) -> Value {
    let mut outward =
        json!({ "DestinationCidrBlock": EVERYWHERE, "Origin": "CreateRoute", "State": "active" });
    if is_public {
        outward["GatewayId"] = id("igw", network).into();
    } else {
        outward["NatGatewayId"] = id("nat", network).into();
    }
    let associations: Vec<Value> = subnets
        .iter()
        .map(|subnet| json!({
            "Main": false, "RouteTableAssociationId": id("rtbassoc", *subnet), "RouteTableId": id("rtb", number),
            "SubnetId": id("subnet", *subnet), "AssociationState": { "State": "associated" }
        }))
        .collect();
    json!({
        "RouteTableId": id("rtb", number), "VpcId": id("vpc", network), "OwnerId": OWNER, "Tags": [],
        "PropagatingVgws": [],
        "Associations": associations,
        "Routes": [
            { "DestinationCidrBlock": "10.0.0.0/8", "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active" },
            outward
        ]
    })
}

const EVERYWHERE: &str = "0.0.0.0/0";

fn networks(size: Size) -> usize {
    size.subnets.div_ceil(SUBNETS_OF_NETWORK).max(1)
}

fn id(kind: &str, number: usize) -> String {
    format!("{kind}-{:017x}", number + 0x0a00_0000_0000)
}
