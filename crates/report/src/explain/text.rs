//! An explanation for a terminal of 80 columns.
//!
//! Knows no wording of a finding; what it says of sets was computed elsewhere.

mod rests;
mod rules;
mod sources;
mod times;

use std::collections::BTreeMap;
use std::io;

use check::Severity;

use super::proof::Proof;
use super::saved;
use super::{Explanation, packets, page};
use crate::Style;
use crate::command::broken;
use crate::screen::{Screen, Tone};
use crate::visible::Grouped;

/// The same style with lines that a person can read: as wide as the terminal, up to 100 columns, else 80.
pub(super) fn readable(style: &Style) -> Style {
    Style { width: Some(style.width.unwrap_or(COLUMNS).clamp(COLUMNS_MIN, COLUMNS_MAX)), ..*style }
}

/// What is true and what to do first; what it is proved by, and what it rests on, after that.
pub(super) fn write(explanation: &Explanation, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut screen = Screen::new(style, out);
    headline(explanation, &mut screen)?;
    if let Some(history) = &explanation.history {
        times::expected(history, &mut screen)?;
        times::times(history, &mut screen)?;
    }
    way(explanation, &mut screen)?;
    if let Some(proof) = &explanation.proof {
        packet(proof, &mut screen)?;
    }
    if let Some(exposure) = &explanation.exposure {
        sources::sources(exposure, &mut screen)?;
    }
    others(explanation, &mut screen)?;
    if let Some(playbook) = &explanation.playbook {
        times::playbook(playbook, &mut screen)?;
    }
    steps(explanation, &mut screen)?;
    match &explanation.matrices {
        Some(grids) => grids.iter().try_for_each(|grid| rules::matrix(grid, &mut screen))?,
        None if explanation.exposure.is_some() => {
            heading(&mut screen, "The rules")?;
            let text = "a saved result does not hold the rules: give the inputs instead, and every rule is told with \
                        what it takes";
            screen.wrapped(2, 2, &screen.line().plain(text))?;
        }
        None => {}
    }
    rests::rests(explanation, &mut screen)?;
    references(explanation, &mut screen)
}

fn heading(screen: &mut Screen<'_>, text: &str) -> io::Result<()> {
    screen.blank()?;
    screen.whole(0, &screen.line().add(Tone::Strong, text))
}

fn headline(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    if let Some(finding) = &explanation.finding {
        let severity = Severity::ALL.into_iter().find(|severity| severity.word() == finding.severity);
        let tone = severity.map_or(Tone::Strong, Tone::Rank);
        let word = format!("{:8}", finding.severity.to_uppercase());
        let line = screen.line().add(tone, word).plain("  ").add(Tone::Strong, &finding.id);
        screen.wrapped(0, DETAIL, &line.plain("  ").plain(&finding.message))?;
        let subject = &finding.subject;
        detail(screen, "check", &finding.check)?;
        detail(screen, "about", &format!("{} ({})", subject.name, subject.kind.replace('-', " ")))?;
        // An id is to be copied, so it has a line of its own.
        screen.whole(DETAIL, &screen.line().add(Tone::Faint, &subject.id))?;
        if let Some(place) = &finding.provenance {
            detail(screen, "stated in", &place.text())?;
        }
    }
    let Some(exposure) = &explanation.exposure else { return Ok(()) };
    let told = format!("{} on {}", exposure.target.name, packets(exposure));
    if explanation.finding.is_none() {
        screen.wrapped(0, DETAIL, &screen.line().add(Tone::Strong, format!("EXPOSURE  {told}")))?;
    }
    let meaning = match exposure.reach.as_str() {
        "exposed" => "the path is complete",
        "via-proxy" => "the target's own filter sees the address of a proxy",
        "one-way" => "the packet arrives, the reply does not leave",
        "admitted" => "the filter lets it in; whether a path leads there is not in the input",
        _ => "the filter lets it in; not attached, no public address, or no gateway",
    };
    detail(screen, "reach", &format!("{}: {meaning}", exposure.reach))?;
    let certainty = match exposure.certainty.as_str() {
        "proved" => "proved: it holds whatever is unknown",
        _ => "possible: it rests on what was not understood",
    };
    detail(screen, "certainty", certainty)?;
    let short: String = exposure.fingerprint.chars().take(FINGERPRINT_DIGITS).collect();
    detail(screen, "exposure", &short)
}

/// A label in the column of severities, what it labels in that of details.
fn detail(screen: &mut Screen<'_>, name: &str, text: &str) -> io::Result<()> {
    screen.wrapped(0, DETAIL, &screen.line().add(Tone::Faint, format!("{name:DETAIL$}")).plain(text))
}

fn way(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    if explanation.way.is_empty() {
        return Ok(());
    }
    heading(screen, "The way in")?;
    for (position, rung) in explanation.way.iter().enumerate() {
        let arrow = if position == 0 { "  " } else { "->" };
        let line = screen.line().plain(arrow).add(Tone::Faint, format!(" {:10}", rung.step)).plain(" ");
        let line = line.plain(&rung.text);
        let place = rung.provenance.as_ref().map(saved::Where::text).unwrap_or_default();
        let line = if place.is_empty() { line } else { line.plain("   ").add(Tone::Faint, place) };
        screen.wrapped(2, 16, &line)?;
    }
    Ok(())
}

