//! Prowler on Google Cloud: the objects of its unit tests, made into what `gcloud` would print, and what its checks say of
//! them.
//!
//! Only what a test's facts state is built, and the network that a rule always has. Knows no other tests of the peer.

use serde_json::{Value, json};

use crate::Corpus;
use crate::ledger::{Outcome, Page, is_equal};
use crate::scan::{Question, Scan};

const FOLDER: &str = "peer-tests/prowler-facts/gcp/";
const PROJECT: &str = "prowler";

pub(crate) fn page(corpus: &Corpus) -> Page {
    let mut page = Page::default();
    for expected in corpus.expected(FOLDER) {
        let facts = corpus.json(&expected.file);
        let test = facts["test"].as_str().unwrap();
        let scan = Scan::of_values(&gcp::CLOUD, &[world(&facts)]);
        let question = asked(&expected.check);
        let answer = scan.answer(&question, None);
        let ours = format!("{}: {}", answer.word(), scan.told(&question, None, 3));
        let outcome = Outcome::Compared { is_equal: is_equal(expected.says == "detect", answer), ours };
        page.take(
            &format!("{} / {test}", expected.check),
            &expected.check,
            &expected.says,
            outcome,
            reason(test),
        );
    }
    page
}

/// Why the two differ, for those that do.
fn reason(test: &str) -> Option<&'static str> {
    (test == "test_cloudsql_instance_public_ip").then_some("nobody-authorized")
}

fn asked(check: &str) -> Question {
    match check {
        "compute_firewall_rdp_access_from_the_internet_allowed" => Question::Ports(vec![3389]),
        "cloudsql_instance_public_ip" => Question::Anyone,
        other => panic!("`{other}` is not known"),
    }
}

/// What `gcloud … list --format json` prints of it.
fn world(facts: &Value) -> Value {
    let steps = facts["setup_facts"].as_array().unwrap().iter();
    let listed = steps.map(|step| match step["call"].as_str().unwrap() {
        "Firewall" => firewall(&step["args"]),
        "Instance" => database(&step["args"]),
        other => panic!("`{other}` is not known"),
    });
    listed.collect()
}

fn firewall(given: &Value) -> Value {
    let name = given["name"].as_str().unwrap();
    json!({"kind": "compute#firewall", "name": name, "id": given["id"], "direction": given["direction"],
        "network": format!("projects/{PROJECT}/global/networks/default"),
        "selfLink": format!("projects/{PROJECT}/global/firewalls/{name}"),
        "sourceRanges": given["source_ranges"], "allowed": given["allowed_rules"]})
}

fn database(given: &Value) -> Value {
    json!({"kind": "sql#instance", "name": given["name"], "project": PROJECT, "databaseVersion": given["version"],
        "ipAddresses": given["ip_addresses"],
        "settings": {"ipConfiguration": {
            "ipv4Enabled": given["public_ip"], "authorizedNetworks": given["authorized_networks"]}}})
}
