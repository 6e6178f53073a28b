//! Scale sets: instances with addresses of their own and behind NAT pools.

use serde_json::{Value, json};

use super::super::estates::{Estate, NSG, id, subnet_id};
use super::super::fields::PORTS;
use super::{public, without_own_addresses};
use crate::random::Random;

/// One or two scale sets behind a load balancer.
pub(super) fn add(estate: &mut Estate, random: &mut Random) {
    without_own_addresses(estate, random);
    let sku = if random.chance(75) { "Standard" } else { "Basic" };
    let frontend = json!({
        "id": format!("{LB}/frontendIPConfigurations/fe"),
        "name": "fe",
        "publicIPAddress": public(estate, "set-pip", "198.51.100.20", sku),
    });
    let pool = json!({"id": format!("{LB}/backendAddressPools/pool"), "name": "pool"});
    let (protocol, start) = (*random.pick(&["Tcp", "Udp"]), random.between(50_000, 60_000));
    let nat_pool = json!({
        "id": format!("{LB}/inboundNatPools/nat"),
        "name": "nat",
        "frontendIPConfiguration": {"id": frontend["id"]},
        "protocol": protocol,
        "frontendPortRangeStart": start,
        "frontendPortRangeEnd": start + random.between(0, 99),
        "backendPort": port(random),
    });
    let rule = json!({
        "id": format!("{LB}/loadBalancingRules/rule"),
        "name": "rule",
        "frontendIPConfiguration": {"id": frontend["id"]},
        "backendAddressPool": {"id": pool["id"]},
        "protocol": *random.pick(&["Tcp", "Udp"]),
        "frontendPort": port(random),
        "backendPort": port(random),
        "enableFloatingIP": random.chance(15),
    });
    let sets: Vec<Value> =
        (0..random.between(1, 2)).map(|number| set(estate, number, &pool, &nat_pool, random)).collect();
    estate.put("vmss.json", sets);
    let balancer = json!({
        "id": LB, "name": "lb", "etag": "W/\"1\"", "sku": {"name": sku},
        "frontendIPConfigurations": [frontend],
        "backendAddressPools": [pool],
        "loadBalancingRules": [rule],
        "inboundNatPools": [nat_pool],
        "inboundNatRules": [],
        "outboundRules": [],
    });
    estate.put("lbs.json", vec![balancer]);
}

fn set(estate: &Estate, number: usize, pool: &Value, nat_pool: &Value, random: &mut Random) -> Value {
    let subnets = estate.networks[0]["subnets"].as_array().unwrap().len();
    let mut configuration = json!({
        "name": "ipconfig",
        "primary": true,
        "privateIPAddressVersion": "IPv4",
        "subnet": {"id": subnet_id(random.below(subnets))},
    });
    if random.chance(40) {
        configuration["publicIPAddressConfiguration"] =
            json!({"name": "pub", "sku": {"name": if random.chance(70) { "Standard" } else { "Basic" }}});
    }
    if random.chance(60) {
        configuration["loadBalancerBackendAddressPools"] = json!([{"id": pool["id"]}]);
    }
    if random.chance(60) {
        configuration["loadBalancerInboundNatPools"] = json!([{"id": nat_pool["id"]}]);
    }
    let mut profile = json!({"name": "nic", "primary": true, "ipConfigurations": [configuration]});
    if random.chance(60) {
        let group = random.pick(&estate.groups)["name"].as_str().unwrap();
        profile["networkSecurityGroup"] = json!({"id": id(NSG, group)});
    }
    let name = format!("set-{number}");
    json!({
        "id": format!("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/{name}"),
        "name": name,
        "sku": {"name": "Standard_D2s_v5", "tier": "Standard", "capacity": 2},
        "virtualMachineProfile": {"networkProfile": {"networkInterfaceConfigurations": [profile]}},
    })
}

fn port(random: &mut Random) -> u16 {
    (*random.pick(&PORTS)).clamp(1, 49_000)
}

const LB: &str = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/lb";
