//! The asset inventory: exports, lists, searches, feeds, and the text in which each of them comes.

use crate::estate::{API, firewall, instance, network, scan};
use crate::formats::{codes, is_whole};

fn asset(kind: &str, path: &str, data: &str) -> String {
    format!(
        r#"{{"name": "//compute.googleapis.com/{path}", "assetType": "compute.googleapis.com/{kind}", "resource": {{"version": "v1", "discoveryName": "{kind}", "parent": "//cloudresourcemanager.googleapis.com/projects/123", "data": {data}, "location": "global"}}, "ancestors": ["projects/123", "organizations/5"], "updateTime": "2026-01-02T00:00:00Z"}}"#
    )
}

fn rule(source: &str) -> String {
    asset("Firewall", "projects/p/global/firewalls/f", &firewall("f", "n", &format!("tcp 22 {source}")))
}

fn net() -> String {
    asset("Network", "projects/p/global/networks/n", &network("n"))
}

fn vm() -> String {
    asset("Instance", "projects/p/zones/europe-west1-b/instances/vm", &instance("vm", "n", "203.0.113.5"))
}

fn snake(asset: &str) -> String {
    asset
        .replace("assetType", "asset_type")
        .replace("discoveryName", "discovery_name")
        .replace("updateTime", "update_time")
}

/// A table has what the API says as a text.
fn row(asset: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(asset).unwrap();
    let mut value = value;
    let data = value["resource"]["data"].to_string();
    value["resource"]["data"] = data.into();
    value.to_string()
}

