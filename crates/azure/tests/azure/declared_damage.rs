//! Every value of a declared estate taken away, one at a time: what is not known is never proved, and never closed
//! (`must ⊆ truth ⊆ may`).

use core::net::IpAddr;
use std::collections::BTreeMap;

use engine::{Certainty, Exposure};
use model::{Effect, Reach};
use packet::{AddressSet, Protocol};
use serde_json::{Value, json};

use crate::declared::declare;
use crate::estate::Answer;

/// What is said of a packet to a target. In this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Verdict {
    Deny,
    Undecided,
    Allow,
}

const SOURCES: [&str; 6] = ["8.8.8.8", "198.51.100.7", "203.0.113.9", "20.10.0.1", "200.1.1.1", "2600::1"];
const PORTS: [u16; 14] = [22, 53, 80, 443, 1433, 3306, 3342, 3389, 5432, 5671, 6380, 8080, 50001, 55555];

/// What is said of each of the packets, by target; what nobody lets in is left out.
fn verdicts(answer: &Answer) -> BTreeMap<(String, u8, u16, &'static str), Verdict> {
    let mut all: Vec<(Exposure, AddressSet)> = Vec::new();
    engine::exposures(&answer.snapshot, &mut |exposure, sources| all.push((exposure, sources.clone())))
        .unwrap();
    let mut found = BTreeMap::new();
    for (exposure, sources) in &all {
        let verdict = match (exposure.reach, exposure.certainty) {
            (Reach::Latent, _) => continue,
            (Reach::Exposed | Reach::ViaProxy | Reach::OneWay, Certainty::Proved) => Verdict::Allow,
            (_, _) => Verdict::Undecided,
        };
        for protocol in [Protocol::TCP, Protocol::UDP] {
            for port in PORTS {
                for source in SOURCES {
                    let address: IpAddr = source.parse().unwrap();
                    if exposure.protocols.contains(protocol)
                        && (exposure.ports.is_empty() || exposure.ports.contains(port))
                        && sources.contains(address)
                    {
                        let key = (exposure.target.name.to_string(), protocol.0, port, source);
                        let known = found.entry(key).or_insert(Verdict::Deny);
                        *known = (*known).max(verdict);
                    }
                }
            }
        }
    }
    found
}

/// Pointers to every value of the estate, but what things are called: a name that is not known is another name.
fn pointers(estate: &Value) -> Vec<String> {
    let mut pointers = Vec::new();
    walk(estate, String::new(), &mut pointers);
    pointers.retain(|pointer| pointer.matches('/').count() > 1);
    pointers.retain(|pointer| !(pointer.ends_with("/name") && pointer.matches('/').count() == 2));
    pointers
}

