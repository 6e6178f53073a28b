//! VPCs and subnets with their blocks.

use std::collections::BTreeMap;

use cloud::json::Tree;

use super::Out;
use super::shape::{Shape, computed, perhaps, text};
use super::world::{Argument, Thing, World};

pub(super) const VPCS: &[&str] = &["aws_vpc", "aws_default_vpc"];
pub(super) const SUBNETS: &[&str] = &["aws_subnet", "aws_default_subnet"];

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let further = further_blocks(world, out);
    for vpc in world.of_kinds(VPCS) {
        let id = world.id(vpc);
        let own = further.get(&id);
        let of = |key: &str| -> Vec<Tree<'a>> {
            own.into_iter()
                .flatten()
                .filter(|(known, _)| *known == key)
                .map(|(_, block)| block.clone())
                .collect()
        };
        let mut v6: Vec<Tree<'a>> = v6_block(world, vpc).into_iter().collect();
        v6.extend(of(V6));
        let default = vpc.is(&["aws_default_vpc"]).then(|| text(super::presumed::BLOCK));
        let block = world.under(vpc.node(), "cidr_block").or(default).unwrap_or_else(computed);
        let shape = Shape::at(vpc.at())
            .with("VpcId", id)
            .with_some("OwnerId", vpc.text("owner_id"))
            .with("CidrBlock", block)
            .with("CidrBlockAssociationSet", of(V4))
            .with("Ipv6CidrBlockAssociationSet", v6)
            .with_some("Tags", vpc.tags());
        out.put("vpc", vpc, shape);
    }
    for subnet in world.of_kinds(SUBNETS) {
        let v6: Vec<Tree<'a>> = v6_block(world, subnet).into_iter().collect();
        let block = match subnet.is(&["aws_default_subnet"]) {
            true => Some(computed()),
            false => subnet_block(world, subnet),
        };
        let shape = Shape::at(subnet.at())
            .with("SubnetId", world.id(subnet))
            .with_some("OwnerId", subnet.text("owner_id"))
            .with_some("VpcId", vpc_of(world, subnet))
            .with_some("CidrBlock", world.under(subnet.node(), "cidr_block").or(block))
            .with("Ipv6CidrBlockAssociationSet", v6)
            .with_some("AvailabilityZone", subnet.text("availability_zone"))
            .with_some("Tags", subnet.tags());
        out.put("subnet", subnet, shape);
    }
}

/// One that has addresses of IPv6 alone has none of IPv4.
fn subnet_block<'a>(_world: &World<'_, 'a>, subnet: Thing<'_, 'a>) -> Option<Tree<'a>> {
    match subnet.flag("ipv6_native") {
        Argument::Known(true) => None,
        Argument::Absent | Argument::Known(false) | Argument::Unknown(_) => Some(computed()),
    }
}

/// The VPC of a subnet.
pub(super) fn vpc_of<'a>(world: &World<'_, 'a>, subnet: Thing<'_, 'a>) -> Option<Tree<'a>> {
    match subnet.is(&["aws_default_subnet"]) && subnet.value("vpc_id").is_none() {
        true => Some(text(super::presumed::vpc_id(world, subnet))),
        false => world.under(subnet.node(), "vpc_id"),
    }
}

/// The block of IPv6 of a VPC or a subnet: a written one, or one that is given to it.
fn v6_block<'a>(world: &World<'_, 'a>, thing: Thing<'_, 'a>) -> Option<Tree<'a>> {
    let written = world.under(thing.node(), "ipv6_cidr_block");
    let given = ["ipv6_ipam_pool_id", "ipv6_netmask_length"].iter().any(|key| thing.value(key).is_some());
    let block = match (written, thing.flag("assign_generated_ipv6_cidr_block")) {
        (Some(block), _) => block,
        (None, Argument::Known(true)) => computed(),
        (None, _) if given => computed(),
        (None, Argument::Unknown(unknown)) => unknown,
        (None, Argument::Absent | Argument::Known(false)) => return None,
    };
    Some(Shape::at(thing.at()).with("Ipv6CidrBlock", block).tree())
}

const V4: &str = "CidrBlock";
const V6: &str = "Ipv6CidrBlock";

/// Blocks that are given to VPCs one by one.
fn further_blocks<'a>(
    world: &World<'_, 'a>,
    out: &mut Out<'_, '_, 'a>,
) -> BTreeMap<String, Vec<(&'static str, Tree<'a>)>> {
    let mut blocks: BTreeMap<String, Vec<(&'static str, Tree<'a>)>> = BTreeMap::new();
    let kinds = [
        ("aws_vpc_ipv4_cidr_block_association", "cidr_block", V4),
        ("aws_vpc_ipv6_cidr_block_association", "ipv6_cidr_block", V6),
    ];
    for (kind, key, name) in kinds {
        for thing in world.of_kinds(&[kind]) {
            let Some(vpc) = out.owner(world, thing, "vpc_id") else { continue };
            let block = match thing.is_perhaps() {
                true => perhaps(&thing.declared.address),
                false => world.under(thing.node(), key).unwrap_or_else(computed),
            };
            blocks.entry(vpc).or_default().push((name, Shape::at(thing.at()).with(name, block).tree()));
        }
    }
    blocks
}
