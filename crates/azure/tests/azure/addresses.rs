//! Addresses of rules: prefixes in every spelling, both families, `Internet` and `VirtualNetwork`, application groups
//! (semantics A9, A10, A14, A17, A19, A21, A22, A24, C3).

use crate::estate::{group_of, id, rule, scan, standard};

const ANY: &str = "nic exposed tcp/22 any 3702258431 / -";

fn check(sources: &str, expected: &[&str]) {
    let answer = scan(&standard(&[&format!("100 allow tcp {sources} * 22")]));
    answer.check(expected);
    assert_eq!(answer.codes(), [""; 0], "{sources}");
}

#[test]
fn everything_is_everything_however_it_is_written() {
    for sources in [
        "*",
        "Any",
        "0.0.0.0/0",
        "1.2.3.4/0",
        "0.0.0.0/1,128.0.0.0/1",
        "Internet",
        "INTERNET",
        "*,10.0.0.0/8",
    ] {
        check(sources, &[ANY]);
    }
}

#[test]
fn parts_are_counted() {
    check("8.8.8.8", &["nic exposed tcp/22 narrow 1 / -"]);
    check("8.8.8.8/24,8.8.8.0/25", &["nic exposed tcp/22 narrow 256 / -"]);
    check("0.0.0.0/1", &["nic exposed tcp/22 almost-any 2092957696 / -"]);
    check("203.0.113.0/24,10.0.0.0/8", &[]);
}

/// A15, A17, A18: none of these holds an Internet client.
#[test]
fn tags_of_the_platform_open_nothing() {
    for sources in [
        "VirtualNetwork",
        "VIRTUAL_NETWORK",
        "AzureLoadBalancer",
        "azure_loadbalancer",
        "AzurePlatformDNS",
        "azureplatformimds",
    ] {
        check(sources, &[]);
    }
}

/// A24, C5: a custom `0.0.0.0/0` is IPv4 only, `*` is both.
#[test]
fn families_do_not_mix() {
    let six = |sources: &str| {
        let mut documents = standard(&[&format!("100 allow tcp {sources} * 22")]);
        documents[1] = documents[1].replace("10.0.0.4", "fd00::4").replace("IPv4", "IPv6");
        documents[2] = documents[2].replace("20.50.1.20", "2a01:111::10");
        scan(&documents).exposures()
    };
    assert_eq!(six("*"), ["nic exposed tcp/22 - / any"]);
    assert_eq!(six("0.0.0.0/0"), [""; 0]);
    assert_eq!(six("::/0"), ["nic exposed tcp/22 - / any"]);
    assert_eq!(six("Internet"), ["nic exposed tcp/22 - / any"]);
    check("::/0", &[]);
}

/// A10: both fields: their union, and a gap where they differ.
#[test]
fn singular_and_plural_are_united() {
    let both = |one: &str, many: &str| {
        let stated = rule("100 allow tcp ONE * 22")
            .replace(r#""sourceAddressPrefixes": []"#, r#""sourceAddressPrefixes": [MANY]"#);
        let mut documents = standard(&[]);
        documents[0] = group_of("nsg", &stated.replace("ONE", one).replace("MANY", many), "");
        scan(&documents)
    };
    let answer = both("8.8.8.8", r#""8.8.8.9""#);
    answer.check(&["nic exposed tcp/22 narrow 2 / -"]);
    assert_eq!(answer.codes(), ["singular-and-plural"]);
    let effect = |access: &str| {
        let stated = rule(&format!("100 {access} tcp 8.8.8.8 * 22"));
        let stated =
            stated.replace(r#""sourceAddressPrefixes": []"#, r#""sourceAddressPrefixes": ["8.8.8.9"]"#);
        scan(&[group_of("nsg", &stated, "")]).readings[0].gaps[0].effect
    };
    // A denial of more is an answer of less.
    assert_eq!((effect("Allow"), effect("Deny")), (model::Effect::Widened, model::Effect::Narrowed));
    let answer = both("8.8.8.8", r#""8.8.8.8""#);
    answer.check(&["nic exposed tcp/22 narrow 1 / -"]);
    assert_eq!(answer.codes(), [""; 0]);
}

fn with_group(field: &str, member: bool) -> Vec<String> {
    let asg = id("applicationSecurityGroups", "web");
    let one = rule("100 allow tcp * * 22").replace(
        &format!(r#""{field}AddressPrefix": "*""#),
        &format!(r#""{field}AddressPrefix": "", "{field}ApplicationSecurityGroups": [{{"id": "{asg}"}}]"#),
    );
    let mut documents = standard(&[]);
    documents[0] = group_of("nsg", &one, "");
    if member {
        documents[1] = documents[1].replace(
            r#""name": "c1","#,
            &format!(r#""name": "c1", "applicationSecurityGroups": [{{"id": "{}"}}],"#, asg.to_uppercase()),
        );
    }
    documents
}

/// A21: as destination the members' addresses, as source never the Internet.
#[test]
fn application_groups_are_their_members() {
    scan(&with_group("destination", true)).check(&[ANY]);
    scan(&with_group("destination", false)).check(&[]);
    scan(&with_group("source", true)).check(&[]);
    assert_eq!(scan(&with_group("destination", false)).codes(), [""; 0]);
}

/// A21: a member in another virtual network is no member here, though its address is the same.
#[test]
fn members_of_another_network_do_not_count() {
    let mut documents = with_group("destination", false);
    let elsewhere = with_group("destination", true)[1]
        .replace("/v/", "/w/")
        .replace("networkInterfaces/nic", "networkInterfaces/other");
    documents.push(elsewhere.replace(r#""networkSecurityGroup": {"#, r#""unused": {"#));
    let exposures = scan(&documents).exposures();
    assert!(!exposures.iter().any(|line| line.starts_with("nic exposed tcp/22")), "{exposures:?}");
}

/// Without interfaces in the input nobody knows the members.
#[test]
fn unknown_members_are_bounds() {
    let documents = with_group("destination", true);
    scan(&documents[..1]).check(&["nsg latent possible tcp/22 any 3702258431 / any"]);
}
