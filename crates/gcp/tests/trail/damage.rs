//! Entries that are broken, cut, or say too much: what can be read is judged, and the rest is told.

use cloud::audit::{Bears, Outcome};

use crate::bench::{entry, entry_with, events, events_and_gaps, hear};

const PATH: &str = "projects/tailspin/global/firewalls/allow-db";
const OPEN: &str = r#""request": {"network": "n", "alloweds": [{"IPProtocol": "all"}]}"#;

#[test]
fn times_that_are_missing_or_absurd_are_none() {
    let text = entry("v1.compute.firewalls.insert", PATH, OPEN);
    for time in ["", "soon", "1970-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-01-01T00:00:00Z"] {
        let (told, gaps) = events_and_gaps(&[&text.replace("2026-03-01T10:00:00.5Z", time)]);
        // Who replays events tells of those that have no time.
        assert_eq!((told[0].at, gaps), (None, Vec::new()), "{time}");
    }
    // What bears on nothing needs no time.
    let read = entry("v1.compute.firewalls.list", PATH, "").replace("2026-03-01T10:00:00.5Z", "");
    assert!(events(&[&read]).is_empty());
}

#[test]
fn keys_that_stand_twice_and_pieces_of_entries_are_told() {
    let twice = OPEN.replace(r#""network": "n""#, r#""network": "n", "network": "m""#);
    assert_eq!(events_and_gaps(&[&entry("v1.compute.firewalls.insert", PATH, &twice)]).1, ["duplicate-key"]);
    let payloads = format!(r#"{OPEN}, "methodName": "v1.compute.firewalls.list""#);
    let heard = hear(&entry("v1.compute.firewalls.insert", PATH, &payloads));
    assert_eq!((heard.format, heard.records), (Some("gcp/audit"), 1));
    let piece = entry_with(
        "v1.compute.firewalls.insert",
        PATH,
        OPEN,
        r#""split": {"uid": "u", "index": 0, "totalSplits": 2}"#,
    );
    assert_eq!(events_and_gaps(&[&piece]).1, ["split-entry"]);
}

#[test]
fn an_entry_without_its_request_is_told() {
    for payload in [
        "",
        r#""request": {"@type": "t"}, "response": {"status": "DONE"}"#,
        r#""request": "cut {", "response": {"status": "DONE"}"#,
    ] {
        let text = entry("v1.compute.firewalls.insert", PATH, payload);
        let (told, _) = events_and_gaps(&[&text]);
        assert!(matches!(told[0].bears, Bears::NotModelled { .. }), "{payload}: {told:?}");
    }
    let denied = entry(
        "v1.compute.firewalls.insert",
        PATH,
        r#""status": {"code": 7, "message": "PERMISSION_DENIED"}"#,
    );
    let told = events(&[&denied]);
    assert_eq!((told.len(), told[0].outcome), (1, Outcome::Denied));
}

#[test]
fn values_that_are_blotted_out_are_not_known() {
    let blotted =
        OPEN.replace(r#""network": "n""#, r#""network": "n", "sourceRanges": ["***", "[REDACTED]"]"#);
    let told = events(&[&entry("v1.compute.firewalls.insert", PATH, &blotted)]);
    let written = format!("{:?}", told[0].bears);
    assert!(written.contains("Unknown") && !written.contains("0.0.0.0/0"), "{written}");
}

#[test]
fn an_entry_has_an_id_of_its_own_where_it_has_none() {
    let text = entry("v1.compute.firewalls.insert", PATH, OPEN).replace(r#""insertId": "-k1x","#, "");
    let told = events(&[&text]);
    assert_eq!(&*told[0].id, format!("v1.compute.firewalls.insert {PATH} 2026-03-01T10:00:00.5Z"));
}

#[test]
fn checks_that_change_nothing_are_no_changes() {
    let validated = entry(
        "google.container.v1.ClusterManager.UpdateCluster",
        "projects/tailspin/zones/z/clusters/c",
        r#""request": {"validateOnly": true, "update": {"desiredMasterAuthorizedNetworksConfig": {}}}"#,
    );
    assert_eq!(events(&[&validated])[0].outcome, Outcome::Failed);
}

#[test]
fn no_text_makes_it_stumble() {
    let text = entry("v1.compute.instances.insert", PATH, OPEN);
    for end in 0..text.len() {
        if let Some(cut) = text.get(..end) {
            hear(cut);
            hear(&format!("{cut}}}}}"));
        }
    }
    let deep = "[".repeat(100).replace('[', r#"{"data": ["#);
    hear(&deep);
    hear(&format!("{}{}", r#"{"message": "#.repeat(60), "{}".to_owned() + &"}".repeat(60)));
}
