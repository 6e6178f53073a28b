//! `--state FILE`: what one run keeps for the next. The file is replaced whole or not at all.

use std::fs;
use std::io;
use std::path::Path;

use model::DocumentId;
use replay::{Replay, State};
use sha2::{Digest, Sha256};

use crate::documents::Documents;
use crate::exit::Fault;
use crate::outputs::in_place_of;

/// Takes in what an earlier run kept, if there is such a file. Returns how far followed files were read.
pub(super) fn resume(
    path: &Path,
    documents: &mut Documents,
    replays: &mut [Replay],
) -> Result<Vec<String>, Fault> {
    let shown = path.display();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Fault::Usage(format!("`--state {shown}` cannot be read: {error}"))),
    };
    let mut state = replay::load(&text)
        .map_err(|refused| Fault::Usage(format!("`--state {shown}` is not taken: {refused}")))?;
    if state.snapshot != snapshot_digest(documents) {
        return Err(Fault::Usage(format!(
            "`--state {shown}` was made over another snapshot: give the same --snapshot, or another file"
        )));
    }
    let numbers: Vec<DocumentId> = state.documents.iter().map(|path| documents.begin_log(path)).collect();
    state.renumber(&|id| numbers.get(id.0 as usize).copied().unwrap_or(id));
    for replay in replays {
        let name = replay.cloud().name;
        let records =
            state.records.iter().find(|(cloud, _)| cloud == name).map_or(0, |(_, records)| *records);
        let own = state.events.extract_if(.., |(cloud, _, _)| cloud == name);
        replay.history.resume(own.map(|(_, line, event)| (line, event)).collect::<Vec<_>>(), records);
    }
    Ok(state.positions)
}

/// Keeps what matters of what was heard.
pub(super) fn keep(
    path: &Path,
    documents: &Documents,
    replays: &[Replay],
    positions: Vec<String>,
) -> Result<(), Fault> {
    let mut state = State {
        snapshot: snapshot_digest(documents),
        documents: documents.paths().to_vec(),
        positions,
        ..State::default()
    };
    for replay in replays {
        let name = replay.cloud().name.to_owned();
        let lines = replay.history.lines();
        state.records.push((name.clone(), replay.history.records()));
        state.events.extend(replay.history.events().map(|event| {
            (name.clone(), lines.get(&event.place).copied().unwrap_or_default(), event.clone())
        }));
    }
    let text = replay::save(&state);
    in_place_of(path, &mut |file| file.write_all(text.as_bytes()))
        .map_err(|error| Fault::Unwritten(path.display().to_string(), error))
}

/// What tells the snapshot: the digests of its documents, in any order.
fn snapshot_digest(documents: &Documents) -> String {
    let mut digests: Vec<[u8; 32]> = documents.snapshot_digests();
    digests.sort_unstable();
    let mut hash = Sha256::new();
    digests.iter().for_each(|digest| hash.update(digest));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
