//! Interfaces: their addresses in every order and spelling. Single cases are in `specs/gcp/interfaces.md` and `ipv6.md`.

use core::net::IpAddr;

use proptest::prelude::*;

use crate::network::{Network, machine};

/// The targets' names, reaches and fronts.
fn fronts(network: &Network) -> Vec<(String, &'static str, Option<IpAddr>)> {
    let snapshot = network.scan().snapshot;
    let paths = snapshot.targets.iter().flat_map(|target| {
        let name = target.name.to_string();
        target.paths.iter().map(move |path| {
            let address = path.front.as_ref().and_then(|front| front.address);
            (name.clone(), path.reach.word(), address)
        })
    });
    paths.collect()
}

#[test]
fn an_interface_has_its_instance_in_its_id_and_its_attributes() {
    let mut network = Network::new();
    network.instances = machine("vm", "", &[("10.0.0.4", "203.0.113.10"), ("10.0.0.5", "203.0.113.11")]);
    let snapshot = network.scan().snapshot;
    let path = "projects/p/zones/europe-west1-b/instances/vm";
    let told: Vec<(String, String)> =
        snapshot.targets.iter().map(|target| (target.id.to_string(), target.name.to_string())).collect();
    let expected =
        ["nic0", "nic1"].map(|nic| (format!("{path}/networkInterfaces/{nic}"), format!("vm/{nic}")));
    assert_eq!(told, expected);
    let target = &snapshot.targets[0];
    let attributes: Vec<(&str, &str)> =
        target.attributes.iter().map(|(key, value)| (*key, &**value)).collect();
    assert_eq!(attributes, [("instance", path), ("zone", "europe-west1-b")]);
    assert_eq!(
        (target.kind, target.power.as_deref(), target.scope.as_deref()),
        ("network-interface", Some("running"), Some("p"))
    );
}

#[test]
fn the_front_is_the_reserved_address_where_the_input_has_it() {
    let mut network = Network::new();
    let front = |network: &Network| {
        let snapshot = network.scan().snapshot;
        snapshot.targets[0].paths[0].front.as_ref().unwrap().id.to_string()
    };
    assert_eq!(front(&network), "projects/p/zones/europe-west1-b/instances/vm");
    let address = r#"[{"kind": "compute#address", "name": "own", "selfLink": "https://www.googleapis.com/compute/v1/projects/p/regions/europe-west1/addresses/own",
        "address": "203.0.113.10", "addressType": "EXTERNAL", "status": "IN_USE", "users": ["https://www.googleapis.com/compute/v1/projects/p/zones/europe-west1-b/instances/vm"]}]"#;
    network.more.push(address.to_owned());
    assert_eq!(front(&network), "projects/p/regions/europe-west1/addresses/own");
}

proptest! {
    /// The order of interfaces, and of documents, changes no way.
    #[test]
    fn order_changes_nothing(order in Just((1_u8..5).collect::<Vec<u8>>()).prop_shuffle(), reversed in any::<bool>()) {
        let mut network = Network::new();
        let names: Vec<String> = order.iter().map(|number| format!("vm{number}")).collect();
        let machines = order.iter().zip(&names).map(|(number, name)| {
            machine(name, "", &[(&format!("10.0.0.{number}"), &format!("203.0.113.{number}"))])
        });
        network.instances = machines.collect::<Vec<_>>().join(", ");
        let mut documents = network.documents();
        if reversed {
            documents.reverse();
        }
        let told = fronts(&network);
        let ways: Vec<String> = (1..5).flat_map(|number| [format!("203.0.113.{number}"), "2600:1900:4000:1::".to_owned()]).collect();
        let fronts: Vec<String> = told.iter().map(|(.., front)| front.unwrap().to_string()).collect();
        prop_assert_eq!(fronts, ways);
        prop_assert_eq!(crate::estate::scan(&documents).exposures(), network.scan().exposures());
    }
}
