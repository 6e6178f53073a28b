//! What a resource keeps when a request states it anew: what the server makes, and lists that a request may leave out.
//!
//! Knows keys, no meaning of any.

use std::borrow::Cow;

use cloud::json::{Node, Tree};

/// Keys of a type, under `properties`.
struct Keys {
    kind: &'static str,
    /// What the server makes and no request has to say; a way through a list goes by the name of its items.
    made: &'static [&'static [&'static str]],
    /// What there is none of where a request leaves it out: lists.
    empty: &'static [&'static str],
    /// The same: references.
    none: &'static [&'static str],
}

const KEYS: &[Keys] = &[
    Keys {
        kind: "microsoft.network/networksecuritygroups",
        made: &[&["defaultSecurityRules"], &["networkInterfaces"], &["subnets"]],
        empty: &["securityRules"],
        none: &[],
    },
    Keys { kind: "microsoft.network/routetables", made: &[&["subnets"]], empty: &["routes"], none: &[] },
    Keys {
        kind: "microsoft.network/virtualnetworks/subnets",
        made: &[&["ipConfigurations"], &["ipConfigurationProfiles"], &["privateEndpoints"], &["purpose"]],
        empty: &[],
        none: &["networkSecurityGroup", "routeTable", "natGateway"],
    },
    Keys {
        kind: "microsoft.network/virtualnetworks",
        made: &[
            // Since 2023 a network that is put without these keys keeps its subnets and peerings.
            &["subnets"],
            &["virtualNetworkPeerings"],
            &["subnets", "[]", "ipConfigurations"],
            &["subnets", "[]", "privateEndpoints"],
        ],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/networkinterfaces",
        made: &[
            &["virtualMachine"],
            &["privateEndpoint"],
            &["privateLinkService"],
            &["primary"],
            &["ipConfigurations", "[]", "privateIPAddress"],
            &["ipConfigurations", "[]", "primary"],
        ],
        empty: &[],
        none: &["networkSecurityGroup"],
    },
    Keys {
        kind: "microsoft.network/publicipaddresses",
        made: &[&["ipAddress"], &["ipConfiguration"], &["natGateway"]],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/publicipprefixes",
        made: &[&["ipPrefix"], &["publicIPAddresses"], &["loadBalancerFrontendIpConfiguration"]],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/loadbalancers",
        made: &[
            &["frontendIPConfigurations", "[]", "privateIPAddress"],
            &["backendAddressPools", "[]", "backendIPConfigurations"],
            &["inboundNatRules", "[]", "backendIPConfiguration"],
        ],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/loadbalancers/backendaddresspools",
        made: &[&["backendIPConfigurations"], &["loadBalancingRules"], &["inboundNatRules"], &["outboundRules"]],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/loadbalancers/inboundnatrules",
        made: &[&["backendIPConfiguration"]],
        empty: &[],
        none: &[],
    },
    Keys { kind: "microsoft.network/natgateways", made: &[&["subnets"]], empty: &[], none: &[] },
    Keys {
        kind: "microsoft.network/azurefirewalls",
        made: &[&["ipConfigurations", "[]", "privateIPAddress"], &["hubIPAddresses"], &["ipGroups"]],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/firewallpolicies",
        made: &[&["firewalls"], &["ruleCollectionGroups"], &["childPolicies"]],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/ipgroups",
        made: &[&["firewalls"], &["firewallPolicies"]],
        empty: &["ipAddresses"],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/applicationgateways",
        made: &[&["operationalState"], &["frontendIPConfigurations", "[]", "privateIPAddress"]],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.network/privateendpoints",
        made: &[&["networkInterfaces"], &["customDnsConfigs"]],
        empty: &[],
        none: &[],
    },
    Keys { kind: "microsoft.compute/virtualmachines", made: &[&["instanceView"], &["vmId"]], empty: &[], none: &[] },
    Keys { kind: "microsoft.sql/servers", made: SERVER, empty: &[], none: &[] },
    Keys { kind: "microsoft.sql/managedinstances", made: SERVER, empty: &[], none: &[] },
    Keys { kind: "microsoft.dbforpostgresql/servers", made: SERVER, empty: &[], none: &[] },
    Keys { kind: "microsoft.dbforpostgresql/flexibleservers", made: SERVER, empty: &[], none: &[] },
    Keys { kind: "microsoft.dbformysql/servers", made: SERVER, empty: &[], none: &[] },
    Keys { kind: "microsoft.dbformysql/flexibleservers", made: SERVER, empty: &[], none: &[] },
    Keys { kind: "microsoft.dbformariadb/servers", made: SERVER, empty: &[], none: &[] },
    Keys {
        kind: "microsoft.synapse/workspaces",
        made: &[&["connectivityEndpoints"], &["sqlAdministratorLogin"]],
        empty: &[],
        none: &[],
    },
    Keys { kind: "microsoft.cache/redis", made: &[&["hostName"], &["sslPort"], &["port"]], empty: &[], none: &[] },
    Keys { kind: "microsoft.storage/storageaccounts", made: &[&["primaryEndpoints"]], empty: &[], none: &[] },
    Keys { kind: "microsoft.keyvault/vaults", made: &[&["vaultUri"]], empty: &[], none: &[] },
    Keys { kind: "microsoft.documentdb/databaseaccounts", made: &[&["documentEndpoint"]], empty: &[], none: &[] },
    Keys { kind: "microsoft.containerregistry/registries", made: &[&["loginServer"]], empty: &[], none: &[] },
    Keys {
        kind: "microsoft.containerservice/managedclusters",
        made: &[&["fqdn"], &["privateFQDN"], &["azurePortalFQDN"], &["nodeResourceGroup"]],
        empty: &[],
        none: &[],
    },
    Keys { kind: "microsoft.cognitiveservices/accounts", made: &[&["endpoint"]], empty: &[], none: &[] },
    Keys { kind: "microsoft.eventhub/namespaces", made: &[&["serviceBusEndpoint"]], empty: &[], none: &[] },
    Keys { kind: "microsoft.servicebus/namespaces", made: &[&["serviceBusEndpoint"]], empty: &[], none: &[] },
    Keys {
        kind: "microsoft.web/sites",
        made: &[&["defaultHostName"], &["state"], &["hostNames"], &["enabledHostNames"]],
        empty: &[],
        none: &[],
    },
    Keys {
        kind: "microsoft.web/sites/slots",
        made: &[&["defaultHostName"], &["state"], &["hostNames"], &["enabledHostNames"]],
        empty: &[],
        none: &[],
    },
];

