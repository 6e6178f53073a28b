//! What is worth telling: one file for each check; severities, ATT&CK and compliance ids as tables.
//!
//! Knows no cloud in any condition, reads nothing, renders nothing.

mod changed;
mod checks;
mod controls;
#[cfg(test)]
mod estate;
mod finding;
mod hole;
mod id;
mod idle;
mod kinds;
mod lasted;
mod message;
mod openings;
mod overruled;
mod proof;
mod reached;
mod service;
mod services;
mod severity;

use core::cmp::Reverse;
use core::fmt;
use std::collections::BTreeMap;

use engine::{Exposure, IdleRule, Judged, Opening};
use model::Snapshot;

use changed::Changes;
pub use changed::{Attempts, operation};
use checks::{
    admin_rule_overrides_group, almost_any_source, change_denied, change_not_modelled, default_list_opens,
    front_port_differs, gateway_without_filter, internet_reaches_admin_port, internet_reaches_all_ports,
    internet_reaches_database_port, internet_reaches_port, latent_opening, log_weakened, no_filter,
    opening_only_over_ipv6, rentable_source, rule_never_matches, service_allows_any_tenant,
    service_firewall_open, shadowed_rule, udp_amplifier, watcher_weakened,
};
use controls::About;
use finding::Found;
pub use finding::{Detected, Finding, Severity, Subject};
pub use kinds::type_named;
pub use lasted::lasted;
pub use message::who;
pub use services::{Class, SERVICES, Service};

/// A control of a compliance framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Control {
    /// The framework, e.g. `CIS Azure`.
    pub framework: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The id of the control in it.
    pub id: &'static str,
    /// What it speaks of.
    pub(crate) about: About,
}

/// A recommendation of a provider's own product that asks what a check asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recommendation {
    /// The cloud it is made for, in one lower-case word.
    pub cloud: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// A question worth asking.
pub struct Check {
    /// Kebab-case, stable for ever; describes the problem, not the cure.
    pub name: &'static str,
    /// One line, lower case, no final period.
    pub summary: &'static str,
    /// The page `explain` prints, Markdown.
    pub page: &'static str,
    /// MITRE ATT&CK technique ids of both generations.
    pub attack: &'static [&'static str],
    /// Controls that its positive answer can fail, of every cloud; [`Finding::controls`] are those that one does.
    pub controls: &'static [Control],
    /// Recommendations of providers that ask the same, of every cloud.
    pub recommendations: &'static [Recommendation],
    /// Asks it.
    pub(crate) run: Run,
}

