//! One interface with a public address behind a group, and records of CloudTrail that open and close it.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) const FORMATS: [&str; 9] =
    ["table", "short", "json", "jsonl", "sarif", "csv", "md", "junit", "ocsf"];

/// A folder of inputs.
pub(crate) struct Inputs {
    pub(crate) folder: TempDir,
}

impl Inputs {
    /// With a snapshot, and one log of each fate.
    pub(crate) fn new() -> Self {
        let inputs = Self { folder: tempfile::tempdir().unwrap() };
        inputs.put("snapshot.json", snapshot());
        inputs.put("clean.json", log(&[opens(1, "10.0.0.0/8")]));
        inputs.put("findings.json", log(&[opens(1, "0.0.0.0/0"), closes(2, "0.0.0.0/0")]));
        let open = log(&[opens(1, "10.0.0.0/8"), opens(2, "10.1.0.0/16")]);
        inputs.put("incomplete.json", &open[..open.len() - 40]);
        inputs
    }

    pub(crate) fn put(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.path(name), content).unwrap();
    }

    pub(crate) fn append(&self, name: &str, content: &str) {
        let mut file = fs::OpenOptions::new().append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(content.as_bytes()).unwrap();
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs in the folder, without what the machine's environment may say.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).stdin(Stdio::null()).output().unwrap()
    }

    /// Runs `detect` of logs over the snapshot.
    pub(crate) fn detect(&self, arguments: &[&str]) -> Output {
        self.run(&[&["detect", "--snapshot", "snapshot.json"], arguments].concat())
    }

    /// The result of `detect` over the snapshot.
    pub(crate) fn result(&self, arguments: &[&str]) -> Value {
        json_of(&self.detect(&[&["-f", "json"], arguments].concat()))
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wideopen"));
        let own = |name: &std::ffi::OsString| name.to_string_lossy().starts_with("WIDEOPEN_");
        for (name, _) in std::env::vars_os().filter(|(name, _)| own(name)) {
            command.env_remove(name);
        }
        command.args(arguments).current_dir(self.folder.path()).env_remove("NO_COLOR");
        command.env("XDG_CONFIG_HOME", self.folder.path().join("no-such-folder"));
        command
    }

    /// Runs with something on standard input.
    pub(crate) fn pipe(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut command = self.command(arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }
}

pub(crate) fn snapshot() -> String {
    json!({
        "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "VpcId": "vpc-1", "OwnerId": "111122223333",
            "IpPermissions": [], "IpPermissionsEgress": []}],
        "NetworkInterfaces": [{
            "NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "SubnetId": "subnet-1", "VpcId": "vpc-1",
            "Status": "in-use", "Groups": [{"GroupId": "sg-1", "GroupName": "web"}],
            "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": "10.0.0.4",
                "Association": {"PublicIp": "203.0.113.10"}}]
        }]
    })
    .to_string()
}

/// The record of a call, one for each number: so many seconds after nine o'clock.
pub(crate) fn record(number: u32, call: &str, parameters: &Value) -> Value {
    let (minute, second) = (number / 60 % 60, number % 60);
    let hour = 9 + number / 3600;
    json!({
        "eventVersion": "1.09", "eventTime": format!("2026-01-10T{hour:02}:{minute:02}:{second:02}Z"),
        "eventID": format!("e-{number}"), "eventSource": "ec2.amazonaws.com", "eventName": call,
        "awsRegion": "us-east-1", "recipientAccountId": "111122223333", "sourceIPAddress": "198.51.100.7",
        "userAgent": "aws-cli",
        "userIdentity": {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/alice", "userName": "alice",
            "accountId": "111122223333"},
        "requestParameters": parameters, "responseElements": {"_return": true}
    })
}

fn rule(cidr: &str, port: u16) -> Value {
    json!({"groupId": "sg-1", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": port, "toPort": port,
        "groups": {}, "ipRanges": {"items": [{"cidrIp": cidr}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}})
}

pub(crate) fn opens(number: u32, cidr: &str) -> Value {
    opens_port(number, cidr, 22)
}

pub(crate) fn opens_port(number: u32, cidr: &str, port: u16) -> Value {
    record(number, "AuthorizeSecurityGroupIngress", &rule(cidr, port))
}

pub(crate) fn closes(number: u32, cidr: &str) -> Value {
    record(number, "RevokeSecurityGroupIngress", &rule(cidr, 22))
}

pub(crate) fn by(mut record: Value, user: &str) -> Value {
    record["userIdentity"]["arn"] = json!(format!("arn:aws:iam::111122223333:user/{user}"));
    record["userIdentity"]["userName"] = json!(user);
    record
}

/// A file as CloudTrail delivers it.
pub(crate) fn log(records: &[Value]) -> String {
    json!({ "Records": records }).to_string()
}

/// A record on each line.
pub(crate) fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

pub(crate) fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or_else(|| panic!("{:?}: {}", output.status, err(output)))
}

pub(crate) fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

pub(crate) fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

pub(crate) fn json_of(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {} {}", out(output), err(output)))
}

/// No stack trace, no panic, whatever happens.
pub(crate) fn is_civil(output: &Output) -> bool {
    let said = err(output);
    !said.contains("panicked") && !said.contains("RUST_BACKTRACE") && !said.contains("internal error")
}

/// Codes and messages of gaps.
pub(crate) fn gaps(result: &Value) -> Vec<(String, String)> {
    let text = |gap: &Value, key: &str| gap[key].as_str().unwrap_or_default().to_owned();
    result["gaps"].as_array().unwrap().iter().map(|gap| (text(gap, "code"), text(gap, "message"))).collect()
}

/// What was opened and changed, without places: those differ between one file and two.
pub(crate) fn openings(result: &Value) -> Vec<Value> {
    let mut all: Vec<Value> = ["openings", "changes"]
        .iter()
        .flat_map(|key| result[*key].as_array().cloned().unwrap_or_default())
        .collect();
    all.iter_mut().for_each(forget_places);
    all
}

fn forget_places(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for key in ["place", "places", "path", "line", "pointer", "document", "offset"] {
                map.remove(key);
            }
            map.values_mut().for_each(forget_places);
        }
        Value::Array(items) => items.iter_mut().for_each(forget_places),
        _ => {}
    }
}
