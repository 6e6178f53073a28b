//! An exposure with the time in which it existed, and who made it so.

use std::sync::Arc;

use model::{Moment, Name, Provenance};
use packet::AddressSet;

use crate::exposure::{Exposure, Fingerprint, Sources};

use super::judged::Expected;

/// Who changed something, when. Two changes with equal ids are one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Cause {
    /// When it happened.
    pub at: Moment,
    /// The id of the event, as its cloud gave it.
    pub event: Name,
    /// Who did it.
    pub actor: Name,
    /// From which address.
    pub address: Option<Name>,
    /// With which program, as the program says.
    pub client: Option<Name>,
    /// Which operation, in the words of its cloud.
    pub operation: Name,
    /// The resource that was edited.
    pub edited: Name,
    /// Where the event stands.
    pub provenance: Option<Provenance>,
}

/// What a change did, judged on the difference of exposures. Complete: results name these eight. Where several hold, the
/// first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ChangeEffect {
    /// Attempted and refused.
    Denied,
    /// Nothing before, something after, by a change of a rule.
    Opens,
    /// Nothing before, something after, by a change of path or attachment.
    Attaches,
    /// The source set grows.
    Widens,
    /// Nothing after.
    Closes,
    /// The source set shrinks.
    Narrows,
    /// A detector, a log or a protection is weakened.
    Impairs,
    /// Nothing of these.
    None,
}

impl ChangeEffect {
    /// The word results use.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Denied => "denied",
            Self::Opens => "opens",
            Self::Attaches => "attaches",
            Self::Widens => "widens",
            Self::Closes => "closes",
            Self::Narrows => "narrows",
            Self::Impairs => "impairs",
            Self::None => "none",
        }
    }
}

/// One change of the source set of an opening, or of the rules that let it in.
#[derive(Clone, Debug)]
pub struct Step {
    /// Who and when.
    pub cause: Arc<Cause>,
    /// What it did to this opening. Where the source set both grew and shrank it widens; nothing where a rule came that
    /// lets in who got in already, and so keeps it open when the others go.
    pub effect: ChangeEffect,
    /// Who gets in after it; `None` where nobody does.
    pub sources: Option<Arc<Sources>>,
}

/// An exposure with the half-open time in which it existed.
#[derive(Clone, Debug)]
pub struct Opening {
    /// A SHA-256 of what it is and since when: target, reach, certainty, fronts, protocol, ports, and the event that
    /// opened it. Later steps do not change it.
    pub fingerprint: Fingerprint,
    /// What was open, as wide as it ever was while it was open: the first such state. Of the entrances and ports of that
    /// state, those that share the history told here.
    pub exposure: Exposure,
    /// Who opened it; `None` where it was open before the first event.
    pub opened: Option<Arc<Cause>>,
    /// Who closed it; `None` while it is open.
    pub closed: Option<Arc<Cause>>,
    /// Every change of its source set, in order of time; the one that opened and the one that closed it among them. Never
    /// empty: what nothing changed is no opening but an exposure, which a scan tells.
    pub steps: Vec<Step>,
    /// Whether earlier state of something that decides here is not known.
    pub is_partial: bool,
    /// Who expected it and why; `None` where nobody did.
    pub expected: Option<Expected>,
    /// The exact sources of `exposure`.
    pub addresses: Arc<AddressSet>,
    /// Who gets in now, or got in at the last; `None` where it was never anybody that is known.
    pub latest: Option<Arc<Sources>>,
}

impl Opening {
    /// Whether it is open after the last change.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.closed.is_none()
    }
}
