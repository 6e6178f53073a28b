//! What the binary asks of a cloud.

use model::{DocumentId, Gap, Snapshot, Thresholds};

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
    /// An inventory with nothing in it.
    pub inventory: fn() -> Box<dyn Inventory>,
}

/// The resources of one cloud, as far as the input has them.
pub trait Inventory: Send {
    /// Takes in one document, recognised by its content. Never fails: what cannot be read is a gap, and everything
    /// before and after it is still taken in.
    fn read(&mut self, document: &Document<'_>) -> Reading;

    /// Takes in one document in the role of a catalogue of addresses (`--service-tags`). A document that is no
    /// such catalogue gives a reading without a format.
    fn read_catalogue(&mut self, document: &Document<'_>) -> Reading;

    /// Lowers everything to what the engine decides on. References are resolved here, so documents may come in
    /// any order.
    fn snapshot(&self, thresholds: Thresholds) -> Snapshot;
}
