//! `wideopen scan`: what the Internet reaches.
//!
//! Wiring only: documents → inventories → snapshots → exposures → findings → sinks.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::{SystemTime, UNIX_EPOCH};

use check::{Finding, Severity};
use model::Moment;
use report::{Outcome, Run, Style, provenances};

use crate::arguments::{FailOn, Scan};
use crate::assessed::{Assessed, assess};
use crate::complain;
use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::outputs::Outputs;
use crate::progress::Progress;
use crate::selection::Selection;

pub(crate) const FAIL_ON: [FailOn; 2] = [FailOn::High, FailOn::Incomplete];

/// Runs the verb.
pub(crate) fn run(request: &Scan) -> Result<Exit, Fault> {
    let (configuration, mistaken) = request.beside.configuration(&request.inputs);
    let selection = Selection::new(&request.selection, &configuration)?;
    let outputs =
        Outputs::new(&request.output, request.output.format.as_deref().or(configuration.format.as_deref()))?;
    let progress = Progress::new(request.output.quiet);
    let catalogues = request.beside.catalogues(&configuration);
    let mut documents = Documents::read(&request.inputs, &catalogues, &mut io::stdin().lock(), &progress);
    let assessed = assess(&mut documents, &configuration, &progress, &mut drop)
        .map_err(|contradiction| Fault::Internal(contradiction.to_string()))?;
    drop(progress);
    let unknown = selection.unknown(&assessed.known);
    unknown.iter().for_each(|mistake| complain(mistake));
    let told = select(assessed, &selection);
    let misused = mistaken || documents.named_missing || !unknown.is_empty();
    let fail_on = request.output.fail_on.as_ref().or(configuration.fail_on.as_ref());
    let fail_on = fail_on.map_or(FAIL_ON.as_slice(), Vec::as_slice);
    let exit = exit(fail_on, &told, misused);
    tell(&documents, &told, &outputs, &ending(request, fail_on, exit))?;
    Ok(exit)
}

/// What the run is about.
struct Told {
    assessed: Assessed,
    /// The scopes the run is about.
    scopes: BTreeSet<String>,
    /// Findings the run is about that are not shown.
    hidden: Vec<Finding>,
}

fn select(mut assessed: Assessed, selection: &Selection) -> Told {
    assessed.exposures.retain(|exposure| selection.has_exposure(exposure));
    assessed.findings.retain(|finding| selection.has_finding(finding, &assessed.exposures));
    let hidden = assessed.findings.extract_if(.., |finding| !selection.shows(finding)).collect();
    let scopes = selection.scopes(&assessed.known);
    Told { assessed, scopes, hidden }
}

/// The lowest severity that makes the run fail.
pub(crate) fn threshold(fail_on: &[FailOn]) -> Option<Severity> {
    fail_on.iter().filter_map(|reason| reason.severity()).min()
}

fn exit(fail_on: &[FailOn], told: &Told, misused: bool) -> Exit {
    let threshold = threshold(fail_on);
    let findings = told.assessed.findings.iter().chain(&told.hidden);
    let mut exit = Exit::Clean;
    if fail_on.contains(&FailOn::Incomplete) && !told.assessed.gaps.is_empty() {
        exit = exit.max(Exit::Incomplete);
    }
    if threshold.is_some_and(|threshold| findings.into_iter().any(|finding| finding.severity >= threshold)) {
        exit = exit.max(Exit::Findings);
    }
    if misused { exit.max(Exit::Usage) } else { exit }
}

/// How the run ends, and what comes next.
struct Ending {
    exit: Exit,
    threshold: Option<Severity>,
    /// The words after the id in the command that explains a finding.
    typed: Vec<String>,
    quiet: bool,
}

fn ending(request: &Scan, fail_on: &[FailOn], exit: Exit) -> Ending {
    let typed = request.beside.typed(&request.inputs);
    Ending { exit, threshold: threshold(fail_on), typed, quiet: request.output.quiet }
}

/// For formats that have to say when it was run.
pub(crate) fn now() -> Option<Moment> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(Moment)
}

fn tell(documents: &Documents, told: &Told, outputs: &Outputs, ending: &Ending) -> Result<(), Fault> {
    let Assessed { exposures, findings, gaps, coverage, missing, known: _ } = &told.assessed;
    let places = documents.places(&provenances(exposures, findings, gaps));
    let catalogues = documents.catalogues.iter().map(|(name, version)| (*name, version.clone())).collect();
    let outcome = Outcome {
        run: Run {
            complete: gaps.is_empty(),
            version: env!("CARGO_PKG_VERSION"),
            inputs: &documents.inputs(),
            catalogues: &catalogues,
            typed: Some(&ending.typed),
            threshold: ending.threshold,
            exit: Some(ending.exit.code()),
            at: now(),
        },
        exposures,
        findings,
        gaps,
        coverage,
        missing,
        places: &places,
        hidden: told.hidden.len() as u64,
        scopes: &told.scopes,
        detected: None,
    };
    outputs.write(&outcome, ending.exit)?;
    if !outputs.is_table() && !ending.quiet {
        let mut summary = Vec::new();
        // Writing to memory does not fail; and nobody is left to tell when standard error is gone.
        let _ = report::write_summary(&outcome, &Style::PLAIN, &mut summary);
        let _ = io::stderr().write_all(&summary);
    }
    Ok(())
}
