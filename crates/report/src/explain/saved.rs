//! A result document read back: what `-f json` wrote, as far as an explanation tells it.
//!
//! Also how a finding of this run is told: what a saved result can say and what a run says are one thing. Fields that
//! are not known here are left alone, so that a later result of the same version still reads.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::RESULT_SCHEMA_NAME;
use crate::admission::numbered;

/// A saved result.
#[derive(Debug, Deserialize)]
pub struct Saved {
    pub(crate) run: Run,
    #[serde(default)]
    pub(crate) exposures: Vec<Exposure>,
    /// Of a log, beside no exposures.
    #[serde(default)]
    pub(crate) openings: Vec<Opening>,
    #[serde(default)]
    pub(crate) changes: Vec<Change>,
    pub(crate) findings: Vec<Finding>,
    pub(crate) gaps: Vec<Gap>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Run {
    pub(crate) status: String,
    pub(crate) inputs: Vec<Input>,
    pub(crate) catalogues: BTreeMap<String, String>,
    pub(crate) scope_note: String,
    pub(crate) missing: Vec<String>,
    #[serde(default)]
    pub(crate) log: Option<Log>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Input {
    pub(crate) path: String,
    pub(crate) format: Option<String>,
    pub(crate) sha256: String,
    pub(crate) resources: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Exposure {
    pub(crate) fingerprint: String,
    pub(crate) cloud: String,
    pub(crate) scope: Option<String>,
    pub(crate) target: Resource,
    pub(crate) reach: String,
    pub(crate) certainty: String,
    pub(crate) fronts: Vec<Front>,
    pub(crate) protocol: String,
    #[serde(default)]
    pub(crate) protocols: Vec<String>,
    pub(crate) ports: Vec<String>,
    #[serde(default)]
    pub(crate) icmp: Vec<String>,
    pub(crate) sources: Sources,
    pub(crate) rentable: bool,
    pub(crate) power: Option<String>,
    pub(crate) opened_by: Vec<OpenedBy>,
    pub(crate) path: Vec<Hop>,
    pub(crate) witness: Option<Witness>,
}

/// An exposure with its time.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Opening {
    #[serde(flatten)]
    pub(crate) exposure: Exposure,
    pub(crate) opened: Option<Cause>,
    pub(crate) closed: Option<Cause>,
    pub(crate) steps: Vec<Step>,
    pub(crate) baseline: String,
    pub(crate) expected: Option<Expected>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Cause {
    pub(crate) at: String,
    pub(crate) actor: String,
    pub(crate) address: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) event: String,
    pub(crate) operation: String,
    pub(crate) edited: String,
    pub(crate) provenance: Option<Where>,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Step {
    #[serde(flatten)]
    pub(crate) cause: Cause,
    pub(crate) effect: String,
    pub(crate) sources: Option<Sources>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Expected {
    pub(crate) owner: String,
    pub(crate) reason: String,
}

#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Change {
    #[serde(flatten)]
    pub(crate) cause: Cause,
    pub(crate) cloud: String,
    pub(crate) scope: Option<String>,
    pub(crate) kind: String,
    pub(crate) effect: String,
    pub(crate) weakened: Option<String>,
    pub(crate) note: Option<String>,
}

/// How much of a log was read.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Log {
    pub(crate) last: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Resource {
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) attributes: BTreeMap<String, String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Front {
    #[serde(default)]
    pub(crate) id: Option<String>,
    pub(crate) address: String,
    pub(crate) ports: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Sources {
    pub(crate) ipv4: Option<Measured>,
    pub(crate) ipv6: Option<Measured>,
    pub(crate) tags: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Measured {
    pub(crate) grade: String,
    pub(crate) addresses: Option<String>,
    pub(crate) share: Option<f64>,
    pub(crate) cidrs: Vec<String>,
    pub(crate) missing: Vec<String>,
    pub(crate) more: u64,
    pub(crate) missing_more: u64,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct OpenedBy {
    pub(crate) filter: String,
    pub(crate) rule: String,
    pub(crate) priority: Option<u32>,
    pub(crate) provenance: Option<Where>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Where {
    pub(crate) path: String,
    pub(crate) line: Option<u64>,
    pub(crate) pointer: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Hop {
    pub(crate) hop: String,
    pub(crate) id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) verdict: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) rule: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Witness {
    pub(crate) protocol: String,
    pub(crate) source: String,
    pub(crate) source_port: Option<u16>,
    pub(crate) front: Option<String>,
    pub(crate) target: Option<String>,
    pub(crate) target_port: Option<u16>,
    #[serde(default)]
    pub(crate) icmp: Option<String>,
    #[serde(default)]
    pub(crate) source_ports: Vec<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Finding {
    pub(crate) id: String,
    pub(crate) check: String,
    pub(crate) severity: String,
    pub(crate) scope: Option<String>,
    pub(crate) subject: Resource,
    pub(crate) targets: Vec<String>,
    pub(crate) exposures: Vec<String>,
    pub(crate) opened_by: Vec<OpenedBy>,
    pub(crate) witness: Option<Witness>,
    pub(crate) message: String,
    pub(crate) provenance: Option<Where>,
    pub(crate) attack: Vec<String>,
    pub(crate) controls: Vec<Control>,
    pub(crate) recommendations: Vec<String>,
    /// The events that made it so; only of a log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) changes: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) accepted: Option<Expected>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Control {
    pub(crate) framework: String,
    pub(crate) version: String,
    pub(crate) id: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Gap {
    pub(crate) code: String,
    #[serde(rename = "where")]
    pub(crate) place: Option<Where>,
    pub(crate) effect: String,
    pub(crate) message: String,
}

impl Saved {
    /// Whether a text is a result document, of whatever version.
    #[must_use]
    pub fn is_result(text: &str) -> bool {
        // The schema is the first field of what we write; a tool in between may have moved it.
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let prefix = RESULT_SCHEMA_NAME.split('/').next().unwrap_or_default();
        text.trim_start().starts_with('{')
            && text.contains(prefix)
            && serde_json::from_str::<Head>(text).is_ok_and(|head| head.schema.starts_with(prefix))
    }

    /// Reads a result document.
    ///
    /// # Errors
    /// When it is of another version, or is not what its schema says; in one sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let head: Head = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if head.schema != RESULT_SCHEMA_NAME {
            return Err(format!("it is a `{}`, expected `{RESULT_SCHEMA_NAME}`", head.schema));
        }
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    /// Ids of findings and fingerprints of exposures.
    pub fn names(&self) -> (impl Iterator<Item = &str>, impl Iterator<Item = String>) {
        let ids = self.findings.iter().map(|finding| finding.id.as_str());
        (ids, self.all().map(|exposure| exposure.fingerprint.clone()))
    }

    /// All exposures, those of openings among them.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Exposure> {
        self.exposures.iter().chain(self.openings.iter().map(|opening| &opening.exposure))
    }
}

/// What a result would say, said again.
pub(super) fn retold<T: DeserializeOwned>(wire: &impl Serialize) -> Option<T> {
    let told = serde_json::to_value(wire).and_then(serde_json::from_value);
    debug_assert!(told.is_ok(), "what is written can be read back: {:?}", told.as_ref().err());
    told.ok()
}

impl OpenedBy {
    /// `allow-rdp (100)`.
    pub(crate) fn named(&self) -> String {
        numbered(&self.rule, self.priority)
    }
}

impl Where {
    /// `nsgs.json:14`.
    pub(crate) fn text(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.path),
            None => self.path.clone(),
        }
    }
}
