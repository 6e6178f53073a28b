//! What configurations declare, in Terraform's types: the same answers as exports of what is made of them.

use std::borrow::Cow;
use std::sync::Arc;

use cloud::json::{Cause, Node, Reference, Tree, Unknown};
use cloud::{Declarations, Declared, Inventory as _, Presence};
use gcp::Inventory;
use model::{DocumentId, Thresholds};
use serde_json::{Value, json};

use crate::estate::{API, Answer, firewall, instance, network, scan};

/// Resources by address, as a configuration declares them. `{"?": "var.x"}` is a value that is not known, `{"->": "t.a id"}`
/// an attribute of another; `"perhaps": true` of a resource that may not be there.
pub(crate) fn apply(resources: &Value) -> Answer {
    let text = String::from("configuration");
    let mut declared: Vec<Declared<'_>> =
        resources.as_object().unwrap().iter().map(|(address, values)| one(address, values)).collect();
    declared.sort_by(|one, other| one.address.cmp(&other.address));
    let documents = [(DocumentId(0), text.as_str())];
    let declarations = Declarations { documents: &documents, label: "", resources: &declared };
    let mut inventory = Inventory::new();
    let readings = vec![inventory.declare(&declarations)];
    Answer { readings, snapshot: inventory.snapshot(Thresholds::STANDARD) }
}

fn one<'a>(address: &str, values: &Value) -> Declared<'a> {
    let mut values = values.as_object().unwrap().clone();
    let presence = if values.remove("perhaps").is_some() { Presence::Perhaps } else { Presence::Certain };
    let plain = address.strip_prefix("data.").unwrap_or(address);
    let provider = json!({"project": "p", "region": "europe-west1", "zone": "europe-west1-b"});
    Declared {
        kind: plain.split('.').next().unwrap().to_owned().into(),
        address: address.to_owned(),
        attributes: node(&Value::Object(values)),
        provider: Arc::new(node(&provider)),
        presence,
        is_looked_up: plain != address,
    }
}

fn node<'a>(value: &Value) -> Node<'a> {
    let entries =
        value.as_object().unwrap().iter().map(|(key, value)| (Cow::Owned(key.clone()), tree(value)));
    Node::new(entries.collect(), None)
}

fn tree<'a>(value: &Value) -> Tree<'a> {
    match value {
        Value::Null => Tree::Null,
        Value::Bool(flag) => Tree::Flag(*flag),
        Value::Number(number) => Tree::Text(number.to_string().into()),
        Value::String(text) => Tree::Text(text.clone().into()),
        Value::Array(items) => Tree::List(items.iter().map(tree).collect()),
        Value::Object(members) => match (members.get("?"), members.get("->")) {
            (Some(text), _) => Tree::unknown(Cause::Unset, text.as_str().unwrap().to_owned()),
            (_, Some(target)) => {
                let (address, attribute) = target.as_str().unwrap().split_once(' ').unwrap();
                let refers = Reference { address: address.to_owned(), attribute: attribute.to_owned() };
                let text = format!("{address}.{attribute}").into();
                Tree::Unknown(Box::new(Unknown { cause: Cause::Computed, text, refers: Some(refers) }))
            }
            _ => Tree::Object(node(value)),
        },
    }
}

/// A network with a rule and an instance with an external address.
fn shop() -> Value {
    json!({
        "google_compute_network.shop": {"name": "shop", "auto_create_subnetworks": false},
        "google_compute_subnetwork.s": {"name": "s", "network": {"->": "google_compute_network.shop id"}, "ip_cidr_range": "10.0.0.0/24"},
        "google_compute_firewall.web": {"name": "web", "network": {"->": "google_compute_network.shop self_link"},
            "allow": [{"protocol": "tcp", "ports": ["443"]}], "source_ranges": ["0.0.0.0/0"], "target_tags": ["web"]},
        "google_compute_instance.web": {"name": "web", "tags": ["web"],
            "network_interface": [{"subnetwork": {"->": "google_compute_subnetwork.s id"}, "access_config": [{}]}]},
    })
}

fn with(mut resources: Value, address: &str, values: Value) -> Value {
    resources[address] = values;
    resources
}

fn set(mut resources: Value, pointer: &str, value: Value) -> Value {
    let (above, key) = pointer.rsplit_once('/').unwrap();
    let above = resources.pointer_mut(above).unwrap();
    match above {
        Value::Object(members) => drop(members.insert(key.to_owned(), value)),
        other => other[key.parse::<usize>().unwrap()] = value,
    }
    resources
}

