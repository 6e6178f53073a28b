//! Who opened it, when, until when: lines with the day in a column, one for each step.
//!
//! Knows no finding: openings that share a history are told once.

use std::io;

use check::{Finding, operation, who};
use engine::{Cause, ChangeEffect, Fingerprint, Opening, Step};

use super::DETAIL;
use crate::history::{Openings, did, lets_in};
use crate::named::name_of;
use crate::screen::{Line, Screen, Tone};
use crate::summary::readable;
use crate::visible::{Grouped, counted};

/// The histories of some openings, the first in full.
pub(super) fn write(openings: &Openings<'_>, rested: &[&Opening], screen: &mut Screen<'_>) -> io::Result<()> {
    let mut told: Vec<(Vec<Mark>, &Opening, u64)> = Vec::new();
    for opening in rested {
        let marks = marks(opening);
        match told.iter_mut().find(|(known, ..)| *known == marks) {
            Some((.., number)) => *number += 1,
            None => told.push((marks, opening, 1)),
        }
    }
    for (position, (_, opening, number)) in told.iter().take(HISTORIES_MAX).enumerate() {
        if position > 0 {
            let name = &opening.exposure.target.name;
            let more = number.saturating_sub(1);
            let more =
                if more == 0 { String::new() } else { format!(" and {}", counted(more, "opening more")) };
            let reach = opening.exposure.reach;
            let is_alike = rested.first().is_some_and(|first| first.exposure.reach == reach);
            let how = if is_alike { "otherwise" } else { reach.word() };
            let line = screen.line().add(Tone::Faint, "beside    ").plain(format!("{name}{more}, {how}:"));
            screen.wrapped(DETAIL, HANG, &line)?;
        }
        history(openings, opening, screen)?;
    }
    let cut: u64 = told.iter().skip(HISTORIES_MAX).map(|(.., number)| number).sum();
    if cut == 0 {
        return Ok(());
    }
    let line = format!("{} with another history", counted(cut, "opening more"));
    screen.wrapped(DETAIL, HANG, &screen.line().add(Tone::Faint, "beside    ").plain(line))
}

/// What findings share that tell one story: their targets, and what each change of them did.
pub(super) type Same<'a> = (Vec<&'a str>, Vec<Vec<(&'a Cause, ChangeEffect)>>);

/// What a finding has in common with others of the same story.
pub(super) fn same<'a>(finding: &'a Finding, openings: &Openings<'a>) -> Same<'a> {
    let targets = finding.targets.iter().map(|target| &*target.key).collect();
    let steps = |opening: &'a Opening| opening.steps.iter().map(|step| (&*step.cause, step.effect)).collect();
    let mut histories: Vec<Vec<_>> = openings.rested_on(finding).into_iter().map(steps).collect();
    histories.sort();
    histories.dedup();
    (targets, histories)
}

/// What tells one history from another.
type Mark = (i64, Fingerprint, String);

fn marks(opening: &Opening) -> Vec<Mark> {
    let digest = |step: &Step| Fingerprint(step.sources.as_ref().map_or([0; 32], |sources| sources.digest));
    let mark =
        |step: &Step| (step.cause.at.0, digest(step), format!("{}{}", step.effect.word(), step.cause.event));
    opening.steps.iter().map(mark).collect()
}

fn history(openings: &Openings<'_>, opening: &Opening, screen: &mut Screen<'_>) -> io::Result<()> {
    if opening.opened.is_none() {
        let line = label(screen, "before").plain("open already when the log begins");
        screen.wrapped(DETAIL, HANG, &line)?;
    }
    let widening = opening.steps.iter().filter(|step| lets_in(step.effect)).count();
    let cut = opening.steps.len().saturating_sub(STEPS_MAX);
    let ends = opening.steps.len().saturating_sub(1);
    for (position, step) in opening.steps.iter().enumerate() {
        // The first ones and the last.
        if position >= STEPS_MAX - 1 && position < ends && cut > 0 {
            if position == STEPS_MAX - 1 {
                let line = label(screen, "").plain(format!("{} steps more", Grouped(cut as u64)));
                screen.wrapped(DETAIL, HANG, &line)?;
            }
            continue;
        }
        self::step(openings, opening, step, screen)?;
        let is_told = step.sources.as_ref().filter(|_| widening > 1 || !lets_in(step.effect));
        if let Some(sources) = is_told {
            screen.wrapped(HANG, HANG + 2, &screen.line().plain("to ").plain(who(sources)))?;
        }
    }
    if !opening.is_open() {
        return Ok(());
    }
    let end =
        openings.last().map(|last| format!(" when the log ends, {}", readable(last))).unwrap_or_default();
    let lasted = openings.lasted(opening).map(|lasted| format!(", {lasted} later")).unwrap_or_default();
    let line = label(screen, "open").add(Tone::Strong, format!("still{end}")).plain(lasted);
    screen.wrapped(DETAIL, HANG, &line)
}

fn step(openings: &Openings<'_>, opening: &Opening, step: &Step, screen: &mut Screen<'_>) -> io::Result<()> {
    let is_end = opening.closed.as_ref().is_some_and(|closed| *closed == step.cause);
    let lasted = openings.lasted(opening).filter(|_| is_end);
    let mut line = by(label(screen, did(step)), &step.cause);
    if let Some(lasted) = lasted {
        line = line.plain("   ").add(Tone::Strong, format!("after {lasted}"));
    }
    screen.wrapped(DETAIL, HANG, &line)
}

/// `2026-01-10 09:12:44Z  alice   from 198.51.100.7   Authorize on sg-web`.
pub(super) fn by(line: Line, cause: &Cause) -> Line {
    let line = line.plain(readable(cause.at)).plain("  ").add(Tone::Strong, &cause.actor);
    let line = match &cause.address {
        Some(address) if !address.is_empty() => line.plain("   from ").plain(address),
        Some(_) | None => line,
    };
    let line = line.plain("   ").add(Tone::Faint, operation(&cause.operation));
    // What would have been made has no name.
    if cause.edited.is_empty() { line } else { line.add(Tone::Faint, " on ").plain(name_of(&cause.edited)) }
}

/// The same without who did what.
pub(super) fn at(line: Line, cause: &Cause) -> Line {
    let line = line.plain(readable(cause.at));
    match &cause.address {
        Some(address) if !address.is_empty() => line.plain("   from ").plain(address),
        Some(_) | None => line,
    }
}

pub(super) fn label(screen: &Screen<'_>, name: &str) -> Line {
    screen.line().add(Tone::Faint, format!("{name:LABEL$}"))
}

/// The column of labels.
const LABEL: usize = 10;
/// Where a line goes on.
pub(super) const HANG: usize = DETAIL + LABEL;
const HISTORIES_MAX: usize = 3;
const STEPS_MAX: usize = 6;
