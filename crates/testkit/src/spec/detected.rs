//! What logs did: openings and changes as lines of a page.

use engine::{Judged, Opening};
use model::{Gap, Moment, Weakened};
use replay::Told;

use super::answer::exposure_words;
use super::page::Input;
use crate::replayed::over;

/// Whether a document of a page is a log.
pub(super) fn is_log(input: &Input) -> bool {
    input.name.starts_with("log")
}

/// The lines of openings, of changes, of what was weakened, and the gaps.
pub(super) struct Detected {
    pub(super) openings: Vec<String>,
    pub(super) changes: Vec<String>,
    pub(super) weakened: Vec<String>,
    pub(super) gaps: Vec<String>,
}

/// Replays the logs of a case over its other documents.
pub(super) fn detected(inputs: &[Input]) -> Detected {
    let snapshot: Vec<(&str, &str)> = inputs
        .iter()
        .map(|input| {
            if is_log(input) { (input.name.as_str(), "") } else { (input.name.as_str(), input.text.as_str()) }
        })
        .collect();
    let snapshot: Vec<(&str, &str)> = snapshot.into_iter().filter(|(_, text)| !text.is_empty()).collect();
    let mut heard = over(&snapshot, None);
    for (id, input) in (0..).zip(inputs) {
        if is_log(input) {
            heard.hear(id + LOGS_FROM, input.text.as_bytes());
        }
    }
    let told = heard.told();
    let mut gaps: Vec<String> = heard.gaps.iter().map(|gap| gap_line(gap, inputs, &heard)).collect();
    gaps.extend(told.iter().flat_map(|told| &told.gaps).map(|gap| gap_line(gap, inputs, &heard)));
    let openings = told.iter().flat_map(|told| told.openings.iter().map(opening_line)).collect();
    let changes = told.iter().flat_map(|told: &Told| told.judged.iter().map(change_line)).collect();
    let weakened = told.iter().flat_map(|told| told.judged.iter().filter_map(weakened_line)).collect();
    Detected { openings, changes, weakened, gaps }
}

/// Numbers of logs begin here: documents of the snapshot are counted from 0.
const LOGS_FROM: u32 = 1000;

fn gap_line(gap: &Gap, inputs: &[Input], heard: &crate::replayed::Heard) -> String {
    let line = gap.provenance.and_then(|place| {
        let own = heard.replays.iter().find_map(|replay| replay.history.lines().get(&place));
        own.or_else(|| heard.lines.get(&place)).copied()
    });
    let input =
        gap.document.and_then(|id| id.0.checked_sub(LOGS_FROM)).and_then(|id| inputs.get(id as usize));
    let name = input.map_or("-", |input| &input.name);
    let line = line.map_or_else(|| "-".to_owned(), |line| line.to_string());
    format!("{} {} {name} line {line}", gap.code, gap.effect.word())
}

/// `nic exposed proved tcp 22 v4=any:… v6=- 09:12:44..-: opens alice 09:12:44, widens bob 12:00:00`.
fn opening_line(opening: &Opening) -> String {
    let at = |moment: Option<Moment>| moment.map_or_else(|| "-".to_owned(), clock);
    let since = at(opening.opened.as_ref().map(|cause| cause.at));
    let until = at(opening.closed.as_ref().map(|cause| cause.at));
    let steps: Vec<String> = opening
        .steps
        .iter()
        .map(|step| format!("{} {} {}", step.effect.word(), step.cause.actor, clock(step.cause.at)))
        .collect();
    let partial = if opening.is_partial { " partial" } else { "" };
    let words = exposure_words(&opening.exposure);
    let expected = opening.expected.as_ref();
    let expected = expected.map_or_else(String::new, |expected| format!("; expected by {}", expected.owner));
    format!("{words} {since}..{until}{partial}: {}{expected}", steps.join(", "))
}

/// `09:12:44 AuthorizeSecurityGroupIngress alice sg-1 opens`.
fn change_line(judged: &Judged) -> String {
    let cause = &judged.cause;
    let edited = cause.edited.rsplit(['/', ':']).next().unwrap_or_default();
    let edited = if edited.is_empty() { "-" } else { edited };
    format!("{} {} {} {edited} {}", clock(cause.at), cause.operation, cause.actor, judged.effect.word())
}

/// `09:12:44 off flow log fl-1`, and what else is said of it.
fn weakened_line(judged: &Judged) -> Option<String> {
    let how_far = match judged.weakened()?.1 {
        Weakened::Off => "off",
        Weakened::Less => "less",
        Weakened::Perhaps => "perhaps",
        Weakened::Restored => "restored",
    };
    let cause = &judged.cause;
    let edited = cause.edited.rsplit(['/', ':']).next().unwrap_or_default();
    let note = judged.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
    Some(format!("{} {how_far} {} {edited}{note}", clock(cause.at), judged.kind))
}

/// The time of the day, and of another day than most pages tell the date.
fn clock(moment: Moment) -> String {
    let text = moment.to_string();
    let time = text.strip_prefix(DAY).and_then(|time| time.strip_suffix('Z'));
    time.map_or_else(|| text.clone(), str::to_owned)
}

/// The day on which the events of pages happen.
const DAY: &str = "2026-01-10T";
