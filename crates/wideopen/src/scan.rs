//! `wideopen scan`: what the Internet reaches.
//!
//! Wiring only: documents → inventories → snapshots → exposures → findings → sinks.

use std::collections::BTreeMap;
use std::io::{self, Write};

use check::{Facts, Finding};
use engine::{Assessor, Contradiction, Exposure, IdleRule, idle_rules};
use model::{Coverage, Effect, Gap, Snapshot, Target};
use report::{Outcome, Run, Style, provenances};

use crate::arguments::{FailOn, Scan};
use crate::complain;
use crate::configuration::Configuration;
use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::outputs::Outputs;
use crate::progress::Progress;
use crate::selection::{Known, Selection};

const FAIL_ON: [FailOn; 2] = [FailOn::High, FailOn::Incomplete];

/// Runs the verb.
pub(crate) fn run(request: &Scan) -> Result<Exit, Fault> {
    let (configuration, mistaken) = configuration(request);
    let selection = Selection::new(&request.selection, &configuration)?;
    let outputs =
        Outputs::new(&request.output, request.output.format.as_deref().or(configuration.format.as_deref()))?;
    let progress = Progress::new(request.output.quiet);
    let service_tags =
        if request.service_tags.is_empty() { &configuration.service_tags } else { &request.service_tags };
    let mut documents = Documents::read(&request.inputs, service_tags, &progress);
    let assessed = assess(&mut documents, &configuration, &progress)
        .map_err(|contradiction| Fault::Internal(contradiction.to_string()))?;
    drop(progress);
    let unknown = selection.unknown(&assessed.known);
    unknown.iter().for_each(|mistake| complain(mistake));
    let told = select(assessed, &selection);
    let misused = mistaken || documents.named_missing || !unknown.is_empty();
    let exit = exit(request, &configuration, &told, misused);
    tell(&documents, &told, &outputs, exit, request.output.quiet)?;
    Ok(exit)
}

/// A malformed configuration is wrong usage; what can be read is still assessed first.
fn configuration(request: &Scan) -> (Configuration, bool) {
    if request.no_config {
        return (Configuration::nothing(), false);
    }
    match Configuration::load(request.config.as_deref(), &request.inputs) {
        Ok(configuration) => (configuration, false),
        Err(mistake) => {
            complain(&mistake.0);
            (Configuration::nothing(), true)
        }
    }
}

/// Everything that was found, of all clouds.
struct Assessed {
    exposures: Vec<Exposure>,
    findings: Vec<Finding>,
    gaps: Vec<Gap>,
    coverage: BTreeMap<&'static str, Coverage>,
    missing: Vec<String>,
    known: Known,
}

fn assess(
    documents: &mut Documents,
    configuration: &Configuration,
    progress: &Progress,
) -> Result<Assessed, Contradiction> {
    let mut assessed = Assessed {
        exposures: Vec::new(),
        findings: Vec::new(),
        gaps: documents.gaps.clone(),
        coverage: BTreeMap::new(),
        missing: Vec::new(),
        known: Known::default(),
    };
    for inventory in documents.inventories.drain(..) {
        let snapshot = inventory.snapshot(configuration.thresholds);
        // The snapshot has all that is needed from here on: the resources make room for the answers.
        drop(inventory);
        let exposures = exposures(&snapshot, progress, &mut assessed.gaps)?;
        let idle: Vec<IdleRule> = snapshot.lists.iter().flat_map(idle_rules).collect();
        let facts = Facts { snapshot: &snapshot, exposures: &exposures, idle: &idle };
        assessed.findings.extend(check::findings(&facts, &configuration.severities));
        assessed.exposures.extend(exposures);
        assessed.known.note(&snapshot);
        assessed.take(snapshot);
    }
    assessed.gaps.sort_by(|a, b| (a.document, a.provenance, a.code).cmp(&(b.document, b.provenance, b.code)));
    assessed.gaps.dedup();
    Ok(assessed)
}

