//! One event of an audit log, as far as it bears on what the Internet reaches.

use model::{Gap, Moment, Name, Provenance, Watch, Weakened};
use packet::{AddressSet, PortSet, ProtocolSet};

use super::edit::Edit;

/// One JSON value of a log, whole.
#[derive(Clone, Copy, Debug)]
pub struct Element<'a> {
    /// Where it stands: the document, and the byte it begins at.
    pub at: Provenance,
    /// Its text.
    pub text: &'a str,
}

/// What came of one element.
#[derive(Debug, Default)]
pub struct Heard {
    /// The format it was recognised as, e.g. `aws/cloudtrail`, `aws/eventbridge`, `azure/activity`, `gcp/audit`; `None`
    /// where it is no log of this cloud. Files that lie beside logs and hold no events (digests, insights) have a format
    /// too, and no records.
    pub format: Option<&'static str>,
    /// How many records it holds, those that bear on nothing included.
    pub records: u64,
    /// The events that bear on what is open, or on who watches; reads and everything else are left out.
    pub events: Vec<Event>,
    /// What was not understood.
    pub gaps: Vec<Gap>,
}

/// One event.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// The id that its cloud gave it. Two records with one id are one event, delivered twice; where they say different
    /// things, both are told. Never empty: where a record has none, one is made of what it says.
    pub id: Name,
    /// When it happened, by the event's own time; `None` where it has none, or an absurd one.
    pub at: Option<Moment>,
    /// Account, subscription or project.
    pub scope: Option<Name>,
    /// Who did it.
    pub actor: Actor,
    /// The operation, in the words of its cloud: `AuthorizeSecurityGroupIngress`.
    pub operation: Name,
    /// The id of the resource that was edited, as results spell it.
    pub edited: Name,
    /// What became of it.
    pub outcome: Outcome,
    /// What joins it with other events of the same request or operation; `None` where it stands alone.
    pub joined_by: Option<Name>,
    /// What it bears on.
    pub bears: Bears,
    /// What it says that resources were before it, each stated whole (`Put`): where nothing else stated one, it was that
    /// before the first event about it.
    pub before: Vec<Edit>,
    /// Where it stands.
    pub place: Provenance,
}

/// Who did something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actor {
    /// The identity that is accountable: for a role its issuer and session, for a service the service.
    pub name: Name,
    /// The address it came from, or the name of a service that called.
    pub address: Option<Name>,
    /// What the caller says it is (user agent, application id): shown, never evidence.
    pub client: Option<Name>,
}

/// What became of a request. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It was begun, and nothing says how it ended.
    Begun,
    /// It failed for a reason that is not permission: nothing changed, nobody was refused.
    Failed,
    /// It was refused: the actor lacks the permission.
    Denied,
}

/// What an event bears on. Complete.
#[derive(Clone, Debug, PartialEq)]
pub enum Bears {
    /// Resources that are modelled: what is edited, in this order. Of an attempt that failed, what would have been.
    Edits(Vec<Edit>),
    /// Somebody who watches or protects.
    Impairs(Impairment),
    /// Access that was asked for in advance, for a time: what another identity then opens for it was announced.
    Announces(Box<Announcement>),
    /// A kind of resource that is not modelled: `kind` in words, e.g. `client VPN endpoint`.
    NotModelled {
        /// What kind.
        kind: Name,
    },
    /// Nothing that is known, but a part of a request of which other parts bear on something (a phase without a body).
    Nothing,
}

/// A detector, a log or a protection that was weakened, or restored.
#[derive(Clone, Debug, PartialEq)]
pub struct Impairment {
    /// What was done to it.
    pub weakened: Weakened,
    /// Where what decides lies outside of the cloud's configuration: the object in a bucket that a list is read from. An event
    /// whose `edited` is that very place is a write there: it counts only where something else in the log reads it.
    pub reads: Option<Name>,
    /// What it is there for.
    pub watch: Watch,
    /// What it is, in words: `GuardDuty trusted IP set`, `flow log`.
    pub kind: Name,
    /// What the event says that matters and a rule of thumb would not see, in one sentence without a final period: which
    /// list, where it lies, that its contents are not in the event. Empty where there is nothing.
    pub note: String,
}

impl Impairment {
    /// What was done to a watcher, where its configuration decides.
    #[must_use]
    pub fn of(Watcher { watch, kind }: Watcher, weakened: Weakened, note: String) -> Self {
        Self { weakened, reads: None, watch, kind: kind.into(), note }
    }
}

/// What watches or protects, as tables of operations name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Watcher {
    watch: Watch,
    kind: &'static str,
}

/// What keeps what happened: its kind, in words.
#[must_use]
pub const fn keeps(kind: &'static str) -> Watcher {
    Watcher { watch: Watch::Log, kind }
}

/// What tells of what happens, or stops it: its kind, in words.
#[must_use]
pub const fn guards(kind: &'static str) -> Watcher {
    Watcher { watch: Watch::Guard, kind }
}

/// Access that was asked for in advance (Azure's just-in-time access).
#[derive(Clone, Debug, PartialEq)]
pub struct Announcement {
    /// What may be opened: ids of targets, or of machines that have them.
    pub targets: Vec<Name>,
    /// What the ids of those targets begin with that say of their machine no more than its name: two machines may have one
    /// name. Empty: no target is known by a name alone.
    pub within: Name,
    /// Over which protocols.
    pub protocols: ProtocolSet,
    /// At which ports.
    pub ports: PortSet,
    /// To whom.
    pub sources: AddressSet,
    /// Until when.
    pub until: Moment,
}
