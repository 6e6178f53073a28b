//! Services with a firewall of their own: Cloud SQL, GKE, App Engine (P30 to P32).

use std::collections::BTreeMap;

use cloud::json::{Node, Tree};

use super::shape::{Shape, Words, object, perhaps, text};
use super::world::{Thing, World, is_unsaid};
use super::{Out, holder};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    world.of_kind("google_sql_database_instance").for_each(|thing| cloud_sql(thing, out));
    world.of_kind("google_container_cluster").for_each(|thing| cluster(thing, out));
    app_engine(world, out);
}

fn cloud_sql<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &SQL);
    shape.set_text("project", thing.project());
    if let Some(region) = thing.located("region") {
        shape.set_text("region", region);
    }
    shape.edit("settings", |settings| match settings {
        Tree::Object(settings) => Tree::Object(with_public_address(settings)),
        other => other,
    });
    out.add("cloud-sql-instance", "sql#instance", thing, shape);
}

/// The provider asks for a public address unless it is told otherwise.
fn with_public_address(settings: Node<'_>) -> Node<'_> {
    let at = settings.at;
    let mut settings = Shape { entries: settings.into_entries(), at };
    match settings.take("ipConfiguration") {
        Some(Tree::Object(mut configuration)) => {
            if configuration.own("ipv4Enabled").is_none() {
                configuration.push("ipv4Enabled".into(), Tree::Flag(true));
            }
            settings.set("ipConfiguration", Tree::Object(configuration));
        }
        Some(other) => settings.set("ipConfiguration", other),
        None => settings.set("ipConfiguration", object(vec![("ipv4Enabled", Tree::Flag(true))], at)),
    }
    settings.node()
}

fn cluster<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &CLUSTER);
    // The block is the switch: without it everybody is let in.
    shape.edit("masterAuthorizedNetworksConfig", |list| match list {
        Tree::Object(mut list) => {
            if list.own("enabled").is_none() {
                list.push("enabled".into(), Tree::Flag(true));
            }
            Tree::Object(list)
        }
        other => other,
    });
    let location = ["location", "zone", "region"].iter().find_map(|key| thing.located(key));
    if let Some(location) = location {
        shape.set_text("location", location);
    }
    out.add("gke-cluster", "container#cluster", thing, shape);
}

fn app_engine<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut firewalls: BTreeMap<String, (Option<&'a str>, Vec<Tree<'a>>)> = BTreeMap::new();
    let mut declared: Vec<String> = Vec::new();
    for thing in world.of_kind("google_app_engine_application") {
        let mut shape = Shape::of(thing, &SERVICE);
        let project = thing.project();
        shape.set_text("name", format!("apps/{project}"));
        if thing.is_perhaps() {
            out.tell_perhaps(thing);
        }
        out.put("app-engine-application", "", format!("apps/{project}"), shape);
        declared.push(project);
    }
    for thing in world.of_kind("google_app_engine_firewall_rule") {
        let mut shape = Shape::of(thing, &SERVICE);
        if thing.is_perhaps() {
            shape.set("action", perhaps());
        }
        let project = thing.project();
        let is_stray = !declared.is_empty() && !declared.contains(&project);
        if is_stray && matches!(thing.value("project"), Some(Tree::Unknown(_))) {
            out.tell_lost(thing, "the application of its project");
        }
        let rules = firewalls.entry(project).or_insert_with(|| (thing.at(), Vec::new()));
        rules.1.push(Tree::Object(shape.node()));
    }
    for (project, (at, mut rules)) in firewalls {
        // A new application lets in whom no rule names.
        let is_default = |rule: &Tree<'_>| matches!(rule, Tree::Object(rule) if rule.own("priority") == Some(&text(DEFAULT)));
        if declared.contains(&project) && !rules.iter().any(is_default) {
            let rest =
                vec![("priority", text(DEFAULT)), ("action", text("ALLOW")), ("sourceRange", text("*"))];
            rules.push(object(rest, at));
        }
        let mut shape = Shape::empty(at);
        shape.set_text("application", format!("apps/{project}"));
        shape.set("ingressRules", Tree::List(rules));
        out.put("app-engine-firewall", "", format!("apps/{project}/firewall"), shape);
    }
    services(world, out);
}

/// Services are there with their first version; what they take from where is declared apart.
fn services<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    let kinds = [
        "google_app_engine_standard_app_version",
        "google_app_engine_flexible_app_version",
        "google_app_engine_service_network_settings",
    ];
    let mut found: BTreeMap<String, Shape<'a>> = BTreeMap::new();
    for thing in kinds.iter().flat_map(|kind| world.of_kind(kind)) {
        let service = thing.word("service").unwrap_or_else(|| "default".to_owned());
        let path = format!("apps/{}/services/{service}", thing.project());
        let shape = found.entry(path.clone()).or_insert_with(|| Shape::empty(thing.at()));
        shape.set_text("name", path);
        let settings = thing.node().own("network_settings");
        if thing.kind() == "google_app_engine_service_network_settings" && settings.is_some() {
            let mut own = Shape::of(thing, &SERVICE);
            let settings = if thing.is_perhaps() || settings.is_some_and(is_unsaid) {
                Some(perhaps())
            } else {
                own.take("networkSettings")
            };
            shape.entries.extend(settings.map(|settings| ("networkSettings".into(), settings)));
        }
    }
    for (path, shape) in found {
        let project = path.split('/').nth(1).unwrap_or_default();
        let origin = holder(&format!("apps/{project}"));
        out.put("app-engine-service", "", path, shape);
        if let Some(draft) = out.drafts.last_mut() {
            draft.origin = origin;
        }
    }
}

const DEFAULT: &str = "2147483647";
const SQL: Words = Words {
    alone: &["settings", "ip_configuration", "connection_pool_config"],
    blocks: &["authorized_networks", "settings"],
    renamed: &[("ip_address", "ipAddresses")],
};
const CLUSTER: Words = Words {
    alone: &[
        "private_cluster_config",
        "master_authorized_networks_config",
        "control_plane_endpoints_config",
        "dns_endpoint_config",
        "ip_endpoints_config",
    ],
    blocks: &["cidr_blocks"],
    renamed: &[],
};
const SERVICE: Words = Words { alone: &["network_settings"], blocks: &[], renamed: &[] };
