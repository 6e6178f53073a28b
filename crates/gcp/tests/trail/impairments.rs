//! What is done to those who watch.

use cloud::audit::{Bears, Outcome};
use model::Weakened;

use crate::bench::{entry, events, hear};

/// What an entry does to whom; `None`: nothing.
fn told(method: &str, payload: &str) -> Option<(Weakened, String, String)> {
    let all = events(&[&entry(method, "projects/tailspin/sinks/s", payload)]);
    all.iter().find_map(|event| match &event.bears {
        Bears::Impairs(told) => {
            assert_eq!(event.outcome, Outcome::Done);
            Some((told.weakened, told.kind.to_string(), told.note.clone()))
        }
        _ => None,
    })
}

fn weakened(method: &str, payload: &str) -> Option<Weakened> {
    told(method, payload).map(|(weakened, ..)| weakened)
}

#[test]
fn logs_are_deleted_narrowed_and_restored() {
    let of = |verb: &str, request: &str| {
        weakened(&format!("google.logging.v2.ConfigServiceV2.{verb}"), &format!(r#""request": {request}"#))
    };
    for (verb, request, expected) in [
        ("DeleteSink", "{}", Some(Weakened::Off)),
        ("UpdateSink", r#"{"sink": {"disabled": true}}"#, Some(Weakened::Off)),
        ("UpdateSink", r#"{"sink": {"filter": "severity>=ERROR"}}"#, Some(Weakened::Perhaps)),
        ("CreateExclusion", "{}", Some(Weakened::Less)),
        ("UpdateExclusion", r#"{"exclusion": {"disabled": true}}"#, Some(Weakened::Restored)),
        ("DeleteExclusion", "{}", Some(Weakened::Restored)),
        ("DeleteBucket", "{}", Some(Weakened::Off)),
        ("UndeleteBucket", "{}", Some(Weakened::Restored)),
        ("UpdateBucket", r#"{"bucket": {"retentionDays": 1}}"#, Some(Weakened::Perhaps)),
        ("UpdateSettings", r#"{"settings": {"disableDefaultSink": true}}"#, Some(Weakened::Less)),
        ("GetSink", "{}", None),
        ("CreateSink", "{}", None),
        ("ListBuckets", "{}", None),
    ] {
        assert_eq!(of(verb, request), expected, "{verb} {request}");
    }
    let (_, kind, note) = told(
        "google.logging.v2.ConfigServiceV2.UpdateSink",
        r#""request": {"sink": {"filter": "severity>=ERROR", "destination": "storage.googleapis.com/b"}}"#,
    )
    .unwrap();
    assert_eq!(
        (kind.as_str(), note.as_str()),
        ("log sink", "it writes to storage.googleapis.com/b now, its filter is `severity>=ERROR` now")
    );
    assert_eq!(weakened("google.logging.v2.LoggingServiceV2.DeleteLog", ""), Some(Weakened::Off));
    assert_eq!(weakened("google.logging.v2.MetricsServiceV2.DeleteLogMetric", ""), Some(Weakened::Less));
}

#[test]
fn data_access_logs_are_switched_by_a_policy() {
    let of = |deltas: &str| {
        told("SetIamPolicy", &format!(r#""request": {{}}, "serviceData": {{"policyDelta": {{{deltas}}}}}"#))
    };
    let removed =
        r#""auditConfigDeltas": [{"action": "REMOVE", "service": "allServices", "logType": "DATA_READ"}]"#;
    assert_eq!(
        of(removed),
        Some((Weakened::Off, "data access audit log".to_owned(), "DATA_READ of allServices".to_owned()))
    );
    let exempted = r#""auditConfigDeltas": [{"action": "ADD", "service": "s", "logType": "DATA_READ", "exemptedMember": "user:m"}]"#;
    assert_eq!(of(exempted).map(|(weakened, ..)| weakened), Some(Weakened::Less));
    assert_eq!(
        of(&removed.replace("REMOVE", "ADD")).map(|(weakened, ..)| weakened),
        Some(Weakened::Restored)
    );
    assert_eq!(of(r#""bindingDeltas": [{"action": "ADD", "role": "r", "member": "m"}]"#), None);
}

#[test]
fn flow_logs_are_switched_with_a_subnetwork() {
    let of = |request: &str| weakened("v1.compute.subnetworks.patch", &format!(r#""request": {request}"#));
    assert_eq!(of(r#"{"logConfig": {"enable": false}}"#), Some(Weakened::Off));
    assert_eq!(of(r#"{"logConfig": {"enable": "false"}}"#), Some(Weakened::Off));
    assert_eq!(of(r#"{"enableFlowLogs": false}"#), Some(Weakened::Off));
    assert_eq!(of(r#"{"logConfig": {"enable": true}}"#), Some(Weakened::Restored));
    assert_eq!(of(r#"{"privateIpGoogleAccess": true}"#), None);
    // One request may do both.
    let both = r#""request": {"logConfig": {"enable": false}, "stackType": "IPV4_IPV6"}"#;
    let all =
        events(&[&entry("v1.compute.subnetworks.patch", "projects/tailspin/regions/r/subnetworks/s", both)]);
    assert_eq!(all.iter().map(|event| &*event.id).collect::<Vec<_>>(), ["-k1x", "-k1x#log"]);
    let of = |method: &str| {
        weakened(
            method,
            r#""request": {"logConfig": {"enable": false}, "priority": 5, "enableLogging": false}"#,
        )
    };
    assert_eq!(of("v1.compute.firewalls.patch"), Some(Weakened::Off));
    assert_eq!(of("v1.compute.networkFirewallPolicies.patchRule"), Some(Weakened::Off));
    assert_eq!(
        weakened("v1.compute.packetMirrorings.delete", r#""response": {"status": "DONE"}"#),
        Some(Weakened::Off)
    );
}

#[test]
fn perimeters_constraints_and_detectors() {
    for (method, request, expected) in [
        (
            "google.identity.accesscontextmanager.v1.AccessContextManager.DeleteServicePerimeter",
            "{}",
            Some(Weakened::Off),
        ),
        (
            "google.identity.accesscontextmanager.v1.AccessContextManager.UpdateAccessLevel",
            "{}",
            Some(Weakened::Perhaps),
        ),
        (
            "google.identity.accesscontextmanager.v1.AccessContextManager.CreateServicePerimeter",
            "{}",
            Some(Weakened::Restored),
        ),
        ("google.identity.accesscontextmanager.v1.AccessContextManager.ListAccessLevels", "{}", None),
        (
            "google.cloud.orgpolicy.v2.OrgPolicy.DeletePolicy",
            r#"{"name": "projects/p/policies/compute.vmExternalIpAccess"}"#,
            Some(Weakened::Perhaps),
        ),
        (
            "google.cloud.orgpolicy.v2.OrgPolicy.UpdatePolicy",
            r#"{"policy": {"name": "projects/p/policies/sql.restrictPublicIp", "spec": {"rules": [{"enforce": false}]}}}"#,
            Some(Weakened::Off),
        ),
        (
            "google.cloud.orgpolicy.v2.OrgPolicy.UpdatePolicy",
            r#"{"policy": {"spec": {"rules": [{"enforce": true}]}}}"#,
            Some(Weakened::Restored),
        ),
        (
            "SetOrgPolicy",
            r#"{"policy": {"constraint": "constraints/sql.restrictPublicIp", "booleanPolicy": {}}}"#,
            Some(Weakened::Off),
        ),
        ("google.cloud.securitycenter.v1.SecurityCenter.CreateMuteConfig", "{}", Some(Weakened::Less)),
        (
            "google.cloud.securitycenter.v1.SecurityCenter.SetMute",
            r#"{"mute": "UNMUTED"}"#,
            Some(Weakened::Restored),
        ),
        (
            "google.cloud.securitycenter.settings.v1beta1.SecurityCenterSettingsService.UpdateEventThreatDetectionSettings",
            r#"{"eventThreatDetectionSettings": {"serviceEnablementState": "DISABLED"}}"#,
            Some(Weakened::Off),
        ),
        (
            "google.cloud.securitycentermanagement.v1.SecurityCenterManagement.UpdateSecurityCenterService",
            r#"{"securityCenterService": {"intendedEnablementState": "ENABLED"}}"#,
            Some(Weakened::Restored),
        ),
        (
            "google.api.serviceusage.v1.ServiceUsage.DisableService",
            r#"{"name": "projects/p/services/securitycenter.googleapis.com"}"#,
            Some(Weakened::Off),
        ),
        (
            "google.api.serviceusage.v1.ServiceUsage.DisableService",
            r#"{"name": "projects/p/services/maps.googleapis.com"}"#,
            None,
        ),
        ("google.cloud.ids.v1.IDS.DeleteEndpoint", "{}", Some(Weakened::Off)),
    ] {
        assert_eq!(weakened(method, &format!(r#""request": {request}"#)), expected, "{method} {request}");
    }
    let (_, _, note) = told("google.cloud.orgpolicy.v2.OrgPolicy.UpdatePolicy",
        r#""request": {"policy": {"name": "projects/p/policies/sql.restrictPublicIp", "spec": {"rules": [{"enforce": false}]}}}"#).unwrap();
    assert_eq!(note, "`sql.restrictPublicIp`");
}

#[test]
fn attempts_that_failed_or_were_refused_say_so() {
    for (code, outcome) in [(7, Outcome::Denied), (5, Outcome::Failed)] {
        let text = entry(
            "google.logging.v2.ConfigServiceV2.DeleteSink",
            "x",
            &format!(r#""status": {{"code": {code}}}"#),
        );
        assert_eq!(hear(&text).events[0].outcome, outcome);
    }
}
