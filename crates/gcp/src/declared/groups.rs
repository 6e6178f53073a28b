//! Who is behind load balancers: instance groups and what manages them, target pools and instances, endpoint groups.

use cloud::json::Tree;

use crate::resource::path_of;

use super::Out;
use super::machines::managed;
use super::shape::{Shape, Words, each, items, object, perhaps, text};
use super::world::{Thing, World, known_text, value_in};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for kind in ["google_compute_instance_group_manager", "google_compute_region_instance_group_manager"] {
        world.of_kind(kind).for_each(|thing| manager(world, thing, out));
    }
    world.of_kind("google_compute_instance_group").for_each(|thing| group(thing, out));
    world.of_kind("google_compute_instance_group_membership").for_each(|thing| membership(thing, out));
    world.of_kind("google_compute_instance_group_named_port").for_each(|thing| named_port(thing, out));
    for thing in world.of_kind("google_compute_target_pool") {
        let mut shape = Shape::of(thing, &PLAIN);
        shape.edit("instances", |instances| each(set_of(instances), |one| of_zone(one, &thing.project())));
        out.add("target-pool", "compute#targetPool", thing, shape);
    }
    for thing in world.of_kind("google_compute_target_instance") {
        let shape = Shape::of(thing, &PLAIN);
        out.add("target-instance", "compute#targetInstance", thing, shape);
    }
    for (kind, default) in ENDPOINT_GROUPS {
        for thing in world.of_kind(kind) {
            let mut shape = Shape::of(thing, &PLAIN);
            shape.or_text("networkEndpointType", default);
            out.add("network-endpoint-group", "compute#networkEndpointGroup", thing, shape);
        }
    }
    world
        .of_kind("google_compute_network_endpoint")
        .for_each(|thing| endpoint(thing, thing.node_tree(), out));
    for thing in world.of_kind("google_compute_network_endpoints") {
        for one in items(thing.value("network_endpoints")) {
            endpoint(thing, one.clone(), out);
        }
    }
}

/// The template that a value names.
pub(super) fn template_of<'w, 'a>(world: &'w World<'w, 'a>, value: &Tree<'a>) -> Option<Thing<'w, 'a>> {
    let is_one = |thing: &Thing<'w, 'a>| TEMPLATES.contains(&thing.kind()) && !thing.declared.is_looked_up;
    world.target(value).filter(is_one).or_else(|| world.at_path(known_text(value)?, &TEMPLATES))
}

fn manager<'w, 'a>(world: &'w World<'w, 'a>, thing: Thing<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    let path = thing.path();
    let group = path.replace("/instanceGroupManagers/", "/instanceGroups/");
    let mut shape = Shape::of(thing, &NAMED_PORTS);
    let ports = shape.get("namedPorts").cloned();
    shape.set_text("instanceGroup", group.clone());
    out.add("instance-group-manager", "compute#instanceGroupManager", thing, shape);
    let is_empty = thing.text("target_size") == Some("0") && !is_scaled(world, &path);
    let mut own = Shape::empty(thing.at());
    own.entries.extend(ports.map(|ports| ("namedPorts".into(), ports)));
    own.set_text("name", thing.name());
    own.set_text("selfLink", group.clone());
    if is_empty {
        own.set_text("size", "0");
    }
    out.put("instance-group", "compute#instanceGroup", group, own);
    if is_empty {
        return;
    }
    let versions = items(thing.value("version")).iter();
    let templates = versions.map(|version| match version {
        Tree::Object(version) => value_in(version, "instance_template"),
        other => Some(other),
    });
    let templates: Vec<Option<&Tree<'a>>> = match thing.value("instance_template") {
        Some(template) => vec![Some(template)],
        None => templates.collect(),
    };
    let base = thing.text("base_instance_name").map_or_else(|| thing.name(), str::to_owned);
    // One instance stands for all that are made alike.
    let zone = match thing.kind() {
        "google_compute_instance_group_manager" => thing.zone(),
        _ => format!("{}-*", thing.region()),
    };
    for (number, template) in templates.iter().enumerate() {
        let name = if number == 0 { format!("{base}-*") } else { format!("{base}-*{}", number + 1) };
        match template.and_then(|template| template_of(world, template)) {
            Some(template) => managed(thing, template, (name, zone.clone()), out),
            None => out.tell_lost(thing, "its instance template"),
        }
    }
}

/// Whether something changes how many instances a manager makes.
fn is_scaled<'w, 'a>(world: &'w World<'w, 'a>, path: &str) -> bool {
    let scalers = ["google_compute_autoscaler", "google_compute_region_autoscaler"];
    scalers.iter().any(|kind| {
        world.of_kind(kind).any(|scaler| scaler.word("target").is_none_or(|target| path_of(&target) == path))
    })
}

