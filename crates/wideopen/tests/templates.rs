//! Real templates: whether every rule that they write is resolved exactly, and why not where it is not.
//!
//! Runs when `WIDEOPEN_CORPUS` names the folder. `UPDATE_LEDGER=1` rewrites `docs/templates.md`; review it by diff.
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

use cloud::{Document, Reading};
use model::{DocumentId, Gap, Snapshot, Thresholds};

const SETS: [&str; 4] = ["azure/arm-quickstart", "azure/arm-misc", "azure/arm-compiled-bicep", "peer-tests"];
const LEDGER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/templates.md");
const START: &str = "<!-- ledger: written by `UPDATE_LEDGER=1 cargo test -p wideopen --test templates` -->\n";
const TEMPLATE: &str = "azure/arm-template";
/// Of templates that hold rules of groups and say them whole, how many have all of them resolved exactly at least.
const EXACT_PERCENT_MIN: usize = 95;

/// Words by which a template that holds rules is known: lists of rules, and rules that are resources.
const RULES: [&str; 16] = [
    "securityrules",
    "firewallrules",
    "iprules",
    "networkacls",
    "networkruleset",
    "natrulecollections",
    "networkrulecollections",
    "applicationrulecollections",
    "rulecollectiongroups",
    "rulegroups",
    "ipsecurityrestrictions",
    "iprangefilter",
    "authorizedipranges",
    "accessrules",
    "loadbalancingrules",
    "inboundnatrules",
];
/// Why a value is not known that whoever deploys a template gives.
const UNSET: &str = "a variable without a value";
/// What a gap about a field of a rule, or about who a service lets in, speaks of.
const FIELDS: [&str; 17] = [
    "rule",
    "`networkAcls`",
    "`defaultAction`",
    "`ipRules`",
    "`ipSecurityRestrictions`",
    "`ipSecurityRestrictionsDefaultAction`",
    "`publicNetworkAccess`",
    "`authorizedIPRanges`",
    "`apiServerAccessProfile`",
    "`ipRangeFilter`",
    "`destinationAddresses`",
    "`sourceAddresses`",
    "`destinationPorts`",
    "`frontendPort`",
    "`backendPort`",
    "`protocol`",
    "`startIpAddress`",
];
/// Gaps of which none is about a rule that is written, whatever words it has: resources of other kinds, templates that
/// are elsewhere, tags whose addresses a catalogue has, references to what exists already.
const ELSEWHERE: [&str; 6] = [
    "missing-template",
    "unsupported-resource",
    "unresolved-service-tag",
    "dangling-reference",
    "unknown-sku",
    "missing-catalogue",
];

/// Templates that hold rules of groups.
#[derive(Clone, Copy, Default)]
struct Groups {
    all: usize,
    /// Those in which every rule of every group is resolved exactly.
    exact: usize,
    /// Those in which a field of such a rule needs a parameter that has no value: it is whoever deploys it who knows.
    unset: usize,
}

/// What the templates of one set gave.
#[derive(Default)]
struct Tally {
    templates: usize,
    parameters: usize,
    with_rules: usize,
    exact: usize,
    groups: Groups,
    rules: usize,
    /// Templates with a rule that is not exact, and the gaps that say so.
    others: Vec<(String, BTreeMap<String, usize>)>,
    elsewhere: BTreeMap<&'static str, usize>,
}

#[test]
fn rules_of_real_templates_are_resolved_exactly() {
    let Some(corpus) = std::env::var_os("WIDEOPEN_CORPUS").map(PathBuf::from) else {
        eprintln!("WIDEOPEN_CORPUS is not set: no real template was read");
        return;
    };
    let mut table = String::from(START);
    let (mut with_rules, mut exact, mut groups) = (0, 0, Groups::default());
    for set in SETS {
        let tally = tally(&corpus, set);
        assert!(tally.templates > 0, "{set} has no template");
        with_rules += tally.with_rules;
        exact += tally.exact;
        groups.add(tally.groups);
        table.push_str(&tally.told(set));
    }
    table.push_str(&groups.told());
    let _ =
        writeln!(table, "Of all kinds of rules: {exact} of {with_rules}, {}.", percent(exact, with_rules));
    assert!(
        groups.exact * 100 >= groups.given() * EXACT_PERCENT_MIN,
        "{} of {} templates are exact, expected {EXACT_PERCENT_MIN} %\n{table}",
        groups.exact,
        groups.given()
    );
    let ledger = fs::read_to_string(LEDGER).unwrap_or_default();
    let prose = ledger.split(START).next().unwrap_or_default();
    let written = format!("{prose}{table}");
    if std::env::var_os("UPDATE_LEDGER").is_some() {
        fs::write(LEDGER, written).unwrap();
    } else {
        assert_eq!(ledger, written, "docs/templates.md is not true any more: UPDATE_LEDGER=1 rewrites it");
    }
}

impl Groups {
    const fn add(&mut self, other: Self) {
        self.all += other.all;
        self.exact += other.exact;
        self.unset += other.unset;
    }

    /// Those whose rules the set says whole.
    const fn given(self) -> usize {
        self.all - self.unset
    }

    fn told(self) -> String {
        let Self { all, exact, unset } = self;
        format!(
            "\n## All\n\n{all} templates hold rules of groups. In {unset} of them a field of such a rule needs a parameter that \
             nobody in the set gives a value. Of the other {} have {exact} every rule of every group resolved exactly: {}; of \
             all {all} templates that is {}.\n\n",
            self.given(),
            percent(exact, self.given()),
            percent(exact, all)
        )
    }
}

