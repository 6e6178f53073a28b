//! What AWS does besides when a resource is edited, as far as the objects that are known tell it.
//!
//! Knows no event and no record: edits, and the objects as they were before.

use cloud::audit::{Edit, Ledger};

/// The edits that an edit comes to, where these are others than itself alone.
pub(crate) fn consequences(_edit: &Edit, _ledger: &Ledger) -> Option<Vec<Edit>> {
    None
}
