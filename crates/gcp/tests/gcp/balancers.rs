//! Load balancers: order of documents, what is missing, the same in every form, many members.

use crate::estate::{API, firewall, network, scan};

const ZONE: &str = "projects/p/zones/europe-west1-b";
const OFFICE: &str = r#"{"priority": 1000, "action": "allow", "preview": false, "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["8.8.8.0/24"]}}}"#;
const NOBODY: &str = r#"{"priority": 2147483647, "action": "deny(403)", "preview": false, "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}}"#;

/// A resource without a place, as REST prints it.
fn global(kind: &str, collection: &str, name: &str, more: &str) -> String {
    format!(
        r#"{{"kind": "compute#{kind}", "name": "{name}", "selfLink": "{API}projects/p/global/{collection}/{name}", {more}}}"#
    )
}

/// An instance of the zone without an external address.
fn machine(name: &str, address: &str) -> String {
    format!(
        r#"{{"kind": "compute#instance", "name": "{name}", "selfLink": "{API}{ZONE}/instances/{name}", "status": "RUNNING", "zone": "{API}{ZONE}",
        "networkInterfaces": [{{"kind": "compute#networkInterface", "name": "nic0", "network": "{API}projects/p/global/networks/net", "networkIP": "{address}"}}]}}"#
    )
}

