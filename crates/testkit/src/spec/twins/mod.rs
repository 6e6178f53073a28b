//! The law of twins: a call that failed changes nothing and is not told, one that was refused changes nothing and is told
//! as refused, under its actor.
//!
//! Of every request in the logs of the pages its twins are made: the same records, as the cloud writes them where the call
//! ended otherwise (`aws`, `azure`, `gcp` know how). A log in which only twins stand is replayed over the same snapshot.
//! Knows nothing of containers: each record stands on a line of its own.

mod aws;
mod azure;
mod gcp;

use std::collections::BTreeMap;
use std::path::Path;

use cloud::Cloud;
use cloud::audit::Outcome;
use engine::ChangeEffect;
use replay::Expectations;
use serde_json::{Deserializer, Value};

use super::answer::exposure_words;
use super::detected::is_log;
use super::page::{Case, Input, Page};
use super::pages;
use crate::replayed::{events, over};

/// How a cloud writes what became of requests.
struct Spelling {
    is_record: fn(&Value) -> bool,
    /// What the records of one request have in common; `None` where each is one.
    request: fn(&Value) -> Option<String>,
    endings: &'static [Ending],
}

/// How a request may end otherwise.
struct Ending {
    name: &'static str,
    outcome: Outcome,
    /// Whether the twins still say what was asked for. Where they do not, one that would have changed nothing looks like
    /// any other, and attempts of one run on one resource are told apart by nothing.
    says_what: bool,
    /// The records of a request that went through, as they are where it ended so.
    twin: fn(&[Value]) -> Vec<Value>,
}

/// How many twins of an operation were judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Twins {
    /// Those that failed.
    pub failed: usize,
    /// Those that were refused.
    pub refused: usize,
}

/// What came of the law for one cloud.
#[derive(Debug, Default)]
pub struct Law {
    /// By operation, as it is logged.
    pub operations: BTreeMap<String, Twins>,
    /// Where it does not hold.
    pub broken: Vec<String>,
}

/// Judges the twins of everything that the logs of the pages tell of a cloud.
///
/// # Panics
/// When a page cannot be read, or a twin is no record any more.
#[must_use]
pub fn twins(folder: &Path, cloud: &'static Cloud) -> Law {
    let mut law = Law::default();
    let spelling = spelling(cloud);
    for path in pages(folder) {
        let text = std::fs::read_to_string(&path).unwrap();
        let page = Page::read(&text);
        for case in &page.cases {
            let requests = requests(&page, case, cloud, &spelling);
            if requests.is_empty() {
                continue;
            }
            let name = path.file_name().unwrap_or_default().display();
            let trial =
                Trial { name: format!("{name}: `{}`", case.heading), cloud, inputs: page.documents(case) };
            trial.hold(&requests, &spelling, &mut law);
        }
    }
    law
}

fn spelling(cloud: &Cloud) -> Spelling {
    match cloud.name {
        "aws" => aws::SPELLING,
        "azure" => azure::SPELLING,
        "gcp" => gcp::SPELLING,
        other => panic!("nobody knows how {other} writes what became of a request"),
    }
}

/// The requests of a case that went through or were refused, each with its records. What failed is its own twin.
fn requests(page: &Page, case: &Case, cloud: &'static Cloud, spelling: &Spelling) -> Vec<Vec<Value>> {
    let mut records = Vec::new();
    for log in page.documents(case).iter().filter(|input| is_log(input)) {
        let values = Deserializer::from_str(&log.text).into_iter::<Value>();
        values.map_while(Result::ok).for_each(|value| collect(value, spelling.is_record, &mut records));
    }
    records.retain(|record| {
        let heard = events(cloud, record.to_string().as_bytes());
        heard.iter().any(|event| event.outcome != Outcome::Failed)
    });
    let mut requests: Vec<(Option<String>, Vec<Value>)> = Vec::new();
    for record in records {
        let of = (spelling.request)(&record);
        match requests.iter_mut().find(|(known, _)| of.is_some() && *known == of) {
            Some((_, records)) => records.push(record),
            None => requests.push((of, vec![record])),
        }
    }
    requests.into_iter().map(|(_, records)| records).collect()
}

