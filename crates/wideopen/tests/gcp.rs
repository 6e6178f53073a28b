//! Inputs of Google Cloud as a person gives them: alone, beside other clouds, with and without its ranges; exit code,
//! standard output, standard error.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const FORMATS: [&str; 8] = ["table", "short", "json", "jsonl", "sarif", "csv", "md", "junit"];
const EXAMPLES: [&str; 3] = ["examples/contoso", "examples/northwind-aws", "examples/tailspin-gcp"];
const TAILSPIN: &str = "examples/tailspin-gcp";
const API: &str = "https://www.googleapis.com/compute/v1/projects/tailspin-prod";
const PROJECT: &str = "tailspin-prod";

/// A rule of the network `prod`, as `gcloud compute firewall-rules list --format json` prints it.
fn rule(source: &str, port: &str) -> Value {
    rule_called("ssh", source, port)
}

fn rule_called(name: &str, source: &str, port: &str) -> Value {
    json!({
        "allowed": [{"IPProtocol": "tcp", "ports": [port]}],
        "creationTimestamp": "2025-03-12T02:11:34.402-07:00", "description": "", "direction": "INGRESS",
        "disabled": false, "id": "3179041163912845411", "kind": "compute#firewall", "logConfig": {"enable": false},
        "name": name, "network": format!("{API}/global/networks/prod"), "priority": 1000,
        "selfLink": format!("{API}/global/firewalls/{name}"), "sourceRanges": [source]
    })
}

fn network() -> Value {
    json!({
        "autoCreateSubnetworks": false, "creationTimestamp": "2025-03-12T02:10:02.118-07:00", "id": "8841093365214307125",
        "kind": "compute#network", "name": "prod", "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
        "routingConfig": {"routingMode": "REGIONAL"}, "selfLink": format!("{API}/global/networks/prod")
    })
}

fn interface(name: &str, internal: &str, external: Option<&str>) -> Value {
    let mut interface = json!({
        "fingerprint": "x1c2v3", "kind": "compute#networkInterface", "name": name, "networkIP": internal,
        "network": format!("{API}/global/networks/prod"), "stackType": "IPV4_ONLY",
        "subnetwork": format!("{API}/regions/europe-west3/subnetworks/prod")
    });
    if let Some(address) = external {
        interface["accessConfigs"] = json!([{
            "kind": "compute#accessConfig", "name": "external-nat", "natIP": address, "networkTier": "PREMIUM",
            "type": "ONE_TO_ONE_NAT"
        }]);
    }
    interface
}

fn instance(name: &str, interfaces: &[Value]) -> Value {
    json!({
        "canIpForward": false, "creationTimestamp": "2025-03-12T02:12:41.009-07:00", "id": format!("65120983341206{}", name.len()),
        "kind": "compute#instance", "machineType": format!("{API}/zones/europe-west3-a/machineTypes/e2-small"),
        "name": name, "networkInterfaces": interfaces,
        "selfLink": format!("{API}/zones/europe-west3-a/instances/{name}"), "status": "RUNNING",
        "tags": {"fingerprint": "42WmSpB8rSM="}, "zone": format!("{API}/zones/europe-west3-a")
    })
}

fn jump() -> Value {
    instance("jump", &[interface("nic0", "10.0.0.2", Some("192.0.2.10"))])
}

/// A line of an asset inventory.
fn asset(kind: &str, data: &Value) -> Value {
    let path = data["selfLink"].as_str().unwrap().split_once("/v1/").unwrap().1;
    json!({
        "name": format!("//compute.googleapis.com/{path}"), "asset_type": format!("compute.googleapis.com/{kind}"),
        "resource": {
            "version": "v1", "discovery_name": kind,
            "parent": "//cloudresourcemanager.googleapis.com/projects/518830274615", "data": data
        },
        "ancestors": ["projects/518830274615", "organizations/482910375526"], "update_time": "2025-11-14T06:12:31Z"
    })
}

/// The same of Azure, and of AWS.
fn azure() -> Value {
    json!([{
        "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-web",
        "name": "nsg-web", "resourceGroup": "rg",
        "securityRules": [{
            "name": "allow", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefix": "*", "sourcePortRange": "*", "destinationAddressPrefix": "*",
            "destinationPortRange": "443"
        }]
    }])
}

fn aws() -> Value {
    json!({"SecurityGroups": [{
        "GroupId": "sg-0a1b2c3d4e5f60718", "GroupName": "web", "VpcId": "vpc-0a1b2c3d4e5f60718",
        "OwnerId": "111122223333", "Description": "web",
        "IpPermissions": [{
            "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [],
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "PrefixListIds": []
        }],
        "IpPermissionsEgress": []
    }]})
}

