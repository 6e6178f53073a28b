//! Route tables: where prefixes lead, and at which subnets and gateways tables stand (W16).

use cloud::audit::{Act, Nature, Spot};
use cloud::grammar;
use cloud::json::{Node, Tree};
use model::Effect;

use crate::trail::body::Body;
use crate::trail::call::{Call, Meaning, Told};
use crate::trail::made::{described, names, object, text, tree};

const KIND: &str = "route-table";

pub(super) fn create_table(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let table = call.response.part("routeTable");
    let Some(id) = table.text("routeTableId") else {
        return match call.is_done() {
            true => told.no_id("responseElements.routeTable.routeTableId"),
            false => Meaning::recorded(call.request.text("vpcId").unwrap_or_default()),
        };
    };
    let mut node = described(table, &NAMES);
    for key in ["Routes", "Associations"] {
        if node.own(key).is_none() {
            node.push(key.into(), Tree::List(Vec::new()));
        }
    }
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Put(node))])
}

pub(super) fn delete_table(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("routeTableId") else { return told.no_id("routeTableId") };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, Act::Drop)])
}

/// A route is created or replaced whole.
pub(super) fn put_route(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("routeTableId") else { return told.no_id("routeTableId") };
    let Some(mut route) = destination(call.request) else { return unread(id, told) };
    let target = TARGETS.iter().find_map(|(sent, own)| Some((*own, call.request.text(sent)?)));
    let target = match target {
        None if call.request.flag("localTarget") == Some(true) => Some(("GatewayId", "local")),
        target => target,
    };
    let Some((key, target)) = target else { return unread(id, told) };
    for (key, value) in [(key, target), ("Origin", "CreateRoute"), ("State", "active")] {
        route.push(key.into(), text(value));
    }
    let act = Act::Insert {
        into: Spot::of(&["Routes"]),
        items: vec![Tree::Object(route)],
        by: names(&DESTINATIONS),
    };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, act)])
}

pub(super) fn delete_route(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("routeTableId") else { return told.no_id("routeTableId") };
    let Some(route) = destination(call.request) else { return unread(id, told) };
    let act = Act::Remove { from: Spot::of(&["Routes"]), items: vec![Tree::Object(route)] };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, act)])
}

/// A table comes to stand at a subnet, or at the edge of a gateway.
pub(super) fn associate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("routeTableId") else { return told.no_id("routeTableId") };
    let place = [("SubnetId", "subnetId"), ("GatewayId", "gatewayId")];
    let place = place.into_iter().find_map(|(own, sent)| Some((own, call.request.text(sent)?)));
    let Some((key, place)) = place else { return told.no_id("subnetId` or `gatewayId") };
    let association = call.response.text("associationId");
    let by = if association.is_some() { "RouteTableAssociationId" } else { key };
    let mut item = object([
        ("RouteTableAssociationId", association.map_or(Tree::Null, text)),
        ("RouteTableId", text(id)),
        ("Main", Tree::Flag(false)),
        ("AssociationState", tree([("State", text("associated"))])),
    ]);
    item.push(key.into(), text(place));
    let act =
        Act::Insert { into: Spot::of(&["Associations"]), items: vec![Tree::Object(item)], by: names(&[by]) };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, act)])
}

/// The event says neither the table nor the subnet: the association has both.
pub(super) fn disassociate(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(association) = call.request.text("associationId") else { return told.no_id("associationId") };
    let pattern = tree([("RouteTableAssociationId", text(association))]);
    let act = Act::Remove { from: Spot::of(&["Associations"]), items: vec![pattern] };
    let selector = format!("RouteTableAssociationId={association}");
    Meaning::edits_of(association, vec![call.edit(KIND, &selector, Nature::Attachment, act)])
}

/// What stood at the old table, a subnet, a gateway or the whole VPC, stands at the new one.
pub(super) fn replace_association(call: &Call<'_>, told: &mut Told<'_>) -> Meaning {
    let Some(id) = call.request.text("routeTableId") else { return told.no_id("routeTableId") };
    let Some(old) = call.request.text("associationId") else { return told.no_id("associationId") };
    let association = object([
        ("RouteTableAssociationId", text(call.response.text("newAssociationId").unwrap_or(old))),
        ("RouteTableId", text(id)),
        ("AssociationState", tree([("State", text("associated"))])),
        ("#moves", text(old)),
    ]);
    let act = Act::Insert {
        into: Spot::of(&["Associations"]),
        items: vec![Tree::Object(association)],
        by: names(&["RouteTableAssociationId"]),
    };
    Meaning::edits(vec![call.edit(KIND, id, Nature::Attachment, act)])
}

/// The destination of a route: AWS cuts host bits off.
fn destination(request: Body<'_>) -> Option<Node<'static>> {
    let [v4, v6, list] = DESTINATIONS;
    let cidr = |key: &'static str| {
        let cidr = request.text(key)?;
        let cidr = grammar::prefix(cidr).map_or_else(|_| cidr.to_owned(), |prefix| prefix.to_string());
        Some(object([(key, text(&cidr))]))
    };
    cidr(v4).or_else(|| cidr(v6)).or_else(|| Some(object([(list, text(request.text(list)?))])))
}

fn unread(id: &str, told: &mut Told<'_>) -> Meaning {
    let sentence = "the route has no destination or no target that is known: where the table leads is not known; an export of now has it";
    told.tell("unreadable-event", Effect::Undecided, sentence);
    Meaning::recorded(id)
}

/// The keys of a destination; a route has one of them.
const DESTINATIONS: [&str; 3] =
    ["DestinationCidrBlock", "DestinationIpv6CidrBlock", "DestinationPrefixListId"];
/// What requests call the target of a route, and what `describe-route-tables` calls it.
const TARGETS: [(&str, &str); 12] = [
    ("gatewayId", "GatewayId"),
    ("natGatewayId", "NatGatewayId"),
    ("egressOnlyInternetGatewayId", "EgressOnlyInternetGatewayId"),
    ("transitGatewayId", "TransitGatewayId"),
    ("vpcPeeringConnectionId", "VpcPeeringConnectionId"),
    ("networkInterfaceId", "NetworkInterfaceId"),
    ("instanceId", "InstanceId"),
    // Endpoints of Gateway Load Balancers are listed as gateways.
    ("vpcEndpointId", "GatewayId"),
    ("localGatewayId", "LocalGatewayId"),
    ("carrierGatewayId", "CarrierGatewayId"),
    ("coreNetworkArn", "CoreNetworkArn"),
    ("odbNetworkArn", "OdbNetworkArn"),
];
/// What EC2 calls things in answers that its command line calls otherwise.
const NAMES: [(&str, &str); 4] = [
    ("routeSet", "Routes"),
    ("associationSet", "Associations"),
    ("propagatingVgwSet", "PropagatingVgws"),
    ("tagSet", "Tags"),
];
