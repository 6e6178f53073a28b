//! Routes of networks: the default ones, those of subnetworks, and where it matters others.

use serde_json::{Value, json};

use super::fields::{cidr4, cidr6};
use super::machines::{TAGS, project_of};
use super::{API, GcpElement, Organisation};
use crate::random::Random;

pub(super) fn add(organisation: &mut Organisation, element: GcpElement, random: &mut Random) {
    let varied = element.varies(GcpElement::Routes);
    let networks: Vec<Value> = organisation.each("networks").cloned().collect();
    let blocks: Vec<(Value, Value)> = organisation
        .each("subnetworks")
        .map(|it| (it["network"].clone(), it["ipCidrRange"].clone()))
        .collect();
    for network in &networks {
        let project = project_of(network);
        let mut routes: Vec<Value> = Vec::new();
        for whole in ["0.0.0.0/0", "::/0"] {
            if !varied || random.chance(70) {
                routes
                    .push(json!({"destRange": whole, "priority": 1000, "nextHopGateway": gateway(project)}));
            }
        }
        if varied {
            (0..random.between(0, 8)).for_each(|_| add_one(&mut routes, project, random));
        }
        for (_, block) in blocks.iter().filter(|(own, _)| *own == network["selfLink"]) {
            routes.push(json!({"destRange": block, "priority": 0, "nextHopNetwork": network["selfLink"]}));
        }
        random.shuffle(&mut routes);
        for mut route in routes {
            let number = organisation.each("routes").count();
            route["kind"] = "compute#route".into();
            route["id"] = format!("500{number}").into();
            route["name"] = format!("route-{number}").into();
            route["network"] = network["selfLink"].clone();
            route["selfLink"] = format!("{API}projects/{project}/global/routes/route-{number}").into();
            organisation.all("routes").push(route);
        }
    }
}

fn gateway(project: &str) -> String {
    format!("{API}projects/{project}/global/gateways/default-internet-gateway")
}

/// A route, where no other one of its destination and priority leads elsewhere: then nobody says which counts.
fn add_one(routes: &mut Vec<Value>, project: &str, random: &mut Random) {
    let v6 = random.chance(30);
    let mut route = json!({
        "destRange": if v6 { cidr6(random) } else { cidr4(random) },
        "priority": *random.pick(&[0, 500, 900, 1000, 1000, 2000]),
    });
    match random.below(20) {
        0..16 => route["nextHopGateway"] = gateway(project).into(),
        16..18 => route["nextHopPeering"] = "peering-with-partner".into(),
        18 => {
            route["nextHopInstance"] =
                format!("{API}projects/{project}/zones/europe-west1-b/instances/appliance").into();
        }
        _ => {
            route["nextHopVpnTunnel"] =
                format!("{API}projects/{project}/regions/europe-west1/vpnTunnels/office").into()
        }
    }
    if random.chance(35) {
        route["tags"] = json!([*random.pick(&TAGS)]);
    }
    let same = |it: &Value| it["destRange"] == route["destRange"] && it["priority"] == route["priority"];
    if !routes.iter().any(same) {
        routes.push(route);
    }
}
