//! A packet that was tried, for people: the verdict, why, and the ladder of its way.

use std::io;

use engine::{Aim, Attempt, Layer, Verdict};
use model::{Carries, Destinations, Path, Target};

use super::{Tried, WAYS_MAX, path, why};
use crate::admission::numbered;
use crate::named::name_of;
use crate::screen::{Line, Screen, Tone};
use crate::visible::counted;
use crate::wire::{endpoint, type_and_code};
use crate::{Places, SCOPE, Style};

pub(super) fn write(tried: &Tried<'_>, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
    let mut screen = Screen::new(style, out);
    let answer = tried.answer;
    let tone = match answer.verdict {
        Verdict::Allow | Verdict::Undecided => Tone::Alarm,
        Verdict::Deny => Tone::Strong,
    };
    let line = screen.line().add(tone, format!("{:9}", answer.verdict.word().to_uppercase()));
    let line = line.plain(" ").add(Tone::Strong, packet(tried));
    screen.wrapped(0, DETAIL, &line)?;
    let line = screen.line().plain(why(tried));
    screen.wrapped(DETAIL, DETAIL + 2, &line)?;
    // Where somebody gets in, one way is the answer; where nobody does, every way is a part of it.
    let denied = answer.attempts.iter().all(|(_, attempt)| attempt.verdict == Verdict::Deny);
    let told = if denied { WAYS_MAX } else { 1 };
    for (target, attempt) in answer.attempts.iter().take(told) {
        screen.blank()?;
        Ladder { target, attempt, places: tried.places }.write(&mut screen)?;
    }
    let more = answer.attempts.len().saturating_sub(told);
    screen.blank()?;
    if more > 0 {
        let line = screen.line().plain(format!("{} not shown", counted(more as u64, "other way")));
        screen.whole(0, &line)?;
    }
    for sentence in tried.unread.iter().take(SENTENCES_MAX) {
        let line = screen.line().add(Tone::Alarm, "not read").plain(": ").plain(sentence);
        screen.wrapped(0, 2, &line)?;
    }
    // What is wholly absent from the input is known to be, and may hold a way in as well.
    if answer.verdict != Verdict::Allow {
        let mut sentences = tried.missing.iter().take(SENTENCES_MAX);
        sentences.try_for_each(|sentence| screen.wrapped(0, 2, &screen.line().plain(sentence)))?;
    }
    if tried.gaps > 0 {
        let gaps = counted(tried.gaps, "gap");
        let line = screen.line().plain(format!(
            "{gaps}: part of the input was not understood; `wideopen scan` on the same input tells it"
        ));
        screen.wrapped(0, 2, &line)?;
    }
    if !tried.is_internet {
        let line = screen.line().plain(format!(
            "{} is no Internet address: the rules say this; whether it can come from outside they do not",
            tried.sent.source
        ));
        screen.wrapped(0, 2, &line)?;
    }
    let line = screen.line().add(Tone::Faint, format!("scope: {SCOPE}"));
    screen.wrapped(0, 2, &line)
}

/// `tcp 8.8.8.8:50000 -> 20.50.1.20:50001   vm-web-nic`, `icmp 8/0 8.8.8.8 -> 20.50.1.20   vm-web-nic`.
fn packet(tried: &Tried<'_>) -> String {
    let sent = tried.sent;
    let port = |port| sent.protocol.has_ports().then_some(port);
    let number = match sent.aim {
        Aim::Front(_, number) | Aim::Port(number) => number,
    };
    let icmp = type_and_code(sent.protocol, number).map(|icmp| format!(" {icmp}")).unwrap_or_default();
    let Some((target, attempt)) = tried.answer.attempts.first() else {
        let source = endpoint(sent.source, sent.source_port.and_then(port));
        let at = match sent.aim {
            Aim::Front(address, _) => endpoint(address, port(number)),
            Aim::Port(_) => at_port(tried.to, port(number)),
        };
        return format!("{}{icmp} {source} -> {at}", sent.protocol);
    };
    let front = path(target, attempt).and_then(|path| path.front.as_ref()?.address);
    let at = match front {
        Some(front) => endpoint(front, port(attempt.outside)),
        None => at_port(&target.name, port(attempt.packet.destination_port)),
    };
    let source = endpoint(sent.source, port(attempt.packet.source_port));
    let name = front.map_or_else(String::new, |_| format!("   {}", target.name));
    format!("{}{icmp} {source} -> {at}{name}", sent.protocol)
}

fn at_port(name: &str, port: Option<u16>) -> String {
    port.map_or_else(|| name.to_owned(), |port| format!("{name} port {port}"))
}

