//! A rule of a higher list lets in what the target's own list denies.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Exposure, Fingerprint};
use model::Name;

use crate::hole::{Hit, Hole, holes};
use crate::overruled::overruled;
use crate::{Check, Class, Facts, Found, Run, controls, message};

pub(crate) static CHECK: Check = Check {
    name: "admin-rule-overrides-group",
    summary: "a higher rule lets in what the list of the target denies",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    controls: controls::BOUNDARY_ALONE,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let overruled = overruled(facts.snapshot);
    let hits = overruled.iter().filter_map(|one| Hit::of(&one.exposure, &Class::ALL));
    let mut denied_by: BTreeMap<Fingerprint, BTreeSet<&Name>> = BTreeMap::new();
    for one in &overruled {
        denied_by.entry(one.exposure.fingerprint).or_default().extend(&one.denied_by);
    }
    // An estate has many targets with few exposures each.
    let mut told: BTreeMap<&str, Vec<&Exposure>> = BTreeMap::new();
    if !overruled.is_empty() {
        for exposure in facts.exposures {
            told.entry(&exposure.target.key).or_default().push(exposure);
        }
    }
    holes(hits).iter().map(|hole| finding(hole, &denied_by, &told)).collect()
}

/// `denied_by`: the lists that deny what an exposure lets in. `told`: what is told of each target.
fn finding(
    hole: &Hole<'_>,
    denied_by: &BTreeMap<Fingerprint, BTreeSet<&Name>>,
    told: &BTreeMap<&str, Vec<&Exposure>>,
) -> Found {
    let lists = hole.exposures().filter_map(|exposure| denied_by.get(&exposure.fingerprint)).flatten();
    let lists: BTreeSet<&Name> = lists.copied().collect();
    let lists: Vec<String> = lists.into_iter().map(|name| format!("`{name}`")).collect();
    let lists = message::abridged(&lists, " or ", 0);
    let mut found = hole.finding(&CHECK, format!("{}, although {lists} denies it", message::told(hole)));
    // It rests on what is told: the exposures of the same targets that the same rules admit.
    let mut exposures: Vec<_> = hole
        .exposures()
        .flat_map(|part| {
            let wholes = told.get(&*part.target.key).into_iter().flatten();
            wholes.filter(move |whole| is_part(part, whole))
        })
        .map(|whole| whole.fingerprint)
        .collect();
    exposures.sort_unstable();
    exposures.dedup();
    found.finding.exposures = exposures;
    found
}

/// Whether an exposure is of what another one of the same target tells.
fn is_part(part: &Exposure, whole: &Exposure) -> bool {
    let admits = |rule: &engine::Admission| {
        let same = |other: &engine::Admission| rule.position_in(&other.list) == Some(other.rule);
        whole.opened_by.iter().any(same)
    };
    let is_of = whole.protocol.is_none() || whole.protocol == part.protocol;
    let ports = &whole.ports;
    part.reach == whole.reach
        && is_of
        && (ports.is_empty() || part.ports.is_empty() || !ports.is_disjoint(&part.ports))
        && part.opened_by.iter().any(admits)
}

const PAGE: &str = "\
# admin-rule-overrides-group

A higher rule lets in what the list of the target denies.

## What it finds

Openings that exist because a list that is asked first ends the decision: it lets packets in, and a list behind it on
the same path, which would have denied them, is never asked. A rule of a network manager before a group, a policy of
an organisation before the rules of a network, the rules of a network before a policy that is asked after them.

## Why it matters

Whoever looks at the list of the target sees a port that is closed, and so does every tool that reads these lists
alone. Its owner cannot close it either: the rule is somebody else's, often for many networks at once.

## How bad it is

As bad as what is reached: critical for administration and database ports from all of the Internet, less for other
ports and fewer sources. One step lower when the path is not in the input, and one when it is not certain that the
higher rule is in force.

## What to do

Let the higher rule leave the decision to the list of the target, or limit its sources to those that must always get
in: monitoring and scanners, say.

## What it does not say

