//! Peerings of VPCs, as far as they bear on groups: a reference over one that is gone matches nobody (W5).
//!
//! What comes over a peering is not the Internet (W23), so nothing else of it is read.

use cloud::{Said, Stated};

use crate::intake::Intake;

use super::{Identity, Origin};

/// A peering of two VPCs.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Peering {
    pub(crate) identity: Identity,
    /// Whether it is active, where that is said.
    pub(crate) is_active: Option<bool>,
}

impl Peering {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("VpcPeeringConnectionId", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let status = match stated.object("Status", intake) {
            Said::This(status) => status.text("Code", intake).this(),
            Said::Nothing | Said::Unreadable => None,
        };
        Some(Self { identity, is_active: status.map(|word| word.eq_ignore_ascii_case("active")) })
    }
}
