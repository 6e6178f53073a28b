//! Sides of firewall rules resolved: their own addresses and those of the IP groups they name.

use std::sync::Arc;

use cloud::ReadAt;
use packet::{AddressSet, Bounds};

use crate::resource::{FirewallSide, Identity};

use super::super::Lowering;

impl Lowering<'_> {
    /// The addresses of a side. A group that is not in the input may hold any.
    pub(super) fn firewall_addresses(
        &mut self,
        side: &FirewallSide,
        (owner, read_at): (&Identity, ReadAt),
    ) -> Bounds<Arc<AddressSet>> {
        let mut addresses = side.addresses.clone();
        for key in &side.groups {
            let estate = self.estate;
            let stands_for = match estate.devices.ip_groups.get(key) {
                Some(group) => group.addresses.clone(),
                None => {
                    // The whole kind is absent: told in the coverage, no gap.
                    if !estate.devices.ip_groups.is_empty() {
                        self.tell_dangling(owner, read_at, "the IP group", key);
                    }
                    self.memo.common.unknown()
                }
            };
            addresses = Bounds {
                must: self.memo.union(&addresses.must, &stands_for.must),
                may: self.memo.union(&addresses.may, &stands_for.may),
            };
        }
        addresses
    }
}
