//! Load balancers in front of the interfaces of an estate (AP3 to AP7).

use serde_json::{Value, json};

use super::super::estates::{Estate, id};
use super::super::fields::PORTS;
use super::{Element, public, without_own_addresses};
use crate::random::Random;

/// A load balancer of an element.
pub(super) fn add(element: Element, estate: &mut Estate, random: &mut Random) {
    without_own_addresses(estate, random);
    let sku = if random.chance(75) { "Standard" } else { "Basic" };
    let mut frontends = frontends(estate, sku, random);
    let pools = pools(estate, random);
    let mut balancer = json!({
        "id": id(LB, "lb"),
        "name": "lb",
        "etag": "W/\"1\"",
        "sku": {"name": sku},
        "loadBalancingRules": [],
        "inboundNatRules": [],
        "outboundRules": [],
    });
    let mut ports = Ports::default();
    for number in 0..random.between(1, 3) {
        let frontend = random.pick(&frontends).clone();
        let (list, rule) = match element {
            Element::NatRule => ("inboundNatRules", nat_rule(estate, number, &frontend, &mut ports, random)),
            Element::NatPool => ("inboundNatRules", nat_range(number, &frontend, &pools, &mut ports, random)),
            Element::HaPorts => ("loadBalancingRules", ha_ports(number, &pools, random)),
            _ => {
                let mut rule = rule(number, &frontend, &pools, &mut ports, random);
                rule["enableFloatingIP"] = (element == Element::FloatingIp && random.chance(75)).into();
                ("loadBalancingRules", rule)
            }
        };
        balancer[list].as_array_mut().unwrap().push(rule);
    }
    if element == Element::HaPorts {
        let mut rule = rule(9, &frontends[0].clone(), &pools, &mut ports, random);
        rule["name"] = "through-appliances".into();
        balancer["loadBalancingRules"].as_array_mut().unwrap().push(rule);
        frontends[0]["gatewayLoadBalancer"] =
            json!({"id": format!("{}/frontendIPConfigurations/fe", id(LB, "gwlb"))});
        frontends.push(private_frontend());
    }
    if random.chance(30) {
        balancer["outboundRules"] = json!([{
            "name": "out", "protocol": "All",
            "frontendIPConfigurations": [{"id": frontends[0]["id"]}],
            "backendAddressPool": {"id": pools[0]["id"]},
        }]);
    }
    balancer["frontendIPConfigurations"] = frontends.into();
    balancer["backendAddressPools"] = pools.into();
    estate.put("lbs.json", vec![balancer]);
    // Now and then its address is not in the input.
    if random.chance(8) {
        estate.addresses.retain(|address| address["name"] != "lb-pip-0");
    }
}

/// Pairs of protocol and port that are taken.
#[derive(Default)]
struct Ports(Vec<(String, u16)>);

impl Ports {
    fn free(&mut self, protocol: &str, random: &mut Random) -> u16 {
        loop {
            let port =
                if random.chance(70) { (*random.pick(&PORTS)).clamp(1, 65534) } else { any_port(random) };
            let pair = (protocol.to_owned(), port);
            if !self.0.contains(&pair) {
                self.0.push(pair);
                return port;
            }
        }
    }
}

fn any_port(random: &mut Random) -> u16 {
    random.between(1, 65534) as u16
}

fn frontends(estate: &mut Estate, sku: &str, random: &mut Random) -> Vec<Value> {
    let addresses = ["198.51.100.10", "198.51.100.11", "2001:db8:feed::10"];
    let count = random.between(1, 3);
    let mut frontends = Vec::new();
    for (number, address) in addresses.iter().enumerate().take(count) {
        let reference = public(estate, &format!("lb-pip-{number}"), address, sku);
        let name = format!("fe-{number}");
        frontends.push(json!({
            "id": format!("{}/frontendIPConfigurations/{name}", id(LB, "lb")),
            "name": name,
            "publicIPAddress": reference,
        }));
    }
    if random.chance(20) {
        frontends.push(private_frontend());
    }
    frontends
}

fn private_frontend() -> Value {
    json!({
        "id": format!("{}/frontendIPConfigurations/fe-private", id(LB, "lb")),
        "name": "fe-private",
        "privateIPAddress": "10.0.0.200",
        "subnet": {"id": super::super::estates::subnet_id(0)},
    })
}

/// Members are told by the pool, by the configuration, by both, or by address.
fn pools(estate: &mut Estate, random: &mut Random) -> Vec<Value> {
    let mut pools = Vec::new();
    for number in 0..random.between(1, 2) {
        let name = format!("pool-{number}");
        let pool_id = format!("{}/backendAddressPools/{name}", id(LB, "lb"));
        let (mut told, mut addressed) = (Vec::new(), Vec::new());
        for interface in &mut estate.interfaces {
            let own = interface["id"].as_str().unwrap().to_owned();
            for configuration in interface["ipConfigurations"].as_array_mut().unwrap() {
                if !random.chance(55) {
                    continue;
                }
                let configuration_id =
                    format!("{own}/ipConfigurations/{}", configuration["name"].as_str().unwrap());
                configuration["id"] = configuration_id.clone().into();
                // 0 and 1 contradict the other side, which then leaves the answer open.
                let way = *random.pick(&[0, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3]);
                if way != 1 && way != 3 {
                    let mut joined = configuration["loadBalancerBackendAddressPools"]
                        .as_array()
                        .cloned()
                        .unwrap_or_default();
                    joined.push(json!({"id": pool_id}));
                    configuration["loadBalancerBackendAddressPools"] = joined.into();
                }
                if way == 1 || way == 2 {
                    told.push(json!({"id": configuration_id}));
                    if random.chance(30) {
                        addressed.push(json!({
                            "name": format!("m-{}", addressed.len()),
                            "networkInterfaceIPConfiguration": {"id": configuration_id},
                            "adminState": admin_state(random),
                        }));
                    }
                } else if way == 3 {
                    addressed.push(json!({
                        "name": format!("a-{}", addressed.len()),
                        "ipAddress": configuration["privateIPAddress"],
                        "virtualNetwork": {"id": id(super::super::estates::VNET, "vnet")},
                        "adminState": admin_state(random),
                    }));
                }
            }
        }
        let mut pool = json!({"id": pool_id, "name": name, "backendIPConfigurations": told});
        if !addressed.is_empty() {
            pool["loadBalancerBackendAddresses"] = addressed.into();
        }
        pools.push(pool);
    }
    pools
}

