//! Routes: which client gets its reply, against the plain rule "of those that hold it and are for the machine the longest,
//! then the lowest priority". Single tables are in `specs/gcp/routes.md`.

use core::net::{IpAddr, Ipv4Addr};

use engine::decide;
use model::Reach;
use packet::{Packet, Prefix, Protocol};
use proptest::prelude::*;

use crate::estate::API;
use crate::network::{Network, machine, route};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Hop {
    Gateway,
    Appliance,
    Dropped,
}

impl Hop {
    fn says(self) -> String {
        match self {
            Self::Gateway => {
                format!(r#""nextHopGateway": "{API}projects/p/global/gateways/default-internet-gateway""#)
            }
            Self::Appliance => {
                format!(r#""nextHopInstance": "{API}projects/p/zones/europe-west1-b/instances/nva""#)
            }
            Self::Dropped => {
                r#""nextHopGateway": "global/gateways/default-internet-gateway", "routeStatus": "DROPPED""#
                    .to_owned()
            }
        }
    }
}

#[derive(Clone, Debug)]
struct Way {
    prefix: Prefix,
    priority: u32,
    tag: Option<&'static str>,
    hop: Hop,
}

fn ways() -> impl Strategy<Value = Vec<Way>> {
    let prefixes = ["0.0.0.0/0", "8.0.0.0/6", "8.0.0.0/8", "8.8.0.0/16", "8.8.8.0/24", "8.8.8.8/32"];
    let prefixes = prop::sample::select(prefixes.to_vec());
    let hops = prop::sample::select(vec![Hop::Gateway, Hop::Gateway, Hop::Appliance, Hop::Dropped]);
    let tags = prop::sample::select(vec![None, None, Some("web"), Some("db")]);
    let way = (prefixes, 0_u32..3, tags, hops).prop_map(|(prefix, priority, tag, hop)| {
        let prefix = prefix.parse().unwrap();
        Way { prefix, priority, tag, hop }
    });
    prop::collection::vec(way, 0..7)
}

/// Certainly answered, and possibly.
fn plain(ways: &[Way], client: Ipv4Addr) -> (bool, bool) {
    let address = u128::from(client.to_bits());
    let holds = |way: &&Way| way.prefix.first() <= address && address <= way.prefix.last();
    let is_own = |way: &&Way| way.tag.is_none_or(|tag| tag == "web") && way.hop != Hop::Dropped;
    let own: Vec<&Way> = ways.iter().filter(is_own).filter(holds).collect();
    let order = |way: &&&Way| (u8::MAX - way.prefix.length(), way.priority);
    let best = own.iter().map(|way| order(&way)).min();
    let best: Vec<Hop> = own.iter().filter(|way| Some(order(way)) == best).map(|way| way.hop).collect();
    (!best.is_empty() && best.iter().all(|hop| *hop == Hop::Gateway), !best.is_empty())
}

proptest! {
    #[test]
    fn the_longest_prefix_decides(ways in ways(), reversed in any::<bool>()) {
        let mut lines: Vec<String> = ways
            .iter()
            .enumerate()
            .map(|(number, Way { prefix, priority, tag, hop })| {
                let tags = tag.map(|tag| format!(r#", "tags": ["{tag}"]"#)).unwrap_or_default();
                let says = format!(r#""destRange": "{prefix}", "priority": {priority}, {}{tags}"#, hop.says());
                route(&format!("r{number}"), &says)
            })
            .collect();
        // One route of the network there always is: that of its subnet.
        let local = format!(r#""destRange": "10.0.0.0/24", "priority": 0, "nextHopNetwork": "{API}projects/p/global/networks/net""#);
        lines.push(route("local", &local));
        if reversed {
            lines.reverse();
        }
        let mut network = Network::new();
        network.routes = lines.join(", ");
        let answer = network.scan();
        let target = answer.snapshot.targets.iter().find(|target| &*target.name == "vm").unwrap();
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
            let (certain, possible) = plain(&ways, client);
            prop_assert_eq!(told(Reach::Exposed), (certain, possible), "{} {:?}", client, ways);
            prop_assert_eq!(told(Reach::OneWay), (!possible, !certain), "{} {:?}", client, ways);
        }
    }
}

/// What the input has no route of is presumed, once, and named with the command that exports it.
#[test]
fn routes_that_nobody_exported_are_presumed() {
    let mut network = Network::new();
    let told = |network: &Network| {
        let answer = network.scan();
        let missing: Vec<String> =
            answer.snapshot.missing.iter().filter(|line| line.contains("routes list")).cloned().collect();
        (answer.exposures(), missing)
    };
    let (with, missing) = told(&network);
    assert_eq!(missing, Vec::<String>::new());
    network.routes = String::new();
    let (without, missing) = told(&network);
    assert_eq!(with, without);
    assert_eq!(missing.len(), 1, "{missing:?}");
    // Nobody asks for the replies of a machine that cannot be reached.
    network.instances = machine("vm", "", &[]);
    assert_eq!(told(&network).1, Vec::<String>::new());
}

/// A thousand machines with the same tags are one question.
#[test]
fn machines_alike_share_their_filters() {
    let mut network = Network::new();
    let tags = [r#""items": ["web"]"#, r#""items": ["db"]"#];
    let machines = (0..1000).map(|number: usize| {
        let address = format!("10.0.{}.{}", number / 250, number % 250);
        machine(&format!("vm{number}"), tags[number % 2], &[(&address, "203.0.113.10")])
    });
    network.instances = machines.collect::<Vec<_>>().join(", ");
    network.routes = [
        route("half", r#""destRange": "0.0.0.0/1", "priority": 5, "nextHopIp": "10.0.0.9", "tags": ["web"]"#),
        route(
            "rest",
            r#""destRange": "0.0.0.0/0", "priority": 5, "nextHopGateway": "default-internet-gateway""#,
        ),
    ]
    .join(", ");
    let answer = network.scan();
    let paths = answer.snapshot.targets.iter().flat_map(|target| &target.paths);
    let mut filters: Vec<_> = paths.map(|path| std::sync::Arc::as_ptr(&path.filter).addr()).collect();
    assert!(filters.len() > 2000, "{}", filters.len());
    filters.sort_unstable();
    filters.dedup();
    // Both ways of each family, with the appliance's route and without.
    assert!(filters.len() <= 8, "{}", filters.len());
}
