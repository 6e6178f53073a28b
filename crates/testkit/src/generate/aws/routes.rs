//! Gateways and route tables.

use serde_json::{Value, json};

use super::fields::{cidr4, cidr6};
use super::{Account, AwsElement, OWNER};
use crate::random::Random;

/// The gateways of a network, its main table, and where it matters tables of subnets.
pub(super) fn add(account: &mut Account, network: usize, element: AwsElement, random: &mut Random) {
    let varied = element.varies(AwsElement::Routes);
    let vpc = format!("vpc-{network}");
    let igw = format!("igw-{network}");
    let attached = !varied || random.chance(88);
    let attachments = if attached { json!([{"State": "available", "VpcId": vpc}]) } else { json!([]) };
    account
        .all("InternetGateways")
        .push(json!({"InternetGatewayId": igw, "OwnerId": OWNER, "Attachments": attachments, "Tags": []}));
    if varied {
        account.all("EgressOnlyInternetGateways").push(json!({
            "EgressOnlyInternetGatewayId": format!("eigw-{network}"),
            "Attachments": [{"State": "attached", "VpcId": vpc}],
        }));
    }
    // A route to a gateway that is not there is one that leads nowhere.
    let state = if attached { "active" } else { "blackhole" };
    let plain = vec![
        json!({"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": igw, "Origin": "CreateRoute", "State": state}),
        json!({"DestinationIpv6CidrBlock": "::/0", "GatewayId": igw, "Origin": "CreateRoute", "State": state}),
    ];
    let main = if varied && random.chance(50) { routes(account, network, attached, random) } else { plain };
    let association = json!({"Main": true, "RouteTableAssociationId": format!("rtbassoc-{network}")});
    let table = table(&format!("rtb-{network}"), network, association, main);
    account.all("RouteTables").push(table);
    let subnets: Vec<Value> = account.each("Subnets").filter(|it| it["VpcId"] == *vpc).cloned().collect();
    for (number, subnet) in subnets.iter().enumerate() {
        if varied && random.chance(70) {
            let association = json!({"Main": false, "SubnetId": subnet["SubnetId"], "RouteTableAssociationId": format!("rtbassoc-{network}{number}")});
            let own = routes(account, network, attached, random);
            let table = self::table(&format!("rtb-{network}{number}"), network, association, own);
            account.all("RouteTables").push(table);
        }
    }
}

fn table(id: &str, network: usize, mut association: Value, mut routes: Vec<Value>) -> Value {
    association["RouteTableId"] = id.into();
    association["AssociationState"] = json!({"State": "associated"});
    routes.insert(
        0,
        json!({"DestinationCidrBlock": format!("10.{network}.0.0/16"), "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}),
    );
    routes.insert(
        1,
        json!({"DestinationIpv6CidrBlock": format!("2001:db8:{network}::/56"), "GatewayId": "local", "Origin": "CreateRouteTable", "State": "active"}),
    );
    json!({
        "RouteTableId": id,
        "VpcId": format!("vpc-{network}"),
        "OwnerId": OWNER,
        "Associations": [association],
        "PropagatingVgws": [],
        "Routes": routes,
        "Tags": [],
    })
}

fn routes(account: &Account, network: usize, attached: bool, random: &mut Random) -> Vec<Value> {
    let lists: Vec<&str> = account.each("PrefixLists").filter_map(|it| it["PrefixListId"].as_str()).collect();
    let mut routes: Vec<Value> = Vec::new();
    for _ in 0..random.between(0, 7) {
        let v6 = random.chance(35);
        let mut route = json!({"Origin": "CreateRoute", "State": "active"});
        if !lists.is_empty() && random.chance(25) {
            route["DestinationPrefixListId"] = (*random.pick(&lists)).into();
        } else if v6 {
            route["DestinationIpv6CidrBlock"] = cidr6(random).into();
        } else {
            route["DestinationCidrBlock"] = cidr4(random).into();
        }
        hop(&mut route, network, v6, random);
        if !attached && route["GatewayId"] == *format!("igw-{network}") {
            route["State"] = "blackhole".into();
        }
        // Two routes of one destination there are only where one is propagated.
        let same = |it: &Value| KEYS.iter().all(|key| it.get(key) == route.get(key));
        match routes.iter().filter(|it| same(it)).count() {
            0 => {}
            1 if route.get(KEYS[0]).is_none() => {
                let destination = KEYS.into_iter().filter_map(|key| Some((key, route.get(key)?.clone())));
                let mut propagated =
                    json!({"Origin": "EnableVgwRoutePropagation", "State": "active", "GatewayId": "vgw-1"});
                destination.for_each(|(key, value)| propagated[key] = value);
                route = propagated;
            }
            _ => continue,
        }
        routes.push(route);
    }
    random.shuffle(&mut routes);
    routes
}

fn hop(route: &mut Value, network: usize, v6: bool, random: &mut Random) {
    match random.below(20) {
        0..11 => route["GatewayId"] = format!("igw-{network}").into(),
        11..13 => {
            route["GatewayId"] = format!("igw-{network}").into();
            route["State"] = "blackhole".into();
        }
        13..18 if v6 => route["EgressOnlyInternetGatewayId"] = format!("eigw-{network}").into(),
        13..18 => route["NatGatewayId"] = "nat-1".into(),
        18 if random.chance(50) => route["TransitGatewayId"] = "tgw-1".into(),
        _ => route["NetworkInterfaceId"] = "eni-appliance".into(),
    }
}

const KEYS: [&str; 3] = ["DestinationPrefixListId", "DestinationCidrBlock", "DestinationIpv6CidrBlock"];
