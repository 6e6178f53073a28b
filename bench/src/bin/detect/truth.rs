//! The openings of a result against what the generator knows to have been open.

use std::collections::BTreeMap;

use bench::trail::Opened;
use engine::Opening;
use model::Grade;
use serde_json::Value;

/// Since when a port of a group was open to all of IPv4 and by whom, until when and by whom.
pub(crate) type Interval = (String, u64, String, String, Option<(String, String)>);

/// How many intervals are told exactly, how many are not told so, and how many are told and never were.
pub(crate) fn compare(told: Vec<Interval>, truth: &[Opened]) -> [usize; 3] {
    let mut expected: BTreeMap<Interval, usize> = BTreeMap::new();
    for Opened { group, port, from, by, until } in truth {
        // The last of those whose rules made it open is who did it.
        let by = by.last().copied().unwrap_or_default().to_owned();
        let until = until.as_ref().map(|(at, who)| (at.clone(), (*who).to_owned()));
        *expected.entry((group.clone(), u64::from(*port), from.clone(), by, until)).or_default() += 1;
    }
    let [mut exact, mut wrong] = [0, 0];
    for interval in told {
        match expected.get_mut(&interval).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                exact += 1;
            }
            None => wrong += 1,
        }
    }
    [exact, expected.values().sum(), wrong]
}

/// The intervals that a result tells.
pub(crate) fn of_result(result: &Value) -> Vec<Interval> {
    let mut all = Vec::new();
    for opening in result["openings"].as_array().into_iter().flatten() {
        let steps = opening["steps"].as_array().into_iter().flatten();
        let steps = steps.map(|step| {
            let is_open = step["sources"]["ipv4"]["grade"] == "any";
            (step["at"].as_str().unwrap_or_default(), step["actor"].as_str().unwrap_or_default(), is_open)
        });
        let spans = spans(steps);
        for port in ports(&opening["ports"]) {
            tell(opening["target"]["id"].as_str().unwrap_or_default(), port, &spans, &mut all);
        }
    }
    all
}

/// The intervals that openings tell.
pub(crate) fn of_openings(openings: &[Opening]) -> Vec<Interval> {
    let mut all = Vec::new();
    for opening in openings {
        let times: Vec<String> = opening.steps.iter().map(|step| step.cause.at.to_string()).collect();
        let steps = opening.steps.iter().zip(&times).map(|(step, at)| {
            let v4 = step.sources.as_ref().and_then(|sources| sources.ipv4.as_ref());
            (at.as_str(), &*step.cause.actor, v4.is_some_and(|v4| v4.grade == Grade::Any))
        });
        let spans = spans(steps);
        for &(first, last) in opening.exposure.ports.spans() {
            for port in first..=last {
                tell(&opening.exposure.target.id, u64::from(port), &spans, &mut all);
            }
        }
    }
    all
}

/// Since when and by whom, until when and by whom.
type Span = (String, String, Option<(String, String)>);

/// The stretches in which steps leave all of IPv4 in.
fn spans<'s>(steps: impl Iterator<Item = (&'s str, &'s str, bool)>) -> Vec<Span> {
    let mut all = Vec::new();
    let mut since: Option<(String, String)> = None;
    for (at, who, is_open) in steps {
        let now = (time(at), actor(who));
        match (&since, is_open) {
            (None, true) => since = Some(now),
            (Some(_), false) => {
                let (from, by) = since.take().unwrap_or_default();
                all.push((from, by, Some(now)));
            }
            _ => {}
        }
    }
    all.extend(since.map(|(from, by)| (from, by, None)));
    all
}

fn tell(target: &str, port: u64, spans: &[Span], all: &mut Vec<Interval>) {
    // Each interface of the estate has the group of its number.
    let group = target.replacen("eni-", "sg-", 1);
    let told = |(from, by, until): &Span| (group.clone(), port, from.clone(), by.clone(), until.clone());
    all.extend(spans.iter().map(told));
}

fn ports(ports: &Value) -> Vec<u64> {
    let word = |port: &Value| port.as_u64().or_else(|| port.as_str()?.parse().ok());
    ports.as_array().into_iter().flatten().filter_map(word).collect()
}

/// Seconds are what CloudTrail tells.
fn time(at: &str) -> String {
    format!("{}Z", at.get(..19).unwrap_or(at))
}

/// The role of a session.
fn actor(name: &str) -> String {
    name.split('/').nth(1).unwrap_or(name).to_owned()
}
