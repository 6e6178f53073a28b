//! Somebody tried to change what filters or watches, and was refused.

use std::collections::BTreeSet;
use std::sync::Arc;

use engine::{ChangeEffect, Exposure, Judged, Touches};
use model::{Name, Weakened};

use crate::changed::{About, Changes, Group, grouped, name_of};
use crate::hole::Hit;
use crate::severity::severity;
use crate::{Check, Class, Found, Run, Severity, Subject, message};

pub(crate) static CHECK: Check = Check {
    name: "change-denied",
    summary: "somebody tried to change what filters or watches, and was refused",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    // Nothing was changed: what refuses is what the controls ask for.
    controls: &[],
    recommendations: &[],
    run: Run::Changes(run),
};

fn run(changes: &Changes<'_>) -> Vec<Found> {
    let denied = changes.judged.iter().filter(|change| change.effect == ChangeEffect::Denied);
    let groups = grouped(denied, |change| (change.cloud, &change.cause.actor));
    groups.iter().filter_map(|group| finding(group, changes)).collect()
}

fn finding(group: &Group<'_>, changes: &Changes<'_>) -> Option<Found> {
    let first = group.changes.first()?;
    let actor = &first.cause.actor;
    let is_bad = |change: &Judged| is_bad(change, changes.attempts.get(&change.cause.event));
    let severity =
        if group.changes.iter().any(|change| is_bad(change)) { Severity::Medium } else { Severity::Low };
    let times = match group.changes.len() {
        1 => "refused".to_owned(),
        number => format!("refused {number} times"),
    };
    let edited: BTreeSet<&Name> = group.changes.iter().map(|change| &change.cause.edited).collect();
    // What would have been made has no id.
    let edited: Vec<String> =
        edited.into_iter().filter(|id| !id.is_empty()).map(|id| format!("`{}`", name_of(id))).collect();
    let edited = match edited.is_empty() {
        true => String::new(),
        false => format!(" on {}", message::abridged(&edited, ", ", 0)),
    };
    let (operations, notes) = (group.operations(), group.notes());
    let would = would(group, changes).unwrap_or_default();
    let message = format!("`{actor}` was {times}: {operations}{edited}{notes}{would}");
    let subject = Subject { id: Arc::clone(actor), kind: "actor", name: Arc::clone(actor) };
    // Of one actor attempts in several accounts are one finding.
    group.finding(&CHECK, About { subject, scope: None }, severity, message)
}

/// The worst of what would have been open.
fn would(group: &Group<'_>, changes: &Changes<'_>) -> Option<String> {
    let attempts = group.changes.iter().filter_map(|change| changes.attempts.get(&change.cause.event));
    let hits = attempts.flatten().filter_map(|exposure| Hit::of(exposure, &Class::ALL));
    let worst = hits.max_by_key(|hit| (hit.severity, hit.exposure.sources.grade()))?;
    let (reached, who) = (&worst.reached, message::who(&worst.exposure.sources));
    Some(format!("; it would have opened {reached} of `{}` to {who}", worst.exposure.target.name))
}

/// Whether it would have opened what runs a machine or holds its data, or would have blinded somebody.
fn is_bad(change: &Judged, would: Option<&Vec<Exposure>>) -> bool {
    let blinds = matches!(change.touches, Touches::Watcher(_, Weakened::Off | Weakened::Less));
    let opens = |exposure: &Exposure| {
        let classes = [Class::Administration, Class::Database, Class::AllPorts];
        let hit = Hit::of(exposure, &classes);
        hit.is_some_and(|hit| hit.severity >= Severity::High)
            || exposure.protocol.is_none() && severity(exposure, Class::AllPorts) >= Severity::High
    };
    blinds || would.is_some_and(|exposures| exposures.iter().any(opens))
}

const PAGE: &str = "\
# change-denied

Somebody tried to change what filters or watches, and was refused.

## What it finds

Requests for changes of filters, paths, detectors and logs that were refused for want of a permission, grouped by who
made them. What they would have done is told where the request says it. Nothing was changed.

## Why it matters

Nobody is refused at what is his work every day. Credentials that were stolen are tried out, and the next ones may be
allowed to.

## How bad it is

Low; medium where an administration port, a database or every port would have been open to many, and where a detector
or a log would have been weakened.

## What to do

Ask the actor. Where he knows nothing of it, look for what else came from that address, and change the credentials.

## What it does not say

Attempts that failed for another reason than permission, which change nothing and are told by nobody, and attempts of
which the provider keeps no event.
";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use model::Weakened;

    use super::CHECK;
    use crate::estate::{Act, Estate, allow, found, found_with};

    #[test]
    fn attempts_are_one_finding_of_each_actor() {
        let acts = [
            Act::at(0).denied().named("Authorize").on("arn:aws:ec2:eu:1:security-group/sg-1"),
            Act::at(9).denied().named("Authorize").on("sg-2").noted("it would have opened tcp/443"),
            Act::at(5).denied().by("bob").named("Delete").on("sg-2"),
            Act::at(6).denied().by("carol").named("Allocate").on(""),
        ];
        let expected = [
            "low: `alice` was refused 2 times: 2 x `Authorize` on `sg-1`, `sg-2`; it would have opened tcp/443",
            "low: `bob` was refused: `Delete` on `sg-2`",
            "low: `carol` was refused: `Allocate`",
        ];
        assert_eq!(found(&acts, &CHECK), expected);
        assert!(found(&[Act::at(0)], &CHECK).is_empty());
    }

    #[test]
    fn what_would_have_been_bad_is_medium() {
        let would = |rules| BTreeMap::from([("event-0".into(), Estate::of(rules).exposures())]);
        let told = |rules| found_with(&[Act::at(0).denied()], &would(rules), &CHECK).remove(0);
        let expected = "medium: `alice` was refused: `Change` on `sg-1`; it would have opened tcp/22 (SSH) of `vm-web` to \
                        the whole IPv4 Internet: 3,702,258,431 addresses";
        assert_eq!(told(vec![allow("tcp", &["0.0.0.0/0"], &["22"])]), expected);
        assert!(told(vec![allow("any", &["0.0.0.0/0"], &["0-65535"])]).starts_with("medium: "));
        assert!(told(vec![allow("tcp", &["0.0.0.0/0"], &["443"])]).starts_with("low: "));
        assert!(told(vec![allow("tcp", &["8.8.8.8/32"], &["22"])]).starts_with("low: "));
        let blind = Act::at(0).blinds("flow log", "fl", Weakened::Off).denied();
        assert!(found(&[blind], &CHECK)[0].starts_with("medium: "));
    }
}
