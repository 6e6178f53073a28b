//! The Internet reaches a port that no other check of ports speaks of.

use crate::controls::{self, defender};
use crate::hole::{Hit, holes, reached};
use crate::{Check, Class, Facts, Found, Run, message};

pub(crate) static CHECK: Check = Check {
    name: "internet-reaches-port",
    summary: "a port is reachable from the Internet",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1190"],
    controls: controls::PORT,
    recommendations: &[
        defender(
            "All network ports should be restricted on network security groups associated to your virtual machine",
        ),
        defender("Machines should have ports closed that might expose attack vectors"),
    ],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let classes = [Class::Other, Class::Web, Class::Portless];
    let hits = reached(facts).filter_map(|exposure| Hit::of(exposure, &classes));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, message::told(hole))).collect()
}

const PAGE: &str = "\
# internet-reaches-port

A port is reachable from the Internet.

## What it finds

Filters that let Internet addresses in on ports that no other check of ports speaks of: neither administration nor
database ports nor UDP amplifiers, and not a block of all ports. HTTP and HTTPS are among them, and protocols without
ports by themselves: ICMP, ESP, AH.

## Why it matters

What is meant to be public is known to somebody. This is the list to hold against what is known.

## How bad it is

Medium when all of the Internet or a broad part of it gets in, low from a wide part or from addresses that anybody can
rent, info from few addresses. HTTP on 80, HTTPS on 443 and protocols without ports are info. One step lower when the
path is not in the input, and one when the answer rests on something unknown. Low when no reply leaves.

## What to do

Accept what is meant, with a reason and an owner. Close the rest, or limit its sources.

## What it does not say

Whether something listens, and whether it is meant to be reached.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, allow};

    fn told(protocol: &str, ports: &[&str]) -> Vec<String> {
        Estate::of(vec![allow(protocol, &["0.0.0.0/0"], ports)]).told(&CHECK)
    }

    const END: &str = "open to the whole IPv4 Internet: 3,702,258,431 addresses";

    #[test]
    fn ports_for_the_web_are_info_and_others_are_medium() {
        assert_eq!(told("tcp", &["80", "443"]), [format!("info: tcp/80 (HTTP), tcp/443 (HTTPS) {END}")]);
        assert_eq!(told("tcp", &["443", "8080"]), [format!("medium: tcp/443 (HTTPS), tcp/8080 {END}")]);
        assert_eq!(told("tcp", &["8000-9000"]), [format!("medium: tcp/8000-8085, tcp/8087-9000 {END}")]);
    }

    #[test]
    fn protocols_without_ports_are_info() {
        assert_eq!(told("icmp", &["0-65535"]), [format!("info: icmp {END}")]);
    }

    #[test]
    fn what_another_check_speaks_of_is_not_told_here() {
        for (protocol, ports) in
            [("tcp", "22"), ("tcp", "3306"), ("udp", "53"), ("tcp", "1-65535"), ("any", "0-65535")]
        {
            assert!(told(protocol, &[ports]).is_empty(), "{protocol}/{ports}");
        }
        assert_eq!(told("tcp", &["21-23"]), [format!("medium: tcp/21 (FTP) {END}")]);
    }

    #[test]
    fn a_latent_opening_is_not_told() {
        let estate = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["8080"])]);
        assert!(estate.latent().told(&CHECK).is_empty());
    }
}
