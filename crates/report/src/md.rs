//! Markdown for a pull request or a ticket: verdict, findings by severity, gaps, coverage.
//!
//! Every word from outside stands in a code span without a pipe, so that nothing in it is a link, a mention, markup or
//! the end of a cell. Long names and long tables are cut, and what is cut is counted: a comment has a largest size.

use std::collections::BTreeMap;
use std::io;

use check::{Finding, Severity};
use engine::{Exposure, Fingerprint};

use crate::history::Openings;
use crate::leading::Exposures;
use crate::visible::{Grouped, counted, plural};
use crate::{Format, Outcome, SCOPE, Style, Visible, proof, short};

pub(crate) const FORMAT: Format =
    Format { name: "md", extension: "md", summary: "Markdown for a pull request or a ticket", write };

fn write(outcome: &Outcome<'_>, _: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let title = match outcome.detected {
        Some(_) => "What changes opened to the Internet",
        None => "What the Internet reaches",
    };
    writeln!(out, "## {title}\n\n{}\n", verdict(outcome))?;
    findings(outcome, out)?;
    gaps(outcome, out)?;
    coverage(outcome, out)?;
    let run = &outcome.run;
    let inputs: Vec<_> = run.inputs.iter().take(INPUTS_MAX).map(|input| code(&input.path)).collect();
    let more = more(run.inputs.len().saturating_sub(INPUTS_MAX));
    let read = if inputs.is_empty() { "no input".to_owned() } else { inputs.join(", ") };
    writeln!(out, "Scope: {SCOPE}. Read: {read}{more}. wideopen {}.", code(run.version))
}

fn verdict(outcome: &Outcome<'_>) -> String {
    let is_alarm = |finding: &&Finding| finding.accepted().is_none();
    let alarms = || outcome.findings.iter().filter(is_alarm);
    let of = |severity| alarms().filter(move |finding| finding.severity == severity).count();
    let counts = Severity::ALL.into_iter().rev().map(|severity| (severity, of(severity)));
    let counts = counts.filter(|(_, number)| *number > 0);
    let counts: Vec<_> =
        counts.map(|(severity, number)| format!("{} {severity}", Grouped(number as u64))).collect();
    let told = match (counts.is_empty(), outcome.run.complete) {
        (true, true) => "No finding".to_owned(),
        (true, false) => "No finding in what was understood; what was not understood may be open".to_owned(),
        (false, _) => counts.join(" · "),
    };
    let expected = match outcome.findings.len() - alarms().count() {
        0 => String::new(),
        number => format!(" · {} expected", Grouped(number as u64)),
    };
    let hidden = match outcome.hidden {
        0 => String::new(),
        number => format!(" · {} hidden by filters", Grouped(number)),
    };
    let gaps = counted(outcome.gaps.len() as u64, "gap");
    let incomplete = if outcome.run.complete {
        String::new()
    } else {
        format!(" · **incomplete**: {gaps}, part of the input was not understood")
    };
    format!("**{told}**{expected}{hidden}{incomplete}.")
}

fn findings(outcome: &Outcome<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    if outcome.findings.is_empty() {
        return Ok(());
    }
    let exposures = outcome.by_fingerprint();
    let openings = Openings::of(outcome);
    writeln!(out, "| severity | id | who reaches what | packets | where | for example |")?;
    writeln!(out, "|---|---|---|---|---|---|")?;
    for finding in outcome.findings.iter().take(ROWS_MAX) {
        row(outcome, finding, &exposures, &openings, out)?;
    }
    writeln!(out)?;
    let cut = outcome.findings.len().saturating_sub(ROWS_MAX);
    if cut == 0 {
        Ok(())
    } else {
        writeln!(out, "{} more findings are not listed here.\n", Grouped(cut as u64))
    }
}

fn row(
    outcome: &Outcome<'_>,
    finding: &Finding,
    exposures: &BTreeMap<Fingerprint, &Exposure>,
    openings: &Openings<'_>,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let leading = Exposures::of(finding, exposures).leading;
    let target = match finding.targets.as_slice() {
        [] => code(&finding.subject.name),
        [target] if target.name == finding.subject.name => code(&target.name),
        [target] => format!("{} by {}", code(&target.name), code(&finding.subject.name)),
        targets => {
            format!("{} by {}", counted(targets.len() as u64, "target"), code(&finding.subject.name))
        }
    };
    let done = openings.done(finding).map(|done| format!("<br>{}", prose(&done)));
    let name = leading.map_or(&finding.subject.name, |exposure| &exposure.target.name);
    let example = finding.witness.as_ref().map(|witness| code(&proof::told(witness, name)));
    let place = outcome.places.text(None, finding.provenance).map(|place| format!("<br>{}", code(&place)));
    writeln!(
        out,
        "| {} | {} | {} | {} | {target}{} | {} |",
        if finding.accepted().is_some() { "expected".to_owned() } else { mark(finding.severity) },
        code(&finding.id),
        prose(&finding.message) + &done.unwrap_or_default(),
        code(&short::packets(finding)),
        place.unwrap_or_default(),
        example.unwrap_or_default(),
    )
}

/// The worst are told by weight as well, never by colour alone.
fn mark(severity: Severity) -> String {
    match severity {
        Severity::Critical | Severity::High => format!("**{severity}**"),
        Severity::Medium | Severity::Low | Severity::Info => severity.to_string(),
    }
}

