//! What stands around an event that opens nothing alone: the state before it, as exports, in which the event decides.

use serde_json::{Value, json};

const OWNER: &str = "123456789012";

/// The documents around an event; none where the event says enough.
pub(crate) fn around(name: &str) -> Vec<String> {
    let documents = match name.split('/').next().unwrap() {
        "aws_ec2_gateway_modified" => network("vpc-1", "acl-9", "igw-1", false, &entries(true)),
        "aws_ec2_network_acl_modified" => network("vpc-1", "acl-1", "igw-9", true, &entries(false)),
        "aws_network_acl_permissive_entry" => {
            network("vpc-1", "acl-1111", "igw-9", true, &entries(true)[1..])
        }
        "aws_rds_instance_made_public" => database(),
        "aws_rds_publicrestore" => vec![group("sg-f839b688", "vpc-136a4c6a")],
        _ => Vec::new(),
    };
    documents.iter().map(Value::to_string).collect()
}

/// Everything in; everything out, if so.
fn entries(is_out: bool) -> Vec<Value> {
    let entry = |egress: bool| json!({"CidrBlock": "0.0.0.0/0", "Egress": egress, "Protocol": "-1", "RuleAction": "allow", "RuleNumber": 100});
    if is_out { vec![entry(false), entry(true)] } else { vec![entry(false)] }
}

/// A group that lets in everybody.
fn group(id: &str, vpc: &str) -> Value {
    let everything = json!([{"IpProtocol": "-1", "UserIdGroupPairs": [], "PrefixListIds": [],
        "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": []}]);
    json!({"SecurityGroups": [{"GroupId": id, "GroupName": "open", "VpcId": vpc, "OwnerId": OWNER,
        "IpPermissions": everything, "IpPermissionsEgress": []}]})
}

/// A machine with a public address and an open group, behind a list and a gateway.
fn network(vpc: &str, list: &str, gateway: &str, is_attached: bool, entries: &[Value]) -> Vec<Value> {
    let attachments = if is_attached { json!([{"VpcId": vpc, "State": "available"}]) } else { json!([]) };
    let state = if is_attached { "active" } else { "blackhole" };
    vec![
        json!({"Vpcs": [{"VpcId": vpc, "OwnerId": OWNER, "CidrBlock": "10.0.0.0/16"}]}),
        json!({"Subnets": [{"SubnetId": "subnet-1", "VpcId": vpc, "OwnerId": OWNER, "CidrBlock": "10.0.0.0/24"}]}),
        json!({"NetworkAcls": [{"NetworkAclId": list, "VpcId": vpc, "OwnerId": OWNER, "IsDefault": false, "Entries": entries,
            "Associations": [{"NetworkAclAssociationId": "aclassoc-1", "NetworkAclId": list, "SubnetId": "subnet-1"}]}]}),
        json!({"InternetGateways": [{"InternetGatewayId": gateway, "OwnerId": OWNER, "Attachments": attachments}]}),
        json!({"RouteTables": [{"RouteTableId": "rtb-1", "VpcId": vpc, "OwnerId": OWNER,
            "Associations": [{"Main": true, "RouteTableId": "rtb-1", "RouteTableAssociationId": "rtbassoc-1",
                "AssociationState": {"State": "associated"}}],
            "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": gateway, "State": state}]}]}),
        group("sg-1", vpc),
        json!({"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "VpcId": vpc, "SubnetId": "subnet-1", "OwnerId": OWNER,
            "Groups": [{"GroupId": "sg-1"}], "Status": "in-use", "Ipv6Addresses": [], "PrivateIpAddress": "10.0.0.4",
            "Association": {"PublicIp": "203.0.113.10"},
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Primary": true,
                "Association": {"PublicIp": "203.0.113.10"}}]}]}),
    ]
}

/// A database that is not public, with an open group.
fn database() -> Vec<Value> {
    let mut documents = network("vpc-1", "acl-9", "igw-9", true, &entries(true));
    documents.push(json!({"DBInstances": [{"DBInstanceIdentifier": "production-db",
        "DBInstanceArn": format!("arn:aws:rds:us-east-1:{OWNER}:db:production-db"), "Engine": "mysql",
        "DBInstanceStatus": "available", "PubliclyAccessible": false, "MultiAZ": false,
        "Endpoint": {"Address": "production-db.abc.us-east-1.rds.amazonaws.com", "Port": 3306},
        "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}],
        "DBSubnetGroup": {"DBSubnetGroupName": "default", "VpcId": "vpc-1", "SubnetGroupStatus": "Complete",
            "Subnets": [{"SubnetIdentifier": "subnet-1", "SubnetStatus": "Active"}]}}]}));
    documents
}
