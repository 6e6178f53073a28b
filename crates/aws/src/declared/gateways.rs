//! Gateways of VPCs and what stands around them: Internet gateways with their attachments, NAT and egress-only gateways,
//! peerings, Block Public Access.

use std::collections::BTreeMap;

use cloud::json::Tree;

use super::Out;
use super::shape::{Shape, perhaps};
use super::world::{Thing, World};

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut attached = attachments(world);
    for gateway in world.of_kinds(&["aws_internet_gateway"]) {
        let id = world.id(gateway);
        let mut own: Vec<Tree<'a>> = attachment(world, gateway, gateway).into_iter().collect();
        own.extend(attached.remove(&id).into_iter().flat_map(|(_, attached)| attached));
        out.put("internet-gateway", gateway, internet_gateway(gateway, id, own));
    }
    // Of a gateway that is not declared this is all that is known.
    for (id, (thing, own)) in attached {
        out.put("internet-gateway", thing, internet_gateway(thing, id, own));
    }
    for (kind, name, key) in BY_ID {
        for thing in world.of_kinds(&[kind]) {
            out.put(
                name,
                thing,
                Shape::at(thing.at()).with(key, world.id(thing)).with_some("Tags", thing.tags()),
            );
        }
    }
    lower_public_access(world, out);
}

/// Gateways of which only that they are there is asked: type, kind, key of the id.
const BY_ID: [(&str, &str, &str); 4] = [
    ("aws_egress_only_internet_gateway", "egress-only-internet-gateway", "EgressOnlyInternetGatewayId"),
    ("aws_nat_gateway", "nat-gateway", "NatGatewayId"),
    ("aws_vpc_peering_connection", "vpc-peering", "VpcPeeringConnectionId"),
    ("aws_vpc_peering_connection_accepter", "vpc-peering", "VpcPeeringConnectionId"),
];

fn internet_gateway<'a>(thing: Thing<'_, 'a>, id: String, attachments: Vec<Tree<'a>>) -> Shape<'a> {
    Shape::at(thing.at())
        .with("InternetGatewayId", id)
        .with_some("OwnerId", thing.text("owner_id"))
        .with("Attachments", attachments)
        .with_some("Tags", thing.tags())
}

/// The attachment that a resource says.
fn attachment<'a>(world: &World<'_, 'a>, thing: Thing<'_, 'a>, said: Thing<'_, 'a>) -> Option<Tree<'a>> {
    let vpc = world.under(said.node(), "vpc_id")?;
    let is_own = thing.declared.address == said.declared.address;
    let vpc = if said.is_perhaps() && !is_own { perhaps(&said.declared.address) } else { vpc };
    Some(Shape::at(said.at()).with("VpcId", vpc).tree())
}

type Attachments<'w, 'a> = BTreeMap<String, (Thing<'w, 'a>, Vec<Tree<'a>>)>;

fn attachments<'w, 'a>(world: &World<'w, 'a>) -> Attachments<'w, 'a> {
    let mut attached = Attachments::new();
    for thing in world.of_kinds(&["aws_internet_gateway_attachment"]) {
        let gateway = world.id_under(thing, "internet_gateway_id");
        let gateway = gateway.unwrap_or_else(|| format!("igw-{}", world.called(thing)));
        let condition = thing.is_perhaps().then(|| perhaps(&thing.declared.address));
        let vpc = condition.or_else(|| world.under(thing.node(), "vpc_id"));
        let own = Shape::at(thing.at()).with_some("VpcId", vpc).tree();
        attached.entry(gateway).or_insert((thing, Vec::new())).1.push(own);
    }
    attached
}

/// W17: the mode of the account in the region, and what is excluded from it.
fn lower_public_access<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    for thing in world.of_kinds(&["aws_vpc_block_public_access_options"]) {
        let mode = match thing.is_perhaps() {
            true => Some(perhaps(&thing.declared.address)),
            false => world.under(thing.node(), "internet_gateway_block_mode"),
        };
        let shape = Shape::at(thing.at())
            .with_some("AwsAccountId", thing.text("aws_account_id"))
            .with_some("AwsRegion", thing.text("aws_region").or(thing.region()))
            .with_some("InternetGatewayBlockMode", mode);
        out.put("vpc-block-public-access-options", thing, shape);
    }
    for thing in world.of_kinds(&["aws_vpc_block_public_access_exclusion"]) {
        let of = |key: &str, part: &str| -> Option<Tree<'a>> {
            let told = world.under(thing.node(), key)?;
            match told {
                Tree::Text(id) => {
                    let (region, account) = thing.place();
                    Some(Tree::Text(format!("arn:aws:ec2:{region}:{account}:{part}/{id}").into()))
                }
                other => Some(other),
            }
        };
        let mode = match thing.is_perhaps() {
            true => Some(perhaps(&thing.declared.address)),
            false => world.under(thing.node(), "internet_gateway_exclusion_mode"),
        };
        let shape = Shape::at(thing.at())
            .with("ExclusionId", world.id(thing))
            .with_some("ResourceArn", of("subnet_id", "subnet").or_else(|| of("vpc_id", "vpc")))
            .with_some("InternetGatewayExclusionMode", mode);
        out.put("vpc-block-public-access-exclusion", thing, shape);
    }
}
