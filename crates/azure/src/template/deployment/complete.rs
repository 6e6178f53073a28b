//! What the REST interface says of a new resource beside what its template says: lists that nobody wrote are empty.
//!
//! Adding a kind: a line in [`LISTS`], [`MARKS`] or [`OFF`].

use std::borrow::Cow;
use std::collections::BTreeSet;

use cloud::json::{Node, Tree};

use super::made::{Made, computed, declare, key_of_ours, set, with_properties};

/// Completes the properties of a resource of a type.
pub(super) fn properties(kind: &str, node: &mut Node<'_>) {
    let lists = LISTS.iter().filter(|(of, _)| *of == kind).flat_map(|(_, lists)| *lists);
    let marks = MARKS.iter().filter(|(of, _)| *of == kind).map(|(_, mark)| *mark);
    let at = node.at;
    with_properties(node, |properties| {
        for list in lists {
            match properties.own(list) {
                None | Some(Tree::Null) => set(properties, list, Tree::List(Vec::new())),
                Some(_) => {}
            }
        }
        for mark in marks {
            if properties.own(mark).is_none() {
                properties.push(key_of_ours(mark), computed());
            }
        }
        for (_, flag) in OFF.iter().filter(|(of, _)| *of == kind) {
            match properties.own(flag) {
                None | Some(Tree::Null) => set(properties, flag, Tree::Flag(false)),
                Some(_) => {}
            }
        }
        for (_, list) in PARTS.iter().filter(|(of, _)| *of == kind) {
            properties.edit(list, |parts| declare_parts(parts, at));
        }
    });
}

fn declare_parts<'a>(parts: &mut Tree<'a>, at: Option<&'a str>) {
    let Tree::List(items) = parts else { return };
    for item in items {
        if let Tree::Object(item) = item {
            item.at = item.at.or(at);
            declare(item);
        }
    }
}

/// Adds what Azure makes beside a resource: rule sets that let everybody in, configurations.
pub(super) fn beside(made: &mut Vec<Made<'_>>, root: usize) {
    let known: BTreeSet<String> = made.iter().map(|made| made.key.clone()).collect();
    let mut more = Vec::new();
    for owner in made.iter() {
        let (part, kind, node) = match owner.kind.as_str() {
            "microsoft.eventhub/namespaces" | "microsoft.servicebus/namespaces" => {
                ("/networkRuleSets/default", "networkrulesets", open_rule_set(owner))
            }
            "microsoft.web/sites" => ("/config/web", "config", configuration(owner)),
            _ => continue,
        };
        let id = format!("{}{part}", owner.id);
        let key = super::identity::key_of(&id);
        let older = key.replace("/networkrulesets/", "/networkruleset/");
        if known.contains(&key) || known.contains(&older) {
            continue;
        }
        let kind = format!("{}/{kind}", owner.kind);
        let name = part.rsplit_once('/').map_or(part, |(_, name)| name).to_owned();
        let mut node = node;
        for (own, text) in [("id", &id), ("name", &name), ("type", &kind)] {
            node.push(key_of_ours(own), Tree::Text(Cow::Owned(text.clone())));
        }
        more.push(Made { id, key, kind, name, node, doubt: owner.doubt.clone(), is_owned: true, root });
    }
    made.extend(more);
}

/// P7: a new namespace lets everybody in.
fn open_rule_set<'a>(owner: &Made<'a>) -> Node<'a> {
    let action = (key_of_ours("defaultAction"), Tree::Text(Cow::Borrowed("Allow")));
    let lists = ["ipRules", "virtualNetworkRules"].map(|list| (key_of_ours(list), Tree::List(Vec::new())));
    let properties = Node::new([action].into_iter().chain(lists).collect(), owner.node.at);
    Node::new(vec![(key_of_ours("properties"), Tree::Object(properties))], owner.node.at)
}

/// P10: what an app says of its configuration is all of it, where no resource of its own does.
fn configuration<'a>(owner: &Made<'a>) -> Node<'a> {
    let own = match owner.node.own("properties") {
        Some(Tree::Object(properties)) => properties.own("siteConfig"),
        Some(_) | None => None,
    };
    let mut properties = match own {
        Some(Tree::Object(own)) => own.clone(),
        None | Some(Tree::Null) => Node::new(Vec::new(), owner.node.at),
        Some(other) => {
            return Node::new(vec![(key_of_ours("properties"), other.clone())], owner.node.at);
        }
    };
    if properties.own("numberOfWorkers").is_none() {
        properties.push(key_of_ours("numberOfWorkers"), computed());
    }
    Node::new(vec![(key_of_ours("properties"), Tree::Object(properties))], owner.node.at)
}

/// Lists that are empty where nobody wrote them, by type.
const LISTS: &[(&str, &[&str])] = &[
    ("microsoft.network/networksecuritygroups", &["securityRules", "defaultSecurityRules"]),
    ("microsoft.network/virtualnetworks", &["subnets", "virtualNetworkPeerings"]),
    ("microsoft.network/routetables", &["routes"]),
    ("microsoft.network/firewallpolicies", &["ruleCollectionGroups"]),
    ("microsoft.sql/servers", &["firewallRules", "ipv6FirewallRules"]),
    ("microsoft.dbforpostgresql/servers", &["firewallRules"]),
    ("microsoft.dbforpostgresql/flexibleservers", &["firewallRules"]),
    ("microsoft.dbformysql/servers", &["firewallRules"]),
    ("microsoft.dbformysql/flexibleservers", &["firewallRules"]),
    ("microsoft.dbformariadb/servers", &["firewallRules"]),
    ("microsoft.synapse/workspaces", &["firewallRules"]),
    ("microsoft.cache/redis", &["firewallRules"]),
];

/// Keys that every resource of a type has once it is there, and a list of names has not.
const MARKS: &[(&str, &str)] = &[
    ("microsoft.sql/servers", "fullyQualifiedDomainName"),
    ("microsoft.sql/managedinstances", "fullyQualifiedDomainName"),
    ("microsoft.dbforpostgresql/servers", "fullyQualifiedDomainName"),
    ("microsoft.dbforpostgresql/flexibleservers", "fullyQualifiedDomainName"),
    ("microsoft.dbformysql/servers", "fullyQualifiedDomainName"),
    ("microsoft.dbformysql/flexibleservers", "fullyQualifiedDomainName"),
    ("microsoft.dbformariadb/servers", "fullyQualifiedDomainName"),
    ("microsoft.synapse/workspaces", "connectivityEndpoints"),
    ("microsoft.cache/redis", "hostName"),
    ("microsoft.storage/storageaccounts", "primaryEndpoints"),
    ("microsoft.keyvault/vaults", "vaultUri"),
    ("microsoft.cognitiveservices/accounts", "endpoint"),
    ("microsoft.containerregistry/registries", "loginServer"),
    ("microsoft.documentdb/databaseaccounts", "documentEndpoint"),
    ("microsoft.eventhub/namespaces", "serviceBusEndpoint"),
    ("microsoft.servicebus/namespaces", "serviceBusEndpoint"),
    ("microsoft.web/sites", "defaultHostName"),
    ("microsoft.containerservice/managedclusters", "fqdn"),
];

/// What is off where nobody turns it on, by type.
const OFF: &[(&str, &str)] = &[("microsoft.sql/managedinstances", "publicDataEndpointEnabled")];

/// Lists of parts that readers take as resources, by type.
const PARTS: &[(&str, &str)] = &[
    ("microsoft.network/virtualnetworks", "subnets"),
    ("microsoft.network/virtualnetworks", "virtualNetworkPeerings"),
];
