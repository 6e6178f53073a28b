//! Lists of groups: names, ranks, places, and what is said of the odd. What they let in is in `specs/aws`.

use crate::estate::{Answer, scan};

fn groups(permissions: &str) -> String {
    format!(
        r#"{{"SecurityGroups": [{{"GroupId": "sg-1", "GroupName": "web", "OwnerId": "111122223333", "VpcId": "vpc-1",
            "Tags": [{{"Key": "Name", "Value": "a tag"}}], "IpPermissions": [{permissions}]}}]}}"#
    )
}

fn rules(answer: &Answer) -> Vec<String> {
    let rules = answer.snapshot.lists.iter().flat_map(|list| &list.rules);
    rules.map(|rule| format!("{} | {} | {}", rule.name, rule.written, rule.rank)).collect()
}

fn messages(answer: &Answer) -> Vec<String> {
    let read = answer.readings.iter().flat_map(|reading| &reading.gaps);
    read.chain(&answer.snapshot.gaps).map(|gap| format!("{}: {}", gap.code, gap.message)).collect()
}

/// Every entry is a rule, all of one rank; a group is called by its name, not by its tag.
#[test]
fn an_entry_is_a_rule_and_no_rule_comes_before_another() {
    let answer = scan(&[groups(
        r#"{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 25, "IpRanges": [{"CidrIp": "8.8.8.8/24"}, {"CidrIp": "0.0.0.0/0"}],
            "Ipv6Ranges": [{"CidrIpv6": "::/0"}], "PrefixListIds": [{"PrefixListId": "pl-1"}],
            "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "111122223333"}]},
           {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}"#,
    )]);
    let list = &answer.snapshot.lists[0];
    assert_eq!(
        (&*list.id, &*list.name, list.kind, list.scope.as_deref()),
        ("sg-1", "web", "security-group", Some("111122223333"))
    );
    assert_eq!(
        rules(&answer),
        [
            "icmp 8 10.0.0.0/8 | 10.0.0.0/8 | 0",
            "tcp 22-25 0.0.0.0/0 | 0.0.0.0/0 | 0",
            "tcp 22-25 8.8.8.8/24 | 8.8.8.8/24 | 0",
            "tcp 22-25 ::/0 | ::/0 | 0",
            "tcp 22-25 pl-1 | pl-1 | 0",
            "tcp 22-25 sg-1 | sg-1 | 0",
        ]
    );
}

/// The place of a rule is the entry, not the group: `explain` shows that line.
#[test]
fn a_rule_is_read_where_its_entry_stands() {
    let text = groups(
        r#"{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "8.8.8.0/24"}, {"CidrIp": "9.9.9.0/24"}]}"#,
    );
    let answer = scan(&[&text]);
    for (rule, cidr) in answer.snapshot.lists[0].rules.iter().zip(["8.8.8.0/24", "9.9.9.0/24"]) {
        let offset = usize::try_from(rule.provenance.unwrap().offset).unwrap();
        assert!(text[offset..].starts_with("CidrIp\": \"") && text[offset..offset + 25].contains(cidr));
    }
}

/// W23: AWS made the rule of a default group that lets in its own members, and nobody is told that it is idle.
#[test]
fn the_default_groups_own_rule_is_built_in() {
    let own = r#"{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-1", "UserId": "111122223333"}]}"#;
    let built_in = |text: &str| scan(&[text]).snapshot.lists[0].rules[0].built_in;
    assert!(!built_in(&groups(own)));
    assert!(built_in(&groups(own).replace("\"web\"", "\"default\"")));
    assert!(!built_in(&groups(&own.replace("-1\"", "tcp\"")).replace("\"web\"", "\"default\"")));
}

/// Gaps name the group and what was written.
#[test]
fn what_is_odd_is_told_of_its_group() {
    let answer = scan(&[groups(
        r#"{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 80, "IpRanges": [{"CidrIp": "office"}]},
           {"IpProtocol": "tcpp", "IpRanges": [{"CidrIp": "8.8.8.8/32"}]},
           {"IpProtocol": "icmp", "FromPort": 0, "ToPort": 65535, "IpRanges": [{"CidrIp": "::/0"}]}"#,
    )]);
    assert_eq!(
        messages(&answer),
        [
            "unreadable-port-range: `sg-1`: a rule for tcp has a first port after its last one: every port is possible",
            "unreadable-prefix: `sg-1`: `office` is no prefix: every address of its family is possible",
            "unknown-protocol: `sg-1`: `tcpp` is no protocol: the rule may be of every protocol and every port",
            "unreadable-port-range: `sg-1`: a rule for icmp has a type or code of ICMP that is not one of 0 to 255 or -1: every type is possible",
            "other-family: `sg-1`: `::/0` stands where AWS has prefixes of the other family: it is possible",
        ]
    );
}

