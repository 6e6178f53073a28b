//! Groups, rules and prefix lists with one value of their documents replaced: what is then not told is told as a gap.

use serde_json::{Value, json};

use crate::estate::scan;

/// Nothing closes in silence: where an exposure is gone, a gap says why, or the other value says it itself.
#[test]
fn damage_closes_nothing_in_silence() {
    let mut silent = Vec::new();
    for documents in estates() {
        let texts = |documents: &[Value]| documents.iter().map(Value::to_string).collect::<Vec<_>>();
        let before = scan(&texts(&documents));
        let expected = before.exposures();
        assert!(!expected.is_empty() && before.codes().is_empty(), "{expected:?} {:?}", before.codes());
        for (number, document) in documents.iter().enumerate() {
            for (pointer, piece) in damages(document) {
                let mut damaged = documents.clone();
                *damaged[number].pointer_mut(&pointer).unwrap() = piece.clone();
                let after = scan(&texts(&damaged));
                let told = after.exposures();
                let is_lost = expected.iter().any(|line| !told.contains(line) && !covers(&told, line));
                let is_read = after.readings[number].format.is_some();
                let is_told = !after.codes().is_empty() || after.snapshot.missing != before.snapshot.missing;
                if is_lost && is_read && !is_told {
                    silent.push(format!("{pointer} = {piece}"));
                }
            }
        }
    }
    silent.sort();
    silent.dedup();
    assert_eq!(silent, SAID_OTHERWISE);
}

/// Whether everything is possible after all.
fn covers(told: &[String], _line: &str) -> bool {
    told.iter().any(|line| line.contains(" any any "))
}

fn damages(document: &Value) -> Vec<(String, Value)> {
    let pieces = [
        json!(null),
        json!(7),
        json!(-1),
        json!("x"),
        json!(""),
        json!([]),
        json!({}),
        json!([7]),
        json!([null]),
        json!(true),
        json!([{}]),
    ];
    let mut pointers = Vec::new();
    walk(document, String::new(), &mut pointers);
    pointers.iter().flat_map(|pointer| pieces.iter().map(|piece| (pointer.clone(), piece.clone()))).collect()
}

fn walk(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (key, value) in members {
                let pointer = format!("{pointer}/{key}");
                pointers.push(pointer.clone());
                walk(value, pointer, pointers);
            }
        }
        Value::Array(items) => {
            for (number, value) in items.iter().enumerate() {
                let pointer = format!("{pointer}/{number}");
                pointers.push(pointer.clone());
                walk(value, pointer, pointers);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn estates() -> Vec<Vec<Value>> {
    let account = "111122223333";
    let group = json!({"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "OwnerId": account, "VpcId": "vpc-1", "IpPermissions": [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "8.8.8.0/24"}], "Ipv6Ranges": [{"CidrIpv6": "2600::/16"}],
         "PrefixListIds": [], "UserIdGroupPairs": []},
        {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "9.9.9.0/24"}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}
    ], "IpPermissionsEgress": []}]});
    let rules = json!({"SecurityGroupRules": [{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": account, "IsEgress": false,
        "IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "CidrIpv4": "8.8.8.0/24"}]});
    let listed = json!({"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "OwnerId": account, "VpcId": "vpc-1", "IpPermissions": [
        {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [{"PrefixListId": "pl-1"}], "UserIdGroupPairs": []}
    ]}]});
    let lists = json!({"PrefixLists": [{"PrefixListId": "pl-1", "PrefixListName": "office", "AddressFamily": "IPv4", "OwnerId": account}]});
    let entries = json!({"PrefixListId": "pl-1", "Entries": [{"Cidr": "8.8.8.0/24"}]});
    vec![vec![group], vec![rules], vec![listed, lists, entries]]
}

/// Values that say something else, and no less clearly: a list without members, another number, another name.
const SAID_OTHERWISE: [&str; 26] = [
    "/Entries = []",
    "/SecurityGroupRules/0/FromPort = 7",
    r#"/SecurityGroupRules/0/GroupId = "x""#,
    "/SecurityGroupRules/0/GroupId = -1",
    "/SecurityGroupRules/0/GroupId = 7",
    "/SecurityGroupRules/0/IpProtocol = -1",
    "/SecurityGroupRules/0/IpProtocol = 7",
    "/SecurityGroupRules/0/IsEgress = true",
    r#"/SecurityGroups/0/GroupName = """#,
    r#"/SecurityGroups/0/GroupName = "x""#,
    "/SecurityGroups/0/GroupName = -1",
    "/SecurityGroups/0/GroupName = 7",
    "/SecurityGroups/0/GroupName = null",
    "/SecurityGroups/0/IpPermissions = []",
    "/SecurityGroups/0/IpPermissions/0/FromPort = 7",
    "/SecurityGroups/0/IpPermissions/0/IpProtocol = -1",
    "/SecurityGroups/0/IpPermissions/0/IpProtocol = 7",
    "/SecurityGroups/0/IpPermissions/0/IpRanges = []",
    "/SecurityGroups/0/IpPermissions/0/Ipv6Ranges = []",
    "/SecurityGroups/0/IpPermissions/0/PrefixListIds = []",
    "/SecurityGroups/0/IpPermissions/1/FromPort = -1",
    "/SecurityGroups/0/IpPermissions/1/FromPort = 7",
    "/SecurityGroups/0/IpPermissions/1/IpProtocol = -1",
    "/SecurityGroups/0/IpPermissions/1/IpProtocol = 7",
    "/SecurityGroups/0/IpPermissions/1/IpRanges = []",
    "/SecurityGroups/0/IpPermissions/1/ToPort = 7",
];
