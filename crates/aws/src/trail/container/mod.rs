//! What records come in, down to one record as CloudTrail spells it.
//!
//! An element is looked over once, for the names of operations; only records of those that are known are read. Adding a
//! container that changes the spelling: its file, a line in `SPELLINGS`. Knows no operation.

mod carried;
mod elastic;
pub(crate) mod format;
mod ocsf;
mod opensearch;
mod scout;
mod sentinel;
mod spelling;

use cloud::json::Node;

pub(crate) use carried::{Carried, carried};
pub(crate) use scout::{Scouted, scout, service_of};
pub(crate) use spelling::plain;

use super::body::Body;

/// The record itself, where a container that spells it in its own way carries it beside that.
pub(crate) fn original<'n>(node: &'n Node<'n>) -> Option<(&'static str, &'n str)> {
    let own = Body::of(node);
    let elastic = || Some((format::ELASTIC, own.part("event").text("original")?));
    let (format, text) = elastic().or_else(|| Some((format::OCSF, own.text("raw_data")?)))?;
    text.starts_with('{').then_some((format, text))
}

/// A record that a container spells in its own way, as CloudTrail spells it, and what the container is called; `None` where
/// the object is none.
pub(crate) fn respelled(node: &Node<'_>) -> Option<(&'static str, Node<'static>)> {
    SPELLINGS.iter().find_map(|(format, respell)| Some((*format, respell(Body::of(node))?)))
}

type Respell = for<'n> fn(Body<'n>) -> Option<Node<'static>>;

const SPELLINGS: [(&str, Respell); 4] = [
    (format::SENTINEL, sentinel::respelled),
    (format::OCSF, ocsf::respelled),
    (format::ELASTIC, elastic::respelled),
    (format::OPENSEARCH, opensearch::respelled),
];
