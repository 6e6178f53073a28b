//! A change as it is kept until it is told: most have nothing to say but who did what.

use std::sync::Arc;

use engine::{Cause, ChangeEffect, Judged, Touches};
use model::Name;

/// A change.
pub(super) struct Noted {
    pub(super) scope: Option<Name>,
    pub(super) cause: Arc<Cause>,
    pub(super) kind: Name,
    pub(super) said: Option<Box<Said>>,
}

/// What is said of it beside.
pub(super) struct Said {
    pub(super) effect: ChangeEffect,
    pub(super) touches: Touches,
    pub(super) note: Option<String>,
}

impl Said {
    /// Whether nothing is to be said but what it opened.
    pub(super) fn is_nothing(&self) -> bool {
        self.effect == ChangeEffect::None && self.touches == Touches::Modelled && self.note.is_none()
    }
}

impl Noted {
    /// As results have it, of a cloud.
    pub(super) fn judged(&self, cloud: &'static str) -> Judged {
        let said = self.said.as_ref();
        Judged {
            cloud,
            scope: self.scope.clone(),
            cause: Arc::clone(&self.cause),
            kind: Arc::clone(&self.kind),
            effect: said.map_or(ChangeEffect::None, |said| said.effect),
            effects: Vec::new(),
            touches: said.map_or(Touches::Modelled, |said| said.touches),
            note: said.and_then(|said| said.note.clone()),
            expected: None,
        }
    }
}
