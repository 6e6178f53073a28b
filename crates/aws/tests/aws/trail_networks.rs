//! Rules of groups, prefix lists, network lists, routes and gateways: what is reached before and after each call.

use crate::network::{Network, everything};
use crate::trail::Story;

const OPEN: &str = "eni-1 exposed tcp/22 any 3702258432 / any";
const OPEN_V4: &str = "eni-1 exposed tcp/22 any 3702258432 / -";
const ANSWER: &str = r#"{"requestId": "r", "_return": true}"#;

/// SSH from everybody of both families over an open network.
fn open() -> Network {
    Network {
        permissions: r#"{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0", "Description": "x"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": [], "UserIdGroupPairs": []}"#.to_owned(),
        ..Network::new()
    }
}

fn closed() -> Network {
    Network { permissions: String::new(), ..Network::new() }
}

fn ec2<'c>(name: &'c str, request: &'c str, response: &'c str) -> [&'c str; 4] {
    ["ec2", name, request, response]
}

fn rule(key: &str, cidr: &str) -> String {
    format!(
        r#"{{"groupId": "sg-1", "ipPermissions": {{"items": [{{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "{key}": {{"items": [{{"{}": "{cidr}"}}]}}}}]}}}}"#,
        if key == "ipRanges" { "cidrIp" } else { "cidrIpv6" }
    )
}

#[test]
fn rules_open_and_close() {
    let mut story = Story::of(&closed().documents());
    let (four, six) = (rule("ipRanges", "192.0.2.1/0"), rule("ipv6Ranges", "::/0"));
    story.reaches(&[]);
    story.call(ec2("AuthorizeSecurityGroupIngress", &four, ANSWER)).reaches(&[OPEN_V4]);
    story.call(ec2("AuthorizeSecurityGroupIngress", &six, ANSWER)).reaches(&[OPEN]);
    // A description changes nothing, and nobody comes in by the way out.
    story.call(ec2("UpdateSecurityGroupRuleDescriptionsIngress", &four, ANSWER)).reaches(&[OPEN]);
    story.call(ec2("RevokeSecurityGroupEgress", &six, ANSWER)).reaches(&[OPEN]);
    story.call(ec2("RevokeSecurityGroupIngress", &six, ANSWER)).reaches(&[OPEN_V4]);
    let flat = r#"{"groupId": "sg-1", "cidrIp": "0.0.0.0/0", "ipProtocol": "6", "fromPort": 22, "toPort": 22, "ipPermissions": {}}"#;
    story.call(ec2("RevokeSecurityGroupIngress", flat, ANSWER)).reaches(&[]);
}

/// Of a permission with several sources an export made, one is taken away by what it says.
#[test]
fn one_of_the_sources_of_an_export_is_revoked() {
    let mut story = Story::of(&open().documents());
    story.reaches(&[OPEN]);
    story.call(ec2("RevokeSecurityGroupIngress", &rule("ipv6Ranges", "::/0"), ANSWER)).reaches(&[OPEN_V4]);
    assert_eq!(story.unseen, [""; 0]);
    // What is not there leaves what is.
    story
        .call(ec2("RevokeSecurityGroupIngress", &rule("ipv6Ranges", "2001:db8::/32"), ANSWER))
        .reaches(&[OPEN_V4]);
    // And lets nobody in.
    assert_eq!(story.unseen, [""; 0]);
}

