//! Rules of VPC networks.

use cloud::audit::{Bears, Nature, Outcome};
use model::Moment;

use crate::bench::{Line, Objects, check, entry, entry_with, events, events_and_gaps, hear};

const PATH: &str = "projects/tailspin/global/firewalls/allow-db";
const BEFORE: &str = r#"{"kind": "compute#firewall", "name": "allow-db", "network": "global/networks/prod", "priority": 900,
    "direction": "INGRESS", "disabled": false, "allowed": [{"IPProtocol": "tcp", "ports": ["5432"]}],
    "sourceRanges": ["10.0.0.0/8"], "targetTags": ["db"]}"#;

fn line<'l>(method: &'l str, payload: &'l str, before: Option<&'l str>, after: Option<&'l str>) -> Line<'l> {
    Line { method, resource: PATH, payload, kind: "firewall-rule", path: PATH, before, after }
}

#[test]
fn a_rule_that_is_made_has_what_the_api_writes_for_it() {
    let request = r#""request": {"@type": "type.googleapis.com/compute.firewalls.insert", "name": "allow-db",
        "network": "https://www.googleapis.com/compute/v1/projects/tailspin/global/networks/prod",
        "alloweds": [{"IPProtocol": "tcp", "ports": ["80"]}, {"IPProtocol": "icmp"}], "targetTags": ["db"]}"#;
    let after = r#"{"network": "https://www.googleapis.com/compute/v1/projects/tailspin/global/networks/prod",
        "allowed": [{"IPProtocol": "tcp", "ports": ["80"]}, {"IPProtocol": "icmp"}], "targetTags": ["db"],
        "priority": 1000, "direction": "INGRESS", "disabled": false, "sourceRanges": ["0.0.0.0/0"]}"#;
    for method in [
        "v1.compute.firewalls.insert",
        "beta.compute.firewalls.insert",
        "alpha.compute.firewalls.insert",
        "compute.firewalls.insert",
        "google.cloud.compute.v1.Firewalls.Insert",
    ] {
        check(&line(method, request, None, Some(after)));
    }
    // A source of another kind is a source; without a network it is the default one.
    let request = r#""request": {"denieds": [{"IPProtocol": "all"}], "sourceTags": ["web"], "priority": "0", "disabled": true}"#;
    let after = r#"{"network": "projects/tailspin/global/networks/default", "denied": [{"IPProtocol": "all"}],
        "sourceTags": ["web"], "priority": 0, "direction": "INGRESS", "disabled": true}"#;
    check(&line("v1.compute.firewalls.insert", request, None, Some(after)));
    let request =
        r#""request": {"network": "n", "alloweds": [{"IPProtocol": "all"}], "direction": "EGRESS"}"#;
    let after = r#"{"network": "n", "allowed": [{"IPProtocol": "all"}], "priority": 1000, "direction": "EGRESS",
        "disabled": false, "destinationRanges": ["0.0.0.0/0"]}"#;
    check(&line("v1.compute.firewalls.insert", request, None, Some(after)));
}

