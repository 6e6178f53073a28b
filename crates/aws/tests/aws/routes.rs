//! Routes: which client gets its reply, against the plain rule "the longest prefix that holds it" (W16). Single tables are
//! in `specs/aws/route-tables.md`.

use core::net::{IpAddr, Ipv4Addr};

use engine::decide;
use model::Reach;
use packet::{Packet, Prefix, Protocol};
use proptest::prelude::*;

use crate::network::Network;

#[derive(Clone, Copy, Debug, PartialEq)]
enum Hop {
    Gateway,
    Nat,
    Gone,
    Appliance,
}

impl Hop {
    const fn text(self) -> &'static str {
        match self {
            Self::Gateway => r#""GatewayId": "igw-1", "State": "active""#,
            Self::Nat => r#""NatGatewayId": "nat-1", "State": "active""#,
            Self::Gone => r#""GatewayId": "igw-1", "State": "blackhole""#,
            Self::Appliance => r#""NetworkInterfaceId": "eni-9", "State": "active""#,
        }
    }
}

fn routes() -> impl Strategy<Value = Vec<(Prefix, bool, Hop)>> {
    let prefixes = prop::sample::select(vec![
        "0.0.0.0/0",
        "8.0.0.0/6",
        "8.0.0.0/8",
        "8.8.0.0/16",
        "8.8.8.0/24",
        "8.8.8.8/32",
    ]);
    let hops = prop::sample::select(vec![Hop::Gateway, Hop::Nat, Hop::Gone, Hop::Appliance]);
    let route = (prefixes, any::<bool>(), hops)
        .prop_map(|(prefix, propagated, hop)| (prefix.parse().unwrap(), propagated, hop));
    prop::collection::vec(route, 0..6)
}

/// Certainly answered, and possibly.
fn plain(routes: &[(Prefix, bool, Hop)], client: Ipv4Addr) -> (bool, bool) {
    let address = u128::from(client.to_bits());
    let holds = |prefix: &Prefix| prefix.first() <= address && address <= prefix.last();
    let own = routes.iter().filter(|(prefix, ..)| holds(prefix));
    let best = own.clone().map(|(prefix, propagated, _)| (prefix.length(), !propagated)).max();
    let best: Vec<Hop> = own
        .filter(|(prefix, propagated, _)| Some((prefix.length(), !propagated)) == best)
        .map(|(.., hop)| *hop)
        .collect();
    let returns = |hop: &Hop| *hop == Hop::Gateway;
    // Two equal routes of one table contradict each other: either may be there.
    let lost = |hop: &Hop| matches!(hop, Hop::Nat | Hop::Gone);
    (!best.is_empty() && best.iter().all(returns), !best.is_empty() && !best.iter().all(lost))
}

proptest! {
    #[test]
    fn the_longest_prefix_decides(routes in routes(), reversed in any::<bool>()) {
        let mut lines: Vec<String> = routes
            .iter()
            .map(|(prefix, propagated, hop)| {
                let origin = if *propagated { "EnableVgwRoutePropagation" } else { "CreateRoute" };
                format!(r#"{{"DestinationCidrBlock": "{prefix}", {}, "Origin": "{origin}"}}"#, hop.text())
            })
            .collect();
        if reversed {
            lines.reverse();
        }
        let mut network = Network::new();
        network.routes = lines.join(", ");
        let answer = network.scan();
        let target = answer.snapshot.targets.iter().find(|target| &*target.id == "eni-1").unwrap();
        for client in ["8.8.8.8", "8.8.8.9", "8.8.9.9", "8.9.9.9", "9.9.9.9", "12.1.1.1", "198.1.1.1"] {
            let client: Ipv4Addr = client.parse().unwrap();
            let packet = Packet {
                protocol: Protocol::TCP,
                source: IpAddr::V4(client),
                source_port: 50_000,
                destination: "10.0.0.4".parse().unwrap(),
                destination_port: 22,
            };
            let told = |reach: Reach| {
                let own = target.paths.iter().filter(|path| path.reach == reach && path.destinations.addresses().contains(packet.destination));
                let decisions: Vec<_> = own.map(|path| decide(&path.filter, &packet)).collect();
                (decisions.iter().any(|one| one.allowed), decisions.iter().any(|one| one.possible))
            };
            let (certain, possible) = plain(&routes, client);
            prop_assert_eq!(told(Reach::Exposed), (certain, possible), "{} {:?}", client, routes);
            prop_assert_eq!(told(Reach::OneWay), (!possible, !certain), "{} {:?}", client, routes);
        }
    }
}
