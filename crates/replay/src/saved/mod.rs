//! What a run leaves for the next: the events that matter, and the digest of the snapshot they are replayed over.
//!
//! Lines of JSON: a head, an event on each line, a foot with the digest of everything before it. Never an engine, never a
//! target: a later version replays the same events with what it knows then. Opens no file.

mod event;
mod tree;

use core::fmt;

use cloud::audit::Event;
use model::DocumentId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use event::Wire;

/// The version of the form.
const VERSION: u32 = 1;

/// What is saved.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The digest of the snapshot; another snapshot is another history.
    pub snapshot: String,
    /// The paths of the documents that events stand in, by number.
    pub documents: Vec<String>,
    /// How far each followed file was read, as its reader says it. Its form is its reader's.
    pub positions: Vec<String>,
    /// How many records of a cloud were heard in a document.
    pub records: Vec<(String, DocumentId, u64)>,
    /// The clouds of whose events writes of objects were forgotten.
    pub forgotten: Vec<String>,
    /// What of the logs was not understood: what rests on them is as incomplete in the next run.
    pub gaps: Vec<SavedGap>,
    /// Marks of the findings that were told.
    pub told: Vec<String>,
    /// Events, each with its cloud and its line.
    pub events: Vec<(String, u64, Event)>,
}

/// What of a log was not understood.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct SavedGap {
    /// The document, by its number.
    pub document: u32,
    /// The byte and the line.
    pub place: (u64, u64),
    /// The code.
    pub code: String,
    /// What it does to the answer, in the word of results.
    pub effect: String,
    /// What was read, what was expected.
    pub message: String,
}

/// Why a state is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// It is no state of this program.
    Foreign,
    /// It is of another version.
    Other(u32),
    /// It is not what was written: it was cut or changed. The line where that shows.
    Damaged(usize),
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Foreign => f.write_str("it is no state that this program wrote, expected one, or no file"),
            Self::Other(version) => {
                let then =
                    if *version > VERSION { "use the program that wrote it" } else { "begin without it" };
                write!(f, "it is of version {version}, expected {VERSION}: {then}")
            }
            Self::Damaged(line) => {
                write!(
                    f,
                    "it is not what was written, from line {line} on: take a copy of it, or begin without"
                )
            }
        }
    }
}

impl core::error::Error for Refused {}

#[derive(Deserialize, Serialize)]
struct Head {
    #[serde(rename = "wideopen-state")]
    version: u32,
    snapshot: String,
    documents: Vec<String>,
    positions: Vec<String>,
    records: Vec<(String, u32, u64)>,
    #[serde(default)]
    forgotten: Vec<String>,
    #[serde(default)]
    gaps: Vec<SavedGap>,
    #[serde(default)]
    told: Vec<String>,
}

#[derive(Deserialize, Serialize)]
struct Foot {
    events: usize,
    sha256: String,
}

/// The text of a state.
#[must_use]
pub fn save(state: &State) -> String {
    let State { snapshot, documents, positions, records, forgotten, gaps, told, events } = state.clone();
    let records =
        records.into_iter().map(|(cloud, document, records)| (cloud, document.0, records)).collect();
    let head = Head { version: VERSION, snapshot, documents, positions, records, forgotten, gaps, told };
    let mut text = String::new();
    let mut line = |value: serde_json::Result<String>| {
        // Maps with keys of text and numbers: nothing of it can fail.
        text.push_str(&value.unwrap_or_default());
        text.push('\n');
    };
    line(serde_json::to_string(&head));
    for (cloud, at, event) in &events {
        line(serde_json::to_string(&Wire::of(cloud, *at, event)));
    }
    let foot = Foot { events: events.len(), sha256: digest(&text) };
    text.push_str(&serde_json::to_string(&foot).unwrap_or_default());
    text.push('\n');
    text
}

/// Reads a state.
///
/// # Errors
/// [`Refused`] where it is not one, or not whole.
pub fn load(text: &str) -> Result<State, Refused> {
    let first = text.lines().next().unwrap_or_default();
    let version = serde_json::from_str::<serde_json::Value>(first).ok();
    let version =
        version.as_ref().and_then(|head| head.get("wideopen-state")).and_then(serde_json::Value::as_u64);
    match version.and_then(|version| u32::try_from(version).ok()) {
        None => return Err(Refused::Foreign),
        Some(VERSION) => {}
        Some(version) => return Err(Refused::Other(version)),
    }
    let lines: Vec<&str> = text.lines().collect();
    let damaged = |line: usize| Refused::Damaged(line + 1);
    let Some((last, before)) = lines.split_last() else { return Err(Refused::Foreign) };
    let foot: Foot = serde_json::from_str(last).map_err(|_| damaged(before.len()))?;
    let sealed = text.trim_end_matches('\n').strip_suffix(last).unwrap_or_default();
    let events = before.get(1..).unwrap_or_default();
    if foot.events != events.len() || foot.sha256 != digest(sealed) || !text.ends_with('\n') {
        return Err(damaged(before.len()));
    }
    let head: Head = serde_json::from_str(first).map_err(|_| damaged(0))?;
    let read = |(number, line): (usize, &&str)| {
        let wire: Wire = serde_json::from_str(line).map_err(|_| damaged(number + 1))?;
        wire.event().ok_or_else(|| damaged(number + 1))
    };
    let events = events.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
    let Head { version: _, snapshot, documents, positions, records, forgotten, gaps, told } = head;
    let number = |(cloud, document, records)| (cloud, DocumentId(document), records);
    let records = records.into_iter().map(number).collect();
    Ok(State { snapshot, documents, positions, records, forgotten, gaps, told, events })
}

impl State {
    /// Gives the documents of the events other numbers: those that they have in another run.
    pub fn renumber(&mut self, number: &dyn Fn(DocumentId) -> DocumentId) {
        for (_, _, event) in &mut self.events {
            event.place.document = number(event.place.document);
        }
        for (_, document, _) in &mut self.records {
            *document = number(*document);
        }
        for gap in &mut self.gaps {
            gap.document = number(DocumentId(gap.document)).0;
        }
    }
}

fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
