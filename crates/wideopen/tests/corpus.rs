//! Real exports, configurations and templates: everything reads without a panic, and `docs/corpus.md` says what each set gave.
//!
//! Runs when `WIDEOPEN_CORPUS` names the folder. `UPDATE_LEDGER=1` rewrites the table; review it by diff.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stderr,
    reason = "a broken fixture is a failed test"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use check::Facts;
use cloud::{Cloud, Document, Reception};
use engine::{Exposure, exposures, idle_rules};
use model::{DocumentId, Gap, Snapshot, Thresholds};
use terraform::Input;
use testkit::pipeline::{Taken, take};

/// Exports, what is about to be, and what is neither: it must read too, and must not be taken for one.
const SETS: [&str; 28] = [
    "azure/live-json",
    "azure/rest-examples",
    "azure/arm-compiled-bicep",
    "azure/arm-misc",
    "azure/arm-quickstart",
    "azure/policy-definitions",
    "azure/terraform",
    "azure/terraform-state",
    "ranges/azure-service-tags",
    "aws/batfish-snapshots",
    "aws/batfish-single",
    "aws/c7n-placebo",
    "aws/cloudmapper-demo",
    "aws/fixinventory",
    "aws/panther-resources",
    "aws/terraform",
    "aws/terraform-state",
    "ranges/aws",
    "gcp/c7n-flights",
    "gcp/cai-policy-library",
    "gcp/cai-tfvalidator",
    "gcp/fixinventory",
    "gcp/forseti",
    "gcp/terraform",
    "peer-tests/checkov",
    "peer-tests/regula",
    "auditlogs/gcp-cloudevents",
    "auditlogs/gcp-security-analytics",
];
/// Sets in which files of a folder are of different configurations.
const ALONE: [&str; 2] = ["gcp/cai-tfvalidator", "peer-tests/regula"];
/// Ends of files in which something may be declared, beside those of exports.
const DECLARING: [&str; 7] = ["tf", "tfvars", "tfstate", "jsonc", "yaml", "yml", "template"];
/// Every cloud, in the order of the binary.
const CLOUDS: [&Cloud; 3] = [&azure::CLOUD, &aws::CLOUD, &gcp::CLOUD];
/// Sets whose folders are accounts, and the folder in which an account is; else it is the one of the file.
const ACCOUNTS: [(&str, &str); 4] = [
    ("aws/batfish-snapshots", "aws_configs"),
    ("aws/c7n-placebo", ""),
    ("aws/cloudmapper-demo", "us-east-1"),
    ("gcp/c7n-flights", ""),
];
const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/corpus.md");
const START: &str = "<!-- ledger: written by `UPDATE_LEDGER=1 cargo test -p wideopen --test corpus` -->\n";

/// What one set of files gave.
#[derive(Default)]
struct Tally {
    files: u64,
    formats: BTreeMap<&'static str, u64>,
    not_recognised: u64,
    resources: u64,
    exposures: u64,
    findings: BTreeMap<&'static str, u64>,
    gaps: BTreeMap<&'static str, u64>,
}

#[test]
fn every_real_file_reads_and_the_ledger_is_true() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS").map(PathBuf::from) else {
        eprintln!("WIDEOPEN_CORPUS is not set: no real file was read");
        return;
    };
    let mut table = String::from(START);
    for set in SETS {
        let mut files = Vec::new();
        collect(&corpus.join(set), &|end| EXPORTED.contains(&end) || DECLARING.contains(&end), &mut files);
        files.sort();
        let mut tally = Tally::default();
        together(set, &files).values().for_each(|group| tally.take(group));
        assert!(tally.files > 0, "{set} has no files");
        table.push_str(&tally.row(set));
        if let Some((_, inside)) = ACCOUNTS.iter().find(|(known, _)| *known == set) {
            table.push_str(&accounts(set, &files, inside));
        }
    }
    let ledger = fs::read_to_string(LEDGER).unwrap_or_default();
    let prose = ledger.split(START).next().unwrap_or_default();
    let written = format!("{prose}{table}");
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        fs::write(LEDGER, written).unwrap();
    } else {
        assert_eq!(ledger, written, "docs/corpus.md is not true any more: UPDATE_LEDGER=1 rewrites it");
    }
}

