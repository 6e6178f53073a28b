//! A VPC for tests: one interface with both families, and what stands in its way as pieces to replace.

use crate::estate::{Answer, scan};

/// The pieces of a network, each the members of a list.
pub(crate) struct Network {
    pub(crate) interfaces: String,
    pub(crate) permissions: String,
    pub(crate) routes: String,
    pub(crate) entries: String,
    /// Whole documents beside these.
    pub(crate) more: Vec<String>,
}

impl Network {
    pub(crate) fn new() -> Self {
        Self {
            interfaces: interface("eni-1", "subnet-1", "203.0.113.10"),
            permissions: permission("-1"),
            routes: r#"{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"},
                {"DestinationIpv6CidrBlock": "::/0", "GatewayId": "igw-1", "State": "active"}"#
                .to_owned(),
            entries: [false, true].map(everything).join(", "),
            more: Vec::new(),
        }
    }

    pub(crate) fn documents(&self) -> Vec<String> {
        let Self { interfaces, permissions, routes, entries, more } = self;
        let network = format!(
            r#"{{"NetworkInterfaces": [{interfaces}],
                "SecurityGroups": [{{"GroupId": "sg-1", "GroupName": "web", "OwnerId": "111122223333", "VpcId": "vpc-1", "IpPermissions": [{permissions}]}}],
                "InternetGateways": [{{"InternetGatewayId": "igw-1", "OwnerId": "111122223333", "Attachments": [{{"State": "available", "VpcId": "vpc-1"}}]}}],
                "RouteTables": [{{"RouteTableId": "rtb-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"Main": true}}], "Routes": [{routes}]}}],
                "NetworkAcls": [{{"NetworkAclId": "acl-1", "OwnerId": "111122223333", "VpcId": "vpc-1", "Associations": [{{"SubnetId": "subnet-1"}}], "Entries": [{entries}]}}]}}"#
        );
        [network].into_iter().chain(more.iter().cloned()).collect()
    }

    pub(crate) fn scan(&self) -> Answer {
        scan(&self.documents())
    }
}

/// An interface with a public address of IPv4 and one of IPv6, called by its id.
pub(crate) fn interface(id: &str, subnet: &str, public: &str) -> String {
    format!(
        r#"{{"NetworkInterfaceId": "{id}", "OwnerId": "111122223333", "VpcId": "vpc-1", "SubnetId": "{subnet}", "Status": "in-use",
            "Groups": [{{"GroupId": "sg-1"}}], "Ipv6Addresses": [{{"Ipv6Address": "2600:1f18::4"}}],
            "PrivateIpAddresses": [{{"PrivateIpAddress": "10.0.0.4", "Association": {{"PublicIp": "{public}"}}}}]}}"#
    )
}

/// Everybody of both families, over one protocol or all.
pub(crate) fn permission(protocol: &str) -> String {
    format!(
        r#"{{"IpProtocol": "{protocol}", "FromPort": 22, "ToPort": 22, "IpRanges": [{{"CidrIp": "0.0.0.0/0"}}], "Ipv6Ranges": [{{"CidrIpv6": "::/0"}}]}}"#
    )
}

/// The entries of the default list for one direction.
pub(crate) fn everything(egress: bool) -> String {
    [("CidrBlock", "0.0.0.0/0", 100), ("Ipv6CidrBlock", "::/0", 101)]
        .map(|(key, block, number)| {
            format!(
                r#"{{"RuleNumber": {number}, "Egress": {egress}, "Protocol": "-1", "RuleAction": "allow", "{key}": "{block}"}}"#
            )
        })
        .join(", ")
}
