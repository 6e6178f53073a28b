//! Google's Policy Library: fixtures of its constraints, where a fixture's name says what the constraint answers.
//!
//! The constraints' programs are not in the corpus. An asset is read by itself: the peer looks at one at a time, too.

use std::collections::BTreeSet;

use packet::Protocol;
use serde_json::Value;

use crate::Corpus;
use crate::ledger::{Outcome, Page, is_equal};
use crate::scan::{Question, Scan};

const FIXTURES: &str = "gcp/cai-policy-library/GoogleCloudPlatform__policy-library/validator/test/fixtures";

pub(crate) fn page(corpus: &Corpus) -> Page {
    let mut page = Page::default();
    let root = corpus.root.join(FIXTURES);
    let mut with_assets = BTreeSet::new();
    for file in corpus.files(FIXTURES) {
        let place = file.strip_prefix(&root).unwrap().to_string_lossy().replace("/data.json", "");
        let fixture = place.split('/').next().unwrap().to_owned();
        match about(&place) {
            Err(code) => page.take(&place, &fixture, "", Outcome::Beyond(code), None),
            Ok(asked) => {
                for asset in corpus.json(&format!("{FIXTURES}/{place}/data.json")).as_array().unwrap() {
                    compare(&mut page, &fixture, asset, asked);
                }
            }
        }
        with_assets.insert(fixture);
    }
    for folder in std::fs::read_dir(&root).unwrap() {
        let fixture = folder.unwrap().file_name().to_string_lossy().into_owned();
        if !with_assets.contains(&fixture) {
            page.take(
                &fixture,
                "constraints without their assets",
                "",
                Outcome::Beyond("no-recording"),
                None,
            );
        }
    }
    page
}

/// What a constraint asks of one asset: whether it is violated, and the same as a question.
type Asked = fn(&str) -> (bool, Question);

fn about(place: &str) -> Result<Asked, &'static str> {
    match place {
        // Is every port of TCP or UDP open?
        "restricted_firewall_rules/assets/protocol_and_all_ports" => Ok(|name| {
            let protocol = if name.contains("-udp-") { Protocol::UDP } else { Protocol::TCP };
            (!name.ends_with("-no-violation"), Question::EveryPort(protocol))
        }),
        // Has it a public address?
        "sql_public_ip/assets" => Ok(|name| (name.starts_with("public-"), Question::Anyone)),
        other if other.starts_with("restricted_firewall_rules/") => Err("unstated"),
        other => {
            assert!(!ABOUT_WAYS.iter().any(|fixture| other.starts_with(fixture)), "`{other}` has assets now");
            Err("another-subject")
        }
    }
}

/// Fixtures that ask about ways in, of which the corpus has the constraints only.
const ABOUT_WAYS: [&str; 4] = [
    "compute_network_interface/",
    "gke_enable_private_endpoint/",
    "gke_master_authorized_networks_enabled/",
    "gke_private_cluster/",
];

fn compare(page: &mut Page, fixture: &str, asset: &Value, asked: Asked) {
    let name = asset["name"].as_str().unwrap().rsplit('/').next().unwrap();
    let (detects, question) = asked(name);
    let scan = Scan::of_values(&gcp::CLOUD, &[Value::Array(vec![asset.clone()])]);
    let answer = scan.answer(&question, None);
    let ours = format!("{}: {}", answer.word(), scan.told(&question, None, 3));
    let reason = match name {
        "cf-test-fw-rule-tcp-all-port-range1" => Some("port-zero"),
        _ if fixture == "sql_public_ip" && detects => Some("nobody-authorized"),
        _ => None,
    };
    let outcome = Outcome::Compared { is_equal: is_equal(detects, answer), ours };
    let says = if detects { "detect" } else { "none" };
    page.take(&format!("{fixture} / {name}"), fixture, says, outcome, reason);
}
