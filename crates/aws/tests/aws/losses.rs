//! What must not be lost: resources whose ids say nothing, what stands under keys that others use too, a place that is
//! known only in part.

use crate::estate::scan;

/// `null` in place of an id: nobody can say which resource it is, and that there was one.
#[test]
fn a_resource_whose_id_says_nothing_is_told() {
    for id in ["null", r#""""#, r#"" ""#] {
        let document = format!(
            r#"{{"SecurityGroups": [{{"GroupId": {id}, "IpPermissions": [{{"IpProtocol": "-1", "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}]}}]}}]}}"#
        );
        let answer = scan(&[document]);
        assert_eq!(answer.codes(), ["missing-id"], "{id}");
        assert_eq!(answer.message(), "a security-group without its `GroupId`: it is not read");
    }
}

/// Lists of EKS and Lightsail have keys that other tools use. What has an ARN is AWS's, and told where it is not read.
#[test]
fn a_projection_of_a_service_is_told() {
    for (document, lacks) in [
        (
            r#"{"cluster": {"name": "c", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/c", "status": "ACTIVE"}}"#,
            "resourcesVpcConfig",
        ),
        (
            r#"{"instances": [{"name": "blog", "arn": "arn:aws-cn:lightsail:eu-west-1:111122223333:Instance/1", "publicIpAddress": "203.0.113.10"}]}"#,
            "networking",
        ),
    ] {
        let answer = scan(&[document]);
        assert_eq!(answer.codes(), ["foreign-entry"], "{document}");
        assert!(answer.message().contains(&format!("have no `{lacks}`")), "{}", answer.message());
    }
    assert!(scan(&[r#"{"instances": [{"name": "of another tool"}]}"#]).codes().is_empty());
}

/// A port of Lightsail that is printed with its list of IPv6 alone lets in nobody of IPv4 for certain, and may.
#[test]
fn a_port_without_its_list_of_ipv4_is_possible() {
    let instance = |lists: &str| {
        format!(
            r#"{{"instances": [{{"name": "blog", "arn": "arn:aws:lightsail:eu-west-1:111122223333:Instance/1", "publicIpAddress": "203.0.113.10", "ipAddressType": "ipv4",
                "networking": {{"ports": [{{"fromPort": 80, "toPort": 80, "protocol": "tcp", {lists}}}]}}}}]}}"#
        )
    };
    let left_out = scan(&[instance(r#""ipv6Cidrs": ["::/0"]"#)]);
    assert_eq!(left_out.exposures(), ["blog exposed possible tcp/80 any 3702258432 / -"]);
    assert_eq!(left_out.codes(), ["missing-field"]);
    assert!(scan(&[instance(r#""cidrs": [], "ipv6Cidrs": ["::/0"]"#)]).exposures().is_empty());
}

/// W17: of a database whose subnets are not known, an exclusion may be where it is.
#[test]
fn an_exclusion_may_be_where_a_database_is() {
    let database = |seat: &str| {
        format!(
            r#"{{"DBInstances": [{{"DBInstanceIdentifier": "a", "DBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:a", "Engine": "mysql",
                "Endpoint": {{"Port": 3306}}, "PubliclyAccessible": true, "NetworkType": "IPV4", "VpcSecurityGroups": [{{"VpcSecurityGroupId": "sg-1"}}]{seat}}}]}}"#
        )
    };
    let group = r#"{"SecurityGroups": [{"GroupId": "sg-1", "GroupName": "db", "OwnerId": "111122223333", "VpcId": "vpc-1",
        "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 3306, "ToPort": 3306, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}]}"#;
    let blocked = |exclusions: &str| {
        format!(
            r#"{{"VpcBlockPublicAccessOptions": {{"AwsAccountId": "111122223333", "AwsRegion": "eu-west-1", "InternetGatewayBlockMode": "block-ingress"}},
                "VpcBlockPublicAccessExclusions": [{exclusions}], "NetworkInterfaces": []}}"#
        )
    };
    let exclusion = |of: &str, lets: &str| {
        format!(
            r#"{{"ExclusionId": "vpcbpa-exclude-1", "InternetGatewayExclusionMode": "{lets}", "ResourceArn": "arn:aws:ec2:eu-west-1:111122223333:{of}", "State": "create-complete"}}"#
        )
    };
    let seats =
        ["", r#", "DBSubnetGroup": {"DBSubnetGroupName": "main", "VpcId": "vpc-1", "Subnets": [{}]}"#];
    for seat in seats {
        for of in ["vpc/vpc-1", "subnet/subnet-1"] {
            let answer =
                scan(&[database(seat), group.to_owned(), blocked(&exclusion(of, "allow-bidirectional"))]);
            assert_eq!(
                answer.exposures(),
                ["a admitted possible tcp/3306 any 3702258432 / -"],
                "{seat} {of}"
            );
        }
        for exclusions in [String::new(), exclusion("vpc/vpc-1", "allow-egress")] {
            let answer = scan(&[database(seat), group.to_owned(), blocked(&exclusions)]);
            assert!(answer.exposures().is_empty(), "{seat} {exclusions}");
        }
    }
}