/// All records in a value, however it contains them.
fn collect(value: Value, is_record: fn(&Value) -> bool, records: &mut Vec<Value>) {
    if is_record(&value) {
        records.push(value);
        return;
    }
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, is_record, records)),
        Value::Object(entries) => {
            entries.into_iter().for_each(|(_, value)| collect(value, is_record, records))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// One case.
struct Trial {
    name: String,
    cloud: &'static Cloud,
    inputs: Vec<Input>,
}

/// Operation, actor, and whether it was refused.
type Change = (String, String, bool);

/// What is told of a log.
struct Told {
    judged: Vec<Change>,
    openings: Vec<String>,
    exposures: Vec<String>,
    gaps: Vec<String>,
}

impl Trial {
    fn hold(&self, requests: &[Vec<Value>], spelling: &Spelling, law: &mut Law) {
        let silent = self.told(&[]);
        let plain = self.told(&requests.concat());
        for ending in spelling.endings {
            let records: Vec<Value> = requests.iter().flat_map(|records| (ending.twin)(records)).collect();
            let told = self.told(&records);
            let wrong = [
                misjudged(ending, &plain.judged, &told.judged),
                difference("openings", &[], &told.openings),
                difference("exposures", &silent.exposures, &told.exposures),
                difference("gaps", &silent.gaps, &told.gaps),
            ];
            let wrong = wrong.concat();
            if !wrong.is_empty() {
                law.broken.push(format!("{}, {}:{wrong}", self.name, ending.name));
            }
            for (operation, ..) in &plain.judged {
                let twins = law.operations.entry(operation.clone()).or_default();
                match ending.outcome {
                    Outcome::Failed => twins.failed += 1,
                    Outcome::Denied | Outcome::Done | Outcome::Begun => twins.refused += 1,
                }
            }
        }
    }

    /// Replays records over what the case has besides its logs.
    fn told(&self, records: &[Value]) -> Told {
        let others = self.inputs.iter().filter(|input| !is_log(input));
        let snapshot: Vec<(&str, &str)> =
            others.map(|input| (input.name.as_str(), input.text.as_str())).collect();
        let mut heard = over(&snapshot, None);
        let log: String = records.iter().map(|record| format!("{record}\n")).collect();
        if !log.is_empty() {
            heard.hear(LOG, log.as_bytes());
        }
        let mut gaps: Vec<String> = heard.gaps.iter().map(gap_line).collect();
        let replay = heard.replays.iter_mut().find(|replay| replay.cloud().name == self.cloud.name).unwrap();
        replay.advance().unwrap_or_else(|contradiction| panic!("{}: {contradiction}", self.name));
        let told = replay.told(&Expectations::default());
        let told = told.unwrap_or_else(|contradiction| panic!("{}: {contradiction}", self.name));
        gaps.extend(told.gaps.iter().map(gap_line));
        gaps.sort();
        gaps.dedup();
        let mut exposures = Vec::new();
        engine::exposures(&told.snapshot, &mut |exposure, _| exposures.push(exposure_words(&exposure)))
            .unwrap_or_else(|contradiction| panic!("{}: {contradiction}", self.name));
        exposures.sort();
        let mut judged: Vec<_> = told
            .judged
            .iter()
            .map(|change| {
                let cause = &change.cause;
                let is_refused = change.effect == ChangeEffect::Denied;
                (cause.operation.to_string(), cause.actor.to_string(), is_refused)
            })
            .collect();
        judged.sort();
        let openings = told.openings.iter().map(|opening| exposure_words(&opening.exposure)).collect();
        Told { judged, openings, exposures, gaps }
    }
}

/// What is told of twins otherwise than it should be: nothing of those that failed, of those that were refused each
/// operation, under its actor.
fn misjudged(ending: &Ending, plain: &[Change], told: &[Change]) -> String {
    if ending.outcome == Outcome::Failed {
        return difference("told", &[], told);
    }
    let refused = |(operation, actor, _): &Change| (operation.clone(), actor.clone(), true);
    let mut expected: Vec<Change> = plain.iter().map(refused).collect();
    if ending.says_what {
        return difference("told", &expected, told);
    }
    expected.dedup();
    expected.retain(|change| !told.contains(change));
    let other: Vec<Change> = told.iter().filter(|(.., is_refused)| !is_refused).cloned().collect();
    difference("told", &expected, &other)
}

/// The number of the log among the documents.
const LOG: u32 = 1000;

fn gap_line(gap: &model::Gap) -> String {
    format!("{} {} {}", gap.code, gap.effect.word(), gap.message)
}

/// What is missing (`-`) and what is too many (`+`); both are sorted.
fn difference<T: PartialEq + core::fmt::Debug>(what: &str, expected: &[T], found: &[T]) -> String {
    if expected == found {
        return String::new();
    }
    let only = |these: &[T], others: &[T], sign: char| -> String {
        let count = |of: &[T], one: &T| of.iter().filter(|other| *other == one).count();
        let lines = these.iter().filter(|one| count(these, one) > count(others, one));
        lines.map(|line| format!("\n    {sign} {what} {line:?}")).collect()
    };
    only(expected, found, '-') + &only(found, expected, '+')
}
