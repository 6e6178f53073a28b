//! One packet in words.
//!
//! Knows no column and no colour.

use core::net::SocketAddr;

use engine::Witness;
use packet::Protocol;

use crate::wire::endpoint;

/// `8.8.8.8:50000 -> 20.50.1.20:3389`, to the front where there is one; to the name of what has no address.
pub(crate) fn arrow(witness: &Witness, name: &str) -> String {
    let packet = &witness.packet;
    let port = |port| packet.protocol.has_ports().then_some(port);
    let protocol =
        if packet.protocol == Protocol::TCP { String::new() } else { format!("{} ", packet.protocol) };
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
