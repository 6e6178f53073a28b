//! Documents to snapshots, the way the binary does it.

use cloud::{Cloud, Document, Reception, Role};
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
    let mut reception = Reception::new(&CLOUDS);
    let mut gaps = Vec::new();
    let (mut configurations, mut templates) = (Vec::new(), Vec::new());
    for (number, (path, text)) in documents.into_iter().enumerate() {
        let document = Document { id: DocumentId(number as u32), path, text };
        let is_catalogue = ["service-tags", "ip-ranges"].iter().any(|name| path.starts_with(name));
        let role = if is_catalogue { Role::Catalogue } else { Role::Export };
        if terraform::knows(&document) {
            configurations.push(terraform::Input { document, named: true });
        } else if reception.waits(&document) {
            templates.push(document);
        } else {
            gaps.extend(reception.offer(&document, role).gaps);
        }
    }
    gaps.extend(reception.offer_together(&templates).into_iter().flat_map(|reading| reading.gaps));
    let evaluated = terraform::evaluate(&configurations, &[]);
    for configuration in &evaluated.configurations {
        gaps.extend(reception.declare(&configuration.declarations()).gaps);
    }
    gaps.extend(evaluated.readings.into_iter().flat_map(|reading| reading.gaps));
    let mut snapshots: Vec<Snapshot> = reception.into_snapshots(Thresholds::STANDARD).collect();
    gaps.extend(snapshots.iter().flat_map(|snapshot| snapshot.gaps.iter().cloned()));
    // A cloud of which nothing was read has nothing to say; where nobody read anything, one stays.
    let has_something = |snapshot: &Snapshot| {
        !snapshot.targets.is_empty() || !snapshot.lists.is_empty() || !snapshot.coverage.is_empty()
    };
    let none_read = !snapshots.iter().any(has_something);
    match none_read {
        true => snapshots.truncate(1),
        false => snapshots.retain(has_something),
    }
    (snapshots, gaps)
}

/// The same as [`lower`] of JSON values.
#[must_use]
pub fn lower_values(documents: &[(String, Value)]) -> (Snapshot, Vec<Gap>) {
    let texts: Vec<(&str, String)> =
        documents.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    lower(texts.iter().map(|(name, text)| (*name, text.as_str())))
}
