//! Checkov and Regula on Google Cloud: rules, databases and machines that are written for Terraform, made into what `gcloud` would
//! print of them.
//!
//! Checkov looks at one resource at a time, and so is each read here; Regula looks at all rules of a network.

use packet::Protocol;
use serde_json::{Map, Value, json};

use crate::hcl;
use crate::ledger::{Outcome, Page, is_equal};
use crate::scan::{Question, Scan};
use crate::{Corpus, Expected};

const CHECKOV: &str = "peer-tests/checkov/bridgecrewio__checkov/tests/terraform/";
const REGULA: &str = "peer-tests/regula/fugue__regula/rego/tests/rules/tf/google/";
const FIREWALL: &str = "google_compute_firewall";
const DATABASE: &str = "google_sql_database_instance";
const MACHINE: &str = "google_compute_instance";
const PROJECT: &str = "terraform";

pub(crate) fn page(corpus: &Corpus) -> Page {
    let mut page = Page::default();
    let ours = |expected: &Expected| {
        expected.file.contains("/resource/gcp/") || expected.check.starts_with("graph:GCP")
    };
    let mut rows: Vec<Expected> = corpus.expected(CHECKOV).into_iter().filter(ours).collect();
    rows.extend(corpus.expected(REGULA));
    for expected in rows {
        let file = expected.file.rsplit('/').next().unwrap();
        let name = format!("{file} / {}", of_whom(&expected));
        let (outcome, why) = match asked(&expected) {
            Err(code) => (Outcome::Beyond(code), None),
            Ok(question) => {
                let scan = Scan::of_values(&gcp::CLOUD, &[world(corpus, &expected)]);
                let answer = scan.answer(&question, None);
                let ours = format!("{}: {}", answer.word(), scan.told(&question, None, 3));
                let detects = matches!(&*expected.says, "detect" | "open");
                (Outcome::Compared { is_equal: is_equal(detects, answer), ours }, reason(&name))
            }
        };
        page.take(&name, expected.check.trim_start_matches("graph:"), &expected.says, outcome, why);
    }
    page
}

/// The resource, or the port where all of a file are asked about.
fn of_whom(expected: &Expected) -> &str {
    let name = expected.resource.rsplit('.').next().unwrap();
    if name == "*" { &expected.check } else { name }
}

/// Why the two differ, for those that do.
fn reason(name: &str) -> Option<&'static str> {
    let (file, resource) = name.split_once(" / ").unwrap();
    match (file, resource) {
        ("example_CloudSQLServerNoPublicIP", "fail" | "fail_not_list") => Some("nobody-authorized"),
        ("example_GoogleComputeFirewallUnrestrictedIngress80", "allow_null") => Some("no-source"),
        (
            "GCPComputeFirewallOverlyPermissiveToAllTraffic",
            "compute-firewall-not-ok-2" | "compute-firewall-not-ok-4",
        ) => Some("bare-zero"),
        _ => None,
    }
}

/// What the check asks, or why it is not compared.
fn asked(expected: &Expected) -> Result<Question, &'static str> {
    let port = expected.check.strip_prefix("firewall_port_").unwrap_or(&expected.port);
    match port.parse() {
        Ok(port) => Ok(Question::Ports(vec![port])),
        Err(_) if expected.check == "graph:GCPComputeFirewallOverlyPermissiveToAllTraffic" => {
            Ok(Question::EveryPort(Protocol::TCP))
        }
        Err(_) => asked_by_name(expected),
    }
}

fn asked_by_name(expected: &Expected) -> Result<Question, &'static str> {
    match expected.check.trim_start_matches("graph:") {
        // Has a database, or a machine, a public address?
        "CKV_GCP_60" => Ok(Question::Anyone),
        "CKV_GCP_40" if expected.resource.starts_with("google_compute_instance.") => Ok(Question::Anyone),
        "CKV_GCP_40" | "CKV_GCP_103" | "CKV_GCP_124" | "GCPVertexWorkbenchInstanceNoPublicIp" => {
            Err("unread-kind")
        }
        "CKV_GCP_11" => Err("computed"),
        "CKV_GCP_74"
        | "CKV_GCP_76"
        | "GCPNetworkDoesNotUseDefaultFirewall"
        | "GCPProjectHasNoLegacyNetworks" => Err("no-way-asked"),
        "CKV_GCP_26"
        | "CKV_GCP_30"
        | "CKV_GCP_31"
        | "CKV_GCP_58"
        | "CKV_GCP_59"
        | "CKV_GCP_112"
        | "CKV_GCP_114"
        | "GCPContainerRegistryReposAreNotPubliclyAccessible"
        | "GCPKMSCryptoKeysAreNotPubliclyAccessible"
        | "GCPKMSKeyRingsAreNotPubliclyAccessible"
        | "subnetwork_flow_logs" => Err("another-subject"),
        other => panic!("`{other}` is not known"),
    }
}

