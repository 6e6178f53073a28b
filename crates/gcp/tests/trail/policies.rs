//! Firewall policies, address groups, secure tags.

use cloud::audit::Bears;

use crate::bench::{Line, Objects, check, entry, events, events_and_gaps};

const NETWORK: &str = "projects/tailspin/global/firewallPolicies/edge";
const HIERARCHICAL: &str = "locations/global/firewallPolicies/31337";
const BEFORE: &str = r#"{"rules": [
    {"priority": 100, "action": "deny", "direction": "INGRESS", "match": {"srcIpRanges": ["0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["22"]}]}},
    {"priority": 2147483647, "action": "goto_next", "direction": "INGRESS", "match": {"srcIpRanges": ["0.0.0.0/0"]}}],
    "associations": [{"name": "prod", "attachmentTarget": "projects/tailspin/global/networks/prod"}]}"#;

fn run(method: &str, request: &str, before: Option<&str>, after: Option<&str>) {
    let payload = format!(r#""request": {request}"#);
    for (prefix, path) in [
        ("v1.compute.networkFirewallPolicies", NETWORK),
        (
            "beta.compute.regionNetworkFirewallPolicies",
            "projects/tailspin/regions/europe-west1/firewallPolicies/edge",
        ),
        ("v1.compute.firewallPolicies", HIERARCHICAL),
    ] {
        let resource = if path == HIERARCHICAL { "firewallPolicies/31337" } else { path };
        let method = format!("{prefix}.{method}");
        let line = Line {
            method: &method,
            resource,
            payload: &payload,
            kind: "firewall-policy",
            path,
            before,
            after,
        };
        check(&line);
    }
}

#[test]
fn rules_are_known_by_their_priority() {
    let rule = r#"{"@type": "t", "priority": "50", "action": "allow", "direction": "INGRESS",
        "match": {"srcIpRanges": ["0.0.0.0/0"], "layer4Configs": [{"ipProtocol": "tcp", "ports": ["22"]}]}}"#;
    let added = rule.replace(r#""@type": "t", "#, "");
    run("addRule", rule, Some(r#"{"rules": []}"#), Some(&format!(r#"{{"rules": [{added}]}}"#)));
    let after = BEFORE.replace(r#""action": "deny""#, r#""action": "allow""#);
    run("patchRule", r#"{"priority": 100, "action": "allow"}"#, Some(BEFORE), Some(&after));
    // Of what a rule matches, each field alone.
    let after = BEFORE.replacen(r#"["0.0.0.0/0"]"#, r#"["198.51.100.0/24"]"#, 1);
    run(
        "patchRule",
        r#"{"priority": "100", "match": {"srcIpRanges": ["198.51.100.0/24"]}}"#,
        Some(BEFORE),
        Some(&after),
    );
    let after = r#"{"rules": [{"priority": 2147483647, "action": "goto_next"}]}"#;
    let before = r#"{"rules": [{"priority": 100, "action": "deny"}, {"priority": 2147483647, "action": "goto_next"}]}"#;
    run("removeRule", r#"{"priority": 100}"#, Some(before), Some(after));
    run("delete", r#"{"@type": "t"}, "response": {"status": "DONE"}"#, Some(BEFORE), None);
}

#[test]
fn policies_act_where_they_are_associated() {
    let request = r#"{"name": "dev", "attachmentTarget": "projects/tailspin/global/networks/dev"}"#;
    let after = BEFORE.replace(r#"networks/prod"}"#, &format!(r#"networks/prod"}}, {request}"#));
    run("addAssociation", request, Some(BEFORE), Some(&after));
    let after = r#"{"associations": [{"name": "b"}]}"#;
    run(
        "removeAssociation",
        r#"{"name": "a"}"#,
        Some(r#"{"associations": [{"name": "a"}, {"name": "b"}]}"#),
        Some(after),
    );
}

#[test]
fn what_a_request_does_not_say_is_told() {
    let codes = |method: &str, request: &str| {
        let text = entry(
            &format!("v1.compute.networkFirewallPolicies.{method}"),
            NETWORK,
            &format!(r#""request": {request}"#),
        );
        let (events, gaps) = events_and_gaps(&[&text]);
        let mut objects = Objects::default().with("firewall-policy", NETWORK, BEFORE);
        objects.apply(&events[0]);
        (gaps, objects.get("firewall-policy", NETWORK).unwrap().contains("rules"))
    };
    // Nobody knows the rules any more.
    assert_eq!(codes("patchRule", r#"{"action": "allow"}"#), (vec!["missing-field"], false));
    assert_eq!(codes("removeRule", r#"{"x": 1}"#), (vec!["missing-field"], false));
    assert_eq!(codes("cloneRules", r#"{"sourceFirewallPolicy": "other"}"#), (vec!["unsaid-change"], false));
    assert_eq!(codes("addRule", r#"{"action": "allow"}"#), (vec!["missing-field"], true));
    assert_eq!(codes("removeAssociation", r#"{"x": 1}"#), (vec!["missing-field"], true));
}

#[test]
fn a_policy_that_is_made_leaves_everything_to_the_next() {
    let payload = r#""request": {"shortName": "base", "parent": "organizations/1"},
        "response": {"targetId": "31337", "status": "DONE"}"#;
    let all =
        events(&[&entry("v1.compute.firewallPolicies.insert", "locations/global/firewallPolicies", payload)]);
    let mut objects = Objects::default();
    objects.apply(&all[0]);
    let after = objects.get("firewall-policy", HIERARCHICAL).unwrap();
    assert!(
        after.contains(r#"rules=[{action="goto_next""#) && after.contains(r#"parent="organizations/1""#),
        "{after}"
    );
    let silent = entry("v1.compute.firewallPolicies.setIamPolicy", HIERARCHICAL, r#""request": {"a": 1}"#);
    assert!(events(&[&silent]).is_empty());
}

const GROUP: &str = "projects/tailspin/locations/global/addressGroups/partners";

#[test]
fn address_groups_open_whatever_names_them() {
    let service = "google.cloud.networksecurity.v1.AddressGroupService";
    let line = |verb: &str, request: &str, before: Option<&str>, after: Option<&str>| {
        let method = format!("{service}.{verb}");
        let payload = format!(r#""request": {request}"#);
        check(&Line {
            method: &method,
            resource: GROUP,
            payload: &payload,
            kind: "address-group",
            path: GROUP,
            before,
            after,
        });
    };
    let named = |items: &str| format!(r#"{{"addressGroup": "{GROUP}", "items": [{items}]}}"#);
    let one = r#"{"items": ["192.0.2.1/32"]}"#;
    line(
        "AddAddressGroupItems",
        &named(r#""0.0.0.0/0""#),
        Some(one),
        Some(r#"{"items": ["192.0.2.1/32", "0.0.0.0/0"]}"#),
    );
    line("RemoveAddressGroupItems", &named(r#""192.0.2.1/32""#), Some(one), Some(r#"{"items": []}"#));
    let created = r#"{"parent": "projects/tailspin/locations/global", "addressGroupId": "partners",
        "addressGroup": {"type": "IPV4", "items": ["192.0.2.1/32"]}}"#;
    line("CreateAddressGroup", created, None, Some(r#"{"type": "IPV4", "items": ["192.0.2.1/32"]}"#));
    let updated = format!(
        r#"{{"addressGroup": {{"name": "{GROUP}", "items": ["0.0.0.0/0"]}}, "updateMask": "items"}}"#
    );
    line("UpdateAddressGroup", &updated, Some(one), Some(r#"{"items": ["0.0.0.0/0"]}"#));
    line("DeleteAddressGroup", &format!(r#"{{"name": "{GROUP}"}}"#), Some(one), None);
    let cloned = entry(
        &format!("{service}.CloneAddressGroupItems"),
        GROUP,
        r#""request": {"sourceAddressGroup": "x"}"#,
    );
    assert_eq!(events_and_gaps(&[&cloned]).1, ["unsaid-change"]);
    let described =
        format!(r#""request": {{"addressGroup": {{"name": "{GROUP}"}}, "updateMask": "description"}}"#);
    assert!(events(&[&entry(&format!("{service}.UpdateAddressGroup"), GROUP, &described)]).is_empty());
}

#[test]
fn tags_are_bound_and_taken_off() {
    let target = "projects/4711/zones/europe-west1-b/instances/77";
    let path = format!("tagBindings/{target}/tagValues/5");
    let payload = format!(
        r#""request": {{"tagBinding": {{"parent": "//compute.googleapis.com/{target}", "tagValue": "tagValues/5"}}}}"#
    );
    let after = format!(r#"{{"parent": "//compute.googleapis.com/{target}", "tagValue": "tagValues/5"}}"#);
    let line = Line {
        method: "TagBindings.CreateTagBinding",
        resource: "tagBindings/x",
        payload: &payload,
        kind: "tag-binding",
        path: &path,
        before: None,
        after: Some(&after),
    };
    check(&line);
    let escaped =
        format!("tagBindings/%2F%2Fcompute.googleapis.com%2F{}/tagValues/5", target.replace('/', "%2F"));
    let payload = format!(r#""request": {{"name": "{escaped}"}}"#);
    check(&Line {
        method: "TagBindings.DeleteTagBinding",
        payload: &payload,
        before: Some(&after),
        after: None,
        ..line
    });
    // A bucket takes part in no rule.
    let bucket = r#""request": {"tagBinding": {"parent": "//storage.googleapis.com/projects/_/buckets/b", "tagValue": "tagValues/5"}}"#;
    assert!(events(&[&entry("TagBindings.CreateTagBinding", "x", bucket)]).is_empty());
    let made = r#""request": {"tagValue": {"shortName": "open", "parent": "tagKeys/3"}}, "response": {"name": "tagValues/5"}"#;
    let all = events(&[&entry("TagValues.CreateTagValue", "tagValues/5", made)]);
    let Bears::Edits(edits) = &all[0].bears else { panic!() };
    assert_eq!((&*edits[0].kind, &*edits[0].id), ("tag-value", "tagValues/5"));
}
