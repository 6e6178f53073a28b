//! Real templates that were worked out by hand: what each group holds, and what the Internet reaches.
//!
//! The answers stand in `docs/templates-by-hand.md`, a table for each folder of the corpus; they are written by people and
//! nothing rewrites them. Runs when `WIDEOPEN_CORPUS` names the corpus.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a broken fixture is a failed test"
)]

use std::fs;
use std::path::{Path, PathBuf};

use cloud::Document;
use engine::{Exposure, Measure};
use model::{DocumentId, Snapshot, Thresholds};

const ANSWERS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/templates-by-hand.md");
/// How many templates are worked out at least.
const TEMPLATES_MIN: usize = 30;

/// What stands in a group for a rule that may be any.
const UNREADABLE: &str = "unreadable rule";

/// What the table says of one template.
struct Row<'t> {
    folder: &'t str,
    path: &'t str,
    groups: &'t str,
    reached: &'t str,
    gaps: &'t str,
}

#[test]
fn answers_are_those_worked_out_by_hand() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS").map(PathBuf::from) else {
        eprintln!("WIDEOPEN_CORPUS is not set: no real template was read");
        return;
    };
    let answers = fs::read_to_string(ANSWERS).unwrap();
    let rows = rows(&answers);
    assert!(rows.len() >= TEMPLATES_MIN, "{} templates in {ANSWERS}", rows.len());
    let mut differences = Vec::new();
    for row in &rows {
        let answer = answer(&corpus.join(row.folder).join(row.path));
        for (expected, answered) in [row.groups, row.reached, row.gaps].into_iter().zip(&answer) {
            if expected != answered {
                differences.push(format!("{}\n  by hand  {expected}\n  answered {answered}", row.path));
            }
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

fn rows(answers: &str) -> Vec<Row<'_>> {
    let mut folder = "";
    let mut rows = Vec::new();
    for line in answers.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            folder = heading;
        }
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if let [path, groups, reached, gaps] = cells.as_slice()
            && path.ends_with(".json")
        {
            rows.push(Row { folder, path, groups, reached, gaps });
        }
    }
    rows
}

/// The rules of each group, what is reached, and how many gaps of each code there are.
fn answer(template: &Path) -> [String; 3] {
    let parameters = template.with_extension("parameters.json");
    let files = [template.to_owned(), parameters].into_iter().filter(|file| file.exists());
    let read = |file: PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        (name, fs::read_to_string(file).unwrap().trim_start_matches('\u{feff}').to_owned())
    };
    let texts: Vec<(String, String)> = files.map(read).collect();
    let documents: Vec<Document<'_>> =
        (0..).zip(&texts).map(|(id, (path, text))| Document { id: DocumentId(id), path, text }).collect();
    let mut inventory = (azure::CLOUD.inventory)();
    let readings = inventory.read_together(&documents);
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    let mut reached = Vec::new();
    engine::exposures(&snapshot, &mut |exposure, _| reached.push(told(&exposure))).unwrap();
    reached.sort();
    let gaps = readings.iter().flat_map(|reading| &reading.gaps).chain(&snapshot.gaps);
    let mut codes: Vec<&str> = gaps.map(|gap| gap.code).collect();
    codes.sort_unstable();
    [groups(&snapshot), or_none(&reached, "; "), or_none(&counted(&codes), ", ")]
}

/// The groups by name, each with the number of its own rules.
fn groups(snapshot: &Snapshot) -> String {
    let groups = snapshot.lists.iter().filter(|list| list.kind == "network-security-group");
    let groups = groups.map(|list| {
        let own = || list.rules.iter().filter(|rule| !rule.built_in);
        let count = if own().any(|rule| *rule.name == *UNREADABLE) {
            "?".to_owned()
        } else {
            own().count().to_string()
        };
        format!("{} {count}", list.name)
    });
    let mut groups: Vec<String> = groups.collect();
    groups.sort();
    or_none(&groups, ", ")
}

/// `web-nic exposed proved tcp 22 any/-`: the grades of IPv4 and IPv6.
fn told(exposure: &Exposure) -> String {
    let protocol = exposure.protocol.map_or("any".to_owned(), |protocol| protocol.to_string());
    let ports = if exposure.ports.is_empty() { "-".to_owned() } else { exposure.ports.to_string() };
    let grade = |measure: Option<&Measure>| measure.map_or("-", |measure| measure.grade.word());
    let (four, six) = (grade(exposure.sources.ipv4.as_ref()), grade(exposure.sources.ipv6.as_ref()));
    let rentable = if exposure.sources.rentable { " rentable" } else { "" };
    let (reach, certainty) = (exposure.reach.word(), exposure.certainty.word());
    format!("{} {reach} {certainty} {protocol} {ports} {four}/{six}{rentable}", exposure.target.name)
}

fn counted(codes: &[&str]) -> Vec<String> {
    let runs = codes.chunk_by(|one, other| one == other);
    runs.filter_map(|run| Some(format!("{} {}", run.first()?, run.len()))).collect()
}

fn or_none(parts: &[String], between: &str) -> String {
    if parts.is_empty() { "none".to_owned() } else { parts.join(between) }
}
