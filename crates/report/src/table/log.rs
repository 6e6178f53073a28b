//! The screen of what a log was judged to have done: what changes opened, who who watches was blinded, what was refused,
//! what is not modelled, what was expected; then what is only counted.

use core::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use check::Finding;
use engine::{ChangeEffect, Exposure, Fingerprint, Judged};

use super::times::{self, HANG};
use super::{Block, DETAIL};
use crate::admission::openers;
use crate::history::Openings;
use crate::screen::{Screen, Tone};
use crate::visible::{Grouped, counted};
use crate::{Detected, Outcome, summary};

pub(super) fn write(
    outcome: &Outcome<'_>,
    detected: &Detected<'_>,
    exposures: &BTreeMap<Fingerprint, &Exposure>,
    screen: &mut Screen<'_>,
) -> io::Result<()> {
    let openings = Openings::of(outcome);
    for part in Part::ALL {
        let own = outcome.findings.iter().filter(|finding| Part::of(finding) == part);
        let mut own: Vec<&Finding> = own.collect();
        // What is open now comes before what was closed again.
        let is_over =
            |finding: &Finding| openings.rested_on(finding).iter().all(|opening| !opening.is_open());
        own.sort_by_key(|finding| (Reverse(finding.severity), is_over(finding)));
        if let Some(heading) = part.heading().filter(|_| !own.is_empty()) {
            screen.wrapped(0, 2, &screen.line().add(Tone::Strong, heading))?;
            screen.blank()?;
        }
        // One change may be many findings: the first tells what happened, the others name it.
        let mut told: BTreeMap<times::Same<'_>, &str> = BTreeMap::new();
        for finding in own {
            let block = Block::new(outcome, finding, exposures);
            match part {
                Part::Opened => match told.entry(times::same(finding, &openings)) {
                    Entry::Occupied(first) => block.opened_as(first.get(), screen)?,
                    Entry::Vacant(place) => {
                        place.insert(&finding.id);
                        block.opened(&openings, screen)?;
                    }
                },
                Part::Weakened | Part::Refused | Part::NotModelled => block.done(screen)?,
                Part::Expected => block.expected(&openings, screen)?,
            }
            screen.blank()?;
        }
    }
    if let Some(line) = silent(outcome, detected, &openings) {
        screen.wrapped(0, 2, &screen.line().plain(line))?;
        screen.blank()?;
    }
    summary::write(outcome, screen)
}

/// Where on the screen a finding stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Opened,
    Weakened,
    Refused,
    NotModelled,
    Expected,
}

impl Part {
    const ALL: [Self; 5] = [Self::Opened, Self::Weakened, Self::Refused, Self::NotModelled, Self::Expected];

    fn of(finding: &Finding) -> Self {
        match finding.check.name {
            _ if finding.accepted().is_some() => Self::Expected,
            "watcher-weakened" | "log-weakened" => Self::Weakened,
            "change-denied" => Self::Refused,
            "change-not-modelled" => Self::NotModelled,
            _ => Self::Opened,
        }
    }

    const fn heading(self) -> Option<&'static str> {
        match self {
            Self::Opened => None,
            Self::Weakened => Some("WEAKENED  those who watch, protect, or keep a log"),
            Self::Refused => Some("REFUSED   what somebody tried; nothing was changed"),
            Self::NotModelled => Some("UNKNOWN   what may have opened something: its effect is not modelled"),
            Self::Expected => Some("EXPECTED  counted, and no alarm"),
        }
    }
}

