//! Ids of findings: what suppressions and SARIF follow.
//!
//! An id comes from check, scope, subject and protocol alone, so it stays while ports, sources and rules change. Where
//! a finding is about one rule of its subject, as each is where rules say whom they are for, the name of the rule is in it
//! as well; of what somebody expected, who and why is.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::Finding;
use crate::finding::Found;

/// Gives every finding of a run its id.
pub(crate) fn assigned(found: Vec<Found>) -> Vec<Finding> {
    let digests: Vec<u64> = found.iter().map(digest).collect();
    let ids = ids(&digests).into_iter();
    found.into_iter().zip(ids).map(|(found, id)| Finding { id, ..found.finding }).collect()
}

/// Eight digits; two more for all those of a run that have their eight in common with another.
fn ids(digests: &[u64]) -> Vec<String> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for &digest in digests {
        *times.entry(base32(digest, DIGITS)).or_default() += 1;
    }
    let told = |&digest: &u64| {
        let short = base32(digest, DIGITS);
        let is_alone = times.get(&short) == Some(&1);
        let digits = if is_alone { short } else { base32(digest, DIGITS + 2) };
        format!("WO-{digits}")
    };
    digests.iter().map(told).collect()
}

/// The first 64 bits of the SHA-256 of what a finding is about. Two spellings of one id are one.
pub(crate) fn digest(found: &Found) -> u64 {
    let Found { finding, rule, apart, leading: _ } = found;
    let mut hash = Sha256::new();
    hash.update(finding.check.name);
    hash.update([0]);
    if let Some(scope) = &finding.scope {
        hash.update([1]);
        hash.update(scope.to_ascii_lowercase());
    }
    hash.update([0]);
    hash.update(finding.subject.id.to_ascii_lowercase());
    hash.update([0]);
    hash.update(finding.protocol.map_or_else(|| "any".to_owned(), |protocol| protocol.to_string()));
    if let Some(rule) = rule {
        hash.update([0]);
        hash.update(rule.to_ascii_lowercase());
    }
    if let Some(apart) = apart {
        hash.update([1]);
        hash.update(apart);
    }
    let bytes = hash.finalize();
    bytes.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte))
}

/// The leading digits of a number, in Crockford's base 32: five bits each.
fn base32(number: u64, digits: u32) -> String {
    let place = |digit| (number >> (u64::BITS - 5 * (digit + 1))) & 31;
    let letter = |value: u64| ALPHABET.chars().nth(value as usize);
    (0..digits).filter_map(|digit| letter(place(digit))).collect()
}

const DIGITS: u32 = 8;
/// Without I, L, O and U.
const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_the_leading_bits() {
        assert_eq!(base32(0, 8), "00000000");
        assert_eq!(base32(u64::MAX, 10), "ZZZZZZZZZZ");
        assert_eq!(base32(0b00001_00010_11111 << 49, 8), "12Z00000");
    }

    #[test]
    fn colliding_ids_are_longer_all_of_them_and_no_others() {
        let same = 0x0123_4567_8900_0000;
        let ids = ids(&[same, u64::MAX, same | 1 << 23]);
        assert_eq!(ids, ["WO-04HMASW900", "WO-ZZZZZZZZ", "WO-04HMASW9G0"]);
    }
}
