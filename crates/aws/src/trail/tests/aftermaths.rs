//! What objects are behind a call, with what AWS does besides.

use cloud::audit::{Bears, Ledger};
use cloud::json::{Node, Tree, tree_in};
use model::Name;

use super::{PLACE, heard, of_node, record};
use crate::trail::aftermath::aftermath;

/// The objects of these kinds and ids.
fn ledger(objects: &[(&str, &str, &str)]) -> Ledger {
    let mut ledger = Ledger::default();
    for (kind, id, text) in objects {
        let Some(Tree::Object(node)) = tree_in(text) else { panic!("{text}") };
        ledger.note(&Name::from(*kind), &Name::from(*id), &node, PLACE);
    }
    ledger
}

/// Makes the edits of a call, each with what follows it.
fn replay(ledger: &mut Ledger, name: &str, request: &str, response: &str) {
    for event in heard(&record(name, request, response)).events {
        let Bears::Edits(edits) = event.bears else { panic!("{name}") };
        for edit in edits {
            let after = aftermath(&edit, ledger);
            for edit in core::iter::once(edit).chain(after) {
                ledger.act([&edit.kind, &edit.id], &edit.act, PLACE, &Node::default);
            }
        }
    }
}

fn object(ledger: &Ledger, kind: &str, id: &str) -> String {
    let found = ledger.get(&Name::from(kind), &Name::from(id));
    found.map_or_else(|| "none".to_owned(), |object| of_node(&object.node))
}

fn modify(rule: &str) -> String {
    format!(
        r#"{{"ModifySecurityGroupRulesRequest": {{"GroupId": "sg-1", "SecurityGroupRule": {{"tag": 1, "SecurityGroupRuleId": "{rule}",
            "SecurityGroupRule": {{"CidrIpv4": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22}}}}}}}}"#
    )
}

const NEW: &str = "IpProtocol=tcp FromPort=22 ToPort=22 IpRanges=[{CidrIp=0.0.0.0/0}] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[]";

/// A rule that is known is replaced where it stands; one of the way out stays there; of any other it is not known whether
/// it lets in, so it may.
#[test]
fn a_modified_rule_keeps_its_direction() {
    let group = r##"{"GroupId": "sg-1", "IpPermissions": [{"IpProtocol": "-1", "#rule": "sgr-in"}],
        "IpPermissionsEgress": [{"IpProtocol": "-1", "#rule": "sgr-out"}]}"##;
    let listed = r#"{"GroupId": "sg-1", "SecurityGroupRuleId": "sgr-listed", "IsEgress": true}"#;
    let objects = [("security-group", "sg-1", group), ("security-group-rule", "sgr-listed", listed)];
    let after = |rule: &str| {
        let mut ledger = ledger(&objects);
        replay(&mut ledger, "ModifySecurityGroupRules", &modify(rule), "null");
        object(&ledger, "security-group", "sg-1")
    };
    assert_eq!(
        after("sgr-in"),
        format!(
            "{{GroupId=sg-1 IpPermissions=[{{{NEW} #rule=sgr-in}}] IpPermissionsEgress=[{{IpProtocol=-1 #rule=sgr-out}}]}}"
        )
    );
    assert_eq!(
        after("sgr-out"),
        format!(
            "{{GroupId=sg-1 IpPermissions=[{{IpProtocol=-1 #rule=sgr-in}}] IpPermissionsEgress=[{{{NEW} #rule=sgr-out}}]}}"
        )
    );
    assert_eq!(
        after("sgr-listed"),
        format!(
            "{{GroupId=sg-1 IpPermissions=[{{IpProtocol=-1 #rule=sgr-in}}] IpPermissionsEgress=[{{IpProtocol=-1 #rule=sgr-out}} {{{NEW} #rule=sgr-listed}}]}}"
        )
    );
    assert_eq!(
        after("sgr-x"),
        format!(
            "{{GroupId=sg-1 IpPermissions=[{{IpProtocol=-1 #rule=sgr-in}} {{{NEW} #rule=sgr-x Condition=?whether sgr-x is an inbound rule}}] IpPermissionsEgress=[{{IpProtocol=-1 #rule=sgr-out}}]}}"
        )
    );
}

