//! The Internet reaches an administration port.

use crate::controls::{self, defender};
use crate::hole::{Hit, holes, reached};
use crate::{Check, Class, Facts, Found, Run, message};

pub(crate) static CHECK: Check = Check {
    name: "internet-reaches-admin-port",
    summary: "an administration port is reachable from the Internet",
    page: PAGE,
    attack: &["T1686.001", "T1562.007", "T1133", "T1190", "T1021", "T1110"],
    controls: controls::ADMINISTRATION,
    recommendations: &[
        defender("Management ports should be closed on your virtual machines"),
        defender(
            "Management ports of virtual machines should be protected with just-in-time network access control",
        ),
    ],
    run: Run::Estate(run),
};

fn run(facts: &Facts<'_>) -> Vec<Found> {
    let hits = reached(facts).filter_map(|exposure| Hit::of(exposure, &[Class::Administration]));
    holes(hits).iter().map(|hole| hole.finding(&CHECK, message::told(hole))).collect()
}

const PAGE: &str = "\
# internet-reaches-admin-port

An administration port is reachable from the Internet.

## What it finds

Filters that let Internet addresses in on a port from which a machine is run: SSH, RDP, WinRM, Telnet, SMB and RPC,
VNC, Docker, Kubernetes, the r-services (TCP); RDP and IPMI (UDP). The set of packets decides, not the spelling: a
range, a list, two halves of the Internet, or every port at once reach these ports as well, and are told here too.

## Why it matters

Scanners find such a port within minutes. What stands behind it is a password prompt, or a service whose next
vulnerability gives the whole machine away.

## How bad it is

Critical when all of the Internet or a broad part of it gets in, high from a wide part or from addresses that anybody
can rent, low from few addresses. One step lower when the path is not in the input, and one when the answer rests on
something unknown. Low when no reply leaves.

## What to do

Reach the machine through a bastion, a VPN, just-in-time access or the sessions that its provider offers, and take the
rule away. If it has to stay, limit its sources to the addresses that used it.

## What it does not say

Whether something listens, and who came in. Filters inside the machine are not known here.
";

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::estate::{Estate, allow};

    #[test]
    fn the_message_names_port_and_count() {
        let told = Estate::of(vec![allow("tcp", &["0.0.0.0/0"], &["3389"])]).told(&CHECK);
        let expected = "critical: tcp/3389 (RDP) open to the whole IPv4 Internet: 3,702,258,431 addresses";
        assert_eq!(told, [expected]);
    }

    #[test]
    fn halves_in_two_rules_are_told() {
        let halves = vec![allow("tcp", &["0.0.0.0/1"], &["22"]), allow("tcp", &["128.0.0.0/1"], &["20-30"])];
        let expected = "critical: tcp/22-23 (SSH, Telnet) open to up to the whole IPv4 Internet: 3,702,258,431 \
                        addresses, spelled 0.0.0.0/1 + 128.0.0.0/1: two halves that together are everything";
        assert_eq!(Estate::of(halves).told(&CHECK), [expected]);
    }

    #[test]
    fn ports_next_door_and_other_protocols_are_not() {
        for (protocol, ports) in
            [("tcp", "21"), ("tcp", "24-134"), ("tcp", "3388"), ("tcp", "3390"), ("udp", "22")]
        {
            let estate = Estate::of(vec![allow(protocol, &["0.0.0.0/0"], &[ports])]);
            assert!(estate.told(&CHECK).is_empty(), "{protocol}/{ports}");
        }
    }

    #[test]
    fn all_ports_hold_these_as_well() {
        for (protocol, ports) in [("tcp", "1-65535"), ("any", "0-65535")] {
            let told = Estate::of(vec![allow(protocol, &["0.0.0.0/0"], &[ports])]).told(&CHECK);
            assert!(told[0].starts_with("critical: tcp/22-23 (SSH, Telnet), tcp/3389 (RDP), "), "{told:?}");
        }
    }

    #[test]
    fn few_sources_are_low_and_a_latent_opening_is_not_told() {
        let office = vec![allow("tcp", &["8.8.8.8/32"], &["22"])];
        let told = Estate::of(office.clone()).told(&CHECK);
        assert_eq!(told, ["low: tcp/22 (SSH) open to 1 IPv4 address (8.8.8.8/32)"]);
        assert!(Estate::of(office).latent().told(&CHECK).is_empty());
        assert!(Estate::of(vec![allow("tcp", &["10.0.0.0/8"], &["22"])]).told(&CHECK).is_empty());
    }
}
