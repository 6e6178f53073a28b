//! The keys that make up documents of Google Cloud, whatever they are documents of.

use std::sync::LazyLock;

use cloud::LookupSet;
use cloud::json::{Node, Tree};

use crate::resource::KINDS;

use super::elsewhere::ELSEWHERE;
use super::told::is_word_of_cloud;

/// What stands under a key of an answer. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// Resources, or scopes with resources.
    Items,
    /// Assets, in or out of time.
    Assets,
    /// Messages of a subscription.
    Messages,
    /// Entries of `cloud.json`.
    Ranges,
    /// Resources, under the word of their kind.
    Collection,
}

/// What the list under a key is of, where it can be read entry by entry.
pub(super) fn list_under(key: &str) -> Option<List> {
    Some(match key {
        "items" => List::Items,
        "assets" | "results" => List::Assets,
        "receivedMessages" => List::Messages,
        "prefixes" => List::Ranges,
        _ if is_collection(key) && !is_of_resource(key) => List::Collection,
        _ => return None,
    })
}

/// Whether resources are listed under a key. Asked of every key of every object.
pub(super) fn is_collection(key: &str) -> bool {
    COLLECTIONS.contains(key)
}

static COLLECTIONS: LazyLock<LookupSet<&str>> = LazyLock::new(|| {
    let others = ELSEWHERE.iter().map(|other| other.collection).filter(|word| !word.is_empty());
    KINDS.iter().map(|kind| kind.collection).chain(others).collect()
});

/// Whether resources, or effective firewalls, have lists of objects of their own under a key.
fn is_of_resource(key: &str) -> bool {
    ["associations", "firewalls", "firewallPolicys", "rules"].contains(&key)
}

/// Whether only Google lists something under a key, be the list empty.
pub(super) fn is_word_of_google(key: &str) -> bool {
    KINDS.iter().any(|kind| kind.collection == key) && key.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// The kinds of which a page lists all that there are, by its own word: `compute#firewallList`.
pub(super) fn listed_by(word: &str) -> impl Iterator<Item = &'static str> + use<'_> {
    let stem = ["AggregatedList", "List"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or_default();
    // `sql#instancesList`.
    let one = stem.strip_suffix('s').unwrap_or(stem);
    KINDS
        .iter()
        .filter(move |kind| kind.kinds.iter().any(|own| *own == stem || *own == one))
        .map(|kind| kind.name)
}

/// Whether a word is that of a page.
pub(super) fn is_word_of_page(word: &str) -> bool {
    // `compute#firewallList`, `compute#firewallPoliciesListAssociations`, `storage#buckets`.
    is_word_of_cloud(word) && (word.contains("List") || word.ends_with('s'))
}

/// The text of a key, without blank space at its ends; blank text is none.
pub(super) fn text<'n>(node: &'n Node<'_>, key: &str) -> Option<&'n str> {
    match node.own(key)? {
        Tree::Text(text) => Some(text.trim()).filter(|text| !text.is_empty()),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    }
}

/// The object of a key.
pub(super) fn object<'n, 'a>(node: &'n Node<'a>, key: &str) -> Option<&'n Node<'a>> {
    match node.own(key)? {
        Tree::Object(object) => Some(object),
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}
