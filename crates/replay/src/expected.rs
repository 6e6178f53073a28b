//! Changes that somebody expects: who may open what to whom, when, until when, and who answers for it.
//!
//! Matched by meaning: what was opened lies in what is allowed. What a program says of itself is no part of it.

use engine::{ChangeEffect, Expected, Opening};
use model::{Moment, Name};
use packet::{AddressSet, PortSet, ProtocolSet};

/// One expectation.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// Patterns of actors, of which one has to fit; `*` stands for any text. Empty: nobody.
    pub principals: Vec<String>,
    /// Patterns of ids or names of targets, of which one has to fit. Empty: every target.
    pub targets: Vec<String>,
    /// Over which protocols.
    pub protocols: ProtocolSet,
    /// At which ports, as the target sees them; for protocols that have some.
    pub ports: PortSet,
    /// To whom.
    pub sources: AddressSet,
    /// When; always where there is none.
    pub windows: Vec<Window>,
    /// Before when; `None`: for ever.
    pub until: Option<Moment>,
    /// Since when; `None`: always.
    pub since: Option<Moment>,
    /// Who answers for it.
    pub owner: Name,
    /// Why.
    pub reason: Name,
}

/// A part of every week, in UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Window {
    /// Which days it begins on, Monday first.
    pub days: [bool; 7],
    /// The minute of the day it begins in.
    pub from: u32,
    /// The minute of the day before which it ends; where it is not after `from`, of the next day.
    pub to: u32,
}

/// All expectations.
#[derive(Clone, Debug, Default)]
pub struct Expectations(pub Vec<Expectation>);

impl Expectations {
    /// Who expected an opening: every step that opened or widened it was expected, by one expectation, and it was closed
    /// before that expired. `last` is the time of the last event: what is open then is open at least until then.
    #[must_use]
    pub fn of(&self, opening: &Opening, last: Moment) -> Option<Expected> {
        let end = opening.closed.as_ref().map_or(last, |cause| cause.at);
        let is_over = |expectation: &Expectation| expectation.until.is_some_and(|until| until < end);
        let found = self.0.iter().find(|expectation| !is_over(expectation) && expectation.covers(opening))?;
        Some(Expected { owner: Name::clone(&found.owner), reason: Name::clone(&found.reason) })
    }
}

impl Expectation {
    fn covers(&self, opening: &Opening) -> bool {
        // A rule that does nothing yet keeps it open when the rule goes that was expected.
        let opens = |effect: ChangeEffect| !matches!(effect, ChangeEffect::Closes | ChangeEffect::Narrows);
        let mut steps = opening.steps.iter().filter(|step| opens(step.effect)).peekable();
        steps.peek().is_some()
            && steps.all(|step| self.allows(&step.cause.actor, step.cause.at))
            && self.holds(opening)
    }

    fn allows(&self, actor: &str, at: Moment) -> bool {
        self.principals.iter().any(|pattern| is_actor(pattern, actor))
            && self.since.is_none_or(|since| at >= since)
            && self.until.is_none_or(|until| at < until)
            && (self.windows.is_empty() || self.windows.iter().any(|window| window.holds(at)))
    }

    /// Whether what was opened lies in what is allowed. A pool whose members are not known lies in nothing.
    fn holds(&self, opening: &Opening) -> bool {
        let exposure = &opening.exposure;
        let target = &exposure.target;
        let is_target = |pattern: &String| {
            fits(pattern, &target.id)
                || fits(pattern, &target.name)
                || target.attributes.iter().any(|(_, value)| fits(pattern, value))
        };
        let numbered = exposure.protocols.iter().any(packet::Protocol::is_numbered);
        let ports = if exposure.ports.is_empty() { PortSet::everything() } else { exposure.ports.clone() };
        (self.targets.is_empty() || self.targets.iter().any(is_target))
            && exposure.protocols.is_subset(self.protocols)
            && (!numbered || ports.is_subset(&self.ports))
            && exposure.sources.tags.is_empty()
            && opening.addresses.is_subset(&self.sources)
    }
}

