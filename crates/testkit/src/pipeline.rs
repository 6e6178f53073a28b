//! Documents to a snapshot, the way the binary does it.

use cloud::Document;
use model::{DocumentId, Gap, Snapshot, Thresholds};
use serde_json::Value;

/// Reads documents by name into an inventory and lowers it; the gaps are those of reading and of lowering.
///
/// A document whose name starts with `service-tags` is read as a catalogue.
#[must_use]
pub fn lower<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Snapshot, Vec<Gap>) {
    let mut inventory = (azure::CLOUD.inventory)();
    let mut gaps = Vec::new();
    for (number, (path, text)) in documents.into_iter().enumerate() {
        let document = Document { id: DocumentId(number as u32), path, text };
        let catalogue = path.starts_with("service-tags");
        let reading = if catalogue { inventory.read_catalogue(&document) } else { inventory.read(&document) };
        gaps.extend(reading.gaps);
    }
    let snapshot = inventory.snapshot(Thresholds::STANDARD);
    gaps.extend(snapshot.gaps.iter().cloned());
    (snapshot, gaps)
}

/// The same of JSON values.
#[must_use]
pub fn lower_values(documents: &[(String, Value)]) -> (Snapshot, Vec<Gap>) {
    let texts: Vec<(&str, String)> =
        documents.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    lower(texts.iter().map(|(name, text)| (*name, text.as_str())))
}
