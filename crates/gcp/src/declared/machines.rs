//! Instances, and those that the manager of a group makes from its template.

use std::borrow::Cow;

use cloud::json::{Cause, Node, Tree};

use super::Out;
use super::groups::{TEMPLATES, template_of};
use super::shape::{Shape, Words, each, items, object, text};
use super::world::{Thing, World, known_text};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for thing in world.of_kind("google_compute_instance") {
        let shape = Shape::of(thing, &MACHINE);
        add(thing, shape, out);
    }
    for thing in world.of_kind("google_compute_instance_from_template") {
        let mut shape =
            match thing.value("source_instance_template").and_then(|value| template_of(world, value)) {
                Some(template) => Shape::of(template, &MACHINE),
                None => {
                    out.tell_lost(thing, "its template");
                    Shape::empty(thing.at())
                }
            };
        // What it says itself counts.
        let own = Shape::of(thing, &MACHINE);
        for (key, value) in own.entries {
            if !matches!(&value, Tree::List(items) if items.is_empty()) {
                shape.entries.retain(|(known, _)| *known != key);
                shape.entries.push((key, value));
            }
        }
        shape.at = thing.at();
        add(thing, shape, out);
    }
}

fn add<'a>(thing: Thing<'_, 'a>, mut shape: Shape<'a>, out: &mut Out<'_, '_, 'a>) {
    let path = thing.path();
    finish(thing, &mut shape, &path, out);
    shape.set_text("zone", thing.zone());
    if let Some(number) = thing.text("instance_id") {
        shape.set_text("id", number.to_owned());
    }
    if let Some(status) = ["current_status", "desired_status"].iter().find_map(|key| thing.text(key)) {
        shape.set_text("status", status.to_owned());
    }
    bind_tags(thing, &path, out);
    out.add("instance", "compute#instance", thing, shape);
}

/// An instance that a group's manager makes from a template.
pub(super) fn managed<'a>(
    maker: Thing<'_, 'a>,
    template: Thing<'_, 'a>,
    (name, zone): (String, String),
    out: &mut Out<'_, '_, 'a>,
) {
    let path = format!("projects/{}/zones/{zone}/instances/{name}", maker.project());
    let mut shape = Shape::of(template, &MACHINE);
    finish(template, &mut shape, &path, out);
    let made = object(vec![("key", text("created-by")), ("value", text(maker.path()))], None);
    shape.set("metadata", object(vec![("items", Tree::List(vec![made]))], None));
    shape.set_text("zone", zone);
    shape.set_text("name", name);
    shape.set_text("selfLink", path.clone());
    bind_tags(template, &path, out);
    out.put("instance", "compute#instance", path, shape);
}

/// What instances and templates say in other forms than the API.
fn finish<'a>(thing: Thing<'_, 'a>, shape: &mut Shape<'a>, path: &str, out: &mut Out<'_, '_, 'a>) {
    shape.edit("tags", |tags| object(vec![("items", tags)], None));
    shape.edit("serviceAccounts", |accounts| each(accounts, with_email));
    shape.edit("networkInterfaces", |interfaces| {
        each(interfaces, |interface| addressed(interface, thing, path, out))
    });
}

