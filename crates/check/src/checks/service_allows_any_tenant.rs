//! The own firewall of a service lets every customer of its provider in.

use crate::controls::{self, defender};
use crate::hole::{Hole, holes};
use crate::{Check, Facts, Found, Run, message, service};

pub(crate) static CHECK: Check = Check {
    name: "service-allows-any-tenant",
    summary: "the own firewall of a service lets every customer of the cloud in",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1583.003", "T1530"],
    controls: controls::TENANTS,
    recommendations: &[defender("Public network access on Azure SQL Database should be disabled")],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let open = facts.exposures.iter().filter(|exposure| service::is_open_to_customers(exposure));
    let hits = open.filter_map(service::hit);
    let told = |hole: &Hole<'_>| {
        format!("{}: other customers of the cloud have addresses there", message::told(hole))
    };
    holes(hits).iter().map(|hole| hole.finding(&CHECK, told(hole))).collect()
}

const PAGE: &str = "\
# service-allows-any-tenant

The own firewall of a service lets every customer of the cloud in.

## What it finds

Services that a provider runs, whose own list lets in the pool of addresses that the provider hands out to its
customers: the switch that lets in *services of the cloud*, which is kept as a range of one address that no packet comes
from, or the prefixes of the pool written out. Where most of the Internet gets in anyway, `service-firewall-open` says
so.

## Why it matters

The switch reads as if it meant one's own machines. It means everybody's: an attacker rents a machine there for an hour
and is inside the list.

## How bad it is

High for databases, low for services whose data is read over HTTPS; as if from everywhere where the pool is known and a
broad part of the Internet. One step lower when the list is not in the input, and one when the answer rests on something
unknown.

## What to do

Take the switch away. Let one's own machines in by their subnets or through a private endpoint, and others by their
addresses.

## What it does not say

Whether other customers came in.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::Overrides;
    use crate::estate::{Estate, allow};

    #[test]
    fn a_pool_is_told_once_and_by_name() {
        let estate = Estate::of(vec![allow("tcp", &["AzureCloud"], &["1433"])]).service("data");
        let expected = "high: tcp/1433 (SQL Server) open to `AzureCloud`, of a size that is not known: other \
                        customers of the cloud have addresses there";
        assert_eq!(estate.told(&CHECK), [expected]);
        assert_eq!(estate.findings(&Overrides::new()).len(), 1);
    }

    #[test]
    fn a_machine_is_not_a_service() {
        assert!(Estate::of(vec![allow("tcp", &["AzureCloud"], &["1433"])]).told(&CHECK).is_empty());
    }
}
