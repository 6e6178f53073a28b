//! One file that is followed: what is new in it since the last look.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use sha2::{Digest, Sha256};

use super::{DIGEST_BYTES, Position};
use crate::log::decode::{Decoded, UTF8_MARK};
use crate::log::framer::Framer;
use crate::log::told::{Broken, BrokenReason, LogEnd};
use crate::log::{Framing, LogSink, drain, open, shown};
use crate::reason::Reason;

/// A file and how far it was read.
pub(super) struct Followed {
    path: PathBuf,
    named: bool,
    framing: Framing,
    /// What the file system said at the last look.
    seen: Option<Seen>,
    /// How many looks said the same.
    same: u32,
    progress: Progress,
}

#[derive(Clone, Copy, PartialEq, Eq)]
struct Seen {
    bytes: u64,
    modified: Option<SystemTime>,
}

/// How far a file was read.
enum Progress {
    /// Not at all, or it is to be read from this position if it is still the same file.
    None(Option<Position>),
    /// A text, to this byte of the file; it begins behind a mark.
    Text {
        framer: Box<Framer>,
        bytes: u64,
        mark: u64,
        start: Start,
        told_pending: Option<u64>,
        hash: Box<Sha256>,
    },
    /// An archive that does not end yet.
    Waiting,
    /// To its end, which will not come nearer.
    Whole { bytes: u64, start: Start },
}

/// The first bytes of a file, hashed, to know it again.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Start {
    bytes: u64,
    digest: [u8; 32],
}

impl Followed {
    pub(super) fn new(path: &Path, named: bool, resume: Option<Position>, framing: &Framing) -> Self {
        Self {
            path: path.to_path_buf(),
            named,
            framing: framing.clone(),
            seen: None,
            same: 0,
            progress: Progress::None(resume),
        }
    }

    /// Tells what is new, and returns how many bytes of text that is.
    pub(super) fn poll(&mut self, sink: &mut dyn LogSink) -> Result<u64, Reason> {
        let found = fs::metadata(&self.path).map_err(Reason::of)?;
        let seen = Seen { bytes: found.len(), modified: found.modified().ok() };
        if self.seen.replace(seen) == Some(seen) {
            self.same = self.same.saturating_add(1);
            return if self.same == SAME_MAX { self.tell_stale(sink) } else { Ok(0) };
        }
        self.same = 0;
        let mut file = open(&self.path)?;
        self.forget_another(&mut file, seen.bytes).map_err(Reason::of)?;
        match &self.progress {
            Progress::None(_) => self.begin(&mut file, seen.bytes)?,
            Progress::Waiting | Progress::Whole { .. } | Progress::Text { .. } => {}
        }
        match &self.progress {
            Progress::None(_) | Progress::Whole { .. } => Ok(0),
            Progress::Text { .. } => self.read_on(&mut file, sink).map_err(Reason::of),
            Progress::Waiting if is_complete(&mut file, &self.framing) => self.read_whole(&mut file, sink),
            Progress::Waiting => Ok(0),
        }
    }

    /// Tells what has not ended.
    pub(super) fn finish(&mut self, sink: &mut dyn LogSink) {
        match &mut self.progress {
            Progress::Text { framer, hash, .. } => {
                sink.begin(&shown(&self.path), self.named);
                framer.finish(sink, true);
                sink.end(&end_of(framer, hash));
            }
            Progress::Waiting => {
                if let Ok(mut file) = open(&self.path) {
                    // What cannot be opened any more has nothing left to tell.
                    let _read = self.read_whole(&mut file, sink);
                }
            }
            Progress::None(_) | Progress::Whole { .. } => {}
        }
    }

