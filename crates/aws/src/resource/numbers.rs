//! The ports of a rule, or its types and codes, with the protocols that have them (W7, W8, W22).
//!
//! Knows no key of any document.

use std::sync::Arc;

use cloud::json::{Json, Tree};
use cloud::{Said, Stated};
use packet::{Bounds, PortRange, PortSet, Protocol, ProtocolSet, TypeRange};

use crate::intake::Intake;

use super::protocol::Spoken;

/// The protocols of a rule with their ports and types.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Numbers {
    pub(crate) protocols: Bounds<ProtocolSet>,
    pub(crate) ports: Bounds<Arc<PortSet>>,
    pub(crate) types: Bounds<Arc<PortSet>>,
}

/// What cannot be read of ports or types, as a sentence about them.
pub(crate) type Odd = &'static str;

impl Numbers {
    /// Every number of these protocols.
    pub(crate) fn every(protocols: Bounds<ProtocolSet>, intake: &Intake<'_, '_>) -> Self {
        let every = || Bounds::exactly(Arc::clone(&intake.pool.common.every_port));
        Self { protocols, ports: every(), types: every() }
    }

    /// W7: what a permission says with the first and last of its numbers; beside it what is odd about it, which makes
    /// it bounds.
    pub(crate) fn of_permission(
        spoken: Spoken,
        first: &Said<i64>,
        last: &Said<i64>,
        intake: &mut Intake<'_, '_>,
    ) -> (Self, Option<Odd>) {
        let protocol = match spoken {
            // Ports are ignored, whatever they say.
            Spoken::Every => return (Self::every(Bounds::exactly(ProtocolSet::EVERYTHING), intake), None),
            // It has been told.
            Spoken::Unreadable => {
                let unknown = Bounds::between(ProtocolSet::EMPTY, ProtocolSet::EVERYTHING);
                return (Self::every(unknown, intake), None);
            }
            Spoken::One(protocol) => protocol,
        };
        let whole = Self::every(Bounds::exactly(ProtocolSet::only(protocol)), intake);
        let read = match protocol {
            Protocol::TCP | Protocol::UDP => ports(first, last),
            // Without a range: every type.
            Protocol::ICMPV6 if first.is_nothing() && last.is_nothing() => return (whole, None),
            Protocol::ICMP | Protocol::ICMPV6 => types(first, last),
            // Other protocols: ports are ignored, those of SCTP too.
            Protocol(_) => return (whole, None),
        };
        let (numbers, odd) = match read {
            Ok(Some(range)) => {
                (Bounds::exactly(intake.pool.port_set([range].into_iter().collect::<PortSet>())), None)
            }
            Ok(None) => return (whole, None),
            Err(odd) => (unknown(intake), Some(odd)),
        };
        let read = match protocol.has_types() {
            true => Self { types: numbers, ..whole },
            false => Self { ports: numbers, ..whole },
        };
        (read, odd)
    }
}

/// Some numbers, and nobody knows which.
fn unknown(intake: &Intake<'_, '_>) -> Bounds<Arc<PortSet>> {
    let common = &intake.pool.common;
    Bounds::between(Arc::clone(&common.no_port), Arc::clone(&common.every_port))
}

/// A range of ports; AWS refuses TCP and UDP without one, and port -1.
fn ports(first: &Said<i64>, last: &Said<i64>) -> Result<Option<PortRange>, Odd> {
    let (Said::This(first), Said::This(last)) = (first, last) else { return Err(NO_RANGE) };
    let port = |number: i64| u16::try_from(number).map_err(|_| NOT_A_PORT);
    PortRange::new(port(*first)?, port(*last)?).map(Some).ok_or(WRONG_WAY_ROUND)
}

/// W8: a type and a code, -1 for all of them. `None`: every type.
fn types(of_type: &Said<i64>, code: &Said<i64>) -> Result<Option<PortRange>, Odd> {
    let (Said::This(of_type), Said::This(code)) = (of_type, code) else { return Err(NO_TYPE) };
    match (*of_type, *code) {
        (-1, -1) => Ok(None),
        (-1, _) => Err(CODE_OF_EVERY_TYPE),
        (of_type, code) => {
            let byte = |number: i64| u8::try_from(number).map_err(|_| NOT_A_TYPE);
            let of_type = byte(of_type)?;
            let range = match code {
                -1 => TypeRange::Types(of_type, of_type),
                code => {
                    let code = byte(code)?;
                    TypeRange::Codes(of_type, code, code)
                }
            };
            Ok(range.numbers())
        }
    }
}

/// A whole number, perhaps below zero, written as one or in a string.
pub(crate) fn integer<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<i64> {
    match stated.value(key) {
        None | Some(Tree::Null) => Said::Nothing,
        Some(Tree::Text(digits)) if digits.trim().is_empty() => Said::Nothing,
        Some(Tree::Text(digits)) => match digits.trim().parse() {
            Ok(number) if !digits.trim().starts_with('+') => Said::This(number),
            Ok(_) | Err(_) => stated.strange(key, Json::of_text(digits), "a whole number", intake),
        },
        Some(other) => stated.strange(key, other.json(), "a whole number", intake),
    }
}

const NO_RANGE: Odd = "has no range of ports, which TCP and UDP need: every port is possible";
const NOT_A_PORT: Odd = "has a port that is not one of 0 to 65535: every port is possible";
const WRONG_WAY_ROUND: Odd = "has a first port after its last one: every port is possible";
const NO_TYPE: Odd = "has no type and code of ICMP: every type is possible";
const CODE_OF_EVERY_TYPE: Odd = "has a code and no type of ICMP: every type is possible";
const NOT_A_TYPE: Odd =
    "has a type or code of ICMP that is not one of 0 to 255 or -1: every type is possible";
