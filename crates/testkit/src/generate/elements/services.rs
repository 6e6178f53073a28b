//! Services with a default action, and sites with restrictions (P6 to P10).

use serde_json::{Value, json};

use super::super::estates::Estate;
use super::sources::{prefix, say_access};
use super::{Element, bare};
use crate::random::Random;

/// An estate of nothing else.
pub(super) fn only(element: Element, random: &mut Random) -> Estate {
    let mut estate = bare();
    for number in 0..random.between(1, 2) {
        match element {
            Element::Storage => estate.put("storage.json", vec![storage(number, random)]),
            Element::KeyVaultAndOthers => listed(&mut estate, number, random),
            Element::EventHubsAndServiceBus => namespace(&mut estate, number, random),
            Element::CosmosDb => estate.put("cosmos.json", vec![cosmos(number, random)]),
            Element::Kubernetes => estate.put("aks.json", vec![cluster(number, random)]),
            _ => site(&mut estate, number, random),
        }
    }
    estate
}

fn resource(kind: &str, name: &str, random: &mut Random) -> Value {
    let id = format!("/subscriptions/s/resourceGroups/rg/providers/{kind}/{name}");
    let mut resource = json!({"id": id, "name": name});
    say_access(&mut resource, random);
    // Without what a full export has it is a projection, and what is not there is not told.
    if random.chance(95) {
        for key in ["primaryEndpoints", "vaultUri", "endpoint", "loginServer", "serviceBusEndpoint"] {
            resource[key] = "x".into();
        }
        resource["documentEndpoint"] = "x".into();
        resource["defaultHostName"] = "x".into();
    }
    resource
}

/// A list whose addresses stand under one of two names.
fn acls(key: &str, random: &mut Random) -> Value {
    let rules: Vec<Value> = (0..random.below(4))
        .map(|_| {
            let mut rule = json!({"action": "Allow"});
            rule[key] = prefix(random).into();
            rule
        })
        .collect();
    let mut acls = json!({"ipRules": rules, "virtualNetworkRules": [], "bypass": "AzureServices"});
    match random.below(6) {
        0 => acls["defaultAction"] = "Allow".into(),
        1 => acls["defaultAction"] = "deny".into(),
        _ => acls["defaultAction"] = "Deny".into(),
    }
    acls
}

fn storage(number: usize, random: &mut Random) -> Value {
    let mut account = resource("Microsoft.Storage/storageAccounts", &format!("st{number}"), random);
    account["sku"] = json!({"name": "Standard_LRS", "tier": "Standard"});
    let (acls_key, address, secure) = if random.chance(50) {
        ("networkAcls", "value", "supportsHttpsTrafficOnly")
    } else {
        ("networkRuleSet", "ipAddressOrRange", "enableHttpsTrafficOnly")
    };
    account[acls_key] = acls(address, random);
    account[secure] = random.chance(60).into();
    account
}

fn listed(estate: &mut Estate, number: usize, random: &mut Random) {
    let (document, resource) = match random.below(3) {
        0 => {
            let mut vault = resource("Microsoft.KeyVault/vaults", &format!("kv-{number}"), random);
            if random.chance(90) {
                vault["networkAcls"] = acls("value", random);
            }
            ("vaults.json", vault)
        }
        1 => {
            let mut account =
                resource("Microsoft.CognitiveServices/accounts", &format!("ai-{number}"), random);
            account["kind"] = "OpenAI".into();
            account["sku"] = json!({"name": "S0"});
            if random.chance(90) {
                account["networkAcls"] = acls("value", random);
            }
            ("cognitive.json", account)
        }
        _ => {
            let mut registry =
                resource("Microsoft.ContainerRegistry/registries", &format!("acr{number}"), random);
            let tier = *random.pick(&["Premium", "Premium", "Premium", "Standard", "Basic"]);
            registry["sku"] = json!({"name": tier, "tier": tier});
            if tier == "Premium" {
                registry["networkRuleSet"] = acls("value", random);
            }
            ("acr.json", registry)
        }
    };
    estate.put(document, vec![resource]);
}