/// Makes what `gcloud` prints of what Terraform states.
type Made = fn(&Value) -> Value;

/// What `gcloud … list --format json` prints of the resource, or of all rules where none is named.
fn world(corpus: &Corpus, expected: &Expected) -> Value {
    let path = corpus.root.join(&expected.file);
    let path = if path.is_dir() { path.join("main.tf") } else { path };
    let file = hcl::read(&corpus.text(&path));
    let is_asked = |name: &str| expected.resource == "*" || expected.resource == name;
    let kinds: [(&str, Made); 3] = [(FIREWALL, firewall), (DATABASE, database), (MACHINE, machine)];
    let listed = kinds.into_iter().flat_map(|(kind, made)| {
        let found = hcl::resources(&file, kind).into_iter().filter(|(name, _)| is_asked(name));
        found.map(|(_, resource)| made(&resource)).collect::<Vec<_>>()
    });
    let mut listed: Vec<Value> = listed.collect();
    assert!(!listed.is_empty(), "`{}` has no `{}`", expected.file, expected.resource);
    if expected.resource.starts_with(MACHINE) {
        listed.push(open_rule());
    }
    Value::Array(listed)
}

/// Lets in everybody, so that the address of a machine decides.
fn open_rule() -> Value {
    json!({"kind": "compute#firewall", "name": "open", "direction": "INGRESS", "priority": 1000,
        "network": format!("projects/{PROJECT}/global/networks/default"),
        "selfLink": format!("projects/{PROJECT}/global/firewalls/open"),
        "sourceRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "all"}]})
}

fn machine(stated: &Value) -> Value {
    let mut interface = json!({"name": "nic0", "networkIP": "10.0.0.4",
        "network": format!("projects/{PROJECT}/global/networks/default")});
    if stated["network_interface"][0]["access_config"].is_array() {
        interface["accessConfigs"] =
            json!([{"name": "external-nat", "type": "ONE_TO_ONE_NAT", "natIP": "203.0.113.10"}]);
    }
    json!({"kind": "compute#instance", "name": stated["name"], "status": "RUNNING",
        "selfLink": format!("projects/{PROJECT}/zones/us-central1-a/instances/{}", stated["labels"][1].as_str().unwrap()),
        "networkInterfaces": [interface]})
}

fn firewall(stated: &Value) -> Value {
    let network = stated["network"]["reference"].as_str().or_else(|| stated["network"].as_str()).unwrap();
    let mut rule = json!({"kind": "compute#firewall", "name": stated["name"], "direction": "INGRESS", "priority": 1000,
        "network": format!("projects/{PROJECT}/global/networks/{network}"),
        "selfLink": format!("projects/{PROJECT}/global/firewalls/{}", stated["labels"][1].as_str().unwrap())});
    let attributes = [
        ("direction", "direction"),
        ("priority", "priority"),
        ("disabled", "disabled"),
        ("source_ranges", "sourceRanges"),
        ("source_tags", "sourceTags"),
        ("target_tags", "targetTags"),
    ];
    for (key, printed) in attributes {
        if !stated[key].is_null() {
            rule[printed] = stated[key].clone();
        }
    }
    for (key, printed) in [("allow", "allowed"), ("deny", "denied")] {
        if let Some(blocks) = stated[key].as_array() {
            rule[printed] = blocks.iter().map(layer4).collect();
        }
    }
    rule
}

/// Ports are texts in an answer, and are not there where none is stated.
fn layer4(block: &Value) -> Value {
    let mut stated = Map::new();
    stated.insert("IPProtocol".to_owned(), block["protocol"].clone());
    if let Some(ports) = block["ports"].as_array() {
        let text = |port: &Value| port.as_str().map_or_else(|| port.to_string(), str::to_owned);
        stated.insert("ports".to_owned(), ports.iter().map(text).collect());
    }
    Value::Object(stated)
}

fn database(stated: &Value) -> Value {
    let settings = &stated["settings"][0];
    let configuration = &settings["ip_configuration"];
    let configuration = if configuration.is_array() { &configuration[0] } else { configuration };
    // The provider's defaults: a public address, and no network that may use it.
    let enabled = configuration["ipv4_enabled"].as_bool().unwrap_or(true);
    json!({"kind": "sql#instance", "name": stated["name"], "project": stated["project"],
        "region": stated["region"], "databaseVersion": stated["database_version"],
        "settings": {"tier": settings["tier"], "ipConfiguration": {
            "ipv4Enabled": enabled, "authorizedNetworks": [], "privateNetwork": configuration["private_network"]}}})
}
