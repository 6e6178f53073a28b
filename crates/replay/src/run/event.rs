//! One event: its edits are made, and what it is about is noted as a change.

use std::sync::Arc;

use cloud::audit::{Bears, Edit, Event, Impairment, Nature, Outcome};
use engine::{Cause, ChangeEffect, Contradiction, Moved, Touches};
use model::{Moment, Name, Weakened};

use crate::announced::Announced;
use crate::denied::{ATTEMPTS_MAX, attempted};
use crate::told::word;

use super::live::Live;
use super::noted::{Noted, Said};

impl Live {
    /// Does what an event did.
    pub(super) fn event(
        &mut self,
        event: &Event,
        at: Moment,
        is_doubtful: bool,
    ) -> Result<(), Contradiction> {
        let cause = cause(event, at);
        match (&event.bears, event.outcome) {
            (_, Outcome::Failed | Outcome::Denied) | (Bears::Nothing, _) => return Ok(()),
            (Bears::Edits(edits), Outcome::Done | Outcome::Begun) => {
                let touched = self.apply(edits, event);
                let attaches = edits.iter().all(|edit| edit.nature == Nature::Attachment);
                let is_doubtful = is_doubtful || event.outcome == Outcome::Begun;
                self.step(Moved { cause: &cause, attaches, is_doubtful }, &touched)?;
                let kind = edits.first().map_or_else(|| word(""), |edit| Arc::clone(&edit.kind));
                let (effect, touches) = (ChangeEffect::None, Touches::Modelled);
                self.judge(event, cause, kind, Said { effect, touches, note: None });
            }
            (Bears::Impairs(impairment), Outcome::Done | Outcome::Begun) => {
                self.impaired(event, cause, impairment)
            }
            (Bears::Announces(announcement), Outcome::Done | Outcome::Begun) => {
                self.announced.push(Announced::new(event, at, announcement));
                let (effect, touches) = (ChangeEffect::None, Touches::Modelled);
                let note = Some("access was asked for in advance".to_owned());
                self.judge(event, cause, word("access"), Said { effect, touches, note });
            }
            (Bears::NotModelled { kind }, Outcome::Done | Outcome::Begun) => {
                let (effect, touches) = (ChangeEffect::None, Touches::NotModelled);
                let note = Some(format!("its effect is not modelled: {kind}"));
                self.judge(event, cause, word(kind), Said { effect, touches, note });
            }
        }
        Ok(())
    }

    fn impaired(&mut self, event: &Event, cause: Arc<Cause>, impairment: &Impairment) {
        let effect = match impairment.weakened {
            Weakened::Off | Weakened::Less | Weakened::Perhaps => ChangeEffect::Impairs,
            Weakened::Restored => ChangeEffect::None,
        };
        let note = (!impairment.note.is_empty()).then(|| impairment.note.clone());
        let touches = Touches::Watcher(impairment.watch, impairment.weakened);
        self.judge(event, cause, word(&impairment.kind), Said { effect, touches, note });
    }

    /// Notes a refused attempt.
    pub(super) fn denied(&mut self, event: &Event, at: Moment) -> Result<(), Contradiction> {
        let cause = cause(event, at);
        let (kind, touches) = match &event.bears {
            Bears::Edits(edits) => {
                self.attempt(event, edits)?;
                let kind = edits.first().map_or_else(|| word(""), |edit| Arc::clone(&edit.kind));
                (kind, Touches::Modelled)
            }
            Bears::Impairs(impairment) => {
                (word(&impairment.kind), Touches::Watcher(impairment.watch, impairment.weakened))
            }
            Bears::NotModelled { kind } => (word(kind), Touches::NotModelled),
            Bears::Announces(_) => (word("access"), Touches::Modelled),
            Bears::Nothing => return Ok(()),
        };
        self.judge(event, cause, kind, Said { effect: ChangeEffect::Denied, touches, note: None });
        Ok(())
    }

    /// Plays an attempt through, as long as there are not too many.
    fn attempt(&mut self, event: &Event, edits: &[Edit]) -> Result<(), Contradiction> {
        if self.attempts.len() < ATTEMPTS_MAX {
            let found = attempted(&*self.inventory, event, edits, &mut self.assessor)?;
            self.attempts.insert(Arc::clone(&event.id), found);
        } else {
            let (_, count) = self.untried.get_or_insert((event.place, 0));
            *count += 1;
        }
        Ok(())
    }

    fn judge(&mut self, event: &Event, cause: Arc<Cause>, kind: Name, said: Said) {
        let said = (!said.is_nothing()).then(|| Box::new(said));
        self.noted.push(Noted { scope: event.scope.clone(), cause, kind, said });
    }
}

/// What an event edits, where it was done.
pub(super) fn edits(event: &Event) -> &[Edit] {
    match (&event.bears, event.outcome) {
        (Bears::Edits(edits), Outcome::Done | Outcome::Begun) => edits,
        _ => &[],
    }
}

fn cause(event: &Event, at: Moment) -> Arc<Cause> {
    Arc::new(Cause {
        at,
        event: Arc::clone(&event.id),
        actor: Arc::clone(&event.actor.name),
        address: event.actor.address.clone(),
        client: event.actor.client.clone(),
        operation: Arc::clone(&event.operation),
        edited: Arc::clone(&event.edited),
        provenance: Some(event.place),
    })
}
