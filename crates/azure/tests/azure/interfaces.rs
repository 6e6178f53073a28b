//! Interfaces: what leads to them, what stands before them, whether they run (semantics A7, A27, AP1, AP2, AP12).

use crate::estate::{group, group_of, id, interface, network, public_address, rule, scan, standard};

const OPEN: &str = "100 allow tcp 0.0.0.0/0 * 22";
const ANY: &str = "tcp/22 any 3702258431 / -";

#[test]
fn a_public_address_is_the_front() {
    let answer = scan(&standard(&[OPEN]));
    answer.check(&[&format!("nic exposed {ANY}")]);
    let path = &answer.snapshot.targets[0].paths[0];
    assert_eq!(path.front.as_ref().unwrap().address, Some("20.50.1.20".parse().unwrap()));
    assert_eq!(answer.snapshot.targets.len(), 1, "the group is explained by its interface");
}

/// AP2: without a public address, known to be missing.
#[test]
fn no_public_address_is_latent() {
    let mut documents = standard(&[OPEN]);
    documents[1] = interface("nic", ["10.0.0.4", "", "nsg", "v/s"]);
    scan(&documents).check(&[&format!("nic latent {ANY}")]);
}

#[test]
fn a_load_balancer_is_not_assessed() {
    let mut documents = standard(&[OPEN]);
    documents[1] = interface("nic", ["10.0.0.4", "", "nsg", "v/s"])
        .replace(r#""name": "c1","#, r#""name": "c1", "loadBalancerBackendAddressPools": [{"id": "x"}],"#);
    let answer = scan(&documents);
    answer.check(&[&format!("nic admitted {ANY}")]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("load balancers")));
}

/// A referenced public address: the kind absent is told, the one missing is a gap.
#[test]
fn an_unknown_public_address_is_admitted() {
    let mut documents = standard(&[OPEN]);
    documents.remove(2);
    let answer = scan(&documents);
    answer.check(&[&format!("nic admitted {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
    documents.push(public_address("other", "20.50.1.21", "Standard"));
    let answer = scan(&documents);
    answer.check(&[&format!("nic admitted {ANY}")]);
    assert!(
        answer.message().starts_with("`nic`: the public address `/subscriptions/s1/"),
        "{}",
        answer.message()
    );
}

/// AP2: a stopped machine gives its dynamic address back and is one click from running.
#[test]
fn power_stands_beside_the_reach() {
    let mut documents = standard(&[OPEN]);
    documents[2] = public_address("pip", "20.50.1.20", "Basic")
        .replace(r#""ipAddress": "20.50.1.20""#, r#""ipAddress": null"#);
    documents.push(format!(
        r#"[{{"id": "/subscriptions/s1/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/vm", "name": "vm", "powerState": "VM deallocated", "networkProfile": {{"networkInterfaces": [{{"id": "{}"}}]}}}}]"#,
        id("networkInterfaces", "NIC")
    ));
    let answer = scan(&documents);
    answer.check(&[&format!("nic exposed {ANY}")]);
    assert_eq!(answer.snapshot.targets[0].power.as_deref(), Some("deallocated"));
    assert_eq!(answer.snapshot.targets[0].paths[0].front.as_ref().unwrap().address, None);
}

/// A7, AP1: without any group the SKU decides.
#[test]
fn without_a_group_the_sku_decides() {
    let bare = |sku: &str| {
        let documents = [
            interface("nic", ["10.0.0.4", "pip", "", "v/s"]),
            public_address("pip", "20.50.1.20", sku),
            network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""]]),
        ];
        scan(&documents).exposures()
    };
    assert_eq!(bare("Standard"), [""; 0]);
    assert_eq!(bare("StandardV2"), [""; 0]);
    assert_eq!(bare("Basic"), ["nic exposed any any 3702258431 / -"]);
    assert_eq!(bare(""), ["nic exposed possible any any 3702258431 / -"]);
}

/// A27: the interface of a private endpoint is no target.
#[test]
fn private_endpoints_are_no_targets() {
    let mut documents = standard(&[OPEN]);
    documents[1] = documents[1].replace(r#""etag""#, r#""privateEndpoint": {"id": "x"}, "etag""#);
    scan(&documents).check(&[]);
}

#[test]
fn interfaces_without_any_group_in_the_input_are_not_assessed() {
    let documents = standard(&[OPEN]);
    let answer = scan(&documents[1..]);
    answer.check(&[]);
    assert_eq!(answer.snapshot.coverage["network-interface"].not_assessed, 1);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("az network nsg list")));
    assert_eq!(answer.codes(), [""; 0]);
}

