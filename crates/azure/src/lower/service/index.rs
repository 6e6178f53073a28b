//! What services keep beside them, by service.

use std::collections::BTreeMap;
use std::sync::Arc;

use model::Name;

use crate::estate::Estate;
use crate::resource::PartContent;

use super::super::index::Index;

impl Index {
    /// The keys of parts are in order: those of the estate are.
    pub(in crate::lower) fn add_service_parts(&mut self, estate: &Estate) {
        let mut in_groups: Option<InGroups<'_>> = None;
        for (key, part) in &estate.devices.service_parts {
            let says_something = part.content != PartContent::Unrelated;
            let Some(owner) = part.owner.as_ref().filter(|_| says_something) else { continue };
            let owner = if owner.key.starts_with(GROUPS) {
                let known = in_groups.get_or_insert_with(|| by_group(estate)).get(&*owner.key);
                known.copied().flatten().unwrap_or(&owner.key)
            } else {
                &owner.key
            };
            self.parts_of_service.entry(Arc::clone(owner)).or_default().push(Arc::clone(key));
        }
    }
}

/// The key of each service by what follows the subscription in it; `None` where two subscriptions have the same.
type InGroups<'e> = BTreeMap<&'e str, Option<&'e Name>>;

/// What PowerShell says of the rules of SQL servers names no subscription.
fn by_group(estate: &Estate) -> InGroups<'_> {
    let mut found = InGroups::new();
    for key in estate.devices.services.keys() {
        if let Some(start) = key.find(GROUPS) {
            let within = key.get(start..).unwrap_or_default();
            found.entry(within).and_modify(|known| *known = None).or_insert(Some(key));
        }
    }
    found
}

const GROUPS: &str = "/resourcegroups/";
