//! The verb: every format × clean, findings, incomplete, wrong usage; filters; ways to give logs.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Stdio;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::fixture::{
    FORMATS, Inputs, by, closes, code, err, gaps, is_civil, json_of, lines, log, openings, opens, opens_port,
    out,
};

#[test]
fn detect_ends_alike_in_every_format() {
    let inputs = Inputs::new();
    let table: &[(&[&str], i32)] = &[
        (&["clean.json"], 0),
        (&["findings.json"], 1),
        (&["incomplete.json"], 3),
        (&["nowhere.json"], 2),
        (&["findings.json", "nowhere.json"], 2),
        (&["findings.json", "incomplete.json"], 1),
        (&["findings.json", "--fail-on", "none"], 0),
        (&["incomplete.json", "--fail-on", "none"], 0),
    ];
    for format in FORMATS {
        for (arguments, expected) in table {
            let output = inputs.detect(&[&["-f", format], *arguments].concat());
            assert_eq!(code(&output), *expected, "{format} {arguments:?}: {}", err(&output));
            assert!(is_civil(&output), "{}", err(&output));
        }
    }
    let quiet = inputs.detect(&["findings.json", "-q", "-f", "short"]);
    assert_eq!(err(&quiet), "");
    assert!(out(&quiet).contains("internet-reaches-admin-port"), "{}", out(&quiet));
}

#[test]
fn wrong_usage_says_what_to_do() {
    let inputs = Inputs::new();
    let table: &[(&[&str], &str)] = &[
        (&["detect", "findings.json", "--since", "yesterday"], "expected a time like 2026-01-10"),
        (&["detect", "findings.json", "--until", "2026-13-01"], "expected a time like 2026-01-10"),
        (&["detect", "findings.json", "--since", "2026-01-11", "--until", "2026-01-10"], "is not before"),
        (&["detect", "findings.json", "--snapshot-at", "2026-01-10"], "--snapshot"),
        (&["detect", "findings.json", "--no-such-flag"], "--no-such-flag"),
        (&["detect", "findings.json", "--port", "ssh"], "ssh"),
        (&["detect", "findings.json", "--target", "nobody", "--snapshot", "snapshot.json"], "nobody"),
        (&["detect", "findings.json", "-f", "yaml"], "yaml"),
        (&["detect"], "LOG"),
        (&["detect", "nowhere.json"], "nowhere.json"),
        (&["detect", "findings.json", "--snapshot", "nowhere.json"], "nowhere.json"),
    ];
    for (arguments, expected) in table {
        let output = inputs.run(arguments);
        assert_eq!(code(&output), 2, "{arguments:?}: {}{}", out(&output), err(&output));
        assert!(err(&output).contains(expected), "{arguments:?}: {}", err(&output));
        assert!(is_civil(&output));
    }
}

#[test]
fn a_reader_that_goes_away_is_no_fault() {
    let inputs = Inputs::new();
    let mut many: Vec<Value> =
        (0..60).map(|n| opens_port(n, "0.0.0.0/0", 1000 + u16::try_from(n).unwrap())).collect();
    many.push(opens(300, "0.0.0.0/0"));
    inputs.put("many.json", log(&many));
    let mut command = inputs.command(&["detect", "many.json", "--snapshot", "snapshot.json", "-f", "json"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = [0; 100];
    child.stdout.take().unwrap().read_exact(&mut first).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(code(&output), 1, "{}", err(&output));
    assert!(is_civil(&output) && !err(&output).to_lowercase().contains("broken pipe"), "{}", err(&output));
}

#[test]
fn results_fit_the_schema_and_name_inputs_by_digest() {
    let inputs = Inputs::new();
    let schema = jsonschema::validator_for(&json_of(&inputs.run(&["schema", "result"]))).unwrap();
    for (file, status) in
        [("clean.json", "complete"), ("findings.json", "complete"), ("incomplete.json", "incomplete")]
    {
        let result = inputs.result(&[file]);
        let mistakes: Vec<String> = schema.iter_errors(&result).map(|mistake| mistake.to_string()).collect();
        assert!(mistakes.is_empty(), "{file}: {mistakes:?}");
        assert_eq!(result["run"]["status"], status, "{file}");
        let digest = sha256(&fs::read(inputs.path(file)).unwrap());
        let own = result["run"]["inputs"].as_array().unwrap().iter().find(|input| input["path"] == file);
        assert_eq!(own.unwrap()["sha256"], digest.as_str(), "{file}");
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    std::io::Write::write_all(&mut encoder, bytes).unwrap();
    encoder.finish().unwrap()
}

/// A frame of one block that is not packed (RFC 8878, 3.1.1).
fn zstandard(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).unwrap();
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0b1010_0000];
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&((length << 3) | 1).to_le_bytes()[..3]);
    frame.extend_from_slice(bytes);
    frame
}

