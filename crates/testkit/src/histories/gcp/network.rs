//! Rules and routes of networks.

use serde_json::{Map, Value, json};

use super::{link, path};
use crate::random::Random;

/// A rule of a network.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Rule {
    pub(super) network: usize,
    pub(super) priority: usize,
    pub(super) is_inbound: bool,
    pub(super) is_disabled: bool,
    pub(super) allows: bool,
    /// Protocol and ports.
    pub(super) layer4: Vec<(&'static str, Vec<&'static str>)>,
    pub(super) ranges: Vec<&'static str>,
    pub(super) source_tags: Vec<&'static str>,
    pub(super) target_tags: Vec<&'static str>,
}

impl Rule {
    pub(super) fn random(random: &mut Random) -> Self {
        let mut rule = Self {
            network: random.below(2),
            priority: *random.pick(&[0, 900, 1000, 1000, 1000, 65535]),
            is_inbound: random.chance(93),
            is_disabled: random.chance(10),
            allows: random.chance(65),
            layer4: layer4(random),
            ranges: ranges(random),
            source_tags: Vec::new(),
            target_tags: if random.chance(40) { vec![*random.pick(&TAGS)] } else { Vec::new() },
        };
        if rule.is_inbound && random.chance(12) {
            rule.source_tags = vec![*random.pick(&TAGS)];
            if random.chance(50) {
                rule.ranges.clear();
            }
        }
        rule
    }

    /// What lists of rules say.
    pub(super) fn export(&self, name: &str) -> Value {
        let own = path("global/firewalls", name);
        let mut rule = json!({
            "kind": "compute#firewall", "name": name, "selfLink": link(&own),
            "network": link(&path("global/networks", NETWORKS[self.network])),
            "direction": if self.is_inbound { "INGRESS" } else { "EGRESS" }, "priority": self.priority,
            "disabled": self.is_disabled, "logConfig": {"enable": false},
        });
        self.put_layer4(&mut rule, ["allowed", "denied"]);
        self.put_ends(&mut rule);
        rule
    }

    /// What a request says: what has its default is left out now and then.
    pub(super) fn request(&self, name: &str, random: &mut Random) -> Value {
        let network = path("global/networks", NETWORKS[self.network]);
        let mut rule = json!({
            "@type": "type.googleapis.com/compute.firewalls.insert", "name": name,
            "network": if random.chance(50) { link(&network) } else { network },
        });
        if self.priority != 1000 || random.chance(50) {
            rule["priority"] = self.priority.to_string().into();
        }
        if !self.is_inbound || random.chance(50) {
            rule["direction"] = if self.is_inbound { "INGRESS" } else { "EGRESS" }.into();
        }
        if self.is_disabled {
            rule["disabled"] = true.into();
        }
        self.put_layer4(&mut rule, ["alloweds", "denieds"]);
        self.put_ends(&mut rule);
        if self.ranges == ["0.0.0.0/0"] && self.source_tags.is_empty() && random.chance(40) {
            let key = if self.is_inbound { "sourceRanges" } else { "destinationRanges" };
            rule.as_object_mut().map(|rule| rule.remove(key));
        }
        rule
    }

    /// What entries say that it was.
    pub(super) fn original(&self, name: &str) -> Value {
        let mut rule = json!({
            "name": name, "network": link(&path("global/networks", NETWORKS[self.network])),
            "direction": if self.is_inbound { "INGRESS" } else { "EGRESS" },
            "priority": self.priority.to_string(),
        });
        if self.is_disabled {
            rule["disabled"] = true.into();
        }
        self.put_layer4(&mut rule, ["alloweds", "denieds"]);
        self.put_ends(&mut rule);
        rule
    }

    fn put_layer4(&self, rule: &mut Value, [allowed, denied]: [&str; 2]) {
        rule[if self.allows { allowed } else { denied }] = self.layer4_in("IPProtocol");
    }

