//! Instances, interfaces, addresses: what each event about them comes to, in the state that it finds.

use crate::trail::{Story, heard, record};

/// A VPC with a gateway, a route to it and a list that lets everything by; `sg-ssh` lets everybody in over IPv4, `sg-none`
/// nobody. `more` are lists of answers besides.
fn network(more: &str) -> String {
    let everything = |number: u32, out: bool| {
        format!(
            r#"{{"RuleNumber": {number}, "Protocol": "-1", "RuleAction": "allow", "Egress": {out}, "CidrBlock": "0.0.0.0/0"}}"#
        )
    };
    let (into, out) = (everything(100, false), everything(100, true));
    format!(
        r#"{{"SecurityGroups": [
                {{"GroupId": "sg-ssh", "GroupName": "ssh", "OwnerId": "111122223333", "VpcId": "vpc-1", "IpPermissions": [{{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": []}}]}},
                {{"GroupId": "sg-none", "GroupName": "none", "OwnerId": "111122223333", "VpcId": "vpc-1", "IpPermissions": []}}],
            "Vpcs": [{{"VpcId": "vpc-1", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16", "CidrBlockAssociationSet": [{{"CidrBlock": "10.0.0.0/16", "CidrBlockState": {{"State": "associated"}}}}]}}],
            "Subnets": [
                {{"SubnetId": "subnet-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24", "Ipv6CidrBlockAssociationSet": [], "MapPublicIpOnLaunch": true, "AvailabilityZone": "eu-west-1a"}},
                {{"SubnetId": "subnet-2", "OwnerId": "111122223333", "VpcId": "vpc-1", "CidrBlock": "10.0.1.0/24", "Ipv6CidrBlockAssociationSet": [], "MapPublicIpOnLaunch": false, "AvailabilityZone": "eu-west-1a"}}],
            "InternetGateways": [{{"InternetGatewayId": "igw-1", "OwnerId": "111122223333", "Attachments": [{{"State": "available", "VpcId": "vpc-1"}}]}}],
            "RouteTables": [{{"RouteTableId": "rtb-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"Main": true}}], "Routes": [{{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}}]}}],
            "NetworkAcls": [{{"NetworkAclId": "acl-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"SubnetId": "subnet-1"}}, {{"SubnetId": "subnet-2"}}], "Entries": [{into}, {out}]}}]{more}}}"#
    )
}

fn interface(id: &str, groups: &str, more: &str) -> String {
    format!(
        r#"{{"NetworkInterfaceId": "{id}", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "subnet-1", "Status": "in-use", "InterfaceType": "interface", "PrivateIpAddress": "10.0.0.4", "Ipv6Addresses": [], "Groups": [{{"GroupId": "{groups}"}}], {more}}}"#
    )
}

/// One interface that is the first of `i-1`, with an automatic public address.
fn with_automatic(groups: &str) -> String {
    let own = interface(
        "eni-1",
        groups,
        r#""Attachment": {"AttachmentId": "eni-attach-1", "InstanceId": "i-1", "DeviceIndex": 0}, "Association": {"IpOwnerId": "amazon", "PublicIp": "203.0.113.9"}, "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Primary": true, "Association": {"IpOwnerId": "amazon", "PublicIp": "203.0.113.9"}}]"#,
    );
    network(&format!(
        r#", "NetworkInterfaces": [{own}], "Reservations": [{{"OwnerId": "111122223333", "Instances": [{{"InstanceId": "i-1", "State": {{"Name": "running"}}, "PublicIpAddress": "203.0.113.9", "PrivateIpAddress": "10.0.0.4", "SecurityGroups": [{{"GroupId": "{groups}"}}], "NetworkInterfaces": [{own}]}}]}}]"#
    ))
}

/// One interface of `i-1` without a public address, and an address that leads nowhere.
fn with_elastic() -> String {
    let own = interface(
        "eni-1",
        "sg-ssh",
        r#""Attachment": {"AttachmentId": "eni-attach-1", "InstanceId": "i-1", "DeviceIndex": 0}, "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Primary": true}]"#,
    );
    network(&format!(
        r#", "NetworkInterfaces": [{own}], "Addresses": [{{"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.50", "Domain": "vpc"}}]"#
    ))
}

const DONE: &str = r#"{"requestId": "r", "_return": true}"#;

#[test]
fn a_stop_takes_the_automatic_address_and_a_start_gives_another() {
    let request = r#"{"instancesSet": {"items": [{"instanceId": "i-1"}]}, "force": false}"#;
    let before = Story::of(&[with_automatic("sg-ssh")]).exposures();
    assert_eq!(before.len(), 1);
    let mut story = Story::of(&[with_automatic("sg-ssh")]);
    story.call(["ec2", "StopInstances", request, DONE]);
    assert!(story.exposures()[0].contains(" latent "), "{:?}", story.exposures());
    story.call(["ec2", "StartInstances", request, DONE]);
    assert_eq!(story.exposures(), before);
    assert_eq!((story.gaps.len(), story.unseen.len()), (0, 0));
}

#[test]
fn an_elastic_address_stays_through_a_stop() {
    let request = r#"{"instancesSet": {"items": [{"instanceId": "i-1"}]}}"#;
    let mut story = Story::of(&[with_elastic()]);
    story.call([
        "ec2",
        "AssociateAddress",
        r#"{"allocationId": "eipalloc-1", "instanceId": "i-1"}"#,
        r#"{"associationId": "eipassoc-1"}"#,
    ]);
    let open = story.exposures();
    assert!(open[0].contains(" exposed "), "{open:?}");
    story.call(["ec2", "StopInstances", request, DONE]);
    assert_eq!(story.exposures(), open);
}

#[test]
fn a_terminated_instance_is_gone_with_its_interfaces() {
    let mut story = Story::of(&[with_automatic("sg-ssh")]);
    story.call([
        "ec2",
        "TerminateInstances",
        r#"{"instancesSet": {"items": [{"instanceId": "i-1"}]}}"#,
        DONE,
    ]);
    story.reaches(&[]);
}

#[test]
fn groups_of_an_instance_are_those_of_its_first_interface() {
    let request = r#"{"instanceId": "i-1", "groupSet": {"items": [{"groupId": "sg-ssh"}]}}"#;
    let mut story = Story::of(&[with_automatic("sg-none")]);
    story.reaches(&[]);
    story.call(["ec2", "ModifyInstanceAttribute", request, DONE]);
    assert_eq!(story.exposures(), Story::of(&[with_automatic("sg-ssh")]).exposures());
    // What is about something else is no event.
    for request in [
        r#"{"instanceId": "i-1", "disableApiTermination": {"value": true}}"#,
        r#"{"instanceId": "i-1", "sourceDestCheck": {"value": false}}"#,
        r#"{"instanceId": "i-1", "userData": "<sensitiveDataRemoved>"}"#,
        r#"{"instanceId": "i-1", "groupSet": {}}"#,
    ] {
        assert_eq!(heard(&record(["ec2", "ModifyInstanceAttribute", request, DONE], "")), []);
    }
}

#[test]
fn groups_of_an_interface_are_replaced() {
    let mut story = Story::of(&[with_automatic("sg-ssh")]);
    let request = |group: &str| {
        format!(r#"{{"networkInterfaceId": "eni-1", "groupSet": {{"items": [{{"groupId": "{group}"}}]}}}}"#)
    };
    story.call(["ec2", "ModifyNetworkInterfaceAttribute", &request("sg-none"), DONE]).reaches(&[]);
    story.call(["ec2", "ModifyNetworkInterfaceAttribute", &request("sg-ssh"), DONE]);
    assert_eq!(story.exposures(), Story::of(&[with_automatic("sg-ssh")]).exposures());
    let other = r#"{"networkInterfaceId": "eni-1", "sourceDestCheck": {"value": false}}"#;
    assert_eq!(heard(&record(["ec2", "ModifyNetworkInterfaceAttribute", other, DONE], "")), []);
}

#[test]
fn an_address_is_associated_moved_and_taken_away() {
    let mut story = Story::of(&[with_elastic()]);
    let latent = story.exposures();
    for request in [
        r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-1", "allowReassociation": true}"#,
        r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-1", "privateIpAddress": "10.0.0.4"}"#,
        r#"{"allocationId": "eipalloc-1", "instanceId": "i-1"}"#,
        r#"{"publicIp": "203.0.113.50", "instanceId": "i-1"}"#,
    ] {
        story.call([
            "ec2",
            "AssociateAddress",
            request,
            r#"{"requestId": "r", "_return": true, "associationId": "eipassoc-7"}"#,
        ]);
        assert!(
            story.exposures()[0].starts_with("eni-1 exposed tcp/22 any"),
            "{request}: {:?}",
            story.exposures()
        );
        story.call(["ec2", "DisassociateAddress", r#"{"associationId": "eipassoc-7"}"#, DONE]);
        assert_eq!(story.exposures(), latent, "{request}");
    }
    // What nobody stated leads nobody in when it goes.
    story.call(["ec2", "DisassociateAddress", r#"{"associationId": "eipassoc-8"}"#, DONE]);
    assert_eq!(story.unseen, [""; 0]);
}

#[test]
fn an_address_that_takes_the_place_of_an_automatic_one_gives_it_back() {
    let more = r#"{"Addresses": [{"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.50"}]}"#.to_owned();
    let mut story = Story::of(&[with_automatic("sg-ssh"), more]);
    let before = story.exposures();
    story.call([
        "ec2",
        "AssociateAddress",
        r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-1"}"#,
        r#"{"associationId": "eipassoc-1"}"#,
    ]);
    assert_eq!(story.exposures(), before);
    story.call(["ec2", "DisassociateAddress", r#"{"associationId": "eipassoc-1"}"#, DONE]);
    assert_eq!(story.exposures(), before);
    story.call(["ec2", "ReleaseAddress", r#"{"allocationId": "eipalloc-1"}"#, DONE]);
    assert_eq!(story.exposures(), before);
}

/// The response of a launch, as it is for an instance with one interface.
fn launched(subnet: &str, group: &str) -> String {
    format!(
        r#"{{"requestId": "r", "reservationId": "r-1", "ownerId": "111122223333", "groupSet": {{}}, "instancesSet": {{"items": [{{"instanceId": "i-9", "imageId": "ami-1", "instanceState": {{"code": 0, "name": "pending"}}, "privateIpAddress": "10.0.0.9", "subnetId": "{subnet}", "vpcId": "vpc-1", "placement": {{"availabilityZone": "eu-west-1a", "tenancy": "default"}}, "groupSet": {{"items": [{{"groupId": "{group}", "groupName": "g"}}]}}, "blockDeviceMapping": {{}}, "tagSet": {{"items": [{{"key": "Name", "value": "web"}}]}}, "networkInterfaceSet": {{"items": [{{"networkInterfaceId": "eni-9", "subnetId": "{subnet}", "vpcId": "vpc-1", "ownerId": "111122223333", "status": "in-use", "macAddress": "06:18:9b:64:05:2b", "privateIpAddress": "10.0.0.9", "sourceDestCheck": true, "interfaceType": "interface", "groupSet": {{"items": [{{"groupId": "{group}", "groupName": "g"}}]}}, "attachment": {{"attachmentId": "eni-attach-9", "deviceIndex": 0, "status": "attaching", "deleteOnTermination": true}}, "privateIpAddressesSet": {{"item": [{{"privateIpAddress": "10.0.0.9", "primary": true}}]}}, "ipv6AddressesSet": {{}}, "tagSet": {{}}}}]}}}}]}}}}"#
    )
}

#[test]
fn what_is_launched_is_public_as_it_was_asked_to_be_or_as_its_subnet_says() {
    let plain = r#"{"instancesSet": {"items": [{"imageId": "ami-1", "minCount": 1, "maxCount": 1}]}, "groupSet": {"items": [{"groupId": "sg-ssh"}]}, "networkInterfaceSet": {}}"#;
    let asked = |public: &str| {
        format!(
            r#"{{"instancesSet": {{"items": [{{"imageId": "ami-1", "minCount": 1, "maxCount": 1}}]}}, "networkInterfaceSet": {{"items": [{{"deviceIndex": 0, "associatePublicIpAddress": {public}, "groupSet": {{"items": [{{"groupId": "sg-ssh"}}]}}}}]}}}}"#
        )
    };
    let template = r#"{"launchTemplate": {"launchTemplateId": "lt-1", "version": "1"}, "instancesSet": {"items": [{"minCount": 1, "maxCount": 1}]}}"#;
    for (request, subnet, expected) in [
        (plain, "subnet-1", "exposed"),
        (plain, "subnet-2", "latent"),
        (plain, "subnet-8", "admitted"),
        (&asked("true"), "subnet-2", "exposed"),
        (&asked("false"), "subnet-1", "latent"),
        (template, "subnet-1", "admitted"),
    ] {
        let mut story = Story::of(&[network("")]);
        story.call(["ec2", "RunInstances", request, &launched(subnet, "sg-ssh")]);
        let exposures = story.exposures();
        let own: Vec<&String> = exposures.iter().filter(|line| line.contains("tcp/22")).collect();
        assert!(
            own.len() == 1 && own[0].starts_with(&format!("web {expected}")),
            "{request} {subnet}: {exposures:?}"
        );
        story.call([
            "ec2",
            "TerminateInstances",
            r#"{"instancesSet": {"items": [{"instanceId": "i-9"}]}}"#,
            DONE,
        ]);
        story.reaches(&[]);
    }
}

#[test]
fn a_subnet_gives_to_what_is_launched_after_it_is_told() {
    let plain = r#"{"instancesSet": {"items": [{"imageId": "ami-1", "minCount": 1, "maxCount": 1}]}, "groupSet": {"items": [{"groupId": "sg-ssh"}]}}"#;
    let mut story = Story::of(&[with_elastic()]);
    let before = story.exposures();
    story.call([
        "ec2",
        "ModifySubnetAttribute",
        r#"{"subnetId": "subnet-2", "mapPublicIpOnLaunch": {"value": true}}"#,
        DONE,
    ]);
    assert_eq!(story.exposures(), before);
    story.call(["ec2", "RunInstances", plain, &launched("subnet-2", "sg-ssh")]);
    assert!(story.exposures().iter().any(|line| line.starts_with("web exposed")), "{:?}", story.exposures());
}

#[test]
fn an_interface_is_made_attached_detached_and_deleted() {
    let mut story = Story::of(&[network(
        r#", "Addresses": [{"AllocationId": "eipalloc-1", "PublicIp": "203.0.113.50"}]"#,
    )]);
    let made = r#"{"requestId": "r", "networkInterface": {"networkInterfaceId": "eni-5", "subnetId": "subnet-1", "vpcId": "vpc-1", "availabilityZone": "eu-west-1a", "ownerId": "111122223333", "requesterManaged": false, "status": "pending", "privateIpAddress": "10.0.0.10", "interfaceType": "interface", "groupSet": {"items": [{"groupId": "sg-ssh", "groupName": "ssh"}]}, "privateIpAddressesSet": {"item": [{"privateIpAddress": "10.0.0.10", "primary": true}]}, "ipv6AddressesSet": {}, "tagSet": {}}}"#;
    story.call([
        "ec2",
        "CreateNetworkInterface",
        r#"{"subnetId": "subnet-1", "groupSet": {"items": [{"groupId": "sg-ssh"}]}}"#,
        made,
    ]);
    story.call([
        "ec2",
        "AssociateAddress",
        r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-5"}"#,
        r#"{"associationId": "eipassoc-1"}"#,
    ]);
    // It has an address, and nobody is there to answer it.
    assert!(story.exposures()[0].starts_with("eni-5 latent"), "{:?}", story.exposures());
    story.call([
        "ec2",
        "AttachNetworkInterface",
        r#"{"networkInterfaceId": "eni-5", "instanceId": "i-1", "deviceIndex": 1}"#,
        r#"{"requestId": "r", "attachmentId": "eni-attach-5"}"#,
    ]);
    assert!(story.exposures()[0].starts_with("eni-5 exposed"), "{:?}", story.exposures());
    story.call([
        "ec2",
        "DetachNetworkInterface",
        r#"{"attachmentId": "eni-attach-5", "force": false}"#,
        DONE,
    ]);
    assert!(story.exposures()[0].starts_with("eni-5 latent"), "{:?}", story.exposures());
    story.call(["ec2", "DeleteNetworkInterface", r#"{"networkInterfaceId": "eni-5"}"#, DONE]).reaches(&[]);
    assert_eq!((story.gaps.len(), story.unseen.len()), (0, 0));
}

#[test]
fn addresses_are_assigned_and_unassigned() {
    let mut story = Story::of(&[with_elastic()]);
    let before = story.exposures();
    story.call([
        "ec2",
        "AssignPrivateIpAddresses",
        r#"{"networkInterfaceId": "eni-1", "secondaryPrivateIpAddressCount": 1}"#,
        r#"{"requestId": "r", "networkInterfaceId": "eni-1", "assignedPrivateIpAddressesSet": {"item": [{"privateIpAddress": "10.0.0.77"}]}}"#,
    ]);
    story.call([
        "ec2",
        "AssociateAddress",
        r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-1", "privateIpAddress": "10.0.0.77"}"#,
        r#"{"associationId": "eipassoc-1"}"#,
    ]);
    assert!(story.exposures()[0].starts_with("eni-1 exposed"), "{:?}", story.exposures());
    // With the private address its association goes.
    story.call(["ec2", "UnassignPrivateIpAddresses", r#"{"networkInterfaceId": "eni-1", "privateIpAddressesSet": {"item": [{"privateIpAddress": "10.0.0.77"}]}}"#, DONE]);
    assert_eq!(story.exposures(), before);
    let wrapped = r#"{"AssignIpv6AddressesRequest": {"NetworkInterfaceId": "eni-1", "Ipv6AddressCount": 1}}"#;
    let answered = r#"{"AssignIpv6AddressesResponse": {"networkInterfaceId": "eni-1", "assignedIpv6Addresses": {"item": "2600:1f18::7"}}}"#;
    story.call(["ec2", "AssignIpv6Addresses", wrapped, answered]);
    assert_eq!(story.gaps.len(), 0);
    let count = r#"{"networkInterfaceId": "eni-1", "secondaryPrivateIpAddressCount": 1}"#;
    let told = (aws::CLOUD.trail.hear)(&cloud::audit::Element {
        at: model::Provenance { document: model::DocumentId(0), offset: 0 },
        text: &record(["ec2", "AssignPrivateIpAddresses", count, DONE], ""),
    });
    assert_eq!(told.gaps.len(), 1);
}

#[test]
fn failed_and_refused_calls_open_nothing() {
    use cloud::audit::{Bears, Outcome};
    let request = r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-1"}"#;
    for (code, expected) in [
        ("Client.UnauthorizedOperation", Outcome::Denied),
        ("Client.DryRunOperation", Outcome::Failed),
        ("Client.InvalidAllocationID.NotFound", Outcome::Failed),
    ] {
        let events = heard(&record(
            ["ec2", "AssociateAddress", request, "null"],
            &format!(r#", "errorCode": "{code}""#),
        ));
        assert_eq!(events[0].outcome, expected);
    }
    // What a refused launch would have made is told: public, with these groups.
    let request = r#"{"instancesSet": {"items": [{"imageId": "ami-1"}]}, "networkInterfaceSet": {"items": [{"deviceIndex": 0, "associatePublicIpAddress": true, "subnetId": "subnet-1", "groupSet": {"items": [{"groupId": "sg-ssh"}]}}]}}"#;
    let events = heard(&record(
        ["ec2", "RunInstances", request, "null"],
        r#", "errorCode": "Client.UnauthorizedOperation""#,
    ));
    assert!(matches!(&events[0].bears, Bears::Edits(edits) if edits.len() == 1), "{events:?}");
}

#[test]
fn without_a_snapshot_an_address_on_what_nobody_saw_opens_nothing_and_groups_then_do() {
    let mut story = Story::of::<&str>(&[]);
    story.call([
        "ec2",
        "AssociateAddress",
        r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-1"}"#,
        r#"{"associationId": "eipassoc-1"}"#,
    ]);
    story.reaches(&[]);
}

/// Of a group that nobody stated it is not assumed that it lets anybody in; a rule that comes into it is.
#[test]
fn a_launch_with_a_group_that_nobody_saw_opens_nothing_and_a_rule_of_that_group_does() {
    let request = r#"{"instancesSet": {"items": [{"imageId": "ami-1"}]}, "networkInterfaceSet": {"items": [{"deviceIndex": 0, "associatePublicIpAddress": true, "groupSet": {"items": [{"groupId": "sg-7"}]}}]}}"#;
    let mut story = Story::of::<&str>(&[]);
    story.call(["ec2", "RunInstances", request, &launched("subnet-1", "sg-7")]).reaches(&[]);
    let rule = r#"{"groupId": "sg-7", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "groups": {}, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}, "ipv6Ranges": {}, "prefixListIds": {}}]}}"#;
    story.call(["ec2", "AuthorizeSecurityGroupIngress", rule, DONE]);
    let exposures = story.exposures();
    assert!(exposures[0].starts_with("web ") && exposures[0].contains("tcp/22 any"), "{exposures:?}");
    story.call(["ec2", "RevokeSecurityGroupIngress", rule, DONE]).reaches(&[]);
}

/// What events say of an association comes to what an export of the end says of it.
#[test]
fn a_replay_is_what_the_export_of_its_end_says() {
    let mut story = Story::of(&[with_elastic()]);
    story.call([
        "ec2",
        "AssociateAddress",
        r#"{"allocationId": "eipalloc-1", "networkInterfaceId": "eni-1"}"#,
        r#"{"associationId": "eipassoc-1"}"#,
    ]);
    let association = r#"{"AllocationId": "eipalloc-1", "AssociationId": "eipassoc-1", "PublicIp": "203.0.113.50", "IpOwnerId": "111122223333"}"#;
    let own = interface(
        "eni-1",
        "sg-ssh",
        &format!(
            r#""Attachment": {{"AttachmentId": "eni-attach-1", "InstanceId": "i-1", "DeviceIndex": 0}}, "Association": {association}, "PrivateIpAddresses": [{{"PrivateIpAddress": "10.0.0.4", "Primary": true, "Association": {association}}}]"#
        ),
    );
    let end = network(&format!(
        r#", "NetworkInterfaces": [{own}], "Addresses": [{{"AllocationId": "eipalloc-1", "AssociationId": "eipassoc-1", "PublicIp": "203.0.113.50", "Domain": "vpc", "NetworkInterfaceId": "eni-1", "InstanceId": "i-1", "PrivateIpAddress": "10.0.0.4"}}]"#
    ));
    let fronts = |story: &Story| story.fronts();
    let end = Story::of(&[end]);
    assert_eq!(story.exposures(), end.exposures());
    assert_eq!(fronts(&story), fronts(&end));
}

#[test]
fn a_record_of_another_account_changes_no_group_of_this_one() {
    let mut story = Story::of(&[with_automatic("sg-ssh")]);
    let open = story.exposures();
    assert!(!open.is_empty());
    let edits = |account: &str| {
        let rule = r#"{"groupId": "sg-ssh", "ipPermissions": {"items": [{"ipProtocol": "tcp", "fromPort": 22, "toPort": 22, "ipRanges": {"items": [{"cidrIp": "0.0.0.0/0"}]}}]}}"#;
        let told = record(["ec2", "RevokeSecurityGroupIngress", rule, DONE], "");
        let told = told.replace(
            r#""recipientAccountId": "111122223333""#,
            &format!(r#""recipientAccountId": "{account}""#),
        );
        heard(&told)
    };
    story.edited(&edits("444455556666"));
    assert_eq!(story.exposures(), open);
    assert!(story.gaps.iter().any(|gap| gap.code == "foreign-edit"), "{:?}", story.gaps);
    story.edited(&edits("111122223333")).reaches(&[]);
}

/// "If your instance's public IP address is released while it has a secondary private IP address that is associated with an
/// Elastic IP address, the instance does not receive a new public IP address."
#[test]
fn an_automatic_address_does_not_come_back_beside_an_elastic_one() {
    let mut story = Story::of(&[with_second()]);
    let instance = r#"{"instancesSet": {"items": [{"instanceId": "i-1"}]}}"#;
    story.call(["ec2", "StopInstances", instance, DONE]).call(["ec2", "StartInstances", instance, DONE]);
    assert!(story.exposures()[0].contains("exposed"), "{:?}", story.exposures());
    story.call(["ec2", "DisassociateAddress", r#"{"associationId": "eipassoc-1"}"#, DONE]);
    assert!(story.exposures()[0].contains("latent"), "{:?}", story.exposures());
}

/// What is taken from the second private address does not renew the automatic one at the first.
#[test]
fn an_elastic_address_that_leaves_the_second_private_one_leaves_the_first_as_it_is() {
    let mut story = Story::of(&[with_second()]);
    let before = story.fronts();
    assert!(before.iter().any(|front| front.contains("203.0.113.50")), "{before:?}");
    story.call(["ec2", "DisassociateAddress", r#"{"associationId": "eipassoc-1"}"#, DONE]);
    let expected: Vec<String> = before.into_iter().filter(|front| !front.contains("203.0.113.50")).collect();
    assert_eq!(story.fronts(), expected);
}

/// An automatic address at the first private one, an elastic address at the second.
fn with_second() -> String {
    let own = interface(
        "eni-1",
        "sg-ssh",
        r#""Attachment": {"AttachmentId": "eni-attach-1", "InstanceId": "i-1", "DeviceIndex": 0}, "PrivateIpAddresses": [{"PrivateIpAddress": "10.0.0.4", "Primary": true, "Association": {"IpOwnerId": "amazon", "PublicIp": "203.0.113.9"}}, {"PrivateIpAddress": "10.0.0.5", "Primary": false, "Association": {"AllocationId": "eipalloc-1", "AssociationId": "eipassoc-1", "PublicIp": "203.0.113.50"}}]"#,
    );
    network(&format!(
        r#", "NetworkInterfaces": [{own}], "Addresses": [{{"AllocationId": "eipalloc-1", "AssociationId": "eipassoc-1", "PublicIp": "203.0.113.50", "NetworkInterfaceId": "eni-1", "PrivateIpAddress": "10.0.0.5"}}]"#
    ))
}