impl Block<'_> {
    fn opened(&self, openings: &Openings<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
        let rested = openings.rested_on(self.finding);
        self.headline(screen)?;
        self.targets(screen)?;
        times::write(openings, &rested, screen)?;
        let is_open = rested.first().is_none_or(|opening| opening.is_open());
        let name = if is_open { "close in" } else { "let in by" };
        for opener in openers(&self.finding.opened_by) {
            let line = times::label(screen, name).add(Tone::Strong, opener.rules);
            screen.wrapped(DETAIL, HANG, &line.plain("   ").plain(opener.sources))?;
        }
        let is_partial = rested.iter().any(|opening| opening.is_partial);
        let partial = "partial: what decided here before the log is not in the input";
        self.notes(screen, is_partial.then(|| partial.to_owned()).into_iter().collect())?;
        self.example(screen)?;
        self.next(screen)
    }

    /// What was opened at the same targets by the same changes as another finding says.
    fn opened_as(&self, first: &str, screen: &mut Screen<'_>) -> io::Result<()> {
        self.headline(screen)?;
        let line = times::label(screen, "when").plain("as ").add(Tone::Strong, first);
        screen.wrapped(DETAIL, HANG, &line.plain(", by the same changes"))
    }

    /// What was done, or tried: its first changes.
    fn done(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let finding = self.finding;
        let severity = format!("{:8}", finding.severity.word().to_uppercase());
        let line = screen.line().add(Tone::Rank(finding.severity), severity).plain("  ");
        screen.wrapped(
            0,
            DETAIL,
            &line.add(Tone::Strong, &finding.id).plain("  ").plain(&finding.message),
        )?;
        let causes = finding.detected.as_ref().map(|detected| detected.causes.as_slice()).unwrap_or_default();
        for cause in causes.iter().take(CAUSES_MAX) {
            // Of one change the message has said who did what.
            let line = match causes.len() {
                1 => times::at(screen.line(), cause),
                _ => times::by(screen.line(), cause),
            };
            let place = self.outcome.places.text(None, cause.provenance).unwrap_or_default();
            let gap = if place.is_empty() { "" } else { "          " };
            screen.wrapped(DETAIL, DETAIL + 2, &line.plain(gap).add(Tone::Faint, place))?;
        }
        let cut = causes.len().saturating_sub(CAUSES_MAX);
        if cut > 0 {
            screen.whole(DETAIL, &screen.line().plain(format!("+{} more", Grouped(cut as u64))))?;
        }
        self.next(screen)
    }

    /// In short: nobody has to look at it today.
    fn expected(&self, openings: &Openings<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
        let finding = self.finding;
        let line = screen.line().add(Tone::Faint, format!("{:8}", finding.severity.word())).plain("  ");
        let line = line.add(Tone::Strong, &finding.id).plain("  ").plain(openings.said(finding));
        screen.wrapped(0, DETAIL, &line)
    }
}

/// What the other changes did, in one line; `None` without any.
fn silent(outcome: &Outcome<'_>, detected: &Detected<'_>, openings: &Openings<'_>) -> Option<String> {
    let mut told: BTreeSet<&str> = BTreeSet::new();
    for finding in outcome.findings {
        let causes = finding.detected.iter().flat_map(|detected| &detected.causes);
        told.extend(causes.map(|cause| &*cause.event));
        let steps = openings.rested_on(finding).into_iter().flat_map(|opening| &opening.steps);
        told.extend(steps.map(|step| &*step.cause.event));
    }
    let others: Vec<&Judged> =
        detected.changes.iter().filter(|change| !told.contains(&*change.cause.event)).collect();
    let number = |is: &dyn Fn(ChangeEffect) -> bool| others.iter().filter(|change| is(change.effect)).count();
    let closing = number(&|effect| matches!(effect, ChangeEffect::Closes | ChangeEffect::Narrows));
    let nothing = number(&|effect| matches!(effect, ChangeEffect::None));
    let rest = others.len() - closing - nothing;
    let parts = [(closing, CLOSING), (nothing, NOTHING), (rest, REST)];
    let parts: Vec<String> = parts
        .into_iter()
        .filter(|(number, _)| *number > 0)
        .map(|(number, did)| format!("{} {did}", Grouped(number as u64)))
        .collect();
    let noun = counted(others.len() as u64, "other change");
    match parts.as_slice() {
        [] => None,
        [_] => Some(format!("{noun} {}", did(closing, nothing))),
        parts => Some(format!("{noun}: {}", parts.join(", "))),
    }
}

