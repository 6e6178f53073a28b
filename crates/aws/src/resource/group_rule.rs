//! One entry of a security group: protocol and numbers, and one source (W1, W4, W7, W8, W12, W25).
//!
//! A permission lists many sources, `describe-security-group-rules` has one a rule: both come to the same entries.
//! Knows nothing of what a prefix list holds or who is in a group.

use std::sync::Arc;

use cloud::ReadAt;
use model::Name;
use packet::{AddressSet, Bounds};

use super::numbers::Numbers;

/// One entry of a group.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupRule {
    pub(crate) numbers: Arc<Numbers>,
    pub(crate) source: Source,
    /// The source as it is written.
    pub(crate) written: Name,
    /// What it says, for people: `tcp 22 0.0.0.0/0`.
    pub(crate) says: Name,
    /// Its id, where documents list rules one by one and this is a permission of what is remembered of them.
    pub(crate) rule: Option<Name>,
    pub(crate) read_at: ReadAt,
}

/// Who an entry lets in. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Source {
    /// These addresses; bounds where they cannot be read.
    Addresses(Bounds<Arc<AddressSet>>),
    /// The entries of a prefix list, by its id (W6).
    PrefixList(Name),
    /// The members of a group (W4, W5).
    Group(GroupReference),
}

/// A group that an entry names as its source.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct GroupReference {
    /// Its id; unreadable, or a group of EC2-Classic that has only a name: some group.
    pub(crate) id: Option<Name>,
    /// Its account, where that is said.
    pub(crate) account: Option<Name>,
    /// The peering by which it is reached.
    pub(crate) peering: Option<Name>,
    /// W5: the peering is said not to be active, so that nobody is matched.
    pub(crate) is_stale: bool,
}
