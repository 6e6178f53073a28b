//! `cloud.json` and `goog.json`: whose addresses an attacker can rent.

use cloud::{Document, Inventory as _};
use model::{DocumentId, Thresholds};
use packet::Family;

use crate::estate::{scan, scan_with};
use crate::formats::codes;

const CLOUD: &str = r#"{"syncToken": "1700000000000", "creationTime": "2026-01-01T00:00:00.0", "prefixes": [
    {"ipv4Prefix": "34.1.208.0/20", "service": "Google Cloud", "scope": "africa-south1"},
    {"ipv4Prefix": "35.219.0.0/17", "service": "Google Cloud", "scope": "asia-east1"},
    {"ipv6Prefix": "2600:1900:8000::/44", "service": "Google Cloud", "scope": "asia-east1"}]}"#;
const GOOG: &str = r#"{"syncToken": "1", "creationTime": "2026-01-01T00:00:00.0", "prefixes": [{"ipv4Prefix": "8.8.4.0/24"}, {"ipv6Prefix": "2001:4860::/32"}]}"#;

#[test]
fn scopes_of_customers_are_pools() {
    for answer in
        [scan(&[CLOUD]), scan_with(&[""; 0], Some(CLOUD)), scan(&[CLOUD, GOOG]), scan(&[GOOG, CLOUD])]
    {
        let counts: Vec<String> =
            answer.snapshot.rentable.iter().map(|set| set.count(Family::V4).to_string()).collect();
        assert_eq!(counts, ["4096", "32768"]);
        assert_eq!(codes(&answer), [""; 0]);
    }
    let reading = &scan(&[CLOUD]).readings[0];
    assert_eq!(reading.format, Some("gcp/cloud-ranges"));
    assert_eq!(reading.catalogue, Some(("cloud-ranges", "2026-01-01T00:00:00.0".to_owned())));
    assert_eq!(scan(&[GOOG]).readings[0].format, Some("gcp/cloud-ranges"));
    assert!(scan(&[GOOG]).snapshot.rentable.is_empty());
}

#[test]
fn damage_of_a_catalogue_is_told() {
    assert_eq!(codes(&scan(&[CLOUD.replace("34.1.208.0/20", "34.1.208.0/99")])), ["unreadable-prefix"]);
    assert_eq!(
        codes(&scan(&[CLOUD.replace("\"scope\": \"africa-south1\"", "\"x\": 1")])),
        ["unreadable-prefix"]
    );
    assert_eq!(codes(&scan(&[CLOUD, CLOUD])), ["two-catalogues"]);
    let cut = &CLOUD[..CLOUD.len() - 60];
    let answer = scan(&[cut]);
    assert_eq!(codes(&answer), ["malformed-json"]);
    assert!(answer.snapshot.rentable.is_empty());
}

#[test]
fn in_the_role_of_a_catalogue_only_one_is_taken() {
    let mut inventory = gcp::Inventory::new();
    for text in [
        r#"{"kind": "compute#networkList"}"#,
        r#"{"syncToken": "1", "prefixes": [{"ip_prefix": "3.5.0.0/16", "region": "x", "service": "EC2"}]}"#,
        "x",
    ] {
        let reading = inventory.read_catalogue(&Document { id: DocumentId(0), path: "x", text });
        assert_eq!(reading.format, None, "{text}");
    }
    assert!(inventory.snapshot(Thresholds::STANDARD).rentable.is_empty());
}
