//! How documents come to clouds: each is offered to one after the other until one knows it.
//!
//! Knows no cloud: it is given a list of them.

use model::{Gap, Snapshot, Thresholds};

use crate::contract::{Cloud, Document, Inventory, Reading};
use crate::declared::Declarations;
use crate::values::values;

/// The inventories of some clouds.
pub struct Reception {
    desks: Vec<(&'static Cloud, Box<dyn Inventory>)>,
}

/// What a document is read as. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// What a cloud exports.
    Export,
    /// A catalogue of addresses, given as one.
    Catalogue,
}

impl Reception {
    /// Empty inventories, in the order in which documents are offered.
    #[must_use]
    pub fn new(clouds: &[&'static Cloud]) -> Self {
        Self { desks: clouds.iter().map(|cloud| (*cloud, (cloud.inventory)())).collect() }
    }

    /// The same, whose inventories remember objects so that edits can be applied to them.
    #[must_use]
    pub fn remembering(clouds: &[&'static Cloud]) -> Self {
        let mut reception = Self::new(clouds);
        reception.desks.iter_mut().for_each(|(_, inventory)| inventory.remember());
        reception
    }

    /// Offers a document to one cloud after the other until one knows its format, to those first that it looks like.
    pub fn offer(&mut self, document: &Document<'_>, role: Role) -> Reading {
        let mut nobody = Reading::default();
        let mut asked: Vec<_> = self.desks.iter_mut().collect();
        asked.sort_by_key(|(cloud, _)| !cloud.is_told_by(document.text));
        let mut asked = asked.into_iter();
        while let Some((cloud, inventory)) = asked.next() {
            let mut reading = match role {
                Role::Export => inventory.read(document),
                Role::Catalogue => inventory.read_catalogue(document),
            };
            if reading.resources == 0 && is_yaml(document) {
                reading.gaps.retain(|gap| gap.code != MALFORMED);
                if reading.gaps.is_empty() {
                    continue;
                }
            }
            if reading.format.is_some() {
                return with_others(reading, cloud, document, asked);
            }
            // What is wrong with a document, every cloud says: once is enough.
            let is_new = |gap: &Gap| !nobody.gaps.iter().any(|known| known.code == gap.code);
            let new: Vec<Gap> = reading.gaps.into_iter().filter(is_new).collect();
            nobody.gaps.extend(new);
        }
        nobody
    }

    /// Whether some cloud reads a document only together with others.
    #[must_use]
    pub fn waits(&self, document: &Document<'_>) -> bool {
        self.desks.iter().any(|(cloud, _)| (cloud.waits)(document))
    }

    /// Hands out documents that waited, each to the first cloud that let it wait. One reading for each, in their order.
    pub fn offer_together(&mut self, documents: &[Document<'_>]) -> Vec<Reading> {
        let mut readings = vec![Reading::default(); documents.len()];
        let owner =
            |document: &Document<'_>| self.desks.iter().position(|(cloud, _)| (cloud.waits)(document));
        let owners: Vec<Option<usize>> = documents.iter().map(owner).collect();
        for (position, (_, inventory)) in self.desks.iter_mut().enumerate() {
            let own = || owners.iter().enumerate().filter(move |(_, owner)| **owner == Some(position));
            let theirs: Vec<Document<'_>> =
                own().filter_map(|(place, _)| documents.get(place).copied()).collect();
            if theirs.is_empty() {
                continue;
            }
            for ((place, _), reading) in own().zip(inventory.read_together(&theirs)) {
                if let Some(known) = readings.get_mut(place) {
                    *known = reading;
                }
            }
        }
        readings
    }

    /// Has every cloud take in what a configuration declares of it. The reading has no format.
    pub fn declare(&mut self, declarations: &Declarations<'_, '_>) -> Reading {
        let mut all = Reading::default();
        for (_, inventory) in &mut self.desks {
            let reading = inventory.declare(declarations);
            all.resources += reading.resources;
            all.gaps.extend(reading.gaps);
        }
        all
    }

    /// The inventories with their clouds, in the order in which documents were offered.
    #[must_use]
    pub fn into_inventories(self) -> Vec<(&'static Cloud, Box<dyn Inventory>)> {
        self.desks
    }

    /// The snapshots of the clouds, one after the other. Each inventory is dropped when its snapshot is made: the
    /// resources make room for the answers.
    pub fn into_snapshots(self, thresholds: Thresholds) -> impl Iterator<Item = Snapshot> {
        self.desks.into_iter().map(move |(_, inventory)| inventory.snapshot(thresholds))
    }
}

/// Commands of several clouds may print into one stream: what one cloud does not know of it is offered to the others, and
/// what the next does not know either to those behind it.
fn with_others<'i>(
    mut reading: Reading,
    cloud: &Cloud,
    document: &Document<'_>,
    others: impl Iterator<Item = &'i mut (&'static Cloud, Box<dyn Inventory>)>,
) -> Reading {
    let is_foreign = |gap: &Gap| gap.code == FOREIGN;
    let mut left = reading.gaps.iter().any(is_foreign).then(|| rest(cloud, document)).flatten();
    for (other, inventory) in others {
        let Some(text) = &left else { break };
        let document = Document { text, ..*document };
        let more = inventory.read(&document);
        if more.format.is_none() {
            continue;
        }
        reading.gaps.retain(|gap| !is_foreign(gap));
        reading.resources += more.resources;
        let next = more.gaps.iter().any(is_foreign).then(|| rest(other, &document)).flatten();
        reading.gaps.extend(more.gaps);
        left = next;
    }
    reading
}

/// The values of a stream that a cloud does not know, each where it stands; `None` where it does not know something
/// inside of a value that it knows otherwise.
fn rest(cloud: &Cloud, document: &Document<'_>) -> Option<String> {
    let mut rest = String::with_capacity(document.text.len());
    for range in values(document.text) {
        let value = document.text.get(range.clone())?;
        let reading = (cloud.inventory)().read(&Document { text: value, ..*document });
        rest.extend(core::iter::repeat_n(' ', range.start - rest.len()));
        match reading.format {
            Some(_) if reading.gaps.iter().any(|gap| gap.code == FOREIGN) => return None,
            Some(_) => {}
            None => rest.push_str(value),
        }
    }
    Some(rest)
}

/// Whether a document is YAML, going by its name and its first letter: an empty list or object somewhere in it makes no
/// damaged JSON of it.
fn is_yaml(document: &Document<'_>) -> bool {
    let ends = [".yaml", ".yml"];
    ends.iter().any(|end| document.path.ends_with(end)) && !document.text.trim_start().starts_with(['{', '['])
}

/// The code of what cannot be read as JSON.
const MALFORMED: &str = "malformed-json";

/// The code of what a cloud says of values in a document of its own that it does not know.
const FOREIGN: &str = "foreign-entry";
