//! Forwarding rules to an instance or to a pool of them.

use serde_json::{Value, json};

use super::fields::{cidr4, range};
use super::machines::project_of;
use super::{API, GcpElement, Organisation};
use crate::random::Random;

/// To an instance, to a pool, or to the group of a service; now and then two rules of one address.
pub(super) fn add(organisation: &mut Organisation, element: GcpElement, random: &mut Random) {
    if !element.varies(GcpElement::Forwarding) {
        return;
    }
    let instances: Vec<Value> = organisation.each("instances").cloned().collect();
    for number in 0..random.between(1, 3) {
        let chosen: Vec<&Value> = instances.iter().filter(|_| random.chance(50)).collect();
        let Some(first) = chosen.first() else { continue };
        let project = project_of(first);
        let zone = first["zone"].as_str().unwrap_or_default();
        let region = zone.rsplit('/').next().and_then(|zone| zone.rsplit_once('-'));
        let place = format!("{API}projects/{project}/regions/{}", region.map_or("", |(region, _)| region));
        let members =
            chosen.iter().filter(|it| it["zone"] == zone).map(|it| it["selfLink"].clone()).collect();
        let kind = *random.pick(&End::ALL);
        let end = kind.add(organisation, number, [zone, &place], members);
        let rules = if random.chance(40) { 2 } else { 1 };
        for one in 0..rules {
            let rule = rule([number, one], &place, kind, &end, random);
            organisation.all("forwardingRules").push(rule);
        }
    }
}

/// What a rule leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Instance,
    Pool,
    Service,
}

impl End {
    const ALL: [Self; 3] = [Self::Instance, Self::Pool, Self::Service];

    /// Adds it; its link.
    fn add(
        self,
        organisation: &mut Organisation,
        number: usize,
        [zone, place]: [&str; 2],
        members: Vec<Value>,
    ) -> String {
        match self {
            Self::Instance => {
                let link = format!("{zone}/targetInstances/target-{number}");
                organisation.all("targetInstances").push(json!({
                    "kind": "compute#targetInstance", "id": format!("410{number}"), "name": format!("target-{number}"),
                    "selfLink": link, "zone": zone, "instance": members[0], "natPolicy": "NO_NAT",
                }));
                link
            }
            Self::Pool => {
                let link = format!("{place}/targetPools/pool-{number}");
                organisation.all("targetPools").push(json!({
                    "kind": "compute#targetPool", "id": format!("420{number}"), "name": format!("pool-{number}"),
                    "selfLink": link, "region": place, "instances": members, "sessionAffinity": "NONE",
                }));
                link
            }
            Self::Service => {
                let (link, group) = (
                    format!("{place}/backendServices/back-{number}"),
                    format!("{zone}/instanceGroups/group-{number}"),
                );
                organisation.all("backendServices").push(json!({
                    "kind": "compute#backendService", "id": format!("440{number}"), "name": format!("back-{number}"),
                    "selfLink": link, "region": place, "loadBalancingScheme": "EXTERNAL", "protocol": "UNSPECIFIED",
                    "backends": [{"group": group, "balancingMode": "CONNECTION"}],
                }));
                organisation.all("instanceGroups").push(json!({
                    "kind": "compute#instanceGroup", "id": format!("450{number}"), "name": format!("group-{number}"),
                    "selfLink": group, "zone": zone, "size": members.len(),
                }));
                let items: Vec<Value> =
                    members.into_iter().map(|it| json!({"instance": it, "status": "RUNNING"})).collect();
                organisation
                    .all("instanceGroupMembers")
                    .push(json!({"instanceGroup": group, "items": items}));
                link
            }
        }
    }

    const fn protocols(self) -> &'static [&'static str] {
        match self {
            Self::Instance => &["TCP", "UDP", "ESP", "AH", "ICMP", "SCTP", "L3_DEFAULT"],
            Self::Pool => &["TCP", "UDP"],
            Self::Service => &["TCP", "UDP", "L3_DEFAULT"],
        }
    }
}

/// The second of two rules of one address is for some clients, or for a protocol the first does not name.
fn rule([number, one]: [usize; 2], place: &str, kind: End, end: &str, random: &mut Random) -> Value {
    let protocol = if one == 0 { *random.pick(kind.protocols()) } else { *random.pick(&["TCP", "UDP"]) };
    let name = format!("forward-{number}{one}");
    let mut rule = json!({
        "kind": "compute#forwardingRule", "id": format!("430{number}{one}"), "name": name,
        "selfLink": format!("{place}/forwardingRules/{name}"), "region": place,
        "IPAddress": format!("203.0.113.{}", 100 + number), "IPProtocol": protocol,
        "loadBalancingScheme": "EXTERNAL", "networkTier": "PREMIUM",
    });
    let key = if kind == End::Service { "backendService" } else { "target" };
    rule[key] = end.into();
    match protocol {
        "L3_DEFAULT" => rule["allPorts"] = true.into(),
        "TCP" | "UDP" | "SCTP" => {
            let range = range(random);
            let (first, last) = range.split_once('-').unwrap_or((&range, &range));
            let [first, last] = [first, last].map(|port| if port == "0" { "1" } else { port });
            if kind == End::Service && first == last {
                rule["ports"] = json!([first]);
            } else {
                rule["portRange"] = format!("{first}-{last}").into();
            }
        }
        _ => {}
    }
    if one == 1 || random.chance(25) {
        rule["sourceIpRanges"] = json!([cidr4(random)]);
    }
    rule
}