const OPEN: &str = "web exposed tcp/443 any 3702185728 / -";
const PERHAPS: &str = "web exposed possible tcp/443 any 3702185728 / -";

#[test]
fn a_declared_address_is_exposed_before_anybody_knows_it() {
    let answer = apply(&shop());
    answer.check(&[OPEN]);
    assert!(answer.codes().is_empty(), "{:?}", answer.readings);
}

#[test]
fn the_same_estate_is_the_same_answer() {
    let exported = scan(&[
        network("default"),
        firewall("web", "default", "tcp 443 0.0.0.0/0"),
        instance("web", "default", "203.0.113.9"),
    ]);
    let declared = apply(&json!({
        "google_compute_network.default": {"name": "default"},
        "google_compute_firewall.web": {"name": "web", "network": "default", "allow": [{"protocol": "tcp", "ports": ["443"]}], "source_ranges": ["0.0.0.0/0"]},
        "google_compute_instance.web": {"name": "web", "zone": "europe-west1-b", "network_interface": [{"network": "default", "access_config": [{"nat_ip": "203.0.113.9"}]}]},
    }));
    assert_eq!(declared.exposures(), exported.exposures());
    let ids = |answer: &Answer| {
        answer.snapshot.targets.iter().map(|target| target.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&declared), ids(&exported));
}

#[test]
fn what_is_not_known_bounds() {
    for (pointer, value, expected, code) in [
        (
            "/google_compute_firewall.web/source_ranges",
            json!({"?": "var.x"}),
            PERHAPS,
            "unresolved-expression",
        ),
        (
            "/google_compute_firewall.web/source_ranges/0",
            json!({"?": "var.x"}),
            PERHAPS,
            "unresolved-expression",
        ),
        ("/google_compute_firewall.web/target_tags", json!({"?": "var.x"}), PERHAPS, "unresolved-expression"),
        ("/google_compute_firewall.web/network", json!({"?": "var.x"}), PERHAPS, "unresolved-expression"),
        ("/google_compute_firewall.web/disabled", json!({"?": "var.x"}), PERHAPS, "unresolved-expression"),
        ("/google_compute_firewall.web/perhaps", json!(true), PERHAPS, "unresolved-expression"),
        ("/google_compute_instance.web/tags", json!({"?": "var.x"}), PERHAPS, "unresolved-expression"),
        ("/google_compute_instance.web/perhaps", json!(true), OPEN, "unknown-presence"),
        (
            "/google_compute_instance.web/network_interface/0/access_config/0/nat_ip",
            json!({"?": "var.x"}),
            OPEN,
            "unresolved-expression",
        ),
    ] {
        let answer = apply(&set(shop(), pointer, value));
        assert_eq!(answer.exposures(), [expected], "{pointer}");
        assert_eq!(answer.codes(), [code], "{pointer}");
    }
    let unknown_access =
        set(shop(), "/google_compute_instance.web/network_interface/0/access_config", json!({"?": "var.x"}));
    assert_eq!(apply(&unknown_access).exposures(), ["web admitted tcp/443 any 3702185728 / -"]);
}

#[test]
fn nobody_is_told_of_what_nobody_asks() {
    let secret =
        set(shop(), "/google_compute_instance.web/metadata_startup_script", json!({"?": "var.secret"}));
    let answer =
        apply(&set(secret, "/google_compute_instance.web/metadata", json!({"key": {"?": "var.key"}})));
    assert!(answer.codes().is_empty(), "{:?}", answer.readings);
}

#[test]
fn denials_that_may_be_missing_close_nothing() {
    let deny = json!({"name": "deny", "network": "shop", "priority": 10, "deny": [{"protocol": "all"}], "source_ranges": ["0.0.0.0/0"]});
    assert!(apply(&with(shop(), "google_compute_firewall.deny", deny.clone())).exposures().is_empty());
    let mut perhaps = deny;
    perhaps["perhaps"] = json!(true);
    apply(&with(shop(), "google_compute_firewall.deny", perhaps)).check(&[PERHAPS]);
}

#[test]
fn a_service_account_is_an_email_on_both_sides() {
    let mut shop = set(
        shop(),
        "/google_compute_firewall.web/target_service_accounts",
        json!([{"->": "google_service_account.a email"}]),
    );
    shop["google_compute_firewall.web"].as_object_mut().unwrap().remove("target_tags");
    let shop = with(shop, "google_service_account.a", json!({"account_id": "app"}));
    // An instance without an account has none.
    assert!(apply(&shop).exposures().is_empty());
    let default =
        set(shop.clone(), "/google_compute_instance.web/service_account", json!([{"scopes": ["s"]}]));
    apply(&default).check(&[PERHAPS]);
    let running = json!([{"email": "app@p.iam.gserviceaccount.com", "scopes": ["s"]}]);
    apply(&set(shop.clone(), "/google_compute_instance.web/service_account", running)).check(&[OPEN]);
    let other = json!([{"email": "other@p.iam.gserviceaccount.com"}]);
    assert!(apply(&set(shop, "/google_compute_instance.web/service_account", other)).exposures().is_empty());
}

