//! Internet gateways (W14): what leads from a VPC to the Internet and back, one to one.

use cloud::{Said, Stated};
use model::Name;

use crate::intake::Intake;

use super::{Identity, Origin};

/// An Internet gateway.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct InternetGateway {
    pub(crate) identity: Identity,
    /// The ids of the VPCs it is attached to: one, or none. Nothing: the document leaves that out. Unreadable: not
    /// known which.
    pub(crate) vpcs: Said<Vec<Name>>,
}

impl InternetGateway {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let id = stated.text("InternetGatewayId", intake).this()?;
        let identity = Identity::read(stated, id, None, origin, intake);
        let attachments = match stated.objects("Attachments", intake) {
            Said::Nothing => return Some(Self { identity, vpcs: Said::Nothing }),
            Said::Unreadable => return Some(Self { identity, vpcs: Said::Unreadable }),
            Said::This(attachments) => attachments,
        };
        let mut vpcs = Vec::with_capacity(attachments.len());
        for attachment in attachments {
            let state = attachment.text("State", intake).this();
            if state.is_some_and(|state| state.eq_ignore_ascii_case("detached")) {
                continue;
            }
            // `available` is what the API says of an attached one; one on its way in or out may still lead.
            match attachment.text("VpcId", intake) {
                Said::This(vpc) => vpcs.push(intake.name(vpc)),
                Said::Nothing | Said::Unreadable => {
                    return Some(Self { identity, vpcs: Said::Unreadable });
                }
            }
        }
        vpcs.sort_unstable();
        Some(Self { identity, vpcs: Said::This(vpcs) })
    }
}
