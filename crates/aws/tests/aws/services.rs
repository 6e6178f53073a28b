//! Services: policies statement by statement, port states line by line, and what is told beside exposures. What each
//! kind comes to is in `specs/services/aws-*.md`.

use crate::estate::{Answer, group, scan};

const ARN: &str = "arn:aws:es:eu-west-1:111122223333:domain/d";

fn domain(statements: &str) -> String {
    let policy = format!(r#"{{"Version": "2012-10-17", "Statement": {statements}}}"#);
    let text = policy.replace('\\', "\\\\").replace('"', "\\\"");
    format!(
        r#"{{"DomainStatusList": [{{"DomainName": "d", "ARN": "{ARN}", "ClusterConfig": {{}}, "DomainEndpointOptions": {{"EnforceHTTPS": true}}, "AccessPolicies": "{text}"}}]}}"#
    )
}

fn statement(parts: &str) -> String {
    format!(r#"[{{{parts}, "Condition": {{"IpAddress": {{"aws:SourceIp": "8.8.8.0/24"}}}}}}]"#)
}

/// What a policy lets in: `proved`, `possible`, both, or nothing. An empty answer is *closed*.
fn certainties(statements: &str) -> String {
    certainties_of(&scan(&[domain(statements)]).exposures())
}

fn certainties_of(exposures: &[String]) -> String {
    let words = exposures.iter().map(|line| if line.contains(" possible ") { "possible" } else { "proved" });
    words.collect::<Vec<_>>().join("+")
}

#[test]
fn what_a_statement_has_to_say_to_let_in_for_certain() {
    for (parts, expected) in [
        (r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*""#, "proved"),
        (
            r#""Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111122223333:root"}, "Action": "es:ESHttpGet", "Resource": "*""#,
            "proved",
        ),
        (
            r#""Effect": "Allow", "NotPrincipal": {"AWS": "111122223333"}, "Action": ["ES:eshttpget"], "Resource": ["*"]"#,
            "proved",
        ),
        (r#""Effect": "Allow", "Principal": "*", "NotAction": "es:ESHttpDelete", "Resource": "*""#, "proved"),
        (
            r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "arn:aws:es:eu-west-1:111122223333:domain/d/logs*""#,
            "proved",
        ),
        (
            r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "arn:aws:es:*:*:domain/*""#,
            "proved",
        ),
        // Not the domain, or not for certain.
        (
            r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "arn:aws:es:eu-west-1:111122223333:domain/d""#,
            "possible",
        ),
        (
            r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "NotResource": "arn:aws:es:eu-west-1:111122223333:domain/x/*""#,
            "possible",
        ),
        (r#""Effect": "Allow", "Action": "es:*", "Resource": "*""#, "possible"),
        (r#""Effect": "Allow", "Principal": "*", "Resource": "*""#, "possible"),
    ] {
        assert_eq!(certainties(&statement(parts)), expected, "{parts}");
    }
}

#[test]
fn a_denial_closes_only_what_it_denies_to_everyone() {
    let allow = r#"{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*"}"#;
    for (parts, expected) in [
        (r#""Principal": "*", "Action": "es:*", "Resource": "*""#, ""),
        (
            r#""Principal": {"AWS": ["*"]}, "Action": ["*"], "Resource": ["arn:aws:es:eu-west-1:111122223333:domain/d/*"]"#,
            "",
        ),
        (r#""Principal": "*", "NotAction": "es:Describe*", "Resource": "*""#, ""),
        (r#""Principal": "*", "Action": "es:Describe*", "Resource": "*""#, "proved"),
        (r#""Principal": {"AWS": "111122223333"}, "Action": "es:*", "Resource": "*""#, "possible"),
        (r#""NotPrincipal": {"AWS": "111122223333"}, "Action": "es:*", "Resource": "*""#, "possible"),
        (r#""Principal": "*", "NotAction": "es:ESHttpGet", "Resource": "*""#, "possible"),
        (
            r#""Principal": "*", "Action": "es:*", "Resource": "arn:aws:es:eu-west-1:111122223333:domain/d/logs/*""#,
            "possible",
        ),
        (r#""Principal": "*", "Action": "es:*", "NotResource": "*""#, "possible"),
        (
            r#""Principal": "*", "Action": "es:*", "Resource": "*", "Condition": {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}}"#,
            "possible",
        ),
    ] {
        let statements = format!(r#"[{{"Effect": "Deny", {parts}}}, {allow}]"#);
        assert_eq!(certainties(&statements), expected, "{parts}");
    }
}

/// Several conditions hold at once; one in another spelling is the same.
#[test]
fn conditions_on_the_source_are_sets() {
    for (condition, addresses) in [
        (r#"{"IpAddress": {"aws:SourceIp": ["8.8.8.0/25", "8.8.8.128/25"]}}"#, Some("256")),
        (
            r#"{"IpAddress": {"aws:SourceIp": "8.8.8.0/24"}, "NotIpAddress": {"aws:SourceIp": "8.8.8.0/25"}}"#,
            Some("128"),
        ),
        (r#"{"ipaddressifexists": {"AWS:SOURCEIP": "8.8.8.0/24"}}"#, Some("256")),
        (
            r#"{"ForAllValues:NotIpAddress": {"aws:SourceIp": ["0.0.0.0/1", "128.0.0.0/2", "192.0.0.0/3", "240.0.0.0/4"]}}"#,
            None,
        ),
        (r#"{"IpAddress": {"aws:SourceIp": []}}"#, None),
        (r#"{"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}"#, None),
        (r#"{"Bool": {"aws:SecureTransport": "false"}}"#, None),
    ] {
        let statements = format!(
            r#"[{{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*", "Condition": {condition}}}]"#
        );
        let answer = scan(&[domain(&statements)]);
        let exposures = answer.exposures();
        assert!(answer.codes().is_empty(), "{condition}: {:?}", answer.codes());
        assert_eq!(exposures.is_empty(), addresses.is_none(), "{condition}: {exposures:?}");
        if let Some(addresses) = addresses {
            assert!(exposures.iter().all(|line| line.contains(addresses)), "{condition}: {exposures:?}");
        }
    }
}

/// What nobody can read is never closed, and never in silence.
#[test]
fn what_of_a_policy_cannot_be_read_is_possible_and_told() {
    for statements in [
        r#""all""#,
        r#"[7]"#,
        r#"[{"Effect": "allow", "Principal": "*", "Action": "es:*", "Resource": "*"}]"#,
        r#"[{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*", "Condition": "none"}]"#,
        r#"[{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*", "Condition": {"IpAddress": "8.8.8.8"}}]"#,
        r#"[{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*", "Condition": {"IpAddress": {"aws:SourceIp": {"a": 1}}}}]"#,
        r#"[{"Effect": "Allow", "Principal": "*", "Action": {"a": 1}, "Resource": "*"}]"#,
    ] {
        let answer = scan(&[domain(statements)]);
        let exposures = answer.exposures();
        assert!(exposures.iter().all(|line| line.contains(" possible ")), "{statements}: {exposures:?}");
        assert!(!exposures.is_empty() && !answer.codes().is_empty(), "{statements}");
    }
}

/// CloudFormation's schema, which AWS Config stores, has the policy as an object.
#[test]
fn a_policy_may_be_an_object() {
    let text = format!(
        r#"{{"DomainStatus": {{"DomainName": "d", "ARN": "{ARN}", "DomainEndpointOptions": {{"EnforceHTTPS": true}}, "AccessPolicies": {{"Statement": [{{"Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*", "Condition": {{"IpAddress": {{"aws:SourceIp": "8.8.8.0/24"}}}}}}]}}}}}}"#
    );
    let as_text =
        domain(&statement(r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*""#));
    assert_eq!(scan(&[text]).exposures(), scan(&[as_text]).exposures());
}

fn instance(state: &str) -> String {
    format!(
        r#"{{"instances": [{{"name": "i", "arn": "arn:aws:lightsail:eu-west-1:111122223333:Instance/1", "privateIpAddress": "172.26.0.5", "publicIpAddress": "203.0.113.10", "ipv6Addresses": ["2001:db8::5"], "networking": {{"ports": [{{{state}}}]}}}}]}}"#
    )
}

/// Protocol, ports and certainty of what one port state opens over IPv4 and IPv6.
fn opened(state: &str) -> Vec<String> {
    scan(&[instance(state)]).exposures()
}

#[test]
fn a_port_that_lists_nobody_is_open_to_everyone_unless_it_says_otherwise() {
    let tcp = r#""fromPort": 22, "toPort": 22, "protocol": "tcp""#;
    for (more, expected) in [
        ("", "proved"),
        (r#", "accessFrom": "Anywhere (0.0.0.0/0)""#, "proved"),
        (r#", "accessFrom": "anywhere (0.0.0.0/0 and ::/0)", "cidrs": [], "ipv6Cidrs": []"#, "proved"),
        (r#", "accessFrom": "Custom""#, "possible"),
        (r#", "cidrs": [], "ipv6Cidrs": []"#, "possible"),
        (r#", "accessFrom": "Custom", "cidrs": [], "ipv6Cidrs": [], "cidrListAliases": []"#, "possible"),
        (r#", "cidrs": [], "ipv6Cidrs": [], "cidrListAliases": ["office"]"#, "possible"),
        (
            r#", "accessFrom": "Anywhere", "cidrs": [], "ipv6Cidrs": [], "cidrListAliases": ["lightsail-connect"]"#,
            "possible",
        ),
        (r#", "cidrListAliases": ["lightsail-connect"]"#, "possible"),
        (r#", "cidrs": [], "ipv6Cidrs": [], "cidrListAliases": ["lightsail-connect"]"#, ""),
        (r#", "state": "closed""#, ""),
        (r#", "accessDirection": "outbound""#, ""),
        (r#", "state": "ajar""#, "possible"),
        (r#", "cidrs": [7.5]"#, "possible"),
        (r#", "cidrs": {"cidr": "8.8.8.8/32"}"#, "possible"),
    ] {
        let exposures = opened(&format!("{tcp}{more}"));
        assert_eq!(certainties_of(&exposures), expected, "{more}: {exposures:?}");
    }
}

/// The two families know nothing of each other.
#[test]
fn a_list_of_one_family_opens_nothing_over_the_other() {
    let tcp = r#""fromPort": 22, "toPort": 22, "protocol": "tcp""#;
    let v4 = opened(&format!(r#"{tcp}, "cidrs": ["0.0.0.0/0"], "ipv6Cidrs": []"#));
    let v6 = opened(&format!(r#"{tcp}, "cidrs": [], "ipv6Cidrs": ["::/0"]"#));
    assert_eq!((v4.len(), v6.len()), (1, 1), "{v4:?} {v6:?}");
    assert_ne!(v4, v6);
}

fn database(name: &str, region: &str, more: &str) -> String {
    format!(
        r#"{{"DBInstanceIdentifier": "{name}", "DBInstanceArn": "arn:aws:rds:{region}:111122223333:db:{name}", "DBInstanceClass": "db.t3.micro", "Engine": "mysql", "DBInstanceStatus": "available", "Endpoint": {{"Address": "{name}.{region}.rds.amazonaws.com", "Port": 3306}}, "AvailabilityZone": "{region}a", "PubliclyAccessible": true, "NetworkType": "IPV4", "VpcSecurityGroups": [{{"VpcSecurityGroupId": "sg-1", "Status": "active"}}], "DBSubnetGroup": {{"DBSubnetGroupName": "main", "VpcId": "vpc-1", "Subnets": [{{"SubnetIdentifier": "subnet-a", "SubnetAvailabilityZone": {{"Name": "{region}a"}}}}]}}{more}}}"#
    )
}

fn groups() -> String {
    format!(r#"{{"SecurityGroups": [{}]}}"#, group("sg-1", &["tcp 3306 0.0.0.0/0"]))
}

fn of_databases(answer: &Answer) -> Vec<String> {
    answer.exposures().into_iter().filter(|line| !line.starts_with("sg-1")).collect()
}

/// The same instance in every form, in any order of the documents.
#[test]
fn a_database_is_the_same_in_every_form() {
    let one = database("db", "eu-west-1", "");
    let described = format!(r#"{{"DBInstances": [{one}]}}"#);
    let recorded =
        format!(r#"{{"status_code": 200, "data": {{"ResponseMetadata": {{}}, "DBInstances": [{one}]}}}}"#);
    let expected = of_databases(&scan(&[groups(), described.clone()]));
    assert_eq!(expected.len(), 1, "{expected:?}");
    for documents in [[described, groups()], [groups(), recorded], [groups(), one]] {
        assert_eq!(of_databases(&scan(&documents)), expected);
    }
}

/// One identifier in two regions is two databases.
#[test]
fn regions_stay_apart() {
    let listed = format!(
        r#"{{"DBInstances": [{}, {}]}}"#,
        database("db", "eu-west-1", ""),
        database("db", "us-east-1", "")
    );
    let answer = scan(&[groups(), listed]);
    assert_eq!(of_databases(&answer).len(), 2);
    assert!(answer.codes().is_empty(), "{:?}", answer.codes());
}

/// Snapshots and backups name an instance and are none.
#[test]
fn a_snapshot_is_no_database() {
    for key in ["DBSnapshotIdentifier", "DBInstanceAutomatedBackupsArn"] {
        let snapshot = database("db", "eu-west-1", &format!(r#", "{key}": "x""#));
        let answer = scan(&[format!(r#"{{"DBInstances": [{snapshot}]}}"#)]);
        assert!(answer.snapshot.targets.is_empty(), "{key}");
    }
}

#[test]
fn checks_know_databases_and_services_by_their_attribute() {
    let listed = format!(r#"{{"DBInstances": [{}]}}"#, database("db", "eu-west-1", ""));
    let cluster = r#"{"cluster": {"name": "c", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/c", "endpoint": "https://A.gr7.eu-west-1.eks.amazonaws.com", "resourcesVpcConfig": {}}}"#;
    let machine = instance(r#""fromPort": 22, "toPort": 22, "protocol": "tcp""#);
    let answer = scan(&[listed, cluster.to_owned(), machine]);
    let told: Vec<String> = answer
        .snapshot
        .targets
        .iter()
        .map(|target| {
            let attributes = target.attributes.iter().map(|(key, value)| format!("{key}={value}"));
            format!("{} {}", target.kind, attributes.collect::<Vec<_>>().join(" "))
        })
        .collect();
    let expected = [
        "eks-cluster region=eu-west-1 service=data",
        "lightsail-instance region=eu-west-1",
        "rds-instance region=eu-west-1 service=database",
    ];
    assert_eq!(told, expected);
}

/// What is wholly absent is said with its command, and is no gap.
#[test]
fn what_a_database_needs_is_asked_for() {
    let listed = format!(r#"{{"DBInstances": [{}]}}"#, database("db", "eu-west-1", ""));
    let answer = scan(&[listed]);
    let missing = answer.snapshot.missing.join("\n");
    for command in ["describe-security-groups", "describe-route-tables", "describe-internet-gateways"] {
        assert!(missing.contains(command), "{command}: {missing}");
    }
    assert!(answer.codes().is_empty(), "{:?}", answer.codes());

    let aurora = r#"{"DBClusters": [{"DBClusterIdentifier": "a", "DBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:a", "Engine": "aurora-mysql", "Port": 3306, "DBClusterMembers": [{"DBInstanceIdentifier": "one"}]}]}"#;
    let answer = scan(&[aurora]);
    assert!(answer.snapshot.missing.iter().any(|line| line.contains("describe-db-instances")));
    assert!(answer.codes().is_empty() && answer.snapshot.targets.is_empty());

    let redshift = r#"{"Clusters": [{"ClusterIdentifier": "r", "AvailabilityZone": "eu-west-1a", "VpcId": "vpc-1", "Endpoint": {"Port": 5439}, "PubliclyAccessible": true, "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1", "Status": "active"}], "ClusterSubnetGroupName": "main"}]}"#;
    let answer = scan(&[redshift]);
    assert!(answer.snapshot.missing.iter().any(|line| line.contains("describe-cluster-subnet-groups")));
    assert_eq!(answer.snapshot.targets[0].attributes[0].1.as_ref(), "eu-west-1");
}

/// `Clusters` and `clusters` are lists of several services.
#[test]
fn clusters_of_other_services_are_none_of_ours() {
    let others = [
        r#"{"Clusters": [{"Name": "memory", "NodeType": "db.r6g.large", "ACLName": "open-access", "ARN": "arn:aws:memorydb:eu-west-1:111122223333:cluster/memory"}]}"#,
        r#"{"Clusters": [{"Id": "j-1", "Name": "emr", "NormalizedInstanceHours": 1, "Status": {}}]}"#,
        r#"{"Clusters": [{"ClusterName": "dax", "TotalNodes": 1, "NodeType": "dax.r5.large", "ClusterArn": "arn:aws:dax:eu-west-1:111122223333:cache/dax"}]}"#,
        r#"{"clusters": ["one", "two"]}"#,
        r#"{"clusters": [{"clusterArn": "arn:aws:ecs:eu-west-1:111122223333:cluster/ecs", "clusterName": "ecs"}]}"#,
        r#"{"CacheClusters": [{"CacheClusterId": "c", "ARN": "arn:aws:elasticache:eu-west-1:111122223333:cluster:c"}]}"#,
    ];
    let answer = scan(&others);
    assert!(answer.snapshot.targets.is_empty());
    assert!(answer.codes().is_empty(), "{:?}", answer.codes());
    let counted: Vec<_> =
        answer.snapshot.coverage.iter().map(|(kind, count)| (*kind, count.assessed)).collect();
    assert_eq!(counted, [("elasticache-cluster", 1), ("memorydb-cluster", 1)]);
}

fn item(kind: &str, name: &str, arn: &str, configuration: &str) -> String {
    format!(
        r#"{{"configurationItems": [{{"version": "1.3", "accountId": "111122223333", "configurationItemCaptureTime": "2026-01-10T09:00:00.000Z", "configurationItemStatus": "OK", "arn": "{arn}", "resourceType": "{kind}", "resourceId": "{name}", "resourceName": "{name}", "awsRegion": "eu-west-1", "configuration": {configuration}}}]}}"#
    )
}

/// Exposures with the keys of their targets: what fingerprints are made of.
fn told(document: String) -> Vec<String> {
    let answer = scan(&[groups(), document]);
    assert!(answer.codes().is_empty(), "{:?}", answer.codes());
    let keys = answer.snapshot.targets.iter().map(|target| target.key.to_string());
    of_databases(&answer).into_iter().chain(keys).collect()
}

#[test]
fn what_is_described_and_what_config_stores_are_the_same() {
    let redshift = "arn:aws:redshift:eu-west-1:111122223333:cluster:r";
    let described = r#"{"Clusters": [{"ClusterIdentifier": "r", "ClusterNamespaceArn": "arn:aws:redshift:eu-west-1:111122223333:namespace:0a1b", "AvailabilityZone": "eu-west-1a", "VpcId": "vpc-1", "Endpoint": {"Port": 5439}, "PubliclyAccessible": true, "VpcSecurityGroups": [{"VpcSecurityGroupId": "sg-1"}], "ClusterSubnetGroupName": "main"}]}"#;
    let stored = r#"{"clusterIdentifier": "r", "availabilityZone": "eu-west-1a", "vpcId": "vpc-1", "endpoint": {"port": 5439}, "publiclyAccessible": true, "vpcSecurityGroups": [{"vpcSecurityGroupId": "sg-1", "status": "active"}], "clusterSubnetGroupName": "main"}"#;
    assert_eq!(told(described.to_owned()), told(item("AWS::Redshift::Cluster", "r", redshift, stored)));

    let eks = "arn:aws:eks:eu-west-1:111122223333:cluster/c";
    let described = format!(
        r#"{{"cluster": {{"name": "c", "arn": "{eks}", "endpoint": "https://A.gr7.eu-west-1.eks.amazonaws.com", "resourcesVpcConfig": {{"endpointPublicAccess": true, "publicAccessCidrs": ["8.8.8.0/24"]}}}}}}"#
    );
    let stored = r#"{"Name": "c", "Endpoint": "https://A.gr7.eu-west-1.eks.amazonaws.com", "ResourcesVpcConfig": {"EndpointPublicAccess": true, "PublicAccessCidrs": ["8.8.8.0/24"]}}"#;
    assert_eq!(told(described), told(item("AWS::EKS::Cluster", "c", eks, stored)));

    let lightsail = "arn:aws:lightsail:eu-west-1:111122223333:Instance/1";
    let described = format!(
        r#"{{"instances": [{{"name": "i", "arn": "{lightsail}", "publicIpAddress": "203.0.113.10", "networking": {{"ports": [{{"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["8.8.8.0/24"], "ipv6Cidrs": []}}]}}}}]}}"#
    );
    let stored = r#"{"InstanceName": "i", "PublicIpAddress": "203.0.113.10", "Networking": {"Ports": [{"FromPort": 22, "ToPort": 22, "Protocol": "tcp", "Cidrs": ["8.8.8.0/24"], "Ipv6Cidrs": []}]}}"#;
    assert_eq!(told(described), told(item("AWS::Lightsail::Instance", "i", lightsail, stored)));

    let allowed = statement(r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*""#);
    let stored = format!(
        r#"{{"DomainName": "d", "DomainEndpointOptions": {{"EnforceHTTPS": true}}, "AccessPolicies": {{"Statement": {allowed}}}}}"#
    );
    assert_eq!(told(domain(&allowed)), told(item("AWS::OpenSearch::Domain", "d", ARN, &stored)));
}

/// A document in which one value is another one, for every value and some others, or is not there.
fn damaged(text: &str) -> Vec<(String, String)> {
    let whole: serde_json::Value = serde_json::from_str(text).unwrap();
    let mut pointers = Vec::new();
    collect(&whole, String::new(), &mut pointers);
    let others = ["null", "7", "-1", "\"x\"", "\"\"", "[]", "{}", "[7]", "[null]", "true", "[{}]"];
    let mut documents = Vec::new();
    for pointer in &pointers {
        for other in others {
            let mut document = whole.clone();
            *document.pointer_mut(pointer).unwrap() = serde_json::from_str(other).unwrap();
            documents.push((format!("{pointer} = {other}"), document.to_string()));
        }
    }
    for pointer in &pointers {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let mut document = whole.clone();
        if let Some(serde_json::Value::Object(members)) = document.pointer_mut(parent) {
            members.remove(key);
            documents.push((format!("no {pointer}"), document.to_string()));
        }
    }
    documents
}

fn collect(value: &serde_json::Value, at: String, pointers: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(members) => {
            members.iter().for_each(|(key, member)| collect(member, format!("{at}/{key}"), pointers));
        }
        serde_json::Value::Array(members) => {
            members
                .iter()
                .enumerate()
                .for_each(|(place, member)| collect(member, format!("{at}/{place}"), pointers));
        }
        _ => {}
    }
    if !at.is_empty() {
        pointers.push(at);
    }
}

/// Nothing that is open closes in silence because a value of it is something else.
#[test]
fn damage_closes_nothing_in_silence() {
    let database = format!(r#"{{"DBInstances": [{}]}}"#, database("db", "eu-west-1", r#", "MultiAZ": true"#));
    let machine = instance(
        r#""fromPort": 22, "toPort": 22, "protocol": "tcp", "accessFrom": "Anywhere", "cidrs": ["0.0.0.0/0"], "ipv6Cidrs": ["::/0"], "cidrListAliases": []"#,
    );
    let cluster = r#"{"cluster": {"name": "c", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/c", "endpoint": "https://A.gr7.eu-west-1.eks.amazonaws.com", "kubernetesNetworkConfig": {"ipFamily": "ipv4"}, "resourcesVpcConfig": {"endpointPublicAccess": true, "publicAccessCidrs": ["0.0.0.0/0"]}}}"#;
    let search =
        domain(&statement(r#""Effect": "Allow", "Principal": "*", "Action": "es:*", "Resource": "*""#));
    let mut silent = Vec::new();
    for document in [database, machine, cluster.to_owned(), search] {
        for (what, text) in damaged(&document) {
            let answer = scan(&[groups(), text]);
            // What no format knows is told by whoever asked for it to be read.
            let is_known = answer.readings.iter().all(|reading| reading.format.is_some());
            if of_databases(&answer).is_empty() && answer.codes().is_empty() && is_known {
                silent.push(what);
            }
        }
    }
    // An empty list of what there is, no group, no open port: these say that nobody gets in. Port 7 is another port.
    let said = [
        "/DBInstances/0/Endpoint/Port = 7",
        "/DBInstances/0/VpcSecurityGroups = []",
        "/DBInstances = []",
        "/instances/0/networking/ports = []",
        "/DomainStatusList = []",
    ];
    assert_eq!(silent, said);
}
