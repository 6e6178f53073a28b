//! Who watches, and what can be done to them.

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

/// What somebody who watches or protects is there for. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Watch {
    /// It keeps what happened, or carries it to where it is kept: a trail, a flow log, a sink, a recorder.
    Log,
    /// It tells of what happens, or stops it: a detector, an alert, a web firewall, a policy.
    Guard,
}
