//! Addresses, prefixes, ranges of ports, and who is on the Internet (section 5).

use core::cmp::Ordering;
use core::net::IpAddr;
use std::sync::LazyLock;

use serde_json::Value;

use super::fields::{members, same};

pub(super) fn is_host(address: IpAddr) -> bool {
    address == IpAddr::from([168, 63, 129, 16])
}

/// Section 5: I1, I2, I9.
pub(super) fn is_internet(address: IpAddr) -> bool {
    static SPECIAL: LazyLock<Vec<Prefix>> = LazyLock::new(|| {
        NOT_INTERNET_4.iter().chain(&NOT_INTERNET_6).filter_map(|text| parse(text)).collect()
    });
    let (v6, bits) = bits(address);
    let global = !v6 || bits >> 125 == 1;
    global && !SPECIAL.iter().any(|prefix| prefix.holds(address))
}

/// A prefix as bits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prefix {
    pub(super) v6: bool,
    pub(super) bits: u128,
    pub(super) length: u32,
}

impl Prefix {
    pub(super) fn holds(&self, address: IpAddr) -> bool {
        let (v6, bits) = bits(address);
        let shift = if self.v6 { 128 - self.length } else { 32 - self.length };
        v6 == self.v6 && (shift == 128 || bits >> shift == self.bits >> shift)
    }

    /// Whether it holds all of the other.
    pub(super) fn covers(&self, other: &Self) -> bool {
        self.v6 == other.v6 && self.length <= other.length && self.holds(other.first())
    }

    const fn host_bits(&self) -> u128 {
        let width = if self.v6 { 128 } else { 32 };
        let free = width - self.length;
        if free == 128 { u128::MAX } else { (1 << free) - 1 }
    }

    /// Its lowest address.
    pub(super) fn first(&self) -> IpAddr {
        address(self.v6, self.bits & !self.host_bits())
    }

    /// Its highest address.
    pub(super) fn last(&self) -> IpAddr {
        address(self.v6, self.bits | self.host_bits())
    }
}

pub(super) fn bits(address: IpAddr) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (false, u128::from(u32::from(address))),
        IpAddr::V6(address) => (true, u128::from(address)),
    }
}

/// The reverse of [`bits`].
pub(super) fn address(v6: bool, bits: u128) -> IpAddr {
    if v6 { IpAddr::V6(bits.into()) } else { IpAddr::V4(((bits & 0xffff_ffff) as u32).into()) }
}

/// A22: host bits are cut off when it is asked.
pub(super) fn parse(text: &str) -> Option<Prefix> {
    let (address, length) = match text.trim().split_once('/') {
        Some((address, length)) => (address, Some(length)),
        None => (text.trim(), None),
    };
    let (v6, bits) = bits(address.parse().ok()?);
    let width = if v6 { 128 } else { 32 };
    let length = match length {
        Some(length) if length.bytes().all(|byte| byte.is_ascii_digit()) => length.parse().ok()?,
        Some(_) => return None,
        None => width,
    };
    match length.cmp(&width) {
        Ordering::Less | Ordering::Equal => Some(Prefix { v6, bits, length }),
        Ordering::Greater => None,
    }
}

pub(super) fn range(text: &str) -> Option<(u16, u16)> {
    let text = text.trim();
    if text == "*" || same(text, "any") {
        return Some((0, u16::MAX));
    }
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let digits = |it: &str| it.trim().bytes().all(|byte| byte.is_ascii_digit());
    let number = |it: &str| if digits(it) { it.trim().parse::<u16>().ok() } else { None };
    let (first, last) = (number(first)?, number(last)?);
    if first <= last { Some((first, last)) } else { None }
}

pub(super) fn prefixes(space: &Value) -> Vec<Prefix> {
    members(space, "addressPrefixes").filter_map(Value::as_str).filter_map(parse).collect()
}

const NOT_INTERNET_4: [&str; 16] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "168.63.129.16/32",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
];

const NOT_INTERNET_6: [&str; 4] = ["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"];
