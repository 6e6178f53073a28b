//! Application gateways, Bastion and VPN gateways (AP8, AP11).

use serde_json::{Value, json};

use super::super::estates::{Estate, id};
use super::super::fields::PORTS;
use super::{public, subnet, without_own_addresses};
use crate::random::Random;

/// An application gateway in front of some interfaces.
pub(super) fn add_application(estate: &mut Estate, random: &mut Random) {
    without_own_addresses(estate, random);
    let filtered = random.chance(60);
    let subnet = subnet(estate, "agw-subnet", "10.0.100.0/24", filtered, random);
    let address = public(estate, "agw-pip", "198.51.100.30", "Standard");
    let gateway = id("applicationGateways", "agw");
    let part = |list: &str, name: &str| format!("{gateway}/{list}/{name}");
    let (mut ports, mut listeners, mut rules, mut settings) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let pools: Vec<Value> = (0..2)
        .map(|number| pool(estate, &part("backendAddressPools", &format!("pool-{number}")), number, random))
        .collect();
    let mut maps = Vec::new();
    for number in 0..random.between(1, 3) {
        let outside = [80, 443, 8443, 1, 65_199][(number * 2 + random.below(2)) % 5];
        let names = ["port", "listener", "rule", "settings"].map(|it| format!("{it}-{number}"));
        ports.push(json!({"id": part("frontendPorts", &names[0]), "name": names[0], "port": outside}));
        listeners.push(json!({
            "id": part("httpListeners", &names[1]), "name": names[1], "protocol": "Http",
            "frontendIPConfiguration": {"id": part("frontendIPConfigurations", "fe")},
            "frontendPort": {"id": part("frontendPorts", &names[0])},
        }));
        let inside = (*random.pick(&PORTS)).clamp(1, 65_534);
        settings.push(json!({
            "id": part("backendHttpSettingsCollection", &names[3]), "name": names[3],
            "port": inside, "protocol": "Http",
        }));
        let mut rule = json!({
            "id": part("requestRoutingRules", &names[2]), "name": names[2], "priority": number + 1,
            "httpListener": {"id": part("httpListeners", &names[1])},
        });
        let leads = json!({"id": random.pick(&pools)["id"]});
        let by = json!({"id": part("backendHttpSettingsCollection", &names[3])});
        if random.chance(70) {
            rule["ruleType"] = "Basic".into();
            rule["backendAddressPool"] = leads;
            rule["backendHttpSettings"] = by;
        } else {
            rule["ruleType"] = "PathBasedRouting".into();
            rule["urlPathMap"] = json!({"id": part("urlPathMaps", &names[2])});
            maps.push(json!({
                "id": part("urlPathMaps", &names[2]), "name": names[2],
                "defaultBackendAddressPool": {"id": pools[0]["id"]}, "defaultBackendHttpSettings": by,
                "pathRules": [{
                    "name": "path", "paths": ["/a/*"], "backendAddressPool": leads, "backendHttpSettings": by,
                }],
            }));
        }
        rules.push(rule);
    }
    let mut frontend = json!({"id": part("frontendIPConfigurations", "fe"), "name": "fe"});
    if random.chance(75) {
        frontend["publicIPAddress"] = address;
    } else {
        // Only the public address says where it is.
        estate.addresses.last_mut().unwrap()["ipConfiguration"] =
            json!({"id": part("frontendIPConfigurations", "fe").to_uppercase()});
    }
    let mut application = json!({
            "id": gateway, "name": "agw", "etag": "W/\"1\"",
            "sku": {"name": "Standard_v2", "tier": "Standard_v2"},
            "operationalState": "Running",
            "gatewayIPConfigurations": [{"name": "gw", "subnet": subnet}],
            "frontendIPConfigurations": [frontend],
            "frontendPorts": ports,
            "httpListeners": listeners,
            "requestRoutingRules": rules,
            "backendAddressPools": pools,
            "backendHttpSettingsCollection": settings,
            "urlPathMaps": maps,
            "redirectConfigurations": [],
            "sslCertificates": [],
    });
    // A projection leaves out what was not asked for.
    if random.chance(12) {
        let gone: &[&str] = random.pick::<&[&str]>(&[
            &["etag", "httpListeners"],
            &["etag", "requestRoutingRules"],
            &["etag", "httpListeners", "requestRoutingRules"],
        ]);
        gone.iter().for_each(|key| drop(application.as_object_mut().unwrap().remove(*key)));
    }
    estate.put("agws.json", vec![application]);
}

/// Backends by address or by what the configuration says.
fn pool(estate: &mut Estate, pool: &str, number: usize, random: &mut Random) -> Value {
    let mut addresses = Vec::new();
    for interface in &mut estate.interfaces {
        let configuration = &mut interface["ipConfigurations"][0];
        if !random.chance(60) {
            continue;
        }
        if random.chance(60) {
            addresses.push(json!({"ipAddress": configuration["privateIPAddress"]}));
        } else {
            let mut joined = configuration["applicationGatewayBackendAddressPools"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            joined.push(json!({"id": pool}));
            configuration["applicationGatewayBackendAddressPools"] = joined.into();
        }
    }
    json!({"id": pool, "name": format!("pool-{number}"), "backendAddresses": addresses})
}

/// Bastion and a VPN gateway.
pub(super) fn add_access(estate: &mut Estate, random: &mut Random) {
    let filtered = random.chance(60);
    let own = subnet(estate, "AzureBastionSubnet", "10.0.101.0/26", filtered, random);
    let address = public(estate, "bastion-pip", "198.51.100.40", "Standard");
    estate.put(
        "bastions.json",
        vec![json!({
            "id": id("bastionHosts", "bastion"), "name": "bastion", "etag": "W/\"1\"",
            "sku": {"name": *random.pick(&["Basic", "Standard"])},
            "ipConfigurations": [{"name": "ip", "subnet": own, "publicIPAddress": address}],
        })],
    );
    let own = subnet(estate, "GatewaySubnet", "10.0.102.0/27", false, random);
    let address = public(estate, "vpn-pip", "198.51.100.41", "Standard");
    let mut gateway = json!({
        "id": id("virtualNetworkGateways", "vpn"), "name": "vpn", "etag": "W/\"1\"",
        "gatewayType": "Vpn", "vpnType": "RouteBased", "sku": {"name": "VpnGw1", "tier": "VpnGw1"},
        "ipConfigurations": [{"name": "ip", "subnet": own, "publicIPAddress": address}],
    });
    if random.chance(50) {
        let protocols: &[&str] =
            random.pick::<&[&str]>(&[&["OpenVPN"], &["SSTP"], &["IkeV2"], &["OpenVPN", "IkeV2"]]);
        gateway["vpnClientConfiguration"] = json!({
            "vpnClientProtocols": protocols, "vpnClientAddressPool": {"addressPrefixes": ["172.16.0.0/24"]},
        });
    }
    estate.put("gateways.json", vec![gateway]);
}
