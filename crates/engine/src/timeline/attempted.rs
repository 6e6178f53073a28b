//! What a change that was refused would have opened: the difference between a target as it is and as it would have been.

use std::sync::Arc;

use model::{Moment, Name, Target};

use crate::assessor::{Assessor, Contradiction};
use crate::exposure::Exposure;

use super::track::{Kept, Track};
use super::{Cause, ChangeEffect, Moved, Now};

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
    let (mut track, mut kept) = (Track::default(), Kept::default());
    let now = |target| Now { key: &would_be.key, target, is_partial: false };
    track.go_on(now(is), None, assessor, &mut kept)?;
    track.go_on(now(Some(would_be)), Some(moved), assessor, &mut kept)?;
    let opens = |effect: ChangeEffect| matches!(effect, ChangeEffect::Opens | ChangeEffect::Widens);
    let openings = track.openings(&would_be.key, assessor)?.into_iter();
    let new = openings.filter(|opening| opening.steps.iter().any(|step| opens(step.effect)));
    Ok(new.map(|opening| opening.exposure).collect())
}
