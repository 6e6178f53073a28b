//! Groups: order, defaults, attachment (semantics A1, A2, A6, A28, X1, X3).

use crate::estate::{group, group_of, id, interface, network, public_address, rule, scan, standard};

const ANY: &str = "any 3702258431";

#[test]
fn the_lowest_priority_decides_whatever_the_order_of_the_export() {
    let answer = scan(&standard(&["200 deny tcp * * 22", "100 allow tcp * * 22-23"]));
    answer.check(&[&format!("nic exposed tcp/22-23 {ANY} / -")]);
    let answer = scan(&standard(&["100 deny tcp * * 22", "200 allow tcp * * 22-23"]));
    answer.check(&[&format!("nic exposed tcp/23 {ANY} / -")]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// A2: without `defaultSecurityRules` they are there all the same; the host address is no Internet (I9).
#[test]
fn default_rules_are_added() {
    let answer = scan(&standard(&[]));
    answer.check(&[]);
    let rules = &answer.snapshot.lists[0].rules;
    let names: Vec<_> = rules.iter().map(|rule| &*rule.name).collect();
    assert_eq!(names, ["AllowVnetInBound", "AllowAzureLoadBalancerInBound", "DenyAllInBound"]);
    assert!(rules.iter().all(|rule| rule.built_in && rule.provenance.is_none()));
}

#[test]
fn stated_default_rules_are_not_doubled() {
    let defaults = r#", "defaultSecurityRules": [{"name": "AllowVnetInBound", "priority": 65000, "access": "Allow", "protocol": "*", "direction": "Inbound", "sourcePortRange": "*", "destinationPortRange": "*", "sourceAddressPrefix": "VirtualNetwork", "destinationAddressPrefix": "0.0.0.0/0"}]"#;
    let answer = scan(&[group_of("nsg", "", defaults)]);
    let rules = &answer.snapshot.lists[0].rules;
    assert_eq!(rules.len(), 3);
    // A24: in a default rule it stands for both families.
    assert!(!rules[0].matches.destinations.must.v6_spans().is_empty());
    assert!(rules[0].provenance.is_some());
}

/// X1: two rules of one priority: either may be first.
#[test]
fn equal_priorities_are_bounds() {
    let rules = format!("{}, {}", rule("100 allow tcp * * 22"), rule("100 deny tcp 8.0.0.0/8 * 22"));
    let mut documents = standard(&[]);
    documents[0] = group_of("nsg", &rules, "");
    let answer = scan(&documents);
    answer.check(&[
        "nic exposed possible tcp/22 broad 16777216 / -",
        "nic exposed tcp/22 almost-any 3685481215 / -",
    ]);
    assert_eq!(
        answer.message(),
        "`nsg`: rules `r100` and `r100` both have the inbound priority 100, expected one of them: both orders are taken as possible"
    );
}

/// A6: every group must allow.
#[test]
fn subnet_and_interface_must_both_allow() {
    let documents = [
        group("at-subnet", &["100 allow tcp 8.0.0.0/8 * 22"]),
        group("at-nic", &["100 allow tcp 8.8.0.0/16,9.0.0.0/8 * 22"]),
        interface("nic", ["10.0.0.4", "pip", "at-nic", "v/s"]),
        public_address("pip", "20.50.1.20", "Standard"),
        network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "at-subnet", ""]]),
    ];
    scan(&documents).check(&["nic exposed tcp/22 wide 65536 / -"]);
}

/// A4, A25: the rule sees the private address; what names another is told to be elsewhere.
#[test]
fn the_public_address_as_destination_never_matches() {
    scan(&standard(&["100 allow tcp * 20.50.1.20 22"])).check(&[]);
    let answer = scan(&standard(&["100 allow tcp * 10.0.0.0/24 22"]));
    answer.check(&[&format!("nic exposed tcp/22 {ANY} / -")]);
    let behind = answer.snapshot.lists[0].behind.as_ref().unwrap();
    assert_eq!(behind.v4_spans().len(), 1);
    assert_eq!(behind.count(packet::Family::V4).get(), Some(1));
}