/// Reads all templates of a set together, as a scan of its folder would.
fn tally(corpus: &Path, set: &str) -> Tally {
    let mut files = Vec::new();
    collect(&corpus.join(set), &mut files);
    files.sort();
    let texts: Vec<(String, String)> = files
        .iter()
        .map(|file| {
            let bytes = fs::read(file).unwrap();
            let path = file.strip_prefix(corpus.join(set)).unwrap().to_string_lossy().into_owned();
            (path, String::from_utf8_lossy(&bytes).trim_start_matches('\u{feff}').to_owned())
        })
        .collect();
    let documents: Vec<Document<'_>> =
        (0..).zip(&texts).map(|(id, (path, text))| Document { id: DocumentId(id), path, text }).collect();
    let waiting: Vec<Document<'_>> =
        documents.into_iter().filter(|document| (azure::CLOUD.waits)(document)).collect();
    let mut inventory = (azure::CLOUD.inventory)();
    let readings = inventory.read_together(&waiting);
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    let mut tally = Tally::default();
    for (document, reading) in waiting.iter().zip(&readings) {
        tally.take(document, reading, (&readings, &snapshot));
    }
    tally
}

impl Tally {
    fn take(
        &mut self,
        document: &Document<'_>,
        reading: &Reading,
        (readings, snapshot): (&[Reading], &Snapshot),
    ) {
        if reading.format != Some(TEMPLATE) {
            self.parameters += 1;
            return;
        }
        self.templates += 1;
        let all = readings.iter().flat_map(|reading| &reading.gaps).chain(&snapshot.gaps);
        let here: BTreeSet<&Gap> = all.filter(|gap| gap.document == Some(document.id)).collect();
        for gap in here.iter().filter(|gap| ELSEWHERE.contains(&gap.code)) {
            *self.elsewhere.entry(gap.code).or_default() += 1;
        }
        let lower = document.text.to_ascii_lowercase();
        if !RULES.iter().any(|word| lower.contains(word)) {
            return;
        }
        self.with_rules += 1;
        let rules = snapshot.lists.iter().flat_map(|list| &list.rules);
        let written = rules.filter(|rule| {
            !rule.built_in && rule.provenance.is_some_and(|place| place.document == document.id)
        });
        self.rules += written.count();
        let is_of_rule = |gap: &&&Gap| {
            !ELSEWHERE.contains(&gap.code) && FIELDS.iter().any(|field| gap.message.contains(field))
        };
        let mut reasons = BTreeMap::new();
        for gap in here.iter().filter(is_of_rule) {
            *reasons.entry(format!("`{}`: {}", gap.code, reason(&gap.message))).or_default() += 1;
        }
        if lower.contains("\"securityrules\"") || lower.contains("/securityrules\"") {
            let of_group: Vec<&Gap> = here
                .iter()
                .copied()
                .filter(|gap| !ELSEWHERE.contains(&gap.code) && is_of_group(&gap.message))
                .collect();
            self.groups.all += 1;
            self.groups.exact += usize::from(of_group.is_empty());
            self.groups.unset += usize::from(of_group.iter().any(|gap| gap.message.contains(UNSET)));
        }
        match reasons.is_empty() {
            true => self.exact += 1,
            false => self.others.push((short(document.path), reasons)),
        }
    }

    fn told(&self, set: &str) -> String {
        let mut told = format!("\n## {set}\n\n| what | count |\n|---|---:|\n");
        let rows = [
            ("templates", self.templates),
            ("files of parameters", self.parameters),
            ("templates with rules", self.with_rules),
            ("rules in the answer, those of all deployments of a template", self.rules),
        ];
        for (what, count) in rows {
            let _ = writeln!(told, "| {what} | {count} |");
        }
        let share = percent(self.exact, self.with_rules);
        let _ = writeln!(told, "| every rule resolved exactly | {} ({share}) |", self.exact);
        for (code, count) in &self.elsewhere {
            let _ = writeln!(told, "| gaps `{code}`, about no rule that is written | {count} |");
        }
        if !self.others.is_empty() {
            told.push_str("\n| not exact | gaps |\n|---|---|\n");
        }
        for (path, reasons) in &self.others {
            let reasons: Vec<String> =
                reasons.iter().map(|(reason, count)| format!("{reason} ({count})")).collect();
            let _ = writeln!(told, "| {path} | {} |", reasons.join("; "));
        }
        told
    }
}

/// Whether a gap is about a rule of a group.
fn is_of_group(message: &str) -> bool {
    message.contains(": rule `") || message.contains("`securityRules`")
}

/// Why a field is not known, without the names around it.
fn reason(message: &str) -> &str {
    match (message.split_once(" not known (").and_then(|(_, rest)| rest.split_once(')')), message) {
        (Some((cause, _)), _) => cause,
        (None, message) => message.rsplit_once(": ").map_or(message, |(_, last)| last),
    }
}

/// A path without the repository that it is from.
fn short(path: &str) -> String {
    path.split_once('/').map_or(path, |(_, rest)| rest).to_owned()
}

fn percent(part: usize, whole: usize) -> String {
    match whole {
        0 => "none".to_owned(),
        _ => format!("{}.{} %", part * 100 / whole, part * 1000 / whole % 10),
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
}