fn packet(proof: &Proof, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(screen, "One packet of it, decided again rule by rule")?;
    let views = [("as it is sent", &proof.sent), ("as the filters see it", &proof.seen)];
    for (name, view) in views.into_iter().filter_map(|(name, view)| Some((name, view.as_ref()?))) {
        let icmp = proof.icmp.as_ref().map(|icmp| format!(" {icmp}")).unwrap_or_default();
        let line = screen.line().add(Tone::Faint, format!("{name:23}"));
        let line = line.plain(format!("{}{icmp} {view}", proof.protocol)).plain(proof.only_from());
        let line = line.plain(if proof.supposed { ", if that address is behind it" } else { "" });
        screen.wrapped(2, VIEW, &line)?;
    }
    for (position, command) in proof.tries.iter().enumerate() {
        let name = if position == 0 { "try it:" } else { "or:" };
        self::command(screen, name, command)?;
    }
    proof.test.as_ref().map_or(Ok(()), |test| command(screen, "decide it again:", test))
}

fn command(screen: &mut Screen<'_>, name: &str, words: &[String]) -> io::Result<()> {
    let width = screen.style.width.unwrap_or(COLUMNS).saturating_sub(4);
    screen.whole(2, &screen.line().add(Tone::Faint, name))?;
    let lines = broken(words, width);
    lines.iter().try_for_each(|line| screen.whole(4, &screen.line().plain(line)))
}

fn others(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    if explanation.others.is_empty() {
        return Ok(());
    }
    heading(screen, "What else the finding rests on")?;
    for other in &explanation.others {
        let short: String = other.fingerprint.chars().take(FINGERPRINT_DIGITS).collect();
        let text = format!("{} on {}, {}, {}", other.target, other.packets, other.reach, other.certainty);
        screen.wrapped(2, 4, &screen.line().plain(text).plain("   ").add(Tone::Faint, short))?;
    }
    if explanation.others_more == 0 {
        return Ok(());
    }
    screen.whole(2, &screen.line().plain(format!("+{} more", Grouped(explanation.others_more))))
}

fn steps(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    if explanation.steps.is_empty() {
        return Ok(());
    }
    heading(screen, "What to do")?;
    for (number, step) in (1..).zip(&explanation.steps) {
        screen.wrapped(2, 5, &screen.line().plain(format!("{number}. ")).plain(step))?;
    }
    let page = explanation.finding.as_ref().and_then(|finding| check::named(&finding.check));
    let cure = page.and_then(|check| page::section(check.page, "What to do"));
    cure.map_or(Ok(()), |cure| {
        screen.wrapped(2, 2, &screen.line().add(Tone::Faint, "In general: ").plain(cure))
    })
}

fn references(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    let finding = explanation.finding.as_ref();
    let page = finding.and_then(|finding| check::named(&finding.check));
    heading(screen, "What it does not say")?;
    if let Some(text) = page.and_then(|check| page::section(check.page, "What it does not say")) {
        screen.wrapped(2, 2, &screen.line().plain(text))?;
    }
    screen.wrapped(2, 4, &screen.line().plain(format!("Scope: {}.", explanation.scope_note)))?;
    let Some(finding) = finding else { return Ok(()) };
    screen.blank()?;
    let mut by_framework: BTreeMap<(&str, &str), Vec<&str>> = BTreeMap::new();
    for of in &finding.controls {
        by_framework.entry((&of.framework, &of.version)).or_default().push(&of.id);
    }
    let controls = by_framework.into_iter();
    let controls =
        controls.map(|((framework, version), ids)| format!("{framework} {version}: {}", ids.join(", ")));
    let lists =
        [("ATT&CK", finding.attack.join(", ")), ("Controls", controls.collect::<Vec<_>>().join("; "))];
    for (name, entries) in lists {
        if !entries.is_empty() {
            screen.wrapped(0, 2, &screen.line().add(Tone::Faint, format!("{name}: ")).plain(entries))?;
        }
    }
    let line = screen.line().add(Tone::Faint, "more: ").plain(format!("wideopen explain {}", finding.check));
    screen.whole(0, &line)
}

fn cut(screen: &mut Screen<'_>, indent: usize, number: usize, most: usize) -> io::Result<()> {
    let cut = number.saturating_sub(most);
    if cut == 0 {
        return Ok(());
    }
    screen.whole(indent, &screen.line().plain(format!("+{} more", Grouped(cut as u64))))
}

/// As many digits of a fingerprint as tell one exposure from another; `explain` takes them.
const FINGERPRINT_DIGITS: usize = 16;
const COLUMNS: usize = 80;
const COLUMNS_MIN: usize = 40;
const COLUMNS_MAX: usize = 100;
/// Where packets start, right of what sees them.
const VIEW: usize = 25;
/// Where details start: below the id, right of the longest severity.
const DETAIL: usize = 10;
