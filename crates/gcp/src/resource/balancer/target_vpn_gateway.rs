//! Gateways of Classic VPN. What comes to their forwarding rules (IKE, ESP) ends at Google's gateway.

use cloud::Stated;

use crate::intake::Intake;

use super::super::{Identity, Origin};

/// A gateway of Classic VPN.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TargetVpnGateway {
    pub(crate) identity: Identity,
}

impl TargetVpnGateway {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "targetVpnGateways", origin, intake)?;
        Some(Self { identity })
    }
}
