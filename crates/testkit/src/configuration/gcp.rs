//! A Google Cloud organisation as Terraform.
//!
//! Writes what the lists of `gcloud` say, kind by kind. A kind that is not here cannot be written: the test that compares
//! leaves it out of the export too ([`gcp_kinds`]).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{Body, Configuration, Resource, Term};
use crate::random::Random;

/// The collections that can be written.
#[must_use]
pub fn gcp_kinds() -> Vec<&'static str> {
    WRITERS.iter().map(|(collection, _)| *collection).collect()
}

/// The configuration of these collections.
#[must_use]
pub fn gcp(kinds: &BTreeMap<&'static str, Vec<Value>>, random: &mut Random) -> Configuration {
    let mut writing = Writing { kinds, random, resources: Vec::new(), links: BTreeMap::new() };
    for (collection, write) in WRITERS {
        for value in kinds.get(collection).into_iter().flatten() {
            write(&mut writing, value);
        }
    }
    let provider = vec![("project".to_owned(), Term::from("unused-default"))];
    Configuration { providers: vec![("google".to_owned(), provider)], resources: writing.resources }
}

type Write = fn(&mut Writing<'_>, &Value);

/// Who writes a collection; whoever is referred to stands before those who refer to it.
const WRITERS: [(&str, Write); 11] = [
    ("networks", |writing, value| writing.network(value)),
    ("subnetworks", |writing, value| writing.subnetwork(value)),
    ("firewalls", |writing, value| writing.firewall(value)),
    ("instances", |writing, value| writing.instance(value)),
    ("routes", |writing, value| writing.route(value)),
    ("firewallPolicies", |writing, value| writing.policy(value)),
    ("targetInstances", |writing, value| writing.target_instance(value)),
    ("targetPools", |writing, value| writing.target_pool(value)),
    ("instanceGroups", |writing, value| writing.instance_group(value)),
    ("backendServices", |writing, value| writing.backend_service(value)),
    ("forwardingRules", |writing, value| writing.forwarding_rule(value)),
];

struct Writing<'w> {
    kinds: &'w BTreeMap<&'static str, Vec<Value>>,
    random: &'w mut Random,
    resources: Vec<Resource>,
    /// The address of what a link names.
    links: BTreeMap<String, String>,
}

