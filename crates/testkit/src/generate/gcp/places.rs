//! Organisation, folders, projects, networks and their subnetworks.

use serde_json::{Value, json};

use super::{API, GcpElement, Organisation};
use crate::random::Random;

/// Two folders, one in the other, two projects, and two or three networks.
pub(super) fn add(organisation: &mut Organisation, element: GcpElement, random: &mut Random) {
    organisation
        .all("organizations")
        .push(json!({"name": ORGANISATION, "displayName": "tailspin.example", "lifecycleState": "ACTIVE"}));
    for (folder, parent) in [(FOLDERS[0], ORGANISATION), (FOLDERS[1], FOLDERS[0])] {
        organisation.all("folders").push(
            json!({"name": folder, "parent": parent, "displayName": format!("under {parent}"), "lifecycleState": "ACTIVE"}),
        );
    }
    for (number, id) in PROJECTS {
        let place =
            *random.pick(&[("folder", "20"), ("folder", "20"), ("folder", "10"), ("organization", "1000")]);
        organisation.all("projects").push(json!({
            "projectId": id, "projectNumber": number, "name": id, "lifecycleState": "ACTIVE",
            "parent": {"type": place.0, "id": place.1},
        }));
    }
    for number in 0..random.between(2, 3) {
        network(organisation, number, element, random);
    }
}

fn network(organisation: &mut Organisation, number: usize, element: GcpElement, random: &mut Random) {
    let project = if number == 1 { PROJECTS[1].1 } else { PROJECTS[0].1 };
    let link = format!("{API}projects/{project}/global/networks/net-{number}");
    let mut network = json!({
        "kind": "compute#network", "id": format!("90{number}"), "name": format!("net-{number}"), "selfLink": link,
        "autoCreateSubnetworks": false,
    });
    let before = element.varies(GcpElement::Policies) && random.chance(50);
    if before || random.chance(60) {
        let order = if before { "BEFORE_CLASSIC_FIREWALL" } else { "AFTER_CLASSIC_FIREWALL" };
        network["networkFirewallPolicyEnforcementOrder"] = order.into();
    }
    organisation.all("networks").push(network);
    for (place, region) in REGIONS.into_iter().enumerate() {
        let is_dual = matches!(element, GcpElement::V6) || random.chance(40);
        let mut subnet: Value = json!({
            "kind": "compute#subnetwork", "id": format!("80{number}{place}"), "name": format!("subnet-{number}{place}"),
            "selfLink": format!("{API}projects/{project}/regions/{region}/subnetworks/subnet-{number}{place}"),
            "network": link, "region": format!("{API}projects/{project}/regions/{region}"),
            "ipCidrRange": format!("10.{number}.{place}.0/24"),
            "stackType": if is_dual { "IPV4_IPV6" } else { "IPV4_ONLY" },
        });
        if is_dual {
            subnet["ipv6AccessType"] = (if random.chance(85) { "EXTERNAL" } else { "INTERNAL" }).into();
        }
        organisation.all("subnetworks").push(subnet);
    }
}

pub(super) const ORGANISATION: &str = "organizations/1000";
pub(super) const FOLDERS: [&str; 2] = ["folders/10", "folders/20"];
/// Numbers and ids.
pub(super) const PROJECTS: [(&str, &str); 2] =
    [("111222333444", "tailspin"), ("555666777888", "tailspin-lab")];
pub(super) const REGIONS: [&str; 2] = ["europe-west1", "us-central1"];
