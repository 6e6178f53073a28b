//! One entry of `ip-ranges.json`, as it stands there.

use cloud::grammar;
use cloud::json::{Node, Tree};
use packet::Prefix;

/// An entry: whose addresses these are.
pub(super) struct Range<'n> {
    pub(super) prefix: Prefix,
    pub(super) service: &'n str,
    pub(super) region: &'n str,
}

/// What an entry of a list of prefixes is. Complete.
pub(super) enum Entry<'n> {
    Range(Range<'n>),
    /// Of AWS, and not to be read.
    Unreadable {
        service: Option<&'n str>,
        region: Option<&'n str>,
    },
    /// Of somebody else: Google publishes a file with the same outer keys.
    Foreign,
}

/// Reads an entry.
pub(super) fn read<'n>(node: &'n Node<'_>) -> Entry<'n> {
    let text = |key: &str| match node.own(key) {
        Some(Tree::Text(text)) => Some(&**text),
        Some(_) | None => None,
    };
    let Some(key) = ["ip_prefix", "ipv6_prefix"].into_iter().find(|key| node.own(key).is_some()) else {
        return Entry::Foreign;
    };
    match (text(key).map(grammar::prefix), text("service"), text("region")) {
        (Some(Ok(prefix)), Some(service), Some(region)) => Entry::Range(Range { prefix, service, region }),
        (_, service, region) => Entry::Unreadable { service, region },
    }
}
