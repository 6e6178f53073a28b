//! Instances: tags, accounts, interfaces, and the secure tags that are bound to them.

use serde_json::{Value, json};

use super::places::PROJECTS;
use super::{API, GcpElement, Organisation};
use crate::random::Random;

/// Some instances, now and then with an interface in each of two networks.
pub(super) fn add(organisation: &mut Organisation, element: GcpElement, random: &mut Random) {
    let subnets: Vec<Value> = organisation.each("subnetworks").cloned().collect();
    for number in 0..random.between(2, 4) {
        let subnet = random.pick(&subnets);
        let mut carried = vec![subnet];
        let other = random.pick(&subnets);
        if random.chance(20) && other["network"] != subnet["network"] && other["region"] == subnet["region"] {
            carried.push(other);
        }
        let instance = instance(number, &carried, element, random);
        bind(organisation, &instance, element, random);
        organisation.all("instances").push(instance);
    }
    organisation.all("tagBindings");
}

fn instance(number: usize, subnets: &[&Value], element: GcpElement, random: &mut Random) -> Value {
    let own = project_of(subnets[0]);
    // A shared network: the machine is of another project than its network.
    let is_shared = element.varies(GcpElement::Hierarchy) && random.chance(25);
    let project = if is_shared { *random.pick(&[PROJECTS[0].1, PROJECTS[1].1]) } else { own };
    let region = subnets[0]["region"].as_str().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let zone = format!("{API}projects/{project}/zones/{region}-b");
    let interfaces: Vec<Value> = subnets
        .iter()
        .enumerate()
        .map(|(nic, subnet)| interface(number, nic, subnet, element, random))
        .collect();
    let mut instance = json!({
        "kind": "compute#instance", "id": format!("700{number}"), "name": format!("vm-{number}"),
        "selfLink": format!("{zone}/instances/vm-{number}"), "zone": zone,
        "machineType": format!("{zone}/machineTypes/e2-small"),
        "status": if random.chance(90) { "RUNNING" } else { "TERMINATED" },
        "networkInterfaces": interfaces,
    });
    let tags: Vec<&str> = TAGS.into_iter().filter(|_| random.chance(40)).collect();
    instance["tags"] =
        if tags.is_empty() { json!({"fingerprint": "42WmSpB8rSM="}) } else { json!({"items": tags}) };
    if random.chance(80) {
        let email = account(random.below(ACCOUNTS.len()));
        instance["serviceAccounts"] =
            json!([{"email": email, "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}]);
    }
    instance
}

fn interface(number: usize, nic: usize, subnet: &Value, element: GcpElement, random: &mut Random) -> Value {
    let block = subnet["ipCidrRange"].as_str().unwrap_or_default();
    let internal = format!("{}{}", block.trim_end_matches("0/24"), number + 10);
    let mut interface = json!({
        "kind": "compute#networkInterface", "name": format!("nic{nic}"), "network": subnet["network"],
        "subnetwork": subnet["selfLink"], "networkIP": internal, "stackType": subnet["stackType"],
    });
    if random.chance(88) {
        let mut config =
            json!({"kind": "compute#accessConfig", "type": "ONE_TO_ONE_NAT", "name": "External NAT"});
        if random.chance(95) {
            config["natIP"] = format!("203.0.113.{}", number * 2 + nic + 10).into();
        }
        interface["accessConfigs"] = json!([config]);
    }
    if subnet["stackType"] == "IPV4_IPV6" {
        let external = subnet["ipv6AccessType"] == "EXTERNAL";
        interface["ipv6AccessType"] = subnet["ipv6AccessType"].clone();
        let likely = if element.varies(GcpElement::V6) { 90 } else { 60 };
        if external && random.chance(likely) {
            let parts: Vec<&str> = block.split('.').collect();
            interface["ipv6AccessConfigs"] = json!([{
                "kind": "compute#accessConfig", "type": "DIRECT_IPV6", "name": "external-ipv6",
                "externalIpv6": format!("2001:db8:{}:{}:0:{}::", parts[1], parts[2], number + 10),
                "externalIpv6PrefixLength": 96,
            }]);
        }
    }
    interface
}

/// G13: bindings name an instance by its number, now and then by its name.
fn bind(organisation: &mut Organisation, instance: &Value, element: GcpElement, random: &mut Random) {
    if !element.varies(GcpElement::SecureTags) {
        return;
    }
    let link = instance["selfLink"].as_str().unwrap_or_default().trim_start_matches(API);
    let (place, name) = link.rsplit_once('/').unwrap_or_default();
    for value in SECURE_TAGS.into_iter().chain(["tagValues/300"]) {
        // Of a machine without any binding nobody says that it was asked for.
        let untold = if element == GcpElement::Odd { 80 } else { 100 };
        let likely = if value == "tagValues/300" { untold } else { 40 };
        if !random.chance(likely) {
            continue;
        }
        let number = instance["id"].as_str().unwrap_or_default();
        let project = PROJECTS.into_iter().find(|(_, id)| place.starts_with(&format!("projects/{id}/")));
        let (number_of, id) = project.unwrap_or_default();
        let by_number = place.replace(&format!("projects/{id}/"), &format!("projects/{number_of}/"));
        let parent = match random.chance(80) {
            true => format!("//compute.googleapis.com/{by_number}/{number}"),
            false => format!("//compute.googleapis.com/{place}/{name}"),
        };
        organisation.all("tagBindings").push(json!({
            "name": format!("tagBindings/{}/{value}", parent.replace('/', "%2F")), "parent": parent, "tagValue": value,
        }));
    }
}

/// The project of a resource.
pub(super) fn project_of(resource: &Value) -> &'static str {
    let link = resource["selfLink"].as_str().unwrap_or_default();
    PROJECTS.into_iter().find(|(_, id)| link.contains(&format!("/{id}/"))).map_or("", |(_, id)| id)
}

pub(super) fn account(number: usize) -> String {
    format!("{}@tailspin.iam.gserviceaccount.com", ACCOUNTS[number])
}

pub(super) const TAGS: [&str; 3] = ["web", "db", "ssh"];
pub(super) const ACCOUNTS: [&str; 3] = ["web", "db", "build"];
pub(super) const SECURE_TAGS: [&str; 3] = ["tagValues/301", "tagValues/302", "tagValues/303"];