fn ranges() -> Value {
    json!({
        "syncToken": "1762992185000", "creationTime": "2025-11-13T00:03:05.000000",
        "prefixes": [
            {"ipv4Prefix": "34.1.208.0/20", "service": "Google Cloud", "scope": "africa-south1"},
            {"ipv4Prefix": "34.64.0.0/12", "service": "Google Cloud", "scope": "europe-west3"},
            {"ipv6Prefix": "2600:1900:8000::/44", "service": "Google Cloud", "scope": "africa-south1"}
        ]
    })
}

struct Inputs {
    folder: TempDir,
}

impl Inputs {
    fn new() -> Self {
        let inputs = Self { folder: tempfile::tempdir().unwrap() };
        inputs.put("open.json", &json!([network(), rule("0.0.0.0/0", "22"), jump()]));
        inputs.put("clean.json", &json!([network(), rule("10.0.0.0/8", "22"), jump()]));
        inputs.put("cloud.json", &ranges());
        inputs
    }

    fn put(&self, name: &str, content: &Value) {
        self.write(name, &format!("{content:#}"));
    }

    fn write(&self, name: &str, content: &str) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// Runs in the folder, without what the machine's environment may say.
    fn run(&self, arguments: &[&str]) -> Output {
        let mut command = bare(self.folder.path(), arguments);
        command.env("XDG_CONFIG_HOME", self.folder.path().join("no-such-folder"));
        command.output().unwrap()
    }

    fn scan(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[&["scan", "-q", "-f", "json"], arguments].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {}", err(&output)))
    }
}

fn bare(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wideopen"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WIDEOPEN_")) {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).env_remove("NO_COLOR");
    command
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn texts(list: &Value) -> Vec<String> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect()
}

fn codes(result: &Value) -> Vec<&str> {
    result["gaps"].as_array().unwrap().iter().map(|gap| gap["code"].as_str().unwrap()).collect()
}

/// The same network in every form in which people have it is the same finding, with the same id and fingerprint.
#[test]
fn every_form_of_a_rule_is_read_alike() {
    let inputs = Inputs::new();
    let (rule, jump, network) = (rule("0.0.0.0/0", "22"), jump(), network());
    let lines = [("Network", &network), ("Firewall", &rule), ("Instance", &jump)];
    let lines: Vec<String> = lines.iter().map(|(kind, data)| asset(kind, data).to_string()).collect();
    let page = |kind: &str, of: &str, items: Value| json!({"kind": kind, "id": format!("projects/{PROJECT}/{of}"), "items": items, "selfLink": format!("{API}/{of}")});
    let pages = [
        page("compute#networkList", "global/networks", json!([network])),
        page("compute#firewallList", "global/firewalls", json!([rule])),
        page(
            "compute#instanceAggregatedList",
            "aggregated/instances",
            json!({
                "zones/europe-west3-a": {"instances": [jump]},
                "zones/europe-west3-b": {"warning": {"code": "NO_RESULTS_ON_PAGE", "message": "There are no results."}}
            }),
        ),
    ];
    let whole = inputs.scan(&["open.json"]);
    assert_eq!(whole["findings"].as_array().unwrap().len(), 1, "{whole}");
    assert_eq!(whole["exposures"][0]["reach"], "exposed");
    assert_eq!(whole["exposures"][0]["scope"], PROJECT);
    let forms = [
        ("lines of assets", lines.join("\n")),
        ("lines in another order", lines.iter().rev().map(String::as_str).collect::<Vec<_>>().join("\n")),
        ("a list of assets", format!("[{}]", lines.join(","))),
        ("pages of the API", pages.iter().map(Value::to_string).collect::<String>()),
    ];
    for (name, text) in forms {
        inputs.write("form.json", &text);
        let result = inputs.scan(&["form.json"]);
        let format = result["run"]["inputs"][0]["format"].as_str().unwrap_or_default();
        assert!(format.starts_with("gcp/"), "{name}: {format}: {}", result["gaps"]);
        assert_eq!(result["exposures"][0]["fingerprint"], whole["exposures"][0]["fingerprint"], "{name}");
        assert_eq!(result["findings"][0]["id"], whole["findings"][0]["id"], "{name}");
        assert_eq!(codes(&result), [""; 0], "{name}: {}", result["gaps"]);
    }
}

