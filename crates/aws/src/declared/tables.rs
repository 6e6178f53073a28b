//! Route tables with their routes, and where each stands: a subnet that no other claims has the main one of its VPC.

use std::collections::BTreeMap;

use cloud::json::{Node, Tree};

use super::Out;
use super::networks::VPCS;
use super::shape::{Shape, elsewhere, perhaps, text};
use super::world::{MAIN_TABLE, Thing, World, part_id, value_in};

const TABLES: &[&str] = &["aws_route_table", "aws_default_route_table"];

/// A table, as far as it is put together.
struct Table<'w, 'a> {
    thing: Thing<'w, 'a>,
    vpc: Option<Tree<'a>>,
    associations: Vec<Tree<'a>>,
    routes: Vec<Tree<'a>>,
}

type Tables<'w, 'a> = BTreeMap<String, Table<'w, 'a>>;

pub(super) fn lower<'a>(world: &World<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut tables = declared(world, out);
    add_mains(world, &mut tables);
    for route in world.of_kinds(&["aws_route"]) {
        let id = world.id_under(route, "route_table_id").unwrap_or_else(|| world.called(route));
        let condition = route.is_perhaps().then(|| perhaps(&route.declared.address));
        let made = routed(world, route.node(), route.at(), condition);
        table_of(&mut tables, id, route).routes.push(made);
    }
    for association in world.of_kinds(&["aws_route_table_association"]) {
        let id = world.id_under(association, "route_table_id").unwrap_or_else(|| world.called(association));
        let node = association.node();
        let told = |key: &str| match (value_in(node, key), association.is_perhaps()) {
            (None, _) => None,
            (Some(_), true) => Some(perhaps(&association.declared.address)),
            (Some(value), false) => Some(world.told(value)),
        };
        let shape = Shape::at(association.at())
            .with_some("SubnetId", told("subnet_id"))
            .with_some("GatewayId", told("gateway_id"));
        table_of(&mut tables, id, association).associations.push(shape.tree());
    }
    for (id, table) in tables {
        let shape = Shape::at(table.thing.at())
            .with("RouteTableId", id)
            .with_some("OwnerId", table.thing.text("owner_id"))
            .with_some("VpcId", table.vpc)
            .with("Associations", table.associations)
            .with_some("Tags", table.thing.tags().filter(|_| table.thing.is(TABLES)));
        let is_unknown = table.routes.iter().any(|route| !matches!(route, Tree::Object(_)));
        let shape = match is_unknown {
            // Of a list with routes that are not known none is the longest for certain.
            true => shape.with("Routes", elsewhere("routes of the table")),
            false => shape.with("Routes", table.routes),
        };
        out.put("route-table", table.thing, shape);
    }
}

fn declared<'w, 'a>(world: &World<'w, 'a>, out: &mut Out<'_, '_, 'a>) -> Tables<'w, 'a> {
    let mut tables = Tables::new();
    for thing in world.of_kinds(TABLES) {
        let is_default = thing.is(&["aws_default_route_table"]);
        let named = is_default.then(|| out.owner(world, thing, "default_route_table_id")).flatten();
        let id = named.unwrap_or_else(|| world.id(thing));
        let blocks = thing.blocks("route").iter().filter(|block| **block != Tree::Null);
        let routes = blocks.map(|block| match block {
            Tree::Object(node) => routed(world, node, node.at.or(thing.at()), None),
            other => other.clone(),
        });
        let vpc = world.under(thing.node(), "vpc_id");
        tables.insert(id, Table { thing, vpc, associations: Vec::new(), routes: routes.collect() });
    }
    tables
}

/// The table of an id. What is in one that is not declared is not known.
fn table_of<'t, 'w, 'a>(
    tables: &'t mut Tables<'w, 'a>,
    id: String,
    by: Thing<'w, 'a>,
) -> &'t mut Table<'w, 'a> {
    tables.entry(id).or_insert_with(|| Table {
        thing: by,
        vpc: None,
        associations: Vec::new(),
        routes: vec![elsewhere("the routes of a table that is not declared")],
    })
}

