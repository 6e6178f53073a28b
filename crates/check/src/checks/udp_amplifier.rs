//! The Internet reaches a UDP service that amplifies.

use crate::controls::{self, defender};
use crate::hole::{Hit, holes, reached};
use crate::{Check, Class, Facts, Found, Run, message};

pub(crate) static CHECK: Check = Check {
    name: "udp-amplifier",
    summary: "a UDP port that amplifies attacks on others is reachable from the Internet",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1498.002"],
    controls: controls::AMPLIFIER,
    recommendations: &[defender("Machines should have ports closed that might expose attack vectors")],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let hits = reached(facts).filter_map(|exposure| Hit::of(exposure, &[Class::Amplifier]));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, message::told(hole))).collect()
}

const PAGE: &str = "\
# udp-amplifier

A UDP port that amplifies attacks on others is reachable from the Internet.

## What it finds

Filters that let Internet addresses in on UDP ports whose services answer a small question with a large answer: DNS,
NTP, SNMP, CLDAP, SSDP, Memcached, QOTD, CHARGEN, TFTP, Portmapper, NetBIOS, RIP, WS-Discovery, mDNS and others. All
UDP ports, or every protocol, hold these as well.

## Why it matters

UDP asks nobody whether the source address is true. Who forges the address of a victim lets the machine send it the
large answers. Several of these services also tell about the machine, or let it be changed.

## How bad it is

High when all of the Internet or a broad part of it gets in, medium from a wide part or from addresses that anybody
can rent, info from few addresses. One step lower when the path is not in the input, and one when the answer rests on
something unknown. A missing reply path lowers nothing: a single datagram can do harm.

## What to do

Close the port, or let in only those who are served. A public name or time server is limited in what it answers.

## What it does not say

Whether a service listens, and by how much it amplifies.
";

#[cfg(test)]
mod tests {
    use model::Reach;

    use super::CHECK;
    use crate::estate::{Estate, allow};

    #[test]
    fn amplifiers_are_told_by_name() {
        let estate = Estate::of(vec![allow("udp", &["0.0.0.0/0"], &["53", "123"])]);
        let end = "udp/53 (DNS), udp/123 (NTP) open to the whole IPv4 Internet: 3,702,258,431 addresses";
        assert_eq!(estate.told(&CHECK), [format!("high: {end}")]);
        let one_way = estate.reach(Reach::OneWay).told(&CHECK);
        assert!(
            one_way[0].starts_with("high: udp/53 (DNS), udp/123 (NTP) open one way, without a reply, to ")
        );
    }

    #[test]
    fn tcp_ports_next_door_and_latent_openings_are_not() {
        for (protocol, ports) in [("tcp", "53"), ("udp", "54-68"), ("udp", "122"), ("udp", "124-136")] {
            let estate = Estate::of(vec![allow(protocol, &["0.0.0.0/0"], &[ports])]);
            assert!(estate.told(&CHECK).is_empty(), "{protocol}/{ports}");
        }
        assert!(Estate::of(vec![allow("udp", &["0.0.0.0/0"], &["53"])]).latent().told(&CHECK).is_empty());
    }
}
