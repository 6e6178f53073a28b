//! Addresses, ports and protocols as the rules of Azure Firewall write them.
//!
//! Unlike in groups a range of addresses is `10.0.0.1-10.0.0.9`.

use core::net::IpAddr;

use cloud::grammar;
use packet::{AddressSet, PortSet, Protocol, ProtocolSet};

/// `*`, an address, a prefix, or a range of addresses; `None` for anything else.
pub(super) fn addresses_of(text: &str) -> Option<AddressSet> {
    let text = text.trim();
    if text == "*" || text.eq_ignore_ascii_case("any") {
        return Some(AddressSet::everything());
    }
    if let Ok(prefix) = grammar::prefix(text) {
        return Some(prefix.into());
    }
    let (first, last) = text.split_once('-')?;
    match (grammar::address(first)?, grammar::address(last)?) {
        (IpAddr::V4(first), IpAddr::V4(last)) if first <= last => {
            Some(AddressSet::from_v4_spans(vec![(first.to_bits(), last.to_bits())]))
        }
        (IpAddr::V6(first), IpAddr::V6(last)) if first <= last => {
            Some(AddressSet::from_v6_spans(vec![(first.to_bits(), last.to_bits())]))
        }
        (IpAddr::V4(_) | IpAddr::V6(_), IpAddr::V4(_) | IpAddr::V6(_)) => None,
    }
}

/// `*`, a port, or a range of ports.
pub(super) fn ports_of(text: &str) -> Option<PortSet> {
    let text = text.trim();
    if text == "*" || text.eq_ignore_ascii_case("any") {
        return Some(PortSet::everything());
    }
    grammar::port_range(text).ok().map(|range| [range].into_iter().collect())
}

/// The protocols a word names. `Any` is every one with ports, and ICMP.
pub(super) fn protocols_of(word: &str) -> Option<ProtocolSet> {
    let protocols: &[Protocol] = match word.trim().to_ascii_lowercase().as_str() {
        "tcp" => &[Protocol::TCP],
        "udp" => &[Protocol::UDP],
        "icmp" => &[Protocol::ICMP],
        "any" | "*" => &[Protocol::TCP, Protocol::UDP, Protocol::ICMP],
        _ => return None,
    };
    Some(protocols.iter().copied().collect())
}

#[cfg(test)]
mod tests {
    use packet::Family;

    use super::*;

    #[test]
    fn a_range_of_addresses_is_both_ends_and_what_is_between() {
        let range = addresses_of("10.0.0.254-10.0.1.1").unwrap();
        assert_eq!(range.count(Family::V4).saturating(), 4);
        assert_eq!(addresses_of("*"), Some(AddressSet::everything()));
        for text in ["10.0.0.9-10.0.0.1", "10.0.0.1-::1", "Internet", "", "10.0.0.1-"] {
            assert_eq!(addresses_of(text), None, "{text}");
        }
    }

    #[test]
    fn words_for_any_are_known() {
        assert!(ports_of("*").unwrap().is_everything());
        assert_eq!(ports_of("80-81").unwrap().count(), 2);
        assert_eq!(ports_of("80,81"), None);
        assert!(protocols_of("Any").unwrap().contains(Protocol::UDP));
        assert_eq!(protocols_of("http"), None);
    }
}
