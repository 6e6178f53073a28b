//! Sources that look like somebody, and that anybody can be.

use crate::hole::{Hit, Hole, holes, reached};
use crate::{Check, Class, Facts, Found, Run, controls, message};

pub(crate) static CHECK: Check = Check {
    name: "rentable-source",
    summary: "addresses are let in that anybody can rent",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1583.003"],
    controls: controls::SOURCES,
    recommendations: &[],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let rentable = reached(facts).filter(|exposure| exposure.sources.rentable);
    let hits = rentable.filter_map(|exposure| Hit::of(exposure, &Class::ALL));
    let told = |hole: &Hole<'_>| format!("{}, where anybody can rent an address", message::told(hole));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, told(hole))).collect()
}

const PAGE: &str = "\
# rentable-source

Addresses are let in that anybody can rent.

## What it finds

Filters that let in a block from which a cloud hands addresses to its customers, or from which a service of it sends
what any customer tells it to: the tag of a whole cloud or of one of its regions, a prefix list that the cloud keeps, or
prefixes written out. Where most of the Internet gets in anyway, the other checks say so.

## Why it matters

The rule reads as if it named a neighbour. An attacker rents a machine there for an hour and is inside the rule; the
network of the provider is then of no help.

## How bad it is

As bad as the ports that are reached make it: high for administration and database ports and for all ports, medium for
UDP amplifiers, low for others, info for HTTP and HTTPS; as if from everywhere where a broad part of the Internet gets
in. One step lower when the path is not in the input, and one when the answer rests on something unknown.

## What to do

Name the addresses of your own machines, or connect the networks privately.

## What it does not say

Whether other customers of the cloud came in.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, addresses, allow};

    #[test]
    fn a_pool_without_a_catalogue_is_told_by_name() {
        let told = Estate::of(vec![allow("tcp", &["AzureCloud"], &["22"])]).told(&CHECK);
        let expected = "high: tcp/22 (SSH) open to `AzureCloud`, of a size that is not known, where anybody can \
                        rent an address";
        assert_eq!(told, [expected]);
    }

    #[test]
    fn a_block_of_a_pool_is_rentable_and_its_neighbour_is_not() {
        let pool = || vec![addresses(&["20.0.0.0/11"])];
        let told = |sources: &[&str]| {
            let estate = Estate::of(vec![allow("tcp", sources, &["22"])]);
            Estate { rentable: pool(), ..estate }.told(&CHECK)
        };
        let expected = "high: tcp/22 (SSH) open to 65,536 IPv4 addresses (20.1.0.0/16), where anybody can rent \
                        an address";
        assert_eq!(told(&["20.1.0.0/16"]), [expected]);
        assert!(told(&["21.1.0.0/16"]).is_empty());
        assert!(told(&["20.1.0.0/24"]).is_empty());
        assert!(told(&["0.0.0.0/0"]).is_empty());
    }

    #[test]
    fn a_latent_opening_is_not_told() {
        let estate = Estate::of(vec![allow("tcp", &["AzureCloud"], &["22"])]);
        assert!(estate.latent().told(&CHECK).is_empty());
    }
}
