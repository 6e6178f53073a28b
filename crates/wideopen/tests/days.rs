//! The example days: audit logs replayed over the exports of the estate they changed, as a person runs it at night.
//!
//! What each day comes to is a page in `tests/days/`: its openings and changes as lines, and one finding explained;
//! `UPDATE_GOLDEN=1` writes them anew.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a broken fixture is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of logs, the exports they changed, and the finding that is explained: a check and a target.
struct Day {
    name: &'static str,
    logs: &'static str,
    snapshot: &'static str,
    explained: (&'static str, &'static str),
}

const DAYS: [Day; 3] = [
    Day {
        name: "contoso",
        logs: "examples/contoso-day",
        snapshot: "examples/contoso",
        explained: ("internet-reaches-admin-port", "vm-batch-nic"),
    },
    Day {
        name: "northwind",
        logs: "examples/northwind-day",
        snapshot: "examples/northwind-aws",
        explained: ("internet-reaches-database-port", "postgres"),
    },
    Day {
        name: "tailspin",
        logs: "examples/tailspin-day",
        snapshot: "examples/tailspin-gcp",
        explained: ("internet-reaches-database-port", "mysql"),
    },
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Runs at the root of the repository, without what the machine's environment may say.
fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_wideopen"));
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("WIDEOPEN_")) {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(root()).env_remove("NO_COLOR").output().unwrap()
}

/// What a day prints; it has findings that fail.
fn detected(day: &Day, more: &[&str]) -> String {
    let output =
        run(&[&["detect", day.logs, "--snapshot", day.snapshot, "-q", "--color", "never"], more].concat());
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.stderr, b"");
    String::from_utf8(output.stdout).unwrap()
}

fn result(day: &Day, more: &[&str]) -> Value {
    serde_json::from_str(&detected(day, &[&["-f", "json"], more].concat())).unwrap()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().unwrap()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("-")
}

/// The time of day, to the second.
fn time(value: &Value) -> &str {
    value["at"].as_str().map_or("-", |at| &at[11..19])
}

/// The accountable name of an actor, without what is before the last slash of it.
fn actor(value: &Value) -> &str {
    let actor = text(value, "actor");
    actor.rsplit('/').next().unwrap_or(actor)
}

/// `web exposed tcp/22 09:12:44..16:40:22: opens alice 09:12:44, widens bob 12:03:58, closes carol 16:40:22`.
fn opening(value: &Value) -> String {
    let ports: Vec<&str> = list(value, "ports").iter().map(|port| port.as_str().unwrap()).collect();
    let steps: Vec<String> = list(value, "steps")
        .iter()
        .map(|step| format!("{} {} {}", text(step, "effect"), actor(step), time(step)))
        .collect();
    let possible = if text(value, "certainty") == "possible" { " possible" } else { "" };
    let expected = if value["expected"].is_null() { "" } else { " (expected)" };
    format!(
        "{} {}{possible} {}/{} {}..{}: {}{expected}",
        text(&value["target"], "name"),
        text(value, "reach"),
        text(value, "protocol"),
        ports.join(","),
        time(&value["opened"]),
        time(&value["closed"]),
        steps.join(", ")
    )
}

/// `09:12:44 alice AuthorizeSecurityGroupIngress sg-1: opens`.
fn change(value: &Value) -> String {
    let edited = text(value, "edited");
    let edited = edited.trim_end_matches('/').rsplit('/').next().unwrap_or(edited);
    let weakened = value["weakened"].as_str().map(|weakened| format!(", {weakened}")).unwrap_or_default();
    let expected = if value["expected"].is_null() { "" } else { " (expected)" };
    format!(
        "{} {} {} {edited}: {}{weakened}{expected}",
        time(value),
        actor(value),
        text(value, "operation"),
        text(value, "effect")
    )
}

