//! Network ACLs: what is odd about entries, and what is said of it. What lists let in is in `specs/aws/network-lists.md`.

use crate::network::{Network, everything};

fn with(inbound: &str) -> Network {
    let mut network = Network::new();
    network.permissions = crate::network::permission("tcp");
    network.entries = format!("{inbound}, {}", everything(true));
    network
}

/// Every spelling of "everybody over every protocol" is the same list.
#[test]
fn every_spelling_of_everything_is_everything() {
    for entry in [
        r#"{"RuleNumber": 100, "Egress": false, "Protocol": "-1", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0"}"#,
        r#"{"ruleNumber": "100", "egress": "false", "protocol": -1, "ruleAction": "ALLOW", "cidrBlock": "1.2.3.4/0", "portRange": null}"#,
        r#"{"RuleNumber": 100, "Egress": false, "Protocol": "all", "RuleAction": "allow", "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 80, "To": 80}}"#,
        r#"{"RuleNumber": 1, "Egress": false, "Protocol": "tcp", "RuleAction": "allow", "CidrBlock": "0.0.0.0/1", "PortRange": {"From": 0, "To": 65535}},
           {"RuleNumber": 2, "Egress": false, "Protocol": "6", "RuleAction": "allow", "CidrBlock": "128.0.0.0/1", "PortRange": {"From": "22", "To": "22"}}"#,
    ] {
        let answer = with(entry).scan();
        assert_eq!(answer.exposures(), ["eni-1 exposed tcp/22 any 3702258432 / -"], "{entry}");
        assert_eq!(answer.codes(), [""; 0], "{entry}");
    }
}

/// Whatever cannot be read makes the answer possible, never closed and never proved.
#[test]
fn what_cannot_be_read_is_possible_and_told() {
    for (entry, code) in [
        (
            r#"{"RuleNumber": 90, "Egress": false, "Protocol": "6", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}"#,
            "unreadable-ports",
        ),
        (
            r#"{"RuleNumber": 90, "Egress": false, "Protocol": "6", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 30, "To": 20}}"#,
            "unreadable-ports",
        ),
        (
            r#"{"RuleNumber": 90, "Egress": false, "Protocol": "6", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0", "PortRange": "22"}"#,
            "unexpected-type",
        ),
        (
            r#"{"RuleNumber": 90, "Egress": false, "Protocol": "foo", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}"#,
            "unknown-protocol",
        ),
        (r#"{"RuleNumber": 90, "Egress": false, "Protocol": "-1", "RuleAction": "deny"}"#, "missing-field"),
        (
            r#"{"RuleNumber": 90, "Egress": false, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0"}"#,
            "",
        ),
        (
            r#"{"RuleNumber": 90, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}"#,
            "missing-field",
        ),
        (
            r#"{"RuleNumber": "x", "Egress": false, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}"#,
            "unexpected-type",
        ),
        (
            r#"{"RuleNumber": 90, "Egress": false, "Protocol": "-1", "RuleAction": ["deny"], "CidrBlock": "0.0.0.0/0"}"#,
            "unexpected-type",
        ),
    ] {
        let answer = with(&format!("{entry}, {}", everything(false))).scan();
        let four: Vec<String> = answer
            .exposures()
            .into_iter()
            .filter(|line| !line.contains("/ any") || line.contains("37022"))
            .collect();
        if code.is_empty() {
            // One address is a prefix of one: everybody but it.
            assert!(
                answer.codes().is_empty() && four.iter().all(|line| !line.contains("possible")),
                "{entry} {four:?}"
            );
            continue;
        }
        assert!(!four.is_empty() && four.iter().all(|line| line.contains("possible")), "{entry} {four:?}");
        assert!(answer.codes().contains(&code), "{entry} {:?}", answer.codes());
    }
}

/// Every list is told once, attached or not, and the implied entry is nobody's.
#[test]
fn every_list_is_told_once() {
    let mut network = with(&everything(false));
    network.more.push(
        r#"{"NetworkAcls": [{"NetworkAclId": "acl-0", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [], "Entries": [
            {"RuleNumber": 32767, "Egress": false, "Protocol": "-1", "RuleAction": "deny", "CidrBlock": "0.0.0.0/0"}]}]}"#
            .to_owned(),
    );
    let answer = network.scan();
    let lists = answer.snapshot.lists.iter().filter(|list| list.kind == "network-acl");
    let told: Vec<String> = lists
        .map(|list| {
            let rules: Vec<String> = list
                .rules
                .iter()
                .map(|rule| format!("{}{}", rule.name, if rule.built_in { "!" } else { "" }))
                .collect();
            format!("{} {}", list.id, rules.join(" "))
        })
        .collect();
    assert_eq!(told, ["acl-0 *! *!", "acl-1 100 101 *!"]);
}
