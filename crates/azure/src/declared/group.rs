//! Network security groups and their rules, inside of them or on their own.

use cloud::json::{Node, Tree};

use super::one::{Block, Listed, One, doubtful, is_filled_in, says_something};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::Written;
use crate::wire::CONDITION;

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_network_security_group", place: Place::Group(GROUP), make: Make::Resources(group) },
    Row {
        kind: "azurerm_network_security_rule",
        place: Place::Part(&OWNER, "securityRules"),
        make: Make::Item(Slot::GroupRules, &OWNER, lone_rule),
    },
    Row {
        kind: "azurerm_application_security_group",
        place: Place::Group("Microsoft.Network/applicationSecurityGroups"),
        make: Make::Resources(application_group),
    },
];

const GROUP: &str = "Microsoft.Network/networkSecurityGroups";

static OWNER: Parent = Parent {
    ids: &["network_security_group_id"],
    names: &["network_security_group_name"],
    kinds: &["azurerm_network_security_group"],
    path: GROUP,
};

fn group<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let alone = one.added(Slot::GroupRules);
    let mut rules: Vec<Tree<'a>> = Vec::with_capacity(alone.len());
    for listed in one.block().blocks(&["security_rule"]) {
        match listed {
            Listed::This(block) => rules.push(rule(block, None)),
            // Rules inside and rules on their own are not mixed: what nobody wrote are those.
            Listed::Unknown(value) if is_filled_in(&value) && !alone.is_empty() => {}
            Listed::Unknown(value) => rules.push(value),
        }
    }
    for rule in alone {
        add(&mut rules, rule);
    }
    let own = Written::default()
        .with("securityRules", Tree::List(rules))
        // Azure adds them (A2). That the key is there says that the others are all.
        .with("defaultSecurityRules", Tree::List(Vec::new()));
    vec![Written::resource(GROUP, &one.who(), one.at(), own).node()]
}

/// Adds a rule that stands on its own. States have it inside of its group too; where both differ, each is possible.
fn add<'a>(rules: &mut Vec<Tree<'a>>, rule: Tree<'a>) {
    let name = name_of(&rule);
    let known = rules.iter_mut().find(|known| name.is_some() && name_of(known) == name);
    match known {
        Some(known) if is_same(known, &rule) => {}
        Some(known) => {
            *known = doubted(known.clone());
            rules.push(doubted(rule));
        }
        None => rules.push(rule),
    }
}

fn name_of(rule: &Tree<'_>) -> Option<String> {
    match rule {
        Tree::Object(node) => match node.own("name") {
            Some(Tree::Text(name)) => Some(name.to_lowercase()),
            Some(_) | None => None,
        },
        Tree::Null | Tree::Flag(_) | Tree::Text(_) | Tree::List(_) | Tree::Unknown(_) => None,
    }
}

/// Whether two rules say the same. Prose and what is empty say nothing.
fn is_same(one: &Tree<'_>, other: &Tree<'_>) -> bool {
    let (Tree::Object(one), Tree::Object(other)) = (one, other) else { return false };
    let all = |from: &Node<'_>, to: &Node<'_>| {
        let stated =
            from.entries().iter().filter(|(key, value)| says_something(value) && key != "description");
        stated.clone().all(|(key, value)| to.own(key) == Some(value))
    };
    all(one, other) && all(other, one)
}

fn lone_rule<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let written = rule(one.block(), Some(one.who().name));
    let is_certain = one.is_certain() && one.scene.has_owner(one.index);
    Some(if is_certain { written } else { doubted(written) })
}

/// A rule that may be there or not.
fn doubted(rule: Tree<'_>) -> Tree<'_> {
    match rule {
        Tree::Object(mut node) => {
            node.push(CONDITION.into(), doubtful(None));
            Tree::Object(node)
        }
        other => other,
    }
}

fn rule<'a>(block: Block<'_, 'a>, name: Option<&str>) -> Tree<'a> {
    let mut written = Written::at(block.at());
    written
        .put("name", name.map(|name| Tree::Text(name.to_owned().into())).or_else(|| block.value(&["name"])));
    for (argument, key) in VALUES {
        written.put(key, block.value(&[argument]));
    }
    for (argument, key) in REFERENCES {
        written.put(key, block.references(&[argument]));
    }
    // What nobody knows may narrow the rule: the reader tells of it.
    for (key, value) in block.node.entries() {
        let is_known = VALUES.iter().chain(&REFERENCES).any(|(known, _)| known == key);
        if !is_known && !UNRELATED.contains(&&**key) && says_something(value) {
            written.put_stated(key.clone(), value.clone());
        }
    }
    written.tree()
}

fn application_group<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let kind = "Microsoft.Network/applicationSecurityGroups";
    vec![Written::resource(kind, &one.who(), one.at(), Written::default()).node()]
}

const VALUES: [(&str, &str); 12] = [
    ("access", "access"),
    ("direction", "direction"),
    ("priority", "priority"),
    ("protocol", "protocol"),
    ("source_address_prefix", "sourceAddressPrefix"),
    ("source_address_prefixes", "sourceAddressPrefixes"),
    ("source_port_range", "sourcePortRange"),
    ("source_port_ranges", "sourcePortRanges"),
    ("destination_address_prefix", "destinationAddressPrefix"),
    ("destination_address_prefixes", "destinationAddressPrefixes"),
    ("destination_port_range", "destinationPortRange"),
    ("destination_port_ranges", "destinationPortRanges"),
];

const REFERENCES: [(&str, &str); 2] = [
    ("source_application_security_group_ids", "sourceApplicationSecurityGroups"),
    ("destination_application_security_group_ids", "destinationApplicationSecurityGroups"),
];

/// Arguments that say nothing of what a rule matches.
const UNRELATED: [&str; 7] = [
    "description",
    "id",
    "name",
    "network_security_group_id",
    "network_security_group_name",
    "resource_group_name",
    "timeouts",
];