const SERVER: &[&[&str]] = &[&["fullyQualifiedDomainName"], &["state"], &["administratorLogin"]];

fn keys_of(kind: &str) -> Option<&'static Keys> {
    KEYS.iter().find(|keys| keys.kind == kind)
}

/// A request as what it makes of its resource: PUT takes away what it leaves out, and that is said.
pub(super) fn whole(kind: &str, mut node: Node<'static>) -> Node<'static> {
    let Some(keys) = keys_of(kind) else { return node };
    if let Some(Tree::Object(properties)) = node.own_mut("properties") {
        say_none(properties, keys);
    }
    node
}

fn say_none(properties: &mut Node<'static>, keys: &Keys) {
    for key in keys.empty {
        if properties.own(key).is_none() {
            properties.push(Cow::Borrowed(key), Tree::List(Vec::new()));
        }
    }
    for key in keys.none {
        if properties.own(key).is_none() {
            properties.push(Cow::Borrowed(key), Tree::Null);
        }
    }
}

/// Gives an object that was put what the server had made of the known one. An object that says what state it is in was
/// stated by the server, and is whole.
pub(crate) fn keep_made(kind: &str, known: &Node<'static>, now: &mut Node<'static>) {
    let (Some(keys), Some(Tree::Object(known))) = (keys_of(kind), known.own("properties")) else { return };
    let Some(Tree::Object(now)) = now.own_mut("properties") else { return };
    if now.own("provisioningState").is_some() {
        return;
    }
    for way in keys.made {
        keep(known, now, way);
    }
}

fn keep(known: &Node<'static>, now: &mut Node<'static>, way: &[&'static str]) {
    match way {
        [key] => {
            if now.own(key).is_none()
                && let Some(value) = known.own(key)
            {
                now.push(Cow::Borrowed(key), value.clone());
            }
        }
        [list, "[]", rest @ ..] => {
            let (Some(Tree::List(known)), Some(Tree::List(now))) = (known.own(list), now.own_mut(list)) else { return };
            for item in now {
                let Tree::Object(item) = item else { continue };
                let Some(twin) = known.iter().find_map(|twin| named_alike(twin, item)) else { continue };
                let (Some(Tree::Object(known)), Some(Tree::Object(now))) =
                    (twin.own("properties"), item.own_mut("properties"))
                else {
                    continue;
                };
                keep(known, now, rest);
            }
        }
        _ => {}
    }
}

fn named_alike<'t>(twin: &'t Tree<'static>, item: &Node<'static>) -> Option<&'t Node<'static>> {
    let Tree::Object(twin) = twin else { return None };
    let (Some(Tree::Text(one)), Some(Tree::Text(other))) = (twin.own("name"), item.own("name")) else { return None };
    one.eq_ignore_ascii_case(other).then_some(twin)
}

/// Types that stand in a list of the resource that holds them, and the list, under its `properties`.
pub(crate) const PARTS: &[(&str, &str)] = &[
    ("microsoft.network/loadbalancers/backendaddresspools", "backendAddressPools"),
    ("microsoft.network/loadbalancers/frontendipconfigurations", "frontendIPConfigurations"),
    ("microsoft.network/loadbalancers/inboundnatpools", "inboundNatPools"),
    ("microsoft.network/loadbalancers/inboundnatrules", "inboundNatRules"),
    ("microsoft.network/loadbalancers/loadbalancingrules", "loadBalancingRules"),
    ("microsoft.network/virtualnetworks/subnets", "subnets"),
    ("microsoft.network/virtualnetworks/virtualnetworkpeerings", "virtualNetworkPeerings"),
];
