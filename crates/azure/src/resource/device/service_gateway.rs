//! Gateways that serve the Internet by design: Bastion, VPN and ExpressRoute gateways of networks and of hubs.
//!
//! Which ports they serve is the provider's doing; who may speak to them only a group on a Bastion's subnet says.

use core::net::IpAddr;

use cloud::Stated;
use cloud::json::Node;
use model::Name;

use crate::intake::Intake;
use crate::resource::identity::Identity;
use crate::resource::stated::OfAzure as _;

use super::Device;
use super::gateway_part::{Seats, address, read_seats};

/// A Bastion host.
#[derive(Clone, Debug, PartialEq)]
pub struct Bastion {
    pub(crate) identity: Identity,
    pub(crate) seats: Seats,
    pub(crate) subnet: Option<Name>,
}

/// A gateway that tunnels end at.
#[derive(Clone, Debug, PartialEq)]
pub struct TunnelGateway {
    pub(crate) identity: Identity,
    pub(crate) kind: TunnelKind,
    pub(crate) seats: Seats,
    /// Addresses that are no resources.
    pub(crate) addresses: Vec<IpAddr>,
    pub(crate) subnet: Option<Name>,
    /// Whether single clients come by TLS; `None` when the document does not say.
    pub(crate) by_tls: Option<bool>,
    /// Whether it is certain that tunnels of the Internet end here: its type can be read.
    pub(crate) is_certain: bool,
}

/// A gateway for private circuits: nothing of the Internet comes in through it.
#[derive(Clone, Debug, PartialEq)]
pub struct CircuitGateway {
    pub(crate) identity: Identity,
}

/// Which kind of gateway tunnels end at. Complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TunnelKind {
    /// Of a virtual network.
    Network,
    /// Of a virtual hub, for sites.
    HubSites,
    /// Of a virtual hub, for single clients.
    HubClients,
}

pub(crate) fn read_bastion<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed Bastion", intake);
    let (seats, subnet) = read_seats(&stated, &identity, intake);
    Bastion { identity, seats, subnet }.into()
}

pub(crate) fn read_network_gateway<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed virtual network gateway", intake);
    let (seats, subnet) = read_seats(&stated, &identity, intake);
    let kind = stated.text("gatewayType", intake).this();
    if kind.is_some_and(|kind| kind.eq_ignore_ascii_case("expressroute")) {
        return CircuitGateway { identity }.into();
    }
    let is_certain = kind.is_some_and(|kind| kind.eq_ignore_ascii_case("vpn"));
    let clients = stated.object("vpnClientConfiguration", intake);
    let by_tls = if clients.is_nothing() {
        Some(false)
    } else {
        let protocols = clients.this().and_then(|clients| clients.texts("vpnClientProtocols", intake).this());
        protocols.filter(|protocols| !protocols.is_empty()).map(|protocols| {
            let is_tls = |word: &&&str| !word.eq_ignore_ascii_case("ikev2");
            protocols.iter().filter(is_tls).count() > 0
        })
    };
    let kind = TunnelKind::Network;
    TunnelGateway { identity, kind, seats, addresses: Vec::new(), subnet, by_tls, is_certain }.into()
}

pub(crate) fn read_hub_gateway<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, stated) = Stated::resource(node, "unnamed VPN gateway", intake);
    let instances = stated.listed("ipConfigurations", intake);
    let addresses = instances.iter().filter_map(|one| address(one, "publicIpAddress", intake)).collect();
    let kind = TunnelKind::HubSites;
    let (seats, subnet) = (Seats::none(), None);
    TunnelGateway { identity, kind, seats, addresses, subnet, by_tls: Some(false), is_certain: true }.into()
}

pub(crate) fn read_client_gateway<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, _) = Stated::resource(node, "unnamed point-to-site gateway", intake);
    let kind = TunnelKind::HubClients;
    let (seats, addresses) = (Seats::none(), Vec::new());
    TunnelGateway { identity, kind, seats, addresses, subnet: None, by_tls: None, is_certain: true }.into()
}

pub(crate) fn read_circuit_gateway<'a>(node: &Node<'a>, intake: &mut Intake<'_, 'a>) -> Device {
    let (identity, _) = Stated::resource(node, "unnamed ExpressRoute gateway", intake);
    CircuitGateway { identity }.into()
}
