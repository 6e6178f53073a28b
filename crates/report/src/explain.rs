//! One finding explained so that it can be checked by hand: the way in, the rules, a packet, the sources, the inputs,
//! what to do.
//!
//! Made from an outcome and what the engine says of its rules, or from a saved result, which holds all but the rules.
//! Decides nothing. Writes text for people and JSON for programs.

mod from_saved;
mod grid;
mod history;
mod ladder;
mod look;
mod lookup;
mod page;
mod proof;
mod saved;
mod steps;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeSet;
use std::io::{self, Write};

use check::Finding;
use engine::{Exposure, Matrix, Opening, Trace};
use model::{Destinations, Path, Provenance, RuleList};
use packet::{Family, ProtocolSet};
use serde::Serialize;

use crate::leading::way;
use crate::{Outcome, SCOPE, Style, careful, wire};
use grid::{Grid, Words};
use history::{History, Told};
use ladder::Rung;
use look::Playbook;
pub use lookup::{Sought, Unfound, sought};
pub(crate) use page::section;
pub use page::write_page;
use proof::{Asked, Proof};
pub use saved::Saved;
use saved::{Where, retold};

/// What is to be explained, with everything it can be explained by.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The run.
    pub outcome: &'a Outcome<'a>,
    /// The finding; `None` when it is about an exposure that no finding rests on.
    pub finding: Option<&'a Finding>,
    /// The exposure that is told in full; `None` for a finding that rests on none.
    pub exposure: Option<&'a Exposure>,
    /// What the packet that proves it meets on the exposure's way; `None` where there is no packet.
    pub trace: Option<&'a Trace>,
    /// What each rule of the exposure's way takes, for each family that gets in.
    pub matrices: &'a [(Family, Matrix)],
    /// The protocols that its cloud speaks of.
    pub protocols: ProtocolSet,
    /// What `wideopen test --to` calls the exposure's target: its name where nothing else in the input has it.
    pub called: Option<&'a str>,
}

/// An explanation, ready to be written.
#[derive(Debug, Serialize)]
pub struct Explanation {
    schema: &'static str,
    finding: Option<saved::Finding>,
    exposure: Option<saved::Exposure>,
    /// The other exposures that the finding rests on.
    others: Vec<Other>,
    others_more: u64,
    /// Who did it, when, until when; `None` where no log was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<History>,
    /// How to decide, and where to look; `None` where no log was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    playbook: Option<Playbook>,
    way: Vec<Rung>,
    /// `None` for a saved result, which does not hold the rules.
    matrices: Option<Vec<Grid>>,
    proof: Option<Proof>,
    steps: Vec<String>,
    /// Those that state it come first.
    inputs: Vec<Read>,
    catalogues: std::collections::BTreeMap<String, String>,
    missing: Vec<String>,
    /// The gaps that concern it.
    gaps: Vec<saved::Gap>,
    /// How many gaps of the run concern something else, as far as can be told.
    gaps_elsewhere: u64,
    scope_note: String,
}

/// A file that was read.
#[derive(Debug, Serialize)]
struct Read {
    path: String,
    format: Option<String>,
    sha256: String,
    resources: u64,
    /// Whether something of what is explained is stated in it.
    states_it: bool,
}

#[derive(Debug, Serialize)]
struct Other {
    fingerprint: String,
    target: String,
    packets: String,
    reach: String,
    certainty: String,
}

/// The exposure that a finding is told by.
#[must_use]
pub fn leading<'a>(outcome: &Outcome<'a>, finding: &Finding) -> Option<&'a Exposure> {
    crate::leading::Exposures::of(finding, &outcome.by_fingerprint()).leading
}

/// Every provenance whose place an explanation tells.
#[must_use]
pub fn provenances(case: &Case<'_>) -> BTreeSet<Provenance> {
    let lists = lists(case).into_iter().flat_map(|list| {
        list.rules.iter().map(|rule| rule.provenance).chain([list.provenance]).collect::<Vec<_>>()
    });
    let target = case.exposure.map(|exposure| exposure.target.provenance);
    let hops = case.exposure.and_then(way).map(|path| path.hops.as_slice()).unwrap_or_default();
    let hops = hops.iter().map(|hop| hop.provenance);
    let gaps = case.outcome.gaps.iter().map(|gap| gap.provenance);
    let opening = opening(case);
    let steps = opening.iter().flat_map(|opening| &opening.steps).map(|step| step.cause.provenance);
    let causes = case.finding.and_then(|finding| finding.detected.as_ref());
    let causes = causes.iter().flat_map(|detected| &detected.causes).map(|cause| cause.provenance);
    let all = lists.chain(target).chain(hops).chain(gaps).chain(steps).chain(causes);
    all.chain([case.finding.and_then(|finding| finding.provenance)]).flatten().collect()
}

/// The opening that is told.
fn opening<'a>(case: &Case<'a>) -> Option<&'a Opening> {
    let own = case.exposure?.fingerprint;
    case.outcome.detected?.openings.iter().find(|opening| opening.exposure.fingerprint == own)
}