impl Writing<'_> {
    /// A resource with the name and project of what is written.
    fn named(&self, kind: &str, value: &Value) -> Resource {
        let link = value["selfLink"].as_str().unwrap();
        let project = link.split("/projects/").nth(1).and_then(|rest| rest.split('/').next());
        let name = value["name"].as_str().unwrap();
        let resource = Resource::new(kind, name).with("name", name);
        match project {
            Some(project) => resource.with("project", project),
            None => resource,
        }
    }

    fn push(&mut self, value: &Value, resource: Resource) {
        if let Some(link) = value["selfLink"].as_str() {
            self.links.insert(link.to_owned(), resource.address());
        }
        self.resources.push(resource);
    }

    /// A reference to what a link names; the link, where nothing of it is written.
    fn link(&mut self, link: &Value) -> Term {
        match link.as_str().and_then(|link| self.links.get(link)) {
            Some(address) => {
                let attribute = ["id", "self_link"][self.random.below(2)];
                Term::Refers(address.clone(), attribute.to_owned())
            }
            None => Term::Value(link.clone()),
        }
    }

    fn network(&mut self, value: &Value) {
        let mut resource = self.named("google_compute_network", value).with("auto_create_subnetworks", false);
        copy(
            &mut resource.body,
            value,
            &[("networkFirewallPolicyEnforcementOrder", "network_firewall_policy_enforcement_order")],
        );
        if self.kinds.contains_key("routes") {
            resource = resource.with("delete_default_routes_on_create", true);
        }
        self.push(value, resource);
    }

    fn subnetwork(&mut self, value: &Value) {
        let network = self.link(&value["network"]);
        let mut resource = self
            .named("google_compute_subnetwork", value)
            .with("network", network)
            .with("region", last(&value["region"]));
        let keys = [
            ("ipCidrRange", "ip_cidr_range"),
            ("stackType", "stack_type"),
            ("ipv6AccessType", "ipv6_access_type"),
        ];
        copy(&mut resource.body, value, &keys);
        self.push(value, resource);
    }

    fn firewall(&mut self, value: &Value) {
        let network = self.link(&value["network"]);
        let mut resource = self.named("google_compute_firewall", value).with("network", network);
        copy(&mut resource.body, value, &FIREWALL);
        for (list, block) in [("allowed", "allow"), ("denied", "deny")] {
            let protocols = |entry: &Value| {
                let mut body = vec![("protocol".to_owned(), Term::Value(entry["IPProtocol"].clone()))];
                copy(&mut body, entry, &[("ports", "ports")]);
                body
            };
            if let Some(entries) = value[list].as_array() {
                resource = resource.with(block, Term::Blocks(entries.iter().map(protocols).collect()));
            }
        }
        // What an absent argument means is part of what is compared.
        let is_default = |(key, term): &(String, Term)| match key.as_str() {
            "direction" => *term == Term::from("INGRESS"),
            "priority" => *term == Term::from(1000),
            "disabled" => *term == Term::from(false),
            _ => false,
        };
        if self.random.chance(40) {
            resource.body.retain(|entry| !is_default(entry));
        }
        self.push(value, resource);
    }

    fn instance(&mut self, value: &Value) {
        let mut resource = self
            .named("google_compute_instance", value)
            .with("zone", last(&value["zone"]))
            .with("machine_type", last(&value["machineType"]));
        if let Some(tags) = value["tags"].get("items") {
            resource = resource.with("tags", tags.clone());
        }
        if value["status"] != "RUNNING" {
            resource = resource.with("desired_status", value["status"].clone());
        }
        let interfaces = value["networkInterfaces"].as_array().unwrap();
        let interfaces = interfaces.iter().map(|interface| self.interface(interface)).collect();
        resource = resource.with("network_interface", Term::Blocks(interfaces));
        if let Some(account) = value["serviceAccounts"].get(0) {
            let body = vec![
                ("email".to_owned(), Term::Value(account["email"].clone())),
                ("scopes".to_owned(), Term::Value(account["scopes"].clone())),
            ];
            resource = resource.with("service_account", Term::Blocks(vec![body]));
        }
        self.push(value, resource);
    }

    fn interface(&mut self, value: &Value) -> Body {
        let mut body = vec![("subnetwork".to_owned(), self.link(&value["subnetwork"]))];
        copy(&mut body, value, &[("networkIP", "network_ip"), ("stackType", "stack_type")]);
        let configurations = |key: &str, keys: &[(&str, &str)]| {
            let one = |entry: &Value| {
                let mut body = Body::new();
                copy(&mut body, entry, keys);
                body
            };
            value[key].as_array().map(|entries| Term::Blocks(entries.iter().map(one).collect()))
        };
        if let Some(blocks) = configurations("accessConfigs", &[("natIP", "nat_ip")]) {
            body.push(("access_config".to_owned(), blocks));
        }
        let keys =
            [("externalIpv6", "external_ipv6"), ("externalIpv6PrefixLength", "external_ipv6_prefix_length")];
        if let Some(Term::Blocks(mut blocks)) = configurations("ipv6AccessConfigs", &keys) {
            blocks
                .iter_mut()
                .for_each(|block| block.push(("network_tier".to_owned(), Term::from("PREMIUM"))));
            body.push(("ipv6_access_config".to_owned(), Term::Blocks(blocks)));
        }
        body
    }

    /// Routes of subnetworks come with these, and nobody declares them.
    fn route(&mut self, value: &Value) {
        if value.get("nextHopNetwork").is_some() || value.get("nextHopPeering").is_some() {
            return;
        }
        let network = self.link(&value["network"]);
        let mut resource = self.named("google_compute_route", value).with("network", network);
        copy(
            &mut resource.body,
            value,
            &[("destRange", "dest_range"), ("priority", "priority"), ("tags", "tags")],
        );
        match value["nextHopGateway"].as_str() {
            Some(_) if self.random.chance(60) => {
                resource = resource.with("next_hop_gateway", "default-internet-gateway");
            }
            _ => copy(&mut resource.body, value, &HOPS),
        }
        self.push(value, resource);
    }

    /// A policy of a holder or of a network, its rules and associations as resources of their own.
    fn policy(&mut self, value: &Value) {
        let link = value["selfLink"].as_str().unwrap();
        let region = link.split("/regions/").nth(1).and_then(|rest| rest.split('/').next());
        let (prefix, key) = match (link.contains("/projects/"), region) {
            (false, _) => ("google_compute_firewall_policy", "firewall_policy"),
            (true, None) => ("google_compute_network_firewall_policy", "firewall_policy"),
            (true, Some(_)) => ("google_compute_region_network_firewall_policy", "firewall_policy"),
        };
        let is_of_holder = prefix == "google_compute_firewall_policy";
        let mut own = match is_of_holder {
            true => Resource::new(prefix, value["shortName"].as_str().unwrap())
                .with("short_name", value["shortName"].clone())
                .with("parent", value["parent"].clone()),
            false => self.named(prefix, value),
        };
        let placed = |mut resource: Resource| {
            resource.body.extend(own.body.iter().filter(|(key, _)| key == "project").cloned());
            match region {
                Some(region) => resource.with("region", region),
                None => resource,
            }
        };
        let name = own.name.clone();
        let policy = own.refers(if is_of_holder { "id" } else { "name" });
        let rules =
            value["rules"].as_array().unwrap().iter().filter(|rule| rule["description"] != "default rule");
        let mut parts: Vec<Resource> = Vec::new();
        for rule in rules {
            let resource = Resource::new(&format!("{prefix}_rule"), &format!("{name}-{}", rule["priority"]))
                .with(key, policy.clone());
            let mut resource = placed(resource);
            copy(&mut resource.body, rule, &POLICY_RULE);
            secure_tags(&mut resource.body, rule, ("targetSecureTags", "target_secure_tags"));
            if let Some(targets) = rule["targetResources"].as_array() {
                let targets = targets.iter().map(|target| self.link(target)).collect();
                resource = resource.with("target_resources", Term::List(targets));
            }
            parts.push(resource.with("match", Term::Blocks(vec![matched(&rule["match"])])));
        }
        for association in value["associations"].as_array().unwrap() {
            let target = match is_of_holder {
                true => Term::Value(association["attachmentTarget"].clone()),
                false => self.link(&association["attachmentTarget"]),
            };
            let resource = Resource::new(&format!("{prefix}_association"), &name)
                .with("name", association["name"].clone())
                .with("attachment_target", target)
                .with(key, policy.clone());
            parts.push(placed(resource));
        }
        if let Some(region) = region {
            own = own.with("region", region);
        }
        self.push(value, own);
        self.resources.extend(parts);
    }

    fn target_instance(&mut self, value: &Value) {
        let instance = self.link(&value["instance"]);
        let resource = self
            .named("google_compute_target_instance", value)
            .with("zone", last(&value["zone"]))
            .with("instance", instance);
        self.push(value, resource);
    }

    fn target_pool(&mut self, value: &Value) {
        let instances = self.list(value["instances"].as_array().unwrap().iter());
        let resource = self
            .named("google_compute_target_pool", value)
            .with("region", last(&value["region"]))
            .with("instances", instances);
        self.push(value, resource);
    }

    /// Members are told in a list of their own.
    fn instance_group(&mut self, value: &Value) {
        let members = self.kinds.get("instanceGroupMembers").into_iter().flatten();
        let members = members.filter(|list| list["instanceGroup"] == value["selfLink"]);
        let links: Vec<&Value> = members
            .filter_map(|list| list["items"].as_array())
            .flatten()
            .map(|item| &item["instance"])
            .collect();
        let instances = self.list(links.into_iter());
        let resource = self
            .named("google_compute_instance_group", value)
            .with("zone", last(&value["zone"]))
            .with("instances", instances);
        self.push(value, resource);
    }

    fn backend_service(&mut self, value: &Value) {
        let backends = value["backends"].as_array().unwrap();
        let backends = backends.iter().map(|backend| {
            vec![
                ("group".to_owned(), self.link(&backend["group"])),
                ("balancing_mode".to_owned(), Term::Value(backend["balancingMode"].clone())),
            ]
        });
        let backends = Term::Blocks(backends.collect());
        let mut resource = self
            .named("google_compute_region_backend_service", value)
            .with("region", last(&value["region"]))
            .with("backend", backends);
        copy(
            &mut resource.body,
            value,
            &[("loadBalancingScheme", "load_balancing_scheme"), ("protocol", "protocol")],
        );
        self.push(value, resource);
    }

    fn forwarding_rule(&mut self, value: &Value) {
        let mut resource =
            self.named("google_compute_forwarding_rule", value).with("region", last(&value["region"]));
        copy(&mut resource.body, value, &FORWARDING);
        for (key, argument) in [("target", "target"), ("backendService", "backend_service")] {
            if value.get(key).is_some() {
                let end = self.link(&value[key]);
                resource = resource.with(argument, end);
            }
        }
        self.push(value, resource);
    }

    fn list<'v>(&mut self, links: impl Iterator<Item = &'v Value>) -> Term {
        Term::List(links.map(|link| self.link(link)).collect())
    }
}

