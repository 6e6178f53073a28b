//! What services keep beside them, by service.

use std::sync::Arc;

use crate::estate::Estate;
use crate::resource::PartContent;

use super::super::index::Index;

impl Index {
    /// The keys of parts are in order: those of the estate are.
    pub(in crate::lower) fn add_service_parts(&mut self, estate: &Estate) {
        for (key, part) in &estate.devices.service_parts {
            let says_something = part.content != PartContent::Unrelated;
            if let Some(owner) = part.owner.as_ref().filter(|_| says_something) {
                self.parts_of_service.entry(Arc::clone(&owner.key)).or_default().push(Arc::clone(key));
            }
        }
    }
}
