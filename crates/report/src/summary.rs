//! What comes after the findings: what was not understood, how many findings, what was assessed, of what it speaks.
//!
//! Never silent: an empty result says what was looked at.

use std::collections::BTreeMap;
use std::io;

use check::Severity;
use model::{Effect, Gap, Moment};

use crate::screen::{Screen, Tone};
use crate::visible::{Grouped, counted, plural};
use crate::{Detected, Log, Outcome, SCOPE, Style};

/// Writes the summary that ends a table: for the diagnostics beside formats that have none.
///
/// # Errors
/// When the writer fails.
pub fn write_summary(outcome: &Outcome<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    write(outcome, &mut Screen::new(style, out))
}

pub(crate) fn write(outcome: &Outcome<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    if !outcome.run.complete || !outcome.gaps.is_empty() {
        gaps(outcome, screen)?;
        screen.blank()?;
    }
    verdict(outcome, screen)?;
    if let Some(detected) = &outcome.detected {
        log(detected, screen)?;
    }
    coverage(outcome, screen)?;
    screen.wrapped(0, 2, &screen.line().add(Tone::Faint, format!("scope: {SCOPE}")))
}

fn gaps(outcome: &Outcome<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    let number = outcome.gaps.len() as u64;
    let headline = match number {
        0 => "part of the input was not understood".to_owned(),
        _ => format!("{}: part of the input was not understood", counted(number, "gap")),
    };
    screen.wrapped(0, 2, &screen.line().add(Tone::Alarm, "INCOMPLETE").plain("  ").plain(headline))?;
    let mut groups: BTreeMap<(&str, Effect), Vec<&Gap>> = BTreeMap::new();
    for gap in outcome.gaps {
        groups.entry((gap.code, gap.effect)).or_default().push(gap);
    }
    groups.into_iter().try_for_each(|((code, effect), gaps)| group(outcome, screen, code, effect, &gaps))
}

fn group(
    outcome: &Outcome<'_>,
    screen: &mut Screen<'_>,
    code: &str,
    effect: Effect,
    gaps: &[&Gap],
) -> io::Result<()> {
    let times = if gaps.len() == 1 { String::new() } else { format!(" ({})", Grouped(gaps.len() as u64)) };
    let line = screen.line().add(Tone::Strong, code).plain(times);
    let line = line.plain(format!("  {}: {}", effect.word(), meaning(effect)));
    screen.wrapped(2, 4, &line)?;
    for gap in gaps.iter().take(PLACES_MAX) {
        let place = outcome.places.text(gap.document, gap.provenance);
        let place = place.map(|place| place + "  ").unwrap_or_default();
        let line = screen.line().add(Tone::Faint, place).plain(&gap.message);
        screen.wrapped(4, 6, &line)?;
    }
    let cut = gaps.len().saturating_sub(PLACES_MAX);
    if cut == 0 {
        return Ok(());
    }
    screen.whole(4, &screen.line().plain(format!("+{} more", Grouped(cut as u64))))
}

const fn meaning(effect: Effect) -> &'static str {
    match effect {
        Effect::Widened => "the answer may hold more than the truth",
        Effect::Narrowed => "the answer may hold less than the truth",
        Effect::Undecided => "what depends on it is told as possible",
        Effect::Skipped => "not assessed",
    }
}

/// How many findings of each severity; without one, what that means.
fn verdict(outcome: &Outcome<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    let mut line = screen.line();
    let (expected, alarming): (Vec<_>, Vec<_>) =
        outcome.findings.iter().partition(|finding| finding.accepted().is_some());
    if alarming.is_empty() {
        line = line.part(Tone::Strong, nothing_found(outcome));
    }
    for severity in Severity::ALL.into_iter().rev() {
        let number = alarming.iter().filter(|finding| finding.severity == severity).count();
        if number > 0 {
            line = line.part(Tone::Rank(severity), format!("{} {severity}", Grouped(number as u64)));
        }
    }
    if !expected.is_empty() {
        line = line.part(Tone::Plain, format!("{} expected", Grouped(expected.len() as u64)));
    }
    if outcome.hidden > 0 {
        line = line.part(Tone::Plain, format!("{} hidden by filters", Grouped(outcome.hidden)));
    }
    screen.wrapped(0, 2, &line)
}

/// How much of a log was read, and what came of it.
fn log(detected: &Detected<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    let Log { records, first, last } = detected.log;
    let time = match (first, last) {
        (Some(first), Some(last)) => format!(" of {} to {}", readable(first), readable(last)),
        _ => String::new(),
    };
    let openings = detected.openings;
    let open = openings.iter().filter(|opening| opening.is_open()).count() as u64;
    let open = match (openings.len(), open) {
        (0, _) => String::new(),
        (1, 0) => ", closed again".to_owned(),
        (1, _) => ", still open when the log ends".to_owned(),
        (_, 0) => ", all closed again".to_owned(),
        (_, open) => format!(", {} of them still open when the log ends", Grouped(open)),
    };
    let changes = counted(detected.changes.len() as u64, "change");
    let openings = counted(openings.len() as u64, "opening");
    let line = format!("replayed {}{time}: {changes}, {openings}{open}", counted(records, "record"));
    screen.wrapped(0, 2, &screen.line().plain(line))
}

/// `2026-01-10 09:12:44Z`: to the second, with the day apart.
pub(crate) fn readable(moment: Moment) -> String {
    let whole = Moment(moment.0 - moment.0.rem_euclid(1000));
    whole.to_string().replacen('T', " ", 1)
}

