//! A filter lets the Internet in, and nothing leads there today.

use std::collections::{BTreeMap, BTreeSet};

use engine::{Exposure, Measure};
use model::Reach;
use packet::PortSet;

use crate::hole::{Hit, Hole, holes};
use crate::{Check, Class, Facts, Found, Run, controls, message};

pub(crate) static CHECK: Check = Check {
    name: "latent-opening",
    summary: "a filter lets the Internet in, and nothing leads there yet",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    controls: controls::LATENT,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let (latent, reached): (Vec<&Exposure>, Vec<&Exposure>) =
        facts.exposures.iter().partition(|exposure| exposure.reach == Reach::Latent);
    let mut by_target: BTreeMap<&str, Vec<&Exposure>> = BTreeMap::new();
    // An estate has many targets, and few of them have a way that is missing.
    let targets: BTreeSet<&str> = latent.iter().map(|one| &*one.target.key).collect();
    for exposure in reached.into_iter().filter(|one| targets.contains(&*one.target.key)) {
        by_target.entry(&exposure.target.key).or_default().push(exposure);
    }
    let hits = latent.into_iter().filter_map(|exposure| {
        let others = by_target.get(&*exposure.target.key).map_or(&[][..], Vec::as_slice);
        Hit::on(exposure, &rest(exposure, others)?, &Class::ALL)
    });
    let told = |hole: &Hole<'_>| format!("nothing leads there today, but {}", message::told(hole));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, told(hole))).collect()
}

/// The ports to which nothing leads today, by whatever way; `None` where as many get in by another way.
fn rest(exposure: &Exposure, others: &[&Exposure]) -> Option<PortSet> {
    let is_of = |other: &&&Exposure| other.protocol.is_none() || other.protocol == exposure.protocol;
    let leading: Vec<_> = others.iter().filter(is_of).filter(|other| is_as_wide(other, exposure)).collect();
    if leading.iter().any(|other| other.protocol.is_none() || other.ports.is_empty()) {
        return None;
    }
    let rest = leading.iter().fold(exposure.ports.clone(), |rest, other| rest.difference(&other.ports));
    (!rest.is_empty() || exposure.ports.is_empty()).then_some(rest)
}

fn is_as_wide(other: &Exposure, exposure: &Exposure) -> bool {
    let grade = |measure: &Option<Measure>| measure.as_ref().map(|measure| measure.grade);
    let (other, own) = (&other.sources, &exposure.sources);
    let families = [(&other.ipv4, &own.ipv4), (&other.ipv6, &own.ipv6)];
    families.into_iter().all(|(other, own)| grade(other) >= grade(own))
        && own.tags.iter().all(|tag| other.tags.contains(tag))
}

const PAGE: &str = "\
# latent-opening

A filter lets the Internet in, and nothing leads there yet.

## What it finds

Filters that let Internet addresses in, where the path is known to be missing: attached to nothing, in front of
machines without a public address, or in a network without a gateway through which anybody comes in.

## Why it matters

One step by anybody who may attach a filter, an address or a gateway opens the machine, and the rule will have been
there for years: no change of a rule will tell.

## How bad it is

Low, whatever the ports and however many the sources; info when the answer rests on something unknown as well. No other
check of ports or sources speaks of these openings.

## What to do

Take the rules away that nobody needs, and filters that are attached to nothing.

## What it does not say

Who could make the path. Where the input does not know whether there is a path, the opening is *admitted*, and the
checks of ports speak of it.
";

#[cfg(test)]
mod tests {
    use model::Reach;

    use super::CHECK;
    use crate::estate::{Estate, allow};

    fn estate() -> Estate {
        Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["22", "8080"])])
    }

    #[test]
    fn a_latent_opening_is_low_and_the_only_finding() {
        let findings = estate().latent().findings(&crate::Overrides::new());
        let told: Vec<_> =
            findings.iter().map(|f| format!("{} {}: {}", f.check.name, f.severity, f.message)).collect();
        let expected = "latent-opening low: nothing leads there today, but tcp/22 (SSH), tcp/8080 would be open to \
                        the whole IPv4 Internet: 3,702,258,431 addresses";
        assert_eq!(told, [expected]);
    }

    /// A machine without an address behind something that leads to it: what is reached so is not told as missing.
    #[test]
    fn what_another_way_leads_to_is_not_told() {
        let with_way = |ports: &[&str], sources: &[&str]| {
            let mut estate = estate().latent();
            let other = Estate::of(vec![allow("tcp", sources, ports)]);
            let ways = other.targets[0].paths.clone();
            estate.targets[0].paths.extend(ways);
            estate.told(&CHECK)
        };
        assert!(with_way(&["22", "8080"], &["0.0.0.0/0"]).is_empty());
        let told = with_way(&["22"], &["0.0.0.0/0"]);
        assert!(
            told[0].starts_with("low: nothing leads there today, but tcp/8080 would be open"),
            "{told:?}"
        );
        let told = with_way(&["22", "8080"], &["8.8.8.8/32"]);
        assert!(told[0].contains("tcp/22 (SSH), tcp/8080 would be open to the whole"), "{told:?}");
    }

    #[test]
    fn every_other_reach_is_not_latent() {
        for reach in [Reach::Exposed, Reach::ViaProxy, Reach::OneWay, Reach::Admitted] {
            assert!(estate().reach(reach).told(&CHECK).is_empty(), "{reach:?}");
        }
    }
}