#[test]
fn rules_are_modified_by_id() {
    let listed = r#"{"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "111122223333", "IsEgress": false,
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "10.0.0.0/8"},
        {"SecurityGroupRuleId": "sgr-2", "GroupId": "sg-1", "GroupOwnerId": "111122223333", "IsEgress": true,
        "IpProtocol": "-1", "FromPort": -1, "ToPort": -1, "CidrIpv4": "10.0.0.0/8"}]}"#;
    let network = Network {
        permissions: r#"{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}"#.to_owned(),
        more: vec![listed.to_owned()],
        ..Network::new()
    };
    let modify = |rule: &str, cidr: &str| {
        format!(
            r#"{{"ModifySecurityGroupRulesRequest": {{"GroupId": "sg-1", "SecurityGroupRule": {{"tag": 1, "SecurityGroupRuleId": "{rule}",
                "SecurityGroupRule": {{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "{cidr}"}}}}}}}}"#
        )
    };
    let mut story = Story::of(&network.documents());
    story.reaches(&[]);
    story.call(ec2("ModifySecurityGroupRules", &modify("sgr-1", "0.0.0.0/0"), "null")).reaches(&[OPEN_V4]);
    story.call(ec2("ModifySecurityGroupRules", &modify("sgr-1", "10.0.0.0/8"), "null")).reaches(&[]);
    story.call(ec2("ModifySecurityGroupRules", &modify("sgr-2", "0.0.0.0/0"), "null")).reaches(&[]);
    // Of one that nobody saw it is not known which way it lets through.
    story
        .call(ec2("ModifySecurityGroupRules", &modify("sgr-3", "0.0.0.0/0"), "null"))
        .reaches(&["eni-1 exposed possible tcp/22 any 3702258432 / -"]);
}

#[test]
fn prefix_lists_open_what_refers_to_them() {
    let network = Network {
        permissions: r#"{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [{"PrefixListId": "pl-1"}], "UserIdGroupPairs": []}"#.to_owned(),
        more: vec![
            r#"{"PrefixLists": [{"PrefixListId": "pl-1", "PrefixListName": "office", "AddressFamily": "IPv4", "OwnerId": "111122223333", "Version": 1}]}"#.to_owned(),
            r#"{"PrefixListId": "pl-1", "Entries": [{"Cidr": "10.0.0.0/8"}]}"#.to_owned(),
        ],
        ..Network::new()
    };
    let modify = |version: u8, key: &str, cidr: &str| {
        format!(
            r#"{{"ModifyManagedPrefixListRequest": {{"PrefixListId": "pl-1", "CurrentVersion": {version}, "{key}": {{"tag": 1, "Cidr": "{cidr}"}}}}}}"#
        )
    };
    let restore = |previous: u8, current: u8| {
        format!(
            r#"{{"RestoreManagedPrefixListVersionRequest": {{"PrefixListId": "pl-1", "PreviousVersion": {previous}, "CurrentVersion": {current}}}}}"#
        )
    };
    let mut story = Story::of(&network.documents());
    story.reaches(&[]);
    story
        .call(ec2("ModifyManagedPrefixList", &modify(1, "AddEntry", "0.0.0.0/0"), "null"))
        .reaches(&[OPEN_V4]);
    story.call(ec2("ModifyManagedPrefixList", &modify(2, "RemoveEntry", "0.0.0.0/0"), "null")).reaches(&[]);
    story.call(ec2("RestoreManagedPrefixListVersion", &restore(2, 3), "null")).reaches(&[OPEN_V4]);
    story.call(ec2("RestoreManagedPrefixListVersion", &restore(1, 4), "null")).reaches(&[]);
}

#[test]
fn a_deny_of_a_network_list_goes_and_comes() {
    let network = Network {
        entries: format!(
            r#"{{"RuleNumber": 50, "Egress": false, "Protocol": "6", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", "PortRange": {{"From": 22, "To": 22}}}}, {}"#,
            [false, true].map(everything).join(", ")
        ),
        ..open()
    };
    let mut story = Story::of(&network.documents());
    story.reaches(&["eni-1 exposed tcp/22 - / any"]);
    let entry = r#"{"networkAclId": "acl-1", "ruleNumber": 50, "egress": false}"#;
    story.call(ec2("DeleteNetworkAclEntry", entry, ANSWER)).reaches(&[OPEN]);
    let deny = r#"{"networkAclId": "acl-1", "ruleNumber": 50, "egress": false, "ruleAction": "deny", "aclProtocol": "-1", "cidrBlock": "0.0.0.0/0", "portRange": {}, "icmpTypeCode": {}}"#;
    story.call(ec2("CreateNetworkAclEntry", deny, ANSWER)).reaches(&["eni-1 exposed tcp/22 - / any"]);
    let allow = deny.replace("deny", "allow");
    story.call(ec2("ReplaceNetworkAclEntry", &allow, ANSWER)).reaches(&[OPEN]);
    assert_eq!(story.unseen, [""; 0]);
}