/// Exit codes, the same for every format: clean, findings, incomplete, wrong usage, and what wins.
#[test]
fn scan_ends_alike_in_every_format() {
    let inputs = Inputs::new();
    inputs.put(
        "page.json",
        &json!({
            "kind": "compute#firewallList", "id": format!("projects/{PROJECT}/global/firewalls"),
            "items": [rule_called("inside", "10.0.0.0/8", "22")], "nextPageToken": "CgJzc2g="
        }),
    );
    inputs.put(
        "empty.json",
        &json!({"kind": "compute#firewallList", "id": format!("projects/{PROJECT}/global/firewalls")}),
    );
    let text = json!([rule_called("cut", "0.0.0.0/0", "22")]).to_string();
    inputs.write("truncated.json", &text[..text.len() - 20]);
    let table: &[(&[&str], i32)] = &[
        (&["clean.json"], 0),
        (&["empty.json"], 0),
        (&["open.json"], 1),
        (&["page.json"], 3),
        (&["truncated.json"], 3),
        (&["open.json", "page.json"], 1),
        (&["open.json", "nowhere.json"], 2),
        (&["open.json", "--scope", "tailspin-prd"], 2),
        (&["open.json", "--target", "jmp"], 2),
        (&["open.json", "--target", "jump"], 1),
        (&["open.json", "--scope", PROJECT], 1),
        (&["clean.json", "--ranges", "nowhere.json"], 2),
        (&["clean.json", "--ranges", "open.json"], 3),
        (&["clean.json", "--ranges", "cloud.json"], 0),
    ];
    for format in FORMATS {
        for (arguments, expected) in table {
            let output = inputs.run(&[&["scan", "-f", format], *arguments].concat());
            assert_eq!(code(&output), *expected, "{format} {arguments:?}: {}{}", out(&output), err(&output));
            assert!(!err(&output).contains("panicked"), "{}", err(&output));
        }
    }
}

#[test]
fn every_sink_names_the_finding() {
    let inputs = Inputs::new();
    let id = inputs.scan(&["open.json"])["findings"][0]["id"].as_str().unwrap().to_owned();
    for format in FORMATS {
        let told = out(&inputs.run(&["scan", "open.json", "-q", "-f", format]));
        assert!(told.contains(&id), "{format}: {told}");
    }
    let explained = inputs.run(&["explain", &id, "open.json"]);
    assert_eq!((code(&explained), err(&explained).as_str()), (0, ""));
    assert!(out(&explained).contains("192.0.2.10"), "{}", out(&explained));
}

/// An inventory without a resource says nothing, not even that something is missing.
#[test]
fn a_cloud_that_is_not_in_the_input_is_not_spoken_of() {
    let inputs = Inputs::new();
    inputs.put("nsgs.json", &azure());
    inputs.put("groups.json", &aws());
    inputs.put("rule.json", &json!([rule("0.0.0.0/0", "22")]));
    let about = |files: &[&str]| {
        let missing = texts(&inputs.scan(files)["run"]["missing"]).join("\n");
        ["`az ", "`aws ", "`gcloud "].map(|command| missing.contains(command))
    };
    assert_eq!(about(&["nsgs.json"]), [true, false, false]);
    assert_eq!(about(&["groups.json"]), [false, true, false]);
    assert_eq!(about(&["rule.json"]), [false, false, true]);
    assert_eq!(about(&["nsgs.json", "groups.json", "rule.json"]), [true; 3]);
}

/// Three clouds in one folder: findings of all by severity, each scope a run of code scanning, controls of its own cloud.
#[test]
fn three_clouds_are_told_together() {
    let inputs = Inputs::new();
    inputs.put("estate/azure/nsgs.json", &azure());
    inputs.put("estate/aws/groups.json", &aws());
    inputs.put("estate/gcp/rules.json", &json!([network(), rule("0.0.0.0/0", "22"), jump()]));
    let result = inputs.scan(&["estate"]);
    let told: Vec<_> = result["findings"].as_array().unwrap().iter().map(|one| &one["severity"]).collect();
    assert_eq!(told, ["critical", "high", "info"], "the worst first, whichever cloud it is of");
    let clouds: Vec<_> = result["exposures"].as_array().unwrap().iter().map(|one| &one["cloud"]).collect();
    assert_eq!(clouds, ["azure", "aws", "gcp"]);
    let frameworks = ["CIS Google Cloud", "CIS AWS", "CIS Azure"];
    for (finding, own) in result["findings"].as_array().unwrap().iter().zip(frameworks) {
        let controls = finding["controls"].to_string();
        for framework in frameworks {
            assert_eq!(controls.contains(framework), framework == own, "{own}: {controls}");
        }
    }
    let sarif = inputs.run(&["scan", "estate", "-q", "-f", "sarif"]);
    let sarif: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let ids: Vec<_> =
        sarif["runs"].as_array().unwrap().iter().map(|run| &run["automationDetails"]["id"]).collect();
    assert_eq!(ids, ["wideopen/111122223333/", "wideopen/s/", "wideopen/tailspin-prod/"]);
    assert_eq!(code(&inputs.run(&["scan", "estate", "--scope", PROJECT])), 1);
    assert_eq!(code(&inputs.run(&["scan", "estate", "--scope", "s"])), 0, "the others are left out");
}

