//! Laws of the reply leg (W13), over random outbound lists and routes: what arrives is either answered from some source
//! port or told as not answered, and never both. What single lists let back is in `specs/aws/reply-leg.md`.

use core::net::IpAddr;

use engine::decide;
use model::{Path, Reach};
use packet::{Packet, Protocol};
use proptest::prelude::*;

use crate::network::{Network, everything};

/// One outbound entry.
#[derive(Clone, Debug)]
struct Entry {
    number: u32,
    allow: bool,
    protocol: &'static str,
    block: &'static str,
    first: u16,
    last: u16,
}

impl Entry {
    fn text(&self) -> String {
        let Self { number, allow, protocol, block, first, last } = self;
        let key = if block.contains(':') { "Ipv6CidrBlock" } else { "CidrBlock" };
        let action = if *allow { "allow" } else { "deny" };
        format!(
            r#"{{"RuleNumber": {number}, "Egress": true, "Protocol": "{protocol}", "RuleAction": "{action}", "{key}": "{block}",
                "PortRange": {{"From": {first}, "To": {last}}}, "IcmpTypeCode": {{"Type": {}, "Code": -1}}}}"#,
            first % 19
        )
    }
}

fn entries() -> impl Strategy<Value = Vec<Entry>> {
    let protocols = prop::sample::select(vec!["-1", "6", "17", "1", "58", "47"]);
    let blocks = prop::sample::select(vec![
        "0.0.0.0/0",
        "0.0.0.0/1",
        "8.0.0.0/8",
        "8.8.0.0/16",
        "::/0",
        "2600::/12",
        "2600:1f00::/24",
    ]);
    let ports =
        prop::sample::select(vec![(0, 65535), (1024, 65535), (443, 443), (80, 443), (0, 1023), (5000, 5001)]);
    let entry = (1..8_u32, any::<bool>(), protocols, blocks, ports).prop_map(
        |(number, allow, protocol, block, (first, last))| Entry {
            number,
            allow,
            protocol,
            block,
            first,
            last,
        },
    );
    prop::collection::vec(entry, 0..7).prop_map(|mut entries| {
        // The API knows no two entries of one number.
        entries.sort_by_key(|entry| entry.number);
        entries.dedup_by_key(|entry| entry.number);
        entries
    })
}

fn routes() -> impl Strategy<Value = String> {
    let targets = prop::sample::select(vec![r#""GatewayId": "igw-1""#, r#""NatGatewayId": "nat-1""#]);
    let prefixes = prop::sample::select(vec![
        r#""DestinationCidrBlock": "0.0.0.0/0""#,
        r#""DestinationCidrBlock": "8.0.0.0/7""#,
        r#""DestinationCidrBlock": "8.8.8.0/24""#,
        r#""DestinationIpv6CidrBlock": "::/0""#,
        r#""DestinationIpv6CidrBlock": "2600::/16""#,
    ]);
    // Two routes of one prefix would contradict each other.
    prop::collection::vec((prefixes, targets), 0..4).prop_map(|mut routes| {
        routes.sort_unstable();
        routes.dedup_by_key(|route| route.0);
        let text = |(prefix, target): &(&str, &str)| format!(r#"{{{prefix}, {target}, "State": "active"}}"#);
        routes.iter().map(text).collect::<Vec<_>>().join(", ")
    })
}

/// Ports that callers send from: those at the edges of the entries.
const CALLERS: [u16; 12] = [0, 79, 80, 442, 443, 444, 1023, 1024, 4999, 5000, 5001, 65535];
const SOURCES: [&str; 7] =
    ["8.8.8.8", "8.8.9.9", "8.9.9.9", "9.9.9.9", "198.8.8.8", "2600:1f00::1", "2a00::1"];
/// Protocol and number at the destination.
const KINDS: [(u8, u16); 9] = [
    (6, 22),
    (17, 53),
    (47, 0),
    (1, 8 << 8),
    (1, 13 << 8),
    (1, 5 << 8),
    (58, 128 << 8),
    (58, 1 << 8),
    (132, 80),
];

fn allowed(paths: &[Path], reach: Reach, packet: &Packet) -> bool {
    let of_family = |path: &&Path| path.destinations.addresses().contains(packet.destination);
    let mut own = paths.iter().filter(of_family).filter(|path| path.reach == reach);
    own.any(|path| {
        let decision = decide(&path.filter, packet);
        assert_eq!(decision.allowed, decision.possible, "everything is known");
        decision.allowed
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn what_arrives_is_answered_or_told_as_not_answered(entries in entries(), routes in routes()) {
        let outbound: Vec<String> = entries.iter().map(Entry::text).collect();
        let mut network = Network::new();
        network.entries = [vec![everything(false)], outbound].concat().join(", ");
        network.routes = routes;
        let answer = network.scan();
        let target = answer.snapshot.targets.iter().find(|target| &*target.id == "eni-1").unwrap();
        // A table that leads nowhere over IPv6 leaves the gateway open.
        for (source, (protocol, number)) in SOURCES.iter().flat_map(|source| KINDS.map(|kind| (source, kind))) {
            let source: IpAddr = source.parse().unwrap();
            let destination = if source.is_ipv4() { "10.0.0.4" } else { "2600:1f18::4" };
            let packet = |source_port| Packet {
                protocol: Protocol(protocol),
                source,
                source_port,
                destination: destination.parse().unwrap(),
                destination_port: number,
            };
            if !Protocol(protocol).is_of(packet::Family::of(source).0) {
                continue;
            }
            let answered = CALLERS.iter().any(|caller| allowed(&target.paths, Reach::Exposed, &packet(*caller)));
            let unanswered: Vec<bool> =
                CALLERS.iter().map(|caller| allowed(&target.paths, Reach::OneWay, &packet(*caller))).collect();
            // Who is not answered is not so from every port: no port would help.
            prop_assert!(unanswered.iter().all(|one| *one != answered), "{source} {protocol}/{number}: {answered} {unanswered:?}");
        }
    }
}
