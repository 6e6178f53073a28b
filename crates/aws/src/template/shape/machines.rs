//! Machines, their interfaces and addresses.

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Cause, Node, Tree};

use crate::template::twin::{Resource, declare};

use super::{beside, items_of, refers, set, whole, without};

/// A machine. The interface that it makes itself is what stands at the machine in Terraform; others are resources.
pub(in crate::template) fn instance<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let mut made =
        without(arguments, &["network_interfaces", "security_groups", "ipv6_addresses", "availability_zone"]);
    addresses(&mut made, &resource.properties);
    classic_groups(&mut made, &resource.properties);
    let mut others = Vec::new();
    let mut blocks = Vec::new();
    for (position, item) in items_of(resource.properties.own("NetworkInterfaces")).iter().enumerate() {
        match item {
            Tree::Object(interface) if interface.own("NetworkInterfaceId").is_some() => {
                blocks.push(block(interface));
            }
            Tree::Object(interface) if is_first(interface) => own_interface(&mut made, interface),
            Tree::Object(interface) => others.push(further(resource, position, interface)),
            unknown => {
                for key in ["vpc_security_group_ids", "associate_public_ip_address", "subnet_id"] {
                    set(&mut made, key, unknown.clone());
                }
            }
        }
    }
    if !blocks.is_empty() {
        made.push(Cow::Borrowed("network_interface"), Tree::List(blocks));
    }
    others.insert(0, declare(resource, made));
    others
}

/// Groups by name: one that is declared is meant as itself.
fn classic_groups<'a>(made: &mut Node<'a>, properties: &Node<'a>) {
    let Some(written) = properties.own("SecurityGroups").filter(|value| **value != Tree::Null) else {
        return;
    };
    let (mut ids, mut names) = (Vec::new(), Vec::new());
    for item in items_of(Some(written)) {
        match item {
            Tree::Text(_) => names.push(item.clone()),
            other => ids.push(other.clone()),
        }
    }
    if !ids.is_empty() {
        ids.extend(items_of(made.own("vpc_security_group_ids")).iter().cloned());
        set(made, "vpc_security_group_ids", Tree::List(ids));
    }
    if !names.is_empty() {
        set(made, "security_groups", Tree::List(names));
    }
}

fn is_first(interface: &Node<'_>) -> bool {
    match interface.own("DeviceIndex") {
        Some(Tree::Text(index)) => index.trim() == "0",
        Some(_) | None => true,
    }
}

fn block<'a>(interface: &Node<'a>) -> Tree<'a> {
    let mut made = Node::new(Vec::new(), interface.at);
    for (key, property) in [("network_interface_id", "NetworkInterfaceId"), ("device_index", "DeviceIndex")] {
        if let Some(value) = interface.own(property) {
            made.push(Cow::Borrowed(key), value.clone());
        }
    }
    Tree::Object(made)
}

/// What the first interface says stands at the machine.
fn own_interface<'a>(made: &mut Node<'a>, interface: &Node<'a>) {
    for (key, property) in [
        ("vpc_security_group_ids", "GroupSet"),
        ("subnet_id", "SubnetId"),
        ("associate_public_ip_address", "AssociatePublicIpAddress"),
        ("ipv6_address_count", "Ipv6AddressCount"),
        ("private_ip", "PrivateIpAddress"),
    ] {
        if let Some(value) = interface.own(property).filter(|value| **value != Tree::Null) {
            set(made, key, value.clone());
        }
    }
    addresses(made, interface);
}

/// Addresses that are listed as objects.
fn addresses<'a>(made: &mut Node<'a>, node: &Node<'a>) {
    if let Some(listed) = node.own("Ipv6Addresses").filter(|value| **value != Tree::Null) {
        set(made, "ipv6_addresses", each(listed, "Ipv6Address"));
    }
    let mut secondary = Vec::new();
    for item in items_of(node.own("PrivateIpAddresses")) {
        let Tree::Object(own) = item else {
            secondary.push(item.clone());
            continue;
        };
        let address = own.own("PrivateIpAddress").cloned().unwrap_or(Tree::Null);
        match own.own("Primary") {
            Some(Tree::Flag(true)) => set(made, "private_ip", address),
            Some(Tree::Text(word)) if word.eq_ignore_ascii_case("true") => set(made, "private_ip", address),
            Some(_) | None => secondary.push(address),
        }
    }
    if !secondary.is_empty() {
        set(made, "secondary_private_ips", Tree::List(secondary));
    }
}

