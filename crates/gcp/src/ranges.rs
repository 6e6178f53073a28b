//! The addresses of Google Cloud at one date: `cloud.json`, by scope, and `goog.json` beside it.
//!
//! Knows who can rent an address. Knows no rule.

use std::collections::BTreeMap;
use std::sync::Arc;

use packet::{AddressSet, Prefix};

/// The addresses of Google Cloud.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    /// When it was made, as it says.
    pub(crate) created: String,
    // What customers rent, by scope: a region, or `global`.
    customers: BTreeMap<String, Vec<Prefix>>,
    // Entries that say no service: those of Google itself.
    has_own: bool,
    is_spoiled: bool,
}

impl Catalogue {
    /// Takes in a prefix that customers rent in a scope.
    pub(crate) fn add(&mut self, scope: &str, prefix: Prefix) {
        self.customers.entry(scope.to_owned()).or_default().push(prefix);
    }

    /// Takes in that there is a prefix of Google itself, which nobody rents.
    pub(crate) const fn add_own(&mut self) {
        self.has_own = true;
    }

    /// An entry cannot be read: the addresses of customers are not known.
    pub(crate) const fn spoil(&mut self) {
        self.is_spoiled = true;
    }

    /// Whether it is of customers: `goog.json` says nothing of them.
    pub(crate) fn is_of_customers(&self) -> bool {
        !self.customers.is_empty() || self.is_spoiled
    }

    /// Whether it is a catalogue at all.
    pub(crate) fn is_some(&self) -> bool {
        self.is_of_customers() || self.has_own
    }

    /// The addresses that customers rent; `None` where an entry cannot be read.
    pub(crate) fn customers(&self) -> Option<Arc<AddressSet>> {
        let addresses: AddressSet = self.customers.values().flatten().copied().collect();
        (!self.is_spoiled && !addresses.is_empty()).then(|| Arc::new(addresses))
    }

    /// The addresses that customers rent (I7), one set for each scope.
    pub(crate) fn rentable(&self) -> Vec<Arc<AddressSet>> {
        self.customers.values().map(|prefixes| Arc::new(prefixes.iter().copied().collect())).collect()
    }
}

#[cfg(test)]
mod tests {
    use packet::Family;

    use super::*;

    #[test]
    fn scopes_are_pools_and_what_cannot_be_read_spoils_the_whole_only() {
        let mut catalogue = Catalogue::default();
        assert!(!catalogue.is_some());
        catalogue.add_own();
        assert!(catalogue.is_some() && !catalogue.is_of_customers() && catalogue.customers().is_none());
        for (scope, prefix) in
            [("europe-west1", "34.0.0.0/16"), ("us-east1", "35.0.0.0/16"), ("us-east1", "2600:1900::/28")]
        {
            catalogue.add(scope, prefix.parse().unwrap());
        }
        let count = |set: &AddressSet| set.count(Family::V4).to_string();
        assert_eq!(catalogue.customers().map(|set| count(&set)).as_deref(), Some("131072"));
        catalogue.spoil();
        assert_eq!(catalogue.customers(), None);
        let sets = catalogue.rentable();
        assert_eq!(sets.iter().map(|set| count(set)).collect::<Vec<_>>(), ["65536", "65536"]);
    }
}
