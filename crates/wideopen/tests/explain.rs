//! `wideopen explain` as a person uses it: with the inputs, with a saved result, with a check, and wrongly.
//!
//! Each of the ten worst findings of `examples/contoso` has its explanation in `tests/explain/`, of
//! `examples/northwind-aws` in `tests/explain/aws/` and of `examples/tailspin-gcp` in `tests/explain/gcp/`;
//! `UPDATE_GOLDEN=1` writes them anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

const CONTOSO: &str = "examples/contoso";
const NORTHWIND: &str = "examples/northwind-aws";
const TAILSPIN: &str = "examples/tailspin-gcp";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs at the root of the repository, without what the machine's environment may say.
fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wideopen"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WIDEOPEN_")) {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(root()).env_remove("NO_COLOR").env("WIDEOPEN_NO_CONFIG", "1");
    command
}

fn run(arguments: &[&str]) -> Output {
    command(arguments).output().unwrap()
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

/// Ids of all findings of contoso, the worst first.
fn ids() -> Vec<String> {
    ids_of(CONTOSO)
}

fn ids_of(input: &str) -> Vec<String> {
    let scanned = out(&run(&["scan", input, "-f", "short", "-q"]));
    scanned.lines().map(|line| line.split('\t').nth(1).unwrap().to_owned()).collect()
}

/// Ids of all findings of the examples, and where each is found.
fn found() -> Vec<(String, &'static str)> {
    let of = |input| ids_of(input).into_iter().map(move |id| (id, input));
    [CONTOSO, NORTHWIND, TAILSPIN].into_iter().flat_map(of).collect()
}

fn explained(id: &str) -> String {
    explained_in(id, CONTOSO)
}

fn explained_in(id: &str, input: &str) -> String {
    let output = run(&["explain", id, input]);
    assert_eq!(code(&output), 0, "{}", err(&output));
    assert_eq!(err(&output), "");
    out(&output)
}

fn as_json(id: &str, input: &str) -> Value {
    serde_json::from_slice(&run(&["explain", id, input, "-f", "json"]).stdout).unwrap()
}

#[test]
fn the_ten_worst_findings_of_each_example_are_explained_as_written() {
    for (input, folder) in
        [(CONTOSO, "tests/explain"), (NORTHWIND, "tests/explain/aws"), (TAILSPIN, "tests/explain/gcp")]
    {
        are_explained_as_written(input, &Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    }
}

fn are_explained_as_written(input: &str, folder: &Path) {
    let told: Vec<(String, String)> = ids_of(input)
        .into_iter()
        .take(10)
        .map(|id| (format!("{id}.txt"), explained_in(&id, input)))
        .collect();
    assert_eq!(told.len(), 10);
    let files = || {
        let entries = fs::read_dir(folder).unwrap().map(Result::unwrap);
        let files = entries.filter(|entry| entry.file_type().unwrap().is_file());
        files.map(|entry| entry.file_name().into_string().unwrap()).collect::<Vec<_>>()
    };
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(folder).unwrap();
        files().into_iter().for_each(|file| fs::remove_file(folder.join(file)).unwrap());
        told.iter().for_each(|(file, text)| fs::write(folder.join(file), text).unwrap());
    }
    let expected: BTreeSet<String> = told.iter().map(|(file, _)| file.clone()).collect();
    assert_eq!(files().into_iter().collect::<BTreeSet<_>>(), expected, "UPDATE_GOLDEN=1 writes them anew");
    for (file, text) in told {
        let golden = fs::read_to_string(folder.join(&file)).unwrap();
        assert_eq!(text, golden, "{file}: UPDATE_GOLDEN=1 writes it anew");
    }
}

#[test]
fn every_explanation_fits_eighty_columns() {
    for (id, input) in found() {
        for line in explained_in(&id, input).lines() {
            let unbreakable = line.split(' ').any(|word| word.chars().count() > 60);
            assert!(line.chars().count() <= 80 || unbreakable, "{id}: {line}");
        }
    }
}

#[test]
fn json_follows_the_schema_that_the_binary_prints() {
    let schema = serde_json::from_slice(&run(&["schema", "explanation"]).stdout).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for (id, input) in found() {
        let document = as_json(&id, input);
        let mistakes: Vec<String> =
            schema.iter_errors(&document).map(|e| format!("{} {e}", e.instance_path())).collect();
        assert!(mistakes.is_empty(), "{id}: {mistakes:?}");
    }
    let page = serde_json::from_slice(&run(&["explain", "no-filter", "-f", "json"]).stdout).unwrap();
    let schema = serde_json::from_slice(&run(&["schema", "check"]).stdout).unwrap();
    assert!(jsonschema::is_valid(&schema, &page), "{page}");
}

/// An id is long, and a name says the same where nothing else has it.
#[test]
fn a_target_without_an_address_is_asked_for_by_its_name() {
    let names: Vec<Vec<String>> = ids()
        .iter()
        .filter_map(|id| {
            let words = as_json(id, CONTOSO)["proof"]["test"].clone();
            serde_json::from_value(words).ok()
        })
        .collect();
    let to = |words: &Vec<String>| words[words.iter().position(|word| word == "--to").unwrap() + 1].clone();
    let asked: Vec<String> = names.iter().map(to).collect();
    assert!(asked.iter().any(|to| to == "contoso-sql"), "{asked:?}");
    assert!(!asked.iter().any(|to| to.contains('/')), "{asked:?}");
}

/// The command that an explanation prints is one that runs, and it decides as the explanation says.
#[test]
fn every_packet_is_let_in_by_the_verb_that_decides_one() {
    let mut tested = 0;
    for (id, input) in found() {
        let explanation = as_json(&id, input);
        let reach = explanation["exposure"]["reach"].as_str().unwrap_or_default();
        let Some(words) = explanation["proof"]["test"].as_array() else {
            let has_packet = explanation["proof"]["seen"].is_string();
            assert!(reach == "latent" || !has_packet, "{id}: what leads somewhere can be tested");
            continue;
        };
        let words: Vec<&str> = words.iter().map(|word| word.as_str().unwrap()).collect();
        let expected = if explanation["exposure"]["certainty"] == "proved" { 0 } else { 3 };
        let output = run(&words[1..]);
        assert_eq!(code(&output), expected, "{words:?}: {}{}", out(&output), err(&output));
        tested += 1;
    }
    assert!(tested > 20, "{tested}");
}

#[test]
fn an_id_may_be_the_start_of_one_and_a_fingerprint() {
    let id = &ids()[0];
    let whole = explained(id);
    assert_eq!(explained(&id.to_lowercase()), whole);
    assert_eq!(explained(id.strip_prefix("WO-").unwrap()), whole);
    assert_eq!(explained(&id[..7]), whole);
    let fingerprint = as_json(id, CONTOSO)["exposure"]["fingerprint"].as_str().unwrap().to_owned();
    assert_eq!(as_json(&fingerprint, CONTOSO)["exposure"]["fingerprint"], fingerprint.as_str());
    assert_eq!(as_json(&fingerprint[..16], CONTOSO)["exposure"]["fingerprint"], fingerprint.as_str());
}

#[test]
fn a_saved_result_is_an_input_also_through_a_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result.json").display().to_string();
    let scanned = run(&["scan", CONTOSO, "-q", "-o", &format!("json={path}")]);
    assert_eq!(code(&scanned), 1);
    let id = &ids()[0];
    let saved = run(&["explain", id, &path]);
    assert_eq!((code(&saved), err(&saved).as_str()), (0, ""));
    assert!(out(&saved).contains("give the inputs instead"), "{}", out(&saved));
    assert_eq!(as_json(id, &path)["finding"], as_json(id, CONTOSO)["finding"]);
    let mut child =
        command(&["explain", id, "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(&fs::read(&path).unwrap()).unwrap();
    let piped = out(&child.wait_with_output().unwrap());
    assert_eq!(piped, out(&saved));
    fs::write(&path, "{\"schema\": \"wideopen.result/9\"}").unwrap();
    let later = run(&["explain", id, &path]);
    assert_eq!((code(&later), out(&later).as_str()), (2, ""));
    assert!(err(&later).contains("expected `wideopen.result/1`"), "{}", err(&later));
}

#[test]
fn a_check_is_explained_without_input() {
    let page = run(&["explain", "internet-reaches-admin-port"]);
    assert_eq!((code(&page), err(&page).as_str()), (0, ""));
    assert!(out(&page).contains("What it does not say"), "{}", out(&page));
    let json: Value = serde_json::from_slice(&run(&["explain", "no-filter", "-f", "json"]).stdout).unwrap();
    assert_eq!(json["check"], "no-filter");
}

#[test]
fn wrong_usage_says_what_to_give() {
    let says = |arguments: &[&str], expected: &str| {
        let output = run(&[&["explain"], arguments].concat());
        assert_eq!((code(&output), out(&output).as_str()), (2, ""), "{arguments:?}");
        assert!(err(&output).contains(expected), "{arguments:?}: {}", err(&output));
    };
    let id = &ids()[0];
    let mistyped = format!("{}X", &id[..id.len() - 1]);
    says(&[], "ID|CHECK");
    says(&[id], "needs the inputs it was found in, or a saved result");
    says(&[&mistyped, CONTOSO], &format!("did you mean `{id}`?"));
    says(&["WO-", CONTOSO], "has that id");
    says(&["internet-reaches-admn-port"], "did you mean `internet-reaches-admin-port`?");
    says(&[id, "nowhere.json"], "`nowhere.json`");
    says(&[id, CONTOSO, "-f", "sarif"], "possible values: table, json");
}

#[test]
fn colour_follows_the_flag() {
    let id = &ids()[0];
    assert!(!explained(id).contains('\u{1b}'));
    assert!(out(&run(&["explain", id, CONTOSO, "--color", "always"])).contains("\u{1b}[1;31m"));
    let json = out(&run(&["explain", id, CONTOSO, "--color", "always", "-f", "json"]));
    assert!(!json.contains('\u{1b}'));
}
