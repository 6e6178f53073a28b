//! Groups and their rules.

use super::{edits, failed, heard, record, told};

const IN: &str = "security-group sg-1: insert IpPermissions";
const LISTS: &str = "Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[]";

fn nested(permission: &str) -> String {
    format!(r#"{{"groupId": "sg-1", "ipPermissions": {{"items": [{permission}]}}}}"#)
}

const ANSWER: &str = r#"{"requestId": "r", "_return": true}"#;

/// The same rule in every spelling that a record may have.
#[test]
fn one_rule_is_one_rule_however_it_is_spelled() {
    let expected = vec![format!(
        "{IN} {{IpProtocol=tcp FromPort=22 ToPort=22 IpRanges=[{{CidrIp=0.0.0.0/0}}] {LISTS}}}"
    )];
    for request in [
        nested(
            r#"{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {}, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]},
                "ipv6Ranges": {}, "prefixListIds": {}}"#,
        ),
        nested(
            r#"{"ipProtocol": "TCP", "fromPort": "22", "toPort": 22, "ipRanges": {"items": [{"cidrIp": "203.0.113.9/0", "description": "x"}]}}"#,
        ),
        nested(r#"{"ipProtocol": "6", "fromPort": 22, "toPort": 22, "ipRanges": {"items": {"cidrIp": "0.0.0.0/0"}}}"#),
        nested(r#"{"ipProtocol": 6, "fromPort": 22, "toPort": 22, "ipRanges": [{"cidrIp": " 0.0.0.0/0"}], "groups": ""}"#),
        r#"{"groupId": "sg-1", "cidrIp": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipPermissions": {}}"#
            .to_owned(),
        r#"{"AuthorizeSecurityGroupIngressRequest": {"GroupId": "sg-1", "IpPermissions": {"tag": 1, "IpProtocol": "tcp",
            "FromPort": {"tag": 1, "content": 22}, "ToPort": 22, "IpRanges": {"tag": 1, "CidrIp": "0.0.0.0/0"}}}}"#
            .to_owned(),
    ] {
        assert_eq!(edits("AuthorizeSecurityGroupIngress", &request, ANSWER), expected, "{request}");
    }
}

/// The answer is canonical, has the ids of rules, and is told even where the request was cut.
#[test]
fn the_answer_goes_before_the_request() {
    let answer = r#"{"_return": true, "securityGroupRuleSet": {"items": [
        {"groupOwnerId": "111122223333", "groupId": "sg-1", "securityGroupRuleId": "sgr-1", "isEgress": false,
         "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "cidrIpv4": "0.0.0.0/0"},
        {"groupOwnerId": "111122223333", "groupId": "sg-1", "securityGroupRuleId": "sgr-2", "isEgress": false,
         "ipProtocol": "-1", "fromPort": -1, "toPort": -1,
         "referencedGroupInfo": {"groupId": "sg-9", "userId": "444455556666", "peeringStatus": "active"}}]}}"#;
    let expected = vec![
        format!(
            "{IN} {{IpProtocol=tcp FromPort=22 ToPort=22 IpRanges=[{{CidrIp=0.0.0.0/0}}] {LISTS} #rule=sgr-1}}"
        ),
        format!(
            "{IN} {{IpProtocol=-1 IpRanges=[] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[{{GroupId=sg-9 UserId=444455556666 PeeringStatus=active}}] #rule=sgr-2}}"
        ),
    ];
    let request = nested(
        r#"{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "198.51.100.1/0"}]}}"#,
    );
    assert_eq!(edits("AuthorizeSecurityGroupIngress", &request, answer), expected);
    // An answer of which a part cannot be read does not hide what was asked for.
    let half = answer.replace(r#""cidrIpv4": "0.0.0.0/0""#, r#""cidrIpv4": null"#);
    let both = edits("AuthorizeSecurityGroupIngress", &request, &half);
    assert!(both.len() == 2 && both[1].contains("CidrIp=0.0.0.0/0"), "{both:?}");
    let cut = r#"{"omitted": true, "originalSize": 300000, "reason": "too large"}"#;
    let mut with_gap = expected;
    with_gap.push("gap cut-body".to_owned());
    assert_eq!(edits("AuthorizeSecurityGroupIngress", cut, answer), with_gap);
}

