//! Networks: what `VirtualNetwork` and `Internet` are in a subnet (semantics A14, A15, A16, T11).

use crate::estate::{network, network_of, route_table, scan, standard};

fn routed(rule: &str, routes: &[(&str, &str)]) -> Vec<String> {
    let mut documents = standard(&[rule]);
    documents[3] = network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", "rt"]]);
    documents.push(route_table("rt", routes));
    documents
}

/// T11, A15: a default route to an appliance makes `VirtualNetwork` everything. AP13: replies go to the appliance.
#[test]
fn a_default_route_to_an_appliance_is_certain() {
    let answer = scan(&routed("4000 deny udp * * 53", &[("0.0.0.0/0", "VirtualAppliance")]));
    let exposures = answer.exposures();
    let tcp = "nic exposed possible tcp/0-65535 any 3702258431 / -";
    assert!(exposures.contains(&tcp.to_owned()), "{exposures:?}");
    let udp = "nic exposed udp/0-52,54-65535 any 3702258431 / -";
    assert!(exposures.contains(&udp.to_owned()), "{exposures:?}");
    let halves = [("0.0.0.0/1", "VirtualAppliance"), ("128.0.0.0/1", "virtualappliance")];
    scan(&routed("100 allow tcp VirtualNetwork * 22", &halves)).check(&every_protocol_but_tcp_proved());
}

fn every_protocol_but_tcp_proved() -> [&'static str; 5] {
    [
        "nic exposed ah any 3702258431 / -",
        "nic exposed esp any 3702258431 / -",
        "nic exposed icmp any 3702258431 / -",
        "nic exposed possible tcp/0-65535 any 3702258431 / -",
        "nic exposed udp/0-65535 any 3702258431 / -",
    ]
}

/// Other next hops are documented for nothing: possible.
#[test]
fn a_default_route_to_elsewhere_is_possible() {
    scan(&routed("100 allow tcp 8.8.8.8 * *", &[("0.0.0.0/0", "Internet")])).check(&[
        "nic exposed possible ah any 3702258431 / -",
        "nic exposed possible esp any 3702258431 / -",
        "nic exposed possible icmp any 3702258431 / -",
        "nic exposed possible tcp/0-65535 any 3702258430 / -",
        "nic exposed possible udp/0-65535 any 3702258431 / -",
        "nic exposed tcp/0-65535 narrow 1 / -",
    ]);
}

/// A word nobody knows may be an appliance under another name: possible, and said; the known words say nothing.
#[test]
fn a_next_hop_nobody_knows_is_a_gap() {
    let answer = |hop| scan(&routed("100 allow tcp 8.8.8.8 * *", &[("0.0.0.0/0", hop)]));
    assert_eq!(answer("VirtualAplliance").codes(), ["unknown-next-hop"]);
    assert_eq!(answer("").codes(), ["unknown-next-hop"]);
    // AP13: nor is it known where replies go.
    assert_eq!(answer("VirtualAplliance").exposures(), ["nic exposed possible any any 3702258431 / -"]);
    assert_eq!(answer("None").exposures(), answer("VirtualAplliance").exposures());
    for hop in
        ["VirtualAppliance", "virtualapplianceecmp", "VNetLocal", "INTERNET", "none", "VirtualNetworkGateway"]
    {
        assert_eq!(answer(hop).codes(), [""; 0], "{hop}");
    }
}

/// A15: in such a subnet `Internet` has the bounds [empty, everything outside].
#[test]
fn the_internet_may_shrink_with_a_default_route() {
    let mut documents = routed("100 deny tcp Internet * 22", &[("0.0.0.0/0", "VirtualAppliance")]);
    documents[0] = documents[0].replace("\"deny\"", "\"Deny\"");
    let exposures = scan(&documents).exposures();
    assert!(
        exposures.iter().any(|line| line.starts_with("nic exposed possible tcp/0-65535 any")),
        "{exposures:?}"
    );
}

#[test]
fn a_small_route_takes_its_prefix_out_of_the_internet() {
    let answer = scan(&routed("100 allow tcp Internet * *", &[("8.8.8.0/24", "VirtualAppliance")]));
    let sources = &answer.snapshot.lists[0].rules[0].matches.sources;
    let inside = "8.8.8.8".parse().unwrap();
    assert!(!sources.must.contains(inside) && sources.may.contains(inside));
    // Rule 65000 admits the prefix for certain.
    assert!(answer.exposures().contains(&"nic exposed udp/0-65535 narrow 256 / -".to_owned()));
}

/// A16: peers are in `VirtualNetwork`, unless access is not allowed or the peering is down.
#[test]
fn peers_belong_to_the_virtual_network() {
    let peered = |more: &str| {
        let peering = format!(
            r#", "virtualNetworkPeerings": [{{"name": "p", "peeringState": "Connected", "remoteAddressSpace": {{"addressPrefixes": ["20.9.0.0/16"]}}{more}}}]"#
        );
        let mut documents = standard(&["100 allow tcp VirtualNetwork * 22", "110 deny * * * *"]);
        documents[3] = network_of("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""]], &peering);
        scan(&documents).exposures()
    };
    assert_eq!(peered(""), ["nic exposed tcp/22 wide 65536 / -"]);
    assert_eq!(peered(r#", "allowVirtualNetworkAccess": false"#), [""; 0]);
    assert_eq!(peered(r#", "peeringState": "Disconnected""#), [""; 0]);
    assert_eq!(peered(r#", "peerCompleteVnets": false"#), ["nic exposed possible tcp/22 wide 65536 / -"]);
}

/// The kind absent is told; one missing is a gap, and the tag may be everything.
#[test]
fn missing_route_tables() {
    let mut documents = routed("100 allow tcp 8.8.8.8 * 22", &[]);
    documents.pop();
    let answer = scan(&documents);
    answer.check(&["nic exposed tcp/22 narrow 1 / -"]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("az network route-table list")));
    assert_eq!(answer.codes(), [""; 0]);
    documents.push(route_table("other", &[]));
    let answer = scan(&documents);
    assert_eq!(answer.codes(), ["dangling-reference"]);
    answer.check(&["nic exposed possible any any 3702258431 / -"]);
}

#[test]
fn without_networks_the_tag_is_private() {
    let documents = standard(&["100 allow tcp VirtualNetwork * 22"]);
    let answer = scan(&documents[..3]);
    answer.check(&[]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("az network vnet list")));
}

#[test]
fn a_missing_network_is_a_gap() {
    let mut documents = standard(&["100 allow tcp 8.8.8.8 * 22"]);
    documents[3] = network("w", "10.1.0.0/16", &[]);
    let answer = scan(&documents);
    assert_eq!(answer.codes(), ["dangling-reference"]);
    assert!(answer.exposures().contains(&"nic exposed tcp/22 narrow 1 / -".to_owned()));
}
