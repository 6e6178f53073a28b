//! Resources that are edited under their own id and stand in a list of another one.
//!
//! Adding a kind: a line in [`PARTS`].

use cloud::audit::Spot;

use crate::resource::{name_of, parent_of};

/// How the resources of a type are parts of others.
pub(super) struct Part {
    kind: &'static str,
    /// The type of what they are part of.
    pub(super) of: &'static str,
    /// The list of it that they stand in.
    pub(super) list: &'static str,
    /// Whether they say nothing without it: then there is one, and nobody knows what else it holds.
    pub(super) makes_owner: bool,
}

const fn part(kind: &'static str, of: &'static str, list: &'static str, makes_owner: bool) -> Part {
    Part { kind, of, list, makes_owner }
}

const PARTS: &[Part] = &[
    part(
        "microsoft.network/networksecuritygroups/securityrules",
        "microsoft.network/networksecuritygroups",
        "securityRules",
        true,
    ),
    part("microsoft.network/routetables/routes", "microsoft.network/routetables", "routes", true),
    part("microsoft.network/virtualnetworks/subnets", "microsoft.network/virtualnetworks", "subnets", false),
    part(
        "microsoft.network/virtualnetworks/virtualnetworkpeerings",
        "microsoft.network/virtualnetworks",
        "virtualNetworkPeerings",
        false,
    ),
    part(
        "microsoft.network/loadbalancers/backendaddresspools",
        "microsoft.network/loadbalancers",
        "backendAddressPools",
        false,
    ),
    part(
        "microsoft.network/loadbalancers/inboundnatrules",
        "microsoft.network/loadbalancers",
        "inboundNatRules",
        false,
    ),
    part(
        "microsoft.network/loadbalancers/loadbalancingrules",
        "microsoft.network/loadbalancers",
        "loadBalancingRules",
        false,
    ),
    part(
        "microsoft.network/loadbalancers/frontendipconfigurations",
        "microsoft.network/loadbalancers",
        "frontendIPConfigurations",
        false,
    ),
    part(
        "microsoft.network/loadbalancers/inboundnatpools",
        "microsoft.network/loadbalancers",
        "inboundNatPools",
        false,
    ),
];

impl Part {
    /// How a type is part of another; `None` where its resources stand alone.
    pub(super) fn of_kind(kind: &str) -> Option<&'static Self> {
        PARTS.iter().find(|part| part.kind == kind)
    }

    /// The parts of a type.
    pub(super) fn of_owner(kind: &str) -> impl Iterator<Item = &'static Self> {
        PARTS.iter().filter(move |part| part.of == kind)
    }

    pub(super) const fn kind(&self) -> &'static str {
        self.kind
    }

    /// Where the one of an id stands in its owner, and the id of that.
    pub(super) fn spot<'i>(&self, id: &'i str) -> Option<(&'i str, Spot)> {
        let owner = parent_of(id)?;
        Some((owner, Spot::of(&[self.list]).item("name", name_of(id))))
    }
}
