//! What entries do to what the Internet reaches: the state after replaying them is that of the export after.

use cloud::audit::{Bears, Event};
use cloud::{Document, Inventory as _};
use gcp::Inventory;
use model::{DocumentId, Thresholds};

use crate::bench::{entry, events, events_and_gaps};

const API: &str = "https://www.googleapis.com/compute/v1/";

/// A network with its route, a machine with an external address in it, and a rule for addresses inside.
fn estate(rule: &str, tags: &str, configs: &str) -> String {
    let network = format!("{API}projects/tailspin/global/networks/prod");
    format!(
        r#"[{{"kind": "compute#network", "id": "1", "name": "prod", "selfLink": "{network}", "autoCreateSubnetworks": false,
            "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL"}},
          {{"kind": "compute#route", "name": "out", "selfLink": "{API}projects/tailspin/global/routes/out", "network": "{network}",
            "destRange": "0.0.0.0/0", "priority": 1000, "nextHopGateway": "{API}projects/tailspin/global/gateways/default-internet-gateway"}},
          {{"kind": "compute#firewall", "name": "allow-db", "selfLink": "{API}projects/tailspin/global/firewalls/allow-db",
            "network": "{network}", "priority": 1000, "direction": "INGRESS", "disabled": false,
            "allowed": [{{"IPProtocol": "tcp", "ports": ["5432"]}}], "targetTags": ["db"], {rule}}},
          {{"kind": "compute#firewall", "name": "off", "selfLink": "{API}projects/tailspin/global/firewalls/off", "network": "{network}",
            "priority": 1, "direction": "INGRESS", "disabled": true, "allowed": [{{"IPProtocol": "all"}}], "sourceRanges": ["0.0.0.0/0"]}},
          {{"kind": "compute#instance", "id": "77", "name": "vm", "selfLink": "{API}projects/tailspin/zones/z-b/instances/vm", "zone": "{API}projects/tailspin/zones/z-b",
            "status": "RUNNING", "tags": {{"fingerprint": "x", "items": [{tags}]}},
            "networkInterfaces": [{{"kind": "compute#networkInterface", "name": "nic0", "network": "{network}", "networkIP": "10.0.0.4"{configs}}}]}}]"#
    )
}

const INSIDE: &str = r#""sourceRanges": ["10.0.0.0/8"]"#;
const EVERYBODY: &str = r#""sourceRanges": ["0.0.0.0/0"]"#;
const ADDRESS: &str =
    r#", "accessConfigs": [{"type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": "203.0.113.10"}]"#;

fn read(text: &str) -> Inventory {
    let mut inventory = Inventory::new();
    inventory.remember();
    inventory.read(&Document { id: DocumentId(0), path: "estate.json", text });
    inventory
}

/// What the Internet reaches, a line for each.
fn reached(inventory: &Inventory) -> Vec<String> {
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    let mut lines = Vec::new();
    engine::exposures(&snapshot, &mut |told, _| {
        lines.push(format!("{} {:?} {:?} {:?}", told.target.name, told.reach, told.certainty, told.ports));
    })
    .unwrap();
    lines.sort();
    lines
}

fn replay(inventory: &mut Inventory, events: &[Event]) {
    for event in events {
        let Bears::Edits(edits) = &event.bears else { continue };
        for edit in edits {
            let applied = inventory.apply(edit, event.place);
            assert!(applied.gaps.is_empty(), "{:?}", applied.gaps);
        }
    }
}