fn exposures(
    snapshot: &Snapshot,
    progress: &Progress,
    gaps: &mut Vec<Gap>,
) -> Result<Vec<Exposure>, Contradiction> {
    let mut assessor = Assessor::new(snapshot);
    let mut found = Vec::new();
    for (done, target) in snapshot.targets.iter().enumerate() {
        if done % 1024 == 0 {
            progress.deciding(done, snapshot.targets.len());
        }
        assessor.assess(target, &mut |exposure, _| found.push(exposure))?;
        if assessor.took_bounds() {
            gaps.push(too_many_destinations(target));
        }
    }
    Ok(found)
}

fn too_many_destinations(target: &Target) -> Gap {
    Gap {
        document: target.provenance.map(|place| place.document),
        provenance: target.provenance,
        code: "too-many-destinations",
        effect: Effect::Undecided,
        message: format!(
            "`{}`: its rules tell too many destinations apart to decide each: give the interfaces, or fewer prefixes",
            target.name
        ),
    }
}

impl Assessed {
    fn take(&mut self, snapshot: Snapshot) {
        self.gaps.extend(snapshot.gaps);
        self.missing.extend(snapshot.missing);
        for (kind, covered) in snapshot.coverage {
            let sum = self.coverage.entry(kind).or_default();
            sum.assessed += covered.assessed;
            sum.not_assessed += covered.not_assessed;
        }
        let nothing = self.gaps.is_empty() && self.coverage.values().all(|covered| covered.assessed == 0);
        if nothing && self.coverage.values().any(|covered| covered.not_assessed > 0) {
            self.gaps.push(Gap {
                document: None,
                provenance: None,
                code: "nothing-assessed",
                effect: Effect::Skipped,
                message: "none of the resources in the input could be assessed: add what they refer to"
                    .to_owned(),
            });
        }
    }
}

/// What the run is about.
struct Told {
    assessed: Assessed,
    /// Findings the run is about that are not shown.
    hidden: Vec<Finding>,
}

fn select(mut assessed: Assessed, selection: &Selection) -> Told {
    assessed.exposures.retain(|exposure| selection.has_exposure(exposure));
    assessed.findings.retain(|finding| selection.has_finding(finding, &assessed.exposures));
    let (shown, hidden) = assessed.findings.into_iter().partition(|finding| selection.shows(finding));
    assessed.findings = shown;
    Told { assessed, hidden }
}

fn exit(request: &Scan, configuration: &Configuration, told: &Told, misused: bool) -> Exit {
    let fail_on = request.output.fail_on.as_ref().or(configuration.fail_on.as_ref());
    let fail_on = fail_on.map_or(FAIL_ON.as_slice(), Vec::as_slice);
    let threshold = fail_on.iter().filter_map(|reason| reason.severity()).min();
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

fn tell(documents: &Documents, told: &Told, outputs: &Outputs, exit: Exit, quiet: bool) -> Result<(), Fault> {
    let Assessed { exposures, findings, gaps, coverage, missing, known: _ } = &told.assessed;
    let places = documents.places(&provenances(exposures, findings, gaps));
    let catalogues = documents.catalogues.iter().map(|(name, version)| (*name, version.clone())).collect();
    let outcome = Outcome {
        run: Run {
            complete: gaps.is_empty(),
            version: env!("CARGO_PKG_VERSION"),
            inputs: &documents.inputs,
            catalogues: &catalogues,
            // There is no `explain` to run next yet.
            typed: None,
        },
        exposures,
        findings,
        gaps,
        coverage,
        missing,
        places: &places,
        hidden: told.hidden.len() as u64,
    };
    outputs.write(&outcome, exit)?;
    if !outputs.is_table() && !quiet {
        let mut summary = Vec::new();
        // Writing to memory does not fail; and nobody is left to tell when standard error is gone.
        let _ = report::write_summary(&outcome, &Style::PLAIN, &mut summary);
        let _ = io::stderr().write_all(&summary);
    }
    Ok(())
}
