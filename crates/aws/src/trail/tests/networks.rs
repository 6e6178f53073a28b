//! Prefix lists, network lists, routes, gateways, networks.

use super::{edits, failed, told};

const ANSWER: &str = r#"{"requestId": "r", "_return": true}"#;

#[test]
fn prefix_lists_have_versions() {
    let request = r#"{"CreateManagedPrefixListRequest": {"PrefixListName": "office", "AddressFamily": "IPv4", "MaxEntries": 9,
        "Entry": [{"tag": 1, "Cidr": "192.0.2.9/24", "Description": "a"}, {"tag": 2, "Cidr": "198.51.100.0/24"}]}}"#;
    let answer = r#"{"CreateManagedPrefixListResponse": {"xmlns": "x", "requestId": "r", "prefixList": {
        "prefixListId": "pl-1", "prefixListName": "office", "addressFamily": "IPv4", "ownerId": "111122223333",
        "state": "create-in-progress", "version": 1, "maxEntries": 9, "tagSet": ""}}}"#;
    let entries = "[{Cidr=192.0.2.0/24} {Cidr=198.51.100.0/24}]";
    assert_eq!(
        edits("CreateManagedPrefixList", request, answer),
        [format!(
            "prefix-list pl-1: put {{prefixListId=pl-1 prefixListName=office addressFamily=IPv4 ownerId=111122223333 maxEntries=9 Tags=[] Version=1 Entries={entries} #versions=[{{Version=1 Entries={entries}}}]}}"
        )]
    );
    let request = r#"{"ModifyManagedPrefixListRequest": {"PrefixListId": "pl-1", "CurrentVersion": 3,
        "AddEntry": {"tag": 1, "Cidr": "0.0.0.0/1"}, "RemoveEntry": {"tag": 1, "Cidr": "192.0.2.77/24"}}}"#;
    assert_eq!(
        edits("ModifyManagedPrefixList", request, "null"),
        [
            "prefix-list pl-1: set Version 3",
            "prefix-list pl-1: remove Entries {Cidr=192.0.2.0/24}",
            "prefix-list pl-1: insert Entries {Cidr=0.0.0.0/1}",
            "prefix-list pl-1: set Version 4",
        ]
    );
    let renamed = r#"{"ModifyManagedPrefixListRequest": {"PrefixListId": "pl-1", "PrefixListName": "x"}}"#;
    assert_eq!(
        edits("ModifyManagedPrefixList", renamed, "null"),
        ["prefix-list pl-1: merge {PrefixListName=x}"]
    );
    let larger = r#"{"ModifyManagedPrefixListRequest": {"PrefixListId": "pl-1", "MaxEntries": 20}}"#;
    assert!(edits("ModifyManagedPrefixList", larger, "null").is_empty());
    let restored = r#"{"RestoreManagedPrefixListVersionRequest": {"PrefixListId": "pl-1", "PreviousVersion": 1, "CurrentVersion": 4}}"#;
    assert_eq!(
        edits("RestoreManagedPrefixListVersion", restored, "null"),
        [
            "prefix-list pl-1: set Version 4",
            "prefix-list pl-1: set #restored 1",
            "prefix-list pl-1: set Version 5",
        ]
    );
    let gone = r#"{"DeleteManagedPrefixListRequest": {"PrefixListId": "pl-1"}}"#;
    assert_eq!(edits("DeleteManagedPrefixList", gone, "null"), ["prefix-list pl-1: drop"]);
    let odd =
        r#"{"ModifyManagedPrefixListRequest": {"PrefixListId": "pl-1", "AddEntry": {"tag": 1, "cidr": ""}}}"#;
    assert_eq!(edits("ModifyManagedPrefixList", odd, "null"), ["gap unreadable-event"]);
}

