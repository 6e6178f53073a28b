//! What the log says of the time before its first event: an event may state what its resource was.

use std::collections::BTreeSet;
use std::sync::Arc;

use cloud::audit::{Edit, Event, Outcome};

use super::Basis;
use super::event::edits;
use super::live::Live;

impl Live {
    /// What later events say of the time before the first.
    pub(super) fn begin_with(&mut self, before: &[(&Event, &Edit)]) {
        for (event, edit) in before {
            self.gaps.extend(self.inventory.apply(edit, event.place).gaps);
            self.before.push(Arc::clone(&event.id));
        }
        self.origin = self.inventory.fork();
    }

    /// Whether changes are later than everything that was applied, and say nothing of what was before it.
    pub(super) fn goes_on_with(&self, fresh: &[Arc<Event>], basis: &Basis) -> bool {
        let is_later = match (self.applied.last(), fresh.first()) {
            (None, _) | (_, None) => true,
            (Some((last, _)), Some(first)) => last.is_some() && first.at.is_none_or(|at| *last < Some(at)),
        };
        let is_known = |edit: &Edit| {
            let has_told = basis.at.is_none() && basis.inventory.knows(edit);
            has_told || self.seen.contains(&[Arc::clone(&edit.kind), Arc::clone(&edit.id)])
        };
        is_later && fresh.iter().flat_map(|event| &event.before).all(is_known)
    }
}

/// What the first event about a resource says that it was before, where nothing else says it.
pub(super) fn told_before<'c>(changes: &'c [Arc<Event>], basis: &Basis) -> Vec<(&'c Event, &'c Edit)> {
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    let mut told = Vec::new();
    for change in changes.iter().filter(|change| matches!(change.outcome, Outcome::Done | Outcome::Begun)) {
        let is_new = |edit: &&Edit| !seen.contains(&(&*edit.kind, &*edit.id));
        let is_untold = |edit: &&Edit| basis.at.is_some() || !basis.inventory.knows(edit);
        told.extend(change.before.iter().filter(is_new).filter(is_untold).map(|edit| (&**change, edit)));
        seen.extend(change.before.iter().chain(edits(change)).map(|edit| (&*edit.kind, &*edit.id)));
    }
    told
}
