//! Databases and services with lists of their own: what each event about them comes to.

use crate::trail::{Story, heard, record};

/// A public subnet, and a group that lets everybody in on tcp/3306 and tcp/5439.
fn network() -> String {
    let everything = |out: bool| {
        format!(
            r#"{{"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": {out}, "CidrBlock": "0.0.0.0/0"}}"#
        )
    };
    let (into, out) = (everything(false), everything(true));
    let allow = |port: u16| {
        format!(
            r#"{{"IpProtocol": "tcp", "FromPort": {port}, "ToPort": {port}, "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}}"#
        )
    };
    let (sql, warehouse) = (allow(3306), allow(5439));
    format!(
        r#"{{"SecurityGroups": [{{"GroupId": "sg-db", "GroupName": "db", "OwnerId": "111122223333", "VpcId": "vpc-1", "IpPermissions": [{sql}, {warehouse}]}}, {{"GroupId": "sg-none", "GroupName": "none", "OwnerId": "111122223333", "VpcId": "vpc-1", "IpPermissions": []}}],
            "Subnets": [{{"SubnetId": "subnet-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "Ipv6CidrBlockAssociationSet": [], "AvailabilityZone": "eu-west-1a"}}],
            "InternetGateways": [{{"InternetGatewayId": "igw-1", "OwnerId": "111122223333", "Attachments": [{{"State": "available", "VpcId": "vpc-1"}}]}}],
            "RouteTables": [{{"RouteTableId": "rtb-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"Main": true}}], "Routes": [{{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}}]}}],
            "NetworkAcls": [{{"NetworkAclId": "acl-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"SubnetId": "subnet-1"}}], "Entries": [{into}, {out}]}}]}}"#
    )
}

/// What RDS answers of a database: the keys of the API with a small first letter.
fn database(public: bool, group: &str, more: &str) -> String {
    format!(
        r#"{{"dBInstanceIdentifier": "shop", "dBInstanceArn": "arn:aws:rds:eu-west-1:111122223333:db:shop", "engine": "mysql", "dBInstanceStatus": "creating", "publiclyAccessible": {public}, "dbInstancePort": 0, "networkType": "IPV4", "multiAZ": false, "dBSecurityGroups": [], "vpcSecurityGroups": [{{"status": "active", "vpcSecurityGroupId": "{group}"}}], "dBSubnetGroup": {{"dBSubnetGroupName": "all", "vpcId": "vpc-1", "subnets": [{{"subnetIdentifier": "subnet-1", "subnetAvailabilityZone": {{"name": "eu-west-1a"}}, "subnetStatus": "Active"}}]}}, "pendingModifiedValues": {{}}{more}}}"#
    )
}

const OPEN: &str = "shop exposed tcp/3306 any 3702258432 / -";

#[test]
fn a_database_is_public_from_the_call_that_makes_it_so() {
    let create = r#"{"dBInstanceIdentifier": "shop", "engine": "mysql", "publiclyAccessible": false, "masterUserPassword": "HIDDEN_DUE_TO_SECURITY_REASONS"}"#;
    let endpoint = r#", "endpoint": {"address": "shop.x.eu-west-1.rds.amazonaws.com", "port": 3306}"#;
    let mut story = Story::of(&[network()]);
    story.call(["rds", "CreateDBInstance", create, &database(false, "sg-db", "")]);
    let latent = story.exposures();
    assert!(latent[0].starts_with("shop latent tcp/3306"), "{latent:?}");
    // The response is the database as it was; the request holds at once, whether it says so or not.
    let request =
        r#"{"dBInstanceIdentifier": "shop", "publiclyAccessible": true, "applyImmediately": false}"#;
    story.call(["rds", "ModifyDBInstance", request, &database(false, "sg-db", endpoint)]).reaches(&[OPEN]);
    let request = r#"{"dBInstanceIdentifier": "Shop", "vpcSecurityGroupIds": ["sg-none"]}"#;
    story.call(["rds", "ModifyDBInstance", request, &database(true, "sg-db", endpoint)]).reaches(&[]);
    let request = r#"{"dBInstanceIdentifier": "shop", "vpcSecurityGroupIds": ["sg-db"]}"#;
    story.call(["rds", "ModifyDBInstance", request, &database(true, "sg-none", endpoint)]).reaches(&[OPEN]);
    // Without a response the request alone is merged.
    let request = r#"{"dBInstanceIdentifier": "shop", "publiclyAccessible": false}"#;
    story.call(["rds", "ModifyDBInstance", request, "null"]);
    assert!(story.exposures()[0].starts_with("shop latent"), "{:?}", story.exposures());
    let renamed = r#"{"dBInstanceIdentifier": "shop", "newDBInstanceIdentifier": "Till", "applyImmediately": true, "publiclyAccessible": true}"#;
    story.call(["rds", "ModifyDBInstance", renamed, &database(false, "sg-db", endpoint)]);
    story.reaches(&["till exposed tcp/3306 any 3702258432 / -"]);
    story.call(["rds", "DeleteDBInstance", r#"{"dBInstanceIdentifier": "till"}"#, "null"]).reaches(&[]);
    assert_eq!((story.gaps.len(), story.unseen.len()), (0, 0));
}

#[test]
fn a_restored_database_is_made_like_another() {
    for name in [
        "RestoreDBInstanceFromDBSnapshot",
        "RestoreDBInstanceToPointInTime",
        "RestoreDBInstanceFromS3",
        "CreateDBInstanceReadReplica",
    ] {
        let mut story = Story::of(&[network()]);
        story
            .call(["rds", name, r#"{"dBInstanceIdentifier": "shop"}"#, &database(true, "sg-db", "")])
            .reaches(&[OPEN]);
    }
    // What is nothing that packets meet is no event.
    let request = r#"{"dBInstanceIdentifier": "shop", "backupRetentionPeriod": 7}"#;
    assert_eq!(heard(&record(["rds", "ModifyDBInstance", request, "null"], "")), []);
}

#[test]
fn groups_of_a_cluster_are_those_of_its_instances() {
    let mut story = Story::of(&[network()]);
    let own = r#", "dBClusterIdentifier": "tills", "endpoint": {"port": 3306}"#;
    story.call([
        "rds",
        "CreateDBInstance",
        r#"{"dBInstanceIdentifier": "shop", "dBClusterIdentifier": "tills", "engine": "aurora-mysql"}"#,
        &database(true, "sg-db", own),
    ]);
    story.reaches(&[OPEN]);
    let request = r#"{"dBClusterIdentifier": "tills", "vpcSecurityGroupIds": ["sg-none"]}"#;
    let cluster = r#"{"dBClusterIdentifier": "tills", "dBClusterArn": "arn:aws:rds:eu-west-1:111122223333:cluster:tills", "engine": "aurora-mysql", "port": 3306, "vpcSecurityGroups": [{"vpcSecurityGroupId": "sg-db", "status": "active"}], "dBClusterMembers": [{"dBInstanceIdentifier": "shop", "isClusterWriter": true}]}"#;
    story.call(["rds", "ModifyDBCluster", request, cluster]).reaches(&[]);
}

#[test]
fn a_warehouse_and_a_workgroup() {
    let cluster = |public: bool| {
        format!(
            r#"{{"clusterIdentifier": "dwh", "clusterStatus": "creating", "publiclyAccessible": {public}, "vpcId": "vpc-1", "clusterSubnetGroupName": "all", "vpcSecurityGroups": [{{"status": "active", "vpcSecurityGroupId": "sg-db"}}], "clusterSecurityGroups": [], "availabilityZone": "eu-west-1a", "endpoint": {{"port": 5439}}}}"#
        )
    };
    let mut story = Story::of(&[network(), r#"{"ClusterSubnetGroups": [{"ClusterSubnetGroupName": "all", "VpcId": "vpc-1", "Subnets": [{"SubnetIdentifier": "subnet-1", "SubnetAvailabilityZone": {"Name": "eu-west-1a"}}]}]}"#.to_owned()]);
    story.call([
        "redshift",
        "CreateCluster",
        r#"{"clusterIdentifier": "dwh", "publiclyAccessible": true}"#,
        &cluster(true),
    ]);
    story.reaches(&["dwh exposed tcp/5439 any 3702258432 / -"]);
    story.call([
        "redshift",
        "ModifyCluster",
        r#"{"clusterIdentifier": "dwh", "publiclyAccessible": false}"#,
        &cluster(true),
    ]);
    assert!(story.exposures()[0].starts_with("dwh latent"), "{:?}", story.exposures());
    story.call(["redshift", "DeleteCluster", r#"{"clusterIdentifier": "dwh"}"#, "null"]).reaches(&[]);

    let group = r#"{"workgroup": {"workgroupName": "wg", "workgroupArn": "arn:aws:redshift-serverless:eu-west-1:111122223333:workgroup/9", "status": "AVAILABLE", "publiclyAccessible": false, "securityGroupIds": ["sg-db"], "subnetIds": ["subnet-1"], "endpoint": {"port": 5439}}}"#;
    story.call(["redshift-serverless", "CreateWorkgroup", r#"{"workgroupName": "wg"}"#, group]);
    assert!(story.exposures()[0].starts_with("wg latent"), "{:?}", story.exposures());
    story.call([
        "redshift-serverless",
        "UpdateWorkgroup",
        r#"{"workgroupName": "wg", "publiclyAccessible": true}"#,
        group,
    ]);
    story.reaches(&["wg exposed tcp/5439 any 3702258432 / -"]);
    story.call(["redshift-serverless", "DeleteWorkgroup", r#"{"workgroupName": "wg"}"#, "null"]).reaches(&[]);
}

#[test]
fn a_cluster_of_kubernetes_is_public_unless_it_says_otherwise() {
    let made = |access: &str| {
        format!(
            r#"{{"cluster": {{"name": "k", "arn": "arn:aws:eks:eu-west-1:111122223333:cluster/k", "status": "CREATING", "kubernetesNetworkConfig": {{"ipFamily": "ipv4"}}, "resourcesVpcConfig": {{"subnetIds": ["subnet-1"], {access}}}}}}}"#
        )
    };
    let everybody = "k exposed tcp/443 any 3702258432 / -";
    let mut story = Story::of(&[network()]);
    story.call([
        "eks",
        "CreateCluster",
        r#"{"name": "k", "resourcesVpcConfig": {"subnetIds": ["subnet-1"]}}"#,
        &made(r#""endpointPublicAccess": true, "publicAccessCidrs": ["0.0.0.0/0"]"#),
    ]);
    story.reaches(&[everybody]);
    let update = |access: &str| format!(r#"{{"name": "k", "resourcesVpcConfig": {{{access}}}}}"#);
    let answer =
        r#"{"update": {"id": "u", "status": "InProgress", "type": "EndpointAccessUpdate", "params": []}}"#;
    story.call(["eks", "UpdateClusterConfig", &update(r#""publicAccessCidrs": ["8.8.8.0/24"]"#), answer]);
    assert!(story.exposures()[0].starts_with("k exposed tcp/443 ") && story.exposures() != [everybody]);
    story
        .call([
            "eks",
            "UpdateClusterConfig",
            &update(r#""endpointPublicAccess": false, "endpointPrivateAccess": true"#),
            answer,
        ])
        .reaches(&[]);
    // Turned on again the list is what it was.
    story.call(["eks", "UpdateClusterConfig", &update(r#""endpointPublicAccess": true"#), answer]);
    assert!(story.exposures()[0].starts_with("k exposed tcp/443 ") && story.exposures() != [everybody]);
    story
        .call(["eks", "UpdateClusterConfig", &update(r#""publicAccessCidrs": ["0.0.0.0/0"]"#), answer])
        .reaches(&[everybody]);
    assert_eq!(
        heard(&record(["eks", "UpdateClusterConfig", r#"{"name": "k", "logging": {}}"#, answer], "")),
        []
    );
    story.call(["eks", "DeleteCluster", r#"{"name": "k"}"#, "null"]).reaches(&[]);
    // Of a cluster that nobody saw the list is not known.
    let mut story = Story::of(&[network()]);
    story.call(["eks", "UpdateClusterConfig", &update(r#""endpointPublicAccess": true"#), answer]);
    assert!(story.exposures()[0].starts_with("k exposed possible tcp/443"), "{:?}", story.exposures());
}

#[test]
fn a_domain_lets_in_whom_its_policy_lets_in() {
    let policy = |source: &str| {
        let policy = format!(
            r#"{{"Version": "2012-10-17", "Statement": [{{"Effect": "Allow", "Principal": {{"AWS": "*"}}, "Action": "es:*", "Resource": "arn:aws:es:eu-west-1:111122223333:domain/d/*", "Condition": {{"IpAddress": {{"aws:SourceIp": "{source}"}}}}}}]}}"#
        );
        policy.replace('"', "\\\"")
    };
    let mut story = Story::of(&[network()]);
    let closed = policy("10.0.0.0/8");
    story.call(["es", "CreateDomain", &format!(r#"{{"domainName": "d", "accessPolicies": "{closed}", "domainEndpointOptions": {{"enforceHTTPS": true}}}}"#), r#"{"domainStatus": {"aRN": "arn:aws:es:eu-west-1:111122223333:domain/d", "domainName": "d", "created": true, "processing": true}}"#]);
    story.reaches(&[]);
    let open = policy("0.0.0.0/0");
    story.call([
        "es",
        "UpdateDomainConfig",
        &format!(r#"{{"domainName": "d", "accessPolicies": "{open}"}}"#),
        r#"{"domainConfig": {}}"#,
    ]);
    story.reaches(&["d exposed tcp/443 any 3702258432 / -"]);
    story
        .call([
            "es",
            "UpdateElasticsearchDomainConfig",
            &format!(r#"{{"domainName": "d", "accessPolicies": "{closed}"}}"#),
            "null",
        ])
        .reaches(&[]);
    let request = r#"{"domainName": "d", "clusterConfig": {"instanceCount": 2}}"#;
    assert_eq!(heard(&record(["es", "UpdateDomainConfig", request, "null"], "")), []);
    story.call(["es", "DeleteDomain", r#"{"domainName": "d"}"#, "null"]).reaches(&[]);
}

#[test]
fn ports_of_lightsail_open_and_close_wherever_they_are_listed() {
    let listed = r#"{"instances": [{"name": "web", "arn": "arn:aws:lightsail:eu-west-1:111122223333:Instance/9", "ipAddressType": "ipv4", "publicIpAddress": "203.0.113.8", "privateIpAddress": "172.26.0.4", "state": {"name": "running"}, "networking": {"ports": [{"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["8.8.8.0/24"], "ipv6Cidrs": [], "cidrListAliases": [], "accessDirection": "inbound"}]}}]}"#;
    let before = Story::of(&[listed]).exposures();
    let open = |port: u16, more: &str| {
        format!(
            r#"{{"instanceName": "web", "portInfo": {{"fromPort": {port}, "toPort": {port}, "protocol": "tcp"{more}}}}}"#
        )
    };
    let mut story = Story::of(&[listed]);
    story.call(["lightsail", "OpenInstancePublicPorts", &open(3389, ""), "null"]);
    assert!(
        story.exposures().iter().any(|line| line.starts_with("web exposed tcp/3389 any")),
        "{:?}",
        story.exposures()
    );
    story.call(["lightsail", "CloseInstancePublicPorts", &open(3389, ""), "null"]);
    assert_eq!(story.exposures(), before);
    // What is opened again is open to whom it says now.
    story.call(["lightsail", "OpenInstancePublicPorts", &open(22, r#", "cidrs": ["0.0.0.0/0"]"#), "null"]);
    assert!(story.exposures()[0].starts_with("web exposed tcp/22 any"), "{:?}", story.exposures());
    story.call(["lightsail", "PutInstancePublicPorts", r#"{"instanceName": "web", "portInfos": [{"fromPort": 22, "toPort": 22, "protocol": "tcp", "cidrs": ["8.8.8.0/24"]}]}"#, "null"]);
    assert_eq!(story.exposures(), before);
    story.call(["lightsail", "DeleteInstance", r#"{"instanceName": "web"}"#, "null"]).reaches(&[]);
    // Without the instance its ports are told by themselves.
    let mut story = Story::of::<&str>(&[]);
    story.call(["lightsail", "OpenInstancePublicPorts", &open(22, ""), "null"]);
    assert!(story.exposures()[0].starts_with("web admitted tcp/22 any"), "{:?}", story.exposures());
}

#[test]
fn a_new_instance_of_lightsail_has_its_usual_ports_open() {
    let mut story = Story::of::<&str>(&[]);
    story.call(["lightsail", "CreateInstances", r#"{"instanceNames": ["web"], "availabilityZone": "eu-west-1a", "blueprintId": "ubuntu_22_04", "bundleId": "nano_3_0", "ipAddressType": "ipv4"}"#, "null"]);
    let exposures = story.exposures();
    assert!(
        exposures.iter().all(|line| line.starts_with("web exposed tcp/")) && !exposures.is_empty(),
        "{exposures:?}"
    );
}

#[test]
fn failed_and_refused_calls_say_what_they_would_have_opened() {
    use cloud::audit::{Bears, Outcome};
    for (service, name, request) in [
        ("rds", "ModifyDBInstance", r#"{"dBInstanceIdentifier": "shop", "publiclyAccessible": true}"#),
        (
            "eks",
            "UpdateClusterConfig",
            r#"{"name": "k", "resourcesVpcConfig": {"endpointPublicAccess": true}}"#,
        ),
        ("es", "UpdateDomainConfig", r#"{"domainName": "d", "accessPolicies": "{}"}"#),
        (
            "lightsail",
            "OpenInstancePublicPorts",
            r#"{"instanceName": "web", "portInfo": {"fromPort": 22, "toPort": 22, "protocol": "tcp"}}"#,
        ),
    ] {
        for (code, expected) in
            [("AccessDeniedException", Outcome::Denied), ("InvalidParameterException", Outcome::Failed)]
        {
            let events =
                heard(&record([service, name, request, "null"], &format!(r#", "errorCode": "{code}""#)));
            assert_eq!(events[0].outcome, expected, "{name}");
            assert!(matches!(&events[0].bears, Bears::Edits(edits) if edits.len() == 1), "{name}");
        }
    }
}

#[test]
fn what_is_made_without_a_response_is_told() {
    let request = r#"{"dBInstanceIdentifier": "shop", "engine": "mysql"}"#;
    let told = (aws::CLOUD.trail.hear)(&cloud::audit::Element {
        at: model::Provenance { document: model::DocumentId(0), offset: 0 },
        text: &record(["rds", "CreateDBInstance", request, "null"], ""),
    });
    assert_eq!(told.gaps.iter().map(|gap| gap.code).collect::<Vec<_>>(), ["missing-field"]);
}
