//! Scale sets, of every kind that was ever declared.

use cloud::json::{Node, Tree};

use super::one::{Block, One};
use super::row::{Make, Place, Row};
use super::written::{Written, text};

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_linux_virtual_machine_scale_set", place: SET, make: Make::Resources(uniform) },
    Row { kind: "azurerm_windows_virtual_machine_scale_set", place: SET, make: Make::Resources(uniform) },
    Row { kind: "azurerm_virtual_machine_scale_set", place: SET, make: Make::Resources(legacy) },
    Row {
        kind: "azurerm_orchestrated_virtual_machine_scale_set",
        place: SET,
        make: Make::Resources(flexible),
    },
];

const SET: Place = Place::Group(KIND);
const KIND: &str = "Microsoft.Compute/virtualMachineScaleSets";

fn uniform<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    set(one, "network_interface", "Uniform")
}

fn legacy<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    set(one, "network_profile", "Uniform")
}

fn flexible<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    set(one, "network_interface", "Flexible")
}

fn set<'a>(one: One<'_, 'a>, interfaces: &str, mode: &'static str) -> Vec<Node<'a>> {
    let interfaces = one.block().list(&[interfaces], interface);
    let profile = interfaces.map(|list| {
        let network = Written::default().with("networkInterfaceConfigurations", list).tree();
        Written::default().with("networkProfile", network).tree()
    });
    let own = Written::default().with("orchestrationMode", text(mode)).with("virtualMachineProfile", profile);
    vec![Written::resource(KIND, &one.who(), one.at(), own).node()]
}

fn interface<'a>(block: Block<'_, 'a>) -> Tree<'a> {
    let configurations = block.list(&["ip_configuration"], ip_configuration);
    let own = Written::default()
        .with("networkSecurityGroup", block.reference(&["network_security_group_id"]))
        .with("ipConfigurations", configurations);
    Written::within(block.at()).with("name", block.value(&["name"])).with("properties", own.tree()).tree()
}

fn ip_configuration<'a>(block: Block<'_, 'a>) -> Tree<'a> {
    let address = block.only(&["public_ip_address", "public_ip_address_configuration"], |address| {
        let sku = address.value(&["sku_name"]);
        // `Standard_Regional`: its name and its tier.
        let sku = sku.map(|sku| match sku {
            Tree::Text(sku) => text(sku.split('_').next().unwrap_or_default().to_owned()),
            other => other,
        });
        let sku = sku.map(|name| Written::default().with("name", name).tree());
        Written::within(address.at()).with("name", address.value(&["name"])).with("sku", sku).tree()
    });
    let own = Written::default()
        .with("subnet", block.reference(&["subnet_id"]))
        .with("privateIPAddressVersion", block.value(&["version"]))
        .with("applicationSecurityGroups", block.references(&["application_security_group_ids"]))
        .with(
            "loadBalancerBackendAddressPools",
            block.references(&["load_balancer_backend_address_pool_ids"]),
        )
        .with("loadBalancerInboundNatPools", block.references(&["load_balancer_inbound_nat_rules_ids"]))
        .with(
            "applicationGatewayBackendAddressPools",
            block.references(&["application_gateway_backend_address_pool_ids"]),
        )
        .with("publicIPAddressConfiguration", address);
    Written::within(block.at()).with("name", block.value(&["name"])).with("properties", own.tree()).tree()
}
