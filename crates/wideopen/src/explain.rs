//! `wideopen explain`: one finding so that it can be checked by hand, or the page of a check.
//!
//! Wiring only: what is told, and how, is in `report`; what rules take is in `engine`.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Read, Write};
use std::path::Path;

use check::Finding;
use engine::{Exposure, Matrix, Trace};
use model::{Coverage, Gap, Snapshot};
use packet::{Family, ProtocolSet};
use read::{Event, Limits};
use replay::Replay;
use report::{Case, Detected, Explanation, Outcome, Places, Run, Saved, Sought, Style, Unfound};

use crate::arguments::{Explain, Telling};
use crate::assessed::{Assessed, assess};
use crate::complain;
use crate::configuration::Configuration;
use crate::detect;
use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::outputs::screen_style;
use crate::progress::Progress;
use crate::selection::nearest;
use crate::test;

/// Runs the verb.
pub(crate) fn run(request: &Explain) -> Result<Exit, Fault> {
    let style = screen_style(request.color);
    if let Some(check) = check::named(&request.of.to_ascii_lowercase()) {
        let is_json = request.format == Telling::Json;
        return print(Exit::Clean, |out| report::write_page(check, is_json, &style, out));
    }
    if request.inputs.is_empty() {
        return Err(Fault::Usage(without_input(&request.of)));
    }
    let mut stdin = Vec::new();
    if request.inputs.iter().any(|input| input == "-") {
        let unread = |error| Fault::Usage(format!("standard input cannot be read: {error}"));
        io::stdin().lock().read_to_end(&mut stdin).map_err(unread)?;
    }
    match saved(&request.inputs, &stdin) {
        Some(text) => explain_saved(request, &text, &style),
        None => explain_inputs(request, &stdin, &style),
    }
}

/// The text of a saved result, when that is what the input is.
fn saved(inputs: &[String], stdin: &[u8]) -> Option<read::Text> {
    let [input] = inputs else { return None };
    if Path::new(input).is_dir() {
        return None;
    }
    let mut text = None;
    read::read(inputs, &mut &*stdin, &Limits::STANDARD, &mut |event| {
        if let Event::Document(document) = event {
            text = Some(document.text);
        }
    });
    text.filter(|text| Saved::is_result(text.as_str()))
}

fn explain_saved(request: &Explain, text: &read::Text, style: &Style) -> Result<Exit, Fault> {
    let path = request.inputs.first().map(String::as_str).unwrap_or_default();
    let unreadable = |why| Fault::Usage(format!("`{path}`: this saved result cannot be read: {why}"));
    let saved = Saved::read(text.as_str()).map_err(unreadable)?;
    let sought = {
        let (ids, fingerprints) = saved.names();
        report::sought(&request.of, ids, fingerprints)
    };
    let sought = sought.map_err(|unfound| {
        let (ids, _) = saved.names();
        Fault::Usage(unfound_in(&request.of, &unfound, ids))
    })?;
    tell(&Explanation::of_saved(&saved, sought), request, style, Exit::Clean)
}

fn explain_inputs(request: &Explain, stdin: &[u8], style: &Style) -> Result<Exit, Fault> {
    let (configuration, mistaken) = request.beside.configuration(&request.inputs);
    let progress = Progress::new(request.quiet);
    if let Some(explained) = explain_logs(request, stdin, style, (&configuration, mistaken), &progress) {
        return explained;
    }
    let catalogues = request.beside.catalogues(&configuration);
    let mut documents = Documents::read(&request.inputs, &catalogues, &mut &*stdin, &progress);
    let mut snapshots = Vec::new();
    let assessed =
        assess(&mut documents, &configuration, &progress, &mut |snapshot| snapshots.push(snapshot))
            .map_err(|contradiction| Fault::Internal(contradiction.to_string()))?;
    drop(progress);
    let Assessed { exposures, findings, gaps, coverage, missing, known: _ } = &assessed;
    let typed = request.beside.typed(&request.inputs);
    let found = Found {
        documents: &documents,
        replays: &[],
        snapshots: &snapshots,
        typed: &typed,
        exposures,
        findings,
        gaps,
        coverage,
        missing,
        detected: None,
    };
    let misused = mistaken || documents.named_missing;
    tell(&found.explanation(&request.of)?, request, style, if misused { Exit::Usage } else { Exit::Clean })
}

