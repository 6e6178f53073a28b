//! Whether an object is a whole resource or a piece of one.
//!
//! Google's JSON leaves out what has its default, so an absent key of a whole resource is its default. A projection
//! (`--format "json(name,network)"`, `fields=items(name)`) leaves out what nobody asked for: there an absent key is not
//! told. `gcloud` prints null for a key that was asked for and that the resource does not have, so null is told.

use cloud::Stated;
use cloud::json::Node;

use super::Origin;

/// Whether a key that the object does not have has its default.
pub(crate) fn is_whole(stated: &Stated<'_, '_>, origin: &Origin) -> bool {
    is_whole_node(stated.node(), origin)
}

/// The same of an object that nobody reads yet.
pub(crate) fn is_whole_node(node: &Node<'_>, origin: &Origin) -> bool {
    origin.asset.is_some() || MARKS.iter().any(|mark| node.own(mark).is_some())
}

/// Keys that every answer of the API has and that nobody asks a projection for.
const MARKS: [&str; 2] = ["kind", "creationTimestamp"];
