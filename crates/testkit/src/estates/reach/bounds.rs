//! Packets to try: every combination of what some document names and of what lies beside it.

use core::net::IpAddr;
use std::collections::BTreeSet;

use packet::{AddressSet, Family, Prefix};
use serde_json::Value;

/// Sources, ports, and types of ICMP.
#[derive(Clone, Debug, Default)]
pub(in crate::estates) struct Boundaries {
    pub(in crate::estates) sources: BTreeSet<IpAddr>,
    pub(in crate::estates) ports: BTreeSet<u16>,
    pub(in crate::estates) types: BTreeSet<u16>,
}

impl Boundaries {
    /// Of everything that stands in some documents.
    pub(in crate::estates) fn of<'a>(documents: impl Iterator<Item = &'a Value>) -> Self {
        let mut found = Self::default();
        found.sources.extend(EVERYWHERE.iter().filter_map(|text| text.parse::<IpAddr>().ok()));
        [0, 22, 443, 65535].into_iter().for_each(|port| found.port(port));
        [0, 2048, 32768, 65535].into_iter().for_each(|number| found.of_type(number));
        documents.for_each(|document| found.walk(document));
        found
    }

    /// Adds the ends of a set.
    pub(in crate::estates) fn add_sources(&mut self, set: &AddressSet) {
        self.sources.extend(ends(set));
    }

    /// Adds the ends of ranges of ports or types.
    pub(in crate::estates) fn add_ports(&mut self, typed: bool, spans: &[(u16, u16)]) {
        for end in spans.iter().flat_map(|(first, last)| [*first, *last]) {
            if typed { self.of_type(end) } else { self.port(end) }
        }
    }

    fn port(&mut self, port: u16) {
        self.ports.extend([port.saturating_sub(1), port, port.saturating_add(1)]);
    }

    fn of_type(&mut self, number: u16) {
        self.types.extend([number.saturating_sub(1), number, number.saturating_add(1)]);
    }

    fn walk(&mut self, value: &Value) {
        match value {
            Value::Array(members) => members.iter().for_each(|it| self.walk(it)),
            Value::Object(members) => {
                self.pair(value, "FromPort", "ToPort");
                self.pair(value, "From", "To");
                self.pair(value, "Type", "Code");
                self.listed(value);
                members.values().for_each(|it| self.walk(it));
            }
            Value::String(text) => {
                let prefix = text.parse::<Prefix>().ok().filter(|_| text.contains(['.', ':']));
                self.sources.extend(prefix.into_iter().flat_map(ends_of));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// Ports as texts: one of them or a range.
    fn listed(&mut self, object: &Value) {
        let many = object.get("ports").and_then(Value::as_array).into_iter().flatten();
        for text in many.chain(object.get("portRange")).filter_map(Value::as_str) {
            let ends = text.split('-').filter_map(|end| end.parse::<u16>().ok());
            ends.for_each(|end| self.port(end));
        }
    }

    fn pair(&mut self, object: &Value, first: &str, last: &str) {
        let number = |key: &str| object.get(key).and_then(Value::as_i64);
        let (Some(first), Some(last)) = (number(first), number(last)) else { return };
        for end in [first, last].into_iter().filter_map(|end| u16::try_from(end).ok()) {
            self.port(end);
        }
        if let Ok(of_type) = u8::try_from(first) {
            let codes = u8::try_from(last).map_or(vec![0, u8::MAX], |code| vec![0, code, u8::MAX]);
            codes.into_iter().for_each(|code| self.of_type(packet::number(of_type, code)));
        }
    }
}

/// The ends of every span of a set and the addresses beside them.
pub(in crate::estates) fn ends(set: &AddressSet) -> Vec<IpAddr> {
    let v4 = set.v4_spans().iter().flat_map(|&(first, last)| {
        [first.saturating_sub(1), first, last, last.saturating_add(1)].map(|it| Family::V4.address(it.into()))
    });
    let v6 = set.v6_spans().iter().flat_map(|&(first, last)| {
        [first.saturating_sub(1), first, last, last.saturating_add(1)].map(|it| Family::V6.address(it))
    });
    v4.chain(v6).collect()
}

/// The first and last address of a prefix, and those beside them.
fn ends_of(prefix: Prefix) -> [IpAddr; 4] {
    let (family, first, last) = (prefix.family(), prefix.first(), prefix.last());
    let above = last.saturating_add(1).min(family.highest());
    [first.saturating_sub(1), first, last, above].map(|value| family.address(value))
}

const EVERYWHERE: [&str; 8] =
    ["8.8.8.8", "9.9.9.9", "100.0.0.1", "200.1.1.1", "10.1.2.3", "2a00:1450::1", "2600::1", "3000::1"];
