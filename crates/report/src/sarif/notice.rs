//! What a run has to say of itself: its gaps, what its input has nothing of, what was cut.

use model::Effect;

use super::log::{Descriptor, Invocation, Location, Notification, Text};
use super::result::Results;
use super::{RESULTS_MAX, RESULTS_SHOWN_MAX, Share};
use crate::visible::Grouped;

pub(super) fn invocation(results: &Results<'_>, share: &Share<'_>) -> Invocation {
    let outcome = results.outcome;
    Invocation {
        execution_successful: outcome.run.complete,
        exit_code: outcome.run.exit,
        tool_execution_notifications: gaps(results).chain(missing(results)).chain(cuts(share)).collect(),
    }
}

fn gaps<'a>(results: &'a Results<'_>) -> impl Iterator<Item = Notification> + 'a {
    let gaps = results.outcome.gaps;
    let told = gaps.iter().take(GAPS_MAX).map(|gap| {
        let place = results.place(gap.document, gap.provenance);
        let location = place.map(|place| Location { physical_location: Some(place), ..Location::default() });
        Notification {
            descriptor: Descriptor { id: gap.code },
            level: level(gap.effect),
            message: Text::inert(&format!("{}: {}", gap.effect.word(), gap.message)),
            locations: location.into_iter().collect(),
        }
    });
    let cut = gaps.len().saturating_sub(GAPS_MAX) as u64;
    let more =
        (cut > 0).then(|| notice("more-gaps", "error", format!("{} more gaps are not listed", Grouped(cut))));
    told.chain(more)
}

fn missing<'a>(results: &'a Results<'_>) -> impl Iterator<Item = Notification> + 'a {
    results.outcome.missing.iter().map(|sentence| Notification {
        descriptor: Descriptor { id: "not-in-the-input" },
        level: "note",
        message: Text::inert(sentence),
        locations: Vec::new(),
    })
}

fn cuts(share: &Share<'_>) -> impl Iterator<Item = Notification> + use<> {
    let number = share.findings.len();
    let cut = number.saturating_sub(share.room);
    let cut = (cut > 0).then(|| {
        let most = Grouped(RESULTS_MAX as u64);
        let text = format!(
            "{} findings, the least severe, are left out: code scanning takes {most} results of a run",
            Grouped(cut as u64)
        );
        notice("results-left-out", "error", text)
    });
    let hidden = number > RESULTS_SHOWN_MAX;
    let hidden = hidden.then(|| {
        let shown = Grouped(RESULTS_SHOWN_MAX as u64);
        notice(
            "results-not-shown",
            "warning",
            format!("code scanning shows {shown} results of a run, the most severe"),
        )
    });
    let joined = share.joined.then(|| {
        let text =
            "code scanning takes 20 runs of a file: this one joins the scopes for which there was no room";
        notice("scopes-joined", "warning", text.to_owned())
    });
    [cut, hidden, joined].into_iter().flatten()
}

fn notice(id: &'static str, level: &'static str, text: String) -> Notification {
    Notification { descriptor: Descriptor { id }, level, message: Text { text }, locations: Vec::new() }
}

const fn level(effect: Effect) -> &'static str {
    match effect {
        Effect::Skipped | Effect::Narrowed => "error",
        Effect::Widened | Effect::Undecided => "warning",
    }
}

const GAPS_MAX: usize = 1_000;