    fn layer4_in(&self, key: &str) -> Value {
        let one = |(protocol, ports): &(&str, Vec<&str>)| {
            let mut one = Map::new();
            one.insert(key.to_owned(), (*protocol).into());
            if !ports.is_empty() {
                one.insert("ports".to_owned(), json!(ports));
            }
            Value::Object(one)
        };
        self.layer4.iter().map(one).collect()
    }

    fn put_ends(&self, rule: &mut Value) {
        let ranges = if self.is_inbound { "sourceRanges" } else { "destinationRanges" };
        for (key, list) in
            [(ranges, &self.ranges), ("sourceTags", &self.source_tags), ("targetTags", &self.target_tags)]
        {
            if !list.is_empty() {
                rule[key] = json!(list);
            }
        }
    }

    /// Changes something; the request that asks for it.
    pub(super) fn patch(&mut self, random: &mut Random) -> Value {
        match random.below(6) {
            0 => {
                self.is_disabled = !self.is_disabled;
                json!({"disabled": self.is_disabled})
            }
            1 => {
                self.priority = *random.pick(&[10, 900, 1000, 2000]);
                json!({"priority": self.priority.to_string()})
            }
            2 => {
                self.layer4 = layer4(random);
                json!({(if self.allows { "alloweds" } else { "denieds" }): self.layer4_in("ipProtocol")})
            }
            3 => {
                self.target_tags = vec![*random.pick(&TAGS)];
                json!({"targetTags": self.target_tags})
            }
            _ => {
                self.ranges = ranges(random);
                let key = if self.is_inbound { "sourceRanges" } else { "destinationRanges" };
                json!({(key): self.ranges})
            }
        }
    }
}

fn layer4(random: &mut Random) -> Vec<(&'static str, Vec<&'static str>)> {
    match random.below(6) {
        0 => vec![("all", Vec::new())],
        1 => vec![("tcp", Vec::new()), ("icmp", Vec::new())],
        2 => vec![("udp", vec!["53", "100-200"]), ("tcp", vec!["22-80"])],
        _ => vec![("tcp", vec![*random.pick(&["22", "80", "443", "3389", "1000-2000", "22-23"])])],
    }
}

pub(super) fn ranges(random: &mut Random) -> Vec<&'static str> {
    let all = [
        vec!["0.0.0.0/0"],
        vec!["0.0.0.0/0"],
        vec!["0.0.0.0/1"],
        vec!["128.0.0.0/1"],
        vec!["0.0.0.0/1", "128.0.0.0/1"],
        vec!["10.0.0.0/8"],
        vec!["198.51.100.9/32"],
        vec!["8.8.8.0/24", "9.0.0.0/8"],
    ];
    random.pick(&all).clone()
}

/// A route to the Internet.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) network: usize,
    pub(super) range: &'static str,
    pub(super) tags: Vec<&'static str>,
}

impl Route {
    pub(super) fn random(random: &mut Random) -> Self {
        Self {
            network: random.below(2),
            range: *random.pick(&["0.0.0.0/0", "0.0.0.0/0", "8.0.0.0/8"]),
            tags: if random.chance(30) { vec![*random.pick(&TAGS)] } else { Vec::new() },
        }
    }

    /// What lists and requests say, but for what only lists do.
    pub(super) fn request(&self, name: &str) -> Value {
        let mut route = json!({
            "name": name, "network": link(&path("global/networks", NETWORKS[self.network])),
            "destRange": self.range, "priority": 1000,
            "nextHopGateway": link(&path("global/gateways", "default-internet-gateway")),
        });
        if !self.tags.is_empty() {
            route["tags"] = json!(self.tags);
        }
        route
    }

    pub(super) fn export(&self, name: &str) -> Value {
        let mut route = self.request(name);
        route["kind"] = "compute#route".into();
        route["selfLink"] = link(&path("global/routes", name)).into();
        route
    }
}

pub(super) const NETWORKS: [&str; 2] = ["prod", "test"];
pub(super) const TAGS: [&str; 3] = ["web", "db", "jump"];
