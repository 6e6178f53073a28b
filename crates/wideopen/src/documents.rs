//! From inputs to inventories: every document is offered to every cloud, and what nobody can read is a gap.
//!
//! Keeps the texts that were recognised: places in them are found at the end, when it is known which are told.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use cloud::{Cloud, Document, Inventory, Reception, Role};
use model::{DocumentId, Effect, Gap, Provenance, Snapshot, Thresholds};
use read::{Event, Limits, Reason, Text, Unread};
use replay::Replay;
use report::{Input, Place, Places};

use crate::detect::LOGS;
use crate::progress::Progress;
use crate::waiting::{Library, Progressed, Settled, WANTED_MAX, Waiting};

/// Every cloud there is. Adding one is a line here.
const CLOUDS: &[&Cloud] = &[&azure::CLOUD, &aws::CLOUD, &gcp::CLOUD];

/// Everything that was read.
pub(crate) struct Documents {
    pub(crate) reception: Reception,
    inputs: BTreeMap<DocumentId, Input>,
    waiting: Waiting,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) catalogues: BTreeMap<&'static str, String>,
    /// Whether a file that the user named is not there.
    pub(crate) named_missing: bool,
    paths: Vec<String>,
    texts: BTreeMap<DocumentId, Text>,
    /// Lines of places in logs, whose texts are not kept.
    lines: BTreeMap<Provenance, u64>,
    /// The documents of the snapshot that logs are replayed over come first: how many there are.
    exports: usize,
    // Documents that were found in folders and by globs, and whether one was recognised.
    found: u64,
    found_recognised: u64,
}

impl Documents {
    /// Reads catalogues and inputs.
    pub(crate) fn read(
        inputs: &[String],
        catalogues: &[String],
        stdin: &mut dyn io::Read,
        progress: &Progress,
    ) -> Self {
        Self::into_reception(Reception::new(CLOUDS), inputs, catalogues, stdin, progress)
    }

    /// Reads catalogues and inputs into inventories that changes can be applied to.
    pub(crate) fn remembering(
        inputs: &[String],
        catalogues: &[String],
        stdin: &mut dyn io::Read,
        progress: &Progress,
    ) -> Self {
        Self::into_reception(Reception::remembering(CLOUDS), inputs, catalogues, stdin, progress)
    }

    fn into_reception(
        reception: Reception,
        inputs: &[String],
        catalogues: &[String],
        stdin: &mut dyn io::Read,
        progress: &Progress,
    ) -> Self {
        let mut documents = Self {
            reception,
            inputs: BTreeMap::new(),
            waiting: Waiting::default(),
            gaps: Vec::new(),
            catalogues: BTreeMap::new(),
            named_missing: false,
            paths: Vec::new(),
            texts: BTreeMap::new(),
            lines: BTreeMap::new(),
            exports: 0,
            found: 0,
            found_recognised: 0,
        };
        for (inputs, role) in [(catalogues, Role::Catalogue), (inputs, Role::Export)] {
            let mut take = |event| documents.take(event, role, progress);
            read::read(inputs, stdin, &Limits::STANDARD, &mut take);
        }
        documents.settle_waiting(progress);
        documents.note_folders(inputs);
        documents.exports = documents.paths.len();
        documents
    }

    fn take(&mut self, event: Event, role: Role, progress: &Progress) {
        match event {
            Event::Unread(unread) => self.note_unread(unread),
            Event::Document(document) => {
                progress.reading(&document.path);
                let named = document.named;
                let (id, text) = self.note(document);
                let path = self.paths.last().map_or("", String::as_str);
                let document = Document { id, path, text: text.as_str() };
                let waits = role == Role::Export && self.waiting.keep(&document, named, &self.reception);
                let reading = (!waits).then(|| self.reception.offer(&document, role));
                self.texts.insert(id, text);
                if let Some(reading) = reading {
                    self.settle(Settled { id, named, reading }, role);
                }
            }
        }
    }

    /// Notes a document of which nothing is known yet.
    fn note(&mut self, document: read::Document) -> (DocumentId, Text) {
        let id = DocumentId(self.paths.len() as u32);
        self.paths.push(document.path.clone());
        self.inputs
            .insert(id, Input { path: document.path, format: None, sha256: document.sha256, resources: 0 });
        (id, document.text)
    }

    /// Notes what came of a document.
    fn settle(&mut self, settled: Settled, role: Role) {
        let Settled { id, named, reading } = settled;
        let is_nothing = reading.format.is_none() && reading.gaps.is_empty();
        self.found += u64::from(!named);
        self.found_recognised += u64::from(!named && reading.format.is_some());
        if let Some(input) = self.inputs.get_mut(&id) {
            input.format = reading.format;
            input.resources = reading.resources;
            if is_nothing && named {
                let is_log = self.texts.get(&id).is_some_and(|text| looks_like_a_log(text.as_str()));
                self.gaps.push(unrecognised(id, &input.path, role, is_log));
            }
        }
        if is_nothing {
            self.texts.remove(&id);
        }
        self.catalogues.extend(reading.catalogue);
        self.gaps.extend(reading.gaps);
    }

