//! From inputs to inventories: every document is offered to every cloud, and what nobody can read is a gap.
//!
//! Keeps the texts that were recognised: places in them are found at the end, when it is known which are told.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use cloud::{Cloud, Document, Inventory, Reading};
use model::{DocumentId, Effect, Gap, Provenance};
use read::{Event, Limits, Reason, Text, Unread};
use report::{Input, Place, Places};

use crate::progress::Progress;

/// Every cloud there is. Adding one is a line here.
const CLOUDS: &[&Cloud] = &[&azure::CLOUD, &aws::CLOUD, &gcp::CLOUD];

/// Everything that was read.
pub(crate) struct Documents {
    pub(crate) inventories: Vec<Box<dyn Inventory>>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) catalogues: BTreeMap<&'static str, String>,
    /// Whether a file that the user named is not there.
    pub(crate) named_missing: bool,
    paths: Vec<String>,
    texts: BTreeMap<DocumentId, Text>,
    // Documents that were found in folders and by globs, and whether one was recognised.
    found: u64,
    found_recognised: u64,
}

/// What a document is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Export,
    Catalogue,
}

impl Documents {
    /// Reads catalogues and inputs.
    pub(crate) fn read(
        inputs: &[String],
        catalogues: &[String],
        stdin: &mut dyn io::Read,
        progress: &Progress,
    ) -> Self {
        let mut documents = Self {
            inventories: CLOUDS.iter().map(|cloud| (cloud.inventory)()).collect(),
            inputs: Vec::new(),
            gaps: Vec::new(),
            catalogues: BTreeMap::new(),
            named_missing: false,
            paths: Vec::new(),
            texts: BTreeMap::new(),
            found: 0,
            found_recognised: 0,
        };
        for (inputs, role) in [(catalogues, Role::Catalogue), (inputs, Role::Export)] {
            let mut take = |event| documents.take(event, role, progress);
            read::read(inputs, stdin, &Limits::STANDARD, &mut take);
        }
        documents.note_folders(inputs);
        documents
    }

    fn take(&mut self, event: Event, role: Role, progress: &Progress) {
        let id = DocumentId(self.paths.len() as u32);
        match event {
            Event::Unread(unread) => self.note_unread(id, unread),
            Event::Document(document) => {
                progress.reading(&document.path);
                self.paths.push(document.path.clone());
                let reading =
                    self.offer(&Document { id, path: &document.path, text: document.text.as_str() }, role);
                self.found += u64::from(!document.named);
                self.found_recognised += u64::from(!document.named && reading.format.is_some());
                if reading.format.is_none() && reading.gaps.is_empty() && document.named {
                    self.gaps.push(unrecognised(id, &document.path, role));
                }
                self.inputs.push(Input {
                    path: document.path,
                    format: reading.format,
                    sha256: document.sha256,
                    resources: reading.resources,
                });
                self.catalogues.extend(reading.catalogue);
                if reading.format.is_some() || !reading.gaps.is_empty() {
                    self.texts.insert(id, document.text);
                }
                self.gaps.extend(reading.gaps);
            }
        }
    }

    /// Offers a document to one cloud after the other until one knows its format, to those first that it looks like.
    fn offer(&mut self, document: &Document<'_>, role: Role) -> Reading {
        let mut nobody = Reading::default();
        let mut asked: Vec<_> = self.inventories.iter_mut().zip(CLOUDS).collect();
        asked.sort_by_key(|(_, cloud)| !cloud.is_told_by(document.text));
        let mut inventories = asked.into_iter();
        while let Some((inventory, cloud)) = inventories.next() {
            let reading = match role {
                Role::Export => inventory.read(document),
                Role::Catalogue => inventory.read_catalogue(document),
            };
            if reading.format.is_some() {
                return with_others(reading, cloud, document, inventories);
            }
            // What is wrong with a document, every cloud says: once is enough.
            let is_new = |gap: &Gap| !nobody.gaps.iter().any(|known| known.code == gap.code);
            let new: Vec<Gap> = reading.gaps.into_iter().filter(is_new).collect();
            nobody.gaps.extend(new);
        }
        nobody
    }

    fn note_unread(&mut self, id: DocumentId, unread: Unread) {
        self.named_missing |= unread.named && matches!(unread.reason, Reason::Missing);
        let code = code(&unread.reason);
        let message = format!("`{}`: {}", unread.path, unread.reason);
        self.gaps.push(Gap { document: Some(id), provenance: None, code, effect: Effect::Skipped, message });
        self.paths.push(unread.path);
    }