#[test]
fn replaying_entries_is_scanning_the_export_after() {
    let rule = "projects/tailspin/global/firewalls/allow-db";
    let vm = "projects/tailspin/zones/z-b/instances/vm";
    let closed = estate(INSIDE, r#""db""#, ADDRESS);
    let open = estate(EVERYBODY, r#""db""#, ADDRESS);
    let patched = r#""request": {"sourceRanges": ["0.0.0.0/0"]}, "response": {"status": "DONE"}"#;
    let untagged = estate(EVERYBODY, r#""web""#, ADDRESS);
    let unaddressed = estate(EVERYBODY, r#""db""#, "");
    let tagged = r#""request": {"fingerprint": "x", "tags": ["db"]}"#;
    let attached =
        r#""request": {"name": "External NAT", "networkInterface": "nic0", "natIP": "203.0.113.10"}"#;
    let detached = r#""request": {"accessConfig": "External NAT", "networkInterface": "nic0"}"#;
    for (before, method, path, payload, after) in [
        (&closed, "v1.compute.firewalls.patch", rule, patched, &open),
        (
            &open,
            "v1.compute.firewalls.patch",
            rule,
            r#""request": {"sourceRanges": ["10.0.0.0/8"]}"#,
            &closed,
        ),
        (&untagged, "beta.compute.instances.setTags", vm, tagged, &open),
        (&unaddressed, "v1.compute.instances.addAccessConfig", vm, attached, &open),
        (&open, "v1.compute.instances.deleteAccessConfig", vm, detached, &unaddressed),
    ] {
        let mut now = read(before);
        replay(&mut now, &events(&[&entry(method, path, payload)]));
        let expected = reached(&read(after));
        assert_eq!(reached(&now), expected, "{method}");
        assert_ne!(reached(&read(before)), expected, "{method}");
    }
    // What is deleted closes.
    let mut now = read(&open);
    let deleted = r#""response": {"status": "DONE"}"#;
    replay(&mut now, &events(&[&entry("v1.compute.firewalls.delete", rule, deleted)]));
    assert_eq!(reached(&now), Vec::<String>::new());
}

#[test]
fn the_last_rule_that_goes_leaves_nobody_in() {
    let text = estate(EVERYBODY, r#""db""#, ADDRESS);
    let mut now = read(&text);
    for rule in ["allow-db", "off"] {
        let path = format!("projects/tailspin/global/firewalls/{rule}");
        replay(
            &mut now,
            &events(&[&entry("v1.compute.firewalls.delete", &path, r#""response": {"status": "DONE"}"#)]),
        );
    }
    assert_eq!(reached(&now), Vec::<String>::new());
    let missing = now.snapshot(Thresholds::STANDARD).missing;
    assert!(!missing.iter().any(|line| line.contains("firewall rules are not in the input")), "{missing:?}");
}

#[test]
fn what_an_entry_says_of_the_time_before_is_an_edit_of_its_own() {
    let original = r#""request": {"@type": "t"}, "response": {"status": "DONE"}, "resourceOriginalState": {"name": "wall",
        "network": "projects/tailspin/global/networks/prod", "denieds": [{"IPProtocol": "all"}], "sourceRanges": ["0.0.0.0/0"],
        "direction": "INGRESS", "priority": "10"}"#;
    let path = "projects/tailspin/global/firewalls/wall";
    let told = events(&[&entry("v1.compute.firewalls.delete", path, original)]);
    let before = &told[0].before;
    assert!(before.len() == 1 && matches!(before[0].act, cloud::audit::Act::Put(_)), "{before:?}");
    let mut now = Inventory::new();
    now.remember();
    assert!(!now.knows(&before[0]));
    now.apply(&before[0], told[0].place);
    assert!(now.knows(&before[0]));
    // Less than the whole rule says nothing.
    let part = r#""resourceOriginalState": {"name": "wall", "priority": "10"}"#;
    assert!(events(&[&entry("v1.compute.firewalls.delete", path, part)])[0].before.is_empty());
}

#[test]
fn a_rule_that_is_made_opens_as_its_export_would() {
    let rule = "projects/tailspin/global/firewalls/all";
    let request = r#""request": {"network": "projects/tailspin/global/networks/prod", "alloweds": [{"IPProtocol": "tcp", "ports": ["22"]}]},
        "response": {"status": "DONE"}"#;
    let before = estate(INSIDE, "", ADDRESS);
    let exported = format!(
        r#"{{"kind": "compute#firewall", "name": "all", "selfLink": "{API}{rule}", "network": "{API}projects/tailspin/global/networks/prod",
            "priority": 1000, "direction": "INGRESS", "disabled": false, "sourceRanges": ["0.0.0.0/0"],
            "allowed": [{{"IPProtocol": "tcp", "ports": ["22"]}}]}}]"#
    );
    let after = format!("{}, {exported}", before.trim_end().strip_suffix(']').unwrap());
    let mut now = read(&before);
    replay(&mut now, &events(&[&entry("v1.compute.firewalls.insert", rule, request)]));
    let expected = reached(&read(&after));
    assert_eq!((reached(&now), expected.len()), (expected.clone(), 1));
}

#[test]
fn an_instance_that_is_made_is_reached_as_far_as_its_entry_says() {
    let vm = "projects/tailspin/zones/z-b/instances/new";
    let request = r#""request": {"name": "new", "tags": {"tags": ["db"]}, "networkInterfaces": [{
        "network": "projects/tailspin/global/networks/prod", "accessConfigs": [{"type": "ONE_TO_ONE_NAT"}]}]},
        "response": {"status": "DONE", "targetId": "78"}"#;
    let mut now = read(&estate(EVERYBODY, "", ADDRESS));
    assert!(reached(&now).is_empty());
    let (told, gaps) = events_and_gaps(&[&entry("v1.compute.instances.insert", vm, request)]);
    assert!(gaps.is_empty());
    replay(&mut now, &told);
    let lines = reached(&now);
    assert!(lines.len() == 1 && lines[0].starts_with("new"), "{lines:?}");
}
