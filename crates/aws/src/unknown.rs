//! Values that are not known yet, at every place of an estate: what is then proved holds, and what holds is possible.

use std::net::IpAddr;

use cloud::json::{Cause, Node, Tree};
use cloud::{Desk, Inventory as _};
use engine::{Assessment, Certainty, Exposure};
use model::{DocumentId, Effect, Gap, Reach, Thresholds};
use packet::{AddressSet, Protocol};

use crate::Inventory;
use crate::resource::{KINDS, Origin};
use crate::wire::{Made, read_made};

/// What came of an estate.
struct Answer {
    told: Vec<(Exposure, AddressSet)>,
    gaps: Vec<Gap>,
}

fn assess(estate: &[(&'static str, Node<'static>)]) -> Answer {
    let mut gaps = Vec::new();
    let desk = Desk {
        document: DocumentId(0),
        text: "",
        beside: &[],
        around: None,
        standing: None,
        gaps: &mut gaps,
    };
    let origin = Origin { region: Some("eu-west-1".into()), ..Origin::default() };
    let made = estate.iter().map(|(kind, node)| Made { kind, node: node.clone(), origin: origin.clone() });
    let mut inventory = Inventory::new();
    let remainder = inventory.take_made(desk, made.collect());
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    gaps.extend(remainder);
    gaps.extend(snapshot.gaps.iter().cloned());
    let assessment = Assessment::new(&snapshot).unwrap();
    Answer { told: assessment.iter().cloned().collect(), gaps }
}

impl Inventory {
    /// Takes in what an evaluator would have written.
    fn take_made(&mut self, desk: Desk<'_, 'static>, made: Vec<Made<'static>>) -> Vec<Gap> {
        let (estate, pool) = self.parts();
        let remainder = read_made(desk, made, &[], pool, &mut |statement, gaps| estate.take(statement, gaps));
        estate.complete(remainder).gaps
    }
}

/// An estate: resources under the names of their kinds.
fn estate(text: &'static str) -> Vec<(&'static str, Node<'static>)> {
    let Tree::Object(root) = serde_json::from_str::<Tree<'static>>(text).unwrap() else {
        panic!("an object")
    };
    let mut resources = Vec::new();
    for (kind, listed) in root.into_entries() {
        let kind = KINDS.iter().find(|known| known.name == kind).unwrap().name;
        let Tree::List(listed) = listed else { panic!("a list") };
        for one in listed {
            let Tree::Object(node) = one else { panic!("an object") };
            resources.push((kind, node));
        }
    }
    resources
}

/// Every variant of a node with one value replaced, each with where that is.
fn variants(node: &Node<'static>, path: &str, signs: &[&str], into: &mut Vec<(String, Node<'static>)>) {
    for (place, (key, value)) in node.entries().iter().enumerate() {
        let path = format!("{path}/{key}");
        // Evaluators know who a resource is, whose it is, and what AWS says of it alone.
        if signs.contains(&&**key) || OWN.contains(&&**key) {
            continue;
        }
        for (at, other) in of_value(value, &path) {
            let mut entries = node.entries().to_vec();
            entries.get_mut(place).unwrap().1 = other;
            into.push((at, Node::new(entries, node.at)));
        }
    }
}

fn of_value(value: &Tree<'static>, path: &str) -> Vec<(String, Tree<'static>)> {
    let mut all = vec![(path.to_owned(), Tree::unknown(Cause::Unset, "var.x"))];
    match value {
        Tree::Object(node) => {
            let mut inner = Vec::new();
            variants(node, path, &[], &mut inner);
            all.extend(inner.into_iter().map(|(path, node)| (path, Tree::Object(node))));
        }
        Tree::List(items) => {
            for (place, item) in items.iter().enumerate() {
                for (path, other) in of_value(item, &format!("{path}/{place}")) {
                    let mut items = items.clone();
                    *items.get_mut(place).unwrap() = other;
                    all.push((path, Tree::List(items)));
                }
            }
        }
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::Unknown(_) => {}
    }
    all
}

const OWN: [&str; 9] = [
    "Tags",
    "OwnerId",
    "InterfaceType",
    "GroupName",
    "LoadBalancerName",
    "TargetGroupName",
    "arn",
    "ARN",
    "Description",
];

