//! Formats: recognised by content, in every layout, and nothing of them lost without a word.

use crate::estate::{Answer, group, scan};

const SSH: &str = "tcp 22 0.0.0.0/0";
const ADMITTED: &str = "sg-1-name admitted tcp/22 any 3702258432 / -";

fn format(text: &str) -> Option<&'static str> {
    scan(&[text]).readings[0].format
}

fn web() -> String {
    group("sg-1", &[SSH])
}

fn is_whole(answer: &Answer, format: &str, resources: u64) {
    assert_eq!(answer.readings[0].format, Some(format));
    assert_eq!(answer.readings[0].resources, resources);
    assert_eq!(answer.codes(), [""; 0]);
}

#[test]
fn documents_of_aws_are_known_by_content() {
    for (text, expected) in [
        (r#"{"SecurityGroups": []}"#, "aws/describe"),
        (r#"{"securityGroups": []}"#, "aws/describe"),
        (r#"{"Reservations": []}"#, "aws/describe"),
        (r#"{"AvailabilityZones": [{"ZoneName": "a"}]}"#, "aws/describe"),
        (r#"{"TransitGateways": []}"#, "aws/describe"),
        (
            r#"{"LoadBalancerArn": "arn:aws:x", "Attributes": [{"Key": "deletion_protection.enabled", "Value": "true"}]}"#,
            "aws/describe",
        ),
        (r#"{"LoadBalancerAttributes": {"AccessLog": {"Enabled": false}}}"#, "aws/describe"),
        (r#"{"LoadBalancerAttributes": []}"#, "aws/describe"),
        (r#"{"UserId": "A", "Account": "1", "Arn": "arn:aws:iam::1:user/a"}"#, "aws/describe"),
        (r#"{"status_code": 200, "data": {"SecurityGroups": []}}"#, "aws/recorded"),
        (r#"{"configurationItems": []}"#, "aws/config"),
        (r#"{"ResourceType": "AWS.IAM.Role", "AccountId": "1"}"#, "aws/resource"),
        (&web(), "aws/resource"),
    ] {
        assert_eq!(format(text), Some(expected), "{text}");
        assert_eq!(scan(&[text]).codes(), [""; 0], "{text}");
    }
}

#[test]
fn documents_of_others_have_no_format_and_no_gap() {
    for text in [
        "",
        "7",
        "null",
        "{}",
        "[]",
        "[1, 2]",
        "# HCL\nresource \"x\" \"y\" {}",
        r#"{"value": [{"id": "/subscriptions/s", "type": "Microsoft.Network/networkSecurityGroups"}]}"#,
        r#"{"items": [{"kind": "compute#firewall", "id": "1"}]}"#,
        r#"[{"id": "1", "kind": "compute#instance", "networkInterfaces": [{"name": "nic0", "networkIP": "10.0.0.2"}]}]"#,
        r#"{"clusters": [{"name": "k", "cluster": {"server": "https://k"}}]}"#,
        r#"{"images": [], "volumes": [], "hosts": ["a"]}"#,
        r#"{"status_code": 404, "data": {}}"#,
        r#"{"data": {"hello": "world"}}"#,
        r#"{"error": {"code": 403, "message": "no", "status": "PERMISSION_DENIED"}}"#,
        r#"{"Results": ["a", {"b": 1}], "Message": "{}", "detail": {"a": 1}}"#,
        r#"{"syncToken": "1", "creationTime": "x", "prefixes": [{"ipv4Prefix": "34.0.0.0/15", "scope": "us"}]}"#,
        r#"[{"Attrs": {}, "Id": "sg-1", "Type": "aws_security_group"}]"#,
        r#"{"dstPort": 22, "srcAddr": "1.1.1.1", "instanceId": "i-1", "action": "ACCEPT"}"#,
        r#"[{"vpc_id": "vpc-1", "group_id": "sg-1"}, {"groupId": "sg-1"}]"#,
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.readings[0].format, None, "{text}");
        assert_eq!(answer.codes(), [""; 0], "{text}");
    }
}

/// One list, pages, lines, several documents, any letter case: one answer.
#[test]
fn layouts_do_not_matter() {
    let web = web();
    let lower = web
        .replace("GroupId", "groupId")
        .replace("IpPermissions", "ipPermissions")
        .replace("CidrIp", "cidrIp");
    for text in [
        format!(r#"{{"SecurityGroups": [{web}]}}"#),
        format!("\n{{\"SecurityGroups\":\r\n[{web}]}}\r\n"),
        format!(r#"{{"securitygroups": [{lower}]}}"#),
        format!(r#"{{"Tags": 1, "SecurityGroups": [{web}], "ResponseMetadata": {{}}}}"#),
        format!(r#"[{{"SecurityGroups": []}}, {{"SecurityGroups": [{web}]}}]"#),
        format!(r#"{{"SecurityGroups": []}}{{"SecurityGroups": [{web}]}}"#),
        format!(r#"{{"SecurityGroups": {web}}}"#),
        format!(r#"[{web}]"#),
        web.clone(),
        format!("{web}\n"),
        format!(r#"{{"status_code": 200, "data": {{"SecurityGroups": [{web}]}}}}"#),
        format!(
            r#"{{"data": {{"ResponseMetadata": {{"HTTPStatusCode": 200}}, "SecurityGroups": [{web}]}}, "status_code": 200}}"#
        ),
        format!(r#"{{"NextToken": null, "SecurityGroups": [{web}], "Marker": ""}}"#),
    ] {
        let answer = scan(&[text.as_str()]);
        answer.check(&[ADMITTED]);
        assert_eq!(answer.readings[0].resources, 1, "{text}");
        assert_eq!(answer.codes(), [""; 0], "{text}");
    }
}

#[test]
fn answers_are_merged_in_one_object_in_any_order() {
    let web = web();
    for text in [
        format!(
            r#"{{"Vpcs": [{{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}}], "SecurityGroups": [{web}], "Subnets": []}}"#
        ),
        format!(
            r#"{{"Subnets": [], "When": "now", "SecurityGroups": [{web}], "Vpcs": [{{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}}]}}"#
        ),
        format!(
            r#"{{"PrefixListId": "pl-1", "Entries": [{{"Cidr": "10.0.0.0/8"}}], "SecurityGroups": [{web}], "Vpcs": []}}"#
        ),
    ] {
        is_whole(&scan(&[text.as_str()]), "aws/describe", 2);
    }
}

/// Names, events, findings of other tools: none of them says what is configured.
#[test]
fn what_is_no_export_is_told() {
    for text in [
        r#"{"Records": [{"eventName": "AuthorizeSecurityGroupIngress", "eventSource": "ec2.amazonaws.com"}]}"#,
        r#"{"ResourceTagMappingList": [{"ResourceARN": "arn:aws:ec2:r:1:security-group/sg-1", "Tags": []}]}"#,
        r#"{"resourceIdentifiers": [{"resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1"}]}"#,
        r#"{"Findings": [{"AwsAccountId": "1", "ProductArn": "arn:aws:securityhub:::product/aws"}]}"#,
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.readings[0].format, Some("aws/describe"), "{text}");
        assert_eq!(answer.codes(), ["not-an-input"], "{text}");
    }
}

#[test]
fn lists_before_the_signs_of_a_resource_are_its_own_too() {
    let text = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "n", "IpPermissions": []}], "InstanceId": "i-1"}"#;
    let answer = scan(&[text]);
    assert_eq!(answer.readings[0].resources, 2);
    let text = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "n"}], "InstanceId": "i-1"}"#;
    assert!(scan(&[text]).snapshot.coverage.contains_key("instance"));
    let merged = format!(
        r#"{{"SecurityGroups": [{}], "NextToken": "t", "Entries": [{{"Cidr": "10.0.0.0/8"}}], "PrefixListId": "pl-1", "Vpcs": []}}"#,
        web()
    );
    let answer = scan(&[merged.as_str()]);
    assert_eq!((answer.readings[0].resources, answer.codes()), (2, vec!["truncated-page"]));
}

#[test]
fn instances_are_of_the_owner_of_their_reservation() {
    let text = r#"{"Reservations": [{"ReservationId": "r-1", "OwnerId": "111122223333", "Groups": [], "Instances": [{"InstanceId": "i-1"}, {"InstanceId": "i-2"}]}]}"#;
    assert_eq!(scan(&[text]).readings[0].resources, 2);
    let bare = text.strip_prefix(r#"{"Reservations": "#).unwrap().strip_suffix('}').unwrap();
    let answer = scan(&[bare, r#"[[{"InstanceId": "i-3"}], [{"InstanceId": "i-4"}]]"#]);
    assert_eq!((answer.readings[0].resources, answer.readings[1].resources), (2, 2));
    let text =
        r#"{"Reservations": [{"OwnerId": "111122223333"}, {"InstanceId": "i-1", "NetworkInterfaces": []}]}"#;
    let answer = scan(&[text]);
    assert_eq!((answer.readings[0].resources, answer.codes()), (1, vec!["foreign-entry"]));
}

/// Lists of a resource are no lists of an account: an instance names its groups, and has interfaces in it.
#[test]
fn lists_inside_a_resource_are_its_own() {
    let instance = r#"{"AmiLaunchIndex": 0, "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1"}], "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "n"}], "InstanceId": "i-1", "SubnetId": "subnet-1", "VpcId": "vpc-1"}"#;
    let with_volumes = instance.replacen('{', r#"{"Volumes": [{"VolumeId": "vol-1"}], "#, 1);
    for text in [instance.to_owned(), format!("[{instance}]"), with_volumes] {
        let answer = scan(&[text.as_str()]);
        assert_eq!(answer.readings[0].resources, 1, "{text}");
        assert_eq!(answer.readings[0].format, Some("aws/resource"), "{text}");
        assert!(!answer.snapshot.coverage.contains_key("security-group"), "{text}");
    }
}

#[test]
fn a_resource_is_known_by_its_type_or_by_what_others_are_not_named_by() {
    for (text, kind) in [
        (r#"{"NetworkAclId": "acl-1", "VpcId": "vpc-1", "Entries": [], "Associations": []}"#, "network-acl"),
        (
            r#"{"AccountId": "1", "ResourceType": "AWS.EC2.NetworkACL", "Arn": "arn:aws:ec2:r:1:network-acl/acl-1", "NetworkAclId": "acl-1", "Entries": [], "VpcId": "vpc-1"}"#,
            "network-acl",
        ),
        (r#"{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}"#, "subnet"),
        (r#"{"VpcId": "vpc-1", "RouteTableId": "rtb-1", "Routes": []}"#, "route-table"),
        (
            r#"{"AllocationId": "a", "PublicIp": "1.2.3.4", "InstanceId": "i-1", "NetworkInterfaceId": "eni-1"}"#,
            "address",
        ),
        (r#"{"ResourceType": "AWS.EC2.VPC", "AccountId": "1", "VpcId": "vpc-1", "SubnetId": "odd"}"#, "vpc"),
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.snapshot.coverage.keys().copied().collect::<Vec<_>>(), [kind], "{text}");
    }
}

/// What a loop puts beside a list is no resource, and takes nothing from the list.
#[test]
fn a_sibling_of_a_list_is_no_resource() {
    let rules = r#"[{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "111122223333", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "0.0.0.0/0"}]"#;
    let arn = "arn:aws:elasticloadbalancing:r:1:loadbalancer/app/a/1";
    for (sibling, list, kind) in [
        (r#""VpcId": "vpc-1""#, format!(r#""SecurityGroups": [{}]"#, web()), "security-group"),
        (r#""GroupId": "sg-1""#, format!(r#""SecurityGroupRules": {rules}"#), "security-group"),
        (
            r#""VpcId": "vpc-1", "OwnerId": "1", "Region": "r""#,
            r#""Subnets": [{"SubnetId": "subnet-1", "CidrBlock": "10.0.0.0/24"}]"#.to_owned(),
            "subnet",
        ),
        (
            &format!(r#""LoadBalancerArn": "{arn}""#),
            format!(r#""Listeners": [{{"ListenerArn": "{arn}/l", "LoadBalancerArn": "{arn}", "Port": 80}}]"#),
            "listener",
        ),
    ] {
        for text in [
            format!("{{{sibling}, {list}}}"),
            format!("{{{list}, {sibling}}}"),
            format!("[{{{sibling}, {list}}}]"),
            format!(r#"{{"x": 1, {sibling}, "y": 2, {list}, "z": 3}}"#),
        ] {
            let answer = scan(&[text.as_str()]);
            assert_eq!(answer.readings[0].resources, 1, "{text}");
            assert!(answer.snapshot.coverage.contains_key(kind), "{text}: {:?}", answer.snapshot.coverage);
        }
    }
}

/// Panther puts into a network what is in it.
#[test]
fn a_network_with_all_that_is_in_it_is_read_whole() {
    let text = format!(
        r#"{{"CidrBlock": "10.0.0.0/16", "FlowLogs": null, "SecurityGroups": [{}], "Subnets": [{{"SubnetId": "subnet-1", "CidrBlock": "10.0.0.0/24"}}], "NetworkAcls": [{{"NetworkAclId": "acl-1", "Entries": [], "Associations": []}}], "VpcId": "vpc-1"}}"#,
        web()
    );
    let answer = scan(&[text]);
    let kinds: Vec<&str> = answer.snapshot.coverage.keys().copied().collect();
    assert_eq!(kinds, ["network-acl", "security-group", "subnet", "vpc"]);
    assert_eq!((answer.readings[0].format, answer.codes()), (Some("aws/resource"), vec![]));
}

#[test]
fn a_page_that_another_follows_is_cut() {
    let web = web();
    for token in ["NextToken", "nextToken", "NextMarker", "Marker", "PaginationToken", "nextPageToken"] {
        for text in [
            format!(r#"{{"SecurityGroups": [{web}], "{token}": "abc"}}"#),
            format!(r#"{{"{token}": "abc", "SecurityGroups": [{web}]}}"#),
            format!(r#"{{"status_code": 200, "data": {{"SecurityGroups": [{web}], "{token}": "abc"}}}}"#),
            format!(r#"[{{"SecurityGroups": [{web}], "{token}": "abc"}}, {{"SecurityGroups": []}}]"#),
        ] {
            let answer = scan(&[text.as_str()]);
            answer.check(&[ADMITTED]);
            assert_eq!(answer.codes(), ["truncated-page"], "{text}");
        }
    }
    // Of what is not assessed no page is missed.
    assert_eq!(scan(&[r#"{"WebACLs": [], "NextMarker": "a"}"#]).codes(), [""; 0]);
}

#[test]
fn what_was_refused_is_no_empty_account() {
    let refused = "\nAn error occurred (UnauthorizedOperation) when calling the DescribeInstances operation: You are not authorized [x]\n";
    let whole = format!(r#"{{"SecurityGroups": [{}]}}"#, web());
    for text in [
        refused.to_owned(),
        format!("{whole}{refused}{whole}"),
        format!("{refused}{whole}"),
        r#"{"Error": {"Code": "UnauthorizedOperation", "Message": "no"}}"#.to_owned(),
        r#"{"status_code": 400, "data": {"Error": {"Code": "X"}, "ResponseMetadata": {"HTTPStatusCode": 400}}}"#.to_owned(),
        r#"{"status_code": 403, "data": {"ResponseMetadata": {"HTTPStatusCode": 403}}}"#.to_owned(),
        r#"{"__type": "com.amazon.coral#AccessDeniedException", "message": "no"}"#.to_owned(),
    ] {
        let answer = scan(&[text.as_str()]);
        assert!(answer.readings[0].format.is_some(), "{text}");
        assert_eq!(answer.codes(), ["error-answer"], "{text}");
        assert_eq!(answer.exposures().len(), usize::from(text.contains("sg-1")), "{text}");
    }
}

#[test]
fn entries_that_are_no_resource_are_told() {
    for (text, codes) in [
        (r#"{"SecurityGroups": [{"GroupName": "n", "IpPermissions": []}]}"#, vec!["foreign-entry"]),
        (r#"{"SecurityGroups": ["sg-1", null, 7, []]}"#, vec!["foreign-entry"]),
        (r#"{"SecurityGroups": "sg-1"}"#, vec!["unexpected-type"]),
        (r#"{"SecurityGroups": 7}"#, vec!["unexpected-type"]),
        (r#"{"SecurityGroups": true, "Vpcs": "x"}"#, vec!["unexpected-type"; 2]),
        (r#"{"SecurityGroups": null}"#, vec!["unexpected-type"]),
        (r#"{"DBInstances": null, "cluster": null}"#, vec!["unexpected-type"; 2]),
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.codes(), codes, "{text}");
        assert_eq!(answer.readings[0].format, Some("aws/describe"), "{text}");
    }
}

#[test]
fn a_list_that_does_not_say_what_it_is_about_is_told() {
    for (text, subject) in [
        (r#"{"TargetHealthDescriptions": []}"#, "TargetGroupArn"),
        (r#"{"Attributes": [{"Key": "preserve_client_ip.enabled", "Value": "false"}]}"#, "TargetGroupArn"),
        (r#"{"Entries": [{"Cidr": "10.0.0.0/8"}]}"#, "PrefixListId"),
        (r#"{"portStates": [{"fromPort": 22}]}"#, "instanceName"),
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.codes(), ["missing-subject"], "{text}");
        assert!(answer.message().contains(subject), "{text}");
    }
    let merged = format!(r#"{{"Entries": [{{"Cidr": "10.0.0.0/8"}}], "SecurityGroups": [{}]}}"#, web());
    let answer = scan(&[merged]);
    answer.check(&[ADMITTED]);
    assert_eq!(answer.codes(), ["missing-subject"]);
}

/// What opens something on its own is told where nothing says that it is private.
#[test]
fn what_is_not_assessed_is_counted_and_told_if_it_may_open_something() {
    let open = |text: &str| {
        let answer = scan(&[text]);
        let coverage: Vec<(&str, u64)> =
            answer.snapshot.coverage.iter().map(|(kind, counts)| (*kind, counts.not_assessed)).collect();
        (answer.codes(), coverage)
    };
    let told = vec!["unsupported-resource"];
    assert_eq!(
        open(r#"{"FunctionUrlConfigs": [{"FunctionUrl": "u"}]}"#),
        (told.clone(), vec![("lambda-function-url", 1)])
    );
    assert_eq!(open(r#"{"FunctionUrlConfigs": []}"#), (vec![], vec![]));
    let api = |types: &str| {
        format!(r#"{{"items": [{{"id": "a", "endpointConfiguration": {{"types": {types}}}}}]}}"#)
    };
    assert_eq!(open(&api(r#"["REGIONAL"]"#)), (told.clone(), vec![("api-gateway", 1)]));
    assert_eq!(open(&api(r#"["PRIVATE"]"#)), (vec![], vec![("api-gateway", 1)]));
    assert_eq!(open(&api("7")), (told.clone(), vec![("api-gateway", 1)]));
    let broker = r#"{"ClusterInfoList": [{"BrokerNodeGroupInfo": {"ConnectivityInfo": {"PublicAccess": {"Type": "T"}}}}]}"#;
    assert_eq!(open(&broker.replace("\"T\"", "\"SERVICE_PROVIDED_EIPS\"")), (told, vec![("msk-cluster", 1)]));
    assert_eq!(open(&broker.replace("\"T\"", "\"DISABLED\"")), (vec![], vec![("msk-cluster", 1)]));
    assert_eq!(open(r#"{"TransitGateways": [{}, {}]}"#), (vec![], vec![("transit-gateway", 2)]));
    assert_eq!(open(r#"{"Buckets": [{"Name": "b"}]}"#), (vec![], vec![]));
}

#[test]
fn one_resource_of_two_accounts_stays_two() {
    let web = web();
    let other = web.replace("111122223333", "444455556666");
    let text = format!(r#"{{"SecurityGroups": [{web}, {other}]}}"#);
    let answer = scan(&[text]);
    answer.check(&[ADMITTED, ADMITTED]);
    assert_eq!(answer.codes(), [""; 0]);
}

#[test]
fn two_statements_of_one_resource_are_told_if_they_differ() {
    let text = |rules: &[&str]| format!(r#"{{"SecurityGroups": [{}]}}"#, group("sg-1", rules));
    let answer = scan(&[text(&[SSH]), text(&[SSH])]);
    answer.check(&[ADMITTED]);
    assert_eq!(answer.codes(), [""; 0]);
    assert_eq!(scan(&[text(&[SSH]), text(&[])]).codes(), ["duplicate-resource"]);
}