#[test]
fn entries_of_network_lists_are_stated_whole() {
    let request = r#"{"networkAclId": "acl-1", "ruleNumber": 90, "egress": false, "ruleAction": "allow", "icmpTypeCode": {},
        "portRange": {"from": 22, "to": 23}, "aclProtocol": "6", "cidrBlock": "192.0.2.9/0"}"#;
    let entry = "network-acl acl-1: insert Entries {RuleNumber=90 Egress=false RuleAction=allow Protocol=6 CidrBlock=0.0.0.0/0 PortRange={From=22 To=23}}";
    for name in ["CreateNetworkAclEntry", "ReplaceNetworkAclEntry"] {
        assert_eq!(edits(name, request, ANSWER), [entry]);
    }
    let every = r#"{"networkAclId": "acl-1", "ruleNumber": 100, "egress": true, "ruleAction": "deny", "icmpTypeCode": {},
        "portRange": {}, "aclProtocol": "-1", "ipv6CidrBlock": "::/0"}"#;
    assert_eq!(
        edits("CreateNetworkAclEntry", every, ANSWER),
        [
            "network-acl acl-1: insert Entries {RuleNumber=100 Egress=true RuleAction=deny Protocol=-1 Ipv6CidrBlock=::/0}"
        ]
    );
    let ping = r#"{"networkAclId": "acl-1", "ruleNumber": 1, "egress": false, "ruleAction": "allow",
        "icmpTypeCode": {"type": 8, "code": -1}, "portRange": {}, "aclProtocol": "1", "cidrBlock": "0.0.0.0/0"}"#;
    assert!(edits("CreateNetworkAclEntry", ping, ANSWER)[0].ends_with("IcmpTypeCode={Type=8 Code=-1}}"));
    let gone = r#"{"networkAclId": "acl-1", "ruleNumber": 90, "egress": false}"#;
    assert_eq!(
        edits("DeleteNetworkAclEntry", gone, ANSWER),
        ["network-acl acl-1: remove Entries {RuleNumber=90 Egress=false}"]
    );
    assert_eq!(
        edits("DeleteNetworkAclEntry", r#"{"networkAclId": "acl-1"}"#, ANSWER),
        ["gap unreadable-event"]
    );
    let refused =
        failed("CreateNetworkAclEntry", request, "null", r#""errorCode": "Client.UnauthorizedOperation","#);
    assert_eq!(told(&refused), ["denied CreateNetworkAclEntry acl-1", entry]);
}

#[test]
fn network_lists_come_stand_and_go() {
    let answer = r#"{"requestId": "r", "networkAcl": {"networkAclId": "acl-1", "vpcId": "vpc-1", "default": false, "ownerId": "111122223333",
        "entrySet": {"items": [{"ruleNumber": 32767, "aclProtocol": "-1", "ruleAction": "deny", "egress": true, "cidrBlock": "0.0.0.0/0",
        "icmpTypeCode": {}, "portRange": {}}]}, "associationSet": {}, "tagSet": {}}}"#;
    assert_eq!(
        edits("CreateNetworkAcl", r#"{"vpcId": "vpc-1"}"#, answer),
        [
            "network-acl acl-1: put {networkAclId=acl-1 vpcId=vpc-1 IsDefault=false ownerId=111122223333 Entries=[{ruleNumber=32767 Protocol=-1 ruleAction=deny egress=true cidrBlock=0.0.0.0/0 icmpTypeCode={} portRange={}}] Associations=[] Tags=[]}"
        ]
    );
    let short = r#"{"networkAcl": {"networkAclId": "acl-1"}}"#;
    let lines = edits("CreateNetworkAcl", r#"{"vpcId": "vpc-1"}"#, short);
    assert!(lines[0].contains("RuleAction=deny") && lines[0].contains("VpcId=vpc-1"), "{lines:?}");
    assert_eq!(
        edits("DeleteNetworkAcl", r#"{"networkAclId": "acl-1"}"#, ANSWER),
        ["network-acl acl-1: drop"]
    );
    assert_eq!(
        edits(
            "ReplaceNetworkAclAssociation",
            r#"{"associationId": "aclassoc-1", "networkAclId": "acl-2"}"#,
            r#"{"requestId": "r", "newAssociationId": "aclassoc-2"}"#
        ),
        [
            "network-acl acl-2: insert Associations {NetworkAclAssociationId=aclassoc-2 NetworkAclId=acl-2 #moves=aclassoc-1}"
        ]
    );
}

#[test]
fn routes_lead_where_exports_say() {
    for (request, expected) in [
        (
            r#"{"routeTableId": "rtb-1", "destinationCidrBlock": "192.0.2.1/0", "gatewayId": "igw-1"}"#,
            "DestinationCidrBlock=0.0.0.0/0 GatewayId=igw-1",
        ),
        (
            r#"{"routeTableId": "rtb-1", "destinationIpv6CidrBlock": "::/0", "egressOnlyInternetGatewayId": "eigw-1"}"#,
            "DestinationIpv6CidrBlock=::/0 EgressOnlyInternetGatewayId=eigw-1",
        ),
        (
            r#"{"routeTableId": "rtb-1", "destinationPrefixListId": "pl-1", "natGatewayId": "nat-1"}"#,
            "DestinationPrefixListId=pl-1 NatGatewayId=nat-1",
        ),
        (
            r#"{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0", "vpcEndpointId": "vpce-1"}"#,
            "DestinationCidrBlock=0.0.0.0/0 GatewayId=vpce-1",
        ),
        (
            r#"{"routeTableId": "rtb-1", "destinationCidrBlock": "10.0.0.0/16", "localTarget": true}"#,
            "DestinationCidrBlock=10.0.0.0/16 GatewayId=local",
        ),
    ] {
        let expected =
            format!("route-table rtb-1: insert Routes {{{expected} Origin=CreateRoute State=active}}");
        assert_eq!(edits("CreateRoute", request, ANSWER), [expected.as_str()]);
        assert_eq!(edits("ReplaceRoute", request, ANSWER), [expected.as_str()]);
    }
    assert_eq!(
        edits("DeleteRoute", r#"{"routeTableId": "rtb-1", "destinationCidrBlock": "0.0.0.0/0"}"#, ANSWER),
        ["route-table rtb-1: remove Routes {DestinationCidrBlock=0.0.0.0/0}"]
    );
    assert_eq!(edits("CreateRoute", r#"{"routeTableId": "rtb-1"}"#, ANSWER), ["gap unreadable-event"]);
}

#[test]
fn tables_come_stand_and_go() {
    let answer = r#"{"requestId": "r", "routeTable": {"routeTableId": "rtb-1", "vpcId": "vpc-1", "ownerId": "111122223333",
        "routeSet": {"items": [{"destinationCidrBlock": "10.0.0.0/16", "gatewayId": "local", "state": "active", "origin": "CreateRouteTable"}]},
        "associationSet": {}, "propagatingVgwSet": {}, "tagSet": {"items": [{"key": "Name", "value": "public"}]}}}"#;
    assert_eq!(
        edits("CreateRouteTable", r#"{"vpcId": "vpc-1"}"#, answer),
        [
            "route-table rtb-1: put {routeTableId=rtb-1 vpcId=vpc-1 ownerId=111122223333 Routes=[{destinationCidrBlock=10.0.0.0/16 gatewayId=local state=active origin=CreateRouteTable}] Associations=[] PropagatingVgws=[] Tags=[{key=Name value=public}]}"
        ]
    );
    assert_eq!(
        edits("DeleteRouteTable", r#"{"routeTableId": "rtb-1"}"#, ANSWER),
        ["route-table rtb-1: drop"]
    );
    let answer = r#"{"associationId": "rtbassoc-1", "associationState": {"state": "associated"}}"#;
    assert_eq!(
        edits("AssociateRouteTable", r#"{"routeTableId": "rtb-1", "subnetId": "subnet-1"}"#, answer),
        [
            "route-table rtb-1: insert Associations {RouteTableAssociationId=rtbassoc-1 RouteTableId=rtb-1 Main=false AssociationState={State=associated} SubnetId=subnet-1}"
        ]
    );
    let at_the_edge =
        edits("AssociateRouteTable", r#"{"routeTableId": "rtb-1", "gatewayId": "igw-1"}"#, answer);
    assert!(at_the_edge[0].ends_with("GatewayId=igw-1}"), "{at_the_edge:?}");
    assert_eq!(
        edits("DisassociateRouteTable", r#"{"associationId": "rtbassoc-1"}"#, ANSWER),
        [
            "route-table RouteTableAssociationId=rtbassoc-1: remove Associations {RouteTableAssociationId=rtbassoc-1}"
        ]
    );
    assert_eq!(
        edits(
            "ReplaceRouteTableAssociation",
            r#"{"associationId": "rtbassoc-1", "routeTableId": "rtb-2"}"#,
            r#"{"newAssociationId": "rtbassoc-2", "associationState": {"state": "associated"}}"#
        ),
        [
            "route-table rtb-2: insert Associations {RouteTableAssociationId=rtbassoc-2 RouteTableId=rtb-2 AssociationState={State=associated} #moves=rtbassoc-1}"
        ]
    );
}

#[test]
fn gateways_come_lead_and_go() {
    let answer = r#"{"internetGateway": {"internetGatewayId": "igw-1", "ownerId": "111122223333", "attachmentSet": {}, "tagSet": {}, "association": {}}}"#;
    assert_eq!(
        edits("CreateInternetGateway", "{}", answer),
        [
            "internet-gateway igw-1: put {internetGatewayId=igw-1 ownerId=111122223333 Attachments=[] Tags=[] association={}}"
        ]
    );
    let both = r#"{"internetGatewayId": "igw-1", "vpcId": "vpc-1"}"#;
    assert_eq!(
        edits("AttachInternetGateway", both, ANSWER),
        ["internet-gateway igw-1: insert Attachments {State=available VpcId=vpc-1}"]
    );
    assert_eq!(
        edits("DetachInternetGateway", both, ANSWER),
        ["internet-gateway igw-1: remove Attachments {VpcId=vpc-1}"]
    );
    assert_eq!(edits("DeleteInternetGateway", both, ANSWER), ["internet-gateway igw-1: drop"]);
    let answer = r#"{"CreateEgressOnlyInternetGatewayResponse": {"egressOnlyInternetGateway": {"egressOnlyInternetGatewayId": "eigw-1",
        "attachmentSet": {"item": {"state": "attached", "vpcId": "vpc-1"}}}}}"#;
    let request = r#"{"CreateEgressOnlyInternetGatewayRequest": {"VpcId": "vpc-1"}}"#;
    assert_eq!(
        edits("CreateEgressOnlyInternetGateway", request, answer),
        [
            "egress-only-internet-gateway eigw-1: put {egressOnlyInternetGatewayId=eigw-1 Attachments=[{state=attached vpcId=vpc-1}]}"
        ]
    );
    let request = r#"{"DeleteEgressOnlyInternetGatewayRequest": {"EgressOnlyInternetGatewayId": "eigw-1"}}"#;
    assert_eq!(
        edits("DeleteEgressOnlyInternetGateway", request, "null"),
        ["egress-only-internet-gateway eigw-1: drop"]
    );
    let answer = r#"{"CreateNatGatewayResponse": {"natGateway": {"natGatewayId": "nat-1", "subnetId": "subnet-1", "vpcId": "vpc-1", "state": "pending",
        "natGatewayAddressSet": {"item": {"isPrimary": true, "allocationId": "eipalloc-1", "status": "associating"}}}}}"#;
    let lines = edits("CreateNatGateway", r#"{"CreateNatGatewayRequest": {"SubnetId": "subnet-1"}}"#, answer);
    assert!(lines[0].contains("NatGatewayAddresses=[{isPrimary=true allocationId=eipalloc-1"), "{lines:?}");
    let request = r#"{"DeleteNatGatewayRequest": {"NatGatewayId": "nat-1"}}"#;
    assert_eq!(edits("DeleteNatGateway", request, "null"), ["nat-gateway nat-1: drop"]);
    let answer = r#"{"vpcPeeringConnection": {"vpcPeeringConnectionId": "pcx-1", "status": {"code": "initiating-request"}}}"#;
    assert_eq!(
        edits("CreateVpcPeeringConnection", r#"{"vpcId": "vpc-1", "peerVpcId": "vpc-2"}"#, answer),
        ["vpc-peering pcx-1: put {vpcPeeringConnectionId=pcx-1 status={code=initiating-request}}"]
    );
    for (name, code) in [
        ("AcceptVpcPeeringConnection", "active"),
        ("RejectVpcPeeringConnection", "rejected"),
        ("DeleteVpcPeeringConnection", "deleted"),
    ] {
        let expected = format!("vpc-peering pcx-1: merge {{Status={{Code={code}}}}}");
        assert_eq!(edits(name, r#"{"vpcPeeringConnectionId": "pcx-1"}"#, ANSWER), [expected]);
    }
}

#[test]
fn public_access_is_blocked_and_let_through() {
    let request = r#"{"ModifyVpcBlockPublicAccessOptionsRequest": {"InternetGatewayBlockMode": "off"}}"#;
    let answer = r#"{"ModifyVpcBlockPublicAccessOptionsResponse": {"vpcBlockPublicAccessOptions": {"awsAccountId": "111122223333",
        "awsRegion": "eu-west-1", "state": "update-in-progress", "internetGatewayBlockMode": "off", "exclusionsAllowed": "allowed"}}}"#;
    assert_eq!(
        edits("ModifyVpcBlockPublicAccessOptions", request, answer),
        [
            "vpc-block-public-access-options vpc-block-public-access/eu-west-1: put {AwsRegion=eu-west-1 AwsAccountId=111122223333 InternetGatewayBlockMode=off ExclusionsAllowed=allowed State=update-complete}"
        ]
    );
    let request = r#"{"CreateVpcBlockPublicAccessExclusionRequest": {"SubnetId": "subnet-1", "InternetGatewayExclusionMode": "allow-bidirectional"}}"#;
    let answer = r#"{"CreateVpcBlockPublicAccessExclusionResponse": {"vpcBlockPublicAccessExclusion": {"exclusionId": "vpcbpa-exclude-1",
        "internetGatewayExclusionMode": "allow-bidirectional", "resourceArn": "arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1",
        "state": "create-in-progress"}}}"#;
    assert_eq!(
        edits("CreateVpcBlockPublicAccessExclusion", request, answer),
        [
            "vpc-block-public-access-exclusion vpcbpa-exclude-1: put {exclusionId=vpcbpa-exclude-1 internetGatewayExclusionMode=allow-bidirectional resourceArn=arn:aws:ec2:eu-west-1:111122223333:subnet/subnet-1 State=create-complete}"
        ]
    );
    let request = r#"{"ModifyVpcBlockPublicAccessExclusionRequest": {"ExclusionId": "vpcbpa-exclude-1", "InternetGatewayExclusionMode": "allow-egress"}}"#;
    assert_eq!(
        edits("ModifyVpcBlockPublicAccessExclusion", request, "null"),
        [
            "vpc-block-public-access-exclusion vpcbpa-exclude-1: merge {ExclusionId=vpcbpa-exclude-1 InternetGatewayExclusionMode=allow-egress State=update-complete}"
        ]
    );
    let request = r#"{"DeleteVpcBlockPublicAccessExclusionRequest": {"ExclusionId": "vpcbpa-exclude-1"}}"#;
    assert_eq!(
        edits("DeleteVpcBlockPublicAccessExclusion", request, "null"),
        ["vpc-block-public-access-exclusion vpcbpa-exclude-1: drop"]
    );
}

