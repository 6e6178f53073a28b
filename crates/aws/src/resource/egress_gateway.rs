//! Egress-only Internet gateways: what lets IPv6 out and lets no flow in start (W15).

use cloud::Stated;

use crate::intake::Intake;

use super::{Identity, Origin};

/// An egress-only Internet gateway. Routes name it; of itself it leads nobody in.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct EgressGateway {
    pub(crate) identity: Identity,
}

impl EgressGateway {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("EgressOnlyInternetGatewayId", intake).this()?;
        Some(Self { identity: Identity::read(stated, id, None, origin, intake) })
    }
}
