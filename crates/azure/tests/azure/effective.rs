//! Effective views: `az network nic list-effective-nsg`.

use crate::estate::{id, scan, standard};

fn rule(name: &str, access: &str, priority: u32, source: &str, port: &str, expanded: &str) -> String {
    format!(
        r#"{{"access": "{access}", "destinationAddressPrefix": "0.0.0.0/0", "destinationAddressPrefixes": ["0.0.0.0/0"], "destinationPortRange": "{port}", "destinationPortRanges": ["{port}"], "direction": "Inbound"{expanded}, "name": "{name}", "priority": {priority}, "protocol": "Tcp", "sourceAddressPrefix": "{source}", "sourceAddressPrefixes": ["{source}"], "sourcePortRange": "0-65535", "sourcePortRanges": ["0-65535"]}}"#
    )
}

fn view(association: &str, rules: &[String]) -> String {
    let deny = rule("defaultSecurityRules/DenyAllInBound", "Deny", 65500, "0.0.0.0/0", "0-65535", "")
        .replace("Tcp", "All");
    format!(
        r#"{{"value": [{{"association": {association}, "effectiveSecurityRules": [{}{deny}], "networkSecurityGroup": {{"id": "{}"}}}}]}}"#,
        rules.iter().map(|rule| format!("{rule}, ")).collect::<String>(),
        id("networkSecurityGroups", "nsg")
    )
}

fn at_interface() -> String {
    format!(r#"{{"networkInterface": {{"id": "{}"}}}}"#, id("networkInterfaces", "nic"))
}

#[test]
fn the_view_is_the_truth_of_its_interface() {
    let mut documents = standard(&["100 allow tcp * * 22"]);
    documents
        .push(view(&at_interface(), &[rule("securityRules/web", "Allow", 100, "0.0.0.0/0", "443-443", "")]));
    let answer = scan(&documents);
    answer.check(&["nic exposed tcp/443 any 3702258431 / -"]);
    assert_eq!(answer.readings[4].format, Some("azure/effective-nsg"));
    assert_eq!(answer.codes(), [""; 0]);
}

#[test]
fn what_tags_stand_for_is_in_the_view() {
    let expanded = r#", "expandedSourceAddressPrefix": ["8.0.0.0/8"]"#;
    let mut documents = standard(&[]);
    documents.push(view(
        &at_interface(),
        &[rule("securityRules/web", "Allow", 100, "AzureCloud", "443-443", expanded)],
    ));
    let answer = scan(&documents);
    answer.check(&["nic exposed tcp/443 broad 16777216 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// The view prints `*` and `0.0.0.0/0` alike: IPv6 is possible only.
#[test]
fn a_view_alone_says_nothing_certain_of_ipv6() {
    let web = rule("securityRules/web", "Allow", 100, "0.0.0.0/0", "443-443", "");
    let answer = scan(&[view(&at_interface(), &[web])]);
    answer.check(&["nic admitted possible tcp/443 - / any", "nic admitted tcp/443 any 3702258431 / -"]);
}

/// T11: the view shows a default route as `VirtualNetwork` expanded to `0.0.0.0/0`.
#[test]
fn a_default_route_is_in_the_expansion() {
    let expanded = r#", "expandedSourceAddressPrefix": ["0.0.0.0/0"]"#;
    let name = "defaultSecurityRules/AllowVnetInBound";
    let vnet = rule(name, "Allow", 65000, "VirtualNetwork", "0-65535", expanded).replace("Tcp", "All");
    let answer = scan(&[view(&at_interface(), &[vnet])]);
    answer.check(&["nic admitted any any 3702258431 / -", "nic admitted possible any - / any"]);
    assert!(answer.snapshot.lists[0].rules[0].built_in);
    assert_eq!(&*answer.snapshot.lists[0].rules[0].name, "AllowVnetInBound");
}

#[test]
fn a_view_of_a_subnet_counts_for_interfaces_without_a_group() {
    let web = rule("securityRules/web", "Allow", 100, "0.0.0.0/0", "443-443", "");
    let association = format!(r#"{{"subnet": {{"id": "{}"}}}}"#, id("virtualNetworks", "v/subnets/s"));
    let mut documents = standard(&["100 allow tcp * * 22"]);
    documents.push(view(&association, &[web]));
    scan(&documents).check(&["nic exposed tcp/22 any 3702258431 / -"]);
    let nsg = format!(r#""networkSecurityGroup": {{"id": "{}"}}"#, id("networkSecurityGroups", "nsg"));
    documents[1] = documents[1].replace(&nsg, r#""networkSecurityGroup": null"#);
    let exposures = scan(&documents).exposures();
    assert!(exposures.contains(&"nic exposed tcp/443 any 3702258431 / -".to_owned()), "{exposures:?}");
    assert!(!exposures.iter().any(|line| line.starts_with("nic exposed tcp/22")), "{exposures:?}");
}

/// AA1: whether a rule of a network manager skips the groups is not in the view.
#[test]
fn rules_of_a_network_manager_are_bounds() {
    let both = view(&at_interface(), &[]).replace(
        r#"{"value": ["#,
        &format!(
            r#"{{"value": [{{"association": {{"networkManager": {{"id": "{}"}}}}, "effectiveSecurityRules": [{}]}}, "#,
            id("networkManagers", "m"),
            rule("admin", "Allow", 10, "8.8.8.8", "22-22", "")
        ),
    );
    let mut documents = standard(&["100 allow tcp * * 443"]);
    documents.push(both);
    let answer = scan(&documents);
    answer.check(&["nic exposed possible tcp/22 narrow 1 / -"]);
    assert_eq!(answer.codes(), ["network-manager-rules"]);
}

#[test]
fn several_interfaces_in_one_document_are_refused() {
    let one = view(&at_interface(), &[]);
    let other = one.replace("networkInterfaces/nic", "networkInterfaces/other");
    let joined = format!("{}, {}", one.trim_end_matches("]}"), other.trim_start_matches(r#"{"value": ["#));
    assert_eq!(scan(&[joined]).codes(), ["several-interfaces"]);
    assert_eq!(scan(&[format!("{one}\n{other}")]).codes(), [""; 0]);
}
