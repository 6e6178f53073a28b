//! Packets from inside: rules of a network hold for them too, ways from outside do not (G3).

use core::net::IpAddr;

use engine::{Aim, Reason, Sent, Verdict, send};
use packet::Protocol;

use crate::network::{Network, rule};

fn answer(network: &Network, source: &str, port: u16) -> (Verdict, Reason) {
    let snapshot = network.scan().snapshot;
    let source: IpAddr = source.parse().unwrap();
    let sent = Sent { protocol: Protocol::TCP, source, source_port: None, aim: Aim::Port(port) };
    let targets: Vec<_> = snapshot.targets.iter().filter(|target| &*target.name == "vm").collect();
    let answer = send(&snapshot, &targets, &sent);
    (answer.verdict, answer.reason)
}

/// The network of these tests, whose machine has no external address and whose only rule is this one.
fn latent(network: &mut Network, source: &str) {
    let (inner, _) = network.instances.split_once(", \"accessConfigs\"").unwrap();
    network.instances = format!("{inner}}}]}}");
    network.rules = rule("ssh", source);
}

#[test]
fn what_no_rule_lets_in_is_kept_out_inside_too() {
    let mut network = Network::new();
    latent(&mut network, "0.0.0.0/0");
    assert_eq!(answer(&network, "10.0.0.9", 23), (Verdict::Deny, Reason::NoPath));
    assert_eq!(answer(&network, "8.8.8.8", 22), (Verdict::Deny, Reason::NoPath));
}

#[test]
fn who_is_inside_needs_no_external_address() {
    let mut network = Network::new();
    latent(&mut network, "0.0.0.0/0");
    assert_eq!(answer(&network, "10.0.0.9", 22), (Verdict::Undecided, Reason::Inside));
    // The Identity-Aware Proxy hands on what its users send, to machines without an external address too.
    assert_eq!(answer(&network, "35.235.240.9", 22), (Verdict::Undecided, Reason::Inside));
}

#[test]
fn replies_inside_take_other_routes_than_those_to_the_internet() {
    let mut network = Network::new();
    network.rules = rule("ssh", "10.0.0.0/8");
    for routes in [network.routes.clone(), crate::network::route("local", LOCAL)] {
        network.routes = routes;
        assert_eq!(answer(&network, "10.0.0.9", 22).0, Verdict::Allow);
        assert_eq!(answer(&network, "172.16.0.9", 22).0, Verdict::Deny);
        assert_eq!(answer(&network, "8.8.8.8", 22).0, Verdict::Deny);
    }
}

/// Whether a rule takes an address of the network for that of a member is not known where the Internet has the number too.
#[test]
fn own_addresses_of_ipv6_are_inside() {
    let mut network = Network::new();
    network.rules = rule("ssh6", "2400::/12");
    assert_eq!(answer(&network, "2600:1900:4000:1:5::", 22), (Verdict::Undecided, Reason::Inside));
    assert_eq!(answer(&network, "2600:1900:4000:2:5::", 22).0, Verdict::Deny);
}

const LOCAL: &str =
    r#""destRange": "10.0.0.0/24", "priority": 0, "nextHopNetwork": "projects/p/global/networks/net""#;