/// One log in every way to give it comes to the same, and each is named by what is stored.
#[test]
fn logs_are_given_in_every_way() {
    let inputs = Inputs::new();
    let (first, second) = (opens(1, "0.0.0.0/1"), opens(2, "128.0.0.0/1"));
    let whole = log(&[first.clone(), second.clone()]);
    inputs.put("whole.json", &whole);
    let expected = openings(&inputs.result(&["whole.json"]));
    assert!(expected.len() >= 3, "{expected:?}");
    inputs.put("log.json.gz", gzip(whole.as_bytes()));
    inputs.put("log.json.zst", zstandard(whole.as_bytes()));
    inputs.put("log.ndjson", lines(&[first.clone(), second.clone()]));
    fs::create_dir_all(inputs.path("folder/deep")).unwrap();
    inputs.put("folder/a.json.gz", gzip(log(std::slice::from_ref(&second)).as_bytes()));
    inputs.put("folder/deep/b.json", log(std::slice::from_ref(&first)));
    inputs.put("one.json", log(&[first]));
    inputs.put("two.json", log(&[second]));
    let ways: &[&[&str]] = &[
        &["log.json.gz"],
        &["log.json.zst"],
        &["log.ndjson"],
        &["folder"],
        &["folder/**/*.json*"],
        &["two.json", "one.json"],
        &["whole.json", "folder", "log.ndjson"],
    ];
    for way in ways {
        let result = inputs.result(way);
        assert_eq!(openings(&result), expected, "{way:?}");
        for input in result["run"]["inputs"].as_array().unwrap() {
            let stored = fs::read(inputs.path(input["path"].as_str().unwrap())).unwrap();
            assert_eq!(input["sha256"], sha256(&stored).as_str(), "{input}");
        }
    }
    let piped =
        inputs.pipe(&["detect", "-", "--snapshot", "snapshot.json", "-f", "json"], &gzip(whole.as_bytes()));
    let piped = json_of(&piped);
    assert_eq!(openings(&piped), expected);
    assert_eq!(piped["run"]["inputs"][1]["sha256"], sha256(&gzip(whole.as_bytes())).as_str());
}