/// "All ports" has three spellings, ICMP has types and codes, other protocols have no ports.
#[test]
fn numbers_are_those_of_exports() {
    for (permission, expected) in [
        (r#""ipProtocol": "-1""#, "IpProtocol=-1"),
        (r#""ipProtocol": "-1", "fromPort": 0, "toPort": 0"#, "IpProtocol=-1"),
        (r#""ipProtocol": -1, "fromPort": -1, "toPort": -1"#, "IpProtocol=-1"),
        (r#""ipProtocol": "all""#, "IpProtocol=-1"),
        (r#""ipProtocol": "udp", "fromPort": 53, "toPort": 54"#, "IpProtocol=udp FromPort=53 ToPort=54"),
        (r#""ipProtocol": "icmp", "fromPort": 8, "toPort": -1"#, "IpProtocol=icmp FromPort=8 ToPort=-1"),
        (r#""ipProtocol": "58""#, "IpProtocol=icmpv6 FromPort=-1 ToPort=-1"),
        (r#""ipProtocol": "50", "fromPort": 0, "toPort": 0"#, "IpProtocol=50"),
    ] {
        let request =
            nested(&format!(r#"{{{permission}, "ipRanges": {{"items": [{{"cidrIp": "0.0.0.0/0"}}]}}}}"#));
        assert_eq!(
            edits("AuthorizeSecurityGroupIngress", &request, ANSWER),
            [format!("{IN} {{{expected} IpRanges=[{{CidrIp=0.0.0.0/0}}] {LISTS}}}")],
            "{permission}"
        );
    }
}

#[test]
fn each_source_is_a_rule_of_its_own() {
    let request = nested(
        r#"{"ipProtocol": "tcp", "fromPort": 1, "toPort": 2, "ipRanges": {"items": [{"cidrIp": "10.1.2.3/8"}, {"cidrIp": "0.0.0.0/1"}]},
            "ipv6Ranges": {"items": [{"cidrIpv6": "::1/0"}]}, "prefixListIds": {"items": [{"prefixListId": "pl-1"}]},
            "groups": {"items": [{"groupId": "sg-2"}, {"groupId": "444455556666/sg-3"}, {"groupName": "web", "userId": "777788889999"}]}}"#,
    );
    let told = edits("AuthorizeSecurityGroupIngress", &request, ANSWER);
    let sources: Vec<&str> =
        told.iter().filter_map(|line| line.split_once("ToPort=2 ").map(|(_, rest)| rest)).collect();
    assert_eq!(
        sources,
        [
            "IpRanges=[{CidrIp=10.0.0.0/8}] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[]}",
            "IpRanges=[{CidrIp=0.0.0.0/1}] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[]}",
            "IpRanges=[] Ipv6Ranges=[{CidrIpv6=::/0}] PrefixListIds=[] UserIdGroupPairs=[]}",
            "IpRanges=[] Ipv6Ranges=[] PrefixListIds=[{PrefixListId=pl-1}] UserIdGroupPairs=[]}",
            "IpRanges=[] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[{GroupId=sg-2 UserId=111122223333}]}",
            "IpRanges=[] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[{GroupId=sg-3 UserId=444455556666}]}",
            "IpRanges=[] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[{UserId=777788889999 GroupName=web}]}",
        ]
    );
}

/// Taking away by value finds what was let in, however that was spelled; by id what has it.
#[test]
fn rules_are_revoked_by_what_they_say_and_by_id() {
    let out = "security-group sg-1: remove IpPermissions";
    let request = nested(
        r#"{"ipProtocol": "-1", "fromPort": 0, "toPort": 0, "groups": {}, "ipRanges": {"items": [{"cidrIp": "1.2.3.4/0", "description": "gone"}]}}"#,
    );
    let by_value =
        format!("{out} {{IpProtocol=-1 FromPort=null ToPort=null IpRanges=[{{CidrIp=0.0.0.0/0}}]}}");
    assert_eq!(edits("RevokeSecurityGroupIngress", &request, ANSWER), [by_value.as_str()]);
    let flat = r#"{"groupId": "sg-1", "cidrIp": "0.0.0.0/0", "ipProtocol": "-1", "ipPermissions": {}}"#;
    assert_eq!(edits("RevokeSecurityGroupIngress", flat, ANSWER), [by_value.as_str()]);
    let by_ids = r#"{"groupId": "sg-1", "securityGroupRuleIds": {"items": [{"securityGroupRuleId": "sgr-1"}, "sgr-2"]}, "ipPermissions": {}}"#;
    assert_eq!(
        edits("RevokeSecurityGroupIngress", by_ids, ANSWER),
        [format!("{out} {{#rule=sgr-1}}"), format!("{out} {{#rule=sgr-2}}")]
    );
    let answer = r#"{"_return": true, "unknownIpPermissionSet": {}, "revokedSecurityGroupRuleSet": {"items": [
        {"securityGroupRuleId": "sgr-1", "groupId": "sg-1", "isEgress": false, "ipProtocol": "-1", "cidrIpv4": "0.0.0.0/0"}]}}"#;
    assert_eq!(
        edits("RevokeSecurityGroupIngress", by_ids, answer),
        [by_value, format!("{out} {{#rule=sgr-2}}")]
    );
    let group = nested(
        r#"{"ipProtocol": "tcp", "fromPort": 1, "toPort": 2, "groups": {"items": [{"groupId": "sg-2", "userId": "1"}]}}"#,
    );
    assert_eq!(
        edits("RevokeSecurityGroupEgress", &group, ANSWER),
        [
            "security-group sg-1: remove IpPermissionsEgress {IpProtocol=tcp FromPort=1 ToPort=2 UserIdGroupPairs=[{GroupId=sg-2}]}"
        ]
    );
}

#[test]
fn groups_of_the_default_network_are_named() {
    let request =
        r#"{"groupName": "web", "cidrIp": "0.0.0.0/0", "ipProtocol": "tcp", "fromPort": 22, "toPort": 22}"#;
    assert_eq!(
        told(&record("AuthorizeSecurityGroupIngress", request, ANSWER)),
        [
            "done AuthorizeSecurityGroupIngress web".to_owned(),
            format!(
                "security-group OwnerId=111122223333,GroupName=web: insert IpPermissions {{IpProtocol=tcp FromPort=22 ToPort=22 IpRanges=[{{CidrIp=0.0.0.0/0}}] {LISTS}}}"
            ),
        ]
    );
    let by_group = r#"{"groupName": "web", "sourceSecurityGroupName": "db", "sourceSecurityGroupOwnerId": "111122223333"}"#;
    assert_eq!(edits("AuthorizeSecurityGroupIngress", by_group, ANSWER).len(), 3);
}

#[test]
fn rules_are_modified_in_place() {
    let request = r#"{"ModifySecurityGroupRulesRequest": {"GroupId": "sg-1", "SecurityGroupRule": {"tag": 1,
        "SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": {"CidrIpv4": "0.0.0.0/0", "IpProtocol": "tcp",
        "FromPort": 22, "ToPort": 22, "Description": "x"}}}}"#;
    let item = format!("IpProtocol=tcp FromPort=22 ToPort=22 IpRanges=[{{CidrIp=0.0.0.0/0}}] {LISTS}");
    let answer = r#"{"ModifySecurityGroupRulesResponse": {"xmlns": "x", "requestId": "r", "return": true}}"#;
    assert_eq!(
        edits("ModifySecurityGroupRules", request, answer),
        [format!("security-group sg-1: insert #modified {{{item} #rule=sgr-1}}")]
    );
    let two = r#"{"ModifySecurityGroupRulesRequest": {"GroupId": "sg-1", "SecurityGroupRule": [
        {"tag": 1, "SecurityGroupRuleId": "sgr-1", "SecurityGroupRule": {"CidrIpv6": "::/0", "IpProtocol": -1}},
        {"tag": 2, "SecurityGroupRuleId": "sgr-2", "SecurityGroupRule": {"ReferencedGroupId": "sg-9", "IpProtocol": "-1"}}]}}"#;
    assert_eq!(
        edits("ModifySecurityGroupRules", two, answer).last().unwrap(),
        "security-group sg-1: insert #modified {IpProtocol=-1 IpRanges=[] Ipv6Ranges=[{CidrIpv6=::/0}] PrefixListIds=[] UserIdGroupPairs=[] #rule=sgr-1} {IpProtocol=-1 IpRanges=[] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[{GroupId=sg-9}] #rule=sgr-2}"
    );
    // Half of it is no change that can be judged.
    let half = r#"{"ModifySecurityGroupRulesRequest": {"GroupId": "sg-1", "SecurityGroupRule": {"SecurityGroupRuleId": "sgr-1"}}}"#;
    assert_eq!(edits("ModifySecurityGroupRules", half, answer), ["gap unreadable-event"]);
}

