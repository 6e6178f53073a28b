//! Names of PowerShell, as tables: a module that names things otherwise is a line more.
//!
//! From the models that the modules publish. Letter case is no difference and not here.

/// Names that differ by more than letter case.
pub(super) const NAMES: [(&str, &str); 13] = [
    ("ResourceGroupName", "resourceGroup"),
    ("ResourceType", "type"),
    ("NetworkRuleSet", "networkAcls"),
    ("IPAddressOrRange", "value"),
    ("IpAddressRanges", "ipRules"),
    ("VirtualNetworkResourceId", "id"),
    ("Tag", "tags"),
    ("FirewallRuleId", "id"),
    ("NetworkDelegatedSubnetResourceId", "delegatedSubnetResourceId"),
    ("NetworkPublicNetworkAccess", "publicNetworkAccess"),
    // Lists under singular names: groups of a firewall policy, rule sets of namespaces.
    ("RuleCollection", "ruleCollections"),
    ("IPRule", "ipRules"),
    ("VirtualNetworkRule", "virtualNetworkRules"),
];

/// Keys that name a resource where it has no `Name`: the first that is there.
pub(super) const NAMED_BY: [&str; 7] = [
    "FirewallRuleName",
    "Ipv6FirewallRuleName",
    "VaultName",
    "StorageAccountName",
    "AccountName",
    "ManagedInstanceName",
    "ServerName",
];

/// What names a rule of an SQL server, and the list of the server that holds it.
pub(super) const SQL_RULES: [(&str, &str); 2] =
    [("FirewallRuleName", "firewallRules"), ("Ipv6FirewallRuleName", "ipv6FirewallRules")];

/// Objects of REST that newer modules open: the keys of their parts, and the keys that the parts have in the object.
pub(super) type Opened = (&'static [(&'static str, &'static str)], &'static str);

pub(super) const OPENED: [Opened; 2] = [
    (&[("NetworkRuleSetDefaultAction", "defaultAction"), ("NetworkRuleSetIPRule", "ipRules")], "networkAcls"),
    (&[("SkuName", "name"), ("SkuTier", "tier")], "sku"),
];

/// Lists of objects: one alone is a list of one.
pub(super) const LISTS: [&str; 33] = [
    "SecurityRules",
    "DefaultSecurityRules",
    "EffectiveSecurityRules",
    "NetworkInterfaces",
    "Subnets",
    "IpConfigurations",
    "VirtualNetworkPeerings",
    "Routes",
    "ApplicationSecurityGroups",
    "SourceApplicationSecurityGroups",
    "DestinationApplicationSecurityGroups",
    "LoadBalancerBackendAddressPools",
    "LoadBalancerInboundNatRules",
    "ApplicationGatewayBackendAddressPools",
    "FrontendIpConfigurations",
    "BackendAddressPools",
    "BackendIpConfigurations",
    "LoadBalancingRules",
    "InboundNatRules",
    "InboundNatPools",
    "OutboundRules",
    "NatRuleCollections",
    "NetworkRuleCollections",
    "HttpListeners",
    "RequestRoutingRules",
    "IpRules",
    "NetworkRuleSetIPRule",
    "VirtualNetworkRules",
    "IpAddressRanges",
    "IPRule",
    "VirtualNetworkRule",
    "RuleCollection",
    "Rules",
];

/// Lists of words that have no blank in them.
pub(super) const WORDS: [&str; 14] = [
    "SourcePortRange",
    "DestinationPortRange",
    "SourceAddressPrefix",
    "DestinationAddressPrefix",
    "AddressPrefix",
    "AddressPrefixes",
    "SourceAddresses",
    "DestinationAddresses",
    "DestinationPorts",
    "SourceIpGroups",
    "IpAddresses",
    "Protocols",
    "AuthorizedIPRanges",
    "VpnClientProtocols",
];
