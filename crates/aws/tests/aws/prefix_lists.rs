//! What prefix lists stand for where a spec cannot say it: how they are told.

use crate::estate::scan;

const GROUP: &str = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "OwnerId": "111122223333", "VpcId": "vpc-1",
    "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [{"PrefixListId": "pl-1"}]}]}]}"#;

fn list(owner: &str, name: &str) -> String {
    format!(
        r#"{{"PrefixLists": [{{"PrefixListId": "pl-1", "PrefixListName": "{name}", "AddressFamily": "IPv4", "OwnerId": "{owner}"}}]}}"#
    )
}

/// W6: a list of another account may be changed by it; whoever reads the finding is told whose it is.
#[test]
fn a_list_is_told_with_its_name_and_its_owner() {
    let entries = r#"{"PrefixListId": "pl-1", "Entries": [{"Cidr": "8.8.8.0/24"}]}"#;
    let written = |list: &str| scan(&[GROUP, list, entries]).snapshot.lists[0].rules[0].written.to_string();
    assert_eq!(written("{}"), "pl-1");
    assert_eq!(written(&list("111122223333", "office")), "pl-1 (office)");
    assert_eq!(written(&list("444455556666", "partners")), "pl-1 (partners, of 444455556666)");
    assert_eq!(written(&list("AWS", "com.amazonaws.eu-west-1.s3")), "pl-1 (com.amazonaws.eu-west-1.s3)");
}

/// A kind that is wholly absent is missing, with the commands that export it; a list that is absent beside others is a gap.
#[test]
fn lists_that_are_nowhere_are_missing() {
    let alone = scan(&[GROUP]);
    assert!(alone.snapshot.gaps.is_empty());
    let command = "aws ec2 get-managed-prefix-list-entries";
    assert!(
        alone.snapshot.missing.iter().any(|sentence| sentence.contains(command)),
        "{:?}",
        alone.snapshot.missing
    );
    let beside = scan(&[GROUP, &list("111122223333", "home").replace("pl-1", "pl-2")]);
    assert_eq!(beside.snapshot.gaps.len(), 1);
    assert_eq!(
        beside.snapshot.gaps[0].message,
        "`web`: the prefix list `pl-1` is not in the input: it may hold every address"
    );
}

/// Of two documents about one list neither is lost, in whatever order they come.
#[test]
fn statements_of_one_list_add_up_in_any_order() {
    let (one, other) = (
        r#"{"PrefixListId": "pl-1", "Entries": [{"Cidr": "8.8.8.0/24"}]}"#,
        r#"{"PrefixListId": "pl-1", "Entries": [{"Cidr": "9.9.9.0/24"}]}"#,
    );
    let sources =
        |documents: &[&str]| scan(documents).snapshot.lists[0].rules[0].matches.sources.must.clone();
    assert_eq!(sources(&[GROUP, one, other]), sources(&[other, one, GROUP]));
    assert_eq!(sources(&[GROUP, one, other]).v4_spans().len(), 2);
}

/// Two commands list the lists of AWS, one of them with ranges: neither statement takes the other's place.
#[test]
fn every_command_says_its_part_of_a_list() {
    let name = "com.amazonaws.eu-west-1.s3";
    let ranges = format!(
        r#"{{"PrefixLists": [{{"PrefixListId": "pl-1", "PrefixListName": "{name}", "Cidrs": ["3.5.64.0/21"]}}]}}"#
    );
    let managed = list("AWS", name);
    for documents in [[GROUP, &ranges, &managed], [managed.as_str(), &ranges, GROUP]] {
        let answer = scan(&documents);
        assert!(answer.codes().is_empty(), "{:?}", answer.codes());
        let rule = &answer.snapshot.lists[0].rules[0];
        assert_eq!(&*rule.written, "pl-1 (com.amazonaws.eu-west-1.s3)");
        assert!(rule.matches.sources.is_exact() && rule.matches.sources.must.v4_spans().len() == 1);
    }
}
