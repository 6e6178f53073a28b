//! Functions of prefixes of addresses, IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::uncounted;
use crate::expression::Budget;
use crate::value::{Fault, Value, Wanted};

type Made<'a> = Wanted<'a, Value<'a>>;

/// A prefix: the bits of its first address, how many of them are fixed, and of how many.
#[derive(Clone, Copy, Debug)]
struct Prefix {
    bits: u128,
    length: u32,
    width: u32,
}

impl Prefix {
    fn read<'a>(value: &Value<'a>) -> Wanted<'a, Self> {
        let text = value.to_text()?;
        let wrong = || Fault::Wrong(format!("`{}` is no prefix of addresses", &*text));
        let (address, length) = text.split_once('/').ok_or_else(wrong)?;
        if length.is_empty() || !length.bytes().all(|digit| digit.is_ascii_digit()) {
            return Err(wrong());
        }
        let length = length.parse::<u32>().map_err(|_| wrong())?;
        let (bits, width) = match address.parse::<Ipv6Addr>() {
            Ok(address) => (address.to_bits(), 128),
            Err(_) => (u128::from(quad(address).ok_or_else(wrong)?), 32),
        };
        let prefix = Self { bits, length, width };
        if length > width {
            return Err(wrong());
        }
        Ok(Self { bits: bits & !prefix.rest(), ..prefix })
    }

    /// The bits that are not fixed.
    fn rest(self) -> u128 {
        ones(self.width - self.length)
    }

    fn address(self) -> IpAddr {
        match u32::try_from(self.bits) {
            Ok(bits) if self.width == 32 => Ipv4Addr::from_bits(bits).into(),
            Ok(_) | Err(_) => Ipv6Addr::from_bits(self.bits).into(),
        }
    }

    fn text<'a>(self) -> Value<'a> {
        Value::text(format!("{}/{}", self.address(), self.length))
    }
}

/// So many bits that are set.
fn ones(count: u32) -> u128 {
    1_u128.checked_shl(count).map_or(u128::MAX, |bit| bit - 1)
}

/// An address of IPv4; Terraform takes zeros before its numbers, and takes them for nothing.
fn quad(text: &str) -> Option<u32> {
    let (mut bits, mut count) = (0_u32, 0);
    for part in text.split('.') {
        let is_number = !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
        let part = is_number.then(|| part.parse::<u8>().ok()).flatten()?;
        bits = bits << 8 | u32::from(part);
        count += 1;
        (count <= 4).then_some(())?;
    }
    (count == 4).then_some(bits)
}

pub(super) fn host<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [prefix, number] = values else { return uncounted() };
    let (prefix, number) = (Prefix::read(prefix)?, number.to_integer()?);
    let rest = prefix.rest();
    let wrong = || Fault::Wrong(format!("the prefix has no host {number}"));
    // Below zero they are counted from the end.
    let size = number.unsigned_abs();
    let host = if number < 0 { rest.checked_sub(size - 1) } else { (size <= rest).then_some(size) };
    let host = host.ok_or_else(wrong)?;
    Ok(Value::text(Prefix { bits: prefix.bits | host, ..prefix }.address().to_string()))
}

pub(super) fn mask<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [prefix] = values else { return uncounted() };
    let prefix = Prefix::read(prefix)?;
    if prefix.width != 32 {
        return Err(Fault::Wrong("masks are of IPv4".to_owned()));
    }
    Ok(Value::text(Prefix { bits: ones(32) & !prefix.rest(), ..prefix }.address().to_string()))
}

pub(super) fn subnet<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let [prefix, more, number] = values else { return uncounted() };
    let (prefix, more, number) = (Prefix::read(prefix)?, more.to_integer()?, number.to_integer()?);
    let length = longer(prefix, more)?;
    let number = u128::try_from(number).ok().filter(|number| *number <= ones(length - prefix.length));
    let number =
        number.ok_or_else(|| Fault::Wrong(format!("{more} more bits do not count so many subnets")))?;
    let number = number.checked_shl(prefix.width - length).unwrap_or(0);
    Ok(Prefix { bits: prefix.bits | number, length, ..prefix }.text())
}

fn longer<'a>(prefix: Prefix, more: i128) -> Wanted<'a, u32> {
    let more = u32::try_from(more).map_err(|_| Fault::Wrong("a number of bits is below zero".to_owned()))?;
    let length = prefix.length.checked_add(more).filter(|length| *length <= prefix.width);
    length.ok_or_else(|| Fault::Wrong(format!("a prefix of /{} has not {more} bits more", prefix.length)))
}

/// One behind the other, each where its size lets it begin.
pub(super) fn subnets<'a>(values: &[Value<'a>], _: &mut Budget) -> Made<'a> {
    let Some((prefix, sizes)) = values.split_first() else { return uncounted() };
    let prefix = Prefix::read(prefix)?;
    let last = prefix.bits | prefix.rest();
    let (mut free, mut made) = (Some(prefix.bits), Vec::with_capacity(sizes.len()));
    for more in sizes {
        let more = more.to_integer()?;
        if more < 1 {
            return Err(Fault::Wrong("a subnet takes one bit more at least".to_owned()));
        }
        let length = longer(prefix, more)?;
        let full = || Fault::Wrong("the subnets do not fit into the prefix".to_owned());
        let rest = ones(prefix.width - length);
        let start = free.ok_or_else(full)?;
        // Where it may begin: at or behind what is free.
        let start = if start & rest == 0 { Some(start) } else { (start | rest).checked_add(1) };
        let bits = start.filter(|start| *start <= last).ok_or_else(full)?;
        free = (bits | rest).checked_add(1).filter(|free| *free <= last);
        made.push(Prefix { bits, length, ..prefix }.text());
    }
    Ok(Value::list(made))
}