/// Where the answer is about something else, and says so: what a load balancer leads to is told at the load balancer where
/// the target is not known; a rule of a listener nobody knows is told to be lost.
const TOLD_ELSEWHERE: [&str; 4] = [
    "target-group/Targets",
    "network-interface/Attachment: ",
    "network-interface/Attachment/InstanceId",
    "listener-rule/ListenerArn",
];

const SAMPLES: [&str; 6] = ["8.8.8.8", "9.9.9.9", "198.18.0.1", "1.1.1.1", "2600::1", "2a00::1"];

/// Whether some of the told exposures has all of the sampled packets of one, of those that count.
fn holds(
    told: &[(Exposure, AddressSet)],
    asked: &(Exposure, AddressSet),
    counts: impl Fn(&Exposure) -> bool,
) -> bool {
    let (one, sources) = asked;
    let samples = SAMPLES.iter().map(|text| text.parse::<IpAddr>().unwrap());
    let samples: Vec<IpAddr> = samples.filter(|address| sources.contains(*address)).collect();
    let protocol = one
        .protocol
        .or_else(|| [Protocol::TCP, Protocol::UDP].into_iter().find(|it| one.protocols.contains(*it)));
    let port = one.ports.spans().first().map(|(first, _)| *first);
    let has = |other: &Exposure| {
        let is_of = protocol.is_none_or(|it| other.protocols.contains(it));
        let is_at = port.is_none_or(|it| other.ports.is_empty() || other.ports.contains(it));
        other.target.id == one.target.id && is_of && is_at && counts(other)
    };
    samples.iter().all(|address| told.iter().any(|(other, own)| has(other) && own.contains(*address)))
}

fn walk(text: &'static str) -> (usize, Vec<String>) {
    let whole = estate(text);
    let truth = assess(&whole);
    assert!(!truth.told.is_empty() && truth.gaps.is_empty(), "{:?}", truth.gaps);
    let (mut count, mut wrong) = (0, Vec::new());
    for (place, (kind, node)) in whole.iter().enumerate() {
        let signs = KINDS.iter().find(|known| known.name == *kind).unwrap().signs;
        let mut all = Vec::new();
        variants(node, kind, signs.get(..1).unwrap_or_default(), &mut all);
        for (path, other) in all {
            count += 1;
            let mut changed = whole.clone();
            changed.get_mut(place).unwrap().1 = other;
            let answer = assess(&changed);
            let is_told_narrower =
                answer.gaps.iter().any(|gap| matches!(gap.effect, Effect::Narrowed | Effect::Skipped));
            for one in &truth.told {
                if !is_told_narrower && !holds(&answer.told, one, |_| true) {
                    wrong.push(format!("lost {path}: {} {:?}", one.0.target.name, one.0.reach));
                }
            }
            let is_open = |exposure: &Exposure| matches!(exposure.reach, Reach::Exposed | Reach::ViaProxy);
            for one in
                answer.told.iter().filter(|(one, _)| one.certainty == Certainty::Proved && is_open(one))
            {
                if !holds(&truth.told, one, is_open) {
                    wrong.push(format!("proved {path}: {}", one.0.target.name));
                }
            }
        }
    }
    wrong.retain(|line| !TOLD_ELSEWHERE.iter().any(|place| line.contains(place)));
    wrong.sort();
    wrong.dedup();
    (count, wrong)
}

