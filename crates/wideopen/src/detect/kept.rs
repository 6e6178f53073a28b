//! `--state FILE`: what one run keeps for the next. The file is replaced whole or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use model::{DocumentId, Effect, Gap, Provenance};
use replay::{Replay, SavedGap, State};
use sha2::{Digest, Sha256};

use crate::documents::Documents;
use crate::exit::Fault;
use crate::outputs::{in_place_of, try_in_place_of};

/// What an earlier run left beside its events.
#[derive(Default)]
pub(super) struct Earlier {
    /// How far followed files were read.
    pub(super) positions: Vec<String>,
    /// Marks of what was told.
    pub(super) told: BTreeSet<String>,
}

/// Takes in what an earlier run kept, if there is such a file.
pub(super) fn resume(
    path: &Path,
    documents: &mut Documents,
    replays: &mut [Replay],
) -> Result<Earlier, Fault> {
    let shown = path.display();
    // Before hours of logs are read, and not after.
    try_in_place_of(path).map_err(|error| {
        Fault::Usage(format!(
            "`--state {shown}` cannot be written: {error}; give a file in a folder that is there and may be written to"
        ))
    })?;
    let Some(text) = text(path)? else { return Ok(Earlier::default()) };
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
        let records = state.records.iter().filter(|(cloud, _, _)| cloud == name);
        let records: Vec<_> = records.map(|(_, document, records)| (*document, *records)).collect();
        let own = state.events.extract_if(.., |(cloud, _, _)| cloud == name);
        let own: Vec<_> = own.map(|(_, line, event)| (line, event)).collect();
        let has_forgotten = state.forgotten.iter().any(|cloud| cloud == name);
        replay.history.resume(own, records, has_forgotten);
    }
    let mut codes = BTreeMap::new();
    for gap in state.gaps {
        let (line, gap) = (gap.place.1, gap_of(gap, &mut codes));
        documents.tell(gap, line);
    }
    Ok(Earlier { positions: state.positions, told: state.told.into_iter().collect() })
}

/// The text of a state; `None` where there is no file. Of a file that is another's no more than the beginning is read.
fn text(path: &Path) -> Result<Option<String>, Fault> {
    let shown = path.display();
    let unreadable = |error: io::Error| {
        Fault::Usage(format!(
            "`--state {shown}` cannot be read: {error}; give another file, or one that is not there yet"
        ))
    };
    let mut file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(unreadable(error)),
    };
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(unreadable(io::Error::other("it is no file")));
    }
    let mut start = Vec::new();
    file.by_ref().take(START.len() as u64).read_to_end(&mut start).map_err(unreadable)?;
    if start != START {
        let foreign = replay::Refused::Foreign;
        return Err(Fault::Usage(format!("`--state {shown}` is not taken: {foreign}; it is left as it is")));
    }
    fs::read(path).map_err(unreadable).map(|bytes| Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// What a state begins with.
const START: &[u8] = b"{\"wideopen-state\":";

/// Keeps what matters of what was heard.
pub(super) fn keep(
    path: &Path,
    documents: &Documents,
    replays: &[Replay],
    earlier: &Earlier,
) -> Result<(), Fault> {
    let told = earlier.told.iter().cloned().collect();
    let mut state = State {
        snapshot: snapshot_digest(documents),
        positions: earlier.positions.clone(),
        told,
        ..State::default()
    };
    let mut gaps: BTreeSet<SavedGapKey> = BTreeSet::new();
    for (gap, place, line) in documents.gaps_of_logs() {
        gaps.insert((place, line, gap.code, gap.effect, gap.message.clone()));
    }
    for replay in replays {
        let name = replay.cloud().name.to_owned();
        let lines = replay.history.lines();
        let line = |place: &Provenance| lines.get(place).copied().unwrap_or_default();
        let records = replay.history.records_of_documents().iter();
        state.records.extend(records.map(|(document, records)| (name.clone(), *document, *records)));
        state.forgotten.extend(replay.history.has_forgotten().then(|| name.clone()));
        let events = replay.history.events();
        state.events.extend(events.map(|event| (name.clone(), line(&event.place), event.clone())));
        let heard = replay.history.gaps().iter().filter_map(|gap| Some((gap, gap.provenance?)));
        let heard = heard.filter(|(_, place)| documents.is_log(place.document));
        gaps.extend(
            heard.map(|(gap, place)| (place, line(&place), gap.code, gap.effect, gap.message.clone())),
        );
    }
    state.gaps = gaps.into_iter().map(saved).collect();
    number_documents(&mut state, documents);
    let text = replay::save(&state);
    in_place_of(path, &mut |file| file.write_all(text.as_bytes()))
        .map_err(|error| Fault::Unwritten(path.display().to_string(), error))
}

type SavedGapKey = (Provenance, u64, &'static str, Effect, String);

fn saved((place, line, code, effect, message): SavedGapKey) -> SavedGap {
    SavedGap {
        document: place.document.0,
        place: (place.offset, line),
        code: code.to_owned(),
        effect: effect.word().to_owned(),
        message,
    }
}

/// A gap as the run before told it. Codes are names that live as long as the program: each is made one once.
fn gap_of(saved: SavedGap, codes: &mut BTreeMap<String, &'static str>) -> Gap {
    let SavedGap { document, place: (offset, _), code, effect, message } = saved;
    let code = *codes.entry(code.clone()).or_insert_with(|| code.leak());
    let effects = [Effect::Widened, Effect::Narrowed, Effect::Undecided, Effect::Skipped];
    let effect = effects.into_iter().find(|one| one.word() == effect).unwrap_or(Effect::Skipped);
    Gap::at(Provenance { document: DocumentId(document), offset }, code, effect, message)
}

/// Only the documents that something stands in, numbered anew.
fn number_documents(state: &mut State, documents: &Documents) {
    let events = state.events.iter().map(|(_, _, event)| event.place.document);
    let records = state.records.iter().map(|(_, document, _)| *document);
    let gaps = state.gaps.iter().map(|gap| DocumentId(gap.document));
    let used: BTreeSet<DocumentId> = events.chain(records).chain(gaps).collect();
    let numbers: BTreeMap<DocumentId, DocumentId> =
        used.iter().zip(0..).map(|(id, number)| (*id, DocumentId(number))).collect();
    state.documents = used.iter().map(|id| documents.path(*id).to_owned()).collect();
    state.renumber(&|id| numbers.get(&id).copied().unwrap_or(id));
}

/// What tells the snapshot: the digests of its documents, in any order.
fn snapshot_digest(documents: &Documents) -> String {
    let mut digests: Vec<[u8; 32]> = documents.snapshot_digests();
    digests.sort_unstable();
    let mut hash = Sha256::new();
    digests.iter().for_each(|digest| hash.update(digest));
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