    /// Reads what waited for others, now that all are there.
    fn settle_waiting(&mut self, progress: &Progress) {
        let library = Library { paths: &self.paths, texts: &self.texts };
        let mut all = self.waiting.templates(library, &mut self.reception);
        let mut tried = BTreeSet::new();
        loop {
            let library = Library { paths: &self.paths, texts: &self.texts };
            match self.waiting.configurations(library, &tried, &mut self.reception) {
                Progressed::Settled(settled) => {
                    all.extend(settled);
                    break;
                }
                Progressed::Wants(mut wanted) => {
                    // Files that name files that name files: there is an end to it.
                    wanted.truncate(WANTED_MAX.saturating_sub(tried.len()));
                    self.read_beside(&wanted, progress);
                    tried.extend(wanted);
                }
            }
        }
        for settled in all {
            self.settle(settled, Role::Export);
        }
    }

    /// Reads the modules and files that configurations name and the user did not. Where one is missing, whoever reads the
    /// configuration tells it.
    fn read_beside(&mut self, wanted: &[String], progress: &Progress) {
        let files = wanted.iter().flat_map(|path| match Path::new(path).is_dir() {
            // A module is what stands in its folder, and nothing below.
            true => vec![format!("{path}/*.tf"), format!("{path}/*.tf.json")],
            false => vec![path.clone()],
        });
        let mut take = |event| {
            if let Event::Document(document) = event {
                progress.reading(&document.path);
                let (id, text) = self.note(document);
                self.texts.insert(id, text);
                self.waiting.keep_beside(id);
            }
        };
        read::read(&files.collect::<Vec<_>>(), &mut io::empty(), &Limits::STANDARD, &mut take);
    }

    pub(crate) fn note_unread(&mut self, unread: Unread) {
        if is_nothing(&unread) {
            return;
        }
        let id = DocumentId(self.paths.len() as u32);
        self.named_missing |= unread.named && matches!(unread.reason, Reason::Missing);
        let code = code(&unread.reason);
        let message = format!("`{}`: {}", unread.path, unread.reason);
        self.gaps.push(Gap { document: Some(id), provenance: None, code, effect: Effect::Skipped, message });
        self.paths.push(unread.path);
    }