#[test]
fn groups_are_made_of_their_template() {
    let estate = json!({
        "google_compute_network.n": {"name": "n"},
        "google_compute_firewall.lb": {"name": "lb", "network": "n", "allow": [{"protocol": "tcp", "ports": ["80"]}], "source_ranges": ["130.211.0.0/22", "35.191.0.0/16"]},
        "google_compute_instance_template.t": {"tags": ["web"], "network_interface": [{"network": "n"}]},
        "google_compute_instance_group_manager.m": {"name": "m", "zone": "europe-west1-b", "base_instance_name": "web",
            "version": [{"instance_template": {"->": "google_compute_instance_template.t self_link"}}], "named_port": [{"name": "http", "port": 80}], "target_size": 3},
        "google_compute_backend_service.b": {"name": "b", "port_name": "http", "backend": [{"group": {"->": "google_compute_instance_group_manager.m instance_group"}}]},
        "google_compute_url_map.u": {"name": "u", "default_service": {"->": "google_compute_backend_service.b id"}},
        "google_compute_target_http_proxy.p": {"name": "p", "url_map": {"->": "google_compute_url_map.u id"}},
        "google_compute_global_address.a": {"name": "a"},
        "google_compute_global_forwarding_rule.f": {"name": "f", "target": {"->": "google_compute_target_http_proxy.p id"}, "port_range": "80",
            "ip_address": {"->": "google_compute_global_address.a address"}},
    });
    let answer = apply(&estate);
    answer.check(&["web-* via-proxy tcp/80 any 3702185728 / -"]);
    assert!(answer.codes().is_empty(), "{:?} {:?}", answer.readings, answer.snapshot.gaps);
    // Without its template nobody knows who is behind it: it is told in place of them.
    let lost = set(
        estate,
        "/google_compute_instance_group_manager.m/version/0/instance_template",
        json!({"?": "var.t"}),
    );
    let answer = apply(&lost);
    assert!(answer.codes().contains(&"dangling-reference"), "{:?}", answer.codes());
    assert_eq!(answer.exposures(), ["f exposed tcp/80 any 3702185728 / -"]);
}

#[test]
fn policies_have_the_rules_that_are_declared_apart() {
    let policy = json!({"name": "pol"});
    let rule = json!({"firewall_policy": {"->": "google_compute_network_firewall_policy.pol name"}, "priority": 100, "action": "deny", "direction": "INGRESS",
        "match": [{"src_ip_ranges": ["0.0.0.0/0"], "layer4_configs": [{"ip_protocol": "tcp", "ports": ["443"]}]}]});
    let association = json!({"name": "as", "firewall_policy": {"->": "google_compute_network_firewall_policy.pol id"}, "attachment_target": {"->": "google_compute_network.shop id"}});
    let estate = set(
        shop(),
        "/google_compute_network.shop/network_firewall_policy_enforcement_order",
        json!("BEFORE_CLASSIC_FIREWALL"),
    );
    let estate = with(
        with(
            with(estate, "google_compute_network_firewall_policy.pol", policy),
            "google_compute_network_firewall_policy_rule.r",
            rule,
        ),
        "google_compute_network_firewall_policy_association.a",
        association,
    );
    let answer = apply(&estate);
    assert!(answer.exposures().is_empty(), "{:?}", answer.exposures());
    assert!(answer.codes().is_empty(), "{:?} {:?}", answer.readings, answer.snapshot.gaps);
    for resource in [
        "google_compute_network_firewall_policy_rule.r",
        "google_compute_network_firewall_policy_association.a",
    ] {
        let perhaps = set(estate.clone(), &format!("/{resource}/perhaps"), json!(true));
        assert_eq!(apply(&perhaps).exposures(), [PERHAPS], "{resource}");
    }
    let elsewhere = set(
        estate,
        "/google_compute_network_firewall_policy_association.a/firewall_policy",
        json!({"?": "var.policy"}),
    );
    assert_eq!(apply(&elsewhere).exposures(), ["web exposed possible any any 3702185728 / -"]);
}

