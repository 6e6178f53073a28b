//! What a Terraform configuration declares, written as the REST interface prints it.
//!
//! Knows the types of resources and their arguments; not how a configuration is written. One file for each family; a
//! type is a line in its `ROWS`.

mod account;
mod application_gateway;
mod balancer;
mod database;
mod firewall;
mod gateway;
mod group;
mod ids;
mod interface;
mod manager;
mod namespace;
mod network;
mod one;
mod others;
mod references;
mod row;
mod scale_set;
mod scene;
mod site;
mod spelled;
mod strays;
mod written;

use std::collections::BTreeMap;

use cloud::json::{Node, Tree};
use cloud::{Arguments, Declarations, Desk, Presence, Quoted};
use model::Effect;

use self::one::One;
use self::row::{Make, Row};
use self::scene::Scene;
use self::strays::{LoneRules, correct, groups_of, stray};
use self::written::{Written, text};

/// The types of resources, family by family.
static FAMILIES: [&[Row]; 14] = [
    account::ROWS,
    application_gateway::ROWS,
    balancer::ROWS,
    database::ROWS,
    firewall::ROWS,
    gateway::ROWS,
    group::ROWS,
    interface::ROWS,
    manager::ROWS,
    namespace::ROWS,
    network::ROWS,
    others::ROWS,
    scale_set::ROWS,
    site::ROWS,
];

/// The resources that are declared, each as the REST interface would print it. What may not be there is told.
pub(crate) fn made<'a>(declarations: &Declarations<'_, 'a>, desk: &mut Desk<'_, 'a>) -> Vec<Node<'a>> {
    if !declarations.resources.iter().any(|declared| is_of_azure(&declared.kind)) {
        return Vec::new();
    }
    let rows: BTreeMap<&str, &'static Row> =
        FAMILIES.iter().flat_map(|family| family.iter()).map(|row| (row.kind, row)).collect();
    let scene = Scene::new(declarations, |kind| rows.get(kind).copied());
    let mut made = Vec::with_capacity(declarations.resources.len());
    let (mut corrections, mut lone_rules) = (Vec::new(), LoneRules::new());
    for (index, declared) in declarations.resources.iter().enumerate() {
        if declared.is_looked_up || !is_of_azure(&declared.kind) {
            continue;
        }
        let Some(one) = scene.one(index) else { continue };
        let nodes = match scene.row(index).map(|row| row.make) {
            Some(Make::Resources(make)) => make(one),
            Some(Make::Spelled) if spelled::slot(declared).is_none() => spelled::resources(one),
            // What adds to something of another configuration.
            Some(Make::Item(..) | Make::Spelled) if !scene.is_placed(index) => {
                stray(one, &mut lone_rules, desk)
            }
            Some(Make::Item(..) | Make::Spelled | Make::Nothing) => Vec::new(),
            Some(Make::Corrected) => {
                corrections.push(one);
                Vec::new()
            }
            None => vec![other(one)],
        };
        if declared.presence == Presence::Perhaps && !nodes.is_empty() {
            tell_presence(one, desk);
        }
        made.extend(nodes);
    }
    made.extend(groups_of(lone_rules, desk));
    for one in corrections {
        correct(one, &mut made);
    }
    // A network names its subnets; what stands beside it says more.
    made.sort_by_key(|node| !is_network(node));
    made
}

/// Tells what groups have beyond the arguments that are known; what rules have their reader tells.
pub(crate) fn tell_unknown<'a>(declarations: &Declarations<'_, 'a>, desk: &mut Desk<'_, 'a>) {
    cloud::tell_unknown_arguments(declarations, ARGUMENTS, desk);
}

const ARGUMENTS: &[Arguments] = &[Arguments {
    kinds: &["azurerm_network_security_group"],
    known: &["id", "location", "name", "resource_group_name", "security_rule", "tags"],
    blocks: &[],
}];

fn is_of_azure(kind: &str) -> bool {
    kind.starts_with("azurerm_") || kind.starts_with("azapi_")
}

fn is_network(node: &Node<'_>) -> bool {
    matches!(node.own("type"), Some(Tree::Text(kind)) if kind.eq_ignore_ascii_case("Microsoft.Network/virtualNetworks"))
}

/// Any other resource: that it is there is counted.
fn other<'a>(one: One<'_, 'a>) -> Node<'a> {
    let kind = Tree::Text(format!("Microsoft.Other/{}", one.kind()).into());
    let who = one.who();
    Written::at(one.at())
        .with("id", text(who.id.to_owned()))
        .with("name", text(who.name.to_owned()))
        .with("type", kind)
        .node()
}

fn tell_presence<'a>(one: One<'_, 'a>, desk: &mut Desk<'_, 'a>) {
    let message = format!(
        "{}: whether it will be there, or how many of it, is not known: it is taken as there, once",
        Quoted(&one.declared.address)
    );
    let place = desk.place(one.at());
    desk.note(place, "unknown-presence", Effect::Undecided, message);
}
