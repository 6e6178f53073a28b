//! One call of the API as operations are given it, and what they say it comes to.
//!
//! Knows no operation.

use cloud::Quoted;
use cloud::audit::{Act, Bears, Edit, Impairment, Nature, Outcome, Watcher};
use model::{Effect, Gap, Name, Provenance, Weakened};

use super::body::Body;

/// One call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call<'n> {
    /// Its name: `AuthorizeSecurityGroupIngress`.
    pub(crate) name: &'n str,
    /// The service: `ec2`, without `.amazonaws.com`.
    pub(crate) service: &'n str,
    /// The account it was made in.
    pub(crate) account: Option<&'n str>,
    pub(crate) region: Option<&'n str>,
    pub(crate) outcome: Outcome,
    /// What was sent: what stands inside `<name>Request`, where it is wrapped.
    pub(crate) request: Body<'n>,
    /// What was answered, inside `<name>Response` likewise. Nothing of what failed.
    pub(crate) response: Body<'n>,
}

/// What a call comes to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Meaning {
    /// The id of what was edited.
    pub(crate) edited: Name,
    pub(crate) bears: Bears,
}

impl Meaning {
    /// Edits; the first tells what was edited.
    pub(crate) fn edits(edits: Vec<Edit>) -> Self {
        let edited = edits.first().map_or_else(|| Name::from(""), |edit| Name::clone(&edit.id));
        let bears = if edits.is_empty() { Bears::Nothing } else { Bears::Edits(edits) };
        Self { edited, bears }
    }

    /// Edits that are told as those of something else than the first one's.
    pub(crate) fn edits_of(edited: &str, edits: Vec<Edit>) -> Self {
        Self { edited: edited.into(), ..Self::edits(edits) }
    }

    /// Nothing: the call bears on no packet.
    pub(crate) fn nothing(edited: &str) -> Self {
        Self { edited: edited.into(), bears: Bears::Nothing }
    }

    /// A change of something that is modelled, which changes nothing of what is reached: it is recorded, that is all.
    pub(crate) fn recorded(edited: &str) -> Self {
        Self { edited: edited.into(), bears: Bears::Edits(Vec::new()) }
    }

    pub(crate) fn impairs(edited: &str, weakened: Weakened, kind: Watcher, note: String) -> Self {
        Self { edited: edited.into(), bears: Bears::Impairs(Impairment::of(kind, weakened, note)) }
    }

    /// The same, where what decides lies at a place outside of the configuration.
    pub(crate) fn reading(mut self, place: Option<&str>) -> Self {
        if let Bears::Impairs(impairment) = &mut self.bears {
            impairment.reads = place.map(Name::from);
        }
        self
    }

    pub(crate) fn not_modelled(edited: &str, kind: &'static str) -> Self {
        Self { edited: edited.into(), bears: Bears::NotModelled { kind: kind.into() } }
    }
}

impl Call<'_> {
    /// Whether it was done, and not only tried.
    pub(crate) fn is_done(&self) -> bool {
        self.outcome == Outcome::Done
    }

    /// An edit of something of this account and region.
    pub(crate) fn edit(&self, kind: &str, id: &str, nature: Nature, act: Act) -> Edit {
        Edit {
            kind: kind.into(),
            id: id.into(),
            scope: self.account.map(Name::from),
            region: self.region.map(Name::from),
            nature,
            act,
        }
    }
}

/// What was not understood of one call.
#[derive(Debug)]
pub(crate) struct Told<'g> {
    pub(crate) place: Provenance,
    /// The operation, for messages.
    pub(crate) name: &'g str,
    pub(crate) gaps: &'g mut Vec<Gap>,
}

impl Told<'_> {
    /// Tells a sentence about the call.
    pub(crate) fn tell(&mut self, code: &'static str, effect: Effect, sentence: &str) {
        let message = format!("{}: {sentence}", Quoted(self.name));
        self.gaps.push(Gap::at(self.place, code, effect, message));
    }

    /// Tells that the event does not say which resource it edits: what it did is not known.
    pub(crate) fn no_id(&mut self, key: &str) -> Meaning {
        let sentence = format!("`{key}` is missing: what it changed is not known, expected an id");
        self.tell("missing-field", Effect::Undecided, &sentence);
        Meaning::nothing("")
    }
}