/// Where the inputs are logs, what they did; `None` where they are not.
fn explain_logs(
    request: &Explain,
    stdin: &[u8],
    style: &Style,
    (configuration, mistaken): (&Configuration, bool),
    progress: &Progress,
) -> Option<Result<Exit, Fault>> {
    let catalogues = request.beside.catalogues(configuration);
    let (mut documents, mut replays) = detect::basis(&request.over, &catalogues, configuration, progress);
    detect::listen(&request.inputs, &mut &*stdin, &mut documents, &mut replays, progress);
    if replays.iter().all(|replay| replay.history.records() == 0) {
        return None;
    }
    let mut told = || {
        let judgement = detect::judge(&documents, &mut replays, configuration)
            .map_err(|contradiction| Fault::Internal(contradiction.to_string()))?;
        let detect::Judgement {
            openings, changes, findings, gaps, coverage, missing, log, snapshots, ..
        } = &judgement;
        let typed = request.over.typed(request.beside.typed(&request.inputs));
        let found = Found {
            documents: &documents,
            replays: &replays,
            snapshots,
            typed: &typed,
            exposures: &[],
            findings,
            gaps,
            coverage,
            missing,
            detected: Some(Detected { openings, changes, log: *log, is_part: false }),
        };
        let misused = mistaken || documents.named_missing;
        tell(
            &found.explanation(&request.of)?,
            request,
            style,
            if misused { Exit::Usage } else { Exit::Clean },
        )
    };
    Some(told())
}

/// What was found, of which something is to be explained.
struct Found<'a> {
    documents: &'a Documents,
    replays: &'a [Replay],
    snapshots: &'a [Snapshot],
    /// The words of the command line that read it.
    typed: &'a [String],
    exposures: &'a [Exposure],
    findings: &'a [Finding],
    gaps: &'a [Gap],
    coverage: &'a BTreeMap<&'static str, Coverage>,
    missing: &'a [String],
    detected: Option<Detected<'a>>,
}

impl<'a> Found<'a> {
    /// All exposures, those of openings too.
    fn exposures(&self) -> Vec<&'a Exposure> {
        let openings = self.detected.iter().flat_map(|detected| detected.openings);
        self.exposures.iter().chain(openings.map(|opening| &opening.exposure)).collect()
    }

    fn sought(&self, wish: &str) -> Result<Sought, Fault> {
        let ids = || self.findings.iter().map(|finding| finding.id.as_str());
        let fingerprints = self.exposures().into_iter().map(|exposure| exposure.fingerprint.to_string());
        report::sought(wish, ids(), fingerprints).map_err(|unfound| {
            if !self.gaps.is_empty() {
                self.documents.gaps.iter().take(GAPS_MAX).for_each(|gap| complain(&gap.message));
                complain("part of the input was not understood: what is not found may be in it");
            }
            Fault::Usage(unfound_in(wish, &unfound, ids()))
        })
    }

    fn explanation(&self, wish: &str) -> Result<Explanation, Fault> {
        let sought = self.sought(wish)?;
        let catalogues =
            self.documents.catalogues.iter().map(|(name, version)| (*name, version.clone())).collect();
        let nowhere = Places::default();
        let outcome = Outcome {
            run: Run {
                complete: self.gaps.is_empty(),
                version: env!("CARGO_PKG_VERSION"),
                inputs: &self.documents.inputs(),
                catalogues: &catalogues,
                typed: Some(self.typed),
                threshold: None,
                exit: None,
                at: None,
            },
            exposures: self.exposures,
            findings: self.findings,
            gaps: self.gaps,
            coverage: self.coverage,
            missing: self.missing,
            places: &nowhere,
            hidden: 0,
            scopes: &std::collections::BTreeSet::new(),
            detected: self.detected,
        };
        let (finding, exposure) = self.subject(&outcome, sought);
        let snapshot = exposure.and_then(|exposure| {
            self.snapshots.iter().find(|snapshot| snapshot.cloud == exposure.target.cloud)
        });
        let matrices = snapshot.zip(exposure).map(|(snapshot, exposure)| matrices(snapshot, exposure));
        let matrices = matrices.unwrap_or_default();
        let protocols = snapshot.map_or(ProtocolSet::EVERYTHING, |snapshot| snapshot.protocols);
        let trace = exposure.and_then(|exposure| trace(finding, exposure));
        let trace = trace.as_ref();
        let called = exposure.and_then(|exposure| test::name(self.snapshots, &exposure.target));
        let case =
            Case { outcome: &outcome, finding, exposure, trace, matrices: &matrices, protocols, called };
        let places = self.documents.places_with_logs(&report::explained_provenances(&case), self.replays);
        Ok(Explanation::of(&Case { outcome: &Outcome { places: &places, ..outcome }, ..case }))
    }

    /// A finding with the exposure it is told by, or an exposure with the finding that rests on it.
    fn subject(&self, outcome: &Outcome<'a>, sought: Sought) -> (Option<&'a Finding>, Option<&'a Exposure>) {
        match sought {
            Sought::Finding(place) => {
                let finding = self.findings.get(place);
                (finding, finding.and_then(|finding| report::leading(outcome, finding)))
            }
            Sought::Exposure(place) => {
                let exposure = self.exposures().get(place).copied();
                let rests = |finding: &&Finding| {
                    exposure.is_some_and(|exposure| finding.exposures.contains(&exposure.fingerprint))
                };
                (self.findings.iter().find(rests), exposure)
            }
        }
    }
}

