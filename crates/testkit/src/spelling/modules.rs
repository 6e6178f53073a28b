//! What each module of PowerShell calls things, where it is not what REST calls them in capitals.
//!
//! From the models that the modules publish. A kind that is not in the table is written in capitals.

use serde_json::{Map, Value, json};

use super::{segment, type_of};

/// How a module writes a kind.
pub(super) struct Module {
    /// The type, in lower case.
    kind: &'static str,
    /// Keys of the resource and their names in the module; no name for what the module leaves out.
    names: &'static [(&'static str, Option<&'static str>)],
    /// What else is different.
    finish: fn(&Value, &mut Map<String, Value>),
}

/// Writes what is different of a resource that has capitals already.
pub(super) fn finish(resource: &Value, members: &mut Map<String, Value>) {
    let kind = resource["id"].as_str().and_then(type_of).unwrap_or_default().to_lowercase();
    for module in MODULES.iter().filter(|module| kind == module.kind) {
        (module.finish)(resource, members);
        for (key, name) in module.names {
            let value = members.remove(*key);
            if let (Some(name), Some(value)) = (name, value) {
                members.insert((*name).to_owned(), value);
            }
        }
    }
}

/// Whether a module repeats lists as JSON in `…Text`: those of the network do.
pub(super) fn has_texts(resource: &Value) -> bool {
    let kind = resource["id"].as_str().and_then(type_of).unwrap_or_default().to_lowercase();
    kind.starts_with("microsoft.network/")
}

