//! `ip-ranges.json`: as an input and as a catalogue.

use crate::estate::{group, scan, scan_with};

const RANGES: &str = r#"{"syncToken": "1", "createDate": "2026-08-22-15-17-05",
 "prefixes": [
  {"ip_prefix": "3.0.0.0/9", "region": "us-east-1", "service": "AMAZON", "network_border_group": "us-east-1"},
  {"ip_prefix": "3.0.0.0/15", "region": "us-east-1", "service": "EC2", "network_border_group": "us-east-1"},
  {"ip_prefix": "13.0.0.0/16", "region": "GLOBAL", "service": "CLOUDFRONT_ORIGIN_FACING", "network_border_group": "GLOBAL"}],
 "ipv6_prefixes": [
  {"ipv6_prefix": "2600:1f00::/24", "region": "us-east-1", "service": "EC2", "network_border_group": "us-east-1"}]}"#;

#[test]
fn ranges_are_known_by_content_and_named_by_their_date() {
    let answer = scan(&[RANGES]);
    assert_eq!(answer.readings[0].format, Some("aws/ip-ranges"));
    assert_eq!(answer.readings[0].catalogue, Some(("ip-ranges", "2026-08-22-15-17-05".to_owned())));
    assert_eq!((answer.readings[0].resources, answer.codes()), (0, vec![]));
    assert_eq!(answer.snapshot.rentable.len(), 2);
    let answer = scan_with(&[""; 0], Some(RANGES));
    assert_eq!(answer.readings[0].format, Some("aws/ip-ranges"));
    assert_eq!(answer.snapshot.rentable.len(), 2);
}

#[test]
fn an_export_is_no_catalogue_and_a_catalogue_of_google_is_none_of_aws() {
    let export = format!(r#"{{"SecurityGroups": [{}]}}"#, group("sg-1", &[]));
    let google = r#"{"syncToken": "1", "creationTime": "x", "prefixes": [{"ipv4Prefix": "34.0.0.0/15", "scope": "us"}]}"#;
    for text in
        [export.as_str(), google, "", "{", r#"{"prefixes": []}"#, r#"{"syncToken": "1", "prefixes": []}"#]
    {
        let answer = scan_with(&[""; 0], Some(text));
        assert_eq!(answer.readings[0].format, None, "{text}");
        assert!(answer.snapshot.targets.is_empty(), "{text}");
    }
}

#[test]
fn entries_that_cannot_be_read_are_told() {
    for (from, to) in [
        (r#""3.0.0.0/15""#, r#""3.0.0.0/33""#),
        (r#""3.0.0.0/15""#, "7"),
        (r#""service": "EC2""#, r#""service": null"#),
        (r#""region": "GLOBAL","#, ""),
    ] {
        let text = RANGES.replacen(from, to, 1);
        assert_eq!(scan(&[text.as_str()]).codes(), ["unreadable-prefix"], "{text}");
    }
    assert_eq!(scan(&[RANGES.split_at(300).0]).codes(), ["malformed-json"]);
}

#[test]
fn of_two_catalogues_the_later_one_counts() {
    let answer = scan(&[RANGES, &RANGES.replace("2026-08", "2026-09")]);
    assert_eq!(answer.codes(), ["two-catalogues"]);
    assert_eq!(answer.readings[1].catalogue, Some(("ip-ranges", "2026-09-22-15-17-05".to_owned())));
}

/// I7, I11: part of a region of EC2 that anybody can rent an address in, without a catalogue and with one.
#[test]
fn what_can_be_rented_is_known_with_the_catalogue() {
    let text = format!(r#"{{"SecurityGroups": [{}]}}"#, group("sg-1", &["tcp 22 3.0.0.0/15"]));
    let rentable = |documents: &[&str]| {
        let answer = scan(documents);
        let mut rentable = Vec::new();
        engine::exposures(&answer.snapshot, &mut |exposure, _| rentable.push(exposure.sources.rentable))
            .unwrap();
        rentable
    };
    assert_eq!(rentable(&[&text]), [false]);
    assert_eq!(rentable(&[&text, RANGES]), [true]);
}