/// W5: who a rule that names a group matches is known where interfaces are, for those who ask from inside.
#[test]
fn members_are_the_private_addresses_of_interfaces() {
    let interface = |id: &str, address: &str, public: &str| {
        format!(
            r#"{{"NetworkInterfaceId": "{id}", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "subnet-1",
                "Groups": [{{"GroupId": "sg-2"}}], "Ipv6Addresses": [], "PrivateIpAddresses": [{{"Primary": true, "PrivateIpAddress": "{address}"{public}}}]}}"#
        )
    };
    let public = r#", "Association": {"PublicIp": "8.8.8.8"}"#;
    let interfaces = format!(
        r#"{{"NetworkInterfaces": [{}, {}]}}"#,
        interface("eni-1", "10.0.0.4", public),
        interface("eni-2", "10.0.1.5", "")
    );
    let named = groups(
        r#"{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-2", "UserId": "111122223333"}]}"#,
    );
    let sources = |answer: &Answer| answer.snapshot.lists[0].rules[0].matches.sources.clone();
    let known = sources(&scan(&[named.as_str(), interfaces.as_str()]));
    assert!(known.is_exact());
    assert_eq!(known.must.v4_spans().len(), 2);
    // Without interfaces: any address but one of the Internet.
    let unknown = sources(&scan(&[named.as_str()]));
    assert!(unknown.must.is_empty() && unknown.may.contains("10.0.0.4".parse().unwrap()));
    assert!(!unknown.may.contains("8.8.8.8".parse().unwrap()));
    // A peering that is gone: nobody.
    let stale = named.replace("\"UserId\"", "\"PeeringStatus\": \"deleted\", \"UserId\"");
    assert!(sources(&scan(&[stale.as_str(), interfaces.as_str()])).may.is_empty());
    let peered = named.replace("\"UserId\"", "\"VpcPeeringConnectionId\": \"pcx-1\", \"UserId\"");
    let peerings =
        r#"{"VpcPeeringConnections": [{"VpcPeeringConnectionId": "pcx-1", "Status": {"Code": "deleted"}}]}"#;
    assert!(sources(&scan(&[peered.as_str(), interfaces.as_str(), peerings])).may.is_empty());
    assert!(sources(&scan(&[peered.as_str(), interfaces.as_str()])).is_exact());
}

/// W24: rules of one account are not those of a group of another, whatever its id.
#[test]
fn listed_rules_belong_to_the_group_of_their_account() {
    let rules = |account: &str| {
        format!(
            r#"{{"SecurityGroupRules": [{{"SecurityGroupRuleId": "sgr-1", "GroupId": "sg-1", "GroupOwnerId": "{account}", "IsEgress": false,
                "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIpv4": "8.8.8.0/24"}}]}}"#
        )
    };
    let own = groups(
        r#"{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "9.9.9.0/24"}]}"#,
    );
    let lines = |account: &str| scan(&[own.as_str(), &rules(account)]).exposures();
    assert_eq!(
        lines("444455556666"),
        ["sg-1 admitted tcp/443 narrow 256 / -", "web admitted tcp/22 narrow 256 / -"]
    );
    assert_eq!(
        lines("111122223333"),
        ["web admitted possible tcp/443 narrow 256 / -", "web admitted tcp/22 narrow 256 / -"]
    );
}

/// Forms tell more or less of whose a group is. That is no other content, and what one of them tells is kept.
#[test]
fn a_group_in_two_forms_is_one_statement() {
    let permission =
        r#"{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "8.8.8.0/24"}]}"#;
    let described = groups(permission);
    let without_owner = described.replace(r#""OwnerId": "111122223333", "#, "");
    let with_arn = described.replace(
        r#""OwnerId""#,
        r#""SecurityGroupArn": "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1", "OwnerId""#,
    );
    let forms = [&described, &without_owner, &with_arn];
    for one in forms {
        for other in forms.iter().filter(|other| **other != one) {
            let answer = scan(&[one, other]);
            assert!(answer.codes().is_empty(), "{:?}", answer.codes());
            assert_eq!(answer.snapshot.targets[0].scope.as_deref(), Some("111122223333"));
        }
    }
}