/// What all of some changes did.
const fn did(closing: usize, nothing: usize) -> &'static str {
    match (closing, nothing) {
        (0, 0) => REST,
        (0, _) => NOTHING,
        (_, _) => CLOSING,
    }
}

const CLOSING: &str = "closed or narrowed what was open";
const NOTHING: &str = "moved no opening";
const REST: &str = "did what is not shown here";
const CAUSES_MAX: usize = 4;

#[cfg(test)]
mod tests {
    use crate::Style;
    use crate::sample::{day, rendered};

    fn screen(width: usize) -> String {
        let style = Style { colour: false, width: Some(width), unicode: true };
        rendered("table", &day().outcome(), &style)
    }

    #[test]
    fn the_first_screen_of_a_log() {
        assert_eq!(screen(120), include_str!("day-120.txt"));
        assert_eq!(screen(80), include_str!("day-80.txt"));
    }

    #[test]
    fn lines_are_as_wide_as_the_screen_but_for_commands() {
        for width in [80, 120] {
            let screen = screen(width);
            let wide = screen.lines().filter(|line| line.chars().count() > width);
            assert!(
                wide.clone().all(|line| line.trim_start().starts_with("next: ")),
                "{:?}",
                wide.collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn nothing_found_is_said_of_a_log() {
        let mut quiet = crate::sample::Estate { complete: true, gaps: vec![], missing: vec![], ..day() };
        quiet.findings.clear();
        let log = quiet.detected.as_ref().unwrap().2;
        quiet.detected = Some((vec![], vec![], log));
        let told = rendered("table", &quiet.outcome(), &Style::PLAIN);
        let expected = "no finding: no change of the log opened anything to the Internet\nreplayed 41,033 records of \
            2026-01-10 00:00:01Z to 2026-01-10 23:59:59Z: 0 changes, 0 openings\n";
        assert!(told.starts_with(expected), "{told}");
        quiet.detected = Some((vec![], vec![], crate::Log::default()));
        let told = rendered("table", &quiet.outcome(), &Style::PLAIN);
        assert!(told.starts_with("nothing was judged: the input has no record of a log\n"), "{told}");
    }

    #[test]
    fn what_was_not_asked_for_may_have_opened_something() {
        let mut quiet = crate::sample::Estate { complete: true, gaps: vec![], missing: vec![], ..day() };
        quiet.findings.clear();
        let log = quiet.detected.as_ref().unwrap().2;
        quiet.detected = Some((vec![], vec![], log));
        let mut outcome = quiet.outcome();
        outcome.detected.as_mut().unwrap().is_part = true;
        let told = rendered("table", &outcome, &Style::PLAIN);
        assert!(
            told.starts_with("no finding: nothing of what was asked for opened anything to the Internet\n"),
            "{told}"
        );
    }

    #[test]
    fn what_is_not_told_is_counted() {
        let mut hidden = day();
        hidden.findings.clear();
        let told = rendered("table", &hidden.outcome(), &Style::PLAIN);
        let expected = "9 other changes: 1 closed or narrowed what was open, 2 moved no opening, 6 did what is not shown here\n";
        assert!(told.starts_with(expected), "{told}");
    }

    #[test]
    fn openings_with_one_history_are_told_once() {
        let mut many = day();
        let (openings, ..) = many.detected.as_mut().unwrap();
        for number in 0..5_u8 {
            let mut other = openings[usize::from(number % 2)].clone();
            other.fingerprint = engine::Fingerprint([0x40 + number; 32]);
            other.exposure.fingerprint = other.fingerprint;
            many.findings[0].exposures.push(other.fingerprint);
            openings.push(other);
        }
        let told = rendered("table", &many.outcome(), &Style::PLAIN);
        let block = told.split("\n\n").next().unwrap();
        assert_eq!(block.matches("opened    2026-01-10 09:12:44Z").count(), 1, "{block}");
        assert!(block.contains("beside    vm-web-nic and 1 opening more, otherwise:"), "{block}");
    }
}