#[test]
fn groups_come_and_go() {
    let request = r#"{"groupName": "web", "groupDescription": "d", "vpcId": "vpc-1"}"#;
    assert_eq!(
        edits("CreateSecurityGroup", request, r#"{"requestId": "r", "_return": true, "groupId": "sg-1"}"#),
        [
            "security-group sg-1: put {GroupId=sg-1 GroupName=web Description=d VpcId=vpc-1 OwnerId=111122223333 IpPermissions=[] IpPermissionsEgress=[{IpProtocol=-1 IpRanges=[{CidrIp=0.0.0.0/0}] Ipv6Ranges=[] PrefixListIds=[] UserIdGroupPairs=[]}]}"
        ]
    );
    assert_eq!(edits("DeleteSecurityGroup", r#"{"groupId": "sg-1"}"#, ANSWER), ["security-group sg-1: drop"]);
    let both = r#"{"AssociateSecurityGroupVpcRequest": {"GroupId": "sg-1", "VpcId": "vpc-2"}}"#;
    assert_eq!(
        edits("AssociateSecurityGroupVpc", both, "null"),
        [
            "security-group-association sg-1/vpc-2: put {GroupId=sg-1 VpcId=vpc-2 GroupOwnerId=111122223333 State=associated}"
        ]
    );
    let both = both.replace("Associate", "Disassociate");
    assert_eq!(
        edits("DisassociateSecurityGroupVpc", &both, "null"),
        ["security-group-association sg-1/vpc-2: drop"]
    );
    let described = nested(
        r#"{"ipProtocol": "-1", "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0", "description": "new"}]}}"#,
    );
    assert!(edits("UpdateSecurityGroupRuleDescriptionsIngress", &described, ANSWER).is_empty());
}

/// What was refused is told with what it would have done; what failed changed nothing; reads are no events.
#[test]
fn what_was_not_done_is_not_done() {
    let request = nested(r#"{"ipProtocol": "-1", "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}"#);
    let first = |code: &str| {
        let more = format!(r#""errorCode": "{code}", "errorMessage": "no","#);
        let text = failed("AuthorizeSecurityGroupIngress", &request, "null", &more);
        let lines = told(&text);
        assert_eq!(lines.len(), 2, "{code}");
        lines.first().cloned().unwrap_or_default()
    };
    for code in
        ["Client.UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "Client.AuthFailure"]
    {
        assert_eq!(first(code), "denied AuthorizeSecurityGroupIngress sg-1");
    }
    for code in [
        "Client.InvalidPermission.Duplicate",
        "Client.InvalidPermission.NotFound",
        "Client.DryRunOperation",
        "Server.InternalError",
        "RequestExpired",
    ] {
        assert_eq!(first(code), "failed AuthorizeSecurityGroupIngress sg-1");
    }
    // Nothing was created, so it has no id, and that is no gap.
    let text =
        failed("CreateSecurityGroup", r#"{"groupName": "web"}"#, "null", r#""errorCode": "AccessDenied","#);
    assert_eq!(told(&text), ["denied CreateSecurityGroup web"]);
    let read = heard(&record("DescribeSecurityGroups", r#"{"securityGroupSet": {}}"#, "null"));
    assert_eq!(
        (read.format, read.records, read.events.len(), read.gaps.len()),
        (Some("aws/cloudtrail"), 1, 0, 0)
    );
}

/// What cannot be read is told; nothing is presumed.
#[test]
fn what_is_missing_is_a_gap() {
    let lines = told(&record("AuthorizeSecurityGroupIngress", "null", ANSWER));
    assert_eq!(lines, ["gap missing-field"]);
    let lines = told(&record("AuthorizeSecurityGroupIngress", r#"{"groupId": "sg-1"}"#, ANSWER));
    assert_eq!(lines, ["done AuthorizeSecurityGroupIngress sg-1", "gap unreadable-event"]);
    let cut = r#"{"omitted": true, "reason": "size"}"#;
    assert_eq!(
        told(&record("AuthorizeSecurityGroupIngress", cut, ANSWER)),
        ["gap missing-field", "gap cut-body"]
    );
    let hidden = r#"{"groupId": "sg-1", "ipPermissions": "HIDDEN_DUE_TO_SECURITY_REASONS"}"#;
    assert_eq!(
        told(&record("AuthorizeSecurityGroupIngress", hidden, ANSWER)),
        ["done AuthorizeSecurityGroupIngress sg-1", "gap unreadable-event", "gap cut-body"]
    );
    // A range that is no prefix stays as it is, and its reader tells of it.
    let odd = nested(
        r#"{"ipProtocol": "tcp", "fromPort": 1, "toPort": 2, "ipRanges": {"items": [{"cidrIp": "anywhere"}]}}"#,
    );
    assert!(edits("AuthorizeSecurityGroupIngress", &odd, ANSWER).concat().contains("CidrIp=anywhere"));
}