/// What is authorised with an id is revoked and modified by it, twice or once.
#[test]
fn a_rule_lives_from_its_authorisation_to_its_revocation() {
    let mut ledger = ledger(&[("security-group", "sg-1", r#"{"GroupId": "sg-1", "IpPermissions": []}"#)]);
    let request = r#"{"groupId": "sg-1", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "192.0.2.1/32"}]}}]}}"#;
    let answer = r#"{"_return": true, "securityGroupRuleSet": {"items": [{"groupId": "sg-1", "securityGroupRuleId": "sgr-1", "isEgress": false,
        "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "192.0.2.1/32"}]}}"#;
    for _ in 0..2 {
        replay(&mut ledger, "AuthorizeSecurityGroupIngress", request, answer);
    }
    let one = "{GroupId=sg-1 IpPermissions=[{IpProtocol=tcp FromPort=22 ToPort=22 IpRanges=[{CidrIp=192.0.2.1/32}] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[] #rule=sgr-1}]}";
    assert_eq!(object(&ledger, "security-group", "sg-1"), one);
    // The same rule without its id is the same rule.
    let mut by_value = ledger.clone();
    replay(&mut by_value, "RevokeSecurityGroupIngress", request, r#"{"_return": true}"#);
    assert_eq!(object(&by_value, "security-group", "sg-1"), "{GroupId=sg-1 IpPermissions=[]}");
    replay(&mut ledger, "ModifySecurityGroupRules", &modify("sgr-1"), "null");
    assert_eq!(
        object(&ledger, "security-group", "sg-1"),
        format!("{{GroupId=sg-1 IpPermissions=[{{{NEW} #rule=sgr-1}}]}}")
    );
    let by_id =
        r#"{"groupId": "sg-1", "securityGroupRuleIds": {"items": [{"securityGroupRuleId": "sgr-1"}]}}"#;
    replay(&mut ledger, "RevokeSecurityGroupIngress", by_id, r#"{"_return": true}"#);
    assert_eq!(object(&ledger, "security-group", "sg-1"), "{GroupId=sg-1 IpPermissions=[]}");
}

/// A version that was seen comes back; of one that was not nobody knows what it holds.
#[test]
fn versions_of_prefix_lists_come_back() {
    let list = r#"{"PrefixListId": "pl-1", "Version": "3", "Entries": [{"Cidr": "192.0.2.0/24"}]}"#;
    let mut ledger = ledger(&[("prefix-list", "pl-1", list)]);
    let entries = |ledger: &Ledger| {
        let node =
            ledger.get(&Name::from("prefix-list"), &Name::from("pl-1")).map(|object| object.node.clone());
        let node = node.unwrap_or_default();
        let of = |key: &str| node.own(key).map(super::of_tree).unwrap_or_default();
        (of("Version"), of("Entries"))
    };
    let add = r#"{"ModifyManagedPrefixListRequest": {"PrefixListId": "pl-1", "CurrentVersion": 3, "AddEntry": {"Cidr": "0.0.0.0/0"}}}"#;
    replay(&mut ledger, "ModifyManagedPrefixList", add, "null");
    assert_eq!(entries(&ledger), ("4".to_owned(), "[{Cidr=192.0.2.0/24} {Cidr=0.0.0.0/0}]".to_owned()));
    let restore = |previous: u8, current: u8| {
        format!(
            r#"{{"RestoreManagedPrefixListVersionRequest": {{"PrefixListId": "pl-1", "PreviousVersion": {previous}, "CurrentVersion": {current}}}}}"#
        )
    };
    replay(&mut ledger, "RestoreManagedPrefixListVersion", &restore(3, 4), "null");
    assert_eq!(entries(&ledger), ("5".to_owned(), "[{Cidr=192.0.2.0/24}]".to_owned()));
    replay(&mut ledger, "RestoreManagedPrefixListVersion", &restore(4, 5), "null");
    assert_eq!(entries(&ledger), ("6".to_owned(), "[{Cidr=192.0.2.0/24} {Cidr=0.0.0.0/0}]".to_owned()));
    replay(&mut ledger, "RestoreManagedPrefixListVersion", &restore(1, 6), "null");
    assert_eq!(entries(&ledger), ("7".to_owned(), "[?the entries of version 1]".to_owned()));
}

/// A list that was never seen whole has no version that could come back.
#[test]
fn versions_of_what_was_never_seen_are_not_known() {
    let mut ledger = ledger(&[]);
    let add = r#"{"ModifyManagedPrefixListRequest": {"PrefixListId": "pl-1", "CurrentVersion": 3, "AddEntry": {"Cidr": "0.0.0.0/0"}}}"#;
    replay(&mut ledger, "ModifyManagedPrefixList", add, "null");
    let restore = r#"{"RestoreManagedPrefixListVersionRequest": {"PrefixListId": "pl-1", "PreviousVersion": 3, "CurrentVersion": 4}}"#;
    replay(&mut ledger, "RestoreManagedPrefixListVersion", restore, "null");
    assert!(object(&ledger, "prefix-list", "pl-1").contains("?the entries of version 3"));
}

/// Routes to what is gone or not attached are black holes, and lead again when it is back.
#[test]
fn routes_follow_their_gateways() {
    let table = r#"{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Routes": [
        {"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
        {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}]}"#;
    let gateway =
        r#"{"InternetGatewayId": "igw-1", "Attachments": [{"State": "available", "VpcId": "vpc-1"}]}"#;
    let mut ledger = ledger(&[("route-table", "rtb-1", table), ("internet-gateway", "igw-1", gateway)]);
    let both = r#"{"internetGatewayId": "igw-1", "vpcId": "vpc-1"}"#;
    let state = |ledger: &Ledger| {
        let text = object(ledger, "route-table", "rtb-1");
        assert!(text.contains("GatewayId=local State=active"), "{text}");
        text.split("GatewayId=igw-1 ").nth(1).unwrap_or_default().to_owned()
    };
    replay(&mut ledger, "DetachInternetGateway", both, "null");
    assert_eq!(state(&ledger), "State=blackhole}]}");
    replay(&mut ledger, "AttachInternetGateway", both, "null");
    assert_eq!(state(&ledger), "State=active}]}");
    replay(&mut ledger, "DeleteInternetGateway", both, "null");
    assert_eq!(state(&ledger), "State=blackhole}]}");
}

/// A new subnet stands behind the default list of its network; with a network its defaults go.
#[test]
fn defaults_of_a_network_come_and_go_with_it() {
    let acl = r#"{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "IsDefault": true, "Associations": []}"#;
    let other = r#"{"NetworkAclId": "acl-2", "VpcId": "vpc-1", "IsDefault": false, "Associations": []}"#;
    let group = r#"{"GroupId": "sg-1", "GroupName": "default", "VpcId": "vpc-1"}"#;
    let own = r#"{"GroupId": "sg-2", "GroupName": "web", "VpcId": "vpc-1"}"#;
    let table =
        r#"{"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}], "Routes": []}"#;
    let mut ledger = ledger(&[
        ("network-acl", "acl-1", acl),
        ("network-acl", "acl-2", other),
        ("security-group", "sg-1", group),
        ("security-group", "sg-2", own),
        ("route-table", "rtb-1", table),
        ("vpc", "vpc-1", r#"{"VpcId": "vpc-1"}"#),
    ]);
    let answer = r#"{"subnet": {"subnetId": "subnet-1", "vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24"}}"#;
    for _ in 0..2 {
        replay(&mut ledger, "CreateSubnet", r#"{"vpcId": "vpc-1"}"#, answer);
    }
    assert!(
        object(&ledger, "network-acl", "acl-1")
            .contains("Associations=[{NetworkAclId=acl-1 SubnetId=subnet-1}]")
    );
    assert!(object(&ledger, "network-acl", "acl-2").contains("Associations=[]"));
    replay(&mut ledger, "DeleteVpc", r#"{"vpcId": "vpc-1"}"#, "null");
    for (kind, id) in
        [("vpc", "vpc-1"), ("network-acl", "acl-1"), ("security-group", "sg-1"), ("route-table", "rtb-1")]
    {
        assert_eq!(object(&ledger, kind, id), "none", "{id}");
    }
    assert_ne!(object(&ledger, "security-group", "sg-2"), "none");
}