/// Commands of several clouds that print into one stream: all are read, in any order.
#[test]
fn one_stream_may_hold_three_clouds() {
    let inputs = Inputs::new();
    let [azure, aws] = [azure().to_string(), aws().to_string()];
    let gcp = json!([network(), rule("0.0.0.0/0", "22"), jump()]).to_string();
    for stream in [[&azure, &aws, &gcp], [&gcp, &azure, &aws], [&aws, &gcp, &azure], [&gcp, &aws, &azure]] {
        inputs.write("stream.json", &stream.map(|text| format!("{text}\n")).concat());
        let result = inputs.scan(&["stream.json"]);
        assert_eq!(codes(&result), [""; 0], "{stream:?}");
        let clouds: Vec<_> =
            result["exposures"].as_array().unwrap().iter().map(|one| &one["cloud"]).collect();
        assert_eq!(clouds, ["azure", "aws", "gcp"], "{stream:?}");
    }
}

#[test]
fn ranges_are_a_catalogue_however_they_are_given() {
    let inputs = Inputs::new();
    let mut cluster = json!({
        "currentMasterVersion": "1.31.6-gke.1020000", "endpoint": "192.0.2.70", "location": "europe-west3", "name": "toys",
        "masterAuthorizedNetworksConfig": {"enabled": true, "gcpPublicCidrsAccessEnabled": true},
        "selfLink": "https://container.googleapis.com/v1/projects/tailspin-prod/locations/europe-west3/clusters/toys",
        "status": "RUNNING"
    });
    cluster["masterAuthorizedNetworksConfig"]["cidrBlocks"] = json!([{"cidrBlock": "203.0.113.0/28"}]);
    inputs.put("clusters.json", &json!([cluster]));
    let without = inputs.scan(&["clusters.json"]);
    assert_eq!(without["exposures"][0]["rentable"], true, "{without}");
    assert_eq!(without["exposures"][0]["sources"]["ipv4"]["grade"], "unknown", "{without}");
    let is_known = |result: &Value| {
        assert_eq!(result["run"]["catalogues"].as_object().unwrap().len(), 1, "{}", result["run"]);
        let ipv4 = &result["exposures"][0]["sources"]["ipv4"];
        assert_eq!(ipv4["cidrs"], json!(["34.1.208.0/20", "34.64.0.0/12"]), "{result}");
    };
    is_known(&inputs.scan(&["clusters.json", "--ranges", "cloud.json"]));
    is_known(&inputs.scan(&["clusters.json", "cloud.json"]));
    // What a file holds is seen in it, whichever flag it came by.
    is_known(&inputs.scan(&["clusters.json", "--service-tags", "cloud.json"]));
}

#[test]
fn what_is_no_catalogue_and_no_export_is_named() {
    let inputs = Inputs::new();
    let message = inputs.scan(&["clean.json", "--ranges", "open.json"])["gaps"][0]["message"].to_string();
    assert!(message.contains("cloud.json of Google"), "{message}");
    inputs.put("other.json", &json!({"name": "not an export"}));
    let message = inputs.scan(&["other.json"])["gaps"][0]["message"].to_string();
    for command in ["az network nsg list", "aws ec2 describe", "gcloud compute firewall-rules list"] {
        assert!(message.contains(command), "{message}");
    }
}

