//! Who did it, when, until when; what else they did; what speaks for what; what to look up.

use std::io;

use super::super::history::{Beside, History, Step};
use super::super::look::Playbook;
use super::super::saved::{Measured, Sources};
use super::{broken, cut, detail, heading};
use crate::named::name_of;
use crate::screen::{Screen, Tone};
use crate::visible::Grouped;

pub(super) fn times(history: &History, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(screen, "When, and who")?;
    if history.open_before {
        screen.wrapped(2, 4, &screen.line().plain("open already when the log begins"))?;
    }
    for (position, one) in history.steps.iter().take(STEPS_MAX).enumerate() {
        let before =
            if history.open_before && position == 0 { "whom the log does not tell" } else { "nobody" };
        step(one, before, screen)?;
    }
    cut(screen, 2, history.steps.len(), STEPS_MAX)?;
    let lasted = history.lasted.as_deref().map(|lasted| format!(": {lasted}")).unwrap_or_default();
    match (history.is_open, &history.log_ends) {
        (Some(true), Some(end)) => {
            let line =
                screen.line().add(Tone::Strong, format!("still open when the log ends, {end}{lasted}"));
            screen.wrapped(2, 4, &line)?;
        }
        (Some(true), None) => screen.wrapped(2, 4, &screen.line().add(Tone::Strong, "still open"))?,
        (Some(false), _) => {
            screen.wrapped(2, 4, &screen.line().add(Tone::Strong, format!("closed again{lasted}")))?;
        }
        (None, _) => {}
    }
    if history.baseline.as_deref() == Some("partial") {
        let line = screen.line().plain("partial: what decided here before the log is not in the input");
        screen.wrapped(2, 4, &line)?;
    }
    beside(history, screen)
}

/// `before`: who got in before it where no step says it.
fn step(step: &Step, before: &str, screen: &mut Screen<'_>) -> io::Result<()> {
    let cause = &step.cause;
    let line = screen.line().plain(&cause.at).plain("  ").add(Tone::Strong, &step.effect).plain("  by ");
    screen.wrapped(2, 4, &line.add(Tone::Strong, &cause.actor))?;
    if let Some(address) = cause.address.as_ref().filter(|address| !address.is_empty()) {
        labelled(screen, "from", address)?;
    }
    if let Some(client) = cause.client.as_ref().filter(|client| !client.is_empty()) {
        labelled(screen, "with", &format!("{client}, as it says of itself"))?;
    }
    labelled(screen, "did", &cause.operation)?;
    // Ids are to be copied.
    screen.whole(4, &screen.line().add(Tone::Faint, format!("{:8}", "on")).plain(&cause.edited))?;
    let place = cause.provenance.as_ref().map(|place| format!("   {}", place.text())).unwrap_or_default();
    let line = screen.line().add(Tone::Faint, format!("{:8}", "event")).plain(&cause.event);
    screen.whole(4, &line.add(Tone::Faint, place))?;
    if let Some(note) = step.note.as_ref().filter(|note| !note.is_empty()) {
        labelled(screen, "note", note)?;
    }
    if step.before.is_some() || step.after.is_some() {
        let told = |sources: Option<&Sources>, or: &str| sources.map_or_else(|| or.to_owned(), covers);
        labelled(screen, "before", &told(step.before.as_ref(), before))?;
        labelled(screen, "after", &told(step.after.as_ref(), "nobody"))?;
    }
    Ok(())
}

fn labelled(screen: &mut Screen<'_>, name: &str, text: &str) -> io::Result<()> {
    screen.wrapped(4, 12, &screen.line().add(Tone::Faint, format!("{name:8}")).plain(text))
}

/// `0.0.0.0/1 (2,092,957,696 IPv4 addresses), ::/0`.
fn covers(sources: &Sources) -> String {
    let of = |measured: &Measured, name: &str| {
        let listed: Vec<&str> = measured.cidrs.iter().take(CIDRS_MAX).map(String::as_str).collect();
        let beyond = measured.more.saturating_sub(measured.missing_more);
        let more = measured.cidrs.len().saturating_sub(CIDRS_MAX) as u64 + beyond;
        let more = if more == 0 { String::new() } else { format!(" +{} more", Grouped(more)) };
        let number = measured.addresses.as_ref().and_then(|number| number.parse().ok());
        let number =
            number.map(|number| format!(" ({} {name} addresses)", Grouped(number))).unwrap_or_default();
        format!("{}{more}{number}", listed.join(" + "))
    };
    let ipv4 = sources.ipv4.as_ref().map(|measured| of(measured, "IPv4"));
    let ipv6 = sources.ipv6.as_ref().map(|measured| of(measured, "IPv6"));
    let tags = sources.tags.iter().cloned();
    ipv4.into_iter().chain(ipv6).chain(tags).collect::<Vec<_>>().join(", ")
}

fn beside(history: &History, screen: &mut Screen<'_>) -> io::Result<()> {
    if history.beside.is_empty() {
        return Ok(());
    }
    heading(screen, "What the same actors did within a day")?;
    for Beside { cause, kind, effect, weakened } in &history.beside {
        let did = match (weakened.as_deref(), effect.as_str()) {
            (Some("restored"), _) => "restores".to_owned(),
            (Some(how), _) => format!("weakens ({how})"),
            (None, "none") => "opens nothing".to_owned(),
            (None, effect) => effect.to_owned(),
        };
        let line = screen.line().plain(&cause.at).plain("  ").plain(&cause.actor).plain("   ");
        let line = line.add(Tone::Strong, did).plain("   ").plain(check::operation(&cause.operation));
        screen.wrapped(2, 4, &line.plain(format!(" on {} ({kind})", name_of(&cause.edited))))?;
    }
    if history.beside_more == 0 {
        return Ok(());
    }
    screen.whole(2, &screen.line().plain(format!("+{} more", Grouped(history.beside_more))))
}

pub(super) fn playbook(playbook: &Playbook, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(screen, "What speaks for what")?;
    for fact in &playbook.decide {
        screen.wrapped(2, 4, &screen.line().plain("- ").plain(fact))?;
    }
    if playbook.look.is_empty() {
        return Ok(());
    }
    heading(screen, "What to look up; nothing of this changes anything")?;
    for look in &playbook.look {
        screen.wrapped(2, 4, &screen.line().add(Tone::Faint, &look.what).add(Tone::Faint, ":"))?;
        let width = screen.style.width.unwrap_or(super::COLUMNS).saturating_sub(4);
        let query = look.query.as_deref().unwrap_or_default();
        let lines = if look.command.is_empty() {
            query.lines().map(str::to_owned).collect()
        } else {
            broken(&look.command, width)
        };
        lines.iter().try_for_each(|line| screen.whole(4, &screen.line().plain(line)))?;
    }
    Ok(())
}

/// Who expected it, beside what is true.
pub(super) fn expected(history: &History, screen: &mut Screen<'_>) -> io::Result<()> {
    let Some(expected) = &history.expected else { return Ok(()) };
    detail(screen, "expected", &format!("by {}: {}", expected.owner, expected.reason))
}

const STEPS_MAX: usize = 12;
const CIDRS_MAX: usize = 8;
