//! Configurations with one value that is not known: nothing is closed by it, and nothing proved that may not be so.

use engine::Certainty;
use packet::{AddressSet, PortSet, Protocol};
use serde_json::{Value, json};

use crate::declared::apply;
use crate::estate::Answer;

/// Whom an exposure lets in to what, at whatever target.
struct Opening {
    protocol: Option<Protocol>,
    ports: PortSet,
    sources: AddressSet,
    is_proved: bool,
}

impl Opening {
    fn is_held_by(&self, others: &[Self], asked: impl Fn(&Self) -> bool) -> bool {
        let ports = if self.ports.is_empty() { PortSet::everything() } else { self.ports.clone() };
        let fits =
            |other: &&Self| asked(other) && (other.protocol.is_none() || other.protocol == self.protocol);
        // What several let in, they let in together: port by port, as far as exposures cut them.
        ports.ranges().all(|range| {
            let first = PortSet::only(range.first());
            let held = others
                .iter()
                .filter(fits)
                .filter(|other| other.ports.is_empty() || first.is_subset(&other.ports));
            let held = held.fold(AddressSet::empty(), |sum, other| sum.union(&other.sources));
            self.sources.is_subset(&held)
        })
    }
}

fn openings(answer: &Answer) -> Vec<Opening> {
    let mut openings = Vec::new();
    engine::exposures(&answer.snapshot, &mut |exposure, _| {
        let measures = [&exposure.sources.ipv4, &exposure.sources.ipv6].into_iter().flatten();
        let prefixes = measures.flat_map(|measure| &measure.cidrs.prefixes).copied();
        openings.push(Opening {
            protocol: exposure.protocol,
            ports: exposure.ports.clone(),
            sources: prefixes.collect(),
            is_proved: exposure.certainty == Certainty::Proved,
        });
    })
    .unwrap();
    openings
}

