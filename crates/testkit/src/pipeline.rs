//! Documents to snapshots, the way the binary does it.

use std::collections::BTreeMap;

use cloud::{Cloud, Declared, Document, Reading, Reception, Role};
use model::{DocumentId, Gap, Snapshot, Thresholds};
use serde_json::Value;
use terraform::{Configuration, Input};

/// Every cloud there is, in the order the binary asks them.
pub(crate) const CLOUDS: [&Cloud; 3] = [&azure::CLOUD, &aws::CLOUD, &gcp::CLOUD];

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
    let inputs: Vec<Input<'_>> =
        (0..).zip(documents).map(|(id, (path, text))| input(id, path, text)).collect();
    let Taken { reception, readings } = take(&inputs, &|resources| resources);
    let mut gaps: Vec<Gap> = readings.into_iter().flat_map(|reading| reading.gaps).collect();
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

/// As a scan of a folder finds it.
const fn input<'a>(id: u32, path: &'a str, text: &'a str) -> Input<'a> {
    Input { document: Document { id: DocumentId(id), path, text }, named: false }
}

/// What came of documents that were read together.
pub struct Taken {
    /// The inventories that have the resources.
    pub reception: Reception,
    /// One reading for each document, in the order of their ids. What a configuration gave is counted where it begins.
    pub readings: Vec<Reading>,
}

/// What of the resources that a configuration declares is taken in.
pub type Chosen<'c> = dyn for<'a> Fn(Vec<Declared<'a>>) -> Vec<Declared<'a>> + 'c;

/// Offers documents to every cloud, those last that wait for others.
#[must_use]
pub fn take(inputs: &[Input<'_>], chosen: &Chosen<'_>) -> Taken {
    let mut reception = Reception::new(&CLOUDS);
    let mut readings: BTreeMap<DocumentId, Reading> = BTreeMap::new();
    let (mut written, mut templates) = (Vec::new(), Vec::new());
    for input in inputs {
        let document = input.document;
        let is_catalogue = ["service-tags", "ip-ranges"].iter().any(|name| document.path.starts_with(name));
        if terraform::knows(&document) {
            written.push(*input);
        } else if reception.waits(&document) {
            templates.push(document);
        } else {
            let role = if is_catalogue { Role::Catalogue } else { Role::Export };
            readings.insert(document.id, reception.offer(&document, role));
        }
    }
    readings.extend(templates.iter().map(|document| document.id).zip(reception.offer_together(&templates)));
    let evaluated = terraform::evaluate(&written, &[]);
    readings.extend(written.iter().map(|input| input.document.id).zip(evaluated.readings));
    for configuration in evaluated.configurations {
        let resources = chosen(configuration.resources);
        let chosen = Configuration { resources, ..configuration };
        let Reading { resources, gaps, .. } = reception.declare(&chosen.declarations());
        let first = chosen.documents.iter().map(|(id, _)| *id).min();
        if let Some(reading) = first.and_then(|id| readings.get_mut(&id)) {
            reading.resources += resources;
            reading.gaps.extend(gaps);
        }
    }
    Taken { reception, readings: readings.into_values().collect() }
}

/// The same as [`lower`] of JSON values.
#[must_use]
pub fn lower_values(documents: &[(String, Value)]) -> (Snapshot, Vec<Gap>) {
    let texts: Vec<(&str, String)> =
        documents.iter().map(|(name, value)| (name.as_str(), value.to_string())).collect();
    lower(texts.iter().map(|(name, text)| (*name, text.as_str())))
}
