//! Interfaces, public addresses, machines, and what is attached to interfaces.

use std::borrow::Cow;

use cloud::json::{Node, Tree};

use super::network::{attached, attachment};
use super::one::{Block, One, doubtful, written};
use super::row::{Make, Parent, Place, Row, Slot};
use super::written::{Written, reference, text};

pub(super) static ROWS: &[Row] = &[
    Row {
        kind: "azurerm_network_interface",
        place: Place::Group(INTERFACE),
        make: Make::Resources(interface),
    },
    association("azurerm_network_interface_security_group_association", Slot::InterfaceGroup, group),
    association(
        "azurerm_network_interface_application_security_group_association",
        Slot::InterfaceApplicationGroups,
        |one| member(one, &["application_security_group_id"]),
    ),
    association("azurerm_network_interface_backend_address_pool_association", Slot::InterfacePools, |one| {
        member(one, &["backend_address_pool_id"])
    }),
    association("azurerm_network_interface_nat_rule_association", Slot::InterfaceNatRules, |one| {
        member(one, &["nat_rule_id"])
    }),
    association(
        "azurerm_network_interface_application_gateway_backend_address_pool_association",
        Slot::InterfaceGatewayPools,
        |one| member(one, &["backend_address_pool_id"]),
    ),
    association(
        "azurerm_network_interface_application_gateway_association",
        Slot::InterfaceGatewayPools,
        |one| member(one, &["backend_address_pool_id"]),
    ),
    Row {
        kind: "azurerm_public_ip",
        place: Place::Group("Microsoft.Network/publicIPAddresses"),
        make: Make::Resources(public_address),
    },
    Row {
        kind: "azurerm_public_ip_prefix",
        place: Place::Group("Microsoft.Network/publicIPPrefixes"),
        make: Make::Resources(public_prefix),
    },
    Row { kind: "azurerm_virtual_machine", place: Place::Group(MACHINE), make: Make::Resources(machine) },
    Row {
        kind: "azurerm_linux_virtual_machine",
        place: Place::Group(MACHINE),
        make: Make::Resources(machine),
    },
    Row {
        kind: "azurerm_windows_virtual_machine",
        place: Place::Group(MACHINE),
        make: Make::Resources(machine),
    },
];

const INTERFACE: &str = "Microsoft.Network/networkInterfaces";
const MACHINE: &str = "Microsoft.Compute/virtualMachines";

static OF_INTERFACE: Parent =
    Parent { ids: &["network_interface_id"], names: &[], kinds: &[], path: INTERFACE };

const fn association(
    kind: &'static str,
    slot: Slot,
    write: for<'s, 'a> fn(One<'s, 'a>) -> Option<Tree<'a>>,
) -> Row {
    Row { kind, place: Place::Nowhere, make: Make::Item(slot, &OF_INTERFACE, write) }
}

fn group<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    attachment(one, &["network_security_group_id"])
}

/// What a configuration becomes a member of, with the name of the configuration.
fn member<'a>(one: One<'_, 'a>, names: &[&str]) -> Option<Tree<'a>> {
    let member = attachment(one, names)?;
    let written = Written::default().with(MEMBER_OF, member);
    Some(written.with(CONFIGURATION, one.block().value(&["ip_configuration_name"])).tree())
}

const MEMBER_OF: &str = "of";
const CONFIGURATION: &str = "configuration";

fn interface<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let configurations = block.blocks(&["ip_configuration"]);
    let configurations = written(configurations, |configuration| ip_configuration(one, configuration));
    let group = block.reference(&["network_security_group_id"]);
    let own = Written::default()
        .with("ipConfigurations", configurations)
        .with("networkSecurityGroup", attached(group, one.added(Slot::InterfaceGroup)))
        .with("virtualMachine", machine_of(one));
    vec![Written::resource(INTERFACE, &one.who(), one.at(), own).node()]
}

/// The machine that names an interface.
fn machine_of<'a>(one: One<'_, 'a>) -> Option<Tree<'a>> {
    let machine = one.scene.machine_of(one.who().id)?;
    Some(reference(text(machine.to_owned())))
}

