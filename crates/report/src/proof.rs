//! One packet in words.
//!
//! Knows no column and no colour.

use core::net::SocketAddr;

use engine::Witness;
use packet::Protocol;

use crate::wire::{endpoint, type_and_code};

/// As [`arrow`], with the source ports from which it gets in where that is not every one: `, only from source port 443`.
pub(crate) fn told(witness: &Witness, name: &str) -> String {
    let source_ports = &witness.source_ports;
    let limited = match source_ports.is_everything() || source_ports.is_empty() {
        true => String::new(),
        false => only_from(&source_ports.ranges().map(|range| range.to_string()).collect::<Vec<_>>()),
    };
    arrow(witness, name) + &limited
}

/// `, only from source port 443`, `, only from source ports 1024-65535`.
pub(crate) fn only_from(source_ports: &[String]) -> String {
    let noun = match source_ports {
        [only] if !only.contains('-') => "port",
        _ => "ports",
    };
    let listed = source_ports.iter().take(RANGES_MAX).map(String::as_str).collect::<Vec<_>>().join(",");
    let more = match source_ports.len().saturating_sub(RANGES_MAX) {
        0 => String::new(),
        more => format!(",+{more}"),
    };
    format!(", only from source {noun} {listed}{more}")
}

/// `8.8.8.8:50000 -> 20.50.1.20:3389`, `icmp 8/0 8.8.8.8 -> 20.50.1.20`, to the front where there is one; to the name
/// of what has no address.
pub(crate) fn arrow(witness: &Witness, name: &str) -> String {
    let packet = &witness.packet;
    let port = |port| packet.protocol.has_ports().then_some(port);
    let protocol = match (packet.protocol, type_and_code(packet.protocol, packet.destination_port)) {
        (Protocol::TCP, _) => String::new(),
        (protocol, Some(type_and_code)) => format!("{protocol} {type_and_code} "),
        (protocol, None) => format!("{protocol} "),
    };
    let source = endpoint(packet.source, port(packet.source_port));
    let inside = port(packet.destination_port);
    let outside = |front: SocketAddr| endpoint(front.ip(), port(front.port()));
    let unknown = || inside.map_or_else(|| name.to_owned(), |port| format!("{name}:{port}"));
    let target = match (witness.front, witness.target) {
        (Some(front), _) => outside(front),
        (None, Some(target)) => endpoint(target, inside),
        (None, None) => unknown(),
    };
    format!("{protocol}{source} -> {target}")
}

/// Ranges of source ports that are listed.
const RANGES_MAX: usize = 4;
