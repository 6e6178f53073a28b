//! Load balancers: rules, inbound translations, pools.

use crate::resource::{Interface, IpConfiguration};

use super::Lowering;
use super::way::Way;

impl Lowering<'_> {
    /// The ways that load balancers make to an address.
    pub(super) fn balanced_ways(
        &mut self,
        _interface: &Interface,
        _configuration: &IpConfiguration,
    ) -> Vec<Way> {
        Vec::new()
    }
}
