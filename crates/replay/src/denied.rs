//! What a refused attempt would have opened.

use std::sync::Arc;

use cloud::Inventory;
use cloud::audit::{Edit, Event};
use engine::{Assessor, Contradiction, Exposure, Fingerprint};
use model::{Name, Target};

/// So many attempts are played through; more of them say nothing new.
pub(crate) const ATTEMPTS_MAX: usize = 256;

/// The exposures that there would have been and are not.
///
/// # Errors
/// A [`Contradiction`] when a witness does not hold.
pub(crate) fn attempted(
    inventory: &dyn Inventory,
    event: &Event,
    edits: &[Edit],
    assessor: &mut Assessor,
) -> Result<Vec<Exposure>, Contradiction> {
    let mut fork = inventory.fork();
    let mut touched: Vec<Name> = Vec::new();
    for edit in edits {
        touched.extend(fork.apply(edit, event.place).touched);
    }
    touched.sort_unstable();
    touched.dedup();
    let mut known: Vec<Fingerprint> = Vec::new();
    for target in inventory.lower(&touched) {
        assess(assessor, target, &mut |exposure| known.push(exposure.fingerprint))?;
    }
    let mut new = Vec::new();
    for target in fork.lower(&touched) {
        assess(assessor, target, &mut |exposure| {
            if !known.contains(&exposure.fingerprint) {
                new.push(exposure);
            }
        })?;
    }
    Ok(new)
}

fn assess(
    assessor: &mut Assessor,
    target: Target,
    sink: &mut dyn FnMut(Exposure),
) -> Result<(), Contradiction> {
    assessor.assess(&Arc::new(target), &mut |exposure, _| sink(exposure))
}
