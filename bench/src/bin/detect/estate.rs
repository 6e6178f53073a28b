//! Exports that logs are replayed over.

use std::fmt::Write as _;

const API: &str = "https://www.googleapis.com/compute/v1/";
const SUBSCRIPTION: &str =
    "/subscriptions/5e1d0000-0000-4000-8000-000000000001/resourceGroups/rg/providers/Microsoft.Network";

/// Items of a list, each written by its number.
fn list(count: usize, write: impl Fn(usize) -> String) -> String {
    let items: Vec<String> = (0..count).map(write).collect();
    items.join(",")
}

/// An account: groups with so many rules that let in nobody of the Internet, and interfaces with a public address, each with
/// one group.
pub(crate) fn aws(groups: usize, rules: usize, interfaces: usize) -> String {
    let permission = |rule: usize| {
        format!(
            r#"{{"IpProtocol":"tcp","FromPort":{0},"ToPort":{0},"IpRanges":[{{"CidrIp":"10.{1}.0.0/16"}}],"Ipv6Ranges":[],"PrefixListIds":[],"UserIdGroupPairs":[]}}"#,
            1000 + rule,
            rule % 250
        )
    };
    let group = |number: usize| {
        format!(
            r#"{{"GroupId":"sg-{number:017x}","GroupName":"g{number}","VpcId":"vpc-1","OwnerId":"111122223333","IpPermissions":[{}],"IpPermissionsEgress":[]}}"#,
            list(rules, permission)
        )
    };
    let interface = |number: usize| {
        format!(
            r#"{{"NetworkInterfaceId":"eni-{number:017x}","OwnerId":"111122223333","SubnetId":"subnet-1","VpcId":"vpc-1","Status":"in-use","Groups":[{{"GroupId":"sg-{:017x}"}}],"PrivateIpAddresses":[{{"Primary":true,"PrivateIpAddress":"10.1.{}.{}","Association":{{"PublicIp":"3.120.{1}.{2}"}}}}]}}"#,
            number % groups,
            number / 250,
            number % 250
        )
    };
    format!(
        r#"{{"SecurityGroups":[{}],"NetworkInterfaces":[{}]}}"#,
        list(groups, group),
        list(interfaces, interface)
    )
}

/// The id of an Azure resource.
pub(crate) fn azure_id(kind: &str, name: &str) -> String {
    format!("{SUBSCRIPTION}/{kind}/{name}")
}

/// A rule of a group.
pub(crate) fn azure_rule(name: &str, priority: usize, source: &str, port: usize) -> String {
    format!(
        r#"{{"name":"{name}","properties":{{"priority":{priority},"access":"Allow","direction":"Inbound","protocol":"Tcp","sourcePortRange":"*","sourceAddressPrefix":"{source}","destinationAddressPrefix":"*","destinationPortRange":"{port}"}}}}"#
    )
}

/// A group of fifty rules on five interfaces with public addresses.
pub(crate) fn azure() -> [String; 3] {
    let rule =
        |rule: usize| azure_rule(&format!("r{rule}"), 200 + rule, &format!("10.{rule}.0.0/16"), 1000 + rule);
    let group = azure_id("networkSecurityGroups", "web");
    let interface = |number: usize| {
        format!(
            r#"{{"id":"{}","name":"nic-{number}","properties":{{"networkSecurityGroup":{{"id":"{group}"}},"ipConfigurations":[{{"name":"c","properties":{{"privateIPAddress":"10.0.0.{}","publicIPAddress":{{"id":"{}"}},"subnet":{{"id":"{}/subnets/s"}}}}}}]}}}}"#,
            azure_id("networkInterfaces", &format!("nic-{number}")),
            number + 4,
            azure_id("publicIPAddresses", &format!("pip-{number}")),
            azure_id("virtualNetworks", "v")
        )
    };
    let address = |number: usize| {
        format!(
            r#"{{"id":"{}","name":"pip-{number}","sku":{{"name":"Standard"}},"properties":{{"ipAddress":"20.0.0.{number}"}}}}"#,
            azure_id("publicIPAddresses", &format!("pip-{number}"))
        )
    };
    [
        format!(
            r#"[{{"id":"{group}","name":"web","properties":{{"securityRules":[{}],"defaultSecurityRules":[]}}}}]"#,
            list(50, rule)
        ),
        format!("[{}]", list(5, interface)),
        format!("[{}]", list(5, address)),
    ]
}

/// A rule of a network.
pub(crate) fn gcp_rule(name: &str, source: &str, port: usize) -> String {
    format!(
        r#"{{"kind":"compute#firewall","name":"{name}","selfLink":"{API}projects/p/global/firewalls/{name}","network":"{API}projects/p/global/networks/n","priority":1000,"direction":"INGRESS","disabled":false,"allowed":[{{"IPProtocol":"tcp","ports":["{port}"]}}],"sourceRanges":["{source}"]}}"#
    )
}

/// A network with rules, and instances that have external addresses.
pub(crate) fn gcp(rules: usize, instances: usize) -> String {
    let mut text = format!(
        r#"[{{"kind":"compute#network","id":"1","name":"n","selfLink":"{API}projects/p/global/networks/n","autoCreateSubnetworks":false,"networkFirewallPolicyEnforcementOrder":"AFTER_CLASSIC_FIREWALL"}},{{"kind":"compute#route","name":"out","selfLink":"{API}projects/p/global/routes/out","network":"{API}projects/p/global/networks/n","destRange":"0.0.0.0/0","priority":1000,"nextHopGateway":"{API}projects/p/global/gateways/default-internet-gateway"}}"#
    );
    for rule in 0..rules {
        let _ = write!(
            text,
            ",{}",
            gcp_rule(&format!("r{rule}"), &format!("10.{}.0.0/16", rule % 250), 1000 + rule)
        );
    }
    for number in 0..instances {
        let _ = write!(
            text,
            r#",{{"kind":"compute#instance","id":"{0}","name":"vm-{number}","selfLink":"{API}projects/p/zones/z/instances/vm-{number}","zone":"{API}projects/p/zones/z","status":"RUNNING","networkInterfaces":[{{"kind":"compute#networkInterface","name":"nic0","network":"{API}projects/p/global/networks/n","networkIP":"10.0.{1}.{2}","accessConfigs":[{{"type":"ONE_TO_ONE_NAT","name":"External NAT","natIP":"34.90.{1}.{2}"}}]}}]}}"#,
            number + 4,
            number / 250,
            number % 250
        );
    }
    text + "]"
}
