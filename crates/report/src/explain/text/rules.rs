//! The rule matrix on a screen: a rule a line, what it takes below it, rules that take nothing folded to one line.

use std::io;

use super::sources::{addresses, listed};
use super::{cut, heading};
use crate::admission::{number, numbered};
use crate::explain::grid::{Grid, List, Part, Rule};
use crate::screen::{Screen, Tone};
use crate::visible::Grouped;

pub(super) fn matrix(grid: &Grid, screen: &mut Screen<'_>) -> io::Result<()> {
    for list in &grid.lists {
        let admits = list.rules.iter().any(|rule| rule.admits);
        let legend = if admits { " (> lets it in)" } else { "" };
        let title = format!("The rules of {}, and what each takes of {}{legend}", list.name, grid.family);
        screen.blank()?;
        screen.wrapped(0, 2, &screen.line().add(Tone::Strong, title))?;
        rules(list, grid.whole, screen)?;
    }
    if !grid.whole {
        let text = "too many parts to list: what each rule takes is not told";
        return screen.wrapped(2, 2, &screen.line().add(Tone::Alarm, text));
    }
    if grid.closed.is_empty() {
        return Ok(());
    }
    heading(screen, &format!("Closed to everybody over {}, and by what", grid.family))?;
    // What the same rules close stands together.
    let mut closers: Vec<(&[String], Vec<&str>)> = Vec::new();
    for closed in &grid.closed {
        match closers.iter_mut().find(|(by, _)| *by == closed.by.as_slice()) {
            Some((_, packets)) => packets.push(&closed.packets),
            None => closers.push((&closed.by, vec![&closed.packets])),
        }
    }
    for (by, packets) in closers.iter().take(CLOSED_MAX) {
        screen.wrapped(2, 4, &screen.line().add(Tone::Strong, by.join(" and ")).plain(":"))?;
        screen.wrapped(4, 6, &screen.line().plain(packets.join("; ")))?;
    }
    cut(screen, 2, closers.len(), CLOSED_MAX)
}

/// Rules that take nothing are one line.
fn rules(list: &List, whole: bool, screen: &mut Screen<'_>) -> io::Result<()> {
    let is_told = |rule: &Rule| rule.admits || !rule.takes.is_empty() || !whole;
    for group in list.rules.chunk_by(|a, b| is_told(a) == is_told(b)) {
        match group {
            [rule, ..] if is_told(rule) => group.iter().try_for_each(|rule| told(rule, screen))?,
            idle => folded(idle, screen)?,
        }
    }
    Ok(())
}

fn told(rule: &Rule, screen: &mut Screen<'_>) -> io::Result<()> {
    let priority = number(&rule.name, rule.priority).map(|number| number.to_string()).unwrap_or_default();
    let tone = if rule.admits { Tone::Alarm } else { Tone::Strong };
    let mark = if rule.admits { ">" } else { " " };
    let line = screen.line().add(Tone::Alarm, mark).plain(format!("{priority:>5}  ")).add(tone, &rule.name);
    let line = line.plain(format!("  {} {}", rule.action, rule.matches));
    screen.wrapped(0, 10, &line)?;
    for part in rule.takes.iter().take(PARTS_MAX) {
        screen.wrapped(8, 10, &screen.line().add(Tone::Faint, "takes ").plain(takes(part)))?;
    }
    cut(screen, 8, rule.takes.len(), PARTS_MAX)
}

fn takes(part: &Part) -> String {
    let unsure = if part.certainty == "proved" { "" } else { ", possibly" };
    let sources = listed(&part.sources, part.sources_more, SOURCES_SHORT);
    let count = part.addresses.as_deref().and_then(|count| count.parse::<u64>().ok());
    let count = count.map(|count| format!(": {}", addresses(count))).unwrap_or_default();
    format!("{}{unsure} from {sources}{count}", part.packets)
}

fn folded(rules: &[Rule], screen: &mut Screen<'_>) -> io::Result<()> {
    let names = rules.iter().take(FOLDED_MAX).map(|rule| numbered(&rule.name, rule.priority));
    let names: Vec<_> = names.collect();
    let cut = rules.len().saturating_sub(FOLDED_MAX);
    let more = if cut == 0 { String::new() } else { format!(" +{} more", Grouped(cut as u64)) };
    let verb = if rules.len() == 1 { "takes" } else { "take" };
    let text = format!("{}{more} {verb} nothing", names.join(", "));
    screen.wrapped(8, 10, &screen.line().add(Tone::Faint, text))
}

const PARTS_MAX: usize = 6;
const FOLDED_MAX: usize = 6;
const CLOSED_MAX: usize = 12;
const SOURCES_SHORT: usize = 4;
