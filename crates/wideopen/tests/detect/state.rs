//! `--state FILE`: two runs are one, whatever happens between them.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use serde_json::Value;

use crate::fixture::{
    Inputs, closes, code, err, gaps, is_civil, json_of, lines, log, openings, opens, opens_port, out,
};

fn story() -> Vec<Value> {
    vec![
        opens(1, "0.0.0.0/1"),
        opens_port(2, "0.0.0.0/0", 3389),
        opens(60, "128.0.0.0/1"),
        closes(120, "0.0.0.0/1"),
        opens_port(180, "0.0.0.0/0", 5432),
    ]
}

#[test]
fn two_runs_are_one() {
    let inputs = Inputs::new();
    let story = story();
    inputs.put("all.json", log(&story));
    let expected = openings(&inputs.result(&["all.json"]));
    for cut in 0..=story.len() {
        let (first, second) = story.split_at(cut);
        inputs.put("first.json", log(first));
        inputs.put("second.json", log(second));
        // Which half is read first says nothing.
        for (one, other) in [("first.json", "second.json"), ("second.json", "first.json")] {
            let state = format!("state-{cut}-{one}");
            inputs.detect(&[one, "--state", &state, "-q"]);
            let result = inputs.result(&[other, "--state", &state]);
            assert_eq!(openings(&result), expected, "{cut} {one}");
            assert_eq!(result["run"]["log"]["records"], 5, "{cut} {one}");
        }
    }
}

/// A log that is read again, longer or as it was, gives each event and each record once.
#[test]
fn what_was_heard_before_is_counted_once() {
    let inputs = Inputs::new();
    let story = story();
    inputs.put("log.ndjson", lines(&story[..2]));
    inputs.detect(&["log.ndjson", "--state", "state", "-q"]);
    inputs.put("log.ndjson", lines(&story));
    let grown = inputs.result(&["log.ndjson", "--state", "state"]);
    let again = inputs.result(&["log.ndjson", "--state", "state"]);
    let whole = inputs.result(&["log.ndjson"]);
    for result in [grown, again] {
        assert_eq!(openings(&result), openings(&whole));
        assert_eq!(result["run"]["log"], whole["run"]["log"]);
        assert_eq!(gaps(&result), gaps(&whole));
    }
    let state = inputs.read("state");
    assert_eq!(state.lines().count(), 2 + story.len(), "{state}");
}

/// What was not read is not read the next time either: the answer stays incomplete until the log is read whole.
#[test]
fn an_incomplete_log_stays_incomplete() {
    let inputs = Inputs::new();
    let first = inputs.detect(&["incomplete.json", "--state", "state", "-q"]);
    assert_eq!(code(&first), 3);
    inputs.put("later.json", log(&[opens(300, "10.2.0.0/16")]));
    let later = inputs.result(&["later.json", "--state", "state"]);
    let told = gaps(&later);
    assert!(
        told.iter().any(|(code, message)| code == "truncated-input" && message.contains("incomplete.json")),
        "{told:?}"
    );
    inputs.put("incomplete.json", log(&[opens(1, "10.0.0.0/8"), opens(2, "10.1.0.0/16")]));
    let mended = inputs.detect(&["incomplete.json", "--state", "state", "-f", "json"]);
    assert_eq!((code(&mended), gaps(&json_of(&mended))), (0, Vec::new()));
}

#[test]
fn findings_leave_a_state_too() {
    let inputs = Inputs::new();
    let output = inputs.detect(&["findings.json", "--state", "state"]);
    assert_eq!(code(&output), 1);
    assert!(inputs.read("state").starts_with("{\"wideopen-state\":"));
}