fn nothing_found(outcome: &Outcome<'_>) -> &'static str {
    if let Some(detected) = &outcome.detected {
        return match (detected.log.records, outcome.hidden, outcome.run.complete, outcome.findings) {
            (0, 0, _, []) => "nothing was judged: the input has no record of a log",
            (_, 0, true, []) if detected.is_part => {
                "no finding: nothing of what was asked for opened anything to the Internet"
            }
            (_, 0, true, []) => "no finding: no change of the log opened anything to the Internet",
            (_, 0, false, []) => {
                "no finding in what was understood; what was not understood may have opened something"
            }
            _ => "no finding to show",
        };
    }
    let assessed = outcome.coverage.values().any(|coverage| coverage.assessed > 0);
    match (assessed, outcome.hidden, outcome.exposures) {
        (false, 0, []) => "nothing was assessed: the input has no resource to decide",
        (true, 0, []) if outcome.run.complete => {
            "no finding: the Internet reaches nothing of what was assessed"
        }
        (true, 0, []) => "no finding in what was understood; what was not understood may be open",
        _ => "no finding to show",
    }
}

fn coverage(outcome: &Outcome<'_>, screen: &mut Screen<'_>) -> io::Result<()> {
    let kinds: Vec<_> = outcome.coverage.iter().map(|(kind, of)| assessed(kind, of)).collect();
    let whole = outcome.coverage.values().all(|coverage| coverage.not_assessed == 0);
    if !kinds.is_empty() {
        let tone = if whole { Tone::Plain } else { Tone::Alarm };
        let line = screen.line().add(tone, format!("assessed {}", kinds.join(", ")));
        screen.wrapped(0, 2, &line)?;
    }
    for sentence in outcome.missing {
        let line = screen.line().add(Tone::Plain, sentence);
        screen.wrapped(2, 4, &line)?;
    }
    Ok(())
}

/// `12 of 12 network security groups`.
fn assessed(kind: &str, coverage: &model::Coverage) -> String {
    let total = coverage.assessed + coverage.not_assessed;
    let noun = kind.replace('-', " ");
    let noun = if total == 1 { noun } else { plural(&noun) };
    format!("{} of {} {noun}", Grouped(coverage.assessed), Grouped(total))
}

const PLACES_MAX: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Estate, GAP_AT, RULE_AT, estate};

    fn told(estate: &Estate) -> String {
        let mut out = Vec::new();
        write_summary(&estate.outcome(), &Style::PLAIN, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn first_line(estate: &Estate) -> String {
        told(estate).lines().next().unwrap().to_owned()
    }

    #[test]
    fn nothing_found_is_said() {
        let expected = "\
no finding: the Internet reaches nothing of what was assessed
assessed 1,200 of 1,200 network security groups
scope: inbound from the Internet; not egress, not between machines, not from on-premises
";
        assert_eq!(told(&Estate::clean()), expected);
    }

    #[test]
    fn nothing_found_is_not_nothing_there() {
        let mut hidden = Estate::clean();
        hidden.hidden = 1_003;
        assert_eq!(first_line(&hidden), "no finding to show · 1,003 hidden by filters");
        let mut reached = Estate::clean();
        reached.exposures = estate().exposures;
        assert_eq!(first_line(&reached), "no finding to show");
        let mut empty = Estate::clean();
        empty.coverage.clear();
        assert_eq!(first_line(&empty), "nothing was assessed: the input has no resource to decide");
    }

    #[test]
    fn an_incomplete_run_says_so_first() {
        let mut unread = Estate::clean();
        unread.complete = false;
        let expected = "\
INCOMPLETE  part of the input was not understood

no finding in what was understood; what was not understood may be open
";
        assert!(told(&unread).starts_with(expected), "{}", told(&unread));
    }

    #[test]
    fn gaps_are_grouped_with_their_first_places() {
        let mut estate = estate();
        let gap = |code, effect, message: &str| Gap::at(GAP_AT, code, effect, message.to_owned());
        estate.gaps = (1..=5).map(|n| gap("unknown-tag", Effect::Widened, &format!("tag {n}"))).collect();
        estate.gaps.push(gap("unknown-tag", Effect::Undecided, "bounds"));
        estate.gaps.push(Gap {
            document: Some(RULE_AT.document),
            provenance: None,
            ..estate.gaps[0].clone()
        });
        estate.gaps.push(Gap {
            document: None,
            provenance: None,
            ..gap("empty-folder", Effect::Skipped, "`logs`")
        });
        let expected = "\
INCOMPLETE  8 gaps: part of the input was not understood
  empty-folder  skipped: not assessed
    `logs`
  unknown-tag (6)  widened: the answer may hold more than the truth
    nics.json:3  tag 1
    nics.json:3  tag 2
    nics.json:3  tag 3
    +3 more
  unknown-tag  undecided: what depends on it is told as possible
    nics.json:3  bounds

1 critical · 1 low
";
        assert!(told(&estate).starts_with(expected), "{}", told(&estate));
    }

    #[test]
    fn what_was_not_assessed_is_counted() {
        let coverage = |assessed, not_assessed| model::Coverage { assessed, not_assessed };
        assert_eq!(assessed("subnet", &coverage(9, 2)), "9 of 11 subnets");
        assert_eq!(assessed("public-ip-address", &coverage(0, 1)), "0 of 1 public ip address");
        assert_eq!(assessed("public-ip-address", &coverage(0, 0)), "0 of 0 public ip addresses");
    }
}
