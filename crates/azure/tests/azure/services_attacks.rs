//! Attacks on the answers about services: projections that read like a limit, documents that disagree, and the spellings
//! of PowerShell (P1 to P10).

use crate::estate::{Answer, scan};
use crate::services::{part, service};

const SCOPE: &str = "/subscriptions/s1/resourceGroups/rg/providers";
const STORAGE: &str = "Microsoft.Storage/storageAccounts";
const VAULT: &str = "Microsoft.KeyVault/vaults";
const REGISTRY: &str = "Microsoft.ContainerRegistry/registries";
const EVENT_HUBS: &str = "Microsoft.EventHub/namespaces";
const SITES: &str = "Microsoft.Web/sites";

/// Nobody may read "closed", and it is said why.
fn is_doubted(answer: &Answer, what: &str) {
    let exposures = answer.exposures();
    assert!(exposures.iter().any(|line| line.contains("any")), "{what}: {exposures:?}");
    assert!(exposures.iter().all(|line| line.contains("possible")), "{what}: {exposures:?}");
    let told = !answer.codes().is_empty() || answer.snapshot.missing.iter().any(|it| it.contains("`a`"));
    assert!(told, "{what}: {:?}", answer.snapshot.missing);
}

#[test]
fn what_a_projection_leaves_out_closes_and_opens_nothing() {
    for (kind, rest) in [
        // The list without its rules: it may let in anybody.
        (STORAGE, r#""publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Deny"}"#),
        (
            STORAGE,
            r#""publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Deny", "ipRules": null}"#,
        ),
        (VAULT, r#""publicNetworkAccess": "Enabled", "networkAcls": {"ipRules": []}"#),
        // A path that led nowhere.
        (STORAGE, r#""publicNetworkAccess": "Enabled", "networkAcls": null"#),
        (VAULT, r#""publicNetworkAccess": "Enabled", "networkAcls": null"#),
        // Keys that people project for other questions.
        (STORAGE, r#""publicNetworkAccess": "Enabled", "encryption": {"keySource": "Microsoft.Storage"}"#),
        (STORAGE, r#""creationTime": "2026-01-01T00:00:00Z", "primaryLocation": "westeurope""#),
        // Every row of Resource Graph has it.
        (VAULT, r#""publicNetworkAccess": "Enabled", "tenantId": "t""#),
        (
            "Microsoft.ContainerService/managedClusters",
            r#""apiServerAccessProfile": {"enablePrivateCluster": false}"#,
        ),
        ("Microsoft.ContainerService/managedClusters", r#""apiServerAccessProfile": null, "power": 1"#),
        ("Microsoft.DocumentDB/databaseAccounts", r#""publicNetworkAccess": "Enabled", "ipRules": []"#),
        ("Microsoft.DocumentDB/databaseAccounts", r#""publicNetworkAccess": "Enabled""#),
        (
            REGISTRY,
            r#""publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Deny", "ipRules": []}"#,
        ),
    ] {
        is_doubted(&scan(&[service(kind, "a", rest)]), rest);
    }
}

#[test]
fn a_projection_with_all_that_decides_is_an_answer() {
    let rest = r#""publicNetworkAccess": "Enabled", "enableHttpsTrafficOnly": true, "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"ipAddressOrRange": "8.8.8.8"}]}"#;
    let answer = scan(&[service(STORAGE, "a", rest)]);
    answer.check(&["a exposed tcp/443 narrow 1 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
    assert!(answer.snapshot.missing.is_empty(), "{:?}", answer.snapshot.missing);
    let closed = scan(&[service(SITES, "a", r#""publicNetworkAccess": "Disabled""#)]);
    closed.check(&[]);
    assert_eq!(closed.codes(), [""; 0]);
}

#[test]
fn the_command_that_shows_it_is_told() {
    for (kind, rest, expected) in [
        (
            VAULT,
            r#""location": "x", "tags": {}"#,
            "key vaults are in the input as names alone (`a`): whom these let in is not known; add `az keyvault show`",
        ),
        (
            VAULT,
            r#""publicNetworkAccess": "Enabled""#,
            "key vaults are in the input as projections (`a`): whom these let in is not known; add `az keyvault show`",
        ),
        (STORAGE, r#""publicNetworkAccess": "Enabled""#, "add `az storage account list`"),
        (REGISTRY, r#""publicNetworkAccess": "Enabled""#, "add `az acr list`"),
    ] {
        let told = scan(&[service(kind, "a", rest)]).snapshot.missing.join("\n");
        assert!(told.contains(expected), "{rest}: {told}");
    }
}

fn rule_set(id: &str, rest: &str) -> String {
    part(EVENT_HUBS, "a", &format!("{id}/default"), rest)
}

fn namespace() -> String {
    service(
        EVENT_HUBS,
        "a",
        r#""serviceBusEndpoint": "https://a/", "sku": {"tier": "Standard"}, "publicNetworkAccess": "Enabled""#,
    )
}

#[test]
fn rule_sets_that_disagree_are_both_possible() {
    let deny = r#""defaultAction": "Deny", "ipRules": [{"ipMask": "8.8.8.8", "action": "Allow"}], "virtualNetworkRules": []"#;
    let allow = r#""defaultAction": "Allow", "ipRules": [], "virtualNetworkRules": []"#;
    for [one, other] in [[deny, allow], [allow, deny]] {
        let documents = [namespace(), rule_set("networkRuleSets", one), rule_set("networkRuleSet", other)];
        let answer = scan(&documents);
        is_doubted(&answer, one);
        assert_eq!(answer.codes(), ["contradicting-lists"]);
    }
    let same = [namespace(), rule_set("networkRuleSets", deny), rule_set("networkRuleSet", deny)];
    scan(&same).check(&["a exposed tcp/443,5671-5672,9093 narrow 1 / -"]);
}

#[test]
fn a_projected_rule_set_is_neither_open_nor_closed() {
    for rest in [r#""defaultAction": "Deny""#, r#""defaultAction": "Deny", "ipRules": []"#] {
        is_doubted(&scan(&[namespace(), rule_set("networkRuleSets", rest)]), rest);
    }
}

#[test]
fn an_app_and_its_copy_that_disagree_of_access_close_nothing() {
    let rest = |own: &str, copy: &str| {
        format!(
            r#""defaultHostName": "a.example", "publicNetworkAccess": {own}, "siteConfig": {{"publicNetworkAccess": {copy}, "ipSecurityRestrictions": [], "scmIpSecurityRestrictionsUseMain": true}}"#
        )
    };
    let answer = scan(&[service(SITES, "a", &rest("\"Enabled\"", "\"Disabled\""))]);
    is_doubted(&answer, "enabled, disabled");
    assert_eq!(answer.codes(), ["contradicting-access"]);
    for [own, copy] in [["null", "\"Disabled\""], ["\"Disabled\"", "null"], ["\"Disabled\"", "\"Enabled\""]] {
        let answer = scan(&[service(SITES, "a", &rest(own, copy))]);
        answer.check(&[]);
        assert_eq!(answer.codes(), [""; 0], "{own} {copy}");
    }
}

#[test]
fn powershell_says_the_same_of_apps() {
    let text = format!(
        r#"[{{"Id": "{SCOPE}/{SITES}/a", "Name": "a", "Type": "{SITES}", "ResourceGroup": "rg", "ResourceGroupName": "rg", "DefaultHostName": "a.example", "PublicNetworkAccess": "Enabled", "SiteConfig": {{"IpSecurityRestrictions": [{{"IpAddress": "8.8.8.8/32", "Action": "Allow", "Tag": "Default", "Priority": 100, "Name": "office", "Headers": null}}, {{"IpAddress": "Any", "Action": "Deny", "Tag": null, "Priority": 2147483647, "Name": "Deny all"}}], "ScmIpSecurityRestrictionsUseMain": true}}}}]"#
    );
    let answer = scan(&[text]);
    answer.check(&["a exposed tcp/80,443 narrow 1 / -", "a.scm exposed tcp/80,443 narrow 1 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
}

fn powershell_server(subscription: &str) -> String {
    format!(
        r#"[{{"ResourceGroupName": "rg", "ServerName": "a", "FullyQualifiedDomainName": "a.example", "ResourceId": "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.Sql/servers/a", "PublicNetworkAccess": "Enabled"}}]"#
    )
}

const POWERSHELL_RULE: &str = r#"[{"ResourceGroupName": "rg", "ServerName": "a", "StartIpAddress": "8.8.8.8", "EndIpAddress": "8.8.8.8", "FirewallRuleName": "office"}]"#;

#[test]
fn rules_of_powershell_find_the_one_server_of_their_group() {
    for documents in [
        [powershell_server("s1"), POWERSHELL_RULE.to_owned()],
        [POWERSHELL_RULE.to_owned(), powershell_server("s1")],
    ] {
        scan(&documents).check(&["a exposed tcp/1433 narrow 1 / -"]);
    }
    // Of which of two servers they are is not said.
    let documents = [powershell_server("s1"), powershell_server("s2"), POWERSHELL_RULE.to_owned()];
    let exposures = scan(&documents).exposures();
    let undecided = exposures.iter().filter(|line| line.contains("any") && line.contains("possible"));
    assert_eq!(undecided.count(), 2, "{exposures:?}");
}

#[test]
fn powershell_says_the_same_of_caches_registries_accounts_and_servers() {
    let cache = format!(
        r#"[{{"ResourceGroupName": "rg", "Id": "{SCOPE}/Microsoft.Cache/Redis/a", "Name": "a", "Type": "Microsoft.Cache/Redis", "HostName": "a", "SslPort": 6380, "EnableNonSslPort": false, "PublicNetworkAccess": "Enabled"}}]"#
    );
    let rule = format!(
        r#"[{{"ResourceGroupName": "rg", "Name": "a", "FirewallRuleId": "{SCOPE}/Microsoft.Cache/Redis/a/firewallRules/office", "RuleName": "office", "Type": "Microsoft.Cache/Redis/firewallRules", "StartIP": "8.8.8.8", "EndIP": "8.8.8.8"}}]"#
    );
    scan(&[cache, rule]).check(&["a exposed tcp/6380 narrow 1 / -"]);
    let older = r#""ResourceGroupName": "rg", "SkuName": "Premium", "Sku": {"Name": "Premium", "Tier": "Premium"}, "LoginServer": "a.example", "NetworkRuleSet": {"DefaultAction": "Deny", "IpRules": [{"Action": "Allow", "IPAddressOrRange": "8.8.8.8"}]}"#;
    let newer = r#""ResourceGroupName": "rg", "SkuName": "Premium", "SkuTier": "Premium", "LoginServer": "a.example", "PublicNetworkAccess": "Enabled", "NetworkRuleSetDefaultAction": "Deny", "NetworkRuleSetIPRule": [{"Action": "Allow", "IPAddressOrRange": "8.8.8.8"}]"#;
    for rest in [older, newer] {
        scan(&[service(REGISTRY, "a", rest)]).check(&["a exposed tcp/443 narrow 1 / -"]);
    }
    let account = r#""ResourceGroupName": "rg", "DocumentEndpoint": "https://a/", "IpRules": [{"IpAddressOrRangeProperty": "8.8.8.8"}], "IsVirtualNetworkFilterEnabled": false, "PublicNetworkAccess": "Enabled""#;
    scan(&[service("Microsoft.DocumentDB/databaseAccounts", "a", account)])
        .check(&["a exposed tcp/443 narrow 1 / -"]);
    let inside = r#""ResourceGroupName": "rg", "FullyQualifiedDomainName": "a", "NetworkDelegatedSubnetResourceId": "/subscriptions/s1/x", "NetworkPublicNetworkAccess": "Disabled""#;
    let answer = scan(&[service("Microsoft.DBforPostgreSQL/flexibleServers", "a", inside)]);
    answer.check(&[]);
    assert!(answer.snapshot.missing.is_empty(), "{:?}", answer.snapshot.missing);
}

#[test]
fn a_rule_of_cosmos_without_an_address_is_told_and_the_others_count() {
    let rest = r#""documentEndpoint": "https://a/", "publicNetworkAccess": "Enabled", "ipRules": [{"x": 1}, {"ipAddressOrRange": "8.8.8.8"}]"#;
    let answer = scan(&[service("Microsoft.DocumentDB/databaseAccounts", "a", rest)]);
    assert_eq!(answer.codes(), ["missing-field"]);
    let exposures = answer.exposures();
    assert!(exposures.iter().any(|line| line.contains("narrow 1")), "{exposures:?}");
}

#[test]
fn a_projection_beside_the_export_takes_nothing_away_in_any_order() {
    let full = service(
        STORAGE,
        "a",
        r#""primaryEndpoints": {}, "enableHttpsTrafficOnly": true, "publicNetworkAccess": "Enabled", "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"ipAddressOrRange": "8.8.8.8"}]}"#,
    );
    let projection = service(STORAGE, "a", r#""publicNetworkAccess": "Enabled""#);
    for documents in [[&full, &projection], [&projection, &full]] {
        let answer = scan(&documents);
        answer.check(&["a exposed tcp/443 narrow 1 / -"]);
        assert_eq!(answer.codes(), [""; 0]);
    }
    // One that contradicts is told.
    let disabled = service(STORAGE, "a", r#""publicNetworkAccess": "Disabled""#);
    for documents in [[&full, &disabled], [&disabled, &full]] {
        assert_eq!(scan(&documents).codes(), ["duplicate-resource"]);
    }
}

#[test]
fn two_lists_in_one_document_are_both_possible() {
    let list = |action: &str| format!(r#"{{"defaultAction": "{action}", "ipRules": []}}"#);
    let rest = |one: &str, other: &str| {
        format!(
            r#""primaryEndpoints": {{}}, "enableHttpsTrafficOnly": true, "networkAcls": {}, "networkRuleSet": {}"#,
            list(one),
            list(other)
        )
    };
    for [one, other] in [["Deny", "Allow"], ["Allow", "Deny"]] {
        let answer = scan(&[service(STORAGE, "a", &rest(one, other))]);
        is_doubted(&answer, one);
        assert_eq!(answer.codes(), ["contradicting-lists"]);
    }
    scan(&[service(STORAGE, "a", &rest("Deny", "Deny"))]).check(&[]);
}

#[test]
fn a_subnet_that_cannot_be_read_is_neither_there_nor_not() {
    let cache = service(
        "Microsoft.Cache/Redis",
        "a",
        r#""hostName": "a", "publicNetworkAccess": "Enabled", "subnetId": {"id": "x"}, "firewallRules": []"#,
    );
    is_doubted(&scan(&[cache]), "redis");
    let server = service(
        "Microsoft.DBforMySQL/flexibleServers",
        "a",
        r#""fullyQualifiedDomainName": "a", "network": {"publicNetworkAccess": "Enabled", "delegatedSubnetResourceId": {"id": "x"}}, "firewallRules": [{"name": "all", "startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255"}]"#,
    );
    is_doubted(&scan(&[server]), "mysql");
    let instance = service(
        "Microsoft.Sql/managedInstances",
        "a",
        r#""fullyQualifiedDomainName": "a", "publicDataEndpointEnabled": true"#,
    );
    is_doubted(&scan(&[instance]), "managed instance");
}

#[test]
fn projected_restrictions_without_their_default_action_deny_nobody() {
    let office = r#"{"ipAddress": "8.8.8.8/32", "action": "Allow", "priority": 100, "name": "office"}"#;
    let rest = |rules: &str, more: &str| {
        format!(
            r#""publicNetworkAccess": "Enabled", "siteConfig": {{"ipSecurityRestrictions": [{rules}], "scmIpSecurityRestrictionsUseMain": true{more}}}"#
        )
    };
    let answer = scan(&[service(SITES, "a", &rest(office, ""))]);
    assert_eq!(answer.codes(), ["missing-field"]);
    assert!(answer.exposures().iter().any(|line| line.contains("any") && line.contains("possible")));
    let nobody = r#"{"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"}"#;
    for [rules, more] in [
        [office, r#", "ipSecurityRestrictionsDefaultAction": "Deny""#],
        [office, r#", "ipSecurityRestrictionsDefaultAction": null"#],
        [&format!("{office}, {nobody}"), ""],
    ] {
        let answer = scan(&[service(SITES, "a", &rest(rules, more))]);
        answer.check(&["a exposed tcp/80,443 narrow 1 / -", "a.scm exposed tcp/80,443 narrow 1 / -"]);
        assert_eq!(answer.codes(), [""; 0]);
    }
}

#[test]
fn a_rule_set_with_subnets_alone_may_have_addresses_beside() {
    let rest = r#""defaultAction": "Deny", "virtualNetworkRules": [{"subnet": {"id": "x"}}]"#;
    is_doubted(&scan(&[namespace(), rule_set("networkRuleSets", rest)]), rest);
}