/// What is no state of ours, or not whole, is left as it is.
#[test]
fn another_file_is_refused_and_left_alone() {
    let inputs = Inputs::new();
    inputs.detect(&["findings.json", "--state", "good", "-q"]);
    let good = inputs.read("good");
    let table: Vec<(&str, Vec<u8>, &str)> = vec![
        ("foreign", b"{\"my\": \"file\"}\n".to_vec(), "expected one, or no file"),
        ("empty", Vec::new(), "expected one, or no file"),
        ("binary", vec![0xff, 0xfe, 0, 1], "expected one, or no file"),
        ("cut", good.as_bytes()[..good.len() - 20].to_vec(), "not what was written"),
        ("cut-early", good.as_bytes()[..30].to_vec(), "state"),
        ("changed", good.replacen("alice", "mallo", 1).into_bytes(), "not what was written"),
        ("not-text", [good.as_bytes(), &[0xff]].concat(), "not what was written"),
        ("later", good.replacen("\"wideopen-state\":1", "\"wideopen-state\":9", 1).into_bytes(), "version 9"),
    ];
    for (name, content, expected) in table {
        inputs.put(name, &content);
        let output = inputs.detect(&["findings.json", "--state", name]);
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{name}");
        assert!(err(&output).contains(expected) && err(&output).contains(name), "{name}: {}", err(&output));
        assert!(is_civil(&output));
        assert_eq!(fs::read(inputs.path(name)).unwrap(), content, "{name}");
    }
    inputs.put("other.json", "{\"SecurityGroups\": []}");
    let output = inputs.run(&["detect", "findings.json", "--snapshot", "other.json", "--state", "good"]);
    assert_eq!(code(&output), 2);
    assert!(err(&output).contains("another snapshot"), "{}", err(&output));
    assert_eq!(inputs.read("good"), good);
}

#[test]
fn a_state_that_cannot_be_written_is_told_before_logs_are_read() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("folder")).unwrap();
    for path in ["no/such/folder/state", "snapshot.json/state", "folder"] {
        let output = inputs.detect(&["findings.json", "--state", path]);
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{path}: {}", err(&output));
        assert!(err(&output).contains("give"), "{}", err(&output));
    }
}

#[cfg(unix)]
#[test]
fn a_link_stays_a_link() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("kept")).unwrap();
    std::os::unix::fs::symlink("kept/state", inputs.path("link")).unwrap();
    for _ in 0..2 {
        let output = inputs.detect(&["findings.json", "--state", "link", "-q"]);
        assert_eq!(code(&output), 1, "{}", err(&output));
        assert!(fs::symlink_metadata(inputs.path("link")).unwrap().is_symlink());
        assert!(inputs.read("kept/state").starts_with("{\"wideopen-state\":"));
    }
}

/// Killed at any moment, the file is the old state or the new one.
#[test]
fn a_kill_leaves_the_old_state_or_the_new() {
    let inputs = Inputs::new();
    let many: Vec<Value> = (0..600).map(|n| opens_port(n, "198.51.100.0/24", 22)).collect();
    inputs.put("many.ndjson", lines(&many));
    inputs.put("few.json", log(&[opens(9_000, "10.0.0.0/8")]));
    let begun = Instant::now();
    assert_eq!(code(&inputs.detect(&["many.ndjson", "--state", "state", "-q"])), 0);
    let took = begun.elapsed();
    let old = inputs.read("state");
    let (mut killed, mut written) = (0, 0);
    for turn in 0..12_u32 {
        inputs.put("state", &old);
        let mut command =
            inputs.command(&["detect", "few.json", "--state", "state", "-q", "--snapshot", "snapshot.json"]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        thread::sleep(took * (turn + 1) / 12);
        killed += u32::from(child.kill().is_ok() && child.wait().unwrap().code().is_none());
        let now = inputs.read("state");
        written += u32::from(now != old);
        assert!(now == old || now.lines().count() == old.lines().count() + 1, "turn {turn}");
        assert_eq!(code(&inputs.detect(&["few.json", "--state", "state", "-q"])), 0, "turn {turn}");
    }
    assert!(killed > 0, "{killed} killed, {written} written");
}

#[test]
fn a_state_among_the_logs_is_no_log() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("logs")).unwrap();
    inputs.put("logs/log.json", log(&[opens(1, "0.0.0.0/0")]));
    for _ in 0..2 {
        let output = inputs.detect(&["logs", "--state", "logs/state.json", "-f", "json"]);
        let result = json_of(&output);
        assert_eq!(result["run"]["log"]["records"], 1, "{}", err(&output));
        assert_eq!(gaps(&result), []);
    }
    assert!(Path::new(&inputs.path("logs/state.json")).exists());
}
