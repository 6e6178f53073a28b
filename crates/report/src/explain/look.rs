//! A playbook filled with a finding's own facts: what speaks for what, and what to look up, as commands to copy.
//!
//! Commands that look only: a change that is not proved is not printed. The one place of this crate that knows how clouds
//! call their commands, as a table by the word of the cloud. A value from a log is put into a command only where no shell,
//! no query and no filter reads it as anything but a name.

use model::Moment;
use serde::Serialize;

use super::history::{DAY_MILLIS, History};
use super::{Explanation, saved};
use crate::named::name_of;

/// How to decide, and where to look.
#[derive(Debug, Serialize)]
pub(super) struct Playbook {
    /// What is known, with what it speaks for.
    pub(super) decide: Vec<String>,
    pub(super) look: Vec<Look>,
}

/// Something to look up.
#[derive(Debug, Serialize)]
pub(super) struct Look {
    /// What it answers.
    pub(super) what: String,
    /// The words of a command; empty where it is a query.
    pub(super) command: Vec<String>,
    /// A query of the logs of a cloud, where there is no command.
    pub(super) query: Option<String>,
}

/// What commands are filled with.
struct Facts<'a> {
    history: &'a History,
    /// A day before the first step and a day after the last.
    around: (String, String),
    /// While it was open.
    open: (Moment, Moment),
    witness: Option<&'a saved::Witness>,
}

