//! A filter lets the Internet in, and nothing leads there today.

use model::Reach;

use crate::hole::{Hit, Hole, holes};
use crate::{Check, Class, Facts, Found, controls, message};

pub(crate) static CHECK: Check = Check {
    name: "latent-opening",
    summary: "a filter lets the Internet in, and nothing leads there yet",
    page: PAGE,
    attack: &["T1686.001", "T1562.007"],
    controls: controls::REVIEW,
    recommendations: &[],
    run,
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let latent = facts.exposures.iter().filter(|exposure| exposure.reach == Reach::Latent);
    let hits = latent.filter_map(|exposure| Hit::of(exposure, &Class::ALL));
    let told = |hole: &Hole<'_>| format!("nothing leads there today, but {}", message::told(hole));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, told(hole))).collect()
}

const PAGE: &str = "\
# latent-opening

A filter lets the Internet in, and nothing leads there yet.

## What it finds

Filters that let Internet addresses in, where the path is known to be missing: attached to nothing, or in front of
machines without a public address.

## Why it matters

One step by anybody who may attach a filter or give an address opens the machine, and the rule will have been there
for years: no change of a rule will tell.

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

    #[test]
    fn every_other_reach_is_not_latent() {
        for reach in [Reach::Exposed, Reach::ViaProxy, Reach::OneWay, Reach::Admitted] {
            assert!(estate().reach(reach).told(&CHECK).is_empty(), "{reach:?}");
        }
    }
}
