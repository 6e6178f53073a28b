//! `--follow`: a line as soon as there is something to say, and an end that can be gone on from.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fixture::{Inputs, closes, lines, log, opens, opens_port};

/// A run that goes on.
struct Run {
    child: Child,
    lines: Receiver<String>,
}

impl Run {
    fn start(mut command: Command) -> Self {
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let stdout = child.stdout.take().unwrap();
        let (sender, lines) = channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines() {
                let _sent = sender.send(line.unwrap());
            }
        });
        Self { child, lines }
    }

    fn following(inputs: &Inputs, arguments: &[&str]) -> Self {
        let all = [&["detect", "--follow", "--snapshot", "snapshot.json"], arguments].concat();
        Self::start(inputs.command(&all))
    }

    /// The next line, and how long it took to come.
    fn next(&self) -> (String, Duration) {
        let begun = Instant::now();
        let line = self.lines.recv_timeout(PATIENCE).unwrap();
        (line, begun.elapsed())
    }

    fn is_silent(&self) -> bool {
        self.lines.recv_timeout(Duration::from_millis(900)).is_err()
    }

    fn stdin(&mut self) -> ChildStdin {
        self.child.stdin.take().unwrap()
    }

    fn interrupt(&self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    }

    /// How it ends: code, the lines that were not asked for, standard error.
    fn end(mut self) -> (i32, Vec<String>, String) {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        let code = self.child.wait().unwrap().code().unwrap();
        (code, self.lines.iter().collect(), said)
    }
}

/// A machine that builds something else at the same time is slow; what comes too late is still found by this.
const PATIENCE: Duration = Duration::from_secs(20);
/// What is promised, and what such a machine adds.
const SOON: Duration = Duration::from_millis(3_000);

#[test]
fn a_stream_is_told_line_by_line_and_ends_with_it() {
    let inputs = Inputs::new();
    let mut run = Run::following(&inputs, &["-"]);
    let mut stdin = run.stdin();
    stdin.write_all(lines(&[opens(1, "0.0.0.0/0")]).as_bytes()).unwrap();
    let (line, _) = run.next();
    assert!(
        line.starts_with("high\tWO-")
            && line.ends_with("2026-01-10T09:00:01Z\t-\tarn:aws:iam::111122223333:user/alice\t-"),
        "{line}"
    );
    assert!(run.is_silent(), "one line for one finding");
    stdin.write_all(lines(&[opens_port(2, "10.0.0.0/8", 22)]).as_bytes()).unwrap();
    assert!(run.is_silent(), "nothing happened to it");
    stdin.write_all(lines(&[opens_port(3, "0.0.0.0/0", 3389)]).as_bytes()).unwrap();
    let (line, took) = run.next();
    assert!(line.contains("tcp/") && line.contains("3389"), "{line}");
    assert!(took < SOON, "{took:?}");
    // It is closed: one more line says so.
    stdin.write_all(lines(&[closes(60, "0.0.0.0/0")]).as_bytes()).unwrap();
    let (line, took) = run.next();
    assert!(line.contains("closed again after 59 s"), "{line}");
    assert!(took < SOON, "{took:?}");
    drop(stdin);
    let (code, rest, said) = run.end();
    assert_eq!((code, rest), (1, Vec::new()));
    assert_eq!(said.matches("replayed 4 records").count(), 1, "the summary comes once: {said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_folder_is_told_as_files_come_and_grow_and_goes_on_from_its_state() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("logs")).unwrap();
    let arguments = ["logs", "--state", "state"];
    let run = Run::following(&inputs, &arguments);
    thread::sleep(Duration::from_millis(500));
    inputs.append("logs/a.ndjson", &lines(&[opens(1, "0.0.0.0/0")]));
    assert!(run.next().0.contains("tcp/22"));
    let begun = Instant::now();
    inputs.put("logs/b.json", log(&[opens_port(2, "0.0.0.0/0", 3389)]));
    let (line, _) = run.next();
    assert!(line.contains("3389"), "{line}");
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    inputs.append("logs/a.ndjson", &lines(&[opens_port(3, "0.0.0.0/0", 23)]));
    assert!(run.next().0.contains("23"));
    run.interrupt();
    let (code, rest, said) = run.end();
    assert_eq!((code, rest.len()), (1, 0), "{rest:?} {said}");
    assert!(said.contains("replayed 3 records"), "{said}");
    // What was told is not told again; what comes is, and what was open is known.
    let run = Run::following(&inputs, &arguments);
    assert!(run.is_silent());
    inputs.append("logs/a.ndjson", &lines(&[closes(120, "0.0.0.0/0")]));
    assert!(run.next().0.contains("closed again"));
    run.interrupt();
    let (code, rest, said) = run.end();
    assert_eq!((code, rest.len()), (1, 0), "{rest:?} {said}");
    assert!(said.contains("replayed 4 records"), "{said}");
}

/// A run over the state of one that is not followed tells nothing again either.
#[test]
fn what_a_run_told_is_not_told_by_one_that_follows() {
    let inputs = Inputs::new();
    inputs.detect(&["findings.json", "--state", "state", "-q"]);
    let mut run = Run::following(&inputs, &["-", "--state", "state"]);
    let mut stdin = run.stdin();
    assert!(run.is_silent());
    stdin.write_all(lines(&[opens_port(300, "0.0.0.0/0", 3389)]).as_bytes()).unwrap();
    assert!(run.next().0.contains("3389"));
    drop(stdin);
    assert_eq!(run.end().0, 1);
}

#[test]
fn a_stream_of_objects_has_one_run_at_its_end() {
    let inputs = Inputs::new();
    let mut run = Run::following(&inputs, &["-", "-f", "jsonl", "-q", "-o", "json=result.json"]);
    let mut stdin = run.stdin();
    stdin.write_all(lines(&[opens(1, "0.0.0.0/0")]).as_bytes()).unwrap();
    assert!(run.next().0.contains("\"type\":\"opening\""));
    stdin.write_all(b"{\"eventName\": broken}\n").unwrap();
    stdin.write_all(lines(&[closes(60, "0.0.0.0/0")]).as_bytes()).unwrap();
    drop(stdin);
    let (code, rest, said) = run.end();
    assert_eq!((code, said.as_str()), (1, ""));
    let types: Vec<String> = rest
        .iter()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["type"].as_str().unwrap().to_owned())
        .collect();
    let count = |name: &str| types.iter().filter(|one| *one == name).count();
    assert_eq!(types.last().unwrap(), "run");
    assert_eq!((count("run"), count("gap")), (1, 1), "{types:?}");
    assert!(count("finding") >= 2 && count("change") >= 2, "{types:?}");
    let whole: Value = serde_json::from_str(&inputs.read("result.json")).unwrap();
    assert_eq!(whole["changes"].as_array().unwrap().len(), 2, "the file is whole");
}

