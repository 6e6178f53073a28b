//! The openings of a result against what the generator knows to have been open.

use std::collections::BTreeMap;

use bench::trail::Opened;
use serde_json::Value;

/// Since when a port of a group was open to all of IPv4 and by whom, until when and by whom.
type Interval = (String, u64, String, String, Option<(String, String)>);

/// How many intervals are told exactly, how many are not told so, and how many are told and never were.
pub(crate) fn compare(result: &Value, truth: &[Opened]) -> [usize; 3] {
    let mut expected: BTreeMap<Interval, usize> = BTreeMap::new();
    for Opened { group, port, from, by, until } in truth {
        // The last of those whose rules made it open is who did it.
        let by = by.last().copied().unwrap_or_default().to_owned();
        let until = until.as_ref().map(|(at, who)| (at.clone(), (*who).to_owned()));
        *expected.entry((group.clone(), u64::from(*port), from.clone(), by, until)).or_default() += 1;
    }
    let [mut exact, mut wrong] = [0, 0];
    for interval in told(result) {
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

fn told(result: &Value) -> Vec<Interval> {
    let mut all = Vec::new();
    for opening in result["openings"].as_array().into_iter().flatten() {
        let target = opening["target"]["id"].as_str().unwrap_or_default();
        // Each interface of the estate has the group of its number.
        let group = target.replacen("eni-", "sg-", 1);
        for port in ports(&opening["ports"]) {
            let mut since: Option<(String, String)> = None;
            for step in opening["steps"].as_array().into_iter().flatten() {
                let is_open = step["sources"]["ipv4"]["grade"] == "any";
                let now = (time(&step["at"]), actor(&step["actor"]));
                match (&since, is_open) {
                    (None, true) => since = Some(now),
                    (Some(_), false) => {
                        let (from, by) = since.take().unwrap_or_default();
                        all.push((group.clone(), port, from, by, Some(now)));
                    }
                    _ => {}
                }
            }
            all.extend(since.map(|(from, by)| (group.clone(), port, from, by, None)));
        }
    }
    all
}

fn ports(ports: &Value) -> Vec<u64> {
    let word = |port: &Value| port.as_u64().or_else(|| port.as_str()?.parse().ok());
    ports.as_array().into_iter().flatten().filter_map(word).collect()
}

/// Seconds are what CloudTrail tells.
fn time(at: &Value) -> String {
    let text = at.as_str().unwrap_or_default();
    format!("{}Z", text.get(..19).unwrap_or(text))
}

/// The role of a session.
fn actor(name: &Value) -> String {
    let name = name.as_str().unwrap_or_default();
    name.split('/').nth(1).unwrap_or(name).to_owned()
}