#[test]
fn gateways_and_routes_lead_in_and_no_more() {
    let mut story = Story::of(&open().documents());
    let both = r#"{"internetGatewayId": "igw-1", "vpcId": "vpc-1"}"#;
    story.reaches(&[OPEN]);
    story.call(ec2("DetachInternetGateway", both, ANSWER));
    assert!(!story.exposures().contains(&OPEN.to_owned()), "{:?}", story.exposures());
    story.call(ec2("AttachInternetGateway", both, ANSWER)).reaches(&[OPEN]);
    let route = r#"{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}"#;
    story.call(ec2("DeleteRoute", route, ANSWER));
    assert!(!story.exposures().contains(&OPEN.to_owned()), "{:?}", story.exposures());
    let route = r#"{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "gatewayId": "igw-1"}"#;
    story.call(ec2("CreateRoute", route, ANSWER)).reaches(&[OPEN]);
    assert_eq!(story.unseen, [""; 0]);
}

/// A subnet is moved to another table and to another list by the ids of its associations.
#[test]
fn what_stands_at_a_subnet_is_replaced() {
    let tables = r#"{"RouteTables": [{"RouteTableId": "rtb-2", "OwnerId": "111122223333", "VpcId": "vpc-1", "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"}],
        "Associations": [{"RouteTableAssociationId": "rtbassoc-1", "RouteTableId": "rtb-2", "SubnetId": "subnet-1", "Main": false}]}]}"#;
    let network = Network { more: vec![tables.to_owned()], ..open() };
    let mut story = Story::of(&network.documents());
    assert!(!story.exposures().contains(&OPEN.to_owned()), "{:?}", story.exposures());
    let request = r#"{"associationId": "rtbassoc-1", "routeTableId": "rtb-1"}"#;
    let answer = r#"{"newAssociationId": "rtbassoc-2", "associationState": {"state": "associated"}}"#;
    story.call(ec2("ReplaceRouteTableAssociation", request, answer)).reaches(&[OPEN]);
    let request = r#"{"associationId": "rtbassoc-2", "routeTableId": "rtb-2"}"#;
    let answer = r#"{"newAssociationId": "rtbassoc-3", "associationState": {"state": "associated"}}"#;
    story.call(ec2("ReplaceRouteTableAssociation", request, answer));
    assert!(!story.exposures().contains(&OPEN.to_owned()), "{:?}", story.exposures());
    // Without one of its own the main table stands there.
    story.call(ec2("DisassociateRouteTable", r#"{"associationId": "rtbassoc-3"}"#, ANSWER)).reaches(&[OPEN]);
    assert_eq!(story.unseen, [""; 0]);
}

#[test]
fn public_access_is_blocked_and_let_through() {
    let mut story = Story::of(&open().documents());
    let mode = |mode: &str| {
        format!(r#"{{"ModifyVpcBlockPublicAccessOptionsRequest": {{"InternetGatewayBlockMode": "{mode}"}}}}"#)
    };
    story.reaches(&[OPEN]);
    story.call(ec2("ModifyVpcBlockPublicAccessOptions", &mode("block-ingress"), "null"));
    assert!(!story.exposures().contains(&OPEN.to_owned()), "{:?}", story.exposures());
    story.call(ec2("ModifyVpcBlockPublicAccessOptions", &mode("off"), "null")).reaches(&[OPEN]);
}

/// Over nothing: only what events said.
#[test]
fn a_group_that_was_made_has_what_it_was_given() {
    let none: [&str; 0] = [];
    let mut story = Story::of(&none);
    let request = r#"{"groupName": "web", "groupDescription": "d", "vpcId": "vpc-1"}"#;
    story.call(ec2("CreateSecurityGroup", request, r#"{"groupId": "sg-1"}"#));
    story.call(ec2("AuthorizeSecurityGroupIngress", &rule("ipRanges", "0.0.0.0/0"), ANSWER));
    assert_eq!(story.admitted(), ["web admitted tcp/22 any 3702258432 / -"]);
    // A group of the default network is found by its name.
    let flat = r#"{"groupName": "web", "cidrIp": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipPermissions": {}}"#;
    story.call(ec2("RevokeSecurityGroupIngress", flat, ANSWER));
    assert_eq!(story.admitted(), [""; 0]);
    assert_eq!(story.unseen, [""; 0]);
}