/// A document has an end, and comes there.
#[test]
fn a_document_comes_at_the_end() {
    let inputs = Inputs::new();
    let mut run = Run::following(&inputs, &["-", "-f", "json", "-q"]);
    let mut stdin = run.stdin();
    stdin.write_all(lines(&[opens(1, "0.0.0.0/0")]).as_bytes()).unwrap();
    assert!(run.is_silent());
    drop(stdin);
    let (code, rest, _) = run.end();
    let whole: Value = serde_json::from_str(&rest.join("\n")).unwrap();
    assert_eq!((code, whole["changes"].as_array().unwrap().len()), (1, 1));
}

#[test]
fn a_second_interrupt_ends_at_once() {
    let inputs = Inputs::new();
    fs::create_dir(inputs.path("logs")).unwrap();
    let run = Run::following(&inputs, &["logs"]);
    thread::sleep(Duration::from_millis(700));
    run.interrupt();
    let id = run.child.id().to_string();
    let _late = Command::new("kill").args(["-INT", &id]).stderr(Stdio::null()).status();
    let (code, _, said) = run.end();
    assert!([0, 130].contains(&code), "{code} {said}");
}

#[test]
fn a_reader_that_goes_away_ends_it_with_its_state() {
    let inputs = Inputs::new();
    let all = ["detect", "--follow", "--snapshot", "snapshot.json", "-", "--state", "state"];
    let mut child = inputs
        .command(&all)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines(&[opens(1, "0.0.0.0/0")]).as_bytes()).unwrap();
    stdin.flush().unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    // Nobody heard it: it is told again.
    let mut run = Run::following(&inputs, &["-", "--state", "state"]);
    assert!(run.next().0.contains("tcp/22"));
    drop(run.stdin());
    assert_eq!(run.end().0, 1);
}
