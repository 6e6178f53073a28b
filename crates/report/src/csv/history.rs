//! The columns that follow where a log was read: who opened what a record is about, or did it; and the record of a change.

use std::sync::Arc;

use check::{Finding, operation};
use engine::{Cause, Exposure, Judged};

use super::{HEADER, OF_LOG};
use crate::Outcome;
use crate::history::Openings;

/// Who opened an exposure, when, until when; of a finding about changes the first of them.
pub(super) fn of_history(
    outcome: &Outcome<'_>,
    openings: &Openings<'_>,
    finding: &Finding,
    exposure: Option<&Exposure>,
) -> Vec<String> {
    let opening = exposure.and_then(|exposure| openings.get(&exposure.fingerprint));
    let of_finding = finding.detected.as_ref().and_then(|detected| detected.causes.first());
    let cause = match opening {
        Some(opening) => opening.opened.as_ref().or(opening.steps.first().map(|step| &step.cause)),
        None => of_finding,
    };
    let effect = opening.and_then(|opening| opening.steps.first()).map(|step| step.effect.word());
    let closed = opening.and_then(|opening| opening.closed.as_ref());
    let seconds = opening.and_then(|opening| {
        let upto = closed.map(|cause| cause.at).or(openings.last())?;
        Some((upto.0 - opening.opened.as_ref()?.at.0).max(0) / 1000)
    });
    let steps = opening.map(|opening| {
        opening
            .steps
            .iter()
            .map(|step| format!("{} {} {}", step.cause.at, step.effect.word(), step.cause.actor))
    });
    let steps: Vec<String> = steps.into_iter().flatten().collect();
    let baseline = opening.map(|opening| if opening.is_partial { "partial" } else { "complete" });
    let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
    let ends = [
        closed.map(|cause| cause.at.to_string()).unwrap_or_default(),
        text(closed.map(|cause| &*cause.actor)),
        text(closed.map(|cause| &*cause.event)),
        seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        steps.join(" | "),
        text(baseline),
        finding.accepted().map(|of| format!("{}: {}", of.owner, of.reason)).unwrap_or_default(),
    ];
    of_cause(outcome, cause, effect.unwrap_or_default()).into_iter().chain(ends).collect()
}

fn of_cause(outcome: &Outcome<'_>, cause: Option<&Arc<Cause>>, effect: &str) -> Vec<String> {
    let Some(cause) = cause else { return vec![String::new(); 10] };
    let place = cause.provenance.and_then(|provenance| outcome.places.resolved.get(&provenance));
    let told = [
        cause.at.to_string(),
        cause.actor.to_string(),
        cause.address.as_deref().unwrap_or_default().to_owned(),
        cause.client.as_deref().unwrap_or_default().to_owned(),
        operation(&cause.operation).to_owned(),
        cause.edited.to_string(),
        effect.to_owned(),
        cause.event.to_string(),
        outcome.places.path(None, cause.provenance).unwrap_or_default().to_owned(),
        place.map(|place| place.line.to_string()).unwrap_or_default(),
    ];
    told.into()
}

/// A change with what it did.
pub(super) fn of_change(outcome: &Outcome<'_>, change: &Judged) -> Vec<String> {
    let mut cells = vec![String::new(); HEADER.len()];
    let told = [
        (0, "change"),
        (4, change.scope.as_deref().unwrap_or_default()),
        (5, &change.kind),
        (7, &change.cause.edited),
        (9, change.cloud),
        (32, change.note.as_deref().unwrap_or_default()),
    ];
    for (column, text) in told {
        cells.get_mut(column).into_iter().for_each(|cell| text.clone_into(cell));
    }
    cells.extend(of_cause(outcome, Some(&change.cause), change.effect.word()));
    let expected = change.expected.as_ref().map(|of| format!("{}: {}", of.owner, of.reason));
    cells.resize(HEADER.len() + OF_LOG.len() - 1, String::new());
    cells.push(expected.unwrap_or_default());
    cells
}
