//! The objects of the result document, one struct each, as `result/1` spells them.
//!
//! Knows no format: `json` and `jsonl` write the same objects.

mod changed;
mod exposure;

use std::collections::BTreeMap;

use check::Control;
use model::{DocumentId, Provenance};
use serde::Serialize;

pub(crate) use changed::{Change, Opening};
use changed::{Expected, Log};
pub(crate) use exposure::{Exposure, Hop, Target, endpoint, hops, protocols, type_and_code, typed};
use exposure::{OpenedBy, Witness};

use crate::{Outcome, Places, SCOPE};

#[derive(Serialize)]
pub(crate) struct Run<'a> {
    status: &'static str,
    tool: Tool<'a>,
    inputs: Vec<Input<'a>>,
    catalogues: &'a BTreeMap<&'a str, String>,
    scope_note: &'static str,
    missing: &'a [String],
    hidden: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<Log>,
}

#[derive(Serialize)]
struct Tool<'a> {
    name: &'static str,
    version: &'a str,
}

#[derive(Serialize)]
struct Input<'a> {
    path: &'a str,
    format: Option<&'static str>,
    sha256: String,
    resources: u64,
}

#[derive(Serialize)]
struct Resource<'a> {
    id: &'a str,
    kind: &'static str,
    name: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Finding<'a> {
    id: &'a str,
    check: &'static str,
    severity: &'static str,
    scope: Option<&'a str>,
    subject: Resource<'a>,
    targets: Vec<&'a str>,
    exposures: Vec<String>,
    opened_by: Vec<OpenedBy<'a>>,
    witness: Option<Witness>,
    message: &'a str,
    provenance: Option<Where<'a>>,
    attack: &'static [&'static str],
    controls: Vec<FailedControl>,
    recommendations: Vec<&'static str>,
    /// The events that made it so; absent where no log was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Vec<&'a str>>,
    // The field is always there, so that nobody takes its absence for a verdict.
    accepted: Option<Expected<'a>>,
}

#[derive(Serialize)]
struct FailedControl {
    framework: &'static str,
    version: &'static str,
    id: &'static str,
}

#[derive(Serialize)]
pub(crate) struct Gap<'a> {
    code: &'static str,
    #[serde(rename = "where")]
    place: Option<Where<'a>>,
    effect: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
pub(crate) struct Where<'a> {
    path: &'a str,
    line: Option<u64>,
    pointer: Option<&'a str>,
}

#[derive(Serialize)]
pub(crate) struct Coverage {
    assessed: u64,
    not_assessed: u64,
}

impl<'a> Run<'a> {
    pub(crate) fn of(outcome: &'a Outcome<'_>) -> Self {
        Self {
            status: if outcome.run.complete { "complete" } else { "incomplete" },
            tool: Tool { name: "wideopen", version: outcome.run.version },
            inputs: outcome.run.inputs.iter().map(Input::of).collect(),
            catalogues: outcome.run.catalogues,
            scope_note: SCOPE,
            missing: outcome.missing,
            hidden: outcome.hidden,
            log: outcome.detected.map(|detected| Log::of(&detected)),
        }
    }
}

impl<'a> Input<'a> {
    fn of(input: &'a crate::Input) -> Self {
        let sha256 = input.sha256.iter().map(|byte| format!("{byte:02x}")).collect();
        Self { path: &input.path, format: input.format, sha256, resources: input.resources }
    }
}

impl<'a> Finding<'a> {
    pub(crate) fn of(finding: &'a check::Finding, places: &'a Places) -> Self {
        let subject = &finding.subject;
        Self {
            id: &finding.id,
            check: finding.check.name,
            severity: finding.severity.word(),
            scope: finding.scope.as_deref(),
            subject: Resource { id: &subject.id, kind: subject.kind, name: &subject.name },
            targets: finding.targets.iter().map(|target| target.id.as_ref()).collect(),
            exposures: finding.exposures.iter().map(ToString::to_string).collect(),
            opened_by: finding.opened_by.iter().filter_map(|by| OpenedBy::of(by, places)).collect(),
            witness: finding.witness.as_ref().map(Witness::of),
            message: &finding.message,
            provenance: Where::of(None, finding.provenance, places),
            attack: finding.check.attack,
            controls: finding.controls().map(FailedControl::of).collect(),
            recommendations: finding.recommendations().collect(),
            changes: finding.detected.as_ref().map(changed::events),
            accepted: finding.accepted().map(Expected::of),
        }
    }
}

impl FailedControl {
    const fn of(control: &Control) -> Self {
        Self { framework: control.framework, version: control.version, id: control.id }
    }
}

impl<'a> Gap<'a> {
    pub(crate) fn of(gap: &'a model::Gap, places: &'a Places) -> Self {
        let place = Where::of(gap.document, gap.provenance, places);
        Self { code: gap.code, place, effect: gap.effect.word(), message: &gap.message }
    }
}

impl<'a> Where<'a> {
    /// As much as is known: the place, else the path of the document, else nothing.
    pub(crate) fn of(
        document: Option<DocumentId>,
        provenance: Option<Provenance>,
        places: &'a Places,
    ) -> Option<Self> {
        match provenance.and_then(|provenance| places.resolved.get(&provenance)) {
            Some(place) => {
                Some(Self { path: &place.path, line: Some(place.line), pointer: Some(&place.pointer) })
            }
            None => places.path(document, provenance).map(|path| Self { path, line: None, pointer: None }),
        }
    }
}

impl Coverage {
    pub(crate) const fn of(coverage: &model::Coverage) -> Self {
        Self { assessed: coverage.assessed, not_assessed: coverage.not_assessed }
    }
}
