//! Rules that never decide: shadowed by earlier ones, or matching nothing.

use std::sync::Arc;

use model::RuleList;

/// Why a rule never decides. Complete.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Idle {
    /// Every packet it can match is decided before it, by these rules (positions in the list, ascending).
    Shadowed(Vec<usize>),
    /// No packet can match it: a field is empty.
    MatchesNothing,
    /// No address it names as destination is behind the list.
    DestinationElsewhere,
}

/// A rule that never decides.
#[derive(Clone, Debug)]
pub struct IdleRule {
    /// The list it is in.
    pub list: Arc<RuleList>,
    /// Its position in `list.rules`.
    pub rule: usize,
    /// Why.
    pub why: Idle,
}
