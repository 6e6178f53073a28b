//! The own firewall of a service lets the Internet in.

use crate::controls::{self, defender};
use crate::hole::holes;
use crate::{Check, Facts, Found, Run, message, service};

pub(crate) static CHECK: Check = Check {
    name: "service-firewall-open",
    summary: "the own firewall of a service lets the Internet in",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1190", "T1530"],
    controls: controls::SERVICE,
    recommendations: &[defender("Public network access on Azure SQL Database should be disabled")],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let open = facts.exposures.iter().filter(|exposure| service::is_wide_open(exposure, facts));
    let hits = open.filter_map(service::hit);
    holes(hits).iter().map(|hole| hole.finding(&CHECK, message::told(hole))).collect()
}

const PAGE: &str = "\
# service-firewall-open

The own firewall of a service lets the Internet in.

## What it finds

Databases, caches, storage, key vaults, message queues, registries, API servers and apps that a provider runs, whose own
list of sources lets in all of the Internet or a wide part of it: a default action that allows, one range from end to
end, several ranges that come to the same, or no rule where no rule means everybody.

## Why it matters

No group and no route stands before such a service; its list is the only filter there is. Names of these services are
guessed and listed in certificates, and keys to them leak.

## How bad it is

Databases: critical when all of the Internet or a broad part of it gets in, high from a wide part. Services whose data
is read over HTTPS: medium, low from a wide part: on these ports a web server is meant to be reached, a vault is not.
Apps that serve pages are info. One step lower when the list is not in the input, and one when the answer rests on
something unknown.

## What to do

Let in only the addresses that use the service, or close its public endpoint and reach it through a private one.

## What it does not say

Whether the service asks for a key or a password. Lists with a few addresses are told by the checks of ports.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, addresses, allow};
    use crate::{CHECKS, Overrides};

    fn names(estate: &Estate) -> Vec<&'static str> {
        estate.findings(&Overrides::new()).iter().map(|finding| finding.check.name).collect()
    }

    #[test]
    fn a_database_service_is_critical_and_told_once() {
        let estate = Estate::of(vec![allow("tcp", &["0.0.0.0/1", "128.0.0.0/1"], &["1433"])]).service("data");
        let told = estate.told(&CHECK);
        assert!(told[0].starts_with("critical: tcp/1433 (SQL Server) open to the whole IPv4"), "{told:?}");
        assert_eq!(names(&estate), ["service-firewall-open"]);
    }

    #[test]
    fn https_of_a_service_is_medium_and_of_a_site_is_info() {
        let open = |service| Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["443"])]).service(service);
        assert!(open("data").told(&CHECK)[0].starts_with("medium: tcp/443 (HTTPS) open to the whole"));
        assert!(open("site").told(&CHECK)[0].starts_with("info: tcp/443 (HTTPS) open to the whole"));
        assert!(Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["443"])]).told(&CHECK).is_empty());
    }

    #[test]
    fn a_few_addresses_are_told_by_their_ports() {
        let estate = Estate::of(vec![allow("tcp", &["8.8.8.0/24"], &["1433"])]).service("data");
        assert_eq!(names(&estate), ["internet-reaches-database-port"]);
        let wide = Estate::of(vec![allow("tcp", &["8.8.0.0/16"], &["1433"])]).service("data");
        assert_eq!(names(&wide), ["service-firewall-open"]);
    }

    #[test]
    fn what_goes_beyond_a_pool_is_open() {
        let pool = || vec![addresses(&["20.0.0.0/11"])];
        let told = |sources: &[&str]| {
            let estate = Estate::of(vec![allow("tcp", sources, &["1433"])]).service("data");
            names(&Estate { rentable: pool(), ..estate })
        };
        assert_eq!(told(&["20.0.0.0/11"]), ["service-allows-any-tenant"]);
        assert_eq!(told(&["20.0.0.0/11", "8.8.8.8/32"]), ["service-allows-any-tenant"]);
        assert_eq!(told(&["0.0.0.0/3"]), ["service-allows-any-tenant", "service-firewall-open"]);
        assert!(CHECKS.len() > 2);
    }
}
