//! Firewall policies of networks, and the address group that their rules name.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::machine::ACCOUNTS;
use super::network::{NETWORKS, ranges};
use super::{link, path};
use crate::random::Random;

/// A policy with rules by priority.
#[derive(Clone, Debug, Default)]
pub(super) struct Policy {
    pub(super) rules: BTreeMap<usize, PolicyRule>,
    /// The networks it is in force in.
    pub(super) networks: Vec<usize>,
}

/// A rule of a policy.
#[derive(Clone, Debug)]
pub(super) struct PolicyRule {
    action: &'static str,
    ranges: Vec<&'static str>,
    names_group: bool,
    ports: Vec<&'static str>,
    account: Option<&'static str>,
    is_disabled: bool,
}

impl PolicyRule {
    pub(super) fn random(random: &mut Random) -> Self {
        let names_group = random.chance(25);
        Self {
            action: *random.pick(&["allow", "allow", "deny", "goto_next"]),
            ranges: if names_group { Vec::new() } else { ranges(random) },
            names_group,
            ports: random.pick(&[vec!["22"], vec!["443"], vec!["1-1023"], Vec::new()]).clone(),
            account: random.chance(20).then(|| *random.pick(&ACCOUNTS)),
            is_disabled: random.chance(10),
        }
    }

    pub(super) fn export(&self, priority: usize) -> Value {
        let mut rule = json!({
            "priority": priority, "action": self.action, "direction": "INGRESS", "match": self.matched(),
        });
        if self.is_disabled {
            rule["disabled"] = true.into();
        }
        if let Some(account) = self.account {
            rule["targetServiceAccounts"] = json!([account]);
        }
        rule
    }

    fn matched(&self) -> Value {
        let mut layer4 = json!({"ipProtocol": "tcp"});
        if !self.ports.is_empty() {
            layer4["ports"] = json!(self.ports);
        }
        match self.names_group {
            true => json!({"srcAddressGroups": [GROUP], "layer4Configs": [layer4]}),
            false => json!({"srcIpRanges": self.ranges, "layer4Configs": [layer4]}),
        }
    }

    /// Changes something; the request that asks for it.
    pub(super) fn patch(&mut self, priority: usize, random: &mut Random) -> Value {
        match random.below(3) {
            0 => {
                self.is_disabled = !self.is_disabled;
                json!({"priority": priority, "disabled": self.is_disabled})
            }
            1 => {
                self.action = *random.pick(&["allow", "deny"]);
                json!({"priority": priority, "action": self.action})
            }
            _ if self.names_group => {
                self.ports = vec!["8080"];
                json!({"priority": priority, "match": {"layer4Configs": [{"ipProtocol": "tcp", "ports": ["8080"]}]}})
            }
            _ => {
                self.ranges = ranges(random);
                json!({"priority": priority, "match": {"srcIpRanges": self.ranges}})
            }
        }
    }
}

impl Policy {
    pub(super) fn export(&self, name: &str) -> Value {
        let own = path("global/firewallPolicies", name);
        let everyone = |priority: usize, range: &str| {
            json!({"priority": priority, "action": "goto_next", "direction": "INGRESS",
                "match": {"srcIpRanges": [range], "layer4Configs": [{"ipProtocol": "all"}]}})
        };
        let rules = self.rules.iter().map(|(priority, rule)| rule.export(*priority));
        let rules = rules.chain([everyone(2_147_483_645, "::/0"), everyone(2_147_483_647, "0.0.0.0/0")]);
        let networks = self.networks.iter();
        json!({
            "kind": "compute#firewallPolicy", "id": format!("51{}", name.len()), "name": name, "selfLink": link(&own),
            "rules": rules.collect::<Vec<_>>(),
            "associations": networks.map(|number| association(*number)).collect::<Vec<_>>(),
        })
    }
}

/// Where a policy is in force.
pub(super) fn association(network: usize) -> Value {
    let network = NETWORKS[network];
    json!({"name": format!("at-{network}"), "attachmentTarget": link(&path("global/networks", network))})
}

pub(super) fn group(items: &[&str]) -> Value {
    json!({"name": GROUP, "type": "IPV4", "capacity": 100, "items": items})
}

pub(super) const GROUP: &str = "projects/tailspin/locations/global/addressGroups/partners";