#[test]
fn filters_say_what_the_run_is_about() {
    let inputs = Inputs::new();
    let story = [
        by(opens(1, "0.0.0.0/0"), "alice"),
        by(closes(2, "0.0.0.0/0"), "carol"),
        by(opens_port(3600, "0.0.0.0/0", 3389), "bob"),
    ];
    inputs.put("story.json", log(&story));
    let ports = |arguments: &[&str]| -> Vec<u64> {
        let result = inputs.result(&[&["story.json"], arguments].concat());
        let mut ports: Vec<u64> = result["openings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|opening| {
                let text = opening.to_string();
                if text.contains("3389") { 3389 } else { 22 }
            })
            .collect();
        ports.sort_unstable();
        ports
    };
    let table: &[(&[&str], &[u64])] = &[
        (&[], &[22, 3389]),
        (&["--since", "2026-01-10T09:30:00Z"], &[3389]),
        (&["--since", "2026-01-11"], &[]),
        (&["--until", "2026-01-10T09:30:00Z"], &[22]),
        // What was closed in the time was closed in the time.
        (&["--since", "2026-01-10T09:00:02Z", "--until", "2026-01-10T09:30:00Z"], &[22]),
        (&["--actor", "*user/bob"], &[3389]),
        (&["--actor", "*user/carol"], &[22]),
        (&["--actor", "*user/b*", "--actor", "*alice"], &[22, 3389]),
        (&["--target", "eni-1"], &[22, 3389]),
        (&["--port", "3389"], &[3389]),
        (&["--scope", "111122223333"], &[22, 3389]),
    ];
    for (arguments, expected) in table {
        assert_eq!(ports(arguments), *expected, "{arguments:?}");
    }
    let short = |arguments: &[&str]| {
        let output = inputs.detect(&[&["story.json", "-q", "-f", "short"], arguments].concat());
        (code(&output), out(&output))
    };
    // What is not shown makes the run fail all the same, what it is not about does not.
    assert_eq!(short(&["--severity", "critical"]).0, 1);
    assert_eq!(short(&["--since", "2026-01-11"]), (0, String::new()));
    assert_eq!(short(&["--actor", "*user/nobody"]), (0, String::new()));
    let absent =
        err(&inputs.detect(&["story.json", "-f", "short", "--actor", "arn:aws:iam::111122223333:user/bop"]));
    assert!(absent.contains("did you mean `arn:aws:iam::111122223333:user/bob`?"), "{absent}");
    assert_eq!(short(&["--select", "shadowed-rule"]), (0, String::new()));
    assert!(short(&["--select", "internet-reaches-admin-port"]).1.contains("bob"));
}

