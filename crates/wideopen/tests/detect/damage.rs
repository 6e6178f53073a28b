//! Logs that are damaged, or none: what can be read is judged, what cannot is a gap with its line.

use std::fs;
use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::fixture::{Inputs, by, code, err, gaps, is_civil, json_of, lines, log, opens, opens_port, record};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Exit code, gaps and how many ports are open.
fn judged(inputs: &Inputs, arguments: &[&str]) -> (i32, Vec<(String, String)>, Value) {
    let output = inputs.detect(&[&["-f", "json", "-q"], arguments].concat());
    assert!(is_civil(&output), "{}", err(&output));
    let result = json_of(&output);
    (code(&output), gaps(&result), result)
}

fn tells(gaps: &[(String, String)], code: &str, words: &[&str]) {
    let found =
        gaps.iter().any(|(own, message)| own == code && words.iter().all(|word| message.contains(word)));
    assert!(found, "expected {code} {words:?} in {gaps:#?}");
}

fn open(result: &Value) -> usize {
    result["openings"].as_array().unwrap().len()
}

#[test]
fn a_cut_archive_is_judged_up_to_the_break() {
    let inputs = Inputs::new();
    let mut records = vec![opens(1, "0.0.0.0/0")];
    records.extend(
        (2..400).map(|n| record(n, &format!("DescribeInstances{}", n * 7919), &json!({"n": n * 104_729}))),
    );
    let packed = gzip(lines(&records).as_bytes());
    inputs.put("cut.json.gz", &packed[..packed.len() - 60]);
    let (exit, told, result) = judged(&inputs, &["cut.json.gz"]);
    assert_eq!((exit, open(&result)), (1, 1));
    tells(&told, "bad-gzip", &["cut.json.gz", "line ", "fetch it again"]);
}

#[test]
fn each_kind_of_damage_is_told_and_the_rest_is_judged() {
    let inputs = Inputs::new();
    let good = opens(1, "0.0.0.0/0").to_string();
    let long = record(2, "RunInstances", &json!({ "userData": "x".repeat(1_100_000) })).to_string();
    let deep = format!("{{\"eventName\": {}{}}}", "[".repeat(2_000), "]".repeat(2_000));
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("malformed", b"{\"eventName\": \"RunInstances\",, }".to_vec(), "malformed-json"),
        ("deep", deep.into_bytes(), "malformed-json"),
        ("latin", b"{\"eventName\": \"Caf\xe9\"}".to_vec(), "invalid-utf8"),
        ("long", long.into_bytes(), "record-too-long"),
    ];
    for (name, bad, code) in table {
        let content = [bad.as_slice(), b"\n", good.as_bytes(), b"\n"].concat();
        inputs.put("log.ndjson", content);
        let (exit, told, result) = judged(&inputs, &["log.ndjson"]);
        assert_eq!((exit, open(&result)), (1, 1), "{name}: {told:?}");
        tells(&told, code, &["log.ndjson", "line 1"]);
    }
    inputs.put("cut.json", &good[..good.len() - 3]);
    let (exit, told, _) = judged(&inputs, &["cut.json"]);
    assert_eq!(exit, 3);
    tells(&told, "truncated-input", &["cut.json", "line 1", "fetch"]);
}

#[test]
fn a_bomb_is_not_unpacked() {
    let inputs = Inputs::new();
    // 1.2 GB of blanks: gzip of gzip would be smaller still.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(lines(&[opens(1, "0.0.0.0/0")]).as_bytes()).unwrap();
    let blanks = vec![b' '; 1 << 20];
    for _ in 0..1_200 {
        encoder.write_all(&blanks).unwrap();
    }
    inputs.put("bomb.json.gz", encoder.finish().unwrap());
    let (exit, told, result) = judged(&inputs, &["bomb.json.gz"]);
    assert_eq!((exit, open(&result)), (1, 1));
    tells(&told, "decompression-bomb", &["bomb.json.gz", "the rest is not read"]);
}

#[test]
fn times_that_cannot_be_are_told() {
    let inputs = Inputs::new();
    let times = [
        json!("yesterday"),
        json!(""),
        json!(null),
        json!("0001-01-01T00:00:00Z"),
        json!("9999-12-31T23:59:59Z"),
        json!(1e300),
        json!("+292277026596-12-04T15:30:08Z"),
    ];
    for time in times {
        let mut odd = opens_port(2, "0.0.0.0/0", 3389);
        odd["eventTime"] = time.clone();
        inputs.put("log.json", log(&[opens(1, "0.0.0.0/0"), odd]));
        let (exit, told, result) = judged(&inputs, &["log.json"]);
        assert!([1, 3].contains(&exit) && open(&result) == 2, "{time}: {exit} {told:?}");
        tells(&told, "event-without-time", &["AuthorizeSecurityGroupIngress", "expected"]);
    }
    let mut odd = opens(2, "10.0.0.0/8");
    odd.as_object_mut().unwrap().remove("eventTime");
    inputs.put("log.json", log(&[odd]));
    assert_eq!(judged(&inputs, &["log.json"]).0, 3);
}

