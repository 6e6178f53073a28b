//! `Fn::Cidr`: the first blocks of a size inside of a block.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::borrow::Cow;

use cloud::json::Tree;

use super::evaluate::{because, wrong};
use super::functions::arguments;
use super::stack::Stack;

/// The blocks that the function lists.
pub(super) fn blocks<'a>(stack: &Stack<'_, 'a>, argument: &Tree<'a>) -> Tree<'a> {
    let (block, count, bits) = match arguments(argument) {
        [block, count] => (block, count, None),
        [block, count, bits] => (block, count, Some(bits)),
        _ => return wrong("a block, a count and a number of bits"),
    };
    let texts = [Some(block), Some(count), bits].into_iter().flatten().map(|argument| stack.text(argument));
    let texts: Vec<Cow<'_, str>> = match texts.collect() {
        Ok(texts) => texts,
        Err(other) => return because(&other, "!Cidr"),
    };
    let number = |text: Option<&Cow<'_, str>>| text.and_then(|text| text.trim().parse::<u32>().ok());
    let bits = if texts.len() == 3 { number(texts.get(2)) } else { Some(BITS) };
    let (Some(count), Some(bits), Some(block)) = (number(texts.get(1)), bits, texts.first()) else {
        return wrong("numbers");
    };
    listed(block, count, bits).unwrap_or_else(|| wrong("a block that has as many"))
}

fn listed<'a>(block: &str, count: u32, bits: u32) -> Option<Tree<'a>> {
    let (address, length) = block.trim().split_once('/')?;
    let (address, length) = (address.parse::<IpAddr>().ok()?, length.parse::<u32>().ok()?);
    let (first, width): (u128, u32) = match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    };
    let room = width.checked_sub(length)?;
    let is_possible = (1..=COUNT_MAX).contains(&count) && bits >= 1 && bits <= room;
    // So many blocks of this size must be in it.
    let fits = is_possible && (room - bits >= 32 || u64::from(count) <= 1 << (room - bits));
    fits.then_some(())?;
    let mask = if room >= 128 { 0 } else { u128::MAX << room };
    let base = first & mask;
    let own = width - bits;
    let block = |number: u32| {
        let address = base + (u128::from(number) << bits);
        let address = match width {
            32 => IpAddr::V4(Ipv4Addr::from_bits(u32::try_from(address).ok()?)),
            _ => IpAddr::V6(Ipv6Addr::from_bits(address)),
        };
        Some(Tree::Text(Cow::Owned(format!("{address}/{own}"))))
    };
    (0..count).map(block).collect::<Option<Vec<_>>>().map(Tree::List)
}

/// What CloudFormation takes at most.
const COUNT_MAX: u32 = 256;
/// Where none are given: blocks of 256 addresses.
const BITS: u32 = 8;
