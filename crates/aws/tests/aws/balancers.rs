//! Load balancers where a spec cannot say it: what is missing, which order documents come in, what goes round in circles.

use crate::estate::scan;

const BALANCER: &str = r#"{"LoadBalancers": [{"LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/front/aa01",
    "LoadBalancerName": "front", "Scheme": "internet-facing", "Type": "network", "VpcId": "vpc-1", "IpAddressType": "ipv4",
    "AvailabilityZones": [{"SubnetId": "subnet-1", "ZoneName": "eu-west-1a", "LoadBalancerAddresses": [{"IpAddress": "203.0.113.20"}]}]}]}"#;
const LISTENER: &str = r#"{"Listeners": [{"ListenerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/net/front/aa01/l1",
    "LoadBalancerArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/front/aa01", "Port": 8443, "Protocol": "TCP",
    "DefaultActions": [{"Type": "forward", "TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/cc01"}]}]}"#;
const TARGETS: &str = r#"{"TargetGroups": [{"TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/cc01",
    "TargetGroupName": "web", "Protocol": "TCP", "Port": 22, "VpcId": "vpc-1", "TargetType": "ip", "IpAddressType": "ipv4",
    "LoadBalancerArns": ["arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/net/front/aa01"]}]}"#;
const HEALTH: &str = r#"{"TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/cc01",
    "TargetHealthDescriptions": [{"Target": {"Id": "10.0.0.4", "Port": 22}, "TargetHealth": {"State": "healthy"}}]}"#;
const ATTRIBUTES: &str = r#"{"TargetGroupArn": "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/web/cc01",
    "Attributes": [{"Key": "preserve_client_ip.enabled", "Value": "false"}]}"#;
const NETWORK: &str = r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "subnet-1",
    "Description": "vm", "Groups": [{"GroupId": "sg-1"}], "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4"}]}],
  "SecurityGroups": [{"GroupId": "sg-1", "GroupName": "vm", "OwnerId": "111122223333", "VpcId": "vpc-1",
    "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/16"}]}]}],
  "Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/24"}]}"#;

const ALL: [&str; 6] = [BALANCER, LISTENER, TARGETS, HEALTH, ATTRIBUTES, NETWORK];

fn targets(documents: &[&str]) -> Vec<String> {
    let scanned = scan(documents);
    let told = scanned.snapshot.targets.iter().map(|target| {
        let fronts = target.paths.iter().map(|path| format!("{:?} {:?}", path.front, path.carries));
        format!("{} {} {}", target.kind, target.name, fronts.collect::<Vec<_>>().join(", "))
    });
    told.collect()
}

/// Whatever comes first, and whatever comes twice.
#[test]
fn documents_come_in_any_order() {
    let expected = targets(&ALL);
    assert_eq!(expected.len(), 1, "{expected:?}");
    for turn in 1..ALL.len() {
        let mut documents = ALL.to_vec();
        documents.rotate_left(turn);
        documents.push(BALANCER);
        assert_eq!(targets(&documents), expected);
        documents.reverse();
        assert_eq!(targets(&documents), expected);
    }
}

/// A kind that is wholly absent is named with the command that exports it, and is no gap.
#[test]
fn what_is_absent_is_missing_with_its_command() {
    for (absent, command) in [
        (BALANCER, "aws elbv2 describe-load-balancers"),
        (LISTENER, "aws elbv2 describe-listeners"),
        (TARGETS, "aws elbv2 describe-target-groups"),
        (HEALTH, "aws elbv2 describe-target-health"),
        (ATTRIBUTES, "aws elbv2 describe-target-group-attributes"),
    ] {
        let others: Vec<&str> = ALL.into_iter().filter(|document| *document != absent).collect();
        let scanned = scan(&others);
        let missing = &scanned.snapshot.missing;
        assert!(missing.iter().any(|sentence| sentence.contains(command)), "{command}: {missing:?}");
        assert!(scanned.snapshot.gaps.is_empty(), "{command}: {:?}", scanned.snapshot.gaps);
        let whole = scan(&ALL).snapshot.missing;
        assert!(!whole.iter().any(|sentence| sentence.contains("aws elbv2")), "{whole:?}");
    }
}

