//! The worked cases of the semantics, by hand: what the evaluator says of each.

use core::net::IpAddr;

use serde_json::{Value, json};

use super::{Estate, Reached};
use crate::oracle::verdict::{Packet, Verdict};

/// An interface with an address outside in a network with a gateway; the rest is the case's.
struct Worked {
    groups: Vec<Value>,
    entries: Vec<Value>,
    routes: Vec<Value>,
    attached: bool,
    addresses: Value,
    others: Vec<Value>,
}

const EXPOSED: Reached = Reached { exposed: Verdict::Allow, one_way: Verdict::Deny };
const ONE_WAY: Reached = Reached { exposed: Verdict::Deny, one_way: Verdict::Allow };

impl Worked {
    fn new(groups: Vec<Value>) -> Self {
        Self {
            groups,
            entries: vec![every(100, false), every(100, true)],
            routes: vec![
                json!({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}),
            ],
            attached: true,
            addresses: json!([]),
            others: Vec::new(),
        }
    }

    fn reached(&self, protocol: u8, source: &str, port: u16) -> Reached {
        let mut estate = Estate::default();
        let groups = self.groups.iter().enumerate().map(|(number, permissions)| {
            json!({"GroupId": format!("sg{}", number + 1), "IpPermissions": permissions})
        });
        let carried = (1..=self.groups.len()).map(|number| json!({"GroupId": format!("sg{number}")}));
        let own = carried.collect::<Vec<_>>();
        let attachments =
            if self.attached { json!([{"VpcId": "vpc-1", "State": "available"}]) } else { json!([]) };
        estate.read(&json!({
            "SecurityGroups": groups.collect::<Vec<_>>(),
            "NetworkInterfaces": [{
                "NetworkInterfaceId": "eni-1", "SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "1",
                "AvailabilityZone": "eu-west-1b", "Groups": own, "Ipv6Addresses": self.addresses,
                "Association": {"PublicIp": "203.0.113.10"},
            }],
            "NetworkAcls": [{"Associations": [{"SubnetId": "subnet-1"}], "Entries": self.entries}],
            "RouteTables": [{"VpcId": "vpc-1", "Associations": [{"Main": true}], "Routes": self.routes}],
            "InternetGateways": [{"Attachments": attachments}],
        }));
        self.others.iter().for_each(|other| estate.read(other));
        let source: IpAddr = source.parse().unwrap();
        estate.judge("eni-1").unwrap().reached(&Packet { protocol, source, port })
    }
}