/// What packets a rule of a policy is about.
fn matched(value: &Value) -> Body {
    let mut body = Body::new();
    copy(&mut body, value, &MATCH);
    secure_tags(&mut body, value, ("srcSecureTags", "src_secure_tags"));
    let layers = value["layer4Configs"].as_array().unwrap().iter().map(|entry| {
        let mut body = vec![("ip_protocol".to_owned(), Term::Value(entry["ipProtocol"].clone()))];
        copy(&mut body, entry, &[("ports", "ports")]);
        body
    });
    body.push(("layer4_configs".to_owned(), Term::Blocks(layers.collect())));
    body
}

/// Secure tags are blocks.
fn secure_tags(body: &mut Body, value: &Value, (key, argument): (&str, &str)) {
    let Some(tags) = value[key].as_array() else { return };
    let tags = tags.iter().map(|tag| {
        let mut body = Body::new();
        copy(&mut body, tag, &[("name", "name"), ("state", "state")]);
        body
    });
    body.push((argument.to_owned(), Term::Blocks(tags.collect())));
}

/// Arguments that say what a key says.
fn copy(body: &mut Body, value: &Value, keys: &[(&str, &str)]) {
    for (key, argument) in keys {
        if let Some(said) = value.get(key) {
            body.push(((*argument).to_owned(), Term::Value(said.clone())));
        }
    }
}

