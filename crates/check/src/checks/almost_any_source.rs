//! A set of sources leaves out a corner of the Internet.

use engine::Exposure;
use model::Grade;

use crate::controls::{self, defender};
use crate::hole::{Hit, holes, reached};
use crate::{Check, Class, Facts, Found, Run, message};

pub(crate) static CHECK: Check = Check {
    name: "almost-any-source",
    summary: "most of the Internet is let in, with a corner left out",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    controls: controls::SOURCES,
    recommendations: &[defender(
        "All network ports should be restricted on network security groups associated to your virtual machine",
    )],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let almost = reached(facts).filter(|exposure| is_almost_any(exposure));
    let hits = almost.filter_map(|exposure| Hit::of(exposure, &Class::ALL));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, message::told(hole))).collect()
}

fn is_almost_any(exposure: &Exposure) -> bool {
    let families = [&exposure.sources.ipv4, &exposure.sources.ipv6];
    families.into_iter().flatten().any(|measure| measure.grade == Grade::AlmostAny)
}

const PAGE: &str = "\
# almost-any-source

Most of the Internet is let in, with a corner left out.

## What it finds

Filters that let in half of the Internet or more, but not all of it: `0.0.0.0/1` alone, a list of blocks that leaves
some out, `*` behind a deny of some countries. The union of all rules that admit the same packets is measured.

## Why it matters

Such a set does not read like *any*, so whoever compares it with a list of spellings of *any* calls it closed.
Attackers do not sit in the corner that is left out.

## How bad it is

As bad as the ports that are reached make it: critical for administration and database ports and for all ports, high
for UDP amplifiers, medium for others, info for HTTP and HTTPS. One step lower when the path is not in the input, and
one when the answer rests on something unknown. Low when no reply leaves.

## What to do

Name those who are meant to come in, not those who are not.

## What it does not say

Why the corner was left out. A deny that was meant stays a deny; what is left of the allow is told.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, allow, deny};

    #[test]
    fn what_is_left_out_is_told() {
        let rules = vec![deny("tcp", &["8.0.0.0/8"], &["0-65535"]), allow("tcp", &["0.0.0.0/0"], &["22"])];
        let expected = "critical: tcp/22 (SSH) open to almost the whole IPv4 Internet: 3,685,481,215 addresses, \
                        all but 8.0.0.0/8";
        assert_eq!(Estate::of(rules).told(&CHECK), [expected]);
    }

    #[test]
    fn half_is_enough_and_less_or_more_is_not() {
        let told = |sources: &[&str]| Estate::of(vec![allow("tcp", sources, &["443"])]).told(&CHECK).len();
        assert_eq!(told(&["0.0.0.0/1"]), 1);
        assert_eq!(told(&["128.0.0.0/1"]), 0);
        assert_eq!(told(&["0.0.0.0/0"]), 0);
        assert_eq!(told(&["0.0.0.0/1", "128.0.0.0/1"]), 0);
        assert_eq!(told(&["8.8.8.0/24"]), 0);
    }

    #[test]
    fn parts_of_several_rules_are_told_as_one() {
        let parts = ["0.0.0.0/2", "64.0.0.0/2", "128.0.0.0/2"];
        let rules = parts.iter().map(|part| allow("tcp", &[part], &["443"])).collect();
        let told = Estate::of(rules).told(&CHECK);
        let expected =
            "spelled 0.0.0.0/2 + 64.0.0.0/2 + 128.0.0.0/2: 3 parts that together are almost everything";
        assert!(told[0].starts_with("info: tcp/443 (HTTPS) open to almost") && told[0].ends_with(expected));
    }

    #[test]
    fn a_latent_opening_is_not_told() {
        let estate = Estate::of(vec![allow("tcp", &["0.0.0.0/1"], &["22"])]);
        assert!(estate.latent().told(&CHECK).is_empty());
    }
}