#[test]
fn what_is_not_known_makes_bounds() {
    let (mut count, mut wrong) = (0, Vec::new());
    for text in [NETWORK, BALANCED, SERVICES] {
        let (own, others) = walk(text);
        count += own;
        wrong.extend(others);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(count > 200, "{count} places are too few to mean anything");
}

const NETWORK: &str = r#"{
  "vpc": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2600:1f00::/56", "Ipv6CidrBlockState": {"State": "associated"}}]}],
  "subnet": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "AvailabilityZone": "eu-west-1a", "Ipv6CidrBlockAssociationSet": [{"Ipv6CidrBlock": "2600:1f00::/64"}]}],
  "internet-gateway": [{"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]}],
  "route-table": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"}],
    "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active", "Origin": "CreateRoute"}, {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1"},
      {"DestinationCidrBlock": "9.0.0.0/8", "NatGatewayId": "nat-1"}, {"DestinationPrefixListId": "pl-1", "TransitGatewayId": "tgw-1"}]}],
  "network-acl": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"}], "Entries": [
    {"RuleNumber": 90, "Egress": false, "Protocol": "6", "RuleAction": "deny", "CidrBlock": "1.0.0.0/8", "PortRange": {"From": 22, "To": 22}},
    {"RuleNumber": 100, "Egress": false, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
    {"RuleNumber": 101, "Egress": false, "Protocol": "-1", "RuleAction": "allow", "Ipv6CidrBlock": "::/0"},
    {"RuleNumber": 100, "Egress": true, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"},
    {"RuleNumber": 101, "Egress": true, "Protocol": "-1", "RuleAction": "allow", "Ipv6CidrBlock": "::/0"}]}],
  "prefix-list": [{"PrefixListId": "pl-1", "PrefixListName": "office", "AddressFamily": "IPv4", "Entries": [{"Cidr": "198.18.0.0/15"}, {"Cidr": "9.9.9.0/24"}]}],
  "security-group": [{"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1", "IpPermissions": [
    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "8.0.0.0/8"}, {"CidrIp": "1.1.1.0/24"}], "Ipv6Ranges": [{"CidrIpv6": "2600::/16"}], "PrefixListIds": [{"PrefixListId": "pl-1"}], "UserIdGroupPairs": [{"GroupId": "sg-1"}]},
    {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "9.9.9.0/24"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}]},
    {"GroupId": "sg-2", "GroupName": "more", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "udp", "FromPort": 53, "ToPort": 54, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}]}],
  "vpc-block-public-access-options": [{"InternetGatewayBlockMode": "block-ingress", "AwsRegion": "eu-west-1", "ExclusionsAllowed": "allowed"}],
  "vpc-block-public-access-exclusion": [{"ExclusionId": "vpcbpa-1", "ResourceArn": "arn:aws:ec2:eu-west-1::vpc/vpc-1", "InternetGatewayExclusionMode": "allow-bidirectional", "State": "create-complete"}],
  "instance": [{"InstanceId": "i-1", "State": {"Name": "running"}, "Tags": [{"Key": "Name", "Value": "vm"}]}],
  "network-interface": [
    {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Status": "in-use", "Groups": [{"GroupId": "sg-1"}, {"GroupId": "sg-2"}],
     "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.4", "Association": {"PublicIp": "203.0.113.10", "IpOwnerId": "amazon"}}], "Ipv6Addresses": [{"Ipv6Address": "2600:1f00::4"}], "Attachment": {"InstanceId": "i-1", "DeviceIndex": 0}},
    {"NetworkInterfaceId": "eni-2", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Status": "in-use", "Groups": [{"GroupId": "sg-1"}], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.5"}], "Ipv6Addresses": []},
    {"NetworkInterfaceId": "eni-3", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Status": "available", "Groups": [{"GroupId": "sg-2"}], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.1.6", "Association": {"PublicIp": "203.0.113.12"}}], "Ipv6Addresses": []}]
}"#;