    pub(super) fn position(&self) -> Option<Position> {
        let (bytes, line, start) = match &self.progress {
            Progress::None(resume) => return resume.clone(),
            Progress::Waiting => return None,
            Progress::Text { framer, mark, start, .. } => {
                let (offset, line) = framer.boundary();
                (offset + mark, line, *start)
            }
            Progress::Whole { bytes, start } => (*bytes, 1, *start),
        };
        // A digest of more than is done with would not be found again.
        (bytes >= start.bytes).then(|| Position {
            path: shown(&self.path),
            bytes,
            line,
            digest: start.digest,
        })
    }

    /// Begins again if this is not the file that was read.
    fn forget_another(&mut self, file: &mut File, bytes_now: u64) -> io::Result<()> {
        let (read, start) = match &self.progress {
            Progress::Text { bytes, start, .. } => (*bytes, *start),
            Progress::Whole { bytes, start } if *bytes == bytes_now => (*bytes, *start),
            Progress::Whole { .. } => (u64::MAX, Start { bytes: 0, digest: [0; 32] }),
            Progress::None(_) | Progress::Waiting => return Ok(()),
        };
        if bytes_now < read || Start::of(file, start.bytes)? != start {
            self.progress = Progress::None(None);
        }
        Ok(())
    }

    /// Decides how the file is read, and from where.
    fn begin(&mut self, file: &mut File, bytes_now: u64) -> Result<(), Reason> {
        file.rewind().map_err(Reason::of)?;
        let is_plain = match Decoded::open(&mut *file, &self.framing.limits) {
            Ok(source) => source.is_plain(),
            // It will be written to.
            Err(Reason::Empty) => return Ok(()),
            Err(reason) => return Err(reason),
        };
        let resume = match &mut self.progress {
            Progress::None(resume) => resume.take(),
            Progress::Text { .. } | Progress::Waiting | Progress::Whole { .. } => None,
        };
        let known = match resume {
            Some(position) => is_at(file, &position, bytes_now).map_err(Reason::of)?.then_some(position),
            None => None,
        };
        self.progress = match known {
            Some(position) if !is_plain && position.bytes == bytes_now => {
                Progress::Whole { bytes: bytes_now, start: Start::of(file, bytes_now).map_err(Reason::of)? }
            }
            _ if !is_plain => Progress::Waiting,
            known => self.text(file, known).map_err(Reason::of)?,
        };
        Ok(())
    }

    /// Begins to read a text, or goes on.
    fn text(&self, file: &mut File, known: Option<Position>) -> io::Result<Progress> {
        let head = first_bytes(file, HEADER_BYTES)?;
        let mark = if head.starts_with(UTF8_MARK) { UTF8_MARK.len() } else { 0 };
        let header =
            head.get(mark..).unwrap_or_default().split(|byte| *byte == b'\n').next().unwrap_or_default();
        let mark = u64::try_from(mark).unwrap_or_default();
        let (bytes, line) = known.map_or((mark, 1), |position| (position.bytes.max(mark), position.line));
        let framer = Box::new(Framer::resume(bytes - mark, line, header, &self.framing));
        let start = Start::of(file, bytes)?;
        Ok(Progress::Text { framer, bytes, mark, start, told_pending: None, hash: Box::default() })
    }

    fn read_on(&mut self, file: &mut File, sink: &mut dyn LogSink) -> io::Result<u64> {
        let Progress::Text { framer, bytes, mark, start, hash, .. } = &mut self.progress else {
            return Ok(0);
        };
        file.seek(SeekFrom::Start(*bytes))?;
        let mut piece = vec![0; PIECE_BYTES];
        let mut begun = false;
        loop {
            let length = match file.read(&mut piece) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            if length == 0 {
                break;
            }
            if !begun {
                sink.begin(&shown(&self.path), self.named);
                begun = true;
            }
            *bytes += u64::try_from(length).unwrap_or(u64::MAX);
            let piece = piece.get(..length).unwrap_or_default();
            hash.update(piece);
            framer.feed(piece, sink);
        }
        if !begun {
            return Ok(0);
        }
        *start = Start::of(file, framer.boundary().0 + *mark)?;
        framer.settle();
        let end = end_of(framer, hash);
        sink.end(&end);
        Ok(end.bytes)
    }