/// What the packet that proves it meets on the way.
fn trace(finding: Option<&Finding>, exposure: &Exposure) -> Option<Trace> {
    let path = exposure.target.paths.get(exposure.way)?;
    let own = finding.and_then(|finding| finding.witness.as_ref());
    let witness = own.or(exposure.witness.as_ref())?;
    Some(engine::trace(path, &witness.packet))
}

/// What each rule of the way takes, for each family that gets in.
fn matrices(snapshot: &Snapshot, exposure: &Exposure) -> Vec<(Family, Matrix)> {
    let Some(path) = exposure.target.paths.get(exposure.way) else { return Vec::new() };
    let sources = &exposure.sources;
    let families = [(Family::V4, &sources.ipv4), (Family::V6, &sources.ipv6)];
    let families = families.into_iter().filter(|(_, measure)| measure.is_some());
    families.map(|(family, _)| (family, engine::matrix(snapshot, path, family))).collect()
}

fn tell(explanation: &Explanation, request: &Explain, style: &Style, exit: Exit) -> Result<Exit, Fault> {
    print(exit, |out| match request.format {
        Telling::Table => explanation.write_text(style, out),
        Telling::Json => explanation.write_json(out),
    })
}

fn print(exit: Exit, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<Exit, Fault> {
    let mut out = BufWriter::new(io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Fault::ReaderGone(exit),
        _ => Fault::Unwritten("standard output".to_owned(), error),
    })?;
    Ok(exit)
}

fn without_input(wish: &str) -> String {
    if wish.to_ascii_uppercase().starts_with("WO-") {
        return format!(
            "`{wish}`: an id needs the inputs it was found in, or a saved result: `wideopen explain {wish} INPUT…`"
        );
    }
    let near = nearest(wish, check::CHECKS.iter().map(|check| check.name));
    match near {
        Some(name) => format!("there is no check `{wish}`, did you mean `{name}`?"),
        None => {
            format!(
                "there is no check `{wish}`; an id needs the inputs as well: `wideopen explain ID INPUT…`"
            )
        }
    }
}

fn unfound_in<'a>(wish: &str, unfound: &Unfound, ids: impl Iterator<Item = &'a str>) -> String {
    match unfound {
        Unfound::Several(candidates) => {
            let listed: Vec<&str> = candidates.iter().take(CANDIDATES_MAX).map(String::as_str).collect();
            let cut = candidates.len().saturating_sub(CANDIDATES_MAX);
            let more = if cut == 0 { String::new() } else { format!(" and {cut} more") };
            format!("`{wish}` is the start of several: {}{more}", listed.join(", "))
        }
        Unfound::Nothing => {
            let ids: Vec<&str> = ids.collect();
            let names = ids.iter().copied().chain(check::CHECKS.iter().map(|check| check.name));
            let meant =
                nearest(wish, names).map(|name| format!(", did you mean `{name}`?")).unwrap_or_default();
            let known = match ids.len() {
                0 => "the input has no finding, and no exposure of that id".to_owned(),
                1 => "neither the one finding of the input nor an exposure has that id".to_owned(),
                number => format!("none of the {number} findings of the input has that id, and no exposure"),
            };
            format!("`{wish}`: {known}{meant}")
        }
    }
}

const CANDIDATES_MAX: usize = 8;
const GAPS_MAX: usize = 5;
