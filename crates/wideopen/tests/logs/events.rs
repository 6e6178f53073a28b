//! A set of logs as a page: what was recognised, and every event that bears on what is open, with what it did.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use check::operation;
use engine::Judged;
use model::{DocumentId, Weakened};

use crate::reasons::NO_LOGS;
use crate::runs::{Log, Run};
use crate::{cell, counts};

/// The page of a set. A file in which nothing was recognised has to be in the table of those.
pub(crate) fn set(set: &str, logs: &[Log], runs: &[Run], unexplained: &mut Vec<String>) -> String {
    let mut page = format!("\n## {set}\n\n| what | count |\n|---|---:|\n");
    summary(&mut page, logs, runs);
    let listened = runs.iter().flat_map(|run| &run.listened);
    let mut others = Vec::new();
    for (log, listened) in logs.iter().zip(listened) {
        unexplained.extend(listened.broken.iter().map(|broken| format!("{}: {broken}", log.name)));
        if listened.format.is_some() && listened.unrecognised == 0 {
            continue;
        }
        match NO_LOGS.iter().find(|(name, _)| log.name.starts_with(name)) {
            Some((_, reason)) => others.push(format!("- `{}`: {reason}", log.name)),
            None => unexplained.push(format!("{}: not recognised", log.name)),
        }
    }
    if !others.is_empty() {
        writeln!(page, "\nNo audit log:\n\n{}", others.join("\n")).unwrap();
    }
    let mut rows: Vec<String> = Vec::new();
    for (number, run) in runs.iter().enumerate() {
        let name = if runs.len() == logs.len() { logs[number].name.as_str() } else { "-" };
        let place = |judged: &Judged| {
            judged.cause.provenance.map_or(name, |place| file(logs, runs, number, place.document))
        };
        rows.extend(run.judged().map(|judged| row(place(judged), run, judged)));
        let failed = run.failed.iter().map(|(at, what, actor, edited)| {
            format!(
                "| {} | {at} | {} | {} | {} | failed | |",
                cell(name),
                operation(what),
                who(actor),
                last(edited)
            )
        });
        rows.extend(failed);
    }
    if rows.is_empty() {
        page.push_str("\nNo event that bears on what is open or on who watches.\n");
    } else {
        writeln!(
            page,
            "\n| file | time | operation | actor | edited | effect | |\n|---|---|---|---|---|---|---|\n{}",
            rows.join("\n")
        )
        .unwrap();
    }
    gaps(&mut page, logs, runs);
    page
}

fn summary(page: &mut String, logs: &[Log], runs: &[Run]) {
    let mut formats: BTreeMap<&str, u64> = BTreeMap::new();
    let listened = || runs.iter().flat_map(|run| &run.listened);
    listened()
        .filter_map(|listened| listened.format)
        .for_each(|format| *formats.entry(format).or_default() += 1);
    let mut findings: BTreeMap<String, u64> = BTreeMap::new();
    for finding in runs.iter().flat_map(|run| &run.findings) {
        let name = format!("{} {}", finding.check.name, finding.severity);
        *findings.entry(name).or_default() += 1;
    }
    let mut codes: BTreeMap<&str, u64> = BTreeMap::new();
    runs.iter().flat_map(Run::gaps).for_each(|gap| *codes.entry(gap.code).or_default() += 1);
    let not = listened().filter(|listened| listened.format.is_none()).count() as u64;
    writeln!(page, "| files | {} |", logs.len()).unwrap();
    counts(page, "recognised as", formats.into_iter());
    writeln!(page, "| not recognised | {not} |").unwrap();
    writeln!(page, "| records | {} |", runs.iter().map(Run::records).sum::<u64>()).unwrap();
    writeln!(page, "| changes | {} |", runs.iter().flat_map(Run::judged).count()).unwrap();
    writeln!(page, "| openings | {} |", runs.iter().flat_map(Run::openings).count()).unwrap();
    counts(page, "findings", findings.iter().map(|(name, count)| (name.as_str(), *count)));
    counts(page, "gaps", codes.into_iter());
}

fn row(name: &str, run: &Run, judged: &Judged) -> String {
    let cause = &judged.cause;
    let note = judged.note.as_deref().unwrap_or_default();
    let is_modelled = !judged.is_not_modelled();
    let effect = if is_modelled { judged.effect.word() } else { "not modelled" };
    let weakened = judged.weakened().map(|(_, weakened)| match weakened {
        Weakened::Off => "off",
        Weakened::Less => "less",
        Weakened::Perhaps => "perhaps",
        Weakened::Restored => "restored",
    });
    let watcher = weakened.map(|word| format!("{}: {word}", judged.kind));
    let kind = (!is_modelled).then(|| judged.kind.to_string());
    let note = is_modelled.then(|| note.to_owned());
    let more = [Some(run.effects(judged)), kind, watcher, note];
    let more: Vec<String> = more.into_iter().flatten().filter(|word| !word.is_empty()).collect();
    format!(
        "| {} | {} | {} | {} | {} | {effect} | {} |",
        cell(name),
        cause.at,
        operation(&cause.operation),
        who(&cause.actor),
        last(&cause.edited),
        cell(&more.join("; "))
    )
}

/// What somebody is called, without where they come from.
fn who(actor: &str) -> String {
    let name = actor.rsplit('/').next().unwrap_or_default();
    if name.is_empty() { "-".to_owned() } else { cell(name) }
}

/// The last part of an id.
fn last(edited: &str) -> String {
    let name = edited.rsplit(['/', ':']).next().unwrap_or_default();
    if name.is_empty() { "-".to_owned() } else { cell(name) }
}

/// What was not understood, each kind of sentence once for each file.
fn gaps(page: &mut String, logs: &[Log], runs: &[Run]) {
    let mut lines: BTreeMap<String, u64> = BTreeMap::new();
    for (number, run) in runs.iter().enumerate() {
        for gap in run.gaps() {
            let file = gap.document.map_or("-", |id| file(logs, runs, number, id));
            let line = format!("- `{file}` {} ({}): {}", gap.code, gap.effect.word(), gap.message);
            *lines.entry(line.replace('\n', " ")).or_default() += 1;
        }
    }
    if lines.is_empty() {
        return;
    }
    page.push_str("\nNot understood:\n\n");
    for (line, count) in lines {
        let times = if count == 1 { String::new() } else { format!(" ({count} ×)") };
        writeln!(page, "{line}{times}").unwrap();
    }
}

/// The name of the file that a document is, in a run of one file or of all.
fn file<'l>(logs: &'l [Log], runs: &[Run], number: usize, id: DocumentId) -> &'l str {
    let within = if runs.len() == logs.len() { number } else { (id.0 as usize).wrapping_sub(1000) };
    logs.get(within).map_or("-", |log| log.name.as_str())
}