/// Rules of listeners and endpoints of accelerators are asked for where something may have them.
#[test]
fn rules_and_endpoints_are_asked_for() {
    let application = BALANCER.replace("/net/", "/app/").replace("network", "application");
    let missing = scan(&[application.as_str()]).snapshot.missing;
    assert!(missing.iter().any(|sentence| sentence.contains("describe-rules")), "{missing:?}");
    let accelerator = r#"{"Accelerators": [{"AcceleratorArn": "arn:aws:globalaccelerator::111122223333:accelerator/ga", "Enabled": true, "IpSets": []}]}"#;
    let missing = scan(&[accelerator]).snapshot.missing;
    assert!(missing.iter().any(|sentence| sentence.contains("list-endpoint-groups")), "{missing:?}");
}

/// A load balancer whose target is its own address hands packets to itself for ever; they are followed some way.
#[test]
fn a_circle_ends() {
    let interface = r#"{"NetworkInterfaces": [{"NetworkInterfaceId": "eni-9", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "subnet-1",
        "Description": "ELB net/front/aa01", "InterfaceType": "network_load_balancer", "RequesterManaged": true, "Groups": [],
        "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.9"}]}]}"#;
    let health = HEALTH.replace("10.0.0.4", "10.0.0.9").replace("22}", "8443}");
    let told = targets(&[BALANCER, LISTENER, TARGETS, &health, ATTRIBUTES, interface]);
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with("load-balancer front"), "{told:?}");
}

/// Any value of any type under any key: told or bounded, never a panic, and never less than one gap or target.
#[test]
fn odd_values_are_told() {
    for odd in ["null", "7", "true", "\"\"", "[]", "[7]", "{}", "[{}]", "\"x\""] {
        for key in [
            "Scheme",
            "Type",
            "AvailabilityZones",
            "SecurityGroups",
            "IpAddressType",
            "Port",
            "Protocol",
            "DefaultActions",
            "TargetType",
            "LoadBalancerArns",
            "TargetHealthDescriptions",
            "Attributes",
        ] {
            let spoiled: Vec<String> = ALL
                .iter()
                .map(|document| {
                    document.replacen(&format!("\"{key}\":"), &format!("\"{key}\": {odd}, \"_\":"), 1)
                })
                .collect();
            let documents: Vec<&str> = spoiled.iter().map(String::as_str).collect();
            let scanned = scan(&documents);
            // One of a type that is not expected is a gap.
            if odd == "true" {
                let is_told = scanned.readings.iter().any(|reading| !reading.gaps.is_empty())
                    || !scanned.snapshot.gaps.is_empty();
                assert!(is_told, "{key}: {odd}");
            }
        }
    }
}

/// What cannot be read of an accelerator's addresses, or of what a listener does, is told, whatever is left of it.
#[test]
fn what_cannot_be_read_is_told() {
    let accelerator = |addresses: &str| {
        format!(
            r#"{{"Accelerators": [{{"AcceleratorArn": "arn:aws:globalaccelerator::111122223333:accelerator/ga", "Enabled": true, "IpSets": [{{"IpAddresses": {addresses}}}]}}]}}"#
        )
    };
    assert!(!scan(&[accelerator(r#"["203.0.113.77"]"#)]).codes().contains(&"unreadable-address"));
    assert!(scan(&[accelerator(r#"["203.0.113.777"]"#)]).codes().contains(&"unreadable-address"));
    assert!(scan(&[accelerator("[true]")]).codes().contains(&"unread-list"));
    let damaged = LISTENER.replace(r#""Type": "forward""#, r#""Type": true"#);
    let told = targets(&[BALANCER, &damaged, TARGETS, HEALTH, ATTRIBUTES, NETWORK]);
    assert!(told.iter().any(|target| target.starts_with("load-balancer front")), "{told:?}");
}
