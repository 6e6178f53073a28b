//! What an explanation rests on: the inputs that state it, what was not understood, what is not in the input.

use std::io;

use super::{cut, heading};
use crate::explain::Explanation;
use crate::screen::{Screen, Tone};
use crate::visible::counted;

pub(super) fn rests(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    heading(screen, "What this rests on")?;
    inputs(explanation, screen)?;
    for (name, version) in &explanation.catalogues {
        let text = format!("{} of {version}", name.replace('-', " "));
        screen.wrapped(2, 4, &screen.line().plain(text))?;
    }
    let aged = "when the inputs were exported is not in them; what changed since is not in this answer";
    screen.wrapped(2, 4, &screen.line().plain(aged))?;
    missing(explanation, screen)?;
    gaps(explanation, screen)
}

/// Those that state it, with what identifies them; the others are a number.
fn inputs(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    let stating: Vec<_> = explanation.inputs.iter().filter(|input| input.states_it).collect();
    for input in stating.iter().take(INPUTS_MAX) {
        let format = input.format.as_deref().unwrap_or("not recognised");
        let line = screen.line().plain(&input.path);
        let resources = counted(input.resources, "resource");
        screen.wrapped(2, 4, &line.plain(format!("   {format}, {resources}")))?;
        screen.whole(4, &screen.line().add(Tone::Faint, format!("sha256 {}", input.sha256)))?;
    }
    cut(screen, 2, stating.len(), INPUTS_MAX)?;
    let others = explanation.inputs.len() - stating.len();
    if others == 0 {
        return Ok(());
    }
    let files = match (stating.is_empty(), others) {
        (true, number) => counted(number as u64, "file"),
        (false, number) => counted(number as u64, "other file"),
    };
    let text = format!("{files}, which -f json lists");
    screen.wrapped(2, 4, &screen.line().plain(text))
}

/// What is not in the input is told where the answer waits for it, else counted.
fn missing(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    let missing = &explanation.missing;
    let waits = explanation.exposure.as_ref().is_some_and(|exposure| exposure.reach == "admitted");
    if waits || missing.len() < 2 {
        let mut sentences = missing.iter();
        return sentences.try_for_each(|sentence| screen.wrapped(2, 4, &screen.line().plain(sentence)));
    }
    let text = format!(
        "{} are not in the input, which `wideopen scan` names with the commands that export them",
        counted(missing.len() as u64, "kind of resource").replace("kind of resources", "kinds of resource")
    );
    screen.wrapped(2, 4, &screen.line().plain(text))
}

fn gaps(explanation: &Explanation, screen: &mut Screen<'_>) -> io::Result<()> {
    for gap in explanation.gaps.iter().take(GAPS_MAX) {
        let place = gap.place.as_ref().map(|place| format!("{}  ", place.text())).unwrap_or_default();
        let line = screen.line().add(Tone::Alarm, "not understood").plain(format!(" ({}): ", gap.effect));
        screen.wrapped(2, 4, &line.add(Tone::Faint, place).plain(&gap.message))?;
    }
    cut(screen, 2, explanation.gaps.len(), GAPS_MAX)?;
    let elsewhere = explanation.gaps_elsewhere;
    if elsewhere == 0 {
        return Ok(());
    }
    let gaps = counted(elsewhere, "gap");
    let verb = if explanation.history.is_some() { "detect" } else { "scan" };
    let text = format!("{gaps} elsewhere in the input: `wideopen {verb}` tells them");
    screen.wrapped(2, 4, &screen.line().plain(text))
}

const GAPS_MAX: usize = 6;
const INPUTS_MAX: usize = 12;
