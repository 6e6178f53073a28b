//! A subscription and its Activity Log: every request in two or three phases, as one export writes them or several.

mod estate;
mod records;

use serde_json::{Value, json};

use super::{Happening, History};
use crate::random::Random;

use estate::{Estate, Request};
use records::{Phase, SHAPES, Shape};

/// What is told of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// Every phase, by one export or more.
    Whole,
    /// Of some only that they had begun.
    Begun,
}

/// A history of so many changes; watched where somebody asks what an export says after each.
#[must_use]
pub fn history(seed: u64, changes: usize, told: Told, is_watched: bool) -> History {
    let mut random = Random::new(seed);
    let mut estate = Estate::new(&mut random);
    let before = estate.export();
    let mut events = Vec::new();
    for number in 0..changes {
        let request = estate.change(&mut random);
        let mut event = told_of(&request, number, told, &mut random);
        event.after = is_watched.then(|| estate.export());
        events.push(event);
    }
    History { name: format!("azure, seed {seed}"), before, events, after: estate.export() }
}

/// Milliseconds of the day from which a request counts, by its number: they are a minute apart.
fn time(number: usize, after: usize) -> String {
    let millis = number * 60_000 + after;
    let (day, rest) = (10 + millis / 86_400_000, millis % 86_400_000);
    let (seconds, fraction) = (rest / 1000, rest % 1000);
    format!(
        "2026-01-{day:02}T{:02}:{:02}:{:02}.{fraction:03}0000Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// The records of a request that was done, and of what happens beside it.
fn told_of(request: &Request, number: usize, told: Told, random: &mut Random) -> Happening {
    let text = |key: &str, body: &Value| json!({"statusCode": "OK", key: body.to_string()});
    // Some tools send every request of a run under one id.
    let correlation =
        if random.chance(40) { format!("run-{}", number / 20) } else { format!("alone-{number}") };
    let phase = |status, after, properties| Phase {
        time: time(number, after),
        status,
        method: request.method,
        operation: request.operation.clone(),
        id: request.id.clone(),
        correlation: correlation.clone(),
        request: format!("request-{number}"),
        caller: CALLERS[number % CALLERS.len()],
        properties,
    };
    let asked = request.body.as_ref().map_or_else(|| json!({}), |body| text("requestbody", body));
    let begun = phase("Started", 123, asked);
    let succeeded = phase("Succeeded", 9_004, json!({"statusCode": "OK"}));
    let answered = request.answer.as_ref().filter(|_| request.body.is_none() || random.chance(50));
    let answered = answered.map(|answer| phase("Accepted", 1_017, text("responseBody", answer)));
    let at = answered.as_ref().map_or(&succeeded.time, |phase| &phase.time).clone();
    let mut phases = vec![begun];
    let is_told_to_its_end = answered.is_none() || random.chance(60);
    phases.extend(answered);
    phases.extend(is_told_to_its_end.then_some(succeeded));
    if told == Told::Begun && request.body.is_some() && random.chance(5) {
        phases.truncate(1);
    }
    let mut written = written(&phases, random);
    if random.chance(25) {
        written.extend(opposed(&phases[0], number, random));
    }
    Happening { records: written, at, after: None }
}

/// Somebody else tries the opposite, and fails or may not.
fn opposed(begun: &Phase, number: usize, random: &mut Random) -> Vec<Value> {
    let verb = if begun.operation.ends_with("/write") { "delete" } else { "write" };
    let kind = begun.operation.rsplit_once('/').map_or("", |(kind, _)| kind);
    let code = *random.pick(&["Forbidden", "Conflict", "AuthorizationFailed"]);
    let other = Phase {
        time: time(number, 20_000),
        operation: format!("{kind}/{verb}"),
        method: if verb == "delete" { "DELETE" } else { "PUT" },
        correlation: format!("other-{number}"),
        request: format!("other-{number}"),
        caller: "mallory@example.com",
        properties: json!({}),
        ..begun.clone()
    };
    let failed = Phase {
        time: time(number, 21_000),
        status: "Failed",
        properties: json!({"statusCode": code}),
        ..other.clone()
    };
    written(&[other, failed], random)
}

/// Phases as one export writes them, or as two do that tell the same.
fn written(phases: &[Phase], random: &mut Random) -> Vec<Value> {
    let each = |shape: Shape| phases.iter().map(shape).collect::<Vec<_>>();
    let mut records = each(*random.pick(&SHAPES));
    if random.chance(30) {
        records = each(Phase::rest);
        records.extend(each(*random.pick(&SHAPES)));
    }
    records
}

/// People who send requests.
const CALLERS: [&str; 4] = ["ana@example.com", "bela@example.com", "chen@example.com", "dora@example.com"];
