//! An edit of what nobody stated: whatever it did is not known.

use cloud::Quoted;
use cloud::audit::{Edit, Event};
use model::{Effect, Gap};

pub(super) fn unseen(event: &Event, edit: &Edit, what: &str) -> Gap {
    let (operation, id) = (Quoted(&event.operation), last_parts(&edit.id));
    let id = Quoted(id);
    let is_itself = what.to_lowercase().contains(&*edit.id.to_lowercase());
    let message = if what.starts_with(UNSAID) {
        format!("{operation} of {id}: {what}: what it opened or closed is not known; scan an export of today")
    } else {
        let missing = if is_itself { "it".to_owned() } else { Quoted(what).to_string() };
        format!(
            "{operation} of {id}: nothing before it states {missing}: what it opened or closed is not known; give the state \
             before the log with `--snapshot`"
        )
    };
    Gap::at(event.place, "state-not-seen", Effect::Undecided, message)
}

/// How clouds begin where it is not what was before that is unknown, but what came.
const UNSAID: &str = "what was written";

/// Of a path so long that its end would not be shown, the last two parts.
fn last_parts(id: &str) -> &str {
    if id.len() <= ID_BYTES_MAX {
        return id;
    }
    id.rmatch_indices('/').nth(1).and_then(|(at, _)| id.get(at + 1..)).unwrap_or(id)
}

const ID_BYTES_MAX: usize = 90;
