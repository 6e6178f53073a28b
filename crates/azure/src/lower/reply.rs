//! Routes of the reply: where a table sends it elsewhere, a TCP connection need not come about (AP13).

use model::Filter;

use crate::resource::IpConfiguration;

use super::Lowering;
use super::way::Way;

impl Lowering<'_> {
    /// The filter of an address with a possible denial of what is not answered on the way it came.
    pub(super) fn replied(&mut self, _configuration: &IpConfiguration, filter: Filter, _way: &Way) -> Filter {
        filter
    }
}