/// What a check is asked about.
pub(crate) enum Run {
    /// What is open: of an estate as it is, or of openings.
    Estate(fn(&Facts<'_>) -> Vec<Found>),
    /// What was done, or attempted.
    Changes(fn(&Changes<'_>) -> Vec<Found>),
}

impl Check {
    /// Whether it asks what was done, and not what is open: it finds something in logs alone.
    #[must_use]
    pub const fn is_about_changes(&self) -> bool {
        matches!(self.run, Run::Changes(_))
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Everything a check may look at.
pub struct Facts<'a> {
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// What the Internet reaches, all targets.
    pub exposures: &'a [Exposure],
    /// Rules that never decide.
    pub idle: &'a [IdleRule],
}

/// Severities chosen by the user, by the name of the check.
pub type Overrides = BTreeMap<String, Severity>;

/// Every check, in the order lists show them.
pub static CHECKS: &[&Check] = &[
    &internet_reaches_admin_port::CHECK,
    &internet_reaches_database_port::CHECK,
    &internet_reaches_all_ports::CHECK,
    &internet_reaches_port::CHECK,
    &almost_any_source::CHECK,
    &rentable_source::CHECK,
    &service_firewall_open::CHECK,
    &service_allows_any_tenant::CHECK,
    &udp_amplifier::CHECK,
    &latent_opening::CHECK,
    &default_list_opens::CHECK,
    &no_filter::CHECK,
    &gateway_without_filter::CHECK,
    &admin_rule_overrides_group::CHECK,
    &front_port_differs::CHECK,
    &shadowed_rule::CHECK,
    &rule_never_matches::CHECK,
    &opening_only_over_ipv6::CHECK,
    &watcher_weakened::CHECK,
    &log_weakened::CHECK,
    &change_denied::CHECK,
    &change_not_modelled::CHECK,
];

/// The check of a name.
#[must_use]
pub fn named(name: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.name == name)
}

/// What the checks answered, cloud after cloud. Ids are given when all is known: no two of a run are the same.
#[derive(Debug, Default)]
pub struct Answers {
    found: Vec<Found>,
}

impl Answers {
    /// Asks every check about one cloud.
    pub fn ask(&mut self, facts: &Facts<'_>) {
        self.found.append(&mut asked(facts));
    }

    /// Asks every check about what was open of one cloud, for a time or still, as far as a change of the log opened or
    /// widened it.
    ///
    /// Of the snapshot, which is the one after the last change, targets are not looked at: openings have theirs as they
    /// were then. What is open by what somebody expected is told apart from what nobody did.
    pub fn ask_openings(&mut self, snapshot: &Snapshot, openings: &[Opening]) {
        self.found.append(&mut openings::asked(snapshot, openings));
    }

    /// Asks every check about what was done and attempted. `attempts`: what changes that were refused would have opened,
    /// by their event, as far as it is known.
    pub fn ask_changes(&mut self, judged: &[Judged], attempts: &Attempts) {
        let changes = Changes { judged, attempts };
        self.found.extend(CHECKS.iter().flat_map(|check| match check.run {
            Run::Changes(run) => run(&changes),
            Run::Estate(_) => Vec::new(),
        }));
    }

    /// All findings with their ids, the worst first, then by check, subject and protocol; last those that are accepted.
    ///
    /// An override is the severity of all findings of its check. Names in it that are no check's do nothing here.
    #[must_use]
    pub fn findings(self, overrides: &Overrides) -> Vec<Finding> {
        let mut findings = id::assigned(self.found);
        for finding in &mut findings {
            finding.severity = overrides.get(finding.check.name).copied().unwrap_or(finding.severity);
        }
        let place =
            |finding: &Finding| (finding.accepted().is_some(), Reverse(finding.severity), finding.check.name);
        findings.sort_by(|a, b| {
            let same = || {
                let of = |finding: &Finding| (finding.protocol, finding.scope.clone(), finding.cloud);
                a.subject.cmp(&b.subject).then_with(|| of(a).cmp(&of(b)))
            };
            place(a).cmp(&place(b)).then_with(same)
        });
        findings
    }
}

/// What the checks say of one cloud, or of a part of it.
fn asked(facts: &Facts<'_>) -> Vec<Found> {
    let of_estate = CHECKS.iter().flat_map(|check| match check.run {
        Run::Estate(run) => run(facts),
        Run::Changes(_) => Vec::new(),
    });
    let mut found: Vec<Found> = of_estate.collect();
    found.iter_mut().for_each(|found| found.finding.cloud = facts.snapshot.cloud);
    found
}

/// The findings of one cloud.
#[must_use]
pub fn findings(facts: &Facts<'_>, overrides: &Overrides) -> Vec<Finding> {
    let mut answers = Answers::default();
    answers.ask(facts);
    answers.findings(overrides)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::estate::{Estate, allow, deny};

    #[test]
    fn names_are_unique_kebab_case_and_found() {
        let names: BTreeSet<_> = CHECKS.iter().map(|check| check.name).collect();
        assert_eq!(names.len(), CHECKS.len());
        for check in CHECKS {
            assert!(named(check.name).is_some_and(|found| found.name == check.name));
            assert!(check.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-'));
        }
        assert!(named("internet-reaches").is_none());
    }

    #[test]
    fn every_page_has_the_same_sections() {
        let sections = [
            "## What it finds",
            "## Why it matters",
            "## How bad it is",
            "## What to do",
            "## What it does not say",
        ];
        for check in CHECKS {
            let mut lines = check.page.lines();
            assert_eq!(lines.next(), Some(format!("# {}", check.name).as_str()));
            let headings: Vec<_> = lines.filter(|line| line.starts_with('#')).collect();
            assert_eq!(headings, sections, "{check:?}");
            let mut paragraphs = check.page.split("\n\n");
            assert!(paragraphs.all(|paragraph| !paragraph.trim().is_empty()), "{check:?}");
            let summary = check.page.lines().nth(2).unwrap();
            assert_eq!(summary.to_lowercase(), format!("{}.", check.summary.to_lowercase()), "{check:?}");
            assert!(check.page.lines().all(|line| line.chars().count() <= 120), "{check:?}");
        }
    }

    #[test]
    fn attack_ids_come_in_both_generations() {
        for check in CHECKS {
            let has = |id| check.attack.contains(&id);
            assert_eq!(has("T1686.001"), has("T1562.007"), "{check:?}");
        }
    }

    #[test]
    fn the_worst_comes_first_then_check_then_subject() {
        let rules = vec![
            allow("tcp", &["0.0.0.0/0"], &["443"]),
            allow("tcp", &["0.0.0.0/0"], &["22", "5432"]),
            allow("udp", &["0.0.0.0/0"], &["53"]),
            deny("tcp", &["0.0.0.0/0"], &["22"]),
        ];
        let findings = Estate::of(rules).findings(&Overrides::new());
        let told: Vec<_> = findings.iter().map(|f| format!("{} {}", f.severity, f.check.name)).collect();
        let expected = [
            "critical internet-reaches-admin-port",
            "critical internet-reaches-database-port",
            "high udp-amplifier",
            "low shadowed-rule",
            "info internet-reaches-port",
        ];
        assert_eq!(told, expected);
    }

    /// The worst of all clouds come first, and what is alike in two clouds has two ids.
    #[test]
    fn clouds_are_told_together() {
        let mut answers = Answers::default();
        for (cloud, scope, port) in [("one", "a", "443"), ("two", "b", "22")] {
            let mut estate =
                Estate { cloud, ..Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &[port, "80"])]) };
            estate.rescope(scope);
            estate.ask(&mut answers);
        }
        let findings = answers.findings(&Overrides::new());
        let told: Vec<_> =
            findings.iter().map(|f| format!("{} {} {}", f.severity, f.cloud, f.check.name)).collect();
        let expected = [
            "critical two internet-reaches-admin-port",
            "info one internet-reaches-port",
            "info two internet-reaches-port",
        ];
        assert_eq!(told, expected);
        assert_ne!(findings[1].id, findings[2].id);
    }

    #[test]
    fn an_override_is_the_severity_of_its_check_and_moves_it() {
        let estate = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["22", "443"])]);
        let overrides = [("internet-reaches-admin-port".to_owned(), Severity::Info)];
        let findings = estate.findings(&overrides.into());
        let told: Vec<_> = findings.iter().map(|f| (f.check.name, f.severity)).collect();
        let expected =
            [("internet-reaches-admin-port", Severity::Info), ("internet-reaches-port", Severity::Info)];
        assert_eq!(told, expected);
    }
}