/// The last name of a link.
fn last(link: &Value) -> Value {
    json!(link.as_str().unwrap().rsplit('/').next())
}

const FIREWALL: [(&str, &str); 9] = [
    ("direction", "direction"),
    ("priority", "priority"),
    ("disabled", "disabled"),
    ("sourceRanges", "source_ranges"),
    ("destinationRanges", "destination_ranges"),
    ("sourceTags", "source_tags"),
    ("targetTags", "target_tags"),
    ("sourceServiceAccounts", "source_service_accounts"),
    ("targetServiceAccounts", "target_service_accounts"),
];
const HOPS: [(&str, &str); 3] = [
    ("nextHopGateway", "next_hop_gateway"),
    ("nextHopInstance", "next_hop_instance"),
    ("nextHopVpnTunnel", "next_hop_vpn_tunnel"),
];
const POLICY_RULE: [(&str, &str); 5] = [
    ("priority", "priority"),
    ("direction", "direction"),
    ("action", "action"),
    ("disabled", "disabled"),
    ("targetServiceAccounts", "target_service_accounts"),
];
const MATCH: [(&str, &str); 6] = [
    ("srcIpRanges", "src_ip_ranges"),
    ("destIpRanges", "dest_ip_ranges"),
    ("srcAddressGroups", "src_address_groups"),
    ("srcFqdns", "src_fqdns"),
    ("srcRegionCodes", "src_region_codes"),
    ("srcThreatIntelligences", "src_threat_intelligences"),
];
const FORWARDING: [(&str, &str); 7] = [
    ("IPAddress", "ip_address"),
    ("IPProtocol", "ip_protocol"),
    ("portRange", "port_range"),
    ("ports", "ports"),
    ("allPorts", "all_ports"),
    ("loadBalancingScheme", "load_balancing_scheme"),
    ("sourceIpRanges", "source_ip_ranges"),
];
