//! `--follow`: a line for each finding as it comes, until interrupted or until there is nothing more to read.
//!
//! Each time something new was heard the replay goes on, and what is found and was not told is told; files, and formats that
//! are one document, are written at the end. On an interrupt what was heard is judged, the state is kept, and the run ends as
//! any other.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use check::Finding;
use engine::Fingerprint;
use model::{Name, Provenance};
use read::{Follower, LogLimits, Position};
use replay::Replay;
use sha2::{Digest, Sha256};
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::progress::Progress;

use super::hearing::Hearing;
use super::judgement::{Judgement, judge};
use super::kept::{self, Earlier};
use super::news::News;
use super::told::Scene;

/// How long nothing is looked at.
const PAUSE: Duration = Duration::from_millis(200);
/// While more and more comes, what is there is judged this often.
const JUDGED_EVERY: Duration = Duration::from_millis(400);
/// The state is kept this often while there is news, and at the end.
const KEPT_EVERY: Duration = Duration::from_secs(10);

/// Follows logs.
pub(super) fn run(
    scene: &Scene<'_>,
    documents: &mut Documents,
    replays: &mut [Replay],
    earlier: Earlier,
    progress: Progress,
) -> Result<Exit, Fault> {
    let interrupted = interruption()?;
    let resume: Vec<Position> = earlier.positions.iter().filter_map(|line| position(line)).collect();
    let keys = super::record_keys(replays);
    let mut follower = Follower::new(&scene.request.logs, &keys, &LogLimits::STANDARD, &resume);
    if scene.request.logs.iter().any(|log| log == "-") {
        follower.listen(io::stdin());
    }
    let mut following = Following {
        scene,
        documents,
        replays,
        progress,
        earlier,
        news: News::default(),
        gaps: BTreeSet::new(),
    };
    let (mut judged, mut kept) = (Pace::default(), Instant::now());
    // What an earlier run kept is judged at once.
    let (mut is_news, mut is_unkept) = (true, true);
    loop {
        let polled = following.hear(&mut is_news, &mut |hearing| follower.poll(hearing));
        let ends = polled.is_over || interrupted.load(Ordering::Relaxed);
        if ends {
            following.hear(&mut is_news, &mut |hearing| follower.finish(hearing));
        }
        let told = if is_news && !ends && judged.is_due(polled.bytes > 0) {
            (is_news, is_unkept) = (false, true);
            judged.measure(|| following.tell_news())
        } else if ends {
            following.end()
        } else {
            Ok(Exit::Clean)
        };
        if ends || told.is_err() || (is_unkept && kept.elapsed() >= KEPT_EVERY) {
            following.keep(&follower)?;
            (kept, is_unkept) = (Instant::now(), false);
        }
        if ends || told.is_err() {
            return told;
        }
        if polled.bytes == 0 {
            thread::sleep(PAUSE);
        }
    }
}

/// A run that goes on.
struct Following<'a> {
    scene: &'a Scene<'a>,
    documents: &'a mut Documents,
    replays: &'a mut [Replay],
    progress: Progress,
    earlier: Earlier,
    news: News,
    /// The gaps that were told.
    gaps: BTreeSet<(Option<Provenance>, String)>,
}

impl Following<'_> {
    fn hear<T>(&mut self, is_news: &mut bool, read: &mut dyn FnMut(&mut Hearing<'_>) -> T) -> T {
        let mut hearing = Hearing::new(self.documents, self.replays, &self.progress, false);
        let read = read(&mut hearing);
        *is_news |= hearing.is_news;
        read
    }

    fn judge(&mut self) -> Result<Judgement, Fault> {
        judge(self.documents, self.replays, self.scene.configuration)
            .map_err(|contradiction| Fault::Internal(contradiction.to_string()))
    }

    /// Judges what was heard and tells what is new of it.
    fn tell_news(&mut self) -> Result<Exit, Fault> {
        let Self { scene, documents, replays, news, earlier, .. } = self;
        let judgement = news
            .judge(documents, replays, scene.configuration, &earlier.told)
            .map_err(|contradiction| Fault::Internal(contradiction.to_string()))?;
        let mut shown = self.scene.shown(self.documents, judgement, false);
        let (told, ends) = (&self.earlier.told, ends(&shown.judgement));
        shown.judgement.findings.retain(|finding| !told.contains(&mark(finding, &ends)));
        let gaps = &mut self.gaps;
        shown.judgement.gaps.retain(|gap| gaps.insert((gap.provenance, gap.message.clone())));
        if shown.judgement.findings.is_empty() && shown.judgement.gaps.is_empty() {
            return Ok(shown.exit);
        }
        keep_theirs(&mut shown.judgement);
        self.scene.tell_news(self.documents, self.replays, &shown)?;
        self.earlier.told.extend(marks(&shown.judgement));
        Ok(shown.exit)
    }

    /// Tells what is new, and what comes once.
    fn end(&mut self) -> Result<Exit, Fault> {
        self.tell_news()?;
        let judgement = self.judge()?;
        self.scene.tell_end(self.documents, self.replays, judgement)
    }

    fn keep(&mut self, follower: &Follower) -> Result<(), Fault> {
        let Some(path) = &self.scene.request.state else { return Ok(()) };
        self.earlier.positions = follower.positions().iter().map(line).collect();
        kept::keep(path, self.documents, self.replays, &self.earlier)
    }
}