#[test]
fn databases_have_a_public_address_unless_they_say_not() {
    let instance = |configuration: Value| json!({"google_sql_database_instance.db": {"name": "db", "database_version": "POSTGRES_15", "settings": [{"tier": "t", "ip_configuration": configuration}]}});
    let everybody = json!([{"value": "0.0.0.0/0", "name": "all"}]);
    apply(&instance(json!([{"authorized_networks": everybody}])))
        .check(&["db exposed tcp/5432 any 3702185728 / -"]);
    assert!(
        apply(&instance(json!([{"authorized_networks": everybody, "ipv4_enabled": false}])))
            .exposures()
            .is_empty()
    );
    assert!(
        apply(&instance(json!([]))).exposures().is_empty() && apply(&instance(json!([]))).codes().is_empty()
    );
    let unknown = apply(&instance(json!([{"authorized_networks": {"?": "var.x"}}])));
    unknown.check(&["db exposed possible tcp/5432 any 3702185728 / -"]);
    let unknown = apply(&instance(json!({"?": "var.x"})));
    unknown.check(&["db exposed possible tcp/5432 any 3702185728 / -"]);
}

#[test]
fn control_planes_are_public_unless_they_say_not() {
    let cluster = |more: Value| {
        let mut cluster = json!({"name": "c", "location": "europe-west1"});
        cluster.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        apply(&json!({"google_container_cluster.c": cluster}))
    };
    cluster(json!({})).check(&["c exposed tcp/443 any 3702185728 / -"]);
    assert!(
        cluster(json!({"private_cluster_config": [{"enable_private_endpoint": true}]}))
            .exposures()
            .is_empty()
    );
    let listed = json!({"master_authorized_networks_config": [{"cidr_blocks": [{"cidr_block": "8.8.8.0/24"}], "gcp_public_cidrs_access_enabled": false}]});
    cluster(listed).check(&["c exposed tcp/443 narrow 256 / -"]);
    cluster(json!({"private_cluster_config": {"?": "var.x"}}))
        .check(&["c exposed possible tcp/443 any 3702185728 / -"]);
}

#[test]
fn what_is_not_assessed_is_told() {
    let answer = apply(&json!({
        "google_cloud_run_v2_service.open": {"name": "open"},
        "google_cloud_run_v2_service.inside": {"name": "inside", "ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"},
        "google_cloud_run_service.old": {"name": "old", "metadata": [{"annotations": {"run.googleapis.com/ingress": "internal"}}]},
        "google_project_iam_member.x": {"role": "r"},
    }));
    assert_eq!(answer.codes(), ["unsupported-resource"]);
    assert_eq!(answer.snapshot.coverage.get("cloud-run-service").map(|count| count.not_assessed), Some(3));
}

#[test]
fn routes_that_google_makes_are_there() {
    let without = set(shop(), "/google_compute_network.shop/delete_default_routes_on_create", json!(true));
    assert_eq!(apply(&without).exposures(), ["web one-way tcp/443 any 3702185728 / -"]);
    let own = json!({"name": "out", "network": "shop", "dest_range": "0.0.0.0/0", "next_hop_gateway": "default-internet-gateway"});
    apply(&with(without.clone(), "google_compute_route.out", own)).check(&[OPEN]);
    let unknown =
        set(without, "/google_compute_network.shop/delete_default_routes_on_create", json!({"?": "var.x"}));
    assert_eq!(apply(&unknown).exposures().len(), 2);
    // A network that is elsewhere has others.
    let elsewhere =
        json!({"name": "vpn", "network": "default", "dest_range": "8.8.0.0/16", "next_hop_vpn_tunnel": "t"});
    let estate = set(
        shop(),
        "/google_compute_instance.web/network_interface/0",
        json!({"network": "default", "access_config": [{}]}),
    );
    let estate = set(estate, "/google_compute_firewall.web/network", json!("default"));
    assert_eq!(apply(&with(estate, "google_compute_route.vpn", elsewhere)).exposures().len(), 2);
}

#[test]
fn ids_are_those_that_google_will_give() {
    let answer = apply(&shop());
    let ids: Vec<&str> = answer.snapshot.targets.iter().map(|target| &*target.id).collect();
    assert_eq!(ids, ["projects/p/zones/europe-west1-b/instances/web/networkInterfaces/nic0"]);
    let state = set(
        shop(),
        "/google_compute_instance.web/self_link",
        json!(format!("{API}projects/q/zones/z/instances/web")),
    );
    let answer = apply(&state);
    assert_eq!(&*answer.snapshot.targets[0].id, "projects/q/zones/z/instances/web/networkInterfaces/nic0");
}