    /// Reads an archive, as far as it goes.
    fn read_whole(&mut self, file: &mut File, sink: &mut dyn LogSink) -> Result<u64, Reason> {
        file.rewind().map_err(Reason::of)?;
        let bytes = file.metadata().map_err(Reason::of)?.len();
        let start = Start::of(file, bytes).map_err(Reason::of)?;
        file.rewind().map_err(Reason::of)?;
        self.progress = Progress::Whole { bytes, start };
        let source = Decoded::open(file, &self.framing.limits)?;
        let mut framer = Framer::new(&self.framing);
        sink.begin(&shown(&self.path), self.named);
        let sha256 = drain(source, &mut framer, sink);
        let end = LogEnd { sha256, ..framer.take_end() };
        sink.end(&end);
        Ok(end.bytes)
    }

    /// Tells what has not ended for a while, and may never.
    fn tell_stale(&mut self, sink: &mut dyn LogSink) -> Result<u64, Reason> {
        match &mut self.progress {
            Progress::Waiting => return self.read_whole(&mut open(&self.path)?, sink),
            Progress::Text { framer, told_pending, hash, .. } => {
                if let Some((offset, line)) =
                    framer.pending().filter(|(offset, _)| *told_pending != Some(*offset))
                {
                    *told_pending = Some(offset);
                    sink.begin(&shown(&self.path), self.named);
                    framer.break_at(Broken { offset, line, reason: BrokenReason::Truncated }, sink);
                    sink.end(&end_of(framer, hash));
                }
            }
            Progress::None(_) | Progress::Whole { .. } => {}
        }
        Ok(0)
    }
}

impl Start {
    /// Of the first bytes of a file, no more than these.
    fn of(file: &mut File, bytes: u64) -> io::Result<Self> {
        let length = usize::try_from(bytes).unwrap_or(usize::MAX).min(DIGEST_BYTES);
        let first = first_bytes(file, length)?;
        Ok(Self {
            bytes: u64::try_from(first.len()).unwrap_or(u64::MAX),
            digest: Sha256::digest(&first).into(),
        })
    }
}

/// What was read since the last time, with the digest of all that was read.
fn end_of(framer: &mut Framer, hash: &Sha256) -> LogEnd {
    LogEnd { sha256: hash.clone().finalize().into(), ..framer.take_end() }
}

/// Whether an archive can be unpacked to its end.
fn is_complete(file: &mut File, framing: &Framing) -> bool {
    if file.rewind().is_err() {
        return false;
    }
    let Ok(mut source) = Decoded::open(file, &framing.limits) else { return false };
    loop {
        match source.piece() {
            Ok([]) => return true,
            Ok(_) => {}
            Err(
                BrokenReason::BadGzip(_)
                | BrokenReason::BadZstd(_)
                | BrokenReason::Trailing
                | BrokenReason::Io(_),
            ) => {
                return false;
            }
            // It will not become better.
            Err(_) => return true,
        }
    }
}

/// Whether a file is the one that a position is in.
fn is_at(file: &mut File, position: &Position, bytes_now: u64) -> io::Result<bool> {
    Ok(position.bytes <= bytes_now && Start::of(file, position.bytes)?.digest == position.digest)
}

fn first_bytes(file: &mut File, length: usize) -> io::Result<Vec<u8>> {
    let mut first = Vec::new();
    file.rewind()?;
    file.take(u64::try_from(length).unwrap_or(u64::MAX)).read_to_end(&mut first)?;
    Ok(first)
}

/// After how many looks that saw no change something is told that did not end.
const SAME_MAX: u32 = 25;
const PIECE_BYTES: usize = 256 << 10;
const HEADER_BYTES: usize = 64 << 10;
