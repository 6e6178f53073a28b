//! What of a generated account of AWS can be declared: its first network, with everything that only exists once it runs
//! taken out, in the export as well.

use serde_json::{Value, json};

use crate::generate::Account;

/// The account that a configuration can make.
#[must_use]
pub fn declarable(account: &Account) -> Account {
    let mut own = account.clone();
    rules_to_groups(&mut own);
    for kind in ["Vpcs", "Subnets", "NetworkAcls", "RouteTables", "SecurityGroups", "NetworkInterfaces"] {
        own.all(kind).retain(|resource| resource["VpcId"] == "vpc-0");
    }
    own.all("SecurityGroupVpcAssociations").clear();
    own.all("Reservations").retain(|reservation| reservation["Instances"][0]["VpcId"] == "vpc-0");
    own.all("InternetGateways").retain(|gateway| gateway["InternetGatewayId"] == "igw-0");
    own.all("EgressOnlyInternetGateways")
        .retain(|gateway| gateway["EgressOnlyInternetGatewayId"] == "eigw-0");
    own.all("InternetGateways").iter_mut().for_each(|gateway| {
        gateway["Attachments"] = json!([{"State": "available", "VpcId": "vpc-0"}]);
    });
    own.all("RouteTables").iter_mut().for_each(settled);
    interfaces(&mut own);
    listed(&mut own);
    exclusions(&mut own);
    own
}

/// Groups that only their rules tell.
fn rules_to_groups(account: &mut Account) {
    let rules = core::mem::take(account.all("SecurityGroupRules"));
    for rule in rules {
        let id = rule["GroupId"].clone();
        let groups = account.all("SecurityGroups");
        if !groups.iter().any(|group| group["GroupId"] == id) {
            let name = id.as_str().unwrap().replace("sg-", "group-");
            groups.push(json!({
                "GroupId": id, "GroupName": name, "Description": "", "OwnerId": rule["GroupOwnerId"],
                "VpcId": "vpc-0", "IpPermissions": [], "IpPermissionsEgress": [],
            }));
        }
        let group = groups.iter_mut().find(|group| group["GroupId"] == id).unwrap();
        let list = if rule["IsEgress"] == true { "IpPermissionsEgress" } else { "IpPermissions" };
        group[list].as_array_mut().unwrap().push(permission(&rule));
    }
    // A group of which no rule is told has none.
    for number in 0..5 {
        let id = format!("sg-{number}");
        if !account.each("SecurityGroups").any(|group| group["GroupId"] == *id) {
            account.all("SecurityGroups").push(json!({
                "GroupId": id, "GroupName": format!("group-{number}"), "Description": "", "VpcId": "vpc-0",
                "IpPermissions": [], "IpPermissionsEgress": [],
            }));
        }
    }
}

fn permission(rule: &Value) -> Value {
    let mut permission = json!({
        "IpProtocol": rule["IpProtocol"], "IpRanges": [], "Ipv6Ranges": [], "PrefixListIds": [], "UserIdGroupPairs": [],
    });
    for key in ["FromPort", "ToPort"] {
        permission[key] = rule[key].clone();
    }
    if let Some(cidr) = rule.get("CidrIpv4") {
        permission["IpRanges"] = json!([{"CidrIp": cidr}]);
    }
    if let Some(cidr) = rule.get("CidrIpv6") {
        permission["Ipv6Ranges"] = json!([{"CidrIpv6": cidr}]);
    }
    if let Some(list) = rule.get("PrefixListId") {
        permission["PrefixListIds"] = json!([{"PrefixListId": list}]);
    }
    if let Some(group) = rule.get("ReferencedGroupInfo") {
        permission["UserIdGroupPairs"] = json!([group]);
    }
    permission
}

/// Routes that somebody makes, and that lead where they say.
fn settled(table: &mut Value) {
    let routes = table["Routes"].as_array_mut().unwrap();
    routes.retain(|route| route["Origin"] != "EnableVgwRoutePropagation");
    routes.iter_mut().for_each(|route| route["State"] = json!("active"));
}

/// Every interface is one of an instance, told both ways, and has a name.
fn interfaces(account: &mut Account) {
    let listed: Vec<Value> = account.each("NetworkInterfaces").cloned().collect();
    let inside: Vec<Value> =
        account.each("Reservations").map(|it| it["Instances"][0]["NetworkInterfaces"][0].clone()).collect();
    let mut all: Vec<Value> = Vec::new();
    for interface in listed.into_iter().chain(inside) {
        if !all.iter().any(|known| known["NetworkInterfaceId"] == interface["NetworkInterfaceId"]) {
            all.push(interface);
        }
    }
    account.all("NetworkInterfaces").clear();
    account.all("Reservations").clear();
    for mut interface in all {
        let number = interface["NetworkInterfaceId"].as_str().unwrap().trim_start_matches("eni-").to_owned();
        interface["Status"] = json!("in-use");
        interface["Groups"].as_array_mut().unwrap().retain(|group| group["GroupId"] != "sg-elsewhere");
        interface["Attachment"] = json!({
            "AttachmentId": format!("eni-attach-{number}"), "DeviceIndex": 0, "Status": "attached",
            "InstanceId": format!("i-{number}"),
        });
        let name = json!([{"Key": "Name", "Value": format!("vm-{number}")}]);
        interface["TagSet"] = name.clone();
        let instance = json!({
            "InstanceId": format!("i-{number}"), "State": {"Code": 16, "Name": "running"},
            "SubnetId": interface["SubnetId"], "VpcId": interface["VpcId"],
            "PrivateIpAddress": interface["PrivateIpAddress"], "SecurityGroups": interface["Groups"],
            "NetworkInterfaces": [interface], "Tags": name,
        });
        account.all("Reservations").push(json!({
            "ReservationId": format!("r-{number}"), "OwnerId": interface["OwnerId"], "Groups": [],
            "Instances": [instance],
        }));
        account.all("NetworkInterfaces").push(interface);
    }
}

/// A list without entries in the export has none in a configuration.
fn listed(account: &mut Account) {
    let ids: Vec<Value> = account.each("PrefixLists").map(|list| list["PrefixListId"].clone()).collect();
    for id in ids {
        if !account.entries.iter().any(|entries| entries["PrefixListId"] == id) {
            account.entries.push(json!({"PrefixListId": id, "Entries": []}));
        }
    }
}

/// Exclusions of what is there, and that are.
fn exclusions(account: &mut Account) {
    let places: Vec<String> = [("Vpcs", "VpcId", "vpc"), ("Subnets", "SubnetId", "subnet")]
        .into_iter()
        .flat_map(|(kind, key, word)| {
            let ids = account.each(kind).map(move |it| format!("/{}", it[key].as_str().unwrap()));
            ids.map(move |id| format!("{word}{id}")).collect::<Vec<_>>()
        })
        .collect();
    account.all("VpcBlockPublicAccessExclusions").retain(|exclusion| {
        let arn = exclusion["ResourceArn"].as_str().unwrap();
        exclusion["State"] == "create-complete"
            && places.iter().any(|place| arn.ends_with(&format!(":{place}")))
    });
}
