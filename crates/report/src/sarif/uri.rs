//! Paths as URI references, so that nothing in a name is a scheme, a query or a fragment (RFC 3986).

use core::fmt::Write;

/// A relative path is a relative reference, an absolute one a `file` URI.
pub(super) fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path);
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            // Writing to a string does not fail.
            let _ = write!(uri, "%{byte:02X}");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn names_are_no_more_than_names() {
        assert_eq!(uri("exports/nsgs.json"), "exports/nsgs.json");
        assert_eq!(uri("./nsgs.json"), "nsgs.json");
        assert_eq!(uri("../my nics.json"), "../my%20nics.json");
        assert_eq!(uri("/tmp/nsgs.json"), "file:///tmp/nsgs.json");
        assert_eq!(uri("http://evil?a#b"), "http%3A//evil%3Fa%23b");
        assert_eq!(uri("C:\\a\u{202e}"), "C%3A%5Ca%E2%80%AE");
    }
}