fn group<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &NAMED_PORTS);
    let listed = shape.take("instances");
    out.add("instance-group", "compute#instanceGroup", thing, shape);
    let item = |instance: Tree<'a>| object(vec![("instance", instance)], thing.at());
    let listed = match listed.map(set_of) {
        Some(Tree::List(instances)) => Tree::List(instances.into_iter().map(item).collect()),
        Some(unknown) => unknown,
        None => Tree::List(Vec::new()),
    };
    let path = thing.path();
    let mut members = Shape::empty(thing.at());
    members.set_text("instanceGroup", path.clone());
    members.set("items", listed);
    out.put("instance-group-members", "compute#instanceGroupsListInstances", path, members);
}

fn membership<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let instance = if thing.is_perhaps() { Some(perhaps()) } else { thing.resolved("instance") };
    let path = path_in(thing, "instance_group", "zones", "instanceGroups");
    let item = object(instance.map(|instance| ("instance", instance)).into_iter().collect(), thing.at());
    match path.and_then(|path| out.known("instance-group-members", &path)) {
        Some(members) => Out::push(members, "items", item),
        None => out.tell_lost(thing, "its group"),
    }
}

fn named_port<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let port = thing.resolved("port").map(|port| ("port", if thing.is_perhaps() { perhaps() } else { port }));
    let name = thing.resolved("name").map(|name| ("name", name));
    let item = object(name.into_iter().chain(port).collect(), thing.at());
    match path_in(thing, "group", "zones", "instanceGroups")
        .and_then(|path| out.known("instance-group", &path))
    {
        Some(group) => Out::push(group, "namedPorts", item),
        None => out.tell_lost(thing, "its group"),
    }
}

/// The path that an argument names: a path, a reference, or the name of something in the same place.
fn path_in(thing: Thing<'_, '_>, key: &str, place: &str, collection: &str) -> Option<String> {
    let named = thing.word(key)?;
    Some(match named.contains('/') {
        true => path_of(&named).to_owned(),
        false => {
            let own = if place == "zones" { thing.zone() } else { thing.region() };
            format!("projects/{}/{place}/{own}/{collection}/{named}", thing.project())
        }
    })
}

/// An endpoint of a group. An address that is told when its instance is made is the instance's.
fn endpoint<'a>(thing: Thing<'_, 'a>, one: Tree<'a>, out: &mut Out<'_, '_, 'a>) {
    let Some(path) = path_in(thing, "network_endpoint_group", "zones", "networkEndpointGroups") else {
        return out.tell_lost(thing, "its group");
    };
    let endpoint = match &one {
        Tree::Object(node) => {
            let mut shape = Shape::of_node(thing.world, node, &PLAIN);
            shape
                .entries
                .retain(|(key, _)| ["instance", "ipAddress", "ipv6Address", "port"].contains(&&**key));
            if matches!(shape.get("ipAddress"), Some(Tree::Unknown(_)))
                && matches!(shape.get("instance"), Some(Tree::Text(_)))
            {
                shape.take("ipAddress");
            }
            if thing.is_perhaps() {
                shape.set("ipAddress", perhaps());
            }
            Tree::Object(shape.node())
        }
        other => other.clone(),
    };
    let item = match endpoint {
        Tree::Object(_) => object(vec![("networkEndpoint", endpoint)], thing.at()),
        other => other,
    };
    if let Some(known) = out.known("network-endpoints", &path) {
        return Out::push(known, "items", item);
    }
    let mut endpoints = Shape::empty(thing.at());
    endpoints.set_text("networkEndpointGroup", path.clone());
    endpoints.set("items", Tree::List(vec![item]));
    out.put("network-endpoints", "compute#networkEndpointGroupsListNetworkEndpoints", path, endpoints);
}

/// A set that one reference makes is of that one.
fn set_of(value: Tree<'_>) -> Tree<'_> {
    match value {
        one @ Tree::Text(_) => Tree::List(vec![one]),
        other => other,
    }
}

/// `europe-west1-b/vm` is an instance, too.
fn of_zone<'a>(instance: Tree<'a>, project: &str) -> Tree<'a> {
    match &instance {
        Tree::Text(named) => match named.split('/').collect::<Vec<_>>().as_slice() {
            [zone, name] => text(format!("projects/{project}/zones/{zone}/instances/{name}")),
            _ => instance,
        },
        _ => instance,
    }
}

impl<'a> Thing<'_, 'a> {
    fn node_tree(self) -> Tree<'a> {
        Tree::Object(self.node().clone())
    }
}

pub(super) const TEMPLATES: [&str; 2] =
    ["google_compute_instance_template", "google_compute_region_instance_template"];
const ENDPOINT_GROUPS: [(&str, &str); 3] = [
    ("google_compute_network_endpoint_group", "GCE_VM_IP_PORT"),
    ("google_compute_region_network_endpoint_group", "SERVERLESS"),
    // It has no other than these two.
    ("google_compute_global_network_endpoint_group", "INTERNET_IP_PORT"),
];
const PLAIN: Words = Words { alone: &[], blocks: &[], renamed: &[] };
const NAMED_PORTS: Words =
    Words { alone: &[], blocks: &["named_port"], renamed: &[("named_port", "namedPorts")] };
