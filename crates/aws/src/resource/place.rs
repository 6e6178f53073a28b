//! Addresses, and regions by their zones, as many kinds state them.

use core::net::IpAddr;

use cloud::{Quoted, Said, Stated, grammar};
use model::Effect;

use crate::intake::Intake;

/// One address under a key; one that cannot be read has been told. Of one that is told at creation nothing is missing.
pub(super) fn address<'a>(stated: &Stated<'_, 'a>, key: &str, intake: &mut Intake<'_, 'a>) -> Said<IpAddr> {
    if stated.is_computed(key) {
        return Said::Unreadable;
    }
    let text = match stated.text(key, intake) {
        Said::This(text) => text,
        Said::Nothing => return Said::Nothing,
        Said::Unreadable => return Said::Unreadable,
    };
    grammar::address(text).map_or_else(
        || {
            let sentence = format!("`{key}` is {}, expected an address", Quoted(text));
            stated.tell("unreadable-address", Effect::Undecided, &sentence, intake);
            Said::Unreadable
        },
        Said::This,
    )
}

/// The region of an availability zone, of a local zone or of a Wavelength zone: `us-west-2` of `us-west-2-lax-1a`.
pub(super) fn region_of_zone(zone: &str) -> Option<&str> {
    // The first part that starts with a digit ends the region; a letter behind the digits is the zone's.
    let mut start = 0;
    for part in zone.split('-') {
        let digits = part.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            return zone.get(..start + digits);
        }
        start += part.len() + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_says_its_region() {
        for (zone, region) in [
            ("eu-west-1a", Some("eu-west-1")),
            ("us-gov-west-1b", Some("us-gov-west-1")),
            ("us-west-2-lax-1a", Some("us-west-2")),
            ("us-east-1-wl1-bos-wlz-1", Some("us-east-1")),
            ("somewhere", None),
            ("", None),
        ] {
            assert_eq!(region_of_zone(zone), region, "{zone}");
        }
    }
}