fn every(number: u64, egress: bool) -> Value {
    json!({"RuleNumber": number, "RuleAction": "allow", "Egress": egress, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"})
}

fn permission(protocol: &str, ends: [i64; 2], cidr: &str) -> Value {
    json!([{"IpProtocol": protocol, "FromPort": ends[0], "ToPort": ends[1], "IpRanges": [{"CidrIp": cidr}]}])
}

fn ssh(cidr: &str) -> Value {
    permission("tcp", [22, 22], cidr)
}

#[test]
fn groups_are_unions() {
    let s047 = Worked::new(vec![ssh("0.0.0.0/0")]);
    assert_eq!(s047.reached(6, "8.8.8.8", 22), EXPOSED);
    assert_eq!(s047.reached(6, "8.8.8.8", 23), Reached::NOT);
    assert_eq!(s047.reached(6, "10.0.0.1", 22), Reached::NOT);
    assert_eq!(s047.reached(6, "2600::1", 22), Reached::NOT);
    let s048 = Worked::new(vec![ssh("8.0.0.0/8"), ssh("9.0.0.0/8")]);
    let ends = ["7.255.255.255", "8.0.0.0", "9.255.255.255", "11.0.0.0"];
    let told = ends.map(|source| s048.reached(6, source, 22) == EXPOSED);
    assert_eq!(told, [false, true, true, false]);
}

#[test]
fn protocols_and_ports_are_those_of_the_statement() {
    let s049 = Worked::new(vec![permission("-1", [80, 80], "0.0.0.0/0")]);
    assert_eq!(s049.reached(6, "8.8.8.8", 3389), EXPOSED);
    let s050 = Worked::new(vec![permission("6", [0, 65535], "0.0.0.0/0")]);
    assert_eq!(s050.reached(17, "8.8.8.8", 53), Reached::NOT);
    let s061 = json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg1"}]}]);
    assert_eq!(Worked::new(vec![s061]).reached(6, "8.8.8.8", 22), Reached::NOT);
    let s065 = Worked::new(vec![permission("icmp", [8, -1], "0.0.0.0/0")]);
    assert_eq!(s065.reached(1, "8.8.8.8", 8 << 8), EXPOSED);
    assert_eq!(s065.reached(1, "8.8.8.8", (8 << 8) + 255), EXPOSED);
    assert_eq!(s065.reached(1, "8.8.8.8", 9 << 8), Reached::NOT);
    let turned = Worked::new(vec![permission("tcp", [25, 20], "0.0.0.0/0")]);
    assert_eq!(turned.reached(6, "8.8.8.8", 22).exposed, Verdict::Undecided);
}

#[test]
fn lists_are_read_by_their_numbers() {
    let deny = |number| json!({"RuleNumber": number, "RuleAction": "deny", "Egress": false, "Protocol": "6", "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 22, "To": 22}});
    let with = |entry| Worked {
        entries: vec![every(100, true), every(100, false), entry],
        ..Worked::new(vec![ssh("0.0.0.0/0")])
    };
    assert_eq!(with(deny(90)).reached(6, "8.8.8.8", 22), Reached::NOT, "S051");
    assert_eq!(with(deny(110)).reached(6, "8.8.8.8", 22), EXPOSED, "S052");
    let only = json!({"RuleNumber": 100, "RuleAction": "allow", "Egress": false, "Protocol": "6", "CidrBlock": "8.0.0.0/8", "PortRange": {"From": 22, "To": 22}});
    let s053 = Worked { entries: vec![only, every(100, true)], ..Worked::new(vec![ssh("0.0.0.0/0")]) };
    assert_eq!(s053.reached(6, "8.255.255.255", 22), EXPOSED);
    assert_eq!(s053.reached(6, "9.0.0.0", 22), Reached::NOT);
}

#[test]
fn a_reply_leaves_to_some_port_of_the_caller() {
    let out = |protocol: &str, first: u16, last: u16| json!({"RuleNumber": 100, "RuleAction": "allow", "Egress": true, "Protocol": protocol, "CidrBlock": "0.0.0.0/0", "PortRange": {"From": first, "To": last}});
    let with =
        |entry| Worked { entries: vec![every(100, false), entry], ..Worked::new(vec![ssh("0.0.0.0/0")]) };
    assert_eq!(with(out("6", 443, 443)).reached(6, "8.8.8.8", 22), EXPOSED, "S054");
    assert_eq!(with(out("17", 0, 65535)).reached(6, "8.8.8.8", 22), ONE_WAY, "S079");
    assert_eq!(with(out("6", 1024, 65535)).reached(6, "8.8.8.8", 22), EXPOSED, "S055");
}

#[test]
fn routes_and_gateways() {
    let s056 = Worked { routes: Vec::new(), ..Worked::new(vec![ssh("0.0.0.0/0")]) };
    assert_eq!(s056.reached(6, "8.8.8.8", 22), ONE_WAY);
    // A route to a gateway that is not there leads nowhere.
    let gone = vec![json!({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "blackhole"})];
    let detached = Worked { attached: false, routes: gone, ..Worked::new(vec![ssh("0.0.0.0/0")]) };
    assert_eq!(detached.reached(6, "8.8.8.8", 22), Reached::NOT);
    let narrow = vec![
        json!({"DestinationCidrBlock": "8.0.0.0/8", "GatewayId": "igw-1", "State": "active"}),
        json!({"DestinationCidrBlock": "8.8.0.0/16", "GatewayId": "igw-1", "State": "blackhole"}),
        json!({"DestinationCidrBlock": "8.8.8.0/24", "NatGatewayId": "nat-1", "State": "active"}),
        json!({"DestinationCidrBlock": "8.8.8.8/32", "GatewayId": "igw-1", "State": "active"}),
    ];
    let narrow = Worked { routes: narrow, ..Worked::new(vec![ssh("0.0.0.0/0")]) };
    assert_eq!(narrow.reached(6, "8.1.1.1", 22), EXPOSED);
    assert_eq!(narrow.reached(6, "8.8.1.1", 22), ONE_WAY);
    assert_eq!(narrow.reached(6, "8.8.8.1", 22), ONE_WAY);
    assert_eq!(narrow.reached(6, "8.8.8.8", 22), EXPOSED);
    assert_eq!(narrow.reached(6, "9.1.1.1", 22), ONE_WAY);
}

/// S062: a list of both halves; without its entries nobody knows.
#[test]
fn prefix_lists_are_their_entries() {
    let listed = json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "PrefixListIds": [{"PrefixListId": "pl-1"}]}]);
    let entries =
        json!({"PrefixListId": "pl-1", "Entries": [{"Cidr": "0.0.0.0/1"}, {"Cidr": "128.0.0.0/1"}]});
    let known = Worked { others: vec![entries], ..Worked::new(vec![listed.clone()]) };
    assert_eq!(known.reached(6, "8.8.8.8", 22), EXPOSED);
    let unknown = Worked::new(vec![listed]);
    assert_eq!(unknown.reached(6, "8.8.8.8", 22).exposed, Verdict::Undecided);
    assert_eq!(unknown.reached(6, "8.8.8.8", 23), Reached::NOT);
}

#[test]
fn block_public_access_beats_everything() {
    let with = |mode: &str, exclusion: &str, place: &str| {
        let exclusions = json!({"VpcBlockPublicAccessExclusions": [{"ResourceArn": format!("arn:aws:ec2:eu-west-1:1:{place}"), "InternetGatewayExclusionMode": exclusion, "State": "create-complete"}]});
        let options = json!({"VpcBlockPublicAccessOptions": {"AwsAccountId": "1", "AwsRegion": "eu-west-1", "InternetGatewayBlockMode": mode}});
        Worked { others: vec![options, exclusions], ..Worked::new(vec![ssh("0.0.0.0/0")]) }
            .reached(6, "8.8.8.8", 22)
    };
    assert_eq!(with("off", "allow-egress", "vpc/vpc-2"), EXPOSED);
    assert_eq!(with("block-ingress", "allow-bidirectional", "vpc/vpc-2"), Reached::NOT, "S058");
    assert_eq!(with("block-bidirectional", "allow-bidirectional", "subnet/subnet-1"), EXPOSED, "S059");
    assert_eq!(with("block-bidirectional", "allow-egress", "vpc/vpc-1"), Reached::NOT, "S060");
}

/// S057: families apart.
#[test]
fn an_egress_only_gateway_lets_nobody_in() {
    let open =
        json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]);
    let worked = Worked {
        attached: false,
        addresses: json!([{"Ipv6Address": "2001:db8::1"}]),
        routes: vec![json!({"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": "eigw-1"})],
        ..Worked::new(vec![open])
    };
    assert_eq!(worked.reached(6, "2600::1", 22), Reached::NOT);
}

#[test]
fn what_it_does_not_know_makes_it_abstain() {
    let mut estate = Estate::default();
    estate.read(&json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}], "LoadBalancers": []}));
    assert_eq!(estate.strange().collect::<Vec<_>>(), ["LoadBalancers"]);
    assert!(estate.judge("eni-1").is_none());
}