/// W16: every VPC has a main table: the one it was made with, unless another was made the main one.
fn add_mains<'w, 'a>(world: &World<'w, 'a>, tables: &mut Tables<'w, 'a>) {
    let others: Vec<Thing<'w, 'a>> = world.of_kinds(&["aws_main_route_table_association"]).collect();
    for vpc in world.of_kinds(VPCS) {
        let id = world.id(vpc);
        let known = vpc.text("main_route_table_id").or_else(|| vpc.text("default_route_table_id"));
        let own = known.map_or_else(|| part_id(&id, MAIN_TABLE), str::to_owned);
        let table = tables.entry(own).or_insert_with(|| Table {
            thing: vpc,
            vpc: None,
            associations: Vec::new(),
            routes: match vpc.is(&["aws_default_vpc"]) {
                true => vec![super::presumed::default_route(&id, vpc.at())],
                false => Vec::new(),
            },
        });
        table.vpc.get_or_insert_with(|| text(id.as_str()));
        let replaced = others.iter().find(|other| {
            let of = world.id_under(**other, "vpc_id");
            of.is_none_or(|of| of == id)
        });
        let main = |value: Tree<'a>, at| Shape::at(at).with("Main", value).tree();
        match replaced {
            None => table.associations.push(main(Tree::Flag(true), vpc.at())),
            Some(other) => {
                let named = world.id_under(*other, "vpc_id").is_some() && !other.is_perhaps();
                if !named {
                    table.associations.push(main(perhaps(&other.declared.address), other.at()));
                }
            }
        }
    }
    for other in others {
        let id = world.id_under(other, "route_table_id").unwrap_or_else(|| world.called(other));
        let is_main = match other.is_perhaps() {
            true => perhaps(&other.declared.address),
            false => Tree::Flag(true),
        };
        let vpc = world.under(other.node(), "vpc_id");
        let table = table_of(tables, id, other);
        table.associations.push(Shape::at(other.at()).with("Main", is_main).tree());
        if table.vpc.is_none() {
            table.vpc = vpc;
        }
    }
}

/// A route, of a block or by itself.
fn routed<'a>(
    world: &World<'_, 'a>,
    node: &Node<'a>,
    at: Option<&'a str>,
    condition: Option<Tree<'a>>,
) -> Tree<'a> {
    let mut shape = Shape::at(at);
    for (key, name) in DESTINATIONS.into_iter().chain(TARGETS) {
        let told = world.under(node, key);
        // Plans and states have an empty text where there is none.
        shape = shape
            .with_some(name, told.filter(|told| !matches!(told, Tree::Text(text) if text.trim().is_empty())));
    }
    // Whether it is followed is not known.
    shape.with_some("State", condition).tree()
}

const DESTINATIONS: [(&str, &str); 5] = [
    ("cidr_block", "DestinationCidrBlock"),
    ("ipv6_cidr_block", "DestinationIpv6CidrBlock"),
    ("destination_cidr_block", "DestinationCidrBlock"),
    ("destination_ipv6_cidr_block", "DestinationIpv6CidrBlock"),
    ("destination_prefix_list_id", "DestinationPrefixListId"),
];

const TARGETS: [(&str, &str); 12] = [
    ("gateway_id", "GatewayId"),
    ("nat_gateway_id", "NatGatewayId"),
    ("egress_only_gateway_id", "EgressOnlyInternetGatewayId"),
    ("transit_gateway_id", "TransitGatewayId"),
    ("vpc_peering_connection_id", "VpcPeeringConnectionId"),
    ("network_interface_id", "NetworkInterfaceId"),
    ("instance_id", "InstanceId"),
    ("vpc_endpoint_id", "VpcEndpointId"),
    ("carrier_gateway_id", "CarrierGatewayId"),
    ("local_gateway_id", "LocalGatewayId"),
    ("core_network_arn", "CoreNetworkArn"),
    ("odb_network_arn", "OdbNetworkArn"),
];