/// X3: interfaces of one region say nothing of a group that may be of another.
#[test]
fn interfaces_of_another_region_do_not_make_a_group_latent() {
    let group = |vpc: &str| {
        format!(
            r#"{{"SecurityGroups": [{{"GroupId": "sg-9", "GroupName": "g", "OwnerId": "111122223333", "VpcId": "{vpc}",
                "IpPermissions": [{{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}]}}]}}]}}"#
        )
    };
    let interface = r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "AvailabilityZone": "us-east-1a", "VpcId": "vpc-east",
        "Groups": [], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4"}]}]}"#;
    let subnet = r#"{"Subnets": [{"SubnetId": "subnet-2", "VpcId": "vpc-east-2", "OwnerId": "111122223333", "CidrBlock": "10.1.0.0/24", "AvailabilityZone": "us-east-1b"}]}"#;
    for (vpc, reach) in [("vpc-west", "admitted"), ("vpc-east", "latent"), ("vpc-east-2", "latent")] {
        let answer = scan(&[group(vpc), interface.to_owned(), subnet.to_owned()]);
        assert_eq!(answer.exposures(), [format!("g {reach} tcp/22 any 3702258432 / -")], "{vpc}");
    }
}

/// Names of Lightsail instances are unique in a region only.
#[test]
fn ports_of_one_of_several_instances_are_possible() {
    let instance = |region: &str, number: u8| {
        format!(
            r#"{{"instances": [{{"name": "web", "arn": "arn:aws:lightsail:{region}:111122223333:Instance/{number}", "publicIpAddress": "203.0.113.{number}", "ipAddressType": "ipv4",
                "networking": {{"ports": [{{"fromPort": 80, "toPort": 80, "protocol": "tcp", "cidrs": ["0.0.0.0/0"], "ipv6Cidrs": []}}]}}}}]}}"#
        )
    };
    let states = r#"{"instanceName": "web", "portStates": [{"fromPort": 22, "toPort": 22, "protocol": "tcp", "state": "open", "cidrs": ["0.0.0.0/0"], "ipv6Cidrs": []}]}"#;
    let both = scan(&[instance("eu-west-1", 1), instance("us-east-1", 2), states.to_owned()]);
    let (possible, proved) =
        ("web exposed possible tcp/22 any 3702258432 / -", "web exposed tcp/80 any 3702258432 / -");
    assert_eq!(both.exposures(), [possible, possible, proved, proved]);
    assert_eq!(both.codes(), ["ambiguous-reference"]);
    let one = scan(&[instance("eu-west-1", 1), states.to_owned()]);
    assert_eq!(one.exposures(), ["web exposed tcp/22,80 any 3702258432 / -"]);
}

/// XML made into JSON has a list of one as the one.
#[test]
fn a_reservation_of_one_instance_may_be_no_list() {
    let instance = r#"{"InstanceId": "i-1", "ImageId": "ami-1", "VpcId": "vpc-1", "State": {"Name": "running"}, "PrivateIpAddress": "10.0.0.4",
        "PublicIpAddress": "203.0.113.10", "SecurityGroups": {"GroupId": "sg-1"}}"#;
    let group = r#"{"SecurityGroups": {"GroupId": "sg-1", "GroupName": "g", "OwnerId": "111122223333", "VpcId": "vpc-1",
        "IpPermissions": {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": {"CidrIp": "0.0.0.0/0"}}}}"#;
    let list = |instances: &str| {
        format!(
            r#"{{"Reservations": [{{"ReservationId": "r-1", "OwnerId": "111122223333", "Instances": {instances}}}]}}"#
        )
    };
    let expected = scan(&[list(&format!("[{instance}]")), group.to_owned()]);
    assert_eq!(expected.exposures().len(), 1);
    let alone = scan(&[list(instance), group.to_owned()]);
    assert_eq!(alone.exposures(), expected.exposures());
    assert_eq!(alone.codes(), expected.codes());
}

/// A projection without ids, or what a script has put around an answer, is no document of AWS by its form. It says what
/// groups let in all the same.
#[test]
fn groups_that_are_not_found_are_told() {
    let permission = r#"{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "UserIdGroupPairs": []}"#;
    let group = format!(r#"{{"GroupId": "sg-1", "GroupName": "g", "IpPermissions": [{permission}]}}"#);
    for document in [
        format!("[{permission}]"),
        format!(r#"[{{"GroupName": "g", "IpPermissions": [{permission}]}}]"#),
        format!(r#"[["sg-1", {{"IpPermissions": [{permission}]}}]]"#),
        format!(r#"{{"eu-west-1": {{"SecurityGroups": [{group}]}}}}"#),
        format!(r#"{{"sg-1": {group}}}"#),
    ] {
        let answer = scan(&[document.as_str()]);
        assert_eq!(answer.codes(), ["unrecognised-format"], "{document}");
    }
    let yaml = scan(&["SecurityGroups:\n- GroupId: sg-1\n  IpPermissions: []\n"]);
    assert_eq!(yaml.codes(), ["malformed-json", "unrecognised-format"]);
    assert_eq!(scan(&["{}"]).readings[0].format, None);
}

/// Rules that let in the same packets are each told once, however many there are.
#[test]
fn each_of_many_rules_is_told_once() {
    let ranges: Vec<String> =
        (0..200).map(|number| format!(r#"{{"CidrIp": "9.0.{number}.0/24"}}"#)).collect();
    let document = format!(
        r#"{{"SecurityGroups": [{{"GroupId": "sg-1", "GroupName": "g", "IpPermissions": [{{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{}]}}]}}]}}"#,
        ranges.join(", ")
    );
    let answer = scan(&[document]);
    let mut told = Vec::new();
    engine::exposures(&answer.snapshot, &mut |exposure, _| {
        told.extend(exposure.opened_by.iter().map(|admission| admission.rule));
    })
    .unwrap();
    told.sort_unstable();
    assert_eq!(told, (0..200).collect::<Vec<_>>());
}