impl Window {
    fn holds(&self, at: Moment) -> bool {
        let minutes = at.0.div_euclid(60_000);
        let (day, minute) = (minutes.div_euclid(1440), minutes.rem_euclid(1440));
        // 1970-01-01 was a Thursday.
        let is_on = |day: i64| {
            let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
            self.days.get(weekday).copied().unwrap_or_default()
        };
        let (from, to) = (i64::from(self.from), i64::from(self.to));
        if from < to {
            is_on(day) && (from..to).contains(&minute)
        } else {
            (is_on(day) && minute >= from) || (is_on(day - 1) && minute < to)
        }
    }
}

/// Whether an actor fits a pattern. The name of a session of a role of AWS is chosen by whoever takes the role: it counts
/// where the pattern names the role before it.
fn is_actor(pattern: &str, actor: &str) -> bool {
    let session = |text: &str| {
        let at = text.find(SESSIONS)? + SESSIONS.len();
        let (role, session) = text.get(at..)?.rsplit_once('/')?;
        Some((format!("{}{role}", text.get(..at)?), session.to_owned()))
    };
    match (session(actor), session(pattern)) {
        (None, _) => fits(pattern, actor),
        (Some((role, name)), Some((own, any))) => fits(&own, &role) && fits(&any, &name),
        (Some((role, _)), None) => fits(pattern, &format!("{role}/")),
    }
}

/// What stands before the name of a role in the ARN of a session.
const SESSIONS: &str = "assumed-role/";

/// Whether a text fits a pattern, in any letter case: `*` stands for any text, everything else for itself.
#[must_use]
pub fn fits(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.to_lowercase(), text.to_lowercase());
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        let Some(at) = rest.find(part) else { return false };
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text_and_nothing_else_does() {
        for (pattern, text, expected) in [
            ("*", "", true),
            ("alice", "ALICE", true),
            ("alice", "alice2", false),
            ("arn:aws:iam::*:role/deploy*", "arn:aws:iam::1:role/deploy-7", true),
            ("*deploy", "deploy-x", false),
            ("a*a", "a", false),
            ("a*b*c", "a-b-b-c", true),
            ("a.c", "abc", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn the_name_of_a_session_is_nobodys_word() {
        let intern = "arn:aws:sts::111122223333:assumed-role/intern/deploy";
        let deploy = "arn:aws:sts::111122223333:assumed-role/deploy/intern";
        for (pattern, as_session, as_role) in [
            ("*deploy*", false, true),
            ("*deploy", false, false),
            ("*/deploy", false, false),
            ("*/deploy*", false, true),
            ("*", true, true),
            ("arn:aws:sts::111122223333:assumed-role/deploy/*", false, true),
            ("arn:aws:sts::*:assumed-role/*/deploy", true, false),
            ("arn:aws:sts::111122223333:assumed-role/intern/deploy", true, false),
            ("arn:aws:sts::999999999999:assumed-role/*", false, false),
        ] {
            assert_eq!(is_actor(pattern, intern), as_session, "{pattern}");
            assert_eq!(is_actor(pattern, deploy), as_role, "{pattern}");
        }
        assert!(is_actor("*user/dep*", "arn:aws:iam::111122223333:user/deploy"));
    }

    #[test]
    fn a_window_may_go_over_midnight() {
        let mut days = [false; 7];
        days[4] = true;
        let night = Window { days, from: 22 * 60, to: 2 * 60 };
        for (text, expected) in [
            ("2026-01-09T21:59:59Z", false),
            ("2026-01-09T22:00:00Z", true),
            ("2026-01-10T01:59:59Z", true),
            ("2026-01-10T02:00:00Z", false),
            ("2026-01-10T23:00:00Z", false),
        ] {
            assert_eq!(night.holds(Moment::of(text).unwrap()), expected, "{text}");
        }
    }
}
