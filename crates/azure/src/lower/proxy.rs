//! What stands in for its clients: application gateways (AP8), firewalls that translate (AP9).

use crate::resource::{Interface, IpConfiguration};

use super::Lowering;
use super::way::Way;

impl Lowering<'_> {
    /// The ways that gateways and firewalls make to an address.
    pub(super) fn proxied_ways(
        &mut self,
        _interface: &Interface,
        _configuration: &IpConfiguration,
    ) -> Vec<Way> {
        Vec::new()
    }
}
