//! What can be done to somebody who watches.

/// What was done to a detector, a log or a protection. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Weakened {
    /// It sees or stops nothing any more: deleted, disabled, stopped.
    Off,
    /// It sees or stops less than before: a filter, an exemption, a list of trusted addresses.
    Less,
    /// Whether it is weaker depends on what is not in the event.
    Perhaps,
    /// It was made whole again: told as a change, never as a finding.
    Restored,
}