fn walk(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(number, item)| (number.to_string(), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (part, value) in parts {
        let pointer = format!("{pointer}/{part}");
        pointers.push(pointer.clone());
        walk(value, pointer, pointers);
    }
}

/// What a value that is not known makes wrong, each in a line.
fn wrong(estate: &Value) -> Vec<String> {
    let whole = declare(&estate.to_string());
    assert_eq!(whole.codes(), [""; 0]);
    let truth = verdicts(&whole);
    assert!(truth.values().any(|verdict| *verdict == Verdict::Allow), "{:?}", whole.exposures());
    let mut wrong = Vec::new();
    for pointer in pointers(estate) {
        let mut damaged = estate.clone();
        *damaged.pointer_mut(&pointer).unwrap() = json!("${var.unset}");
        let after = declare(&damaged.to_string());
        let is_told_smaller = after.gaps().iter().any(|gap| gap.effect == Effect::Narrowed);
        let after = verdicts(&after);
        let of = |verdicts: &BTreeMap<_, Verdict>, key| *verdicts.get(key).unwrap_or(&Verdict::Deny);
        let mut keys: Vec<_> = truth.keys().chain(after.keys()).collect();
        keys.sort();
        keys.dedup();
        let bad = keys.into_iter().find(|key| match (of(&truth, key), of(&after, key)) {
            (Verdict::Allow, Verdict::Deny) => !is_told_smaller,
            (Verdict::Deny, Verdict::Allow) => true,
            (_, _) => false,
        });
        wrong.extend(
            bad.map(|key| format!("{pointer}: {key:?}: {:?} -> {:?}", of(&truth, key), of(&after, key))),
        );
    }
    wrong
}

fn rule(priority: u32, access: &str, source: &str, port: &str) -> Value {
    json!({
        "name": format!("r{priority}"), "priority": priority, "direction": "Inbound", "access": access, "protocol": "Tcp",
        "source_port_range": "*", "destination_port_range": port, "source_address_prefix": source,
        "destination_address_prefix": "*"
    })
}

fn in_group(rest: Value) -> Value {
    let mut all = json!({"resource_group_name": "rg"});
    all.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
    all
}

#[test]
fn what_is_not_known_of_a_network_is_bounds() {
    let estate = json!({
        "azurerm_virtual_network.v": in_group(json!({"name": "v", "address_space": ["10.0.0.0/16"]})),
        "azurerm_subnet.a": in_group(json!({"name": "a", "virtual_network_name": "v", "address_prefixes": ["10.0.1.0/24"]})),
        "azurerm_network_security_group.n": in_group(json!({"name": "n", "security_rule": [
            rule(100, "Allow", "198.51.100.0/24", "22"), rule(110, "Deny", "*", "22"), rule(120, "Allow", "Internet", "80")]})),
        "azurerm_network_security_rule.x": in_group(json!({"name": "x", "network_security_group_name": "n", "priority": 200,
            "direction": "Inbound", "access": "Allow", "protocol": "*", "source_port_range": "*", "destination_port_ranges": ["443", "3389"],
            "source_address_prefixes": ["203.0.113.0/24", "20.0.0.0/8"], "destination_address_prefix": "10.0.1.0/24"})),
        "azurerm_network_security_group.m": in_group(json!({"name": "m", "security_rule": [rule(100, "Allow", "*", "*")]})),
        "azurerm_subnet_network_security_group_association.a": {"subnet_id": "${azurerm_subnet.a.id}", "network_security_group_id": "${azurerm_network_security_group.n.id}"},
        "azurerm_network_interface_security_group_association.vm": {"network_interface_id": "${azurerm_network_interface.vm.id}", "network_security_group_id": "${azurerm_network_security_group.m.id}"},
        "azurerm_route_table.t": in_group(json!({"name": "t", "route": [{"name": "d", "address_prefix": "10.9.0.0/16", "next_hop_type": "VirtualAppliance"}]})),
        "azurerm_subnet_route_table_association.a": {"subnet_id": "${azurerm_subnet.a.id}", "route_table_id": "${azurerm_route_table.t.id}"},
        "azurerm_public_ip.vm": in_group(json!({"name": "ip", "allocation_method": "Static", "sku": "Standard"})),
        "azurerm_public_ip.basic": in_group(json!({"name": "basic", "allocation_method": "Dynamic", "sku": "Basic"})),
        "azurerm_subnet.bare": in_group(json!({"name": "bare", "virtual_network_name": "v", "address_prefixes": ["10.0.2.0/24"]})),
        "azurerm_network_interface.bare": in_group(json!({"name": "bare", "ip_configuration": [{"name": "c", "subnet_id": "${azurerm_subnet.bare.id}", "public_ip_address_id": "${azurerm_public_ip.basic.id}"}]})),
        "azurerm_network_interface.vm": in_group(json!({"name": "nic", "ip_configuration": [{"name": "c", "subnet_id": "${azurerm_subnet.a.id}", "private_ip_address": "10.0.1.4", "private_ip_address_allocation": "Static", "private_ip_address_version": "IPv4", "public_ip_address_id": "${azurerm_public_ip.vm.id}"},
            {"name": "d", "subnet_id": "${azurerm_subnet.a.id}", "private_ip_address": "10.0.1.5"}]})),
        "azurerm_linux_virtual_machine.vm": in_group(json!({"name": "vm", "network_interface_ids": ["${azurerm_network_interface.vm.id}"]}))
    });
    assert_eq!(wrong(&estate), [""; 0]);
}

#[test]
fn what_is_not_known_of_a_load_balancer_is_bounds() {
    let estate = json!({
        "azurerm_virtual_network.v": in_group(json!({"name": "v", "address_space": ["10.0.0.0/16"]})),
        "azurerm_subnet.a": in_group(json!({"name": "a", "virtual_network_name": "v", "address_prefixes": ["10.0.1.0/24"]})),
        "azurerm_network_security_group.n": in_group(json!({"name": "n", "security_rule": [rule(100, "Allow", "*", "8080"), rule(110, "Allow", "*", "3389")]})),
        "azurerm_subnet_network_security_group_association.a": {"subnet_id": "${azurerm_subnet.a.id}", "network_security_group_id": "${azurerm_network_security_group.n.id}"},
        "azurerm_public_ip.lb": in_group(json!({"name": "ip", "allocation_method": "Static", "sku": "Standard"})),
        "azurerm_lb.lb": in_group(json!({"name": "lb", "sku": "Standard", "frontend_ip_configuration": [{"name": "f", "public_ip_address_id": "${azurerm_public_ip.lb.id}"}]})),
        "azurerm_lb_backend_address_pool.p": {"name": "p", "loadbalancer_id": "${azurerm_lb.lb.id}"},
        "azurerm_lb_rule.r": {"name": "r", "loadbalancer_id": "${azurerm_lb.lb.id}", "frontend_ip_configuration_name": "f", "protocol": "Tcp", "frontend_port": 80, "backend_port": 8080, "backend_address_pool_ids": ["${azurerm_lb_backend_address_pool.p.id}"]},
        "azurerm_lb_nat_rule.n": {"name": "n", "resource_group_name": "rg", "loadbalancer_id": "${azurerm_lb.lb.id}", "frontend_ip_configuration_name": "f", "protocol": "Tcp", "frontend_port": 50001, "backend_port": 3389},
        "azurerm_network_interface_backend_address_pool_association.a": {"network_interface_id": "${azurerm_network_interface.vm.id}", "ip_configuration_name": "c", "backend_address_pool_id": "${azurerm_lb_backend_address_pool.p.id}"},
        "azurerm_network_interface_nat_rule_association.a": {"network_interface_id": "${azurerm_network_interface.vm.id}", "ip_configuration_name": "c", "nat_rule_id": "${azurerm_lb_nat_rule.n.id}"},
        "azurerm_network_interface.vm": in_group(json!({"name": "nic", "ip_configuration": [{"name": "c", "subnet_id": "${azurerm_subnet.a.id}"}]})),
        "azurerm_linux_virtual_machine_scale_set.s": in_group(json!({"name": "set", "network_interface": [{"name": "i", "primary": true, "ip_configuration": [{"name": "c", "primary": true, "subnet_id": "${azurerm_subnet.a.id}", "load_balancer_backend_address_pool_ids": ["${azurerm_lb_backend_address_pool.p.id}"]}]}]}))
    });
    assert_eq!(wrong(&estate), [""; 0]);
}

#[test]
fn what_is_not_known_of_a_service_is_bounds() {
    let estate = json!({
        "azurerm_mssql_server.s": in_group(json!({"name": "sql", "public_network_access_enabled": true})),
        "azurerm_mssql_firewall_rule.r": {"name": "r", "server_id": "${azurerm_mssql_server.s.id}", "start_ip_address": "198.51.100.0", "end_ip_address": "198.51.100.255"},
        "azurerm_mssql_server.off": in_group(json!({"name": "off", "public_network_access_enabled": false})),
        "azurerm_postgresql_flexible_server.p": in_group(json!({"name": "pg", "public_network_access_enabled": true})),
        "azurerm_postgresql_flexible_server_firewall_rule.r": {"name": "r", "server_id": "${azurerm_postgresql_flexible_server.p.id}", "start_ip_address": "20.0.0.0", "end_ip_address": "20.255.255.255"},
        "azurerm_mysql_flexible_server.m": in_group(json!({"name": "my", "delegated_subnet_id": "/subscriptions/x/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/s"})),
        "azurerm_storage_account.a": in_group(json!({"name": "stor", "public_network_access_enabled": true, "https_traffic_only_enabled": true, "network_rules": [{"default_action": "Deny", "bypass": ["None"], "ip_rules": ["198.51.100.0/24"]}]})),
        "azurerm_storage_account.b": in_group(json!({"name": "open"})),
        "azurerm_key_vault.v": in_group(json!({"name": "kv", "network_acls": [{"default_action": "Deny", "bypass": "None", "ip_rules": ["203.0.113.0/24"]}]})),
        "azurerm_cosmosdb_account.c": in_group(json!({"name": "cosmos", "ip_range_filter": ["198.51.100.7"], "kind": "GlobalDocumentDB"})),
        "azurerm_cosmosdb_account.d": in_group(json!({"name": "cosmos-old", "ip_range_filter": "198.51.100.7,203.0.113.0/24"})),
        "azurerm_redis_cache.r": in_group(json!({"name": "redis", "non_ssl_port_enabled": false})),
        "azurerm_redis_firewall_rule.r": in_group(json!({"name": "r", "redis_cache_name": "redis", "start_ip": "198.51.100.0", "end_ip": "198.51.100.255"})),
        "azurerm_kubernetes_cluster.k": in_group(json!({"name": "aks", "private_cluster_enabled": false, "api_server_access_profile": [{"authorized_ip_ranges": ["198.51.100.0/24"]}]})),
        "azurerm_container_registry.r": in_group(json!({"name": "acr", "sku": "Premium", "network_rule_set": [{"default_action": "Deny", "ip_rule": [{"action": "Allow", "ip_range": "198.51.100.0/24"}]}]})),
        "azurerm_linux_web_app.w": in_group(json!({"name": "web", "site_config": [{"ip_restriction_default_action": "Deny", "scm_use_main_ip_restriction": false, "ip_restriction": [{"name": "r", "action": "Allow", "priority": 100, "ip_address": "198.51.100.0/24"}]}]})),
        "azurerm_eventhub_namespace.e": in_group(json!({"name": "hubs", "sku": "Standard", "network_rulesets": [{"default_action": "Deny", "ip_rule": [{"ip_mask": "198.51.100.0/24", "action": "Allow"}]}]})),
        "azurerm_servicebus_namespace.b": in_group(json!({"name": "bus", "sku": "Premium", "network_rule_set": [{"default_action": "Deny", "ip_rules": ["198.51.100.0/24"]}]})),
        "azurerm_synapse_workspace.s": in_group(json!({"name": "syn"})),
        "azurerm_synapse_firewall_rule.r": {"name": "r", "synapse_workspace_id": "${azurerm_synapse_workspace.s.id}", "start_ip_address": "198.51.100.0", "end_ip_address": "198.51.100.255"},
        "azurerm_cognitive_account.c": in_group(json!({"name": "cog", "network_acls": [{"default_action": "Deny", "ip_rules": ["198.51.100.0/24"]}]}))
    });
    assert_eq!(wrong(&estate), [""; 0]);
}

#[test]
fn what_is_not_known_of_gateways_is_bounds() {
    let estate = json!({
        "azurerm_virtual_network.v": in_group(json!({"name": "v", "address_space": ["10.0.0.0/16"]})),
        "azurerm_subnet.g": in_group(json!({"name": "g", "virtual_network_name": "v", "address_prefixes": ["10.0.3.0/24"]})),
        "azurerm_subnet.f": in_group(json!({"name": "AzureFirewallSubnet", "virtual_network_name": "v", "address_prefixes": ["10.0.4.0/24"]})),
        "azurerm_subnet.a": in_group(json!({"name": "a", "virtual_network_name": "v", "address_prefixes": ["10.0.1.0/24"]})),
        "azurerm_network_security_group.n": in_group(json!({"name": "n", "security_rule": [rule(100, "Allow", "*", "8080"), rule(110, "Allow", "*", "22")]})),
        "azurerm_subnet_network_security_group_association.a": {"subnet_id": "${azurerm_subnet.a.id}", "network_security_group_id": "${azurerm_network_security_group.n.id}"},
        "azurerm_network_interface.vm": in_group(json!({"name": "nic", "ip_configuration": [{"name": "c", "subnet_id": "${azurerm_subnet.a.id}", "private_ip_address": "10.0.1.4"}]})),
        "azurerm_public_ip.g": in_group(json!({"name": "gip", "allocation_method": "Static", "sku": "Standard"})),
        "azurerm_public_ip.f": in_group(json!({"name": "fip", "allocation_method": "Static", "sku": "Standard"})),
        "azurerm_application_gateway.g": in_group(json!({"name": "agw", "sku": [{"name": "Standard_v2", "tier": "Standard_v2"}],
            "gateway_ip_configuration": [{"name": "g", "subnet_id": "${azurerm_subnet.g.id}"}],
            "frontend_ip_configuration": [{"name": "f", "public_ip_address_id": "${azurerm_public_ip.g.id}"}],
            "frontend_port": [{"name": "p", "port": 443}],
            "backend_address_pool": [{"name": "b", "ip_addresses": ["10.0.1.4"]}],
            "backend_http_settings": [{"name": "s", "port": 8080, "protocol": "Http"}],
            "http_listener": [{"name": "l", "frontend_ip_configuration_name": "f", "frontend_port_name": "p", "protocol": "Https"}],
            "request_routing_rule": [{"name": "r", "rule_type": "Basic", "http_listener_name": "l", "backend_address_pool_name": "b", "backend_http_settings_name": "s"}]})),
        "azurerm_firewall.f": in_group(json!({"name": "fw", "sku_name": "AZFW_VNet", "sku_tier": "Standard", "threat_intel_mode": "Off", "ip_configuration": [{"name": "c", "subnet_id": "${azurerm_subnet.f.id}", "public_ip_address_id": "${azurerm_public_ip.f.id}"}]})),
        "azurerm_firewall_nat_rule_collection.n": in_group(json!({"name": "n", "azure_firewall_name": "fw", "priority": 100, "action": "Dnat", "rule": [{"name": "ssh", "source_addresses": ["*"], "destination_addresses": ["*"], "destination_ports": ["50001"], "protocols": ["TCP"], "translated_address": "10.0.1.4", "translated_port": "22"}]}))
    });
    assert_eq!(wrong(&estate), [""; 0]);
}
