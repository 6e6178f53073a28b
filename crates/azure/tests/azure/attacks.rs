//! Documents that once read as closed without a word: each must leave an exposure or a gap (semantics C8).

use crate::estate::{
    group, group_of, id, interface, network, network_of, public_address, route_table, rule, scan, scan_with,
    standard,
};

const OPEN: &str = "100 allow tcp 0.0.0.0/0 * 22";
const ANY: &str = "tcp/22 any 3702258431 / -";

/// AP1: the groups of one resource group do not say that a subnet of another one has none.
#[test]
fn a_list_of_one_resource_group_speaks_for_that_one() {
    let elsewhere = |text: String| text.replace("/resourceGroups/rg/", "/resourceGroups/rg2/");
    let documents = [
        group("other", &[]),
        elsewhere(interface("nic", ["10.0.0.4", "pip", "", "v/s"])),
        elsewhere(public_address("pip", "20.50.1.20", "Standard")),
    ];
    scan(&documents).check(&["nic admitted possible any any 3702258431 / -"]);
}

/// C4: a projection that leaves the group of a subnet out does not say that there is none.
#[test]
fn a_projected_subnet_is_not_without_a_group() {
    let documents = |network: String| {
        [
            group("other", &[]),
            interface("nic", ["10.0.0.4", "pip", "", "v/s"]),
            public_address("pip", "20.50.1.20", "Standard"),
            network,
        ]
    };
    let told = network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "", ""]]);
    let untold = told.replace(r#""networkSecurityGroup": null, "#, "");
    scan(&documents(untold.clone())).check(&["nic admitted possible any any 3702258431 / -"]);
    scan(&documents(told)).check(&[]);
    let full = untold.replace(r#""name": "v","#, r#""name": "v", "etag": "W/0","#);
    scan(&documents(full)).check(&[]);
}

/// A21: a projection that leaves application groups out does not say that there are none.
#[test]
fn a_projected_interface_may_be_a_member() {
    let asg = id("applicationSecurityGroups", "asg");
    let to_asg = rule(OPEN).replace(
        r#""destinationAddressPrefix": "*""#,
        &format!(r#""destinationApplicationSecurityGroups": [{{"id": "{asg}"}}]"#),
    );
    let mut documents = standard(&[]);
    documents[0] = group_of("nsg", &to_asg, "");
    scan(&documents).check(&[]);
    documents[1] = documents[1].replace(r#""etag": "W/0", "#, "");
    scan(&documents).check(&[&format!("nic exposed possible {ANY}")]);
}

/// T11: a route table may be the one that says where it is.
#[test]
fn a_route_table_says_which_subnets_use_it() {
    let subnet = id("virtualNetworks", "v/subnets/s");
    let table = route_table("rt", &[("0.0.0.0/0", "VirtualAppliance")])
        .replace(r#""routes""#, &format!(r#""subnets": [{{"id": "{subnet}"}}], "routes""#));
    let mut documents = standard(&[]);
    documents[3] = table;
    // AP13: what of it is TCP is answered through the appliance, or not at all.
    scan(&documents).check(&[
        "nic exposed ah any 3702258431 / -",
        "nic exposed esp any 3702258431 / -",
        "nic exposed icmp any 3702258431 / -",
        "nic exposed possible tcp/0-65535 any 3702258431 / -",
        "nic exposed udp/0-65535 any 3702258431 / -",
    ]);
}

#[test]
fn keys_given_twice_are_told() {
    let mut documents = standard(&[OPEN]);
    for more in
        [r#", "securityRules": []"#, r#", "SecurityRules": []"#, r#", "properties": {"securityRules": []}"#]
    {
        documents[0] = group_of("nsg", &rule(OPEN), more);
        assert_eq!(scan(&documents).codes(), ["duplicate-key"], "{more}");
    }
}

/// I7: a tag without a prefix is one that the catalogue does not resolve.
#[test]
fn a_tag_without_prefixes_is_not_nobody() {
    for properties in ["{}", r#"{"addressPrefixes": []}"#, r#"{"addressPrefixes": [null, "20.0.0.0/32"]}"#] {
        let catalogue = format!(r#"{{"values": [{{"name": "AzureCloud", "properties": {properties}}}]}}"#);
        let answer = scan_with(&standard(&["100 allow tcp AzureCloud * 22"]), Some(&catalogue));
        assert!(answer.codes().contains(&"unresolved-service-tag"), "{properties}: {:?}", answer.codes());
        assert!(!answer.exposures().is_empty(), "{properties}");
    }
}

#[test]
fn references_without_an_id_are_dangling() {
    for reference in [r#"{"name": "nsg"}"#, "{}", r#"{"id": null}"#] {
        let mut documents = standard(&[OPEN]);
        documents[1] = documents[1].replace(
            r#""networkSecurityGroup": {"#,
            &format!(r#""networkSecurityGroup": {reference}, "x": {{"#),
        );
        let answer = scan(&documents);
        assert_eq!(answer.codes(), ["dangling-reference", "dangling-reference"], "{reference}");
        answer.check(&["nic exposed possible any any 3702258431 / -", &format!("nsg latent {ANY}")]);
    }
}

#[test]
fn a_private_endpoint_without_an_id_hides_nothing() {
    let mut documents = standard(&[OPEN]);
    documents[1] = documents[1].replace(r#""etag""#, r#""privateEndpoint": {}, "etag""#);
    scan(&documents).check(&[&format!("nic exposed {ANY}")]);
}

#[test]
fn text_before_the_json_is_told() {
    for before in ["WARNING: preview\n", "WARNING: preview "] {
        let mut documents = standard(&[OPEN]);
        documents[0] = format!("{before}{}", documents[0]);
        let answer = scan(&documents);
        assert_eq!(answer.codes(), ["malformed-json"], "{before}");
        answer.check(&[&format!("nic exposed {ANY}")]);
    }
    for before in ["null\n", "\"x\" "] {
        let whole = standard(&[OPEN]).remove(0);
        let cut = format!("{before}{},\n {{\"na", whole.trim_end_matches(']'));
        assert!(scan(&[cut]).codes().contains(&"malformed-json"), "{before}");
    }
}

/// Either of two groups may be the one that is there.
#[test]
fn contradicting_attachments_are_bounds() {
    let subnet = format!(r#", "subnets": [{{"id": "{}"}}]"#, id("virtualNetworks", "v/subnets/s"));
    for (one, other) in [(rule(OPEN), String::new()), (String::new(), rule(OPEN))] {
        let documents = [
            group_of("a", &one, &subnet),
            group_of("b", &other, &subnet),
            interface("nic", ["10.0.0.4", "pip", "", "v/s"]),
            public_address("pip", "20.50.1.20", "Standard"),
        ];
        let answer = scan(&documents);
        assert_eq!(answer.codes(), ["contradicting-attachments"]);
        answer.check(&[&format!("nic exposed possible {ANY}")]);
    }
}

/// AP3: with a floating address the groups see the frontend's address.
#[test]
fn the_frontend_of_a_load_balancer_may_be_the_destination() {
    let mut documents = standard(&["100 allow tcp 0.0.0.0/0 20.5.5.5 443"]);
    documents[1] = interface("nic", ["10.0.0.4", "", "nsg", "v/s"])
        .replace(r#""name": "c1","#, r#""name": "c1", "loadBalancerBackendAddressPools": [{"id": "x"}],"#);
    let answer = scan(&documents);
    answer.check(&["nic admitted possible tcp/443 any 3702258431 / -"]);
    assert_eq!(answer.snapshot.lists[0].behind, None, "frontends are behind it too (A25)");
}

/// X3: interfaces of scale sets are in no list of interfaces; the group answers for them.
#[test]
fn a_subnet_with_unknown_interfaces_keeps_its_group_a_target() {
    let unseen = "/subscriptions/s1/resourceGroups/rg/providers/Microsoft.Compute/virtualMachineScaleSets/x/virtualMachines/0/networkInterfaces/n/ipConfigurations/c";
    let documents = |group_of_subnet: &str| {
        let network = network_of("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", group_of_subnet, ""]], "")
            .replace(
                r#""name": "s","#,
                &format!(r#""name": "s", "ipConfigurations": [{{"id": "{unseen}"}}],"#),
            );
        [group("nsg", &[OPEN]), interface("nic", ["10.0.0.4", "", "", "v/s"]), network]
    };
    let answer = scan(&documents("nsg"));
    answer.check(&[&format!("nic latent {ANY}"), &format!("nsg admitted {ANY}")]);
    assert_eq!(answer.codes(), [""; 0]);
    assert_eq!(scan(&documents("")).codes(), ["dangling-reference"]);
}

#[test]
fn what_is_no_resource_is_told() {
    let list = group("nsg", &[]);
    for entry in ["null", "7", r#"{"name": "y"}"#] {
        let answer = scan(&[format!("{}, {entry}]", list.trim_end_matches(']'))]);
        assert_eq!(answer.codes(), ["foreign-entry"], "{entry}");
    }
    let page = format!(r#"{{"value": {list}, "NextLink": "https://x"}}"#);
    assert_eq!(scan(&[page]).codes(), ["truncated-page"]);
}

/// AA0: rules of network managers stand before every group.
#[test]
fn admin_rules_are_told() {
    let rules = format!(
        r#"[{{"id": "{}", "access": "AlwaysAllow"}}]"#,
        id("networkManagers", "m/securityAdminConfigurations/c/ruleCollections/k/rules/r")
    );
    // A projection that leaves out what the rule matches: it may deliver anything.
    let mut documents = standard(&[]);
    documents.push(rules);
    let answer = scan(&documents);
    answer.check(&["nic exposed possible any any 3702258431 / -"]);
    assert!(answer.codes().contains(&"missing-field") && answer.codes().contains(&"drafted-admin-rules"));
}