/// What one cloud knows, no other does; what only tells what happened, what is planned or what is forbidden, nobody does.
#[test]
fn no_real_file_is_of_two_clouds() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS").map(PathBuf::from) else {
        eprintln!("WIDEOPEN_CORPUS is not set: no real file was read");
        return;
    };
    let mut files = Vec::new();
    collect(&corpus, &|end| EXPORTED.contains(&end), &mut files);
    let mut wrong = Vec::new();
    for file in &files {
        let Ok(text) = fs::read_to_string(file) else { continue };
        let path = file.strip_prefix(&corpus).unwrap().to_string_lossy().into_owned();
        let document =
            Document { id: DocumentId(0), path: "corpus", text: text.trim_start_matches('\u{feff}') };
        // A word that an export might have is no recognition.
        let is_unread = |gap: &Gap| gap.code == "unrecognised-format";
        let readings = CLOUDS.map(|cloud| (cloud.inventory)().read(&document)).into_iter();
        let known = readings.filter(|reading| !reading.gaps.iter().any(is_unread));
        let known: Vec<&str> = known.filter_map(|reading| reading.format).collect();
        let is_foreign = |format: &&str| {
            CLOUDS
                .iter()
                .any(|cloud| path.starts_with(&format!("{}/", cloud.name)) && !format.starts_with(cloud.name))
        };
        let is_of_google =
            |format: &&str| format.starts_with("gcp/") && NO_EXPORTS.iter().any(|set| path.starts_with(set));
        if known.len() > 1 || known.iter().any(is_foreign) || known.iter().any(is_of_google) {
            wrong.push(format!("{path}: {known:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), files.len(), wrong.join("\n"));
}

/// Sets in which nothing is an export of Google Cloud.
const NO_EXPORTS: [&str; 5] = ["auditlogs/", "flowlogs/", "peer-tests/", "ranges/a", "gcp/terraform/"];

/// Ends of files that hold exports.
const EXPORTED: [&str; 2] = ["json", "dump"];

fn collect(folder: &Path, is_wanted: &dyn Fn(&str) -> bool, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, is_wanted, files);
        } else if path.extension().and_then(|end| end.to_str()).is_some_and(is_wanted) {
            files.push(path);
        }
    }
}

/// A file, and its text where it is one.
type Read = (String, Option<String>);

/// Files by what they are read with: those that declare something by the outermost folder that has such files, everything
/// else by itself.
fn together(set: &str, files: &[PathBuf]) -> BTreeMap<PathBuf, Vec<Read>> {
    let reception = Reception::new(&CLOUDS);
    let read = |file: &PathBuf| {
        let text = fs::read_to_string(file).ok();
        (file.to_string_lossy().into_owned(), text.map(|text| text.trim_start_matches('\u{feff}').to_owned()))
    };
    let is_part = |(path, text): &Read| {
        let waits = |text: &String| reception.waits(&Document { id: DocumentId(0), path, text });
        let is_declaring =
            path.ends_with(".tf") || path.ends_with(".tfvars") || text.as_ref().is_some_and(waits);
        is_declaring && !ALONE.contains(&set)
    };
    let files: Vec<(bool, &PathBuf, Read)> = files
        .iter()
        .map(|file| (file, read(file)))
        .map(|(file, read)| (is_part(&read), file, read))
        .collect();
    let folders: BTreeSet<&Path> =
        files.iter().filter(|(is_part, ..)| *is_part).filter_map(|(_, file, _)| file.parent()).collect();
    let mut groups: BTreeMap<PathBuf, Vec<Read>> = BTreeMap::new();
    for (is_part, file, read) in &files {
        let outermost = file.ancestors().filter(|folder| folders.contains(folder)).last();
        let place = if *is_part { outermost.unwrap() } else { file };
        groups.entry(place.to_owned()).or_default().push(read.clone());
    }
    groups
}

