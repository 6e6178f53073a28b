//! One entry in every container is one event.

use cloud::audit::{Bears, Event, Outcome};

use crate::bench::{entry, hear};

const PATH: &str = "projects/tailspin/global/firewalls/allow-db";

fn log_entry() -> String {
    entry("v1.compute.firewalls.patch", PATH, PAYLOAD)
}

const PAYLOAD: &str = r#""request": {"@type": "type.googleapis.com/compute.firewalls.patch", "sourceRanges": ["0.0.0.0/0"]},
    "resourceOriginalState": {"network": "projects/tailspin/global/networks/prod", "priority": "900",
        "alloweds": [{"IPProtocol": "tcp", "ports": ["5432"]}], "sourceRanges": ["10.0.0.0/8"], "direction": "INGRESS"}"#;

/// What an event says but for where it stands.
fn told(event: &Event) -> (String, Option<i64>, String, String, String, Outcome, Bears) {
    let at = event.at.map(|at| at.0);
    let strings = (
        event.id.to_string(),
        event.actor.name.to_string(),
        event.operation.to_string(),
        event.edited.to_string(),
    );
    (strings.0, at, strings.1, strings.2, strings.3, event.outcome, event.bears.clone())
}

fn base64(text: &str) -> String {
    const FIGURES: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let of = |group: &[u8]| {
        let bits = (0..3)
            .fold(0_u32, |bits, position| bits << 8 | u32::from(group.get(position).copied().unwrap_or(0)));
        let figure = |position: usize| match position <= group.len() {
            true => char::from(FIGURES[(bits >> (18 - 6 * position) & 63) as usize]),
            false => '=',
        };
        (0..4).map(figure).collect::<String>()
    };
    text.as_bytes().chunks(3).map(of).collect()
}

/// A text as a JSON string.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"))
}

