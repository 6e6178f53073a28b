//! The firewall of an App Engine application (P32): rules in order of their priority, the last of which is for everybody.
//!
//! A rule does not say whose it is, and neither does the answer that lists them: that stands beside the list.

use std::collections::BTreeMap;

use cloud::{Quoted, Said, Stated};
use model::{Action, Effect, Name};

use crate::intake::Intake;
use crate::resource::{Identity, Origin};

use super::app_engine_application::{application_of, identity};
use super::line::{EVERYBODY, Line, Whom, addresses};

/// The rules of an application.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct AppEngineFirewall {
    pub(crate) identity: Identity,
    /// The application; `None`: nobody says.
    pub(crate) application: Option<Name>,
    pub(crate) lines: Vec<Line>,
}

impl AppEngineFirewall {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let application = application_of(stated, &SUBJECTS, origin, intake);
        if application.is_none() {
            let sentence = "these rules of an App Engine firewall do not say whose they are: write \
                            `\"application\": \"apps/…\"` beside `ingressRules`";
            stated.tell("missing-subject", Effect::Undecided, sentence, intake);
        }
        let identity = identity(application.as_deref().unwrap_or(NOBODY), BELOW, stated, intake);
        let identity = Identity { project: identity.project.filter(|_| application.is_some()), ..identity };
        Some(Self {
            identity,
            application: application.map(|application| intake.name(&application)),
            lines: lines(stated, intake),
        })
    }
}

fn lines<'a>(stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Line> {
    let entries = match stated.objects(RULES, intake) {
        Said::This(entries) => entries,
        Said::Nothing => Vec::new(),
        Said::Unreadable => return vec![rest(stated, intake)],
    };
    let mut lines: Vec<Line> = entries.iter().flat_map(|entry| rule(entry, intake)).collect();
    tell_ties(&entries, stated, intake);
    if !lines.iter().any(|line| line.priority == Some(DEFAULT)) {
        let sentence = format!(
            "its rules are without the default rule ({DEFAULT}): whom no other rule names, may get in"
        );
        stated.tell("missing-rule", Effect::Undecided, &sentence, intake);
        lines.push(rest(stated, intake));
    }
    lines.sort_by_key(|line| line.rank);
    lines
}

/// What nobody knows of those whom no rule names.
fn rest(stated: &Stated<'_, '_>, intake: &mut Intake<'_, '_>) -> Line {
    Line { rank: DEFAULT, ..Line::everybody(DEFAULT_NAME, stated, intake) }.possibly()
}

/// A rule. One whose action cannot be read is two: it may let in, and it may keep out.
fn rule<'a>(entry: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Vec<Line> {
    let line = line(entry, intake);
    match entry.text("action", intake) {
        Said::This(word) if word.eq_ignore_ascii_case("ALLOW") => vec![line],
        Said::This(word) if word.eq_ignore_ascii_case("DENY") => vec![Line { action: Action::Deny, ..line }],
        said => {
            if let Said::This(word) = said {
                let sentence =
                    format!("`action` is {}, expected ALLOW or DENY: either is possible", Quoted(word));
                entry.tell("unknown-action", Effect::Undecided, &sentence, intake);
            }
            if said.is_nothing() {
                let sentence = "a rule without `action`: either is possible";
                entry.tell("missing-field", Effect::Undecided, sentence, intake);
            }
            let denial = Line { action: Action::Deny, ..line.clone() };
            vec![denial.possibly(), line.possibly()]
        }
    }
}

/// Whom a rule is about and where it stands, as if it let in.
fn line<'a>(entry: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) -> Line {
    let priority = entry.number("priority", intake);
    if priority.is_nothing() {
        let sentence = "a rule without `priority`: it may come before any other";
        entry.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    let priority = priority.this();
    let range = entry.text("sourceRange", intake);
    if range.is_nothing() {
        let sentence = "a rule without `sourceRange`: every address is possible";
        entry.tell("missing-field", Effect::Undecided, sentence, intake);
    }
    let name = match priority {
        Some(DEFAULT) => DEFAULT_NAME.to_owned(),
        Some(priority) => priority.to_string(),
        None => EVERYBODY.to_owned(),
    };
    let everybody = Line::everybody(&name, entry, intake);
    let sources = match &range {
        Said::This(text) if *text == EVERYBODY => everybody.sources.clone(),
        Said::This(text) => Whom::These(addresses(text, entry, intake)),
        Said::Nothing | Said::Unreadable => Whom::These(intake.pool.common.unknown()),
    };
    Line {
        written: intake.name(range.this().unwrap_or(EVERYBODY)),
        sources,
        rank: priority.unwrap_or(0),
        priority,
        // Where it stands in the list is not known.
        certain: priority.is_some(),
        built_in: priority == Some(DEFAULT),
        ..everybody
    }
}

/// X1: a priority is one rule's. Where two have it, either may come first.
fn tell_ties<'a>(entries: &[Stated<'_, 'a>], stated: &Stated<'_, 'a>, intake: &mut Intake<'_, 'a>) {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    for entry in entries {
        if let Said::This(priority) = entry.number("priority", intake) {
            *counts.entry(priority).or_default() += 1;
        }
    }
    for (priority, _) in counts.iter().filter(|(_, count)| **count > 1) {
        let sentence = format!("several rules have priority {priority}: either may come first");
        stated.tell("equal-priorities", Effect::Undecided, &sentence, intake);
    }
}

const RULES: &str = "ingressRules";
/// Keys beside the rules that may say whose they are.
const SUBJECTS: [&str; 5] = ["application", "name", "id", "parent", "project"];
const BELOW: &str = "/firewall";
/// Google's own word for one that is not named.
const NOBODY: &str = "-";
/// The priority of the rule that every firewall has, and what people call it.
const DEFAULT: u32 = 2_147_483_647;
const DEFAULT_NAME: &str = "default";
