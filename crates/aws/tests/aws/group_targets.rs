//! Groups that nothing of the input carries, and what the input lacks to know more.

use crate::estate::scan;

const OPEN: &str = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "web", "OwnerId": "111122223333", "VpcId": "vpc-1",
    "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [], "PrefixListIds": []}]}]}"#;

/// The command that would say more is named, and only where it would.
#[test]
fn what_is_missing_is_told_with_its_command() {
    let alone = scan(&[OPEN]);
    assert_eq!(alone.snapshot.targets.len(), 1);
    assert_eq!(
        alone.snapshot.missing,
        [
            "network interfaces are not in the input: the reach of a group is `admitted`; add `aws ec2 describe-network-interfaces`"
        ]
    );
    let beside = scan(&[OPEN, r#"{"NetworkInterfaces": []}"#]);
    assert!(beside.snapshot.missing.is_empty(), "{:?}", beside.snapshot.missing);
}

/// Every list is in the snapshot once, carried or not: idle rules and `explain` ask for it.
#[test]
fn every_group_has_its_list() {
    let interface = r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "Groups": [{"GroupId": "sg-1"}],
        "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4"}]}]}"#;
    for documents in [vec![OPEN], vec![OPEN, interface], vec![interface, OPEN]] {
        let lists = scan(&documents).snapshot.lists;
        let groups = lists.iter().filter(|list| list.kind == "security-group");
        assert_eq!(groups.map(|list| &*list.id).collect::<Vec<_>>(), ["sg-1"]);
    }
}

const INTERFACE: &str = r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "VpcId": "vpc-1",
    "SubnetId": "subnet-1", "Ipv6Addresses": [], "Groups": [{"GroupId": "sg-1"}], "Attachment": {"InstanceId": "i-1"},
    "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": "203.0.113.10"}}]}]}"#;

/// What stands between the Internet and an interface is told in one sentence, what is presumed in another.
#[test]
fn kinds_of_the_path_are_missing_together() {
    let answer = scan(&[OPEN, INTERFACE]);
    assert_eq!(answer.exposures(), ["eni-1 admitted tcp/22 any 3702258432 / -"]);
    assert_eq!(
        answer.snapshot.missing,
        [
            "VPC Block Public Access is not in the input and presumed off; add `aws ec2 describe-vpc-block-public-access-options` and `aws ec2 describe-vpc-block-public-access-exclusions`",
            "instances are not in the input: whether they run is not known; add `aws ec2 describe-instances`",
            "route tables, Internet gateways and network ACLs are not in the input: interfaces are `admitted`; add `aws ec2 describe-route-tables`, `aws ec2 describe-internet-gateways`, `aws ec2 describe-network-acls`",
        ]
    );
}

/// A route to a gateway proves that there is one.
#[test]
fn a_route_stands_for_its_gateway() {
    let routes = r#"{"RouteTables": [{"RouteTableId": "rtb-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{"Main": true}],
        "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}]}]}"#;
    let missing = scan(&[OPEN, INTERFACE, routes]).snapshot.missing;
    assert_eq!(
        missing.last().unwrap(),
        "network ACLs are not in the input: interfaces are `admitted`; add `aws ec2 describe-network-acls`"
    );
}

/// What carries a group that is not in the input at all may let in everybody, and the sentence says what to add.
#[test]
fn absent_groups_are_missing_and_no_gap() {
    let answer = scan(&[INTERFACE]);
    assert_eq!(answer.exposures(), ["eni-1 admitted possible any any 3702258432 / -"]);
    assert!(answer.codes().is_empty());
    assert!(answer.snapshot.missing[0].contains("`aws ec2 describe-security-groups`"));
}

/// A function's interface takes no packet: its group is known to lead nowhere.
#[test]
fn a_group_of_functions_is_latent() {
    let of_function = INTERFACE.replace("\"VpcId\"", "\"InterfaceType\": \"lambda\", \"VpcId\"");
    let answer = scan(&[OPEN, &of_function]);
    assert_eq!(answer.exposures(), ["web latent tcp/22 any 3702258432 / -"]);
}

/// Interfaces that only their instance states carry groups; that nothing else does is not known from it.
#[test]
fn interfaces_of_instances_carry_groups() {
    let instance = |group: &str| {
        format!(
            r#"{{"Reservations": [{{"OwnerId": "111122223333", "Instances": [{{"InstanceId": "i-1", "State": {{"Name": "running"}}, "VpcId": "vpc-1", "SubnetId": "subnet-1",
                "NetworkInterfaces": [{{"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Groups": [{{"GroupId": "{group}"}}],
                "PrivateIpAddresses": [{{"PrivateIpAddress": "10.0.0.4"}}]}}]}}]}}]}}"#
        )
    };
    let targets = |group: &str| {
        let snapshot = scan(&[OPEN, &instance(group)]).snapshot;
        let told = |target: &std::sync::Arc<model::Target>| format!("{} {}", target.id, target.paths.len());
        snapshot.targets.iter().map(told).collect::<Vec<_>>()
    };
    assert!(targets("sg-1").iter().all(|target| !target.starts_with("sg-")));
    assert!(targets("sg-2").contains(&"sg-1 1".to_owned()));
    let answer = scan(&[OPEN, &instance("sg-2")]);
    assert!(answer.exposures().contains(&"web admitted tcp/22 any 3702258432 / -".to_owned()));
}
