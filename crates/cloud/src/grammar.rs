//! Addresses, prefixes and port ranges as people write them: strict, but for blank space at the ends.
//!
//! Knows no provider's words: what `*`, `Any` or `Internet` stand for is said by each cloud.

use core::net::IpAddr;

use packet::{PortRange, PortRangeError, Prefix, PrefixError};

/// Reads `10.0.0.0/24` or one address; host bits are cut off (semantics A22, C3).
///
/// # Errors
/// When the text is neither.
///
/// # Example
/// ```
/// assert_eq!(cloud::grammar::prefix(" 1.2.3.4/0 ").unwrap().to_string(), "0.0.0.0/0");
/// assert!(cloud::grammar::prefix("0.0.0.0/33").is_err());
/// ```
pub fn prefix(text: &str) -> Result<Prefix, PrefixError> {
    text.trim().parse()
}

/// Reads `22` or `22-25`.
///
/// # Errors
/// When the text is neither, the end comes before the start, or a number is above 65535.
pub fn port_range(text: &str) -> Result<PortRange, PortRangeError> {
    text.trim().parse()
}

/// Reads one address of either family; a zone (`fe80::1%eth0`) is not part of one.
#[must_use]
pub fn address(text: &str) -> Option<IpAddr> {
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blank_space_at_the_ends_is_nothing() {
        assert_eq!(prefix("\t10.0.0.0/8\n").unwrap().to_string(), "10.0.0.0/8");
        assert_eq!(port_range(" 22 ").unwrap().to_string(), "22");
        assert_eq!(address(" ::1 ").unwrap().to_string(), "::1");
    }

    #[test]
    fn what_no_provider_takes_is_refused() {
        for text in ["", " ", "10.0.0.0 /8", "10.0.0.0/8,11.0.0.0/8", "10.0.0.1-10.0.0.9", "10.0.0.0/+8"] {
            assert!(prefix(text).is_err(), "{text}");
        }
        for text in ["", "22-", "70000", "22,23", "+22", "-1", "22.0", "*"] {
            assert!(port_range(text).is_err(), "{text}");
        }
        for text in ["", "10.0.0.1/32", "fe80::1%eth0", "010.0.0.1"] {
            assert!(address(text).is_none(), "{text}");
        }
    }
}
