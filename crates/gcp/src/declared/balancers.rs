//! Load balancers: forwarding rules, proxies, URL maps, backend services and buckets.

use cloud::json::Tree;

use super::Out;
use super::networks::has_items;
use super::shape::{Shape, Words, each};
use super::world::{Thing, World};

pub(super) fn lower<'w, 'a>(world: &'w World<'w, 'a>, out: &mut Out<'_, '_, 'a>) {
    for kind in ["google_compute_forwarding_rule", "google_compute_global_forwarding_rule"] {
        world.of_kind(kind).for_each(|thing| forwarding_rule(thing, out));
    }
    for (kinds, name, word) in PROXIES {
        for thing in kinds.iter().flat_map(|kind| world.of_kind(kind)) {
            let shape = Shape::of(thing, &PROXY);
            out.add(name, word, thing, shape);
        }
    }
    for kind in ["google_compute_url_map", "google_compute_region_url_map"] {
        for thing in world.of_kind(kind) {
            let mut shape = Shape::of(thing, &URL_MAP);
            // A rule for hosts names one matcher in the word that the map has its matchers under.
            shape.edit("hostRules", |rules| {
                each(rules, |rule| match rule {
                    Tree::Object(mut rule) => {
                        rule.rename("pathMatchers", "pathMatcher");
                        Tree::Object(rule)
                    }
                    other => other,
                })
            });
            out.add("url-map", "compute#urlMap", thing, shape);
        }
    }
    // A backend service of a region is for clients inside unless it says otherwise.
    for (kind, default) in [
        ("google_compute_backend_service", "EXTERNAL"),
        ("google_compute_region_backend_service", "INTERNAL"),
    ] {
        for thing in world.of_kind(kind) {
            let mut shape = Shape::of(thing, &BACKEND);
            shape.or_text("loadBalancingScheme", default);
            asks_identity(&mut shape);
            out.add("backend-service", "compute#backendService", thing, shape);
        }
    }
    for thing in world.of_kind("google_compute_backend_bucket") {
        let shape = Shape::of(thing, &PROXY);
        out.add("backend-bucket", "compute#backendBucket", thing, shape);
    }
    for thing in world.of_kind("google_compute_vpn_gateway") {
        let shape = Shape::of(thing, &PROXY);
        out.add("target-vpn-gateway", "compute#targetVpnGateway", thing, shape);
    }
}

fn forwarding_rule<'a>(thing: Thing<'_, 'a>, out: &mut Out<'_, '_, 'a>) {
    let mut shape = Shape::of(thing, &RULE);
    shape.or_text("loadBalancingScheme", "EXTERNAL");
    shape.or_text("IPProtocol", "TCP");
    // A reserved address may be named by its path or its name; the API answers the number.
    let number = match shape.get("IPAddress") {
        Some(Tree::Text(named)) if named.contains('/') && cloud::grammar::prefix(named).is_err() => {
            let kinds = ["google_compute_address", "google_compute_global_address"];
            Some(thing.world.at_path(named, &kinds).and_then(|address| address.resolved("address")))
        }
        None => Some(None),
        Some(_) => None,
    };
    match number {
        Some(Some(number)) => shape.set("IPAddress", number),
        Some(None) => shape.set("IPAddress", Tree::unknown(cloud::json::Cause::Computed, "")),
        None => {}
    }
    // Lists of nothing are left out, of one port in a range too.
    for key in ["ports", "portRange"] {
        if matches!(shape.get(key), Some(Tree::Text(text)) if text.trim().is_empty()) {
            shape.take(key);
        }
    }
    out.add("forwarding-rule", "compute#forwardingRule", thing, shape);
}

/// Providers before version 6 have no switch: the block is one.
fn asks_identity(shape: &mut Shape<'_>) {
    let asks = match shape.get("iap") {
        Some(Tree::Object(iap)) => iap.own("enabled").is_none(),
        _ => false,
    };
    if asks {
        let mut switch = Shape::empty(None);
        switch.set("enabled", Tree::Flag(true));
        shape.set("iap", Tree::Object(switch.node()));
    }
    if !has_items(shape.get("backends")) {
        shape.take("backends");
    }
}

const PROXIES: &[(&[&str], &str, &str)] = &[
    (
        &["google_compute_target_http_proxy", "google_compute_region_target_http_proxy"],
        "target-http-proxy",
        "compute#targetHttpProxy",
    ),
    (
        &["google_compute_target_https_proxy", "google_compute_region_target_https_proxy"],
        "target-https-proxy",
        "compute#targetHttpsProxy",
    ),
    (
        &["google_compute_target_tcp_proxy", "google_compute_region_target_tcp_proxy"],
        "target-tcp-proxy",
        "compute#targetTcpProxy",
    ),
    (&["google_compute_target_ssl_proxy"], "target-ssl-proxy", "compute#targetSslProxy"),
    (&["google_compute_target_grpc_proxy"], "target-grpc-proxy", "compute#targetGrpcProxy"),
];

const RULE: Words =
    Words { alone: &[], blocks: &[], renamed: &[("ip_address", "IPAddress"), ("ip_protocol", "IPProtocol")] };
const PROXY: Words = Words { alone: &[], blocks: &[], renamed: &[("backend_service", "service")] };
const BACKEND: Words = Words { alone: &["iap"], blocks: &["backend"], renamed: &[("backend", "backends")] };
const URL_MAP: Words = Words {
    alone: &[
        "default_route_action",
        "default_url_redirect",
        "default_custom_error_response_policy",
        "custom_error_response_policy",
        "route_action",
        "url_redirect",
        "request_mirror_policy",
    ],
    blocks: &["host_rule", "path_matcher", "path_rule", "route_rules", "weighted_backend_services"],
    renamed: &[("host_rule", "hostRules"), ("path_matcher", "pathMatchers"), ("path_rule", "pathRules")],
};