Whether it is meant: such rules are made to overrule. What both lists let in is told by the checks of ports alone, and
so is what no list denies by a rule or an end of its own: that nothing else would have let it in is no denial.
";

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use model::{Action, Filter, Reach, Rule, RuleList};

    use super::CHECK;
    use crate::Severity;
    use crate::estate::{Estate, allow, deny, list, target};

    /// `higher` before the list of the target, whose end is a denial.
    fn estate(higher: Vec<Rule>, own: Vec<Rule>) -> Estate {
        let higher = RuleList { kind: "admin-rules", ..RuleList::clone(&list("baseline", higher)) };
        let mut target = target("vm-web", &[list("nsg-web", own)]);
        let filter = Filter::clone(&target.paths[0].filter);
        let stages = vec![Filter::FirstMatch(Arc::new(higher)), filter];
        target.paths[0].filter = Arc::new(Filter::Chain(stages));
        Estate { targets: vec![target], ..Estate::of(vec![]) }
    }

    #[test]
    fn what_a_higher_list_lets_in_in_spite_of_a_denial_is_told() {
        let found = estate(vec![allow("tcp", &["0.0.0.0/0"], &["22"])], vec![deny("tcp", &["*"], &["22"])])
            .found(&CHECK);
        assert_eq!(found.len(), 1);
        let expected = "tcp/22 (SSH) open to the whole IPv4 Internet: 3,702,258,431 addresses, although `nsg-web` \
                        denies it";
        assert_eq!(found[0].message, expected);
        assert_eq!((found[0].severity, &*found[0].subject.name), (Severity::Critical, "baseline"));
        assert_eq!((found[0].exposures.len(), found[0].opened_by.len()), (1, 1));
        let witness = found[0].witness.as_ref().unwrap().packet;
        assert_eq!(witness.destination_port, 22);
    }

    /// A denial nobody wrote is one too: the end of the list.
    #[test]
    fn the_end_of_a_list_denies() {
        let told = estate(vec![allow("tcp", &["8.8.8.8/32"], &["443"])], vec![]).told(&CHECK);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].contains("although `nsg-web` denies it"), "{told:?}");
    }

    #[test]
    fn what_both_let_in_is_not_told() {
        let both = estate(vec![allow("tcp", &["8.8.8.8/32"], &["22"])], vec![allow("tcp", &["*"], &["22"])]);
        assert!(both.told(&CHECK).is_empty());
        let passed = vec![Rule { action: Action::Pass, ..allow("tcp", &["*"], &["22"]) }];
        assert!(estate(passed, vec![allow("tcp", &["*"], &["22"])]).told(&CHECK).is_empty());
    }

    /// Sets, not samples: of many sources one corner is denied behind.
    #[test]
    fn a_corner_is_enough() {
        let own = vec![deny("tcp", &["9.9.9.9/32"], &["22"]), allow("tcp", &["*"], &["0-65535"])];
        let told = estate(vec![allow("tcp", &["*"], &["0-65535"])], own).told(&CHECK);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].starts_with("low: tcp/22 (SSH) open to 1 IPv4 address"), "{told:?}");
    }

    #[test]
    fn one_list_alone_and_two_of_one_kind_are_not_told() {
        assert!(Estate::of(vec![allow("tcp", &["*"], &["22"])]).told(&CHECK).is_empty());
        let lists = [list("nsg-subnet", vec![allow("tcp", &["*"], &["22"])]), list("nsg-nic", vec![])];
        let estate = Estate { targets: vec![target("vm", &lists)], ..Estate::of(vec![]) };
        assert!(estate.told(&CHECK).is_empty());
    }

    /// Lists in one row with an end that is nobody's: an organisation's, its folder's, the network's, in this order.
    fn row(lists: Vec<(&'static str, &str, Vec<Rule>)>) -> Vec<String> {
        let stage = |(kind, name, rules): (&'static str, &str, Vec<Rule>)| {
            Filter::FirstMatch(Arc::new(RuleList { kind, ..RuleList::clone(&list(name, rules)) }))
        };
        let mut target = target("vm", &[]);
        let stages = lists.into_iter().map(stage).chain([Filter::Always(Action::Deny)]);
        target.paths[0].filter = Arc::new(Filter::Chain(stages.collect()));
        Estate { targets: vec![target], ..Estate::of(vec![]) }.told(&CHECK)
    }

    const POLICY: &str = "firewall-policy";
    const NETWORK: &str = "vpc-firewall";

    #[test]
    fn in_a_row_a_denial_that_is_written_counts_and_the_end_of_the_row_does_not() {
        let ssh = || vec![allow("tcp", &["0.0.0.0/0"], &["22"])];
        let no_ssh = || vec![deny("tcp", &["0.0.0.0/0"], &["22"])];
        let told = row(vec![(POLICY, "organisation", ssh()), (NETWORK, "prod", no_ssh())]);
        assert_eq!(told.len(), 1, "{told:?}");
        assert!(told[0].ends_with("although `prod` denies it"), "{told:?}");
        let web = vec![allow("tcp", &["0.0.0.0/0"], &["443"])];
        assert!(row(vec![(POLICY, "organisation", ssh()), (NETWORK, "prod", web)]).is_empty());
        let passed = vec![Rule { action: Action::Pass, ..ssh().remove(0) }];
        assert!(row(vec![(POLICY, "organisation", passed), (NETWORK, "prod", no_ssh())]).is_empty());
    }

    /// Who is asked first overrules, whichever of them people take for the higher one.
    #[test]
    fn every_list_of_a_row_may_overrule_every_later_one() {
        let ssh = || vec![allow("tcp", &["0.0.0.0/0"], &["22"])];
        let no_ssh = || vec![deny("tcp", &["0.0.0.0/0"], &["22"])];
        let told = row(vec![(NETWORK, "prod", ssh()), (POLICY, "guard", no_ssh())]);
        assert!(told[0].ends_with("although `guard` denies it"), "{told:?}");
        let told = row(vec![(POLICY, "organisation", ssh()), (POLICY, "folder", no_ssh())]);
        assert!(told[0].ends_with("although `folder` denies it"), "{told:?}");
        let web = || vec![allow("tcp", &["0.0.0.0/0"], &["8443"])];
        let no_web = || vec![deny("tcp", &["0.0.0.0/0"], &["8443"])];
        let both = row(vec![
            (POLICY, "organisation", ssh()),
            (NETWORK, "prod", [no_ssh(), web()].concat()),
            (POLICY, "guard", no_web()),
        ]);
        assert_eq!(both.len(), 2, "{both:?}");
        assert!(
            both.iter().any(|one| one.contains("tcp/22 (SSH)") && one.ends_with("although `prod` denies it"))
        );
        assert!(
            both.iter().any(|one| one.contains("tcp/8443") && one.ends_with("although `guard` denies it"))
        );
    }

    #[test]
    fn without_a_path_nothing_is_told_here() {
        let higher = || vec![allow("tcp", &["0.0.0.0/0"], &["22"])];
        assert!(estate(higher(), vec![]).reach(Reach::Latent).told(&CHECK).is_empty());
        assert!(estate(higher(), vec![]).reach(Reach::Admitted).told(&CHECK)[0].starts_with("high: "));
    }
}
