//! Protocols and ports of rules (semantics A11, A12, A13, C3, C6).

use crate::estate::{scan, standard};

fn check(line: &str, expected: &[&str], codes: &[&str]) {
    let answer = scan(&standard(&[line]));
    answer.check(expected);
    assert_eq!(answer.codes(), codes, "{line}");
}

#[test]
fn any_with_every_port_is_the_whole_universe() {
    check("100 allow * * * *", &["nic exposed any any 3702258431 / -"], &[]);
    check("100 allow Any * * 0-21,22,23-65535", &["nic exposed any any 3702258431 / -"], &[]);
}

#[test]
fn any_with_some_ports_is_tcp_and_udp() {
    check(
        "100 allow * * * 53",
        &["nic exposed tcp/53 any 3702258431 / -", "nic exposed udp/53 any 3702258431 / -"],
        &[],
    );
}

#[test]
fn protocols_without_ports() {
    for protocol in ["icmp", "esp", "ah"] {
        let expected = format!("nic exposed {protocol} any 3702258431 / -");
        check(&format!("100 allow {} * * *", protocol.to_uppercase()), &[&expected], &[]);
        let possible = format!("nic exposed possible {protocol} any 3702258431 / -");
        check(&format!("100 allow {protocol} * * 8"), &[&possible], &["portless-protocol-with-ports"]);
    }
}

/// A13: ICMPv6 is outside of the universe.
#[test]
fn icmp_is_that_of_ipv4() {
    let mut documents = standard(&["100 allow icmp * * *"]);
    documents[1] = documents[1].replace("10.0.0.4", "fd00::4").replace("IPv4", "IPv6");
    scan(&documents).check(&[]);
}

#[test]
fn a_source_port_is_the_callers_choice() {
    let documents: Vec<String> = standard(&["100 allow tcp * * 22"])
        .into_iter()
        .map(|text| text.replace(r#""sourcePortRange": "*""#, r#""sourcePortRange": "1024-65535""#))
        .collect();
    scan(&documents).check(&["nic exposed tcp/22 any 3702258431 / -"]);
}
