//! Scale sets: targets where none of their instances' interfaces is in the input (semantics AP1, AP3, AP5).

use crate::balancers::{Balancer, PUBLIC, told};
use crate::estate::{Answer, group, id, interface, network, public_address, scan};

const SET: &str =
    "/subscriptions/s1/resourceGroups/RG/providers/Microsoft.Compute/virtualMachineScaleSets/vmss";

/// A set with one interface in the subnet `v/s` behind the group `nsg`, and more keys in its one configuration.
pub(crate) fn set(more: &str, outer: &str) -> String {
    format!(
        r#"[{{"id": "{SET}", "name": "vmss", "type": "Microsoft.Compute/virtualMachineScaleSets", "properties": {{{outer}"virtualMachineProfile": {{"networkProfile": {{"networkInterfaceConfigurations": [{{"name": "n", "properties": {{"primary": true, "networkSecurityGroup": {{"id": "{}"}}, "ipConfigurations": [{{"name": "c", "properties": {{{more}"subnet": {{"id": "{}"}}}}}}]}}}}]}}}}}}}}]"#,
        id("networkSecurityGroups", "nsg"),
        id("virtualNetworks", "v/subnets/s"),
    )
}

fn documents(set: String, balancer: &Balancer<'_>, rules: &[&str]) -> Vec<String> {
    vec![
        set,
        group("nsg", rules),
        balancer.json("lb"),
        public_address("pip", "20.50.1.20", "Standard"),
        network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""]]),
    ]
}

