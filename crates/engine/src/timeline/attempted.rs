//! What a change that was refused would have opened: the difference between a target as it is and as it would have been.

use std::sync::Arc;

use model::{Moment, Name, Target};

use crate::assessor::{Assessor, Contradiction};
use crate::exposure::Exposure;

use super::track::{Sets, State, Track};
use super::{Cause, ChangeEffect, Moved};

/// What would be open and is not, cut down to that: ports that are open already are no part of it.
///
/// # Errors
/// A [`Contradiction`] when a witness does not hold.
pub fn would_open(
    assessor: &mut Assessor,
    is: Option<&Arc<Target>>,
    would_be: &Arc<Target>,
) -> Result<Vec<Exposure>, Contradiction> {
    let nobody: Name = "".into();
    let cause = Arc::new(Cause {
        at: Moment(0),
        event: Arc::clone(&nobody),
        actor: Arc::clone(&nobody),
        address: None,
        client: None,
        operation: Arc::clone(&nobody),
        edited: nobody,
        provenance: None,
    });
    let moved = Moved { cause: &cause, attaches: false, is_doubtful: false };
    let [mut before, mut after] = [State::new(None, false), State::new(Some(moved), false)];
    let mut sets = Sets::default();
    if let Some(target) = is {
        assessor.assess(target, &mut |exposure, addresses| before.add(sets.reached(exposure, addresses)))?;
    }
    assessor.assess(would_be, &mut |exposure, addresses| after.add(sets.reached(exposure, addresses)))?;
    let mut track = Track::new(before, is.cloned());
    track.add(after, Some(Arc::clone(would_be)));
    let opens = |effect: ChangeEffect| matches!(effect, ChangeEffect::Opens | ChangeEffect::Widens);
    let openings = track.openings(&would_be.key).into_iter();
    let new = openings.filter(|opening| opening.steps.iter().any(|step| opens(step.effect)));
    Ok(new.map(|opening| opening.exposure).collect())
}
