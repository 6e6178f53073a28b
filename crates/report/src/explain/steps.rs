//! What to do, in a few steps filled with the finding's own facts.
//!
//! Names the rule and the property to change. Prints no command that changes anything: a fix that is not proved
//! cannot be printed.

use engine::Admission;
use model::Path;

use super::history::History;
use super::{Explanation, packets, saved};

/// The steps, in order. `admissions` are the rules of this run; a saved result has only their names.
pub(super) fn of(
    explanation: &Explanation,
    admissions: Option<&[Admission]>,
    way: Option<&Path>,
) -> Vec<String> {
    let Some(finding) = &explanation.finding else { return Vec::new() };
    let exposure = explanation.exposure.as_ref();
    if let Some(history) = explanation.history.as_ref().filter(|_| exposure.is_none()) {
        return of_change(history);
    }
    let mut steps = vec![ask(finding, exposure, explanation.history.as_ref())];
    match exposure {
        Some(exposure) if explanation.history.as_ref().is_some_and(|history| history.is_open == Some(false)) => {
            let was = |step: String| step.replace(", since it is open.", ", while it was open.");
            steps.extend(look(exposure).map(was));
            steps.push(
                "It is closed again: see that whoever closed it closed all of it, by a scan of an export of now.".to_owned(),
            );
        }
        Some(exposure) => {
            steps.extend(look(exposure));
            steps.extend(close(finding, exposure, admissions, way));
            steps.push(prove(explanation));
        }
        None => steps.push(
            "Read the rule again with its owner, then delete it or move it to where it decides; until then it says \
             something that does not hold."
                .to_owned(),
        ),
    }
    steps
}

/// What to do about something that was done, and opened nothing that is known.
fn of_change(history: &History) -> Vec<String> {
    let asked = history.steps.first().map(|step| {
        format!("Ask {} whether he did it at {}, and what for.", step.cause.actor, step.cause.at)
    });
    let rest = [
        "Look at the event, and at what came from the same address at that time.",
        "Where he knows nothing of it, change the credentials first and ask on after that.",
    ];
    asked.into_iter().chain(rest.map(str::to_owned)).collect()
}

fn ask(finding: &saved::Finding, exposure: Option<&saved::Exposure>, history: Option<&History>) -> String {
    let subject = &finding.subject;
    let scope = finding.scope.as_ref().map(|scope| format!(", in {scope}")).unwrap_or_default();
    let meant = match (exposure, finding.targets.len()) {
        (Some(exposure), _) if exposure.reach == "latent" => " whether anybody still needs it".to_owned(),
        (Some(exposure), 0 | 1) => {
            format!(" whether {} is meant to be reached like this", exposure.target.name)
        }
        (Some(_), number) => format!(" whether these {number} targets are meant to be reached"),
        (None, _) => " what it is meant to do".to_owned(),
    };
    let kind = subject.kind.replace('-', " ");
    match history.and_then(|history| history.steps.first()) {
        Some(step) => format!(
            "Ask {}, who did it at {}, and the owner of {} ({kind}{scope}){meant}.",
            step.cause.actor, step.cause.at, subject.name
        ),
        None => format!(
            "Ask the owner of {} ({kind}{scope}){meant}. The activity log of that resource says who changed it last.",
            subject.name
        ),
    }
}

fn look(exposure: &saved::Exposure) -> Option<String> {
    if exposure.reach == "latent" {
        return None;
    }
    let name = &exposure.target.name;
    let flows = match &exposure.witness {
        Some(witness) => {
            let target = witness.target.as_deref().unwrap_or(name);
            match (witness.target_port, exposure.protocol.as_str()) {
                (Some(port), "any") => format!("{target}, port {port} and any other"),
                (Some(port), protocol) if exposure.ports.len() == 1 => format!("{target}, {protocol}/{port}"),
                (Some(port), protocol) => {
                    format!("{target}, {protocol}/{port} and the other ports above")
                }
                (None, _) => format!("{target}, {}", packets(exposure)),
            }
        }
        None => format!("{name}, {}", packets(exposure)),
    };
    Some(format!(
        "Look whether somebody came in already: accepted flows from outside to {flows}, and logons on {name}, since \
         it is open."
    ))
}