#[test]
fn containers_give_equal_events() {
    let entry = log_entry();
    let expected = hear(&entry);
    assert_eq!((expected.events.len(), expected.records, expected.gaps.len()), (1, 1, 0));
    let data = base64(&entry);
    let message = format!(
        r#"{{"data": "{data}", "messageId": "1", "attributes": {{"logging.googleapis.com/timestamp": "x"}}}}"#
    );
    let panther = entry
        .replace("\"protoPayload\"", "\"protopayload\"")
        .replace("insertId", "insertid")
        .replace("\"@type\"", "\"at_sign_type\"");
    for text in [
        format!("[{entry}]"),
        format!("{{\"entries\": [{entry}]}}"),
        // Pub/Sub, pushed and pulled, by the API and by the command line; a function's event.
        format!(r#"{{"message": {message}, "subscription": "projects/tailspin/subscriptions/s"}}"#),
        format!(r#"{{"receivedMessages": [{{"ackId": "a", "message": {message}}}]}}"#),
        format!(r#"[{{"ackId": "a", "message": {message}}}]"#),
        format!(r#"{{"@type": "type.googleapis.com/google.pubsub.v1.PubsubMessage", "data": "{data}"}}"#),
        // Eventarc.
        format!(
            r#"{{"specversion": "1.0", "type": "google.cloud.audit.log.v1.written", "id": "x", "data": {entry}}}"#
        ),
        format!(r#"{{"type": "google.cloud.audit.log.v1.written", "data_base64": "{data}"}}"#),
        // Splunk, Elastic, and whoever keeps what was sent.
        format!(r#"{{"result": {{"data": {entry}}}}}"#),
        format!(r#"{{"_raw": {}}}"#, quoted(&entry)),
        format!(r#"{{"_source": {{"event": {{"original": {}}}}}}}"#, quoted(&entry)),
        panther,
    ] {
        let heard = hear(&text);
        assert_eq!((heard.format, heard.records), (Some("gcp/audit"), 1), "{text}");
        let events: Vec<_> = heard.events.iter().map(told).collect();
        assert_eq!(events, [told(&expected.events[0])], "{text}");
    }
    // Where an entry stands in a list, its event says so.
    let heard = hear(&format!("[{entry},\n{entry}]"));
    assert_eq!((heard.events[0].place.offset, heard.events[1].place.offset), (1, entry.len() as u64 + 3));
}

#[test]
fn rows_of_tables_give_equal_events() {
    let expected = hear(&log_entry()).events.remove(0);
    let payload = format!("{{{PAYLOAD}}}");
    let Some(cloud::json::Tree::Object(parts)) = cloud::json::tree_in(&payload) else { panic!() };
    let part = |key: &str| -> String {
        let start = payload.find(&format!("\"{key}\"")).unwrap();
        let brace = start + payload[start..].find('{').unwrap();
        let mut depth = 0;
        let end = payload[brace..].find(|letter| {
            depth += i32::from(letter == '{') - i32::from(letter == '}');
            depth == 0
        });
        payload[brace..=brace + end.unwrap()].to_owned()
    };
    assert!(parts.own("request").is_some());
    let (request, original) = (part("request"), part("resourceOriginalState"));
    let identity = r#"{"principalEmail": "ana@tailspin.example"}"#;
    let sentinel = format!(
        r#"{{"TenantId": "t", "TimeGenerated [UTC]": "3/1/2026, 10:00:00.500 AM", "InsertId": "-k1x", "ProjectId": "tailspin",
            "PrincipalEmail": "ana@tailspin.example", "MethodName": "v1.compute.firewalls.patch", "ServiceName": "compute.googleapis.com",
            "GCPResourceName": "{PATH}", "GCPResourceType": "gce_firewall_rule", "Severity": "NOTICE", "Status": "", "Response": "",
            "Request": {}, "ResourceOriginalState": {}, "RequestMetadata": {}, "Type": "GCPAuditLogs"}}"#,
        quoted(&request),
        quoted(&original),
        quoted(r#"{"callerIp": "203.0.113.7"}"#),
    );
    let bigquery = format!(
        r#"{{"logName": "projects/tailspin/logs/cloudaudit.googleapis.com%2Factivity", "insertId": "-k1x",
            "timestamp": "2026-03-01 10:00:00.500000 UTC", "severity": "NOTICE",
            "resource": {{"type": "gce_firewall_rule", "labels": {{"project_id": "tailspin"}}}},
            "protopayload_auditlog": {{"serviceName": "compute.googleapis.com", "methodName": "v1.compute.firewalls.patch",
                "resourceName": "{PATH}", "authenticationInfo": {identity}, "requestMetadata": {{"callerIp": "203.0.113.7"}},
                "requestJson": {}, "resourceOriginalStateJson": {}}}}}"#,
        quoted(&request),
        quoted(&original),
    );
    let analytics = format!(
        r#"{{"log_name": "projects/tailspin/logs/cloudaudit.googleapis.com%2Factivity", "insert_id": "-k1x",
            "timestamp": "2026-03-01 10:00:00.5 UTC", "proto_payload": {{"type": "t", "audit_log": {{"service_name": "compute.googleapis.com",
            "method_name": "v1.compute.firewalls.patch", "resource_name": "{PATH}", "authentication_info": {{"principal_email": "ana@tailspin.example"}},
            "request": {request}, "resource_original_state": {original}}}}}}}"#,
    );
    let elastic = format!(
        r#"{{"@timestamp": "2026-03-01T10:00:00.500Z", "event": {{"id": "-k1x", "action": "v1.compute.firewalls.patch"}}, "logName": "projects/tailspin/logs/x",
            "client": {{"user": {{"email": "ana@tailspin.example"}}}}, "gcp": {{"audit": {{"service_name": "compute.googleapis.com",
            "resource_name": "{PATH}", "request": {request}, "resource_original_state": {original}}}}}}}"#,
    );
    for text in [sentinel, bigquery, analytics, elastic] {
        let heard = hear(&text);
        assert_eq!((heard.format, heard.records, heard.gaps.len()), (Some("gcp/audit"), 1, 0), "{text}");
        assert_eq!(heard.events.iter().map(told).collect::<Vec<_>>(), [told(&expected)], "{text}");
    }
}

#[test]
fn what_is_no_audit_log_of_google_is_not_recognised() {
    for text in [
        r#"{"eventName": "AuthorizeSecurityGroupIngress", "eventSource": "ec2.amazonaws.com"}"#,
        r#"{"operationName": "Microsoft.Network/networkSecurityGroups/write"}"#,
        r#"{"message": "hello"}"#,
        r#"{"data": "aGVsbG8="}"#,
        r#"{"kind": "compute#firewall", "name": "x"}"#,
        "[1, 2]",
        "7",
    ] {
        assert_eq!(hear(text).format, None, "{text}");
    }
    // An entry of another log of Google is one, and says nothing.
    let other = r#"{"logName": "projects/p/logs/requests", "insertId": "1", "timestamp": "2026-01-01T00:00:00Z", "httpRequest": {}}"#;
    let heard = hear(other);
    assert_eq!((heard.format, heard.records, heard.events.len()), (Some("gcp/audit"), 1, 0));
}
