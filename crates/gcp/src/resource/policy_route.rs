//! Policy-based routes: which packets of a network's instances leave by a load balancer, before all other routes are asked.
//!
//! Knows no instance, and not what stands behind the load balancer.

use cloud::{Said, Stated};
use model::{Effect, Name};
use packet::Prefix;

use crate::intake::Intake;

use super::names::names;
use super::subnetwork::range;
use super::{Identity, Link, Origin};

/// A policy-based route.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct PolicyRoute {
    pub(crate) identity: Identity,
    pub(crate) network: Option<Link>,
    /// For which destinations; `None`: for all, or for some that are not known.
    pub(crate) towards: Option<Prefix>,
    /// The tags of the instances it is for. Nothing: it is for all.
    pub(crate) tags: Said<Vec<Name>>,
    /// Whether it leads an instance's packets anywhere but where other routes do.
    pub(crate) diverts: bool,
}

impl PolicyRoute {
    pub(crate) fn read<'a>(
        stated: &Stated<'_, 'a>,
        origin: &Origin,
        intake: &mut Intake<'_, 'a>,
    ) -> Option<Self> {
        let identity = Identity::read(stated, "policyBasedRoutes", origin, intake)?;
        let network = stated.text("network", intake);
        if network.is_nothing() {
            let sentence = "`network` is not told: which replies take the route is not known";
            stated.tell("untold-route", Effect::Undecided, sentence, intake);
        }
        let network = network.this().map(Link::of);
        let towards = match stated.object("filter", intake) {
            Said::This(filter) => range(&filter, "destRange", intake),
            Said::Nothing | Said::Unreadable => None,
        };
        let tags = match stated.object("virtualMachine", intake) {
            Said::This(machines) => names(&machines, "tags", intake),
            Said::Nothing => Said::Nothing,
            Said::Unreadable => Said::Unreadable,
        };
        let is_of_attachments = matches!(stated.object("interconnectAttachment", intake), Said::This(_));
        let is_default = matches!(stated.text("nextHopOtherRoutes", intake), Said::This("DEFAULT_ROUTING"));
        Some(Self { identity, network, towards, tags, diverts: !is_of_attachments && !is_default })
    }
}