/// One way, hop by hop.
struct Ladder<'a> {
    target: &'a Target,
    attempt: &'a Attempt,
    places: &'a Places,
}

impl Ladder<'_> {
    fn write(&self, screen: &mut Screen<'_>) -> io::Result<()> {
        if let Some(path) = path(self.target, self.attempt) {
            self.outside(path, screen)?;
        }
        let layers = &self.attempt.trace.layers;
        let width =
            layers.iter().map(|layer| layer.list.name.chars().count()).max().unwrap_or(0).min(NAME_MAX);
        for layer in layers {
            self.layer(layer, width, screen)?;
        }
        let packet = &self.attempt.packet;
        let own = path(self.target, self.attempt).is_some_and(|path| match path.destinations {
            Destinations::These(_) => true,
            // Which of them are taken is not known.
            Destinations::SomeOf(_) | Destinations::Endpoint(_) => false,
        });
        let port = packet.protocol.has_ports().then_some(packet.destination_port);
        let at = match (own, port) {
            (true, port) => format!("  {}", endpoint(packet.destination, port)),
            (false, Some(port)) => format!("  port {port}"),
            (false, None) => String::new(),
        };
        rung(screen, "deliver", |line| line.add(Tone::Strong, &self.target.name).plain(at))
    }

    /// The front, and what passes packets on.
    fn outside(&self, path: &Path, screen: &mut Screen<'_>) -> io::Result<()> {
        let port = self.attempt.packet.protocol.has_ports().then_some(self.attempt.outside);
        if let Some(front) = &path.front {
            let at = match front.address {
                Some(address) => endpoint(address, port),
                None => "its address is not in the input".to_owned(),
            };
            let name = Some(name_of(&front.id)).filter(|name| {
                // An address that nobody gave a name is its own.
                front.address.is_none_or(|address| name.parse() != Ok(address))
            });
            let named = name.map_or_else(String::new, |name| format!("{name}  "));
            rung(screen, "front", |line| line.plain(named).plain(at))?;
        }
        let (word, to) = match &path.carries {
            Carries::Translated { to, .. } => ("translate", format!("  to port {to}")),
            Carries::Everything | Carries::Only { .. } => ("forward", String::new()),
        };
        for hop in &path.hops {
            let rule = hop.rule.as_ref().map_or_else(String::new, |rule| format!(" / {rule}"));
            rung(screen, word, |line| line.plain(&hop.name).plain(rule).plain(&to))?;
        }
        Ok(())
    }

    fn layer(&self, layer: &Layer, width: usize, screen: &mut Screen<'_>) -> io::Result<()> {
        let verdict = if layer.is_reached { layer.word() } else { "not asked" };
        let rules = layer.rules.iter().filter_map(|rule| layer.list.rules.get(*rule));
        let told: Vec<String> =
            rules.take(RULES_MAX).map(|rule| numbered(&rule.name, rule.priority)).collect();
        let more = layer.rules.len().saturating_sub(RULES_MAX);
        let rules = match (layer.is_reached, told.is_empty(), more) {
            (false, ..) => "a layer before it has decided".to_owned(),
            (true, true, _) => "no rule matches".to_owned(),
            (true, false, 0) => told.join(" or "),
            (true, false, more) => format!("{} +{more} more", told.join(" or ")),
        };
        let place = layer
            .rules
            .first()
            .filter(|_| layer.is_reached)
            .and_then(|rule| self.places.text(None, layer.list.rules.get(*rule)?.provenance));
        let name = format!("{:width$}", layer.list.name);
        let line = |line: Line| {
            let line = line.plain(name).plain("  ").add(Tone::Strong, format!("{verdict:9}")).plain("  ");
            let line = line.plain(rules);
            match place {
                Some(place) => line.plain("   ").add(Tone::Faint, place),
                None => line,
            }
        };
        rung(screen, "filter", line)
    }
}

fn rung(screen: &mut Screen<'_>, word: &str, told: impl FnOnce(Line) -> Line) -> io::Result<()> {
    let line = told(screen.line().add(Tone::Faint, format!("{word:9}")).plain("  "));
    screen.wrapped(DETAIL, DETAIL + 11, &line)
}

/// Where details start.
const DETAIL: usize = 10;
/// The longest name that others are lined up with.
const NAME_MAX: usize = 28;
/// Sentences about what is not there.
const SENTENCES_MAX: usize = 6;
/// Rules that are named where it is open which decides.
const RULES_MAX: usize = 3;
