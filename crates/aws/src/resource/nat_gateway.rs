//! NAT gateways: what answers flows that were started inside and lets no other packet in (W15).

use cloud::Stated;
use model::Name;

use crate::intake::Intake;

use super::{Identity, Origin};

/// A NAT gateway. Routes name it; of itself it leads nobody in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct NatGateway {
    pub(crate) identity: Identity,
    /// The ids of its interfaces, which are no targets.
    pub(crate) interfaces: Vec<Name>,
}

impl NatGateway {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("NatGatewayId", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let mut interfaces = Vec::new();
        for address in stated.listed("NatGatewayAddresses", intake) {
            if let Some(interface) = address.text("NetworkInterfaceId", intake).this() {
                interfaces.push(intake.name(interface));
            }
        }
        interfaces.sort_unstable();
        interfaces.dedup();
        Some(Self { identity, interfaces })
    }
}
