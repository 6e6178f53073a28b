//! Damage to documents of services: an answer never gets smaller without a gap.

use crate::estate::scan;
use crate::services::{part, service};

/// Documents that let everybody in, every value of which says so.
fn open() -> Vec<String> {
    vec![
        service(
            "Microsoft.Sql/servers",
            "sql",
            r#""fullyQualifiedDomainName": "x", "publicNetworkAccess": "Enabled""#,
        ),
        part(
            "Microsoft.Sql/servers",
            "sql",
            "firewallRules/all",
            r#""startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255""#,
        ),
        service(
            "Microsoft.DBforPostgreSQL/flexibleServers",
            "pg",
            r#""fullyQualifiedDomainName": "x", "network": {"publicNetworkAccess": "Enabled"}"#,
        ),
        part(
            "Microsoft.DBforPostgreSQL/flexibleServers",
            "pg",
            "firewallRules/all",
            r#""startIpAddress": "0.0.0.0", "endIpAddress": "255.255.255.255""#,
        ),
        service(
            "Microsoft.Cache/Redis",
            "redis",
            r#""hostName": "x", "enableNonSslPort": true, "firewallRules": []"#,
        ),
        service(
            "Microsoft.Storage/storageAccounts",
            "sto",
            r#""primaryEndpoints": {}, "enableHttpsTrafficOnly": false, "networkRuleSet": {"defaultAction": "Allow", "ipRules": []}"#,
        ),
        service(
            "Microsoft.Storage/storageAccounts",
            "deny",
            r#""primaryEndpoints": {}, "enableHttpsTrafficOnly": true, "networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"ipAddressOrRange": "0.0.0.0/0", "action": "Allow"}]}"#,
        ),
        service(
            "Microsoft.ContainerRegistry/registries",
            "acr",
            r#""loginServer": "x", "sku": {"tier": "Premium"}, "networkRuleSet": {"defaultAction": "Allow"}"#,
        ),
        service(
            "Microsoft.EventHub/namespaces",
            "hub",
            r#""serviceBusEndpoint": "x", "sku": {"tier": "Standard"}, "publicNetworkAccess": "Enabled""#,
        ),
        part(
            "Microsoft.EventHub/namespaces",
            "hub",
            "networkrulesets/default",
            r#""defaultAction": "Deny", "ipRules": [], "virtualNetworkRules": []"#,
        ),
        service(
            "Microsoft.DocumentDB/databaseAccounts",
            "cosmos",
            r#""documentEndpoint": "x", "kind": "MongoDB", "ipRules": [{"ipAddressOrRange": "0.0.0.0/0"}], "isVirtualNetworkFilterEnabled": false"#,
        ),
        service(
            "Microsoft.ContainerService/managedClusters",
            "aks",
            r#""fqdn": "x", "apiServerAccessProfile": {"authorizedIPRanges": ["0.0.0.0/0"], "enablePrivateCluster": false}"#,
        ),
        service(
            "Microsoft.Web/sites",
            "shop",
            r#""defaultHostName": "x", "publicNetworkAccess": "Enabled", "siteConfig": {"ipSecurityRestrictions": [{"ipAddress": "Any", "action": "Allow", "priority": 100, "name": "all"}], "ipSecurityRestrictionsDefaultAction": "Deny", "scmIpSecurityRestrictionsUseMain": true}"#,
        ),
    ]
}

/// Targets that may be reached from all of IPv4.
fn reached(documents: &[String]) -> (Vec<String>, usize) {
    let answer = scan(documents);
    let lines = answer.exposures();
    let wide = lines.iter().filter(|line| line.contains(" any "));
    let mut names: Vec<String> = wide.map(|line| line.split(' ').next().unwrap().to_owned()).collect();
    names.sort();
    names.dedup();
    (names, answer.codes().len())
}

#[test]
fn a_value_of_another_type_never_closes_without_a_gap() {
    let documents = open();
    let (before, gaps) = reached(&documents);
    assert_eq!(before.len(), 11, "{before:?}");
    assert_eq!(gaps, 0);
    let (mut tried, mut silent) = (0, Vec::new());
    for (number, text) in documents.iter().enumerate() {
        let after_type = text.find("\"type\"").unwrap();
        let after_type = after_type + text[after_type..].find(',').unwrap();
        let values: Vec<usize> =
            text[after_type..].match_indices(": ").map(|(at, _)| after_type + at + 2).collect();
        for start in values {
            let end = start + value_length(&text[start..]);
            for junk in ["null", "7", "\"junk\"", "[7]", "[\"junk\"]", "{\"junk\": 1}", "{}", "[]"] {
                let mut changed = documents.clone();
                changed[number] = format!("{}{junk}{}", &text[..start], &text[end..]);
                let (after, gaps) = reached(&changed);
                tried += 1;
                let lost: Vec<&String> = before.iter().filter(|name| !after.contains(name)).collect();
                let key = text[..start].rsplit('"').nth(1).unwrap();
                if !lost.is_empty() && gaps == 0 && !is_meant(key, junk) {
                    silent.push(format!("{key}: {junk} closes {lost:?}"));
                }
            }
        }
    }
    assert!(tried > 250, "{tried}");
    assert_eq!(silent, [""; 0]);
}

/// Junk that is a value of its key: a list with nothing in it.
fn is_meant(key: &str, junk: &str) -> bool {
    matches!((key, junk), ("ipRules", "null" | "[]") | ("ipSecurityRestrictions", "[]"))
}

/// The length of the JSON value at the start of a text.
fn value_length(text: &str) -> usize {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<serde_json::Value>();
    values.next().unwrap().unwrap();
    values.byte_offset()
}
