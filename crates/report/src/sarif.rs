//! SARIF 2.1.0, for code scanning: one run for each scope, so that two subscriptions do not close each other's alerts.
//!
//! Kept within the limits of GitHub (20 runs, 25,000 results of a run, 10 tags of a rule, 100 locations of a result):
//! what is cut is the least severe, and is told as a notification. A run over an incomplete input has a result that
//! says so, since alerts that a run does not repeat are taken to be fixed. Knows no file: places are given.

mod log;
mod notice;
mod result;
mod rule;
#[cfg(test)]
mod tests;
mod uri;

use std::collections::BTreeMap;
use std::io::{self, Write};

use check::Finding;
use serde::{Serialize, Serializer};

use crate::{Format, Outcome, SCOPE, Style, careful};
use log::{Artifact, AutomationDetails, Coverage, Driver, Run, RunProperties, Text, Tool};
use result::Results;
use rule::Rules;

pub(crate) const FORMAT: Format = Format {
    name: "sarif",
    extension: "sarif",
    summary: "SARIF 2.1.0 for code scanning, one run for each scope",
    write,
};

fn write(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    // A buffer of our own: through `dyn Write` every quote and comma would be a call.
    let mut out = io::BufWriter::with_capacity(1 << 16, out);
    let results = Results::of(outcome);
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: Runs { results: &results, shares: shares(outcome) },
    };
    careful::write_pretty(&mut out, &log)?;
    out.write_all(b"\n")?;
    out.flush()
}

#[derive(Serialize)]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Runs<'a>,
}

/// The findings of one run, the worst first.
struct Share<'a> {
    /// The scope as its documents spell it; `None` for what is in no scope, or in several.
    scope: Option<&'a str>,
    findings: Vec<&'a Finding>,
    /// How many of them it may have.
    room: usize,
    /// Whether it stands for all scopes for which there was no room.
    joined: bool,
}

/// The shares by scope, in the order of its name: the last of too many are one. Without any scope, one share.
fn shares<'a>(outcome: &'a Outcome<'_>) -> Vec<Share<'a>> {
    let mut by_scope: BTreeMap<Option<String>, (Option<&str>, Vec<&Finding>)> = BTreeMap::new();
    let key = |scope: Option<&str>| scope.map(str::to_ascii_lowercase);
    for scope in outcome.scopes {
        by_scope.insert(key(Some(scope)), (Some(scope), Vec::new()));
    }
    for finding in outcome.findings {
        let scope = finding.scope.as_deref();
        by_scope.entry(key(scope)).or_insert_with(|| (scope, Vec::new())).1.push(finding);
    }
    if by_scope.is_empty() {
        by_scope.insert(None, (None, Vec::new()));
    }
    let room = RESULTS_MAX - usize::from(!outcome.run.complete);
    let share = |(scope, findings)| Share { scope, findings, room, joined: false };
    let mut shares: Vec<Share<'_>> = by_scope.into_values().map(share).collect();
    if shares.len() > RUNS_MAX {
        let rest = shares.split_off(RUNS_MAX - 1);
        let mut findings: Vec<_> = rest.into_iter().flat_map(|share| share.findings).collect();
        findings.sort_by_key(|finding| core::cmp::Reverse(finding.severity));
        shares.push(Share { scope: None, findings, room, joined: true });
    }
    shares
}

/// Runs that are made when it is their turn to be written.
struct Runs<'a> {
    results: &'a Results<'a>,
    shares: Vec<Share<'a>>,
}

impl Serialize for Runs<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.shares.iter().map(|share| run(self.results, share)))
    }
}

fn run<'a>(results: &'a Results<'a>, share: &'a Share<'a>) -> Run<'a, Each<'a>> {
    let outcome = results.outcome;
    let rules = Rules::of(&share.findings, outcome.findings, !outcome.run.complete);
    let driver =
        Driver { name: "wideopen", semantic_version: outcome.run.version, rules: rules.descriptors() };
    Run {
        tool: Tool { driver },
        automation_details: automation_details(share),
        invocations: [notice::invocation(results, share)],
        artifacts: artifacts(results),
        column_kind: "unicodeCodePoints",
        results: Each { results, share, rules },
        properties: properties(outcome),
    }
}

/// The id is what code scanning calls a category: with it, runs of two scopes are two analyses.
fn automation_details(share: &Share<'_>) -> AutomationDetails {
    let (id, of) = match share.scope {
        Some(scope) => (uri::uri(scope), scope),
        None if share.joined => ("more".to_owned(), "several scopes"),
        None => ("unscoped".to_owned(), "resources without a scope"),
    };
    AutomationDetails {
        id: format!("wideopen/{id}/").to_ascii_lowercase(),
        description: Text::inert(&format!("what the Internet reaches in {of}")),
    }
}

fn artifacts(results: &Results<'_>) -> Vec<Artifact> {
    let artifact = |input: &crate::Input| Artifact {
        location: results.artifact(&input.path),
        roles: ["analysisTarget"],
        hashes: [("sha-256", input.digest())].into(),
    };
    results.outcome.run.inputs.iter().map(artifact).collect()
}

fn properties<'a>(outcome: &'a Outcome<'_>) -> RunProperties<'a> {
    let coverage = outcome
        .coverage
        .iter()
        .map(|(&kind, of)| (kind, Coverage { assessed: of.assessed, not_assessed: of.not_assessed }));
    RunProperties {
        scope_note: SCOPE,
        status: if outcome.run.complete { "complete" } else { "incomplete" },
        coverage: coverage.collect(),
        missing: outcome.missing,
        catalogues: outcome.run.catalogues,
    }
}

/// Results that are made when it is their turn to be written.
struct Each<'a> {
    results: &'a Results<'a>,
    share: &'a Share<'a>,
    rules: Rules,
}

impl Serialize for Each<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let incomplete = (!self.results.outcome.run.complete).then(|| self.results.incomplete(&self.rules));
        let findings = self.share.findings.iter().take(self.share.room);
        let told = findings.map(|finding| self.results.result(finding, &self.rules));
        serializer.collect_seq(told.chain(incomplete))
    }
}

/// GitHub rejects a file that has more:
/// <https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>.
const RUNS_MAX: usize = 20;
const RESULTS_MAX: usize = 25_000;
/// And shows no more than these.
const RESULTS_SHOWN_MAX: usize = 5_000;
