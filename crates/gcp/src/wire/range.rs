//! One entry of `cloud.json` or `goog.json`, as it stands there.

use cloud::grammar;
use cloud::json::Node;
use packet::Prefix;

use super::words::text;

/// What an entry of a list of prefixes is. Complete.
pub(super) enum Entry<'n> {
    /// Customers rent it.
    Rented { prefix: Prefix, scope: &'n str },
    /// Google's own.
    Own,
    /// Of Google, and not to be read.
    Unreadable,
    /// Of somebody else: AWS publishes a file with the same outer keys.
    Foreign,
}

/// Reads an entry.
pub(super) fn read<'n>(node: &'n Node<'_>) -> Entry<'n> {
    let Some(key) = ["ipv4Prefix", "ipv6Prefix"].into_iter().find(|key| node.own(key).is_some()) else {
        return Entry::Foreign;
    };
    let Some(Ok(prefix)) = text(node, key).map(grammar::prefix) else { return Entry::Unreadable };
    match (text(node, "service"), text(node, "scope")) {
        (Some("Google Cloud"), Some(scope)) => Entry::Rented { prefix, scope },
        (None, None) => Entry::Own,
        _ => Entry::Unreadable,
    }
}