fn pool(list: &str, name: &str) -> String {
    let kind = match list {
        "loadBalancerBackendAddressPools" => "backendAddressPools",
        _ => "inboundNatPools",
    };
    format!(r#""{list}": [{{"id": "{}/{kind}/{name}"}}], "#, id("loadBalancers", "lb"))
}

fn check(answer: &Answer, expected: &[&str]) {
    assert_eq!(told(answer), expected, "{:?}", answer.codes());
}

const ONE: Balancer<'static> = Balancer { pools: "pool", ..PUBLIC };

#[test]
fn a_set_behind_a_load_balancer_is_a_target() {
    let web = Balancer { rules: "web fe pool Tcp 80 8080", ..ONE };
    let in_pool = pool("loadBalancerBackendAddressPools", "pool");
    let answer = scan(&documents(set(&in_pool, ""), &web, &["100 allow tcp * * 22,8080"]));
    check(&answer, &["vmss exposed proved tcp/8080 < 20.50.1.20:80", "vmss latent proved tcp/22 < "]);
    assert_eq!(answer.codes(), [""; 0]);
    assert_eq!(answer.snapshot.targets.len(), 1, "the set explains its group");
    assert_eq!(answer.snapshot.targets[0].kind, "virtual-machine-scale-set");
    assert_eq!(answer.snapshot.coverage["virtual-machine-scale-set"].assessed, 1);
}

/// AP5: each port of the range reaches some instance.
#[test]
fn nat_for_all_instances() {
    let nat = Balancer { nat_pools: "ssh fe - Tcp 50000-50119 22", ..ONE };
    let in_pool = pool("loadBalancerInboundNatPools", "ssh");
    let answer = scan(&documents(set(&in_pool, ""), &nat, &["100 allow tcp * * 22"]));
    check(&answer, &["vmss exposed proved tcp/22 < 20.50.1.20:50000-50119"]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// The load balancer names instances: their set is behind it.
#[test]
fn instances_named_by_the_load_balancer() {
    let instance = format!("{SET}/virtualMachines/0/networkInterfaces/n/ipConfigurations/c");
    let web = Balancer { pools: "pool>gone", rules: "web fe pool Tcp 80 80", ..ONE };
    let mut documents = documents(set("", ""), &web, &["100 allow tcp * * 80"]);
    let gone = format!("{}/ipConfigurations/c1", id("networkInterfaces", "gone"));
    documents[2] = documents[2].replace(&gone, &instance);
    documents.push(interface("other", ["10.0.0.5", "", "nsg", "v/s"]));
    let answer = scan(&documents);
    assert!(
        told(&answer).contains(&"vmss exposed proved tcp/80 < 20.50.1.20:80".to_owned()),
        "{:?}",
        told(&answer)
    );
    assert_eq!(answer.codes(), [""; 0]);
    // Without the set, nobody knows the instance.
    assert!(scan(&documents[1..]).message().contains("`az vmss list`"));
}

/// AP1: each instance has a public address of its own, and which one is not in the model.
#[test]
fn public_addresses_of_instances() {
    let own = |sku: &str| {
        let address = format!(r#""publicIPAddressConfiguration": {{"name": "pub"{sku}}}, "#);
        scan(&documents(set(&address, ""), &ONE, &["100 allow tcp * * 22"]))
    };
    check(&own(r#", "sku": {"name": "Standard"}"#), &["vmss exposed proved tcp/22 < ?:22"]);
    let without_group = |sku: &str| {
        let address = format!(r#""publicIPAddressConfiguration": {{"name": "pub"{sku}}}, "#);
        let text = set(&address, "").replace("networkSecurityGroup\"", "noGroup\"");
        told(&scan(&documents(text, &ONE, &[])))
    };
    let without_the_group = |lines: Vec<String>| -> Vec<String> {
        lines.into_iter().filter(|line| line.starts_with("vmss")).collect()
    };
    assert_eq!(without_the_group(without_group(r#", "sku": {"name": "Standard"}"#)), [""; 0]);
    assert_eq!(
        without_the_group(without_group(r#", "sku": {"name": "Basic"}"#)),
        ["vmss exposed proved any/ < ?:"]
    );
    assert_eq!(without_the_group(without_group("")), ["vmss exposed possible any/ < ?:"]);
}

/// X4: which addresses of the subnet are instances' is not known.
#[test]
fn rules_for_part_of_the_subnet_are_possible() {
    let web = Balancer { rules: "web fe pool Tcp 80 80", ..ONE };
    let in_pool = pool("loadBalancerBackendAddressPools", "pool");
    let answer = |destination: &str| {
        let rule = format!("100 allow tcp * {destination} 80");
        told(&scan(&documents(set(&in_pool, ""), &web, &[&rule])))
    };
    assert_eq!(answer("10.0.0.0/25"), ["vmss exposed possible tcp/80 < 20.50.1.20:80"]);
    assert_eq!(answer("10.0.0.0/16"), ["vmss exposed proved tcp/80 < 20.50.1.20:80"]);
    assert_eq!(answer("10.0.1.0/24"), [""; 0]);
}

/// Instances whose interfaces are in the input are the targets.
#[test]
fn interfaces_of_instances_are_ordinary_ones() {
    let web = Balancer { rules: "web fe pool Tcp 80 80", ..ONE };
    let in_pool = pool("loadBalancerBackendAddressPools", "pool");
    let mut documents = documents(set(&in_pool, ""), &web, &["100 allow tcp * * 80"]);
    let instance = interface("n", ["10.0.0.4", "", "nsg", "v/s"])
        .replace(&id("networkInterfaces", "n"), &format!("{SET}/virtualMachines/0/networkInterfaces/n"))
        .replace(
            r#""type": "Microsoft.Network/networkInterfaces""#,
            r#""type": "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/networkInterfaces""#,
        )
        .replace(r#""name": "c1","#, &format!(r#""name": "c1", {in_pool}"#));
    documents.push(instance);
    let answer = scan(&documents);
    check(&answer, &["n exposed proved tcp/80 < 20.50.1.20:80"]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// Instances of a flexible set are machines.
#[test]
fn flexible_sets_are_no_targets_beside_interfaces() {
    let flexible = set("", r#""orchestrationMode": "Flexible", "#);
    let mut documents = documents(flexible, &ONE, &["100 allow tcp * * 80"]);
    assert_eq!(told(&scan(&documents)), ["vmss latent proved tcp/80 < "]);
    documents.push(interface("nic", ["10.0.0.4", "", "nsg", "v/s"]));
    assert_eq!(told(&scan(&documents)), ["nic latent proved tcp/80 < "]);
}

/// A subnet that names instances is answered for by their set.
#[test]
fn a_subnet_of_instances_is_answered_by_their_set() {
    let mut documents = documents(set("", ""), &ONE, &["100 allow tcp * * 80"]);
    documents[4] = documents[4].replace(
        r#""routeTable": null"#,
        &format!(r#""routeTable": null, "ipConfigurations": [{{"id": "{SET}/virtualMachines/0/networkInterfaces/n/ipConfigurations/c"}}]"#),
    );
    documents.push(interface("nic", ["10.0.0.4", "", "nsg", "v/s"]));
    let answer = scan(&documents);
    assert_eq!(answer.codes(), [""; 0]);
    check(&answer, &["nic latent proved tcp/80 < ", "vmss latent proved tcp/80 < "]);
}

/// What is not read is not closed.
#[test]
fn a_model_that_cannot_be_read() {
    let projected = format!(r#"[{{"id": "{SET}", "name": "vmss"}}]"#);
    let answer = scan(&documents(projected, &ONE, &["100 allow tcp * * 80"]));
    assert_eq!(answer.codes(), ["missing-field"]);
    assert!(
        told(&answer).iter().any(|line| line.starts_with("vmss admitted possible any")),
        "{:?}",
        told(&answer)
    );
    let odd = set(r#""loadBalancerBackendAddressPools": true, "#, "");
    let answer = scan(&documents(odd, &ONE, &["100 allow tcp * * 80"]));
    assert_eq!(answer.codes(), ["unexpected-type"]);
    check(&answer, &["vmss admitted proved tcp/80 < "]);
}

/// AP5: load balancers make a rule of the range for each instance: the range tells of all of them.
#[test]
fn rules_made_of_a_range() {
    let instance = format!("{SET}/virtualMachines/0/networkInterfaces/n/ipConfigurations/c");
    let nat = Balancer {
        nat_pools: "ssh fe - Tcp 50000-50119 22",
        nat_rules: "ssh.0 fe >gone Tcp 50000 22",
        ..ONE
    };
    let in_pool = pool("loadBalancerInboundNatPools", "ssh");
    let scanned = |in_pool: &str| {
        let mut documents = documents(set(in_pool, ""), &nat, &["100 allow tcp * * 22"]);
        let gone = format!("{}/ipConfigurations/c1", id("networkInterfaces", "gone"));
        documents[2] = documents[2].replace(&gone, &instance);
        scan(&documents)
    };
    let answer = scanned(&in_pool);
    check(&answer, &["vmss exposed proved tcp/22 < 20.50.1.20:50000-50119"]);
    assert_eq!(answer.codes(), [""; 0]);
    // Where the set does not name the range, the rule still leads to its instance.
    check(&scanned(""), &["vmss exposed proved tcp/22 < 20.50.1.20:50000"]);
}
