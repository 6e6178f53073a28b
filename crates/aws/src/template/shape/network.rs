//! Networks: blocks, gateways, entries of lists.

use std::borrow::Cow;

use cloud::Declared;
use cloud::json::{Node, Tree};

use crate::template::twin::Resource;

use super::{beside, inner, set, whole, without};

/// A further block of a VPC: of IPv4, or of IPv6.
pub(in crate::template) fn vpc_block<'a>(
    resource: &Resource<'a>,
    mut arguments: Node<'a>,
) -> Vec<Declared<'a>> {
    let keys = ["amazon_provided_ipv6_cidr_block", "ipv6_cidr_block", "ipv6_pool", "ipv6_ipam_pool_id"];
    if !keys.iter().any(|key| arguments.own(key).is_some()) {
        return whole(resource, arguments);
    }
    if let Some(generated) = arguments.own("amazon_provided_ipv6_cidr_block").cloned() {
        set(&mut arguments, "assign_generated_ipv6_cidr_block", generated);
    }
    vec![beside(resource, "", "aws_vpc_ipv6_cidr_block_association", arguments)]
}

/// A subnet. Its zone says nothing beyond its region, which is that of the stack.
pub(in crate::template) fn subnet<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let has_zone = matches!(arguments.own("availability_zone"), Some(Tree::Text(_)));
    let keys: &[&str] = if has_zone { &[] } else { &["availability_zone"] };
    whole(resource, without(arguments, keys))
}

/// A gateway that is attached: of the Internet, of a VPN.
pub(in crate::template) fn attachment<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let mut made = Vec::new();
    if arguments.own("vpn_gateway_id").is_some_and(|value| *value != Tree::Null) {
        let own = without(arguments.clone(), &["internet_gateway_id"]);
        made.push(beside(resource, ".VpnGatewayId", "aws_vpn_gateway_attachment", own));
    }
    if arguments.own("internet_gateway_id").is_some_and(|value| *value != Tree::Null) {
        made.extend(whole(resource, without(arguments, &["vpn_gateway_id"])));
    }
    made
}

/// An entry of a network ACL.
pub(in crate::template) fn acl_entry<'a>(resource: &Resource<'a>, arguments: Node<'a>) -> Vec<Declared<'a>> {
    let mut made = without(arguments, &["port_range", "icmp"]);
    let properties = &resource.properties;
    for (key, list, property) in [
        ("from_port", "PortRange", "From"),
        ("to_port", "PortRange", "To"),
        ("icmp_type", "Icmp", "Type"),
        ("icmp_code", "Icmp", "Code"),
    ] {
        if let Some(value) = inner(properties.own(list), property) {
            made.push(Cow::Borrowed(key), value);
        }
    }
    whole(resource, made)
}
