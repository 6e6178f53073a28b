//! Virtual networks, subnets, peerings, routes.

use std::collections::BTreeSet;

use cloud::json::{Cause, Node, Tree};

use super::one::{Block, Listed, One, doubtful, is_filled_in};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::{Written, reference, text};
use crate::wire::DECLARED;

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_virtual_network", place: Place::Group(NETWORK), make: Make::Resources(network) },
    Row { kind: "azurerm_subnet", place: Place::Part(&OF_NETWORK, "subnets"), make: Make::Resources(subnet) },
    Row {
        kind: "azurerm_subnet_network_security_group_association",
        place: Place::Nowhere,
        make: Make::Item(Slot::SubnetGroup, &OF_SUBNET, group_of_subnet),
    },
    Row {
        kind: "azurerm_subnet_route_table_association",
        place: Place::Nowhere,
        make: Make::Item(Slot::SubnetTable, &OF_SUBNET, table_of_subnet),
    },
    // AP7: what goes out lets nobody in.
    Row { kind: "azurerm_subnet_nat_gateway_association", place: Place::Nowhere, make: Make::Nothing },
    Row {
        kind: "azurerm_virtual_network_peering",
        place: Place::Part(&OF_NETWORK, "virtualNetworkPeerings"),
        make: Make::Resources(peering),
    },
    Row { kind: "azurerm_route_table", place: Place::Group(TABLE), make: Make::Resources(table) },
    Row {
        kind: "azurerm_route",
        place: Place::Part(&OF_TABLE, "routes"),
        make: Make::Item(Slot::TableRoutes, &OF_TABLE, lone_route),
    },
];

const NETWORK: &str = "Microsoft.Network/virtualNetworks";
const TABLE: &str = "Microsoft.Network/routeTables";

static OF_NETWORK: Parent = Parent {
    ids: &["virtual_network_id"],
    names: &["virtual_network_name"],
    kinds: &["azurerm_virtual_network"],
    path: NETWORK,
};

static OF_SUBNET: Parent = Parent { ids: &["subnet_id"], names: &[], kinds: &[], path: NETWORK };

static OF_TABLE: Parent = Parent {
    ids: &["route_table_id"],
    names: &["route_table_name"],
    kinds: &["azurerm_route_table"],
    path: TABLE,
};

fn network<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let space = block.value(&["address_space"]);
    // From a pool of addresses, which says which when it is made.
    let space = space.unwrap_or_else(|| Tree::unknown(Cause::Computed, "address_space"));
    let alone = alone_in(one);
    let mut subnets = Vec::new();
    for listed in block.blocks(&["subnet"]) {
        match listed {
            // States have those inside that stand on their own, too.
            Listed::This(subnet) => {
                let name = subnet.text(&["name"]).map(|name| name.to_lowercase());
                if name.is_none_or(|name| !alone.contains(&name)) {
                    subnets.push(inner_subnet(one, subnet));
                }
            }
            Listed::Unknown(value) if is_filled_in(&value) && !alone.is_empty() => {}
            Listed::Unknown(value) => subnets.push(value),
        }
    }
    let own = Written::default()
        .with("addressSpace", Written::default().with("addressPrefixes", space).tree())
        .with("subnets", (!subnets.is_empty()).then_some(Tree::List(subnets)));
    let written = Written::resource(NETWORK, &one.who(), one.at(), own);
    vec![written.with("location", block.value(&["location"])).node()]
}

/// The names, in lower case, of the subnets of a network that stand on their own.
fn alone_in(network: One<'_, '_>) -> BTreeSet<String> {
    let prefix = format!("{}/subnets/", network.who().id).to_lowercase();
    let subnets = network.scene.all_of("azurerm_subnet");
    subnets.filter_map(|one| Some(one.who().id.to_lowercase().strip_prefix(&prefix)?.to_owned())).collect()
}

/// A subnet inside of its network.
fn inner_subnet<'a>(network: One<'_, 'a>, block: Block<'_, 'a>) -> Tree<'a> {
    let name = block.value(&["name"]);
    let id = match &name {
        Some(Tree::Text(name)) => Some(format!("{}/subnets/{name}", network.who().id)),
        Some(_) | None => None,
    };
    let group = block.reference(&["security_group", "network_security_group_id"]);
    let table = block.reference(&["route_table_id"]);
    let written = Written::at(block.at()).with("name", name);
    let own = properties(network, (id.as_deref(), block), [group, table]);
    let own = own.with("provisioningState", text(DECLARED));
    written.with("properties", own.tree()).with("id", id.map(text)).tree()
}