const MODULES: &[Module] = &[
    Module {
        kind: "microsoft.sql/servers",
        names: &[
            ("Id", Some("ResourceId")),
            ("Name", Some("ServerName")),
            ("Version", Some("ServerVersion")),
            ("State", None),
            ("Type", None),
        ],
        finish: |_, _| {},
    },
    Module {
        kind: "microsoft.sql/servers/firewallrules",
        names: &[("Id", None), ("Name", Some("FirewallRuleName")), ("Type", None), ("Tag", None)],
        finish: of_server,
    },
    Module {
        kind: "microsoft.sql/servers/ipv6firewallrules",
        names: &[
            ("Id", None),
            ("Name", Some("Ipv6FirewallRuleName")),
            ("StartIPv6Address", Some("StartIpv6Address")),
            ("EndIPv6Address", Some("EndIpv6Address")),
            ("Type", None),
            ("Tag", None),
        ],
        finish: of_server,
    },
    Module {
        kind: "microsoft.sql/managedinstances",
        names: &[("Name", Some("ManagedInstanceName")), ("State", None), ("Type", None)],
        finish: |_, _| {},
    },
    Module {
        kind: "microsoft.cache/redis",
        names: &[],
        finish: |resource, members| {
            members.insert("Sku".to_owned(), resource["sku"]["name"].clone());
        },
    },
    Module {
        kind: "microsoft.cache/redis/firewallrules",
        names: &[("Id", Some("FirewallRuleId")), ("Tag", None)],
        finish: |resource, members| {
            members.insert("RuleName".to_owned(), resource["name"].clone());
            members.insert("Name".to_owned(), segment(resource, "redis").into());
        },
    },
    Module {
        kind: "microsoft.keyvault/vaults",
        names: &[("Id", Some("ResourceId")), ("Name", Some("VaultName")), ("Type", None)],
        finish: |resource, members| {
            let acls = &resource["networkAcls"];
            if acls.is_object() {
                let ranges: Vec<&Value> = values(&acls["ipRules"], "value");
                let words = json!({
                    "DefaultAction": acls["defaultAction"], "Bypass": acls["bypass"],
                    "IpAddressRanges": ranges, "VirtualNetworkResourceIds": null,
                });
                members.remove("NetworkRuleSet");
                members.insert("NetworkAcls".to_owned(), words);
            }
        },
    },
    Module {
        kind: "microsoft.cognitiveservices/accounts",
        names: &[("Name", Some("AccountName")), ("Kind", Some("AccountType"))],
        finish: |_, members| {
            let rules = members.get_mut("NetworkRuleSet").and_then(|set| set["IpRules"].as_array_mut());
            for rule in rules.into_iter().flatten() {
                *rule = json!({"IpAddress": rule["Value"]});
            }
        },
    },
    Module {
        kind: "microsoft.storage/storageaccounts",
        names: &[
            ("Name", Some("StorageAccountName")),
            ("SupportsHttpsTrafficOnly", Some("EnableHttpsTrafficOnly")),
            ("Type", None),
        ],
        finish: |_, members| {
            let rules = members.get_mut("NetworkRuleSet").and_then(|set| set["IpRules"].as_array_mut());
            for rule in rules.into_iter().flatten() {
                let address =
                    [&rule["Value"], &rule["IpAddressOrRange"]].into_iter().find(|it| it.is_string());
                *rule = json!({"Action": rule["Action"], "IPAddressOrRange": address});
            }
        },
    },
    Module {
        kind: "microsoft.documentdb/databaseaccounts",
        names: &[("Type", None)],
        finish: |_, members| {
            for rule in members.get_mut("IpRules").and_then(Value::as_array_mut).into_iter().flatten() {
                *rule = json!({"IpAddressOrRangeProperty": rule["IpAddressOrRange"]});
            }
        },
    },
    Module { kind: "microsoft.eventhub/namespaces/networkrulesets", names: RULE_SET, finish: |_, _| {} },
    Module { kind: "microsoft.servicebus/namespaces/networkrulesets", names: RULE_SET, finish: |_, _| {} },
    Module { kind: "microsoft.eventhub/namespaces", names: &[], finish: opened_sku },
    Module { kind: "microsoft.servicebus/namespaces", names: &[], finish: opened_sku },
    Module {
        kind: "microsoft.containerregistry/registries",
        names: &[],
        finish: |resource, members| {
            opened_sku(resource, members);
            if let Some(mut set) = members.remove("NetworkRuleSet") {
                for rule in set["IpRules"].as_array_mut().into_iter().flatten() {
                    *rule = json!({"Action": rule["Action"], "IPAddressOrRange": rule["Value"]});
                }
                members.insert("NetworkRuleSetDefaultAction".to_owned(), set["DefaultAction"].take());
                members.insert("NetworkRuleSetIPRule".to_owned(), set["IpRules"].take());
            }
        },
    },
    Module {
        kind: "microsoft.dbforpostgresql/flexibleservers",
        names: &[("Network", None)],
        finish: opened_network,
    },
    Module {
        kind: "microsoft.dbformysql/flexibleservers",
        names: &[("Network", None)],
        finish: opened_network,
    },
    Module {
        kind: "microsoft.network/firewallpolicies/rulecollectiongroups",
        names: &[],
        finish: |_, members| {
            let name = members.get("Name").cloned().unwrap_or_default();
            let mut inner = core::mem::take(members);
            inner.retain(|key, _| !["ResourceGroupName", "Type", "Tag"].contains(&key.as_str()));
            if let Some(collections) = inner.remove("RuleCollections") {
                inner.insert("RuleCollection".to_owned(), collections);
            }
            members.insert("name".to_owned(), name);
            members.insert("properties".to_owned(), inner.into());
        },
    },
];

const RULE_SET: &[(&str, Option<&str>)] =
    &[("IpRules", Some("IPRule")), ("VirtualNetworkRules", Some("VirtualNetworkRule"))];

fn of_server(resource: &Value, members: &mut Map<String, Value>) {
    members.insert("ServerName".to_owned(), segment(resource, "servers").into());
}

fn opened_sku(resource: &Value, members: &mut Map<String, Value>) {
    if members.remove("Sku").is_some() {
        members.insert("SkuName".to_owned(), resource["sku"]["name"].clone());
        members.insert("SkuTier".to_owned(), resource["sku"]["tier"].clone());
    }
}

fn opened_network(resource: &Value, members: &mut Map<String, Value>) {
    let network = &resource["network"];
    if let Some(access) = network.get("publicNetworkAccess") {
        members.insert("NetworkPublicNetworkAccess".to_owned(), access.clone());
    }
    members
        .insert("NetworkDelegatedSubnetResourceId".to_owned(), network["delegatedSubnetResourceId"].clone());
}

fn values<'a>(list: &'a Value, key: &str) -> Vec<&'a Value> {
    list.as_array().into_iter().flatten().map(|item| &item[key]).collect()
}