fn ip_configuration<'a>(one: One<'_, 'a>, block: Block<'_, 'a>) -> Tree<'a> {
    let name = block.text(&["name"]);
    let own = Written::default()
        .with("privateIPAddress", block.value(&["private_ip_address"]))
        .with("privateIPAddressVersion", block.value(&["private_ip_address_version"]))
        .with("subnet", block.reference(&["subnet_id"]))
        .with("publicIPAddress", block.reference(&["public_ip_address_id"]))
        .with(
            "gatewayLoadBalancer",
            block.reference(&["gateway_load_balancer_frontend_ip_configuration_id"]),
        );
    let own = MEMBERSHIPS.iter().fold(own, |own, (slot, names, key)| {
        own.with(key, memberships(one, (*slot, names), block, name.as_deref()))
    });
    let id = name.as_deref().map(|name| format!("{}/ipConfigurations/{name}", one.who().id));
    Written::at(block.at())
        .with("id", id.map(text))
        .with("name", block.value(&["name"]))
        .with("properties", own.tree())
        .tree()
}

/// What a configuration is a member of: what it says itself, as old providers had it, and what is attached to it.
fn memberships<'a>(
    one: One<'_, 'a>,
    (slot, names): (Slot, &[&str]),
    block: Block<'_, 'a>,
    name: Option<&str>,
) -> Option<Tree<'a>> {
    let mut all = match block.references(names) {
        Some(Tree::List(own)) => own,
        Some(other) => return Some(other),
        None => Vec::new(),
    };
    for added in one.added(slot) {
        let Tree::Object(added) = added else {
            all.push(doubtful(None));
            continue;
        };
        let Some(member) = added.own(MEMBER_OF) else { continue };
        match (added.own(CONFIGURATION), name) {
            // An association without a name is of all of them.
            (None, _) => all.push(member.clone()),
            (Some(Tree::Text(other)), Some(name)) if other.eq_ignore_ascii_case(name) => {
                all.push(member.clone())
            }
            (Some(Tree::Text(_)), Some(_)) => {}
            (Some(_), _) => all.push(doubtful(None)),
        }
    }
    all.dedup();
    (!all.is_empty()).then_some(Tree::List(all))
}

/// What configurations are members of, and how they said it themselves before associations were resources.
const MEMBERSHIPS: [(Slot, &[&str], &str); 4] = [
    (Slot::InterfaceApplicationGroups, &["application_security_group_ids"], "applicationSecurityGroups"),
    (Slot::InterfacePools, &["load_balancer_backend_address_pools_ids"], "loadBalancerBackendAddressPools"),
    (Slot::InterfaceNatRules, &["load_balancer_inbound_nat_rules_ids"], "loadBalancerInboundNatRules"),
    (
        Slot::InterfaceGatewayPools,
        &["application_gateway_backend_address_pools_ids"],
        "applicationGatewayBackendAddressPools",
    ),
];

fn public_address<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    // Without one, it depends on the version of the provider; dynamic addresses are `Basic` alone.
    let is_dynamic = block
        .text(&["allocation_method", "public_ip_address_allocation"])
        .is_some_and(|method| method.eq_ignore_ascii_case("dynamic"));
    let sku = block.value(&["sku"]).or_else(|| is_dynamic.then(|| text("Basic")));
    let sku = sku.map(|sku| Written::default().with("name", sku).tree());
    let own = Written::default()
        .with("ipAddress", block.value(&["ip_address"]))
        .with("publicIPAddressVersion", block.value_or(&["ip_version"], "IPv4"));
    let kind = "Microsoft.Network/publicIPAddresses";
    vec![Written::resource(kind, &one.who(), one.at(), own).with("sku", sku).node()]
}

fn public_prefix<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let own = Written::default().with("ipPrefix", block.value(&["ip_prefix"]));
    let kind = "Microsoft.Network/publicIPPrefixes";
    vec![Written::resource(kind, &one.who(), one.at(), own).node()]
}

fn machine<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let interfaces = one.block().references(&["network_interface_ids"]);
    let profile = interfaces.map(|list| Written::default().with("networkInterfaces", list).tree());
    let own = Written::default().with("networkProfile", profile);
    vec![Written::resource(MACHINE, &one.who(), one.at(), own).node()]
}

/// The kinds whose interfaces are theirs.
pub(super) const MACHINES: [&str; 3] =
    ["azurerm_virtual_machine", "azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine"];

/// The ids of the interfaces that a machine names.
pub(super) fn interfaces_of<'a>(machine: One<'_, 'a>) -> Vec<Cow<'a, str>> {
    let ids = match machine.block().value(&["network_interface_ids"]) {
        Some(Tree::List(ids)) => ids,
        Some(id) => vec![id],
        None => Vec::new(),
    };
    let ids = ids.into_iter().filter_map(|id| match id {
        Tree::Text(id) => Some(id),
        Tree::Null | Tree::Flag(_) | Tree::List(_) | Tree::Object(_) | Tree::Unknown(_) => None,
    });
    ids.collect()
}