/// Without an email an instance runs as the default account of its project, whose number is in its name.
fn with_email(account: Tree<'_>) -> Tree<'_> {
    match account {
        Tree::Object(mut node) if node.own("email").is_none() => {
            node.push(Cow::Borrowed("email"), Tree::unknown(Cause::Computed, ""));
            Tree::Object(node)
        }
        other => other,
    }
}

/// An interface: its internal address is told when it is made, and so is an external one that nobody names.
fn addressed<'a>(
    interface: Tree<'a>,
    thing: Thing<'_, 'a>,
    path: &str,
    out: &mut Out<'_, '_, 'a>,
) -> Tree<'a> {
    let Tree::Object(node) = interface else { return interface };
    let at = node.at;
    let mut shape = Shape { entries: node.into_entries(), at };
    // What a whole interface does not say it does not have.
    shape.set_text("kind", "compute#networkInterface");
    let is_later = match shape.get("networkIP") {
        None => true,
        Some(Tree::Unknown(unknown)) => unknown.cause == Cause::Computed,
        Some(value) => known_text(value).is_none(),
    };
    if is_later {
        shape.set("networkIP", Tree::unknown(Cause::Computed, ""));
    }
    if shape.get("network").is_none() && shape.get("subnetwork").is_none() {
        shape.set_text("network", "default");
    }
    // A bare name of a subnetwork may be one of another project.
    if let (Some(Tree::Text(project)), Some(Tree::Text(name))) =
        (shape.take("subnetworkProject"), shape.get("subnetwork"))
        && !name.contains('/')
        && !project.is_empty()
    {
        let link = format!("projects/{project}/regions/{}/subnetworks/{name}", thing.region());
        shape.set_text("subnetwork", link);
    }
    shape.edit("accessConfigs", |configs| each(configs, |config| external(config, thing, path, out)));
    Tree::Object(shape.node())
}

fn external<'a>(config: Tree<'a>, thing: Thing<'_, 'a>, path: &str, out: &mut Out<'_, '_, 'a>) -> Tree<'a> {
    let node = match config {
        Tree::Object(node) => node,
        Tree::Null => Node::default(),
        other => return other,
    };
    let at = node.at;
    let mut shape = Shape { entries: node.into_entries(), at };
    shape.take("publicPtrDomainName");
    let is_later =
        matches!(shape.get("natIP"), Some(Tree::Unknown(unknown)) if unknown.cause == Cause::Computed);
    let named = if is_later { shape.take("natIP") } else { None };
    if let Some(reserved) = named.and_then(|value| thing.world.target(&value))
        && let Some(address) = out.known("address", &reserved.path())
    {
        Out::push(address, "users", text(path.to_owned()));
    }
    Tree::Object(shape.node())
}

/// Secure tags that are bound when an instance is made.
fn bind_tags<'a>(thing: Thing<'_, 'a>, path: &str, out: &mut Out<'_, '_, 'a>) {
    let mut number = 0;
    let mut bind = |at, value: Tree<'a>| {
        let mut binding = Shape::empty(at);
        binding.set_text("parent", path.to_owned());
        binding.set("tagValue", value);
        binding.set_text("name", format!("tagBindings/{path}/{number}"));
        out.put("tag-binding", "", format!("tagBindings/{path}/{number}"), binding);
        number += 1;
    };
    for block in items(thing.value("params")) {
        let tags = match block {
            Tree::Object(params) => params.own("resource_manager_tags"),
            other => Some(other),
        };
        match tags {
            None | Some(Tree::Null) => {}
            Some(Tree::Object(tags)) => {
                let at = tags.at.or(thing.at());
                tags.entries().iter().for_each(|(_, value)| bind(at, thing.world.resolved(value)));
            }
            // Which tags it will have is not known: one that may be each of them.
            Some(unknown) => bind(thing.at(), unknown.clone()),
        }
    }
}

/// Templates that no group's manager uses make nothing.
pub(super) fn is_template(kind: &str) -> bool {
    TEMPLATES.contains(&kind)
}

const MACHINE: Words = Words {
    alone: &[],
    blocks: &[
        "network_interface",
        "access_config",
        "ipv6_access_config",
        "alias_ip_range",
        "service_account",
    ],
    renamed: &[
        ("network_interface", "networkInterfaces"),
        ("access_config", "accessConfigs"),
        ("ipv6_access_config", "ipv6AccessConfigs"),
        ("alias_ip_range", "aliasIpRanges"),
        ("service_account", "serviceAccounts"),
        ("network_ip", "networkIP"),
        ("nat_ip", "natIP"),
    ],
};
