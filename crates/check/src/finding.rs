//! The positive answer of a check: one hole, one finding, its targets listed.

use std::collections::BTreeMap;
use std::sync::Arc;

use core::fmt;

use engine::{Admission, Cause, Expected, Fingerprint, Witness};
use model::{Grade, Name, Provenance, Target};
use packet::{Family, PortSet, Protocol};

use crate::{Check, Control};

/// How bad a finding is. Complete; ascending.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing.
    Info,
    /// Untidy.
    Low,
    /// To be looked at.
    Medium,
    /// To be closed soon.
    High,
    /// To be closed now.
    Critical,
}

/// What a finding is about: the filter that admits, else the target itself; of a rule that never
/// decides, its list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// Its id, in the spelling of its document.
    pub id: Name,
    /// What kind of resource it is.
    pub kind: &'static str,
    /// Its name.
    pub name: Name,
}

/// The positive answer of a check.
#[derive(Clone, Debug)]
pub struct Finding {
    /// `WO-` and Crockford base-32 digits of a SHA-256 of check, scope, subject and protocol, and of the name of the
    /// rule where it is about one; stays while ports and sources change.
    pub id: String,
    /// The check.
    pub check: &'static Check,
    /// How bad it is, overrides applied.
    pub severity: Severity,
    /// The cloud it is in, in one lower-case word.
    pub cloud: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// Subscription, account or project.
    pub scope: Option<Name>,
    /// The protocol it speaks of; `None` when it is not about one, or about every one.
    pub protocol: Option<Protocol>,
    /// The packets it speaks of, as its targets see them: the ports of each protocol, none where the protocol has
    /// none; without a protocol, every protocol and port. Less than its exposures reach, which join all ports that the
    /// same sources reach. Empty when it is about none.
    pub packets: BTreeMap<Option<Protocol>, PortSet>,
    /// How many its lists let in over each family, by the widest of its exposures. Empty when it is about none, and where
    /// these lists see a proxy and not who comes in.
    pub grades: BTreeMap<Family, Grade>,
    /// The exposures it rests on, sorted.
    pub exposures: Vec<Fingerprint>,
    /// What is reached, sorted by key.
    pub targets: Vec<Arc<Target>>,
    /// The rules that let it in, of the worst of its exposures and the ports it speaks of.
    pub opened_by: Vec<Admission>,
    /// One packet to the best known of these ports, decided rule by rule.
    pub witness: Option<Witness>,
    /// Who can do what, in one sentence without a final period.
    pub message: String,
    /// The place to look at first.
    pub provenance: Option<Provenance>,
    /// Which changes made it so; `None` where it is not known when it came to be, as of a scan.
    pub detected: Option<Detected>,
}

/// What a finding about changes rests on.
#[derive(Clone, Debug, Default)]
pub struct Detected {
    /// The changes that made it so, in order of time, each once.
    pub causes: Vec<Arc<Cause>>,
    /// The opening that its message speaks of first; `None` where it is about none.
    pub leading: Option<Fingerprint>,
    /// Who expected it and why: it is told and counted, and no alarm.
    pub accepted: Option<Expected>,
}

/// What a check finds, before all that a run finds is known and ids are given.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The finding; its id is empty.
    pub(crate) finding: Finding,
    /// The rule it is about, where one list may have several findings.
    pub(crate) rule: Option<Name>,
    /// What else tells it apart from a finding that is about the same; it is part of the id.
    pub(crate) apart: Option<String>,
    /// The exposure that its message speaks of first.
    pub(crate) leading: Option<Fingerprint>,
}

impl Finding {
    /// Who expected it and why, where somebody did.
    #[must_use]
    pub fn accepted(&self) -> Option<&Expected> {
        self.detected.as_ref()?.accepted.as_ref()
    }

    /// Whether it makes a run fail whose threshold is this: it is as severe, and nobody expected it.
    #[must_use]
    pub fn fails(&self, threshold: Severity) -> bool {
        self.severity >= threshold && self.accepted().is_none()
    }

    /// The controls that it fails: those of its check that speak of its cloud, and of what was found.
    pub fn controls(&self) -> impl Iterator<Item = &'static Control> {
        self.check.controls.iter().filter(|control| control.about.fits(self))
    }

    /// The recommendations of its provider that ask the same.
    pub fn recommendations(&self) -> impl Iterator<Item = &'static str> {
        let own = self.check.recommendations.iter().filter(|one| one.cloud == self.cloud);
        own.map(|one| one.name)
    }
}

impl Severity {
    /// All of them, ascending.
    pub const ALL: [Self; 5] = [Self::Info, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// One step lower; `Info` stays.
    #[must_use]
    pub const fn lower(self) -> Self {
        match self {
            Self::Info | Self::Low => Self::Info,
            Self::Medium => Self::Low,
            Self::High => Self::Medium,
            Self::Critical => Self::High,
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
