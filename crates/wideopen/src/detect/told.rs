//! What a detection tells: which openings, changes and findings the run is about, and how it ends.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use check::{Finding, Severity};
use engine::{Cause, Exposure, Judged, Opening};
use replay::{Replay, fits};
use report::{Detected, Outcome, Run, Style, detected_provenances, provenances};

use crate::arguments::{Detect, FailOn};
use crate::complain;
use crate::configuration::Configuration;
use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::outputs::Outputs;
use crate::scan::{FAIL_ON, threshold};
use crate::selection::{Selection, nearest};

use super::judgement::Judgement;

/// What a run was asked for.
pub(super) struct Scene<'a> {
    pub(super) request: &'a Detect,
    pub(super) configuration: &'a Configuration,
    pub(super) selection: &'a Selection,
    pub(super) outputs: &'a Outputs,
    /// Whether the configuration was malformed.
    pub(super) mistaken: bool,
}

/// What is shown, and how the run ends.
pub(super) struct Shown {
    pub(super) judgement: Judgement,
    hidden: Vec<Finding>,
    scopes: BTreeSet<String>,
    pub(super) exit: Exit,
}

/// Which part of an outcome is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    All,
    /// What is new since the last time.
    News,
    /// What comes after the news.
    End,
}

impl Scene<'_> {
    /// Tells everything. Returns how the run ends, and the marks of what was told.
    pub(super) fn tell(
        &self,
        documents: &Documents,
        replays: &[Replay],
        judgement: Judgement,
    ) -> Result<(Exit, Vec<String>), Fault> {
        let unknown = self.selection.unknown(&judgement.known);
        unknown.iter().for_each(|mistake| complain(mistake));
        if !self.request.output.quiet {
            self.absent(&judgement).iter().for_each(|absent| complain(absent));
        }
        let shown = self.shown(documents, judgement, !unknown.is_empty());
        self.write(documents, replays, &shown, Part::All)?;
        Ok((shown.exit, super::follow::marks(&shown.judgement)))
    }

    /// Actors who were asked for and changed nothing. That may be what somebody wants to know: it is no mistake.
    fn absent(&self, judgement: &Judgement) -> Vec<String> {
        let actors: BTreeSet<&str> = judgement.changes.iter().map(|change| &*change.cause.actor).collect();
        let is_absent = |pattern: &&String| !actors.iter().any(|actor| fits(pattern, actor));
        let absent = self.request.actor.iter().filter(is_absent);
        let told = absent.map(|pattern| {
            let near = nearest(pattern, actors.iter().copied());
            let near = near.map(|actor| format!(", did you mean `{actor}`?")).unwrap_or_default();
            format!("`--actor {pattern}`: no change that was read is by such an actor{near}")
        });
        told.collect()
    }

    /// Tells what is new while logs are followed.
    pub(super) fn tell_news(
        &self,
        documents: &Documents,
        replays: &[Replay],
        shown: &Shown,
    ) -> Result<(), Fault> {
        if self.outputs.stream().is_none() {
            return Ok(());
        }
        self.write(documents, replays, shown, Part::News)
    }

    /// Tells what is left when the logs are followed no more.
    pub(super) fn tell_end(
        &self,
        documents: &Documents,
        replays: &[Replay],
        judgement: Judgement,
    ) -> Result<Exit, Fault> {
        let unknown = self.selection.unknown(&judgement.known);
        unknown.iter().for_each(|mistake| complain(mistake));
        let shown = self.shown(documents, judgement, !unknown.is_empty());
        self.write(documents, replays, &shown, Part::End)?;
        Ok(shown.exit)
    }

    /// What the run is about, of everything that was found.
    pub(super) fn shown(&self, documents: &Documents, mut judgement: Judgement, misused: bool) -> Shown {
        judgement.openings.retain(|opening| self.has_opening(opening));
        judgement.changes.retain(|change| self.has_cause(&change.cause) && self.has_scope(change));
        let exposures: Vec<Exposure> =
            judgement.openings.iter().map(|opening| opening.exposure.clone()).collect();
        judgement.findings.retain(|finding| self.has_finding(finding, &exposures));
        let hidden: Vec<Finding> =
            judgement.findings.extract_if(.., |finding| !self.selection.shows(finding)).collect();
        let scopes = self.selection.scopes(&judgement.known);
        let misused = misused || self.mistaken || documents.named_missing;
        let exit = self.exit(&judgement, &hidden, misused);
        Shown { judgement, hidden, scopes, exit }
    }

    fn has_opening(&self, opening: &Opening) -> bool {
        self.selection.has_exposure(&opening.exposure)
            && opening.steps.iter().any(|step| self.has_cause(&step.cause))
    }

    fn has_finding(&self, finding: &Finding, exposures: &[Exposure]) -> bool {
        let causes = finding.detected.as_ref().map_or(&[][..], |detected| detected.causes.as_slice());
        self.selection.has_finding(finding, exposures)
            && (causes.is_empty() || causes.iter().any(|cause| self.has_cause(cause)))
    }

    fn has_scope(&self, change: &Judged) -> bool {
        let wishes = &self.request.selection.scope;
        let is_it =
            |wish: &String| change.scope.as_ref().is_some_and(|scope| scope.eq_ignore_ascii_case(wish));
        wishes.is_empty() || wishes.iter().any(is_it)
    }

    /// Whether a change is in the time, and by the actors, that were asked for.
    fn has_cause(&self, cause: &Cause) -> bool {
        let Detect { since, until, actor, .. } = self.request;
        since.is_none_or(|since| cause.at >= since)
            && until.is_none_or(|until| cause.at < until)
            && (actor.is_empty() || actor.iter().any(|pattern| fits(pattern, &cause.actor)))
    }

    /// Whether somebody asked for a part of what the logs did.
    fn is_part(&self) -> bool {
        let Detect { since, until, actor, selection, .. } = self.request;
        let of_targets =
            !selection.target.is_empty() || !selection.scope.is_empty() || selection.port.is_some();
        since.is_some() || until.is_some() || !actor.is_empty() || of_targets || !selection.select.is_empty()
    }

    fn fail_on(&self) -> &[FailOn] {
        let wished = self.request.output.fail_on.as_ref().or(self.configuration.fail_on.as_ref());
        wished.map_or(FAIL_ON.as_slice(), Vec::as_slice)
    }

    pub(super) fn threshold(&self) -> Option<Severity> {
        threshold(self.fail_on())
    }

    fn exit(&self, judgement: &Judgement, hidden: &[Finding], misused: bool) -> Exit {
        let mut findings = judgement.findings.iter().chain(hidden);
        let mut exit = Exit::Clean;
        if self.fail_on().contains(&FailOn::Incomplete) && !judgement.gaps.is_empty() {
            exit = exit.max(Exit::Incomplete);
        }
        if self.threshold().is_some_and(|threshold| findings.any(|finding| finding.fails(threshold))) {
            exit = exit.max(Exit::Findings);
        }
        if misused { exit.max(Exit::Usage) } else { exit }
    }

    /// The words after the id in the command that explains a finding.
    fn typed(&self) -> Vec<String> {
        self.request.over.typed(self.request.beside.typed(&self.request.logs))
    }

    fn write(
        &self,
        documents: &Documents,
        replays: &[Replay],
        shown: &Shown,
        part: Part,
    ) -> Result<(), Fault> {
        let Judgement { openings, changes, findings, gaps, coverage, missing, log, .. } = &shown.judgement;
        let detected = Detected { openings, changes, log: *log, is_part: self.is_part() };
        let mut wanted = provenances(&[], findings, gaps);
        wanted.extend(detected_provenances(&detected));
        let places = documents.places_with_logs(&wanted, replays);
        let catalogues: BTreeMap<&str, String> =
            documents.catalogues.iter().map(|(name, version)| (*name, version.clone())).collect();
        let typed = self.typed();
        let outcome = Outcome {
            run: Run {
                complete: gaps.is_empty(),
                version: env!("CARGO_PKG_VERSION"),
                inputs: &documents.inputs(),
                catalogues: &catalogues,
                typed: Some(&typed),
                threshold: self.threshold(),
                exit: Some(shown.exit.code()),
                at: crate::scan::now(),
            },
            exposures: &[],
            findings,
            gaps,
            coverage,
            missing,
            places: &places,
            hidden: shown.hidden.len() as u64,
            scopes: &shown.scopes,
            detected: Some(detected),
        };
        match part {
            Part::All => self.outputs.write(&outcome, shown.exit)?,
            Part::News => return self.outputs.write_news(&outcome, shown.exit),
            Part::End => self.outputs.write_end(&outcome, shown.exit)?,
        }
        if !self.outputs.is_table() && !self.request.output.quiet {
            let mut summary = Vec::new();
            // Writing to memory does not fail; and nobody is left to tell when standard error is gone.
            let _ = report::write_summary(&outcome, &Style::PLAIN, &mut summary);
            let _ = io::stderr().write_all(&summary);
        }
        Ok(())
    }
}