/// Every place of the arguments of a resource.
fn pointers(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let parts: Vec<(String, &Value)> = match value {
        Value::Object(members) if members.contains_key("->") => Vec::new(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(items) => {
            items.iter().enumerate().map(|(number, item)| (number.to_string(), item)).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    for (part, value) in parts {
        let pointer = format!("{pointer}/{part}");
        found.push(pointer.clone());
        pointers(value, &pointer, found);
    }
}

#[test]
fn what_is_not_known_closes_nothing_and_proves_nothing() {
    let mut odd = Vec::new();
    let mut asked = 0;
    for (name, estate) in estates() {
        let before = openings(&apply(&estate));
        let has_opening = name == "denied" || !before.is_empty();
        assert!(has_opening, "{name} is closed");
        for (address, resource) in estate.as_object().unwrap() {
            let mut places = Vec::new();
            pointers(resource, "", &mut places);
            for place in places {
                asked += 1;
                let mut damaged = estate.clone();
                *damaged[address].pointer_mut(&place).unwrap() = json!({"?": "var.x"});
                let answer = apply(&damaged);
                let after = openings(&answer);
                let is_told = !answer.codes().is_empty();
                if !before.iter().all(|one| one.is_held_by(&after, |_| true)) {
                    odd.push(format!(
                        "{name} {address}{place} closes{}",
                        if is_told { ", told" } else { "" }
                    ));
                }
                // Whatever the value is, it may be the one that was there.
                if !after.iter().filter(|one| one.is_proved).all(|one| one.is_held_by(&before, |_| true)) {
                    odd.push(format!("{name} {address}{place} proves"));
                }
            }
        }
    }
    assert!(asked > 100, "{asked}");
    assert_eq!(odd, SAID_OTHERWISE, "{odd:#?}");
}

/// Places at which it is told that something is missing, and what that would open.
const SAID_OTHERWISE: [&str; 3] = [
    "policies google_compute_network_firewall_policy_rule.r/firewall_policy closes, told",
    "balanced google_compute_instance.vm/network_interface closes, told",
    "balanced google_compute_instance.vm/network_interface/0 closes, told",
];

fn estates() -> Vec<(&'static str, Value)> {
    let network =
        json!({"name": "n", "auto_create_subnetworks": false, "delete_default_routes_on_create": false});
    let everybody = json!(["0.0.0.0/0"]);
    let machine = json!({"name": "vm", "zone": "europe-west1-b", "tags": ["web"], "service_account": [{"email": "app@p.iam.gserviceaccount.com"}],
        "network_interface": [{"network": {"->": "google_compute_network.n id"}, "subnetwork": {"->": "google_compute_subnetwork.s id"},
            "network_ip": "10.0.0.2", "access_config": [{"nat_ip": "203.0.113.9"}]}]});
    let subnetwork = json!({"name": "s", "network": {"->": "google_compute_network.n id"}, "ip_cidr_range": "10.0.0.0/24", "region": "europe-west1"});
    let rule = json!({"name": "web", "network": {"->": "google_compute_network.n id"}, "priority": 900, "direction": "INGRESS", "disabled": false,
        "allow": [{"protocol": "tcp", "ports": ["443"]}], "source_ranges": ["8.8.8.0/24"], "target_tags": ["web"]});
    let account = json!({"name": "app", "network": "n", "allow": [{"protocol": "udp", "ports": ["53"]}], "source_ranges": everybody,
        "destination_ranges": ["10.0.0.0/24"], "target_service_accounts": ["app@p.iam.gserviceaccount.com"]});
    let deny = json!({"name": "deny", "network": "n", "priority": 100, "deny": [{"protocol": "all"}], "source_ranges": everybody});
    let late = json!({"name": "late", "network": "n", "priority": 2000, "deny": [{"protocol": "udp"}], "source_ranges": everybody, "disabled": false});
    let rules = json!({"google_compute_network.n": network, "google_compute_subnetwork.s": subnetwork, "google_compute_instance.vm": machine,
        "google_compute_firewall.web": rule, "google_compute_firewall.app": account, "google_compute_firewall.late": late});
    let mut denied = rules.clone();
    denied["google_compute_firewall.deny"] = deny;
    let mut policies = rules.clone();
    policies["google_compute_network_firewall_policy.p"] = json!({"name": "p"});
    policies["google_compute_network_firewall_policy_rule.r"] = json!({"firewall_policy": "p", "priority": 10, "action": "allow", "direction": "INGRESS", "disabled": false,
        "match": [{"src_ip_ranges": ["9.9.9.0/24"], "layer4_configs": [{"ip_protocol": "tcp", "ports": ["22"]}]}]});
    policies["google_compute_network_firewall_policy_association.a"] = json!({"name": "a", "firewall_policy": "p", "attachment_target": {"->": "google_compute_network.n id"}});
    let services = json!({
        "google_sql_database_instance.db": {"name": "db", "database_version": "MYSQL_8_0", "region": "europe-west1", "settings": [{"tier": "t",
            "ip_configuration": [{"ipv4_enabled": true, "authorized_networks": [{"name": "a", "value": "8.8.8.0/24"}]}]}]},
        "google_container_cluster.c": {"name": "c", "location": "europe-west1", "private_cluster_config": [{"enable_private_endpoint": false}],
            "master_authorized_networks_config": [{"cidr_blocks": [{"cidr_block": "9.9.9.0/24"}], "gcp_public_cidrs_access_enabled": false}]},
        "google_app_engine_application.a": {"location_id": "europe-west"},
        "google_app_engine_firewall_rule.r": {"priority": 1000, "action": "DENY", "source_range": "8.8.8.0/24"},
        "google_app_engine_service_network_settings.s": {"service": "default", "network_settings": [{"ingress_traffic_allowed": "INGRESS_TRAFFIC_ALLOWED_ALL"}]},
    });
    let balanced = json!({
        "google_compute_network.n": network, "google_compute_subnetwork.s": subnetwork, "google_compute_instance.vm": machine,
        "google_compute_firewall.lb": {"name": "lb", "network": "n", "allow": [{"protocol": "tcp", "ports": ["80"]}], "source_ranges": ["130.211.0.0/22", "35.191.0.0/16"]},
        "google_compute_instance_group.g": {"name": "g", "zone": "europe-west1-b", "instances": [{"->": "google_compute_instance.vm self_link"}], "named_port": [{"name": "http", "port": 80}]},
        "google_compute_security_policy.a": {"name": "a", "rule": [{"priority": 2_147_483_647, "action": "allow", "preview": false,
            "match": [{"versioned_expr": "SRC_IPS_V1", "config": [{"src_ip_ranges": ["*"]}]}]},
            {"priority": 10, "action": "deny(403)", "preview": false, "match": [{"versioned_expr": "SRC_IPS_V1", "config": [{"src_ip_ranges": ["8.8.0.0/16"]}]}]}]},
        "google_compute_backend_service.b": {"name": "b", "load_balancing_scheme": "EXTERNAL", "port_name": "http", "security_policy": {"->": "google_compute_security_policy.a id"},
            "backend": [{"group": {"->": "google_compute_instance_group.g id"}, "capacity_scaler": 1}]},
        "google_compute_url_map.u": {"name": "u", "default_service": {"->": "google_compute_backend_service.b id"}},
        "google_compute_target_http_proxy.p": {"name": "p", "url_map": {"->": "google_compute_url_map.u id"}},
        "google_compute_global_forwarding_rule.f": {"name": "f", "target": {"->": "google_compute_target_http_proxy.p id"}, "port_range": "80", "ip_address": "203.0.113.80",
            "ip_protocol": "TCP", "load_balancing_scheme": "EXTERNAL"},
    });
    vec![
        ("rules", rules),
        ("denied", denied),
        ("policies", policies),
        ("services", services),
        ("balanced", balanced),
    ]
}
