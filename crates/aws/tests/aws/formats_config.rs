//! What AWS Config stores: snapshots, histories, notifications, queries. The same group as the API tells it, or as gone.

use crate::estate::{group, scan};

const SSH: &str = "tcp 22 0.0.0.0/0";
const ADMITTED: &str = "sg-1-name admitted tcp/22 any 3702258432 / -";

/// The configuration of a group in the letters of Config, with addresses as texts beside objects.
fn configuration(rules: &[&str]) -> String {
    let mut text = group("sg-1", rules);
    for key in [
        "GroupId",
        "GroupName",
        "Description",
        "OwnerId",
        "VpcId",
        "IpPermissionsEgress",
        "IpPermissions",
        "IpProtocol",
        "FromPort",
        "ToPort",
        "Ipv6Ranges",
        "PrefixListIds",
        "UserIdGroupPairs",
        "CidrIpv6",
        "CidrIp",
    ] {
        let (first, rest) = key.split_at(1);
        text = text.replace(&format!("\"{key}\""), &format!("\"{}{rest}\"", first.to_lowercase()));
    }
    text.replace(
        r#""IpRanges": [{"cidrIp": "0.0.0.0/0"}]"#,
        r#""ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}], "ipRanges": ["0.0.0.0/0"]"#,
    )
    .replace(r#""IpRanges": []"#, r#""ipv4Ranges": [], "ipRanges": []"#)
}

/// An item with a configuration as it stands in the JSON.
fn item(configuration: &str, status: &str, captured: &str) -> String {
    format!(
        r#"{{"relatedEvents": [], "relationships": [], "configuration": {configuration}, "supplementaryConfiguration": {{}}, "tags": {{"Name": "web"}}, "configurationItemVersion": "1.2", "configurationItemCaptureTime": "{captured}", "awsAccountId": "111122223333", "configurationItemStatus": "{status}", "resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1", "resourceName": "sg-1-name", "ARN": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1", "awsRegion": "eu-west-1"}}"#
    )
}

fn open_item() -> String {
    item(&configuration(&[SSH]), "OK", "2026-01-02T00:00:00.000Z")
}

fn text_of(json: &str) -> String {
    serde_json::to_string(json).unwrap()
}

#[test]
fn every_form_of_config_tells_the_group_of_the_api() {
    let one = open_item();
    let of_text = item(&text_of(&configuration(&[SSH])), "ResourceDiscovered", "2026-01-02T00:00:00+00:00");
    let base = of_text.replace("awsAccountId", "accountId").replace("\"ARN\"", "\"arn\"");
    let notice = format!(
        r#"{{"configurationItemDiff": null, "configurationItem": {one}, "messageType": "ConfigurationItemChangeNotification"}}"#
    );
    for text in [
        format!(r#"{{"fileVersion": "1.0", "configSnapshotId": "x", "configurationItems": [{one}]}}"#),
        format!(r#"{{"configurationItems": [{of_text}], "nextToken": ""}}"#),
        format!(r#"{{"baseConfigurationItems": [{base}], "unprocessedResourceKeys": []}}"#),
        format!(r#"{{"ConfigurationItem": {of_text}}}"#),
        one.clone(),
        format!("[{one}]"),
        notice.clone(),
        format!(r#"{{"Type": "Notification", "MessageId": "m", "Message": {}}}"#, text_of(&notice)),
        format!(r#"{{"version": "1.0", "invokingEvent": {}, "accountId": "1"}}"#, text_of(&notice)),
        format!(
            r#"{{"version": "0", "detail-type": "Config Configuration Item Change", "detail": {notice}}}"#
        ),
        format!(
            r#"[{{"version": "0", "detail-type": "Config Configuration Item Change", "detail": {notice}}}]"#
        ),
    ] {
        let answer = scan(&[text.as_str()]);
        assert_eq!(answer.codes(), [""; 0], "{text}");
        answer.check(&[ADMITTED]);
        assert_eq!(answer.readings[0].format, Some("aws/config"), "{text}");
        let target = &answer.snapshot.targets[0];
        assert_eq!((&*target.id, target.scope.as_deref()), ("sg-1", Some("111122223333")), "{text}");
    }
}

#[test]
fn rows_of_a_query_tell_what_their_columns_have() {
    let configuration = configuration(&[SSH]);
    let rules = r#"[{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": ["0.0.0.0/0"], "ipv6Ranges": []}]"#;
    let whole = format!(
        r#"{{"resourceId": "sg-1", "resourceType": "AWS::EC2::SecurityGroup", "accountId": "111122223333", "awsRegion": "eu-west-1", "configuration": {configuration}}}"#
    );
    let some = format!(
        r#"{{"resourceId": "sg-1", "resourceType": "AWS::EC2::SecurityGroup", "configuration": {{"groupName": "sg-1-name", "ipPermissions": {rules}}}}}"#
    );
    let flat = format!(
        r#"{{"resourceId": "sg-1", "resourceType": "AWS::EC2::SecurityGroup", "configuration.groupName": "sg-1-name", "configuration.ipPermissions": {rules}}}"#
    );
    let flat_text = format!(
        r#"{{"resourceId": "sg-1", "resourceType": "AWS::EC2::SecurityGroup", "configuration.groupName": "sg-1-name", "configuration.ipPermissions": {}}}"#,
        text_of(rules)
    );
    let untyped = format!(r#"{{"configuration": {configuration}}}"#);
    for row in [&whole, &some, &flat, &flat_text, &untyped] {
        for row in [text_of(row), row.clone()] {
            let text = format!(
                r#"{{"Results": [{row}], "QueryInfo": {{"SelectFields": [{{"Name": "resourceId"}}]}}}}"#
            );
            let answer = scan(&[text.as_str()]);
            assert_eq!(answer.codes(), [""; 0], "{text}");
            assert_eq!(answer.exposures(), [ADMITTED], "{text}");
            assert_eq!(answer.readings[0].format, Some("aws/config-query"), "{text}");
        }
    }
    let page = format!(r#"{{"Results": [{}], "NextToken": "t"}}"#, text_of(&whole));
    assert_eq!(scan(&[page]).codes(), ["truncated-page"]);
}

#[test]
fn a_row_that_says_too_little_is_told() {
    for (row, code) in [
        (
            r#"{"resourceId": "sg-1", "resourceType": "AWS::EC2::SecurityGroup"}"#,
            "resource-without-properties",
        ),
        (r#"{"resourceId": "sg-1", "configuration": {}}"#, "resource-without-properties"),
        (
            r#"{"resourceId": "sg-1", "resourceType": "AWS::EC2::SecurityGroup", "configuration": 7}"#,
            "resource-without-properties",
        ),
        (
            r#"{"resourceId": "sg-1", "resourceType": "AWS::EC2::SecurityGroup", "configuration": "{"}"#,
            "resource-without-properties",
        ),
    ] {
        let text = format!(r#"{{"Results": [{}]}}"#, text_of(row));
        let answer = scan(&[text.as_str()]);
        assert_eq!((answer.codes(), answer.readings[0].resources), (vec![code], 0), "{text}");
    }
}

/// What only the count of a query has is no resource, and nothing of other services is.
#[test]
fn results_of_others_are_theirs() {
    for text in
        [r#"{"Results": ["{\"COUNT(*)\": 7}"]}"#, r#"{"Results": [{"Id": "x"}]}"#, r#"{"Results": 7}"#]
    {
        assert_eq!(scan(&[text]).readings[0].format, None, "{text}");
    }
}

#[test]
fn of_several_items_the_latest_counts_in_any_order() {
    let old = item(&configuration(&[SSH]), "OK", "2026-01-01T00:00:00.000Z");
    let new = item(&configuration(&[]), "OK", "2026-01-02T00:00:00.000Z");
    let gone = item("null", "ResourceDeleted", "2026-01-03T00:00:00.000Z");
    let back = item(&configuration(&[SSH]), "ResourceDiscovered", "2026-01-04T00:00:00.000Z");
    let history = |items: &[&str]| format!(r#"{{"configurationItems": [{}]}}"#, items.join(","));
    for (items, expected) in [
        (vec![&old, &new], vec![]),
        (vec![&old, &new, &gone], vec![]),
        (vec![&old, &gone], vec![]),
        (vec![&old, &new, &gone, &back], vec![ADMITTED]),
    ] {
        let mut items: Vec<&str> = items.into_iter().map(String::as_str).collect();
        for _ in 0..items.len() {
            items.rotate_left(1);
            for documents in [vec![history(&items)], items.iter().map(|item| history(&[item])).collect()] {
                let answer = scan(&documents);
                assert_eq!(
                    (answer.exposures(), answer.codes()),
                    (expected.iter().map(ToString::to_string).collect(), vec![])
                );
                let is_there = !items.contains(&gone.as_str()) || items.contains(&back.as_str());
                assert_eq!(answer.snapshot.coverage.contains_key("security-group"), is_there);
            }
        }
    }
    // A deletion says nothing against what the API answers.
    let described = format!(r#"{{"SecurityGroups": [{}]}}"#, group("sg-1", &[SSH]));
    scan(&[described, history(&[&gone])]).check(&[ADMITTED]);
}

#[test]
fn what_config_did_not_record_is_told() {
    let summary = r#"{"configurationItemSummary": {"resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1"}, "s3DeliverySummary": {}, "messageType": "OversizedConfigurationItemChangeNotification"}"#;
    let not_recorded = format!(
        r#"{{"configurationItems": [{}]}}"#,
        item("null", "ResourceNotRecorded", "2026-01-01T00:00:00Z")
    );
    let unprocessed = r#"{"baseConfigurationItems": [], "unprocessedResourceKeys": [{"resourceType": "AWS::EC2::SecurityGroup", "resourceId": "sg-1"}]}"#;
    for text in [summary, &not_recorded, unprocessed] {
        let answer = scan(&[text]);
        assert_eq!(answer.codes(), ["resource-without-properties"], "{text}");
        assert!(answer.message().contains("sg-1"), "{text}");
    }
    assert_eq!(scan(&[r#"{"configurationItems": [7, "x"]}"#]).codes(), ["unexpected-type"; 2]);
    assert_eq!(scan(&[r#"{"configurationItems": 7}"#]).codes(), ["unexpected-type"]);
}

#[test]
fn types_that_are_not_assessed_are_counted() {
    let other = |kind: &str, configuration: &str| {
        let item = open_item()
            .replace("AWS::EC2::SecurityGroup", kind)
            .replace(&super::formats_config::configuration(&[SSH]), configuration);
        let answer = scan(&[format!(r#"{{"configurationItems": [{item}]}}"#)]);
        let counts: Vec<(&str, u64)> =
            answer.snapshot.coverage.iter().map(|(kind, counts)| (*kind, counts.not_assessed)).collect();
        (answer.codes(), counts)
    };
    assert_eq!(other("AWS::S3::Bucket", "{}"), (vec![], vec![("other", 1)]));
    assert_eq!(
        other("AWS::ApiGatewayV2::Api", "{}"),
        (vec!["unsupported-resource"], vec![("api-gateway", 1)])
    );
    assert_eq!(
        other("AWS::AmazonMQ::Broker", r#"{"PubliclyAccessible": false}"#),
        (vec![], vec![("mq-broker", 1)])
    );
    assert_eq!(other("AWS::AmazonMQ::Broker", r#"{"PubliclyAccessible": true}"#).0, ["unsupported-resource"]);
}

/// What only the item says of a resource is known: its name, its account, its id.
#[test]
fn the_item_completes_its_configuration() {
    let bare = r#"{"ipPermissions": [], "ipPermissionsEgress": [], "vpcId": "vpc-1"}"#;
    let answer = scan(&[item(bare, "OK", "2026-01-01T00:00:00Z")]);
    assert_eq!(answer.codes(), [""; 0]);
    let target = &answer.snapshot.targets[0];
    assert_eq!((&*target.id, &*target.key), ("sg-1", "111122223333/sg-1"));
}