/// Who did it, when, until when, and what they did beside.
fn history(case: &Case<'_>) -> Option<History> {
    let (outcome, detected) = (case.outcome, case.outcome.detected?);
    let opening = opening(case).and_then(|opening| retold(&wire::Opening::of(opening, outcome.places)));
    let finding = case.finding.and_then(|finding| retold(&wire::Finding::of(finding, outcome.places)));
    let told = detected.changes.iter().filter_map(|change| retold(&wire::Change::of(change, outcome.places)));
    let changes: Vec<saved::Change> = told.collect();
    let last = detected.log.last.map(|last| last.to_string());
    History::of(&Told {
        opening: opening.as_ref(),
        finding: finding.as_ref(),
        changes: &changes,
        last: last.as_deref(),
    })
}

fn lists<'a>(case: &Case<'a>) -> Vec<&'a RuleList> {
    let path = case.exposure.and_then(way);
    let mut lists: Vec<&RuleList> =
        path.map(|path| path.filter.lists()).unwrap_or_default().into_iter().map(AsRef::as_ref).collect();
    let admissions = case.finding.map(|finding| finding.opened_by.as_slice()).unwrap_or_default();
    for by in admissions {
        if !lists.iter().any(|list| list.id == by.list.id) {
            lists.push(&by.list);
        }
    }
    lists
}

impl Explanation {
    /// Explains something of a run.
    #[must_use]
    pub fn of(case: &Case<'_>) -> Self {
        let outcome = case.outcome;
        let finding = case.finding.and_then(|finding| retold(&wire::Finding::of(finding, outcome.places)));
        let told = |exposure| retold::<saved::Exposure>(&wire::Exposure::of(exposure, outcome.places));
        let exposure = case.exposure.and_then(told);
        let exposures = outcome.by_fingerprint();
        let all = case.finding.map(|finding| crate::leading::Exposures::of(finding, &exposures).all);
        let others = all.unwrap_or_default().into_iter();
        let others =
            others.filter(|other| case.exposure.is_none_or(|own| own.fingerprint != other.fingerprint));
        let others: Vec<_> = others.collect();
        let place = |provenance: Option<Provenance>| place(outcome, provenance);
        let admissions = case.finding.map(|finding| finding.opened_by.as_slice());
        let admissions = admissions.or(case.exposure.map(|exposure| exposure.opened_by.as_slice()));
        let words = Words {
            admissions: admissions.unwrap_or_default(),
            protocols: case.protocols,
            place: &|rule| place(rule.provenance),
        };
        let grids = case.matrices.iter().map(|(family, matrix)| Grid::of(*family, matrix, &words));
        let anchors: Vec<Where> = lists(case)
            .into_iter()
            .map(|list| list.provenance)
            .chain(
                provenances(&Case { outcome: &Outcome { gaps: &[], ..*outcome }, ..*case })
                    .into_iter()
                    .map(Some),
            )
            .filter_map(place)
            .collect();
        let run: Option<saved::Run> = retold(&wire::Run::of(outcome));
        let gaps = outcome.gaps.iter().filter_map(|gap| retold(&wire::Gap::of(gap, outcome.places)));
        let mut explanation = Self::bare(finding, exposure, run, gaps.collect(), &anchors);
        explanation.others_more = others.len().saturating_sub(OTHERS_MAX) as u64;
        let others = others.into_iter().take(OTHERS_MAX).filter_map(told);
        explanation.others = others.map(|exposure| Other::of(&exposure)).collect();
        explanation.way = case
            .exposure
            .map(|own| {
                let idle = |list: &RuleList| takes_nothing(case.matrices, list);
                ladder::of(own, case.trace, words.admissions, &idle, outcome.places)
            })
            .unwrap_or_default();
        explanation.history = history(case);
        explanation.matrices = Some(grids.collect());
        let typed = outcome.run.typed.unwrap_or_default();
        let asked = Asked { typed, called: case.called };
        let path = case.exposure.and_then(way);
        // What is tested is an estate as it is stated; what a log made of it is in no export.
        let asked = outcome.detected.is_none().then_some(asked);
        let mut explanation = explanation.finish(asked, Some(words.admissions), path);
        if let Some(proof) = &mut explanation.proof {
            let somewhere = |path: &Path| matches!(path.destinations, Destinations::SomeOf(_));
            proof.supposed = proof.sent.is_none() && path.is_some_and(somewhere);
        }
        explanation
    }

    /// What both have in common.
    fn bare(
        finding: Option<saved::Finding>,
        exposure: Option<saved::Exposure>,
        run: Option<saved::Run>,
        gaps: Vec<saved::Gap>,
        anchors: &[Where],
    ) -> Self {
        let (gaps, elsewhere): (Vec<_>, Vec<_>) = gaps.into_iter().partition(|gap| concerns(gap, anchors));
        let (inputs, catalogues, missing, scope_note) = run.map_or_else(
            || (Vec::new(), Default::default(), Vec::new(), SCOPE.to_owned()),
            |run| (run.inputs, run.catalogues, run.missing, run.scope_note),
        );
        let mut inputs: Vec<Read> = inputs.into_iter().map(|input| Read::of(input, anchors)).collect();
        inputs.sort_by_key(|input| !input.states_it);
        Self {
            schema: EXPLANATION_SCHEMA_NAME,
            finding,
            exposure,
            others: Vec::new(),
            others_more: 0,
            history: None,
            playbook: None,
            way: Vec::new(),
            matrices: None,
            proof: None,
            steps: Vec::new(),
            inputs,
            catalogues,
            missing,
            gaps,
            gaps_elsewhere: elsewhere.len() as u64,
            scope_note,
        }
    }