#[test]
fn three_clouds_are_judged_in_one_run() {
    let inputs = Inputs::new();
    let page =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../specs/detect/azure-groups.md"))
            .unwrap();
    fs::create_dir(inputs.path("exports")).unwrap();
    fs::create_dir(inputs.path("logs")).unwrap();
    for block in page.split("```json ").skip(1) {
        let (name, rest) = block.split_once('\n').unwrap();
        let (text, _) = rest.split_once("```").unwrap();
        let folder = if name.starts_with("log") { "logs" } else { "exports" };
        if !inputs.path(&format!("{folder}/{name}")).exists() {
            inputs.put(&format!("{folder}/{name}"), text);
        }
    }
    inputs.put("exports/aws.json", crate::fixture::snapshot());
    inputs.put("logs/aws.ndjson", lines(&[opens(1, "0.0.0.0/0")]));
    inputs.put("exports/gcp.json", google_exports().to_string());
    inputs.put("logs/gcp.json", json!([google_record()]).to_string());
    let output = inputs.run(&["detect", "logs", "--snapshot", "exports", "-f", "json"]);
    let result = json_of(&output);
    let clouds: std::collections::BTreeSet<&str> = result["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| change["cloud"].as_str().unwrap())
        .collect();
    assert_eq!(clouds.into_iter().collect::<Vec<_>>(), ["aws", "azure", "gcp"], "{}", err(&output));
    let opened = result["openings"].as_array().unwrap();
    for cloud in ["aws", "azure", "gcp"] {
        assert!(
            opened.iter().any(|opening| opening.to_string().contains(&format!("\"{cloud}\""))),
            "{cloud}"
        );
    }
}

fn google_exports() -> Value {
    let api = "https://www.googleapis.com/compute/v1/projects/tailspin";
    json!([
        {"kind": "compute#network", "name": "net", "selfLink": format!("{api}/global/networks/net")},
        {"kind": "compute#instance", "name": "vm", "selfLink": format!("{api}/zones/europe-west1-b/instances/vm"),
         "zone": format!("{api}/zones/europe-west1-b"), "status": "RUNNING", "tags": {},
         "networkInterfaces": [{"name": "nic0", "network": format!("{api}/global/networks/net"), "networkIP": "10.0.0.4",
            "accessConfigs": [{"type": "ONE_TO_ONE_NAT", "name": "External NAT", "natIP": "203.0.113.20"}]}]},
        {"kind": "compute#firewall", "name": "ssh", "selfLink": format!("{api}/global/firewalls/ssh"),
         "network": format!("{api}/global/networks/net"), "direction": "INGRESS", "priority": 1000, "disabled": false,
         "sourceRanges": ["10.0.0.0/8"], "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}]}
    ])
}

fn google_record() -> Value {
    json!({
        "protoPayload": {
            "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
            "authenticationInfo": {"principalEmail": "ana@tailspin.example"},
            "requestMetadata": {"callerIp": "198.51.100.7"}, "serviceName": "compute.googleapis.com",
            "methodName": "v1.compute.firewalls.patch", "resourceName": "projects/tailspin/global/firewalls/ssh",
            "request": {"@type": "type.googleapis.com/compute.firewalls.patch", "sourceRanges": ["0.0.0.0/0"]},
            "response": {"status": "RUNNING"}
        },
        "insertId": "a1", "resource": {"type": "gce_firewall_rule", "labels": {"project_id": "tailspin"}},
        "timestamp": "2026-01-10T09:00:00Z", "severity": "NOTICE",
        "logName": "projects/tailspin/logs/cloudaudit.googleapis.com%2Factivity"
    })
}

#[test]
fn what_was_found_is_explained_from_the_logs_and_from_a_result() {
    let inputs = Inputs::new();
    let short = out(&inputs.detect(&["findings.json", "-q", "-f", "short"]));
    let id = short.split('\t').nth(1).unwrap().to_owned();
    let of_logs = inputs.run(&["explain", &id, "findings.json", "--snapshot", "snapshot.json"]);
    assert!(out(&of_logs).contains("alice"), "{}{}", out(&of_logs), err(&of_logs));
    inputs.put("saved.json", inputs.detect(&["findings.json", "-f", "json"]).stdout);
    let of_result = inputs.run(&["explain", &id, "saved.json"]);
    assert!(out(&of_result).contains("alice"), "{}{}", out(&of_result), err(&of_result));
    assert_eq!(code(&of_logs), code(&of_result));
    let nobody = inputs.run(&["explain", "WO-00000000", "findings.json", "--snapshot", "snapshot.json"]);
    assert_eq!(code(&nobody), 2, "{}", err(&nobody));
}

#[test]
fn colour_is_a_wish() {
    let inputs = Inputs::new();
    let arguments = ["detect", "findings.json", "--snapshot", "snapshot.json", "-f", "table"];
    let run = |more: &[&str], no_colour: bool| {
        let mut command = inputs.command(&[&arguments, more].concat());
        if no_colour {
            command.env("NO_COLOR", "1");
        }
        out(&command.output().unwrap()).contains('\u{1b}')
    };
    assert!(run(&["--color", "always"], false));
    assert!(!run(&[], false), "a pipe is no terminal");
    assert!(!run(&["--color", "auto"], true));
    assert!(!run(&["--color", "never"], false));
}

/// What is given in the wrong place is said to be.
#[test]
fn logs_and_exports_are_not_taken_for_each_other() {
    let inputs = Inputs::new();
    let exports = inputs.run(&["detect", "snapshot.json", "-f", "json"]);
    assert_eq!(code(&exports), 3, "{}", err(&exports));
    let told = gaps(&json_of(&exports));
    assert!(told.iter().any(|(_, message)| message.contains("--snapshot")), "{told:?}");
    let logs = inputs.run(&["detect", "clean.json", "--snapshot", "findings.json", "-f", "json"]);
    assert_eq!(code(&logs), 3, "{}", err(&logs));
    let told = gaps(&json_of(&logs));
    assert!(told.iter().any(|(_, message)| message.contains("detect")), "{told:?}");
}