const BALANCED: &str = r#"{
  "vpc": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
  "subnet": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}, {"SubnetId": "subnet-2", "VpcId": "vpc-1", "CidrBlock": "10.0.2.0/24"}],
  "internet-gateway": [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1"}]}],
  "route-table": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}], "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]}],
  "network-acl": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}], "Entries": [
    {"RuleNumber": 100, "Egress": false, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}, {"RuleNumber": 100, "Egress": true, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}]}],
  "security-group": [
    {"GroupId": "sg-lb", "GroupName": "lb", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}]},
    {"GroupId": "sg-vm", "GroupName": "vm", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [{"GroupId": "sg-lb"}]}]}],
  "network-interface": [{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-2", "Status": "in-use", "Groups": [{"GroupId": "sg-vm"}], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.2.4"}], "Ipv6Addresses": [], "Attachment": {"InstanceId": "i-1", "DeviceIndex": 0}}],
  "instance": [{"InstanceId": "i-1", "Tags": [{"Key": "Name", "Value": "vm"}]}],
  "load-balancer": [{"LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1::loadbalancer/app/shop/1", "LoadBalancerName": "shop", "Type": "application", "Scheme": "internet-facing", "VpcId": "vpc-1", "IpAddressType": "ipv4", "SecurityGroups": ["sg-lb"], "AvailabilityZones": [{"SubnetId": "subnet-1"}]}],
  "listener": [{"ListenerArn": "arn:l", "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1::loadbalancer/app/shop/1", "Port": 443, "Protocol": "HTTPS", "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:tg"}]}],
  "listener-rule": [{"RuleArn": "arn:r", "ListenerArn": "arn:l", "Priority": "10", "Conditions": [{"Field": "source-ip", "SourceIpConfig": {"Values": ["9.0.0.0/8"]}}], "Actions": [{"Type": "fixed-response"}]},
    {"RuleArn": "arn:d", "ListenerArn": "arn:l", "Priority": "default", "IsDefault": true, "Conditions": [], "Actions": [{"Type": "forward", "TargetGroupArn": "arn:tg"}]}],
  "target-group": [{"TargetGroupArn": "arn:tg", "TargetGroupName": "web", "TargetType": "instance", "Port": 8080, "Protocol": "HTTP", "VpcId": "vpc-1", "LoadBalancerArns": ["arn:aws:elasticloadbalancing:eu-west-1::loadbalancer/app/shop/1"], "Targets": [{"Id": "i-1", "Port": 8080}],
    "TargetGroupAttributes": [{"Key": "preserve_client_ip.enabled", "Value": "true"}]}]
}"#;

const SERVICES: &str = r#"{
  "vpc": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}],
  "subnet": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24"}],
  "internet-gateway": [{"InternetGatewayId": "igw-1", "Attachments": [{"VpcId": "vpc-1"}]}],
  "route-table": [{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}], "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]}],
  "network-acl": [{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1"}], "Entries": [
    {"RuleNumber": 100, "Egress": false, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}, {"RuleNumber": 100, "Egress": true, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}]}],
  "security-group": [{"GroupId": "sg-db", "GroupName": "db", "VpcId": "vpc-1", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 0, "ToPort": 65535, "IpRanges": [{"CidrIp": "8.0.0.0/8"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}]}],
  "rds-instance": [{"DBInstanceIdentifier": "shop", "Engine": "postgres", "Endpoint": {"Port": 5432}, "PubliclyAccessible": true, "MultiAZ": false, "NetworkType": "IPV4", "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db"}],
    "DBSubnetGroup": {"DBSubnetGroupName": "main", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1", "SubnetAvailabilityZone": {"Name": "eu-west-1a"}}]}},
    {"DBInstanceIdentifier": "inside", "Engine": "mysql", "Endpoint": {"Port": 3306}, "PubliclyAccessible": false, "NetworkType": "IPV4", "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-db"}],
    "DBSubnetGroup": {"DBSubnetGroupName": "main", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1"}]}}],
  "eks-cluster": [{"name": "kube", "resourcesVpcConfig": {"endpointPublicAccess": true, "publicAccessCidrs": ["8.8.8.0/24", "9.9.9.0/24"]}, "kubernetesNetworkConfig": {"ipFamily": "ipv4"}},
    {"name": "closed", "resourcesVpcConfig": {"endpointPublicAccess": false}, "kubernetesNetworkConfig": {"ipFamily": "ipv4"}}],
  "opensearch-domain": [{"DomainName": "logs", "IPAddressType": "ipv4", "DomainEndpointOptions": {"EnforceHTTPS": true}, "AccessPolicies": {"Statement": [
    {"Sid": "a", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "es:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": ["8.0.0.0/8"]}}}]}}],
  "lightsail-instance": [{"name": "blog", "ipAddressType": "ipv4", "publicIpAddress": "203.0.113.20", "networking": {"ports": [
    {"protocol": "tcp", "fromPort": 22, "toPort": 22, "cidrs": ["8.0.0.0/8"], "ipv6Cidrs": [], "state": "open"}]}}],
  "lightsail-database": [{"name": "store", "publiclyAccessible": true, "masterEndpoint": {"port": 3306}}]
}"#;
