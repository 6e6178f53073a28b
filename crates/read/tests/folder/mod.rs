//! A folder that exists for one test, and what reading in it gives.
#![allow(dead_code, reason = "each test file uses its own part")]

use std::fs;
use std::path::Path;

use read::{Document, Event, Limits, Tally, Unread};

/// Its paths are shown without their first part, as if it were the working folder.
pub(crate) struct Folder {
    root: tempfile::TempDir,
}

impl Folder {
    /// A folder with these files, by name and content.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self { root: tempfile::tempdir().unwrap() };
        for (name, content) in files {
            folder.write(name, content.as_bytes());
        }
        folder
    }

    pub(crate) fn write(&self, name: &str, content: &[u8]) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    pub(crate) fn path(&self) -> &Path {
        self.root.path()
    }

    pub(crate) fn read(&self, inputs: &[&str]) -> (Vec<Event>, Tally) {
        self.read_within(inputs, &Limits::STANDARD)
    }

    pub(crate) fn read_within(&self, inputs: &[&str], limits: &Limits) -> (Vec<Event>, Tally) {
        let root = format!("{}/", self.path().to_str().unwrap());
        let inputs: Vec<String> = inputs.iter().map(|input| format!("{root}{input}")).collect();
        let mut events = Vec::new();
        let tally = read::read(&inputs, &mut "".as_bytes(), limits, &mut |event| events.push(event));
        for event in &mut events {
            let (Event::Document(Document { path, .. }) | Event::Unread(Unread { path, .. })) = event;
            *path = path.strip_prefix(&root).expect("paths start as they were typed").to_owned();
        }
        (events, tally)
    }

    pub(crate) fn summary(&self, inputs: &[&str]) -> Vec<String> {
        summary(&self.read(inputs).0)
    }

    pub(crate) fn documents(&self, inputs: &[&str]) -> Vec<Document> {
        let document = |event| match event {
            Event::Document(document) => document,
            Event::Unread(unread) => panic!("{unread:?}"),
        };
        self.read(inputs).0.into_iter().map(document).collect()
    }

    pub(crate) fn unread(&self, inputs: &[&str]) -> Unread {
        match self.read(inputs).0.pop() {
            Some(Event::Unread(unread)) => unread,
            other => panic!("{other:?}"),
        }
    }
}

/// Reads inputs as they are.
pub(crate) fn read_from<I: AsRef<Path>>(inputs: &[I], mut stdin: &[u8]) -> (Vec<Event>, Tally) {
    let mut events = Vec::new();
    let tally = read::read(inputs, &mut stdin, &Limits::STANDARD, &mut |event| events.push(event));
    (events, tally)
}

/// One line per event: path and text, or path and reason.
pub(crate) fn summary(events: &[Event]) -> Vec<String> {
    let line = |event: &Event| match event {
        Event::Document(Document { path, text, .. }) => format!("{path} {}", text.as_str()),
        Event::Unread(Unread { path, reason, .. }) => format!("{path}: {reason}"),
    };
    events.iter().map(line).collect()
}
