//! The Internet reaches a database port.

use crate::controls::{self, defender};
use crate::hole::{Hit, holes, reached};
use crate::{Check, Class, Facts, Found, Run, message};

pub(crate) static CHECK: Check = Check {
    name: "internet-reaches-database-port",
    summary: "a database port is reachable from the Internet",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1190", "T1110"],
    controls: controls::DATABASE,
    recommendations: &[defender("Machines should have ports closed that might expose attack vectors")],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let hits = reached(facts).filter_map(|exposure| Hit::of(exposure, &[Class::Database]));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, message::told(hole))).collect()
}

const PAGE: &str = "\
# internet-reaches-database-port

A database port is reachable from the Internet.

## What it finds

Filters that let Internet addresses in on the port of a database, a cache or a search engine: SQL Server, MySQL,
PostgreSQL, Oracle, MongoDB, Redis, Elasticsearch, CouchDB, Cassandra, Memcached, Db2 and others. A range, a list, or
every port at once reach these ports as well, and are told here too. Of a database that a provider runs inside a network
every port is one, whatever its number. Where a database lets in few addresses by a list of its own, that is told here;
one that lets in many is told by `service-firewall-open`, and one that lets in every customer of the provider by
`service-allows-any-tenant`.

## Why it matters

Several of these services ask for no password unless they are told to. Open ones are copied or wiped by machines that
do nothing else.

## How bad it is

Critical when all of the Internet or a broad part of it gets in, high from a wide part or from addresses that anybody
can rent, low from few addresses. One step lower when the path is not in the input, and one when the answer rests on
something unknown. Low when no reply leaves.

## What to do

Let only the machines in that use the database, by their own addresses or groups, and reach it from outside through a
private endpoint or a VPN.

## What it does not say

Whether a database listens, and whether it asks for a password.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, allow};

    #[test]
    fn a_database_port_is_told_with_its_name() {
        let told = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["5432", "443"])]).told(&CHECK);
        let expected =
            "critical: tcp/5432 (PostgreSQL) open to the whole IPv4 Internet: 3,702,258,431 addresses";
        assert_eq!(told, [expected]);
    }

    #[test]
    fn the_port_next_door_another_protocol_and_a_latent_opening_are_not() {
        for (protocol, ports) in [("tcp", "1432"), ("tcp", "1435-1520"), ("udp", "5432")] {
            let estate = Estate::of(vec![allow(protocol, &["0.0.0.0/0"], &[ports])]);
            assert!(estate.told(&CHECK).is_empty(), "{protocol}/{ports}");
        }
        assert!(Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["1433"])]).latent().told(&CHECK).is_empty());
    }

    #[test]
    fn a_database_in_a_network_is_one_on_every_port() {
        let estate = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["15432"])]);
        assert!(estate.told(&CHECK).is_empty());
        let estate = estate.service("database");
        let end = "open to the whole IPv4 Internet: 3,702,258,431 addresses";
        assert_eq!(estate.told(&CHECK), [format!("critical: tcp/15432 {end}")]);
        assert_eq!(estate.findings(&crate::Overrides::new()).len(), 1, "told once, and as what it is");
    }

    #[test]
    fn all_ports_hold_these_as_well() {
        let told = Estate::of(vec![allow("any", &["*"], &["0-65535"])]).told(&CHECK);
        assert!(told[0].contains("tcp/1433-1434 (SQL Server)"), "{told:?}");
    }
}
