//! The project, and everything that can be asked of it.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::entries::{Asked, Ended};
use super::machine::{ACCOUNTS, Machine, tags};
use super::network::{NETWORKS, Route, Rule};
use super::policy::{GROUP, Policy, PolicyRule, association, group};
use super::{link, path};
use crate::histories::Export;
use crate::random::Random;

/// The project.
#[derive(Clone, Debug)]
pub(super) struct Cloud {
    /// Whether policies are asked before the rules of a network.
    is_policy_first: [bool; 2],
    rules: BTreeMap<String, Rule>,
    machines: BTreeMap<usize, Machine>,
    routes: BTreeMap<String, Route>,
    policies: BTreeMap<String, Policy>,
    group: Vec<&'static str>,
    /// How many names were given.
    count: usize,
}

impl Cloud {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut cloud = Self {
            is_policy_first: [false, random.chance(50)],
            rules: BTreeMap::new(),
            machines: BTreeMap::new(),
            routes: BTreeMap::new(),
            policies: BTreeMap::new(),
            group: vec!["198.51.100.0/24"],
            count: 0,
        };
        for number in 0..2 {
            let route = Route { network: number, range: "0.0.0.0/0", tags: Vec::new() };
            cloud.routes.insert(format!("default-route-{:016x}", 7 + number), route);
        }
        for _ in 0..random.between(2, 6) {
            let name = cloud.name("rule");
            cloud.rules.insert(name, Rule::random(random));
        }
        for _ in 0..random.between(2, 4) {
            cloud.count += 1;
            cloud.machines.insert(cloud.count, Machine::random(cloud.count, random));
        }
        cloud
    }

    fn name(&mut self, word: &str) -> String {
        self.count += 1;
        format!("{word}-{}", self.count)
    }

    /// Everything as `gcloud … list` prints it. Rules and instances that nothing lets in stand there always: a list without
    /// any says nothing.
    pub(super) fn export(&self) -> Export {
        let networks = (0..2).map(|number| {
            let order = if self.is_policy_first[number] { "BEFORE_CLASSIC_FIREWALL" } else { "AFTER_CLASSIC_FIREWALL" };
            let name = NETWORKS[number];
            let mut network = json!({
                "kind": "compute#network", "id": format!("100{number}"), "name": name, "autoCreateSubnetworks": false,
                "selfLink": link(&path("global/networks", name)), "networkFirewallPolicyEnforcementOrder": order,
            });
            let policy = self.policies.iter().find(|(_, policy)| policy.networks.contains(&number));
            if let Some((name, _)) = policy.filter(|_| number == 0) {
                network["firewallPolicy"] = link(&path("global/firewallPolicies", name)).into();
            }
            network
        });
        let keeper = json!({
            "kind": "compute#firewall", "name": "keeper", "selfLink": link(&path("global/firewalls", "keeper")),
            "network": link(&path("global/networks", "prod")), "direction": "EGRESS", "priority": 1000, "disabled": false,
            "destinationRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "all"}],
        });
        let unused = json!({
            "kind": "compute#firewallPolicy", "id": "9", "name": "unused", "rules": [], "associations": [],
            "selfLink": link(&path("global/firewallPolicies", "unused")),
        });
        let lists: [(&str, Vec<Value>); 6] = [
            ("networks", networks.collect()),
            ("routes", self.routes.iter().map(|(name, route)| route.export(name)).collect()),
            ("firewalls", self.rules.iter().map(|(name, rule)| rule.export(name)).chain([keeper]).collect()),
            ("instances", self.machines.values().map(Machine::export).collect()),
            (
                "policies",
                self.policies.iter().map(|(name, policy)| policy.export(name)).chain([unused]).collect(),
            ),
            ("groups", vec![group(&self.group)]),
        ];
        let file =
            |(name, list): (&str, Vec<Value>)| (format!("{name}.json"), Value::Array(list).to_string());
        lists.into_iter().map(file).collect()
    }

    /// Does something, or tries to.
    pub(super) fn operate(&mut self, random: &mut Random) -> Asked {
        if random.chance(4) {
            return Asked {
                ended: Ended::Read,
                ..Asked::new("v1.compute.firewalls.list", "projects/tailspin", json!({}))
            };
        }
        let ended = match random.below(100) {
            0..=3 => Ended::Denied,
            4..=6 => Ended::Failed,
            7..=9 => Ended::FailedLater,
            _ => Ended::Done,
        };
        let untouched = self.clone();
        let mut asked = loop {
            if let Some(asked) = self.attempt(random) {
                break asked;
            }
        };
        if ended != Ended::Done {
            let count = self.count;
            *self = Self { count, ..untouched };
            asked.ended = if ended == Ended::FailedLater && asked.is_short { Ended::Failed } else { ended };
        }
        asked
    }

    fn attempt(&mut self, random: &mut Random) -> Option<Asked> {
        match random.below(100) {
            0..=13 => Some(self.insert_rule(random)),
            14..=34 => self.patch_rule(random),
            35..=40 => self.update_rule(random),
            41..=50 => self.delete_rule(random),
            51..=55 => Some(self.insert_machine(random)),
            56..=57 => self.delete_machine(random),
            58..=72 => self.change_machine(random),
            73..=75 => self.route(random),
            76..=94 => self.policy(random),
            95..=97 => Some(self.items(random)),
            _ => Some(self.order(random)),
        }
    }

    fn insert_rule(&mut self, random: &mut Random) -> Asked {
        let name = self.name("rule");
        let mut rule = Rule::random(random);
        if self.rules.len() > 12 {
            rule.is_disabled = true;
        }
        let own = path("global/firewalls", &name);
        let version = *random.pick(&["v1", "beta"]);
        let asked =
            Asked::new(&format!("{version}.compute.firewalls.insert"), &own, rule.request(&name, random));
        self.rules.insert(name, rule);
        asked
    }

    fn any_rule(&self, random: &mut Random) -> Option<String> {
        let names: Vec<&String> = self.rules.keys().collect();
        if names.is_empty() { None } else { Some((*random.pick(&names)).clone()) }
    }

    fn patch_rule(&mut self, random: &mut Random) -> Option<Asked> {
        let name = self.any_rule(random)?;
        let rule = self.rules.get_mut(&name)?;
        let original = random.chance(70).then(|| rule.original(&name));
        if !rule.source_tags.is_empty() && rule.ranges.is_empty() {
            rule.ranges = vec!["10.0.0.0/8"];
        }
        let mut request = rule.patch(random);
        // What was nothing before has to be said.
        if rule.is_inbound && !rule.source_tags.is_empty() {
            request["sourceRanges"] = json!(rule.ranges);
        }
        let own = path("global/firewalls", &name);
        Some(Asked { original, ..Asked::new("v1.compute.firewalls.patch", &own, request) })
    }

    fn update_rule(&mut self, random: &mut Random) -> Option<Asked> {
        let name = self.any_rule(random)?;
        let rule = self.rules.get_mut(&name)?;
        let original = random.chance(70).then(|| rule.original(&name));
        let network = rule.network;
        *rule = Rule { network, ..Rule::random(random) };
        let request = rule.request(&name, random);
        let own = path("global/firewalls", &name);
        Some(Asked { original, ..Asked::new("v1.compute.firewalls.update", &own, request) })
    }

    fn delete_rule(&mut self, random: &mut Random) -> Option<Asked> {
        let name = self.any_rule(random)?;
        let rule = self.rules.remove(&name)?;
        let original = random.chance(50).then(|| rule.original(&name));
        let own = path("global/firewalls", &name);
        Some(Asked { original, ..Asked::new("v1.compute.firewalls.delete", &own, json!({"@type": "t"})) })
    }

    fn insert_machine(&mut self, random: &mut Random) -> Asked {
        self.count += 1;
        let machine = Machine::random(self.count, random);
        let asked = Asked::new("v1.compute.instances.insert", &machine.path(), machine.request());
        self.machines.insert(self.count, machine);
        asked
    }

    fn any_machine(&self, random: &mut Random) -> Option<usize> {
        let numbers: Vec<usize> = self.machines.keys().copied().collect();
        if numbers.is_empty() { None } else { Some(*random.pick(&numbers)) }
    }

    fn delete_machine(&mut self, random: &mut Random) -> Option<Asked> {
        if self.machines.len() < 2 {
            return None;
        }
        let machine = self.machines.remove(&self.any_machine(random)?)?;
        Some(Asked::new("v1.compute.instances.delete", &machine.path(), json!({"@type": "t"})))
    }

    fn change_machine(&mut self, random: &mut Random) -> Option<Asked> {
        let number = self.any_machine(random)?;
        let machine = self.machines.get_mut(&number)?;
        let own = machine.path();
        let of = |verb: &str, request: Value| {
            Some(Asked::new(&format!("v1.compute.instances.{verb}"), &own, request))
        };
        match random.below(5) {
            0 => {
                machine.tags = tags(random);
                match machine.tags.is_empty() {
                    true => of("setTags", json!({"fingerprint": "x"})),
                    false => of("setTags", json!({"fingerprint": "x", "tags": machine.tags})),
                }
            }
            1 => {
                machine.account = Some(*random.pick(&ACCOUNTS));
                of("setServiceAccount", json!({"email": machine.account, "scopes": ["cloud-platform"]}))
            }
            2 => {
                machine.is_running = !machine.is_running;
                of(if machine.is_running { "start" } else { "stop" }, json!({"@type": "t"}))
            }
            _ if machine.address.is_some() => {
                machine.address = None;
                of("deleteAccessConfig", json!({"accessConfig": "External NAT", "networkInterface": "nic0"}))
            }
            _ => {
                machine.address = Some(machine.own_address());
                let mut config = machine.config()?;
                config["networkInterface"] = "nic0".into();
                of("addAccessConfig", config)
            }
        }
    }

    fn route(&mut self, random: &mut Random) -> Option<Asked> {
        if random.chance(50) {
            let name = self.name("route");
            let route = Route::random(random);
            let asked =
                Asked::new("v1.compute.routes.insert", &path("global/routes", &name), route.request(&name));
            self.routes.insert(name, route);
            return Some(asked);
        }
        // One stays, so that the list says something.
        let names: Vec<String> = self.routes.keys().cloned().collect();
        if names.len() < 2 {
            return None;
        }
        let name = random.pick(&names).clone();
        self.routes.remove(&name);
        Some(Asked::new("v1.compute.routes.delete", &path("global/routes", &name), json!({"@type": "t"})))
    }

    fn policy(&mut self, random: &mut Random) -> Option<Asked> {
        let of = |verb: &str, name: &str, request: Value| {
            let own = path("global/firewallPolicies", name);
            Some(Asked::new(&format!("v1.compute.networkFirewallPolicies.{verb}"), &own, request))
        };
        let name = ["edge", "inner1"][random.below(2)];
        let taken: Vec<usize> = self.policies.values().flat_map(|policy| policy.networks.clone()).collect();
        let Some(policy) = self.policies.get_mut(name) else {
            self.policies.insert(name.to_owned(), Policy::default());
            return of("insert", name, json!({"name": name, "description": "of tests"}));
        };
        let priorities: Vec<usize> = policy.rules.keys().copied().collect();
        match random.below(10) {
            0..=2 => {
                let priority = random.between(1, 30);
                if priorities.contains(&priority) {
                    return None;
                }
                let rule = PolicyRule::random(random);
                let request = rule.export(priority);
                policy.rules.insert(priority, rule);
                of("addRule", name, request)
            }
            3..=5 => {
                let priority = *(!priorities.is_empty()).then(|| random.pick(&priorities))?;
                let request = policy.rules.get_mut(&priority)?.patch(priority, random);
                of("patchRule", name, request)
            }
            6 => {
                let priority = *(!priorities.is_empty()).then(|| random.pick(&priorities))?;
                policy.rules.remove(&priority);
                of("removeRule", name, json!({"priority": priority}))
            }
            7..=8 => {
                // A network has one policy.
                let free: Vec<usize> = (0..2).filter(|number| !taken.contains(number)).collect();
                let network = *(!free.is_empty()).then(|| random.pick(&free))?;
                policy.networks.push(network);
                of("addAssociation", name, association(network))
            }
            _ => {
                if let Some(network) = policy.networks.pop() {
                    return of(
                        "removeAssociation",
                        name,
                        json!({"name": format!("at-{}", NETWORKS[network])}),
                    );
                }
                self.policies.remove(name);
                of("delete", name, json!({"@type": "t"}))
            }
        }
    }

    fn items(&mut self, random: &mut Random) -> Asked {
        let item = *random.pick(&["0.0.0.0/1", "128.0.0.0/1", "8.8.8.8/32", "198.51.100.0/24"]);
        let is_there = self.group.contains(&item);
        let verb = match is_there {
            true => {
                self.group.retain(|own| *own != item);
                "RemoveAddressGroupItems"
            }
            false => {
                self.group.push(item);
                "AddAddressGroupItems"
            }
        };
        let method = format!("google.cloud.networksecurity.v1.AddressGroupService.{verb}");
        Asked {
            is_short: true,
            ..Asked::new(&method, GROUP, json!({"addressGroup": GROUP, "items": [item]}))
        }
    }

    fn order(&mut self, random: &mut Random) -> Asked {
        let number = random.below(2);
        self.is_policy_first[number] = !self.is_policy_first[number];
        let order =
            if self.is_policy_first[number] { "BEFORE_CLASSIC_FIREWALL" } else { "AFTER_CLASSIC_FIREWALL" };
        let own = path("global/networks", NETWORKS[number]);
        Asked::new("v1.compute.networks.patch", &own, json!({"networkFirewallPolicyEnforcementOrder": order}))
    }
}
