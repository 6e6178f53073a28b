//! Load balancers: made, listened at, led to targets, taken away; what is reached through them after each event.

use crate::trail::{Story, heard, record};

/// A VPC with a gateway and an instance that everybody may reach on tcp/80 from inside.
fn network() -> String {
    let everything = |out: bool| {
        format!(
            r#"{{"RuleNumber": 100, "Protocol": "-1", "RuleAction": "allow", "Egress": {out}, "CidrBlock": "0.0.0.0/0"}}"#
        )
    };
    let (into, out) = (everything(false), everything(true));
    let group = |id: &str, port: u16| {
        format!(
            r#"{{"GroupId": "{id}", "GroupName": "{id}", "OwnerId": "111122223333", "VpcId": "vpc-1", "IpPermissions": [{{"IpProtocol": "tcp", "FromPort": {port}, "ToPort": {port}, "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}}]}}"#
        )
    };
    let (front, back) = (group("sg-front", 443), group("sg-back", 8080));
    format!(
        r#"{{"SecurityGroups": [{front}, {back}, {{"GroupId": "sg-none", "GroupName": "none", "OwnerId": "111122223333", "VpcId": "vpc-1", "IpPermissions": []}}],
            "Subnets": [{{"SubnetId": "subnet-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "Ipv6CidrBlockAssociationSet": [], "AvailabilityZone": "eu-west-1a"}}],
            "NetworkInterfaces": [{{"NetworkInterfaceId": "eni-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Status": "in-use", "InterfaceType": "interface", "Ipv6Addresses": [], "Groups": [{{"GroupId": "sg-back"}}], "Attachment": {{"InstanceId": "i-1", "DeviceIndex": 0}}, "PrivateIpAddresses": [{{"PrivateIpAddress": "10.0.0.4", "Primary": true}}]}}],
            "InternetGateways": [{{"InternetGatewayId": "igw-1", "OwnerId": "111122223333", "Attachments": [{{"State": "available", "VpcId": "vpc-1"}}]}}],
            "RouteTables": [{{"RouteTableId": "rtb-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"Main": true}}], "Routes": [{{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}}]}}],
            "NetworkAcls": [{{"NetworkAclId": "acl-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"SubnetId": "subnet-1"}}], "Entries": [{into}, {out}]}}]}}"#
    )
}

const BALANCER: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1a2b";
const LISTENER: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/shop/1a2b/3c4d";
const RULE: &str =
    "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener-rule/app/shop/1a2b/3c4d/5e6f";
const GROUP: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:targetgroup/shop/7a8b";
const SERVICE: &str = "elasticloadbalancing";

/// A load balancer with a listener whose default leads to a target group, as four calls make them.
fn built(story: &mut Story, scheme: &str) {
    story.call([
        SERVICE,
        "CreateLoadBalancer",
        &format!(r#"{{"name": "shop", "subnets": ["subnet-1"], "securityGroups": ["sg-front"], "scheme": "{scheme}"}}"#),
        &format!(
            r#"{{"loadBalancers": [{{"type": "application", "loadBalancerArn": "{BALANCER}", "loadBalancerName": "shop", "vpcId": "vpc-1", "securityGroups": ["sg-front"], "state": {{"code": "provisioning"}}, "ipAddressType": "ipv4", "availabilityZones": [{{"subnetId": "subnet-1", "zoneName": "eu-west-1a", "loadBalancerAddresses": []}}], "dNSName": "shop-1.eu-west-1.elb.amazonaws.com", "scheme": "{scheme}"}}]}}"#
        ),
    ]);
    story.call([
        SERVICE,
        "CreateTargetGroup",
        r#"{"name": "shop", "protocol": "HTTP", "port": 8080, "vpcId": "vpc-1", "targetType": "instance"}"#,
        &format!(
            r#"{{"targetGroups": [{{"targetGroupArn": "{GROUP}", "targetGroupName": "shop", "protocol": "HTTP", "port": 8080, "vpcId": "vpc-1", "targetType": "instance", "ipAddressType": "ipv4", "loadBalancerArns": []}}]}}"#
        ),
    ]);
    story.call([
        SERVICE,
        "CreateListener",
        &format!(r#"{{"loadBalancerArn": "{BALANCER}", "protocol": "HTTPS", "port": 443, "defaultActions": [{{"type": "forward", "targetGroupArn": "{GROUP}"}}]}}"#),
        &listener(&format!(r#"{{"type": "forward", "targetGroupArn": "{GROUP}"}}"#)),
    ]);
    let rule = default_rule(&format!(r#"{{"type": "forward", "targetGroupArn": "{GROUP}"}}"#));
    story.call([SERVICE, "CreateRule", &format!(r#"{{"listenerArn": "{LISTENER}"}}"#), &rule]);
}

fn listener(action: &str) -> String {
    format!(
        r#"{{"listeners": [{{"listenerArn": "{LISTENER}", "loadBalancerArn": "{BALANCER}", "protocol": "HTTPS", "port": 443, "defaultActions": [{action}]}}]}}"#
    )
}

fn default_rule(action: &str) -> String {
    format!(
        r#"{{"rules": [{{"ruleArn": "{RULE}", "priority": "1", "isDefault": false, "conditions": [{{"field": "path-pattern", "values": ["/shop*"]}}], "actions": [{action}]}}]}}"#
    )
}

fn targets(more: &str) -> String {
    format!(r#"{{"targetGroupArn": "{GROUP}", "targets": [{{"id": "i-1"{more}}}]}}"#)
}

/// Whether the instance is reached through a load balancer.
fn is_open(story: &Story) -> bool {
    story.exposures().iter().any(|line| line.starts_with("eni-1 via-proxy tcp/8080 any "))
}

#[test]
fn a_target_is_reached_once_it_is_registered_and_until_it_is_not() {
    let mut story = Story::of(&[network()]);
    built(&mut story, "internet-facing");
    let none = story.exposures();
    assert!(!is_open(&story), "{none:?}");
    story.call([SERVICE, "RegisterTargets", &targets(""), "null"]);
    let open = story.exposures();
    assert!(is_open(&story), "{open:?}");
    // Told with the port that it has anyway, it is the same target.
    story.call([SERVICE, "RegisterTargets", &targets(r#", "port": 8080"#), "null"]);
    assert_eq!(story.exposures(), open);
    story.call([SERVICE, "DeregisterTargets", &targets(""), "null"]);
    assert_eq!(story.exposures(), none);
    // At another port its group does not let it be reached; without it said that one stays.
    story.call([SERVICE, "RegisterTargets", &targets(r#", "port": 22"#), "null"]);
    story.call([SERVICE, "RegisterTargets", &targets(""), "null"]);
    story.call([SERVICE, "DeregisterTargets", &targets(r#", "port": 22"#), "null"]);
    assert_eq!(story.exposures(), open);
    assert_eq!((story.gaps.len(), story.unseen.len()), (0, 0));
}

#[test]
fn groups_schemes_and_listeners_decide() {
    let mut story = Story::of(&[network()]);
    built(&mut story, "internal");
    story.call([SERVICE, "RegisterTargets", &targets(""), "null"]);
    assert!(!is_open(&story), "{:?}", story.exposures());
    let mut story = Story::of(&[network()]);
    built(&mut story, "internet-facing");
    story.call([SERVICE, "RegisterTargets", &targets(""), "null"]);
    assert!(is_open(&story), "{:?}", story.exposures());
    let set = |group: &str| format!(r#"{{"loadBalancerArn": "{BALANCER}", "securityGroups": ["{group}"]}}"#);
    story.call([SERVICE, "SetSecurityGroups", &set("sg-none"), r#"{"securityGroupIds": ["sg-none"]}"#]);
    assert!(!is_open(&story), "{:?}", story.exposures());
    story.call([SERVICE, "SetSecurityGroups", &set("sg-front"), r#"{"securityGroupIds": ["sg-front"]}"#]);
    assert!(is_open(&story), "{:?}", story.exposures());
    // The default answers by itself; the rule leads there all the same, and then it is gone.
    let fixed = r#"{"type": "fixed-response", "fixedResponseConfig": {"statusCode": "404"}}"#;
    let request = format!(r#"{{"listenerArn": "{LISTENER}"}}"#);
    story.call([SERVICE, "ModifyListener", &request, &listener(fixed)]);
    assert!(is_open(&story), "{:?}", story.exposures());
    story.call([SERVICE, "DeleteRule", &format!(r#"{{"ruleArn": "{RULE}"}}"#), "null"]);
    assert!(!is_open(&story), "{:?}", story.exposures());
}

#[test]
fn with_a_load_balancer_its_listeners_and_rules_go() {
    for (name, request) in [
        ("DeleteLoadBalancer", format!(r#"{{"loadBalancerArn": "{BALANCER}"}}"#)),
        ("DeleteListener", format!(r#"{{"listenerArn": "{LISTENER}"}}"#)),
    ] {
        let mut story = Story::of(&[network()]);
        built(&mut story, "internet-facing");
        story.call([SERVICE, "RegisterTargets", &targets(""), "null"]);
        assert!(is_open(&story), "{:?}", story.exposures());
        story.call([SERVICE, name, &request, "null"]);
        assert!(!is_open(&story), "{name}: {:?}", story.exposures());
        assert_eq!((story.gaps.len(), story.unseen.len()), (0, 0));
    }
}

#[test]
fn a_classic_load_balancer_from_its_making_to_its_end() {
    let mut story = Story::of(&[network()]);
    let name = r#""loadBalancerName": "old""#;
    story.call([
        SERVICE,
        "CreateLoadBalancer",
        &format!(r#"{{{name}, "subnets": ["subnet-1"], "securityGroups": ["sg-front"], "listeners": [{{"protocol": "tcp", "loadBalancerPort": 443, "instanceProtocol": "tcp", "instancePort": 8080}}]}}"#),
        r#"{"dNSName": "old-1.eu-west-1.elb.amazonaws.com"}"#,
    ]);
    let none = story.exposures();
    let instances = format!(r#"{{{name}, "instances": [{{"instanceId": "i-1"}}]}}"#);
    story.call([
        SERVICE,
        "RegisterInstancesWithLoadBalancer",
        &instances,
        r#"{"instances": [{"instanceId": "i-1"}]}"#,
    ]);
    assert!(is_open(&story), "{:?}", story.exposures());
    story.call([SERVICE, "DeregisterInstancesFromLoadBalancer", &instances, r#"{"instances": []}"#]);
    assert_eq!(story.exposures(), none);
    story.call([SERVICE, "RegisterInstancesWithLoadBalancer", &instances, "null"]);
    assert!(is_open(&story), "{:?}", story.exposures());
    story.call([
        SERVICE,
        "DeleteLoadBalancerListeners",
        &format!(r#"{{{name}, "loadBalancerPorts": [443]}}"#),
        "null",
    ]);
    assert!(!is_open(&story), "{:?}", story.exposures());
    story.call([SERVICE, "CreateLoadBalancerListeners", &format!(r#"{{{name}, "listeners": [{{"protocol": "tcp", "loadBalancerPort": 443, "instanceProtocol": "tcp", "instancePort": 8080}}]}}"#), "null"]);
    assert!(is_open(&story), "{:?}", story.exposures());
    story.call([
        SERVICE,
        "ApplySecurityGroupsToLoadBalancer",
        &format!(r#"{{{name}, "securityGroups": ["sg-none"]}}"#),
        "null",
    ]);
    assert!(!is_open(&story));
    story.call([SERVICE, "DeleteLoadBalancer", &format!("{{{name}}}"), "null"]);
    assert!(!is_open(&story), "{:?}", story.exposures());
    assert_eq!((story.gaps.len(), story.unseen.len()), (0, 0));
}

#[test]
fn an_accelerator_leads_to_what_is_not_public_by_itself() {
    let accelerator = "arn:aws:globalaccelerator::111122223333:accelerator/1234";
    let listener = format!("{accelerator}/listener/5678");
    let group = format!("{listener}/endpoint-group/9abc");
    let service = "globalaccelerator";
    let mut story = Story::of(&[network()]);
    story.call([service, "CreateAccelerator", r#"{"name": "fast"}"#, &format!(r#"{{"accelerator": {{"acceleratorArn": "{accelerator}", "name": "fast", "enabled": true, "ipSets": [{{"ipFamily": "IPv4", "ipAddresses": ["198.51.100.1", "198.51.100.2"]}}]}}}}"#)]);
    story.call([service, "CreateListener", &format!(r#"{{"acceleratorArn": "{accelerator}"}}"#), &format!(r#"{{"listener": {{"listenerArn": "{listener}", "protocol": "TCP", "portRanges": [{{"fromPort": 8080, "toPort": 8080}}]}}}}"#)]);
    let before = story.exposures();
    story.call([service, "CreateEndpointGroup", &format!(r#"{{"listenerArn": "{listener}", "endpointGroupRegion": "eu-west-1"}}"#), &format!(r#"{{"endpointGroup": {{"endpointGroupArn": "{group}", "endpointGroupRegion": "eu-west-1", "trafficDialPercentage": 100.0, "endpointDescriptions": [{{"endpointId": "i-1", "weight": 128, "clientIPPreservationEnabled": true}}]}}}}"#)]);
    let open = story.exposures();
    assert!(open.iter().any(|line| line.starts_with("eni-1 exposed tcp/8080")), "{open:?}");
    story.call([
        service,
        "RemoveEndpoints",
        &format!(r#"{{"endpointGroupArn": "{group}", "endpointIdentifiers": [{{"endpointId": "i-1"}}]}}"#),
        "null",
    ]);
    assert_eq!(story.exposures(), before);
    story.call([service, "AddEndpoints", &format!(r#"{{"endpointGroupArn": "{group}", "endpointConfigurations": [{{"endpointId": "i-1", "weight": 128, "clientIPPreservationEnabled": true}}]}}"#), "null"]);
    assert_eq!(story.exposures(), open);
    story.call([service, "DeleteEndpointGroup", &format!(r#"{{"endpointGroupArn": "{group}"}}"#), "null"]);
    assert_eq!(story.exposures(), before);
}

#[test]
fn attributes_and_tags_are_no_events_but_for_whom_targets_see() {
    let attributes = |key: &str| {
        format!(r#"{{"targetGroupArn": "{GROUP}", "attributes": [{{"key": "{key}", "value": "false"}}]}}"#)
    };
    let heard_of = |key: &str| {
        heard(&record([SERVICE, "ModifyTargetGroupAttributes", &attributes(key), "null"], "")).len()
    };
    assert_eq!((heard_of("preserve_client_ip.enabled"), heard_of("stickiness.enabled")), (1, 0));
    for name in ["AddTags", "DescribeLoadBalancers", "ModifyLoadBalancerAttributes", "ConfigureHealthCheck"] {
        assert_eq!(heard(&record([SERVICE, name, "{}", "null"], "")), []);
    }
}

#[test]
fn refused_calls_say_what_they_would_have_made() {
    use cloud::audit::{Bears, Outcome};
    for (name, request) in [
        (
            "CreateLoadBalancer",
            r#"{"name": "shop", "subnets": ["subnet-1"], "scheme": "internet-facing"}"#.to_owned(),
        ),
        (
            "CreateListener",
            format!(
                r#"{{"loadBalancerArn": "{BALANCER}", "protocol": "HTTP", "port": 80, "defaultActions": []}}"#
            ),
        ),
        ("RegisterTargets", targets("")),
    ] {
        let events = heard(&record([SERVICE, name, &request, "null"], r#", "errorCode": "AccessDenied""#));
        assert_eq!(events[0].outcome, Outcome::Denied);
        assert!(matches!(&events[0].bears, Bears::Edits(edits) if !edits.is_empty()), "{name}");
    }
}
