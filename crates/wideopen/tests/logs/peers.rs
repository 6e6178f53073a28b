//! What others say of the same events, beside what we say: Panther's verdicts, and the techniques of Stratus Red Team.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use check::operation;
use engine::Certainty;
use model::Weakened;

use crate::reasons::{BEYOND, DIFFERENCES, REASONS, SUBJECTS};
use crate::runs::{Log, Run};
use crate::{cell, logs, worlds};

/// What we say of an event. Ascending.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    /// Nothing was opened, nobody watches less.
    Silent,
    /// What decides is not in the log.
    Possible,
    /// It is a finding.
    Told,
}

/// The page of all peers.
pub(crate) fn page(corpus: &Path, unexplained: &mut Vec<String>) -> String {
    let mut page = Page::default();
    let panther: BTreeMap<String, Log> =
        logs(corpus, "auditlogs/panther").into_iter().map(|log| (log.name.clone(), log)).collect();
    for (name, says, title) in verdicts(corpus) {
        let rule = name.split('/').next().unwrap();
        match BEYOND.iter().find(|(start, _)| rule.starts_with(start)) {
            Some((_, subject)) => page.beyond(rule, subject),
            None => page.compare(&name, &title, says, &panther[&name]),
        }
    }
    let panther = page.written("Panther: events with a verdict");
    let mut stratus =
        Page { used: page.used, unexplained: page.unexplained, subjects: page.subjects, ..Page::default() };
    for log in logs(corpus, "auditlogs/stratus-detonation") {
        let technique = log.name.clone();
        match TECHNIQUES.iter().find(|(name, _)| technique.ends_with(name)) {
            Some((_, Some(subject))) => stratus.beyond(&technique, subject),
            Some((_, None)) => stratus.compare(&technique, "", true, &log),
            None => unexplained.push(format!("the technique `{technique}` is in no list")),
        }
    }
    let written = stratus.written("Stratus Red Team: logs of techniques");
    unexplained.append(&mut stratus.unexplained);
    let needed: BTreeSet<&str> = REASONS.iter().map(|(code, _)| *code).collect();
    if needed != stratus.used {
        unexplained.push(format!("reasons in the table {needed:?}, and needed {:?}", stratus.used));
    }
    let subjects: BTreeSet<&str> = SUBJECTS.iter().map(|(code, _)| *code).collect();
    if subjects != stratus.subjects {
        unexplained.push(format!("subjects in the table {subjects:?}, and needed {:?}", stratus.subjects));
    }
    format!("{}{panther}{written}", codes())
}

/// Techniques by the end of their names, and why one is not compared.
const TECHNIQUES: [(&str, Option<&str>); 19] = [
    ("ec2-get-password-data", Some("reading")),
    ("secretsmanager-batch-retrieve-secrets", Some("reading")),
    ("secretsmanager-retrieve-secrets", Some("reading")),
    ("ssm-retrieve-securestring-parameters", Some("reading")),
    ("dns-delete-logs", None),
    ("organizations-leave", None),
    ("vpc-remove-flow-logs", None),
    ("ec2-user-data", Some("machines")),
    ("ssm-send-command", Some("machines")),
    ("ssm-start-session", Some("machines")),
    ("ec2-share-ami", Some("sharing")),
    ("ec2-share-ebs-snapshot", Some("sharing")),
    ("rds-share-snapshot", Some("sharing")),
    ("bedrock-invoke-model", Some("another-subject")),
    ("ec2-instance-connect", Some("machines")),
    ("iam-backdoor-user", Some("identity")),
    ("iam-create-backdoor-role", Some("identity")),
    ("lambda-layer-extension", Some("functions")),
    ("lambda-overwrite-code", Some("functions")),
];

/// Name of a file, whether Panther alarms, and what its test is called.
fn verdicts(corpus: &Path) -> Vec<(String, bool, String)> {
    let table = fs::read_to_string(corpus.join("expected.csv")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("auditlogs/panther/"));
    let mut verdicts: Vec<(String, bool, String)> = rows
        .map(|row| {
            let (file, rest) = row.split_once(',').unwrap();
            let says = match rest.contains(",detect,") {
                true => true,
                false if rest.contains(",none,") => false,
                false => panic!("no verdict: {row}"),
            };
            let title = rest.split(",AWS.").next().unwrap().split(",Azure.").next().unwrap();
            let title = title.split(",GCP.").next().unwrap().trim_matches('"').replace("\"\"", "\"");
            (crate::short(file), says, title)
        })
        .collect();
    verdicts.sort();
    verdicts
}

#[derive(Default)]
struct Page {
    rows: String,
    agreed: u64,
    differed: BTreeMap<&'static str, u64>,
    beyond: BTreeMap<&'static str, BTreeMap<String, u64>>,
    used: BTreeSet<&'static str>,
    subjects: BTreeSet<&'static str>,
    unexplained: Vec<String>,
}

impl Page {
    fn beyond(&mut self, about: &str, subject: &'static str) {
        self.subjects.insert(subject);
        *self.beyond.entry(subject).or_default().entry(about.to_owned()).or_default() += 1;
    }