impl Tally {
    /// Reads files together, as the binary does.
    fn take(&mut self, files: &[Read]) {
        self.files += files.len() as u64;
        let mut inputs: Vec<Input<'_>> = Vec::new();
        for (id, (path, text)) in (0..).zip(files) {
            match text {
                Some(text) => {
                    let document = Document { id: DocumentId(id), path, text };
                    inputs.push(Input { document, named: false });
                }
                None => *self.gaps.entry("invalid-utf8").or_default() += 1,
            }
        }
        let Taken { reception, readings } = take(&inputs, &|resources| resources);
        for reading in &readings {
            match reading.format {
                Some(format) => *self.formats.entry(format).or_default() += 1,
                None => self.not_recognised += 1,
            }
            self.resources += reading.resources;
            reading.gaps.iter().for_each(|gap| *self.gaps.entry(gap.code).or_default() += 1);
        }
        for snapshot in reception.into_snapshots(Thresholds::STANDARD) {
            self.take_snapshot(&snapshot);
        }
    }

    fn take_snapshot(&mut self, snapshot: &Snapshot) {
        let found = swept(snapshot);
        self.exposures += found.len() as u64;
        let idle: Vec<_> = snapshot.lists.iter().flat_map(idle_rules).collect();
        let facts = Facts { snapshot, exposures: &found, idle: &idle };
        for finding in check::findings(&facts, &BTreeMap::new()) {
            *self.findings.entry(finding.check.name).or_default() += 1;
        }
        snapshot.gaps.iter().for_each(|gap| *self.gaps.entry(gap.code).or_default() += 1);
    }

    fn row(&self, set: &str) -> String {
        let mut row = format!("\n## {set}\n\n| what | count |\n|---|---:|\n");
        let mut line = |what: String, count: u64| writeln!(row, "| {what} | {count} |").unwrap();
        line("files".to_owned(), self.files);
        self.formats.iter().for_each(|(name, count)| line(format!("recognised as `{name}`"), *count));
        line("not recognised".to_owned(), self.not_recognised);
        line("resources taken in".to_owned(), self.resources);
        line("exposures".to_owned(), self.exposures);
        self.findings.iter().for_each(|(name, count)| line(format!("findings of `{name}`"), *count));
        self.gaps.iter().for_each(|(code, count)| line(format!("gaps `{code}`"), *count));
        row
    }
}

fn swept(snapshot: &Snapshot) -> Vec<Exposure> {
    let mut found: Vec<Exposure> = Vec::new();
    exposures(snapshot, &mut |exposure, _| found.push(exposure)).unwrap();
    found
}

/// The files of each account read together: what is reached, and what is not understood.
fn accounts(set: &str, files: &[PathBuf], inside: &str) -> String {
    let cloud = CLOUDS.into_iter().find(|cloud| set.starts_with(cloud.name)).unwrap();
    let mut folders: BTreeMap<&Path, Vec<&PathBuf>> = BTreeMap::new();
    for file in files {
        let folder = file.parent().unwrap();
        let outer = file.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == inside));
        let folder = outer.and_then(Path::parent).unwrap_or(folder);
        folders.entry(folder).or_default().push(file);
    }
    let mut table = String::from(
        "\n| account | resources | targets | exposures by reach | gaps | missing |\n|---|---:|---:|---|---|---:|\n",
    );
    let mut silent = 0;
    for (folder, files) in folders {
        let mut inventory = (cloud.inventory)();
        let mut gaps: Vec<Gap> = Vec::new();
        let mut resources = 0;
        for (number, file) in files.iter().enumerate() {
            let text = fs::read_to_string(file).unwrap();
            let id = DocumentId(u32::try_from(number).unwrap());
            let reading = inventory.read(&Document { id, path: "corpus", text: &text });
            resources += reading.resources;
            gaps.extend(reading.gaps);
        }
        let snapshot = inventory.snapshot(Thresholds::STANDARD);
        gaps.extend(snapshot.gaps.iter().cloned());
        let reaches = counted(swept(&snapshot).iter().map(|exposure| exposure.reach.word()));
        let codes = counted(gaps.iter().map(|gap| gap.code));
        let name = folder.file_name().unwrap().to_string_lossy();
        let (targets, missing) = (snapshot.targets.len(), snapshot.missing.len());
        if targets == 0 && gaps.is_empty() {
            silent += 1;
            continue;
        }
        writeln!(table, "| {name} | {resources} | {targets} | {reaches} | {codes} | {missing} |").unwrap();
    }
    writeln!(table, "\nAccounts with no target and no gap: {silent}.").unwrap();
    table
}

fn counted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    let told: Vec<String> = counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
    told.join(", ")
}
