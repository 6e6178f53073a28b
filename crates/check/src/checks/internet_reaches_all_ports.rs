//! The Internet reaches every port.

use crate::controls::{self, defender};
use crate::hole::{Hit, holes, reached};
use crate::{Check, Class, Facts, Found, Run, message};

pub(crate) static CHECK: Check = Check {
    name: "internet-reaches-all-ports",
    summary: "every port is reachable from the Internet",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1190", "T1133", "T1046"],
    controls: controls::ALL_PORTS,
    recommendations: &[
        defender(
            "All network ports should be restricted on network security groups associated to your virtual machine",
        ),
        defender("Management ports should be closed on your virtual machines"),
    ],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let hits = reached(facts).filter_map(|exposure| Hit::of(exposure, &[Class::AllPorts]));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, message::told(hole))).collect()
}

const PAGE: &str = "\
# internet-reaches-all-ports

Every port is reachable from the Internet.

## What it finds

Filters that let Internet addresses in on every protocol, or on all ports of one protocol but at most 1,024 of them:
`*`, `0-65535`, `1-65535`, or a list of ranges that comes to the same.

## Why it matters

There is no filter then. Whatever starts to listen on the machine, tomorrow as well, is on the Internet at once.

## How bad it is

Critical when all of the Internet or a broad part of it gets in, high from a wide part or from addresses that anybody
can rent, low from few addresses. One step lower when the path is not in the input, and one when the answer rests on
something unknown. Low when no reply leaves.

## What to do

Name the ports that are meant in rules of their own, and take this one away. The checks of administration and database
ports speak of the same hole, so closing it closes theirs.

## What it does not say

Which of the ports have something behind them.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, allow};

    fn told(protocol: &str, ports: &[&str]) -> Vec<String> {
        Estate::of(vec![allow(protocol, &["0.0.0.0/0"], ports)]).told(&CHECK)
    }

    #[test]
    fn every_spelling_of_all_ports_is_told() {
        const END: &str = "open to the whole IPv4 Internet: 3,702,258,431 addresses";
        assert_eq!(told("tcp", &["0-21", "22", "23-65535"]), [format!("critical: every tcp port {END}")]);
        assert_eq!(told("udp", &["1-65535"]), [format!("critical: every udp port but 0 {END}")]);
        assert_eq!(told("tcp", &["1024-65535"]), [format!("critical: every tcp port but 0-1023 {END}")]);
        assert_eq!(told("any", &["0-65535"]), [format!("critical: every protocol and port {END}")]);
    }

    #[test]
    fn one_port_less_is_not_all_and_neither_is_a_latent_opening() {
        assert!(told("tcp", &["1025-65535"]).is_empty());
        assert!(told("icmp", &["0-65535"]).is_empty());
        let all = vec![allow("tcp", &["0.0.0.0/0"], &["0-65535"])];
        assert!(Estate::of(all).latent().told(&CHECK).is_empty());
    }
}
