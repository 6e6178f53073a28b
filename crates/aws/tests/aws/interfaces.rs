//! Interfaces as targets: names, keys, fronts, and orders of documents. What they are reached by is in `specs/aws`.

use crate::estate::scan;
use crate::network::{Network, interface};

/// A target says whose it is and by which addresses it is reached.
#[test]
fn a_target_has_its_account_its_instance_and_its_fronts() {
    let mut network = Network::new();
    network.interfaces = network.interfaces.replace(
        r#""Status": "in-use""#,
        r#""Status": "in-use", "AvailabilityZone": "us-west-2-lax-1a", "Attachment": {"InstanceId": "i-1"}"#,
    );
    network.more.push(
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [{"InstanceId": "i-1", "State": {"Name": "stopped"},
            "Tags": [{"Key": "Name", "Value": "web-1"}]}]}]}"#
            .to_owned(),
    );
    network.more.push(
        r#"{"Addresses": [{"AllocationId": "eipalloc-7", "PublicIp": "203.0.113.10", "NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.4"}]}"#
            .to_owned(),
    );
    let answer = network.scan();
    let target = answer.snapshot.targets.iter().find(|target| &*target.id == "eni-1").unwrap();
    assert_eq!(
        (&*target.name, &*target.key, target.kind),
        ("web-1", "111122223333/eni-1", "network-interface")
    );
    assert_eq!((target.scope.as_deref(), target.power.as_deref()), (Some("111122223333"), Some("stopped")));
    let attributes: Vec<_> = target.attributes.iter().map(|(key, value)| (*key, &**value)).collect();
    assert_eq!(attributes, [("instance", "i-1"), ("region", "us-west-2")]);
    let fronts: Vec<String> = target
        .paths
        .iter()
        .map(|path| {
            path.front
                .as_ref()
                .map_or("-".to_owned(), |front| format!("{} {}", front.id, front.address.unwrap()))
        })
        .collect();
    assert_eq!(fronts, ["eipalloc-7 203.0.113.10", "eni-1 2600:1f18::4"]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// Results do not depend on the order of documents.
#[test]
fn documents_come_in_any_order() {
    let mut network = Network::new();
    network.interfaces =
        [interface("eni-2", "subnet-1", "203.0.113.11"), interface("eni-1", "subnet-9", "203.0.113.10")]
            .join(", ");
    network.more.push(
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [{"InstanceId": "i-1", "NetworkInterfaces": [
            {"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "Groups": [], "PrivateIpAddresses": [
                {"PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "203.0.113.99"}}]}]}]}]}"#
            .to_owned(),
    );
    network.more.push(r#"{"Addresses": [{"AllocationId": "eipalloc-7", "PublicIp": "203.0.113.12", "NetworkInterfaceId": "eni-2", "PrivateIpAddress": "10.0.0.9"}]}"#.to_owned());
    let mut documents = network.documents();
    let first = scan(&documents);
    documents.reverse();
    let second = scan(&documents);
    assert_eq!(first.exposures(), second.exposures());
    let messages = |answer: &crate::estate::Answer| -> Vec<String> {
        let mut messages: Vec<String> = answer.snapshot.gaps.iter().map(|gap| gap.message.clone()).collect();
        messages.sort();
        messages
    };
    assert_eq!(messages(&first), messages(&second));
    assert!(first.codes().contains(&"contradicting-attachments"), "{:?}", first.codes());
}

/// What a projection leaves out is not "none": the association at the top, the addresses of IPv6, all addresses.
#[test]
fn a_projection_says_less_and_denies_nothing() {
    for (from, to, expected) in [
        (
            r#""PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "203.0.113.10"}}]"#,
            r#""PrivateIpAddress": "10.0.0.4"}], "PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "203.0.113.10"}"#,
            &["eni-1 exposed tcp/22 any 3702258432 / any"][..],
        ),
        (
            r#""Ipv6Addresses": [{"Ipv6Address": "2600:1f18::4"}],"#,
            "",
            &["eni-1 admitted tcp/22 - / any", "eni-1 exposed tcp/22 any 3702258432 / -"],
        ),
        (
            r#""Association": {"PublicIp": "203.0.113.10"}"#,
            r#""Association": {"AssociationId": "eipassoc-1"}"#,
            &["eni-1 exposed tcp/22 any 3702258432 / any"],
        ),
        (
            r#""PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "203.0.113.10"}}]"#,
            r#""Tags": []"#,
            &["eni-1 admitted tcp/22 any 3702258432 / -", "eni-1 exposed tcp/22 - / any"],
        ),
        (
            r#""PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "203.0.113.10"}}]"#,
            r#""PrivateIpAddresses": ["10.0.0.4"]"#,
            &["eni-1 admitted tcp/22 any 3702258432 / -", "eni-1 exposed tcp/22 - / any"],
        ),
    ] {
        let mut network = Network::new();
        network.permissions = crate::network::permission("tcp");
        assert!(network.interfaces.contains(from), "{from}");
        network.interfaces = network.interfaces.replace(from, to);
        assert_eq!(network.scan().exposures(), expected, "{to}");
    }
}

/// Instances state public addresses at the top, where their interfaces are projected.
#[test]
fn the_address_of_an_instance_is_that_of_its_interface() {
    let mut network = Network::new();
    network.permissions = crate::network::permission("tcp");
    network.interfaces = String::new();
    network.more.push(
        r#"{"Reservations": [{"OwnerId": "111122223333", "Instances": [{"InstanceId": "i-1", "PublicIpAddress": "203.0.113.10", "PrivateIpAddress": "10.0.0.4",
            "NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Groups": [{"GroupId": "sg-1"}],
            "Ipv6Addresses": [], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4"}]}]}]}]}"#
            .to_owned(),
    );
    network.scan().check(&["eni-1 exposed tcp/22 any 3702258432 / -"]);
}