/// `--to` takes a machine as people call it, and as one copies it from anywhere.
#[test]
fn a_packet_is_sent_to_what_people_name() {
    let inputs = Inputs::new();
    let two = [interface("nic0", "10.0.0.3", Some("192.0.2.11")), interface("nic1", "10.0.1.3", None)];
    inputs.put("estate.json", &json!([network(), rule("0.0.0.0/0", "22"), jump(), instance("router", &two)]));
    let test = |to: &str| {
        let output = inputs.run(&["test", "estate.json", "--from", "8.8.8.8", "--to", to, "--port", "22"]);
        (code(&output), err(&output))
    };
    let path = "projects/tailspin-prod/zones/europe-west3-a/instances/jump";
    for to in [
        "jump",
        "JUMP",
        "192.0.2.10",
        path,
        &format!("https://www.googleapis.com/compute/v1/{path}"),
        &format!("//compute.googleapis.com/{path}"),
        &format!("{path}/networkInterfaces/nic0"),
        "router/nic0",
        "192.0.2.11",
    ] {
        assert_eq!(test(to), (0, String::new()), "{to}");
    }
    assert_eq!(test("router/nic1").0, 1, "nothing leads there");
    let (exit, several) = test("router");
    assert_eq!(exit, 2);
    assert!(several.contains("instances/router/networkInterfaces/nic0"), "{several}");
    assert!(several.contains("instances/router/networkInterfaces/nic1"), "{several}");
    let (exit, near) = test("jmp");
    assert_eq!(exit, 2);
    assert!(near.contains("did you mean `jump`?"), "{near}");
    let target = |wish: &str| code(&inputs.run(&["scan", "estate.json", "-q", "--target", wish]));
    for wish in [
        "jump",
        "router",
        path,
        "router/nic0",
        &format!("https://www.googleapis.com/compute/v1/{path}/networkInterfaces/nic0"),
    ] {
        assert_eq!(target(wish), 1, "{wish}");
    }
    assert_eq!(target("jmp"), 2);
}

/// What a scan of examples prints, as it is run at the root of the repository.
fn scanned(arguments: &[&str]) -> String {
    let arguments = [&["scan", "--no-config", "--color", "never"], arguments].concat();
    let output = bare(&root(), &arguments).output().unwrap();
    assert_eq!(code(&output), 1, "{}", err(&output));
    out(&output).trim_end().to_owned()
}

/// An untouched copy of what the page of the example runs.
#[test]
fn tailspin_is_told_as_its_page_shows() {
    let page = fs::read_to_string(root().join(TAILSPIN).join("README.md")).unwrap();
    let told = scanned(&[TAILSPIN, "-f", "table"]);
    assert!(page.contains(&told), "{TAILSPIN}/README.md does not show this any more:\n{told}");
}

/// One packet for each claim of the page: 0 gets in, 1 stays out.
#[test]
fn tailspin_is_open_and_closed_as_its_page_says() {
    for (to, port, expected) in [
        ("jump", "22", 0),
        ("192.0.2.10", "22", 0),
        ("reports", "22", 0),
        ("192.0.2.13", "22", 1),
        ("192.0.2.13", "443", 0),
        ("192.0.2.20", "3389", 0),
        ("192.0.2.20", "22", 1),
        ("postgres", "5432", 0),
        ("search", "9200", 0),
        ("search", "9201", 1),
        ("search", "5601", 0),
        ("192.0.2.50", "443", 0),
        ("192.0.2.50", "8080", 1),
        ("192.0.2.30", "7000/udp", 0),
        ("192.0.2.30", "8000/udp", 1),
        ("ranked", "27015/udp", 0),
        ("ranked", "22", 1),
        ("lobby", "27015/udp", 1),
        ("lobby", "22", 1),
        ("playground", "22", 0),
        ("playground", "3389", 1),
        ("playground", "icmp", 0),
        ("sensor", "514/udp", 0),
        ("orders", "5432", 0),
        ("orders", "3306", 1),
        ("ledger", "3306", 1),
        ("toys", "443", 3),
        ("build", "3389", 1),
        ("mysql", "3306", 1),
        ("warehouse", "1433", 1),
    ] {
        let words = ["test", "--no-config", "--from", "8.8.8.8", "--to", to, "--port", port, TAILSPIN];
        let output = bare(&root(), &words).output().unwrap();
        assert_eq!(code(&output), expected, "{to} {port}: {}{}", out(&output), err(&output));
    }
    let words = ["test", "--no-config", "--from", "2a00:1450::1", "--to", "edge", "--port", "22", TAILSPIN];
    assert_eq!(code(&bare(&root(), &words).output().unwrap()), 0, "over IPv6");
}

#[test]
fn the_examples_are_told_as_the_readme_shows() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let told = scanned(&[&EXAMPLES[..], &["-f", "short", "--severity", "critical"]].concat());
    assert!(readme.contains(&told), "README.md does not show this any more:\n{told}");
}

/// Several clouds in one run are what each is alone.
#[test]
fn the_examples_together_are_what_each_is_alone() {
    let lines = |folders: &[&str]| {
        let told = scanned(&[folders, &["-f", "short"]].concat());
        told.lines().map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let alone: BTreeSet<_> = EXAMPLES.iter().flat_map(|folder| lines(&[folder])).collect();
    let [azure, aws, gcp] = EXAMPLES;
    assert_eq!(lines(&[gcp, azure, aws]), alone);
}
