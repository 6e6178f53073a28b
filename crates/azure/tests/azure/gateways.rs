//! Gateways that serve the Internet by design: Bastion, VPN and ExpressRoute (semantics AP1, AP11, A27).

use crate::estate::{group, id, network, public_address, scan};

const ANY: &str = "any 3702258431 / -";

fn gateway(kind: &str, name: &str, subnet: &str, more: &str) -> String {
    format!(
        r#"[{{"id": "{}", "name": "{name}", "type": "Microsoft.Network/{kind}", "ipConfigurations": [{{"name": "i", "subnet": {{"id": "{}"}}, "publicIPAddress": {{"id": "{}"}}}}]{more}}}]"#,
        id(kind, name),
        id("virtualNetworks", &format!("v/subnets/{subnet}")),
        id("publicIPAddresses", "pip"),
    )
}

fn estate(gateway: String, group_of_subnet: &str) -> Vec<String> {
    let own = |subnet: &str| if gateway.contains(subnet) { group_of_subnet } else { "" };
    let [bastion, tunnels] = ["AzureBastionSubnet", "GatewaySubnet"].map(own);
    vec![
        gateway,
        public_address("pip", "20.50.1.60", "Standard"),
        network(
            "v",
            "10.0.0.0/16",
            &[
                ["AzureBastionSubnet", "10.0.3.0/26", bastion, ""],
                ["GatewaySubnet", "10.0.4.0/27", tunnels, ""],
            ],
        ),
    ]
}

#[test]
fn a_bastion_serves_https() {
    let bastion = || gateway("bastionHosts", "bas", "AzureBastionSubnet", "");
    scan(&estate(bastion(), "")).check(&[&format!("bas exposed tcp/443 {ANY}")]);
    let mut documents = estate(bastion(), "nsg");
    documents.push(group("nsg", &["100 allow tcp 8.8.8.0/24 * 443", "110 allow tcp * * 22"]));
    scan(&documents).check(&["bas exposed tcp/443 narrow 256 / -"]);
}

/// The shared one has no address of its own.
#[test]
fn a_bastion_without_an_address_is_not_reached() {
    let mut documents = estate(gateway("bastionHosts", "bas", "AzureBastionSubnet", ""), "");
    documents[0] = format!(
        r#"[{{"id": "{}", "name": "bas", "type": "Microsoft.Network/bastionHosts", "sku": {{"name": "Developer"}}, "ipConfigurations": []}}]"#,
        id("bastionHosts", "bas")
    );
    let answer = scan(&documents);
    answer.check(&[]);
    assert_eq!(answer.snapshot.coverage["bastion-host"].assessed, 1);
}

#[test]
fn a_vpn_gateway_serves_tunnels() {
    let vpn = |more: &str| {
        scan(&estate(gateway("virtualNetworkGateways", "vpn", "GatewaySubnet", more), "")).exposures()
    };
    let tunnels = [format!("vpn exposed esp {ANY}"), format!("vpn exposed udp/500,4500 {ANY}")];
    assert_eq!(vpn(r#", "gatewayType": "Vpn""#), tunnels);
    let clients = |protocols: &str| {
        vpn(&format!(
            r#", "gatewayType": "Vpn", "vpnClientConfiguration": {{"vpnClientProtocols": [{protocols}]}}"#
        ))
    };
    assert_eq!(clients(r#""IkeV2""#), tunnels);
    assert_eq!(clients(r#""OpenVPN""#)[1], format!("vpn exposed tcp/443 {ANY}"));
    assert_eq!(clients("")[1], format!("vpn exposed possible tcp/443 {ANY}"));
    assert_eq!(vpn(r#", "gatewayType": "ExpressRoute""#), [""; 0]);
    assert!(vpn("").iter().all(|line| line.contains(" possible ")));
}

/// A27: a group on the subnet of a gateway may be asked or not.
#[test]
fn a_group_on_a_gateway_subnet_is_possible() {
    let mut documents =
        estate(gateway("virtualNetworkGateways", "vpn", "GatewaySubnet", r#", "gatewayType": "Vpn""#), "nsg");
    documents.push(group("nsg", &[]));
    let answer = scan(&documents);
    answer.check(&[
        &format!("vpn exposed possible esp {ANY}"),
        &format!("vpn exposed possible udp/500,4500 {ANY}"),
    ]);
}

/// Gateways of hubs have addresses that are no resources, or tell none.
#[test]
fn gateways_of_hubs_serve_tunnels() {
    let hub = |kind: &str, more: &str| {
        scan(&[format!(
            r#"[{{"id": "{}", "name": "hub", "type": "Microsoft.Network/{kind}", "provisioningState": "Succeeded"{more}}}]"#,
            id(kind, "hub")
        )])
    };
    let sites =
        hub("vpnGateways", r#", "ipConfigurations": [{"id": "Instance0", "publicIpAddress": "20.50.1.61"}]"#);
    sites.check(&[&format!("hub exposed esp {ANY}"), &format!("hub exposed udp/500,4500 {ANY}")]);
    let path = &sites.snapshot.targets[0].paths[0];
    assert_eq!(path.front.as_ref().unwrap().address, Some("20.50.1.61".parse().unwrap()));
    assert_eq!(hub("p2sVpnGateways", "").exposures()[1], format!("hub exposed possible tcp/443 {ANY}"));
    hub("expressRouteGateways", "").check(&[]);
}

/// Their public addresses are assessed.
#[test]
fn public_addresses_are_assessed() {
    let mut documents = estate(gateway("bastionHosts", "bas", "AzureBastionSubnet", ""), "");
    let user = format!("{}/bastionHostIpConfigurations/i", id("bastionHosts", "bas"));
    documents[1] = documents[1]
        .replace(r#""ipAddress""#, &format!(r#""ipConfiguration": {{"id": "{user}"}}, "ipAddress""#));
    let coverage = &scan(&documents).snapshot.coverage;
    assert_eq!((coverage["public-ip-address"].assessed, coverage["public-ip-address"].not_assessed), (1, 0));
}

/// A gateway that only its public address names: the kind absent is told, the one missing is a gap.
#[test]
fn a_gateway_that_is_not_there_is_told() {
    for (kind, command) in [
        ("applicationGateways", "`az network application-gateway list`"),
        ("azureFirewalls", "`az network firewall list`"),
        ("bastionHosts", "`az network bastion list`"),
        ("virtualNetworkGateways", "`az network vnet-gateway list"),
    ] {
        let used = public_address("pip", "20.50.1.60", "Standard").replace(
            r#""ipAddress""#,
            &format!(
                r#""ipConfiguration": {{"id": "{}/ipConfigurations/i"}}, "ipAddress""#,
                id(kind, "gone")
            ),
        );
        let mut documents = vec![used];
        let answer = scan(&documents);
        assert!(answer.snapshot.missing.iter().any(|told| told.contains(command)), "{kind}");
        assert_eq!(answer.codes(), [""; 0]);
        assert_eq!(answer.snapshot.coverage["public-ip-address"].not_assessed, 1);
        documents.push(gateway(kind, "other", "s", r#", "gatewayType": "Vpn""#).replace("/pip\"", "/none\""));
        assert!(scan(&documents).codes().contains(&"dangling-reference"), "{kind}");
    }
}