    /// A saved result has nothing to be asked by: only the inputs have the rules.
    fn finish(
        mut self,
        asked: Option<Asked<'_>>,
        admissions: Option<&[engine::Admission]>,
        way: Option<&model::Path>,
    ) -> Self {
        let own = self.finding.as_ref().and_then(|finding| finding.witness.as_ref());
        let witness = own.or(self.exposure.as_ref().and_then(|exposure| exposure.witness.as_ref()));
        self.proof = witness.and_then(|witness| Some(Proof::of(witness, self.exposure.as_ref()?, asked)));
        self.steps = steps::of(&self, admissions, way);
        self.playbook = Playbook::of(&self);
        self
    }

    /// Writes it for people. Lines are broken at the width of the style, at 80 columns without one.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_text(&self, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        text::write(self, &text::readable(style), out)
    }

    /// Writes it as one JSON document.
    ///
    /// # Errors
    /// When the writer fails.
    pub fn write_json(&self, out: &mut dyn Write) -> io::Result<()> {
        let mut out = io::BufWriter::new(out);
        careful::write_pretty(&mut out, self)?;
        out.write_all(b"\n")?;
        out.flush()
    }
}

impl Read {
    fn of(input: saved::Input, anchors: &[Where]) -> Self {
        let states_it = anchors.iter().any(|anchor| anchor.path == input.path);
        let saved::Input { path, format, sha256, resources } = input;
        Self { path, format, sha256, resources, states_it }
    }
}

impl Other {
    fn of(exposure: &saved::Exposure) -> Self {
        Self {
            fingerprint: exposure.fingerprint.clone(),
            target: exposure.target.name.clone(),
            packets: packets(exposure),
            reach: exposure.reach.clone(),
            certainty: exposure.certainty.clone(),
        }
    }
}

/// `tcp/22,3380-3400`, `icmp/8,3/4`.
fn packets(exposure: &saved::Exposure) -> String {
    if exposure.protocol == "any" {
        "every protocol and port".to_owned()
    } else if exposure.ports.is_empty() && exposure.icmp.is_empty() {
        let is_one = exposure.protocols.len() <= 1 && !exposure.protocols.iter().any(|it| it.contains('-'));
        let others = if is_one { "" } else { " and all other protocols without ports that no rule names" };
        format!("{}{others}", exposure.protocol)
    } else {
        let numbers = if exposure.icmp.is_empty() { &exposure.ports } else { &exposure.icmp };
        let listed: Vec<&str> = numbers.iter().take(PORTS_MAX).map(String::as_str).collect();
        let cut = numbers.len().saturating_sub(PORTS_MAX);
        let more = if cut == 0 { String::new() } else { format!(",+{cut}") };
        format!("{}/{}{more}", exposure.protocol, listed.join(","))
    }
}

/// Whether no rule of a list takes anything of what is explained, as far as that is known.
fn takes_nothing(matrices: &[(Family, Matrix)], list: &RuleList) -> bool {
    let rows = || matrices.iter().flat_map(|(_, matrix)| &matrix.rows).filter(|row| row.list.id == list.id);
    matrices.iter().all(|(_, matrix)| matrix.is_whole)
        && rows().next().is_some()
        && rows().all(|row| row.takes.is_empty())
}

fn place(outcome: &Outcome<'_>, provenance: Option<Provenance>) -> Option<Where> {
    retold(&wire::Where::of(None, provenance, outcome.places)?)
}

/// Whether a gap is in what an answer rests on: at or below one of its places, or of a whole document.
fn concerns(gap: &saved::Gap, anchors: &[Where]) -> bool {
    let Some(place) = &gap.place else { return true };
    let Some(pointer) = &place.pointer else { return true };
    let mut here = anchors.iter().filter(|anchor| anchor.path == place.path);
    here.any(|anchor| {
        let below = anchor.pointer.as_ref().and_then(|anchor| pointer.strip_prefix(anchor.as_str()));
        below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// The name and version of an explanation.
pub const EXPLANATION_SCHEMA_NAME: &str = "wideopen.explanation/1";

/// Its JSON Schema (draft 2020-12). It is strict: every field is required, no other is allowed.
pub const EXPLANATION_SCHEMA: &str = include_str!("explain/explanation.schema.json");

/// The name and version of the page of a check.
pub const CHECK_SCHEMA_NAME: &str = "wideopen.check/1";

/// Its JSON Schema (draft 2020-12), as strict.
pub const CHECK_SCHEMA: &str = include_str!("explain/check.schema.json");

const OTHERS_MAX: usize = 10;
const PORTS_MAX: usize = 12;
