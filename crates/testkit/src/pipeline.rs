//! Documents to snapshots, the way the binary does it.

use cloud::{Cloud, Document, Inventory, Reading};
use model::{DocumentId, Gap, Snapshot, Thresholds};
use serde_json::Value;

/// Every cloud there is, in the order the binary asks them.
const CLOUDS: [&Cloud; 3] = [&azure::CLOUD, &aws::CLOUD, &gcp::CLOUD];

/// Reads documents by name into inventories and lowers the one that knew some; the gaps are those of reading and of
/// lowering.
///
/// # Panics
/// When the documents are of several clouds.
#[must_use]
pub fn lower<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Snapshot, Vec<Gap>) {
    let (mut snapshots, gaps) = lower_all(documents);
    assert!(snapshots.len() <= 1, "documents of several clouds are lowered by `lower_all`");
    (snapshots.remove(0), gaps)
}

/// The same of documents of any clouds: a snapshot of each that knew some; when nobody did, of the first.
///
/// A document whose name starts with `service-tags` or `ip-ranges` is read as a catalogue.
#[must_use]
pub fn lower_all<'a>(documents: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Vec<Snapshot>, Vec<Gap>) {
    let mut inventories = CLOUDS.map(|cloud| ((cloud.inventory)(), false));
    let mut gaps = Vec::new();
    for (number, (path, text)) in documents.into_iter().enumerate() {
        let document = Document { id: DocumentId(number as u32), path, text };
        gaps.extend(offer(&mut inventories, &document).gaps);
    }
    let none_read = !inventories.iter().any(|(_, has_read)| *has_read);
    let read =
        inventories.iter().enumerate().filter(|(place, (_, has_read))| *has_read || none_read && *place == 0);
    let snapshots: Vec<Snapshot> =
        read.map(|(_, (inventory, _))| inventory.snapshot(Thresholds::STANDARD)).collect();
    gaps.extend(snapshots.iter().flat_map(|snapshot| snapshot.gaps.iter().cloned()));
    (snapshots, gaps)
}

/// Offers a document to one cloud after the other until one knows its format, to those first that it looks like.
fn offer(inventories: &mut [(Box<dyn Inventory>, bool)], document: &Document<'_>) -> Reading {
    let is_catalogue = ["service-tags", "ip-ranges"].iter().any(|name| document.path.starts_with(name));
    let mut nobody = Reading::default();
    let mut asked: Vec<_> = inventories.iter_mut().zip(CLOUDS).collect();
    asked.sort_by_key(|(_, cloud)| !cloud.is_told_by(document.text));
    for ((inventory, has_read), _) in asked {
        let reading =
            if is_catalogue { inventory.read_catalogue(document) } else { inventory.read(document) };
        if reading.format.is_some() {
            *has_read |= !is_catalogue;
            return reading;
        }
        nobody.gaps.extend(reading.gaps);
    }
    nobody
}

/// The same as [`lower`] of JSON values.
#[must_use]
pub fn lower_values(documents: &[(String, Value)]) -> (Snapshot, Vec<Gap>) {
    let texts: Vec<(&str, String)> =
        documents.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    lower(texts.iter().map(|(name, text)| (*name, text.as_str())))
}