fn namespace(estate: &mut Estate, number: usize, random: &mut Random) {
    let hubs = random.chance(50);
    let kind = if hubs { "Microsoft.EventHub/namespaces" } else { "Microsoft.ServiceBus/namespaces" };
    let name = format!("ns-{number}");
    let mut namespace = resource(kind, &name, random);
    let tier = *random.pick(&["Premium", "Premium", "Standard", "Basic"]);
    namespace["sku"] = json!({"name": tier, "tier": tier});
    let document = if hubs { "eventhubs.json" } else { "servicebus.json" };
    let mut set = acls("ipMask", random);
    set["id"] = format!("{}/networkRuleSets/default", namespace["id"].as_str().unwrap()).into();
    set["name"] = "default".into();
    if random.chance(20) {
        set["virtualNetworkRules"] = json!([{"subnet": {"id": super::super::estates::subnet_id(0)}}]);
    }
    if random.chance(30) {
        say_access(&mut set, random);
    }
    estate.put(document, vec![namespace]);
    if random.chance(92) {
        estate.put(&format!("rules-{document}"), vec![set]);
    }
}

fn cosmos(number: usize, random: &mut Random) -> Value {
    let mut account = resource("Microsoft.DocumentDB/databaseAccounts", &format!("cosmos-{number}"), random);
    account["kind"] = "GlobalDocumentDB".into();
    account["isVirtualNetworkFilterEnabled"] = random.chance(25).into();
    let texts: Vec<&str> =
        (0..random.below(4)).map(|_| if random.chance(15) { "0.0.0.0" } else { prefix(random) }).collect();
    if random.chance(25) {
        account["ipRangeFilter"] = texts.join(",").into();
    } else {
        let rules: Vec<Value> = texts.iter().map(|it| json!({"ipAddressOrRange": it})).collect();
        account["ipRules"] = rules.into();
    }
    account["virtualNetworkRules"] = json!([]);
    account
}

fn cluster(number: usize, random: &mut Random) -> Value {
    let name = format!("aks-{number}");
    let ranges: Vec<&str> = (0..random.below(4)).map(|_| prefix(random)).collect();
    let mut profile = json!({"enablePrivateCluster": random.chance(15)});
    profile["authorizedIPRanges"] = if ranges.is_empty() { Value::Null } else { ranges.into() };
    json!({
        "id": format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/{name}"),
        "name": name,
        "kubernetesVersion": "1.33.1",
        "apiServerAccessProfile": if random.chance(90) { profile } else { Value::Null },
    })
}

/// P10.
fn site(estate: &mut Estate, number: usize, random: &mut Random) {
    let mut site = resource("Microsoft.Web/sites", &format!("app-{number}"), random);
    site["kind"] = "app,linux".into();
    site["state"] = "Running".into();
    let mut settings = json!({"ipSecurityRestrictions": restrictions(random)});
    if random.chance(40) {
        settings["ipSecurityRestrictionsDefaultAction"] = (*random.pick(&["Allow", "Deny"])).into();
    }
    settings["scmIpSecurityRestrictions"] = restrictions(random).into();
    settings["scmIpSecurityRestrictionsUseMain"] = random.chance(40).into();
    if random.chance(40) {
        settings["scmIpSecurityRestrictionsDefaultAction"] = (*random.pick(&["Allow", "Deny"])).into();
    }
    if random.chance(50) {
        site["siteConfig"] = settings;
        estate.put("sites.json", vec![site]);
        return;
    }
    settings["numberOfWorkers"] = 1.into();
    settings["id"] = format!("{}/config/web", site["id"].as_str().unwrap()).into();
    settings["name"] = site["name"].clone();
    estate.put("sites.json", vec![site]);
    estate.put("configs.json", vec![settings]);
}

fn restrictions(random: &mut Random) -> Vec<Value> {
    let mut priority = 100;
    (0..random.below(5))
        .map(|number| {
            priority += random.between(1, 50);
            let mut rule = json!({
                "name": format!("rule-{number}"), "priority": priority, "tag": "Default",
                "action": *random.pick(&["Allow", "Allow", "Deny"]),
            });
            match random.below(8) {
                0 => rule["ipAddress"] = "Any".into(),
                1 => rule["ipAddress"] = format!("{},{}", prefix(random), prefix(random)).into(),
                2 => rule["vnetSubnetResourceId"] = super::super::estates::subnet_id(0).into(),
                _ => rule["ipAddress"] = prefix(random).into(),
            }
            if random.chance(15) {
                rule["headers"] = json!({"x-azure-fdid": ["55ce4ed1-4b06-4bf1-b40e-4638452104da"]});
            }
            rule
        })
        .collect()
}
