//! Prefixes and port ranges as text, taken apart.

use core::net::IpAddr;

use packet::{Family, PortRange, Prefix};

use crate::random::Random;

/// The two halves of a prefix; `None` for a tag and for a single address.
pub(super) fn halves(text: &str) -> Option<[String; 2]> {
    let (low, high) = text.parse::<Prefix>().ok()?.halves()?;
    Some([low.to_string(), high.to_string()])
}

/// The prefix with random bits behind its length.
pub(super) fn with_host_bits(text: &str, random: &mut Random) -> Option<String> {
    let prefix: Prefix = text.parse().ok()?;
    let address = inside(prefix, random);
    Some(format!("{address}/{}", prefix.length()))
}

/// Every single address of a small prefix; `None` for a large one.
pub(super) fn hosts(text: &str) -> Option<Vec<String>> {
    let prefix: Prefix = text.parse().ok()?;
    let (family, width) = (prefix.family(), prefix.family().width());
    let free = width - prefix.length();
    (free > 0 && free <= 8).then(|| {
        let all = prefix.first()..=prefix.last();
        all.map(|value| format!("{}/{width}", family.address(value))).collect()
    })
}

/// Prefixes that hold everything of a prefix but one address.
pub(super) fn all_but_one(text: &str, random: &mut Random) -> Option<Vec<String>> {
    let mut rest: Prefix = text.parse().ok()?;
    let left_out = Family::of(inside(rest, random)).1;
    let mut kept = Vec::new();
    while let Some((low, high)) = rest.halves() {
        let (with, without) = if left_out < high.first() { (low, high) } else { (high, low) };
        kept.push(without.to_string());
        rest = with;
    }
    (!kept.is_empty()).then_some(kept)
}

/// An address of a prefix: its first, its last, or any.
pub(super) fn inside(prefix: Prefix, random: &mut Random) -> IpAddr {
    let free = u32::from(prefix.family().width() - prefix.length());
    let offset = if free == 0 { 0 } else { random.wide() >> (128 - free) };
    let value = match random.below(4) {
        0 => prefix.first(),
        1 => prefix.last(),
        _ => prefix.first() | offset,
    };
    prefix.family().address(value)
}

/// The range in two pieces; `None` for a single port.
pub(super) fn pieces(text: &str, random: &mut Random) -> Option<[String; 2]> {
    let range = range(text)?;
    if range.first() == range.last() {
        return None;
    }
    let cut = random.between(usize::from(range.first()), usize::from(range.last()) - 1) as u16;
    let low = PortRange::new(range.first(), cut)?;
    let high = PortRange::new(cut + 1, range.last())?;
    Some([low.to_string(), high.to_string()])
}

/// The range one port longer or shorter at one end; `None` where there is no such range.
pub(super) fn off_by_one(text: &str, random: &mut Random) -> Option<String> {
    let range = range(text)?;
    let (first, last) = (range.first(), range.last());
    let moved = match random.below(4) {
        0 => PortRange::new(first.checked_add(1)?, last)?,
        1 => PortRange::new(first.checked_sub(1)?, last)?,
        2 => PortRange::new(first, last.checked_add(1)?)?,
        _ => PortRange::new(first, last.checked_sub(1)?)?,
    };
    Some(moved.to_string())
}

pub(super) fn range(text: &str) -> Option<PortRange> {
    if text == "*" { PortRange::new(0, u16::MAX) } else { text.parse().ok() }
}
