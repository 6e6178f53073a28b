//! What the binary asks of a cloud.

use model::{DocumentId, Effect, Gap, Name, Provenance, Snapshot, Target, Thresholds};

use crate::audit::{Applied, Edit, Trail};
use crate::declared::Declarations;
use crate::desk::Quoted;
use crate::json::Malformed;

/// A whole input document, decoded to UTF-8.
#[derive(Clone, Copy, Debug)]
pub struct Document<'a> {
    /// Its number in the run.
    pub id: DocumentId,
    /// What people call it: a path, or `<stdin>`.
    pub path: &'a str,
    /// Its text, without a byte-order mark.
    pub text: &'a str,
}

impl Document<'_> {
    /// What is told of a place of it that is not JSON.
    #[must_use]
    pub fn malformed(&self, broken: &Malformed) -> Gap {
        let Malformed { line, column, expected, .. } = broken;
        let kept = if broken.resumed { "the other lines are read" } else { "what stands before it is read" };
        let path = Quoted(self.path);
        let message = format!("{path}: not JSON at line {line} column {column}: {expected}: {kept}");
        let provenance = Provenance { document: self.id, offset: broken.offset };
        Gap::at(provenance, "malformed-json", Effect::Skipped, message)
    }

    /// What is told where it is a second catalogue of `what`: the later one counts.
    #[must_use]
    pub fn second_catalogue(&self, what: &str, [before, now]: [&str; 2]) -> Gap {
        let provenance = Provenance { document: self.id, offset: 0 };
        let (before, now) = (Quoted(before), Quoted(now));
        let message =
            format!("two catalogues of {what}, of {before} and {now}, expected one: the later one is taken");
        Gap::at(provenance, "two-catalogues", Effect::Undecided, message)
    }
}

/// What came of reading one document.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// The format it was recognised as, e.g. `azure/cli`; `None` when no format of this cloud knows it.
    pub format: Option<&'static str>,
    /// How many resources were taken into the inventory.
    pub resources: u64,
    /// The version of a catalogue of addresses, e.g. that of service tags, when the document is one.
    pub catalogue: Option<(&'static str, String)>,
    /// What was not understood.
    pub gaps: Vec<Gap>,
}

/// One cloud. The binary has a list of these.
pub struct Cloud {
    /// One lower-case word.
    pub name: &'static str,
    /// Words that its documents have, and others seldom: it is asked for these before others are. A cloud with such words
    /// tells as `foreign-entry` whatever of a document it does not know, so that nobody is passed over.
    pub signs: &'static [&'static str],
    /// Whether a document says what it means only together with others: a template with its parameters. Asked before any
    /// cloud reads it; such documents wait until all others are read.
    pub waits: fn(&Document<'_>) -> bool,
    /// An inventory with nothing in it.
    pub inventory: fn() -> Box<dyn Inventory>,
    /// How it hears its audit logs.
    pub trail: Trail,
}

impl Cloud {
    /// Whether a text has such a word anywhere: what several commands print into one stream may begin with another cloud's.
    #[must_use]
    pub fn is_told_by(&self, text: &str) -> bool {
        self.signs.iter().any(|sign| memchr::memmem::find(text.as_bytes(), sign.as_bytes()).is_some())
    }
}

/// The resources of one cloud, as far as the input has them.
pub trait Inventory: Send {
    /// Takes in one document, recognised by its content. Never fails: what cannot be read is a gap, and everything
    /// before and after it is still taken in.
    fn read(&mut self, document: &Document<'_>) -> Reading;

    /// Takes in one document in the role of a catalogue of addresses (`--service-tags`). A document that is no
    /// such catalogue gives a reading without a format.
    fn read_catalogue(&mut self, document: &Document<'_>) -> Reading;

    /// Takes in documents that wait for each other, all at once: templates, and what gives their parameters values. One
    /// reading for each, in their order.
    fn read_together(&mut self, documents: &[Document<'_>]) -> Vec<Reading>;

    /// Takes in what a configuration declares of this cloud. What is declared of other clouds is passed over. The reading
    /// has no format: how the configuration is written is not known here.
    fn declare(&mut self, declarations: &Declarations<'_, '_>) -> Reading;

    /// Lowers everything to what the engine decides on. References are resolved here, so documents may come in
    /// any order.
    fn snapshot(&self, thresholds: Thresholds) -> Snapshot;

    /// From now on remembers objects as documents spell them, so that edits can be applied. Called before anything is
    /// read.
    fn remember(&mut self);

    /// Whether anything stated the resource of an edit. A cloud whose events do not say what was before need not tell.
    fn knows(&self, _edit: &Edit) -> bool {
        true
    }

    /// Applies an edit. What it cannot apply is a gap, and changes nothing.
    fn apply(&mut self, edit: &Edit, place: Provenance) -> Applied;

    /// The targets of these keys as they are now; keys of none are passed over. Equal to what a snapshot of now holds of
    /// them.
    fn lower(&self, touched: &[Name]) -> Vec<Target>;

    /// Whether something that decides about a target was never stated whole: earlier rules of it may be missing.
    fn is_partial(&self, target: &Target) -> bool;

    /// The same resources once more, to be changed apart from these.
    fn fork(&self) -> Box<dyn Inventory>;
}
