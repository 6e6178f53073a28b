//! Exposures that are kept and brought up to date, target by target.
//!
//! A change touches targets; only those are decided again. Knows no clock and no change: its caller says what was
//! touched.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::{Name, Snapshot, Target};
use packet::AddressSet;

use crate::assessor::{Assessor, Contradiction};
use crate::exposure::Exposure;

/// The exposures of every target, by the target's key.
pub struct Assessment {
    assessor: Assessor,
    by_target: BTreeMap<Name, Vec<(Exposure, AddressSet)>>,
}

impl Assessment {
    /// Decides every target of a snapshot.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold.
    pub fn new(snapshot: &Snapshot) -> Result<Self, Contradiction> {
        let mut assessment = Self { assessor: Assessor::new(snapshot), by_target: BTreeMap::new() };
        snapshot.targets.iter().try_for_each(|target| assessment.put(target))?;
        Ok(assessment)
    }

    /// Decides one target again, or for the first time.
    ///
    /// # Errors
    /// A [`Contradiction`] when a witness does not hold; the target's exposures stay as they were.
    pub fn put(&mut self, target: &Arc<Target>) -> Result<(), Contradiction> {
        let mut found = Vec::new();
        self.assessor.assess(target, &mut |exposure, addresses| found.push((exposure, addresses.clone())))?;
        self.by_target.insert(Arc::clone(&target.key), found);
        Ok(())
    }

    /// Forgets a target that is gone.
    pub fn remove(&mut self, key: &str) {
        self.by_target.remove(key);
    }

    /// The exposures of one target with their exact sources; none where the target is not known.
    #[must_use]
    pub fn of(&self, key: &str) -> &[(Exposure, AddressSet)] {
        self.by_target.get(key).map_or(&[], Vec::as_slice)
    }

    /// All exposures with their exact sources, in the order of target keys.
    pub fn iter(&self) -> impl Iterator<Item = &(Exposure, AddressSet)> {
        self.by_target.values().flatten()
    }
}