fn members(names: &[String]) -> String {
    let each = names
        .iter()
        .map(|name| format!(r#"{{"instance": "{API}{ZONE}/instances/{name}", "status": "RUNNING"}}"#));
    let each: Vec<String> = each.collect();
    format!(r#"{{"instanceGroup": "{API}{ZONE}/instanceGroups/group", "items": [{}]}}"#, each.join(", "))
}

/// A proxy with a policy, down to one machine: each kind is one document.
pub(crate) fn proxied() -> Vec<(&'static str, String)> {
    let map = format!(r#""defaultService": "{API}projects/p/global/backendServices/back""#);
    let rule = format!(
        r#""IPAddress": "203.0.113.20", "IPProtocol": "TCP", "portRange": "80-80", "loadBalancingScheme": "EXTERNAL_MANAGED",
        "target": "{API}projects/p/global/targetHttpProxies/proxy""#
    );
    let service = format!(
        r#""loadBalancingScheme": "EXTERNAL_MANAGED", "protocol": "HTTP", "portName": "web", "securityPolicy": "{API}projects/p/global/securityPolicies/armor",
        "backends": [{{"group": "{API}{ZONE}/instanceGroups/group", "capacityScaler": 1.0}}]"#
    );
    let group = format!(
        r#"{{"kind": "compute#instanceGroup", "name": "group", "selfLink": "{API}{ZONE}/instanceGroups/group", "size": 1, "namedPorts": [{{"name": "web", "port": 8080}}]}}"#
    );
    vec![
        ("gcloud compute forwarding-rules list", global("forwardingRule", "forwardingRules", "front", &rule)),
        (
            "gcloud compute target-http-proxies list",
            global(
                "targetHttpProxy",
                "targetHttpProxies",
                "proxy",
                &format!(r#""urlMap": "{API}projects/p/global/urlMaps/map""#),
            ),
        ),
        ("gcloud compute url-maps list", global("urlMap", "urlMaps", "map", &map)),
        (
            "gcloud compute backend-services list",
            global("backendService", "backendServices", "back", &service),
        ),
        (
            "gcloud compute security-policies list",
            global(
                "securityPolicy",
                "securityPolicies",
                "armor",
                &format!(r#""type": "CLOUD_ARMOR", "rules": [{OFFICE}, {NOBODY}]"#),
            ),
        ),
        ("gcloud compute instance-groups list", group),
        ("gcloud compute instance-groups list-instances", members(&["vm".to_owned()])),
        ("gcloud compute networks list", network("net")),
        ("gcloud compute firewall-rules list", firewall("lb", "net", "tcp 8080 0.0.0.0/0")),
        ("gcloud compute instances list", machine("vm", "10.0.0.2")),
    ]
}

const TOLD: [&str; 1] = ["vm via-proxy tcp/8080 narrow 256 / -"];

/// Whatever comes first, whatever comes twice, and all in one document.
#[test]
fn documents_come_in_any_order() {
    let documents: Vec<String> = proxied().into_iter().map(|(_, text)| text).collect();
    for turn in 0..documents.len() {
        let mut turned = documents.clone();
        turned.rotate_left(turn);
        turned.push(documents[turn].clone());
        scan(&turned).check(&TOLD);
        turned.reverse();
        scan(&turned).check(&TOLD);
    }
    scan(&[format!("[{}]", documents.join(", "))]).check(&TOLD);
    scan(&[documents.join("\n")]).check(&TOLD);
}

/// A kind that is wholly absent is named with the command that exports it, and is no gap; and nothing is closed by that.
#[test]
fn what_is_absent_is_missing_with_its_command() {
    let all = proxied();
    let whole = scan(&all.iter().map(|(_, text)| text).collect::<Vec<_>>());
    assert!(
        !whole.snapshot.missing.iter().any(|sentence| sentence.contains("load balancer")),
        "{:?}",
        whole.snapshot.missing
    );
    for (absent, _) in &all[..7] {
        let others: Vec<&String> =
            all.iter().filter(|(command, _)| command != absent).map(|(_, text)| text).collect();
        let answer = scan(&others);
        let missing = &answer.snapshot.missing;
        assert!(missing.iter().any(|sentence| sentence.contains(absent)), "{absent}: {missing:?}");
        assert!(answer.codes().is_empty(), "{absent}: {:?}", answer.codes());
        assert!(!answer.exposures().is_empty(), "{absent}");
    }
}

/// Documents of the asset inventory have no kind, and say whose they are by their names.
#[test]
fn assets_say_the_same() {
    let assets: Vec<String> = proxied()
        .into_iter()
        .filter(|(command, _)| !command.ends_with("list-instances"))
        .map(|(_, text)| {
            let mut data: serde_json::Value = serde_json::from_str(&text).unwrap();
            let kind = data["kind"].as_str().unwrap().trim_start_matches("compute#").to_owned();
            let path = data["selfLink"].as_str().unwrap().trim_start_matches(API).to_owned();
            data.as_object_mut().unwrap().remove("kind");
            if kind == "instance" {
                let maker = format!(
                    "projects/4711/{}/instanceGroupManagers/group",
                    ZONE.trim_start_matches("projects/p/")
                );
                data["metadata"] = serde_json::json!({"items": [{"key": "created-by", "value": maker}]});
            }
            let kind = match (kind.as_str(), path.contains("/global/")) {
                ("forwardingRule", true) => "GlobalForwardingRule".to_owned(),
                (kind, _) => kind[..1].to_uppercase() + &kind[1..],
            };
            let asset = serde_json::json!({
                "name": format!("//compute.googleapis.com/{path}"),
                "assetType": format!("compute.googleapis.com/{kind}"),
                "resource": {"version": "v1", "data": data},
                "ancestors": ["projects/4711", "organizations/1"]
            });
            asset.to_string()
        })
        .collect();
    scan(&assets).check(&TOLD);
}

/// A thousand machines of one group have one filter, and so are one question.
#[test]
fn members_share_what_stands_before_them() {
    let names: Vec<String> = (0..1000).map(|number| format!("vm-{number}")).collect();
    let machines = names
        .iter()
        .enumerate()
        .map(|(at, name)| machine(name, &format!("10.0.{}.{}", at / 200, at % 200 + 2)));
    let mut documents: Vec<String> = machines.collect();
    documents.push(members(&names));
    let others = proxied().into_iter().filter(|(command, _)| !command.ends_with("list-instances"));
    documents.extend(others.map(|(_, text)| text));
    let answer = scan(&documents);
    let paths = answer.snapshot.targets.iter().flat_map(|target| &target.paths);
    let through: Vec<_> = paths.filter(|path| !path.hops.is_empty()).collect();
    assert_eq!(through.len(), 1000);
    let first = through[0];
    assert!(through.iter().all(|path| std::sync::Arc::ptr_eq(&path.filter, &first.filter)));
}

/// What ends at a load balancer says how the content of requests is filtered: by the weakest of the ways there.
#[test]
fn ends_tell_their_content_filter() {
    let waf = r#"{"priority": 5, "action": "deny(403)", "preview": PREVIEW, "match": {"expr": {"expression": "evaluatePreconfiguredWaf('sqli-v33-stable')"}}}"#;
    let everybody = NOBODY.replace("deny(403)", "allow");
    let bucket = |name: &str, policy: &str| {
        let policy = format!(r#""edgeSecurityPolicy": "{API}projects/p/global/securityPolicies/{policy}""#);
        global("backendBucket", "backendBuckets", name, &policy)
    };
    let policy = |name: &str, rules: &str| {
        global("securityPolicy", "securityPolicies", name, &format!(r#""rules": [{rules}, {everybody}]"#))
    };
    let map = |buckets: &[&str]| {
        let each = buckets.iter().map(|name| {
            format!(r#"{{"paths": ["/{name}"], "service": "{API}projects/p/global/backendBuckets/{name}"}}"#)
        });
        let each: Vec<String> = each.collect();
        let first = format!(r#""defaultService": "{API}projects/p/global/backendBuckets/{}""#, buckets[0]);
        let matcher = format!(
            r#"{first}, "hostRules": [{{"hosts": ["*"], "pathMatcher": "m"}}], "pathMatchers": [{{"name": "m", {first}, "pathRules": [{}]}}]"#,
            each.join(", ")
        );
        global("urlMap", "urlMaps", "map", &matcher)
    };
    for (buckets, expected) in [
        (&["strong"][..], Some("prevention")),
        (&["strong", "weak"], Some("detection")),
        (&["strong", "weak", "lost"], Some("unknown")),
        (&["strong", "plain"], None),
    ] {
        let mut documents: Vec<String> = proxied().into_iter().take(2).map(|(_, text)| text).collect();
        documents.extend([
            map(buckets),
            bucket("strong", "on"),
            bucket("weak", "preview"),
            bucket("lost", "lost"),
            bucket("plain", "addresses"),
            policy("on", &waf.replace("PREVIEW", "false")),
            policy("preview", &waf.replace("PREVIEW", "true")),
            policy("addresses", OFFICE),
        ]);
        let answer = scan(&documents);
        let front = answer.snapshot.targets.iter().find(|target| &*target.name == "front").unwrap();
        let told = front.attributes.iter().find(|(name, _)| *name == "waf").map(|(_, word)| &**word);
        assert_eq!(told, expected, "{buckets:?}");
    }
}

/// Targets that refer to each other in a circle, and rules of an address without end.
#[test]
fn circles_end() {
    let pool = |name: &str, backup: &str| {
        format!(
            r#"{{"kind": "compute#targetPool", "name": "{name}", "selfLink": "{API}projects/p/regions/r/targetPools/{name}", "backupPool": "{API}projects/p/regions/r/targetPools/{backup}"}}"#
        )
    };
    let rule = format!(
        r#"{{"kind": "compute#forwardingRule", "name": "front", "selfLink": "{API}projects/p/regions/r/forwardingRules/front", "IPAddress": "203.0.113.20", "IPProtocol": "TCP",
        "portRange": "22-22", "loadBalancingScheme": "EXTERNAL", "target": "{API}projects/p/regions/r/targetPools/a"}}"#
    );
    scan(&[rule, pool("a", "b"), pool("b", "a")]).check(&[]);
}