/// What a cloud calls its commands.
struct Cloud {
    name: &'static str,
    event: fn(&Facts<'_>, &saved::Cause) -> Option<Look>,
    actor: fn(&Facts<'_>, &saved::Cause) -> Option<Look>,
    flows: fn(&Facts<'_>, &saved::Witness) -> Option<Look>,
}

const CLOUDS: [Cloud; 3] = [
    Cloud { name: "aws", event: aws_event, actor: aws_actor, flows: aws_flows },
    Cloud { name: "azure", event: azure_event, actor: azure_actor, flows: azure_flows },
    Cloud { name: "gcp", event: gcp_event, actor: gcp_actor, flows: gcp_flows },
];

impl Playbook {
    /// `None` where no log was read.
    pub(super) fn of(explanation: &Explanation) -> Option<Self> {
        let history = explanation.history.as_ref()?;
        let (first, last) = history.span()?;
        let day = i64::try_from(DAY_MILLIS).unwrap_or(i64::MAX);
        let around = (Moment(first.0.saturating_sub(day)), Moment(last.0.saturating_add(day)));
        let finding = explanation.finding.as_ref();
        let own = finding.and_then(|finding| finding.witness.as_ref());
        let facts = Facts {
            history,
            around: (whole(around.0), whole(around.1)),
            open: (first, last),
            witness: own.or(explanation.exposure.as_ref().and_then(|exposure| exposure.witness.as_ref())),
        };
        Some(Self { decide: decide(explanation, history), look: look(&facts) })
    }
}

/// To the second.
fn whole(moment: Moment) -> String {
    Moment(moment.0 - moment.0.rem_euclid(1000)).to_string()
}

/// Each fact with what it speaks for.
fn decide(explanation: &Explanation, history: &History) -> Vec<String> {
    let mut told = Vec::new();
    let lasted = history.lasted.as_deref().map(|lasted| format!(" after {lasted}")).unwrap_or_default();
    match history.is_open {
        Some(true) => told.push("It is open when the log ends: treat it as reachable now.".to_owned()),
        Some(false) => told.push(format!(
            "It was closed{lasted}: nobody comes in by it any more, and who came in meanwhile may still be there."
        )),
        None => {}
    }
    if history.baseline.as_deref() == Some("partial") {
        told.push(
            "What decided here before the log is not known: it may have been open before, or something that the log \
             does not show may keep it closed. With `--snapshot` it is known."
                .to_owned(),
        );
    }
    told.push(match &history.expected {
        Some(expected) => format!("{} expected it: {}.", expected.owner, expected.reason),
        None => "Nobody has said that it was expected: `[[expected]]` in wideopen.toml would.".to_owned(),
    });
    let actors: Vec<&str> = history.steps.iter().map(|step| step.cause.actor.as_str()).collect();
    let several = actors.iter().any(|actor| Some(actor) != actors.first());
    if several && explanation.exposure.is_some() {
        told.push(
            "Several actors took part: ask each of them whether he knew of the others' step.".to_owned(),
        );
    }
    let weakened = |of: &&super::history::Beside| of.weakened.as_deref().is_some_and(|how| how != "restored");
    for beside in history.beside.iter().filter(weakened).take(WEAKENED_MAX) {
        told.push(format!(
            "The same actor weakened {} ({}) at {}: treat it as an intrusion until it is shown that it is none.",
            beside.kind,
            name_of(&beside.cause.edited),
            beside.cause.at
        ));
    }
    if history.beside.iter().any(|beside| beside.effect == "denied") {
        told.push(
            "The same actor was refused other changes within a day: somebody may be trying what he is allowed to."
                .to_owned(),
        );
    }
    if explanation.exposure.is_some() {
        let silent =
            "Whether somebody came in is in no log of changes: the flows have it, where they are kept.";
        told.push(silent.to_owned());
    }
    told
}

fn look(facts: &Facts<'_>) -> Vec<Look> {
    let cloud = facts.history.cloud.as_deref();
    let Some(cloud) = CLOUDS.iter().find(|known| Some(known.name) == cloud) else { return Vec::new() };
    let mut look = Vec::new();
    let mut seen: Vec<&str> = Vec::new();
    for step in facts.history.steps.iter().take(STEPS_MAX) {
        look.extend((cloud.event)(facts, &step.cause));
        if !seen.contains(&step.cause.actor.as_str()) {
            seen.push(&step.cause.actor);
            look.extend((cloud.actor)(facts, &step.cause));
        }
    }
    look.extend(facts.witness.and_then(|witness| (cloud.flows)(facts, witness)));
    look
}

/// A text that every shell, query and filter reads as one name.
fn plain(text: &str) -> Option<&str> {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:@+".contains(letter);
    let is_name = text.starts_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '/');
    (is_name && text.len() <= NAME_MAX && text.chars().all(is_plain)).then_some(text)
}

fn command(what: impl Into<String>, words: &[&str]) -> Look {
    Look { what: what.into(), command: words.iter().map(|&word| word.to_owned()).collect(), query: None }
}

fn query(what: impl Into<String>, text: String) -> Look {
    Look { what: what.into(), command: Vec::new(), query: Some(text) }
}

fn aws_event(_: &Facts<'_>, cause: &saved::Cause) -> Option<Look> {
    let wanted = format!("AttributeKey=EventId,AttributeValue={}", plain(&cause.event)?);
    let what = format!("the event of {} as it was logged", cause.at);
    Some(command(what, &["aws", "cloudtrail", "lookup-events", "--lookup-attributes", &wanted]))
}

/// Of a role the name of its session is looked up.
fn aws_actor(facts: &Facts<'_>, cause: &saved::Cause) -> Option<Look> {
    let name = plain(cause.actor.rsplit('/').next()?)?;
    let wanted = format!("AttributeKey=Username,AttributeValue={name}");
    let (from, upto) = &facts.around;
    let words = ["aws", "cloudtrail", "lookup-events", "--lookup-attributes", &wanted];
    let time = ["--start-time", from, "--end-time", upto];
    Some(command(what_else(cause), &[words.as_slice(), &time].concat()))
}

fn aws_flows(facts: &Facts<'_>, witness: &saved::Witness) -> Option<Look> {
    let (target, port) = (plain(witness.target.as_deref()?)?, witness.target_port?);
    let (from, upto) = (facts.open.0.0 / 1000, facts.open.1.0 / 1000);
    let text = format!(
        "SELECT srcaddr, count(*) AS flows, sum(bytes) AS bytes, min(start) AS first, max(\"end\") AS last\n\
         FROM vpc_flow_logs\n\
         WHERE dstaddr = '{target}' AND dstport = {port} AND action = 'ACCEPT' AND \"end\" >= {from} AND start <= {upto}\n\
         GROUP BY srcaddr ORDER BY bytes DESC"
    );
    Some(query("who came in, by the flow logs in Athena", text))
}

fn azure_event(_: &Facts<'_>, cause: &saved::Cause) -> Option<Look> {
    let at = Moment::of(&cause.at)?;
    let (from, upto) = (whole(Moment(at.0 - 60_000)), whole(Moment(at.0 + 60_000)));
    let edited = plain(&cause.edited).filter(|id| id.starts_with("/subscriptions/"))?;
    let words = ["az", "monitor", "activity-log", "list", "--resource-id", edited];
    let time = ["--start-time", &from, "--end-time", &upto];
    let what = format!("the event of {} as it was logged", cause.at);
    Some(command(what, &[words.as_slice(), &time].concat()))
}

fn azure_actor(facts: &Facts<'_>, cause: &saved::Cause) -> Option<Look> {
    let (from, upto) = &facts.around;
    let words = ["az", "monitor", "activity-log", "list", "--caller", plain(&cause.actor)?];
    let time = ["--start-time", from, "--end-time", upto];
    Some(command(what_else(cause), &[words.as_slice(), &time].concat()))
}

fn azure_flows(facts: &Facts<'_>, witness: &saved::Witness) -> Option<Look> {
    let (target, port) = (plain(witness.target.as_deref()?)?, witness.target_port?);
    let (from, upto) = (whole(facts.open.0), whole(facts.open.1));
    let text = format!(
        "NTANetAnalytics\n\
         | where SubType == 'FlowLog' and FlowStartTime <= datetime({upto}) and FlowEndTime >= datetime({from})\n\
         | where DestIp == '{target}' and DestPort == {port} and FlowStatus in ('A', 'Allowed')\n\
         | where FlowType in ('ExternalPublic', 'MaliciousFlow', 'AzurePublic')\n\
         | project FlowStartTime, FlowEndTime, FlowType, SrcIp, SrcPublicIps, BytesSrcToDest, BytesDestToSrc"
    );
    Some(query("who came in, by traffic analytics in Log Analytics", text))
}

fn gcp_event(facts: &Facts<'_>, cause: &saved::Cause) -> Option<Look> {
    let wanted = format!("insertId=\"{}\"", plain(&cause.event)?);
    let what = format!("the event of {} as it was logged", cause.at);
    gcp_read(facts, what, &[&wanted, &format!("timestamp=\"{}\"", plain(&cause.at)?)])
}

fn gcp_actor(facts: &Facts<'_>, cause: &saved::Cause) -> Option<Look> {
    // Behind the account stands on whose behalf it acted.
    let account = plain(cause.actor.split(' ').next()?)?;
    let (from, upto) = &facts.around;
    let wanted = format!("protoPayload.authenticationInfo.principalEmail=\"{account}\"");
    let time = format!("timestamp>=\"{from}\" AND timestamp<=\"{upto}\"");
    gcp_read(facts, what_else(cause), &[&wanted, &time])
}

fn gcp_flows(facts: &Facts<'_>, witness: &saved::Witness) -> Option<Look> {
    let (target, port) = (plain(witness.target.as_deref()?)?, witness.target_port?);
    let (from, upto) = (whole(facts.open.0), whole(facts.open.1));
    let wanted =
        format!("jsonPayload.connection.dest_ip=\"{target}\" AND jsonPayload.connection.dest_port={port}");
    let time = format!("timestamp>=\"{from}\" AND timestamp<=\"{upto}\"");
    gcp_read(facts, "who came in, by the flow logs".to_owned(), &["logName:\"vpc_flows\"", &wanted, &time])
}

fn gcp_read(facts: &Facts<'_>, what: String, wanted: &[&str]) -> Option<Look> {
    let filter = wanted.join(" AND ");
    let project = facts.history.scope.as_deref().filter(|scope| !scope.contains('/')).and_then(plain);
    let project = project.map(|project| format!("--project={project}"));
    let words = ["gcloud", "logging", "read", &filter, "--format=json"];
    let project: Vec<&str> = project.iter().map(String::as_str).collect();
    Some(command(what, &[words.as_slice(), &project].concat()))
}

fn what_else(cause: &saved::Cause) -> String {
    format!("what else {} did from a day before to a day after", cause.actor)
}

const STEPS_MAX: usize = 6;
const WEAKENED_MAX: usize = 3;
const NAME_MAX: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_get_into_commands() {
        for name in ["alice@contoso.example", "AROA1:session", "/subscriptions/0/x", "7c9d", "a+b_c.d"] {
            assert_eq!(plain(name), Some(name));
        }
        for other in
            ["", "-x", "--output=/etc/passwd", "a b", "a'b", "a\"b", "a,b", "$(id)", "a;b", "a\u{202e}", "*"]
        {
            assert_eq!(plain(other), None, "{other}");
        }
    }
}
