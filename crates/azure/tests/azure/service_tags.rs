//! Service tags with and without a catalogue (semantics A19, A20, I7, I11).

use crate::estate::{scan, scan_with, standard};

const CATALOGUE: &str = r#"{"changeNumber": 375, "cloud": "Public", "values": [
    {"name": "AzureCloud", "id": "AzureCloud", "properties": {"region": "", "addressPrefixes": ["20.0.0.0/8"]}},
    {"name": "AzureCloud.westeurope", "id": "AzureCloud.westeurope", "properties": {"region": "westeurope", "addressPrefixes": ["20.50.0.0/16"]}},
    {"name": "LogicApps", "id": "LogicApps", "properties": {"region": "", "addressPrefixes": ["40.0.0.0/24"]}},
    {"name": "Storage.WestEurope", "id": "Storage.WestEurope", "properties": {"region": "westeurope", "addressPrefixes": ["52.0.0.0/24", "2603::/32"]}}]}"#;

#[test]
fn a_catalogue_resolves_exactly() {
    let documents = standard(&["100 allow tcp storage.westeurope * 22"]);
    let answer = scan_with(&documents, Some(CATALOGUE));
    answer.check(&["nic exposed tcp/22 narrow 256 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
    let reading = answer.readings.last().unwrap();
    assert_eq!(reading.catalogue, Some(("service-tags", "2026-01-05".to_owned())));
    assert_eq!(reading.format, Some("azure/service-tags"));
    // I7: one pool for each region of the cloud, one for each shared service.
    assert_eq!(answer.snapshot.rentable.len(), 2);
}

#[test]
fn a_catalogue_among_the_inputs_is_one() {
    let mut documents = standard(&["100 allow tcp AzureCloud * 22"]);
    documents.push(CATALOGUE.to_owned());
    let answer = scan(&documents);
    answer.check(&["nic exposed tcp/22 broad 16777216 / -"]);
    assert_eq!(answer.readings[4].format, Some("azure/service-tags"));
}

/// I11: without a catalogue a rentable tag is certain, and nobody knows how large.
#[test]
fn a_rentable_tag_is_a_pool_without_a_size() {
    let answer = scan(&standard(&["100 allow tcp AzureCloud.WestEurope * 22"]));
    let exposures = answer.exposures();
    assert!(
        exposures.contains(&"nic exposed tcp/22 - / - +AzureCloud.westeurope".to_owned())
            || exposures.iter().any(|line| line.contains("+AzureCloud.westeurope")),
        "{exposures:?}"
    );
    assert_eq!(
        answer.message(),
        "`nsg`: rule `r100`: service tag `AzureCloud.westeurope` needs a catalogue of addresses: pass `--service-tags FILE`"
    );
}

#[test]
fn other_tags_are_bounds() {
    let answer = scan(&standard(&["100 allow tcp AzureMonitor * 22"]));
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["unresolved-service-tag"]);
    let answer = scan(&standard(&["100 allow tcp AzureMonitr * 22"]));
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
    assert_eq!(
        answer.message(),
        "`nsg`: rule `r100`: `AzureMonitr` is neither a prefix nor a known service tag, did you mean `AzureMonitor`?"
    );
}

/// C8: an unknown deny hides nothing.
#[test]
fn an_unknown_deny_hides_nothing() {
    let answer = scan(&standard(&["100 deny tcp AzureMonitor * 22", "110 allow tcp * * 22"]));
    answer.check(&["nic exposed possible tcp/22 any 3702258431 / -"]);
}

#[test]
fn a_known_tag_that_the_catalogue_lacks_is_told() {
    let documents = standard(&["100 allow tcp EventHub * 22"]);
    let answer = scan_with(&documents, Some(CATALOGUE));
    assert!(answer.message().ends_with("is not in the catalogue of `2026-01-05`"), "{}", answer.message());
}

#[test]
fn what_is_no_catalogue_has_no_format() {
    let answer = scan_with(&standard(&[]), Some(r#"[{"name": "nsg", "securityRules": []}]"#));
    assert_eq!(answer.readings.last().unwrap().format, None);
    assert_eq!(answer.snapshot.coverage["network-security-group"].assessed, 1);
}
