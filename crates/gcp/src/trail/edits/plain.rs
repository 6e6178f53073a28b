//! Resources whose requests are what exports have of them: made, patched, replaced, deleted, one value set.
//!
//! Knows no kind.

use cloud::audit::{Act, Edit};
use cloud::json::Tree;

use super::super::body::{over, set};
use super::super::call::{Call, Told};

/// What an operation edits, in this order.
pub(in super::super) type Edits = Vec<Edit>;

/// It is made, or stated whole: what a full update does not say has its default.
pub(in super::super) fn put(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![call.edit(Act::Put(call.whole()))]
}

/// What the request says is changed, over what the entry says it was before.
pub(in super::super) fn patch(call: &Call, _told: &mut Told<'_>) -> Edits {
    let delta = match &call.original {
        Some(original) => over(original.clone(), &call.request),
        None => call.request.clone(),
    };
    if delta.entries().is_empty() { Vec::new() } else { vec![call.edit(Act::Merge(delta))] }
}

/// It is gone.
pub(in super::super) fn gone(call: &Call, _told: &mut Told<'_>) -> Edits {
    vec![call.edit(Act::Drop)]
}

/// One value is set to what the request has under the same key; a request without it takes it away.
pub(in super::super) fn one(call: &Call, key: &'static str) -> Edits {
    let mut node = cloud::json::Node::default();
    set(&mut node, key, call.request.own(key).cloned().unwrap_or(Tree::Null));
    vec![call.edit(Act::Merge(node))]
}
