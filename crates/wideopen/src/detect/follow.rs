//! `--follow`: a line for each finding as it comes, until interrupted or until there is nothing more to read.
//!
//! Each time something new was heard the replay goes on, and what is found and was not told is told. On an interrupt what was
//! heard is judged, the state is kept, and the run ends as any other.

use std::collections::BTreeSet;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use check::Finding;
use engine::Fingerprint;
use read::{Follower, LogLimits, Position};
use replay::Replay;
use signal_hook::consts::{SIGINT, SIGTERM};

use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::progress::Progress;

use super::hearing::Hearing;
use super::judgement::{Judgement, judge};
use super::kept;
use super::told::Scene;

/// How long nothing is looked at.
const PAUSE: Duration = Duration::from_millis(200);
/// The state is kept this often while there is news, and at the end.
const KEPT_EVERY: Duration = Duration::from_secs(10);

/// Follows logs.
pub(super) fn run(
    scene: &Scene<'_>,
    documents: &mut Documents,
    replays: &mut [Replay],
    positions: &[String],
    progress: Progress,
) -> Result<Exit, Fault> {
    let interrupted = interruption()?;
    let resume: Vec<Position> = positions.iter().filter_map(|line| position(line)).collect();
    let keys = super::record_keys(replays);
    let mut follower = Follower::new(&scene.request.logs, &keys, &LogLimits::STANDARD, &resume);
    if scene.request.logs.iter().any(|log| log == "-") {
        follower.listen(io::stdin());
    }
    let mut told = BTreeSet::new();
    let mut kept = Instant::now();
    let mut last = None;
    // What an earlier run kept is judged at once.
    let mut is_news = !positions.is_empty() || last.is_none();
    loop {
        let polled = {
            let mut hearing = Hearing::new(documents, replays, &progress);
            let polled = follower.poll(&mut hearing);
            is_news |= hearing.is_news;
            polled
        };
        let ends = polled.is_over || interrupted.load(Ordering::Relaxed);
        if ends {
            let mut hearing = Hearing::new(documents, replays, &progress);
            follower.finish(&mut hearing);
            is_news |= hearing.is_news;
        }
        if is_news {
            last = Some(news(scene, documents, replays, &mut told)?);
        }
        if let Some(path) =
            scene.request.state.as_ref().filter(|_| ends || (is_news && kept.elapsed() >= KEPT_EVERY))
        {
            let positions = follower.positions().iter().map(line).collect();
            kept::keep(path, documents, replays, positions)?;
            kept = Instant::now();
        }
        is_news = false;
        if ends {
            break;
        }
        thread::sleep(PAUSE);
    }
    drop(progress);
    match last {
        Some(exit) => Ok(exit),
        None => Ok(Exit::Clean),
    }
}

/// Judges what was heard and tells what is new of it.
fn news(
    scene: &Scene<'_>,
    documents: &Documents,
    replays: &mut [Replay],
    told: &mut BTreeSet<String>,
) -> Result<Exit, Fault> {
    let judgement = judge(documents, replays, scene.configuration)
        .map_err(|contradiction| Fault::Internal(contradiction.to_string()))?;
    let mut shown = scene.shown(documents, judgement, false);
    let exit = shown.exit;
    shown.judgement.findings.retain(|finding| told.insert(mark(finding)));
    if shown.judgement.findings.is_empty() {
        return Ok(exit);
    }
    keep_theirs(&mut shown.judgement);
    scene.write(documents, replays, &shown)?;
    Ok(exit)
}

/// What makes a finding news: what it is, and everything that happened to it.
fn mark(finding: &Finding) -> String {
    let causes = finding.detected.as_ref().map_or(&[][..], |detected| detected.causes.as_slice());
    let mut mark = format!("{} {}", finding.id, finding.severity);
    for cause in causes {
        mark.push(' ');
        mark.push_str(&cause.event);
    }
    mark
}

/// Leaves of openings and changes what the findings rest on.
fn keep_theirs(judgement: &mut Judgement) {
    let findings = &judgement.findings;
    let rests_on = |fingerprint: &Fingerprint| findings.iter().any(|finding| finding.exposures.contains(fingerprint));
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