/// X3, A28: a full export that names nothing is attached to nothing; a projection says nothing.
#[test]
fn attachment_decides_the_reach_of_a_group_alone() {
    let full = group("nsg", &["100 allow tcp 0.0.0.0/0 * 22"]);
    scan(&[full]).check(&[&format!("nsg latent tcp/22 {ANY} / -")]);
    let projected = format!(
        r#"[{{"name": "nsg", "resourceGroup": "rg", "securityRules": [{}]}}]"#,
        rule("100 allow tcp 0.0.0.0/0 * 22")
    );
    scan(&[projected]).check(&[&format!("nsg admitted tcp/22 {ANY} / -")]);
    let attached = format!(r#", "networkInterfaces": [{{"id": "{}"}}]"#, id("networkInterfaces", "nic"));
    let answer = scan(&[group_of("nsg", &rule("100 allow tcp 0.0.0.0/0 * 22"), &attached)]);
    answer.check(&[&format!("nsg admitted tcp/22 {ANY} / -")]);
    assert_eq!(answer.codes(), [""; 0]);
}

/// X4: a group in front of a subnet whose interfaces are not in the input.
#[test]
fn a_subnet_without_known_interfaces_makes_its_group_a_target() {
    let documents = [
        group("nsg", &["100 allow tcp 0.0.0.0/0 10.0.0.5 22", "110 allow tcp 0.0.0.0/0 10.9.9.9 23"]),
        network("v", "10.0.0.0/16", &[["s", "10.0.0.0/24", "nsg", ""]]),
    ];
    let answer = scan(&documents);
    answer.check(&[&format!("nsg admitted tcp/22 {ANY} / -")]);
    assert!(answer.snapshot.missing.iter().any(|told| told.contains("az network nic list")));
}

/// Groups of one name and no id are never one group.
#[test]
fn groups_without_an_id_are_not_merged() {
    let text = format!(
        r#"[{{"name": "nsg", "securityRules": [{}]}}, {{"name": "nsg", "securityRules": []}}]"#,
        rule("100 allow tcp 0.0.0.0/0 * 22")
    );
    let answer = scan(&[text]);
    assert_eq!(answer.snapshot.targets.len(), 2);
    assert_ne!(answer.snapshot.targets[0].key, answer.snapshot.targets[1].key);
    assert_eq!(answer.codes(), [""; 0]);
}

/// A projection names a group by resource group and name; interfaces name it by id.
#[test]
fn a_projected_group_is_found_by_its_name() {
    let projected = format!(
        r#"[{{"name": "NSG", "resourceGroup": "RG", "securityRules": [{}]}}]"#,
        rule("100 allow tcp 0.0.0.0/0 * 22")
    );
    let mut documents = standard(&[]);
    documents[0] = projected;
    scan(&documents).check(&[&format!("nic exposed tcp/22 {ANY} / -")]);
}

/// Two statements of one group: a projection does not replace a full export with the same rules; other rules do.
#[test]
fn the_later_statement_counts() {
    let full = group("nsg", &["100 allow tcp 0.0.0.0/0 * 22"]);
    let projected = full.replace(r#""etag": "W/0", "#, "");
    for documents in [[&full, &projected], [&projected, &full]] {
        let answer = scan(&documents);
        answer.check(&[&format!("nsg latent tcp/22 {ANY} / -")]);
        assert_eq!(answer.codes(), [""; 0]);
    }
    let answer = scan(&[&full, &group("nsg", &["100 allow tcp 0.0.0.0/0 * 23"])]);
    answer.check(&[&format!("nsg latent tcp/23 {ANY} / -")]);
    assert_eq!(answer.codes(), ["duplicate-resource"]);
}
