//! Where Checkov, Regula and we differ, and why: one line for each example.
//!
//! Each was read by hand. The reasons are in the ledger's table.

/// Why the two differ about a row, `folder / resource`.
pub(crate) fn reason(name: &str) -> Option<&'static str> {
    let (folder, resource) = name.split_once(" / ")?;
    let mut known = DIFFERENCES.iter().filter(|(known, _, _)| *known == folder);
    known.find(|(_, resources, _)| resources.contains(&resource)).map(|(_, _, reason)| *reason)
}

const DIFFERENCES: &[(&str, &[&str], &str)] = &[
    ("AKSApiServerAuthorizedIpRanges", &["aks-authIPRanges-preview-FAILED-3.json"], "invalid"),
    (
        "AppServicePublicAccessDisabled",
        &[
            "Microsoft.Web/sites/config.configFail",
            "Microsoft.Web/sites/config.configPass",
            "Microsoft.Web/sites/slots.slotFail",
        ],
        "invalid",
    ),
    (
        "AzureSynapseWorkspacesHaveNoIPFirewallRulesAttached",
        &["Microsoft.Synapse/workspaces.fail"],
        "nobody-authorized",
    ),
    (
        "CloudSQLServerNoPublicIP",
        &["google_sql_database_instance.fail", "google_sql_database_instance.fail_not_list"],
        "nobody-authorized",
    ),
    ("CosmosDBDisablesPublicNetwork", &["Microsoft.DocumentDB/databaseAccounts.fail3"], "undecided"),
    ("EC2PublicIP", &["EC2PublicIP-PASSED.yaml", "aws_instance.default"], "default-network"),
    (
        "EC2PublicIP",
        &["aws_instance.public_foreach_loop_list[\"k\"]", "aws_instance.public_foreach_loop_list[\"v\"]"],
        "invalid",
    ),
    ("EKSPublicAccess", &["aws_eks_cluster.disabled", "aws_eks_cluster.enabled"], "invalid"),
    ("EKSPublicAccessCIDR", &["aws_eks_cluster.disabled"], "invalid"),
    (
        "GCPComputeFirewallOverlyPermissiveToAllTraffic",
        &[
            "google_compute_firewall.compute-firewall-not-ok-2",
            "google_compute_firewall.compute-firewall-not-ok-4",
        ],
        "bare-zero",
    ),
    ("GoogleComputeFirewallUnrestrictedIngress80", &["google_compute_firewall.allow_null"], "no-source"),
    (
        "KeyVaultDisablesPublicNetworkAccess",
        &[
            "Microsoft.KeyVault/vaults.pass3",
            "Microsoft.KeyVault/vaults.pass4",
            "azurerm_key_vault.pass3",
            "azurerm_key_vault.pass4",
            "azurerm_key_vault.pass5",
        ],
        "list-beside-everyone",
    ),
    ("KeyVaultDisablesPublicNetworkAccess", &["azurerm_key_vault.fail5"], "undecided"),
    ("MariaDBPublicAccessDisabled", &["Microsoft.DBforMariaDB/servers.fail"], "nobody-authorized"),
    ("NSGRuleHTTPAccessRestricted", PARAMETERS, "undecided"),
    (
        "NSGRuleHTTPAccessRestricted",
        &[
            "azurerm_network_security_group.ranges",
            "azurerm_network_security_rule.all",
            "azurerm_network_security_rule.http",
            "azurerm_network_security_rule.range",
            "azurerm_network_security_rule.ranges_prefixes",
        ],
        "incomplete",
    ),
    ("NSGRuleRDPAccessRestricted", PARAMETERS, "undecided"),
    ("NSGRuleRDPAccessRestricted", &["azurerm_network_security_group.snet_nsgs"], "undecided"),
    (
        "NSGRuleRDPAccessRestricted",
        &[
            "azurerm_network_security_group.ranges",
            "azurerm_network_security_rule.all",
            "azurerm_network_security_rule.range",
            "azurerm_network_security_rule.range_prefix_lower_case",
            "azurerm_network_security_rule.ranges_prefixes",
            "azurerm_network_security_rule.ranges_prefixes_lower_case",
            "azurerm_network_security_rule.rdp",
        ],
        "incomplete",
    ),
    ("NSGRuleSSHAccessRestricted", PARAMETERS, "undecided"),
    (
        "NSGRuleSSHAccessRestricted",
        &[
            "azurerm_network_security_group.ranges",
            "azurerm_network_security_rule.all",
            "azurerm_network_security_rule.range",
            "azurerm_network_security_rule.ranges_prefixes",
            "azurerm_network_security_rule.ssh",
        ],
        "incomplete",
    ),
    (
        "NSGRuleUDPAccessRestricted",
        &[
            "azurerm_network_security_group.fail3",
            "azurerm_network_security_group.fail4",
            "azurerm_network_security_rule.fail3",
            "azurerm_network_security_rule.fail4",
        ],
        "invalid",
    ),
    ("NetworkACLUnrestricted", &["aws_network_acl_rule.pass"], "all-protocols"),
    ("NetworkACLUnrestrictedIngress20", &["aws_network_acl.network_acl"], "undecided"),
    ("NetworkACLUnrestrictedIngress22", &["aws_network_acl_rule.pass3"], "invalid"),
    (
        "PostgreSQLServerPublicAccessDisable",
        &["Microsoft.DBforPostgreSQL/servers.fail1", "Microsoft.DBforPostgreSQL/servers.fail2"],
        "nobody-authorized",
    ),
    ("RDSPubliclyAccessible", &["RDSPubliclyAccessible-PASSED.yaml"], "default-network"),
    ("RedshiftClusterPubliclyAccessible", &["AWS::Redshift::Cluster.RedshiftClusterDefault"], "default"),
    ("SQLServerHasPublicAccessDisabled", &["Microsoft.Sql/servers.fail"], "nobody-authorized"),
    ("SecurityGroupUnrestrictedIngress22", &["SecurityGroupRangeInvalid-PASSED.yaml"], "invalid"),
    ("SecurityGroupUnrestrictedIngress22", &["aws_security_group.fail2"], "port-zero-alone"),
    (
        "SecurityGroupUnrestrictedIngress22",
        &["aws_security_group.not_self", "aws_vpc_security_group_ingress_rule.fail2"],
        "nobody-named",
    ),
    ("SecurityGroupUnrestrictedIngress22", &["aws_security_group.pass_self2"], "self-beside-everyone"),
    ("SecurityGroupUnrestrictedIngress80", &["aws_security_group.fail2"], "port-zero-alone"),
    ("SecurityGroupUnrestrictedIngress80", &["aws_vpc_security_group_ingress_rule.fail2"], "nobody-named"),
    (
        "SecurityGroupUnrestrictedIngressAny",
        &[
            "aws_security_group.fail",
            "aws_security_group_rule.fail",
            "aws_vpc_security_group_ingress_rule.fail",
        ],
        "invalid",
    ),
    ("StorageAccountDisablePublicAccess", &["Microsoft.Storage/storageAccounts.default"], "default"),
    (
        "TestMySQLPublicAccessDisabled",
        &["Microsoft.DBforMySQL/flexibleServers.fail2", "Microsoft.DBforMySQL/servers.fail"],
        "nobody-authorized",
    ),
    ("ingress_22_infra.yaml", &["ValidSecurityGroup02", "ValidSecurityGroup03"], "all-protocols"),
    ("ingress_22_infra.yaml", &["ValidSecurityGroup04Ingress01"], "one-rule"),
    ("ingress_3389_infra.yaml", &["ValidSecurityGroup02"], "all-protocols"),
    ("nacl_ingress_22_infra.yaml", &["InvalidVpc02Nacl"], "icmp-ports"),
    ("nacl_ingress_22_infra.yaml", &["ValidVpc01Nacl"], "incomplete"),
    ("nacl_ingress_3389_infra.yaml", &["InvalidVpc02Nacl"], "icmp-ports"),
    ("nacl_ingress_3389_infra.yaml", &["ValidVpc01Nacl"], "incomplete"),
];

/// Templates whose rules have parameters without values as destinations.
const PARAMETERS: &[&str] =
    &["NSGRulePortAccessRestricted-RULE-1Pass-1Fail.json", "NSGRulePortAccessRestricted-RULE-PASSED.json"];
