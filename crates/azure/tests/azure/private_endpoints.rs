//! Private endpoints: no way from the Internet (semantics AP11, A27).

use crate::estate::{group, id, interface, network, scan, standard};

fn endpoint_interface(group: &str) -> String {
    let endpoint =
        format!(r#""privateEndpoint": {{"id": "{}"}}, "ipConfigurations""#, id("privateEndpoints", "pe"));
    interface("pe-nic", ["10.0.0.5", "", group, "v/s"]).replace(r#""ipConfigurations""#, &endpoint)
}

/// Whatever the groups of its subnet say, and whether they are evaluated for it or not.
#[test]
fn the_interface_of_a_private_endpoint_is_no_target() {
    let rules = ["100 allow tcp * * *"];
    for policies in ["Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"] {
        let mut documents = vec![group("nsg", &rules), endpoint_interface("")];
        let stated = format!(r#""routeTable": null, "privateEndpointNetworkPolicies": "{policies}""#);
        let subnets = network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "nsg", ""]]);
        documents.push(subnets.replace(r#""routeTable": null"#, &stated));
        let answer = scan(&documents);
        answer.check(&[]);
        assert_eq!(answer.codes(), [""; 0], "{policies}");
    }
}

/// A27: what else is in the subnet is filtered either way.
#[test]
fn others_in_the_subnet_are_filtered() {
    let mut documents = standard(&["100 allow tcp * * 22"]);
    documents[3] = documents[3].replace(
        r#""routeTable": null"#,
        r#""routeTable": null, "privateEndpointNetworkPolicies": "Disabled""#,
    );
    documents.push(endpoint_interface(""));
    scan(&documents).check(&["nic exposed tcp/22 any 3702258431 / -"]);
}

#[test]
fn endpoints_and_link_services_are_assessed() {
    let endpoint = format!(
        r#"[{{"id": "{}", "name": "pe", "type": "Microsoft.Network/privateEndpoints", "subnet": {{"id": "{}"}}, "privateLinkServiceConnections": []}}]"#,
        id("privateEndpoints", "pe"),
        id("virtualNetworks", "v/subnets/s"),
    );
    let service = format!(
        r#"[{{"id": "{}", "name": "pls", "type": "Microsoft.Network/privateLinkServices", "visibility": {{"subscriptions": ["*"]}}}}]"#,
        id("privateLinkServices", "pls"),
    );
    let answer = scan(&[endpoint, service]);
    answer.check(&[]);
    assert_eq!(answer.codes(), [""; 0]);
    let coverage = &answer.snapshot.coverage;
    assert_eq!((coverage["private-endpoint"].assessed, coverage["private-link-service"].assessed), (1, 1));
}