/// An id that says two things, and a key that does: whatever was really done is among what is judged.
#[test]
fn both_readings_are_judged() {
    let inputs = Inputs::new();
    let harmless = by(opens(1, "10.0.0.0/8"), "mallory");
    let mut reused = opens_port(2, "0.0.0.0/0", 3389);
    reused["eventID"] = harmless["eventID"].clone();
    for records in [[harmless.clone(), reused.clone()], [reused, harmless.clone()]] {
        inputs.put("log.json", log(&records));
        let (exit, told, result) = judged(&inputs, &["log.json"]);
        assert_eq!((exit, open(&result)), (1, 1), "{told:?}");
        tells(&told, "event-told-twice", &["e-1", "both are judged"]);
    }
    let doubled = harmless.to_string().replacen(
        "\"cidrIp\":\"10.0.0.0/8\"",
        "\"cidrIp\":\"10.0.0.0/8\",\"cidrIp\":\"0.0.0.0/0\"",
        1,
    );
    for text in [
        doubled.clone(),
        doubled.replace(
            "\"cidrIp\":\"10.0.0.0/8\",\"cidrIp\":\"0.0.0.0/0\"",
            "\"cidrIp\":\"0.0.0.0/0\",\"cidrIp\":\"10.0.0.0/8\"",
        ),
    ] {
        inputs.put("log.json", text);
        let (exit, told, result) = judged(&inputs, &["log.json"]);
        assert_eq!((exit, open(&result)), (1, 1), "{told:?}");
        assert!(!told.is_empty());
    }
}

#[test]
fn what_is_no_log_says_so() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("void")).unwrap();
    inputs.put("empty.json", "");
    inputs.put("blank.json", " \n\t\n");
    inputs.put(
        "guardduty.json",
        json!({"schemaVersion": "2.0", "accountId": "111122223333", "region": "us-east-1", "id": "f1",
               "type": "Recon:EC2/PortProbeUnprotectedPort", "severity": 5, "service": {"serviceName": "guardduty"}})
        .to_string(),
    );
    inputs.put(
        "flow.log",
        "2 111122223333 eni-1 198.51.100.7 10.0.0.4 50000 22 6 20 4249 1418530010 1418530070 ACCEPT OK\n"
            .repeat(3),
    );
    for (file, code) in [
        ("void", "empty-folder"),
        ("empty.json", "empty-input"),
        ("blank.json", "empty-input"),
        ("guardduty.json", "unrecognised-format"),
        ("snapshot.json", "unrecognised-format"),
    ] {
        let (exit, told, _) = judged(&inputs, &[file]);
        assert_eq!(exit, 3, "{file}: {told:?}");
        tells(&told, code, &[file, "expected"]);
    }
    let (exit, told, _) = judged(&inputs, &["flow.log"]);
    assert_eq!(exit, 3, "{told:?}");
    assert!(
        told.iter().any(|(_, message)| message.contains("flow.log") && message.contains("expected")),
        "{told:?}"
    );
}

/// What lies beside logs in their folder is passed by, what can be read of it is judged.
#[test]
fn a_folder_of_everything_is_judged() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("all")).unwrap();
    inputs.put("all/a.json", log(&[opens(1, "0.0.0.0/0")]));
    inputs.put("all/b.ndjson", lines(&[opens_port(2, "0.0.0.0/0", 23)]));
    inputs.put("all/c.json.gz", gzip(log(&[opens_port(3, "0.0.0.0/0", 3389)]).as_bytes()));
    inputs.put("all/d.json", "[]");
    inputs.put("all/README.md", "not a log");
    inputs.put("all/picture.json", [0x89, b'P', b'N', b'G', 0, 0]);
    inputs.put("all/e.json", "{\"eventName\": ");
    let (exit, told, result) = judged(&inputs, &["all"]);
    assert_eq!((exit, open(&result)), (1, 3), "{told:?}");
    tells(&told, "binary-input", &["picture.json"]);
    tells(&told, "truncated-input", &["e.json"]);
    assert_eq!(told.len(), 2, "{told:?}");
}

/// Run by hand: it makes two gigabytes.
#[test]
#[ignore = "two gigabytes through a pipe"]
fn a_line_of_two_gigabytes_takes_no_memory() {
    let inputs = Inputs::new();
    let mut command = inputs.command(&["detect", "-", "--snapshot", "snapshot.json", "-f", "json", "-q"]);
    let mut child =
        command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines(&[opens(1, "0.0.0.0/0")]).as_bytes()).unwrap();
    stdin.write_all(b"{\"eventName\": \"").unwrap();
    for _ in 0..2_048 {
        stdin.write_all(&vec![b'x'; 1 << 20]).unwrap();
    }
    stdin.write_all(b"\"}\n").unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    drop(stdin);
    let output = child.wait_with_output().unwrap();
    tells(&gaps(&json_of(&output)), "record-too-long", &["line 2"]);
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(|text| text.trim().to_owned());
    let kilobytes = peak.and_then(|text| text.split(' ').next()?.parse::<u64>().ok());
    assert!(kilobytes.is_none_or(|peak| peak < 200_000), "{kilobytes:?}");
}
