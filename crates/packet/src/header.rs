//! One packet: the header fields that a firewall decides on.

use core::net::IpAddr;

use crate::{Family, Protocol};

/// The header of a packet that opens a flow. Ports are zero where the protocol has none; type and code stand in for
/// the destination port where it has these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Packet {
    /// The protocol.
    pub protocol: Protocol,
    /// The address it comes from.
    pub source: IpAddr,
    /// The port it comes from.
    pub source_port: u16,
    /// The address it goes to.
    pub destination: IpAddr,
    /// The port it goes to; type × 256 + code where the protocol has types.
    pub destination_port: u16,
}

impl Packet {
    /// The family of its source.
    #[must_use]
    pub fn family(&self) -> Family {
        Family::of(self.source).0
    }
}
