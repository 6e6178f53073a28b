//! Whole accounts: each folder read as one input, and what the Internet reaches in it.
//!
//! No peer says anything of these; the prose above the ledger says what was worked out by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Corpus;
use crate::scan::{Scan, told};

/// Sets, and the name of the one account that a set is; else each folder with a folder `aws_configs` in it is one.
const ACCOUNTS: [(&str, Option<&str>); 3] = [
    ("aws/batfish-snapshots", None),
    ("aws/cloudmapper-demo", Some("cloudmapper-demo")),
    ("aws/fixinventory", Some("fixinventory")),
];

pub(crate) fn table(corpus: &Corpus) -> String {
    let mut page = String::from(
        "\n## Whole accounts\n\n| account | files | resources | targets | exposures by reach | gaps |\n|---|---:|---:|---:|---|---|\n",
    );
    let mut reached = String::from("\n| account | target | what the Internet reaches |\n|---|---|---|\n");
    for (set, whole) in ACCOUNTS {
        let mut accounts: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
        for file in corpus.files(set) {
            let folder = || {
                file.ancestors()
                    .find(|folder| folder.ends_with("aws_configs"))
                    .and_then(Path::parent)
                    .unwrap()
            };
            let account = whole
                .map_or_else(|| folder().file_name().unwrap().to_string_lossy().into_owned(), str::to_owned);
            accounts.entry(account).or_default().push(file);
        }
        for (account, files) in accounts {
            let texts: Vec<String> = files.iter().map(|file| corpus.text(file)).collect();
            let scan = Scan::of(&aws::CLOUD, &texts);
            let reaches = counted(scan.exposures.iter().map(|exposure| exposure.reach.word()));
            let gaps = counted(scan.gaps.iter().map(|gap| gap.code));
            let targets = scan.snapshot.targets.len();
            writeln!(
                page,
                "| {account} | {} | {} | {targets} | {reaches} | {gaps} |",
                files.len(),
                scan.resources
            )
            .unwrap();
            reached.push_str(&lines(&account, &scan));
        }
    }
    page.push_str(&reached);
    page
}

/// Target by target, with the hops that stand in front.
fn lines(account: &str, scan: &Scan) -> String {
    let mut lines = String::new();
    let mut told_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for exposure in &scan.exposures {
        let target = &exposure.target;
        let hops: Vec<String> =
            target.paths[exposure.way].hops.iter().map(|hop| hop.name.to_string()).collect();
        let behind = if hops.is_empty() { String::new() } else { format!(" through {}", hops.join(", ")) };
        let key = format!("{} `{}`", target.kind, target.id);
        told_of.entry(key).or_default().insert(format!("{}{behind}", told(exposure)));
    }
    for (target, exposures) in told_of {
        let exposures: Vec<String> = exposures.into_iter().collect();
        writeln!(lines, "| {account} | {target} | {} |", exposures.join("; ")).unwrap();
    }
    lines
}

fn counted<'w>(words: impl Iterator<Item = &'w str>) -> String {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_default() += 1);
    let told: Vec<String> = counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
    told.join(", ")
}
