//! Networks, subnetworks, addresses, routes and routers.
//!
//! Every network has routes that nobody declares: to its subnetworks, and to the Internet unless these are taken away.

use std::collections::BTreeSet;

use cloud::json::{Cause, Tree};

use crate::resource::path_of;

use super::Out;
use super::shape::{Shape, Words, items, perhaps};
use super::world::{Thing, World};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for thing in world.of_kind("google_compute_network") {
        let mut shape = Shape::of(thing, &PLAIN);
        if let Some(number) = ["network_id", "numeric_id"].iter().find_map(|key| thing.text(key)) {
            shape.set_text("id", number.to_owned());
        }
        out.add("network", "compute#network", thing, shape);
        default_routes(thing, out);
    }
    for thing in world.of_kind("google_compute_subnetwork") {
        let mut shape = Shape::of(thing, &SUBNETWORK);
        shape.set_text("region", thing.region());
        let network = shape.get("network").cloned();
        let ranges: Vec<Tree<'a>> = shape.get("ipCidrRange").cloned().into_iter().collect();
        out.add("subnetwork", "compute#subnetwork", thing, shape);
        for range in ranges {
            let mut route = Shape::empty(thing.at());
            route.entries.extend(network.clone().map(|network| ("network".into(), network.clone())));
            route.entries.extend(network.clone().map(|network| ("nextHopNetwork".into(), network)));
            route.set("destRange", range);
            named_route(thing, "subnet", route, out);
        }
    }
    for thing in world.of_kind("google_compute_address").chain(world.of_kind("google_compute_global_address"))
    {
        let mut shape = Shape::of(thing, &PLAIN);
        // Of both types the default is the same.
        shape.or_text("addressType", "EXTERNAL");
        out.add("address", "compute#address", thing, shape);
    }
    routes(world, out);
    for thing in world.of_kind("google_compute_router") {
        let shape = Shape::of(thing, &PLAIN);
        out.add("router", "compute#router", thing, shape);
    }
    for thing in world.of_kind("google_compute_router_peer") {
        let router = thing.word("router").unwrap_or_default();
        let path = match router.contains('/') {
            true => path_of(&router).to_owned(),
            false => format!("projects/{}/regions/{}/routers/{router}", thing.project(), thing.region()),
        };
        // A peer of a router that is elsewhere changes nothing that is known of it.
        let peer = Tree::Object(Shape::of(thing, &PLAIN).node());
        if let Some(router) = out.known("router", &path) {
            Out::push(router, "bgpPeers", peer);
        }
    }
}

fn routes<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut elsewhere: BTreeSet<String> = BTreeSet::new();
    for thing in world.of_kind("google_compute_route") {
        let mut shape = Shape::of(thing, &PLAIN);
        shape.or_text("priority", "1000");
        if thing.is_perhaps() {
            shape.set("routeStatus", perhaps());
        }
        if let Some(Tree::Text(network)) = shape.get("network") {
            let path = match network.contains('/') {
                true => path_of(network).to_owned(),
                false => format!("projects/{}/global/networks/{network}", thing.project()),
            };
            let is_new = out.known("network", &path).is_none() && elsewhere.insert(path.clone());
            if is_new {
                // The network has others, which are not in the configuration.
                let mut other = Shape::empty(thing.at());
                other.set_text("network", path);
                other.set_text("destRange", "0.0.0.0/0");
                other.set("nextHopGateway", Tree::unknown(Cause::Existing, "the default route"));
                other.set_text("routeStatus", "PENDING");
                named_route(thing, "others", other, out);
            }
        }
        out.add("route", "compute#route", thing, shape);
    }
    for thing in world.of_kind("google_network_connectivity_policy_based_route") {
        let mut shape = Shape::of(thing, &POLICY_ROUTE);
        if thing.is_perhaps() {
            shape.set("nextHopOtherRoutes", perhaps());
        }
        out.add("policy-based-route", "networkconnectivity#policyBasedRoute", thing, shape);
    }
}

/// The routes that Google makes with a network.
fn default_routes<'a>(network: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let path = network.path();
    let gateway = format!("projects/{}/global/gateways/default-internet-gateway", network.project());
    let mut add = |name: &str, range: &'static str, hop: Option<Tree<'a>>| {
        let Some(hop) = hop else { return };
        let mut route = Shape::empty(network.at());
        route.set_text("network", path.clone());
        route.set_text("destRange", range);
        route.set_text("priority", "1000");
        route.set("nextHopGateway", hop);
        named_route(network, name, route, out);
    };
    let is_there = || Some(Tree::Text(gateway.clone().into()));
    let v4 = match network.value("delete_default_routes_on_create") {
        Some(Tree::Flag(true)) => None,
        Some(Tree::Text(word)) if word.eq_ignore_ascii_case("true") => None,
        Some(unknown @ Tree::Unknown(_)) => Some(unknown.clone()),
        _ => is_there(),
    };
    add("default", "0.0.0.0/0", v4);
    add("default-v6", "::/0", is_there());
    // Networks that make their subnetworks themselves have them all in one range.
    if !matches!(network.value("auto_create_subnetworks"), Some(Tree::Flag(false))) {
        let mut route = Shape::empty(network.at());
        route.set_text("network", path.clone());
        route.set_text("nextHopNetwork", path);
        route.set_text("destRange", "10.128.0.0/9");
        named_route(network, "auto", route, out);
    }
}

/// A route that nobody declares, with a name of its own.
fn named_route<'a>(of: Thing<'_, 'a>, word: &str, mut route: Shape<'a>, out: &mut Out<'_, '_, 'a>) {
    let name = format!("{word}-route-{}", of.name());
    let path = format!("projects/{}/global/routes/{name}", of.project());
    route.set_text("name", name);
    route.set_text("selfLink", path.clone());
    out.put("route", "compute#route", path, route);
}

/// Whether a value lists something.
pub(super) fn has_items(value: Option<&Tree<'_>>) -> bool {
    !items(value).is_empty()
}

const PLAIN: Words = Words { alone: &[], blocks: &[], renamed: &[] };
const SUBNETWORK: Words = Words {
    alone: &[],
    blocks: &["secondary_ip_range"],
    renamed: &[("secondary_ip_range", "secondaryIpRanges")],
};
const POLICY_ROUTE: Words =
    Words { alone: &["filter", "virtual_machine", "interconnect_attachment"], blocks: &[], renamed: &[] };
