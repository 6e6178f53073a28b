//! Rivals: the same lists as decision diagrams over the 104 bits of an IPv4 packet.
//!
//! Fields stand in the order that was best in the reference measurements: protocol, destination port, source port,
//! destination, source. What is timed is the whole set of packets a list allows; the questions that check it are not.

mod biodivine;
mod oxidd;

use std::ops::Range;

use packet::{AddressSet, Family};

pub use self::biodivine::Biodivine;
pub use self::oxidd::Oxidd;
use crate::list::{Addresses, PlainRule, TARGET};

/// Sets of packets, as one library has them.
pub trait Diagrams {
    /// A set of packets.
    type Set: Clone;

    /// Every packet.
    fn everything(&self) -> Self::Set;
    /// No packet.
    fn nothing(&self) -> Self::Set;
    /// Packets whose bit is set.
    fn bit(&self, variable: usize) -> Self::Set;
    /// Packets with these bits, which are given in ascending order.
    fn cube(&self, bits: &[(usize, bool)]) -> Self::Set;
    /// Packets of both.
    fn and(&self, left: &Self::Set, right: &Self::Set) -> Self::Set;
    /// Packets of either.
    fn or(&self, left: &Self::Set, right: &Self::Set) -> Self::Set;
    /// Packets of the left that are not in the right.
    fn less(&self, left: &Self::Set, right: &Self::Set) -> Self::Set;
    /// Packets that are in the set with some value of these bits.
    fn whatever(&self, set: &Self::Set, bits: Range<usize>) -> Self::Set;
    /// The number of packets.
    fn count(&self, set: &Self::Set) -> u128;
    /// Frees what sets that are gone have left behind.
    fn tidy(&self);
}

/// The bits of a packet.
pub const BITS: usize = 104;

const PROTOCOL: Range<usize> = 0..8;
const PORT: Range<usize> = 8..24;
const SOURCE_PORT: Range<usize> = 24..40;
const DESTINATION: Range<usize> = 40..72;
const SOURCE: Range<usize> = 72..104;

/// The packets that a list allows: the first rule that matches decides, a deny stands behind them.
pub fn allowed<D: Diagrams>(diagrams: &D, list: &[PlainRule]) -> D::Set {
    // From the last rule to the first, each paints over what is there: one operation for each rule.
    list.iter().rev().fold(diagrams.nothing(), |after, rule| {
        let own = matched(diagrams, rule);
        if rule.allow { diagrams.or(&after, &own) } else { diagrams.less(&after, &own) }
    })
}

/// How many Internet addresses reach a port of the target in a set of allowed packets.
pub fn sources<D: Diagrams>(
    diagrams: &D,
    allowed: &D::Set,
    internet: &AddressSet,
    protocol: u8,
    port: u16,
) -> u128 {
    let spans = internet.v4_spans().to_vec();
    let asked = [
        (PROTOCOL, vec![(u32::from(protocol), u32::from(protocol))]),
        (PORT, vec![(u32::from(port), u32::from(port))]),
        (DESTINATION, vec![(TARGET, TARGET)]),
        (SOURCE, spans),
    ];
    let question = product(diagrams, &asked);
    let answer = diagrams.whatever(&diagrams.and(allowed, &question), SOURCE_PORT);
    diagrams.count(&answer) >> SOURCE_PORT.len()
}

/// How many Internet addresses reach a port of the target, from exposures.
#[must_use]
pub fn sources_of(exposures: &[(engine::Exposure, AddressSet)], protocol: u8, port: u16) -> u128 {
    let here = exposures.iter().filter(|(exposure, _)| {
        exposure.protocol.is_none_or(|own| own.0 == protocol && exposure.ports.contains(port))
    });
    let all = here.fold(AddressSet::empty(), |all, (_, sources)| all.union(sources));
    all.count(Family::V4).saturating()
}

fn matched<D: Diagrams>(diagrams: &D, rule: &PlainRule) -> D::Set {
    let wide = |ports: &[(u16, u16)]| ports.iter().map(|&(a, b)| (a.into(), b.into())).collect();
    let protocol = rule.protocol.map_or((0, 255), |number| (number.into(), number.into()));
    let fields = [
        (PROTOCOL, vec![protocol]),
        (PORT, wide(&rule.ports)),
        (SOURCE_PORT, wide(&rule.source_ports)),
        (DESTINATION, rule.destinations.clone()),
        (SOURCE, rule.sources.clone()),
    ];
    product(diagrams, &fields)
}

/// The product of fields, from the lowest upwards, so that every step only puts nodes on top.
fn product<D: Diagrams>(diagrams: &D, fields: &[(Range<usize>, Addresses)]) -> D::Set {
    fields.iter().rev().fold(diagrams.everything(), |below, (field, intervals)| {
        let whole = (0, u32::MAX >> (32 - field.len()));
        if intervals.contains(&whole) {
            return below;
        }
        let own = intervals.iter().map(|&interval| within(diagrams, field, interval));
        let own = own.reduce(|all, one| diagrams.or(&all, &one)).unwrap_or_else(|| diagrams.nothing());
        diagrams.and(&own, &below)
    })
}

/// Packets whose field is in a closed interval.
fn within<D: Diagrams>(diagrams: &D, field: &Range<usize>, (first, last): (u32, u32)) -> D::Set {
    let bits = field.len();
    let free = (first ^ last).checked_ilog2().map_or(0, |highest| highest as usize + 1);
    let hosts = u32::MAX.checked_shr(32 - free as u32).unwrap_or(0);
    if first & hosts == 0 && last & hosts == hosts {
        let fixed = |at: usize| (field.start + at, first >> (bits - 1 - at) & 1 == 1);
        return diagrams.cube(&(0..bits - free).map(fixed).collect::<Vec<_>>());
    }
    diagrams.less(&at_least(diagrams, field, first), &above(diagrams, field, last))
}

/// Packets whose field is not below a number.
fn at_least<D: Diagrams>(diagrams: &D, field: &Range<usize>, number: u32) -> D::Set {
    (0..field.len()).fold(diagrams.everything(), |below, place| {
        let bit = diagrams.bit(field.end - 1 - place);
        if number >> place & 1 == 1 { diagrams.and(&bit, &below) } else { diagrams.or(&bit, &below) }
    })
}

/// Packets whose field is above a number.
fn above<D: Diagrams>(diagrams: &D, field: &Range<usize>, number: u32) -> D::Set {
    let highest = u32::MAX >> (32 - field.len());
    if number == highest { diagrams.nothing() } else { at_least(diagrams, field, number + 1) }
}
