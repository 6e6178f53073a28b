//! One line of a group or a list: which packets it speaks of.
//!
//! Ports are those of TCP and UDP; of ICMP and ICMPv6 they are type × 256 + code (W8). Other protocols have none (W7).

use core::net::IpAddr;

use serde_json::Value;

use super::fields::{Prefix, text};
use crate::oracle::verdict::Match;

/// What a line speaks of.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) protocol: Protocols,
    pub(super) ports: Ports,
    pub(super) from: From,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Protocols {
    All,
    One(u8),
    Unreadable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ports {
    All,
    Range(u16, u16),
    Unreadable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    Prefix(Prefix),
    /// A prefix that stands where those of the other family stand.
    Perhaps(Prefix),
    /// Nobody on the Internet: members of a group (W4, W5).
    Nobody,
    /// Some addresses of a family, nobody knows which.
    Some {
        v6: bool,
    },
}

impl Line {
    pub(super) fn matches(&self, protocol: u8, address: IpAddr, port: u16) -> Match {
        let own = match self.protocol {
            Protocols::All => Match::Yes,
            Protocols::One(number) => Match::from(number == protocol),
            Protocols::Unreadable => Match::Maybe,
        };
        let ports = match self.ports {
            Ports::All => Match::Yes,
            Ports::Range(first, last) => Match::from((first..=last).contains(&port)),
            Ports::Unreadable => Match::Maybe,
        };
        own.min(ports).min(self.from.holds(address))
    }
}

impl From {
    pub(super) fn of_cidr(text: &str, v6: bool) -> Self {
        match Prefix::parse(text) {
            Some(prefix) if prefix.v6 == v6 => Self::Prefix(prefix),
            Some(prefix) => Self::Perhaps(prefix),
            None => Self::Some { v6 },
        }
    }

    fn holds(&self, address: IpAddr) -> Match {
        match self {
            Self::Prefix(prefix) => Match::from(prefix.holds(address)),
            Self::Perhaps(prefix) => Match::from(prefix.holds(address)).min(Match::Maybe),
            Self::Nobody => Match::No,
            Self::Some { v6 } => match address.is_ipv6() == *v6 {
                true => Match::Maybe,
                false => Match::No,
            },
        }
    }
}

impl Protocols {
    /// W7: `-1`, a name, or a number.
    pub(super) fn read(object: &Value, name: &str) -> Self {
        let number = super::fields::number(object, name);
        match (text(object, name).map(str::to_ascii_lowercase).as_deref(), number) {
            (_, Some(-1)) => Self::All,
            (Some("tcp"), _) => Self::One(6),
            (Some("udp"), _) => Self::One(17),
            (Some("icmp"), _) => Self::One(1),
            (Some("icmpv6"), _) => Self::One(58),
            (_, Some(number)) => u8::try_from(number).map_or(Self::Unreadable, Self::One),
            (_, None) => Self::Unreadable,
        }
    }
}

impl Ports {
    /// A range of ports; W22: the wrong way round it is none.
    pub(super) fn range(first: Option<i64>, last: Option<i64>) -> Self {
        let ends =
            first.and_then(|it| u16::try_from(it).ok()).zip(last.and_then(|it| u16::try_from(it).ok()));
        match ends {
            Some((first, last)) if first <= last => Self::Range(first, last),
            _ => Self::Unreadable,
        }
    }

    /// W8: type and code, -1 for all.
    pub(super) fn types(of_type: Option<i64>, code: Option<i64>) -> Self {
        let byte = |number: i64| u8::try_from(number).ok().map(u16::from);
        match (of_type, code) {
            (Some(-1), Some(-1) | None) => Self::All,
            (Some(number), Some(-1) | None) => {
                byte(number).map_or(Self::Unreadable, |number| Self::Range(number * 256, number * 256 + 255))
            }
            (Some(number), Some(code)) => match (byte(number), byte(code)) {
                (Some(number), Some(code)) => Self::Range(number * 256 + code, number * 256 + code),
                _ => Self::Unreadable,
            },
            (None, _) => Self::Unreadable,
        }
    }
}