/// A group that is missing although groups are in the input may let everything in.
#[test]
fn a_missing_group_is_a_gap() {
    let mut documents = standard(&[]);
    documents[0] = group("other", &[]);
    let answer = scan(&documents);
    answer.check(&["nic exposed possible any any 3702258431 / -"]);
    assert!(answer.message().starts_with("`nic`: the group `/subscriptions/s1"), "{}", answer.message());
}

/// The subnet's group is known from networks, or from groups that nobody projected; else the reach is `admitted`.
#[test]
fn the_group_of_a_subnet_is_known_from_either_side() {
    let subnet = id("virtualNetworks", "v/subnets/s");
    let closed = group_of("at-subnet", "", &format!(r#", "subnets": [{{"id": "{subnet}"}}]"#));
    let documents = standard(&[OPEN]);
    let from_group = [&closed, &documents[0], &documents[1], &documents[2]];
    scan(&from_group).check(&[]);
    let full = [&documents[0], &documents[1], &documents[2]];
    scan(&full).check(&[&format!("nic exposed {ANY}")]);
    let projected = documents[0].replace(r#""etag": "W/0", "#, "");
    let untold = [&projected, &documents[1], &documents[2]];
    scan(&untold).check(&[&format!("nic admitted {ANY}")]);
}

/// AP12: IPv6 needs an address of its own.
#[test]
fn families_have_paths_of_their_own() {
    let mut documents = standard(&["100 allow tcp * * 22"]);
    let six = r#"{"name": "c2", "privateIPAddress": "fd00::4", "privateIPAddressVersion": "IPv6"}"#;
    documents[1] =
        documents[1].replace(r#""ipConfigurations": ["#, &format!(r#""ipConfigurations": [{six}, "#));
    scan(&documents).check(&["nic exposed tcp/22 any 3702258431 / -", "nic latent tcp/22 - / any"]);
}

/// Old spellings of keys, and another letter case of ids.
#[test]
fn spellings_do_not_matter() {
    let documents: Vec<String> = standard(&[OPEN])
        .into_iter()
        .map(|text| {
            let text = text
                .replace("privateIPAddress", "privateIpAddress")
                .replace("publicIPAddress\"", "publicIpAddress\"");
            text.replace("publicIPAddresses/pip", "PUBLICIPADDRESSES/Pip")
                .replace("networkSecurityGroups/nsg", "networksecuritygroups/NSG")
        })
        .collect();
    scan(&documents).check(&[&format!("nic exposed {ANY}")]);
}

/// Scale-set interfaces are in no `az network nic list`.
#[test]
fn interfaces_that_are_not_in_the_list_are_told() {
    let mut documents = standard(&[OPEN]);
    let unseen = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/x/virtualMachines/0/networkInterfaces/n";
    documents[0] = group_of("nsg", &rule(OPEN), &format!(r#", "networkInterfaces": [{{"id": "{unseen}"}}]"#));
    let answer = scan(&documents);
    answer.check(&[&format!("nic exposed {ANY}"), &format!("nsg admitted {ANY}")]);
    assert!(answer.message().contains("az vmss nic list"), "{}", answer.message());
}

/// A public IPv6 address does not lead to an IPv4 address: one of both is not what it says.
#[test]
fn an_address_of_the_other_family_leads_nowhere_for_certain() {
    let mut documents = standard(&["100 allow tcp * * 22"]);
    documents[2] = public_address("pip", "2a01:111::10", "Standard");
    let answer = scan(&documents);
    answer.check(&["nic admitted tcp/22 any 3702258431 / -"]);
    assert_eq!(answer.codes(), ["other-family"]);
}
