//! A rule that other rules always decide before.

use engine::{Idle, IdleRule};
use model::{Action, Rule};

use crate::{Check, Facts, Found, Run, Severity, controls, idle, message};

pub(crate) static CHECK: Check = Check {
    name: "shadowed-rule",
    summary: "a rule never decides, because others come before it",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    controls: controls::REVIEW,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    idle::findings(&CHECK, facts.idle, |idle, rule| match &idle.why {
        // Without a rule that takes its packets there is nothing to show, and nothing is claimed.
        Idle::Shadowed(by) if !by.is_empty() => Some((severity(rule), told(idle, rule, by))),
        Idle::Shadowed(_) | Idle::MatchesNothing | Idle::DestinationElsewhere => None,
    })
}

/// Somebody believes that a deny protects.
const fn severity(rule: &Rule) -> Severity {
    match rule.action {
        Action::Deny => Severity::Low,
        Action::Allow | Action::Pass => Severity::Info,
    }
}

fn told(idle: &IdleRule, rule: &Rule, by: &[usize]) -> String {
    let word = match rule.action {
        Action::Allow => "allow",
        Action::Deny => "deny",
        Action::Pass => "pass",
    };
    let rules: Vec<String> = by.iter().filter_map(|&by| idle.list.rules.get(by)).map(idle::named).collect();
    let come =
        if rules.len() == 1 { "comes before it and decides" } else { "come before it and together decide" };
    let (list, rule, rules) = (&idle.list.name, idle::named(rule), message::abridged(&rules, " + ", 0));
    format!("{word} rule {rule} of `{list}` never decides: {rules} {come} everything it matches")
}

const PAGE: &str = "\
# shadowed-rule

A rule never decides, because others come before it.

## What it finds

Rules whose every packet is decided by rules before them, by one or by several together. The message names those that
it takes. Rules that the provider put there are not asked about.

## Why it matters

Somebody wrote the rule and believes that it works. A deny that never decides protects nothing; an allow that never
decides opens as soon as a rule before it goes.

## How bad it is

Low for a deny, info for the others. What is open in spite of the deny is told by the checks of ports.

## What to do

Move the rule before those that shadow it if it was meant, else take it away.

## What it does not say

Which of the two was meant. Past a limit of work on one very large list nothing is said of a rule.
";

#[cfg(test)]
mod tests {
    use super::{CHECK, Rule};
    use crate::estate::{Estate, allow, deny};

    #[test]
    fn a_shadowed_deny_names_what_shadows_it() {
        let rules = vec![allow("tcp", &["*"], &["0-65535"]), deny("tcp", &["0.0.0.0/0"], &["3389"])];
        let expected = "low: deny rule `rule-110` (110) of `nsg-web` never decides: `rule-100` (100) comes before it \
                        and decides everything it matches";
        assert_eq!(Estate::of(rules).told(&CHECK), [expected]);
    }

    #[test]
    fn several_that_shadow_together_are_all_named() {
        let rules = vec![
            deny("tcp", &["0.0.0.0/1"], &["22"]),
            allow("tcp", &["128.0.0.0/1"], &["0-65535"]),
            allow("tcp", &["0.0.0.0/0"], &["22"]),
        ];
        let expected = "info: allow rule `rule-120` (120) of `nsg-web` never decides: `rule-100` (100) + `rule-110` \
                        (110) come before it and together decide everything it matches";
        let findings = Estate::of(rules);
        assert_eq!(findings.told(&CHECK), [expected]);
        let finding = &findings.found(&CHECK)[0];
        assert_eq!(&*finding.subject.id, "/nsgs/nsg-web");
        assert_eq!(finding.provenance.unwrap().offset, 120);
    }

    #[test]
    fn a_rule_that_still_decides_something_is_not() {
        let rules =
            vec![allow("tcp", &["0.0.0.0/0"], &["0-3388"]), deny("tcp", &["0.0.0.0/0"], &["3388-3389"])];
        assert!(Estate::of(rules).told(&CHECK).is_empty());
        let families = vec![allow("tcp", &["0.0.0.0/0"], &["22"]), deny("tcp", &["*"], &["22"])];
        assert!(Estate::of(families).told(&CHECK).is_empty());
    }

    #[test]
    fn a_pool_whose_members_are_not_known_is_shadowed_by_nothing() {
        let rules = vec![deny("tcp", &["8.8.8.0/24"], &["22"]), allow("tcp", &["AzureCloud"], &["22"])];
        assert!(Estate::of(rules).told(&CHECK).is_empty());
    }

    #[test]
    fn every_rule_is_a_finding_with_an_id_of_its_own() {
        let mut rules = vec![allow("tcp", &["*"], &["22"]); 3];
        let ids = |rules: &[Rule]| -> Vec<_> {
            Estate::of(rules.to_vec()).found(&CHECK).into_iter().map(|finding| finding.id).collect()
        };
        let before = ids(&rules);
        assert!(before.len() == 2 && before[0] != before[1]);
        // Another rule in the same list changes no id.
        rules.push(deny("tcp", &["*"], &["443"]));
        assert_eq!(ids(&rules), before);
    }

    #[test]
    fn rules_that_share_a_name_are_one_finding() {
        let mut twice =
            vec![allow("tcp", &["*"], &["22"]), allow("tcp", &["*"], &["22"]), deny("tcp", &["*"], &["22"])];
        twice[1].name = "same".into();
        twice[2].name = "SAME".into();
        let findings = Estate::of(twice).found(&CHECK);
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].severity, crate::Severity::Low);
        assert!(findings[0].message.contains(", and deny rule `SAME` (120) of `nsg-web` never decides"));
    }
}
