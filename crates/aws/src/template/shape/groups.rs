//! Security groups and their rules.

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Cause, Node, Tree};

use crate::template::twin::{Resource, declare};

use super::{items_of, missing, set, whole};

/// What a rule's properties are called.
pub(in crate::template) const RULE: &[(&str, &str)] = &[
    ("GroupId", "security_group_id"),
    ("CidrIp", "cidr_ipv4"),
    ("CidrIpv6", "cidr_ipv6"),
    ("SourcePrefixListId", "prefix_list_id"),
    ("DestinationPrefixListId", "prefix_list_id"),
    ("SourceSecurityGroupId", "referenced_security_group_id"),
    ("DestinationSecurityGroupId", "referenced_security_group_id"),
];

/// A rule of its own.
pub(in crate::template) fn rule<'a>(resource: &Resource<'a>, mut arguments: Node<'a>) -> Vec<Declared<'a>> {
    if arguments.own("security_group_id").is_none() {
        // By its name, in the default VPC.
        let group = arguments.own("group_name").map_or_else(|| missing("GroupId"), by_name);
        set(&mut arguments, "security_group_id", group);
    }
    if arguments.own("referenced_security_group_id").is_none()
        && let Some(name) = arguments.own("source_security_group_name")
    {
        let group = by_name(name);
        set(&mut arguments, "referenced_security_group_id", group);
    }
    if !SOURCES.iter().any(|source| arguments.own(source).is_some()) {
        for source in ["cidr_ipv4", "cidr_ipv6"] {
            set(&mut arguments, source, missing("CidrIp"));
        }
    }
    whole(resource, arguments)
}

/// A group with the rules that stand in it.
pub(in crate::template) fn group<'a>(resource: &Resource<'a>, mut arguments: Node<'a>) -> Vec<Declared<'a>> {
    for (key, property) in [("ingress", "SecurityGroupIngress"), ("egress", "SecurityGroupEgress")] {
        let Some(written) = resource.properties.own(property).filter(|value| **value != Tree::Null) else {
            continue;
        };
        let rules = items_of(Some(written)).iter().map(inline).collect();
        set(&mut arguments, key, Tree::List(rules));
    }
    vec![declare(resource, arguments)]
}

/// A rule that stands in its group; what is no object stays what it is.
fn inline<'a>(rule: &Tree<'a>) -> Tree<'a> {
    let Tree::Object(rule) = rule else { return rule.clone() };
    let mut made = Node::new(Vec::new(), rule.at);
    let first =
        |keys: &[&str]| keys.iter().find_map(|key| rule.own(key)).filter(|value| **value != Tree::Null);
    let mut put = |key: &'static str, value: Option<Tree<'a>>| {
        if let Some(value) = value {
            made.push(Cow::Borrowed(key), value);
        }
    };
    put("protocol", first(&["IpProtocol"]).cloned());
    put("from_port", first(&["FromPort"]).cloned());
    put("to_port", first(&["ToPort"]).cloned());
    put("description", first(&["Description"]).cloned());
    let named = first(&["SourceSecurityGroupName", "DestinationSecurityGroupName"]).map(by_name);
    let group = first(&["SourceSecurityGroupId", "DestinationSecurityGroupId"]).cloned().or(named);
    let lists = [
        ("cidr_blocks", first(&["CidrIp"]).cloned()),
        ("ipv6_cidr_blocks", first(&["CidrIpv6"]).cloned()),
        ("prefix_list_ids", first(&["SourcePrefixListId", "DestinationPrefixListId"]).cloned()),
        ("security_groups", group),
    ];
    let is_without = lists.iter().all(|(_, value)| value.is_none());
    for (key, value) in lists {
        let value = match value {
            None if is_without && key.ends_with("cidr_blocks") => Some(missing("CidrIp")),
            value => value,
        };
        put(key, value.map(|value| Tree::List(vec![value])));
    }
    Tree::Object(made)
}

/// A group by its name: one that is declared is referred to, another is somewhere else.
fn by_name<'a>(name: &Tree<'a>) -> Tree<'a> {
    match name {
        Tree::Text(name) => Tree::unknown(Cause::Existing, format!("the group {name}")),
        other => other.clone(),
    }
}

const SOURCES: [&str; 4] = ["cidr_ipv4", "cidr_ipv6", "prefix_list_id", "referenced_security_group_id"];
