//! Inbound NAT: one port for one configuration (AP4), a range of ports for a pool or for a scale set (AP5).

use cloud::Stated;
use model::Name;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::carried::Carried;

/// An inbound NAT rule of a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct NatRule {
    pub(crate) identity: Identity,
    /// The key of its frontend.
    pub(crate) frontend: Option<Name>,
    pub(crate) carried: Carried,
    pub(crate) to: Translated,
}

/// Whom an inbound NAT rule leads to. Complete.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Translated {
    /// The ip-configuration of this key, or whichever names the rule.
    Configuration(Option<Name>),
    /// Some member of the pool of this key for each port.
    Pool(Name),
    /// Some instance of each scale set that names it.
    Sets,
}

impl NatRule {
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, identity: Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let frontend = stated.reference("frontendIPConfiguration", intake).this();
        let (to, carried) = match stated.reference("backendAddressPool", intake).this() {
            Some(pool) => (Translated::Pool(pool), Carried::read_range(stated, intake)),
            None => {
                let configuration = stated.reference("backendIPConfiguration", intake).this();
                (Translated::Configuration(configuration), Carried::read(stated, intake))
            }
        };
        Self { identity, frontend, carried, to }
    }

    pub(super) fn read_for_sets<'a>(
        stated: &Stated<'_, 'a>,
        identity: Identity,
        intake: &mut Intake<'_, 'a>,
    ) -> Self {
        let frontend = stated.reference("frontendIPConfiguration", intake).this();
        Self { identity, frontend, carried: Carried::read_range(stated, intake), to: Translated::Sets }
    }
}
