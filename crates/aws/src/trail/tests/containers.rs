//! One record in everything that records come in.

use super::{heard, record};

const REQUEST: &str = r#"{"groupId": "sg-1", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}"#;

fn own() -> String {
    record("AuthorizeSecurityGroupIngress", REQUEST, r#"{"_return": true}"#)
}

fn benign() -> String {
    record("DescribeInstances", "{}", "null")
}

/// A text as JSON has it in a string.
fn quoted(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{escaped}\"")
}

#[expect(clippy::too_many_lines, reason = "a table")]
fn all() -> Vec<(&'static str, u64, String)> {
    let (own, benign) = (own(), benign());
    let records = format!(r#"{{"Records": [{benign}, {own}]}}"#);
    let event = format!(
        r#"{{"version": "0", "id": "x", "detail-type": "AWS API Call via CloudTrail", "source": "aws.ec2", "account": "1", "detail": {own}}}"#
    );
    let log_event = format!(r#"{{"id": "1", "timestamp": 1, "message": {}}}"#, quoted(&own));
    let message = format!(r#"{{"Type": "Notification", "MessageId": "m", "Message": {}}}"#, quoted(&event));
    let flat_own: String = own.lines().map(str::trim).collect();
    vec![
        ("aws/cloudtrail", 1, own.clone()),
        ("aws/cloudtrail", 2, records.clone()),
        ("aws/cloudtrail", 2, format!("[{benign}, {own}]")),
        ("aws/eventbridge", 1, event.clone()),
        ("aws/eventbridge", 2, format!(r#"[{event}, {{"source": "aws.ec2", "detail": {benign}}}]"#)),
        ("aws/sns", 1, message.clone()),
        ("aws/sns", 1, format!(r#"{{"Records": [{{"EventSource": "aws:sns", "Sns": {message}}}]}}"#)),
        (
            "aws/sqs",
            1,
            format!(
                r#"{{"Records": [{{"messageId": "m", "body": {}, "eventSource": "aws:sqs"}}]}}"#,
                quoted(&message)
            ),
        ),
        ("aws/sqs", 1, format!(r#"{{"Messages": [{{"Body": {}}}]}}"#, quoted(&event))),
        ("aws/cloudwatch-logs", 1, log_event.clone()),
        (
            "aws/cloudwatch-logs",
            1,
            format!(
                r#"{{"messageType": "DATA_MESSAGE", "owner": "1", "logGroup": "g", "logEvents": [{log_event}]}}"#
            ),
        ),
        ("aws/cloudwatch-logs", 1, format!(r#"{{"events": [{log_event}], "searchedLogStreams": []}}"#)),
        (
            "aws/cloudwatch-logs",
            1,
            format!(
                r#"{{"results": [[{{"field": "@message", "value": {}}}]], "status": "Complete"}}"#,
                quoted(&own)
            ),
        ),
        (
            "aws/cloudtrail-lake",
            1,
            format!(r#"{{"QueryResultRows": [[{{"eventJson": {}}}]]}}"#, quoted(&own)),
        ),
        (
            "aws/lookup-events",
            1,
            format!(
                r#"{{"Events": [{{"EventId": "e-1", "EventName": "AuthorizeSecurityGroupIngress", "CloudTrailEvent": {}}}]}}"#,
                quoted(&own)
            ),
        ),
        ("aws/splunk", 1, format!(r#"{{"preview": false, "result": 1, "_raw": {}}}"#, quoted(&own))),
        (
            "aws/panther",
            1,
            flat_own.replacen(
                '{',
                r#"{"p_event_time": "2026-01-10 09:12:44", "p_log_type": "AWS.CloudTrail", "#,
                1,
            ),
        ),
        (
            "aws/ocsf",
            1,
            ocsf(&format!(
                r#""api": {{"operation": "AuthorizeSecurityGroupIngress", "service": {{"name": "ec2.amazonaws.com"}}, "request": {{"uid": "r", "data": {}}}, "response": {{"data": "{{}}"}}}}"#,
                quoted(REQUEST)
            )),
        ),
        (
            "aws/ocsf",
            1,
            ocsf(
                r#""api": {"operation": "AuthorizeSecurityGroupIngress", "service": {"name": "ec2.amazonaws.com"}, "request": {"uid": "r"}, "response": null},
                   "unmapped": {"recipientAccountId": "111122223333", "requestParameters.groupId": "sg-1",
                   "requestParameters.ipPermissions.items[0].ipProtocol": "tcp", "requestParameters.ipPermissions.items[0].fromPort": "22",
                   "requestParameters.ipPermissions.items[0].toPort": "22",
                   "requestParameters.ipPermissions.items[0].ipRanges.items[0].cidrIp": "0.0.0.0/0"}"#,
            ),
        ),
        ("aws/sentinel", 1, sentinel()),
        ("aws/elastic", 1, elastic(&format!(r#""flattened": {{"request_parameters": {REQUEST}}}"#), "")),
        ("aws/elastic", 1, elastic("", &format!(r#""original": {},"#, quoted(&own)))),
        (
            "aws/opensearch",
            1,
            format!(
                r#"{{"@timestamp": "2026-01-10T09:12:44.000Z", "event": {{"result": "ACCEPT", "name": "cloud_trail", "domain": "cloudtrail"}},
                    "cloud": {{"provider": "aws"}}, "aws": {{"cloudtrail": {own}}}}}"#
            ),
        ),
        (
            "aws/elastic",
            1,
            format!(
                r#"{{"_index": "i", "_source": {}}}"#,
                elastic("", &format!(r#""original": {},"#, quoted(&own)))
            ),
        ),
    ]
}

fn ocsf(inner: &str) -> String {
    format!(
        r#"{{"activity_id": 1, "class_uid": 6003, "class_name": "API Activity", "time": 1768036364000, "status": "Success", "status_id": 1,
            "metadata": {{"product": {{"name": "CloudTrail", "vendor_name": "AWS"}}, "uid": "e-1", "version": "1.1.0"}},
            "cloud": {{"provider": "AWS", "region": "eu-west-1", "account": {{"uid": "111122223333"}}}},
            "actor": {{"user": {{"type": "AssumedRole", "uid": "arn:aws:sts::111122223333:assumed-role/net/ana", "uid_alt": "AROAEXAMPLE:ana"}},
                "session": {{"issuer": "arn:aws:iam::111122223333:role/net"}}}},
            "src_endpoint": {{"ip": "198.51.100.7"}}, "http_request": {{"user_agent": "aws-cli/2"}}, {inner}}}"#
    )
}

fn sentinel() -> String {
    format!(
        r#"{{"TenantId": "t", "TimeGenerated": "2026-01-10T09:12:44Z", "AwsEventId": "e-1", "EventName": "AuthorizeSecurityGroupIngress",
            "EventSource": "ec2.amazonaws.com", "EventTypeName": "AwsApiCall", "AWSRegion": "eu-west-1", "RecipientAccountId": "111122223333",
            "SourceIpAddress": "198.51.100.7", "UserAgent": "aws-cli/2", "ErrorCode": "", "UserIdentityType": "AssumedRole",
            "UserIdentityArn": "arn:aws:sts::111122223333:assumed-role/net/ana", "ResponseElements": "null",
            "RequestParameters": {}, "Type": "AWSCloudTrail"}}"#,
        quoted(REQUEST)
    )
}

fn elastic(own: &str, original: &str) -> String {
    let own = if own.is_empty() { String::new() } else { format!("{own},") };
    format!(
        r#"{{"@timestamp": "2026-01-10T09:12:44.000Z", "event": {{"action": "AuthorizeSecurityGroupIngress", "provider": "ec2.amazonaws.com",
            {original} "id": "e-1", "outcome": "success"}}, "cloud": {{"region": "eu-west-1", "account": {{"id": "111122223333"}}}},
            "source": {{"ip": "198.51.100.7", "address": "198.51.100.7"}}, "user_agent": {{"original": "aws-cli/2"}},
            "aws": {{"cloudtrail": {{{own} "request_parameters": "{{groupId=sg-1}}", "recipient_account_id": "111122223333",
                "user_identity": {{"type": "AssumedRole", "arn": "arn:aws:sts::111122223333:assumed-role/net/ana"}}}}}}}}"#
    )
}

/// The same event, whatever it comes in.
#[test]
fn one_record_is_one_event_in_every_container() {
    let plain = heard(&own()).events.remove(0);
    for (format, records, text) in all() {
        let heard = heard(&text);
        assert_eq!((heard.format, heard.records), (Some(format), records), "{text}");
        assert_eq!(heard.gaps, [], "{text}");
        let [event] = heard.events.as_slice() else { panic!("{} events of {text}", heard.events.len()) };
        let mut event = event.clone();
        event.place = plain.place;
        assert_eq!(event, plain, "{text}");
    }
}

/// What lies beside logs is known, and holds nothing.
#[test]
fn digests_and_insights_are_no_records() {
    let digest = r#"{"awsAccountId": "1", "digestStartTime": "2026-01-10T09:00:00Z", "digestS3Bucket": "b", "digestS3Object": "o", "logFiles": []}"#;
    let insight = r#"{"eventVersion": "1.07", "eventTime": "2026-01-10T09:00:00Z", "awsRegion": "eu-west-1", "eventID": "i-1",
        "eventType": "AwsCloudTrailInsight", "recipientAccountId": "1", "sharedEventID": "s", "eventCategory": "Insight",
        "insightDetails": {"state": "Start", "eventSource": "ec2.amazonaws.com", "eventName": "AuthorizeSecurityGroupIngress", "insightType": "ApiCallRateInsight"}}"#;
    let records = format!(r#"{{"Records": [{insight}]}}"#);
    for (text, format) in [
        (digest, "aws/cloudtrail-digest"),
        (insight, "aws/cloudtrail-insight"),
        (&records, "aws/cloudtrail-insight"),
    ] {
        let heard = heard(text);
        assert_eq!((heard.format, heard.records, heard.events.len()), (Some(format), 0, 0), "{text}");
        assert_eq!(heard.gaps, []);
    }
}

/// Others have records, events and messages too.
#[test]
fn what_is_no_log_of_aws_is_nobodys() {
    for text in [
        r#"{"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {}}]}"#,
        r#"{"Records": []}"#,
        r#"{"records": [{"operationName": "MICROSOFT.NETWORK/NETWORKSECURITYGROUPS/WRITE", "properties": {"message": "{\"a\": 1}"}}]}"#,
        r#"{"protoPayload": {"methodName": "v1.compute.firewalls.insert"}, "event": {"id": "1"}}"#,
        r#"{"message": {"data": "e30="}}"#,
        r#"{"Type": "Notification", "Message": "{\"s3Bucket\": \"b\", \"s3ObjectKey\": [\"k\"]}"}"#,
        r#"{"class_uid": 6003, "metadata": {"product": {"name": "Amazon EKS"}}, "api": {"operation": "create", "service": {"name": "x"}}}"#,
        "[]",
        "7",
        "\"text\"",
        "",
        "{",
    ] {
        let heard = heard(text);
        assert_eq!((heard.format, heard.records, heard.events.len()), (None, 0, 0), "{text}");
    }
}

/// A bus carries what anybody puts there: only AWS says what was called.
#[test]
fn events_of_a_bus_that_aws_did_not_send_are_claims() {
    let claimed = format!(
        r#"{{"detail-type": "AWS API Call via CloudTrail", "source": "my.app", "detail": {}}}"#,
        own()
    );
    let heard = heard(&claimed);
    assert_eq!((heard.format, heard.records, heard.events.len()), (None, 0, 0));
    let heard = super::heard(&format!("[{}, {claimed}]", own()));
    assert_eq!((heard.format, heard.records, heard.events.len()), (Some("aws/cloudtrail"), 1, 1));
}

/// A request may carry a text that looks like a record: nothing inside a record is one.
#[test]
fn nothing_inside_a_record_is_a_record() {
    let inside = format!(r#"{{"message": {}, "Records": [{}], "detail": {}}}"#, quoted(&own()), own(), own());
    let text = record("PutObject", &inside, "null");
    let heard = heard(&text);
    assert_eq!((heard.records, heard.events.len()), (1, 0));
    let carried = ocsf(&format!(
        r#""api": {{"operation": "PutObject", "service": {{"name": "s3.amazonaws.com"}}, "request": {{"uid": "r", "data": {{"message": {}}}}}}}"#,
        quoted(&own())
    ));
    assert_eq!(super::heard(&carried).events.len(), 0);
}

#[test]
fn what_is_packed_is_told() {
    let heard = heard(r#"{"awslogs": {"data": "H4sIAAAAAAAAA6tWKkktLlGyUlAqS8wpTQUAGlz1LgwAAAA="}}"#);
    assert_eq!(heard.format, Some("aws/cloudwatch-logs"));
    assert_eq!(heard.gaps.iter().map(|gap| gap.code).collect::<Vec<_>>(), ["packed-log"]);
}

/// What stands before the end of a file that breaks off is judged.
#[test]
fn a_broken_file_is_judged_up_to_the_break() {
    let whole = format!(r#"{{"Records": [{}, {}"#, own(), own().replace("e-1", "e-2"));
    let cut = &whole[..whole.len() - 40];
    let heard = heard(cut);
    assert_eq!(heard.events.iter().map(|event| &*event.id).collect::<Vec<_>>(), ["e-1"]);
    assert_eq!(heard.gaps.iter().map(|gap| gap.code).collect::<Vec<_>>(), ["malformed-json"]);
}

/// Keys that are spelled with escapes are keys.
#[test]
fn escapes_hide_nothing() {
    let hidden = own().replace("eventVersion", "event\\u0056ersion").replace("eventName", "event\\u004eame");
    let heard = heard(&hidden);
    assert_eq!((heard.records, heard.events.len()), (1, 1));
    let records = format!(r#"{{"\u0052ecords": [{hidden}]}}"#);
    assert_eq!(super::heard(&records).events.len(), 1);
    let name = own().replace("AuthorizeSecurityGroupIngress", "Authorize\\u0053ecurityGroupIngress");
    assert_eq!(super::heard(&name).events.len(), 1);
}

/// Rows of a query that name their columns once.
#[test]
fn tables_of_log_analytics_are_rows() {
    let text = format!(
        r#"{{"tables": [{{"name": "PrimaryResult", "columns": [{{"name": "TimeGenerated", "type": "datetime"}}, {{"name": "AwsEventId", "type": "string"}},
            {{"name": "EventName", "type": "string"}}, {{"name": "EventSource", "type": "string"}}, {{"name": "RequestParameters", "type": "string"}}],
            "rows": [["2026-01-10T09:12:44Z", "e-1", "AuthorizeSecurityGroupIngress", "ec2.amazonaws.com", {}]]}}]}}"#,
        quoted(REQUEST)
    );
    let heard = heard(&text);
    assert_eq!((heard.format, heard.records, heard.events.len()), (Some("aws/sentinel"), 1, 1));
}

/// A row whose body was cut to the length of its column.
#[test]
fn a_body_that_is_no_json_is_told() {
    let text = sentinel().replacen("RequestParameters\": \"{", "RequestParameters\": \"...{", 1);
    let heard = heard(&text);
    let codes: Vec<&str> = heard.gaps.iter().map(|gap| gap.code).collect();
    assert!(codes.contains(&"cut-body"), "{codes:?}");
}

/// However a text breaks off or is garbled, it is heard without a panic, and nothing is heard that was not there.
#[test]
fn no_damage_is_a_panic() {
    for (_, _, text) in all() {
        for end in (0..text.len()).step_by(29) {
            assert!(heard(text.get(..end).unwrap_or_default()).events.len() <= 1);
        }
        for at in (0..text.len()).step_by(61) {
            let garbled: String =
                text.char_indices().map(|(own, c)| if own == at { '7' } else { c }).collect();
            assert!(heard(&garbled).events.len() <= 1, "{garbled}");
        }
    }
}