fn each<'a>(listed: &Tree<'a>, key: &str) -> Tree<'a> {
    let one = |item: &Tree<'a>| match item {
        Tree::Object(node) => node.own(key).cloned().unwrap_or(Tree::Null),
        other => other.clone(),
    };
    match listed {
        Tree::Unknown(_) => listed.clone(),
        other => Tree::List(items_of(Some(other)).iter().map(one).collect()),
    }
}

/// An interface that a machine makes beside its first.
fn further<'a>(resource: &Resource<'a>, position: usize, interface: &Node<'a>) -> Declared<'a> {
    let mut made = Node::new(Vec::new(), interface.at);
    for (key, property) in [
        ("security_groups", "GroupSet"),
        ("subnet_id", "SubnetId"),
        ("ipv6_address_count", "Ipv6AddressCount"),
        ("description", "Description"),
    ] {
        if let Some(value) = interface.own(property) {
            made.push(Cow::Borrowed(key), value.clone());
        }
    }
    interface_addresses(&mut made, interface);
    let mut attachment = Node::new(Vec::new(), interface.at);
    attachment.push(Cow::Borrowed("instance"), refers(&resource.id, "id"));
    if let Some(index) = interface.own("DeviceIndex") {
        attachment.push(Cow::Borrowed("device_index"), index.clone());
    }
    made.push(Cow::Borrowed("attachment"), Tree::List(vec![Tree::Object(attachment)]));
    beside(resource, &format!(".NetworkInterfaces[{position}]"), "aws_network_interface", made)
}

/// An interface of its own.
pub(in crate::template) fn interface<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let mut made = without(arguments, &["private_ip_addresses", "ipv6_addresses", "private_ip"]);
    interface_addresses(&mut made, &resource.properties);
    whole(resource, made)
}

fn interface_addresses<'a>(made: &mut Node<'a>, node: &Node<'a>) {
    let mut private: Vec<Tree<'a>> = items_of(node.own("PrivateIpAddress")).to_vec();
    for item in items_of(node.own("PrivateIpAddresses")) {
        match item {
            Tree::Object(own) => private.extend(own.own("PrivateIpAddress").cloned()),
            other => private.push(other.clone()),
        }
    }
    if !private.is_empty() {
        set(made, "private_ips", Tree::List(private));
    }
    if let Some(listed) = node.own("Ipv6Addresses").filter(|value| **value != Tree::Null) {
        set(made, "ipv6_addresses", each(listed, "Ipv6Address"));
    }
}

/// What a launch template holds stands in Terraform at the template itself.
pub(in crate::template) fn launch_template<'a>(
    resource: &Resource<'a>,
    arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    let at = arguments.at;
    let mut made = Node::new(Vec::new(), at);
    for (key, value) in arguments.into_entries() {
        match (&*key, value) {
            ("launch_template_data", Tree::List(items)) => {
                for item in items {
                    if let Tree::Object(inner) = item {
                        inner.into_entries().into_iter().for_each(|(key, value)| made.push(key, value));
                    }
                }
            }
            ("launch_template_data", Tree::Unknown(unknown)) => {
                for key in ["vpc_security_group_ids", "network_interfaces"] {
                    made.push(Cow::Borrowed(key), Tree::Unknown(unknown.clone()));
                }
            }
            (_, value) => made.push(key, value),
        }
    }
    whole(resource, made)
}

/// An address given to something. One that is named by its number is meant by its allocation.
pub(in crate::template) fn address_association<'a>(
    resource: &Resource<'a>,
    mut arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    if arguments.own("allocation_id").is_none() {
        let own = match arguments.own("public_ip") {
            Some(Tree::Unknown(unknown)) => match &unknown.refers {
                Some(reference) => Some(refers(&reference.address, "id")),
                None => Some(Tree::Unknown(unknown.clone())),
            },
            Some(Tree::Text(number)) => Some(Tree::unknown(Cause::Existing, format!("the address {number}"))),
            Some(_) | None => None,
        };
        if let Some(own) = own {
            set(&mut arguments, "allocation_id", own);
        }
    }
    whole(resource, arguments)
}
