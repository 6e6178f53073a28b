//! A rule that no packet can match.

use engine::{Idle, IdleRule};
use model::Rule;

use crate::hole::chooses;
use crate::{Check, Facts, Found, Run, Severity, controls, idle};

pub(crate) static CHECK: Check = Check {
    name: "rule-never-matches",
    summary: "no packet can match a rule",
    page: PAGE,
    attack: &[],
    controls: controls::REVIEW,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    idle::findings(&CHECK, facts.idle, |idle, rule| told(idle, rule).map(|told| (Severity::Info, told)))
}

fn told(idle: &IdleRule, rule: &Rule) -> Option<String> {
    let (list, rule_name) = (&idle.list.name, idle::named(rule));
    match idle.why {
        Idle::MatchesNothing => Some(match empty_field(rule) {
            DESTINATIONS if chooses(&idle.list) => {
                format!("rule {rule_name} of `{list}` matches no packet: nothing that it is for is there")
            }
            field => format!("rule {rule_name} of `{list}` matches no packet: its {field} hold nothing"),
        }),
        Idle::DestinationElsewhere => Some(format!(
            "rule {rule_name} of `{list}` matches no packet: none of its destinations is behind `{list}`"
        )),
        Idle::Shadowed(_) => None,
    }
}

fn empty_field(rule: &Rule) -> &'static str {
    let matches = &rule.matches;
    let fields = [
        (matches.protocols.may.is_empty(), "protocols"),
        (matches.sources.may.is_empty() && matches.tags.is_empty(), "sources"),
        (matches.source_ports.may.is_empty(), "source ports"),
        (matches.destinations.may.is_empty(), DESTINATIONS),
        (matches.ports.may.is_empty(), "ports"),
        (matches.types.may.is_empty(), "ICMP types"),
    ];
    fields.into_iter().find_map(|(is_empty, field)| is_empty.then_some(field)).unwrap_or("fields")
}

const DESTINATIONS: &str = "destinations";

const PAGE: &str = "\
# rule-never-matches

No packet can match a rule.

## What it finds

Rules with a field that holds nothing, such as a group without members or a list of prefixes without entries; rules for
a tag or an account that no machine has; and rules whose destinations are all somewhere else than behind the filter: a
public address, say, where the filter sees the private one.

## Why it matters

Somebody wrote the rule and believes that it works. It may start to match, unseen, when a member or an address comes.

## How bad it is

Info.

## What to do

Correct the field, or take the rule away.

## What it does not say

Whether the addresses of the destination are anybody else's. A rule that others always decide before is
`shadowed-rule`.
";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::RuleList;
    use packet::Bounds;

    use super::CHECK;
    use crate::estate::{Estate, addresses, allow, list};

    #[test]
    fn an_empty_field_is_named() {
        let told = Estate::of(vec![allow("tcp", &[], &["22"])]).told(&CHECK);
        assert_eq!(
            told,
            ["info: rule `rule-100` (100) of `nsg-web` matches no packet: its sources hold nothing"]
        );
    }

    /// Where rules say whom they are for, that nobody is there is said, and not that a field is empty.
    #[test]
    fn a_rule_for_nobody_is_told_as_that() {
        let mut rule = allow("tcp", &["*"], &["22"]);
        rule.matches.destinations = Bounds::exactly(addresses(&[]));
        let list = RuleList { kind: "vpc-firewall", ..RuleList::clone(&list("prod", vec![rule])) };
        let estate = Estate { lists: vec![Arc::new(list)], ..Estate::of(vec![]) };
        let expected =
            "info: rule `rule-100` (100) of `prod` matches no packet: nothing that it is for is there";
        assert_eq!(estate.told(&CHECK), [expected]);
    }

    #[test]
    fn destinations_elsewhere_are_told_only_where_it_is_known_what_is_behind() {
        let mut rule = allow("tcp", &["*"], &["22"]);
        rule.matches.destinations = Bounds::exactly(addresses(&["20.50.1.20"]));
        let known = |behind| {
            let list = RuleList { behind, ..RuleList::clone(&list("nsg-web", vec![rule.clone()])) };
            Estate { lists: vec![Arc::new(list)], ..Estate::of(vec![]) }.told(&CHECK)
        };
        let expected = "info: rule `rule-100` (100) of `nsg-web` matches no packet: none of its destinations is \
                        behind `nsg-web`";
        assert_eq!(known(Some(addresses(&["10.0.0.4"]))), [expected]);
        assert!(known(Some(addresses(&["20.50.1.0/24"]))).is_empty());
        assert!(known(None).is_empty());
    }

    #[test]
    fn a_shadowed_rule_matches_and_is_not_told_here() {
        let twice = vec![allow("tcp", &["*"], &["22"]), allow("tcp", &["*"], &["22"])];
        assert!(Estate::of(twice).told(&CHECK).is_empty());
    }
}
