//! How much of each kind was assessed, and what the input has nothing of: kinds that would change the answer, each with
//! the command that exports it and what the answer presumes without it.

use std::collections::BTreeMap;

use model::Coverage;

use super::Lowering;

impl Lowering<'_> {
    /// Assessed and not assessed, by kind.
    pub(super) fn coverage(&self) -> BTreeMap<&'static str, Coverage> {
        let counted = self.estate.resources.counts().into_iter().filter(|(_, count)| *count > 0);
        let mut coverage: BTreeMap<&'static str, Coverage> = counted
            .map(|(kind, count)| (kind, Coverage { assessed: count as u64, not_assessed: 0 }))
            .collect();
        for (kind, count) in &self.estate.not_assessed {
            coverage.entry(kind).or_default().not_assessed += count;
        }
        coverage
    }

    /// Whether the input has a kind, be it an empty list of it.
    pub(super) fn has_kind(&self, kind: &str) -> bool {
        self.estate.has_kind(kind)
    }

    /// What the input has nothing of, each with the command that would export it, and only where the answer would be
    /// another with it.
    pub(super) fn missing(&self) -> Vec<String> {
        let mut told = self.missing_of_network();
        told.extend(self.missing_of_rules());
        told.extend(self.missing_of_policies());
        told.extend(self.missing_of_services());
        told.extend(self.missing_of_balancers());
        told.extend(self.missing_of_services_switched_off());
        told
    }
}