fn subnet<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let group = block.reference(&["network_security_group_id"]);
    let table = block.reference(&["route_table_id"]);
    let own = properties(one, (Some(one.who().id), block), [group, table]);
    vec![Written::resource("Microsoft.Network/virtualNetworks/subnets", &one.who(), one.at(), own).node()]
}

/// What is said of a subnet, by itself and by what is attached to it.
fn properties<'a>(
    one: One<'_, 'a>,
    (id, block): (Option<&str>, Block<'_, 'a>),
    [group, table]: [Option<Tree<'a>>; 2],
) -> Written<'a> {
    let attached = |slot, own: Option<Tree<'a>>| {
        let added = id.map(|id| one.scene.added(id, slot)).unwrap_or_default();
        attached(own, added)
    };
    let prefixes = block.value(&["address_prefixes", "address_prefix"]);
    let prefixes = prefixes.unwrap_or_else(|| Tree::unknown(Cause::Computed, "address_prefixes"));
    let delegations = block.list(&["delegation"], |delegation| {
        let service = delegation.only(&["service_delegation"], |service| {
            Written::default().with("serviceName", service.value(&["name"])).tree()
        });
        let service = service.unwrap_or_else(|| doubtful(None));
        Written::at(delegation.at()).with("properties", service).tree()
    });
    Written::default()
        .with("addressPrefixes", prefixes)
        .with("networkSecurityGroup", attached(Slot::SubnetGroup, group))
        .with("routeTable", attached(Slot::SubnetTable, table))
        .with("delegations", delegations)
}

/// What is attached where there is room for one: what all say, or not known which.
pub(super) fn attached<'a>(own: Option<Tree<'a>>, added: Vec<Tree<'a>>) -> Option<Tree<'a>> {
    let mut all: Vec<Tree<'a>> = own.into_iter().chain(added).collect();
    all.dedup();
    match all.len() {
        0 | 1 => all.pop(),
        _ => Some(doubtful(None)),
    }
}

/// What an association attaches; not known where the association itself may be missing, or may be of another.
pub(super) fn attachment<'a>(one: One<'_, 'a>, names: &[&str]) -> Option<Tree<'a>> {
    let is_certain = one.is_certain() && one.scene.has_owner(one.index);
    let attached = one.block().value(names).unwrap_or_else(|| doubtful(None));
    Some(if is_certain { reference(attached) } else { doubtful(None) })
}

fn group_of_subnet<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    attachment(one, &["network_security_group_id"])
}

fn table_of_subnet<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    attachment(one, &["route_table_id"])
}

fn peering<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let own = Written::default()
        .with("remoteVirtualNetwork", block.reference(&["remote_virtual_network_id"]))
        .with("allowVirtualNetworkAccess", block.flag(&["allow_virtual_network_access"], true))
        .with("peerCompleteVnets", block.flag(&["peer_complete_virtual_networks_enabled"], true));
    let own = if one.is_certain() { own } else { own.with("peeringState", doubtful(None)) };
    let kind = "Microsoft.Network/virtualNetworks/virtualNetworkPeerings";
    vec![Written::resource(kind, &one.who(), one.at(), own).node()]
}

fn table<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let alone = one.added(Slot::TableRoutes);
    let mut routes = Vec::new();
    for listed in one.block().blocks(&["route"]) {
        match listed {
            Listed::This(block) => routes.push(route(block, None)),
            Listed::Unknown(value) if is_filled_in(&value) && !alone.is_empty() => {}
            Listed::Unknown(value) => routes.push(value),
        }
    }
    for route in alone {
        let is_known = routes.iter().any(|known| is_same_route(known, &route));
        if !is_known {
            routes.push(route);
        }
    }
    let own = Written::default().with("routes", Tree::List(routes));
    vec![Written::resource(TABLE, &one.who(), one.at(), own).node()]
}

fn is_same_route(one: &Tree<'_>, other: &Tree<'_>) -> bool {
    let (Tree::Object(one), Tree::Object(other)) = (one, other) else { return false };
    ["name", "addressPrefix", "nextHopType"].iter().all(|key| one.own(key) == other.own(key))
}

fn lone_route<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let is_certain = one.is_certain() && one.scene.has_owner(one.index);
    Some(if is_certain { route(one.block(), Some(one.who().name)) } else { doubtful(None) })
}

fn route<'a>(block: Block<'_, 'a>, name: Option<&str>) -> Tree<'a> {
    let name = name.map(|name| text(name.to_owned())).or_else(|| block.value(&["name"]));
    Written::at(block.at())
        .with("name", name)
        .with("addressPrefix", block.value(&["address_prefix"]))
        .with("nextHopType", block.value(&["next_hop_type"]))
        .tree()
}
