//! Packets to try: the boundaries of every address, range and port that stands anywhere in a document.

use core::net::IpAddr;
use std::collections::BTreeSet;

use packet::{Family, Prefix};
use serde_json::Value;

use crate::oracle::azure::Packet;
use crate::random::Random;

/// Where packets come from and which ports they are sent to.
#[derive(Debug)]
pub(super) struct Probe {
    sources: Vec<IpAddr>,
    ports: Vec<u16>,
}

impl Probe {
    /// Of everything that stands in some values.
    pub(super) fn of<'a>(values: impl Iterator<Item = &'a Value>) -> Self {
        let mut sources: BTreeSet<IpAddr> = EVERYWHERE.iter().filter_map(|text| text.parse().ok()).collect();
        let mut ports: BTreeSet<u16> = [0, 1, 22, 443, 65534, 65535].into();
        for value in values {
            walk(value, &mut sources, &mut ports);
        }
        Self { sources: sources.into_iter().collect(), ports: ports.into_iter().collect() }
    }

    /// Adds sources.
    pub(super) fn add(&mut self, sources: impl Iterator<Item = IpAddr>) {
        let known: BTreeSet<IpAddr> = self.sources.drain(..).chain(sources).collect();
        self.sources.extend(known);
    }

    /// One packet.
    pub(super) fn packet(&self, random: &mut Random) -> Packet {
        let source = self.source(random);
        let protocol = protocol(source, random);
        Packet { protocol, source, port: self.port(protocol, random) }
    }

    /// A source, mostly one at a boundary.
    pub(super) fn source(&self, random: &mut Random) -> IpAddr {
        match random.below(10) {
            0 => Family::V4.address(random.wide() >> 96),
            1 => Family::V6.address((0x2000_u128 << 112) | (random.wide() >> 3)),
            _ => *random.pick(&self.sources),
        }
    }

    /// A port, mostly one at a boundary; zero where the protocol has none.
    pub(super) fn port(&self, protocol: u8, random: &mut Random) -> u16 {
        let port = if random.chance(88) { *random.pick(&self.ports) } else { random.bits() as u16 };
        if [6, 17].contains(&protocol) { port } else { 0 }
    }
}

/// A13: ICMP of IPv4 does not travel over IPv6, so there is no such packet to ask about.
pub(super) fn protocol(source: IpAddr, random: &mut Random) -> u8 {
    let protocols: &[u8] =
        if source.is_ipv6() { &[6, 6, 17, 50, 51] } else { &[6, 6, 6, 17, 17, 1, 50, 51, 47] };
    *random.pick(protocols)
}

fn walk(value: &Value, sources: &mut BTreeSet<IpAddr>, ports: &mut BTreeSet<u16>) {
    match value {
        Value::Array(members) => members.iter().for_each(|it| walk(it, sources, ports)),
        Value::Object(members) => members.values().for_each(|it| walk(it, sources, ports)),
        Value::Number(number) => {
            if let Some(port) = number.as_u64().and_then(|it| u16::try_from(it).ok()) {
                ports.extend([port.saturating_sub(1), port, port.saturating_add(1)]);
            }
        }
        Value::String(text) => {
            for part in text.split([',', '-']).map(str::trim) {
                sources.extend(part.parse().ok().into_iter().flat_map(ends));
                if let Ok(port) = part.parse::<u16>() {
                    ports.extend([port.saturating_sub(1), port, port.saturating_add(1)]);
                }
            }
        }
        Value::Null | Value::Bool(_) => {}
    }
}

/// The first and last address of a prefix, and those beside them.
fn ends(prefix: Prefix) -> [IpAddr; 4] {
    let (family, first, last) = (prefix.family(), prefix.first(), prefix.last());
    let above = last.saturating_add(1).min(family.highest());
    [first.saturating_sub(1), first, last, above].map(|value| family.address(value))
}

const EVERYWHERE: [&str; 8] =
    ["8.8.8.8", "9.9.9.9", "100.0.0.1", "200.1.1.1", "168.63.129.16", "10.1.2.3", "2a00:1450::1", "2600::1"];
