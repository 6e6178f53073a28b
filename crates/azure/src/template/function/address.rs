//! Prefixes and the addresses in them.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::borrow::Cow;

use super::{Answer, Stop, number_of, text_of};
use crate::template::value::Value;

/// A prefix, its address as a number.
#[derive(Clone, Copy)]
struct Prefix {
    /// The address as it is given, hosts included.
    bits: u128,
    length: u32,
    is_v4: bool,
}

impl Prefix {
    fn of(text: &str) -> Result<Self, Stop<'static>> {
        let wrong = || Stop::wrong("a prefix such as 10.0.0.0/8 is expected");
        let (address, length) = text.trim().split_once('/').ok_or_else(wrong)?;
        let is_digits = length.bytes().all(|byte| byte.is_ascii_digit());
        let length: u32 = length.parse().map_err(|_| wrong())?;
        let (bits, is_v4) = match address.parse().map_err(|_| wrong())? {
            IpAddr::V4(address) => (u128::from(address.to_bits()), true),
            IpAddr::V6(address) => (address.to_bits(), false),
        };
        let prefix = Self { bits, length, is_v4 };
        if is_digits && length <= prefix.width() { Ok(prefix) } else { Err(wrong()) }
    }

    const fn width(self) -> u32 {
        if self.is_v4 { 32 } else { 128 }
    }

    /// The bits of hosts.
    fn hosts(self) -> u128 {
        match self.width() - self.length {
            128 => u128::MAX,
            bits => (1 << bits) - 1,
        }
    }

    fn first(self) -> u128 {
        self.bits & !self.hosts()
    }

    fn last(self) -> u128 {
        self.first() | self.hosts()
    }

    fn address<'a>(self, bits: u128) -> Value<'a> {
        Value::text(self.spelled(bits))
    }

    fn spelled(self, bits: u128) -> String {
        if self.is_v4 {
            u32::try_from(bits).map(|bits| Ipv4Addr::from_bits(bits).to_string()).unwrap_or_default()
        } else {
            Ipv6Addr::from_bits(bits).to_string()
        }
    }
}

pub(super) fn parse_cidr<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text] = values else { return Err(Stop::Unsupported) };
    let prefix = Prefix::of(text_of(text)?)?;
    let mask = if prefix.is_v4 { u128::from(u32::MAX) & !prefix.hosts() } else { !prefix.hosts() };
    let mut entries = vec![
        (Cow::Borrowed("network"), prefix.address(prefix.first())),
        (Cow::Borrowed("netmask"), prefix.address(mask)),
    ];
    let mut usable = [prefix.first(), prefix.last()];
    if prefix.is_v4 {
        entries.push((Cow::Borrowed("broadcast"), prefix.address(prefix.last())));
        usable = match prefix.length {
            // Which hosts so small a prefix has the documentation does not say.
            31 | 32 => return Err(Stop::Unsupported),
            _ => [prefix.first() + 1, prefix.last() - 1],
        };
    }
    let [first, last] = usable;
    entries.push((Cow::Borrowed("firstUsable"), prefix.address(first)));
    entries.push((Cow::Borrowed("lastUsable"), prefix.address(last)));
    entries.push((Cow::Borrowed("cidr"), Value::Number(i64::from(prefix.length))));
    Ok(Value::object(entries, None))
}

pub(super) fn cidr_subnet<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text, length, index] = values else { return Err(Stop::Unsupported) };
    let prefix = Prefix::of(text_of(text)?)?;
    let length = u32::try_from(number_of(length)?).ok().filter(|length| *length <= prefix.width());
    let added = length.and_then(|length| Some((length, length.checked_sub(prefix.length)?)));
    let (length, added) = added.ok_or(Stop::wrong("a longer prefix is expected"))?;
    let index = u128::try_from(number_of(index)?).ok().filter(|index| added >= 64 || *index < 1 << added);
    let index = index.ok_or(Stop::wrong("the prefix has no such part"))?;
    let bits = index.checked_shl(prefix.width() - length).unwrap_or(0);
    Ok(Value::text(format!("{}/{length}", prefix.spelled(prefix.first() | bits))))
}

/// The first host has number 0.
pub(super) fn cidr_host<'a>(values: &[Value<'a>]) -> Answer<'a> {
    let [text, index] = values else { return Err(Stop::Unsupported) };
    let prefix = Prefix::of(text_of(text)?)?;
    let index =
        u128::try_from(number_of(index)?).map_err(|_| Stop::wrong("the number of a host is expected"))?;
    if prefix.length + 1 >= prefix.width() {
        return Err(Stop::Unsupported);
    }
    let last = prefix.last() - u128::from(prefix.is_v4);
    let host = prefix.first().checked_add(index).and_then(|bits| bits.checked_add(1));
    let host = host.filter(|host| *host <= last).ok_or(Stop::wrong("the prefix has no such host"))?;
    Ok(prefix.address(host))
}