#[test]
fn networks_have_blocks() {
    let answer = r#"{"vpc": {"vpcId": "vpc-1", "ownerId": "111122223333", "cidrBlock": "10.0.0.0/16", "cidrBlockAssociationSet": {"items": [
        {"cidrBlock": "10.0.0.0/16", "associationId": "a-1", "cidrBlockState": {"state": "associated"}}]}, "ipv6CidrBlockAssociationSet": {},
        "tagSet": {}, "isDefault": false}}"#;
    assert_eq!(
        edits("CreateVpc", r#"{"cidrBlock": "10.0.0.0/16"}"#, answer),
        [
            "vpc vpc-1: put {vpcId=vpc-1 ownerId=111122223333 cidrBlock=10.0.0.0/16 cidrBlockAssociationSet=[{cidrBlock=10.0.0.0/16 associationId=a-1 cidrBlockState={state=associated}}] ipv6CidrBlockAssociationSet=[] Tags=[] isDefault=false #besides=list and table}"
        ]
    );
    let default = edits("CreateDefaultVpc", "null", answer);
    assert!(default.last().unwrap().ends_with("#besides=list, table and gateway}"), "{default:?}");
    assert_eq!(edits("DeleteVpc", r#"{"vpcId": "vpc-1"}"#, ANSWER), ["vpc vpc-1: drop"]);
    let answer = r#"{"subnet": {"subnetId": "subnet-1", "vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24", "ipv6CidrBlockAssociationSet": {}}}"#;
    assert_eq!(
        edits("CreateSubnet", r#"{"vpcId": "vpc-1", "cidrBlock": "10.0.1.0/24"}"#, answer),
        [
            "subnet subnet-1: put {subnetId=subnet-1 vpcId=vpc-1 cidrBlock=10.0.1.0/24 ipv6CidrBlockAssociationSet=[]}"
        ]
    );
    assert_eq!(edits("DeleteSubnet", r#"{"subnetId": "subnet-1"}"#, ANSWER), ["subnet subnet-1: drop"]);
    let answer = r#"{"vpcId": "vpc-1", "cidrBlockAssociation": {"associationId": "a-2", "cidrBlock": "10.1.0.0/16", "cidrBlockState": {"state": "associating"}}}"#;
    assert_eq!(
        edits("AssociateVpcCidrBlock", r#"{"vpcId": "vpc-1", "cidrBlock": "10.1.0.0/16"}"#, answer),
        [
            "vpc vpc-1: insert CidrBlockAssociationSet {CidrBlockState={State=associated} AssociationId=a-2 CidrBlock=10.1.0.0/16}"
        ]
    );
    let answer = r#"{"subnetId": "subnet-1", "ipv6CidrBlockAssociation": {"associationId": "a-3", "ipv6CidrBlock": "2001:db8::/64"}}"#;
    assert_eq!(
        edits(
            "AssociateSubnetCidrBlock",
            r#"{"subnetId": "subnet-1", "ipv6CidrBlock": "2001:db8::/64"}"#,
            answer
        ),
        [
            "subnet subnet-1: insert Ipv6CidrBlockAssociationSet {Ipv6CidrBlockState={State=associated} AssociationId=a-3 Ipv6CidrBlock=2001:db8::/64}"
        ]
    );
    assert_eq!(
        edits("DisassociateSubnetCidrBlock", r#"{"associationId": "a-3"}"#, answer),
        ["subnet subnet-1: remove Ipv6CidrBlockAssociationSet {AssociationId=a-3}"]
    );
    assert_eq!(
        edits("DisassociateVpcCidrBlock", r#"{"associationId": "a-2"}"#, "null"),
        ["vpc AssociationId=a-2: remove Ipv6CidrBlockAssociationSet {AssociationId=a-2}"]
    );
}

#[test]
fn propagation_of_routes_is_told_as_not_modelled() {
    let lines =
        edits("EnableVgwRoutePropagation", r#"{"routeTableId": "rtb-1", "gatewayId": "vgw-1"}"#, ANSWER);
    assert_eq!(lines, [r#"NotModelled { kind: "propagation of routes" }"#]);
}
