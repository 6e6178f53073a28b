//! Formats: recognised by content, every layout, and places that can be found again.

use cloud::locate;

use crate::estate::{group, rule, scan, standard};

const OPEN: &str = "100 allow tcp 0.0.0.0/0 * 22";
const LATENT: &str = "nsg latent tcp/22 any 3702258431 / -";

fn format(text: &str) -> Option<&'static str> {
    scan(&[text]).readings[0].format
}

#[test]
fn documents_of_azure_are_known_by_content() {
    assert_eq!(format("[]"), Some("azure/cli"));
    assert_eq!(format(r#"{"value": []}"#), Some("azure/rest"));
    assert_eq!(format(&group("nsg", &[])), Some("azure/cli"));
    assert_eq!(format(r#"[{"type": "Microsoft.Compute/disks", "id": "x"}]"#), Some("azure/cli"));
}

#[test]
fn documents_of_others_have_no_format_and_no_gap() {
    for text in [
        "",
        "7",
        "null",
        "{}",
        "[1, 2]",
        "# HCL\nresource \"x\" \"y\" {}",
        r#"{"SecurityGroups": [{"GroupId": "sg-1"}]}"#,
        r#"{"responses": {"200": {"description": "a page", "schema": {"value": []}}}}"#,
        r#"{"$schema": "x", "resources": [], "parameters": {}}"#,
        r#"{"nextLink": "https://example.com", "items": []}"#,
    ] {
        let answer = scan(&[text]);
        assert_eq!(answer.readings[0].format, None, "{text}");
        assert_eq!(answer.codes(), [""; 0], "{text}");
        assert_eq!(answer.snapshot.missing, [""; 0], "{text}");
    }
}

/// The REST form, a page, lines, several documents: one answer.
#[test]
fn layouts_do_not_matter() {
    let list = group("nsg", &[OPEN]);
    let one = list.trim_start_matches('[').trim_end_matches(']');
    let one = &list[1..list.len() - 1.min(list.len() - one.len())];
    let stated = rule(OPEN);
    let (name, rest) = stated.trim_end_matches('}').split_once(", ").unwrap();
    let nested = one
        .replace(&stated, &format!(r#"{name}, "properties": {{{rest}}}}}"#))
        .replace(r#""securityRules""#, r#""properties": {"securityRules""#);
    let rest_form = format!(r#"{{"value": [{nested}}}]}}"#);
    for text in [
        list.clone(),
        one.to_owned(),
        format!("{one}\r\n"),
        format!("[] {{\"value\": []}}\n{list}"),
        rest_form,
    ] {
        scan(&[&text]).check(&[LATENT]);
    }
}

#[test]
fn a_page_with_a_next_link_is_cut() {
    let text = group("nsg", &[OPEN]);
    let page = format!(r#"{{"nextLink": "https://management.azure.com/x", "value": {text}}}"#);
    let answer = scan(&[page.as_str()]);
    answer.check(&[LATENT]);
    assert_eq!(answer.codes(), ["truncated-page"]);
    let place = answer.readings[0].gaps[0].provenance.unwrap();
    assert_eq!(locate(&page, &[place.offset])[0].pointer, "");
    assert_eq!(scan(&[format!(r#"{{"nextLink": null, "value": {text}}}"#)]).codes(), [""; 0]);
}

#[test]
fn a_rule_can_be_found_in_its_document() {
    let text = group("nsg", &["100 deny tcp 8.8.8.8 * 23", OPEN]).replace("}, {", "},\n {");
    let answer = scan(&[&text]);
    let list = &answer.snapshot.lists[0];
    let offsets: Vec<u64> = list.rules.iter().filter_map(|rule| Some(rule.provenance?.offset)).collect();
    let places = locate(&text, &offsets);
    let found: Vec<_> = places.iter().map(|place| (place.line, place.pointer.as_str())).collect();
    assert_eq!(found, [(1, "/0/securityRules/0"), (2, "/0/securityRules/1")]);
}

#[test]
fn every_kind_is_counted() {
    let answer = scan(&standard(&[OPEN]));
    let counted: Vec<_> =
        answer.snapshot.coverage.iter().map(|(kind, count)| (*kind, count.assessed)).collect();
    assert_eq!(
        counted,
        [
            ("network-interface", 1),
            ("network-security-group", 1),
            ("public-ip-address", 1),
            ("subnet", 1),
            ("virtual-network", 1)
        ]
    );
    assert_eq!(answer.readings.iter().map(|reading| reading.resources).sum::<u64>(), 4);
}

#[test]
fn kinds_that_are_not_assessed_are_told_once() {
    let text = r#"[{"type": "Microsoft.Network/virtualHubs", "name": "a"}, {"type": "Microsoft.Network/virtualHubs", "name": "b"}, {"type": "Microsoft.Compute/disks", "name": "c"}]"#;
    let answer = scan(&[text]);
    assert_eq!(answer.codes(), ["unsupported-resource"]);
    assert_eq!(answer.snapshot.coverage["virtual-hub"].not_assessed, 2);
    assert_eq!(answer.snapshot.coverage["other"].not_assessed, 1);
}
