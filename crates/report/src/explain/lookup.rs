//! Which finding or exposure somebody means: an id, a fingerprint, or the start of one.
//!
//! Knows no spelling mistakes: nearness is not its business.

/// What an id names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sought {
    /// The finding at this place.
    Finding(usize),
    /// The exposure at this place.
    Exposure(usize),
}

/// Why an id names nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unfound {
    /// Nothing starts like this.
    Nothing,
    /// Several do.
    Several(Vec<String>),
}

/// Finds what an id names. `WO-` may be left out, letter case does not matter, and digits that look alike are one, as
/// Crockford has it.
///
/// # Errors
/// When it is the start of nothing, or of several.
pub fn sought<'a>(
    wish: &str,
    ids: impl Iterator<Item = &'a str>,
    fingerprints: impl Iterator<Item = String>,
) -> Result<Sought, Unfound> {
    let (wanted, hex) = (digits(wish), wish.to_ascii_lowercase());
    let mut found: Vec<(bool, Sought, String)> = Vec::new();
    for (place, id) in ids.enumerate().filter(|_| !wanted.is_empty()) {
        if digits(id).starts_with(&wanted) {
            found.push((digits(id) == wanted, Sought::Finding(place), id.to_owned()));
        }
    }
    for (place, fingerprint) in fingerprints.enumerate().filter(|_| hex.len() >= FINGERPRINT_MIN) {
        if fingerprint.starts_with(&hex) {
            found.push((fingerprint == hex, Sought::Exposure(place), fingerprint));
        }
    }
    // A whole id is not the start of a longer one.
    if found.iter().any(|(whole, ..)| *whole) {
        found.retain(|(whole, ..)| *whole);
    }
    match found.as_slice() {
        [] => Err(Unfound::Nothing),
        [(_, sought, _)] => Ok(*sought),
        several => Err(Unfound::Several(several.iter().map(|(_, _, id)| id.clone()).collect())),
    }
}

/// The digits of an id, those that look alike made one.
fn digits(id: &str) -> String {
    let upper = id.trim().to_ascii_uppercase();
    let digits = upper.strip_prefix("WO-").or_else(|| upper.strip_prefix("W0-")).unwrap_or(&upper);
    digits
        .chars()
        .map(|digit| match digit {
            'O' => '0',
            'I' | 'L' => '1',
            digit => digit,
        })
        .collect()
}

/// Below this many digits a word is no start of a fingerprint.
const FINGERPRINT_MIN: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    fn find(wish: &str) -> Result<Sought, Unfound> {
        let ids = ["WO-7F3K2M9Q", "WO-7F3K0000", "WO-01ABCDEF", "WO-7F3K2M9QZZ"];
        let fingerprints = ["abcdef0123", "abcdef9999"].map(str::to_owned);
        sought(wish, ids.into_iter(), fingerprints.into_iter())
    }

    #[test]
    fn ids_are_found_as_people_type_them() {
        assert_eq!(find("WO-7F3K2M9Q"), Ok(Sought::Finding(0)), "a whole id is not the start of another");
        assert_eq!(find("wo-7f3k0"), Ok(Sought::Finding(1)));
        assert_eq!(find("oiab"), Ok(Sought::Finding(2)));
        assert_eq!(find("ABCDEF01"), Ok(Sought::Exposure(0)));
    }

    #[test]
    fn what_names_nothing_or_several_is_said() {
        let several = ["WO-7F3K2M9Q", "WO-7F3K0000", "WO-7F3K2M9QZZ"].map(str::to_owned);
        assert_eq!(find("WO-7F3K"), Err(Unfound::Several(several.into())));
        assert_eq!(
            find("abcdef"),
            Err(Unfound::Several(["abcdef0123", "abcdef9999"].map(str::to_owned).into()))
        );
        for nothing in ["", "WO-", "WO-XXXX", "abcde", "*"] {
            assert_eq!(find(nothing), Err(Unfound::Nothing), "{nothing}");
        }
    }
}