/// How often is judged: at once where nothing more comes, seldom enough while much does.
#[derive(Default)]
struct Pace {
    last: Option<Instant>,
    took: Duration,
}

impl Pace {
    fn is_due(&self, more_comes: bool) -> bool {
        let pause = JUDGED_EVERY.max(self.took * 4);
        !more_comes || self.last.is_none_or(|last| last.elapsed() >= pause)
    }

    fn measure<T>(&mut self, judge: impl FnOnce() -> T) -> T {
        let begun = Instant::now();
        let judged = judge();
        (self.last, self.took) = (Some(Instant::now()), begun.elapsed());
        judged
    }
}

/// The marks of findings.
pub(super) fn marks(judgement: &Judgement) -> Vec<String> {
    let ends = ends(judgement);
    judgement.findings.iter().map(|finding| mark(finding, &ends)).collect()
}

/// The events that closed openings.
type Ends = BTreeMap<Fingerprint, Name>;

fn ends(judgement: &Judgement) -> Ends {
    let closed = judgement.openings.iter().filter_map(|opening| Some((opening, opening.closed.as_ref()?)));
    closed.map(|(opening, cause)| (opening.fingerprint, Arc::clone(&cause.event))).collect()
}

/// What makes a finding news: what it is, who opened and widened what it rests on, and who closed it.
fn mark(finding: &Finding, ends: &Ends) -> String {
    let mut hash = Sha256::new();
    hash.update(format!("{} {}", finding.id, finding.severity));
    for cause in finding.detected.iter().flat_map(|detected| &detected.causes) {
        hash.update(format!("\n{}", cause.event));
    }
    for closed in finding.exposures.iter().filter_map(|of| ends.get(of)) {
        hash.update(format!("\nclosed {closed}"));
    }
    hash.finalize().iter().take(MARK_BYTES).map(|byte| format!("{byte:02x}")).collect()
}

const MARK_BYTES: usize = 12;

/// Leaves of openings and changes what the findings rest on.
fn keep_theirs(judgement: &mut Judgement) {
    let findings = &judgement.findings;
    let rests_on =
        |fingerprint: &Fingerprint| findings.iter().any(|finding| finding.exposures.contains(fingerprint));
    judgement.openings.retain(|opening| rests_on(&opening.fingerprint));
    let causes: BTreeSet<&str> = findings
        .iter()
        .filter_map(|finding| finding.detected.as_ref())
        .flat_map(|detected| detected.causes.iter().map(|cause| &*cause.event))
        .collect();
    judgement.changes.retain(|change| causes.contains(&*change.cause.event));
}

/// Set when the run is to end.
fn interruption() -> Result<Arc<AtomicBool>, Fault> {
    let flag = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // The second one ends the run at once.
        signal_hook::flag::register_conditional_shutdown(signal, 130, Arc::clone(&flag))
            .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&flag)))
            .map_err(|error| Fault::Internal(format!("interrupts cannot be heard: {error}")))?;
    }
    Ok(flag)
}

/// How far a file was read, as the state keeps it.
fn line(position: &Position) -> String {
    let digest: String = position.digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let Position { path, bytes, line, .. } = position;
    serde_json::json!({ "path": path, "bytes": bytes, "line": line, "digest": digest }).to_string()
}

fn position(line: &str) -> Option<Position> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    let digits = value.get("digest")?.as_str()?;
    let mut digest = [0; 32];
    for (number, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(digits.get(2 * number..2 * number + 2)?, 16).ok()?;
    }
    Some(Position {
        path: value.get("path")?.as_str()?.to_owned(),
        bytes: value.get("bytes")?.as_u64()?,
        line: value.get("line")?.as_u64()?,
        digest,
    })
}