    fn compare(&mut self, name: &str, title: &str, detects: bool, log: &Log) {
        let world = worlds::around(name);
        let run = Run::of(core::slice::from_ref(log), &world);
        let answer = answer(&run);
        let is_equal = match answer {
            Answer::Silent => !detects,
            Answer::Possible => false,
            Answer::Told => detects,
        };
        let reason = DIFFERENCES.iter().find(|(case, _)| name == *case).map(|(_, reason)| *reason);
        let (peer, ours) = (if detects { "alarm" } else { "none" }, said(&run, answer));
        let result = match (is_equal, reason) {
            (true, None) => {
                self.agreed += 1;
                "agree".to_owned()
            }
            (false, Some(reason)) => {
                self.used.insert(reason);
                *self.differed.entry(reason).or_default() += 1;
                format!("**{reason}**")
            }
            (true, Some(reason)) => {
                self.unexplained.push(format!("{name}: agrees, yet has the reason `{reason}`"));
                String::new()
            }
            (false, None) => {
                self.unexplained.push(format!("{name} ({title}): {peer}, and we: {ours}"));
                String::new()
            }
        };
        let within = if world.is_empty() { "" } else { ", in a world" };
        let title = if title.is_empty() { String::new() } else { format!(": {title}") };
        writeln!(self.rows, "| {name}{}{within} | {peer} | {} | {result} |", cell(&title), cell(&ours))
            .unwrap();
    }

    fn written(&self, title: &str) -> String {
        let differed: u64 = self.differed.values().sum();
        let beyond: u64 = self.beyond.values().flat_map(BTreeMap::values).sum();
        let codes: Vec<String> =
            self.differed.iter().map(|(code, count)| format!("{code} {count}")).collect();
        let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
        let mut page = format!(
            "\n## {title}\n\nVerdicts: {}. Agree: {}. Differ: {differed}{codes}. Not compared: {beyond}.\n\n\
             | event | the peer | we | |\n|---|---|---|---|\n{}",
            self.agreed + differed + beyond,
            self.agreed,
            self.rows
        );
        page.push_str("\n| not compared | what |\n|---|---|\n");
        for (subject, abouts) in &self.beyond {
            let each = |(about, count): (&String, &u64)| match count {
                1 => about.clone(),
                count => format!("{about} ({count})"),
            };
            let abouts: Vec<String> = abouts.iter().map(each).collect();
            writeln!(page, "| {subject} | {} |", abouts.join(", ")).unwrap();
        }
        page
    }
}

fn answer(run: &Run) -> Answer {
    let of_finding = |finding: &check::Finding| {
        let is_sure = |opening: &engine::Opening| {
            finding.exposures.contains(&opening.fingerprint)
                && opening.exposure.certainty == Certainty::Proved
        };
        match finding.check.name {
            "change-not-modelled" => Answer::Possible,
            "log-weakened" | "watcher-weakened" => Answer::Told,
            "change-denied" => Answer::Told,
            _ if run.openings().any(is_sure) => Answer::Told,
            _ => Answer::Possible,
        }
    };
    let perhaps = run.judged().any(|judged| matches!(judged.weakened(), Some((_, Weakened::Perhaps))));
    // What was not understood may be anything.
    let floor = if run.gaps().next().is_some() { Answer::Possible } else { Answer::Silent };
    let most = run.findings.iter().map(of_finding).max().unwrap_or(floor);
    if perhaps && most == Answer::Told { Answer::Possible } else { most }
}

/// `possible: impairs CreateIPSet, GuardDuty trusted IP list`.
fn said(run: &Run, answer: Answer) -> String {
    let word = match answer {
        Answer::Silent => "none",
        Answer::Possible => "possible",
        Answer::Told => "finding",
    };
    let each = run.judged().map(|judged| {
        let is_modelled = !judged.is_not_modelled();
        let effect = if is_modelled { judged.effect.word() } else { "not modelled:" };
        let effects = run.effects(judged);
        let what = if effects.is_empty() { judged.kind.to_string() } else { effects };
        format!("{} {effect} {what}", operation(&judged.cause.operation))
    });
    let mut words: Vec<String> = each.collect();
    let codes: BTreeSet<&str> = run.gaps().map(|gap| gap.code).collect();
    words.extend(codes.into_iter().map(|code| format!("gap `{code}`")));
    if words.is_empty() { word.to_owned() } else { format!("{word}: {}", words.join("; ")) }
}

/// All codes with their sentences.
fn codes() -> String {
    let mut page = String::from("\n## Why others say otherwise\n\n| where we differ | |\n|---|---|\n");
    REASONS.iter().for_each(|(code, words)| writeln!(page, "| {code} | {words} |").unwrap());
    page.push_str("\n| where nothing is compared | |\n|---|---|\n");
    SUBJECTS.iter().for_each(|(code, words)| writeln!(page, "| {code} | {words} |").unwrap());
    page
}
