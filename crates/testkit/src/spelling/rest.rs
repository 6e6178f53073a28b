//! What the REST interface returns: content below `properties`, of a resource and of its parts.

use serde_json::{Map, Value};

use super::{segment, type_of};

/// A flattened resource as the REST interface returns it.
pub(super) fn resource(flat: &Value) -> Value {
    let mut nested = nest(flat);
    let kind = flat["id"].as_str().and_then(type_of);
    if let (Value::Object(members), Some(kind)) = (&mut nested, kind) {
        members.entry("type").or_insert(Value::String(kind));
        members.entry("properties").or_insert_with(|| Value::Object(Map::new()));
        members.remove("resourceGroup");
    }
    nested
}

/// What `az resource show` adds to it.
pub(super) fn shown(mut resource: Value) -> Value {
    let group = segment(&resource, "resourceGroups").map(str::to_owned);
    if let (Value::Object(members), Some(group)) = (&mut resource, group) {
        members.insert("resourceGroup".to_owned(), Value::String(group));
        for key in ["identity", "kind", "managedBy", "plan", "extendedLocation"] {
            members.entry(key).or_insert(Value::Null);
        }
    }
    resource
}

fn nest(flat: &Value) -> Value {
    let Value::Object(members) = flat else { return flat.clone() };
    if members.contains_key("properties") {
        return flat.clone();
    }
    let is_reference = members.keys().all(|key| key == "id");
    let (mut outer, mut properties) = (Map::new(), Map::new());
    for (key, value) in members {
        if OUTER.contains(&key.as_str()) {
            outer.insert(key.clone(), value.clone());
        } else {
            let (key, value) = renamed(key, value);
            properties.insert(key.clone(), below(&key, &value));
        }
    }
    if !is_reference {
        outer.insert("properties".to_owned(), Value::Object(properties));
    }
    Value::Object(outer)
}

/// A value below a key: parts that are resources have `properties` of their own.
fn below(key: &str, value: &Value) -> Value {
    match value {
        Value::Array(items) if PARTS.iter().any(|part| part.eq_ignore_ascii_case(key)) => {
            items.iter().map(nest).collect()
        }
        Value::Array(items) => items.iter().map(|item| below(key, item)).collect(),
        Value::Object(members) => {
            members.iter().map(|(key, value)| (key.clone(), below(key, value))).collect::<Map<_, _>>().into()
        }
        _ => value.clone(),
    }
}

/// Names that `az` changes: those of the firewall of a storage account.
fn renamed(key: &str, value: &Value) -> (String, Value) {
    if key != "networkRuleSet" {
        return (key.to_owned(), value.clone());
    }
    let text = value.to_string().replace("\"ipAddressOrRange\"", "\"value\"");
    ("networkAcls".to_owned(), serde_json::from_str(&text).unwrap_or_else(|_| value.clone()))
}

/// Members of a resource that stand beside its `properties`.
const OUTER: [&str; 17] = [
    "id",
    "name",
    "type",
    "location",
    "tags",
    "etag",
    "sku",
    "kind",
    "identity",
    "zones",
    "plan",
    "managedBy",
    "resourceGroup",
    "extendedLocation",
    "systemData",
    "subscriptionId",
    "tenantId",
];

/// Lists whose items are resources.
const PARTS: [&str; 29] = [
    "securityRules",
    "defaultSecurityRules",
    "subnets",
    "ipConfigurations",
    "virtualNetworkPeerings",
    "routes",
    "frontendIPConfigurations",
    "backendAddressPools",
    "loadBalancerBackendAddresses",
    "loadBalancingRules",
    "probes",
    "inboundNatRules",
    "inboundNatPools",
    "outboundRules",
    "gatewayIPConfigurations",
    "frontendPorts",
    "httpListeners",
    "listeners",
    "backendHttpSettingsCollection",
    "requestRoutingRules",
    "routingRules",
    "urlPathMaps",
    "pathRules",
    "redirectConfigurations",
    "natRuleCollections",
    "networkRuleCollections",
    "applicationRuleCollections",
    "networkInterfaceConfigurations",
    "privateEndpointConnections",
];