fn close(
    finding: &saved::Finding,
    exposure: &saved::Exposure,
    admissions: Option<&[Admission]>,
    way: Option<&Path>,
) -> Vec<String> {
    if finding.opened_by.is_empty() {
        let name = &exposure.target.name;
        return vec![format!(
            "Put a filter before {name} that lets in nothing from outside but what has to come: none stands there now."
        )];
    }
    let is_service = exposure.witness.as_ref().is_some_and(|witness| witness.target.is_none());
    // Two lists may have one name.
    let id = |by: &saved::OpenedBy| list_id(admissions, by);
    let mut lists: Vec<_> =
        finding.opened_by.chunk_by(|a, b| a.filter == b.filter && id(a) == id(b)).collect();
    // What the finding is about comes before what lets in more than this.
    let is_subject = |by: &saved::OpenedBy| {
        by.filter == finding.subject.name && id(by).is_none_or(|id| **id == *finding.subject.id)
    };
    let alternatives = way.map(|way| way.filter.alternatives(&finding.subject.id)).unwrap_or_default();
    let is_enough = |by: &saved::OpenedBy| {
        alternatives.len() > 1 && id(by).is_some_and(|id| alternatives.iter().any(|list| list.id == *id))
    };
    let first =
        |rules: &[saved::OpenedBy], is: &dyn Fn(&saved::OpenedBy) -> bool| rules.first().is_some_and(is);
    lists.sort_by_key(|rules| (!first(rules, &is_subject), !first(rules, &is_enough)));
    let steps = lists.into_iter().enumerate().filter_map(|(position, rules)| {
        let place = match (position, first(rules, &is_enough)) {
            (0, _) => Place::First,
            (_, true) => Place::Beside,
            (_, false) => Place::Instead,
        };
        in_list(place, rules, admissions, is_service)
    });
    steps.collect()
}

/// What a list is to the one that a finding is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    /// It is enough by itself: both have to be closed.
    Beside,
    /// Both have to let it in: one of them has to be closed.
    Instead,
}

/// What to change in one list: all of its rules that let it in. The list of a service knows no ports.
fn in_list(
    place: Place,
    rules: &[saved::OpenedBy],
    admissions: Option<&[Admission]>,
    is_service: bool,
) -> Option<String> {
    let filter = &rules.first()?.filter;
    let rules: Vec<_> = rules.iter().map(|by| (by, admissions.and_then(|all| known(all, by)))).collect();
    let named = rules.iter().map(|(by, rule)| {
        let place = by.provenance.as_ref().map(|place| format!(", at {}", place.text())).unwrap_or_default();
        let written = rule.map(|rule| rule.written.to_string()).filter(|written| !written.is_empty());
        let written = written.map(|written| format!(", from {written}")).unwrap_or_default();
        format!("{}{written}{place}", by.named())
    });
    let named: Vec<String> = named.collect();
    match place {
        Place::First => {}
        Place::Beside => {
            return Some(format!("And in {filter}, which is enough by itself: {}.", named.join("; ")));
        }
        Place::Instead => {
            return Some(format!("Or close it in {filter}, in the same way: {}.", named.join("; ")));
        }
    }
    let of = if named.len() == 1 { "this rule" } else { "each of these rules" };
    let built_in = rules.iter().any(|(_, rule)| rule.is_some_and(|rule| rule.built_in));
    let change = match (built_in, is_service) {
        (true, true) => "deny by default, and let in only who has to come; it is decided by".to_owned(),
        (true, false) => "put a denial before what the provider put there".to_owned(),
        (false, true) => format!("of {of} limit the addresses to those that need it, or delete it"),
        (false, false) => {
            format!(
                "of {of} limit the sources to the addresses that need it, take the ports out, or delete it"
            )
        }
    };
    Some(format!("Close it in {filter}; {change}: {}.", named.join("; ")))
}

fn known<'a>(admissions: &'a [Admission], by: &saved::OpenedBy) -> Option<&'a model::Rule> {
    let admission = admission(admissions, by)?;
    admission.list.rules.get(admission.rule)
}

fn list_id<'a>(admissions: Option<&'a [Admission]>, by: &saved::OpenedBy) -> Option<&'a model::Name> {
    admission(admissions?, by).map(|admission| &admission.list.id)
}

fn admission<'a>(admissions: &'a [Admission], by: &saved::OpenedBy) -> Option<&'a Admission> {
    let same = |admission: &&Admission| {
        let rule = admission.list.rules.get(admission.rule);
        *admission.list.name == *by.filter && rule.is_some_and(|rule| *rule.name == *by.rule)
    };
    admissions.iter().find(same)
}

fn prove(explanation: &Explanation) -> String {
    let test = explanation.proof.as_ref().is_some_and(|proof| proof.test.is_some());
    let test = if test { ": the `wideopen test` above then says deny, with exit code 1" } else { "" };
    format!(
        "Export again and scan again. Other rules decide what this one leaves, so only that shows that it is closed{test}."
    )
}
