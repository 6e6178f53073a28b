//! The public addresses of what customers run on Google Cloud: anybody can rent one (I7, I11).

use std::sync::Arc;

use model::Tag;
use packet::{AddressSet, Bounds};

use crate::ranges::Catalogue;

use super::super::Lowering;

impl Lowering<'_> {
    /// These addresses, where a catalogue is in the input that has them all; else the pool that stands for them.
    pub(in crate::lower) fn customers(&self) -> (Bounds<Arc<AddressSet>>, Vec<Arc<Tag>>) {
        let known = self.estate.catalogue.as_ref().and_then(Catalogue::customers);
        if let Some(addresses) = known {
            return (Bounds::exactly(addresses), Vec::new());
        }
        let pool = Tag { name: POOL.into(), within: Vec::new() };
        // Of no one address it is known that it is none of them.
        (self.common.unknown(), vec![Arc::new(pool)])
    }
}

const POOL: &str = "Google Cloud";