#[test]
fn a_patch_is_a_delta() {
    // The host 0.0.0.0 is harmless; everybody is not.
    for ranges in [r#"["0.0.0.0"]"#, r#"["0.0.0.0/0"]"#, r#"["0.0.0.0/1", "128.0.0.0/1"]"#] {
        let request = format!(r#""request": {{"@type": "t", "sourceRanges": {ranges}}}"#);
        let after = BEFORE.replace(r#"["10.0.0.0/8"]"#, ranges);
        let after = after.replace(r#""kind": "compute#firewall", "name": "allow-db", "#, "");
        check(&line("v1.compute.firewalls.patch", &request, Some(BEFORE), Some(&after)));
    }
    check(&line(
        "v1.compute.firewalls.patch",
        r#""request": {"disabled": true, "priority": "1"}"#,
        Some(r#"{"network": "n", "disabled": false, "priority": 7, "denied": [{"IPProtocol": "all"}]}"#),
        Some(r#"{"network": "n", "disabled": true, "priority": 1, "denied": [{"IPProtocol": "all"}]}"#),
    ));
}

#[test]
fn the_state_before_makes_a_patch_exact_without_an_export() {
    let payload = r#""request": {"@type": "type.googleapis.com/compute.firewalls.patch", "sourceRanges": ["0.0.0.0/0"]},
        "resourceOriginalState": {"@type": "type.googleapis.com/compute.firewalls", "name": "allow-db", "id": "77",
            "network": "projects/tailspin/global/networks/prod", "alloweds": [{"IPProtocol": "tcp", "ports": ["5432"]}],
            "sourceRanges": ["10.0.0.0/8"], "direction": "INGRESS", "priority": "900", "disabled": false}"#;
    let after = r#"{"network": "projects/tailspin/global/networks/prod", "direction": "INGRESS", "priority": "900",
        "allowed": [{"IPProtocol": "tcp", "ports": ["5432"]}], "sourceRanges": ["0.0.0.0/0"], "disabled": false}"#;
    check(&line("v1.compute.firewalls.patch", payload, None, Some(after)));
    // What a stale export says does not stay.
    check(&line("v1.compute.firewalls.patch", payload, Some(BEFORE), Some(after)));
}

#[test]
fn a_patch_that_names_no_field_is_told() {
    let text = entry("v1.compute.firewalls.patch", PATH, r#""request": {"@type": "t", "name": "allow-db"}"#);
    let (told, gaps) = events_and_gaps(&[&text]);
    assert_eq!((told.len(), gaps), (1, vec!["unsaid-change"]));
    assert!(matches!(told[0].bears, Bears::NotModelled { .. }));
    let described = entry("v1.compute.firewalls.patch", PATH, r#""request": {"description": "no more"}"#);
    assert_eq!(events(&[&described]).len(), 1);
}

#[test]
fn an_update_replaces_what_it_does_not_say() {
    let request = r#""request": {"network": "n", "denieds": [{"IPProtocol": "tcp"}], "sourceRanges": ["198.51.100.0/24"]}"#;
    let after = r#"{"network": "n", "denied": [{"IPProtocol": "tcp"}], "sourceRanges": ["198.51.100.0/24"], "priority": 1000,
        "direction": "INGRESS", "disabled": false}"#;
    check(&line("v1.compute.firewalls.update", request, Some(BEFORE), Some(after)));
    // Nobody changes the network of a rule.
    let request = r#""request": {"alloweds": [{"IPProtocol": "tcp"}]}"#;
    let after = r#"{"network": "global/networks/prod", "allowed": [{"IPProtocol": "tcp"}], "priority": 1000,
        "direction": "INGRESS", "disabled": false, "sourceRanges": ["0.0.0.0/0"]}"#;
    check(&line("v1.compute.firewalls.update", request, Some(BEFORE), Some(after)));
    check(&line("v1.compute.firewalls.delete", r#""request": {"@type": "t"}"#, Some(BEFORE), None));
}

#[test]
fn an_event_says_who_when_and_where() {
    let all = events(&[&entry("v1.compute.firewalls.delete", PATH, r#""response": {"@type": "operation"}"#)]);
    let event = &all[0];
    assert_eq!((&*event.id, event.at), ("-k1x", Moment::of("2026-03-01T10:00:00.5Z")));
    assert_eq!((event.scope.as_deref(), &*event.edited), (Some("tailspin"), PATH));
    assert_eq!(&*event.actor.name, "ana@tailspin.example");
    assert_eq!(event.actor.address.as_deref(), Some("203.0.113.7"));
    assert_eq!(event.actor.client.as_deref(), Some("google-cloud-sdk gcloud/500.0.0"));
    let Bears::Edits(edits) = &event.bears else { panic!("{event:?}") };
    assert_eq!(
        (&*edits[0].kind, edits[0].nature, edits[0].scope.as_deref()),
        ("firewall-rule", Nature::Rule, Some("tailspin"))
    );
    // Who acts through a service account is told with it; the number of a project is its id.
    let text = entry("v1.compute.firewalls.delete", "projects/4711/global/firewalls/allow-db", r#""response": {"x": 1}"#).replace(
        r#""principalEmail": "ana@tailspin.example", "principalSubject": "user:ana@tailspin.example""#,
        r#""principalEmail": "robot@tailspin.iam.gserviceaccount.com", "serviceAccountDelegationInfo":
            [{"principalSubject": "serviceAccount:x", "firstPartyPrincipal": {"principalEmail": "bob@tailspin.example"}}]"#,
    );
    let all = events(&[&text]);
    assert_eq!(&*all[0].actor.name, "robot@tailspin.iam.gserviceaccount.com (by bob@tailspin.example)");
    assert_eq!(&*all[0].edited, PATH);
}

const FIRST: &str =
    r#""operation": {"id": "operation-1-2-3", "producer": "type.googleapis.com", "first": true}"#;
const LAST: &str =
    r#""operation": {"id": "operation-1-2-3", "producer": "compute.googleapis.com", "last": true}"#;
const RUNNING: &str = r#""request": {"@type": "t", "sourceRanges": ["0.0.0.0/0"]},
    "response": {"@type": "type.googleapis.com/operation", "status": "RUNNING", "name": "operation-1-2-3"}"#;
const BARE: &str = r#""request": {"@type": "type.googleapis.com/compute.firewalls.patch"}"#;

fn last(payload: &str) -> String {
    let text = entry_with("v1.compute.firewalls.patch", PATH, payload, LAST);
    text.replace("-k1x", "-k2x").replace("10:00:00.5Z", "10:00:04Z")
}

#[test]
fn the_entries_of_one_operation_are_one_event() {
    let first = entry_with("v1.compute.firewalls.patch", PATH, RUNNING, FIRST);
    for texts in [[first.clone(), last(BARE)], [last(BARE), first.clone()]] {
        let all = events(&[&texts[0], &texts[1]]);
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].outcome, &*all[0].id), (Outcome::Done, "-k1x"));
        assert!(matches!(&all[0].bears, Bears::Edits(edits) if edits.len() == 1));
    }
    // Accepted, and nothing says how it ended.
    assert_eq!(events(&[&first])[0].outcome, Outcome::Begun);
    let over = first.replace("RUNNING", "DONE");
    assert_eq!(events(&[&over])[0].outcome, Outcome::Done);
    // The last says that it failed, or was refused.
    for (code, outcome) in [(3, Outcome::Failed), (7, Outcome::Denied)] {
        let failed = last(&format!(r#"{BARE}, "status": {{"code": {code}, "message": "no"}}"#));
        let all = events(&[&first, &failed]);
        assert_eq!((all.len(), all[0].outcome), (1, outcome));
    }
}

#[test]
fn a_last_entry_with_its_request_says_nothing_twice() {
    let first = entry_with("v1.compute.firewalls.patch", PATH, RUNNING, FIRST);
    let whole = last(r#""request": {"sourceRanges": ["0.0.0.0/0"]}"#);
    let all = events(&[&first, &whole]);
    assert_eq!((all.len(), all[0].outcome, &*all[0].id), (1, Outcome::Done, "-k1x"));
    let alone = events(&[&whole]);
    assert!(alone[0].outcome == Outcome::Done && matches!(alone[0].bears, Bears::Edits(_)));
}

#[test]
fn a_last_entry_alone_says_what_it_can() {
    let all = events(&[&last(BARE)]);
    assert!(
        matches!(&all[0].bears, Bears::NotModelled { kind } if kind.contains("request is not in the log"))
    );
    let failed = last(&format!(r#"{BARE}, "status": {{"code": 3}}"#));
    assert!(events(&[&failed]).is_empty());
    // A deletion needs no request.
    let text = entry_with("v1.compute.firewalls.delete", PATH, BARE, LAST);
    let all = events(&[&text]);
    let mut objects = Objects::default().with("firewall-rule", PATH, BEFORE);
    objects.apply(&all[0]);
    assert_eq!((all[0].outcome, objects.get("firewall-rule", PATH)), (Outcome::Done, None));
}

#[test]
fn tables_without_operations_are_paired_in_their_order() {
    let first = entry("v1.compute.firewalls.patch", PATH, RUNNING);
    let later = |id: &str, time: &str| {
        entry("v1.compute.firewalls.patch", PATH, BARE).replace("-k1x", id).replace("10:00:00.5Z", time)
    };
    let all = events(&[&later("-k2x", "10:00:04Z"), &first]);
    assert_eq!((all.len(), all[0].outcome), (1, Outcome::Done));
    let second = first.replace("-k1x", "-k3x").replace("10:00:00.5Z", "11:00:00Z");
    let all = events(&[&first, &later("-k2x", "10:00:04Z"), &second]);
    let outcomes: Vec<_> = all.iter().map(|event| event.outcome).collect();
    assert_eq!(outcomes, [Outcome::Done, Outcome::Begun]);
    // Other services answer at once: no request means that none was logged.
    let alone = entry("google.appengine.v1.Firewall.CreateIngressRule", "apps/tailspin", "");
    assert_eq!(events_and_gaps(&[&alone]).1, ["missing-field"]);
}

#[test]
fn answers_with_an_error_say_what_became_of_the_call() {
    for (answer, expected) in [
        (r#""response": {"error": {"code": 403, "errors": []}}"#, Outcome::Denied),
        (r#""response": {"error": {"code": 400}}"#, Outcome::Failed),
        (r#""status": {}, "response": {"status": "DONE"}"#, Outcome::Done),
        (r#""status": {"code": 0}, "authorizationInfo": [{"granted": false}]"#, Outcome::Done),
    ] {
        let heard = hear(&entry(
            "v1.compute.firewalls.delete",
            PATH,
            &format!(r#""request": {{"x": "y"}}, {answer}"#),
        ));
        assert_eq!(heard.events[0].outcome, expected, "{answer}");
    }
    let error =
        entry("v1.compute.firewalls.delete", PATH, r#""request": {"x": "y"}"#).replace("NOTICE", "ERROR");
    assert_eq!(hear(&error).events[0].outcome, Outcome::Begun);
}

#[test]
fn reads_and_other_methods_are_silent() {
    for method in [
        "v1.compute.firewalls.list",
        "v1.compute.firewalls.get",
        "v1.compute.instances.setMetadata",
        "v1.compute.disks.insert",
        "storage.objects.get",
        "io.k8s.core.v1.pods.create",
        "SetIamPolicy",
    ] {
        let heard = hear(&entry(method, PATH, r#""request": {"a": 1}"#));
        assert!(heard.events.is_empty() && heard.gaps.is_empty(), "{method}");
        assert_eq!((heard.records, heard.format), (1, Some("gcp/audit")));
    }
}

#[test]
fn a_method_that_nobody_knows_is_told() {
    let (events, gaps) =
        events_and_gaps(&[&entry("v2.compute.firewalls.patchRules", PATH, r#""request": {"a": 1}"#)]);
    assert_eq!((events.len(), gaps), (1, vec!["unknown-operation"]));
}
