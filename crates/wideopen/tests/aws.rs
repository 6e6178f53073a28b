//! Inputs of AWS as a person gives them: alone, beside Azure, with and without its ranges; exit code, standard output,
//! standard error.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

const FORMATS: [&str; 8] = ["table", "short", "json", "jsonl", "sarif", "csv", "md", "junit"];
const ACCOUNT: &str = "111122223333";

/// A group with one rule, as `aws ec2 describe-security-groups` prints it.
fn groups(id: &str, source: &str, port: u16) -> Value {
    json!({"SecurityGroups": [{
        "GroupId": id, "GroupName": "web", "VpcId": "vpc-0a1b2c3d4e5f60718", "OwnerId": ACCOUNT, "Description": "web",
        "IpPermissions": [{
            "IpProtocol": "tcp", "FromPort": port, "ToPort": port, "UserIdGroupPairs": [],
            "IpRanges": [{"CidrIp": source}], "Ipv6Ranges": [], "PrefixListIds": []
        }],
        "IpPermissionsEgress": []
    }]})
}

/// The same group of Azure.
fn azure(source: &str, port: &str) -> Value {
    json!([{
        "id": "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/networkSecurityGroups/nsg-web",
        "name": "nsg-web", "resourceGroup": "rg",
        "securityRules": [{
            "name": "allow", "priority": 100, "direction": "Inbound", "access": "Allow", "protocol": "Tcp",
            "sourceAddressPrefix": source, "sourcePortRange": "*",
            "destinationAddressPrefix": "*", "destinationPortRange": port
        }]
    }])
}

/// A group that lets in a prefix list that AWS keeps, and the list without its entries.
fn managed() -> [Value; 2] {
    let mut group = groups("sg-0a1b2c3d4e5f60719", "10.0.0.0/8", 443);
    group["SecurityGroups"][0]["IpPermissions"][0]["PrefixListIds"] =
        json!([{"PrefixListId": "pl-a3a144ca"}]);
    let list = json!({"PrefixLists": [{
        "PrefixListId": "pl-a3a144ca", "AddressFamily": "IPv4", "State": "create-complete", "OwnerId": "AWS",
        "PrefixListArn": "arn:aws:ec2:eu-central-1:aws:prefix-list/pl-a3a144ca",
        "PrefixListName": "com.amazonaws.global.cloudfront.origin-facing"
    }]});
    [group, list]
}

fn ranges() -> Value {
    json!({
        "syncToken": "1762992185", "createDate": "2025-11-13-00-03-05",
        "prefixes": [
            {"ip_prefix": "13.32.0.0/15", "region": "GLOBAL", "service": "CLOUDFRONT_ORIGIN_FACING", "network_border_group": "GLOBAL"},
            {"ip_prefix": "3.64.0.0/12", "region": "eu-central-1", "service": "EC2", "network_border_group": "eu-central-1"}
        ],
        "ipv6_prefixes": []
    })
}

struct Inputs {
    folder: TempDir,
}

impl Inputs {
    fn new() -> Self {
        let inputs = Self { folder: tempfile::tempdir().unwrap() };
        inputs.put("open.json", &groups("sg-0a1b2c3d4e5f60718", "0.0.0.0/0", 22));
        inputs.put("clean.json", &groups("sg-0a1b2c3d4e5f60718", "10.0.0.0/8", 22));
        inputs.put("ip-ranges.json", &ranges());
        inputs
    }

