//! Logs on their way to the clouds: every value is offered to one cloud after the other until one knows it.

use cloud::audit::Element;
use model::{DocumentId, Effect, Gap, Provenance};
use read::{Broken, BrokenReason, LogElement, LogEnd, LogSink, Taken, Unread};
use replay::Replay;

use crate::documents::Documents;
use crate::progress::Progress;

/// Who hears the logs.
pub(super) struct Hearing<'a> {
    pub(super) documents: &'a mut Documents,
    pub(super) replays: &'a mut [Replay],
    pub(super) progress: &'a Progress,
    /// The document that is read now.
    current: Current,
    /// Whether anything was heard that was not known before.
    pub(super) is_news: bool,
    /// Whether every log is read from its beginning.
    is_anew: bool,
}

struct Current {
    id: DocumentId,
    named: bool,
    format: Option<&'static str>,
    records: u64,
    /// The cloud that knew the last value: mostly it knows the next one too.
    cloud: usize,
}

impl<'a> Hearing<'a> {
    pub(super) const fn new(
        documents: &'a mut Documents,
        replays: &'a mut [Replay],
        progress: &'a Progress,
        is_anew: bool,
    ) -> Self {
        let current = Current { id: DocumentId(0), named: false, format: None, records: 0, cloud: 0 };
        Self { documents, replays, progress, current, is_news: false, is_anew }
    }

    /// A cloud hears a value; says whether it knows it.
    fn offer(&mut self, cloud: usize, element: &LogElement<'_>) -> bool {
        let Some(replay) = self.replays.get_mut(cloud) else { return false };
        let at = Provenance { document: self.current.id, offset: element.offset };
        let value = Element { at, text: element.text };
        let heard = (replay.cloud().trail.hear)(&value);
        let Some(format) = heard.format else { return false };
        self.current.format.get_or_insert(format);
        self.current.records += heard.records;
        self.current.cloud = cloud;
        self.is_news |= replay.history.take(heard, &value, element.line);
        true
    }
}

impl LogSink for Hearing<'_> {
    fn begin(&mut self, path: &str, named: bool) {
        self.progress.reading(path);
        let id = self.documents.begin_log(path);
        // Every run has a standard input of its own.
        if self.is_anew && path != "<stdin>" {
            self.documents.read_anew(id);
            self.replays.iter_mut().for_each(|replay| replay.history.hear_anew(id));
        }
        self.current = Current { id, named, format: None, records: 0, cloud: self.current.cloud };
    }

    fn element(&mut self, element: &LogElement<'_>) -> Taken {
        let first = self.current.cloud;
        let others = (0..self.replays.len()).filter(|cloud| *cloud != first);
        let mut order = core::iter::once(first).chain(others);
        match order.any(|cloud| self.offer(cloud, element)) {
            true => Taken::Recognised,
            false => Taken::Unrecognised,
        }
    }

    fn broken(&mut self, broken: Broken) {
        let place = Provenance { document: self.current.id, offset: broken.offset };
        let path = self.documents.path(self.current.id).to_owned();
        let message = format!("`{path}` line {}: {}", broken.line, broken.reason);
        self.documents.tell(Gap::at(place, code(&broken.reason), Effect::Skipped, message), broken.line);
        self.is_news = true;
    }

    fn end(&mut self, end: &LogEnd) {
        let Current { id, named, format, records, .. } = self.current;
        self.documents.end_log(id, format, records, end.sha256);
        let Some((offset, line)) = end.first_unrecognised else { return };
        self.is_news = true;
        let place = Provenance { document: id, offset };
        let path = self.documents.path(id).to_owned();
        if format.is_some() {
            let message = format!(
                "`{path}` line {line}: {} values are no records of a log that is known, expected one such as \
                 CloudTrail, the Activity Log or Cloud Audit Logs write: they are not judged",
                end.unrecognised
            );
            self.documents.tell(Gap::at(place, "unrecognised-record", Effect::Skipped, message), line);
        } else if named {
            let message = format!(
                "`{path}`: no record of a log in a known format, expected {LOGS}; exports of the state are given with \
                 `--snapshot`"
            );
            self.documents.tell(Gap::at(place, "unrecognised-format", Effect::Skipped, message), line);
        }
    }

    fn unread(&mut self, unread: Unread) {
        self.documents.note_unread(unread);
    }
}

/// What is expected of logs.
pub(crate) const LOGS: &str = "audit logs: files of CloudTrail, what `az monitor activity-log list` or `gcloud logging read --format json` print, or \
     what a log service exports of these";

const fn code(reason: &BrokenReason) -> &'static str {
    match reason {
        BrokenReason::NotJson { .. } | BrokenReason::TooDeep => "malformed-json",
        BrokenReason::Truncated => "truncated-input",
        BrokenReason::TooLong { .. } => "record-too-long",
        BrokenReason::NotUtf8 { .. } => "invalid-utf8",
        BrokenReason::NotARow { .. } => "malformed-row",
        BrokenReason::BadGzip(_) => "bad-gzip",
        BrokenReason::BadZstd(_) | BrokenReason::Window { .. } => "bad-zstd",
        BrokenReason::Trailing => "trailing-bytes",
        BrokenReason::Bomb { .. } => "decompression-bomb",
        BrokenReason::TooLarge { .. } => "input-too-large",
        BrokenReason::Io(_) => "unreadable-input",
    }
}