/// The page of a day.
fn page(day: &Day) -> String {
    let result = result(day, &[]);
    let lines = |key: &str, line: fn(&Value) -> String| {
        list(&result, key).iter().map(line).collect::<Vec<_>>().join("\n")
    };
    let (check, target) = day.explained;
    let own: Vec<&str> = list(&result, "openings")
        .iter()
        .filter(|opening| text(&opening["target"], "name") == target)
        .map(|opening| text(opening, "fingerprint"))
        .collect();
    let is_it = |finding: &&Value| {
        let mut exposures = list(finding, "exposures").iter().map(|one| one.as_str().unwrap());
        text(finding, "check") == check && exposures.any(|exposure| own.contains(&exposure))
    };
    let finding = list(&result, "findings").iter().find(is_it).unwrap();
    let id = text(finding, "id");
    let explained = run(&["explain", id, day.logs, "--snapshot", day.snapshot, "--color", "never"]);
    assert_eq!(explained.status.code(), Some(0), "{}", String::from_utf8_lossy(&explained.stderr));
    let explained = String::from_utf8(explained.stdout).unwrap();
    format!(
        "== openings\n{}\n\n== changes\n{}\n\n== {id}\n{explained}",
        lines("openings", opening),
        lines("changes", change)
    )
}

#[test]
fn each_day_comes_to_what_its_page_says() {
    for day in &DAYS {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/days/{}.txt", day.name));
        let told = page(day);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&path, &told).unwrap();
        }
        let golden = fs::read_to_string(&path).unwrap();
        assert_eq!(told, golden, "{}: UPDATE_GOLDEN=1 writes it anew", day.name);
    }
}

/// Halves are opened by one and widened by another; the run of the pipeline is quiet; what is expected is no alarm, and is
/// one without its expectation.
#[test]
fn each_day_has_its_story() {
    for day in &DAYS {
        let day_result = result(day, &[]);
        let halves = |opening: &&Value| {
            let effects: Vec<&str> = list(opening, "steps").iter().map(|step| text(step, "effect")).collect();
            let actors: Vec<&str> = list(opening, "steps").iter().map(actor).collect();
            effects.starts_with(&["opens", "widens"]) && actors[0] != actors[1]
        };
        assert!(list(&day_result, "openings").iter().any(|one| halves(&one)), "{}", day.name);
        let early = |change: &&Value| time(change) < "07:00:00";
        let quiet: Vec<&Value> = list(&day_result, "changes").iter().filter(early).collect();
        assert!(!quiet.is_empty(), "{}", day.name);
        assert!(quiet.iter().all(|change| text(change, "effect") == "none"), "{}: {quiet:?}", day.name);
        let accepted = |result: &Value| {
            let findings = list(result, "findings").iter();
            findings.filter(|finding| !finding["accepted"].is_null()).count()
        };
        assert!(accepted(&day_result) > 0, "{}", day.name);
        let without = result(day, &["--no-config"]);
        assert!(accepted(&without) < accepted(&day_result), "{}", day.name);
        let refused = |finding: &&Value| text(finding, "check") == "change-denied";
        assert_eq!(list(&day_result, "findings").iter().filter(refused).count(), 1, "{}", day.name);
    }
}

/// The order and the division of files say nothing: the same records in one stream come to the same.
#[test]
fn a_day_from_a_pipe_is_the_same_day() {
    let day = &DAYS[2];
    let mut files = Vec::new();
    let mut folders = vec![root().join(day.logs)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            match path.extension().and_then(|extension| extension.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("json") => files.push(path),
                _ => {}
            }
        }
    }
    files.sort();
    files.reverse();
    let files: Vec<String> = files.into_iter().map(|path| path.to_str().unwrap().to_owned()).collect();
    let mut arguments = vec!["detect"];
    arguments.extend(files.iter().map(String::as_str));
    arguments.extend(["--snapshot", day.snapshot, "-q", "-f", "json", "--no-config"]);
    let told: Value = serde_json::from_slice(&run(&arguments).stdout).unwrap();
    let whole = result(day, &["--no-config"]);
    let lines = |result: &Value| list(result, "openings").iter().map(opening).collect::<Vec<_>>();
    assert_eq!(lines(&told), lines(&whole));
}

/// An untouched copy of what the README runs.
#[test]
fn northwinds_day_is_told_as_the_readme_shows() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let told = detected(&DAYS[1], &["-f", "table", "--severity", "high"]);
    assert!(readme.contains(told.trim_end()), "README.md does not show this any more:\n{told}");
}