    fn put(&self, name: &str, content: &Value) {
        let path = self.folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{content:#}")).unwrap();
    }

    fn write(&self, name: &str, content: &str) {
        fs::write(self.folder.path().join(name), content).unwrap();
    }

    /// Runs in the folder, without what the machine's environment may say.
    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = bare(self.folder.path(), arguments);
        command.env("XDG_CONFIG_HOME", self.folder.path().join("no-such-folder"));
        command
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

/// The same rule in every form in which people have it is the same finding, with the same id and fingerprint.
#[test]
fn every_form_of_a_group_is_read_alike() {
    let inputs = Inputs::new();
    let described = groups("sg-0a1b2c3d4e5f60718", "0.0.0.0/0", 22);
    let group = &described["SecurityGroups"][0];
    let configuration = json!({
        "groupId": group["GroupId"], "groupName": "web", "vpcId": group["VpcId"], "ownerId": ACCOUNT, "description": "web",
        "ipPermissions": [{
            "ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "userIdGroupPairs": [],
            "ipv4Ranges": [{"cidrIp": "0.0.0.0/0"}], "ipRanges": ["0.0.0.0/0"], "ipv6Ranges": [], "prefixListIds": []
        }],
        "ipPermissionsEgress": []
    });
    let item = json!({
        "version": "1.3", "accountId": ACCOUNT, "awsAccountId": ACCOUNT, "awsRegion": "eu-central-1",
        "configurationItemStatus": "OK", "resourceType": "AWS::EC2::SecurityGroup", "resourceId": group["GroupId"],
        "configuration": configuration
    });
    let forms = [
        ("describe", described.clone()),
        ("snapshot", json!({"fileVersion": "1.0", "configSnapshotId": "c", "configurationItems": [item]})),
        ("query", json!({"Results": [item.to_string()], "QueryInfo": {"SelectFields": []}})),
        ("recorded", json!({"status_code": 200, "data": described})),
    ];
    let whole = inputs.scan(&["open.json"]);
    assert_eq!(whole["findings"].as_array().unwrap().len(), 1, "{whole}");
    for (name, document) in forms {
        inputs.put("form.json", &document);
        let result = inputs.scan(&["form.json"]);
        let format = result["run"]["inputs"][0]["format"].as_str().unwrap_or_default();
        assert!(format.starts_with("aws/"), "{name}: {format}");
        assert_eq!(result["exposures"][0]["fingerprint"], whole["exposures"][0]["fingerprint"], "{name}");
        assert_eq!(result["findings"][0]["id"], whole["findings"][0]["id"], "{name}");
        assert_eq!(result["exposures"][0]["scope"], ACCOUNT, "{name}");
    }
}

/// Exit codes, the same for every format: clean, findings, incomplete, wrong usage, and what wins.
#[test]
fn scan_ends_alike_in_every_format() {
    let inputs = Inputs::new();
    let mut page = groups("sg-0a1b2c3d4e5f60720", "10.0.0.0/8", 22);
    page["NextToken"] = "eyJ2IjoiMSJ9".into();
    inputs.put("page.json", &page);
    inputs.put("empty.json", &json!({"SecurityGroups": []}));
    let text = groups("sg-0a1b2c3d4e5f60718", "0.0.0.0/0", 22).to_string();
    inputs.write("truncated.json", &text[..text.len() - 20].replace("60718", "60721"));
    let table: &[(&[&str], i32)] = &[
        (&["clean.json"], 0),
        (&["empty.json"], 0),
        (&["open.json"], 1),
        (&["page.json"], 3),
        (&["truncated.json"], 3),
        (&["open.json", "page.json"], 1),
        (&["open.json", "nowhere.json"], 2),
        (&["open.json", "--scope", "999999999999"], 2),
        (&["clean.json", "--ranges", "nowhere.json"], 2),
        (&["clean.json", "--ranges", "open.json"], 3),
        (&["clean.json", "--ranges", "ip-ranges.json"], 0),
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
fn every_sink_names_the_finding_of_a_group() {
    let inputs = Inputs::new();
    let id = inputs.scan(&["open.json"])["findings"][0]["id"].as_str().unwrap().to_owned();
    for format in FORMATS {
        let told = out(&inputs.run(&["scan", "open.json", "-q", "-f", format]));
        assert!(told.contains(&id), "{format}: {told}");
    }
    let explained = inputs.run(&["explain", &id, "open.json"]);
    assert_eq!((code(&explained), err(&explained).as_str()), (0, ""));
    assert!(out(&explained).lines().all(|line| line.chars().count() <= 80), "{}", out(&explained));
}

/// An inventory without a resource says nothing, not even that something is missing.
#[test]
fn a_cloud_that_is_not_in_the_input_is_not_spoken_of() {
    let inputs = Inputs::new();
    inputs.put("nsgs.json", &azure("0.0.0.0/0", "22"));
    inputs.put("none.json", &json!([]));
    let about = |files: &[&str]| {
        let result = inputs.scan(files);
        let missing = texts(&result["run"]["missing"]).join("\n");
        let kinds: Vec<String> = result["coverage"].as_object().unwrap().keys().cloned().collect();
        (missing.contains("`az "), missing.contains("`aws "), kinds)
    };
    assert_eq!(about(&["nsgs.json"]), (true, false, vec!["network-security-group".to_owned()]));
    assert_eq!(about(&["open.json"]), (false, true, vec!["security-group".to_owned()]));
    let both = vec!["network-security-group".to_owned(), "security-group".to_owned()];
    assert_eq!(about(&["nsgs.json", "open.json"]), (true, true, both));
    let nothing = about(&["none.json"]);
    assert!(!nothing.0 && !nothing.1, "{nothing:?}");
}

/// Two clouds in one folder: findings of both by severity, each scope a run of code scanning, controls of its own cloud.
#[test]
fn two_clouds_are_told_together() {
    let inputs = Inputs::new();
    inputs.put("estate/azure/nsgs.json", &azure("0.0.0.0/0", "443"));
    inputs.put("estate/aws/groups.json", &groups("sg-0a1b2c3d4e5f60718", "0.0.0.0/0", 22));
    let result = inputs.scan(&["estate"]);
    let told: Vec<_> = result["findings"].as_array().unwrap().iter().map(|one| &one["severity"]).collect();
    assert_eq!(told, ["high", "info"], "the worst first, whichever cloud it is of");
    let clouds: Vec<_> = result["exposures"].as_array().unwrap().iter().map(|one| &one["cloud"]).collect();
    assert_eq!(clouds, ["azure", "aws"]);
    for (finding, own, other) in [(0, "CIS AWS", "CIS Azure"), (1, "CIS Azure", "CIS AWS")] {
        let controls = result["findings"][finding]["controls"].as_array().unwrap();
        let names = |framework: &str| controls.iter().any(|control| control["framework"] == framework);
        assert!(names(own) && !names(other), "{controls:?}");
    }
    let sarif = inputs.run(&["scan", "estate", "-q", "-f", "sarif"]);
    let sarif: Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let runs = sarif["runs"].as_array().unwrap();
    let ids: Vec<_> = runs.iter().map(|run| &run["automationDetails"]["id"]).collect();
    assert_eq!(ids, ["wideopen/111122223333/", "wideopen/s/"]);
    for (run, own, other) in [(&runs[0], "CIS AWS", "CIS Azure"), (&runs[1], "CIS Azure", "CIS AWS")] {
        let controls = run["tool"]["driver"]["rules"][0]["properties"]["controls"].to_string();
        assert!(controls.contains(own) && !controls.contains(other), "{controls}");
    }
    assert_eq!(code(&inputs.run(&["scan", "estate"])), 1);
    assert_eq!(code(&inputs.run(&["scan", "estate", "--scope", "s"])), 0, "the other cloud is left out");
    assert_eq!(code(&inputs.run(&["scan", "estate", "--scope", ACCOUNT])), 1);
    let test =
        |to: &str| code(&inputs.run(&["test", "--from", "8.8.8.8", "--to", to, "--port", "23", "estate"]));
    assert_eq!((test("nsg-web"), test("sg-0a1b2c3d4e5f60718")), (1, 1));
}

/// Commands of two clouds that print into one stream: both are read, and each place is where it stands.
#[test]
fn one_stream_may_hold_two_clouds() {
    let inputs = Inputs::new();
    let [azure, aws] = [azure("0.0.0.0/0", "443"), groups("sg-0a1b2c3d4e5f60718", "0.0.0.0/0", 22)];
    for stream in [format!("{azure}\n{aws}\n"), format!("{aws}\n{azure}\n"), format!("{azure}{aws}{azure}")] {
        inputs.write("stream.json", &stream);
        let result = inputs.scan(&["stream.json"]);
        assert_eq!(codes(&result), Vec::<&str>::new(), "{stream}");
        let clouds: Vec<_> =
            result["exposures"].as_array().unwrap().iter().map(|one| &one["cloud"]).collect();
        assert_eq!(clouds, ["azure", "aws"], "{stream}");
        let line = 1 + u64::from(stream.starts_with('['));
        let line = if stream.starts_with(&format!("{azure}{aws}")) { 1 } else { line };
        assert_eq!(result["findings"][0]["provenance"]["line"], line, "{stream}");
    }
    inputs.write("stream.json", &format!("{azure}\n{{\"nothing\": \"known\"}}\n"));
    assert_eq!(codes(&inputs.scan(&["stream.json"])), ["foreign-entry"]);
}

#[test]
fn ranges_are_a_catalogue_however_they_are_given() {
    let inputs = Inputs::new();
    let [group, list] = managed();
    inputs.put("estate/groups.json", &group);
    inputs.put("estate/lists.json", &list);
    let without = inputs.scan(&["estate"]);
    assert_eq!(without["run"]["status"], "incomplete");
    assert!(without["gaps"].to_string().contains("--ranges"), "{}", without["gaps"]);
    let is_resolved = |result: &Value| {
        assert_eq!(result["run"]["catalogues"], json!({"ip-ranges": "2025-11-13-00-03-05"}));
        assert_eq!(codes(result), Vec::<&str>::new());
        let ipv4 = &result["exposures"][0]["sources"]["ipv4"];
        assert_eq!((&ipv4["addresses"], &ipv4["cidrs"]), (&json!("131072"), &json!(["13.32.0.0/15"])));
    };
    is_resolved(&inputs.scan(&["estate", "--ranges", "ip-ranges.json"]));
    is_resolved(&inputs.scan(&["estate", "ip-ranges.json"]));
    // What a file holds is seen in it, whichever flag it came by.
    is_resolved(&inputs.scan(&["estate", "--service-tags", "ip-ranges.json"]));
    let by_variable = inputs
        .command(&["scan", "estate", "-q", "-f", "json"])
        .env("WIDEOPEN_RANGES", "ip-ranges.json")
        .output()
        .unwrap();
    is_resolved(&serde_json::from_slice(&by_variable.stdout).unwrap());
    inputs.write("estate/wideopen.toml", "ranges = [\"../ip-ranges.json\"]\n");
    is_resolved(&inputs.scan(&["estate"]));
}

#[test]
fn what_is_no_catalogue_is_named() {
    let inputs = Inputs::new();
    let result = inputs.scan(&["clean.json", "--ranges", "open.json"]);
    let gap = &result["gaps"][0];
    assert_eq!((&gap["code"], &gap["where"]["path"]), (&json!("unrecognised-format"), &json!("open.json")));
    assert!(gap["message"].as_str().unwrap().contains("ip-ranges.json of AWS"), "{gap}");
    assert!(result["findings"].as_array().unwrap().is_empty(), "a catalogue is no export");
    inputs.put("other.json", &json!({"name": "not an export"}));
    let message = inputs.scan(&["other.json"])["gaps"][0]["message"].to_string();
    assert!(message.contains("az network nsg list") && message.contains("aws ec2 describe"), "{message}");
}

/// `next:` is a command that explains the finding: with what was given beside the inputs.
#[test]
fn the_next_command_gives_the_ranges_again() {
    let inputs = Inputs::new();
    let table = out(&inputs.run(&["scan", "open.json", "--ranges", "ip-ranges.json", "-q", "-f", "table"]));
    let next = table.lines().find_map(|line| line.trim().strip_prefix("next: wideopen ")).unwrap();
    assert!(next.ends_with("open.json --ranges ip-ranges.json"), "{next}");
    let words: Vec<&str> = next.split(' ').collect();
    assert_eq!(code(&inputs.run(&words)), 0, "{next}");
}

#[test]
fn help_completions_and_the_manual_know_the_ranges() {
    let inputs = Inputs::new();
    for arguments in [&["scan", "--help"][..], &["completions", "bash"], &["man"]] {
        let told = out(&inputs.run(arguments)).replace("\\-", "-");
        assert!(told.contains("--ranges"), "{arguments:?}");
    }
    assert_eq!(code(&inputs.run(&["init"])), 0);
    assert!(fs::read_to_string(inputs.folder.path().join("wideopen.toml")).unwrap().contains("# ranges = ["));
}

/// What a scan of examples prints, as it is run at the root of the repository.
fn scanned(arguments: &[&str]) -> String {
    let output = bare(&root(), &[&["scan", "--no-config", "--color", "never"], arguments].concat());
    let output = { output }.output().unwrap();
    assert_eq!(code(&output), 1, "{}", err(&output));
    out(&output).trim_end().to_owned()
}

/// An untouched copy of what the page of the example runs.
#[test]
fn northwind_is_told_as_its_page_shows() {
    let page = fs::read_to_string(root().join("examples/northwind-aws/README.md")).unwrap();
    let told = scanned(&["examples/northwind-aws", "-f", "table"]);
    assert!(page.contains(&told), "examples/northwind-aws/README.md does not show this any more:\n{told}");
}

/// One packet for each claim of the page: 0 gets in, 1 stays out.
#[test]
fn northwind_is_open_and_closed_as_its_page_says() {
    for (to, port, expected) in [
        ("jump", "22", 0),
        ("reports", "3306/tcp", 0),
        ("198.51.100.63", "50001", 0),
        ("198.51.100.63", "3389", 1),
        ("198.51.100.61", "443", 0),
        ("198.51.100.61", "8080", 1),
        ("198.51.100.20", "22", 1),
        ("198.51.100.20", "443", 0),
        ("orders", "5432", 0),
        ("orders", "5433", 1),
        ("198.51.100.26", "5432", 1),
        ("sensor", "514/udp", 0),
        ("playground", "22", 1),
        ("legacy-everything", "22", 1),
        ("northwind", "443", 0),
    ] {
        let words = [
            "test",
            "--no-config",
            "--from",
            "8.8.8.8",
            "--to",
            to,
            "--port",
            port,
            "examples/northwind-aws",
        ];
        let output = bare(&root(), &words).output().unwrap();
        assert_eq!(code(&output), expected, "{to} {port}: {}{}", out(&output), err(&output));
    }
}

/// Block Public Access is on, and one exclusion is all that keeps the account open.
#[test]
fn without_its_exclusion_northwind_is_closed() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.folder.path().join("account")).unwrap();
    for entry in fs::read_dir(root().join("examples/northwind-aws")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let text = text.replace(
            "\"State\": \"create-complete\",\n            \"Reason\"",
            "\"State\": \"delete-complete\",\n            \"Reason\"",
        );
        inputs.write(&format!("account/{name}"), &text);
    }
    let result = inputs.scan(&["account"]);
    let exposures = result["exposures"].as_array().unwrap();
    let open = exposures.iter().filter(|exposure| exposure["reach"] != "latent");
    let targets: Vec<_> = open.map(|exposure| exposure["target"]["name"].as_str().unwrap()).collect();
    assert_eq!(targets, ["northwind"]);
}
