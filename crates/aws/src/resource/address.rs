//! Elastic IP addresses: which private address of which interface each leads to (W14).

use core::net::IpAddr;

use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;

use super::place::address;
use super::{Identity, Origin};

/// An Elastic IP address.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Address {
    pub(crate) identity: Identity,
    /// The address; `None` when it cannot be read, which has been told, or is not said.
    pub(crate) public: Option<IpAddr>,
    /// The interface it is associated with.
    pub(crate) interface: Option<Name>,
    /// The instance it is associated with.
    pub(crate) instance: Option<Name>,
    /// The private address it leads to.
    pub(crate) private: Said<IpAddr>,
}

impl Address {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let text = match stated.is_computed("PublicIp") {
            true => None,
            false => stated.text("PublicIp", intake).this(),
        };
        // An address of EC2-Classic has no allocation.
        let id = stated.text("AllocationId", intake).this().or(text)?;
        let mut identity = Identity::read(stated, id, text, origin, intake);
        // An address has no `OwnerId` of its own; that of its interface is the account's or a service's.
        if let (None, Some(owner)) =
            (&identity.account, stated.text("NetworkInterfaceOwnerId", intake).this())
            && owner.bytes().all(|byte| byte.is_ascii_digit())
        {
            let key = format!("{owner}/{id}");
            identity.key = intake.name(&key);
            identity.account = Some(intake.name(owner));
        }
        let reference = |key: &str, intake: &mut Intake<'_, 'a>| {
            let id = stated.text(key, intake);
            if id == Said::Unreadable {
                let sentence =
                    format!("`{key}` is not known: what the Internet reaches by the address is not told");
                stated.tell("dangling-reference", Effect::Narrowed, &sentence, intake);
            }
            id.this().map(|id| intake.name(id))
        };
        Some(Self {
            identity,
            public: address(stated, "PublicIp", intake).this(),
            interface: reference("NetworkInterfaceId", intake),
            instance: reference("InstanceId", intake),
            private: address(stated, "PrivateIpAddress", intake),
        })
    }
}
