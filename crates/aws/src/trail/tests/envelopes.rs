//! What records say around their requests: ids, times, actors, keys given twice.

use cloud::audit::Bears;
use model::Moment;

use super::{heard, record, told};

const REQUEST: &str = r#"{"groupId": "sg-1"}"#;

fn with(from: &str, to: &str) -> cloud::audit::Event {
    let text = record("DeleteSecurityGroup", REQUEST, "null");
    assert!(text.contains(from), "{from}");
    let mut heard = heard(&text.replace(from, to));
    heard.events.remove(0)
}

#[test]
fn an_event_says_who_when_and_where() {
    let event = with("e-1", "e-2");
    assert_eq!(&*event.id, "e-2");
    assert_eq!(event.at, Moment::of("2026-01-10T09:12:44Z"));
    assert_eq!(event.scope.as_deref(), Some("111122223333"));
    assert_eq!(&*event.actor.name, "arn:aws:sts::111122223333:assumed-role/net/ana");
    assert_eq!(event.actor.address.as_deref(), Some("198.51.100.7"));
    assert_eq!(event.actor.client.as_deref(), Some("aws-cli/2"));
    assert_eq!(event.joined_by, None);
    let Bears::Edits(edits) = &event.bears else { panic!("{event:?}") };
    assert_eq!(edits[0].scope.as_deref(), Some("111122223333"));
    assert_eq!(edits[0].region.as_deref(), Some("eu-west-1"));
    // The place of a record is a byte inside it.
    let text = record("DeleteSecurityGroup", REQUEST, "null");
    let many = format!(r#"{{"Records": [{}, {text}]}}"#, record("DescribeVpcs", "null", "null"));
    let heard = heard(&many);
    let offset = usize::try_from(heard.events[0].place.offset).unwrap();
    assert!(many[offset..].starts_with("eventVersion"));
    assert_eq!(many[..offset].matches("eventVersion").count(), 1);
}

#[test]
fn absurd_and_missing_times_are_none() {
    for time in ["1970-01-01T00:00:00Z", "9999-01-01T00:00:00Z", "soon", ""] {
        assert_eq!(with("2026-01-10T09:12:44Z", time).at, None, "{time}");
    }
}

#[test]
fn every_identity_has_a_name() {
    let whole = record("DeleteSecurityGroup", REQUEST, "null");
    let start = whole.find(r#"{"type": "AssumedRole""#).unwrap();
    let end = whole.find(r#""eventTime""#).unwrap();
    let before = whole[start..end].trim_end().trim_end_matches(',').to_owned();
    for (identity, expected) in [
        (r#"{"type": "Root", "arn": "arn:aws:iam::1:root", "accountId": "1"}"#, "arn:aws:iam::1:root"),
        (
            r#"{"type": "IAMUser", "arn": "arn:aws:iam::1:user/ana", "userName": "ana"}"#,
            "arn:aws:iam::1:user/ana",
        ),
        (r#"{"type": "AWSService", "invokedBy": "autoscaling.amazonaws.com"}"#, "autoscaling.amazonaws.com"),
        (
            r#"{"type": "AWSAccount", "principalId": "AIDA1:x", "accountId": "444455556666"}"#,
            "444455556666/AIDA1:x",
        ),
        (
            r#"{"type": "SAMLUser", "principalId": "p:ana", "userName": "ana", "identityProvider": "idp"}"#,
            "idp/ana",
        ),
        (
            r#"{"type": "WebIdentityUser", "userName": "ana", "sessionContext": {"webIdFederationData": {"federatedProvider": "accounts.example"}}}"#,
            "accounts.example/ana",
        ),
        (
            r#"{"type": "IdentityCenterUser", "onBehalfOf": {"userId": "u-1"}, "accountId": "1"}"#,
            "identity-center/u-1",
        ),
        (
            r#"{"type": "AssumedRole", "sessionContext": {"sessionIssuer": {"arn": "arn:aws:iam::1:role/r"}}}"#,
            "arn:aws:iam::1:role/r",
        ),
        ("null", "unknown"),
    ] {
        assert_eq!(&*with(&before, identity).actor.name, expected);
    }
}

/// Without an id the same content is the same event, other content another.
#[test]
fn an_id_is_made_of_what_a_record_says() {
    let of = |request: &str| {
        let text = record("DeleteSecurityGroup", request, "null").replace(r#""eventID": "e-1", "#, "");
        let heard = heard(&text);
        assert_eq!(heard.gaps.iter().map(|gap| gap.code).collect::<Vec<_>>(), ["missing-field"]);
        heard.events[0].id.to_string()
    };
    assert_eq!(of(REQUEST), of(REQUEST));
    assert_ne!(of(REQUEST), of(r#"{"groupId": "sg-2"}"#));
    assert!(of(REQUEST).starts_with("made-"));
}

/// Neither reading hides the other: what one lets in is let in, what only one takes away stays.
#[test]
fn keys_that_are_there_twice_are_read_both_ways() {
    let permission = |cidrs: &str| {
        format!(
            r#"{{"groupId": "sg-1", "ipPermissions": {{"items": [{{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, {cidrs}}}]}}}}"#
        )
    };
    let both = permission(
        r#""ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipRanges": {"items": [{"cidrIp": "192.0.2.1/32"}]}"#,
    );
    let lines = told(&record("AuthorizeSecurityGroupIngress", &both, "null"));
    assert_eq!(lines.len(), 4, "{lines:?}");
    assert!(lines[1].contains("0.0.0.0/0") && lines[2].contains("192.0.2.1/32"), "{lines:?}");
    assert_eq!(lines[3], "gap duplicate-key");
    let lines = told(&record("RevokeSecurityGroupIngress", &both, "null"));
    assert_eq!(lines, ["done RevokeSecurityGroupIngress sg-1", "gap duplicate-key"]);
    // The same value twice says nothing twice.
    let same = permission(
        r#""ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}"#,
    );
    assert_eq!(told(&record("AuthorizeSecurityGroupIngress", &same, "null")).len(), 2);
    // A wrapped list of tags has a number and a key that differ in letter case only.
    let tags = r#"{"groupId": "sg-1", "TagSpecification": {"tag": 1, "Tag": [{"Value": "x", "tag": 1, "Key": "k"}]}}"#;
    assert_eq!(told(&record("DeleteSecurityGroup", tags, "null")).len(), 2);
    // A read that is a write as well, a failure that is none.
    let text = record("DescribeVpcs", REQUEST, "null")
        .replace(r#""requestID""#, r#""eventName": "DeleteSecurityGroup", "requestID""#);
    assert_eq!(
        told(&text),
        ["done DeleteSecurityGroup sg-1", "security-group sg-1: drop", "gap duplicate-key"]
    );
    let text = record("DeleteSecurityGroup", REQUEST, "null")
        .replace(r#""requestID""#, r#""errorCode": "AccessDenied", "errorCode": null, "requestID""#);
    assert_eq!(
        told(&text),
        [
            "denied DeleteSecurityGroup sg-1",
            "security-group sg-1: drop",
            "done DeleteSecurityGroup sg-1",
            "security-group sg-1: drop",
            "gap duplicate-key"
        ]
    );
}

#[test]
fn what_aws_did_not_do_failed() {
    let text = record("DeleteSecurityGroup", REQUEST, r#"{"requestId": "r", "_return": false}"#);
    assert_eq!(told(&text)[0], "failed DeleteSecurityGroup sg-1");
}
