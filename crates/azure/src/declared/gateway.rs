//! What people and sites come in through: Bastion, gateways of networks and hubs; and what leads to no address of the
//! Internet, private endpoints.

use cloud::json::Node;

use super::firewall::ip_configurations;
use super::one::One;
use super::row::{Make, Place, Row};
use super::written::Written;

pub(super) static ROWS: &[Row] = &[
    Row { kind: "azurerm_bastion_host", place: Place::Group(BASTION), make: Make::Resources(bastion) },
    Row {
        kind: "azurerm_virtual_network_gateway",
        place: Place::Group(NETWORK_GATEWAY),
        make: Make::Resources(network_gateway),
    },
];

const BASTION: &str = "Microsoft.Network/bastionHosts";
const NETWORK_GATEWAY: &str = "Microsoft.Network/virtualNetworkGateways";

fn bastion<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let own = Written::default().with("ipConfigurations", ip_configurations(one, one.block()));
    vec![Written::resource(BASTION, &one.who(), one.at(), own).node()]
}

fn network_gateway<'a>(one: One<'_, 'a>) -> Vec<Node<'a>> {
    let block = one.block();
    let clients = block.only(&["vpn_client_configuration"], |clients| {
        Written::default().with("vpnClientProtocols", clients.value(&["vpn_client_protocols"])).tree()
    });
    let own = Written::default()
        .with("gatewayType", block.value(&["type"]))
        .with("vpnClientConfiguration", clients)
        .with("ipConfigurations", ip_configurations(one, one.block()));
    vec![Written::resource(NETWORK_GATEWAY, &one.who(), one.at(), own).node()]
}
