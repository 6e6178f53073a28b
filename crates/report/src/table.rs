//! The screen for people: every finding with its rules, a packet as proof and the next command, then the summary.
//!
//! Knows no wording of a finding: the message is the check's.

use std::collections::BTreeMap;
use std::io;

use check::Finding;
use core::cmp::Reverse;
use engine::{Certainty, Exposure, Fingerprint, Measure, Witness};
use model::{Reach, Target};
use packet::Protocol;

use crate::admission::{abridged, openers};
use crate::screen::{Line, Screen, Tone};
use crate::visible::{Grouped, counted};
use crate::wire::endpoint;
use crate::{Format, Outcome, Style, summary};

pub(crate) const FORMAT: Format = Format {
    name: "table",
    extension: "txt",
    summary: "for people: findings with proof, then a summary",
    write,
};

fn write(outcome: &Outcome<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let exposures = outcome.by_fingerprint();
    let mut screen = Screen::new(style, out);
    for finding in outcome.findings {
        Block::new(outcome, finding, &exposures).write(&mut screen)?;
        screen.blank()?;
    }
    summary::write(outcome, &mut screen)
}

/// One finding on the screen.
struct Block<'a> {
    outcome: &'a Outcome<'a>,
    finding: &'a Finding,
    exposures: Vec<&'a Exposure>,
    /// The worst of `exposures`: the one that is told in full.
    leading: Option<&'a Exposure>,
}

impl<'a> Block<'a> {
    fn new(
        outcome: &'a Outcome<'a>,
        finding: &'a Finding,
        exposures: &BTreeMap<Fingerprint, &'a Exposure>,
    ) -> Self {
        let exposures: Vec<_> =
            finding.exposures.iter().filter_map(|of| exposures.get(of).copied()).collect();
        let worst_first = |exposure: &&Exposure| {
            let witness = exposure.witness.is_none();
            (exposure.certainty, exposure.reach, witness, Reverse(exposure.sources.grade()))
        };
        let leading = exposures.iter().copied().min_by_key(worst_first);
        Self { outcome, finding, exposures, leading }
    }

    fn write(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        self.headline(screen)?;
        self.targets(screen)?;
        if let Some(exposure) = self.leading {
            for opener in openers(exposure) {
                let line = screen.line().add(Tone::Strong, opener.rules).plain("   ").plain(opener.sources);
                screen.wrapped(DETAIL, DETAIL + 2, &line)?;
            }
        }
        let notes = self.leading.map(notes).unwrap_or_default();
        if !notes.is_empty() {
            let line = notes.iter().fold(screen.line(), |line, note| line.part(Tone::Plain, note));
            screen.wrapped(DETAIL, DETAIL + 2, &line)?;
        }
        self.example(screen)?;
        self.next(screen)
    }

    fn headline(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let finding = self.finding;
        let severity = format!("{:8}", finding.severity.word().to_uppercase());
        let left = screen.line().add(Tone::Rank(finding.severity), severity).plain("  ");
        let left = left.add(Tone::Strong, &finding.id).plain("  ").plain(&finding.message);
        let right = match finding.targets.as_slice() {
            [] => finding.subject.name.to_string(),
            [target] => self.target(target, "  "),
            targets => counted(targets.len() as u64, "target"),
        };
        let line = left.clone().plain("      ").add(Tone::Strong, &right);
        if screen.style.width.is_none_or(|width| line.columns() <= width) {
            return screen.whole(0, &line);
        }
        screen.wrapped(0, DETAIL, &left)?;
        let right = screen.line().add(Tone::Strong, right);
        screen.wrapped(DETAIL, DETAIL + 2, &right)
    }

    /// Lists the targets where the headline has only their number.
    fn targets(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let targets = &self.finding.targets;
        if targets.len() < 2 {
            return Ok(());
        }
        let listed: Vec<_> =
            targets.iter().take(TARGETS_MAX).map(|target| self.target(target, " ")).collect();
        let cut = targets.len().saturating_sub(TARGETS_MAX);
        let more = if cut == 0 { String::new() } else { format!(" +{} more", Grouped(cut as u64)) };
        screen.wrapped(DETAIL, DETAIL + 2, &screen.line().plain(listed.join(", ")).plain(more))
    }