fn gaps(outcome: &Outcome<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    if outcome.gaps.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Not understood\n\n| gap | effect | where | what |\n|---|---|---|---|")?;
    for gap in outcome.gaps.iter().take(GAPS_MAX) {
        let place = outcome.places.text(gap.document, gap.provenance).unwrap_or_default();
        let (place, message) = (code(&place), prose(&gap.message));
        writeln!(out, "| {} | {} | {place} | {message} |", gap.code, gap.effect.word())?;
    }
    writeln!(out)?;
    let cut = outcome.gaps.len().saturating_sub(GAPS_MAX);
    if cut == 0 { Ok(()) } else { writeln!(out, "{} more gaps are not listed here.\n", Grouped(cut as u64)) }
}

fn coverage(outcome: &Outcome<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let told = outcome.coverage.iter().map(|(kind, of)| {
        let total = of.assessed + of.not_assessed;
        let noun = kind.replace('-', " ");
        let noun = if total == 1 { noun } else { plural(&noun) };
        format!("{} of {} {noun}", Grouped(of.assessed), Grouped(total))
    });
    let told: Vec<_> = told.collect();
    if told.is_empty() && outcome.missing.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Coverage\n")?;
    if !told.is_empty() {
        writeln!(out, "- assessed {}", told.join(", "))?;
    }
    for sentence in outcome.missing.iter().take(GAPS_MAX) {
        writeln!(out, "- {}", prose(sentence))?;
    }
    writeln!(out)
}

fn more(number: usize) -> String {
    if number == 0 { String::new() } else { format!(" and {} more", Grouped(number as u64)) }
}

/// Text from outside as a code span.
fn code(text: &str) -> String {
    let text = cut(text, NAME_MAX);
    if text.trim().is_empty() {
        return String::new();
    }
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A sentence of ours in which names may stand: what is not plain is a code span.
fn prose(text: &str) -> String {
    let text = cut(text, SENTENCE_MAX);
    // Names stand between backticks. Where one has a backtick in it, more or less of the sentence is code.
    let pieces = text.split('`').enumerate().map(|(position, piece)| {
        if position % 2 == 1 { code(piece) } else { piece.split(' ').map(word).collect::<Vec<_>>().join(" ") }
    });
    pieces.collect::<Vec<_>>().concat()
}

fn word(word: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".,:;()/%+-".contains(letter);
    let lower = word.to_ascii_lowercase();
    let is_link = lower.contains("://") || lower.contains("www.") || lower.contains("gh-");
    if word.chars().all(is_plain) && !is_link { word.to_owned() } else { code(word) }
}

/// Visible, without a pipe, which ends a cell even in a code span, and no longer than it may be.
fn cut(text: &str, length: usize) -> String {
    let visible = Visible { text, unicode: true }.to_string().replace('|', "\\u{7c}");
    match visible.char_indices().nth(length) {
        Some((end, _)) => format!("{}…", visible.get(..end).unwrap_or_default()),
        None => visible,
    }
}

const ROWS_MAX: usize = 80;
const GAPS_MAX: usize = 30;
const INPUTS_MAX: usize = 20;
const NAME_MAX: usize = 120;
const SENTENCE_MAX: usize = 400;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Estate, estate, rendered};

    #[test]
    fn a_report_reads_from_the_verdict_down() {
        let expected = "\
## What the Internet reaches

**1 critical · 1 low** · **incomplete**: 1 gap, part of the input was not understood.

| severity | id | who reaches what | packets | where | for example |
|---|---|---|---|---|---|
| **critical** | `WO-7F3K2M9Q` | tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses | `tcp/22` | `vm-web-nic` by `nsg-web`<br>`nsgs.json:14` | `8.8.8.8:50000 -> 20.50.1.20:3389` |
| low | `WO-00000000` | `old` never decides: `allow-rdp` comes before it | `-` | `nsg-web` |  |

### Not understood

| gap | effect | where | what |
|---|---|---|---|
| unknown-service-tag | widened | `nics.json:3` | `Foo` is not known |

### Coverage

- assessed 1,200 of 1,200 network security groups
- subnets are not in the input; add `az network vnet list`

Scope: inbound from the Internet; not egress, not between machines, not from on-premises. Read: `nsgs.json`, `photo.png`. wideopen `0.1.0`.
";
        assert_eq!(rendered("md", &estate().outcome(), &Style::PLAIN), expected);
    }

    #[test]
    fn nothing_found_is_said_and_nothing_read_is_not_that() {
        let clean = rendered("md", &Estate::clean().outcome(), &Style::PLAIN);
        assert!(clean.contains("\n**No finding**.\n"), "{clean}");
        let unread = Estate { complete: false, ..Estate::clean() };
        let unread = rendered("md", &unread.outcome(), &Style::PLAIN);
        assert!(unread.contains("**No finding in what was understood;"), "{unread}");
    }

    #[test]
    fn words_from_outside_are_code() {
        assert_eq!(code("a`b"), "``a`b``");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code("a|b"), "`a\\u{7c}b`");
        assert_eq!(code("\\|"), "`\\\\u{7c}`");
        assert_eq!(code("a\nb"), "`a\\u{a}b`");
        assert_eq!(code(""), "");
        assert_eq!(
            prose("see https://evil @you <b> #1 www.evil.example"),
            "see `https://evil` `@you` `<b>` `#1` `www.evil.example`"
        );
        assert_eq!(prose("`na`me` is <i>"), "`na`me`  is <i> `", "a backtick in a name moves what is code");
    }

    #[test]
    fn what_is_cut_is_counted() {
        let mut estate = estate();
        estate.findings = (0..200).map(|_| estate.findings[0].clone()).collect();
        let text = rendered("md", &estate.outcome(), &Style::PLAIN);
        assert!(text.contains("\n120 more findings are not listed here.\n"), "{text}");
        assert_eq!(code(&"x".repeat(10_000)).chars().count(), NAME_MAX + 3);
    }
}