/// Mostly nothing is said of a member; what nobody knows may take it out.
fn admin_state(random: &mut Random) -> Value {
    (*random.pick(&[None, None, None, Some("Up"), Some("None"), Some("down"), Some("Drain"), Some("Paused")]))
        .into()
}

fn rule(number: usize, frontend: &Value, pools: &[Value], ports: &mut Ports, random: &mut Random) -> Value {
    let protocol = *random.pick(&["Tcp", "Tcp", "Udp"]);
    let outside = ports.free(protocol, random);
    let inside = if random.chance(40) { outside } else { (*random.pick(&PORTS)).clamp(1, 65534) };
    let name = format!("lbr-{number}");
    let mut rule = json!({
        "id": format!("{}/loadBalancingRules/{name}", id(LB, "lb")),
        "name": name,
        "frontendIPConfiguration": {"id": frontend["id"]},
        "protocol": protocol,
        "frontendPort": outside,
        "backendPort": inside,
        "enableFloatingIP": false,
    });
    let pool = json!({"id": random.pick(pools)["id"]});
    match random.below(3) {
        0 => rule["backendAddressPools"] = json!([pool]),
        1 => {
            rule["backendAddressPool"] = pool.clone();
            rule["backendAddressPools"] = json!([pool]);
        }
        _ => rule["backendAddressPool"] = pool,
    }
    rule
}

/// AP4: the target is told by the rule, by the configuration, or by both.
fn nat_rule(
    estate: &mut Estate,
    number: usize,
    frontend: &Value,
    ports: &mut Ports,
    random: &mut Random,
) -> Value {
    let protocol = *random.pick(&["Tcp", "Tcp", "Udp"]);
    let name = format!("nat-{number}");
    let rule_id = format!("{}/inboundNatRules/{name}", id(LB, "lb"));
    let mut rule = json!({
        "id": rule_id,
        "name": name,
        "frontendIPConfiguration": {"id": frontend["id"]},
        "protocol": protocol,
        "frontendPort": ports.free(protocol, random),
        "backendPort": (*random.pick(&PORTS)).clamp(1, 65534),
        "enableFloatingIP": false,
    });
    let place = random.below(estate.interfaces.len());
    let interface = &mut estate.interfaces[place];
    let own = interface["id"].as_str().unwrap().to_owned();
    let configurations = interface["ipConfigurations"].as_array_mut().unwrap();
    let place = random.below(configurations.len());
    let configuration = &mut configurations[place];
    let configuration_id = format!("{own}/ipConfigurations/{}", configuration["name"].as_str().unwrap());
    configuration["id"] = configuration_id.clone().into();
    let way = *random.pick(&[0, 1, 2, 2, 2, 2, 2, 2, 2, 2]);
    if way != 0 {
        rule["backendIPConfiguration"] = json!({"id": configuration_id});
    }
    if way != 1 {
        let mut joined = configuration["loadBalancerInboundNatRules"].as_array().cloned().unwrap_or_default();
        joined.push(json!({"id": rule_id}));
        configuration["loadBalancerInboundNatRules"] = joined.into();
    }
    rule
}

/// AP5.
fn nat_range(
    number: usize,
    frontend: &Value,
    pools: &[Value],
    ports: &mut Ports,
    random: &mut Random,
) -> Value {
    let protocol = *random.pick(&["Tcp", "Tcp", "Udp"]);
    let first = ports.free(protocol, random).min(65_000);
    let name = format!("range-{number}");
    json!({
        "id": format!("{}/inboundNatRules/{name}", id(LB, "lb")),
        "name": name,
        "frontendIPConfiguration": {"id": frontend["id"]},
        "protocol": protocol,
        "frontendPortRangeStart": first,
        "frontendPortRangeEnd": first + random.between(0, 40) as u16,
        "backendPort": (*random.pick(&PORTS)).clamp(1, 65534),
        "backendAddressPool": {"id": random.pick(pools)["id"]},
        "enableFloatingIP": false,
    })
}

/// AP6: of an internal balancer.
fn ha_ports(number: usize, pools: &[Value], random: &mut Random) -> Value {
    let name = format!("ha-{number}");
    json!({
        "id": format!("{}/loadBalancingRules/{name}", id(LB, "lb")),
        "name": name,
        "frontendIPConfiguration": {"id": private_frontend()["id"]},
        "backendAddressPool": {"id": random.pick(pools)["id"]},
        "protocol": "All",
        "frontendPort": 0,
        "backendPort": 0,
        "enableFloatingIP": false,
    })
}

const LB: &str = "loadBalancers";
