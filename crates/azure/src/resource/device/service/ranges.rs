//! Addresses of lists: `203.0.113.0/24`, `203.0.113.4`, two ends, `203.0.113.4-203.0.113.9`.

use core::net::IpAddr;
use std::sync::Arc;

use cloud::{Quoted, Said, Stated, grammar};
use model::{Effect, Name};
use packet::{AddressSet, Bounds, Family, Prefix};

use crate::intake::Intake;
use crate::resource::side::Side;

use super::kinds::Zero;
use super::{Entry, first_text};

/// The addresses of one text; `None` when it is none.
pub(super) fn addresses(text: &str) -> Option<AddressSet> {
    match text.split_once('-') {
        Some((first, last)) => between(grammar::address(first)?, grammar::address(last)?),
        None => grammar::prefix(text).ok().map(AddressSet::from),
    }
}

/// The closed interval; `None` when its ends are of two families or in the wrong order.
fn between(first: IpAddr, last: IpAddr) -> Option<AddressSet> {
    match (first, last) {
        (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
            Some(AddressSet::from_v4_spans(vec![(first.into(), last.into())]))
        }
        (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
            Some(AddressSet::from_v6_spans(vec![(first.into(), last.into())]))
        }
        (IpAddr::V4(_) | IpAddr::V6(_), _) => None,
    }
}

/// Sources written as `written`. What cannot be read may be any address.
pub(super) fn side(
    written: &str,
    addresses: Option<AddressSet>,
    zero: Zero,
    intake: &mut Intake<'_, '_>,
) -> Side {
    let written = intake.name(written);
    let Some(addresses) = addresses else { return Side::of(written, intake.pool.common.unknown()) };
    if zero == Zero::Azure && addresses == AddressSet::from(Prefix::host(Family::V4.address(0))) {
        // AP10: every customer's machines, not one address.
        let mut side = Side::of(written, Bounds::exactly(Arc::clone(&intake.pool.common.nothing)));
        side.tags.push(intake.pool.tag(EVERY_CUSTOMER));
        return side;
    }
    Side::of(written, Bounds::exactly(intake.pool.set(addresses)))
}

/// The entry of a rule that gives two ends, in the list of a family: what cannot be read may be anybody of it.
pub(super) fn range_entry<'a>(
    stated: &Stated<'_, 'a>,
    (name, family): (Name, Family),
    zero: Zero,
    intake: &mut Intake<'_, 'a>,
) -> Entry {
    let first = first_text(stated, &["startIpAddress", "startIP", "startIPv6Address"], intake);
    let last = first_text(stated, &["endIpAddress", "endIP", "endIPv6Address"], intake);
    let mut sources = match (first, last) {
        (Said::This(first), Said::This(last)) => {
            let range = grammar::address(first).zip(grammar::address(last));
            let addresses = range.and_then(|(first, last)| between(first, last));
            if addresses.is_none() {
                let sentence = format!(
                    "rule {}: from {} to {} is no range of addresses: it may let in anybody",
                    Quoted(&name),
                    Quoted(first),
                    Quoted(last)
                );
                stated.tell("unreadable-range", Effect::Undecided, &sentence, intake);
            }
            side(&format!("{first} - {last}"), addresses, zero, intake)
        }
        (first, last) => {
            if first.is_nothing() || last.is_nothing() {
                let sentence = format!(
                    "rule {}: the start or the end of its range is missing: it may let in anybody",
                    Quoted(&name)
                );
                stated.tell("missing-field", Effect::Undecided, &sentence, intake);
            }
            side("", None, zero, intake)
        }
    };
    if !sources.addresses.is_exact() {
        sources.addresses.may = intake.pool.set(AddressSet::whole(family));
    }
    Entry::allow(name, sources, stated.read_at)
}

/// The entry of one address or prefix, which names it too.
pub(super) fn prefix_entry<'a>(
    stated: &Stated<'_, 'a>,
    text: &str,
    zero: Zero,
    intake: &mut Intake<'_, 'a>,
) -> Entry {
    let addresses = addresses(text);
    if addresses.is_none() {
        let sentence = format!(
            "{} is listed, expected an address or a prefix like `203.0.113.0/24`: it may let in anybody",
            Quoted(text)
        );
        stated.tell("unreadable-prefix", Effect::Undecided, &sentence, intake);
    }
    let sources = side(text, addresses, zero, intake);
    Entry::allow(intake.name(text), sources, stated.read_at)
}

/// The tag of the pool from which every customer has addresses.
const EVERY_CUSTOMER: &str = "AzureCloud";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_a_prefix_and_a_range_are_read() {
        for (text, expected) in [
            ("203.0.113.4", "203.0.113.4/32"),
            ("203.0.113.7/24", "203.0.113.0/24"),
            ("203.0.113.0-203.0.113.255", "203.0.113.0/24"),
            (" 203.0.113.0 - 203.0.113.255 ", "203.0.113.0/24"),
            ("2001:db8::/32", "2001:db8::/32"),
        ] {
            let prefix: Prefix = expected.parse().unwrap();
            assert_eq!(addresses(text), Some(AddressSet::from(prefix)), "{text}");
        }
        for text in ["", "-", "203.0.113.9-203.0.113.4", "203.0.113.4-::1", "203.0.113.0/24-25", "any"] {
            assert_eq!(addresses(text), None, "{text}");
        }
    }
}