#[test]
fn exports_lists_searches_and_tables_are_one() {
    let open = ["vm exposed tcp/22 any 3702185728 / -"];
    let all = [net(), rule("0.0.0.0/0"), vm()];
    let search = |asset: &str| {
        let mut value: serde_json::Value = serde_json::from_str(asset).unwrap();
        let data = value["resource"]["data"].take();
        let Some(object) = value.as_object_mut() else { panic!("no object") };
        object.remove("resource");
        value["versionedResources"] = serde_json::json!([{"version": "v1", "resource": data}]);
        value["project"] = "projects/123".into();
        value.to_string()
    };
    for text in [
        format!("[{}]", all.join(",")),
        all.join("\n"),
        format!(r#"{{"readTime": "2026-01-02T00:00:00Z", "assets": [{}]}}"#, all.join(",")),
        snake(&all.join("\n")),
        all.iter().map(|asset| row(asset)).collect::<Vec<_>>().join("\n"),
        format!(
            r#"{{"results": [{}]}}"#,
            all.iter().map(|asset| search(asset)).collect::<Vec<_>>().join(",")
        ),
    ] {
        let answer = scan(&[text.as_str()]);
        is_whole(&answer, "gcp/asset-inventory", 3);
        answer.check(&open);
    }
}

#[test]
fn an_asset_and_a_list_say_the_same() {
    let listed = format!(
        "[{}, {}, {}]",
        network("n"),
        firewall("f", "n", "tcp 22 0.0.0.0/0")
            .replace("www.googleapis.com/compute/v1", "compute.googleapis.com/compute/beta"),
        instance("vm", "n", "203.0.113.5")
    );
    // The inventory leaves out what has its default, and numbers may be texts.
    let lean = rule("0.0.0.0/0")
        .replace(r#""disabled": false, "#, "")
        .replace(r#""description": "", "#, "")
        .replace("1000", "\"1000\"");
    let vm = vm().replace(r#""serviceAccounts": [], "#, "");
    for order in [[&listed, &lean, &vm], [&vm, &lean, &listed]] {
        let answer = scan(&order);
        assert_eq!(codes(&answer), [""; 0], "{:?}", answer.readings);
        answer.check(&["vm exposed tcp/22 any 3702185728 / -"]);
    }
}

#[test]
fn assets_without_what_the_api_says_are_no_input() {
    let bare = r#"{"name": "//compute.googleapis.com/projects/p/global/firewalls/f", "assetType": "compute.googleapis.com/Firewall", "ancestors": ["projects/123"]}"#;
    for text in [
        format!("[{bare}, {bare}]"),
        bare.replace("\"ancestors\"", "\"iamPolicy\": {}, \"ancestors\""),
        format!(r#"{{"results": [{bare}]}}"#),
        bare.replace("\"ancestors\"", "\"resource\": {\"version\": \"v1\"}, \"ancestors\""),
        bare.replace("\"ancestors\"", "\"resource\": {\"data\": \"{\"}, \"ancestors\""),
    ] {
        let answer = scan(&[text.as_str()]);
        assert_eq!(
            (answer.readings[0].format, codes(&answer)),
            (Some("gcp/asset-inventory"), vec!["not-an-input"]),
            "{text}"
        );
    }
}

fn state(source: Option<&str>, start: &str) -> String {
    let window = format!(r#""window": {{"startTime": "{start}"}}"#);
    match source {
        Some(source) => format!(
            r#"{{"asset": {}, {window}, "priorAssetState": "PRESENT", "priorAsset": {}}}"#,
            rule(source),
            rule("9.9.9.9")
        ),
        None => format!(
            r#"{{"asset": {{"name": "//compute.googleapis.com/projects/p/global/firewalls/f", "assetType": "compute.googleapis.com/Firewall"}}, {window}, "deleted": true}}"#
        ),
    }
}

/// The state that began last counts, in any order and in any wrapping.
#[test]
fn feeds_are_read_in_time() {
    let [first, second, gone] = [
        state(Some("0.0.0.0/0"), "2026-01-03T00:00:00.000001Z"),
        state(Some("8.8.8.8"), "2026-01-04T00:00:00Z"),
        state(None, "2026-01-05T00:00:00Z"),
    ];
    // Another rule: where there is none at all, nobody knows whether there are others.
    let inner = asset("Firewall", "projects/p/global/firewalls/g", &firewall("g", "n", "tcp 80 10.0.0.0/8"));
    let around = format!("[{}, {}, {inner}]", net(), vm());
    for (states, expected) in [
        (vec![&first], Some("vm exposed tcp/22 any 3702185728 / -")),
        (vec![&first, &second], Some("vm exposed tcp/22 narrow 1 / -")),
        (vec![&second, &first], Some("vm exposed tcp/22 narrow 1 / -")),
        (vec![&first, &gone, &second], None),
        (vec![&gone, &second, &first], None),
    ] {
        let lines: Vec<&str> = states.iter().map(|state| state.as_str()).collect();
        for text in [
            lines.join("\n"),
            format!(r#"{{"assets": [{}]}}"#, lines.join(",")),
            lines.iter().map(|line| pushed(line)).collect::<Vec<_>>().join("\n"),
            format!(
                r#"{{"receivedMessages": [{}]}}"#,
                lines.iter().map(|line| pushed(line)).collect::<Vec<_>>().join(",")
            ),
        ] {
            let answer = scan(&[around.as_str(), text.as_str()]);
            assert_eq!(answer.readings[1].format, Some("gcp/asset-feed"), "{text}");
            assert_eq!(codes(&answer), [""; 0], "{text}: {:?}", answer.readings);
            answer.check(expected.as_slice());
        }
    }
}

fn pushed(text: &str) -> String {
    format!(
        r#"{{"message": {{"data": "{}", "messageId": "1"}}, "subscription": "projects/p/subscriptions/s"}}"#,
        encoded(text)
    )
}

fn encoded(text: &str) -> String {
    let figure = |bits: u32| {
        char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[(bits & 63) as usize])
    };
    let group = |bytes: &[u8]| {
        let bits =
            (0..3).fold(0_u32, |bits, place| bits << 8 | u32::from(bytes.get(place).copied().unwrap_or(0)));
        let figures = [18, 12, 6, 0].map(|shift| figure(bits >> shift));
        figures
            .into_iter()
            .take(bytes.len() + 1)
            .chain("==".chars().take(3 - bytes.len()))
            .collect::<String>()
    };
    text.as_bytes().chunks(3).map(group).collect()
}

#[test]
fn what_only_a_past_state_says_is_not_told() {
    let odd = state(Some("nonsense"), "2026-01-03T00:00:00Z");
    let good = state(Some("8.8.8.8"), "2026-01-04T00:00:00Z");
    assert_eq!(codes(&scan(&[format!("{odd}\n{good}")])), [""; 0]);
    assert_eq!(codes(&scan(&[format!("{good}\n{odd}")])), [""; 0]);
    assert!(!codes(&scan(&[odd])).is_empty());
}

/// An asset and the links of its resource may name one thing by two paths.
#[test]
fn what_is_gone_is_known_by_the_path_of_its_kind() {
    let name = "//container.googleapis.com/projects/p/zones/europe-west1-b/clusters/c";
    let cluster = format!(
        r#"{{"asset": {{"name": "{name}", "assetType": "container.googleapis.com/Cluster", "resource": {{"data": {{"name": "c", "endpoint": "203.0.113.9", "currentMasterVersion": "1.30", "selfLink": "https://container.googleapis.com/v1/projects/p/locations/europe-west1-b/clusters/c"}}}}}}, "window": {{"startTime": "2026-01-01T00:00:00Z"}}}}"#
    );
    let gone = format!(
        r#"{{"asset": {{"name": "{name}", "assetType": "container.googleapis.com/Cluster"}}, "deleted": true, "window": {{"startTime": "2026-01-02T00:00:00Z"}}}}"#
    );
    assert_eq!(scan(&[&cluster]).snapshot.targets.len(), 1);
    for text in [format!("{cluster}\n{gone}"), format!("{gone}\n{cluster}")] {
        let answer = scan(&[text]);
        assert_eq!((answer.snapshot.targets.len(), answer.codes()), (0, Vec::new()));
    }
}

/// A list says no time: whether it is older than a deletion nobody knows.
#[test]
fn what_is_deleted_and_listed_is_told() {
    let listed = firewall("f", "n", "tcp 22 8.8.8.8");
    let around = format!("[{}, {}, {listed}]", net(), vm());
    let gone = state(None, "2026-01-05T00:00:00Z");
    for documents in [[&around, &gone], [&gone, &around]] {
        let answer = scan(&documents);
        assert_eq!(answer.codes(), ["contradicting-documents"]);
        answer.check(&["vm exposed tcp/22 narrow 1 / -"]);
    }
    let again = state(Some("8.8.8.8"), "2026-01-06T00:00:00Z");
    let answer = scan(&[&around, &gone, &again]);
    assert!(!answer.codes().contains(&"contradicting-documents"), "{:?}", answer.codes());
}

#[test]
fn a_deletion_without_a_time_is_told() {
    let text = state(None, "2026-01-05T00:00:00Z").replace("startTime", "endTime");
    assert_eq!(codes(&scan(&[text])), ["missing-field"]);
}

#[test]
fn effective_answers_name_their_subject_or_their_recording_does() {
    let rule = firewall("f", "n", "tcp 22 0.0.0.0/0");
    let body = format!(r#"{{"firewalls": [{rule}]}}"#);
    is_whole(&scan(&[body.as_str()]), "gcp/effective-firewalls", 1);
    let named = format!(
        r#"{{"network": "{API}projects/p/global/networks/n", "firewalls": [{rule}], "firewallPolicys": []}}"#
    );
    is_whole(&scan(&[named.as_str()]), "gcp/effective-firewalls", 1);
    let recorded = |body: &str| {
        format!(
            r#"{{"headers": {{"status": "200", "content-location": "https://compute.googleapis.com/compute/v1/projects/p/global/networks/n/getEffectiveFirewalls?alt=json"}}, "body": {body}}}"#
        )
    };
    is_whole(&scan(&[recorded(&body)]), "gcp/recorded", 1);
    is_whole(&scan(&[recorded("{}")]), "gcp/recorded", 1);
}
