//! Which resources are parts of others, and what decides in them.
//!
//! Adding a kind: a line in [`PARTS`], or in [`DECIDING`].

use crate::wire::CONDITION;

/// How resources of a type are parts of others.
pub(super) struct Part {
    pub(super) kind: &'static str,
    /// The type of what they are part of, and the list of it that they stand in.
    pub(super) of: &'static str,
    pub(super) list: &'static str,
    pub(super) without_owner: WithoutOwner,
}

/// What becomes of parts whose owner nobody declares. Complete.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WithoutOwner {
    /// They are read by themselves.
    Alone,
    /// There is one that has other parts too, which nobody knows.
    Made,
}

pub(super) const PARTS: &[Part] = &[
    Part {
        kind: "microsoft.network/networksecuritygroups/securityrules",
        of: "Microsoft.Network/networkSecurityGroups",
        list: "securityRules",
        without_owner: WithoutOwner::Made,
    },
    Part {
        kind: "microsoft.network/routetables/routes",
        of: "Microsoft.Network/routeTables",
        list: "routes",
        without_owner: WithoutOwner::Made,
    },
    Part {
        kind: "microsoft.network/virtualnetworks/subnets",
        of: "Microsoft.Network/virtualNetworks",
        list: "subnets",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/virtualnetworks/virtualnetworkpeerings",
        of: "Microsoft.Network/virtualNetworks",
        list: "virtualNetworkPeerings",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/frontendipconfigurations",
        of: "Microsoft.Network/loadBalancers",
        list: "frontendIPConfigurations",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/backendaddresspools",
        of: "Microsoft.Network/loadBalancers",
        list: "backendAddressPools",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/loadbalancingrules",
        of: "Microsoft.Network/loadBalancers",
        list: "loadBalancingRules",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/inboundnatrules",
        of: "Microsoft.Network/loadBalancers",
        list: "inboundNatRules",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/loadbalancers/inboundnatpools",
        of: "Microsoft.Network/loadBalancers",
        list: "inboundNatPools",
        without_owner: WithoutOwner::Alone,
    },
    Part {
        kind: "microsoft.network/firewallpolicies/rulecollectiongroups",
        of: "Microsoft.Network/firewallPolicies",
        list: "ruleCollectionGroups",
        without_owner: WithoutOwner::Alone,
    },
];

/// What decides in a part: it is not known where it is not known whether the part is there. Others are taken as there.
pub(super) const DECIDING: &[(&str, &[&str])] = &[
    // Readers take it as possible, whatever it says.
    ("microsoft.network/networksecuritygroups/securityrules", &[CONDITION]),
    ("microsoft.network/routetables/routes", &["addressPrefix"]),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", &["allowVirtualNetworkAccess"]),
    ("microsoft.network/firewallpolicies/rulecollectiongroups", &["ruleCollections"]),
    ("microsoft.network/loadbalancers/inboundnatrules", &["protocol"]),
    ("microsoft.network/loadbalancers/loadbalancingrules", &["protocol"]),
    ("microsoft.sql/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbforpostgresql/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbforpostgresql/flexibleservers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbformysql/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbformysql/flexibleservers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.dbformariadb/servers/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.synapse/workspaces/firewallrules", &["startIpAddress", "endIpAddress"]),
    ("microsoft.cache/redis/firewallrules", &["startIP", "endIP"]),
    ("microsoft.sql/servers/ipv6firewallrules", &["startIPv6Address", "endIPv6Address"]),
    // Lists of a service that take the place of one that lets everybody in.
    ("microsoft.eventhub/namespaces/networkrulesets", RULE_SET),
    ("microsoft.servicebus/namespaces/networkrulesets", RULE_SET),
    ("microsoft.web/sites/config", SITE),
    ("microsoft.web/sites/slots/config", SITE),
];

const RULE_SET: &[&str] = &["defaultAction", "ipRules", "virtualNetworkRules", "publicNetworkAccess"];
const SITE: &[&str] = &[
    "publicNetworkAccess",
    "ipSecurityRestrictions",
    "ipSecurityRestrictionsDefaultAction",
    "scmIpSecurityRestrictions",
    "scmIpSecurityRestrictionsDefaultAction",
    "scmIpSecurityRestrictionsUseMain",
];