    /// A folder or glob in which nothing was recognised was not read, as far as anybody can tell.
    fn note_folders(&mut self, inputs: &[String]) {
        let recognised: Vec<&Input> = self.inputs.iter().filter(|input| input.format.is_some()).collect();
        let is_barren = |folder: &&String| {
            Path::new(folder).is_dir()
                && !recognised.iter().any(|input| Path::new(&input.path).starts_with(folder))
        };
        let mut barren: BTreeSet<&str> = inputs.iter().filter(is_barren).map(String::as_str).collect();
        if self.found > 0 && self.found_recognised == 0 {
            let glob = |input: &&String| input.contains(['*', '?', '[']) && !Path::new(input).exists();
            barren.extend(inputs.iter().filter(glob).map(String::as_str));
        }
        let read_nothing = |gap: &Gap, folder: &str| {
            gap.document.is_some_and(|id| self.paths.get(id.0 as usize).is_some_and(|path| path == folder))
        };
        let gaps: Vec<Gap> = barren
            .into_iter()
            .filter(|folder| !self.gaps.iter().any(|gap| read_nothing(gap, folder)))
            .map(|folder| Gap {
                document: None,
                provenance: None,
                code: "nothing-recognised",
                effect: Effect::Skipped,
                message: format!("`{folder}`: no file in it is in a known format, expected {EXPORTS}"),
            })
            .collect();
        self.gaps.extend(gaps);
    }

    /// Finds lines and pointers, one pass over each document that is asked about.
    pub(crate) fn places(&self, wanted: &BTreeSet<Provenance>) -> Places {
        let paths: BTreeMap<DocumentId, String> = self
            .paths
            .iter()
            .enumerate()
            .map(|(number, path)| (DocumentId(number as u32), path.clone()))
            .collect();
        let mut resolved = BTreeMap::new();
        for (id, text) in &self.texts {
            let first = Provenance { document: *id, offset: 0 };
            let last = Provenance { document: *id, offset: u64::MAX };
            let here: Vec<Provenance> = wanted.range(first..=last).copied().collect();
            let offsets: Vec<u64> = here.iter().map(|provenance| provenance.offset).collect();
            let path = paths.get(id).cloned().unwrap_or_default();
            let found = cloud::locate(text.as_str(), &offsets).into_iter();
            let place =
                |found: cloud::Place| Place { path: path.clone(), line: found.line, pointer: found.pointer };
            resolved.extend(here.into_iter().zip(found.map(place)));
        }
        Places { resolved, paths }
    }
}

/// Commands of several clouds may print into one stream: what one cloud does not know of it is offered to the others, and
/// what the next does not know either to those behind it.
fn with_others<'i>(
    mut reading: Reading,
    cloud: &Cloud,
    document: &Document<'_>,
    others: impl Iterator<Item = (&'i mut Box<dyn Inventory>, &'i &'static Cloud)>,
) -> Reading {
    let is_foreign = |gap: &Gap| gap.code == FOREIGN;
    let mut left = reading.gaps.iter().any(is_foreign).then(|| rest(cloud, document)).flatten();
    for (inventory, other) in others {
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
    for range in cloud::values(document.text) {
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

/// The code of what a cloud says of values in a document of its own that it does not know.
const FOREIGN: &str = "foreign-entry";

/// What is expected of inputs.
const EXPORTS: &str = "an export such as `az network nsg list`, `aws ec2 describe-security-groups` or `gcloud compute firewall-rules list \
     --format json` prints";
/// What is expected of files that are given beside them.
const CATALOGUES: &str = "a catalogue of addresses: a service-tag file such as ServiceTags_Public.json, the ip-ranges.json of AWS, or the \
     cloud.json of Google";

fn unrecognised(id: DocumentId, path: &str, role: Role) -> Gap {
    let expected = match role {
        Role::Export => EXPORTS,
        Role::Catalogue => CATALOGUES,
    };
    let message = format!("`{path}`: its content is in no known format, expected {expected}");
    Gap {
        document: Some(id),
        provenance: None,
        code: "unrecognised-format",
        effect: Effect::Skipped,
        message,
    }
}

const fn code(reason: &Reason) -> &'static str {
    match reason {
        Reason::Missing => "missing-input",
        Reason::Denied | Reason::Io(_) => "unreadable-input",
        Reason::Empty => "empty-input",
        Reason::Binary { .. } => "binary-input",
        Reason::NotUtf8 { .. } => "invalid-utf8",
        Reason::TooLarge { .. } => "input-too-large",
        Reason::BadGzip(_) => "bad-gzip",
        Reason::EmptyFolder => "empty-folder",
        Reason::NoMatch => "no-match",
    }
}
