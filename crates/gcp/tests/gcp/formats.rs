//! Formats: recognised by content, in every layout, and nothing of them lost without a word.

use crate::estate::{API, Answer, firewall, instance, network, scan};

const ASSET: &str = r#"{"name": "//compute.googleapis.com/projects/p/global/networks/n", "assetType": "compute.googleapis.com/Network", "resource": {"data": {"name": "n"}}}"#;

pub(crate) fn format(text: &str) -> Option<&'static str> {
    scan(&[text]).readings[0].format
}

pub(crate) fn is_whole(answer: &Answer, format: &str, resources: u64) {
    let reading = &answer.readings[0];
    assert_eq!((reading.format, reading.resources), (Some(format), resources), "{:?}", reading.gaps);
    assert_eq!(codes(answer), [""; 0], "{:?}", reading.gaps);
}

/// The codes of what was told while reading.
pub(crate) fn codes(answer: &Answer) -> Vec<&'static str> {
    let mut codes: Vec<_> =
        answer.readings.iter().flat_map(|reading| &reading.gaps).map(|gap| gap.code).collect();
    codes.sort_unstable();
    codes
}

#[test]
fn documents_of_google_cloud_are_known_by_content() {
    for (text, expected) in [
        (network("n").as_str(), "gcp/list"),
        (r#"{"kind": "compute#firewallList", "id": "projects/p/global/firewalls"}"#, "gcp/list"),
        (r#"{"kind": "compute#instanceAggregatedList", "items": {}}"#, "gcp/list"),
        (r#"{"addressGroups": []}"#, "gcp/list"),
        (r#"{"kind": "compute#zoneList", "items": [{"kind": "compute#zone", "name": "z"}]}"#, "gcp/list"),
        (
            r#"{"kind": "compute#operation", "name": "o", "selfLink": "https://www.googleapis.com/compute/v1/projects/p/global/operations/o"}"#,
            "gcp/list",
        ),
        (r#"{"instances": [{"name": "projects/p/instances/i", "config": "c", "nodeCount": 1}]}"#, "gcp/list"),
        (r#"{"readTime": "2026-01-01T00:00:00Z"}"#, "gcp/asset-inventory"),
        (ASSET, "gcp/asset-inventory"),
        (
            &format!(r#"{{"asset": {ASSET}, "window": {{"startTime": "2026-01-01T00:00:00Z"}}}}"#),
            "gcp/asset-feed",
        ),
        (&format!(r#"{{"headers": {{"status": "200"}}, "body": {}}}"#, network("n")), "gcp/recorded"),
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.readings[0].format, Some(expected), "{text}");
        assert_eq!(codes(&answer), [""; 0], "{text}");
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
        "# HCL\nresource \"google_compute_firewall\" \"y\" {}",
        r#"{"value": [{"id": "/subscriptions/s", "type": "Microsoft.Network/networkSecurityGroups"}]}"#,
        r#"{"SecurityGroups": [{"GroupId": "sg-1"}], "nextPageToken": "x"}"#,
        r#"{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "a", "selfLink": "/api/v1/namespaces/d/services/a"}}]}"#,
        r#"{"apiVersion": "v1", "clusters": [{"name": "k", "cluster": {"server": "https://k"}}], "kind": "Config"}"#,
        r#"{"clusters": [{"name": "k"}]}"#,
        r#"{"clusters": [], "instances": [], "projects": []}"#,
        r#"{"instances": [{"name": "a", "networking": {}}]}"#,
        r#"{"error": {"code": "AuthorizationFailed", "message": "no"}}"#,
        r#"{"error": {"code": 500, "message": "no"}}"#,
        r#"{"headers": {"status": "200"}, "body": {"hello": "world"}}"#,
        r#"{"message": {"data": "aGVsbG8="}, "subscription": "projects/p/subscriptions/s"}"#,
        r#"{"syncToken": "1", "createDate": "x", "prefixes": [{"ip_prefix": "3.5.0.0/16", "region": "eu-west-1", "service": "S3"}]}"#,
        r#"{"protoPayload": {"methodName": "v1.compute.firewalls.insert", "request": {"alloweds": [{"IPProtocol": "tcp"}], "sourceRanges": ["0.0.0.0/0"]}}, "resource": {"type": "gce_firewall_rule"}}"#,
        r#"{"format_version": "0.1", "terraform_version": "1.0", "resource_changes": [{"address": "google_compute_firewall.a"}]}"#,
        r#"{"version": 4, "terraform_version": "1.0", "resources": [{"mode": "managed", "type": "google_compute_firewall", "instances": [{"attributes": {"self_link": "https://www.googleapis.com/compute/v1/projects/p/global/firewalls/f"}}]}]}"#,
        r#"{"services": [{"items": [{"a": 1}]}], "projects": [{"items": 1}]}"#,
        r#"[{"name": "home/folders/x"}, {"name": "folders/mine"}, {"name": "my/organizations/o"}]"#,
        r#"{"BucketName": "b", "backends": [], "split": 1, "servers": [{"backends": ["a"]}]}"#,
        r#"{"items": [{"kind": "drive#file", "a": 1}]}"#,
        r#"{"kind": "youtube#videoListResponse", "items": []}"#,
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.readings[0].format, None, "{text}");
        assert_eq!(codes(&answer), [""; 0], "{text}");
    }
}

/// One list, pages, lines, several documents: one answer.
#[test]
fn layouts_do_not_matter() {
    let (net, rule, vm) =
        (network("n"), firewall("f", "n", "tcp 22 0.0.0.0/0"), instance("vm", "n", "203.0.113.5"));
    let list = |kind: &str, items: &[&String]| {
        let items: Vec<&str> = items.iter().map(|item| item.as_str()).collect();
        format!(r#"{{"kind": "compute#{kind}", "id": "projects/p/x", "items": [{}]}}"#, items.join(", "))
    };
    let merged = format!("[{net}, {rule}, {vm}]");
    for text in [
        merged.clone(),
        format!("[{net}]\n[{rule}]\r\n[{vm}]"),
        format!("{net}\n{rule}\n{vm}\n"),
        format!("{net}{rule}{vm}"),
        format!("[[{net}], [{rule}, {vm}]]"),
        format!(
            "{}{}{}",
            list("networkList", &[&net]),
            list("firewallList", &[&rule]),
            list("instanceList", &[&vm])
        ),
        format!("[{}, {}]", list("networkList", &[&net]), list("firewallList", &[&rule, &vm])),
        format!(r#"{{"items": [{net}, {rule}, {vm}]}}"#),
        format!(r#"{{"networks": [{net}], "firewalls": [{rule}], "instances": [{vm}], "when": "now"}}"#),
        format!(r#"{{"headers": {{"status": "200"}}, "body": {merged}}}"#),
        format!(r#"{{"body": {merged}, "headers": {{"status": "200"}}}}"#),
    ] {
        let answer = scan(&[text.as_str()]);
        let format = if text.contains("body") { "gcp/recorded" } else { "gcp/list" };
        is_whole(&answer, format, 3);
        answer.check(&["vm exposed tcp/22 any 3702185728 / -"]);
    }
}

#[test]
fn aggregated_lists_are_read_scope_by_scope() {
    let vm = instance("vm", "n", "203.0.113.5");
    let text = format!(
        r#"{{"kind": "compute#instanceAggregatedList", "id": "projects/p/aggregated/instances", "items": {{
            "zones/us-central1-a": {{"warning": {{"code": "NO_RESULTS_ON_PAGE", "message": "none", "data": []}}}},
            "zones/europe-west1-b": {{"instances": [{vm}]}}}}, "selfLink": "{API}projects/p/aggregated/instances"}}"#
    );
    is_whole(&scan(&[text.as_str()]), "gcp/aggregated", 1);
    for warning in ["UNREACHABLE", "PARTIAL_SUCCESS"] {
        let cut = text.replace("NO_RESULTS_ON_PAGE", warning);
        assert_eq!(codes(&scan(&[cut.as_str()])), ["unreachable-scope"], "{warning}");
    }
    let without = text
        .replacen(r#""kind": "compute#instance""#, r#""x": 1"#, 1)
        .replace(&format!(r#""selfLink": "{API}projects/p/zones"#), r#""y": "z"#);
    is_whole(&scan(&[without.as_str()]), "gcp/aggregated", 1);
}

#[test]
fn what_an_answer_lacks_is_told() {
    let rule = firewall("f", "n", "tcp 22 0.0.0.0/0");
    for (rest, code) in [
        (r#""nextPageToken": "abc""#, "truncated-page"),
        (r#""unreachables": ["projects/p/zones/z"]"#, "unreachable-scope"),
        (r#""unreachable": ["locations/x"]"#, "unreachable-scope"),
        (r#""missingZones": ["us-east1-b"]"#, "unreachable-scope"),
        (r#""failedLocations": ["projects/p/locations/x"]"#, "unreachable-scope"),
        (r#""warning": {"code": "UNREACHABLE"}"#, "unreachable-scope"),
        (r#""warnings": [{"code": "REGION_UNREACHABLE", "region": "x"}]"#, "unreachable-scope"),
    ] {
        let text = format!(r#"{{"kind": "compute#firewallList", "items": [{rule}], {rest}}}"#);
        assert_eq!(codes(&scan(&[text.as_str()])), [code], "{rest}");
        let text = format!(r#"{{{rest}, "items": [], "kind": "compute#firewallList"}}"#);
        assert_eq!(codes(&scan(&[text.as_str()])), [code], "{rest}");
    }
    // Nothing is lost of what bears on nothing.
    for text in [
        r#"{"kind": "compute#zoneList", "items": [{"kind": "compute#zone", "name": "z"}], "nextPageToken": "x"}"#,
        r#"{"instances": [{"name": "projects/p/instances/i"}], "failedLocations": ["projects/p/locations/x"]}"#,
    ] {
        is_whole(&scan(&[text]), "gcp/list", 0);
    }
    // And an answer may say nothing else.
    for text in [r#"{"missingZones": ["us-east1-b"]}"#, r#"{"unreachable": ["projects/p/locations/x"]}"#] {
        assert_eq!(codes(&scan(&[text])), ["unreachable-scope"], "{text}");
    }
    for rest in
        [r#""nextPageToken": """#, r#""unreachables": []"#, r#""warning": {"code": "NO_RESULTS_ON_PAGE"}"#]
    {
        let text = format!(r#"{{"kind": "compute#firewallList", "items": [{rule}], {rest}}}"#);
        is_whole(&scan(&[text.as_str()]), "gcp/list", 1);
    }
}

/// An API that is switched off has nothing behind it; anything else that was refused may have.
#[test]
fn errors_are_no_answers() {
    let error = |code: u32, status: &str, rest: &str| {
        format!(r#"{{"error": {{"code": {code}, "message": "no", "status": "{status}"{rest}}}}}"#)
    };
    for text in [
        error(403, "PERMISSION_DENIED", ""),
        error(429, "RESOURCE_EXHAUSTED", ""),
        r#"{"error": {"code": 404, "message": "x", "errors": [{"reason": "notFound", "domain": "global"}]}}"#
            .to_owned(),
        "ERROR: (gcloud.compute.networks.list) Some requests did not succeed:\n - Required permission\n"
            .to_owned(),
    ] {
        let answer = scan(&[text.as_str()]);
        assert_eq!(codes(&answer), ["error-answer"], "{text}");
        assert_eq!(answer.readings[0].format, Some("gcp/list"));
    }
    let disabled = r#", "details": [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "SERVICE_DISABLED", "domain": "googleapis.com", "metadata": {"service": "container.googleapis.com", "consumer": "projects/123"}}]"#;
    let answer = scan(&[error(403, "PERMISSION_DENIED", disabled)]);
    assert_eq!((answer.readings[0].format, codes(&answer).len()), (Some("gcp/list"), 0));
    let told = "`container.googleapis.com` is switched off in `projects/123`";
    assert!(answer.snapshot.missing.iter().any(|line| line.contains(told)), "{:?}", answer.snapshot.missing);
    // Another project than those of the input: whoever asked did so in its name.
    let projects = |number: &str| {
        format!(
            r#"[{{"projectId": "p", "projectNumber": "{number}", "name": "p", "lifecycleState": "ACTIVE"}}]"#
        )
    };
    let text = error(403, "PERMISSION_DENIED", disabled);
    assert_eq!(scan(&[projects("123"), text.clone()]).codes(), [""; 0]);
    assert_eq!(scan(&[projects("456"), text]).codes(), ["error-answer"]);
    let old = r#"{"error": {"code": 403, "message": "x", "errors": [{"reason": "accessNotConfigured", "domain": "usageLimits"}]}}"#;
    assert_eq!(codes(&scan(&[old])), [""; 0]);
}

#[test]
fn resources_that_say_little_are_known_by_what_is_left() {
    for text in [
        format!(r#"[{{"name": "n", "selfLink": "{API}projects/p/global/networks/n"}}]"#),
        format!(
            r#"[{{"name": "n", "selfLink": "{}projects/p/global/networks/n"}}]"#,
            "https://compute.googleapis.com/compute/beta/"
        ),
        r#"[{"name": "n", "autoCreateSubnetworks": false}]"#.to_owned(),
        format!(
            r#"[{{"name": "f", "network": "{API}projects/p/global/networks/n", "direction": "INGRESS", "priority": 1}}]"#
        ),
    ] {
        let answer = scan(&[text.as_str()]);
        assert_eq!(
            (answer.readings[0].format, answer.readings[0].resources),
            (Some("gcp/list"), 1),
            "{text}"
        );
    }
    // Another API's instances are in a path of the same look.
    let sql = r#"{"name": "db", "selfLink": "https://sqladmin.googleapis.com/sql/v1beta4/projects/p/instances/db", "databaseVersion": "POSTGRES_14", "settings": {}}"#;
    assert!(!scan(&[sql]).snapshot.coverage.contains_key("instance"));
    assert_eq!(scan(&[sql]).readings[0].resources, 1);
}

#[test]
fn pieces_without_their_subject_are_told() {
    for text in [
        r#"[{"instance": "https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/i", "status": "RUNNING"}]"#,
        r#"[{"networkEndpoint": {"ipAddress": "10.0.0.2", "port": 80}}]"#,
        r#"{"kind": "compute#firewallPolicyRule", "priority": 1, "action": "allow", "direction": "INGRESS", "match": {}}"#,
        r#"{"action": "ALLOW", "priority": 2147483647, "sourceRange": "*"}"#,
    ] {
        let answer = scan(&[text]);
        assert_eq!(
            (answer.readings[0].format, codes(&answer)),
            (Some("gcp/list"), vec!["missing-subject"]),
            "{text}"
        );
    }
}

#[test]
fn firewalls_in_an_unknown_wrapping_are_a_gap() {
    for text in [
        r#"{"mine": [{"allowed": [{"IPProtocol": "tcp", "ports": ["22"]}], "sourceRanges": ["0.0.0.0/0"]}]}"#,
        r#"{"mine": {"networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"}}"#,
    ] {
        let answer = scan(&[text]);
        assert_eq!(
            (answer.readings[0].format, codes(&answer)),
            (Some("gcp/list"), vec!["unrecognised-format"]),
            "{text}"
        );
    }
}

#[test]
fn kinds_that_may_open_something_and_are_not_assessed_are_told() {
    for (text, code) in [
        (
            r#"[{"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"name": "s"}}]"#,
            Some("unsupported-resource"),
        ),
        (
            r#"[{"apiVersion": "serving.knative.dev/v1", "kind": "Service", "metadata": {"annotations": {"run.googleapis.com/ingress": "internal"}}}]"#,
            None,
        ),
        (
            r#"{"services": [{"name": "projects/p/locations/l/services/s", "ingress": "INGRESS_TRAFFIC_ALL", "template": {}}]}"#,
            Some("unsupported-resource"),
        ),
        (
            r#"[{"name": "projects/p/locations/l/functions/f", "state": "ACTIVE"}]"#,
            Some("unsupported-resource"),
        ),
        (
            r#"{"kind": "compute#instanceTemplateList", "items": [{"kind": "compute#instanceTemplate", "name": "t"}]}"#,
            None,
        ),
    ] {
        let answer = scan(&[text]);
        assert_eq!(codes(&answer), code.into_iter().collect::<Vec<_>>(), "{text}");
        assert_eq!(answer.readings[0].format, Some("gcp/list"), "{text}");
    }
}

/// What a stream or a list has beside things of Google is for another cloud, or lost: either way it is told.
#[test]
fn values_of_others_beside_those_of_google_are_told() {
    let net = network("n");
    for text in [
        format!("[{net}, 7]"),
        format!("[{net}, null]"),
        format!("[{net}, \"\"]"),
        format!("[{net}, {{}}]"),
        format!("[{net}, {{\"SecurityGroups\": []}}]"),
        format!("{net}\n{{\"SecurityGroups\": [{{\"GroupId\": \"sg-1\"}}]}}"),
        format!("[{{\"name\": \"nsg\", \"type\": \"Microsoft.Network/networkSecurityGroups\"}}]\n[{net}]"),
        format!("{net} null"),
    ] {
        let answer = scan(&[text.as_str()]);
        assert_eq!((answer.readings[0].resources, codes(&answer)), (1, vec!["foreign-entry"]), "{text}");
    }
    // Commands that find nothing print this, and services without a resource answer so.
    for text in [format!("[{net}]\n[]\n{{}}"), format!("[[{net}], []]")] {
        is_whole(&scan(&[text.as_str()]), "gcp/list", 1);
    }
}

#[test]
fn answers_in_answers_are_read() {
    let (net, rule) = (network("n"), firewall("f", "n", "tcp 22 0.0.0.0/0"));
    for text in [
        format!(
            r#"{{"networks": {{"kind": "compute#networkList", "items": [{net}]}}, "firewalls": {{"items": [{rule}]}}}}"#
        ),
        format!(r#"{{"networks": [[{net}]], "firewalls": [[{rule}]]}}"#),
        format!(r#"{{"networks": [{{"items": [{net}]}}], "firewalls": [{{"items": [{rule}]}}]}}"#),
    ] {
        is_whole(&scan(&[text.as_str()]), "gcp/list", 2);
    }
    let text = format!(r#"{{"networks": [{net}, "x"], "firewalls": [{rule}, 7]}}"#);
    assert_eq!(codes(&scan(&[text])), ["unexpected-type", "unexpected-type"]);
}

#[test]
fn what_holds_a_project_is_one_statement() {
    let text = r#"[{"id": "p", "type": "project"}, {"id": "20", "type": "folder"}, {"id": "1", "type": "organization"}]"#;
    is_whole(&scan(&[text]), "gcp/list", 0);
    for text in [r#"{"id": "20", "type": "folder"}"#, r#"[{"id": "20", "type": "folder"}]"#] {
        assert_eq!(codes(&scan(&[text])), ["missing-subject"], "{text}");
    }
    assert_eq!(format(r#"[{"id": "20", "type": "folder", "name": "x"}]"#), None);
}
