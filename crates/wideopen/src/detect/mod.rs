//! `wideopen detect`: who opened what, when, and until when.
//!
//! Wiring only: logs → histories → replays over the snapshot → openings and changes → findings → sinks.

mod follow;
mod hearing;
mod judgement;
mod kept;
mod news;
mod told;

use std::io;

use cloud::Inventory;
use model::{Moment, Thresholds};
use read::LogLimits;
use replay::{Basis, Replay};

use crate::arguments::{Detect, Over};
use crate::configuration::Configuration;
use crate::documents::Documents;
use crate::exit::{Exit, Fault};
use crate::outputs::Outputs;
use crate::progress::Progress;
use crate::selection::Selection;

use hearing::Hearing;
pub(crate) use hearing::LOGS;
pub(crate) use judgement::{Judgement, judge};
use kept::Earlier;
use told::Scene;

/// Runs the verb.
pub(crate) fn run(request: &Detect) -> Result<Exit, Fault> {
    if let (Some(since), Some(until)) = (request.since, request.until)
        && since >= until
    {
        let why = format!(
            "`--since {since}` is not before `--until {until}`: nothing can have happened between them"
        );
        return Err(Fault::Usage(why));
    }
    let (configuration, mistaken) = request.beside.configuration(&request.logs);
    let selection = Selection::new(&request.selection, &configuration)?;
    let format = request.output.format.as_deref().or(configuration.format.as_deref());
    // Lines come as they are found: a table has an end.
    let format = format.or(request.follow.then_some("short"));
    let outputs = Outputs::new(&request.output, format)?;
    let progress = Progress::new(request.output.quiet);
    let catalogues = request.beside.catalogues(&configuration);
    let (mut documents, mut replays) = basis(&request.over, &catalogues, &configuration, &progress);
    let mut earlier = match &request.state {
        Some(path) => kept::resume(path, &mut documents, &mut replays)?,
        None => Earlier::default(),
    };
    let scene =
        Scene { request, configuration: &configuration, selection: &selection, outputs: &outputs, mistaken };
    if request.follow {
        return follow::run(&scene, &mut documents, &mut replays, earlier, progress);
    }
    listen(&request.logs, &mut io::stdin().lock(), &mut documents, &mut replays, &progress);
    documents.note_log_folders(&request.logs);
    let judgement = judge(&documents, &mut replays, &configuration)
        .map_err(|contradiction| Fault::Internal(contradiction.to_string()))?;
    drop(progress);
    let exit = scene.tell(&documents, &replays, judgement);
    if let Some(path) = &request.state {
        // What could not be told is not kept as told.
        earlier.told.extend(exit.as_ref().map(|(_, marks)| marks.iter().cloned()).into_iter().flatten());
        kept::keep(path, &documents, &replays, &earlier)?;
    }
    exit.map(|(exit, _)| exit)
}

/// Reads the snapshot; each cloud's inventory is what its log is replayed over.
pub(crate) fn basis(
    over: &Over,
    catalogues: &[String],
    configuration: &Configuration,
    progress: &Progress,
) -> (Documents, Vec<Replay>) {
    let mut documents = Documents::remembering(&over.snapshot, catalogues, &mut io::empty(), progress);
    let replay = |(cloud, inventory): (&'static cloud::Cloud, Box<dyn Inventory>)| {
        let thresholds: Thresholds = configuration.thresholds;
        Replay::new(Basis { cloud, inventory, at: over.snapshot_at, thresholds })
    };
    let replays = documents.take_inventories().into_iter().map(replay).collect();
    (documents, replays)
}

/// Reads logs.
pub(crate) fn listen(
    logs: &[String],
    stdin: &mut dyn io::Read,
    documents: &mut Documents,
    replays: &mut [Replay],
    progress: &Progress,
) {
    let keys = record_keys(replays);
    let mut hearing = Hearing::new(documents, replays, progress, true);
    read::elements(logs, stdin, &keys, &LogLimits::STANDARD, &mut hearing);
}

/// The keys by which records of every cloud are known.
fn record_keys(replays: &[Replay]) -> Vec<&'static str> {
    replays.iter().flat_map(|replay| replay.cloud().trail.record_keys).copied().collect()
}

/// A time as people type it: a date alone is its first moment, in UTC.
pub(crate) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    Moment::of(text).or_else(|| Moment::of(&format!("{text}T00:00:00Z")))
}
