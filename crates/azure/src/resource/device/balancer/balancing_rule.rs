//! Load-balancing rules: from a frontend and port to a pool and port (AP3, AP6).

use cloud::{Said, Stated};
use model::{Effect, Name};

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::carried::Carried;

/// A rule of a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct BalancingRule {
    pub(crate) identity: Identity,
    /// The key of its frontend.
    pub(crate) frontend: Option<Name>,
    /// The keys of its pools.
    pub(crate) pools: Vec<Name>,
    /// Whether those are all of them.
    pub(crate) tells_pools: bool,
    pub(crate) carried: Carried,
}

impl BalancingRule {
    pub(super) fn read<'a>(stated: &Stated<'_, 'a>, identity: Identity, intake: &mut Intake<'_, 'a>) -> Self {
        let one = stated.reference("backendAddressPool", intake);
        let many = stated.references("backendAddressPools", intake);
        let is_there = stated.has("backendAddressPool") || stated.has("backendAddressPools");
        let tells_pools = is_there && one != Said::Unreadable && many != Said::Unreadable;
        if !is_there {
            let sentence = "`backendAddressPool` is missing: it may be any pool of the load balancer";
            stated.tell("missing-field", Effect::Undecided, sentence, intake);
        }
        let many = many.this().unwrap_or_default();
        let mut pools: Vec<Name> = one.this().into_iter().chain(many).collect();
        pools.sort_unstable();
        pools.dedup();
        Self {
            identity,
            frontend: stated.reference("frontendIPConfiguration", intake).this(),
            pools,
            tells_pools,
            carried: Carried::read(stated, intake),
        }
    }
}
