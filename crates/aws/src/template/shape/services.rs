//! Services with an address of their own.

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Cause, Node, Tree};

use crate::template::json_text;
use crate::template::twin::Resource;

use super::{beside, items_of, refers, set, whole, without};

/// A database, or a member of a cluster.
pub(in crate::template) fn database<'a>(
    resource: &Resource<'a>,
    mut arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    if arguments.own("publicly_accessible").is_none() {
        // Without it RDS goes by the subnets: where an Internet gateway is attached to their VPC, it is public.
        let text = "`PubliclyAccessible`, which goes by the subnets where it is not given";
        set(&mut arguments, "publicly_accessible", Tree::unknown(Cause::Unset, text));
    }
    if let Some(cluster) =
        arguments.own("db_cluster_identifier").filter(|value| **value != Tree::Null).cloned()
    {
        set(&mut arguments, "cluster_identifier", cluster);
        return vec![beside(resource, "", "aws_rds_cluster_instance", arguments)];
    }
    whole(resource, arguments)
}

/// A cluster or a workgroup of Redshift.
pub(in crate::template) fn redshift<'a>(
    resource: &Resource<'a>,
    mut arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    if arguments.own("publicly_accessible").is_none() {
        set(&mut arguments, "publicly_accessible", Tree::Flag(false));
    }
    whole(resource, arguments)
}

/// A search domain: its policy is text.
pub(in crate::template) fn domain<'a>(resource: &Resource<'a>, mut arguments: Node<'a>) -> Vec<Declared<'a>> {
    if let Some(policy) = resource.properties.own("AccessPolicies").filter(|value| **value != Tree::Null) {
        set(&mut arguments, "access_policies", json_text::policy(policy));
    }
    whole(resource, arguments)
}

/// A machine of Lightsail, and the ports that it opens itself.
pub(in crate::template) fn lightsail<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let made = without(arguments, &["networking", "hardware"]);
    let mut declared = whole(resource, made);
    let networking = resource.properties.own("Networking").filter(|value| **value != Tree::Null);
    let ports = match networking {
        Some(Tree::Object(networking)) => networking.own("Ports").filter(|value| **value != Tree::Null),
        other => other,
    };
    let Some(ports) = ports else { return declared };
    let ports: Vec<Tree<'a>> = items_of(Some(ports)).iter().map(port).collect();
    let mut opened = Node::new(vec![("instance_name".into(), refers(&resource.id, "name"))], resource.at);
    opened.push("port_info".into(), Tree::List(ports));
    declared.push(beside(resource, ".Networking", "aws_lightsail_instance_public_ports", opened));
    declared
}

fn port<'a>(port: &Tree<'a>) -> Tree<'a> {
    let Tree::Object(port) = port else { return port.clone() };
    let mut made = Node::new(Vec::new(), port.at);
    for (key, property) in [
        ("from_port", "FromPort"),
        ("to_port", "ToPort"),
        ("protocol", "Protocol"),
        ("cidrs", "Cidrs"),
        ("ipv6_cidrs", "Ipv6Cidrs"),
        ("cidr_list_aliases", "CidrListAliases"),
    ] {
        if let Some(value) = port.own(property) {
            made.push(Cow::Borrowed(key), value.clone());
        }
    }
    Tree::Object(made)
}