    /// A folder or glob in which nothing was recognised was not read, as far as anybody can tell.
    fn note_folders(&mut self, inputs: &[String]) {
        let recognised: Vec<&Input> = self.inputs.values().filter(|input| input.format.is_some()).collect();
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

    /// The snapshots of the clouds, one after the other; the resources are gone with them.
    pub(crate) fn take_snapshots(
        &mut self,
        thresholds: Thresholds,
    ) -> impl Iterator<Item = Snapshot> + use<> {
        core::mem::replace(&mut self.reception, Reception::new(&[])).into_snapshots(thresholds)
    }

    /// The inventories with their clouds.
    pub(crate) fn take_inventories(&mut self) -> Vec<(&'static Cloud, Box<dyn Inventory>)> {
        core::mem::replace(&mut self.reception, Reception::new(&[])).into_inventories()
    }

    /// Whether logs are replayed over something.
    pub(crate) fn has_snapshot(&self) -> bool {
        self.exported().any(|input| input.resources > 0)
    }

    /// The digests of the documents that logs are replayed over.
    pub(crate) fn snapshot_digests(&self) -> Vec<[u8; 32]> {
        self.exported().map(|input| input.sha256).collect()
    }

    fn exported(&self) -> impl Iterator<Item = &Input> {
        self.inputs.iter().filter(|(id, _)| (id.0 as usize) < self.exports).map(|(_, input)| input)
    }

    /// Notes a log. One that is read in parts, or of which an earlier run kept events, is noted once.
    pub(crate) fn begin_log(&mut self, path: &str) -> DocumentId {
        let known = self.paths.iter().skip(self.exports).position(|known| known == path);
        let position = known.map_or(self.paths.len(), |position| position + self.exports);
        if known.is_none() {
            self.paths.push(path.to_owned());
        }
        DocumentId(position as u32)
    }

    /// Notes what a log held.
    pub(crate) fn end_log(
        &mut self,
        id: DocumentId,
        format: Option<&'static str>,
        records: u64,
        sha256: [u8; 32],
    ) {
        let path = self.path(id).to_owned();
        let input = self.inputs.entry(id).or_insert(Input { path, format: None, sha256, resources: 0 });
        input.format = input.format.or(format);
        input.sha256 = sha256;
        input.resources += records;
    }

    /// What people call a document.
    pub(crate) fn path(&self, id: DocumentId) -> &str {
        self.paths.get(id.0 as usize).map_or("", String::as_str)
    }

    /// Tells of a place of a log.
    pub(crate) fn tell(&mut self, gap: Gap, line: u64) {
        self.lines.extend(gap.provenance.map(|place| (place, line)));
        self.gaps.push(gap);
    }

    /// A log is read from its beginning: what an earlier run could not read of it is tried again.
    pub(crate) fn read_anew(&mut self, id: DocumentId) {
        self.gaps.retain(|gap| gap.provenance.is_none_or(|place| place.document != id));
    }

    /// The places of logs that were not understood, with their lines.
    pub(crate) fn gaps_of_logs(&self) -> impl Iterator<Item = (&Gap, Provenance, u64)> {
        let first = self.exports;
        self.gaps.iter().filter_map(move |gap| {
            let place = gap.provenance.filter(|place| place.document.0 as usize >= first)?;
            Some((gap, place, self.lines.get(&place).copied().unwrap_or_default()))
        })
    }

    /// Whether a document is a log.
    pub(crate) const fn is_log(&self, id: DocumentId) -> bool {
        id.0 as usize >= self.exports
    }

    /// A folder of logs in which no record was recognised was not read, as far as anybody can tell.
    pub(crate) fn note_log_folders(&mut self, logs: &[String]) {
        let recognised: Vec<&Input> = self
            .inputs
            .iter()
            .filter(|(id, input)| id.0 as usize >= self.exports && input.format.is_some())
            .map(|(_, input)| input)
            .collect();
        let is_barren = |folder: &&String| {
            Path::new(folder.as_str()).is_dir()
                && !recognised.iter().any(|input| Path::new(&input.path).starts_with(folder.as_str()))
        };
        let told = |gap: &Gap, folder: &str| gap.document.is_some_and(|id| self.path(id) == folder);
        let barren: Vec<Gap> = logs
            .iter()
            .filter(is_barren)
            .filter(|folder| !self.gaps.iter().any(|gap| told(gap, folder)))
            .map(|folder| Gap {
                document: None,
                provenance: None,
                code: "nothing-recognised",
                effect: Effect::Skipped,
                message: format!(
                    "`{folder}`: no file in it holds records in a known format, expected {LOGS}"
                ),
            })
            .collect();
        self.gaps.extend(barren);
    }

    /// How many files were given as logs, hold JSON by their names, and no record: exports, perhaps.
    pub(crate) fn files_without_records(&self) -> u64 {
        let is_json = |path: &str| path.trim_end_matches(".gz").to_ascii_lowercase().ends_with(".json");
        let own = self.inputs.iter().filter(|(id, _)| id.0 as usize >= self.exports);
        own.filter(|(_, input)| input.format.is_none() && is_json(&input.path)).count() as u64
    }

    /// Finds lines and pointers, those of events too.
    pub(crate) fn places_with_logs(&self, wanted: &BTreeSet<Provenance>, replays: &[Replay]) -> Places {
        let mut places = self.places(wanted);
        for place in wanted {
            let lines = replays.iter().map(|replay| replay.history.lines());
            let line = core::iter::once(&self.lines).chain(lines).find_map(|lines| lines.get(place));
            if let Some(line) = line {
                let (path, pointer) = (self.path(place.document).to_owned(), String::new());
                places.resolved.insert(*place, Place { path, line: *line, pointer });
            }
        }
        places
    }

    /// What was read, in the order in which it was.
    pub(crate) fn inputs(&self) -> Vec<Input> {
        self.inputs.values().cloned().collect()
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

/// What is expected of inputs.
const EXPORTS: &str = "an export such as `az network nsg list`, `aws ec2 describe-security-groups` or `gcloud compute firewall-rules list \
     --format json` prints, Terraform, an ARM template or one of CloudFormation";
/// What is expected of files that are given beside them.
const CATALOGUES: &str = "a catalogue of addresses: a service-tag file such as ServiceTags_Public.json, the ip-ranges.json of AWS, or the \
     cloud.json of Google";

/// Whether a text begins as records of audit logs do.
fn looks_like_a_log(text: &str) -> bool {
    let mut end = text.len().min(1 << 16);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let start = text.get(..end).unwrap_or_default();
    ["\"eventName\"", "\"protoPayload\"", "\"operationName\""].iter().any(|key| start.contains(key))
}

fn unrecognised(id: DocumentId, path: &str, role: Role, is_log: bool) -> Gap {
    let expected = match role {
        Role::Export => EXPORTS,
        Role::Catalogue => CATALOGUES,
    };
    let said = if is_log { "; it looks like an audit log, which `wideopen detect LOG` reads" } else { "" };
    let message = format!("`{path}`: its content is in no known format, expected {expected}{said}");
    Gap {
        document: Some(id),
        provenance: None,
        code: "unrecognised-format",
        effect: Effect::Skipped,
        message,
    }
}

/// An empty file of a configuration says that it has nothing to say: many modules have an empty `outputs.tf`.
fn is_nothing(unread: &Unread) -> bool {
    let is_written =
        [".tf", ".tfvars", ".tofu", ".yaml", ".yml"].iter().any(|end| unread.path.ends_with(end));
    !unread.named && is_written && matches!(unread.reason, Reason::Empty)
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
        Reason::EmptyFolder { .. } => "empty-folder",
        Reason::NoMatch => "no-match",
    }
}
