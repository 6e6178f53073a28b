//! What is worth telling: one file for each check; severities, ATT&CK and compliance ids as tables.
//!
//! Knows no cloud in any condition, reads nothing, renders nothing.

mod finding;

use core::fmt;
use std::collections::BTreeMap;

use engine::{Exposure, IdleRule};
use model::Snapshot;

pub use finding::{Finding, Severity, Subject};

/// A control of a compliance framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Control {
    /// The framework, e.g. `CIS Azure`.
    pub framework: &'static str,
    /// Its version.
    pub version: &'static str,
    /// The id of the control in it.
    pub id: &'static str,
}

/// A question worth asking.
pub struct Check {
    /// Kebab-case, stable for ever; describes the problem, not the cure.
    pub name: &'static str,
    /// One line, lower case, no final period.
    pub summary: &'static str,
    /// The page `explain` prints, Markdown.
    pub page: &'static str,
    /// MITRE ATT&CK technique ids of both generations.
    pub attack: &'static [&'static str],
    /// Controls that its positive answer fails.
    pub controls: &'static [Control],
    /// Names of the recommendations of Defender for Cloud that ask the same.
    pub recommendations: &'static [&'static str],
    /// Asks it.
    pub(crate) run: fn(&Facts<'_>) -> Vec<Finding>,
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Everything a check may look at.
pub struct Facts<'a> {
    /// What is known.
    pub snapshot: &'a Snapshot,
    /// What the Internet reaches, all targets.
    pub exposures: &'a [Exposure],
    /// Rules that never decide.
    pub idle: &'a [IdleRule],
}

/// Severities chosen by the user, by the name of the check.
pub type Overrides = BTreeMap<String, Severity>;
