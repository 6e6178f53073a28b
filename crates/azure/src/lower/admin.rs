//! Security admin rules of network managers, judged before the groups (AA0-AA6).

use model::Filter;

use crate::resource::{IpConfiguration, Sku};

use super::Lowering;

impl Lowering<'_> {
    /// The filter of an address with the admin rules of its network in front.
    pub(super) fn under_admin_rules(
        &mut self,
        _configuration: &IpConfiguration,
        filter: Filter,
        _without_group: Sku,
    ) -> Filter {
        filter
    }
}
