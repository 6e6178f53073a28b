//! The default VPC: what is declared without a network is there.
//!
//! AWS makes one in each region: `172.31.0.0/16` with a subnet in each zone that gives public addresses, an Internet
//! gateway, a main route table that leads to it, a list that lets everything through, and a group. Somebody may have
//! changed it since, which a configuration that does not declare it cannot tell: it is presumed to be as AWS made it, and
//! told.

use cloud::Quoted;
use model::{Effect, Provenance};

use crate::resource::Origin;
use crate::wire::Made;

use super::Out;
use super::shape::{Shape, computed, text};
use super::world::{DEFAULT_GROUP, DEFAULT_LIST, MAIN_TABLE, Thing, World, part_id};

/// The block of every default VPC.
pub(super) const BLOCK: &str = "172.31.0.0/16";

/// A default VPC that is presumed.
#[derive(Debug)]
pub(super) struct Presumed<'a> {
    origin: Origin,
    at: Option<&'a str>,
    /// Where what needs it was declared first.
    place: Provenance,
    needed_by: String,
}

/// The id of the default VPC of where a resource is: of the one that is declared, else one that stands for it.
pub(super) fn vpc_id(world: &World<'_, '_>, thing: Thing<'_, '_>) -> String {
    let is_there = |vpc: &Thing<'_, '_>| vpc.region() == thing.region();
    match world.of_kinds(&["aws_default_vpc"]).find(is_there) {
        Some(vpc) => world.id(vpc),
        None => format!("vpc-{}", world.labelled(&format!("default:{}", thing.region().unwrap_or("region")))),
    }
}

/// The subnet of the default VPC in which a resource is that says none.
pub(super) fn subnet_id<'a>(
    world: &World<'_, 'a>,
    thing: Thing<'_, 'a>,
    out: &mut Out<'_, '_, 'a>,
) -> String {
    let vpc = vpc_id(world, thing);
    let zone = thing.text("availability_zone");
    let is_there = |subnet: &Thing<'_, 'a>| {
        subnet.region() == thing.region() && (zone.is_none() || subnet.text("availability_zone") == zone)
    };
    let declared = world.of_kinds(&["aws_default_subnet"]).find(is_there);
    let place = out.desk.place(thing.at());
    out.presumed.entry(vpc.clone()).or_insert_with(|| Presumed {
        origin: thing.origin(),
        at: thing.at(),
        place,
        needed_by: thing.declared.address.clone(),
    });
    declared.map_or_else(|| part_id(&vpc, SUBNET), |subnet| world.id(subnet))
}

/// The Internet gateway of a default VPC.
pub(super) fn gateway_id(vpc: &str) -> String {
    format!("igw-{vpc}")
}

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let presumed = core::mem::take(&mut out.presumed);
    for (vpc, one) in &presumed {
        let is_declared = world.with_id(&["aws_default_vpc"], vpc).is_some();
        out.put_parts(vpc, one, is_declared);
        let message = format!(
            "{}: it names no network, so it is in the default VPC: that is presumed to be as AWS makes it, with an \
             Internet gateway and subnets that give public addresses",
            Quoted(&one.needed_by)
        );
        out.desk.note(one.place, "presumed-default-network", Effect::Undecided, message);
    }
    // One that is declared, or that subnets say, has its gateway whoever needs it.
    for thing in world.of_kinds(&["aws_default_vpc", "aws_default_subnet"]) {
        let vpc = if thing.is(&["aws_default_vpc"]) { world.id(thing) } else { vpc_id(world, thing) };
        if presumed.contains_key(&vpc) || out.presumed.contains_key(&vpc) {
            continue;
        }
        let place = out.desk.place(thing.at());
        let needed_by = thing.declared.address.clone();
        let one = Presumed { origin: thing.origin(), at: thing.at(), place, needed_by };
        let is_declared = world.with_id(&["aws_default_vpc"], &vpc).is_some();
        out.put_parts(&vpc, &one, is_declared);
        out.presumed.insert(vpc, one);
    }
}

impl<'a> Out<'_, '_, 'a> {
    /// What a default VPC has: all of it, or, where it is declared, what its declaration does not bring.
    fn put_parts(&mut self, vpc: &str, one: &Presumed<'a>, is_declared: bool) {
        let mut put = |kind: &'static str, shape: Shape<'a>| {
            self.lowered.made.push(Made { kind, node: shape.node(), origin: one.origin.clone() });
        };
        let shape = || Shape::at(one.at);
        let gateway = gateway_id(vpc);
        let attached = shape().with("VpcId", vpc).tree();
        put(
            "internet-gateway",
            shape().with("InternetGatewayId", gateway.as_str()).with("Attachments", vec![attached]),
        );
        let subnet = part_id(vpc, SUBNET);
        put(
            "subnet",
            shape().with("SubnetId", subnet.as_str()).with("VpcId", vpc).with("CidrBlock", computed()),
        );
        if is_declared {
            return;
        }
        put("vpc", shape().with("VpcId", vpc).with("CidrBlock", BLOCK));
        let main = shape().with("Main", true).tree();
        put(
            "route-table",
            shape()
                .with("RouteTableId", part_id(vpc, MAIN_TABLE))
                .with("VpcId", vpc)
                .with("Associations", vec![main])
                .with("Routes", vec![default_route(vpc, one.at)]),
        );
        let here = shape().with("SubnetId", subnet).tree();
        put(
            "network-acl",
            shape()
                .with("NetworkAclId", part_id(vpc, DEFAULT_LIST))
                .with("VpcId", vpc)
                .with("Associations", vec![here])
                .with("Entries", super::lists::entries_of_default(one.at)),
        );
        let group = part_id(vpc, DEFAULT_GROUP);
        let itself = shape().with("GroupId", group.as_str()).tree();
        let permission = shape()
            .with("IpProtocol", "-1")
            .with("IpRanges", Vec::new())
            .with("Ipv6Ranges", Vec::new())
            .with("PrefixListIds", Vec::new())
            .with("UserIdGroupPairs", vec![itself])
            .tree();
        put(
            "security-group",
            shape()
                .with("GroupId", group)
                .with("GroupName", "default")
                .with("VpcId", vpc)
                .with("IpPermissions", vec![permission]),
        );
    }
}

/// The route of the main table of a default VPC.
pub(super) fn default_route<'a>(vpc: &str, at: Option<&'a str>) -> cloud::json::Tree<'a> {
    let everything = text("0.0.0.0/0");
    Shape::at(at).with("DestinationCidrBlock", everything).with("GatewayId", gateway_id(vpc)).tree()
}

/// The subnet that stands for those of a default VPC.
pub(super) const SUBNET: &str = "default-subnet";
