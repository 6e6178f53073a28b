//! What a refused attempt would have opened.

use std::collections::BTreeMap;
use std::sync::Arc;

use cloud::Inventory;
use cloud::audit::{Edit, Event};
use engine::{Assessor, Contradiction, Exposure};
use model::{Effect, Gap, Name, Provenance, Target};

/// So many attempts are played through: each takes a copy of the inventory. That there were more is told.
pub(crate) const ATTEMPTS_MAX: usize = 256;

/// Of so many attempts that were not played through, the first of which stands at a place.
pub(crate) fn untried((place, count): (Provenance, u64)) -> Gap {
    let message = format!(
        "{count} more refused attempts than the {ATTEMPTS_MAX} that are played through: what they would have opened is not \
         known; give the log in parts"
    );
    Gap::at(place, "attempts-not-judged", Effect::Undecided, message)
}

/// What would have been open and is not.
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
    let known: BTreeMap<Name, Arc<Target>> = inventory
        .lower(&touched)
        .into_iter()
        .map(|target| (Name::clone(&target.key), Arc::new(target)))
        .collect();
    let mut new = Vec::new();
    for target in fork.lower(&touched) {
        let would_be = Arc::new(target);
        new.extend(engine::would_open(assessor, known.get(&would_be.key), &would_be)?);
    }
    Ok(new)
}