    /// The name of a target and the addresses it is reached at.
    fn target(&self, target: &Target, space: &str) -> String {
        let mine = self.exposures.iter().filter(|exposure| exposure.target.key == target.key);
        let mut addresses: Vec<_> = mine.flat_map(|exposure| &exposure.fronts).collect();
        addresses.sort();
        addresses.dedup();
        let known = addresses.iter().filter_map(|front| front.address).map(|address| address.to_string());
        let fronts = abridged(known, FRONTS_MAX, 0);
        if fronts.is_empty() { target.name.to_string() } else { format!("{}{space}{fronts}", target.name) }
    }

    fn example(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let example = self.leading.and_then(|exposure| exposure.witness.as_ref()).map(example);
        let place = self.outcome.places.text(None, self.finding.provenance);
        let gap = if example.is_some() && place.is_some() { "          " } else { "" };
        let line: Line = screen.line().plain(example.unwrap_or_default()).plain(gap);
        let line = line.add(Tone::Faint, place.unwrap_or_default());
        if line.columns() == 0 { Ok(()) } else { screen.wrapped(DETAIL, DETAIL + 2, &line) }
    }

    fn next(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        let Some(typed) = self.outcome.run.typed else { return Ok(()) };
        let inputs: String = typed.iter().map(|input| format!(" {}", quoted(input))).collect();
        let line = screen.line().add(Tone::Faint, "next: ");
        screen.whole(DETAIL, &line.plain(format!("wideopen explain {}{inputs}", self.finding.id)))
    }
}

/// What keeps an exposure from being the plain case, where everything is known and everybody gets in.
fn notes(exposure: &Exposure) -> Vec<String> {
    let certainty = match exposure.certainty {
        Certainty::Proved => None,
        Certainty::Possible => Some("possible: it rests on what was not understood".to_owned()),
    };
    let rentable =
        exposure.sources.rentable.then(|| "rentable: an attacker can rent an address inside".to_owned());
    let power = exposure.target.power.as_ref().map(|power| format!("power: {power}"));
    let unfiltered = exposure.passages.is_empty() && exposure.opened_by.is_empty();
    let unfiltered = unfiltered.then(|| "no filter stands in between".to_owned());
    let missing = [("IPv4", &exposure.sources.ipv4), ("IPv6", &exposure.sources.ipv6)];
    let missing = missing.into_iter().filter_map(|(family, measure)| left_out(family, measure.as_ref()?));
    let notes = [unfiltered, reach(exposure.reach), certainty].into_iter().flatten();
    notes.chain(missing).chain(rentable).chain(power).collect()
}

fn reach(reach: Reach) -> Option<String> {
    let meaning = match reach {
        Reach::Exposed => return None,
        Reach::ViaProxy => "the target's own filter sees the address of a proxy",
        Reach::OneWay => "the packet arrives, the reply does not leave",
        Reach::Admitted => "the filter lets it in; whether a path leads there is not in the input",
        Reach::Latent => "the filter lets it in; not attached, or no public address",
    };
    Some(format!("{}: {meaning}", reach.word()))
}

fn left_out(family: &str, measure: &Measure) -> Option<String> {
    let missing = &measure.missing;
    let listed = missing.prefixes.iter().map(ToString::to_string);
    let left_out = || abridged(listed, MISSING_MAX, missing.more);
    (!missing.prefixes.is_empty()).then(|| format!("all of {family} but {}", left_out()))
}

/// `for example 8.8.8.8:50000 -> 20.50.1.20:3389`, to the front where there is one.
fn example(witness: &Witness) -> String {
    let packet = &witness.packet;
    let port = |port| packet.protocol.has_ports().then_some(port);
    let protocol =
        if packet.protocol == Protocol::TCP { String::new() } else { format!("{} ", packet.protocol) };
    let source = endpoint(packet.source, port(packet.source_port));
    let target = endpoint(witness.front.unwrap_or(packet.destination), port(packet.destination_port));
    format!("for example {protocol}{source} -> {target}")
}

/// A word as a shell reads it back.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:@%+=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Where details start: below the id, right of the longest severity.
const DETAIL: usize = 10;
const TARGETS_MAX: usize = 4;
const FRONTS_MAX: usize = 2;
const MISSING_MAX: usize = 4;
